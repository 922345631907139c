#include "dd/outline.h"

#include "base/interrupt.h"
#include "base/lanes.h"
#include "base/limits.h"
#include "exact/filter.h"
#include "dd/meet.h"
#include "dd/pairs.h"
#include "dd/shadow.h"

#include <assert.h>
#include <math.h>
#include <string.h>

enum { ALIGNMENT = 64 };

/* An edge of an outline that a row crosses. */
typedef struct {
    uint32_t above, below, shared; /* shared: active rows of both ends */
} crossed_edge;

/* What is known of a restriction before its values are computed. */
typedef struct {
    size_t zeros, edges, room;
    uint32_t *zero; /* rays where the row vanishes */
    crossed_edge *edge;
    uint64_t positive, negative; /* rows with this sign at some of its rays */
    uint64_t open;               /* rows with both signs at the ends of some edge */
} crossing;

static double *take_values(const crease_rays *rays, size_t count)
{
    char *memory = crease_arena_take(rays->arena, count * sizeof(double) + ALIGNMENT);
    return (double *)(memory + (ALIGNMENT - (uintptr_t)memory % ALIGNMENT));
}

/* The rows of a space one beside the other: entry j of row c at row[j * width + c]. */
typedef struct {
    size_t d, width;
    double *row, *bound, *slope;
} table;

static table gather(const crease_outline_space *space, size_t width)
{
    const crease_map *map = space->rays->map;
    size_t d = map->d, stride = map->model->layer[map->layer].stride;
    double *memory = take_values(space->rays, (d + 2) * width);
    table rows = {d, width, memory, memory + d * width, memory + (d + 1) * width};
    memset(memory, 0, (d + 2) * width * sizeof *memory);
    for (size_t c = 0; c < space->rows; c++) {
        size_t u = space->unit[c];
        if (c < space->proves) { /* v_d */
            rows.row[(d - 1) * width] = rows.slope[0] = 1;
            continue;
        }
        for (size_t j = 0; j < d; j++)
            rows.row[j * width + c] = map->row[j * stride + u];
        rows.bound[c] = map->bound[u];
        rows.slope[c] = map->slope[u];
    }
    return rows;
}

/* Values times the factor, a power of two.  one = err = 0: they are exact. */
static CREASE_CLONES void evaluate(const table *rows, const double *v, double one, double err,
                                   double factor, double *value)
{
    const double tiny = one > 0 ? 0x1p-1000 : 0;
    for (size_t c = 0; c < rows->width; c += CREASE_LANES) {
        crease_lanes sum = {0};
        for (size_t j = 0; j < rows->d; j++)
            sum += CREASE_LANES_AT(rows->row + j * rows->width + c) * v[j];
        crease_lanes error =
            CREASE_LANES_AT(rows->bound + c) * one + CREASE_LANES_AT(rows->slope + c) * err + tiny;
        CREASE_LANES_AT(value + c) = sum * factor;
        CREASE_LANES_AT(value + rows->width + c) = error * factor + tiny;
    }
}

static void set_values(const crease_outline_space *space, const table *rows, const crease_ray *ray,
                       double *value)
{
    bool exact = crease_rays_products_exact(space->rays, ray);
    double factor =
        ray->integer ? crease_filter_unit_scale(crease_filter_max_norm(ray->v, rows->d)) : 1;
    evaluate(rows, ray->v, exact ? 0 : ray->one, exact ? 0 : ray->err, factor, value);
    /* Values that were passed on are better than those from coordinates. */
    for (size_t c = space->proves; c < space->rows && ray->valued; c++)
        if (ray->valued >> space->unit[c] / 8 & 1) {
            value[c] = factor * ray->value[space->unit[c]];
            value[rows->width + c] = factor * ray->error[space->unit[c]] + (exact ? 0 : 0x1p-1000);
        }
}

static uint64_t gather_bits(const crease_outline_space *space, const uint64_t *set)
{
    uint64_t bits = 0;
    for (size_t c = space->proves; c < space->rows; c++)
        bits |= (uint64_t)crease_bit(set, space->unit[c]) << c;
    return bits;
}

