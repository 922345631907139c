/* Flats and points by words (near.c), all in kept inputs: functions on a flat and points of it are 0
 * at its pivots. What is multiplied by a positive number is the same point, and a function of the
 * same sign. All numbers are sums of at most n + 1 products, as near_sum takes them. */
#include "check.h"

/* The flat that is all; memory for it and for others. */
void near_flat_start(near_flat *f, size_t n)
{
    *f = (near_flat){.room = 1, .weigh = 1};
    f->table.word = base_allocate(1, sizeof *f->table.word);
    f->table.word[0] = 1;
    f->row.word = base_allocate(n + 1, sizeof *f->row.word);
}

static uint64_t largest(const int64_t *word, size_t count)
{
    uint64_t most = 0;
    for (size_t i = 0; i < count; i++)
        most = (uint64_t)llabs(word[i]) > most ? (uint64_t)llabs(word[i]) : most;
    return most;
}

/* From the flat above, where the function v that is 0 here is known to be row and to depend on the
 * latest pivot p: times |v_p|, rows t become t_j |v_p| - t_p v_j, with the sign of v_p, and a row
 * -den v_j follows, all over den |v_p|: sums of at most two products. In sum is room for them. */
bool near_flat_exchange(near_flat *f, const near_flat *above, const solved *flat, wide *sum)
{
    size_t length = flat->n + 1, last = flat->rows - 1, p = flat->pivot[last];
    size_t count = flat->rows * length + 1;
    const int64_t *t = above->table.word, *v = f->row.word, den = t[last * length];
    int64_t size = llabs(v[p]), sign = v[p] < 0 ? -1 : 1;
    wide_size d = above->table.error, e = f->row.error,
              error = 2 * (largest(t, last * length + 1) * e + largest(v, length) * d + d * e);
    for (size_t r = 0; r < last; r++)
        for (size_t j = 0; j < length; j++)
            sum[r * length + j] =
                (wide)t[r * length + j] * size - (wide)(t[r * length + p] * sign) * v[j];
    for (size_t j = 0; j < length; j++)
        sum[last * length + j] = j == p ? 0 : (wide)(den * -sign) * v[j];
    sum[count - 1] = (wide)den * size;
    if (count > f->room)
        f->table.word = base_resize(f->table.word, f->room = count, sizeof *f->table.word);
    bool known = near_cut(&f->table, sum, count, error);
    f->weigh = 0;
    for (size_t i = 0; i < count; i++)
        f->weigh += (uint64_t)llabs(f->table.word[i]) + f->table.error;
    return known;
}

/* den g_j + sum over the pivots p of g_p t_pj: coefficient j of the function g on the flat, up to: */
static wide express_at(const near_flat *f, const solved *flat, const near *g, size_t j)
{
    const int64_t *t = f->table.word + j;
    wide sum = (wide)f->table.word[flat->rows * (flat->n + 1)] * g->word[j];
    for (size_t r = 0; r < flat->rows; r++, t += flat->n + 1)
        sum += (wide)*t * g->word[flat->pivot[r]];
    return sum;
}

/* By near_sum. */
static wide_size express_error(const near_flat *f, const solved *flat, const near *g)
{
    wide_size sizes = 0;
    for (size_t j = 0; j <= flat->n; j++)
        sizes += (uint64_t)llabs(g->word[j]);
    return sizes * f->table.error + g->error * f->weigh;
}

int near_flat_sign(const near_flat *f, const solved *flat, const near *g, size_t j)
{
    if (f->table.error >= NEAR_NOTHING || g->error >= NEAR_NOTHING)
        return 0;
    return near_beyond(express_at(f, flat, g, j), express_error(f, flat, g));
}

bool near_flat_express(const near_flat *f, const solved *flat, const near *g, near *to)
{
    wide sum[MOST_INPUTS + 1];
    if (f->table.error >= NEAR_NOTHING || g->error >= NEAR_NOTHING)
        return false;
    for (size_t r = 0; r < flat->rows; r++)
        sum[flat->pivot[r]] = 0;
    for (size_t i = 0; i <= flat->columns; i++)
        sum[flat->column[i]] = express_at(f, flat, g, flat->column[i]);
    return near_cut(to, sum, flat->n + 1, express_error(f, flat, g));
}

/* The point in all coordinates: den x_j, and sum_j t_pj x_j at the pivots p. */
bool near_flat_lift(const near_flat *f, const solved *flat, const near *x, near *to)
{
    size_t length = flat->n + 1;
    near row = {f->table.word, 0, f->table.error}, den = row;
    wide sum[MOST_INPUTS + 1];
    wide_size error = 0, own = 0;
    bool known = true;
    den.word += flat->rows * length;
    for (size_t j = 0; j < length && known; j++) {
        known = near_sum(&den, &(near){x->word + j, 0, x->error}, 1, &sum[j], &own);
        error = own > error ? own : error;
    }
    for (size_t r = 0; r < flat->rows && known; r++, row.word += length) {
        known = near_sum(&row, x, length, &sum[flat->pivot[r]], &own);
        error = own > error ? own : error;
    }
    return known && near_cut(to, sum, length, error);
}
