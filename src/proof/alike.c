#include "proof/alike.h"

#include "base/memory.h"
#include "base/status.h"
#include "exact/fractions.h"
#include "exact/integer.h"
#include "exact/simplex.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* ---- Bounds ---- */

void crease_bounds_add(crease_bounds_list *bounds, size_t entry, const mpz_t *row, int sign)
{
    size_t at = bounds->count++, d = bounds->d;
    bounds->entry = crease_realloc(bounds->entry, bounds->count, sizeof *bounds->entry);
    bounds->row = crease_realloc(bounds->row, bounds->count * d, sizeof *bounds->row);
    for (size_t j = 0; j < d; j++) {
        mpz_init_set(bounds->row[at * d + j], row[j]);
        if (sign < 0)
            mpz_neg(bounds->row[at * d + j], bounds->row[at * d + j]);
    }
    bounds->entry[at] = entry;
    for (; at > 0 && bounds->entry[at - 1] > entry; at--) {
        bounds->entry[at] = bounds->entry[at - 1];
        bounds->entry[at - 1] = entry;
        for (size_t j = 0; j < d; j++)
            mpz_swap(bounds->row[at * d + j], bounds->row[(at - 1) * d + j]);
    }
    assert(!at || bounds->entry[at - 1] < entry);
}

static void take_away(crease_bounds_list *bounds, size_t at)
{
    size_t d = bounds->d;
    for (size_t i = at; i + 1 < bounds->count; i++) {
        bounds->entry[i] = bounds->entry[i + 1];
        for (size_t j = 0; j < d; j++)
            mpz_swap(bounds->row[i * d + j], bounds->row[(i + 1) * d + j]);
    }
    bounds->count--;
    for (size_t j = 0; j < d; j++)
        mpz_clear(bounds->row[bounds->count * d + j]);
}

crease_bounds_list crease_bounds_copy(const crease_bounds_list *bounds)
{
    crease_bounds_list copy = {.d = bounds->d};
    for (size_t i = 0; i < bounds->count; i++)
        crease_bounds_add(&copy, bounds->entry[i], (const mpz_t *)bounds->row + i * bounds->d, 1);
    return copy;
}

void crease_bounds_clear(crease_bounds_list *bounds)
{
    crease_integer_free(bounds->row, bounds->count * bounds->d);
    free(bounds->entry);
    *bounds = (crease_bounds_list){.d = bounds->d};
}

static const mpz_t *bound_of(const crease_bounds_list *bounds, size_t i)
{
    return (const mpz_t *)bounds->row + i * bounds->d;
}

static const mpz_t *ray_of(const crease_alike_cell *cell, size_t i)
{
    return (const mpz_t *)cell->ray + i * cell->d;
}

/* ---- Sums of bounds ---- */

static void dot(mpz_t sum, const mpz_t *a, const mpz_t *b, size_t d)
{
    mpz_set_ui(sum, 0);
    for (size_t j = 0; j < d; j++)
        mpz_addmul(sum, a[j], b[j]);
}

/* The ray with v_d > 0, a vertex, at which g / v_d is least. */
static size_t least_vertex(const crease_alike_cell *cell, const mpz_t *g)
{
    size_t best = SIZE_MAX, d = cell->d;
    mpz_t value, own, left, right;
    mpz_inits(value, own, left, right, NULL);
    for (size_t i = 0; i < cell->rays; i++) {
        if (!mpz_sgn(ray_of(cell, i)[d - 1]))
            continue;
        dot(own, g, ray_of(cell, i), d);
        if (best != SIZE_MAX) {
            mpz_mul(left, own, ray_of(cell, best)[d - 1]);
            mpz_mul(right, value, ray_of(cell, i)[d - 1]);
        }
        if (best == SIZE_MAX || mpz_cmp(left, right) < 0) {
            best = i;
            mpz_set(value, own);
        }
    }
    mpz_clears(value, own, left, right, NULL);
    assert(best != SIZE_MAX);
    return best;
}

