/* Checkpoints: a file with a state (search/state.h) from which a count can be resumed, as a sealed
 * text (job/text.h).
 *
 *   crease-checkpoint 1
 *   program VERSION            of crease; another version may visit the tree in another order
 *   network HEX                digest of the network before lowering
 *   domain HEX
 *   part HEX                   the job that is counted, or "whole"
 *   engine split|walk
 *   root rays|rows             of the split engine: the kind of its root, on which the paths depend
 *                              (before anything is counted either may be chosen)
 *   regions N  cells N  filter N  exact N  lp N  pool N  rays N  refined N      one a line
 *   closed SHARE               of the tree
 *   seconds S                  of all runs so far
 *   open N                     then N lines with a path each
 *   patterns N BYTES           of a walk that is not complete; then one bit for each pattern (is it
 *                              done?), filled up to whole bytes, and the N packed patterns */
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

/* Reads these lines.  An error if they are not those of the subject. */
crease_status crease_job_subject_check(const crease_job_subject *subject, crease_words *words,
                                       const char *path, crease_error *error);

typedef struct {
    crease_engine engine;
    double seconds;
    crease_state state;
    /* After reading, state.patterns points into these. */
    crease_patterns patterns;
    crease_run run;
    crease_words words;
} crease_checkpoint_content;

/* The lines from "engine" to the last path. */
void crease_checkpoint_add_tree(const crease_checkpoint_content *content, crease_text *text);
void crease_checkpoint_read_tree(crease_words *words, crease_checkpoint_content *content);

crease_status crease_checkpoint_write(const char *path, const crease_job_subject *subject,
                                      const crease_checkpoint_content *content,
                                      crease_error *error);

/* The caller gives the content to crease_checkpoint_free, and must not move it: it points into
 * itself. */
crease_status crease_checkpoint_read(const char *path, const crease_job_subject *subject,
                                     crease_checkpoint_content *content, crease_error *error);

/* Sets the engine and the kind of cells in the options to those of the content.  An error if the
 * options demand others. */
crease_status crease_checkpoint_follow(const crease_checkpoint_content *content, const char *path,
                                       crease_options *options, crease_error *error);

/* Is this the state of a count that has not begun?  Then the kind of cells is open, and a walk has
 * no patterns: the count begins anew. */
bool crease_checkpoint_fresh(const crease_checkpoint_content *content);

void crease_checkpoint_free(crease_checkpoint_content *content);

/* Sets *from to the file that the count resumes from: checkpoint->resume, or checkpoint->write if
 * it exists; NULL: from the beginning.  An error if checkpoint->write exists and is not a regular
 * file, or is another file than checkpoint->resume. */
crease_status crease_checkpoint_source(const crease_checkpoint *checkpoint, const char **from,
                                       crease_error *error);

/* crease_checkpoint_read of that file.  If it is checkpoint->write, which the caller did not ask to
 * resume, the error says that it is not replaced. */
crease_status crease_checkpoint_read_source(const crease_checkpoint *checkpoint, const char *from,
                                            const crease_job_subject *subject,
                                            crease_checkpoint_content *content,
                                            crease_error *error);

/* Calls checkpoint->found if the caller did not ask to resume this file and something was
 * counted.  what: "count" or "list". */
void crease_checkpoint_announce(const crease_checkpoint *checkpoint, const char *what,
                                const char *from, const crease_checkpoint_content *content);

/* Writes the state of a count that has not begun, unless the count resumes from a file.  To be
 * called before long preparations, which may be interrupted. */
crease_status crease_checkpoint_begin(const crease_network *network, const crease_domain *domain,
                                      const crease_options *options,
                                      const crease_checkpoint *checkpoint, crease_error *error);

/* crease_count_resumable for a subject.  part: the state to count from, or NULL for the whole. */
crease_status crease_job_run(const crease_job_subject *subject, const crease_network *network,
                             const crease_domain *domain, const crease_options *options,
                             const crease_checkpoint *checkpoint, crease_state *part,
                             crease_result *result, crease_error *error);

#endif
