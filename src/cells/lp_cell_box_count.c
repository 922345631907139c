/* The regions of an LP cell in a box (lp/boxed.h), counted without visiting them. */
#include "cells/lp_cell.h"

#include "cells/meets_proof.h"
#include "lp/boxed_meet.h"

#include <assert.h>
#include <string.h>

typedef struct {
    crease_cells *cells;
    const crease_cell *cell;
    crease_boxed_cell box;
    size_t *unit;                 /* of the rows that meet */
    const crease_boxed_row **row; /* those of the cell, and then of some that are 0 */
    crease_boxed_meeting meeting;
} question;

static crease_meet ask(void *context, uint64_t set, uint64_t *part)
{
    question *q = context;
    q->cells->boxed_point[q->cells->model->inputs] = 1;
    return crease_boxed_meet(&q->meeting, set, q->cells->boxed_point, part);
}

/* The linear parts of a layer's rows lie in a space of so many dimensions. */
static size_t rank(const crease_cells *cells, const crease_map *map)
{
    size_t active, n = cells->model->inputs;
    return crease_map_narrowest(map, &active) && active < n ? active : n;
}

/* Asks about the rows of the set, all of which cut the cell; false if there can be no answers. */
static bool begin(question *q, const uint64_t *cut, size_t cuts)
{
    crease_cells *cells = q->cells;
    crease_map *map = q->cell->chart->map;
    size_t n = cells->model->inputs, m = q->cell->rows - 1;
    double *inside = crease_arena_take(cells->arena, (n + 1) * sizeof *inside);
    q->row = crease_arena_take(cells->arena, (m + CREASE_MEET_ROWS) * sizeof *q->row);
    q->unit = crease_arena_take(cells->arena, CREASE_MEET_ROWS * sizeof *q->unit);
    q->box = (crease_boxed_cell){m, q->cell->boxed, inside};
    q->meeting = (crease_boxed_meeting){cells->boxed, &q->box, rank(cells, map), 0, {NULL}};
    bool good = cuts <= CREASE_MEET_ROWS && crease_lp_cell_point_in_box(cells, q->cell, inside);
    if (m)
        memcpy(q->row, q->cell->boxed, m * sizeof *q->row);
    for (size_t w = 0; w < q->cell->chart->words && good; w++)
        for (uint64_t left = cut[w]; left && good; left &= left - 1) {
            size_t c = q->meeting.count++, u = 64 * w + (size_t)__builtin_ctzll(left);
            const crease_boxed_cell before = {m + c, q->row, NULL};
            q->unit[c] = u;
            q->row[m + c] = q->meeting.row[c] =
                crease_boxed_take_cell_row(cells->boxed, &before, map, u, 1, cells->arena);
            good = q->row[m + c] != NULL;
        }
    if (good)
        crease_boxed_meet_begin(&q->meeting);
    return good;
}

static bool support(void *context, uint64_t set, size_t c, const double *point, crease_support *s)
{
    question *q = context;
    crease_cells *cells = q->cells;
    size_t n = cells->model->inputs, m = q->cell->rows - 1, k = 0;
    int sign = crease_boxed_value(cells->boxed, q->meeting.row[c], point) > 0 ? 1 : -1;
    const crease_boxed_row *f =
        crease_boxed_take_row(cells->boxed, q->cell->chart->map, q->unit[c], sign, cells->arena);
    for (; set; set &= set - 1)
        q->row[m + k++] = q->meeting.row[__builtin_ctzll(set)];
    const crease_boxed_cell flat = {m + k, q->row, NULL};
    crease_boxed_support found = {.row =
                                      crease_arena_take(cells->arena, (m + k) * sizeof *found.row),
                                  .face = crease_arena_take(cells->arena, n)};
    if (!crease_boxed_support_on_flat(cells->boxed, &flat, k, f, &found))
        return false;
    *s = (crease_support){.reference =
                              crease_arena_take(cells->arena, (n + 1) * sizeof *s->reference),
                          .forced.positive = sign > 0};
    for (size_t i = 0; i < found.rows; i++)
        crease_support_add(cells->model, s, &q->cell->row[1 + found.row[i]]);
    for (size_t j = 0; j < n; j++)
        if (found.face[j])
            crease_support_add(cells->model, s,
                               &(crease_row){NULL, 2 * j + (found.face[j] < 0), 1});
    assert(s->count <= n - k);
    return true;
}

bool crease_lp_cell_count_in_box(crease_cells *cells, const crease_cell *cell, const uint64_t *cut,
                                 size_t cuts, uint64_t *regions)
{
    crease_arena_mark mark = crease_arena_here(cells->arena);
    question q = {.cells = cells, .cell = cell};
    bool good = begin(&q, cut, cuts);
    const crease_meets_task task = {.meets = {ask, &q, q.meeting.rank},
                                    .count = cuts,
                                    .unit = q.unit,
                                    .point = cells->boxed_point,
                                    .support = support};
    good = good && (cells->proof ? crease_meets_prove(cells, cell, &task, regions)
                                 : crease_meets_count(&task.meets, cuts, regions));
    crease_arena_release(cells->arena, mark);
    return good;
}