/* Numbers of independent bounds of which g is a sum, with a number >= 0: g >= 0 on the cell.
 * All of them vanish at the vertex where g / v_d is least, so their linear parts are independent,
 * too.  number: room for d.  without: a bound that is not used, or SIZE_MAX; those behind it have
 * numbers one less. */
static size_t find_sum(const crease_alike_cell *cell, const crease_bounds_list *bounds,
                       size_t without, const mpz_t *g, size_t *number)
{
    size_t d = cell->d, active = 0, count = 0, vertex = least_vertex(cell, g);
    const mpz_t *v = ray_of(cell, vertex);
    crease_exact_row *row = crease_alloc(bounds->count, sizeof *row);
    size_t *index = crease_alloc(bounds->count, sizeof *index);
    mpz_t *rest = crease_integer_new(d), sum;
    mpz_init(sum);
    for (size_t i = 0; i < bounds->count; i++) {
        dot(sum, bound_of(bounds, i), v, d);
        if (i == without || mpz_sgn(sum))
            continue;
        index[active] = i - (i > without);
        row[active++] = (crease_exact_row){bound_of(bounds, i), 1};
    }
    dot(sum, g, v, d);
    for (size_t j = 0; j < d; j++)
        mpz_mul(rest[j], g[j], v[d - 1]);
    mpz_sub(rest[d - 1], rest[d - 1], sum);
    if (!crease_integer_is_zero((const mpz_t *)rest, d)) {
        const crease_exact_row own = {(const mpz_t *)rest, 1};
        if (!crease_simplex_in_cone(d, active, row, own, number, &count, NULL) &&
            !crease_interrupt_raised())
            crease_fatal("certificate: a bound of a cell does not follow from its facets");
    }
    for (size_t i = 0; i < count; i++) { /* ascending */
        size_t own = index[number[i]], k = i;
        for (; k > 0 && number[k - 1] > own; k--)
            number[k] = number[k - 1];
        number[k] = own;
    }
    mpz_clear(sum);
    crease_integer_free(rest, d);
    free(index);
    free(row);
    return count;
}

/* ---- Cells ---- */

/* Do the rays on which the bound vanishes span its hyperplane? */
static bool is_facet(const crease_alike_cell *cell, const mpz_t *bound)
{
    size_t d = cell->d, count = 0;
    mpz_t *on = crease_integer_new(cell->rays * d), sum;
    size_t *pivot = crease_alloc(d, sizeof *pivot);
    mpz_init(sum);
    for (size_t i = 0; i < cell->rays; i++) {
        dot(sum, bound, ray_of(cell, i), d);
        for (size_t j = 0; j < d && !mpz_sgn(sum); j++)
            mpz_set(on[count * d + j], ray_of(cell, i)[j]);
        count += !mpz_sgn(sum);
    }
    bool is = crease_integer_rank((const mpz_t *)on, count, d, d, pivot) == d - 1;
    mpz_clear(sum);
    crease_integer_free(on, cell->rays * d);
    free(pivot);
    return is;
}

/* One bound for each facet stays, the first one. */
static void keep_facets(crease_alike_cell *cell, const crease_bounds_list *bounds)
{
    cell->bounds.d = cell->d;
    for (size_t i = 0; i < bounds->count && !crease_interrupted(); i++) {
        bool kept = is_facet(cell, bound_of(bounds, i));
        for (size_t k = 0; k < cell->bounds.count && kept; k++)
            kept = crease_integer_parallel(bound_of(&cell->bounds, k), bound_of(bounds, i),
                                           cell->d) <= 0;
        if (kept)
            crease_bounds_add(&cell->bounds, bounds->entry[i], bound_of(bounds, i), 1);
    }
}

