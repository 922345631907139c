#include "api/many.h"
#include "base/memory.h"
#include "base/random.h"
#include "base/status.h"
#include "domain/chord.h"
#include "domain/points.h"
#include "domain/slice.h"
#include "exact/fractions.h"
#include "regions/units.h"

#include <crease_regions.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    const crease_network *network;
    const crease_domain *domain;
    const crease_points *points; /* or NULL */
    bool random;                 /* otherwise from each point to the next */
    uint64_t seed;
    crease_line_segment *segment;
} walk;

/* ---- The ends ---- */

/* The state of the random numbers for one of the segments. */
static uint64_t seed_of(const walk *w, size_t i)
{
    uint64_t state = w->seed;
    state = crease_random_next(&state) ^ i;
    return crease_random_next(&state);
}

/* A point of the box whose coordinates are among 2^53 equidistant ones. */
static void random_point(const walk *w, uint64_t *state, mpq_t *x)
{
    mpq_t share;
    mpq_init(share);
    for (size_t j = 0; j < w->network->inputs; j++) {
        mpq_set_ui(share, crease_random_next(state) >> 11, 1);
        mpq_div_2exp(share, share, 53);
        mpq_sub(x[j], w->domain->hi[j], w->domain->lo[j]);
        mpq_mul(x[j], x[j], share);
        mpq_add(x[j], x[j], w->domain->lo[j]);
    }
    mpq_clear(share);
}

static void set_ends(const walk *w, size_t i, mpq_t *p, mpq_t *q)
{
    size_t from = i, to = i + 1;
    if (w->random) {
        uint64_t state = seed_of(w, i);
        if (!w->points) {
            random_point(w, &state, p);
            random_point(w, &state, q);
            return;
        }
        size_t count = w->points->count;
        from = (size_t)(crease_random_next(&state) % count);
        to = (from + 1 + (size_t)(crease_random_next(&state) % (count - 1))) % count;
    }
    crease_points_get(w->points, from, p);
    crease_points_get(w->points, to, q);
}

/* ---- One segment ---- */

/* A region on the line. */
typedef struct {
    mpq_t end;
    uint8_t *state;
} interval;

typedef struct {
    interval *interval;
    size_t count, room, units;
} intervals;

static void set_number(mpq_t value, char *text)
{
    mpq_set_str(value, text, 10);
    free(text);
}

/* The region ends on the facet where its row, slope t + level, falls. */
static bool add_interval(void *context, crease_region *region)
{
    intervals *list = context;
    mpq_t slope;
    mpq_init(slope);
    if (list->count == list->room) {
        list->room = list->room ? 2 * list->room : 16;
        list->interval = list->interval
                             ? crease_realloc(list->interval, list->room, sizeof(interval))
                             : crease_alloc(list->room, sizeof(interval));
    }
    interval *own = &list->interval[list->count++];
    mpq_init(own->end);
    own->state = crease_alloc(list->units, 1);
    memcpy(own->state, crease_region_pattern(region), list->units);
    for (size_t i = 0; i < crease_region_facets(region); i++) {
        set_number(slope, crease_region_facet_text(region, i, 0));
        if (mpq_sgn(slope) >= 0)
            continue;
        set_number(own->end, crease_region_facet_text(region, i, 1));
        mpq_div(own->end, own->end, slope);
        mpq_neg(own->end, own->end);
    }
    mpq_clear(slope);
    return true;
}

static int by_end(const void *a, const void *b)
{
    return mpq_cmp(((const interval *)a)->end, ((const interval *)b)->end);
}

static void set_breakpoint(crease_breakpoint *place, const crease_network *network, size_t units,
                           interval *left, const interval *right)
{
    size_t at = 0;
    place->t = mpq_get_d(left->end);
    place->t_text = mpq_get_str(NULL, 10, left->end);
    for (size_t u = 0; u < units; u++)
        place->changes += left->state[u] != right->state[u];
    place->change = crease_alloc(place->changes, sizeof *place->change);
    for (size_t u = 0; u < units; u++) {
        crease_change *change = &place->change[at];
        if (left->state[u] == right->state[u])
            continue;
        crease_units_at(network, u, &change->layer, &change->unit);
        change->before = left->state[u];
        change->after = right->state[u];
        at++;
    }
}

static crease_status list_breakpoints(const walk *w, const crease_network *line,
                                      const crease_domain *range, const crease_options *options,
                                      crease_line_segment *segment, crease_result *result,
                                      crease_error *error)
{
    intervals list = {.units = crease_units_count(w->network)};
    crease_status status = crease_regions(line, range, options, CREASE_REGIONS_ONE_BY_ONE,
                                          add_interval, &list, result, error);
    if (!status && result->complete) {
        qsort(list.interval, list.count, sizeof *list.interval, by_end);
        segment->breakpoints = list.count - 1;
        segment->breakpoint = crease_alloc(segment->breakpoints, sizeof *segment->breakpoint);
        for (size_t i = 0; i + 1 < list.count; i++)
            set_breakpoint(&segment->breakpoint[i], w->network, list.units, &list.interval[i],
                           &list.interval[i + 1]);
    }
    for (size_t i = 0; i < list.count; i++) {
        mpq_clear(list.interval[i].end);
        free(list.interval[i].state);
    }
    free(list.interval);
    return status;
}

static double length_of(size_t n, mpq_t *p, mpq_t *q, const crease_domain *range)
{
    mpq_t term, squares;
    mpq_inits(term, squares, NULL);
    for (size_t j = 0; j < n; j++) {
        mpq_sub(term, q[j], p[j]);
        mpq_mul(term, term, term);
        mpq_add(squares, squares, term);
    }
    mpq_sub(term, range->hi[0], range->lo[0]);
    mpq_mul(term, term, term);
    mpq_mul(squares, squares, term);
    double length = crease_fraction_root(squares);
    mpq_clears(term, squares, NULL);
    return length;
}

