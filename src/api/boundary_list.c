#include "base/memory.h"
#include "regions/face.h"
#include "regions/units.h"

#include <crease_regions.h>

#include <omp.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    int64_t classes[2];
    uint8_t *pattern, *beyond; /* with the class at the end */
    double *row, *vertex;
    size_t units, vertices;
} piece;

typedef struct {
    piece *piece;
    size_t count, room;
    omp_lock_t one; /* for all of this */
} gathering;

static void *copy(const void *from, size_t count)
{
    void *own = crease_alloc(count, 1);
    memcpy(own, from, count);
    return own;
}

static void set_vertices(piece *own, crease_region *part, size_t facet)
{
    size_t *list = crease_alloc(crease_region_vertices(part), sizeof *list);
    size_t n = crease_region_inputs(part);
    own->vertices = crease_region_face(part, facet, list);
    own->vertex = crease_alloc(own->vertices * n, sizeof *own->vertex);
    for (size_t v = 0; v < own->vertices; v++)
        crease_region_vertex(part, list[v], own->vertex + v * n);
    free(list);
}

/* From all workers at once. */
static bool visit(void *context, crease_piece *found)
{
    gathering *g = context;
    size_t units = crease_region_units(found->part), n = crease_region_inputs(found->part);
    piece own = {.classes = {(int64_t)found->classes[0], (int64_t)found->classes[1]},
                 .pattern = copy(crease_region_pattern(found->part), units),
                 .beyond = copy(found->beyond, units),
                 .row = crease_alloc(n + 1, sizeof *own.row),
                 .units = units};
    crease_region_facet_row(found->part, found->facet, own.row);
    if (n <= CREASE_MAX_PIECE_INPUTS)
        set_vertices(&own, found->part, found->facet);
    omp_set_lock(&g->one);
    if (g->count == g->room) {
        g->room = g->room ? g->room + g->room / 2 : 256;
        g->piece = g->piece ? crease_realloc(g->piece, g->room, sizeof *g->piece)
                            : crease_alloc(g->room, sizeof *g->piece);
    }
    g->piece[g->count++] = own;
    omp_unset_lock(&g->one);
    return true;
}

static int by_pattern(const void *a, const void *b)
{
    const piece *x = a, *y = b;
    int order = memcmp(x->pattern, y->pattern, x->units);
    return order ? order : memcmp(x->beyond, y->beyond, x->units);
}

/* The class at the end of a pattern is left out. */
static void fill(const gathering *g, size_t inputs, crease_piece_list *list)
{
    size_t units = list->units, at = 0, step = inputs + 1;
    for (size_t i = 0; i < g->count; i++)
        list->vertices += g->piece[i].vertices;
    list->pieces = g->count;
    list->classes = crease_alloc(2 * g->count, sizeof *list->classes);
    list->pattern = crease_alloc(g->count * units, 1);
    list->beyond = crease_alloc(g->count * units, 1);
    list->row = crease_alloc(g->count * step, sizeof *list->row);
    if (inputs <= CREASE_MAX_PIECE_INPUTS) {
        list->vertex_begin = crease_alloc(g->count + 1, sizeof *list->vertex_begin);
        list->vertex = crease_alloc(list->vertices * inputs, sizeof *list->vertex);
    }
    for (size_t i = 0; i < g->count; i++) {
        const piece *own = &g->piece[i];
        memcpy(list->classes + 2 * i, own->classes, sizeof own->classes);
        memcpy(list->pattern + i * units, own->pattern, units);
        memcpy(list->beyond + i * units, own->beyond, units);
        memcpy(list->row + i * step, own->row, step * sizeof *own->row);
        if (!own->vertex)
            continue;
        memcpy(list->vertex + at * inputs, own->vertex,
               own->vertices * inputs * sizeof *own->vertex);
        at += own->vertices;
        list->vertex_begin[i + 1] = (int64_t)at;
    }
}

static void clear(gathering *g)
{
    for (size_t i = 0; i < g->count; i++) {
        free(g->piece[i].pattern);
        free(g->piece[i].beyond);
        free(g->piece[i].row);
        free(g->piece[i].vertex);
    }
    free(g->piece);
    omp_destroy_lock(&g->one);
}

crease_status crease_boundary_list(const crease_network *network, const crease_domain *domain,
                                   const char *level, const crease_options *options,
                                   crease_piece_list *list, crease_result *result,
                                   crease_error *error)
{
    gathering g = {.room = 0};
    crease_boundary boundary;
    *list = (crease_piece_list){0};
    omp_init_lock(&g.one);
    crease_status status = crease_boundary_pieces(network, domain, level, options, visit, &g,
                                                  &boundary, result, error);
    if (!status && result->complete) {
        list->inputs = crease_network_inputs(network);
        list->units = crease_units_count(network);
        if (g.count)
            qsort(g.piece, g.count, sizeof *g.piece, by_pattern);
        fill(&g, list->inputs, list);
    }
    if (!status)
        crease_boundary_clear(&boundary);
    clear(&g);
    return status;
}

void crease_piece_list_free(crease_piece_list *list)
{
    void *own[] = {list->classes, list->pattern,      list->beyond,
                   list->row,     list->vertex_begin, list->vertex};
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        free(own[i]);
    *list = (crease_piece_list){0};
}