void crease_alike_write_drops(crease_trace *trace, const crease_alike_cell *cell,
                              const crease_bounds_list *bounds)
{
    size_t *number = crease_alloc(cell->d, sizeof *number);
    crease_bounds_list left = crease_bounds_copy(bounds);
    for (size_t at = 0, kept = 0; at < left.count && !crease_interrupt_raised();) {
        if (kept < cell->bounds.count && cell->bounds.entry[kept] == left.entry[at]) {
            kept++;
            at++;
            continue;
        }
        size_t count = find_sum(cell, &left, at, bound_of(&left, at), number);
        crease_trace_drop(trace, left.entry[at], number, count);
        take_away(&left, at);
    }
    crease_bounds_clear(&left);
    free(number);
}

static void set_image(crease_alike_cell *cell, const crease_rays *rays, const uint64_t *live)
{
    size_t d = cell->d, at = 0, width = rays->map->model->layer[rays->map->layer].width;
    for (size_t u = 0; u < width; u++)
        cell->live += crease_bit(live, u);
    cell->image = crease_alloc((cell->live + 1) * d, sizeof *cell->image);
    for (size_t i = 0; i < (cell->live + 1) * d; i++)
        mpq_init(cell->image[i]);
    for (size_t u = 0; u < width; u++) {
        if (!crease_bit(live, u))
            continue;
        const mpz_t *row = crease_map_exact(rays->map, u);
        for (size_t j = 0; j < d; j++, at++) {
            mpq_set_num(cell->image[at], row[j]);
            mpq_set_den(cell->image[at], rays->map->constant);
            mpq_canonicalize(cell->image[at]);
        }
    }
    mpq_set_ui(cell->image[at + d - 1], 1, 1);
}

crease_alike_cell *crease_alike_new(const crease_rays *rays, const crease_ray_cell *cell,
                                    const uint64_t *live, const crease_bounds_list *bounds)
{
    crease_alike_cell *own = crease_alloc(1, sizeof *own);
    own->d = rays->d;
    own->rays = cell->count;
    own->ray = crease_integer_new(own->rays * own->d);
    for (size_t i = 0; i < own->rays; i++)
        crease_rays_exact(rays, cell->ray[i], own->ray + i * own->d);
    set_image(own, rays, live);
    keep_facets(own, bounds);
    return own;
}

void crease_alike_drop(mpq_t *map, size_t d)
{
    for (size_t i = 0; map && i < d * d; i++)
        mpq_clear(map[i]);
    free(map);
}

void crease_alike_free(crease_alike_cell *cell)
{
    if (!cell)
        return;
    for (size_t i = 0; i < (cell->live + 1) * cell->d; i++)
        mpq_clear(cell->image[i]);
    free(cell->image);
    crease_integer_free(cell->ray, cell->rays * cell->d);
    crease_bounds_clear(&cell->bounds);
    free(cell);
}

/* ---- Maps ---- */

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

/* The image of a ray, live + 1 entries, divided by a positive factor such that the first entry that
 * is not 0 is 1 or -1.  Returns false if it is 0. */
static bool image_of(const crease_alike_cell *cell, size_t ray, mpq_t *image, mpq_t factor)
{
    mpq_t v;
    mpq_init(v);
    mpq_set_ui(factor, 0, 1);
    for (size_t u = 0; u <= cell->live; u++) {
        mpq_set_ui(image[u], 0, 1);
        for (size_t j = 0; j < cell->d; j++) {
            mpq_set_z(v, ray_of(cell, ray)[j]);
            add_product(image[u], cell->image[u * cell->d + j], v);
        }
        if (!mpq_sgn(factor))
            mpq_abs(factor, image[u]);
    }
    for (size_t u = 0; u <= cell->live && mpq_sgn(factor); u++)
        mpq_div(image[u], image[u], factor);
    mpq_clear(v);
    return mpq_sgn(factor) > 0;
}

/* Sets lift to the mean of the rays that have the image, each divided by its factor.  images and
 * factors: of all rays.  False if there are none. */
