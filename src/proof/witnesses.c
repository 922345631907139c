#include "proof/witnesses.h"

#include "base/lanes.h"
#include "base/limits.h"
#include "base/memory.h"
#include "exact/filter.h"
#include "exact/integer.h"
#include "proof/shadow.h"

#include <assert.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A pivot this small beside its row is chosen in integers; with a larger spread the errors of
 * pivots are not bounded. */
static const double small_pivot = 0x1p-20, small_error = 0x1p-32, widest_spread = 0x1p28,
                    numerator_limit = 0x1p50;
enum { MOST_SHIFT = 9 };
enum { FLOAT_TRIES = CREASE_LIMIT_TRIES, BITS_MORE = 2 };

void crease_subspace_open(crease_subspace *subspace, const crease_model *model)
{
    size_t n = model->inputs;
    memset(subspace, 0, sizeof *subspace);
    subspace->model = model;
    subspace->cross = crease_alloc(n, sizeof *subspace->cross);
    subspace->slot = crease_alloc(n, sizeof *subspace->slot);
    subspace->pivot = crease_alloc(n, sizeof *subspace->pivot);
    subspace->solved = crease_alloc(n, sizeof *subspace->solved);
    subspace->stride = (n + 1 + CREASE_LANES - 1) / CREASE_LANES * CREASE_LANES;
    subspace->memory =
        crease_alloc(2 * n * subspace->stride + CREASE_LANES, sizeof *subspace->memory);
    subspace->whole = subspace->memory + (64 - (uintptr_t)subspace->memory % 64) % 64 / 8;
    subspace->row = subspace->whole + n * subspace->stride;
    subspace->size = crease_alloc(n, sizeof *subspace->size);
    subspace->shaky = crease_alloc(n, sizeof *subspace->shaky);
    subspace->work = crease_alloc(n, sizeof *subspace->work);
    subspace->numerator = crease_alloc(n, sizeof *subspace->numerator);
    subspace->plain = true;
    for (size_t j = 0; j < n; j++)
        subspace->plain = subspace->plain && !mpq_sgn(model->centre[j]) &&
                          labs(model->column[j] - model->column[0]) <= MOST_SHIFT;
}

void crease_subspace_close(crease_subspace *subspace)
{
    free(subspace->cross);
    free(subspace->slot);
    free(subspace->pivot);
    free(subspace->solved);
    free(subspace->memory);
    free(subspace->size);
    free(subspace->shaky);
    free(subspace->work);
    free(subspace->numerator);
}

/* Row k without the pivots of the crossings before it, and its size. */
static CREASE_CLONES void reduce_row(crease_subspace *subspace, size_t k)
{
    size_t stride = subspace->stride;
    double *row = subspace->row + k * stride;
    for (size_t i = 0; i < k; i++) {
        const double *above = subspace->row + i * stride;
        double factor = row[subspace->pivot[i]] / above[subspace->pivot[i]];
        for (size_t j = 0; j < stride; j += CREASE_LANES)
            CREASE_LANES_AT(row + j) -= factor * CREASE_LANES_AT(above + j);
        row[subspace->pivot[i]] = 0;
        subspace->size[k] += fabs(factor) * subspace->size[i];
    }
}

/* The index of the largest number of a row among those that are not solved for, of which there is
 * one. */
static size_t largest(const double *row, const bool *solved, size_t n)
{
    size_t best = 0;
    while (solved[best])
        best++;
    double most = fabs(row[best]);
    for (size_t j = best + 1; j < n; j++) { /* no branch: what is larger is hard to predict */
        double size = solved[j] ? 0 : fabs(row[j]);
        best = size > most ? j : best;
        most = size > most ? size : most;
    }
    return best;
}

