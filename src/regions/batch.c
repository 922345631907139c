#include "regions/batch.h"

#include "base/memory.h"

#include <crease_sample.h>

#include <stdlib.h>
#include <string.h>

struct crease_batch {
    unsigned fields;
    size_t most, facet_room, vertex_room;
    size_t regions, inputs, outputs, units, facets, vertices;
    uint8_t *pattern, *inside, *bounded, *facet_kind, *neighbour;
    double *point, *facet_row, *A, *b, *volume, *vertex, *center, *inradius, *weight;
    int64_t *facet_begin, *facet_number, *vertex_begin, *draws, *group, *label;
};

crease_batch *crease_batch_new(unsigned fields, size_t most)
{
    crease_batch *batch = crease_alloc(1, sizeof *batch);
    batch->fields = fields;
    if (fields & (CREASE_WITH_ROWS | CREASE_WITH_NEIGHBOURS))
        batch->fields |= CREASE_WITH_FACETS;
    batch->most = most ? most : 1;
    return batch;
}

void crease_batch_free(crease_batch *b)
{
    void *own[] = {b->pattern,   b->inside, b->bounded, b->facet_kind,  b->neighbour,
                   b->point,     b->A,      b->b,       b->facet_begin, b->facet_number,
                   b->facet_row, b->volume, b->vertex,  b->center,      b->vertex_begin,
                   b->inradius,  b->weight, b->draws,   b->group,       b->label};
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        free(own[i]);
    free(b);
}

static void open_arrays(crease_batch *b, const crease_region *region)
{
    b->inputs = crease_region_inputs(region);
    b->outputs = crease_region_outputs(region);
    b->units = crease_region_units(region);
    b->pattern = crease_alloc(b->most * b->units, 1);
    b->facet_begin = crease_alloc(b->most + 1, sizeof *b->facet_begin);
    if (b->fields & CREASE_WITH_POINT) {
        b->point = crease_alloc(b->most * b->inputs, sizeof *b->point);
        b->inside = crease_alloc(b->most, 1);
    }
    if (b->fields & CREASE_WITH_FACETS)
        b->bounded = crease_alloc(b->most, 1);
    if (b->fields & CREASE_WITH_VOLUME)
        b->volume = crease_alloc(b->most, sizeof *b->volume);
    if (b->fields & CREASE_WITH_VERTICES)
        b->vertex_begin = crease_alloc(b->most + 1, sizeof *b->vertex_begin);
    if (b->fields & CREASE_WITH_CENTER)
        b->center = crease_alloc(b->most * b->inputs, sizeof *b->center);
    if (b->fields & CREASE_WITH_INRADIUS)
        b->inradius = crease_alloc(b->most, sizeof *b->inradius);
    if (b->fields & CREASE_WITH_WEIGHT) {
        b->weight = crease_alloc(b->most, sizeof *b->weight);
        b->draws = crease_alloc(b->most, sizeof *b->draws);
        b->group = crease_alloc(b->most, sizeof *b->group);
    }
    if (b->fields & CREASE_WITH_CLASS)
        b->label = crease_alloc(b->most, sizeof *b->label);
    if (b->fields & CREASE_WITH_MAP) {
        b->A = crease_alloc(b->most * b->outputs * b->inputs, sizeof *b->A);
        b->b = crease_alloc(b->most * b->outputs, sizeof *b->b);
    }
}

static void *grow(void *array, size_t count, size_t size)
{
    return array ? crease_realloc(array, count, size) : crease_alloc(count, size);
}

static void make_room(crease_batch *b, size_t facets)
{
    if (facets <= b->facet_room)
        return;
    size_t room = 2 * facets;
    b->facet_kind = grow(b->facet_kind, room, 1);
    b->facet_number = grow(b->facet_number, room, sizeof *b->facet_number);
    if (b->fields & CREASE_WITH_ROWS)
        b->facet_row = grow(b->facet_row, room * (b->inputs + 1), sizeof *b->facet_row);
    if (b->fields & CREASE_WITH_NEIGHBOURS)
        b->neighbour = grow(b->neighbour, room * b->units, 1);
    b->facet_room = room;
}

