/* Supports of rows that are not negative on a cell in a box. */
#include "lp/boxed_state.h"

#include "base/clock.h"
#include "base/memory.h"
#include "exact/filter.h"
#include "lp/boxed_shadow.h"

#include <assert.h>
#include <math.h>
#include <string.h>

void crease_boxed_reserve_basis(crease_boxed *b, size_t k)
{
    if (k < b->basis_room)
        return;
    size_t room = b->basis_room = 2 * k + 8;
    crease_basis_reserve(&b->basis, room);
    b->entry = crease_realloc(b->entry, room * (room + 3), sizeof *b->entry);
    b->place = crease_realloc(b->place, room, sizeof *b->place);
    b->matrix = crease_realloc(b->matrix, room * b->n, sizeof *b->matrix);
    for (size_t q = 0; q < room; q++)
        b->place[q] = q;
}

bool crease_boxed_choose_columns(double *h, size_t k, size_t n, size_t *column)
{
    for (size_t t = 0; t < k; t++) {
        size_t best = 0;
        double *own = h + t * n;
        for (size_t j = 1; j < n; j++)
            best = fabs(own[j]) > fabs(own[best]) ? j : best;
        if (!(fabs(own[best]) > 1e-9))
            return false;
        column[t] = best;
        for (size_t s = t + 1; s < k; s++) {
            double *other = h + s * n, factor = other[best] / own[best];
            crease_boxed_subtract(other, factor, own, n);
            other[best] = 0;
        }
    }
    return true;
}

/* Sets y to the multipliers of f in the basis; no one is wrong by more than the result. */
static double multipliers(crease_boxed *b, const crease_boxed_cell *cell, const crease_boxed_row *f,
                          const crease_bounded_basis *basis, double *y)
{
    size_t k = basis->count;
    double *entry = b->entry, *err = y + k, *part = err + k;
    for (size_t q = 0; q < k; q++) {
        const crease_boxed_row *row = cell->row[basis->row[q]];
        for (size_t p = 0; p < k; p++)
            entry[q * k + p] = row->value[basis->column[p]];
        err[q] = row->err;
        part[q] = f->value[basis->column[q]];
    }
    if (!crease_basis_make(&b->basis, k, entry, err, b->place))
        return INFINITY;
    return crease_basis_coefficients(&b->basis, k, part, f->err, y);
}

/* The row r = f - sum y_q a_q and a bound E of its errors, in the columns outside the basis. */
static double residual(crease_boxed *b, const crease_boxed_cell *cell, const crease_boxed_row *f,
                       const crease_bounded_basis *basis, const double *y, double wrong)
{
    size_t k = basis->count, n = b->n;
    double *r = b->residual, err = f->err, sum = 1;
    memcpy(r, f->value, (n + 1) * sizeof *r);
    for (size_t q = 0; q < k; q++) {
        const crease_boxed_row *row = cell->row[basis->row[q]];
        crease_boxed_subtract(r, y[q], row->value, n + 1);
        err += fabs(y[q]) * row->err + wrong * (1 + row->err);
        sum += fabs(y[q]);
    }
    for (size_t p = 0; p < k; p++)
        r[basis->column[p]] = 0;
    return (err + crease_filter_gamma(k + 2) * sum) * (1 + 0x1p-20);
}

/* Do the rows of the support and the last ones of the cell, `all` together, lie in the span of
 * crease_map_dimensions? */
static bool lie_in(const crease_map *map, const crease_boxed_cell *cell,
                   const crease_boxed_support *support, size_t all)
{
    bool spanned = true;
    for (size_t q = 0; q < all && spanned; q++) {
        size_t i = q < support->rows ? support->row[q] : cell->m - 1 - (q - support->rows);
        const crease_boxed_row *row = cell->row[i];
        spanned = row->map && crease_map_spanned(map, row->map, row->unit);
    }
    return spanned;
}

/* Are these rows, which are independent, as many as the dimension of a span in which they and f
 * lie? Then f is a combination of them and of (0, ..., 0, 1). */
static bool spans(const crease_boxed_cell *cell, size_t equations, const crease_boxed_row *f,
                  const crease_boxed_support *support)
{
    size_t all = support->rows + equations;
    bool spanned = false;
    for (const crease_map *map = f->map; map && !spanned; map = map->below)
        spanned = crease_map_dimensions(map) == all + 1 && lie_in(map, cell, support, all);
    return spanned;
}