/* The network on the line p + t (q - p). */
static crease_network *line_through(const crease_network *network, mpq_t *p, mpq_t *q)
{
    crease_slice slice;
    crease_slice_open(&slice, network->inputs, 1);
    for (size_t j = 0; j < slice.inputs; j++) {
        mpq_sub(slice.map[2 * j], q[j], p[j]);
        mpq_set(slice.map[2 * j + 1], p[j]);
    }
    crease_network *line = crease_network_slice(network, &slice, "segment");
    crease_slice_clear(&slice);
    return line;
}

static crease_status visit(void *context, size_t i, const crease_options *options,
                           crease_many_found *found, crease_error *error)
{
    const walk *w = context;
    size_t n = w->network->inputs;
    crease_line_segment *segment = &w->segment[i];
    crease_result result;
    crease_status status = CREASE_OK;
    mpq_t *p = crease_fractions_new(2 * n), *q = p + n;
    crease_domain *range = crease_domain_new(1, true, 0);
    set_ends(w, i, p, q);
    found->complete = true;
    if (crease_chord_in_domain(w->domain, n, p, q, range->lo[0], range->hi[0])) {
        crease_network *line = line_through(w->network, p, q);
        segment->begin = mpq_get_d(range->lo[0]);
        segment->end = mpq_get_d(range->hi[0]);
        segment->length = length_of(n, p, q, range);
        status = w->random ? crease_count(line, range, options, &result, error)
                           : list_breakpoints(w, line, range, options, segment, &result, error);
        crease_network_free(line);
        if (!status)
            *found = (crease_many_found){result.regions, result.complete, result.stopped};
    }
    segment->regions = found->regions;
    segment->complete = found->complete;
    crease_fractions_free(p, 2 * n);
    crease_domain_free(range);
    return status;
}

/* ---- All ---- */

static crease_status check(const walk *w, crease_error *error)
{
    crease_status status = crease_network_complete(w->network, error);
    size_t n = w->network->inputs;
    if (!status && w->points && w->points->inputs != n)
        return crease_fail(error, CREASE_INPUT, "points: %zu inputs for a network of %zu",
                           w->points->inputs, n);
    if (!status && w->points && w->points->count < 2)
        return crease_fail(error, CREASE_INPUT, "points: one alone has no segment");
    if (!status && w->domain && w->domain->inputs != n)
        return crease_fail(error, CREASE_INPUT, "domain: %zu inputs for a network of %zu",
                           w->domain->inputs, n);
    if (!status && !w->points && !crease_domain_boxed(w->domain))
        return crease_fail(error, CREASE_INPUT,
                           "lines: random points need a box, or a file to take them from");
    return status;
}

static crease_status run(walk *w, size_t count, const crease_options *options,
                         crease_result *result, crease_error *error)
{
    crease_options own;
    crease_options_default(&own);
    crease_status status = check(w, error);
    if (!status && options && options->definition != CREASE_DEFINITION_ACTIVATION)
        return crease_fail(error, CREASE_INPUT,
                           "definition: segments are divided into activation regions alone");
    if (status)
        return status;
    memset(w->segment, 0, count * sizeof *w->segment);
    status = crease_many_run(options ? options : &own, count, w->random ? "line" : "segment", visit,
                             w, result, error);
    result->dimension = 1;
    if (status)
        crease_line_segments_clear(w->segment, count);
    return status;
}

crease_status crease_along(const crease_network *network, const crease_domain *domain,
                           const crease_points *points, const crease_options *options,
                           crease_line_segment *segment, crease_result *result, crease_error *error)
{
    walk w = {.network = network, .domain = domain, .points = points, .segment = segment};
    return run(&w, points->count - 1, options, result, error);
}

static crease_line_stats sum_up(const crease_line_segment *segment, size_t count)
{
    crease_line_stats stats = {.standard_error = -1};
    for (size_t i = 0; i < count; i++)
        if (segment[i].complete && segment[i].regions) {
            stats.lines++;
            stats.crossings += segment[i].regions - 1;
            stats.length += segment[i].length;
        }
    if (!stats.lines)
        return stats;
    double squares = 0, n = (double)stats.lines;
    stats.density = (double)stats.crossings / stats.length;
    for (size_t i = 0; i < count; i++)
        if (segment[i].complete && segment[i].regions) {
            double rest = (double)(segment[i].regions - 1) - stats.density * segment[i].length;
            squares += rest * rest;
        }
    if (stats.lines > 1)
        stats.standard_error = sqrt(n / (n - 1) * squares) / stats.length;
    return stats;
}

crease_status crease_lines(const crease_network *network, const crease_domain *domain,
                           const crease_points *points, size_t lines, const crease_options *options,
                           crease_line_segment *segment, crease_line_stats *stats,
                           crease_result *result, crease_error *error)
{
    walk w = {.network = network,
              .domain = domain,
              .points = points,
              .random = true,
              .seed = options ? options->seed : 0,
              .segment = segment};
    crease_status status = run(&w, lines, options, result, error);
    if (!status)
        *stats = sum_up(segment, lines);
    return status;
}

void crease_line_segments_clear(crease_line_segment *segment, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < segment[i].breakpoints; k++) {
            free(segment[i].breakpoint[k].t_text);
            free(segment[i].breakpoint[k].change);
        }
        free(segment[i].breakpoint);
        segment[i].breakpoint = NULL;
        segment[i].breakpoints = 0;
    }
}
