#include "cells/outline_proof.h"

#include "base/interrupt.h"
#include "base/lanes.h"
#include "cells/outline_count.h"
#include "cells/shadow.h"
#include "dd/outline_image.h"
#include "exact/filter.h"
#include "proof/farkas_vertices.h"

#include <assert.h>
#include <math.h>
#include <string.h>

typedef struct {
    crease_outline_space space;
    crease_proof *proof;
    crease_walls walls; /* of the whole cell */
    crease_outline_image image;
    double *target;
    size_t first;                       /* number of the layer's first unit */
    size_t reference[CREASE_RAY_SLOTS]; /* of the row in a slot */
} prover;

/* ---- Points ---- */

typedef int64_t __attribute__((may_alias)) bits;

/* The power of two that brings the largest of some coordinates near 1.  Sizes of doubles are in the
 * order of their bits. */
static inline double scale_of(const double *v, size_t width)
{
    const bits *number = (const bits *)v;
    int64_t top = 0;
    double largest;
    for (size_t j = 0; j < width; j++)
        top = (number[j] & INT64_MAX) > top ? number[j] & INT64_MAX : top;
    memcpy(&largest, &top, sizeof largest);
    return crease_filter_unit_scale(largest);
}

/* The sum of the rays' points, which are brought to about one size.  row: NULL, or the first of
 * values of a row that cuts the outline, as far apart as those of two rays: then a ray on one side
 * is added to move the sum to its zeros. */
static CREASE_CLONES void add_points(const crease_outline *outline, const double *row, double *v)
{
    const size_t width = outline->point_width, step = 2 * outline->width;
    double value = 0, high = 0, low = 0;
    size_t highest = 0, lowest = 0;
    memset(v, 0, width * sizeof *v);
    for (size_t i = 0; i < outline->count; i++) {
        const double *point = outline->point + i * width, scale = scale_of(point, width);
        for (size_t j = 0; j < width; j += CREASE_LANES)
            CREASE_LANES_AT(v + j) += scale * CREASE_LANES_AT(point + j);
        if (!row)
            continue;
        double own = scale * row[i * step];
        value += own;
        highest = own > high ? i : highest;
        high = own > high ? own : high;
        lowest = own < low ? i : lowest;
        low = own < low ? own : low;
    }
    if (!row || !(low < 0 && high > 0))
        return;
    size_t far = value > 0 ? lowest : highest;
    const double *point = outline->point + far * width;
    const double share = fabs(value / row[far * step]);
    for (size_t j = 0; j < width; j += CREASE_LANES)
        CREASE_LANES_AT(v + j) += share * CREASE_LANES_AT(point + j);
}

/* Writes a point of the outline on the zeros of a row that cuts it; row: SIZE_MAX if there is
 * none. */
static bool write_point(prover *p, const crease_outline *outline, size_t row)
{
    size_t d = p->space.rays->d;
    double *v = p->target;
    add_points(outline, row < SIZE_MAX ? outline->value + row : NULL, v);
    for (size_t j = 0; j < d && p->image.lift; j++)
        v[j] += p->image.lift[j];
    double last = v[d - 1];
    bool good = last > 0;
    for (size_t j = 0; j < d; j++) {
        v[j] /= last;
        good = good && fabs(v[j]) < INFINITY;
    }
    v[d - 1] = 1;
    good = good &&
           crease_subspace_point_by_doubles(&p->proof->trace, &p->proof->subspace, &p->walls, v);
    return good;
}

/* ---- Supports ---- */

/* A vertex of an outline: 1 / v_d, the error of v_d and what rounding of a quotient adds, and
 * 1 / (v_d - error), rounded up. */
typedef struct {
    const double *value;
    double inverse, off, share;
    bool simple;
    crease_active_set support;
} vertex;

