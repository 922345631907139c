#include "dd/image.h"

#include "base/memory.h"
#include "exact/integer.h"
#include "exact/simplex.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
    uint8_t *byte;
    size_t count, room;
} bytes;

static uint8_t *append(bytes *to, size_t count)
{
    if (to->room - to->count < count) {
        to->room = 2 * to->room + count + 64;
        to->byte = crease_realloc(to->byte, to->room, 1);
    }
    to->count += count;
    return to->byte + to->count - count;
}

/* How many bytes the number has, with its sign in the lowest bit, in seven bits a byte; then the
 * bytes of its absolute value.  No number begins as another one ends. */
static void append_integer(bytes *to, const mpz_t value)
{
    size_t size = mpz_sgn(value) ? (mpz_sizeinbase(value, 2) + 7) / 8 : 0;
    size_t head = 2 * size + (mpz_sgn(value) < 0);
    for (; head > 127; head >>= 7)
        *append(to, 1) = (uint8_t)(128 | (head & 127));
    *append(to, 1) = (uint8_t)head;
    if (size)
        mpz_export(append(to, size), NULL, -1, 1, 0, 0, value);
}

/* The vector Z of a ray as bytes. */
typedef struct {
    uint8_t *byte;
    size_t count;
} image;

static int by_bytes(const void *a, const void *b)
{
    const image *x = a, *y = b;
    if (x->count != y->count)
        return x->count < y->count ? -1 : 1;
    return memcmp(x->byte, y->byte, x->count);
}

/* Sets Z to that of the ray, primitive or 0.  V: room for d. */
static void find_image(const crease_rays *rays, const crease_ray *ray, const size_t *unit,
                       size_t units, mpz_t *V, mpz_t *Z)
{
    crease_rays_exact(rays, ray, V);
    for (size_t i = 0; i < units && !crease_interrupted_after(rays->d); i++) {
        const mpz_t *row = crease_map_exact(rays->map, unit[i]);
        mpz_set_ui(Z[i], 0);
        for (size_t j = 0; j < rays->d; j++)
            mpz_addmul(Z[i], row[j], V[j]);
    }
    mpz_mul(Z[units], rays->map->constant, V[rays->d - 1]);
    if (!crease_integer_is_zero((const mpz_t *)Z, units + 1))
        crease_integer_reduce(Z, units + 1);
}

/* The vector as bytes; none if it is 0. */
static image spell(const mpz_t *Z, size_t length)
{
    bytes out = {NULL, 0, 0};
    if (crease_integer_is_zero(Z, length))
        return (image){NULL, 0};
    for (size_t i = 0; i < length; i++)
        append_integer(&out, Z[i]);
    return (image){out.byte, out.count};
}

/* The beginning of a key, and the live units. */
static size_t begin(const crease_rays *rays, const uint64_t *live, bytes *key, size_t *unit)
{
    size_t units = 0, width = rays->map->model->layer[rays->map->layer].width;
    uint64_t layer = rays->map->layer;
    for (size_t u = 0; u < width; u++)
        if (crease_bit(live, u))
            unit[units++] = u;
    memcpy(append(key, sizeof layer), &layer, sizeof layer);
    memcpy(append(key, rays->words * sizeof *live), live, rays->words * sizeof *live);
    return units;
}

/* Adds the images, sorted, equal ones once, and frees them. */
static void append_images(bytes *key, image *all, size_t images)
{
    qsort(all, images, sizeof *all, by_bytes);
    for (size_t i = 0; i < images; i++)
        if (!i || by_bytes(&all[i - 1], &all[i]))
            memcpy(append(key, all[i].count), all[i].byte, all[i].count);
    for (size_t i = 0; i < images; i++)
        free(all[i].byte);
    free(all);
}

static size_t *take_units(const crease_rays *rays)
{
    return crease_alloc(rays->map->model->layer[rays->map->layer].width, sizeof(size_t));
}

uint8_t *crease_image_key(const crease_rays *rays, const crease_ray_cell *cell,
                          const uint64_t *live, size_t *size)
{
    bytes key = {NULL, 0, 0};
    size_t *unit = take_units(rays), units = begin(rays, live, &key, unit), images = 0;
    mpz_t *V = crease_integer_new(rays->d), *Z = crease_integer_new(units + 1);
    image *all = crease_alloc(cell->count, sizeof *all);
    for (size_t i = 0; i < cell->count && !crease_interrupted_after(rays->d * units); i++) {
        find_image(rays, cell->ray[i], unit, units, V, Z);
        all[images] = spell((const mpz_t *)Z, units + 1);
        images += all[images].count > 0;
    }
    crease_integer_free(V, rays->d);
    crease_integer_free(Z, units + 1);
    append_images(&key, all, images);
    free(unit);
    *size = key.count;
    return key.byte;
}

/* ---- The cone that the images generate ---- */

/* count vectors of so many entries, one after the other. */
typedef struct {
    mpz_t *entry;
    size_t count, length;
} generators;

static mpz_t *vector(const generators *g, size_t i)
{
    return g->entry + i * g->length;
}

static void swap(const generators *g, size_t i, size_t k)
{
    for (size_t c = 0; c < g->length && i != k; c++)
        mpz_swap(vector(g, i)[c], vector(g, k)[c]);
}

/* Is the vector, or with sign -1 its opposite, a combination with coefficients >= 0 of the
 * generators, without number i if `others`? */
