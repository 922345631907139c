#include "regions/vertices.h"

#include "base/memory.h"
#include "exact/integer.h"

#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* The extreme rays of a cone in R^d. */
typedef struct {
    size_t d, words, count, room;
    mpz_t *v;         /* d integers for each ray; all of them are initialised */
    uint64_t *active; /* words for each ray: the rows that vanish there, as bits */
} cone;

static mpz_t *ray(const cone *c, size_t k)
{
    return c->v + k * c->d;
}

static uint64_t *active(const cone *c, size_t k)
{
    return c->active + k * c->words;
}

/* Adds a ray where nothing is active.  Pointers to other rays are no longer valid. */
static size_t add_ray(cone *c)
{
    if (c->count == c->room) {
        c->room = c->room ? 2 * c->room : 16;
        c->v = crease_realloc(c->v, c->room * c->d, sizeof *c->v);
        c->active = crease_realloc(c->active, c->room * c->words, sizeof *c->active);
        for (size_t i = c->count * c->d; i < c->room * c->d; i++)
            mpz_init(c->v[i]);
    }
    memset(active(c, c->count), 0, c->words * sizeof *c->active);
    return c->count++;
}

static void close_cone(cone *c)
{
    for (size_t i = 0; i < c->room * c->d; i++)
        mpz_clear(c->v[i]);
    free(c->v);
    free(c->active);
}

static void activate(const cone *c, size_t k, size_t row)
{
    active(c, k)[row / 64] |= (uint64_t)1 << row % 64;
}

/* The extreme rays of the cone of d independent rows: on each of them all rows but one vanish. */
static void begin(cone *c, const mpz_t *row, const size_t *basis)
{
    const mpz_t **others = crease_alloc(c->d, sizeof *others);
    for (size_t k = 0; k < c->d; k++) {
        size_t own = add_ray(c), count = 0;
        const mpz_t *free_row = row + basis[k] * c->d;
        for (size_t i = 0; i < c->d; i++) {
            if (i == k)
                continue;
            others[count++] = row + basis[i] * c->d;
            activate(c, own, basis[i]);
        }
        bool found = crease_integer_kernel(ray(c, own), others, count, c->d);
        assert(found || crease_interrupt_raised());
        (void)found;
        if (crease_integer_dot_sign(free_row, (const mpz_t *)ray(c, own), c->d) < 0)
            for (size_t j = 0; j < c->d; j++)
                mpz_neg(ray(c, own)[j], ray(c, own)[j]);
    }
    free(others);
}

static bool span_edge(const cone *c, size_t rays, size_t p, size_t q)
{
    size_t common = 0;
    for (size_t w = 0; w < c->words; w++)
        common += (size_t)__builtin_popcountll(active(c, p)[w] & active(c, q)[w]);
    if (common + 2 < c->d)
        return false;
    for (size_t k = 0; k < rays; k++) {
        bool within = k != p && k != q;
        for (size_t w = 0; w < c->words && within; w++)
            within = !(active(c, p)[w] & active(c, q)[w] & ~active(c, k)[w]);
        if (within)
            return false;
    }
    return true;
}

/* Adds the point where the row vanishes on the edge from p, where it has the positive value, to
 * q. */
static void add_crossing(cone *c, size_t row, size_t p, size_t q, const mpz_t at_p,
                         const mpz_t at_q)
{
    size_t own = add_ray(c);
    for (size_t j = 0; j < c->d; j++) {
        mpz_mul(ray(c, own)[j], ray(c, q)[j], at_p);
        mpz_submul(ray(c, own)[j], ray(c, p)[j], at_q);
    }
    crease_integer_reduce(ray(c, own), c->d);
    for (size_t w = 0; w < c->words; w++)
        active(c, own)[w] = active(c, p)[w] & active(c, q)[w];
    activate(c, own, row);
}

/* Removes the first rays where the value is negative; keeps those from `rays` on. */
static void remove_negative(cone *c, size_t rays, const mpz_t *value)
{
    size_t kept = 0;
    for (size_t k = 0; k < c->count; k++) {
        if (k < rays && mpz_sgn(value[k]) < 0)
            continue;
        for (size_t j = 0; j < c->d && kept < k; j++)
            mpz_swap(ray(c, kept)[j], ray(c, k)[j]);
        memmove(active(c, kept), active(c, k), c->words * sizeof *c->active);
        kept++;
    }
    c->count = kept;
}