/* The vertices, one of those with the same values. */
static size_t find_vertices(const prover *p, const crease_outline *outline, vertex *list)
{
    const crease_low_rank *low = &p->image.low;
    crease_active_sets seen;
    size_t count = 0;
    if (low->count)
        seen = crease_active_sets_new(p->space.rays->arena, outline->count);
    for (size_t i = 0; i < outline->count; i++) {
        const crease_outline_ray *ray = &outline->ray[i];
        if (!(ray->positive & 1))
            continue;
        const double *value = outline->value + 2 * i * outline->width;
        double top = value[0], error = value[outline->width], base = top - error;
        bool simple = ray->actives + 1 == outline->dimension;
        crease_active_set support = ray->active;
        if (low->count && simple && crease_low_rank_reduce(low, p->space.crossings, &support) &&
            !crease_active_sets_add(&seen, &support))
            continue;
        list[count++] = (vertex){.value = value,
                                 .inverse = 1 / top,
                                 .off = error + 0x1p-50 * top,
                                 .share = base > 0 ? (1 + 0x1p-20) / base : INFINITY,
                                 .simple = simple,
                                 .support = support};
    }
    return count;
}

/* Where rows c, ..., c + 7 are least. */
typedef struct {
    double sign[CREASE_LANES];
    double at[CREASE_LANES], high[CREASE_LANES], next[CREASE_LANES];
} __attribute__((aligned(64))) leasts;

static CREASE_CLONES void find_leasts(const vertex *list, size_t count, size_t c, size_t width,
                                      leasts *l)
{
    crease_lanes infinite = (crease_lanes){0} + INFINITY;
    crease_lanes least = infinite, high = infinite, next = infinite, at = {0};
    const crease_lanes sign = CREASE_LANES_AT(l->sign);
    for (size_t i = 0; i < count; i++) {
        const vertex *o = &list[i];
        crease_lanes x = sign * CREASE_LANES_AT(o->value + c) * o->inverse;
        crease_lanes err =
            (CREASE_LANES_AT(o->value + width + c) + CREASE_LANES_ABS(x) * o->off) * o->share;
        /* An error that is infinite or no number proves nothing. */
        crease_lane_masks known = err < INFINITY, less = x < least;
        crease_lanes low = CREASE_LANES_SELECT(known, x - err, -infinite);
        crease_lanes other = CREASE_LANES_SELECT(less, least - (high - least), low);
        next = CREASE_LANES_SELECT(other < next, other, next);
        high = CREASE_LANES_SELECT(less, CREASE_LANES_SELECT(known, x + err, infinite), high);
        at = CREASE_LANES_SELECT(less, (crease_lanes){0} + (double)i, at);
        least = CREASE_LANES_SELECT(less, x, least);
    }
    CREASE_LANES_AT(l->at) = at;
    CREASE_LANES_AT(l->high) = high;
    CREASE_LANES_AT(l->next) = next;
}

/* Inserts a number into an ascending list. */
static void insert(size_t *list, size_t count, size_t number)
{
    for (; count > 0 && list[count - 1] > number; count--)
        list[count] = list[count - 1];
    list[count] = number;
}

/* Writes that the units of rows in the set, all of which are least at this vertex, are forced. */
static void write_force(prover *p, const crease_outline *outline, const vertex *at, uint64_t rows)
{
    size_t support[CREASE_RAY_SLOTS], state[CREASE_OUTLINE_ROWS], supports = 0, count = 0;
    crease_forced forced[CREASE_OUTLINE_ROWS];
    crease_active_set left = at->support;
    for (size_t s; (s = crease_active_next(&left)) < CREASE_RAY_SLOTS;)
        support[supports++] = p->reference[s];
    crease_trace_sort(support, supports);
    for (; rows; rows &= rows - 1) {
        size_t c = (size_t)__builtin_ctzll(rows);
        state[count++] = 2 * p->space.unit[c] + (outline->positive >> c & 1);
    }
    crease_trace_sort(state, count);
    for (size_t i = 0; i < count; i++)
        forced[i] = (crease_forced){p->first + state[i] / 2, state[i] % 2};
    crease_trace_force(&p->proof->trace, support, supports, forced, count);
}

