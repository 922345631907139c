/* Long counts: checkpoints, jobs for many machines, certificates in parts.  Conventions
 * as in crease.h. */
#ifndef CREASE_JOBS_H
#define CREASE_JOBS_H

#include <crease_estimate.h>
#include <crease_regions.h>

#ifdef __cplusplus
extern "C" {
#endif
#if defined(__GNUC__)
#pragma GCC visibility push(default)
#endif

/* ---- Checkpoints ---- */

/* A checkpoint is a file from which a count or an estimate can be resumed: the sums so far and the
 * remaining work.  Each one replaces the file as a whole (temporary file, fsync, rename), so a good
 * one always exists. */
typedef struct {
    const char *write;  /* path; NULL: that of resume */
    const char *resume; /* path to resume from; NULL: write if that file exists, else none */
    double
        every; /* seconds between checkpoints; longer if they take over one percent of the time */
    /* A checkpoint could not be written; the count goes on.  May be NULL.  One thread at a time. */
    void (*trouble)(void *context, const char *line);
    /* The file write existed, and the count is resumed from it.  May be NULL. */
    void (*found)(void *context, const char *line);
    void *context;
} crease_checkpoint;

void crease_checkpoint_default(crease_checkpoint *checkpoint);

/* Counts as crease_count does, or resumes from a checkpoint.  The checkpoint must be of the same
 * network, domain and version of crease.  It determines the engine and the kind of cell;
 * options->engine and options->cell must be AUTO or equal to them.  The result has the sums of all
 * runs.  Checkpoints are written at the beginning, at intervals, and at the end.  The first must
 * succeed; the last must succeed unless the count is complete.
 *
 * No other file is replaced.  It is an error if the file write exists and is not a checkpoint of
 * this count, or if it exists and resume names another file.
 *
 * A checkpoint is trusted as its directory is: its seal finds damage, not forgery.  What proves a
 * count to others is a certificate. */
crease_status crease_count_resumable(const crease_network *network, const crease_domain *domain,
                                     const crease_options *options,
                                     const crease_checkpoint *checkpoint, crease_result *result,
                                     crease_error *error);

/* Estimates as crease_estimate does, or goes on from a checkpoint, which must be of the same
 * network, domain, version, plan, seed and options->cell.  Pilots and replicates that were finished
 * are not made again, so the estimate is that of a run that was never stopped; if the plan is about
 * seconds, of one that settled on the same size of replicates.  It may go on with another number of
 * threads.  estimation->seconds is that of all runs.  Checkpoints are written at the beginning, at
 * intervals, and at the end; the rest is as for counts. */
crease_status crease_estimate_resumable(const crease_network *network, const crease_domain *domain,
                                        const crease_options *options,
                                        const crease_estimate_plan *plan,
                                        const crease_checkpoint *checkpoint,
                                        crease_estimation *estimation, crease_error *error);

/* Lists regions as crease_region_batches does, with the same options and fields, or goes on with a
 * list; options->gap must be 0.  The regions are kept beside the checkpoint, in the files
 * PATH.records-0 and PATH.records-1.  visit gets all of them, those of earlier runs too, when the
 * last one is found: each once, from the calling thread.  If the list is stopped before, visit is
 * not called.  The rest is as for counts.  While it runs, no other process can write to the same
 * files. */
crease_status crease_regions_resumable(const crease_network *network, const crease_domain *domain,
                                       const crease_options *options, unsigned fields,
                                       const crease_checkpoint *checkpoint,
                                       crease_region_batch_visit *visit, void *context,
                                       crease_result *result, crease_error *error);

/* ---- Jobs ---- */

/* A count in parts, for many machines.  crease_shard splits the top of the cell tree into jobs of
 * similar estimated size.  The directory then has one file for each job (0000.job, 0001.job, ...),
 * the network (network.json), the domain (domain.json), and a file "trunk" that says how the jobs
 * make up the whole.  Each job is counted on its own and leaves its result (0000.result, ...: one
 * line of JSON).  crease_merge adds up the results.
 *
 * Files of jobs, states and results are trusted as their directory is.  A certificate in parts
 * proves the sum to others. */
typedef struct {
    size_t jobs;
    uint64_t regions;                /* those in no job, counted already; at most UINT64_MAX */
    double estimate, standard_error; /* of all regions (crease_estimate.h); -1: not known */
    double smallest, largest;        /* estimated work of a job, divided by the mean */
    bool found;                      /* the directory had these jobs already; estimates are -1 */
} crease_shards;

/* Makes the directory with at most that many jobs; there are fewer if the tree is too small.
 * source and place are the names of the network and of the domain (NULL: all of R^n) to be shown to
 * people.  Progress: open is the number of cells so far that jobs are made of.  If the directory
 * has the trunk of this count with this number of jobs, nothing is written.  It is an error if it
 * has another trunk, or files that crease_shard did not write under names it needs. */
crease_status crease_shard(const crease_network *network, const crease_domain *domain,
                           const crease_options *options, const char *source, const char *place,
                           size_t jobs, const char *directory, crease_shards *shards,
                           crease_error *error);

/* Removes what crease_shard, the jobs and the scripts of scripts/slurm/ write into a directory: the
 * trunk first, then the network, the domain, jobs, states, results, certificates and verdicts.  It
 * is no error if the directory does not exist. */
crease_status crease_shard_clear(const char *directory, crease_error *error);

typedef struct crease_job crease_job;

/* Opens the job file path, or, if index >= 0, job number index of the directory path.  The caller
 * owns *job. */
crease_status crease_job_open(const char *path, long index, crease_job **job, crease_error *error);
void crease_job_free(crease_job *job);
const char *crease_job_network(const crease_job *job); /* path of the network */
const char *crease_job_domain(const crease_job *job);  /* of the domain; NULL: all of R^n */

/* Counts the job and writes its result beside it, complete or not.  If the job is stopped, its
 * state stays beside it (0000.state), and the next call resumes from there.  checkpoint->write and
 * checkpoint->resume are not used.  *line is the result as written; the caller frees it. */
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

/* Adds up the results of a directory.  It is an error if a result is missing, incomplete, duplicate
 * or damaged, or belongs to another network, domain or trunk; the message names it. */
crease_status crease_merge(const char *directory, crease_merged *merged, crease_error *error);
void crease_merged_free(crease_merged *merged);

/* The progress of a job.  A job counts as running if it wrote a checkpoint after its last result
 * and in the last five minutes.  Jobs that write certificates have no checkpoints; they are missing
 * until they are done. */
typedef enum {
    CREASE_JOB_MISSING, /* no state and no result */
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

/* Counts the job and writes its result as crease_job_count does, and its part of the certificate to
 * path (NULL: 0000.cert.zst beside the job).  There is no checkpoint: a job that is stopped leaves
 * no certificate and starts again from its beginning. */
crease_status crease_job_certify(const crease_job *job, const crease_network *network,
                                 const crease_domain *domain, const crease_options *options,
                                 const char *path, crease_result *result, char **line,
                                 crease_error *error);

/* Writes the trunk of the certificate, the top of the tree with a reference to the part of each
 * job, to path (NULL: trunk.cert.zst in the directory).  Sets result->regions to the number of
 * regions that are in no job, and *parts to the number of jobs.  The results of the jobs are not
 * needed. */
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
