/* The vector kernels of ray cells against exact arithmetic: where edges meet hyperplanes, values
 * that rays keep, their signs, and pairs of rays.
 *
 * The true values are placed at the ends of their intervals, so that a bound that lacks one of its
 * terms fails. */
#include "support/nets.h"
#include "support/rational.h"
#include "support/support.h"

#include "dd/meet.h"
#include "dd/pairs.h"
#include "dd/values.h"
#include "exact/filter.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { ROWS = CREASE_RAY_VALUES, MOST = 12 };

/* -1, 0 or 1. */
static double side(uint64_t *state)
{
    return (double)nets_between(state, -1, 1);
}

static double power(uint64_t *state, long low, long high)
{
    return ldexp(1, (int)nets_between(state, low, high));
}

/* Not 0. */
static double size(uint64_t *state, long low, long high)
{
    return fabs(rational_random(state)) * power(state, low, high);
}

/* out = x + sign e. */
static void set_true(mpq_t out, double x, double sign, double e)
{
    mpq_t part;
    mpq_init(part);
    mpq_set_d(out, x);
    mpq_set_d(part, sign * e);
    mpq_add(out, out, part);
    mpq_clear(part);
}

/* |x - y| <= bound + more bound */
static bool within(double x, const mpq_t y, double bound, double more)
{
    mpq_t distance, most, part;
    mpq_inits(distance, most, part, NULL);
    mpq_set_d(distance, x);
    mpq_sub(distance, distance, y);
    mpq_abs(distance, distance);
    mpq_set_d(most, bound);
    mpq_set_d(part, more);
    mpq_mul(part, part, most);
    mpq_add(most, most, part);
    bool good = mpq_cmp(distance, most) <= 0;
    mpq_clears(distance, most, part, NULL);
    return good;
}

/* ---- Where an edge meets a hyperplane ---- */

/* The values at the ends of an edge, as crease_meet takes them, and the true share. */
typedef struct {
    double p, q, dp, dq;
    mpq_t share;
} edge;

/* An error below the value, for a value that is known exactly 0; the value may be changed. */
static double error_of(double *value, uint64_t *state)
{
    double error = 0;
    switch (nets_between(state, 0, 4)) {
    case 0: break;
    case 1: error = *value * 0x1p-40; break;
    case 2: error = *value * size(state, -52, 0); break;
    case 3: error = rational_step(*value, -1); break;
    default: error = *value * 0.5;
    }
    if (error > 0 && error < 0x1p-1000)
        error = 0x1p-1000;
    if (error == 0 && *value < 0x1p-360)
        *value = size(state, -100, 0);
    return error < *value ? error : 0;
}

static void set_share(mpq_t share, const mpq_t p, const mpq_t q)
{
    mpq_add(share, p, q);
    mpq_div(share, p, share);
}

/* True values that are both 0 belong to no edge. */
static bool make_edge(edge *e, uint64_t *state)
{
    mpq_t p, q;
    bool wide = nets_between(state, 0, 3) == 0;
    e->p = size(state, wide ? -990 : -60, wide ? 380 : 60);
    e->q = nets_between(state, 0, 2) ? size(state, wide ? -990 : -60, wide ? 380 : 60) : e->p;
    e->dp = error_of(&e->p, state);
    e->dq = error_of(&e->q, state);
    if (!(e->p > e->dp && e->q > e->dq) || (e->dp == 0 && e->p < 0x1p-360) ||
        (e->dq == 0 && e->q < 0x1p-360))
        return false;
    mpq_inits(p, q, NULL);
    set_true(p, e->p, side(state), e->dp);
    set_true(q, e->q, side(state), e->dq);
    set_share(e->share, p, q);
    mpq_clears(p, q, NULL);
    return true;
}