static void cut(cone *c, const mpz_t *row, size_t i)
{
    size_t rays = c->count;
    mpz_t *value = crease_integer_new(rays);
    for (size_t k = 0; k < rays; k++) {
        for (size_t j = 0; j < c->d; j++)
            mpz_addmul(value[k], row[i * c->d + j], ray(c, k)[j]);
        if (!mpz_sgn(value[k]))
            activate(c, k, i);
    }
    for (size_t p = 0; p < rays && !crease_interrupted(); p++)
        for (size_t q = 0; q < rays && mpz_sgn(value[p]) > 0; q++)
            if (mpz_sgn(value[q]) < 0 && span_edge(c, rays, p, q))
                add_crossing(c, i, p, q, value[p], value[q]);
    remove_negative(c, rays, (const mpz_t *)value);
    crease_integer_free(value, rays);
}

/* Sets basis to d independent rows of m; false if there are fewer. */
static bool choose_basis(size_t d, size_t m, const mpz_t *row, size_t *basis)
{
    mpz_t *columns = crease_integer_new(d * m);
    size_t *pivot = crease_alloc(d < m ? d : m, sizeof *pivot);
    for (size_t i = 0; i < m; i++)
        for (size_t j = 0; j < d; j++)
            mpz_set(columns[j * m + i], row[i * d + j]);
    bool found = crease_integer_rank((const mpz_t *)columns, d, m, m, pivot) == d;
    if (found)
        memcpy(basis, pivot, d * sizeof *basis);
    crease_integer_free(columns, d * m);
    free(pivot);
    return found;
}

/* The order of two vertices given by d integers, the last one of which is positive. */
static int compare(const mpz_t *a, const mpz_t *b, size_t d)
{
    mpz_t x, y;
    int order = 0;
    mpz_inits(x, y, NULL);
    for (size_t j = 0; j + 1 < d && !order; j++) {
        mpz_mul(x, a[j], b[d - 1]);
        mpz_mul(y, b[j], a[d - 1]);
        order = mpz_cmp(x, y);
    }
    mpz_clears(x, y, NULL);
    return order;
}

/* Moves the rays with v_n > 0 to an array of their own, in order (insertion sort). */
static size_t take_vertices(const cone *c, mpz_t **vertex)
{
    size_t d = c->d, count = 0;
    for (size_t k = 0; k < c->count; k++)
        count += mpz_sgn(ray(c, k)[d - 1]) > 0;
    *vertex = crease_integer_new(count * d);
    count = 0;
    for (size_t k = 0; k < c->count; k++) {
        if (mpz_sgn(ray(c, k)[d - 1]) <= 0)
            continue;
        mpz_t *to = *vertex + count++ * d;
        for (size_t j = 0; j < d; j++)
            mpz_swap(to[j], ray(c, k)[j]);
        for (; to > *vertex && !crease_interrupted() &&
               compare((const mpz_t *)to, (const mpz_t *)(to - d), d) < 0;
             to -= d)
            for (size_t j = 0; j < d; j++)
                mpz_swap(to[j], to[(ptrdiff_t)j - (ptrdiff_t)d]);
    }
    return count;
}

size_t crease_vertices(size_t n, size_t m, const mpz_t *row, mpz_t **vertex)
{
    size_t d = n + 1, all = m + 1, count = 0;
    mpz_t *own = crease_integer_new(all * d);
    size_t *basis = crease_alloc(d, sizeof *basis);
    cone c = {.d = d, .words = (all + 63) / 64};
    for (size_t i = 0; i < m * d; i++)
        mpz_set(own[i], row[i]);
    mpz_set_ui(own[m * d + n], 1); /* v_n >= 0 */
    *vertex = NULL;
    if (choose_basis(d, all, (const mpz_t *)own, basis)) {
        begin(&c, (const mpz_t *)own, basis);
        for (size_t i = 0, k = 0; i < all && !crease_interrupted(); i++)
            if (k < d && basis[k] == i)
                k++;
            else
                cut(&c, (const mpz_t *)own, i);
        count = take_vertices(&c, vertex);
    }
    close_cone(&c);
    crease_integer_free(own, all * d);
    free(basis);
    return count;
}
