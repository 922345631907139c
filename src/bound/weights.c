#include "bound/bound.h"

#include "base/memory.h"
#include "exact/integer.h"

#include <stdlib.h>

enum { EXACT_RANK = 300, TABLE_STEPS = 20000000 };

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* outer after inner, with numbers of its own. */
static crease_layer compose(const crease_layer *outer, const crease_layer *inner)
{
    crease_layer map = *outer;
    map.inputs = inner->inputs;
    crease_rows_compose(&map.map, &outer->map, &inner->map, inner->den, NULL);
    mpz_init(map.den);
    mpz_mul(map.den, outer->den, inner->den);
    return map;
}

static void drop(crease_layer *map)
{
    crease_rows_free(&map->map);
    mpz_clear(map->den);
}

size_t crease_bound_fold(const crease_network *network, crease_layer **map, bool **owned)
{
    size_t layers = 0;
    bool pending = false; /* map[layers] holds linear layers */
    *map = crease_alloc(network->layers + 1, sizeof **map);
    *owned = crease_alloc(network->layers + 1, sizeof **owned);
    for (size_t l = 0; l < network->layers; l++) {
        crease_layer *here = *map + layers;
        if (pending) {
            crease_layer next = compose(&network->layer[l], here);
            if ((*owned)[layers])
                drop(here);
            *here = next;
        } else {
            *here = network->layer[l];
        }
        (*owned)[layers] = pending;
        pending = crease_layer_states(&network->layer[l]) < 2;
        layers += !pending;
    }
    if (pending && (*owned)[layers])
        drop(*map + layers);
    return layers;
}

void crease_bound_unfold(crease_layer *map, bool *owned, size_t layers)
{
    for (size_t l = 0; map && l < layers; l++)
        if (owned[l])
            drop(&map[l]);
    free(map);
    free(owned);
}

/* The rank of the first n columns, or beyond EXACT_RANK a bound of it. */
static size_t rank_of(const mpz_t *dense, size_t given, size_t n)
{
    size_t rows = 0;
    /* Rows that are 0 or repeat another row are left out first, because elimination is slow. */
    const mpz_t **row = crease_alloc(given, sizeof *row);
    for (size_t u = 0; u < given; u++) {
        const mpz_t *next = dense + u * (n + 1);
        bool needed = !crease_integer_is_zero(next, n);
        for (size_t k = 0; k < rows && needed; k++)
            needed = !crease_integer_parallel(row[k], next, n);
        if (needed)
            row[rows++] = next;
    }
    size_t rank = least(rows, n);
    if (rank <= EXACT_RANK) {
        mpz_t *matrix = crease_integer_new(rows * n);
        size_t *pivot = crease_alloc(rank + 1, sizeof *pivot);
        for (size_t i = 0; i < rows * n; i++)
            mpz_set(matrix[i], row[i / n][i % n]);
        rank = crease_integer_rank((const mpz_t *)matrix, rows, n, n, pivot);
        free(pivot);
        crease_integer_free(matrix, rows * n);
    }
    free(row);
    return rank;
}

size_t crease_bound_rank(const crease_layer *map)
{
    size_t n = map->inputs, given = map->rows - map->carry, full = least(given, n);
    size_t *pivot = crease_alloc(full + 1, sizeof *pivot);
    mpz_t *dense = crease_rows_dense(&map->map, given);
    bool is_full = crease_integer_full_rank((const mpz_t *)dense, given, n, n + 1, pivot);
    free(pivot);
    size_t rank = is_full ? full : rank_of((const mpz_t *)dense, given, n);
    crease_integer_free(dense, given * (n + 1));
    return rank;
}

/* Intervals of the values that a layer receives, over one denominator. */
typedef struct {
    size_t count;
    mpz_t *lo, *hi;
    bool *always; /* it contributes whichever units are active: an input, or a unit that is
                     always positive */
    size_t always_count;
    mpz_t den;
} intervals;

static intervals *intervals_new(size_t count)
{
    intervals *x = crease_alloc(1, sizeof *x);
    x->count = count;
    x->lo = crease_integer_new(count);
    x->hi = crease_integer_new(count);
    x->always = crease_alloc(count, sizeof *x->always);
    mpz_init_set_ui(x->den, 1);
    return x;
}

static void intervals_free(intervals *x)
{
    crease_integer_free(x->lo, x->count);
    crease_integer_free(x->hi, x->count);
    mpz_clear(x->den);
    free(x->always);
    free(x);
}

static void scale_bound(mpz_t out, const mpq_t bound, const mpz_t den)
{
    mpz_divexact(out, den, mpq_denref(bound));
    mpz_mul(out, out, mpq_numref(bound));
}

static intervals *intervals_of_box(const crease_domain *box)
{
    intervals *x = intervals_new(box->inputs);
    for (size_t j = 0; j < x->count; j++) {
        mpz_lcm(x->den, x->den, mpq_denref(box->lo[j]));
        mpz_lcm(x->den, x->den, mpq_denref(box->hi[j]));
    }
    for (size_t j = 0; j < x->count; j++) {
        scale_bound(x->lo[j], box->lo[j], x->den);
        scale_bound(x->hi[j], box->hi[j], x->den);
        x->always[j] = true;
    }
    x->always_count = x->count;
    return x;
}

static int compare_numbers(const void *a, const void *b)
{
    return mpz_cmp(*(const mpz_t *)a, *(const mpz_t *)b);
}

/* sum starts with what always contributes; the others, all of the given sign, are added from the
 * largest on.  Returns how many units must be active before sum has that sign, at least base,
 * or never.  sum ends with all of them added. */
