#include "regions/changes.h"

#include "base/memory.h"
#include "regions/in_box.h"

#include <stdlib.h>

static void add(const crease_region *r, const uint8_t *neighbour, uint64_t *beyond)
{
    size_t last = r->units - 1;
    beyond[neighbour[last]] += neighbour[last] != r->state[last];
}

static void add_from_facets(crease_region *r, uint64_t *beyond)
{
    for (size_t f = 0; f < crease_region_facets(r); f++) {
        const uint8_t *neighbour = crease_region_neighbour(r, f);
        if (neighbour)
            add(r, neighbour, beyond);
    }
}

static bool is_row(const crease_region *r, size_t decision)
{
    return r->walk.unit_row[decision] < CREASE_ROW_MOOT;
}

/* Is one of the last unit's functions 0 on the region? */
static bool any_zero(const crease_region *r, size_t first)
{
    for (size_t id = first; id < r->model->units; id++)
        if (r->walk.unit_row[id] == CREASE_ROW_ZERO)
            return true;
    return false;
}

static bool are_parallel(crease_region *r, size_t one, size_t other)
{
    return crease_cone_parallel(r->walk.cone, r->walk.unit_row[one], r->walk.unit_row[other]) != 0;
}

/* Is the decision's row parallel to that of an earlier decision of the last unit? */
static bool is_repeated(crease_region *r, size_t first, size_t decision)
{
    for (size_t id = first; id < decision; id++)
        if (is_row(r, id) && are_parallel(r, id, decision))
            return true;
    return false;
}

/* Faces of the domain stay: on them, there is nothing beyond. */
static bool is_facet(crease_region *r, size_t decision)
{
    crease_cone *cone = r->walk.cone;
    bool *parallel = crease_alloc(r->model->units, sizeof *parallel), found, facet;
    for (size_t id = 0; id < r->model->units; id++)
        parallel[id] = id != decision && is_row(r, id) && are_parallel(r, id, decision);
    if (!crease_region_bounds_in_box(r, decision, parallel, &facet)) {
        crease_region_load_rows(r);
        crease_region_find_inside(r);
        for (size_t id = 0; id < r->model->units; id++)
            if (parallel[id])
                crease_cone_enable(cone, r->walk.unit_row[id], false);
        facet = crease_cone_cuts(cone, r->walk.unit_row[decision], r->has_inside ? r->inside : NULL,
                                 r->outside, &found);
        for (size_t i = 0; i < crease_cone_rows(cone); i++)
            crease_cone_enable(cone, i, true);
    }
    free(parallel);
    return facet;
}

void crease_region_last_changes(crease_region *r, uint64_t *beyond)
{
    const crease_model *model = r->model;
    size_t first = model->inputs ? model->layer[model->layers - 1].first : 0;
    if (model->inputs && !r->cell)
        crease_region_add_rows(r);
    if (!model->inputs || r->cell || any_zero(r, first)) {
        add_from_facets(r, beyond);
        return;
    }
    uint8_t *neighbour = crease_alloc(r->units, 1);
    for (size_t id = first; id < model->units; id++)
        if (is_row(r, id) && !crease_region_late(r) && !is_repeated(r, first, id) &&
            is_facet(r, id)) {
            crease_region_cross(r, id, neighbour);
            add(r, neighbour, beyond);
        }
    free(neighbour);
}
