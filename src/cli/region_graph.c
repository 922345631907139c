#include "cli/region_graph.h"

#include "base/memory.h"
#include "base/status.h"
#include "regions/npz.h"

#include <stdlib.h>

enum { INDPTR, INDICES, UNIT, PATTERN, ARRAYS };

/* The regions by their numbers; the caller frees it. */
static size_t *inverse(const size_t *order, size_t count)
{
    size_t *region = crease_alloc(count, sizeof *region);
    for (size_t r = 0; r < count; r++)
        region[order ? order[r] : r] = r;
    return region;
}

/* Appends a region and its neighbours; *end: the number of neighbours of all regions so far. */
static bool append(const crease_region_graph *g, size_t region, const size_t *order,
                   crease_npz_array **array, int64_t *end)
{
    bool good = true;
    for (int64_t e = g->begin[region]; e < g->begin[region + 1] && good; e++) {
        size_t to = (size_t)g->neighbour[e];
        int64_t number = (int64_t)(order ? order[to] : to);
        good = crease_npz_append(array[INDICES], &number, 1) &&
               crease_npz_append(array[UNIT], &g->unit[e], 1);
    }
    *end += g->begin[region + 1] - g->begin[region];
    return good && crease_npz_append(array[INDPTR], end, 1) &&
           crease_npz_append(array[PATTERN], g->pattern + region * g->units, 1);
}

static void append_all(const crease_region_graph *g, const size_t *order, crease_npz_array **array)
{
    size_t *region = inverse(order, g->regions);
    int64_t end = 0;
    bool good = crease_npz_append(array[INDPTR], &end, 1);
    for (size_t r = 0; r < g->regions && good; r++)
        good = append(g, region[r], order, array, &end);
    free(region);
}

static crease_status write_graph(const crease_region_graph *g, const size_t *order,
                                 const char *path, crease_error *error)
{
    static const char *const name[ARRAYS] = {"indptr", "indices", "unit", "pattern"};
    crease_npz_array *array[ARRAYS];
    crease_npz *npz;
    crease_status status = crease_npz_open(path, &npz, error);
    if (status)
        return status;
    for (size_t i = 0; i < ARRAYS && !status; i++) {
        bool bytes = i == PATTERN;
        array[i] = crease_npz_add(npz, name[i], bytes ? CREASE_NPZ_BYTE : CREASE_NPZ_INT, bytes,
                                  &g->units, error);
        status = array[i] ? CREASE_OK : CREASE_INPUT;
    }
    if (!status) {
        append_all(g, order, array);
        status = crease_npz_commit(npz, error);
    }
    crease_npz_close(npz);
    return status;
}

crease_status crease_cli_graph_write(crease_graph *graph, const size_t *order, const char *path,
                                     crease_error *error)
{
    crease_region_graph taken;
    if (!crease_graph_take(graph, &taken))
        return crease_fail(error, CREASE_INPUT, "%s: two patterns have the same hash", path);
    crease_status status = write_graph(&taken, order, path, error);
    crease_region_graph_free(&taken);
    return status;
}
