#include "proof/witnesses.h"

#include "base/interrupt.h"
#include "base/memory.h"
#include "base/status.h"
#include "exact/integer.h"
#include "proof/shadow.h"

#include <stdlib.h>

/* Numerators are kept within so many bits of the shortest; the last is that of the format. */
enum { STEP = 12, MAX_EXPONENT = 1 << 24 };

/* A positive multiple of the row on the subspace of the first count equations, without their
 * pivots. */
static void solve_pivots(const crease_subspace *subspace, const mpz_t *equation, size_t count,
                         const mpz_t *source, mpz_t *own)
{
    size_t d = subspace->model->inputs + 1;
    mpz_t a, b;
    mpz_inits(a, b, NULL);
    for (size_t j = 0; j < d; j++)
        mpz_set(own[j], source[j]);
    for (size_t i = 0; i < count && !crease_interrupted(); i++) {
        const mpz_t *above = equation + i * d;
        mpz_abs(a, above[subspace->pivot[i]]);
        mpz_set(b, own[subspace->pivot[i]]);
        if (mpz_sgn(above[subspace->pivot[i]]) < 0)
            mpz_neg(b, b);
        for (size_t j = 0; j < d; j++) {
            mpz_mul(own[j], own[j], a);
            mpz_submul(own[j], above[j], b);
        }
    }
    crease_integer_reduce(own, d);
    mpz_clears(a, b, NULL);
}

/* The rows of the first count crossings as integers, each without the pivots before it. */
static mpz_t *exact_rows(const crease_subspace *subspace, size_t count)
{
    size_t d = subspace->model->inputs + 1;
    mpz_t *row = crease_integer_new(count * d);
    for (size_t k = 0; k < count; k++)
        solve_pivots(subspace, (const mpz_t *)row, k,
                     crease_map_exact(subspace->cross[k].map, subspace->cross[k].unit),
                     row + k * d);
    return row;
}

size_t crease_subspace_exact_pivot(const crease_subspace *subspace)
{
    size_t n = subspace->model->inputs, k = subspace->count, best = SIZE_MAX;
    mpz_t *row = exact_rows(subspace, k + 1);
    for (size_t j = 0; j < n; j++)
        if (!subspace->solved[j] &&
            (best == SIZE_MAX || mpz_cmpabs(row[k * (n + 1) + j], row[k * (n + 1) + best]) > 0))
            best = j;
    crease_integer_free(row, (k + 1) * (n + 1));
    return best;
}

void crease_subspace_exact_target(const crease_subspace *subspace, const crease_rays *rays,
                                  const crease_ray_cell *cell, mpz_t *V)
{
    size_t d = rays->d;
    mpz_t *R = crease_integer_new(d), value, there;
    mpz_inits(value, there, NULL);
    const crease_row *last = crease_subspace_beside(subspace);
    const mpz_t *row = last ? crease_map_exact(last->map, last->unit) : NULL;
    for (size_t i = 0; i < cell->count && !crease_interrupted(); i++) {
        size_t bits = 0;
        crease_rays_exact(rays, cell->ray[i], R);
        for (size_t j = 0; j < d; j++)
            bits = mpz_sizeinbase(R[j], 2) > bits ? mpz_sizeinbase(R[j], 2) : bits;
        for (size_t j = 0; j < d; j++) {
            /* All about the same length, but for rays of very large numbers. */
            mpz_mul_2exp(R[j], R[j], bits < 4000 ? 4000 - bits : 0);
            mpz_add(V[j], V[j], R[j]);
        }
    }
    for (size_t j = 0; row && j < d; j++)
        mpz_addmul(value, row[j], V[j]);
    for (size_t i = 0; row && i < cell->count && mpz_sgn(value); i++) {
        crease_rays_exact(rays, cell->ray[i], R);
        mpz_set_ui(there, 0);
        for (size_t j = 0; j < d; j++)
            mpz_addmul(there, row[j], R[j]);
        if (mpz_sgn(there) * mpz_sgn(value) >= 0)
            continue;
        mpz_abs(there, there);
        mpz_abs(value, value);
        for (size_t j = 0; j < d; j++) {
            mpz_mul(V[j], V[j], there);
            mpz_addmul(V[j], R[j], value);
        }
        break;
    }
    crease_integer_free(R, d);
    mpz_clears(value, there, NULL);
}

