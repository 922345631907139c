#include "lp/boxed_state.h"

#include "base/clock.h"
#include "base/interrupt.h"
#include "base/memory.h"
#include "exact/filter.h"
#include "exact/integer.h"
#include "lp/boxed_shadow.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#if defined(__x86_64__) && !defined(CREASE_NO_CLONES)
#define KERNEL __attribute__((target_clones("avx2", "default")))
#else
#define KERNEL
#endif

/* Boxes with larger bounds are not handled here. */
static const double largest_bound = 0x1p400;
/* The solver stops when its lower bound exceeds this; then a proof is tried. */
const double crease_boxed_margin = 1e-11;

/* ---- The box ---- */

/* The doubles next to x, or x itself, below and above. */
static void next_doubles(mpq_t x, double *below, double *above)
{
    mpq_t back;
    mpq_init(back);
    double value = mpq_get_d(x);
    *below = *above = value;
    if (isfinite(value)) {
        mpq_set_d(back, value);
        int order = mpq_cmp(back, x);
        if (order > 0)
            *below = nextafter(value, -INFINITY);
        if (order < 0)
            *above = nextafter(value, INFINITY);
    }
    mpq_clear(back);
}

/* Face f bounds x_j by -a_n / a_j. */
static void get_bound(const crease_model *model, size_t f, mpq_t x)
{
    size_t n = model->inputs;
    const mpz_t *face = (const mpz_t *)model->face + f * (n + 1);
    mpz_neg(mpq_numref(x), face[n]);
    mpz_set(mpq_denref(x), face[f / 2]);
    mpq_canonicalize(x);
}

/* False if doubles do not hold the bounds. */
static bool set_bounds(crease_boxed *b)
{
    bool good = true;
    mpq_t x;
    mpq_init(x);
    mpz_set_ui(b->common, 1);
    for (size_t f = 0; f < 2 * b->n; f++) {
        size_t j = f / 2;
        get_bound(b->model, f, x);
        mpz_lcm(b->common, b->common, mpq_denref(x));
        if (f % 2)
            next_doubles(x, &b->high[1][j], &b->high[0][j]);
        else
            next_doubles(x, &b->low[0][j], &b->low[1][j]);
    }
    for (size_t f = 0; f < 2 * b->n; f++) {
        mpz_t *out = f % 2 ? &b->exact_high[f / 2] : &b->exact_low[f / 2];
        get_bound(b->model, f, x);
        mpz_divexact(*out, b->common, mpq_denref(x));
        mpz_mul(*out, *out, mpq_numref(x));
    }
    for (size_t j = 0; j < b->n; j++) {
        b->reach[j] = fmax(fabs(b->low[0][j]), fabs(b->high[0][j]));
        good = good && b->reach[j] < largest_bound && b->low[1][j] < b->high[1][j];
    }
    mpq_clear(x);
    return good;
}

crease_boxed *crease_boxed_new(const crease_model *model, crease_tally *tally)
{
    assert(model->boxed);
    crease_boxed *b = crease_alloc(1, sizeof *b);
    size_t n = b->n = model->inputs;
    b->model = model;
    b->tally = tally;
    for (int side = 0; side < 2; side++) {
        b->low[side] = crease_alloc(n, sizeof(double));
        b->high[side] = crease_alloc(n, sizeof(double));
    }
    b->reach = crease_alloc(n, sizeof(double));
    b->exact_low = crease_integer_new(n);
    b->exact_high = crease_integer_new(n);
    mpz_init(b->common);
    b->moved = SIZE_MAX;
    b->arena = crease_arena_new();
    b->residual = crease_alloc(n + 1, sizeof(double));
    b->point = crease_alloc(n + 1, sizeof(double));
    b->minus = crease_alloc(n + 1, sizeof(double));
    if (!set_bounds(b)) {
        crease_boxed_free(b);
        return NULL;
    }
    b->solver = crease_bounded_new(n, b->low[1], b->high[1]);
    b->nearest = crease_nearest_new();
    if (CREASE_SHADOW)
        crease_shadow_boxed_bounds(b);
    return b;
}

