#include "draw/solid.h"

#include "base/memory.h"
#include "base/status.h"
#include "domain/domain.h"
#include "draw/classes.h"
#include "draw/evaluate.h"
#include "draw/paint.h"
#include "regions/face.h"

#include <math.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>

enum { N = 3 };

typedef struct {
    omp_lock_t one; /* for what follows */
    crease_solids *solids;
    bool map;
} collection;

/* ---- One region ---- */

static void set_faces(crease_solid *s, crease_region *region)
{
    size_t corners = 0, room = 0;
    s->faces = crease_region_facets(region);
    s->begin = crease_alloc(s->faces + 1, sizeof *s->begin);
    s->layer = crease_alloc(s->faces, sizeof *s->layer);
    for (size_t i = 0; i < s->faces; i++) {
        crease_facet facet = crease_region_facet(region, i);
        size_t layer, unit;
        if (room < corners + s->vertices) {
            room = 2 * (corners + s->vertices);
            s->corner = s->corner ? crease_realloc(s->corner, room, sizeof *s->corner)
                                  : crease_alloc(room, sizeof *s->corner);
        }
        corners += crease_region_face(region, i, s->corner + corners);
        s->begin[i + 1] = corners;
        s->layer[i] = -1;
        if (facet.kind != CREASE_FACET_UNIT)
            continue;
        crease_region_unit(region, facet.place, &layer, &unit);
        s->layer[i] = (int64_t)layer;
    }
}

static double *map_of(crease_region *region)
{
    size_t outputs = crease_region_outputs(region);
    double *map = crease_alloc((N + 1) * outputs, sizeof *map);
    crease_region_map(region, map, map + N * outputs);
    return map;
}

/* From all workers at once. */
static bool take_region(void *context, crease_region *region)
{
    collection *all = context;
    crease_solid s = {.units = crease_region_units(region),
                      .outputs = crease_region_outputs(region),
                      .vertices = crease_region_vertices(region)};
    s.pattern = crease_alloc(s.units, 1);
    memcpy(s.pattern, crease_region_pattern(region), s.units);
    s.vertex = crease_alloc(N * s.vertices, sizeof *s.vertex);
    for (size_t v = 0; v < s.vertices; v++)
        crease_region_vertex(region, v, s.vertex + N * v);
    set_faces(&s, region);
    if (all->map)
        s.map = map_of(region);
    omp_set_lock(&all->one);
    crease_solids *to = all->solids;
    if (to->count == to->room) {
        to->room = to->room ? 2 * to->room : 1024;
        to->solid = to->solid ? crease_realloc(to->solid, to->room, sizeof *to->solid)
                              : crease_alloc(to->room, sizeof *to->solid);
    }
    to->solid[to->count++] = s;
    omp_unset_lock(&all->one);
    return true;
}

/* ---- What colours show ---- */

static void mean_vertex(const crease_solid *s, double mean[N])
{
    for (size_t j = 0; j < N; j++) {
        mean[j] = 0;
        for (size_t v = 0; v < s->vertices; v++)
            mean[j] += s->vertex[N * v + j] / (double)s->vertices;
    }
}

/* Pyramids over the triangles of all faces, with the mean vertex as their tip. */
static double volume_of(const crease_solid *s)
{
    double tip[N], six = 0;
    mean_vertex(s, tip);
    for (size_t i = 0; i < s->faces; i++)
        for (size_t k = s->begin[i] + 1; k + 1 < s->begin[i + 1]; k++) {
            const size_t corner[N] = {s->corner[s->begin[i]], s->corner[k], s->corner[k + 1]};
            double e[N][N];
            for (size_t c = 0; c < N; c++)
                for (size_t j = 0; j < N; j++)
                    e[c][j] = s->vertex[N * corner[c] + j] - tip[j];
            six += e[0][0] * (e[1][1] * e[2][2] - e[1][2] * e[2][1]) -
                   e[0][1] * (e[1][0] * e[2][2] - e[1][2] * e[2][0]) +
                   e[0][2] * (e[1][0] * e[2][1] - e[1][1] * e[2][0]);
        }
    return six / 6;
}

