/* Passes regions on to the visits of the caller, one by one or in batches. */
#ifndef CREASE_API_VISITS_H
#define CREASE_API_VISITS_H

#include "search/search.h"

#include <omp.h>
#include <stdio.h>

/* Writes a text about the region, from all workers at once. */
typedef void crease_visited_write(void *context, crease_region *region, FILE *to);

/* Some regions of one worker: their texts, one after the other, and a batch; that which was not
 * asked for has length 0 or is NULL. */
typedef struct {
    const char *text;
    size_t length;
    const crease_region_batch *batch;
} crease_visited_group;

/* One thread at a time.  turn: how many states the worker has taken part in (crease_visitor's cut)
 * before it visited these regions.  Returns false to stop. */
typedef bool crease_visited_take(void *context, unsigned turn, const crease_visited_group *group);

/* What the workers share.  The caller sets all but the last two. */
typedef struct {
    const crease_network *network;
    const crease_domain *domain;
    crease_region_visit *visit; /* one of these three; the others are NULL */
    crease_region_batch_visit *visit_batch;
    crease_visited_take *take;
    void *context;
    crease_regions_calls calls;
    unsigned fields;             /* of a batch */
    size_t most;                 /* regions in a batch; with take, 0: no batch */
    crease_visited_write *write; /* with take, or NULL */
    const crease_state *from;    /* as in crease_keeper, */
    double every, pause;         /* with take */
    bool (*save)(void *context, crease_state *now, bool end); /* the same context */
    omp_lock_t one;
    bool stopped; /* a visit that is not parallel has returned false */
} crease_visits;

/* Visits all regions; or only that of options->start; or, if drawing is not NULL, those that are
 * drawn. */
crease_status crease_visits_search(crease_visits *visits, bool start_only,
                                   const crease_drawing *drawing, const crease_options *options,
                                   crease_result *result, crease_error *error);

#endif
