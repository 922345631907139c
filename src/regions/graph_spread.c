#include "regions/graph.h"

#include "base/memory.h"

#include <stdlib.h>

/* For each region. */
typedef struct {
    size_t *distance; /* from the last search's region; SIZE_MAX: not reached */
    size_t *low, *high;
    size_t *queue;
} searched;

/* Sets the distances from a region; returns its eccentricity, SIZE_MAX if not all are reached. */
static size_t search(const crease_region_graph *g, searched *s, size_t from)
{
    size_t head = 0, tail = 0;
    for (size_t r = 0; r < g->regions; r++)
        s->distance[r] = SIZE_MAX;
    s->distance[from] = 0;
    s->queue[tail++] = from;
    while (head < tail) {
        size_t r = s->queue[head++];
        for (int64_t e = g->begin[r]; e < g->begin[r + 1]; e++) {
            size_t to = (size_t)g->neighbour[e];
            if (s->distance[to] != SIZE_MAX)
                continue;
            s->distance[to] = s->distance[r] + 1;
            s->queue[tail++] = to;
        }
    }
    return tail == g->regions ? s->distance[s->queue[tail - 1]] : SIZE_MAX;
}

static size_t larger(size_t a, size_t b)
{
    return a > b ? a : b;
}

static void tighten(const crease_region_graph *g, searched *s, size_t eccentricity)
{
    for (size_t r = 0; r < g->regions; r++) {
        size_t d = s->distance[r];
        s->low[r] = larger(s->low[r], larger(d, eccentricity - d));
        if (s->high[r] > eccentricity + d)
            s->high[r] = eccentricity + d;
    }
}

/* A region whose eccentricity is not known, with the largest upper bound or the smallest lower
 * bound; the number of regions if all are known. */
static size_t choose(const crease_region_graph *g, const searched *s, bool far)
{
    size_t best = g->regions;
    for (size_t r = 0; r < g->regions; r++)
        if (s->low[r] < s->high[r] &&
            (best == g->regions || (far ? s->high[r] > s->high[best] : s->low[r] < s->low[best])))
            best = r;
    return best;
}

bool crease_graph_spread(const crease_region_graph *g, size_t searches,
                         crease_graph_spread_bounds *bounds)
{
    size_t count = g->regions, eccentricity = 0;
    searched s = {.distance = crease_alloc(count, sizeof *s.distance),
                  .low = crease_alloc(count, sizeof *s.low),
                  .high = crease_alloc(count, sizeof *s.high),
                  .queue = crease_alloc(count, sizeof *s.queue)};
    for (size_t r = 0; r < count; r++)
        s.high[r] = SIZE_MAX;
    size_t next = 0;
    for (size_t k = 0; k < searches && next < count && eccentricity != SIZE_MAX; k++) {
        eccentricity = search(g, &s, next);
        if (eccentricity != SIZE_MAX)
            tighten(g, &s, eccentricity);
        next = choose(g, &s, k % 2 == 0);
    }
    *bounds = (crease_graph_spread_bounds){0};
    for (size_t r = 0; r < count; r++) {
        bool first = r == 0;
        bounds->diameter_low = larger(bounds->diameter_low, s.low[r]);
        bounds->diameter_high = larger(bounds->diameter_high, s.high[r]);
        bounds->radius_low = first || s.low[r] < bounds->radius_low ? s.low[r] : bounds->radius_low;
        bounds->radius_high =
            first || s.high[r] < bounds->radius_high ? s.high[r] : bounds->radius_high;
    }
    free(s.distance);
    free(s.low);
    free(s.high);
    free(s.queue);
    return eccentricity != SIZE_MAX;
}
