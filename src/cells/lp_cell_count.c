/* The regions of an LP cell that is not in a box (lp/cone.h), counted without visiting them. */
#include "cells/lp_cell.h"

#include "cells/meets.h"
#include "lp/cone_meet.h"

#include <string.h>

static crease_meet ask(void *context, uint64_t set, uint64_t *part)
{
    return crease_cone_meet(context, set, part);
}

/* Puts the rows of the cell into the cone, and then those of the set; false if one is zero. */
static bool add_rows(crease_cells *cells, const crease_cell *cell, const uint64_t *cut, size_t cuts)
{
    const crease_rays *chart = cell->chart;
    size_t rows = cell->rows;
    crease_row *row = crease_arena_take(cells->arena, (rows + cuts) * sizeof *row);
    memcpy(row, cell->row, rows * sizeof *row);
    for (size_t w = 0; w < chart->words; w++)
        for (uint64_t left = cut[w]; left; left &= left - 1)
            row[rows++] = (crease_row){chart->map, 64 * w + (size_t)__builtin_ctzll(left), 1};
    crease_lp_cell_clear_cone(cells, chart, NULL, row);
    for (size_t r = 0; r < rows; r++)
        crease_lp_cell_add_row(cells, &row[r], r);
    return crease_cone_rows(cells->cone) == rows;
}

/* v: a point inside, well so if possible. */
static bool choose_inside(const crease_cell *cell, double *v)
{
    size_t d = cell->chart->d;
    memset(v, 0, d * sizeof *v);
    for (size_t i = 0; i < cell->points; i++)
        for (size_t j = 0; j < d; j++)
            v[j] += cell->point[i]->v[j] / (double)cell->points;
    return cell->points > 0;
}

bool crease_lp_cell_count(crease_cells *cells, const crease_cell *cell, const uint64_t *cut,
                          size_t cuts, uint64_t *regions)
{
    crease_arena_mark mark = crease_arena_here(cells->arena);
    double *inside = crease_arena_take(cells->arena, cell->chart->d * sizeof *inside);
    crease_cone_meeting meeting = {cells->cone, cell->rows, inside, 0};
    bool good = cuts <= CREASE_MEET_ROWS && choose_inside(cell, inside) &&
                add_rows(cells, cell, cut, cuts) && crease_cone_meet_begin(&meeting);
    const crease_meets meets = {ask, &meeting, meeting.rank};
    good = good && crease_meets_count(&meets, cuts, regions);
    crease_arena_release(cells->arena, mark);
    return good;
}
