#include "cells/restriction.h"

#include "base/bits.h"
#include "base/total.h"
#include "base/interrupt.h"
#include "base/limits.h"
#include "base/memory.h"
#include "exact/integer.h"
#include "proof/farkas_vertices.h"
#include "cells/shadow.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The most crossings of a segment that are kept on the stack and sorted by insertion. */
enum { FEW_CROSSINGS = CREASE_LIMIT_CROSSINGS };

/* Where row u meets a segment with the rays r0, r1: the share |g.r0| / (|g.r0| + |g.r1|) lies in
 * [low, high]. */
typedef struct {
    double low, high;
    size_t u;
} crossing;

/* Exact values of row u at the rays of the cell, one integer vector per ray. */
static void exact_values(const crease_rays *rays, size_t u, mpz_t *const *ray, size_t count,
                         mpz_t *out)
{
    const mpz_t *row = crease_map_exact(rays->map, u);
    for (size_t i = 0; i < count; i++) {
        mpz_set_ui(out[i], 0);
        for (size_t j = 0; j < rays->d; j++)
            mpz_addmul(out[i], row[j], ray[i][j]);
    }
}

/* Do rows u and t vanish on the same part of the cell?  In integers. */
static bool same_trace_exactly(const crease_rays *rays, const crease_ray_cell *cell, size_t u,
                               size_t t)
{
    uint64_t start = crease_clock_ticks();
    size_t n = cell->count;
    mpz_t **ray = crease_alloc(n, sizeof *ray);
    mpz_t *x = crease_integer_new(n), *y = crease_integer_new(n);
    for (size_t i = 0; i < n; i++) {
        ray[i] = crease_integer_new(rays->d);
        if (!crease_interrupted())
            crease_rays_exact(rays, cell->ray[i], ray[i]);
    }
    exact_values(rays, u, ray, n, x);
    exact_values(rays, t, ray, n, y);
    bool same = crease_integer_parallel((const mpz_t *)x, (const mpz_t *)y, n) != 0;
    for (size_t i = 0; i < n; i++)
        crease_integer_free(ray[i], rays->d);
    free(ray);
    crease_integer_free(x, n);
    crease_integer_free(y, n);
    rays->tally->exact++;
    uint64_t spent = crease_clock_ticks() - start;
    rays->tally->exact_ticks += spent;
    rays->tally->proof_ticks += spent;
    return same;
}

/* Are the vectors of values parallel?  1 yes, 0 no, both proved; -1 open. */
static int same_trace(const crease_rays *rays, const crease_ray_cell *cell, size_t u, size_t t)
{
    size_t pivot = 0;
    double du, dt, eu, et;
    bool exact = true;
    while (!crease_bit(cell->ray[pivot]->positive, u) && !crease_bit(cell->ray[pivot]->negative, u))
        pivot++;
    assert(pivot < cell->count);
    double xu = crease_rays_value(rays, cell->ray[pivot], u, &du);
    double xt = crease_rays_value(rays, cell->ray[pivot], t, &dt);
    for (size_t i = 0; i < cell->count; i++) {
        double yu = crease_rays_value(rays, cell->ray[i], u, &eu);
        double yt = crease_rays_value(rays, cell->ray[i], t, &et);
        double left = xu * yt, right = xt * yu;
        double bound = (fabs(xu) + du) * et + (fabs(yt) + et) * du + (fabs(xt) + dt) * eu +
                       (fabs(yu) + eu) * dt;
        bound = (bound + (fabs(left) + fabs(right)) * 0x1p-51) * (1 + 0x1p-20) + 0x1p-1000;
        if (fabs(left - right) > bound)
            return 0;
        /* Integers below 2^26 times the quantum multiply without rounding. */
        exact = exact && du + dt + eu + et == 0 && fabs(xu) < 0x1p26 * rays->map->quantum &&
                fabs(xt) < 0x1p26 * rays->map->quantum && fabs(yu) < 0x1p26 * rays->map->quantum &&
                fabs(yt) < 0x1p26 * rays->map->quantum;
        if (exact && left != right)
            return 0;
    }
    return exact ? 1 : -1;
}

static bool coincide(const crease_rays *rays, const crease_ray_cell *cell, size_t u, size_t t)
{
    int same = same_trace(rays, cell, u, t);
    if (same < 0)
        return same_trace_exactly(rays, cell, u, t);
    if (CREASE_SHADOW)
        crease_shadow_traces(rays, cell, u, t, same);
    return same;
}

