/* An estimate whose replicates are made by several ranks.
 *
 * Rank 0 makes pilots and bounds alone.  Then it sends the state (sample/kept.h) to the others,
 * each of which makes the replicates whose number leaves its own rank when it is divided by the
 * number of ranks.  Replicates depend on the state and their number only, so that the estimate is
 * the same with any number of ranks. */
#ifndef CREASE_MPI_ESTIMATE_H
#define CREASE_MPI_ESTIMATE_H

#include <crease_jobs.h>

/* On rank 0.  checkpoint: NULL, or as in crease_estimate_resumable.  Others must call
 * crease_rank_estimate. */
crease_status crease_master_estimate(const crease_network *network, const crease_domain *domain,
                                     const crease_options *options,
                                     const crease_estimate_plan *plan,
                                     const crease_checkpoint *checkpoint,
                                     crease_estimation *estimation, crease_error *error);

/* Makes replicates for rank 0 until it says that the estimate is over. */
crease_status crease_rank_estimate(const crease_network *network, const crease_domain *domain,
                                   const crease_options *options, crease_error *error);

#endif