void crease_boxed_free(crease_boxed *b)
{
    if (!b)
        return;
    for (int side = 0; side < 2; side++) {
        free(b->low[side]);
        free(b->high[side]);
    }
    free(b->reach);
    crease_integer_free(b->exact_low, b->n);
    crease_integer_free(b->exact_high, b->n);
    mpz_clear(b->common);
    crease_arena_free(b->arena);
    free(b->residual);
    free(b->point);
    free(b->minus);
    free(b->inside_value);
    free(b->product);
    free(b->value);
    free(b->row);
    free(b->number);
    crease_basis_release(&b->basis);
    free(b->entry);
    free(b->place);
    free(b->matrix);
    crease_meet_points_free(&b->met);
    crease_bounded_free(b->solver);
    crease_nearest_free(b->nearest);
    free(b);
}

/* ---- Rows ---- */

const crease_boxed_row *crease_boxed_take_row(const crease_boxed *b, crease_map *map, size_t u,
                                              int sign, crease_arena *arena)
{
    const double coarse = 1e-6;
    size_t d = b->n + 1, stride = map ? map->model->layer[map->layer].stride : 1;
    const double *from = map ? map->row + u : b->model->face_value + u * d;
    double mag = map ? map->mag[u] : 1, err = map ? map->err[u] : b->model->face_error[u];
    crease_boxed_row *row = crease_arena_take(arena, sizeof *row);
    double *out = crease_arena_take(arena, d * sizeof *out);
    *row = (crease_boxed_row){.value = out, .map = map, .unit = u, .sign = sign};
    if (err < mag * coarse && mag < 0x1p500 && mag > 0x1p-500) {
        int exponent;
        frexp(mag, &exponent);
        double factor = ldexp(sign, -exponent);
        for (size_t j = 0; j < d; j++)
            out[j] = from[j * stride] * factor;
        row->err = err * fabs(factor);
    } else {
        const mpz_t *exact = crease_boxed_exact_row(b, row).row;
        if (crease_integer_is_zero(exact, d))
            return NULL;
        crease_integer_to_doubles(out, exact, d);
        for (size_t j = 0; sign < 0 && j < d; j++)
            out[j] = -out[j];
        row->err = 0x1p-52;
    }
    if (CREASE_SHADOW)
        crease_shadow_boxed_row(b, row);
    return row;
}

const crease_boxed_row *crease_boxed_take_cell_row(const crease_boxed *b,
                                                   const crease_boxed_cell *cell, crease_map *map,
                                                   size_t u, int sign, crease_arena *arena)
{
    const crease_boxed_row *plain = crease_boxed_take_row(b, map, u, sign, arena);
    if (!plain)
        return NULL;
    crease_boxed_row *row = crease_arena_take(arena, sizeof *row);
    double *product = crease_arena_take(arena, (cell->m + 1) * sizeof *product);
    for (size_t i = 0; i < cell->m; i++)
        product[i] = crease_bounded_product(plain->value, cell->row[i]->value, b->n);
    product[cell->m] = crease_bounded_product(plain->value, plain->value, b->n);
    *row = *plain;
    row->product = product;
    return row;
}

double crease_boxed_value(const crease_boxed *b, const crease_boxed_row *row, const double *point)
{
    return crease_bounded_product(row->value, point, b->n) + row->value[b->n];
}

/* ---- Proofs ---- */

static int row_sign(const crease_boxed *b, const crease_boxed_row *row, const double *point,
                    double one_norm)
{
    return crease_filter_sign(crease_boxed_value(b, row, point),
                              crease_filter_bound(b->n + 1, 1, row->err, one_norm));
}

static double one_norm(const crease_boxed *b, const double *point)
{
    return (crease_filter_one_norm(point, b->n) + 1) * (1 + 0x1p-40);
}

bool crease_boxed_contains(const crease_boxed *b, const crease_boxed_cell *cell,
                           const double *point)
{
    double one = one_norm(b, point);
    for (size_t j = 0; j < b->n; j++)
        if (!(b->low[1][j] < point[j] && point[j] < b->high[1][j]))
            return false;
    for (size_t i = 0; i < cell->m; i++)
        if (row_sign(b, cell->row[i], point, one) <= 0)
            return false;
    if (CREASE_SHADOW)
        crease_shadow_boxed_contains(b, cell, point);
    return true;
}

