#include "api/stats_data.h"

#include "base/memory.h"
#include "base/status.h"
#include "domain/points.h"
#include "model/model.h"
#include "regions/units.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    const crease_network *network;
    crease_network *lowered; /* or NULL: the network needs no lowering */
    const crease_domain *domain;
    mpq_t *x, *inside;
    uint8_t *pattern; /* of the lowered network */
} placing;

/* Sets inside to a point of the domain's interior from which x is seen: x itself, or on a side of
 * the box its middle.  False if there is none. */
static bool look_from(placing *p)
{
    size_t n = p->network->inputs;
    if (crease_domain_contains(p->domain, p->x, true)) {
        for (size_t j = 0; j < n; j++)
            mpq_set(p->inside[j], p->x[j]);
        return true;
    }
    for (size_t j = 0; j < n && crease_domain_boxed(p->domain); j++) {
        mpq_add(p->inside[j], p->domain->lo[j], p->domain->hi[j]);
        mpq_div_2exp(p->inside[j], p->inside[j], 1);
    }
    return crease_domain_boxed(p->domain) && !p->domain->halves &&
           crease_domain_contains(p->domain, p->x, false);
}

/* A pattern of some units, whose number comparisons need. */
typedef struct {
    const uint8_t *state;
    size_t units;
} placed;

static int by_pattern(const void *a, const void *b)
{
    const placed *x = a, *y = b;
    return memcmp(x->state, y->state, x->units);
}

/* Counts the runs of equal patterns, which are sorted. */
static void count_runs(const placed *point, size_t count, bool complete, crease_region_stats *stats)
{
    uint64_t hit = 0;
    stats->populations = crease_alloc(count + 1, sizeof *stats->populations);
    for (size_t i = 0, end; i < count; i = end) {
        for (end = i + 1; end < count && !by_pattern(&point[i], &point[end]); end++)
            continue;
        stats->populations[end - i]++;
        stats->most_points = end - i > stats->most_points ? end - i : stats->most_points;
        hit++;
    }
    assert(!complete || stats->regions >= hit);
    stats->populations[0] = complete ? stats->regions - hit : 0;
}

static void place_all(placing *p, const crease_points *points, bool complete,
                      crease_region_stats *stats)
{
    const crease_network *lowered = p->lowered ? p->lowered : p->network;
    size_t units = stats->units, count = 0;
    uint8_t *states = crease_alloc(points->count * units, 1);
    placed *point = crease_alloc(points->count, sizeof *point);
    for (size_t i = 0; i < points->count; i++) {
        crease_points_get(points, i, p->x);
        if (!look_from(p)) {
            stats->points_outside++;
            continue;
        }
        crease_model_pattern_at(lowered, p->x, p->inside, p->pattern);
        crease_units_states(p->network, p->pattern, states + count * units);
        point[count] = (placed){states + count * units, units};
        count++;
    }
    stats->points = count;
    if (count)
        qsort(point, count, sizeof *point, by_pattern);
    count_runs(point, count, complete, stats);
    free(point);
    free(states);
}

crease_status crease_stats_place(const crease_network *network, const crease_domain *domain,
                                 const crease_points *points, bool complete,
                                 crease_region_stats *stats, crease_error *error)
{
    size_t n = network->inputs;
    if (points->inputs != n)
        return crease_fail(error, CREASE_INPUT,
                           "data: points of %zu numbers for a network of %zu inputs",
                           points->inputs, n);
    placing p = {.network = network,
                 .lowered = crease_network_lower(network),
                 .domain = domain,
                 .x = crease_alloc(n, sizeof *p.x),
                 .inside = crease_alloc(n, sizeof *p.inside)};
    p.pattern = crease_alloc(crease_network_decisions(p.lowered ? p.lowered : network), 1);
    for (size_t j = 0; j < n; j++)
        mpq_inits(p.x[j], p.inside[j], NULL);
    place_all(&p, points, complete, stats);
    for (size_t j = 0; j < n; j++)
        mpq_clears(p.x[j], p.inside[j], NULL);
    free(p.x);
    free(p.inside);
    free(p.pattern);
    crease_network_free(p.lowered);
    return CREASE_OK;
}
