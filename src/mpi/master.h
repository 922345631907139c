/* Rank 0 holds the open cells that no rank works on, hands them out, and adds up the results.
 *
 * At every moment the sums, the pool and the tasks as they were handed out are a state of the whole
 * count (search/state.h).  If a rank has nothing to do, the rank that has worked longest must
 * yield, and its open cells are handed out again.  Before a checkpoint every rank yields once. */
#ifndef CREASE_MPI_MASTER_H
#define CREASE_MPI_MASTER_H

#include <crease_jobs.h>

#include "mpi/crew.h"

/* Counts with all ranks; checkpoint as in crease_count_resumable, its paths may both be NULL.
 * Others than rank 0 must call crease_rank_serve. */
crease_status crease_master_count(const crease_network *network, const crease_domain *domain,
                                  const crease_options *options,
                                  const crease_checkpoint *checkpoint, crease_result *result,
                                  crease_error *error);

/* In place of crease_master_count: tells the other ranks that there is nothing to count. */
void crease_master_dismiss(void);

/* Works for rank 0 until it says that the count is over.  Only rank 0 acts on signals. */
crease_status crease_rank_serve(const crease_network *network, const crease_domain *domain,
                                const crease_options *options, crease_error *error);

#endif
