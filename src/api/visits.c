#include "api/visits.h"

#include "api/run_search.h"
#include "base/memory.h"
#include "base/status.h"
#include "regions/batch.h"
#include "regions/region.h"

#include <math.h>
#include <stdlib.h>

/* The text of a group that is handed over. */
enum { MOST_TEXT = 1 << 12 };

typedef struct {
    crease_visits *visits;
    crease_region *region;
    crease_batch *batch; /* or NULL */
    unsigned turn;
    FILE *stream; /* to text; or NULL */
    char *text;
    size_t length;
} visitor;

static void *open_visitor(void *context, const crease_task *task)
{
    visitor *own = crease_alloc(1, sizeof *own);
    own->visits = context;
    own->region = crease_region_new(own->visits->network, own->visits->domain, task);
    if (own->visits->visit_batch || own->visits->most)
        own->batch = crease_batch_new(own->visits->fields, own->visits->most);
    if (own->visits->write && !(own->stream = open_memstream(&own->text, &own->length)))
        crease_fatal("out of memory");
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

static bool pass_on(crease_visits *s, const visitor *own, const crease_region_batch *batch)
{
    const crease_visited_group group = {own->text, own->length, own->batch ? batch : NULL};
    if (s->visit_batch)
        return s->visit_batch(s->context, batch);
    return s->take(s->context, own->turn, &group);
}

/* Passes the group on; false if it is time to stop. */
static bool hand_over(visitor *own)
{
    crease_visits *s = own->visits;
    crease_region_batch view = {.regions = 0};
    if (own->batch)
        view = crease_batch_view(own->batch);
    if (own->stream && fflush(own->stream))
        crease_fatal("out of memory");
    omp_set_lock(&s->one);
    if (!s->stopped && (view.regions || own->length))
        s->stopped = !pass_on(s, own, &view);
    bool more = !s->stopped;
    omp_unset_lock(&s->one);
    if (own->batch)
        crease_batch_clear(own->batch);
    if (own->stream)
        rewind(own->stream);
    return more;
}

static void cut(void *context)
{
    visitor *own = context;
    hand_over(own);
    own->turn++;
}

/* False if it is time to stop.  The text of a region that is stopped is not kept. */
static bool add(visitor *own)
{
    crease_region *region = own->region;
    bool full = false;
    if (own->stream) {
        off_t before = ftello(own->stream);
        own->visits->write(own->visits->context, region, own->stream);
        if (crease_region_stopped(region))
            fseeko(own->stream, before, SEEK_SET);
        full = ftello(own->stream) > MOST_TEXT;
    }
    if (own->batch)
        full = crease_batch_add(own->batch, region) || full;
    return !full || hand_over(own);
}

static crease_visited_answer visit_region(void *context, const crease_leaf *leaf)
{
    visitor *own = context;
    crease_interrupt token;
    crease_interrupt_enter(&token, never, NULL);
    crease_region_begin(own->region, leaf);
    own->region->search = token.outer;
    crease_visited_answer answer = CREASE_VISITED;
    if (own->visits->visit)
        answer = visit_one(own->visits, own->region);
    else if (!add(own))
        answer = CREASE_VISITED_LAST;
    crease_interrupt_leave(&token);
    return crease_region_stopped(own->region) ? CREASE_UNVISITED : answer;
}

static void close_visitor(void *context)
{
    visitor *own = context;
    if (!own->visits->visit)
        hand_over(own);
    if (own->batch)
        crease_batch_free(own->batch);
    if (own->stream && fclose(own->stream))
        crease_fatal("out of memory");
    free(own->text);
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
    const crease_visitor receiver = {.open = open_visitor,
                                     .visit = visit_region,
                                     .close = close_visitor,
                                     .context = s,
                                     .start_only = start_only,
                                     .cut = s->save ? cut : NULL};
    const crease_keeper keeper = {.from = s->from,
                                  .every = s->save ? s->every : INFINITY,
                                  .pause = s->pause,
                                  .save = s->save ? s->save : save_nothing,
                                  .context = s->context,
                                  .visitor = &receiver,
                                  .drawing = drawing};
    crease_status status = check_options(options, error);
    if (status)
        return status;
    omp_init_lock(&s->one);
    status = crease_search(s->network, s->domain, options, NULL, &keeper, result, error);
    omp_destroy_lock(&s->one);
    return status;
}
