/* Flats and points by words (near.c), all in kept inputs: functions on a flat and points of it are 0
 * at its pivots. What is multiplied by a positive number is the same point, and a function of the
 * same sign.
 *
 * If a_i = m_i + d_i and b_i = k_i + e_i with |d_i| <= D and |e_i| <= E, then a sum of at most
 * NEAR_MOST products a_i b_i is right up to (sum |m_i|) E + (sum |k_i|) D + NEAR_MOST D E. */
#include "check.h"

#include <stdlib.h>
#include <string.h>

/* Sums of products of words of a, whose sizes add up to at most m in each, and words of b, which are so
 * many; false if nothing is known of them. */
static bool cut(near *to, const wide *sum, size_t count, const near *a, wide_size m, const near *b,
                size_t words)
{
    wide_size k = 0;
    for (size_t j = 0; j < words; j++)
        k += (uint64_t)llabs(b->word[j]);
    to->shift = 0;
    near_cut(to, sum, count,
             m * b->error + k * a->error + (wide_size)NEAR_MOST * a->error * b->error);
    return to->error < NEAR_NOTHING;
}

/* The flat that is all; memory for it and for others. */
void near_flat_start(near_flat *f, size_t n)
{
    *f = (near_flat){.weigh = 1};
    f->table.word = base_allocate(n * (n + 1) + 1, sizeof *f->table.word);
    f->table.word[0] = 1;
    f->row.word = base_allocate(n + 1, sizeof *f->row.word);
}

/* The largest sum of sizes in a row or column, and den. */
static void weigh(near_flat *f, const solved *flat)
{
    size_t length = flat->n + 1;
    uint64_t most = 0, column[NEAR_MOST] = {0};
    for (size_t r = 0; r < flat->rows; r++) {
        uint64_t row = 0;
        for (size_t j = 0; j < length; j++) {
            uint64_t size = (uint64_t)llabs(f->table.word[r * length + j]);
            row += size;
            column[j] += size;
            most = column[j] > most ? column[j] : most;
        }
        most = row > most ? row : most;
    }
    f->weigh = most + (uint64_t)f->table.word[flat->rows * length];
}

/* From the flat above, where the function v that is 0 here is known to be row and to depend on the
 * latest pivot p: times |v_p|, rows t become t_j |v_p| - t_p v_j, with the sign of v_p, and a row
 * -den v_j follows, all over den |v_p|. */
bool near_flat_exchange(near_flat *f, const near_flat *above, const solved *flat)
{
    size_t length = flat->n + 1, last = flat->rows - 1, p = flat->pivot[last];
    const int64_t *t = above->table.word, *v = f->row.word;
    wide sum[NEAR_MOST * NEAR_MOST];
    int64_t size = llabs(v[p]), sign = v[p] < 0 ? -1 : 1;
    for (size_t r = 0; r < last; r++)
        for (size_t j = 0; j < length; j++)
            sum[r * length + j] =
                (wide)t[r * length + j] * size - (wide)(t[r * length + p] * sign) * v[j];
    for (size_t j = 0; j < length; j++)
        sum[last * length + j] = j == p ? 0 : (wide)(t[last * length] * -sign) * v[j];
    sum[flat->rows * length] = (wide)t[last * length] * size;
    bool known =
        cut(&f->table, sum, flat->rows * length + 1, &above->table, above->weigh, &f->row, length);
    weigh(f, flat);
    return known;
}

/* den g_j + sum over the pivots p of g_p t_pj: the function g on the flat. */
bool near_flat_express(const near_flat *f, const solved *flat, const near *row, near *to)
{
    size_t length = flat->n + 1;
    const int64_t *t = f->table.word, *g = row->word;
    wide sum[NEAR_MOST], own;
    for (size_t r = 0; r < flat->rows; r++)
        sum[flat->pivot[r]] = 0;
    for (size_t i = 0; i <= flat->columns; i++) {
        size_t j = flat->column[i];
        own = (wide)t[flat->rows * length] * g[j];
        for (size_t r = 0; r < flat->rows; r++)
            own += (wide)g[flat->pivot[r]] * t[r * length + j];
        sum[j] = own;
    }
    return row->error < NEAR_NOTHING && cut(to, sum, length, &f->table, f->weigh, row, length);
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
    return cut(to, sum, length, &f->table, f->weigh, x, length);
}
