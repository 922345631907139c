#include "cli/region_graph.h"

#include "base/memory.h"
#include "base/status.h"
#include "regions/npz.h"

#include <stdlib.h>
#include <string.h>

/* Neighbours are kept as hashes of their patterns.  The regions have different hashes, or the graph
 * is refused; so each neighbour, which is one of the regions, is the one with its hash. */
typedef struct {
    uint64_t hash;
    size_t region;
} place;

struct cli_graph {
    size_t units, regions, edges, region_room, edge_room;
    uint8_t *pattern;
    place *at;
    size_t *begin; /* of each region's edges */
    uint64_t *neighbour;
    int64_t *unit;
};

cli_graph *crease_cli_graph_new(void)
{
    return crease_alloc(1, sizeof(cli_graph));
}

void crease_cli_graph_free(cli_graph *g)
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

static void make_room(cli_graph *g, size_t edges)
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

static void add_region(cli_graph *g, const crease_region_batch *batch, size_t r)
{
    const uint8_t *pattern = batch->pattern + r * g->units;
    size_t begin = (size_t)batch->facet_begin[r], end = (size_t)batch->facet_begin[r + 1];
    make_room(g, end - begin);
    memcpy(g->pattern + g->regions * g->units, pattern, g->units);
    g->at[g->regions] = (place){hash_of(pattern, g->units), g->regions};
    g->begin[g->regions] = g->edges;
    for (size_t i = begin; i < end; i++) {
        if (batch->facet_kind[i] != CREASE_FACET_UNIT)
            continue;
        g->neighbour[g->edges] = hash_of(batch->neighbour + i * g->units, g->units);
        g->unit[g->edges++] = batch->facet_number[i];
    }
    g->begin[++g->regions] = g->edges;
}

void crease_cli_graph_add(cli_graph *g, const crease_region_batch *batch)
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

/* Sorts the regions by hash; false if two have the same. */
static bool sort(cli_graph *g)
{
    if (g->regions)
        qsort(g->at, g->regions, sizeof *g->at, by_hash);
    for (size_t r = 1; r < g->regions; r++)
        if (g->at[r].hash == g->at[r - 1].hash)
            return false;
    return true;
}

/* Appends a region and its neighbours. */
static void append(const cli_graph *g, size_t region, const size_t *order, crease_npz_array **array,
                   int64_t *end)
{
    for (size_t e = g->begin[region]; e < g->begin[region + 1]; e++) {
        const place *to =
            bsearch(&(place){g->neighbour[e], 0}, g->at, g->regions, sizeof *g->at, by_hash);
        if (!to)
            crease_fatal("regions: a neighbour is not among the regions");
        int64_t number = (int64_t)(order ? order[to->region] : to->region);
        crease_npz_append(array[1], &number, 1);
        crease_npz_append(array[2], &g->unit[e], 1);
    }
    *end += (int64_t)(g->begin[region + 1] - g->begin[region]);
    crease_npz_append(array[0], end, 1);
    crease_npz_append(array[3], g->pattern + region * g->units, 1);
}

/* The regions by their numbers; the caller frees it. */
static size_t *inverse(const size_t *order, size_t count)
{
    size_t *region = crease_alloc(count, sizeof *region);
    for (size_t r = 0; r < count; r++)
        region[order ? order[r] : r] = r;
    return region;
}

crease_status crease_cli_graph_write(cli_graph *g, const size_t *order, const char *path,
                                     crease_error *error)
{
    static const char *const name[] = {"indptr", "indices", "unit", "pattern"};
    crease_npz_array *array[4];
    crease_npz *npz;
    int64_t end = 0;
    if (!sort(g))
        return crease_fail(error, CREASE_INPUT, "%s: two patterns have the same hash", path);
    crease_status status = crease_npz_open(path, &npz, error);
    if (status)
        return status;
    for (size_t i = 0; i < 4 && !status; i++) {
        array[i] = crease_npz_add(npz, name[i], i < 3 ? CREASE_NPZ_INT : CREASE_NPZ_BYTE, i == 3,
                                  &g->units, error);
        status = array[i] ? CREASE_OK : CREASE_INPUT;
    }
    if (!status) {
        size_t *region = inverse(order, g->regions);
        crease_npz_append(array[0], &end, 1);
        for (size_t r = 0; r < g->regions; r++)
            append(g, region[r], order, array, &end);
        free(region);
        status = crease_npz_commit(npz, error);
    }
    crease_npz_close(npz);
    return status;
}
