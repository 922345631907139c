#include "proof/alike.h"

#include "base/memory.h"
#include "base/status.h"
#include "exact/fractions.h"
#include "exact/integer.h"
#include "exact/simplex.h"
#include "proof/alike_map.h"

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

/* Do the rays on which the bound vanishes span its hyperplane?  There a coordinate follows from the
 * others if the bound depends on it, and is left out: then the matrix has full rank if they do. */
static bool is_facet(const crease_alike_cell *cell, const mpz_t *bound)
{
    size_t d = cell->d, count = 0, out = 0;
    mpz_t *on = crease_integer_new(cell->rays * d), sum;
    while (out < d && !mpz_sgn(bound[out]))
        out++;
    size_t *pivot = crease_alloc(d, sizeof *pivot);
    mpz_init(sum);
    for (size_t i = 0; i < cell->rays; i++) {
        dot(sum, bound, ray_of(cell, i), d);
        for (size_t j = 0; j < d && !mpz_sgn(sum); j++)
            if (j != out && out < d)
                mpz_set(on[count * (d - 1) + j - (j > out)], ray_of(cell, i)[j]);
        count += !mpz_sgn(sum);
    }
    bool is = out < d && count >= d - 1 &&
              crease_integer_rank((const mpz_t *)on, count, d - 1, d - 1, pivot) == d - 1;
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

static void set_functions(crease_alike_cell *cell, const crease_rays *rays, const uint64_t *live)
{
    size_t d = cell->d, at = 0, width = rays->map->model->layer[rays->map->layer].width;
    for (size_t u = 0; u < width; u++)
        cell->live += crease_bit(live, u);
    cell->function = crease_integer_new((cell->live + 1) * d);
    for (size_t u = 0; u < width; u++) {
        if (!crease_bit(live, u))
            continue;
        const mpz_t *row = crease_map_exact(rays->map, u);
        for (size_t j = 0; j < d; j++)
            mpz_set(cell->function[at++], row[j]);
    }
    mpz_set(cell->function[at + d - 1], rays->map->constant);
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
    set_functions(own, rays, live);
    crease_alike_find_images(own);
    keep_facets(own, bounds);
    return own;
}

void crease_alike_free(crease_alike_cell *cell)
{
    if (!cell)
        return;
    crease_integer_free(cell->function, (cell->live + 1) * cell->d);
    free(cell->image);
    crease_integer_free(cell->ray, cell->rays * cell->d);
    crease_bounds_clear(&cell->bounds);
    free(cell);
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
            mpq_mul(value, model->centre[k], out[j * d + k]);
            mpq_sub(out[j * d + n], out[j * d + n], value);
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

static void write_inside(crease_trace *trace, const crease_alike_cell *from,
                         const crease_alike_cell *to, mpq_t *map)
{
    size_t d = from->d, *number = crease_alloc(d, sizeof *number);
    mpz_t *g = crease_integer_new(d);
    crease_trace_whole(trace, to->bounds.count);
    for (size_t b = 0; b < to->bounds.count && !crease_interrupted(); b++) {
        crease_alike_pull_back(bound_of(&to->bounds, b), map, d, g);
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