/* Writes that the rows of the set, none of which cuts the outline, are forced. */
static bool force(prover *p, const crease_outline *outline, uint64_t rows)
{
    crease_arena *arena = p->space.rays->arena;
    crease_arena_mark mark = crease_arena_here(arena);
    vertex *list = crease_arena_take(arena, outline->count * sizeof *list);
    size_t count = rows ? find_vertices(p, outline, list) : 0, at[CREASE_OUTLINE_ROWS];
    bool good = true;
    for (size_t c = 0; c < CREASE_OUTLINE_ROWS && rows >> c && good; c += CREASE_LANES) {
        leasts l;
        if (!(rows >> c & 0xff))
            continue;
        for (size_t k = 0; k < CREASE_LANES; k++)
            l.sign[k] = outline->positive >> (c + k) & 1 ? 1 : -1;
        find_leasts(list, count, c, outline->width, &l);
        for (uint64_t left = rows >> c & 0xff; left; left &= left - 1) {
            size_t k = (size_t)__builtin_ctzll(left);
            at[c + k] = (size_t)l.at[k];
            good = good && l.high[k] < l.next[k] && list[at[c + k]].simple;
            if (CREASE_SHADOW && good)
                crease_shadow_least(&p->space, &list[at[c + k]].support, c + k, (int)l.sign[k]);
        }
    }
    while (rows && good) {
        size_t own = at[__builtin_ctzll(rows)];
        uint64_t together = 0;
        for (uint64_t left = rows; left; left &= left - 1)
            if (at[__builtin_ctzll(left)] == own)
                together |= left & -left;
        write_force(p, outline, &list[own], together);
        rows &= ~together;
    }
    crease_arena_release(arena, mark);
    return good;
}

/* ---- The count ---- */

static bool prove_in(prover *p, const crease_outline *outline, uint64_t pending, uint64_t cut,
                     uint64_t *regions);

static void cross(prover *p, size_t c)
{
    size_t u = p->space.unit[c];
    size_t pivot = crease_subspace_cross(&p->proof->subspace, p->space.rays, u, CREASE_RAY_SLOTS);
    crease_trace_cross(&p->proof->trace, p->first + u, pivot);
}

/* The zeros of row c on the outline, where the rows of the set are pending.  *more: its regions, 0
 * if row c has the zeros of one of these. */
static bool prove_restriction(prover *p, const crease_outline *outline, size_t c, uint64_t rows,
                              uint64_t *more)
{
    crease_arena *arena = p->space.rays->arena;
    crease_arena_mark mark = crease_arena_here(arena);
    crease_outline restriction;
    uint64_t cut, same;
    p->space.crossed[p->space.crossings++] = c;
    bool sure = crease_outline_restrict(&p->space, outline, c, rows, &restriction, &cut, &same) &&
                !crease_interrupt_raised();
    *more = 0;
    if (sure && same) {
        crease_trace_same(&p->proof->trace, p->first + p->space.unit[c],
                          p->first + p->space.unit[__builtin_ctzll(same)]);
    } else if (sure) {
        cross(p, c);
        sure = prove_in(p, &restriction, rows, cut, more);
        crease_subspace_back(&p->proof->subspace);
    }
    p->space.crossings--;
    crease_arena_release(arena, mark);
    return sure;
}

/* Rows whose zeros meet in an outline, and the part of it where all but the last are 0. */
typedef struct {
    uint64_t rows;
    size_t count, row[CREASE_OUTLINE_ROWS];
    crease_outline section;
    bool alone; /* no other row that cuts the outline cuts it on the zeros of the only row: */
    crease_outline zeros; /* the restriction to them, if others than those in `same`, ... */
    uint64_t same;        /* which have the same zeros, are left */
} meeting;

/* Per row: how many rays of an outline there are on the side where there are fewer. */
typedef struct {
    size_t fewer[CREASE_OUTLINE_ROWS];
} sides;

static void count_sides(const crease_outline *outline, uint64_t rows, sides *s)
{
    for (; rows; rows &= rows - 1) {
        size_t c = (size_t)__builtin_ctzll(rows), positive = 0, negative = 0;
        for (size_t i = 0; i < outline->count; i++) {
            positive += outline->ray[i].positive >> c & 1;
            negative += outline->ray[i].negative >> c & 1;
        }
        s->fewer[c] = positive < negative ? positive : negative;
    }
}