START_TEST(meetings)
{
    uint64_t state = 40 + (uint64_t)_i;
    size_t close = 0;
    edge e;
    mpq_t p, q, t;
    mpq_inits(e.share, p, q, t, NULL);
    for (int round = 0; round < 20000; round++) {
        if (!make_edge(&e, &state))
            continue;
        const crease_meeting at = crease_meet(e.p, e.q, e.dp, e.dq);
        mpq_set_d(p, e.p);
        mpq_set_d(q, e.q);
        set_share(t, p, q);
        support_require(within(at.t, t, at.t, 0x1p-51) || within(at.t, t, 0x1p-1074, 0), "t");
        mpq_sub(p, t, e.share);
        support_require(within(0, p, at.off, 0x1p-40), "the true share is farther off");
        close += at.off > 0x1p-60 && !within(0, p, at.off, -0x1p-10);
        set_share(t, q, p);
    }
    mpq_clears(e.share, p, q, t, NULL);
    support_require(close > 500, "no share is nearly as far off as its bound");
}
END_TEST

/* ---- Values that are passed on ---- */

typedef struct {
    _Alignas(64) double value[ROWS], error[ROWS];
    mpq_t exact[ROWS];
    crease_ray ray;
} end;

static void open_end(end *e)
{
    for (size_t u = 0; u < ROWS; u++)
        mpq_init(e->exact[u]);
    e->ray = (crease_ray){.value = e->value, .error = e->error};
}

static void close_end(end *e)
{
    for (size_t u = 0; u < ROWS; u++)
        mpq_clear(e->exact[u]);
}

static void fill_end(end *e, uint64_t *state)
{
    for (size_t u = 0; u < ROWS; u++) {
        long scale = nets_between(state, 0, 3) ? 0 : nets_between(state, -1, 1) * 300;
        double value = rational_random(state) * ldexp(1, (int)scale), error = 0;
        switch (nets_between(state, 0, 5)) {
        case 0: break;
        case 1: error = fabs(value) * power(state, -60, 20); break;
        case 2: error = size(state, scale - 60, scale); break;
        case 3:
            error = size(state, scale - 10, scale);
            value = 0;
            break;
        case 4: value *= 0x1p-700; break; /* the products underflow */
        default: value *= 0x1p-60;
        }
        e->value[u] = value;
        e->error[u] = error;
        set_true(e->exact[u], value, side(state), error);
    }
    e->ray.valued = (1u << ROWS / 8) - 1;
}

/* out = factor ((1 - share) x a + share y b) */
static void mix_exactly(mpq_t out, const mpq_t share, const crease_values_mix *mix, const mpq_t a,
                        const mpq_t b)
{
    mpq_t part, scale;
    mpq_inits(part, scale, NULL);
    mpq_set_ui(part, 1, 1);
    mpq_sub(part, part, share);
    mpq_set_d(scale, mix->x);
    mpq_mul(part, part, scale);
    mpq_mul(out, part, a);
    mpq_set_d(scale, mix->y);
    mpq_mul(part, scale, share);
    mpq_mul(part, part, b);
    mpq_add(out, out, part);
    mpq_set_d(scale, mix->factor);
    mpq_mul(out, out, scale);
    mpq_clears(part, scale, NULL);
}