size_t crease_subspace_cross(crease_subspace *subspace, const crease_rays *rays, size_t u,
                             size_t slot)
{
    size_t n = subspace->model->inputs, d = n + 1, k = subspace->count;
    const crease_map *map = rays->map;
    size_t stride = map->model->layer[map->layer].stride;
    double *row = subspace->row + k * subspace->stride, top = 0;
    double *whole = subspace->whole + k * subspace->stride;
    assert(k < n);
    subspace->cross[k] = (crease_row){rays->map, u, 1};
    subspace->slot[k] = slot;
    for (size_t j = 0; j < d; j++) {
        row[j] = whole[j] = map->row[j * stride + u];
        top = fabs(row[j]) > top ? fabs(row[j]) : top;
    }
    subspace->size[k] = map->mag[u];
    reduce_row(subspace, k);
    size_t pivot = largest(row, subspace->solved, n);
    subspace->shaky[k] = (k && subspace->shaky[k - 1]) || !(fabs(row[pivot]) > small_pivot * top) ||
                         !(map->err[u] <= small_error * top);
    if (subspace->shaky[k])
        pivot = crease_subspace_exact_pivot(subspace);
    else if (CREASE_SHADOW)
        crease_shadow_pivot(subspace, pivot);
    assert(pivot < n && !subspace->solved[pivot]);
    subspace->pivot[k] = pivot;
    subspace->solved[pivot] = true;
    if (slot < CREASE_RAY_SLOTS)
        subspace->slots.word[slot / 64] |= (uint64_t)1 << slot % 64;
    subspace->count++;
    return pivot;
}

void crease_subspace_back(crease_subspace *subspace)
{
    size_t slot = subspace->slot[--subspace->count];
    subspace->solved[subspace->pivot[subspace->count]] = false;
    if (slot < CREASE_RAY_SLOTS)
        subspace->slots.word[slot / 64] &= ~((uint64_t)1 << slot % 64);
}

/* The rows that bound the cell within its subspace. */
static size_t bounding_rows(const crease_subspace *subspace, const crease_rays *rays,
                            const crease_ray_cell *cell, crease_row *row)
{
    crease_active_set used = crease_rays_active(cell);
    size_t count = 0;
    for (size_t s; (s = crease_active_next(&used)) < CREASE_RAY_SLOTS;) {
        const crease_row *own = crease_frame_row(cell->frame, s);
        if (!crease_bit(subspace->slots.word, s) && !crease_rays_is_unit(rays, s, own))
            row[count++] = *own;
    }
    return count;
}

/* A bound of how far the pivots are from those that solve the crossings, in the sum of coordinates,
 * if a point misses each crossing by less than its mag; INFINITY if it is too large to be a proof.
 *
 * Let g_k be the true rows of the crossings, w_k = g_k + h_k those in doubles, and
 *
 *   r_k = w_k - sum_(i < k) f_ki r_i + q_k
 *
 * the rows without the earlier pivots, with factors f_ki and rounding q_k.  Let N_k = mag_k + sum
 * |f_ki| N_i, which is subspace->size and bounds the entries of r_k.  If no crossing is shaky,
 * |h_k| <= 2^-32 mag_k; and |q_k| <= (2 k + 2) u N_k, u = 2^-53, up to a factor near 1, entrywise,
 * those entries that were set to 0 included.  Let x be a point with |g_k.x| <= w mag_k, and x + e
 * the point with g_k.(x + e) = 0, where e is 0 but at the pivots; |e| is the sum of its sizes.
 * Then |g_k.e| <= w mag_k, and
 *
 *   |r_k.e| <= |g_k.e| + |(h_k + q_k).e| + sum |f_ki| |r_i.e| <= (w + z |e|) N_k,
 *
 * by induction, with z = 2^-32 + (k + 1) (k + 2) u < 2^-31 for less than 1000 crossings.  As r_k is
 * 0 at the earlier pivots, |e_k| <= (w + z |e|) E_k with
 *
 *   E_k = (N_k + sum_(j > k) |r_k at pivot j| E_j) / |r_k at pivot k|
 *
 * from the last crossing to the first.  With E = sum E_k < 2^28, |e| <= w E / (1 - z E) < 2 w E,
 * with room for the rounding of E.  There is such an e: otherwise there were an e other than 0 with
 * all g_k.e = 0, the case w = 0, and |e| < |e|. */