/* The row of the set, which is not empty, that divides the rays most evenly, or least. */
static size_t choose_row(const sides *s, uint64_t rows, bool most)
{
    size_t best = (size_t)__builtin_ctzll(rows);
    while ((rows &= rows - 1) != 0) {
        size_t c = (size_t)__builtin_ctzll(rows);
        best = (most ? s->fewer[c] > s->fewer[best] : s->fewer[c] < s->fewer[best]) ? c : best;
    }
    return best;
}

/* Restricts the last section to the zeros of row c and sets *rows, others that cut that section, to
 * those that cut the restriction. */
static bool restrict_section(prover *p, meeting *m, size_t c, uint64_t *rows, crease_outline *next)
{
    uint64_t same, cut = 0;
    bool first = m->count == 1;
    bool sure = crease_outline_restrict(&p->space, &m->section, c, *rows, next, &cut, &same);
    if (sure && first)
        m->same = same;
    /* Those with the same zeros there do not cut the next section. */
    uint64_t others = *rows & ~same;
    if (sure && same && others)
        sure = crease_outline_restrict(&p->space, &m->section, c, others, next, &cut, &same);
    *rows = cut;
    if (first && !cut && others) {
        m->alone = true;
        m->zeros = *next;
    }
    return sure && !crease_interrupt_raised();
}

/* As many of the rows, all of which cut the outline, as can be found one after the other, those
 * first that cross many edges.  Each cuts the section of those before it, so that none is 0 or
 * constant there: the rows are independent. */
static bool take_meeting(prover *p, const crease_outline *outline, const sides *first,
                         uint64_t rows, meeting *m)
{
    size_t crossings = p->space.crossings;
    sides next_sides;
    m->rows = m->count = m->same = 0;
    m->alone = false;
    m->section = *outline;
    while (true) {
        size_t c = choose_row(m->count ? &next_sides : first, rows, true);
        crease_outline next;
        rows &= ~((uint64_t)1 << c);
        m->rows |= (uint64_t)1 << c;
        m->row[m->count++] = c;
        if (!rows || m->section.dimension == 2 || m->count == CREASE_OUTLINE_ROWS - 1)
            break;
        p->space.crossed[p->space.crossings++] = c;
        if (!restrict_section(p, m, c, &rows, &next))
            return false;
        if (!rows)
            break;
        m->section = next;
        count_sides(&next, rows, &next_sides);
    }
    p->space.crossings = crossings;
    return true;
}

static bool write_meeting(prover *p, const meeting *m)
{
    crease_subspace *subspace = &p->proof->subspace;
    size_t pivot[CREASE_OUTLINE_ROWS];
    for (size_t i = 0; i < m->count; i++)
        insert(pivot, i,
               crease_subspace_cross(subspace, p->space.rays, p->space.unit[m->row[i]],
                                     CREASE_RAY_SLOTS));
    crease_trace_meet(&p->proof->trace, pivot, m->count);
    bool sure = write_point(p, &m->section, m->row[m->count - 1]);
    for (size_t i = 0; i < m->count; i++)
        crease_subspace_back(subspace);
    return sure;
}

/* The zeros of a row that is alone, where the other rows of `cut` are pending. */
static bool prove_zeros(prover *p, const meeting *m, uint64_t cut, uint64_t *more)
{
    size_t c = m->row[0];
    for (uint64_t left = m->same; left; left &= left - 1)
        crease_trace_same(&p->proof->trace, p->first + p->space.unit[__builtin_ctzll(left)],
                          p->first + p->space.unit[c]);
    p->space.crossed[p->space.crossings++] = c;
    cross(p, c);
    bool sure = prove_in(p, &m->zeros, cut & ~(m->rows | m->same), 0, more);
    crease_subspace_back(&p->proof->subspace);
    p->space.crossings--;
    return sure;
}