static size_t threshold(mpz_t sum, mpz_t *other, size_t others, int sign, size_t base, size_t never)
{
    size_t at = mpz_sgn(sum) == sign ? base : never;
    qsort(other, others, sizeof *other, compare_numbers);
    for (size_t i = 0; i < others; i++) {
        mpz_add(sum, sum, other[sign > 0 ? others - 1 - i : i]);
        if (at == never && mpz_sgn(sum) == sign)
            at = base + i + 1;
    }
    return at;
}

/* One end of the interval of a unit: sign > 0 the upper one, sign < 0 the lower one. */
static size_t unit_end(mpz_t sum, const crease_rows *map, size_t u, const intervals *x, int sign,
                       mpz_t *other)
{
    size_t others = 0;
    mpz_mul(sum, map->bias[u], x->den);
    for (size_t i = map->begin[u]; i < map->begin[u + 1]; i++) {
        size_t j = map->input[i];
        int weight = mpz_sgn(map->weight[i]);
        mpz_srcptr end = weight * sign > 0 ? x->hi[j] : x->lo[j];
        if (x->always[j])
            mpz_addmul(sum, map->weight[i], end);
        else if (weight == sign && mpz_sgn(x->hi[j]))
            mpz_mul(other[others++], map->weight[i], x->hi[j]);
    }
    return threshold(sum, other, others, sign, x->always_count, SIZE_MAX);
}

/* able[k], divided[k], k = 0..x->count: A(k) and I(k).  Returns the intervals behind the layer. */
static intervals *enclose(const crease_layer *map, const intervals *x, size_t *able,
                          size_t *divided)
{
    size_t n = x->count;
    intervals *y = intervals_new(map->width);
    mpz_t *other = crease_integer_new(n);
    mpz_mul(y->den, x->den, map->den);
    for (size_t u = 0; u < map->width; u++) {
        size_t up = unit_end(y->hi[u], &map->map, u, x, 1, other);
        size_t down = unit_end(y->lo[u], &map->map, u, x, -1, other);
        for (size_t k = 0; k <= n; k++) {
            /* Fewer active units than are always active do not occur. */
            size_t most = k > x->always_count ? k : x->always_count;
            able[k] += up <= most;
            divided[k] += up <= most && down <= most;
        }
        y->always[u] = mpz_sgn(y->lo[u]) > 0;
        y->always_count += y->always[u];
        if (mpz_sgn(y->lo[u]) < 0)
            mpz_set_ui(y->lo[u], 0);
        if (mpz_sgn(y->hi[u]) < 0)
            mpz_set_ui(y->hi[u], 0);
    }
    crease_integer_free(other, n);
    return y;
}

/* Cells by the active units of the layer before, or rows = 1 if these do not matter, and by
 * dimension. */
typedef struct {
    size_t rows, dimensions;
    mpz_t *count;
} cell_table;

static cell_table table_new(size_t rows, size_t dimensions)
{
    return (cell_table){rows, dimensions, crease_integer_new(rows * dimensions)};
}

static cell_table pass_layer(cell_table from, const size_t *able, const size_t *divided,
                             size_t width, bool keep_active)
{
    size_t top = from.dimensions - 1;
    cell_table to = table_new(keep_active ? width + 1 : 1, least(top, width) + 1);
    mpz_t choose;
    mpz_init(choose);
    for (size_t k = 0; k < from.rows; k++) {
        for (size_t d = 0; d <= top; d++) {
            const mpz_t *cells = (const mpz_t *)from.count + k * from.dimensions + d;
            if (!mpz_sgn(*cells))
                continue;
            mpz_set(choose, *cells);
            for (size_t j = 0; j <= divided[k] && j <= d; j++) {
                size_t active = able[k] - j, row = keep_active ? active : 0;
                mpz_t *cell = to.count + row * to.dimensions + least(d, active);
                if (j) {
                    mpz_mul_ui(choose, choose, divided[k] - j + 1);
                    mpz_divexact_ui(choose, choose, j);
                }
                mpz_add(*cell, *cell, choose);
            }
        }
    }
    mpz_clear(choose);
    crease_integer_free(from.count, from.rows * from.dimensions);
    return to;
}

void crease_bound_stable(mpz_t sum, const crease_bound_case *given, size_t *stable)
{
    size_t n = given->inputs, top = n;
    intervals *x = intervals_of_box(given->domain);
    cell_table cells = table_new(1, n + 1);
    mpz_set_ui(cells.count[n], 1);
    for (size_t l = 0; l < given->layers; l++) {
        size_t width = given->width[l], last = x->count;
        size_t *able = crease_alloc(last + 1, sizeof *able);
        size_t *divided = crease_alloc(last + 1, sizeof *divided);
        intervals *y = enclose(&given->map[l], x, able, divided);
        if (stable)
            stable[l] = width - divided[last];
        top = least(top, width);
        size_t next = l + 1 < given->layers ? given->width[l + 1] : 0;
        bool keep = (width + 1) * (top + 1) * (least(top, next) + 1) < TABLE_STEPS;
        /* A single row stands for any number of active units. */
        size_t skip = cells.rows == 1 ? last : 0;
        cells = pass_layer(cells, able + skip, divided + skip, width, keep);
        intervals_free(x);
        x = y;
        free(able);
        free(divided);
    }
    mpz_set_ui(sum, 0);
    for (size_t i = 0; i < cells.rows * cells.dimensions; i++)
        mpz_add(sum, sum, cells.count[i]);
    crease_integer_free(cells.count, cells.rows * cells.dimensions);
    intervals_free(x);
}