START_TEST(passed_on)
{
    const crease_rays rays = {.values = ROWS};
    const uint64_t wanted = ((uint64_t)1 << ROWS) - 1;
    uint64_t state = 60 + (uint64_t)_i;
    end a, b, between;
    edge e;
    mpq_t exact;
    mpq_inits(e.share, exact, NULL);
    open_end(&a);
    open_end(&b);
    open_end(&between);
    for (int round = 0; round < 1200; round++) {
        if (!make_edge(&e, &state))
            continue;
        fill_end(&a, &state);
        fill_end(&b, &state);
        for (size_t u = 0; u < ROWS && round % 3 == 0; u++) { /* cancellation, or none */
            a.value[u] = nets_between(&state, 0, 1) ? b.value[u] : -b.value[u];
            set_true(a.exact[u], a.value[u], side(&state), a.error[u]);
        }
        const crease_values_mix mix = {nets_between(&state, 0, 1) ? 1 : power(&state, -52, 0),
                                       nets_between(&state, 0, 1) ? 1 : power(&state, -52, 0),
                                       crease_meet(e.p, e.q, e.dp, e.dq),
                                       nets_between(&state, 0, 3) ? 1 : power(&state, -1, 22),
                                       &wanted};
        crease_values_combine(&rays, &between.ray, &a.ray, &b.ray, &mix);
        for (size_t u = 0; u < ROWS; u++) {
            mix_exactly(exact, e.share, &mix, a.exact[u], b.exact[u]);
            support_require(within(between.value[u], exact, between.error[u], 0),
                            "a value that was passed on is farther off than its error");
        }
    }
    close_end(&a);
    close_end(&b);
    close_end(&between);
    mpq_clears(e.share, exact, NULL);
}
END_TEST

/* What is not finite at an end is never finite between. */
START_TEST(passed_on_not_finite)
{
    static const double bad[] = {NAN, INFINITY, -INFINITY};
    const crease_rays rays = {.values = ROWS};
    uint64_t state = 3, wanted = ((uint64_t)1 << ROWS) - 1;
    end a, b, between;
    edge e;
    mpq_init(e.share);
    open_end(&a);
    open_end(&b);
    open_end(&between);
    for (int round = 0; round < 2000; round++) {
        if (!make_edge(&e, &state))
            continue;
        fill_end(&a, &state);
        fill_end(&b, &state);
        const crease_values_mix mix = {1, 1, crease_meet(e.p, e.q, e.dp, e.dq), 1, &wanted};
        for (size_t u = 0; u < ROWS; u += 2) {
            end *spoilt = nets_between(&state, 0, 1) ? &a : &b;
            spoilt->error[u] = fabs(bad[nets_between(&state, 0, 1)]);
            if (nets_between(&state, 0, 1))
                spoilt->value[u] = bad[nets_between(&state, 0, 2)];
        }
        crease_values_combine(&rays, &between.ray, &a.ray, &b.ray, &mix);
        for (size_t u = 0; u < ROWS; u++)
            support_require(u % 2 || !isfinite(between.error[u]), "an error became finite");
    }
    close_end(&a);
    close_end(&b);
    close_end(&between);
    mpq_clear(e.share);
}
END_TEST

/* ---- Values from coordinates ---- */

typedef struct {
    _Alignas(64) double row[MOST * ROWS], bound[ROWS], slope[ROWS];
    double mag[ROWS], err[ROWS], v[MOST];
    crease_map map;
} table;

/* whole: entries are integers times the quantum, without errors. */
static void fill_table(table *t, bool whole, uint64_t *state)
{
    size_t d = (size_t)nets_between(state, 5, MOST);
    double quantum = power(state, -200, 200), top = 0;
    memset(t, 0, sizeof *t);
    for (size_t u = 0; u < ROWS; u++) {
        double scale = whole ? quantum : power(state, -290, 290), sum = 0;
        t->err[u] = whole || nets_between(state, 0, 1) ? 0 : scale * power(state, -60, 0);
        for (size_t j = 0; j < d; j++) {
            double entry = (whole ? (double)nets_between(state, -9, 9) : rational_random(state)) *
                           (nets_between(state, 0, 4) ? scale : 0);
            t->row[j * ROWS + u] = entry;
            t->mag[u] = fmax(t->mag[u], fabs(entry));
            sum += fabs(entry);
        }
        t->bound[u] = crease_filter_bound(d, t->mag[u], t->err[u], 1);
        t->slope[u] = (sum + (double)d * t->err[u]) * (1 + 0x1p-40);
        top = fmax(top, t->mag[u]);
    }
    t->map = (crease_map){.d = d,
                          .row = t->row,
                          .mag = t->mag,
                          .err = t->err,
                          .bound = t->bound,
                          .slope = t->slope,
                          .top = top,
                          .quantum = whole ? quantum : 0};
}