static void shift(mpq_t x, long exponent)
{
    if (exponent >= 0)
        mpq_mul_2exp(x, x, (mp_bitcnt_t)exponent);
    else
        mpq_div_2exp(x, x, (mp_bitcnt_t)-exponent);
}

/* Rounds the target to 2^-exponent in the coordinates of the network. */
static void round_point(const crease_subspace *subspace, const mpz_t *V, long exponent,
                        mpz_t *numerator, mpq_t *x)
{
    const crease_model *model = subspace->model;
    size_t n = model->inputs;
    for (size_t j = 0; j < n; j++) {
        if (subspace->solved[j])
            continue;
        long scale = model->column[j] - model->column[n];
        mpz_set(mpq_numref(x[j]), V[j]);
        mpz_set(mpq_denref(x[j]), V[n]);
        mpq_canonicalize(x[j]);
        shift(x[j], scale);
        mpq_add(x[j], x[j], model->centre[j]);
        shift(x[j], exponent + 1);
        mpz_fdiv_q(numerator[j], mpq_numref(x[j]), mpq_denref(x[j]));
        mpz_add_ui(numerator[j], numerator[j], 1);
        mpz_fdiv_q_2exp(numerator[j], numerator[j], 1);
        mpq_set_z(x[j], numerator[j]);
        shift(x[j], -exponent);
        mpq_sub(x[j], x[j], model->centre[j]);
        shift(x[j], -scale);
    }
    mpq_set_ui(x[n], 1, 1);
}

/* sum of row_j x_j over all j but skip. */
static void evaluate(mpq_t out, const mpz_t *row, mpq_t *x, size_t d, size_t skip)
{
    mpq_t term;
    mpq_init(term);
    mpq_set_ui(out, 0, 1);
    for (size_t j = 0; j < d; j++)
        if (j != skip) {
            mpq_set_z(term, row[j]);
            mpq_mul(term, term, x[j]);
            mpq_add(out, out, term);
        }
    mpq_clear(term);
}

static bool inside_exactly(const crease_subspace *subspace, const crease_rays *rays,
                           const mpz_t *equation, const crease_row *row, size_t rows, mpq_t *x)
{
    size_t d = rays->d;
    bool inside = true;
    mpq_t value, pivot;
    mpq_inits(value, pivot, NULL);
    for (size_t k = subspace->count; k-- > 0;) {
        evaluate(value, equation + k * d, x, d, subspace->pivot[k]);
        mpq_set_z(pivot, equation[k * d + subspace->pivot[k]]);
        mpq_div(value, value, pivot);
        mpq_neg(x[subspace->pivot[k]], value);
    }
    for (size_t r = 0; r < rows && inside && !crease_interrupted(); r++) {
        evaluate(value, crease_rays_row(rays, &row[r]), x, d, d);
        inside = mpq_sgn(value) * row[r].sign > 0;
    }
    mpq_clears(value, pivot, NULL);
    return inside;
}

/* An exponent e for which the rounded point lies inside.  Rounding moves coordinate j of the
 * network by at most 2^-(e+1), that of the model by 2^-scale_j as much, and a row c in the
 * coordinates that are left by at most 2^-(e+1) reach, reach = sum_j |c_j| 2^-scale_j.  The row's
 * value at the target is c.V / V_n; so 2^(e+1) > reach V_n / c.V is enough, and a fraction p / q is
 * less than 2^(bits(p) - bits(q) + 1). */