/* Rows that cross many edges come first: fewer restrictions to them are needed. */
static bool list_rows(crease_outline_space *space, const uint64_t *rows)
{
    size_t few[CREASE_OUTLINE_ROWS], first = space->rows;
    for (size_t w = 0; w < space->rays->words; w++)
        for (uint64_t left = rows[w]; left; left &= left - 1) {
            if (space->rows == CREASE_LIMIT_OUTLINE)
                return false;
            size_t u = 64 * w + (size_t)__builtin_ctzll(left), k = space->rows++;
            size_t own = crease_rays_fewer(space->cell, u);
            for (; k > first && few[k - 1] < own; k--) {
                few[k] = few[k - 1];
                space->unit[k] = space->unit[k - 1];
            }
            few[k] = own;
            space->unit[k] = u;
        }
    return true;
}

/* Coordinates of the rays, beside values times the factor of set_values. */
static void set_points(const crease_outline_space *space, crease_outline *outline)
{
    size_t d = space->rays->d, width = (d + CREASE_LANES - 1) / CREASE_LANES * CREASE_LANES;
    outline->point_width = width;
    outline->point = take_values(space->rays, outline->count * width);
    memset(outline->point, 0, outline->count * width * sizeof *outline->point);
    for (size_t i = 0; i < outline->count; i++) {
        const crease_ray *ray = space->cell->ray[i];
        double factor =
            ray->integer ? crease_filter_unit_scale(crease_filter_max_norm(ray->v, d)) : 1;
        for (size_t j = 0; j < d; j++)
            outline->point[i * width + j] = factor * ray->v[j];
        outline->positive |= outline->ray[i].positive;
        outline->negative |= outline->ray[i].negative;
    }
}

bool crease_outline_open(crease_outline_space *space, const crease_rays *rays,
                         const crease_ray_cell *cell, size_t dimension, const uint64_t *rows,
                         bool proves, crease_outline *outline)
{
    size_t n = cell->count, last = crease_rays_unit_slot(rays, cell->frame);
    space->rays = rays;
    space->cell = cell;
    space->proves = proves;
    space->dimension = dimension;
    space->rows = proves;
    space->unit[0] = SIZE_MAX;
    space->crossings = 0;
    if (!list_rows(space, rows))
        return false;
    size_t width = (space->rows + CREASE_LANES - 1) / CREASE_LANES * CREASE_LANES;
    *outline = (crease_outline){.dimension = dimension,
                                .count = n,
                                .ray = crease_arena_take(rays->arena, n * sizeof *outline->ray),
                                .width = width,
                                .value = take_values(rays, 2 * n * width)};
    const table all = gather(space, width);
    for (size_t i = 0; i < n && !crease_interrupted_after(rays->d * width); i++) {
        const crease_ray *ray = cell->ray[i];
        bool vertex = last == CREASE_RAY_SLOTS || !crease_bit(ray->active.word, last);
        outline->ray[i] = (crease_outline_ray){
            ray->active, gather_bits(space, ray->positive) | (proves && vertex),
            gather_bits(space, ray->negative), ray->active_count};
        set_values(space, &all, ray, outline->value + 2 * i * width);
    }
    if (crease_interrupt_raised())
        return false;
    if (proves)
        set_points(space, outline);
    if (CREASE_SHADOW)
        crease_shadow_outline(space, outline, ~(uint64_t)0 >> (64 - space->rows));
    return true;
}

static bool spans_edge(const crease_outline *from, const crease_outline_ray *a,
                       const crease_outline_ray *b)
{
    if (a->actives + 1 == from->dimension || b->actives + 1 == from->dimension)
        return true;
    uint64_t low = a->active.word[0] & b->active.word[0];
    uint64_t high = a->active.word[1] & b->active.word[1];
    for (size_t i = 0; i < from->count; i++) {
        const crease_outline_ray *r = &from->ray[i];
        if (r != a && r != b && !(low & ~r->active.word[0]) && !(high & ~r->active.word[1]))
            return false;
    }
    return true;
}