static void add_facets(crease_batch *b, crease_region *region)
{
    size_t count = crease_region_facets(region);
    make_room(b, b->facets + count);
    for (size_t i = 0; i < count; i++, b->facets++) {
        crease_facet facet = crease_region_facet(region, i);
        b->facet_kind[b->facets] = (uint8_t)facet.kind;
        b->facet_number[b->facets] =
            (int64_t)(facet.kind == CREASE_FACET_UNIT ? facet.place : facet.index);
        if (b->fields & CREASE_WITH_ROWS)
            crease_region_facet_row(region, i, b->facet_row + b->facets * (b->inputs + 1));
        if (!(b->fields & CREASE_WITH_NEIGHBOURS))
            continue;
        const uint8_t *beyond = crease_region_neighbour(region, i);
        if (beyond)
            memcpy(b->neighbour + b->facets * b->units, beyond, b->units);
        else
            memset(b->neighbour + b->facets * b->units, 0, b->units);
    }
}

static void add_vertices(crease_batch *b, crease_region *region)
{
    size_t count = crease_region_vertices(region);
    if (b->vertices + count > b->vertex_room) {
        b->vertex_room = 2 * (b->vertices + count);
        b->vertex = grow(b->vertex, b->vertex_room * b->inputs, sizeof *b->vertex);
    }
    for (size_t i = 0; i < count; i++, b->vertices++)
        crease_region_vertex(region, i, b->vertex + b->vertices * b->inputs);
    b->vertex_begin[b->regions + 1] = (int64_t)b->vertices;
}

bool crease_batch_add(crease_batch *b, crease_region *region)
{
    size_t r = b->regions, facets = b->facets, vertices = b->vertices;
    if (!b->pattern)
        open_arrays(b, region);
    memcpy(b->pattern + r * b->units, crease_region_pattern(region), b->units);
    if (b->fields & CREASE_WITH_POINT)
        b->inside[r] = crease_region_point(region, b->point + r * b->inputs);
    if (b->fields & CREASE_WITH_FACETS) {
        b->bounded[r] = crease_region_bounded(region);
        add_facets(b, region);
    }
    if (b->fields & CREASE_WITH_VOLUME)
        b->volume[r] = crease_region_volume(region);
    if (b->fields & CREASE_WITH_VERTICES)
        add_vertices(b, region);
    if (b->fields & CREASE_WITH_CENTER)
        crease_region_center(region, b->center + r * b->inputs);
    if (b->fields & CREASE_WITH_INRADIUS)
        b->inradius[r] = crease_region_inradius(region);
    if (b->fields & CREASE_WITH_MAP)
        crease_region_map(region, b->A + r * b->outputs * b->inputs, b->b + r * b->outputs);
    if (b->fields & CREASE_WITH_CLASS)
        b->label[r] = (int64_t)crease_region_class(region);
    if (b->fields & CREASE_WITH_WEIGHT) {
        b->weight[r] = crease_region_weight(region);
        b->draws[r] = (int64_t)crease_region_draws(region);
        b->group[r] = crease_region_group(region);
    }
    if (crease_region_stopped(region)) {
        b->facets = facets;
        b->vertices = vertices;
        return false;
    }
    b->facet_begin[++b->regions] = (int64_t)b->facets;
    return b->regions == b->most;
}

crease_region_batch crease_batch_view(const crease_batch *b)
{
    bool faceted = b->fields & CREASE_WITH_FACETS;
    return (crease_region_batch){
        .regions = b->regions,
        .inputs = b->inputs,
        .outputs = b->outputs,
        .units = b->units,
        .facets = b->facets,
        .vertices = b->vertices,
        .pattern = b->pattern,
        .point = b->point,
        .inside = b->inside,
        .bounded = b->bounded,
        .facet_begin = faceted ? b->facet_begin : NULL,
        .facet_kind = faceted ? b->facet_kind : NULL,
        .facet_number = faceted ? b->facet_number : NULL,
        .facet_row = b->facet_row,
        .neighbour = b->neighbour,
        .A = b->A,
        .b = b->b,
        .volume = b->volume,
        .vertex_begin = b->vertex_begin,
        .vertex = b->vertex,
        .center = b->center,
        .inradius = b->inradius,
        .weight = b->weight,
        .draws = b->draws,
        .group = b->group,
        .label = b->label,
    };
}

void crease_batch_clear(crease_batch *b)
{
    b->regions = b->facets = b->vertices = 0;
}