static void set_shown(crease_solid *s, crease_color_by color, crease_evaluator *evaluator,
                      size_t first_layer_end)
{
    double mean[N];
    mean_vertex(s, mean);
    switch (color) {
    case CREASE_COLOR_LAYER:
        for (size_t u = 0; u < first_layer_end; u++)
            s->kind ^= s->pattern[u] & 1;
        break;
    case CREASE_COLOR_ACTIVE:
        for (size_t u = 0; u < s->units; u++)
            s->value += s->pattern[u] != 0;
        break;
    case CREASE_COLOR_CLASS:
        s->kind = crease_class_of(crease_evaluator_at(evaluator, mean), s->outputs);
        break;
    case CREASE_COLOR_VALUE: s->value = crease_evaluator_at(evaluator, mean)[0]; break;
    case CREASE_COLOR_VOLUME: s->value = log10(fmax(volume_of(s), 1e-300)); break;
    default: break;
    }
}

static size_t map_bytes(const crease_solid *s)
{
    return (N + 1) * s->outputs * sizeof *s->map;
}

static int by_map(const void *a, const void *b)
{
    const crease_solid *x = *(crease_solid *const *)a, *y = *(crease_solid *const *)b;
    int order = memcmp(x->map, y->map, map_bytes(x));
    return order ? order : memcmp(x->pattern, y->pattern, x->units);
}

static void set_maps(crease_solids *solids)
{
    crease_solid **all = crease_alloc(solids->count, sizeof *all);
    for (size_t i = 0; i < solids->count; i++)
        all[i] = &solids->solid[i];
    if (solids->count)
        qsort(all, solids->count, sizeof *all, by_map);
    for (size_t i = 1; i < solids->count; i++)
        all[i]->kind = all[i - 1]->kind + !!memcmp(all[i]->map, all[i - 1]->map, map_bytes(all[i]));
    free(all);
}

/* ---- All ---- */

static int by_pattern(const void *a, const void *b)
{
    const crease_solid *x = a, *y = b;
    return memcmp(x->pattern, y->pattern, x->units);
}

crease_status crease_solids_find(const crease_network *network, const crease_domain *domain,
                                 crease_color_by color, const crease_options *options,
                                 crease_solids *solids, crease_result *result, crease_error *error)
{
    collection all = {.solids = solids, .map = color == CREASE_COLOR_MAP};
    *solids = (crease_solids){.count = 0};
    if (network->inputs != N)
        return crease_fail(error, CREASE_INPUT, "mesh: the network has %zu inputs, and not three",
                           network->inputs);
    if (!crease_domain_boxed(domain))
        return crease_fail(error, CREASE_INPUT, "mesh: the domain must be a box");
    omp_init_lock(&all.one);
    crease_status status = crease_regions(network, domain, options, CREASE_REGIONS_PARALLEL,
                                          take_region, &all, result, error);
    omp_destroy_lock(&all.one);
    if (status || !solids->count)
        return status;
    qsort(solids->solid, solids->count, sizeof *solids->solid, by_pattern);
    crease_evaluator *evaluator = crease_evaluator_new(network);
    size_t end = crease_first_layer_end(network);
    for (size_t i = 0; i < solids->count; i++)
        set_shown(&solids->solid[i], color, evaluator, end);
    crease_evaluator_free(evaluator);
    if (all.map)
        set_maps(solids);
    return CREASE_OK;
}

void crease_solids_clear(crease_solids *solids)
{
    for (size_t i = 0; i < solids->count; i++) {
        crease_solid *s = &solids->solid[i];
        free(s->pattern);
        free(s->vertex);
        free(s->begin);
        free(s->corner);
        free(s->layer);
        free(s->map);
    }
    free(solids->solid);
    *solids = (crease_solids){.count = 0};
}