static void add_edge(const crease_rays *rays, crossing *x, crossed_edge edge)
{
    if (x->edges == x->room) {
        const crossed_edge *old = x->edge;
        x->room *= 2;
        x->edge = crease_arena_take(rays->arena, x->room * sizeof *old);
        memcpy(x->edge, old, x->edges * sizeof *old);
    }
    x->edge[x->edges++] = edge;
}

static void note_signs(crossing *x, const crease_outline_ray *a, const crease_outline_ray *b)
{
    uint64_t positive = a->positive | b->positive, negative = a->negative | b->negative;
    x->positive |= positive & ~negative;
    x->negative |= negative & ~positive;
    x->open |= positive & negative;
}

/* Do the signs tell that the only row of the set cuts the restriction? */
static bool is_settled(const crossing *x, uint64_t before)
{
    return !(before & (before - 1)) && (before & x->positive & x->negative);
}

/* The active sets of the rays below, in 32 bits each if all slots fit. */
typedef struct {
    size_t count;
    uint32_t *narrow;
    crease_pairs wide;
    bool fits;
} below_list;

static below_list list_below(const crease_rays *rays, const crease_outline *from,
                             const uint32_t *below, size_t count)
{
    below_list list = {.count = count, .wide = {.count = count}};
    uint64_t low = 0, high = 0;
    for (size_t i = 0; i < count; i++) {
        low |= from->ray[below[i]].active.word[0];
        high |= from->ray[below[i]].active.word[1];
    }
    list.fits = !high && low <= UINT32_MAX;
    if (list.fits) {
        list.narrow = crease_arena_take(rays->arena, count * sizeof *list.narrow);
        for (size_t i = 0; i < count; i++)
            list.narrow[i] = (uint32_t)from->ray[below[i]].active.word[0];
        return list;
    }
    list.wide.low = crease_arena_take(rays->arena, count * sizeof *list.wide.low);
    list.wide.high = crease_arena_take(rays->arena, count * sizeof *list.wide.high);
    for (size_t i = 0; i < count; i++) {
        list.wide.low[i] = from->ray[below[i]].active.word[0];
        list.wide.high[i] = from->ray[below[i]].active.word[1];
    }
    return list;
}

static size_t find_near(const below_list *list, const crease_active_set *set, size_t least,
                        crease_near *near)
{
    return list->fits ? crease_pairs_near_narrow(list->narrow, list->count, (uint32_t)set->word[0],
                                                 least, near)
                      : crease_pairs_near(&list->wide, set, least, near);
}

/* Sorts the rays by the sign of row c: those above come first, those below last. */
static void sort_rays(const crease_outline *from, size_t c, uint32_t *side, size_t *aboves,
                      size_t *belows, crossing *x)
{
    size_t n = from->count;
    for (size_t i = 0; i < n; i++) {
        const crease_outline_ray *r = &from->ray[i];
        if (r->positive >> c & 1) {
            side[(*aboves)++] = (uint32_t)i;
        } else if (r->negative >> c & 1) {
            side[n - ++*belows] = (uint32_t)i;
        } else {
            x->zero[x->zeros++] = (uint32_t)i;
            x->positive |= r->positive;
            x->negative |= r->negative;
        }
    }
}