static int by_low(const void *x, const void *y)
{
    const crossing *a = x, *b = y;
    return (a->low > b->low) - (a->low < b->low);
}

static void sort(crossing *list, size_t count)
{
    if (count > FEW_CROSSINGS) {
        qsort(list, count, sizeof *list, by_low);
        return;
    }
    for (size_t i = 1; i < count; i++) {
        crossing item = list[i];
        size_t k = i;
        for (; k > 0 && list[k - 1].low > item.low; k--)
            list[k] = list[k - 1];
        list[k] = item;
    }
}

/* With the values x, y known up to dx, dy and the true ones x', y' (all >= 0):
 *
 *   |x / (x + y) - x' / (x' + y')| = |(x - x') y' + x' (y' - y)| / ((x + y) (x' + y'))
 *                                 <= max(dx, dy) / (x + y),
 *
 * since the numerator is at most dx y' + dy x' <= max(dx, dy) (x' + y').  What rounding adds to the
 * share (below 2^-51) and to its ends (below 2^-51) is covered by 2^-50. */
static crossing cross_at(const crease_rays *rays, const crease_ray_cell *cell, size_t u)
{
    double d0, d1;
    double x = fabs(crease_rays_value(rays, cell->ray[0], u, &d0));
    double y = fabs(crease_rays_value(rays, cell->ray[1], u, &d1));
    double share = x / (x + y);
    double err = (d0 > d1 ? d0 : d1) / (x + y) * (1 + 0x1p-20) + 0x1p-50;
    if (!(err < 1 && share <= 1))
        return (crossing){-INFINITY, INFINITY, u};
    return (crossing){share - err, share + err, u};
}

/* Different points in a run of crossings whose error intervals overlap. */
static uint64_t different(const crease_rays *rays, const crease_ray_cell *cell,
                          const crossing *list, size_t count)
{
    uint64_t points = 0;
    for (size_t i = 0; i < count; i++) {
        bool seen = false;
        for (size_t k = 0; k < i && !seen && !crease_interrupted(); k++)
            seen = coincide(rays, cell, list[i].u, list[k].u);
        points += !seen;
    }
    return points;
}

/* The regions of a segment with the crossing rows of the set. */
static uint64_t count_segment(const crease_rays *rays, const crease_ray_cell *cell,
                              const uint64_t *cut, size_t crossings, crease_recount *again)
{
    crossing stack[FEW_CROSSINGS], *list = stack;
    assert(crease_interrupt_raised() || cell->count == 2);
    if (crossings > FEW_CROSSINGS)
        list = crease_arena_take(rays->arena, crossings * sizeof *list);
    size_t count = 0;
    for (size_t w = 0; w < rays->words; w++)
        for (uint64_t left = cut[w]; left; left &= left - 1)
            list[count++] = cross_at(rays, cell, 64 * w + (size_t)__builtin_ctzll(left));
    sort(list, count);
    uint64_t regions = 1;
    /* Sorted by the lower ends, an interval that begins beyond all ends so far is disjoint from
     * all of them: no crossing of another run lies at the same point. */
    for (size_t i = 0, k; i < count; i = k) {
        double reach = list[i].high;
        for (k = i + 1; k < count && list[k].low <= reach; k++)
            reach = list[k].high > reach ? list[k].high : reach;
        regions += k == i + 1 ? 1 : different(rays, cell, list + i, k - i);
    }
    rays->tally->filter += count;
    if (CREASE_SHADOW)
        crease_shadow_segment(rays, cell, cut, regions);
    if (again)
        crease_recount_expect(again, cut, rays->words, regions - 1);
    return regions;
}

/* The signs of a row at the first 64 rays: equal or opposite for rows with one trace. */
typedef struct {
    uint64_t positive, negative;
} signature;

static signature sign_at_rays(const crease_ray_cell *cell, size_t u)
{
    signature s = {0, 0};
    for (size_t i = 0; i < cell->count && i < 64; i++) {
        s.positive |= (uint64_t)crease_bit(cell->ray[i]->positive, u) << i;
        s.negative |= (uint64_t)crease_bit(cell->ray[i]->negative, u) << i;
    }
    return s;
}