static bool lift(const crease_alike_cell *cell, mpq_t *images, mpq_t *factors, mpq_t *image,
                 mpq_t *to)
{
    size_t found = 0, length = cell->live + 1;
    mpq_t v;
    mpq_init(v);
    for (size_t j = 0; j < cell->d; j++)
        mpq_set_ui(to[j], 0, 1);
    for (size_t i = 0; i < cell->rays; i++) {
        bool same = mpq_sgn(factors[i]) > 0;
        for (size_t u = 0; u < length && same; u++)
            same = mpq_equal(image[u], images[i * length + u]);
        found += same;
        for (size_t j = 0; j < cell->d && same; j++) {
            mpq_set_z(v, ray_of(cell, i)[j]);
            mpq_div(v, v, factors[i]);
            mpq_add(to[j], to[j], v);
        }
    }
    mpq_set_ui(v, found ? found : 1, 1);
    for (size_t j = 0; j < cell->d; j++)
        mpq_div(to[j], to[j], v);
    mpq_clear(v);
    return found > 0;
}

/* Gauss-Jordan on rows of a matrix, pivots only in the first columns; pivot[r]: the column of row r.
 * Returns their number. */
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
    mpq_t *at = crease_fractions_new(d), value, sum;
    mpq_inits(value, sum, NULL);
    for (size_t i = 0; i < from->rays && inside && !crease_interrupted(); i++) {
        for (size_t j = 0; j < d; j++) {
            mpq_set_ui(at[j], 0, 1);
            for (size_t k = 0; k < d; k++) {
                mpq_set_z(value, ray_of(from, i)[k]);
                add_product(at[j], map[j * d + k], value);
            }
        }
        for (size_t b = 0; b < to->bounds.count && inside; b++) {
            mpq_set_ui(sum, 0, 1);
            for (size_t j = 0; j < d; j++) {
                mpq_set_z(value, bound_of(&to->bounds, b)[j]);
                add_product(sum, value, at[j]);
            }
            inside = mpq_sgn(sum) >= 0;
        }
    }
    mpq_clears(value, sum, NULL);
    crease_fractions_free(at, d);
    return inside;
}

/* The matrix of `matched` images as columns, one for each ray of `from`, and then the functions of
 * `from`; lifts of these images. */
static size_t match(const crease_alike_cell *from, const crease_alike_cell *to, mpq_t *matrix,
                    mpq_t *lifts)
{
    size_t d = from->d, length = from->live + 1, columns = from->rays + d, matched = 0;
    mpq_t *images = crease_fractions_new(to->rays * length),
          *factors = crease_fractions_new(to->rays);
    mpq_t *own = crease_fractions_new(length), factor;
    mpq_init(factor);
    for (size_t i = 0; i < to->rays; i++)
        image_of(to, i, images + i * length, factors[i]);
    for (size_t i = 0; i < from->rays && !crease_interrupted(); i++) {
        if (!image_of(from, i, own, factor) || !lift(to, images, factors, own, lifts + matched * d))
            continue;
        for (size_t u = 0; u < length; u++)
            mpq_set(matrix[u * columns + matched], own[u]);
        matched++;
    }
    for (size_t u = 0; u < length; u++)
        for (size_t k = 0; k < d; k++)
            mpq_set(matrix[u * columns + from->rays + k], from->image[u * d + k]);
    mpq_clear(factor);
    crease_fractions_free(own, length);
    crease_fractions_free(factors, to->rays);
    crease_fractions_free(images, to->rays * length);
    return matched;
}

mpq_t *crease_alike_map(const crease_alike_cell *from, const crease_alike_cell *to)
{
    size_t d = from->d, length = from->live + 1, columns = from->rays + d;
    if (to->live != from->live)
        return NULL;
    mpq_t *matrix = crease_fractions_new(length * columns),
          *lifts = crease_fractions_new(from->rays * d);
    size_t *pivot = crease_alloc(length, sizeof *pivot), matched = match(from, to, matrix, lifts);
    size_t rank = eliminate(matrix, length, columns, matched, pivot);
    bool good = true;
    for (size_t u = rank; u < length; u++)
        for (size_t k = 0; k < d; k++)
            good = good && !mpq_sgn(matrix[u * columns + from->rays + k]);
    mpq_t *map = crease_fractions_new(d * d);
    for (size_t p = 0; p < rank && good; p++)
        for (size_t j = 0; j < d; j++)
            for (size_t k = 0; k < d; k++)
                add_product(map[j * d + k], lifts[pivot[p] * d + j],
                            matrix[p * columns + from->rays + k]);
    good = good && stays_inside(from, to, map);
    crease_fractions_free(matrix, length * columns);
    crease_fractions_free(lifts, from->rays * d);
    free(pivot);
    if (good)
        return map;
    crease_alike_drop(map, d);
    return NULL;
}

