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

/* Are the rows of the support, which are independent, as many as the dimension of a span in which
 * they and f lie?  Then f is a combination of them and of (0, ..., 0, 1). */
static bool spans(const crease_boxed_cell *cell, const crease_boxed_row *f,
                  const crease_boxed_support *support)
{
    size_t active;
    const crease_map *narrowest = f->map ? crease_map_narrowest(f->map, &active) : NULL;
    bool spanned = narrowest && support->rows == active;
    for (size_t q = 0; q < support->rows && spanned; q++) {
        const crease_boxed_row *row = cell->row[support->row[q]];
        spanned = row->map && crease_map_spanned(narrowest, row->map, row->unit);
    }
    return spanned;
}

/* Step 4 of the header. */
static bool prove_support(crease_boxed *b, const crease_boxed_cell *cell, const crease_boxed_row *f,
                          const crease_bounded_basis *basis, crease_boxed_support *support)
{
    size_t k = basis->count, n = b->n, faces = 0;
    crease_boxed_reserve_basis(b, k);
    double *y = b->entry + k * k, wrong = k ? multipliers(b, cell, f, basis, y) : 0;
    double err = residual(b, cell, f, basis, y, wrong);
    support->rows = 0;
    for (size_t q = 0; q < k; q++) {
        if (!(y[q] > -wrong))
            return false;
        if (y[q] > wrong)
            support->row[support->rows++] = basis->row[q];
    }
    for (size_t j = 0; j < n; j++) {
        support->face[j] = (signed char)crease_filter_sign(b->residual[j], err);
        faces += support->face[j] != 0;
    }
    if (support->rows == k && faces == n - k)
        return crease_boxed_above(b, b->residual, err);
    return !faces && b->residual[n] > err && err < INFINITY && spans(cell, f, support);
}

bool crease_boxed_find_support(crease_boxed *b, const crease_boxed_cell *cell,
                               const crease_boxed_row *f, const crease_bounded_basis *start,
                               crease_boxed_support *support)
{
    uint64_t begin = crease_clock_ticks();
    crease_boxed_reserve(b, cell->m);
    for (size_t i = 0; i < cell->m; i++)
        b->value[i] = cell->row[i]->value;
    crease_bounded_task task = {.m = cell->m,
                                .row = b->value,
                                .f = f->value,
                                .target = crease_boxed_margin,
                                .start = start};
    crease_bounded_run(b->solver, &task);
    b->tally->lp++;
    crease_bounded_basis last = crease_bounded_last(b->solver);
    bool good = prove_support(b, cell, f, &last, support);
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