static long sure_exponent(const crease_subspace *subspace, const crease_rays *rays,
                          const mpz_t *equation, const crease_row *row, size_t rows, const mpz_t *V)
{
    size_t d = rays->d, n = d - 1;
    const long *column = subspace->model->column;
    mpz_t *own = crease_integer_new(d), value;
    mpq_t reach, term;
    long exponent = 0;
    mpz_init(value);
    mpq_inits(reach, term, NULL);
    for (size_t r = 0; r < rows && !crease_interrupted(); r++) {
        solve_pivots(subspace, equation, subspace->count, crease_rays_row(rays, &row[r]), own);
        mpq_set_ui(reach, 0, 1);
        mpz_mul(value, own[n], V[n]);
        for (size_t j = 0; j < n; j++) {
            mpz_addmul(value, own[j], V[j]);
            mpz_abs(mpq_numref(term), own[j]);
            mpz_set_ui(mpq_denref(term), 1);
            shift(term, column[n] - column[j]);
            mpq_add(reach, reach, term);
        }
        if (mpz_sgn(value) * row[r].sign <= 0 && !crease_interrupt_raised())
            crease_fatal("certificate: the target is not inside its cell");
        if (!mpq_sgn(reach))
            continue;
        mpz_mul(mpq_numref(reach), mpq_numref(reach), V[n]);
        mpz_mul(mpq_denref(reach), mpq_denref(reach), value);
        long bits =
            (long)mpz_sizeinbase(mpq_numref(reach), 2) - (long)mpz_sizeinbase(mpq_denref(reach), 2);
        exponent = bits > exponent ? bits : exponent;
    }
    mpq_clears(reach, term, NULL);
    mpz_clear(value);
    crease_integer_free(own, d);
    return exponent;
}

void crease_subspace_point_by_integers(crease_trace *trace, const crease_subspace *subspace,
                                       const crease_rays *rays, const mpz_t *V,
                                       const crease_row *row, size_t rows)
{
    size_t d = rays->d;
    mpz_t *equation = exact_rows(subspace, subspace->count), *numerator = crease_integer_new(d);
    mpq_t *x = crease_alloc(d, sizeof *x);
    for (size_t j = 0; j < d; j++)
        mpq_init(x[j]);
    /* A coarser step often suffices.  Bisection finds it; its upper end is always sufficient. */
    long out = -STEP, in = sure_exponent(subspace, rays, (const mpz_t *)equation, row, rows, V);
    /* Once the thread is interrupted, V and the pivots may be 0. */
    while (in - out > STEP && !crease_interrupted()) {
        long middle = out + (in - out) / 2;
        round_point(subspace, V, middle, numerator, x);
        if (inside_exactly(subspace, rays, (const mpz_t *)equation, row, rows, x))
            in = middle;
        else
            out = middle;
    }
    if (!crease_interrupt_raised()) {
        round_point(subspace, V, in, numerator, x);
        if (in > MAX_EXPONENT)
            crease_tape_refuse(trace->tape, "a cell is thinner than 2^-16777216");
        crease_trace_point(trace, in);
        for (size_t j = 0; j + 1 < d; j++)
            if (!subspace->solved[j])
                crease_trace_big_numerator(trace, numerator[j]);
        crease_trace_point_end(trace);
    }
    for (size_t j = 0; j < d; j++)
        mpq_clear(x[j]);
    free(x);
    crease_integer_free(equation, subspace->count * d);
    crease_integer_free(numerator, d);
}

void crease_shadow_pivot(const crease_subspace *subspace, size_t pivot)
{
    size_t d = subspace->model->inputs + 1, k = subspace->count;
    mpz_t *row = exact_rows(subspace, k + 1);
    crease_shadow_count(CREASE_FILTER_PIVOT);
    if (!mpz_sgn(row[k * d + pivot]))
        crease_shadow_fail(CREASE_FILTER_PIVOT, "coordinate %zu of crossing %zu is 0", pivot, k);
    crease_integer_free(row, (k + 1) * d);
}

void crease_shadow_witness(const crease_subspace *subspace, const crease_rays *rays,
                           const double *point, const crease_row *row, size_t rows)
{
    size_t d = rays->d;
    char text[600];
    mpz_t *equation = exact_rows(subspace, subspace->count);
    mpq_t *x = crease_alloc(d, sizeof *x);
    for (size_t j = 0; j < d; j++) {
        mpq_init(x[j]);
        mpq_set_d(x[j], point[j]);
    }
    crease_shadow_count(CREASE_FILTER_WITNESS);
    if (!inside_exactly(subspace, rays, (const mpz_t *)equation, row, rows, x))
        crease_shadow_fail(CREASE_FILTER_WITNESS, "%s is outside",
                           crease_shadow_doubles(point, 1, d, text));
    for (size_t j = 0; j < d; j++)
        mpq_clear(x[j]);
    free(x);
    crease_integer_free(equation, subspace->count * d);
}
