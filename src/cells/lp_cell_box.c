/* LP cells in a box: the faces of the box are not among their rows (lp/boxed.h). */
#include "cells/lp_cell.h"

#include "base/interrupt.h"
#include "cells/shadow.h"

#include <math.h>
#include <string.h>

static crease_boxed_cell view(const crease_cell *cell, const double *inside)
{
    return (crease_boxed_cell){cell->rows - 1, cell->boxed, inside};
}

/* A point inside, the start of LPs: between the mean of all points, which is well inside, and the
 * point where the row is nearest to 0.  NULL if the cell has no points. */
static const double *choose_inside(crease_cells *cells, const crease_cell *cell,
                                   const crease_boxed_row *row)
{
    size_t n = cells->model->inputs;
    const double near = 0.5, share = (1 - near) / (double)cell->points, *best = NULL;
    double *inside = crease_arena_take(cells->arena, n * sizeof *inside), least = INFINITY;
    for (size_t i = 0; i < cell->points; i++) {
        double value = fabs(crease_boxed_value(cells->boxed, row, cell->point[i]->v));
        best = value < least ? cell->point[i]->v : best;
        least = value < least ? value : least;
    }
    for (size_t j = 0; j < n && best; j++)
        inside[j] = near * best[j];
    for (size_t i = 0; i < cell->points && best; i++)
        for (size_t j = 0; j < n; j++)
            inside[j] += share * cell->point[i]->v[j];
    return best ? inside : NULL;
}

/* A copy in the arena. */
static crease_bounded_basis *keep(crease_cells *cells, crease_bounded_basis basis)
{
    crease_bounded_basis *copy = crease_arena_take(cells->arena, sizeof *copy);
    size_t bytes = basis.count * sizeof *basis.row;
    *copy = (crease_bounded_basis){basis.count, crease_arena_take(cells->arena, bytes),
                                   crease_arena_take(cells->arena, bytes)};
    if (bytes) {
        memcpy(copy->row, basis.row, bytes);
        memcpy(copy->column, basis.column, bytes);
    }
    return copy;
}

/* The points from the given one on are new: their signs occur. */
static void merge_signs(const crease_cell *cell, size_t from, uint64_t *positive,
                        uint64_t *negative)
{
    for (size_t i = from; i < cell->points; i++)
        for (size_t w = 0; w < cell->chart->words; w++) {
            positive[w] |= cell->point[i]->positive[w];
            negative[w] |= cell->point[i]->negative[w];
        }
}

/* Tries to refute sign * row u > 0. */
static void decide(crease_cells *cells, crease_cell *cell, size_t u, int sign, uint64_t *positive,
                   uint64_t *negative)
{
    size_t n = cells->model->inputs, points = cell->points;
    crease_arena_mark mark = crease_arena_here(cells->arena);
    const crease_boxed_row *row =
        crease_boxed_take_row(cells->boxed, cell->chart->map, u, sign, cells->arena);
    if (!row) {
        crease_arena_release(cells->arena, mark);
        return;
    }
    const crease_boxed_cell box = view(cell, choose_inside(cells, cell, row));
    crease_bounded_basis **start = &cell->basis[2 * u + (sign < 0)], last;
    bool found;
    if (crease_boxed_cuts(cells->boxed, &box, row, *start, &last, cells->boxed_point, &found)) {
        (sign > 0 ? negative : positive)[u / 64] |= (uint64_t)1 << u % 64;
        cells->boxed_point[n] = 1;
        crease_arena_release(cells->arena, mark);
        if (found)
            crease_lp_cell_add_point(cells, cell, cells->boxed_point);
        merge_signs(cell, points, positive, negative);
    } else {
        crease_arena_release(cells->arena, mark);
    }
    *start = keep(cells, last);
}

void crease_lp_cell_decide_in_box(crease_cells *cells, crease_cell *cell, const uint64_t *open,
                                  uint64_t *positive, uint64_t *negative)
{
    const crease_rays *rays = cell->chart;
    size_t bytes = 128 * rays->words * sizeof *cell->basis, n = cells->model->inputs;
    const crease_boxed_cell box = view(cell, NULL);
    crease_bounded_basis **basis = crease_arena_take(cells->arena, bytes);
    /* What is added must not outlive the caller's mark: the table that others share stays as it
     * is. */
    if (cell->basis)
        memcpy(basis, cell->basis, bytes);
    else
        memset(basis, 0, bytes);
    cell->basis = basis;
    if (!cell->points && crease_boxed_interior(cells->boxed, &box, cells->boxed_point)) {
        cells->boxed_point[n] = 1;
        crease_lp_cell_add_point(cells, cell, cells->boxed_point);
        merge_signs(cell, 0, positive, negative);
    }
    for (size_t w = 0; w < rays->words; w++)
        for (uint64_t left = open[w]; left; left &= left - 1) {
            size_t u = 64 * w + (size_t)__builtin_ctzll(left);
            for (int sign = 1; sign >= -1 && !crease_interrupted(); sign -= 2)
                if (!crease_bit(sign > 0 ? negative : positive, u))
                    decide(cells, cell, u, sign, positive, negative);
        }
}

bool crease_lp_cell_point_in_box(crease_cells *cells, const crease_cell *cell, double *v)
{
    size_t n = cells->model->inputs;
    const crease_boxed_cell box = view(cell, NULL);
    memset(v, 0, n * sizeof *v);
    v[n] = 1;
    for (size_t i = 0; i < cell->points; i++)
        for (size_t j = 0; j < n; j++)
            v[j] += cell->point[i]->v[j] / (double)cell->points;
    return (cell->points && crease_boxed_contains(cells->boxed, &box, v)) ||
           crease_boxed_interior(cells->boxed, &box, v);
}

crease_cell crease_lp_cell_with_faces(crease_cells *cells, const crease_cell *cell)
{
    size_t sides = 2 * cells->model->inputs;
    crease_cell whole = *cell;
    if (!cell->boxed)
        return whole;
    whole.row = crease_arena_take(cells->arena, (cell->rows + sides) * sizeof *whole.row);
    whole.row[0] = cell->row[0];
    for (size_t f = 0; f < sides; f++)
        whole.row[1 + f] = (crease_row){NULL, f, 1};
    memcpy(whole.row + 1 + sides, cell->row + 1, (cell->rows - 1) * sizeof *whole.row);
    whole.rows = cell->rows + sides;
    whole.boxed = NULL;
    return whole;
}