static bool prove_below(const crease_boxed *b, const crease_boxed_cell *cell,
                        const crease_boxed_row *f, const double *point)
{
    return row_sign(b, f, point, one_norm(b, point)) < 0 && crease_boxed_contains(b, cell, point);
}

static KERNEL void subtract(double *restrict r, double y, const double *restrict row, size_t n)
{
    for (size_t j = 0; j < n; j++)
        r[j] -= y * row[j];
}

void crease_boxed_subtract(double *restrict r, double y, const double *restrict row, size_t n)
{
    subtract(r, y, row, n);
}

/* The sums of min(r_j low_j, r_j high_j) and of |r_j| reach_j. */
static KERNEL void least(const double *restrict r, const double *restrict low,
                         const double *restrict high, const double *restrict reach, size_t n,
                         double *value, double *size)
{
    enum { BLOCK = 16 };
    double sum[BLOCK] = {0}, total[BLOCK] = {0}, term[BLOCK];
    size_t j = 0;
    for (; j + BLOCK <= n; j += BLOCK) {
        for (size_t i = 0; i < BLOCK; i++) {
            double p = r[j + i] * low[j + i], q = r[j + i] * high[j + i];
            term[i] = p < q ? p : q;
        }
        for (size_t i = 0; i < BLOCK; i++) {
            sum[i] += term[i];
            total[i] += fabs(r[j + i]) * reach[j + i];
        }
    }
    *value = *size = 0;
    for (; j < n; j++) {
        double p = r[j] * low[j], q = r[j] * high[j];
        *value += p < q ? p : q;
        *size += fabs(r[j]) * reach[j];
    }
    for (size_t i = 0; i < BLOCK; i++) {
        *value += sum[i];
        *size += total[i];
    }
}

bool crease_boxed_above(const crease_boxed *b, const double *r, double err)
{
    size_t n = b->n;
    double value, size, reach = 1;
    least(r, b->low[0], b->high[0], b->reach, n, &value, &size);
    for (size_t j = 0; j < n; j++)
        reach += b->reach[j];
    value += r[n];
    size += fabs(r[n]);
    double bound = (err * reach + crease_filter_gamma(n + 3) * size) * (1 + 0x1p-20) + 0x1p-1000;
    return value >= bound && bound < INFINITY;
}

/* Step 1 of the header, with y[t] / scale for the rows number[t], and 0 for the others. */
static bool prove_above(const crease_boxed *b, const crease_boxed_cell *cell,
                        const crease_boxed_row *f, size_t count, const uint32_t *number,
                        const double *multiplier, double scale)
{
    size_t n = b->n;
    double *r = b->residual, err = f->err, sum = 1;
    assert(count <= cell->m);
    memcpy(r, f->value, (n + 1) * sizeof *r);
    for (size_t t = 0; t < count; t++) {
        const crease_boxed_row *row = cell->row[number[t]];
        double y = multiplier[t] / scale;
        if (!(y > 0))
            continue;
        crease_boxed_subtract(r, y, row->value, n + 1);
        err += y * row->err;
        sum += y;
    }
    return crease_boxed_above(b, r, err + crease_filter_gamma(cell->m + 2) * sum);
}

/* ---- Decisions ---- */

void crease_boxed_reserve(crease_boxed *b, size_t m)
{
    if (m < b->rooms)
        return;
    b->rooms = 2 * m + 16;
    b->inside_value = crease_realloc(b->inside_value, b->rooms, sizeof(double));
    b->product = crease_realloc(b->product, b->rooms, sizeof(double));
    b->value = crease_realloc(b->value, b->rooms, sizeof *b->value);
    b->row = crease_realloc(b->row, b->rooms, sizeof *b->row);
    b->number = crease_realloc(b->number, b->rooms, sizeof *b->number);
    for (size_t i = 0; i < b->rooms; i++)
        b->number[i] = (uint32_t)i;
}

