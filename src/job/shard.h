/* The files of a count in parts: sealed texts (job/text.h) in one directory, beside the network
 * (network.json), the domain (domain.json, unless it is all of R^n) and results.
 *
 *   crease-job 1                          NNNN.job
 *   program, network, domain, part whole  as in a checkpoint
 *   file PATH                             that the network came from
 *   on TEXT | space                       the name of the domain
 *   job I N                               number I of N, from 0
 *   root rays|rows
 *   open K                                then K lines with a path each
 *
 *   crease-trunk 1                        trunk
 *   program, network, domain, part whole
 *   file PATH
 *   on TEXT | space
 *   regions R                             in the cells that are in no job
 *   jobs N ASKED                          then N lines, each with the digest of a job; N < ASKED if
 *                                         the tree has too few cells
 *
 * A certificate in parts is NNNN.cert.zst for each job, and trunk.cert.zst.
 * The digest of a job is the SHA-256 of its file up to the seal. */
#ifndef CREASE_JOB_SHARD_H
#define CREASE_JOB_SHARD_H

#include <crease_jobs.h>

#include "job/checkpoint.h"

/* DIRECTORY/NNNN.ENDING, freed by the caller. */
char *crease_shard_path(const char *directory, size_t index, const char *ending);

/* The paths of the network and of the domain in the directory of the file `path`.  The caller frees
 * them. */
char *crease_shard_network(const char *path);
char *crease_shard_domain(const char *path);

/* DIRECTORY/trunk.cert.zst, freed by the caller. */
char *crease_shard_trunk_certificate(const char *directory);

/* The lines that the files of jobs and trunks share. */
typedef struct {
    crease_job_subject subject;
    char *source, *place; /* place NULL: all of R^n */
} crease_shard_head;

struct crease_job {
    crease_shard_head head;
    char digest[65];
    /* Paths; domain NULL: all of R^n; kept: the checkpoint. */
    char *network, *domain, *result, *kept, *certificate;
    size_t index, jobs;
    crease_state state;
};

/* Sets subject to what the job counts.  An error if the job is for another network or domain. */
crease_status crease_job_matches(const crease_job *job, const crease_network *network,
                                 const crease_domain *domain, crease_job_subject *subject,
                                 crease_error *error);

/* Writes the result to the directory of the job.  *line is its text, which the caller frees. */
crease_status crease_job_write_result(const crease_job *job, const crease_result *result,
                                      char **line, crease_error *error);

typedef struct {
    crease_shard_head head;
    crease_whole regions;
    size_t jobs, asked;
    char (*digest)[65];
} crease_trunk;

crease_status crease_trunk_write(const crease_trunk *trunk, const char *directory,
                                 crease_error *error);
crease_status crease_trunk_read(const char *directory, crease_trunk *trunk, crease_error *error);
void crease_trunk_free(crease_trunk *trunk);

/* Makes the directory of the jobs, or enters one that is there.  *found: it has a trunk of this
 * count, for the same number of jobs.  A trunk of another count is an error.  Without a trunk, jobs
 * of an unfinished division are removed; it is an error if a file of another kind or a different
 * network or domain would be replaced.  If a trunk is found, it is read, and the caller owns it. */
crease_status crease_shard_enter(const char *directory, const crease_network *network,
                                 const crease_domain *domain, size_t asked, bool *found,
                                 crease_trunk *trunk, crease_error *error);

/* Writes job number index, and sets its digest in the trunk. */
crease_status crease_shard_write_job(crease_trunk *trunk, const char *directory, size_t index,
                                     const crease_state *state, crease_error *error);

#endif
