/* Flats and points by words (near.c), all in kept inputs: functions on a flat and points of it are 0
 * at its pivots. What is multiplied by a positive number is the same point, and a function of the
 * same sign.
 *
 * If a_i = m_i + d_i and b_i = k_i + e_i with |d_i| <= D and |e_i| <= E, then a sum of at most
 * NEAR_MOST products a_i b_i is right up to (sum |m_i|) E + (sum |k_i|) D + NEAR_MOST D E. */
#include "check.h"

#include <stdlib.h>
#include <string.h>

/* The sums, which are right up to that; false if nothing is known of them. */
static bool cut(near *to, const wide *sum, size_t count, const near *a, wide_size m, const near *b)
{
    wide_size k = 0;
    for (size_t j = 0; j < count; j++)
        k += (uint64_t)llabs(b->word[j]);
    to->shift = 0;
    near_cut(to, sum, count,
             m * b->error + k * a->error + (wide_size)NEAR_MOST * a->error * b->error);
    return to->error < NEAR_NOTHING;
}

/* The rows of the flat, and den behind them. */
void near_flat_make(near_flat *f, const solved *flat)
{
    size_t count = flat->rows * (flat->n + 1);
    if (!f->view) {
        f->table.word = base_allocate(NEAR_MOST * NEAR_MOST, sizeof *f->table.word);
        f->view = base_allocate(NEAR_MOST * NEAR_MOST, sizeof *f->view);
    }
    if (count)
        memcpy(f->view, flat->t, count * sizeof *f->view);
    f->view[count] = *flat->den;
    for (size_t i = 0; i < flat->rows * flat->rows; i++) /* there are no columns at the pivots */
        mpz_roinit_n(f->view + i / flat->rows * (flat->n + 1) + flat->pivot[i % flat->rows], NULL,
                     0);
    near_integers(&f->table, f->view, count + 1);
    f->weigh = 0;
    for (size_t i = 0; i <= count; i++)
        f->weigh += (uint64_t)llabs(f->table.word[i]);
}

/* den g_j + sum over the pivots p of g_p t_pj: the function g on the flat. */
bool near_flat_express(const near_flat *f, const solved *flat, const near *row, near *to)
{
    size_t length = flat->n + 1;
    const int64_t *t = f->table.word, *g = row->word;
    wide sum[NEAR_MOST] = {0};
    for (size_t i = 0; i <= flat->columns; i++) {
        size_t j = flat->column[i];
        sum[j] = (wide)t[flat->rows * length] * g[j];
        for (size_t r = 0; r < flat->rows; r++)
            sum[j] += (wide)g[flat->pivot[r]] * t[r * length + j];
    }
    return row->error < NEAR_NOTHING && cut(to, sum, length, &f->table, f->weigh, row);
}

/* The point x, x_p = 0, times |g_p|, but with the x_p where the function g is 0; g_p is certainly
 * not 0. */
bool near_flat_solve(const near *function, size_t length, size_t p, const near *x, near *to)
{
    const int64_t *g = function->word;
    wide sum[NEAR_MOST], rest = 0;
    wide_size weigh = 0;
    for (size_t j = 0; j < length; j++) {
        sum[j] = (wide)(g[p] < 0 ? -g[p] : g[p]) * x->word[j];
        rest += (wide)g[j] * x->word[j];
        weigh += (uint64_t)llabs(g[j]);
    }
    sum[p] = g[p] < 0 ? rest : -rest;
    return cut(to, sum, length, function, weigh, x);
}

/* The point in all coordinates: den x_j, and sum_j t_pj x_j at the pivots p. */
bool near_flat_lift(const near_flat *f, const solved *flat, const near *x, near *to)
{
    size_t length = flat->n + 1;
    const int64_t *t = f->table.word;
    wide sum[NEAR_MOST];
    for (size_t j = 0; j < length; j++)
        sum[j] = (wide)t[flat->rows * length] * x->word[j];
    for (size_t r = 0; r < flat->rows; r++, t += length) {
        wide total = 0;
        for (size_t i = 0; i <= flat->columns; i++)
            total += (wide)t[flat->column[i]] * x->word[flat->column[i]];
        sum[flat->pivot[r]] = total;
    }
    return cut(to, sum, length, &f->table, f->weigh, x);
}