/* Lists the edges that row c crosses; not all if the signs at these tell enough. */
static void find_edges(const crease_rays *rays, const crease_outline *from, size_t c,
                       uint64_t before, crossing *x)
{
    size_t n = from->count, aboves = 0, belows = 0;
    uint32_t *side = crease_arena_take(rays->arena, n * sizeof *side);
    crease_near *near = crease_arena_take(rays->arena, (n + 1) * sizeof *near);
    *x = (crossing){.room = n, .zero = crease_arena_take(rays->arena, n * sizeof *x->zero)};
    x->edge = crease_arena_take(rays->arena, n * sizeof *x->edge);
    sort_rays(from, c, side, &aboves, &belows, x);
    const below_list list = list_below(rays, from, side + n - belows, belows);
    for (size_t i = 0; i < aboves && !is_settled(x, before); i++) {
        const crease_outline_ray *a = &from->ray[side[i]];
        size_t count = find_near(&list, &a->active, from->dimension - 2, near);
        if (crease_interrupted_after(belows + count))
            return;
        for (size_t k = 0; k < count; k++) {
            uint32_t below = side[n - belows + near[k].index];
            if (!spans_edge(from, a, &from->ray[below]))
                continue;
            note_signs(x, a, &from->ray[below]);
            add_edge(rays, x, (crossed_edge){side[i], below, near[k].shared});
        }
    }
}

/* The values of two rows at two rays, and their errors. */
typedef struct {
    double xc, xb, yc, yb;
    double dxc, dxb, dyc, dyb;
} crossed_ends;

/* The sign of xc yb - xb yc for the exact values, 0 if not proved; see dd/outline.h. */
static int determinant_sign(const crossed_ends *v)
{
    double left = v->xc * v->yb, right = v->xb * v->yc;
    double bound = (fabs(v->xc) + v->dxc) * v->dyb + (fabs(v->yb) + v->dyb) * v->dxc +
                   (fabs(v->xb) + v->dxb) * v->dyc + (fabs(v->yc) + v->dyc) * v->dxb;
    bound = (bound + (fabs(left) + fabs(right)) * 0x1p-51) * (1 + 0x1p-20) + 0x1p-1000;
    return crease_filter_sign(left - right, bound);
}

/* Has row b both signs at the rays of the restriction?  Only edges tell. */
static bool finds_both(const crease_outline *from, size_t c, size_t b, const crossing *x,
                       bool *both)
{
    bool positive = x->positive >> b & 1, negative = x->negative >> b & 1;
    for (size_t e = 0; e < x->edges && !(positive && negative); e++) {
        uint32_t i = x->edge[e].above, k = x->edge[e].below;
        const crease_outline_ray *r = &from->ray[i], *s = &from->ray[k];
        if (!((r->positive | s->positive) & (r->negative | s->negative) & (uint64_t)1 << b))
            continue;
        const double *A = from->value + 2 * i * from->width, *E = A + from->width;
        const double *B = from->value + 2 * k * from->width, *F = B + from->width;
        /* At the new ray, -B_c A + A_c B up to a positive factor. */
        int sign =
            determinant_sign(&(crossed_ends){A[c], A[b], B[c], B[b], E[c], E[b], F[c], F[b]});
        if (!sign)
            return false;
        positive = positive || sign > 0;
        negative = negative || sign < 0;
    }
    *both = positive && negative;
    return true;
}

/* The values of rows 0, ..., width - 1 where edges meet the zeros of row c, and points.  False if
 * the values of that row at an end of an edge are in doubt. */
static CREASE_CLONES bool mix(const crease_outline *from, const crossed_edge *list, size_t count,
                              size_t c, crease_outline *to)
{
    const size_t from_width = from->width, width = to->width, points = to->point_width;
    double *value = to->value;
    for (size_t e = 0; e < count; e++, value += 2 * width) {
        const double *a = from->value + 2 * list[e].above * from_width;
        const double *b = from->value + 2 * list[e].below * from_width;
        double p = a[c], q = -b[c], dp = a[from_width + c], dq = b[from_width + c];
        if (!(p > dp && q > dq))
            return false;
        const crease_meeting at = crease_meet(p, q, dp, dq);
        for (size_t k = 0; k < width; k += CREASE_LANES) {
            crease_lanes A = CREASE_LANES_AT(a + k), E = CREASE_LANES_AT(a + from_width + k);
            crease_lanes B = CREASE_LANES_AT(b + k), F = CREASE_LANES_AT(b + from_width + k);
            crease_lanes apart = A - B;
            crease_lanes size = at.rest * CREASE_LANES_ABS(A) + at.t * CREASE_LANES_ABS(B);
            crease_lanes error = at.rest * E + at.t * F +
                                 at.off * (CREASE_LANES_ABS(apart) + E + F) + 0x1p-49 * size;
            CREASE_LANES_AT(value + k) = at.rest * A + at.t * B;
            CREASE_LANES_AT(value + width + k) = error * (1 + 0x1p-20) + 0x1p-1000;
        }
        for (size_t k = 0; k < points; k += CREASE_LANES)
            CREASE_LANES_AT(to->point + e * points + k) =
                at.rest * CREASE_LANES_AT(from->point + list[e].above * points + k) +
                at.t * CREASE_LANES_AT(from->point + list[e].below * points + k);
    }
    return true;
}

