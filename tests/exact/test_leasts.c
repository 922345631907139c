/* Where units are least, for certificates: at a vertex (v, v_d) a unit with the row g is g.v / v_d.
 * Of units that are settled (proof/survey.h, cells/outline_proof.h) this must be least at their
 * vertex wherever the vertices are within their errors, so in all corners of these, which may be as
 * large as v_d. */
#include "support/nets.h"
#include "support/rational.h"
#include "support/support.h"

#include "cells/outline_proof.c"
#include "proof/survey.h"

#include <stdlib.h>

enum { D = 3, UNITS = 8, MOST = 4, ROUNDS = 4000 };

/* The least and the largest quotient a / t for a and t between these; false if t may not be
 * positive. */
static bool quotients(const mpq_t a[2], const mpq_t t[2], mpq_t low, mpq_t high)
{
    mpq_t x;
    mpq_init(x);
    for (int k = 0; k < 4 && mpq_sgn(t[0]) > 0; k++) {
        mpq_div(x, a[k / 2], t[k % 2]);
        if (!k || mpq_cmp(x, low) < 0)
            mpq_set(low, x);
        if (!k || mpq_cmp(x, high) > 0)
            mpq_set(high, x);
    }
    mpq_clear(x);
    return mpq_sgn(t[0]) > 0;
}

/* low and high: those of x = value +- err, by doubles. */
static void set_range(mpq_t range[2], double value, double err)
{
    mpq_t by;
    mpq_init(by);
    mpq_set_d(by, err);
    mpq_set_d(range[0], value);
    mpq_add(range[1], range[0], by);
    mpq_sub(range[0], range[0], by);
    mpq_clear(by);
}

/* The same for sign times g.v / v_d = g_d + (the other products) / v_d, within the error of v. */
static bool range_of(const double *g, int sign, const double *v, double err, mpq_t low, mpq_t high)
{
    mpq_t last[2], rest[2], part[2], factor;
    for (int k = 0; k < 2; k++)
        mpq_inits(last[k], rest[k], part[k], NULL);
    mpq_init(factor);
    set_range(last, v[D - 1], err);
    for (int j = 0; j + 1 < D; j++) {
        set_range(part, v[j], err);
        mpq_set_d(factor, sign * g[j]);
        for (int k = 0; k < 2; k++) {
            int to = mpq_sgn(factor) < 0 ? 1 - k : k;
            mpq_mul(part[k], part[k], factor);
            mpq_add(rest[to], rest[to], part[k]);
        }
    }
    bool good = quotients((const mpq_t *)rest, (const mpq_t *)last, low, high);
    mpq_set_d(factor, sign * g[D - 1]);
    mpq_add(low, low, factor);
    mpq_add(high, high, factor);
    for (int k = 0; k < 2; k++)
        mpq_clears(last[k], rest[k], part[k], NULL);
    mpq_clear(factor);
    return good;
}

/* The range of a unit at each of some vertices. */
typedef struct {
    mpq_t low[MOST], high[MOST];
    bool known[MOST];
} ranges;

static void begin(ranges *r)
{
    for (int i = 0; i < MOST; i++)
        mpq_inits(r->low[i], r->high[i], NULL);
}

static void end(ranges *r)
{
    for (int i = 0; i < MOST; i++)
        mpq_clears(r->low[i], r->high[i], NULL);
}

static void need_least(const ranges *r, size_t count, size_t at)
{
    support_require(at < count, "a vertex");
    for (size_t i = 0; i < count; i++)
        support_require(i == at ||
                            (r->known[i] && r->known[at] && mpq_cmp(r->high[at], r->low[i]) < 0),
                        "the value at the vertex is least");
}

/* From nothing to more than v_d, as shares of it. */
static double draw_error(uint64_t *seed)
{
    static const double share[] = {0, 0x1p-40, 0x1p-20, 0.01, 0.1, 0.3, 0.6, 0.9, 1.1, 2};
    return share[nets_between(seed, 0, 9)];
}

static double draw_last(uint64_t *seed)
{
    return ldexp(1 + rational_random(seed) / 2, -(int)nets_between(seed, 0, 12));
}