/* ---- Writing ---- */

static void scale(mpq_t value, long exponent)
{
    if (exponent >= 0)
        mpq_mul_2exp(value, value, (mp_bitcnt_t)exponent);
    else
        mpq_div_2exp(value, value, (mp_bitcnt_t)-exponent);
}

/* The map in the inputs, of which those of the model are x_j = centre_j + 2^(column_j - column_n)
 * v_j / v_n: n rows of n + 1 numbers. */
static void write_map(crease_trace *trace, const crease_model *model, mpq_t *map)
{
    size_t n = model->inputs, d = n + 1;
    mpq_t *out = crease_fractions_new(n * d), value;
    mpz_t den, number;
    mpz_init_set_ui(den, 1);
    mpz_init(number);
    mpq_init(value);
    for (size_t j = 0; j < n; j++) {
        for (size_t k = 0; k < d; k++) {
            mpq_set(value, map[j * d + k]);
            scale(value, model->column[j] - model->column[k]);
            mpq_set(out[j * d + k], value);
        }
        mpq_add(out[j * d + n], out[j * d + n], model->centre[j]);
        for (size_t k = 0; k < n; k++) {
            mpq_neg(value, model->centre[k]);
            add_product(out[j * d + n], out[j * d + k], value);
        }
    }
    for (size_t i = 0; i < n * d; i++)
        mpz_lcm(den, den, mpq_denref(out[i]));
    crease_trace_big_numerator(trace, den);
    for (size_t i = 0; i < n * d; i++) {
        mpz_divexact(number, den, mpq_denref(out[i]));
        mpz_mul(number, number, mpq_numref(out[i]));
        crease_trace_big_numerator(trace, number);
    }
    mpq_clear(value);
    mpz_clears(den, number, NULL);
    crease_fractions_free(out, n * d);
}

/* to = a positive multiple of the bound after the map, in integers. */
static void pull_back(const mpz_t *bound, mpq_t *map, size_t d, mpz_t *to)
{
    mpq_t *sum = crease_fractions_new(d), value;
    mpz_t den;
    mpq_init(value);
    mpz_init_set_ui(den, 1);
    for (size_t k = 0; k < d; k++) {
        for (size_t j = 0; j < d; j++) {
            mpq_set_z(value, bound[j]);
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

static void write_inside(crease_trace *trace, const crease_alike_cell *from,
                         const crease_alike_cell *to, mpq_t *map)
{
    size_t d = from->d, *number = crease_alloc(d, sizeof *number);
    mpz_t *g = crease_integer_new(d);
    crease_trace_whole(trace, to->bounds.count);
    for (size_t b = 0; b < to->bounds.count && !crease_interrupted(); b++) {
        pull_back(bound_of(&to->bounds, b), map, d, g);
        size_t count = find_sum(from, &from->bounds, SIZE_MAX, (const mpz_t *)g, number);
        crease_trace_list(trace, number, count);
    }
    crease_integer_free(g, d);
    free(number);
}

void crease_alike_write(crease_trace *trace, const crease_model *model,
                        const crease_alike_cell *own, const crease_alike_cell *other, mpq_t *there,
                        mpq_t *back)
{
    write_map(trace, model, there);
    write_map(trace, model, back);
    write_inside(trace, own, other, there);
    write_inside(trace, other, own, back);
}
