/* The file of a state (search/state.h), from which a count goes on: a sealed text (job/text.h).
 *
 *   crease-checkpoint 1
 *   program VERSION            of crease; another one may walk the tree in another order
 *   network HEX                digest of the network, before it was lowered
 *   domain HEX
 *   part HEX                   the job that is counted, or "whole"
 *   engine split|walk
 *   root rays|rows             of the split engine, on which the paths depend (where nothing is counted and the
 *                              root is open, it may as well be the other)
 *   regions N  cells N  filter N  exact N  lp N  pool N  rays N  refined N      one a line
 *   closed SHARE               of the tree
 *   seconds S                  of all runs so far
 *   open N                     then N lines with a path each
 *   patterns N BYTES           of the walk unless it is complete; then as they are in memory a bit
 *                              for each pattern (is it done?) in whole bytes, and the patterns */
#ifndef CREASE_JOB_CHECKPOINT_H
#define CREASE_JOB_CHECKPOINT_H

#include <crease_jobs.h>

#include "job/text.h"

/* What is counted. */
typedef struct {
    char network[65], domain[65];
    char part[65]; /* "whole", or the digest of a job */
} crease_job_subject;

void crease_job_subject_of(crease_job_subject *subject, const crease_network *network,
                           const crease_domain *domain);

/* The lines "program", "network", "domain" and "part". */
void crease_job_subject_write(const crease_job_subject *subject, crease_text *text);

/* Reads them; the error if they are not those of the subject. */
crease_status crease_job_subject_check(const crease_job_subject *subject, crease_words *words,
                                       const char *path, crease_error *error);

typedef struct {
    crease_engine engine;
    double seconds;
    crease_state state;
    /* What state.patterns points to after a file was read. */
    crease_patterns patterns;
    crease_run run;
    crease_words words;
} crease_checkpoint_content;

crease_status crease_checkpoint_write(const char *path, const crease_job_subject *subject,
                                      const crease_checkpoint_content *content,
                                      crease_error *error);

/* The content is to be freed by the caller, and must not be moved. */
crease_status crease_checkpoint_read(const char *path, const crease_job_subject *subject,
                                     crease_checkpoint_content *content, crease_error *error);

/* Sets engine and cells of the options to those of the content; an error if they ask for others. */
crease_status crease_checkpoint_follow(const crease_checkpoint_content *content, const char *path,
                                       crease_options *options, crease_error *error);

/* Is it that of a count that has not begun?  Then it leaves the kind of cells open, and the walk has no patterns
 * yet: the count is to begin anew. */
bool crease_checkpoint_fresh(const crease_checkpoint_content *content);

void crease_checkpoint_free(crease_checkpoint_content *content);

/* crease_count_resumable for a subject: the whole, or (part not NULL) that state. */
crease_status crease_job_run(const crease_job_subject *subject, const crease_network *network,
                             const crease_domain *domain, const crease_options *options,
                             const crease_checkpoint *checkpoint, crease_state *part,
                             crease_result *result, crease_error *error);

#endif