static bool generated(const generators *g, size_t i, int sign, bool others)
{
    crease_exact_row *row = crease_alloc(g->count, sizeof *row);
    size_t *support = crease_alloc(g->length, sizeof *support), supports, rows = 0;
    for (size_t k = 0; k < g->count; k++)
        if (!others || k != i)
            row[rows++] = (crease_exact_row){(const mpz_t *)vector(g, k), 1};
    const crease_exact_row own = {(const mpz_t *)vector(g, i), sign};
    bool is = crease_simplex_in_cone(g->length, rows, row, own, support, &supports, NULL);
    free(row);
    free(support);
    return is;
}

/* Adds a multiple of row `by` to row i such that entry p of row i becomes 0; row i is multiplied by
 * a positive number first. */
static void clear_entry(const generators *g, size_t i, const mpz_t *by, size_t p)
{
    mpz_t factor, own;
    mpz_init_set(factor, by[p]);
    mpz_init_set(own, vector(g, i)[p]);
    if (mpz_sgn(factor) < 0) {
        mpz_neg(factor, factor);
        mpz_neg(own, own);
    }
    for (size_t k = 0; k < g->length && mpz_sgn(own); k++) {
        mpz_mul(vector(g, i)[k], vector(g, i)[k], factor);
        mpz_submul(vector(g, i)[k], own, by[k]);
    }
    crease_integer_reduce(vector(g, i), g->length);
    mpz_clears(factor, own, NULL);
}

/* The first `lines` generators become the reduced row echelon form of what they span, each row
 * primitive with a positive pivot; returns its rank.  The entries of the other generators at the
 * pivots become 0. */
static size_t reduce_lines(generators *g, size_t lines)
{
    size_t rank = 0;
    for (size_t p = 0; p < g->length && rank < lines; p++) {
        size_t i = rank;
        while (i < lines && !mpz_sgn(vector(g, i)[p]))
            i++;
        if (i == lines)
            continue;
        swap(g, rank, i);
        bool negative = mpz_sgn(vector(g, rank)[p]) < 0;
        for (size_t c = 0; c < g->length && negative; c++)
            mpz_neg(vector(g, rank)[c], vector(g, rank)[c]);
        for (size_t c = 0; c < g->count; c++)
            if (c != rank)
                clear_entry(g, c, (const mpz_t *)vector(g, rank), p);
        rank++;
    }
    return rank;
}

/* Moves the generators whose opposites are generated, too, to the front: they span the largest
 * subspace in the cone.  Returns how many they are.  The last entry of all generators is >= 0, so
 * they are among those where it is 0, and so is all that generates their opposites. */
static size_t find_lines(generators *g)
{
    size_t level = 0, lines = 0;
    for (size_t i = 0; i < g->count; i++)
        if (!mpz_sgn(vector(g, i)[g->length - 1]))
            swap(g, i, level++);
    bool *line = crease_alloc(level, sizeof *line);
    const generators low = {g->entry, level, g->length};
    for (size_t i = 0; i < level; i++)
        line[i] = generated(&low, i, -1, false);
    for (size_t i = 0; i < level; i++)
        if (line[i])
            swap(g, i, lines++);
    free(line);
    return lines;
}

/* Leaves the generators that only the cone itself determines: a basis of the largest subspace in
 * it, and the extreme rays of the rest.  Returns how many those of the subspace are. */
static size_t reduce(generators *g)
{
    size_t lines = find_lines(g), rank = reduce_lines(g, lines);
    for (size_t i = lines; i < g->count; i++)
        swap(g, i, i - lines + rank);
    g->count -= lines - rank;
    generators rest = {vector(g, rank), g->count - rank, g->length};
    for (size_t i = 0; i < rest.count && !crease_interrupt_raised();)
        if (generated(&rest, i, 1, true))
            swap(&rest, i, --rest.count);
        else
            i++;
    g->count = rank + rest.count;
    return rank;
}

uint8_t *crease_image_cone_key(const crease_rays *rays, const crease_ray_cell *cell,
                               const uint64_t *live, size_t *size)
{
    bytes key = {NULL, 0, 0};
    size_t *unit = take_units(rays), units = begin(rays, live, &key, unit), lines = 0;
    generators g = {crease_integer_new(cell->count * (units + 1)), 0, units + 1};
    mpz_t *V = crease_integer_new(rays->d);
    for (size_t i = 0; i < cell->count && !crease_interrupted_after(rays->d * units); i++) {
        find_image(rays, cell->ray[i], unit, units, V, vector(&g, g.count));
        g.count += !crease_integer_is_zero((const mpz_t *)vector(&g, g.count), g.length);
    }
    size_t least = g.count < g.length ? g.count : g.length;
    size_t *pivot = crease_alloc(least, sizeof *pivot);
    bool injective =
        crease_integer_rank((const mpz_t *)g.entry, g.count, g.length, g.length, pivot) == rays->d;
    if (!injective && !crease_interrupt_raised())
        lines = reduce(&g);
    memcpy(append(&key, sizeof lines), &lines, sizeof lines);
    image *all = crease_alloc(g.count, sizeof *all);
    for (size_t i = 0; i < lines; i++) {
        all[i] = spell((const mpz_t *)vector(&g, i), g.length);
        memcpy(append(&key, all[i].count), all[i].byte, all[i].count);
        free(all[i].byte);
    }
    for (size_t i = lines; i < g.count; i++)
        all[i - lines] = spell((const mpz_t *)vector(&g, i), g.length);
    append_images(&key, all, g.count - lines);
    crease_integer_free(g.entry, cell->count * (units + 1));
    crease_integer_free(V, rays->d);
    free(pivot);
    free(unit);
    *size = key.count;
    return key.byte;
}
