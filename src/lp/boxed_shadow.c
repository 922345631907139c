#include "lp/boxed_shadow.h"

#include "base/interrupt.h"
#include "base/memory.h"
#include "exact/filter.h"
#include "exact/integer.h"
#include "exact/shadow.h"
#include "lp/boxed_state.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* In more dimensions crease_simplex_in_cone takes too long: there the faces of the box are rows. */
enum { FEW_INPUTS = 12 };

/* slope x_j + constant >= 0 on the inner side of face f.  One that is moved lies at 2 o - g, where
 * o is its place and g that of the opposite side. */
static void set_side(const crease_boxed *b, size_t f, mpz_t slope, mpz_t constant)
{
    size_t d = b->n + 1, j = f / 2;
    const mpz_t *own = (const mpz_t *)b->model->face + f * d;
    const mpz_t *opposite = (const mpz_t *)b->model->face + (f ^ 1) * d;
    mpz_set(slope, own[j]);
    mpz_set(constant, own[b->n]);
    if (f != b->moved)
        return;
    mpz_mul(slope, own[j], opposite[j]);
    mpz_mul(constant, own[b->n], opposite[j]);
    mpz_mul_2exp(constant, constant, 1);
    mpz_submul(constant, own[j], opposite[b->n]);
    if (mpz_sgn(own[j]) > 0) {
        mpz_neg(slope, slope);
        mpz_neg(constant, constant);
    }
}

