#include "regions/graph.h"

#include "base/memory.h"
#include "base/status.h"

#include <stdlib.h>
#include <string.h>

/* Neighbours are kept as hashes of their patterns.  The regions have different hashes, or the graph
 * is refused; so each neighbour, which is one of the regions, is the one with its hash. */
typedef struct {
    uint64_t hash;
    size_t region;
} place;

struct crease_graph {
    size_t units, regions, edges, region_room, edge_room;
    uint8_t *pattern;
    place *at;
    int64_t *begin; /* of each region's edges */
    uint64_t *neighbour;
    int64_t *unit;
};

crease_graph *crease_graph_new(void)
{
    crease_graph *g = crease_alloc(1, sizeof *g);
    g->begin = crease_alloc(1, sizeof *g->begin);
    return g;
}

void crease_graph_free(crease_graph *g)
{
    if (!g)
        return;
    free(g->pattern);
    free(g->at);
    free(g->begin);
    free(g->neighbour);
    free(g->unit);
    free(g);
}

/* FNV-1a with a final mix (splitmix64). */
static uint64_t hash_of(const uint8_t *pattern, size_t units)
{
    uint64_t h = 0xcbf29ce484222325;
    for (size_t u = 0; u < units; u++)
        h = (h ^ pattern[u]) * 0x100000001b3;
    h = (h ^ h >> 30) * 0xbf58476d1ce4e5b9;
    h = (h ^ h >> 27) * 0x94d049bb133111eb;
    return h ^ h >> 31;
}

static void make_room(crease_graph *g, size_t edges)
{
    if (g->regions == g->region_room) {
        g->region_room = g->region_room ? 2 * g->region_room : 1024;
        g->pattern = crease_realloc(g->pattern, g->region_room * g->units + 1, 1);
        g->at = crease_realloc(g->at, g->region_room, sizeof *g->at);
        g->begin = crease_realloc(g->begin, g->region_room + 1, sizeof *g->begin);
    }
    if (g->edges + edges > g->edge_room) {
        g->edge_room = 2 * (g->edges + edges);
        g->neighbour = crease_realloc(g->neighbour, g->edge_room, sizeof *g->neighbour);
        g->unit = crease_realloc(g->unit, g->edge_room, sizeof *g->unit);
    }
}

static void add_region(crease_graph *g, const crease_region_batch *batch, size_t r)
{
    const uint8_t *pattern = batch->pattern + r * g->units;
    size_t begin = (size_t)batch->facet_begin[r], end = (size_t)batch->facet_begin[r + 1];
    make_room(g, end - begin);
    memcpy(g->pattern + g->regions * g->units, pattern, g->units);
    g->at[g->regions] = (place){hash_of(pattern, g->units), g->regions};
    for (size_t i = begin; i < end; i++) {
        if (batch->facet_kind[i] != CREASE_FACET_UNIT)
            continue;
        g->neighbour[g->edges] = hash_of(batch->neighbour + i * g->units, g->units);
        g->unit[g->edges++] = batch->facet_number[i];
    }
    g->begin[++g->regions] = (int64_t)g->edges;
}

void crease_graph_add(crease_graph *g, const crease_region_batch *batch)
{
    g->units = batch->units;
    for (size_t r = 0; r < batch->regions; r++)
        add_region(g, batch, r);
}

static int by_hash(const void *a, const void *b)
{
    const place *x = a, *y = b;
    return x->hash < y->hash ? -1 : x->hash > y->hash;
}

bool crease_graph_take(crease_graph *g, crease_region_graph *taken)
{
    if (g->regions)
        qsort(g->at, g->regions, sizeof *g->at, by_hash);
    for (size_t r = 1; r < g->regions; r++)
        if (g->at[r].hash == g->at[r - 1].hash)
            return false;
    int64_t *neighbour = crease_alloc(g->edges, sizeof *neighbour);
    for (size_t e = 0; e < g->edges; e++) {
        const place *to =
            bsearch(&(place){g->neighbour[e], 0}, g->at, g->regions, sizeof *g->at, by_hash);
        if (!to)
            crease_fatal("regions: a neighbour is not among the regions");
        neighbour[e] = (int64_t)to->region;
    }
    *taken = (crease_region_graph){.regions = g->regions,
                                   .edges = g->edges,
                                   .units = g->units,
                                   .begin = g->begin,
                                   .neighbour = neighbour,
                                   .unit = g->unit,
                                   .pattern = g->pattern};
    g->begin = g->unit = NULL;
    g->pattern = NULL;
    return true;
}

void crease_region_graph_free(crease_region_graph *graph)
{
    free(graph->begin);
    free(graph->neighbour);
    free(graph->unit);
    free(graph->pattern);
    *graph = (crease_region_graph){0};
}