/* Coordinates of a ray, such that row u nearly vanishes. */
static void fill_ray(table *t, crease_ray *ray, bool whole, size_t u, uint64_t *state)
{
    size_t d = t->map.d, last = d - 1;
    double sum = 0;
    for (size_t j = 0; j < d; j++) {
        t->v[j] = whole ? (double)nets_between(state, -1000, 1000) : rational_random(state);
        sum += j == last ? 0 : t->row[j * ROWS + u] * t->v[j];
    }
    double entry = t->row[last * ROWS + u];
    if (!whole && nets_between(state, 0, 1) && entry != 0 && fabs(sum / entry) <= 1)
        t->v[last] = -sum / entry;
    *ray = (crease_ray){.v = t->v, .value = ray->value, .error = ray->error, .integer = whole};
    ray->err = whole || nets_between(state, 0, 1) ? 0 : power(state, -55, -20);
    ray->one = crease_filter_one_norm(t->v, d) * (1 + 0x1p-40);
}

/* The true value of row u at the worst corner on one side. */
static void true_value(mpq_t sum, const table *t, const crease_ray *ray, size_t u, double worst)
{
    mpq_t entry, coordinate;
    mpq_inits(entry, coordinate, NULL);
    mpq_set_ui(sum, 0, 1);
    for (size_t j = 0; j < t->map.d; j++) {
        double g = t->row[j * ROWS + u], v = t->v[j];
        set_true(coordinate, v, worst * copysign(1, g), ray->err);
        set_true(entry, g, worst * copysign(1, v), t->err[u]);
        mpq_mul(entry, entry, coordinate);
        mpq_add(sum, sum, entry);
    }
    mpq_clears(entry, coordinate, NULL);
}

START_TEST(from_coordinates)
{
    const uint64_t wanted = ((uint64_t)1 << ROWS) - 1;
    uint64_t state = 80 + (uint64_t)_i;
    static table t;
    end e;
    mpq_t exact;
    mpq_init(exact);
    open_end(&e);
    for (int round = 0; round < 200; round++) {
        bool whole = nets_between(&state, 0, 2) == 0;
        fill_table(&t, whole, &state);
        const crease_rays rays = {.d = t.map.d, .map = &t.map, .values = ROWS};
        fill_ray(&t, &e.ray, whole, (size_t)nets_between(&state, 0, ROWS - 1), &state);
        crease_values_fill(&rays, &e.ray, &wanted);
        support_require(e.ray.valued == (1u << ROWS / 8) - 1, "values are missing");
        for (size_t u = 0; u < ROWS; u++) {
            true_value(exact, &t, &e.ray, u, side(&state));
            support_require(within(e.value[u], exact, e.error[u], 0),
                            "a value is farther off than its error");
            support_require(!whole || e.error[u] == 0, "an integer with an error");
        }
    }
    close_end(&e);
    mpq_clear(exact);
}
END_TEST

/* ---- Signs ---- */

START_TEST(signs)
{
    static const double odd[] = {0, -0.0, 5e-324, 0x1p-1000, 1, 1e300, INFINITY, NAN};
    const crease_rays rays = {.values = ROWS};
    const uint64_t wanted = ((uint64_t)1 << ROWS) - 1;
    uint64_t state = 7;
    end e;
    open_end(&e);
    for (int round = 0; round < 20000; round++) {
        uint64_t positive = 0, negative = 0;
        for (size_t u = 0; u < ROWS; u++) {
            double error = fabs(odd[nets_between(&state, 0, 7)]);
            double value = nets_between(&state, 0, 2)
                               ? rational_step(error, (int)nets_between(&state, -1, 1))
                               : odd[nets_between(&state, 0, 7)];
            e.error[u] = error;
            e.value[u] = nets_between(&state, 0, 1) ? value : -value;
            positive |= (uint64_t)(crease_filter_sign(e.value[u], error) > 0) << u;
            negative |= (uint64_t)(crease_filter_sign(e.value[u], error) < 0) << u;
        }
        uint64_t found[2] = {0, 0};
        e.ray.positive = &found[0];
        e.ray.negative = &found[1];
        e.ray.valued = (1u << ROWS / 8) - 1;
        crease_values_signs(&rays, &e.ray, &wanted);
        support_require(found[0] == positive && found[1] == negative, "a wrong sign");
    }
    close_end(&e);
}
END_TEST

