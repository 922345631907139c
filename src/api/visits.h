/* Passes regions on to the visits of the caller, one by one or in batches. */
#ifndef CREASE_API_VISITS_H
#define CREASE_API_VISITS_H

#include "search/search.h"

#include <omp.h>

/* What the workers share.  The caller sets all but the last two. */
typedef struct {
    const crease_network *network;
    const crease_domain *domain;
    crease_region_visit *visit; /* or NULL */
    crease_region_batch_visit *visit_batch;
    void *context;
    crease_regions_calls calls;
    unsigned fields; /* of a batch */
    size_t most;
    omp_lock_t one;
    bool stopped; /* a visit that is not parallel has returned false */
} crease_visits;

/* Visits all regions; or only that of options->start; or, if drawing is not NULL, those that are
 * drawn. */
crease_status crease_visits_search(crease_visits *visits, bool start_only,
                                   const crease_drawing *drawing, const crease_options *options,
                                   crease_result *result, crease_error *error);

#endif