void crease_shadow_boxed_bounds(const crease_boxed *b)
{
    mpq_t x, bound;
    mpz_t slope, constant;
    mpq_inits(x, bound, NULL);
    mpz_inits(slope, constant, NULL);
    crease_shadow_count(CREASE_FILTER_BOX_BOUNDS);
    for (size_t f = 0; f < 2 * b->n; f++) {
        size_t j = f / 2;
        set_side(b, f, slope, constant);
        for (int side = 0; side < 2; side++) {
            double value = f % 2 ? b->high[side][j] : b->low[side][j];
            mpq_set_d(x, value);
            mpq_set_z(bound, slope);
            mpq_mul(x, x, bound);
            mpq_set_z(bound, constant);
            mpq_add(x, x, bound);
            if (side ? mpq_sgn(x) < 0 : mpq_sgn(x) > 0)
                crease_shadow_fail(CREASE_FILTER_BOX_BOUNDS, "face %zu: %a", f, value);
            if (!(fabs(value) <= b->reach[j]))
                crease_shadow_fail(CREASE_FILTER_BOX_BOUNDS, "face %zu: %a is beyond reach", f,
                                   value);
        }
    }
    mpz_clears(slope, constant, NULL);
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
    mpz_t *V = exact_point(b, point), slope, constant;
    bool inside = true;
    mpz_inits(slope, constant, NULL);
    for (size_t f = 0; f < 2 * b->n; f++) {
        set_side(b, f, slope, constant);
        mpz_mul(slope, slope, V[f / 2]);
        mpz_addmul(slope, constant, V[b->n]);
        inside = inside && mpz_sgn(slope) > 0;
    }
    mpz_clears(slope, constant, NULL);
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
    mpz_t *side = crease_integer_new(2 * b->n * d);
    for (size_t i = 0; i < 2 * b->n; i++) {
        set_side(b, i, side[i * d + i / 2], side[i * d + b->n]);
        row[rows++] = (crease_exact_row){(const mpz_t *)side + i * d, 1};
    }
    row[rows++] = (crease_exact_row){(const mpz_t *)b->model->face + b->model->faces * d, 1};
    for (size_t i = 0; i < cell->m; i++)
        row[rows++] = crease_boxed_exact_row(b, cell->row[i]);
    bool cuts = b->n > FEW_INPUTS
                    ? crease_boxed_exact(b, cell, f, NULL, vertex)
                    : !crease_simplex_in_cone(d, rows, row, crease_boxed_exact_row(b, f), support,
                                              &supports, NULL);
    crease_integer_free(side, 2 * b->n * d);
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

void crease_shadow_boxed_flat_support(const crease_boxed *b, const crease_boxed_cell *cell,
                                      size_t equations, const crease_boxed_row *f,
                                      const crease_boxed_support *support)
{
    char text[600];
    size_t d = b->n + 1, rows = 0;
    if (b->n > FEW_INPUTS)
        return;
    crease_exact_row *row = crease_alloc(cell->m + d, sizeof *row);
    size_t *index = crease_alloc(cell->m + d, sizeof *index);
    row[rows++] = (crease_exact_row){(const mpz_t *)b->model->face + b->model->faces * d, 1};
    for (size_t i = 0; i < support->rows; i++)
        row[rows++] = crease_boxed_exact_row(b, cell->row[support->row[i]]);
    for (size_t j = 0; j < b->n; j++)
        if (support->face[j])
            row[rows++] = (crease_exact_row){
                (const mpz_t *)b->model->face + (2 * j + (support->face[j] < 0)) * d, 1};
    size_t signed_rows = rows;
    for (size_t i = cell->m - equations; i < cell->m; i++)
        row[rows++] = crease_boxed_exact_row(b, cell->row[i]);
    for (size_t i = 0; i < rows; i++)
        index[i] = i;
    bool right = rows <= d && crease_simplex_combination(d, row, index, rows, signed_rows,
                                                         crease_boxed_exact_row(b, f));
    free(row);
    free(index);
    crease_shadow_count(CREASE_FILTER_BOX_SUPPORT);
    if (!right && !crease_interrupt_raised())
        crease_shadow_fail(CREASE_FILTER_BOX_SUPPORT, "row %s, %zu rows, %zu equations",
                           crease_shadow_doubles(f->value, 1, d, text), support->rows, equations);
}

/* The sign of a row at x. */
static int sign_at(crease_exact_row row, const mpq_t *x, size_t n)
{
    mpq_t sum, term;
    mpq_inits(sum, term, NULL);
    mpq_set_z(sum, row.row[n]);
    for (size_t j = 0; j < n; j++) {
        if (!mpz_sgn(row.row[j]))
            continue;
        mpq_set_z(term, row.row[j]);
        mpq_mul(term, term, x[j]);
        mpq_add(sum, sum, term);
    }
    int sign = row.sign * mpq_sgn(sum);
    mpq_clears(sum, term, NULL);
    return sign;
}

/* The equations sum over q of row_t[column[q]] w_q = -row_t.x, k rows of k + 1 numbers. */
static mpq_t *equations(const crease_exact_row *row, size_t k, const size_t *column, const mpq_t *x,
                        size_t n)
{
    mpq_t *a = crease_alloc(k * (k + 1), sizeof *a), term;
    mpq_init(term);
    for (size_t e = 0; e < k * (k + 1); e++)
        mpq_init(a[e]);
    for (size_t t = 0; t < k; t++) {
        mpq_t *own = a + t * (k + 1);
        for (size_t q = 0; q < k; q++)
            mpq_set_z(own[q], row[t].row[column[q]]);
        mpq_set_z(own[k], row[t].row[n]);
        for (size_t j = 0; j < n; j++) {
            mpq_set_z(term, row[t].row[j]);
            mpq_mul(term, term, x[j]);
            mpq_add(own[k], own[k], term);
        }
        mpq_neg(own[k], own[k]);
    }
    mpq_clear(term);
    return a;
}

/* Gauss-Jordan elimination of k rows of k + 1 numbers.  False if the first k columns are
 * singular. */
static bool eliminate(mpq_t *a, size_t k)
{
    size_t w = k + 1;
    bool regular = true;
    mpq_t factor, term;
    mpq_inits(factor, term, NULL);
    for (size_t p = 0; p < k && regular; p++) {
        size_t own = p;
        while (own < k && !mpq_sgn(a[own * w + p]))
            own++;
        regular = own < k;
        for (size_t q = p; q < w && regular; q++)
            mpq_swap(a[own * w + q], a[p * w + q]);
        for (size_t t = 0; t < k && regular; t++) {
            if (t == p || !mpq_sgn(a[t * w + p]))
                continue;
            mpq_div(factor, a[t * w + p], a[p * w + p]);
            for (size_t q = p; q < w; q++) {
                mpq_mul(term, factor, a[p * w + q]);
                mpq_sub(a[t * w + q], a[t * w + q], term);
            }
        }
    }
    mpq_clears(factor, term, NULL);
    return regular;
}

void crease_shadow_boxed_meets(const crease_boxed_meeting *meeting, uint64_t set,
                               const size_t *column, const double *x)
{
    const crease_boxed *b = meeting->boxed;
    size_t n = b->n, k = 0;
    char text[600];
    crease_exact_row own[CREASE_MEET_ROWS];
    mpq_t *at = crease_alloc(n, sizeof *at), move;
    mpq_init(move);
    for (size_t j = 0; j < n; j++) {
        mpq_init(at[j]);
        mpq_set_d(at[j], x[j]);
    }
    for (uint64_t left = set; left; left &= left - 1)
        own[k++] = crease_boxed_exact_row(b, meeting->row[__builtin_ctzll(left)]);
    mpq_t *a = equations(own, k, column, (const mpq_t *)at, n);
    bool right = eliminate(a, k);
    for (size_t p = 0; p < k && right; p++) {
        mpq_div(move, a[p * (k + 1) + k], a[p * (k + 1) + p]);
        mpq_add(at[column[p]], at[column[p]], move);
    }
    for (size_t f = 0; f < 2 * n && right; f++) {
        const mpz_t *face = (const mpz_t *)b->model->face + f * (n + 1);
        right = sign_at((crease_exact_row){face, 1}, (const mpq_t *)at, n) > 0;
    }
    for (size_t i = 0; i < meeting->cell->m && right; i++)
        right = sign_at(crease_boxed_exact_row(b, meeting->cell->row[i]), (const mpq_t *)at, n) > 0;
    for (size_t i = 0; i < meeting->count && right; i++) {
        int sign = sign_at(crease_boxed_exact_row(b, meeting->row[i]), (const mpq_t *)at, n);
        right = set >> i & 1 ? !sign : sign || k < meeting->rank;
    }
    for (size_t e = 0; e < k * (k + 1); e++)
        mpq_clear(a[e]);
    free(a);
    for (size_t j = 0; j < n; j++)
        mpq_clear(at[j]);
    free(at);
    mpq_clear(move);
    crease_shadow_count(CREASE_FILTER_BOX_MEETS);
    if (!right)
        crease_shadow_fail(CREASE_FILTER_BOX_MEETS, "set %llx of %zu rows, rank %zu, near %s",
                           (unsigned long long)set, meeting->count, meeting->rank,
                           crease_shadow_doubles(x, 1, n, text));
}

void crease_shadow_boxed_apart(const crease_boxed_meeting *meeting, uint64_t set)
{
    const crease_boxed *b = meeting->boxed;
    size_t n = b->n, d = n + 1, m = meeting->cell->m, rows = 0, supports;
    if (n > FEW_INPUTS)
        return;
    size_t *support = crease_alloc(d, sizeof *support);
    crease_exact_row *row = crease_alloc(2 * n + m + 2 * CREASE_MEET_ROWS, sizeof *row);
    for (size_t f = 0; f < 2 * n; f++)
        row[rows++] = (crease_exact_row){(const mpz_t *)b->model->face + f * d, 1};
    for (size_t i = 0; i < m; i++)
        row[rows++] = crease_boxed_exact_row(b, meeting->cell->row[i]);
    for (uint64_t left = set; left; left &= left - 1)
        for (int sign = 1; sign >= -1; sign -= 2) {
            row[rows] = crease_boxed_exact_row(b, meeting->row[__builtin_ctzll(left)]);
            row[rows++].sign *= sign;
        }
    /* By Farkas's lemma: -1 is a combination of them, with coefficients >= 0. */
    const mpz_t *one = (const mpz_t *)b->model->face + b->model->faces * d;
    bool apart =
        crease_simplex_in_cone(d, rows, row, (crease_exact_row){one, -1}, support, &supports, NULL);
    free(support);
    free(row);
    crease_shadow_count(CREASE_FILTER_BOX_APART);
    if (!apart)
        crease_shadow_fail(CREASE_FILTER_BOX_APART, "set %llx of %zu rows, %zu rows in the box",
                           (unsigned long long)set, meeting->count, m);
}