/* A point near v, in the closure, towards the point inside, where all is proved. */
static bool strict_point(const crease_boxed *b, const crease_boxed_cell *cell,
                         const crease_boxed_row *f, const double *v, double *point)
{
    if (!cell->inside)
        return false;
    double low = crease_boxed_value(b, f, v), high = crease_boxed_value(b, f, cell->inside);
    double crossing = low < 0 && high > 0 ? -low / (high - low) : low < 0 ? 1 : 0;
    for (double share = 0.5; share > 1e-12; share *= 0.0625) {
        double theta = crossing * share;
        for (size_t j = 0; j < b->n; j++)
            point[j] = (1 - theta) * v[j] + theta * cell->inside[j];
        if (prove_below(b, cell, f, point))
            return true;
    }
    return false;
}

/* From the point inside to the nearest one where f is negative, or multipliers; true if proved. */
static bool propose_nearest(crease_boxed *b, const crease_boxed_cell *cell,
                            const crease_boxed_row *f, double *point, bool *found, bool *cuts,
                            uint64_t *solving)
{
    size_t n = b->n, m = cell->m;
    uint64_t begin = crease_clock_ticks();
    if (!cell->inside || (m && !cell->row[0]->product))
        return false;
    for (size_t j = 0; j <= n; j++)
        b->minus[j] = -f->value[j];
    for (size_t i = 0; i < m; i++) {
        b->row[i] = (crease_nearest_row){cell->row[i]->value, cell->row[i]->product, i};
        b->product[i] = crease_bounded_product(b->minus, cell->row[i]->value, n);
    }
    b->row[m] = (crease_nearest_row){b->minus, b->product, m};
    b->product[m] = crease_bounded_product(b->minus, b->minus, n);
    b->inside_value[m] = -crease_boxed_value(b, f, cell->inside);
    crease_nearest_task task = {.n = n,
                                .m = m + 1,
                                .low = b->low[1],
                                .high = b->high[1],
                                .row = b->row,
                                .centre = cell->inside,
                                .at_centre = b->inside_value};
    crease_nearest_end end = crease_nearest_run(b->nearest, &task);
    *solving += crease_clock_ticks() - begin;
    b->tally->lp++;
    *found = end == CREASE_NEAREST_FOUND && prove_below(b, cell, f, crease_nearest_x(b->nearest));
    *cuts = *found;
    if (*found)
        memcpy(point, crease_nearest_x(b->nearest), n * sizeof *point);
    if (end != CREASE_NEAREST_NONE)
        return *found;
    const double *y = crease_nearest_multipliers(b->nearest);
    return y[m] > 0 && prove_above(b, cell, f, m, b->number, y, y[m]);
}

/* One run of the solver and its proof: true if proved, *cuts being the answer. */
static bool propose(crease_boxed *b, const crease_boxed_cell *cell, const crease_boxed_row *f,
                    const crease_bounded_basis *start, bool whole, double *point, bool *found,
                    bool *cuts, uint64_t *solving)
{
    uint64_t begin = crease_clock_ticks();
    crease_bounded_task task = {.m = cell->m,
                                .row = b->value,
                                .f = f->value,
                                .target = crease_boxed_margin,
                                .inside = cell->inside,
                                .inside_row = b->inside_value,
                                .inside_f =
                                    cell->inside ? crease_boxed_value(b, f, cell->inside) : 0,
                                .start = start,
                                .whole = whole};
    crease_bounded_end end = crease_bounded_run(b->solver, &task);
    *solving += crease_clock_ticks() - begin;
    b->tally->lp++;
    *cuts = end != CREASE_BOUNDED_ABOVE;
    crease_bounded_basis last = crease_bounded_last(b->solver);
    if (end == CREASE_BOUNDED_ABOVE)
        return prove_above(b, cell, f, last.count, last.row, crease_bounded_multipliers(b->solver),
                           1);
    *found =
        end == CREASE_BOUNDED_BELOW && prove_below(b, cell, f, crease_bounded_point(b->solver));
    if (*found)
        memcpy(point, crease_bounded_point(b->solver), b->n * sizeof *point);
    else if (end == CREASE_BOUNDED_LEAST && crease_bounded_value(b->solver) < 0)
        *found = strict_point(b, cell, f, crease_bounded_x(b->solver), point);
    return *found;
}