static double spread(const crease_subspace *subspace)
{
    double *each = subspace->work, sum = 0;
    for (size_t k = subspace->count; k-- > 0;) {
        const double *row = subspace->row + k * subspace->stride;
        double own = subspace->size[k];
        for (size_t j = k + 1; j < subspace->count; j++)
            own += fabs(row[subspace->pivot[j]]) * each[j];
        each[k] = own / fabs(row[subspace->pivot[k]]);
        sum += each[k];
    }
    return sum < widest_spread && subspace->count < 1000 ? sum : INFINITY;
}

static double sum_of_sizes(const double *x, size_t d)
{
    return crease_filter_one_norm(x, d) * (1 + 0x1p-40);
}

/* A point inside the cell, from its rays: their sum, moved to the hyperplane of the last crossing
 * if the rays are not on it.  False if doubles do not decide. */
static bool float_target(const crease_subspace *subspace, const crease_rays *rays,
                         const crease_ray_cell *cell, double *v)
{
    size_t d = rays->d;
    memset(v, 0, d * sizeof *v);
    for (size_t i = 0; i < cell->count; i++) {
        const crease_ray *ray = cell->ray[i];
        double scale = ray->integer ? 1 / crease_filter_max_norm(ray->v, d) : 1;
        for (size_t j = 0; j < d; j++)
            v[j] += scale * ray->v[j];
    }
    if (crease_subspace_beside(subspace)) {
        size_t u = crease_subspace_beside(subspace)->unit, far = SIZE_MAX;
        const double *row = subspace->whole + (subspace->count - 1) * subspace->stride;
        double value = 0, best = 0, bound;
        for (size_t j = 0; j < d; j++)
            value += row[j] * v[j];
        for (size_t i = 0; i < cell->count; i++) {
            double there = crease_rays_value(rays, cell->ray[i], u, &bound);
            if (!(there * value < 0))
                continue;
            there /= crease_filter_max_norm(cell->ray[i]->v, d);
            if (fabs(there) > best) {
                best = fabs(there);
                far = i;
            }
        }
        if (far != SIZE_MAX) {
            double share = fabs(value) / best / crease_filter_max_norm(cell->ray[far]->v, d);
            for (size_t j = 0; j < d; j++)
                v[j] += share * cell->ray[far]->v[j];
        }
    }
    bool good = v[d - 1] > 0;
    for (size_t j = 0; j < d; j++) {
        v[j] /= v[d - 1];
        good = good && fabs(v[j]) < INFINITY;
    }
    v[d - 1] = 1;
    return good;
}

/* The sum of x_j y_j over as many numbers as rows of the subspace have. */
static inline double product(const double *x, const double *y, size_t stride)
{
    crease_lanes sum = {0};
    for (size_t j = 0; j < stride; j += CREASE_LANES)
        sum += CREASE_LANES_AT(x + j) * CREASE_LANES_AT(y + j);
    return ((sum[0] + sum[1]) + (sum[2] + sum[3])) + ((sum[4] + sum[5]) + (sum[6] + sum[7]));
}

/* The pivots' coordinates, which are 0, from the others.  Sets *off to a bound of the sum of their
 * errors, and *one to the sum of all coordinates' sizes. */
