/* Checkpoints of estimates: a file with what is kept of one (sample/kept.h), as a sealed text
 * (job/text.h).
 *
 *   crease-estimate 1
 *   program ..., network ..., domain ..., part whole       as in job/checkpoint.h
 *   plan LEAVES SECONDS ERROR CONFIDENCE
 *   seed N
 *   cell auto|lp|rays
 *   seconds S                              of all runs so far
 *   step N  stage N  leaves X                              one a line
 *   pilots NEXT WHOLE YIELD EFFORT PACE
 *   trials N  lower N  upper N                             one a line
 *   guesses N                              then N lines: PLACE NUMBER
 *   replicates N                           then N lines: INDEX VALUE LARGEST WORK LEAVES REGIONS ALL
 *
 * Numbers that are not whole have as many digits as give the same number again. */
#ifndef CREASE_JOB_ESTIMATE_H
#define CREASE_JOB_ESTIMATE_H

#include "job/checkpoint.h"
#include "sample/team.h"

/* An estimate that is kept. */
typedef struct {
    crease_job_subject subject;
    crease_estimate_plan plan;
    uint64_t seed;
    crease_cell_kind cell;
} crease_estimate_subject;

crease_status crease_kept_write(const char *path, const crease_estimate_subject *subject,
                                const crease_kept *kept, crease_error *error);

/* crease_estimate_resumable with a team (sample/team.h), which may be NULL. */
crease_status crease_estimate_by_team(const crease_network *network, const crease_domain *domain,
                                      const crease_options *options,
                                      const crease_estimate_plan *plan,
                                      const crease_checkpoint *checkpoint, const crease_team *team,
                                      crease_estimation *estimation, crease_error *error);

/* kept: after crease_kept_init.  An error if the file is not of this estimate. */
crease_status crease_kept_read(const char *path, const crease_estimate_subject *subject,
                               crease_kept *kept, crease_error *error);

#endif