static bool decide_exactly(crease_boxed *b, const crease_boxed_cell *cell,
                           const crease_boxed_row *f, double *point, bool *found)
{
    crease_bounded_basis start = crease_bounded_last(b->solver);
    uint64_t begin = crease_clock_ticks();
    bool cuts = crease_boxed_exact(b, cell, f, &start, b->point);
    *found = cuts && strict_point(b, cell, f, b->point, point);
    b->tally->exact++;
    b->tally->exact_ticks += crease_clock_ticks() - begin;
    return cuts;
}

bool crease_boxed_cuts(crease_boxed *b, const crease_boxed_cell *cell, const crease_boxed_row *f,
                       const crease_bounded_basis *start, crease_bounded_basis *last, double *point,
                       bool *found)
{
    bool cuts = false;
    uint64_t begin = crease_clock_ticks(), solving = 0;
    crease_boxed_reserve(b, cell->m);
    *found = false;
    for (size_t i = 0; i < cell->m; i++) {
        b->value[i] = cell->row[i]->value;
        b->inside_value[i] = cell->inside ? crease_boxed_value(b, cell->row[i], cell->inside) : 0;
    }
    bool proved = propose_nearest(b, cell, f, point, found, &cuts, &solving);
    bool nearest = proved;
    if (!proved && !crease_interrupted())
        proved = propose(b, cell, f, start, false, point, found, &cuts, &solving);
    if (!proved && !crease_interrupted())
        proved = propose(b, cell, f, NULL, true, point, found, &cuts, &solving);
    b->tally->filter += proved;
    if (!proved && !crease_interrupted())
        cuts = decide_exactly(b, cell, f, point, found);
    *last = !nearest ? crease_bounded_last(b->solver)
            : start  ? *start
                     : (crease_bounded_basis){0, NULL, NULL};
    b->tally->proof_ticks += crease_clock_ticks() - begin - solving;
    if (CREASE_SHADOW)
        crease_shadow_boxed_cuts(b, cell, f, cuts, cuts && *found ? point : NULL);
    return cuts;
}

/* ---- Sides of the box ---- */

typedef struct {
    double low[2], high[2], reach;
    mpz_t exact;
} side_bounds;

/* Step 5 of the header: the box, in which this side is moved until put_back. */
static void move_side(crease_boxed *b, size_t face, side_bounds *before)
{
    size_t j = face / 2;
    mpz_t *exact = face % 2 ? &b->exact_high[j] : &b->exact_low[j];
    mpz_t *opposite = face % 2 ? &b->exact_low[j] : &b->exact_high[j];
    for (int k = 0; k < 2; k++) {
        before->low[k] = b->low[k][j];
        before->high[k] = b->high[k][j];
    }
    before->reach = b->reach[j];
    mpz_init_set(before->exact, *exact);
    mpz_mul_2exp(*exact, *exact, 1);
    mpz_sub(*exact, *exact, *opposite);
    for (int k = 0; k < 2; k++) {
        double outwards = (face % 2 != 0) == (k == 0) ? INFINITY : -INFINITY;
        double *side = face % 2 ? &b->high[k][j] : &b->low[k][j];
        *side = nextafter(2 * *side - (face % 2 ? before->low[k] : before->high[k]), outwards);
    }
    b->reach[j] = fmax(fabs(b->low[0][j]), fabs(b->high[0][j]));
    b->moved = face;
    crease_bounded_moved(b->solver, j);
    if (CREASE_SHADOW)
        crease_shadow_boxed_bounds(b);
}

static void put_back(crease_boxed *b, side_bounds *before)
{
    size_t j = b->moved / 2;
    for (int k = 0; k < 2; k++) {
        b->low[k][j] = before->low[k];
        b->high[k][j] = before->high[k];
    }
    b->reach[j] = before->reach;
    mpz_swap(b->moved % 2 ? b->exact_high[j] : b->exact_low[j], before->exact);
    mpz_clear(before->exact);
    b->moved = SIZE_MAX;
    crease_bounded_moved(b->solver, j);
}

/* From the point inside straight through the side: is the cell there, before any of its rows ends
 * it? */