/* ---- Pairs ---- */

enum { MOST_RAYS = 70 };

/* Sets of slots below 32. */
static void check_narrow(const uint32_t *list, size_t count, uint32_t own, size_t least,
                         crease_near *near)
{
    size_t found = crease_pairs_near_narrow(list, count, own, least, near), hits = 0;
    for (size_t i = 0; i < count; i++) {
        size_t shared = 0;
        for (int s = 0; s < 32; s++)
            shared += own >> s & list[i] >> s & 1;
        if (shared < least)
            continue;
        support_require(hits < found && near[hits].index == i && near[hits].shared == shared,
                        "a pair of narrow sets is missing");
        hits++;
    }
    support_require(hits == found, "a pair of narrow sets too many");
}

static size_t shared_slots(const crease_active_set *a, const crease_active_set *b)
{
    size_t count = 0;
    for (size_t s = 0; s < CREASE_RAY_SLOTS; s++)
        count += crease_bit(a->word, s) && crease_bit(b->word, s);
    return count;
}

START_TEST(pairs)
{
    uint64_t state = 11;
    crease_arena *arena = crease_arena_new();
    static crease_ray ray[MOST_RAYS];
    crease_ray *list[MOST_RAYS];
    for (int round = 0; round < 1500; round++) {
        size_t count = (size_t)nets_between(&state, 0, MOST_RAYS), hits = 0;
        bool high = nets_between(&state, 0, 1), all = nets_between(&state, 0, 9) == 0;
        crease_active_set own = {{nets_random(&state), high ? nets_random(&state) : 0}};
        crease_arena_mark mark = crease_arena_here(arena);
        for (size_t i = 0; i < count; i++) {
            for (size_t w = 0; w < 2; w++)
                ray[i].active.word[w] =
                    (all ? ~(uint64_t)0 : nets_random(&state)) & (w && !high ? 0 : ~(uint64_t)0);
            list[i] = &ray[i];
        }
        size_t least = (size_t)nets_between(&state, 0, high ? 40 : 24);
        const crease_pairs many = crease_pairs_new(arena, list, count);
        crease_near *near = crease_arena_take(arena, (count + 1) * sizeof *near);
        size_t found = crease_pairs_near(&many, &own, least, near);
        for (size_t i = 0; i < count; i++) {
            size_t shared = shared_slots(&own, &ray[i].active);
            if (shared < least)
                continue;
            support_require(hits < found && near[hits].index == i && near[hits].shared == shared,
                            "a pair is missing");
            hits++;
        }
        support_require(hits == found, "a pair too many");
        uint32_t narrow[MOST_RAYS];
        for (size_t i = 0; i < count; i++)
            narrow[i] = (uint32_t)ray[i].active.word[0];
        check_narrow(narrow, count, (uint32_t)own.word[0], least / 2, near);
        crease_arena_release(arena, mark);
    }
    crease_arena_free(arena);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("kernels");
    TCase *tcase = support_case(suite, "kernels", 3600);
    tcase_add_loop_test(tcase, meetings, 0, 2);
    tcase_add_loop_test(tcase, passed_on, 0, 2);
    tcase_add_test(tcase, passed_on_not_finite);
    tcase_add_loop_test(tcase, from_coordinates, 0, 2);
    tcase_add_test(tcase, signs);
    tcase_add_test(tcase, pairs);
    return support_run(suite);
}
