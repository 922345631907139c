#include "regions/polygon.h"
#include "regions/units.h"

#include "base/memory.h"
#include "base/status.h"

#include <crease_pictures.h>
#include <crease_regions.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>

/* One region. */
typedef struct {
    uint8_t *pattern;
    size_t corners, units;
    double *corner, *map;
    int64_t *layer, *unit;
    uint8_t *first;
} piece;

typedef struct {
    omp_lock_t one; /* for what follows */
    piece *piece;
    size_t count, room;
    bool map;
} collection;

static void add_piece(collection *all, piece fresh)
{
    omp_set_lock(&all->one);
    if (all->count == all->room) {
        all->room = all->room ? 2 * all->room : 1024;
        all->piece = crease_realloc(all->piece, all->room, sizeof *all->piece);
    }
    all->piece[all->count++] = fresh;
    omp_unset_lock(&all->one);
}

static void set_edge(piece *p, size_t i, const crease_region *region,
                     const crease_polygon_edge *edge)
{
    size_t layer, unit;
    p->layer[i] = p->unit[i] = -1;
    p->first[i] = 1;
    if (edge->facet.kind != CREASE_FACET_UNIT)
        return;
    crease_region_unit(region, edge->facet.place, &layer, &unit);
    p->layer[i] = (int64_t)layer;
    p->unit[i] = (int64_t)unit;
    p->first[i] = edge->forward;
}

/* outputs x 3 numbers. */
static double *map_of(crease_region *region)
{
    size_t outputs = crease_region_outputs(region);
    double *map = crease_alloc(3 * outputs, sizeof *map), *A = crease_alloc(3 * outputs, sizeof *A);
    crease_region_map(region, A, A + 2 * outputs);
    for (size_t i = 0; i < outputs; i++) {
        map[3 * i] = A[2 * i];
        map[3 * i + 1] = A[2 * i + 1];
        map[3 * i + 2] = A[2 * outputs + i];
    }
    free(A);
    return map;
}

/* From all workers at once. */
static bool take_region(void *context, crease_region *region)
{
    collection *all = context;
    crease_polygon polygon;
    crease_polygon_open(&polygon);
    crease_polygon_set(&polygon, region);
    size_t corners = polygon.corners, units = crease_region_units(region);
    piece p = {.pattern = crease_alloc(units, 1),
               .corners = corners,
               .units = units,
               .corner = crease_alloc(2 * corners, sizeof *p.corner),
               .layer = crease_alloc(corners, sizeof *p.layer),
               .unit = crease_alloc(corners, sizeof *p.unit),
               .first = crease_alloc(corners, 1)};
    memcpy(p.pattern, crease_region_pattern(region), units);
    for (size_t i = 0; i < 2 * corners; i++)
        p.corner[i] = mpq_get_d(polygon.corner[i]);
    for (size_t i = 0; i < corners; i++)
        set_edge(&p, i, region, &polygon.edge[i]);
    crease_polygon_close(&polygon);
    if (all->map)
        p.map = map_of(region);
    add_piece(all, p);
    return true;
}

static int by_pattern(const void *a, const void *b)
{
    const piece *x = a, *y = b;
    return memcmp(x->pattern, y->pattern, x->units);
}

/* One after the other, and frees the pieces. */
static crease_polygons *join(collection *all, size_t units, size_t outputs)
{
    size_t corners = 0;
    for (size_t r = 0; r < all->count; r++)
        corners += all->piece[r].corners;
    uint8_t *pattern = crease_alloc(all->count * units, 1), *first = crease_alloc(corners, 1);
    int64_t *begin = crease_alloc(all->count + 1, sizeof *begin),
            *layer = crease_alloc(corners, sizeof *layer),
            *unit = crease_alloc(corners, sizeof *unit);
    double *corner = crease_alloc(2 * corners, sizeof *corner);
    double *map = all->map ? crease_alloc(3 * all->count * outputs, sizeof *map) : NULL;
    size_t at = 0;
    for (size_t r = 0; r < all->count; r++) {
        piece *p = &all->piece[r];
        memcpy(pattern + r * units, p->pattern, units);
        memcpy(corner + 2 * at, p->corner, 2 * p->corners * sizeof *corner);
        memcpy(layer + at, p->layer, p->corners * sizeof *layer);
        memcpy(unit + at, p->unit, p->corners * sizeof *unit);
        memcpy(first + at, p->first, p->corners);
        if (map)
            memcpy(map + 3 * r * outputs, p->map, 3 * outputs * sizeof *map);
        begin[r] = (int64_t)at;
        at += p->corners;
        free(p->pattern);
        free(p->corner);
        free(p->map);
        free(p->layer);
        free(p->unit);
        free(p->first);
    }
    begin[all->count] = (int64_t)at;
    crease_polygons *polygons = crease_alloc(1, sizeof *polygons);
    *polygons = (crease_polygons){.regions = all->count,
                                  .corners = corners,
                                  .units = units,
                                  .outputs = outputs,
                                  .map = map,
                                  .pattern = pattern,
                                  .begin = begin,
                                  .corner = corner,
                                  .layer = layer,
                                  .unit = unit,
                                  .first = first};
    free(all->piece);
    return polygons;
}

crease_status crease_polygons_find(const crease_network *network, const crease_domain *domain,
                                   const crease_options *options, bool map,
                                   crease_polygons **polygons, crease_result *result,
                                   crease_error *error)
{
    collection all = {.map = map};
    *polygons = NULL;
    if (network->inputs != 2)
        return crease_fail(error, CREASE_INPUT, "polygons: the network has %zu inputs, and not two",
                           network->inputs);
    if (!crease_domain_boxed(domain))
        return crease_fail(error, CREASE_INPUT, "polygons: the domain must be a box");
    omp_init_lock(&all.one);
    crease_status status = crease_regions(network, domain, options, CREASE_REGIONS_PARALLEL,
                                          take_region, &all, result, error);
    omp_destroy_lock(&all.one);
    if (all.count)
        qsort(all.piece, all.count, sizeof *all.piece, by_pattern);
    crease_polygons *found =
        join(&all, crease_units_count(network), network->layer[network->layers - 1].width);
    if (status)
        crease_polygons_free(found);
    else
        *polygons = found;
    return status;
}

void crease_polygons_free(crease_polygons *polygons)
{
    if (!polygons)
        return;
    const void *const own[] = {polygons->pattern, polygons->map,  polygons->begin, polygons->corner,
                               polygons->layer,   polygons->unit, polygons->first};
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        free((void *)(size_t)own[i]);
    free(polygons);
}