static CREASE_CLONES void solve(const crease_subspace *subspace, double spread_of_pivots, double *x,
                                double *one, double *off)
{
    size_t d = subspace->model->inputs + 1, stride = subspace->stride;
    for (size_t k = subspace->count; k-- > 0;) {
        const double *row = subspace->row + k * stride;
        x[subspace->pivot[k]] = -product(row, x, stride) / row[subspace->pivot[k]];
    }
    *one = sum_of_sizes(x, d);
    double worst = 0;
    for (size_t k = 0; k < subspace->count; k++) {
        const crease_map *map = subspace->cross[k].map;
        size_t u = subspace->cross[k].unit;
        double value = product(subspace->whole + k * stride, x, stride);
        double miss =
            (fabs(value) + crease_filter_bound(d, map->mag[u], map->err[u], *one)) / map->mag[u];
        worst = miss > worst || isnan(miss) ? miss : worst;
    }
    *off = 2 * spread_of_pivots * worst;
}

/* The coarsest exponent that promises to keep the rounded point inside; false if doubles do
 * not place the target inside. */
static bool first_exponent(const crease_walls *walls, const double *x, int *exponent)
{
    double fine, one = sum_of_sizes(x, walls->rays->d);
    if (!crease_walls_inside(walls, x, one, 0, &fine))
        return false;
    double level = fine < INFINITY ? -ilogb(fine) : 0;
    bool good = fabs(level) < 900;
    *exponent = good ? (int)level : 0;
    return good;
}

/* numerator = (centre + x) 2^exponent, which is an integer; the centre is dyadic. */
static void shifted_numerator(mpz_t numerator, const mpq_t centre, double count, long shift,
                              long exponent)
{
    mpz_t part;
    mpz_init(part);
    mpz_set_d(numerator, count);
    mpz_mul_2exp(numerator, numerator, (mp_bitcnt_t)shift);
    mpz_mul_2exp(part, mpq_numref(centre), (mp_bitcnt_t)(exponent > 0 ? exponent : 0));
    mpz_divexact(part, part, mpq_denref(centre));
    if (exponent < 0)
        mpz_fdiv_q_2exp(part, part, (mp_bitcnt_t)-exponent);
    mpz_add(numerator, numerator, part);
    mpz_clear(part);
}

/* write_rounded where no centre is set and steps are much the same in all inputs. */
static void write_plain(crease_trace *trace, const crease_subspace *subspace, const double *x,
                        int exponent)
{
    const crease_model *model = subspace->model;
    size_t n = model->inputs, count = 0;
    long low = LONG_MAX;
    const double steps = ldexp(1, exponent);
    for (size_t j = 0; j < n; j++) {
        long own = subspace->solved[j] ? LONG_MAX : model->column[j];
        low = own < low ? own : low;
    }
    crease_trace_point(trace, low == LONG_MAX ? 0 : exponent - (low - model->column[n]));
    for (size_t j = 0; j < n; j++) {
        long more = subspace->solved[j] ? 0 : model->column[j] - low;
        subspace->numerator[count] = (int64_t)(x[j] * steps) * ((int64_t)1 << more);
        count += !subspace->solved[j];
    }
    crease_trace_numerators(trace, subspace->numerator, count);
    crease_trace_point_end(trace);
}

/* Input j is centre_j + 2^(column_j - column_n) x_j: a step of 2^-exponent in all x_j is one
 * of different size in every input.  The point is written with the finest of these steps. */
