#include "api/run_search.h"

#include "base/memory.h"
#include "base/status.h"
#include "regions/region.h"

#include <math.h>
#include <omp.h>
#include <stdlib.h>

/* What the workers share. */
typedef struct {
    const crease_network *network;
    const crease_domain *domain;
    crease_region_visit *visit;
    void *context;
    crease_regions_calls calls;
    omp_lock_t one;
    bool stopped; /* visit has returned false; for calls one by one */
} shared;

typedef struct {
    shared *shared;
    crease_region *region;
} visitor;

static void *open_visitor(void *context, const crease_task *task)
{
    visitor *own = crease_alloc(1, sizeof *own);
    own->shared = context;
    own->region = crease_region_new(own->shared->network, own->shared->domain, task);
    return own;
}

static void close_visitor(void *context)
{
    visitor *own = context;
    crease_region_free(own->region);
    free(own);
}

static bool never(void *context, size_t bytes)
{
    (void)context, (void)bytes;
    return false;
}

/* True if visit wants more. */
static bool call_one(shared *s, crease_region *region)
{
    bool more = s->visit(s->context, region);
    s->stopped = !more;
    return more;
}

static crease_visited_answer visit_region(void *context, const crease_leaf *leaf)
{
    visitor *own = context;
    shared *s = own->shared;
    crease_interrupt token;
    crease_visited_answer answer = CREASE_UNVISITED;
    crease_interrupt_enter(&token, never, NULL);
    crease_region_begin(own->region, leaf);
    if (s->calls == CREASE_REGIONS_PARALLEL) {
        answer = s->visit(s->context, own->region) ? CREASE_VISITED : CREASE_VISITED_LAST;
    } else {
        omp_set_lock(&s->one);
        if (!s->stopped)
            answer = call_one(s, own->region) ? CREASE_VISITED : CREASE_VISITED_LAST;
        omp_unset_lock(&s->one);
    }
    crease_interrupt_leave(&token);
    return answer;
}

/* Nothing is kept of the state. */
static bool save_nothing(void *context, crease_state *now, bool end)
{
    (void)context, (void)now, (void)end;
    return true;
}

static crease_status search(shared *s, bool start_only, const crease_options *options,
                            crease_result *result, crease_error *error)
{
    const crease_visitor receiver = {open_visitor, visit_region, close_visitor, s, start_only};
    const crease_keeper keeper = {.every = INFINITY, .save = save_nothing, .visitor = &receiver};
    omp_init_lock(&s->one);
    crease_status status =
        crease_search(s->network, s->domain, options, NULL, &keeper, result, error);
    omp_destroy_lock(&s->one);
    return status;
}

crease_status crease_regions(const crease_network *network, const crease_domain *domain,
                             const crease_options *options, crease_regions_calls calls,
                             crease_region_visit *visit, void *context, crease_result *result,
                             crease_error *error)
{
    shared s = {
        .network = network, .domain = domain, .visit = visit, .context = context, .calls = calls};
    if (options && options->engine == CREASE_ENGINE_WALK)
        return crease_fail(error, CREASE_INPUT, "engine: the walk does not list regions");
    if (options && options->definition != CREASE_DEFINITION_ACTIVATION)
        return crease_fail(error, CREASE_INPUT,
                           "definition: only activation regions can be listed");
    return search(&s, false, options, result, error);
}

crease_status crease_region_at(const crease_network *network, const crease_domain *domain,
                               const char *point, crease_region_visit *visit, void *context,
                               crease_error *error)
{
    shared s = {.network = network, .domain = domain, .visit = visit, .context = context};
    crease_options options;
    crease_result result;
    crease_options_default(&options);
    options.start = point;
    return search(&s, true, &options, &result, error);
}
