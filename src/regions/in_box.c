#include "regions/in_box.h"

#include "base/memory.h"
#include "model/pattern.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    crease_boxed_cell cell;
    const crease_boxed_row **row; /* of the cell */
    size_t *id;
} region_rows;

/* Adds the row of a decision or face.  Products are for cells from which no row is taken away. */
static void add(crease_region *r, region_rows *rows, size_t id, bool products)
{
    const crease_model *model = r->model;
    crease_map *map = NULL;
    size_t u = id - model->units;
    int sign = 1;
    if (id < model->units) {
        size_t l = crease_pattern_layer(model, id);
        map = r->walk.map[l];
        u = id - model->layer[l].first;
        sign = r->walk.pattern[id] ? 1 : -1;
    }
    const crease_boxed_row *row =
        products ? crease_boxed_take_cell_row(r->boxed, &rows->cell, map, u, sign, r->arena)
                 : crease_boxed_take_row(r->boxed, map, u, sign, r->arena);
    assert(row);
    rows->id[rows->cell.m] = id;
    rows->row[rows->cell.m++] = row;
}

/* Rows of units, then half-spaces, the last ones first. */
static region_rows take_rows(crease_region *r)
{
    const crease_model *model = r->model;
    size_t most = model->units + model->halves, sides = model->faces - model->halves;
    region_rows rows = {.row = crease_alloc(most, sizeof *rows.row),
                        .id = crease_alloc(most, sizeof *rows.id)};
    rows.cell.row = rows.row;
    crease_region_add_rows(r);
    for (size_t id = model->units; id-- > 0;)
        if (r->walk.unit_row[id] < CREASE_ROW_MOOT)
            add(r, &rows, id, false);
    for (size_t f = model->faces; f-- > sides;)
        add(r, &rows, model->units + f, false);
    return rows;
}

static void free_rows(crease_region *r, region_rows *rows, crease_arena_mark mark)
{
    free(rows->row);
    free(rows->id);
    crease_arena_release(r->arena, mark);
}

static bool find_inside(crease_region *r, const region_rows *rows)
{
    if (r->has_inside)
        return true;
    r->has_inside = crease_boxed_interior(r->boxed, &rows->cell, r->inside);
    r->inside[r->model->inputs] = 1;
    return r->has_inside;
}

/* The same in coordinates of the box, as needed for what follows. */
static bool set_inside(crease_region *r, const region_rows *rows, double *inside)
{
    if (!find_inside(r, rows))
        return false;
    for (size_t j = 0; j < r->model->inputs; j++)
        inside[j] = r->inside[j] / r->inside[r->model->inputs];
    return crease_boxed_contains(r->boxed, &rows->cell, inside);
}

bool crease_region_find_inside_box(crease_region *r)
{
    if (!r->boxed)
        return false;
    crease_arena_mark mark = crease_arena_here(r->arena);
    region_rows rows = take_rows(r);
    bool found = find_inside(r, &rows);
    free_rows(r, &rows, mark);
    return found;
}

/* Does the row cut the region that the other rows bound?  If not, it is left out from now on. */
static bool is_facet(crease_region *r, region_rows *rows, size_t i, const double *inside)
{
    crease_boxed_cell *cell = &rows->cell;
    crease_bounded_basis last;
    const crease_boxed_row *own = rows->row[i];
    size_t after = cell->m - i - 1;
    bool found;
    memmove(rows->row + i, rows->row + i + 1, after * sizeof *rows->row);
    cell->m--;
    cell->inside = inside;
    if (!crease_boxed_cuts(r->boxed, cell, own, NULL, &last, r->outside, &found)) {
        memmove(rows->id + i, rows->id + i + 1, after * sizeof *rows->id);
        return false;
    }
    memmove(rows->row + i + 1, rows->row + i, after * sizeof *rows->row);
    rows->row[i] = own;
    cell->m++;
    return true;
}

bool crease_region_find_facets_in_box(crease_region *r, bool *facet)
{
    const crease_model *model = r->model;
    if (!r->boxed)
        return false;
    crease_arena_mark mark = crease_arena_here(r->arena);
    region_rows rows = take_rows(r);
    double *inside = crease_alloc(model->inputs, sizeof *inside);
    bool good = set_inside(r, &rows, inside);
    for (size_t i = 0; good && i < rows.cell.m && !crease_region_late(r);)
        if (is_facet(r, &rows, i, inside))
            facet[rows.id[i++]] = true;
    size_t kept = rows.cell.m;
    rows.cell = (crease_boxed_cell){.row = rows.row, .inside = inside};
    for (size_t i = 0; i < kept; i++)
        add(r, &rows, rows.id[i], true);
    for (size_t f = model->faces - model->halves; good && f-- > 0 && !crease_region_late(r);)
        facet[model->units + f] = crease_boxed_side_is_facet(r->boxed, &rows.cell, f);
    free(inside);
    free_rows(r, &rows, mark);
    return good;
}

bool crease_region_bounds_in_box(crease_region *r, size_t decision, const bool *without,
                                 bool *facet)
{
    if (!r->boxed)
        return false;
    crease_arena_mark mark = crease_arena_here(r->arena);
    region_rows rows = take_rows(r);
    double *inside = crease_alloc(r->model->inputs, sizeof *inside);
    size_t kept = 0, own = 0;
    bool good = set_inside(r, &rows, inside);
    for (size_t i = 0; i < rows.cell.m; i++) {
        size_t id = rows.id[i];
        if (id < r->model->units && id != decision && without[id])
            continue;
        own = id == decision ? kept : own;
        rows.id[kept] = id;
        rows.row[kept++] = rows.row[i];
    }
    rows.cell.m = kept;
    *facet = good && is_facet(r, &rows, own, inside);
    free(inside);
    free_rows(r, &rows, mark);
    return good;
}
