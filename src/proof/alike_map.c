#include "proof/alike_map.h"

#include "base/limits.h"
#include "base/memory.h"
#include "exact/fractions.h"
#include "exact/integer.h"

#include <stdlib.h>

static const mpz_t *ray_of(const crease_alike_cell *cell, size_t i)
{
    return (const mpz_t *)cell->ray + i * cell->d;
}

/* ---- Images ---- */

/* Sets image, live + 1 integers, to the functions at the ray, and if they are not all 0 divides
 * them by their greatest common divisor, which is content. */
static void image_of(const crease_alike_cell *cell, size_t ray, mpz_t *image, mpz_t content)
{
    const mpz_t *v = ray_of(cell, ray);
    mpz_set_ui(content, 0);
    for (size_t u = 0; u <= cell->live; u++) {
        mpz_set_ui(image[u], 0);
        for (size_t j = 0; j < cell->d; j++)
            mpz_addmul(image[u], cell->function[u * cell->d + j], v[j]);
        if (mpz_cmp_ui(content, 1))
            mpz_gcd(content, content, image[u]);
    }
    for (size_t u = 0; u <= cell->live && mpz_cmp_ui(content, 1) > 0; u++)
        mpz_divexact(image[u], image[u], content);
}

/* FNV-1a over the limbs. */
static uint64_t print_of(const mpz_t *image, size_t length)
{
    uint64_t hash = 0xcbf29ce484222325u;
    for (size_t u = 0; u < length; u++) {
        hash = (hash ^ (mpz_size(image[u]) + (mpz_sgn(image[u]) < 0))) * 0x100000001b3u;
        for (size_t i = 0; i < mpz_size(image[u]); i++)
            hash = (hash ^ mpz_getlimbn(image[u], (mp_size_t)i)) * 0x100000001b3u;
        hash ^= hash >> 29;
    }
    return hash >> (64 - CREASE_LIMIT_HASH_BITS);
}

static int by_print(const void *a, const void *b)
{
    const crease_alike_image *x = a, *y = b;
    if (x->print != y->print)
        return x->print < y->print ? -1 : 1;
    return x->ray < y->ray ? -1 : x->ray > y->ray;
}

void crease_alike_find_images(crease_alike_cell *cell)
{
    size_t length = cell->live + 1;
    mpz_t *image = crease_integer_new(length), content;
    mpz_init(content);
    cell->image = crease_alloc(cell->rays, sizeof *cell->image);
    for (size_t i = 0; i < cell->rays && !crease_interrupted_after(length * cell->d); i++) {
        image_of(cell, i, image, content);
        if (mpz_sgn(content))
            cell->image[cell->images++] =
                (crease_alike_image){print_of((const mpz_t *)image, length), i};
    }
    qsort(cell->image, cell->images, sizeof *cell->image, by_print);
    mpz_clear(content);
    crease_integer_free(image, length);
}