/* Sets the signs at a new ray on the edge from a to b; false if one of them is in doubt. */
static bool set_signs(const crease_outline_ray *a, const crease_outline_ray *b, uint64_t rows,
                      const double *value, size_t width, crease_outline_ray *to)
{
    uint64_t positive = (a->positive | b->positive) & rows;
    uint64_t negative = (a->negative | b->negative) & rows;
    to->positive = positive & ~negative;
    to->negative = negative & ~positive;
    for (uint64_t open = positive & negative; open; open &= open - 1) {
        size_t c = (size_t)__builtin_ctzll(open);
        int sign = crease_filter_sign(value[c], value[width + c]);
        if (!sign)
            return false;
        *(sign > 0 ? &to->positive : &to->negative) |= open & -open;
    }
    return true;
}

/* Makes the restriction; false if there is a doubt. */
static bool restrict_to(const crease_outline_space *space, const crease_outline *from, size_t c,
                        uint64_t rows, const crossing *x, crease_outline *to)
{
    const crease_rays *rays = space->rays;
    size_t count = x->edges + x->zeros, highest = 63 - (size_t)__builtin_clzll(rows),
           width = (highest + CREASE_LANES) / CREASE_LANES * CREASE_LANES;
    *to = (crease_outline){.dimension = from->dimension - 1,
                           .count = count,
                           .ray = crease_arena_take(rays->arena, count * sizeof *to->ray),
                           .width = width,
                           .value = take_values(rays, 2 * count * width),
                           .point_width = from->point_width};
    if (to->point_width)
        to->point = take_values(rays, count * to->point_width);
    if (!mix(from, x->edge, x->edges, c, to))
        return false;
    for (size_t e = 0; e < x->edges; e++) {
        const crease_outline_ray *a = &from->ray[x->edge[e].above],
                                 *b = &from->ray[x->edge[e].below];
        for (size_t w = 0; w < CREASE_RAY_SLOTS / 64; w++)
            to->ray[e].active.word[w] = a->active.word[w] & b->active.word[w];
        to->ray[e].actives = x->edge[e].shared;
        if (!set_signs(a, b, rows, to->value + 2 * e * width, width, &to->ray[e]))
            return false;
    }
    for (size_t z = 0; z < x->zeros; z++) {
        const double *value = from->value + 2 * x->zero[z] * from->width;
        double *copy = to->value + 2 * (x->edges + z) * width;
        to->ray[x->edges + z] = from->ray[x->zero[z]];
        memcpy(copy, value, width * sizeof *copy);
        memcpy(copy + width, value + from->width, width * sizeof *copy);
        if (to->point_width)
            memcpy(to->point + (x->edges + z) * to->point_width,
                   from->point + x->zero[z] * to->point_width, to->point_width * sizeof *copy);
    }
    rays->tally->rays += count;
    rays->tally->filter += x->edges * (size_t)__builtin_popcountll(rows);
    if (CREASE_SHADOW)
        crease_shadow_outline(space, to, rows);
    return true;
}