static bool leaves_through(const crease_boxed *b, const crease_boxed_cell *cell,
                           const crease_boxed_row *side, double distance, double *point)
{
    size_t j = b->moved / 2;
    double way = b->moved % 2 ? 1 : -1, last = 2 * distance;
    for (size_t i = 0; i < cell->m; i++) {
        double slope = -way * cell->row[i]->value[j];
        if (slope > 0)
            last = fmin(last, crease_boxed_value(b, cell->row[i], cell->inside) / slope);
    }
    if (!(last > distance))
        return false;
    memcpy(point, cell->inside, b->n * sizeof *point);
    point[j] += way * 0.5 * (distance + last);
    return prove_below(b, cell, side, point);
}

/* The row of a side has two entries, so nearly all bases would be degenerate.  Small other entries
 * are errors of the row. */
static const crease_boxed_row *take_side(const crease_boxed *b, size_t face)
{
    const double small = 0x1p-30;
    const uint32_t turn = 0x9e3779b9; /* of the golden ratio: multiples lie far apart */
    const crease_boxed_row *exact = crease_boxed_take_row(b, NULL, face, 1, b->arena);
    crease_boxed_row *row = crease_arena_take(b->arena, sizeof *row);
    double *value = crease_arena_take(b->arena, (b->n + 1) * sizeof *value);
    memcpy(value, exact->value, (b->n + 1) * sizeof *value);
    for (size_t j = 0; j < b->n; j++)
        if (j != face / 2)
            value[j] = small * ((double)((uint32_t)(j + 1) * turn) * 0x1p-32 - 0.5);
    *row = *exact;
    row->value = value;
    row->err += small;
    if (CREASE_SHADOW)
        crease_shadow_boxed_row(b, row);
    return row;
}

bool crease_boxed_side_is_facet(crease_boxed *b, const crease_boxed_cell *cell, size_t face)
{
    side_bounds before;
    crease_bounded_basis last;
    size_t j = face / 2;
    bool found;
    assert(cell->inside);
    double distance = face % 2 ? b->high[1][j] - cell->inside[j] : cell->inside[j] - b->low[1][j];
    crease_arena_mark mark = crease_arena_here(b->arena);
    const crease_boxed_row *side = take_side(b, face);
    double *point = crease_arena_take(b->arena, b->n * sizeof *point);
    move_side(b, face, &before);
    bool facet = leaves_through(b, cell, side, distance, point);
    b->tally->filter += facet;
    if (CREASE_SHADOW && facet)
        crease_shadow_boxed_cuts(b, cell, side, true, point);
    facet = facet || crease_boxed_cuts(b, cell, side, NULL, &last, point, &found);
    put_back(b, &before);
    crease_arena_release(b->arena, mark);
    return facet;
}

/* The mean of points where one row is largest, and of the middle of the box with a small share. */
bool crease_boxed_interior(crease_boxed *b, const crease_boxed_cell *cell, double *point)
{
    size_t n = b->n;
    double *sum = b->residual, *against = b->point;
    crease_boxed_reserve(b, cell->m);
    memset(sum, 0, n * sizeof *sum);
    for (size_t i = 0; i < cell->m; i++)
        b->value[i] = cell->row[i]->value;
    for (size_t i = 0; i < cell->m && !crease_interrupted(); i++) {
        for (size_t j = 0; j <= n; j++)
            against[j] = -cell->row[i]->value[j];
        crease_bounded_task task = {
            .m = cell->m, .row = b->value, .f = against, .target = INFINITY, .whole = true};
        b->tally->lp++;
        if (crease_bounded_run(b->solver, &task) != CREASE_BOUNDED_LEAST)
            return false;
        for (size_t j = 0; j < n; j++)
            sum[j] += crease_bounded_x(b->solver)[j] / (double)cell->m;
    }
    for (double share = cell->m ? 0.125 : 1; share > 1e-12; share *= 0.0625) {
        for (size_t j = 0; j < n; j++)
            point[j] = (1 - share) * sum[j] + share * (0.5 * b->low[1][j] + 0.5 * b->high[1][j]);
        if (crease_boxed_contains(b, cell, point)) {
            b->tally->filter++;
            return true;
        }
    }
    return false;
}