/* Takes the rows out of the set that have the trace of a lower one. */
static void drop_repeated(const crease_rays *rays, const crease_ray_cell *cell, uint64_t *set,
                          size_t count, crease_proof *proof)
{
    size_t *done = crease_arena_take(rays->arena, count * sizeof *done), dones = 0;
    signature *seen = crease_arena_take(rays->arena, count * sizeof *seen);
    size_t first = rays->map->model->layer[rays->map->layer].first;
    for (size_t w = 0; w < rays->words; w++)
        for (uint64_t left = set[w]; left; left &= left - 1) {
            size_t u = 64 * w + (size_t)__builtin_ctzll(left), k;
            signature mine = sign_at_rays(cell, u);
            for (k = 0; k < dones && !crease_interrupt_raised(); k++) {
                bool equal = seen[k].positive == mine.positive && seen[k].negative == mine.negative;
                bool opposite =
                    seen[k].positive == mine.negative && seen[k].negative == mine.positive;
                if ((equal || opposite) && coincide(rays, cell, u, done[k]))
                    break;
            }
            if (k < dones) {
                set[w] &= ~((uint64_t)1 << u % 64);
                if (proof)
                    crease_trace_same(&proof->trace, first + u, first + done[k]);
                continue;
            }
            done[dones] = u;
            seen[dones++] = mine;
        }
}

bool crease_restriction_fit(const crease_ray_cell *cell, size_t dimension)
{
    const crease_active_set used = crease_rays_active(cell);
    return crease_active_count(&used) + dimension <= CREASE_LIMIT_SLOTS;
}

/* rows in set that have both signs at the rays; returns how many. */
static size_t cutting(const crease_rays *rays, const crease_ray_cell *cell, const uint64_t *set,
                      uint64_t *cut)
{
    size_t count = 0;
    for (size_t w = 0; w < rays->words; w++) {
        uint64_t positive = 0, negative = 0;
        for (size_t i = 0; i < cell->count; i++) {
            positive |= cell->ray[i]->positive[w];
            negative |= cell->ray[i]->negative[w];
        }
        cut[w] = positive & negative & set[w];
        count += (size_t)__builtin_popcountll(cut[w]);
    }
    return count;
}

static uint64_t count_cell(const crease_rays *rays, const crease_ray_cell *cell, size_t dimension,
                           const uint64_t *rows, crease_proof *proof, crease_recount *again);

/* The regions of the cell's restriction to the zeros of row u, under the rows before it. */
static uint64_t count_restriction(const crease_rays *rays, const crease_ray_cell *cell,
                                  size_t dimension, size_t u, size_t slot, const uint64_t *before,
                                  crease_proof *proof, crease_recount *again)
{
    crease_arena_mark mark = crease_arena_here(rays->arena);
    crease_ray_cell restriction = crease_rays_cross(rays, cell, u, slot, before);
    if (proof) {
        size_t first = rays->map->model->layer[rays->map->layer].first;
        size_t pivot = crease_subspace_cross(&proof->subspace, rays, u, slot);
        crease_trace_cross(&proof->trace, first + u, pivot);
    }
    if (again)
        again->within = u;
    uint64_t regions = count_cell(rays, &restriction, dimension - 1, before, proof, again);
    if (proof)
        crease_subspace_back(&proof->subspace);
    crease_arena_release(rays->arena, mark);
    return regions;
}

/* The remaining rows must be all different, and as many as there are different rows. */
static void drop_twice(const crease_rays *rays, const crease_ray_cell *cell, uint64_t *rows,
                       size_t count, crease_recount *again)
{
    uint64_t *before = crease_arena_take(rays->arena, rays->words * sizeof *before), kept = 0;
    memcpy(before, rows, rays->words * sizeof *rows);
    drop_repeated(rays, cell, rows, count, NULL);
    for (size_t w = 0; w < rays->words; w++)
        kept += (uint64_t)__builtin_popcountll(rows[w]);
    crease_recount_expect(again, before, rays->words, kept);
    if (kept < count)
        crease_recount_expect(again, rows, rays->words, kept);
}

/* Takes the highest row out of the set, which is not empty. */
static size_t take_highest(uint64_t *set, size_t words)
{
    size_t w = words - 1;
    while (!set[w])
        w--;
    size_t u = 64 * w + 63 - (size_t)__builtin_clzll(set[w]);
    set[w] &= ~((uint64_t)1 << u % 64);
    return u;
}