/* Step 4 of the header; the last `equations` rows of the cell are those of a flat. */
static bool prove_support(crease_boxed *b, const crease_boxed_cell *cell, size_t equations,
                          const crease_boxed_row *f, const crease_bounded_basis *basis,
                          crease_boxed_support *support)
{
    size_t k = basis->count, n = b->n, faces = 0, of_flat = 0;
    crease_boxed_reserve_basis(b, k);
    double *y = b->entry + k * k, wrong = k ? multipliers(b, cell, f, basis, y) : 0;
    double err = residual(b, cell, f, basis, y, wrong);
    support->rows = 0;
    for (size_t q = 0; q < k; q++) {
        if (basis->row[q] >= cell->m - equations)
            of_flat++;
        else if (y[q] > wrong)
            support->row[support->rows++] = basis->row[q];
    }
    for (size_t j = 0; j < n; j++) {
        support->face[j] = (signed char)crease_filter_sign(b->residual[j], err);
        faces += support->face[j] != 0;
    }
    if (of_flat < equations || !(wrong < INFINITY))
        return false;
    if (support->rows + equations == k && faces == n - k)
        return crease_boxed_above(b, b->residual, err);
    return !faces && b->residual[n] > err && err < INFINITY && spans(cell, equations, f, support);
}

/* Minimises f, and sets *last to the basis that it ends with. */
static void minimise(crease_boxed *b, const crease_boxed_cell *cell, size_t equations,
                     const crease_boxed_row *f, const crease_bounded_basis *start,
                     crease_bounded_basis *last)
{
    crease_boxed_reserve(b, cell->m);
    for (size_t i = 0; i < cell->m; i++)
        b->value[i] = cell->row[i]->value;
    const crease_bounded_task task = {.m = cell->m,
                                      .equations = equations,
                                      .row = b->value,
                                      .f = f->value,
                                      .target = crease_boxed_margin,
                                      .start = start};
    crease_bounded_run(b->solver, &task);
    b->tally->lp++;
    *last = crease_bounded_last(b->solver);
}

bool crease_boxed_find_support(crease_boxed *b, const crease_boxed_cell *cell,
                               const crease_boxed_row *f, const crease_bounded_basis *start,
                               crease_boxed_support *support)
{
    uint64_t begin = crease_clock_ticks();
    crease_bounded_basis last;
    minimise(b, cell, 0, f, start, &last);
    bool good = prove_support(b, cell, 0, f, &last, support);
    if (CREASE_SHADOW && good)
        crease_shadow_boxed_support(b, cell, f, &last, support);
    b->tally->filter += good;
    if (!good) {
        good = crease_boxed_exact_support(b, cell, f, &last, support);
        b->tally->exact++;
        b->tally->exact_ticks += crease_clock_ticks() - begin;
    }
    b->tally->proof_ticks += crease_clock_ticks() - begin;
    return good;
}

/* The basis of the last k rows of the cell; false if none was found. */
static bool flat_basis(crease_boxed *b, const crease_boxed_cell *cell, size_t k,
                       crease_bounded_basis *basis)
{
    size_t n = b->n, column[CREASE_MEET_ROWS];
    crease_boxed_reserve_basis(b, k);
    for (size_t t = 0; t < k; t++)
        memcpy(b->matrix + t * n, cell->row[cell->m - k + t]->value, n * sizeof *b->matrix);
    if (!crease_boxed_choose_columns(b->matrix, k, n, column))
        return false;
    basis->count = (uint32_t)k;
    for (size_t t = 0; t < k; t++) {
        basis->row[t] = (uint32_t)(cell->m - k + t);
        basis->column[t] = (uint32_t)column[t];
    }
    return true;
}

bool crease_boxed_support_on_flat(crease_boxed *b, const crease_boxed_cell *cell, size_t equations,
                                  const crease_boxed_row *f, crease_boxed_support *support)
{
    uint32_t row[CREASE_MEET_ROWS], column[CREASE_MEET_ROWS];
    crease_bounded_basis last, start = {0, row, column};
    uint64_t begin = crease_clock_ticks();
    assert(equations <= CREASE_MEET_ROWS && equations <= cell->m);
    if (equations > b->n || !flat_basis(b, cell, equations, &start))
        return false;
    minimise(b, cell, equations, f, &start, &last);
    bool good = prove_support(b, cell, equations, f, &last, support);
    if (CREASE_SHADOW && good)
        crease_shadow_boxed_flat_support(b, cell, equations, f, support);
    b->tally->filter += good;
    b->tally->proof_ticks += crease_clock_ticks() - begin;
    return good;
}