bool crease_outline_cross(const crease_outline_space *space, const crease_outline *from, size_t c,
                          uint64_t before, crease_outline *to, uint64_t *cut, bool *repeated)
{
    crossing x;
    assert(c < space->rows && !(before >> c));
    find_edges(space->rays, from, c, before, &x);
    /* A row that vanishes at all rays of the restriction: at new rays it would be open. */
    *repeated = before & ~(x.positive | x.negative | x.open);
    if (CREASE_SHADOW)
        crease_shadow_outline_repeated(space, from, c, before, *repeated);
    if (*repeated)
        return true;
    uint64_t sure = before & x.positive & x.negative;
    uint64_t may = before & (x.positive | x.open) & (x.negative | x.open);
    *cut = may;
    if (!(may & (may - 1))) {
        bool both = may == sure;
        if (!both && !finds_both(from, c, (size_t)__builtin_ctzll(may), &x, &both))
            return false;
        *cut = both ? may : 0;
        for (uint64_t left = before; CREASE_SHADOW && left; left &= left - 1)
            crease_shadow_outline_cut(space, from, c, (size_t)__builtin_ctzll(left),
                                      *cut & left & -left);
        return true;
    }
    if (!restrict_to(space, from, c, may, &x, to))
        return false;
    uint64_t positive = 0, negative = 0;
    for (size_t i = 0; i < to->count; i++) {
        positive |= to->ray[i].positive;
        negative |= to->ray[i].negative;
    }
    *cut = may & positive & negative;
    return true;
}

bool crease_outline_restrict(const crease_outline_space *space, const crease_outline *from,
                             size_t c, uint64_t others, crease_outline *to, uint64_t *cut,
                             uint64_t *same)
{
    crossing x;
    assert(space->proves && c < space->rows && !(others >> c & 1));
    find_edges(space->rays, from, c, 0, &x);
    *same = others & ~(x.positive | x.negative | x.open);
    for (uint64_t left = *same; CREASE_SHADOW && left; left &= left - 1)
        crease_shadow_outline_repeated(space, from, c, left & -left, true);
    if (*same)
        return !crease_interrupt_raised();
    if (!restrict_to(space, from, c, others | 1, &x, to))
        return false;
    for (size_t i = 0; i < to->count; i++) {
        to->positive |= to->ray[i].positive;
        to->negative |= to->ray[i].negative;
    }
    *cut = others & to->positive & to->negative;
    return true;
}

/* Where a row meets a segment: its share of the way from one end to the other. */
typedef struct {
    double low, high;
} interval;

/* The share x / (x + y), as in cells/restriction.c: known up to max(dx, dy) / (x + y). */
static interval share_of(const crease_outline *outline, size_t c)
{
    const double *a = outline->value, *b = a + 2 * outline->width;
    double x = fabs(a[c]), y = fabs(b[c]), dx = a[outline->width + c], dy = b[outline->width + c];
    double share = x / (x + y), err = (dx > dy ? dx : dy) / (x + y) * (1 + 0x1p-20) + 0x1p-50;
    if (!(err < 1 && share <= 1))
        return (interval){-INFINITY, INFINITY};
    return (interval){share - err, share + err};
}

bool crease_outline_apart(const crease_outline_space *space, const crease_outline *outline,
                          uint64_t rows)
{
    interval list[CREASE_OUTLINE_ROWS];
    size_t count = 0;
    const uint64_t all = rows;
    (void)space;
    if (outline->count != 2)
        return false;
    for (; rows; rows &= rows - 1) {
        const interval item = share_of(outline, (size_t)__builtin_ctzll(rows));
        size_t k = count++;
        for (; k > 0 && list[k - 1].low > item.low; k--)
            list[k] = list[k - 1];
        list[k] = item;
    }
    /* Each begins beyond the end of the one before it, so beyond all ends before it. */
    for (size_t k = 1; k < count; k++)
        if (list[k].low <= list[k - 1].high)
            return false;
    for (uint64_t c = all; CREASE_SHADOW && c; c &= c - 1)
        for (uint64_t b = c & (c - 1); b; b &= b - 1)
            crease_shadow_outline_differ(space, outline, (size_t)__builtin_ctzll(c),
                                         (size_t)__builtin_ctzll(b));
    return true;
}