/* One more than the regions of all restrictions. */
static uint64_t count_restrictions(const crease_rays *rays, const crease_ray_cell *cell,
                                   size_t dimension, uint64_t *rows, size_t count,
                                   crease_recount *again)
{
    uint64_t regions = 1;
    size_t slot = crease_rays_free_slot(cell);
    assert(slot < CREASE_RAY_SLOTS); /* see crease_restriction_fit */
    if (again)
        drop_twice(rays, cell, rows, count, again);
    else
        drop_repeated(rays, cell, rows, count, NULL);
    while (!crease_bits_empty(rows, rays->words) && !crease_interrupted_after(rays->words)) {
        size_t u = take_highest(rows, rays->words);
        uint64_t more = crease_bits_empty(rows, rays->words)
                            ? 1
                            : count_restriction(rays, cell, dimension, u, slot, rows, NULL, again);
        if (!crease_total_add(&regions, more))
            rays->tally->too_many = true;
    }
    return regions;
}

/* Takes out the row of the set, which is not empty, that divides the rays most or least evenly. */
static size_t take_by_rays(const crease_ray_cell *cell, uint64_t *set, size_t words, bool most)
{
    size_t best = SIZE_MAX, rays = 0;
    for (size_t w = 0; w < words; w++)
        for (uint64_t left = set[w]; left; left &= left - 1) {
            size_t u = 64 * w + (size_t)__builtin_ctzll(left), own = crease_rays_fewer(cell, u);
            if (best == SIZE_MAX || (most ? own > rays : own < rays)) {
                best = u;
                rays = own;
            }
        }
    set[best / 64] &= ~((uint64_t)1 << best % 64);
    return best;
}

/* Rows whose zeros meet in a cell, and the part of it where all but the last are 0. */
typedef struct {
    size_t count, *unit, *slot;
    crease_ray_cell section;
} meeting;

/* Moves rows from the set, all of which cut the cell, to a meeting, until no other one meets them.
 * Each cuts the section of those before it, so that none is 0 or constant there: the rows are
 * independent. */
static meeting take_meeting(const crease_rays *rays, const crease_ray_cell *cell, size_t dimension,
                            uint64_t *rows)
{
    enum { MOST = 62 };
    meeting m = {.unit = crease_arena_take(rays->arena, dimension * sizeof *m.unit),
                 .slot = crease_arena_take(rays->arena, dimension * sizeof *m.slot)};
    uint64_t *left = crease_arena_take(rays->arena, rays->words * sizeof *left);
    uint64_t *cut = crease_arena_take(rays->arena, rays->words * sizeof *cut);
    crease_ray_cell section = *cell;
    memcpy(left, rows, rays->words * sizeof *left);
    while (m.count + 1 < dimension && m.count < MOST && cutting(rays, &section, left, cut)) {
        size_t u = take_by_rays(&section, cut, rays->words, true);
        rows[u / 64] &= ~((uint64_t)1 << u % 64);
        m.section = section;
        m.unit[m.count] = u;
        m.slot[m.count++] = crease_rays_free_slot(&section);
        memcpy(left, cut, rays->words * sizeof *left);
        if (crease_bits_empty(left, rays->words) || m.count + 1 == dimension)
            break;
        section = crease_rays_cross(rays, &section, u, m.slot[m.count - 1], left);
    }
    return m;
}

static void write_meeting(const crease_rays *rays, const meeting *m, crease_proof *proof)
{
    size_t *pivot = crease_arena_take(rays->arena, m->count * sizeof *pivot);
    for (size_t i = 0; i < m->count; i++) {
        size_t slot = i + 1 < m->count ? m->slot[i] : CREASE_RAY_SLOTS, k = i;
        size_t own = crease_subspace_cross(&proof->subspace, rays, m->unit[i], slot);
        for (; k > 0 && pivot[k - 1] > own; k--)
            pivot[k] = pivot[k - 1];
        pivot[k] = own;
    }
    crease_trace_meet(&proof->trace, pivot, m->count);
    crease_subspace_point(&proof->trace, &proof->subspace, rays, &m->section);
    for (size_t i = 0; i < m->count; i++)
        crease_subspace_back(&proof->subspace);
}

/* The same with a proof.  Rows that meet make 2^count regions; each other one adds those of the
 * restriction to its zeros. */
static uint64_t prove_restrictions(const crease_rays *rays, const crease_ray_cell *cell,
                                   size_t dimension, uint64_t *rows, size_t count,
                                   crease_proof *proof)
{
    size_t slot = crease_rays_free_slot(cell);
    uint64_t *others = crease_arena_take(rays->arena, rays->words * sizeof *others);
    drop_repeated(rays, cell, rows, count, proof);
    memcpy(others, rows, rays->words * sizeof *others);
    const meeting m = take_meeting(rays, cell, dimension, others);
    uint64_t regions = (uint64_t)1 << m.count;
    while (!crease_bits_empty(others, rays->words) && !crease_interrupted_after(rays->words)) {
        size_t u = take_by_rays(cell, others, rays->words, false);
        rows[u / 64] &= ~((uint64_t)1 << u % 64);
        uint64_t more = count_restriction(rays, cell, dimension, u, slot, rows, proof, NULL);
        if (!crease_total_add(&regions, more))
            rays->tally->too_many = true;
    }
    write_meeting(rays, &m, proof);
    return regions;
}