/* The rows of the set `pending` that cut the outline are those of `cut`. */
static bool prove_in(prover *p, const crease_outline *outline, uint64_t pending, uint64_t cut,
                     uint64_t *regions)
{
    crease_proof *proof = p->proof;
    uint64_t sum, more;
    /* In at most two dimensions the checker counts the regions itself. */
    if (cut && proof->subspace.model->inputs - proof->subspace.count <= 2) {
        bool sure = crease_outline_count_in(&p->space, outline, cut, regions);
        if (sure)
            crease_trace_count(&proof->trace, *regions);
        return sure;
    }
    bool sure = force(p, outline, pending & ~cut);
    if (!cut) {
        *regions = 1;
        return sure && write_point(p, outline, SIZE_MAX);
    }
    meeting m;
    sides all;
    sum = 0;
    count_sides(outline, cut & (cut - 1) ? cut : 0, &all);
    while ((sure = sure && take_meeting(p, outline, &all, cut, &m)) && m.alone) {
        sure = prove_zeros(p, &m, cut, &more);
        cut &= ~(m.rows | m.same);
        sum += more;
    }
    sum += (uint64_t)1 << (sure ? m.count : 0);
    for (uint64_t others; sure && (others = cut & ~m.rows); sum += more) {
        size_t c = choose_row(&all, others, false);
        cut &= ~((uint64_t)1 << c);
        sure = prove_restriction(p, outline, c, cut, &more);
    }
    *regions = sum;
    return sure && write_meeting(p, &m);
}

/* The rows that bound the cell. */
static void open_walls(prover *p, const crease_rays *rays, const crease_ray_cell *cell)
{
    crease_active_set used = crease_rays_active(cell);
    crease_row *row = crease_arena_take(rays->arena, CREASE_RAY_SLOTS * sizeof *row);
    size_t rows = 0;
    for (size_t s; (s = crease_active_next(&used)) < CREASE_RAY_SLOTS;) {
        const crease_row *own = crease_frame_row(cell->frame, s);
        if (crease_rays_is_unit(rays, s, own))
            continue;
        row[rows++] = *own;
        p->reference[s] = crease_farkas_reference(rays->map->model, own);
    }
    p->walls = crease_walls_new(rays, row, rows);
}

static bool try_to_prove(const crease_rays *rays, const crease_ray_cell *cell, const uint64_t *rows,
                         crease_proof *proof, uint64_t *regions)
{
    crease_arena_mark mark = crease_arena_here(rays->arena);
    const crease_trace before = proof->trace;
    crease_outline outline;
    prover p = {.proof = proof, .first = rays->map->model->layer[rays->map->layer].first};
    assert(!proof->subspace.count);
    bool sure =
        crease_outline_find_image(rays, cell, &p.image) &&
        crease_outline_open(&p.space, rays, &p.image.cell, p.image.dimension, rows, true, &outline);
    if (sure) {
        open_walls(&p, rays, cell);
        p.target = crease_arena_take_aligned(rays->arena, outline.point_width * sizeof *p.target);
        crease_trace_hold(&proof->trace);
        uint64_t all = crease_outline_rows(&p.space);
        sure = prove_in(&p, &outline, all, all, regions) && !crease_interrupt_raised();
        while (proof->subspace.count)
            crease_subspace_back(&proof->subspace);
        crease_trace_go_on(&proof->trace, &before, !sure);
    }
    crease_arena_release(rays->arena, mark);
    return sure;
}

/* The cell with better known copies of its rays, which themselves must depend only on the path to
 * the cell.  False if there are none. */
static bool refine(const crease_rays *rays, const crease_ray_cell *cell, crease_ray_cell *refined)
{
    *refined = crease_rays_take_cell(rays, cell->frame, cell->count);
    for (size_t i = 0; i < cell->count; i++)
        refined->ray[refined->count++] = crease_rays_copy(rays, cell->ray[i]);
    return crease_rays_refine_all(rays, refined);
}

bool crease_outline_prove(const crease_rays *rays, const crease_ray_cell *cell,
                          const uint64_t *rows, crease_proof *proof, uint64_t *regions)
{
    crease_arena_mark mark = crease_arena_here(rays->arena);
    crease_ray_cell refined;
    bool sure = try_to_prove(rays, cell, rows, proof, regions) ||
                (!crease_interrupt_raised() && refine(rays, cell, &refined) &&
                 try_to_prove(rays, &refined, rows, proof, regions));
    crease_arena_release(rays->arena, mark);
    return sure;
}