START_TEST(surveys)
{
    uint64_t seed = 3;
    unsigned settled_ones = 0, close = 0;
    oracle_net *net = nets_new(D - 1, (int[]){UNITS, 1}, 2);
    for (int u = 0; u < UNITS; u++)
        for (int j = 0; j < D; j++)
            mpq_set_si(*nets_at(net, 0, u, j),
                       nets_between(&seed, 1, 3) * (nets_between(&seed, 0, 1) ? 1 : -1), 1);
    char *json = nets_text(net, NULL);
    crease_network *network = support_network(json);
    crease_model *model = crease_model_new(network, NULL);
    crease_map *map = crease_map_new(model, 0, D);
    crease_map_first(map);
    crease_rays rays = {.arena = crease_arena_new(), .d = D};
    crease_rays_set_map(&rays, map);
    ranges r;
    begin(&r);
    for (int round = 0; round < ROUNDS; round++) {
        size_t count = (size_t)nets_between(&seed, 1, MOST);
        double v[MOST][D], g[D];
        uint64_t positive = (uint64_t)nets_between(&seed, 0, 255), units = 255;
        bool same = nets_between(&seed, 0, 1);
        double share = draw_error(&seed);
        crease_ray vertex_of[MOST], *ray[MOST];
        for (size_t i = 0; i < count; i++) {
            for (int j = 0; j + 1 < D; j++)
                v[i][j] = rational_random(&seed);
            v[i][D - 1] = draw_last(&seed);
            if (nets_between(&seed, 0, 99) == 0)
                v[i][0] = nets_between(&seed, 0, 1) ? NAN : INFINITY;
            double err = v[i][D - 1] * (same ? share : draw_error(&seed));
            ray[i] = &vertex_of[i];
            vertex_of[i] = (crease_ray){.v = v[i], .err = err};
            vertex_of[i].one = crease_filter_one_norm(v[i], D) * (1 + 0x1p-40);
        }
        crease_arena_mark mark = crease_arena_here(rays.arena);
        crease_survey s = crease_survey_new(&rays, &units, &positive);
        crease_survey_look(&s, ray, count);
        uint64_t found = crease_survey_settled(&s, 0, units);
        for (; found; found &= found - 1) {
            size_t u = (size_t)__builtin_ctzll(found);
            for (size_t j = 0; j < D; j++)
                g[j] = map->row[j * model->layer[0].stride + u];
            for (size_t i = 0; i < count; i++)
                r.known[i] = isfinite(v[i][0]) && range_of(g, positive >> u & 1 ? 1 : -1, v[i],
                                                           vertex_of[i].err, r.low[i], r.high[i]);
            need_least(&r, count, (size_t)s.vertex[u]);
            settled_ones++;
            close += count > 1 &&
                     vertex_of[(size_t)s.vertex[u]].err > 0.05 * v[(size_t)s.vertex[u]][D - 1];
        }
        crease_arena_release(rays.arena, mark);
    }
    ck_assert_msg(settled_ones > ROUNDS && close > ROUNDS / 10,
                  "%u are settled, %u with large errors", settled_ones, close);
    end(&r);
    crease_arena_free(rays.arena);
    crease_map_free(map);
    crease_model_free(model);
    crease_network_free(network);
    free(json);
    oracle_free(net);
}
END_TEST

/* Row 0 is v_d; values and their errors stand for those of the rows. */
START_TEST(outlines)
{
    uint64_t seed = 4;
    unsigned settled_ones = 0, close = 0;
    ranges r;
    begin(&r);
    for (int round = 0; round < ROUNDS; round++) {
        _Alignas(64) double value[MOST][2 * UNITS];
        crease_outline_ray ray[MOST];
        size_t count = (size_t)nets_between(&seed, 1, MOST);
        const crease_outline outline = {
            .dimension = D, .count = count, .ray = ray, .width = UNITS, .value = value[0]};
        const prover p = {.proof = NULL};
        vertex list[MOST];
        leasts l;
        for (size_t i = 0; i < count; i++) {
            ray[i] = (crease_outline_ray){.positive = 1, .actives = D - 1};
            value[i][0] = draw_last(&seed);
            for (size_t c = 0; c < UNITS; c++) {
                value[i][c] = c ? rational_random(&seed) : value[i][0];
                value[i][UNITS + c] = draw_error(&seed) * (c ? fabs(value[i][c]) / 4 : value[i][0]);
            }
        }
        if (nets_between(&seed, 0, 9) == 0)
            value[nets_between(&seed, 0, (long)count - 1)][nets_between(&seed, 1, UNITS - 1)] = NAN;
        for (size_t c = 0; c < UNITS; c++)
            l.sign[c] = nets_between(&seed, 0, 1) ? 1 : -1;
        support_require(find_vertices(&p, &outline, list) == count, "all are vertices");
        find_leasts(list, count, 0, UNITS, &l);
        for (size_t c = 1; c < UNITS; c++) {
            if (!(l.high[c] < l.next[c]))
                continue;
            for (size_t i = 0; i < count; i++) {
                mpq_t a[2], t[2];
                r.known[i] = false;
                if (isnan(value[i][c]))
                    continue;
                mpq_inits(a[0], a[1], t[0], t[1], NULL);
                set_range(a, l.sign[c] * value[i][c], value[i][UNITS + c]);
                set_range(t, value[i][0], value[i][UNITS]);
                r.known[i] = quotients((const mpq_t *)a, (const mpq_t *)t, r.low[i], r.high[i]);
                mpq_clears(a[0], a[1], t[0], t[1], NULL);
            }
            size_t at = (size_t)l.at[c];
            need_least(&r, count, at);
            settled_ones++;
            close += count > 1 && value[at][UNITS] > 0.05 * value[at][0];
        }
    }
    end(&r);
    ck_assert_msg(settled_ones > ROUNDS && close > ROUNDS / 10,
                  "%u are settled, %u with large errors", settled_ones, close);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("leasts");
    TCase *tcase = support_case(suite, "leasts", 60);
    tcase_add_test(tcase, surveys);
    tcase_add_test(tcase, outlines);
    return support_run(suite);
}