static void write_rounded(crease_trace *trace, const crease_subspace *subspace, const double *x,
                          int exponent)
{
    const crease_model *model = subspace->model;
    size_t n = model->inputs;
    long low = LONG_MAX, finest;
    const double steps = ldexp(1, exponent);
    mpz_t numerator;
    mpz_init(numerator);
    for (size_t j = 0; j < n; j++)
        low = !subspace->solved[j] && model->column[j] < low ? model->column[j] : low;
    finest = low == LONG_MAX ? 0 : exponent - (low - model->column[n]);
    for (size_t j = 0; j < n; j++)
        if (!subspace->solved[j] && mpq_sgn(model->centre[j])) {
            long bits = (long)mpz_sizeinbase(mpq_denref(model->centre[j]), 2) - 1;
            long zeros = (long)mpz_scan1(mpq_numref(model->centre[j]), 0);
            finest = bits - zeros > finest ? bits - zeros : finest;
        }
    crease_trace_point(trace, finest);
    for (size_t j = 0; j < n; j++) {
        if (subspace->solved[j])
            continue;
        long more = finest - exponent + model->column[j] - model->column[n];
        assert(more >= 0);
        double count = x[j] * steps;
        if (more <= MOST_SHIFT && !mpq_sgn(model->centre[j])) {
            crease_trace_numerator(trace, (int64_t)count * ((int64_t)1 << more));
        } else {
            shifted_numerator(numerator, model->centre[j], count, more, finest);
            crease_trace_big_numerator(trace, numerator);
        }
    }
    crease_trace_point_end(trace);
    mpz_clear(numerator);
}

/* Rounds the coordinates but the pivots to multiples of 2^-exponent.  False if one is too large. */
static bool round_to(const crease_subspace *subspace, const double *target, int exponent, double *x)
{
    const double unit = ldexp(1, -exponent), inverse = ldexp(1, exponent), shift = 0x1.8p52;
    bool good = true;
    for (size_t j = 0; j < subspace->model->inputs; j++) {
        double count = target[j] * inverse;
        good = good && fabs(count) < numerator_limit;
        if (!subspace->solved[j])
            x[j] = (count + shift - shift) * unit;
    }
    return good;
}

bool crease_subspace_point_by_doubles(crease_trace *trace, const crease_subspace *subspace,
                                      const crease_walls *walls, const double *target)
{
    const crease_rays *rays = walls->rays;
    size_t n = subspace->model->inputs, stride = subspace->stride;
    crease_arena_mark mark = crease_arena_here(rays->arena);
    double *x = crease_arena_take_aligned(rays->arena, stride * sizeof *x), one, off;
    int exponent = 0;
    bool inside = !subspace->count || !subspace->shaky[subspace->count - 1];
    double width = inside ? spread(subspace) : INFINITY;
    inside = width < INFINITY && first_exponent(walls, target, &exponent);
    exponent -= BITS_MORE; /* fewer bits suffice most often */
    for (int i = 0; i < FLOAT_TRIES && inside; i++, exponent += BITS_MORE) {
        memset(x, 0, stride * sizeof *x);
        x[n] = 1;
        inside = round_to(subspace, target, exponent, x);
        if (!inside)
            break;
        solve(subspace, width, x, &one, &off);
        if (!crease_walls_inside(walls, x, one, off, NULL))
            continue;
        if (CREASE_SHADOW)
            crease_shadow_witness(subspace, rays, x, walls->row, walls->rows);
        (subspace->plain ? write_plain : write_rounded)(trace, subspace, x, exponent);
        crease_arena_release(rays->arena, mark);
        return true;
    }
    crease_arena_release(rays->arena, mark);
    return false;
}

void crease_subspace_point(crease_trace *trace, const crease_subspace *subspace,
                           const crease_rays *rays, const crease_ray_cell *cell)
{
    crease_arena_mark mark = crease_arena_here(rays->arena);
    crease_row row[CREASE_RAY_SLOTS];
    size_t rows = bounding_rows(subspace, rays, cell, row);
    double *target = crease_arena_take(rays->arena, rays->d * sizeof *target);
    const crease_walls walls = crease_walls_new(rays, row, rows);
    if (!float_target(subspace, rays, cell, target) ||
        !crease_subspace_point_by_doubles(trace, subspace, &walls, target)) {
        mpz_t *V = crease_integer_new(rays->d);
        crease_subspace_exact_target(subspace, rays, cell, V);
        crease_subspace_point_by_integers(trace, subspace, rays, (const mpz_t *)V, row, rows);
        crease_integer_free(V, rays->d);
        rays->tally->exact++;
    }
    crease_arena_release(rays->arena, mark);
}