/* Counts again after a doubt, with all comparisons in integers. */
static uint64_t count_exactly(const crease_rays *rays, const crease_ray_cell *cell,
                              size_t dimension, const uint64_t *rows)
{
    crease_arena_mark mark = crease_arena_here(rays->arena);
    uint64_t *cut = crease_arena_take(rays->arena, rays->words * sizeof *cut), regions = 1;
    uint64_t *before = crease_arena_take(rays->arena, rays->words * sizeof *cut);
    size_t slot = crease_rays_free_slot(cell), *kept, count = 0;
    kept = crease_arena_take(rays->arena, cutting(rays, cell, rows, cut) * sizeof *kept);
    memset(before, 0, rays->words * sizeof *before);
    for (size_t w = 0; w < rays->words; w++)
        for (uint64_t left = cut[w]; left && !crease_interrupted(); left &= left - 1) {
            size_t u = 64 * w + (size_t)__builtin_ctzll(left), k = 0;
            while (k < count && !same_trace_exactly(rays, cell, u, kept[k]))
                k++;
            if (k < count)
                continue;
            if (dimension > 2 && count) {
                crease_ray_cell restriction = crease_rays_cross(rays, cell, u, slot, before);
                regions += count_exactly(rays, &restriction, dimension - 1, before);
            } else {
                regions++;
            }
            kept[count++] = u;
            before[w] |= left & -left;
        }
    crease_arena_release(rays->arena, mark);
    return regions;
}

static uint64_t count_cell(const crease_rays *rays, const crease_ray_cell *cell, size_t dimension,
                           const uint64_t *rows, crease_proof *proof, crease_recount *again)
{
    crease_arena_mark mark = crease_arena_here(rays->arena);
    uint64_t *cut = crease_arena_take(rays->arena, rays->words * sizeof *cut);
    size_t count = cutting(rays, cell, rows, cut);
    uint64_t regions = 1 + count;
    /* In at most two dimensions the checker counts the regions itself. */
    bool leave = proof && count && dimension <= 3;
    if (leave) {
        again = &proof->recount;
        crease_recount_begin(again, rays->map, &proof->subspace);
    } else if (proof) {
        uint64_t *rest = crease_arena_take(rays->arena, 2 * rays->words * sizeof *rest);
        uint64_t *positive = rest + rays->words;
        for (size_t w = 0; w < rays->words; w++) {
            rest[w] = rows[w] & ~cut[w];
            positive[w] = 0;
            for (size_t i = 0; i < cell->count; i++)
                positive[w] |= cell->ray[i]->positive[w];
        }
        crease_farkas_force(&proof->trace, rays, cell, &proof->subspace.slots, CREASE_RAY_SLOTS,
                            rest, positive);
        if (!count)
            crease_subspace_point(&proof->trace, &proof->subspace, rays, cell);
    }
    if (count && proof && !leave)
        regions = prove_restrictions(rays, cell, dimension, cut, count, proof);
    else if (count > 1 && dimension == 2)
        regions = count_segment(rays, cell, cut, count, again);
    else if (count > 1)
        regions = count_restrictions(rays, cell, dimension, cut, count, again);
    if (leave)
        crease_trace_count(&proof->trace,
                           again->doubt ? count_exactly(rays, cell, dimension, rows) : regions);
    crease_arena_release(rays->arena, mark);
    return regions;
}

uint64_t crease_restriction_count(const crease_rays *rays, const crease_ray_cell *cell,
                                  size_t dimension, const uint64_t *rows, crease_proof *proof)
{
    return count_cell(rays, cell, dimension, rows, proof, NULL);
}

void crease_proof_open(crease_proof *proof, const crease_model *model, crease_tape *tape,
                       crease_segment *segment)
{
    crease_trace_open(&proof->trace, tape, segment);
    crease_subspace_open(&proof->subspace, model);
    crease_recount_open(&proof->recount, model);
}

void crease_proof_close(crease_proof *proof)
{
    crease_trace_close(&proof->trace);
    crease_subspace_close(&proof->subspace);
    crease_recount_close(&proof->recount);
}
