/* Long counts: checkpoints, jobs for many machines, estimates, certificates in parts.  Conventions as in
 * crease.h. */
#ifndef CREASE_JOBS_H
#define CREASE_JOBS_H

#include <crease.h>

#ifdef __cplusplus
extern "C" {
#endif
#if defined(__GNUC__)
#pragma GCC visibility push(default)
#endif

/* ---- Checkpoints ---- */

/* A checkpoint is a file from which a count goes on: sums and what is left to do.  It is replaced as a
 * whole (temporary file, fsync, rename), so that there is always a good one. */
typedef struct {
    const char *write;  /* path; NULL: that of resume */
    const char *resume; /* path of the one to go on from; NULL: write if it is there, else none */
    double every; /* seconds between checkpoints; more if they take over one percent of the time */
    void (*trouble)(void *context,
                    const char *line); /* one could not be written, the count goes on;
                                                         may be NULL; one thread at a time */
    void (*found)(void *context,
                  const char *line); /* the count goes on from write, which was there;
                                                       may be NULL */
    void *context;
} crease_checkpoint;

void crease_checkpoint_default(crease_checkpoint *checkpoint);

/* Counts as crease_count, or goes on with the count of a checkpoint, which has to be of the same
 * network, domain and version of crease; it decides about options->engine and options->cell, which
 * must be AUTO or the same.  The sums of the result are those of all runs.  Checkpoints are written at
 * the beginning, from time to time, and in the end; the first must succeed, and so must the last unless
 * the count is complete.
 *
 * No other file is replaced: it is an error if write is there and is not a checkpoint of this count, or
 * if it is there beside another file to resume.
 *
 * A checkpoint is trusted as its directory is: its seal finds damage, not forgery.  What proves a count
 * to others is a certificate. */
crease_status crease_count_resumable(const crease_network *network, const crease_domain *domain,
                                     const crease_options *options,
                                     const crease_checkpoint *checkpoint, crease_result *result,
                                     crease_error *error);

/* ---- Jobs ---- */

/* Files of jobs, states and results are trusted as their directory is.  What proves the sum to others is
 * a certificate in parts. */

/* A count in parts, for many machines.  crease_shard splits the top of the tree into jobs of similar
 * estimated size, one file each (0000.job, 0001.job, ...), and a file "trunk" that holds them together;
 * the network and the domain are there as well (network.json,
 * domain.json); each job is counted on its own and leaves a file of its
 * result (0000.result, ...: one line of JSON); crease_merge adds them up. */
typedef struct {
    size_t jobs;
    uint64_t regions;                /* counted already, in the trunk */
    double estimate, standard_error; /* of all regions, see crease_estimate */
    double smallest, largest;        /* estimated share of a job in the work, 1 being the mean */
    bool found;                      /* the directory had these jobs already; estimates are -1 */
} crease_shards;

/* At most jobs jobs, fewer if the tree does not have so many.  source and place: the names of the network and of the
 * domain (NULL: all of R^n), for people.  Makes the directory.  If it has the trunk of this count and of
 * this number of jobs already, nothing is written; that of another one is refused, and so is a directory
 * with files in the way that were not written by crease_shard. */
crease_status crease_shard(const crease_network *network, const crease_domain *domain,
                           const crease_options *options, const char *source, const char *place,
                           size_t jobs, const char *directory, crease_shards *shards,
                           crease_error *error);

/* Removes what crease_shard, the jobs and the scripts of scripts/slurm/ write into a directory: the
 * trunk first, then the network, the domain, jobs, states, results, certificates and verdicts.  No error
 * if there is no such directory. */
crease_status crease_shard_clear(const char *directory, crease_error *error);

/* An estimate of the number of regions from random ways down the tree, a few thousand of them (Knuth
 * 1975, stratified by the top of the tree), and its standard error as the ways show it.  No bound and
 * no interval follows from it, as now and then a rare way is worth much.  Depends on options->seed, not
 * on threads.  Negative if it was stopped. */
crease_status crease_estimate(const crease_network *network, const crease_domain *domain,
                              const crease_options *options, double *regions,
                              double *standard_error, crease_error *error);

typedef struct crease_job crease_job;

/* The job of a file, or with index >= 0 that of the directory.  *job is the caller's. */
crease_status crease_job_open(const char *path, long index, crease_job **job, crease_error *error);
void crease_job_free(crease_job *job);
const char *crease_job_network(const crease_job *job); /* path of the network */
const char *crease_job_domain(const crease_job *job);  /* of the domain; NULL: all of R^n */

/* Counts the job and writes its result beside it, complete or not.  The state of a job that was
 * stopped is kept beside it as well (0000.state), and the next count of the job goes on from there.
 * checkpoint->write and ->resume are not used.  *line is the result as it was written, the caller
 * frees it. */
crease_status crease_job_count(const crease_job *job, const crease_network *network,
                               const crease_domain *domain, const crease_options *options,
                               const crease_checkpoint *checkpoint, crease_result *result,
                               char **line, crease_error *error);

typedef struct {
    char *regions; /* decimal, of any size; freed by crease_merged_free */
    char network[65], domain[65];
    char *source, *place; /* place NULL: all of R^n */
    size_t jobs;
    crease_decisions decisions; /* without times */
    double seconds;             /* of all jobs */
    double shortest, longest;   /* seconds of a job */
} crease_merged;

/* Adds up the results of a directory.  An error, which says which, if a result is missing, incomplete,
 * there twice, damaged, or of another network, domain or trunk. */
crease_status crease_merge(const char *directory, crease_merged *merged, crease_error *error);
void crease_merged_free(crease_merged *merged);

/* How far a job is.  It is taken to be running if it wrote a checkpoint in the last five minutes, after
 * its last result.  Jobs that write certificates have no checkpoints and are missing until they are
 * done. */
typedef enum {
    CREASE_JOB_MISSING, /* there is nothing of it */
    CREASE_JOB_STOPPED,
    CREASE_JOB_RUNNING,
    CREASE_JOB_DONE
} crease_job_phase;

typedef struct {
    size_t jobs;
    unsigned char *phase; /* a crease_job_phase for each job */
    size_t count[4];      /* how many jobs are in each phase */
    size_t foreign;       /* results that are damaged, duplicate or of another count */
    char *regions;        /* found so far, a lower bound of the count; decimal, of any size */
    double seconds;       /* of all jobs so far */
    double seconds_left;  /* of work, at the mean of the jobs that are done; negative: none is */
    char network[65];
    char *source, *place; /* place NULL: all of R^n */
} crease_census;

/* Looks at the jobs, states and results of a directory. */
crease_status crease_shard_census(const char *directory, crease_census *census,
                                  crease_error *error);
void crease_census_free(crease_census *census);

/* ---- Certificates in parts ---- */

/* Counts the job, writes the part of the certificate that it is to path (NULL: beside the job,
 * 0000.cert.zst) and its result, as crease_job_count does.  There is no checkpoint: a job that is
 * stopped leaves no certificate and begins again. */
crease_status crease_job_certify(const crease_job *job, const crease_network *network,
                                 const crease_domain *domain, const crease_options *options,
                                 const char *path, crease_result *result, char **line,
                                 crease_error *error);

/* Writes the certificate's trunk, which holds the parts of all jobs of the directory together, to
 * path (NULL: trunk.cert.zst there).  result->regions is the number of regions that are in no job,
 * *parts the number of jobs.  Needs no results. */
crease_status crease_shard_certify(const char *directory, const crease_options *options,
                                   const char *path, crease_result *result, size_t *parts,
                                   crease_error *error);

#if defined(__GNUC__)
#pragma GCC visibility pop
#endif
#ifdef __cplusplus
}
#endif
#endif
