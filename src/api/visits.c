#include "api/visits.h"

#include "api/run_search.h"
#include "base/memory.h"
#include "base/status.h"
#include "regions/batch.h"
#include "regions/region.h"

#include <math.h>
#include <stdlib.h>

typedef struct {
    crease_visits *visits;
    crease_region *region;
    crease_batch *batch; /* or NULL */
} visitor;

static void *open_visitor(void *context, const crease_task *task)
{
    visitor *own = crease_alloc(1, sizeof *own);
    own->visits = context;
    own->region = crease_region_new(own->visits->network, own->visits->domain, task);
    if (own->visits->visit_batch)
        own->batch = crease_batch_new(own->visits->fields, own->visits->most);
    return own;
}

static bool never(void *context, size_t bytes)
{
    (void)context, (void)bytes;
    return false;
}

static crease_visited_answer visit_one(crease_visits *s, crease_region *region)
{
    crease_visited_answer answer = CREASE_UNVISITED;
    if (s->calls == CREASE_REGIONS_PARALLEL)
        return s->visit(s->context, region) ? CREASE_VISITED : CREASE_VISITED_LAST;
    omp_set_lock(&s->one);
    if (!s->stopped) {
        s->stopped = !s->visit(s->context, region);
        answer = s->stopped ? CREASE_VISITED_LAST : CREASE_VISITED;
    }
    omp_unset_lock(&s->one);
    return answer;
}

/* Passes the batch on; false if it is time to stop. */
static bool hand_over(visitor *own)
{
    crease_visits *s = own->visits;
    crease_region_batch view = crease_batch_view(own->batch);
    omp_set_lock(&s->one);
    if (!s->stopped && view.regions)
        s->stopped = !s->visit_batch(s->context, &view);
    bool more = !s->stopped;
    omp_unset_lock(&s->one);
    crease_batch_clear(own->batch);
    return more;
}

static crease_visited_answer visit_region(void *context, const crease_leaf *leaf)
{
    visitor *own = context;
    crease_interrupt token;
    crease_interrupt_enter(&token, never, NULL);
    crease_region_begin(own->region, leaf);
    own->region->search = token.outer;
    crease_visited_answer answer = CREASE_VISITED;
    if (!own->batch)
        answer = visit_one(own->visits, own->region);
    else if (crease_batch_add(own->batch, own->region) && !hand_over(own))
        answer = CREASE_VISITED_LAST;
    crease_interrupt_leave(&token);
    return crease_region_stopped(own->region) ? CREASE_UNVISITED : answer;
}

static void close_visitor(void *context)
{
    visitor *own = context;
    if (own->batch) {
        hand_over(own);
        crease_batch_free(own->batch);
    }
    crease_region_free(own->region);
    free(own);
}

/* Nothing is kept of the state. */
static bool save_nothing(void *context, crease_state *now, bool end)
{
    (void)context, (void)now, (void)end;
    return true;
}

static crease_status check_options(const crease_options *options, crease_error *error)
{
    if (options && options->engine == CREASE_ENGINE_WALK)
        return crease_fail(error, CREASE_INPUT, "engine: the walk does not list regions");
    if (options && options->definition != CREASE_DEFINITION_ACTIVATION)
        return crease_fail(error, CREASE_INPUT,
                           "definition: only activation regions can be listed");
    return CREASE_OK;
}

crease_status crease_visits_search(crease_visits *s, bool start_only, const crease_drawing *drawing,
                                   const crease_options *options, crease_result *result,
                                   crease_error *error)
{
    const crease_visitor receiver = {open_visitor, visit_region, close_visitor, s, start_only};
    const crease_keeper keeper = {
        .every = INFINITY, .save = save_nothing, .visitor = &receiver, .drawing = drawing};
    crease_status status = check_options(options, error);
    if (status)
        return status;
    omp_init_lock(&s->one);
    status = crease_search(s->network, s->domain, options, NULL, &keeper, result, error);
    omp_destroy_lock(&s->one);
    return status;
}
