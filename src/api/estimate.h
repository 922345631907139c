/* Estimates that are kept. */
#ifndef CREASE_API_ESTIMATE_H
#define CREASE_API_ESTIMATE_H

#include "search/search.h"

/* crease_estimate, which goes on as the keeper says (kept, keep, every, pause, context; the rest is
 * not read). */
crease_status crease_estimate_from(const crease_network *network, const crease_domain *domain,
                                   const crease_options *options, const crease_estimate_plan *plan,
                                   const crease_keeper *keeper, crease_estimation *estimation,
                                   crease_error *error);

#endif