/* The first of the cell's images with this print or a greater one. */
static size_t first_with(const crease_alike_cell *cell, uint64_t print)
{
    size_t low = 0, high = cell->images;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (cell->image[middle].print < print)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Sets lift to the mean of the rays that have the image, each scaled to have it.  False if there
 * are none. */
static bool lift(const crease_alike_cell *cell, const mpz_t *image, mpq_t *lift)
{
    size_t found = 0, length = cell->live + 1, d = cell->d;
    uint64_t print = print_of(image, length);
    mpz_t *own = crease_integer_new(length), content;
    mpq_t v;
    mpz_init(content);
    mpq_init(v);
    for (size_t i = first_with(cell, print); i < cell->images && cell->image[i].print == print;
         i++) {
        image_of(cell, cell->image[i].ray, own, content);
        bool same = true;
        for (size_t u = 0; u < length && same; u++)
            same = !mpz_cmp(own[u], image[u]);
        found += same;
        for (size_t j = 0; j < d && same; j++) {
            mpz_mul(mpq_numref(v), ray_of(cell, cell->image[i].ray)[j],
                    cell->function[length * d - 1]);
            mpz_set(mpq_denref(v), content);
            mpq_canonicalize(v);
            mpq_add(lift[j], lift[j], v);
        }
    }
    mpq_set_ui(v, found ? found : 1, 1);
    for (size_t j = 0; j < d; j++)
        mpq_div(lift[j], lift[j], v);
    mpq_clear(v);
    mpz_clear(content);
    crease_integer_free(own, length);
    return found > 0;
}

/* ---- Independent images ---- */

/* Vectors in echelon form: vector i has pivot[i], an entry at which those behind it are 0. */
typedef struct {
    size_t count, length, *pivot;
    mpz_t *vector;
} echelon;

/* Adds a combination of the vectors to a positive multiple of v, which becomes 0 at their
 * pivots. */
static void reduce(const echelon *e, mpz_t *v)
{
    mpz_t own, factor;
    mpz_inits(own, factor, NULL);
    for (size_t i = 0; i < e->count; i++) {
        const mpz_t *by = (const mpz_t *)e->vector + i * e->length;
        mpz_set(own, v[e->pivot[i]]);
        mpz_abs(factor, by[e->pivot[i]]);
        if (mpz_sgn(by[e->pivot[i]]) < 0)
            mpz_neg(own, own);
        for (size_t u = 0; u < e->length && mpz_sgn(own); u++) {
            mpz_mul(v[u], v[u], factor);
            mpz_submul(v[u], own, by[u]);
        }
    }
    mpz_clears(own, factor, NULL);
    if (!crease_integer_is_zero((const mpz_t *)v, e->length))
        crease_integer_reduce(v, e->length);
}

/* Adds a reduced vector that is not 0. */
static void extend(echelon *e, const mpz_t *v)
{
    size_t p = 0;
    while (!mpz_sgn(v[p]))
        p++;
    for (size_t u = 0; u < e->length; u++)
        mpz_set(e->vector[e->count * e->length + u], v[u]);
    e->pivot[e->count++] = p;
}

/* sum += a b */
static void add_product(mpq_t sum, const mpq_t a, const mpq_t b)
{
    mpq_t product;
    if (!mpq_sgn(a) || !mpq_sgn(b))
        return;
    mpq_init(product);
    mpq_mul(product, a, b);
    mpq_add(sum, sum, product);
    mpq_clear(product);
}

/* Gauss-Jordan on rows of a matrix, pivots only in the first columns; pivot[r]: the column of row
 * r.  Returns their number. */
static size_t eliminate(mpq_t *matrix, size_t rows, size_t columns, size_t first, size_t *pivot)
{
    size_t rank = 0;
    mpq_t factor;
    mpq_init(factor);
    for (size_t c = 0; c < first && rank < rows; c++) {
        size_t r = rank;
        while (r < rows && !mpq_sgn(matrix[r * columns + c]))
            r++;
        if (r == rows)
            continue;
        for (size_t k = 0; k < columns; k++)
            mpq_swap(matrix[r * columns + k], matrix[rank * columns + k]);
        mpq_inv(factor, matrix[rank * columns + c]);
        for (size_t k = 0; k < columns; k++)
            mpq_mul(matrix[rank * columns + k], matrix[rank * columns + k], factor);
        for (r = 0; r < rows; r++) {
            if (r == rank || !mpq_sgn(matrix[r * columns + c]))
                continue;
            mpq_neg(factor, matrix[r * columns + c]);
            for (size_t k = 0; k < columns; k++)
                add_product(matrix[r * columns + k], factor, matrix[rank * columns + k]);
        }
        pivot[rank++] = c;
    }
    mpq_clear(factor);
    return rank;
}

/* Does the map take all rays into the closed cell? */
static bool stays_inside(const crease_alike_cell *from, const crease_alike_cell *to, mpq_t *map)
{
    size_t d = from->d;
    bool inside = true;
    mpz_t *g = crease_integer_new(d);
    for (size_t b = 0; b < to->bounds.count && inside; b++) {
        crease_alike_pull_back((const mpz_t *)to->bounds.row + b * d, map, d, g);
        for (size_t i = 0; i < from->rays && inside && !crease_interrupted_after(d); i++)
            inside = crease_integer_dot_sign((const mpz_t *)g, ray_of(from, i), d) >= 0;
    }
    crease_integer_free(g, d);
    return inside;
}

/* Sets the columns of a matrix to independent images that both cells have, and then to the
 * functions of `from`; lifts of these images.  Returns how many images there are, `rank` if it
 * found enough.
 * */
static size_t match(const crease_alike_cell *from, const crease_alike_cell *to, size_t rank,
                    mpq_t *matrix, mpq_t *lifts)
{
    size_t d = from->d, length = from->live + 1, columns = rank + d;
    echelon e = {0, length, crease_alloc(rank, sizeof(size_t)), crease_integer_new(rank * length)};
    mpz_t *image = crease_integer_new(length), *rest = crease_integer_new(length), content;
    mpz_init(content);
    for (size_t i = 0; i < from->rays && e.count < rank && !crease_interrupted(); i++) {
        image_of(from, i, image, content);
        for (size_t u = 0; u < length; u++)
            mpz_set(rest[u], image[u]);
        reduce(&e, rest);
        if (crease_integer_is_zero((const mpz_t *)rest, length) ||
            !lift(to, (const mpz_t *)image, lifts + e.count * d))
            continue;
        for (size_t u = 0; u < length; u++)
            mpq_set_z(matrix[u * columns + e.count], image[u]);
        extend(&e, (const mpz_t *)rest);
    }
    for (size_t u = 0; u < length; u++)
        for (size_t k = 0; k < d; k++) {
            mpq_ptr entry = matrix[u * columns + rank + k];
            mpz_set(mpq_numref(entry), from->function[u * d + k]);
            mpz_set(mpq_denref(entry), from->function[length * d - 1]);
            mpq_canonicalize(entry);
        }
    mpz_clear(content);
    crease_integer_free(rest, length);
    crease_integer_free(image, length);
    crease_integer_free(e.vector, rank * length);
    free(e.pivot);
    return e.count;
}

mpq_t *crease_alike_map(const crease_alike_cell *from, const crease_alike_cell *to)
{
    size_t d = from->d, length = from->live + 1, least = d < length ? d : length;
    if (to->live != from->live)
        return NULL;
    size_t *pivot = crease_alloc(least, sizeof *pivot);
    size_t rank = crease_integer_rank((const mpz_t *)from->function, length, d, d, pivot);
    size_t columns = rank + d;
    mpq_t *matrix = crease_fractions_new(length * columns), *lifts = crease_fractions_new(rank * d),
          *map = crease_fractions_new(d * d);
    bool good = match(from, to, rank, matrix, lifts) == rank;
    if (good)
        eliminate(matrix, length, columns, rank, pivot);
    for (size_t p = 0; p < rank && good; p++)
        for (size_t j = 0; j < d; j++)
            for (size_t k = 0; k < d; k++)
                add_product(map[j * d + k], lifts[p * d + j], matrix[p * columns + rank + k]);
    good = good && stays_inside(from, to, map);
    crease_fractions_free(matrix, length * columns);
    crease_fractions_free(lifts, rank * d);
    free(pivot);
    if (good)
        return map;
    crease_alike_drop(map, d);
    return NULL;
}

void crease_alike_drop(mpq_t *map, size_t d)
{
    for (size_t i = 0; map && i < d * d; i++)
        mpq_clear(map[i]);
    free(map);
}

void crease_alike_pull_back(const mpz_t *row, mpq_t *map, size_t d, mpz_t *to)
{
    mpq_t *sum = crease_fractions_new(d), value;
    mpz_t den;
    mpq_init(value);
    mpz_init_set_ui(den, 1);
    for (size_t k = 0; k < d; k++) {
        for (size_t j = 0; j < d; j++) {
            mpq_set_z(value, row[j]);
            add_product(sum[k], value, map[j * d + k]);
        }
        mpz_lcm(den, den, mpq_denref(sum[k]));
    }
    for (size_t k = 0; k < d; k++) {
        mpz_divexact(to[k], den, mpq_denref(sum[k]));
        mpz_mul(to[k], to[k], mpq_numref(sum[k]));
    }
    mpq_clear(value);
    mpz_clear(den);
    crease_fractions_free(sum, d);
}
