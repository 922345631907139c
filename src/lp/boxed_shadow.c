#include "lp/boxed_shadow.h"

#include "base/interrupt.h"
#include "base/memory.h"
#include "exact/filter.h"
#include "exact/integer.h"
#include "exact/shadow.h"
#include "lp/boxed_state.h"

#include <stdlib.h>
#include <string.h>

/* In more dimensions crease_simplex_in_cone takes too long: there the faces of the box are rows. */
enum { FEW_INPUTS = 12 };

void crease_shadow_boxed_bounds(const crease_boxed *b)
{
    mpq_t x, bound;
    mpq_inits(x, bound, NULL);
    crease_shadow_count(CREASE_FILTER_BOX_BOUNDS);
    for (size_t f = 0; f < 2 * b->n; f++) {
        size_t j = f / 2;
        const mpz_t *face = (const mpz_t *)b->model->face + f * (b->n + 1);
        for (int side = 0; side < 2; side++) {
            double value = f % 2 ? b->high[side][j] : b->low[side][j];
            mpq_set_d(x, value);
            mpq_set_z(bound, face[j]);
            mpq_mul(x, x, bound);
            mpq_set_z(bound, face[b->n]);
            mpq_add(x, x, bound);
            if (side ? mpq_sgn(x) < 0 : mpq_sgn(x) > 0)
                crease_shadow_fail(CREASE_FILTER_BOX_BOUNDS, "face %zu: %a", f, value);
        }
    }
    mpq_clears(x, bound, NULL);
}

void crease_shadow_boxed_row(const crease_boxed *b, const crease_boxed_row *row)
{
    char text[600];
    crease_exact_row exact = crease_boxed_exact_row(b, row);
    crease_shadow_count(CREASE_FILTER_BOX_ROWS);
    if (!crease_shadow_factor(row->value, 1, row->err + 0x1p-1060, exact.row, exact.sign, b->n + 1,
                              NULL))
        crease_shadow_fail(CREASE_FILTER_BOX_ROWS, "row %s is not within %a",
                           crease_shadow_doubles(row->value, 1, b->n + 1, text), row->err);
    if (crease_filter_max_norm(row->value, b->n + 1) > 1)
        crease_shadow_fail(CREASE_FILTER_BOX_ROWS, "row %s is too large",
                           crease_shadow_doubles(row->value, 1, b->n + 1, text));
}

/* The point as integers, the last one positive. */
static mpz_t *exact_point(const crease_boxed *b, const double *point)
{
    mpz_t *V = crease_integer_new(b->n + 1);
    double *v = crease_alloc(b->n + 1, sizeof *v);
    for (size_t j = 0; j < b->n; j++)
        v[j] = point[j];
    v[b->n] = 1;
    crease_integer_from_doubles(V, v, b->n + 1);
    free(v);
    return V;
}

void crease_shadow_boxed_contains(const crease_boxed *b, const crease_boxed_cell *cell,
                                  const double *point)
{
    char text[600];
    size_t d = b->n + 1;
    mpz_t *V = exact_point(b, point);
    bool inside = true;
    for (size_t f = 0; f < 2 * b->n; f++)
        inside = inside && crease_integer_dot_sign((const mpz_t *)b->model->face + f * d,
                                                   (const mpz_t *)V, d) > 0;
    for (size_t i = 0; i < cell->m; i++) {
        crease_exact_row row = crease_boxed_exact_row(b, cell->row[i]);
        inside = inside && row.sign * crease_integer_dot_sign(row.row, (const mpz_t *)V, d) > 0;
    }
    crease_integer_free(V, d);
    crease_shadow_count(CREASE_FILTER_BOX_INSIDE);
    if (!inside)
        crease_shadow_fail(CREASE_FILTER_BOX_INSIDE, "not inside: %s",
                           crease_shadow_doubles(point, 1, b->n, text));
}

/* By the faces of the box as rows, or from the empty basis. */
static bool cuts_exactly(const crease_boxed *b, const crease_boxed_cell *cell,
                         const crease_boxed_row *f)
{
    size_t d = b->n + 1, rows = 0, supports;
    double *vertex = crease_alloc(d, sizeof *vertex);
    size_t *support = crease_alloc(d, sizeof *support);
    crease_exact_row *row = crease_alloc(2 * b->n + cell->m + 1, sizeof *row);
    for (size_t i = 0; i <= 2 * b->n; i++) {
        size_t face = i < 2 * b->n ? i : b->model->faces;
        row[rows++] = (crease_exact_row){(const mpz_t *)b->model->face + face * d, 1};
    }
    for (size_t i = 0; i < cell->m; i++)
        row[rows++] = crease_boxed_exact_row(b, cell->row[i]);
    bool cuts = b->n > FEW_INPUTS
                    ? crease_boxed_exact(b, cell, f, NULL, vertex)
                    : !crease_simplex_in_cone(d, rows, row, crease_boxed_exact_row(b, f), support,
                                              &supports, NULL);
    free(vertex);
    free(support);
    free(row);
    return cuts;
}

void crease_shadow_boxed_cuts(const crease_boxed *b, const crease_boxed_cell *cell,
                              const crease_boxed_row *f, bool cuts, const double *point)
{
    char text[600];
    crease_shadow_count(CREASE_FILTER_BOX_CUTS);
    if (cuts_exactly(b, cell, f) != cuts)
        crease_shadow_fail(CREASE_FILTER_BOX_CUTS, "row %s %s %zu rows in the box",
                           crease_shadow_doubles(f->value, 1, b->n + 1, text),
                           cuts ? "does not cut" : "cuts", cell->m);
    if (!point)
        return;
    crease_shadow_boxed_contains(b, cell, point);
    mpz_t *V = exact_point(b, point);
    crease_exact_row row = crease_boxed_exact_row(b, f);
    int sign = row.sign * crease_integer_dot_sign(row.row, (const mpz_t *)V, b->n + 1);
    crease_integer_free(V, b->n + 1);
    if (sign >= 0)
        crease_shadow_fail(CREASE_FILTER_BOX_CUTS, "not negative at %s",
                           crease_shadow_doubles(point, 1, b->n, text));
}

void crease_shadow_boxed_support(const crease_boxed *b, const crease_boxed_cell *cell,
                                 const crease_boxed_row *f, const crease_bounded_basis *basis,
                                 const crease_boxed_support *support)
{
    char text[600];
    crease_boxed_support exact = {.row = crease_alloc(cell->m + 1, sizeof *exact.row),
                                  .face = crease_alloc(b->n, 1)};
    bool same = crease_boxed_exact_support(b, cell, f, basis, &exact);
    bool stopped = crease_interrupt_raised();
    same = same && exact.rows == support->rows &&
           !memcmp(exact.row, support->row, exact.rows * sizeof *exact.row) &&
           !memcmp(exact.face, support->face, b->n);
    free(exact.row);
    free(exact.face);
    crease_shadow_count(CREASE_FILTER_BOX_SUPPORT);
    if (!same && !stopped)
        crease_shadow_fail(CREASE_FILTER_BOX_SUPPORT, "row %s, %zu rows of %zu",
                           crease_shadow_doubles(f->value, 1, b->n + 1, text), support->rows,
                           cell->m);
}
