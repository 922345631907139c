/* crease_signs on rows and points that are not finite, and on the rows of maps. */
#include "support/nets.h"
#include "support/random_net.h"
#include "support/rational.h"
#include "support/support.h"

#include "model/map.h"
#include "exact/filter.h"
#include "exact/signs.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST = 20, WIDE = 72, WORDS = 2 };

static bool bit(const uint64_t *set, size_t u)
{
    return set[u / 64] >> u % 64 & 1;
}

/* Rows or points with a NaN or an infinity are never decided, other rows still are. */
START_TEST(not_finite)
{
    static const double bad[] = {NAN, INFINITY, -INFINITY};
    uint64_t state = 5;
    _Alignas(64) double row[8 * MOST], bound[8], slope[8];
    for (int round = 0; round < 20000; round++) {
        size_t d = (size_t)nets_between(&state, 1, MOST), stride = 8;
        size_t spoilt = (size_t)nets_between(&state, 0, 7);
        size_t at = (size_t)nets_between(&state, 0, (long)d - 1);
        double v[MOST], x = bad[nets_between(&state, 0, 2)];
        bool in_point = nets_between(&state, 0, 3) == 0;
        uint64_t positive[1] = {0}, negative[1] = {0};
        for (size_t j = 0; j < d; j++) {
            v[j] = nets_between(&state, 0, 4) ? rational_random(&state) + 2 : 0;
            for (size_t u = 0; u < stride; u++)
                row[j * stride + u] = rational_random(&state) + 2;
        }
        v[d - 1] = at == d - 1 ? v[d - 1] : 1;
        if (in_point)
            v[at] = x;
        else
            row[at * stride + spoilt] = x;
        for (size_t u = 0; u < stride; u++) {
            double mag = 0, sum = 0;
            for (size_t j = 0; j < d; j++) {
                mag = fmax(mag, fabs(row[j * stride + u])); /* fmax loses a NaN */
                sum += fabs(row[j * stride + u]);
            }
            bound[u] = crease_filter_bound(d, mag, 0, 1);
            slope[u] = sum;
        }
        const crease_sign_rows rows = {d, stride, row, bound, slope};
        crease_signs(&rows, v, crease_filter_one_norm(v, d), 0, NULL, positive, negative);
        for (size_t u = 0; u < stride; u++)
            if (in_point || u == spoilt)
                support_require(!bit(positive, u) && !bit(negative, u), "decided without a number");
        if (!in_point && at < d - 1)
            support_require(positive[0] == (0xff & ~((uint64_t)1 << spoilt)),
                            "others were not decided");
    }
    for (int i = 0; i < 3; i++)
        for (int k = 0; k < 3; k++) {
            ck_assert_int_eq(crease_filter_sign(NAN, bad[i]), 0);
            ck_assert_int_eq(crease_filter_sign(bad[i], NAN), 0);
            double wide = crease_filter_bound(3, INFINITY, 0, 1);
            double open = crease_filter_bound(3, fabs(bad[i]), fabs(bad[k]), 1);
            ck_assert_int_eq(crease_filter_sign(bad[i], wide), 0);
            ck_assert_int_eq(crease_filter_sign(1, open), 0);
        }
}
END_TEST

/* Points of a list: each has the signs that it has alone, as often as not where bounds leave some
 * open, and keeps the bits that were set. */
START_TEST(lists)
{
    enum { POINTS = 9 };
    uint64_t state = 11, open = 0;
    static _Alignas(64) double row[WIDE * 6], bound[WIDE], slope[WIDE];
    for (int round = 0; round < 2000; round++) {
        size_t d = (size_t)nets_between(&state, 1, 6);
        size_t stride = 8 * (size_t)nets_between(&state, 1, WIDE / 8);
        size_t count = (size_t)nets_between(&state, 0, POINTS);
        double v[POINTS][6];
        uint64_t positive[POINTS][WORDS] = {{0}}, negative[POINTS][WORDS] = {{0}};
        uint64_t wanted[WORDS], before = (uint64_t)nets_between(&state, 0, 255);
        const crease_sign_rows rows = {d, stride, row, bound, slope};
        crease_sign_point point[POINTS];
        for (size_t u = 0; u < stride; u++) {
            bound[u] = ldexp(1, (int)nets_between(&state, -60, 0));
            slope[u] = (double)nets_between(&state, 0, 3);
            for (size_t j = 0; j < d; j++)
                row[j * stride + u] = rational_random(&state);
        }
        for (size_t w = 0; w < WORDS; w++)
            wanted[w] = (uint64_t)nets_between(&state, 0, 1) << nets_between(&state, 0, 63);
        for (size_t i = 0; i < count; i++) {
            for (size_t j = 0; j < d; j++)
                v[i][j] = rational_random(&state);
            positive[i][0] = before;
            point[i] = (crease_sign_point){v[i], ldexp(1, (int)nets_between(&state, -3, 0)),
                                           ldexp(1, (int)nets_between(&state, -60, 0)), positive[i],
                                           negative[i]};
        }
        bool all = nets_between(&state, 0, 1);
        crease_signs_at(&rows, point, count, all ? NULL : wanted);
        for (size_t i = 0; i < count; i++)
            for (size_t u = 0; u < stride; u++) {
                double value = 0;
                for (size_t j = 0; j < d; j++)
                    value = fma(row[j * stride + u], v[i][j], value);
                double limit = fma(slope[u], point[i].err, fma(bound[u], point[i].one, 0x1p-1000));
                bool asked = all || (wanted[u / 64] >> u % 64 / 8 * 8 & 0xff);
                bool kept = u < 64 && before >> u & 1;
                open += fabs(value) <= limit;
                if (fabs(fabs(value) - limit) < 0x1p-40) /* without fma the other may be true */
                    continue;
                support_require(bit(positive[i], u) == (kept || (asked && value > limit)),
                                "positive of a list");
                support_require(bit(negative[i], u) == (asked && -value > limit),
                                "negative of a list");
            }
    }
    support_require(open > 1000, "no bound mattered");
}
END_TEST

/* ---- The maps of a network ---- */

/* Rows of the map against its integers: the entries lie within err of them, and the signs at
 * points fitted to the rows are right. */
static void check_map(crease_map *map, uint64_t *state, uint64_t *decided, uint64_t *undecided)
{
    const crease_model_layer *layer = &map->model->layer[map->layer];
    size_t d = map->d, stride = layer->stride, width = layer->width;
    const crease_sign_rows rows = {d, stride, map->row, map->bound, map->slope};
    mpq_t factor, difference, term;
    mpq_inits(factor, difference, term, NULL);
    mpq_set_d(factor, map->scale);
    mpz_mul(mpq_numref(term), map->constant, layer->den);
    mpq_div(factor, factor, term);
    for (size_t u = 0; u < width; u++) {
        const mpz_t *exact = crease_map_exact(map, u);
        for (size_t j = 0; j < d; j++) {
            mpq_set_z(difference, exact[j]);
            mpq_mul(difference, difference, factor);
            mpq_set_d(term, map->row[j * stride + u]);
            mpq_sub(difference, difference, term);
            mpq_abs(difference, difference);
            mpq_set_d(term, map->err[u]);
            support_require(mpq_cmp(difference, term) <= 0, "an entry of a map is off");
        }
    }
    for (size_t u = 0; u < width; u++) {
        double v[MOST], one;
        uint64_t positive[WORDS] = {0}, negative[WORDS] = {0};
        size_t k = (size_t)nets_between(state, 0, (long)d - 1);
        const mpz_t *exact = crease_map_exact(map, u);
        for (size_t j = 0; j < d; j++)
            v[j] = rational_random(state);
        if (mpz_sgn(exact[k])) {
            mpq_set_ui(difference, 0, 1);
            for (size_t j = 0; j < d; j++) {
                mpq_set_d(term, j == k ? 0 : -v[j]);
                mpq_set_z(factor, exact[j]);
                mpq_mul(term, term, factor);
                mpq_add(difference, difference, term);
            }
            mpq_set_z(factor, exact[k]);
            mpq_div(difference, difference, factor);
            v[k] = rational_step(mpq_get_d(difference), (int)nets_between(state, -3, 3));
            if (nets_between(state, 0, 1))
                v[k] += rational_random(state) * 1e-13;
        }
        one = crease_filter_one_norm(v, d) * (1 + 0x1p-40);
        crease_signs(&rows, v, one, 0, NULL, positive, negative);
        for (size_t i = 0; i < width; i++) {
            int verdict = bit(positive, i) - bit(negative, i);
            *(verdict ? decided : undecided) += 1;
            if (!verdict || (i != u && i % 4))
                continue;
            mpq_set_ui(difference, 0, 1);
            for (size_t j = 0; j < d; j++) {
                mpq_set_d(term, v[j]);
                mpq_set_z(factor, crease_map_exact(map, i)[j]);
                mpq_mul(term, term, factor);
                mpq_add(difference, difference, term);
            }
            support_require(mpq_sgn(difference) == verdict, "a map's row: a wrong sign");
        }
    }
    mpq_clears(factor, difference, term, NULL);
}

START_TEST(maps)
{
    static const char *const factors[] = {"1", "1/3", "0x1p-60", "0x1p-500", "1e-290", "1e200"};
    static const int shapes[][6] = {{3, 8, 8, 1, 0},
                                    {5, 10, 7, 9, 1, 0},
                                    {1, 4, 4, 4, 1, 0},
                                    {8, 12, 3, 12, 1, 0},
                                    {2, 9, 70, 5, 1, 0}};
    uint64_t state = (uint64_t)_i + 1, decided = 0, undecided = 0;
    for (int round = 0; round < 40; round++) {
        const int *widths = shapes[nets_between(&state, 0, 4)];
        int count = 0;
        while (widths[count])
            count++;
        char *json = nets_between(&state, 0, 3) ? random_net(widths, count, nets_random(&state))
                                                : nets_whole(widths, count, 3, nets_random(&state));
        if (nets_between(&state, 0, 1)) {
            char *scaled = nets_scale_layer(json, (int)nets_between(&state, 0, count - 3),
                                            factors[nets_between(&state, 0, 5)]);
            free(json);
            json = scaled;
        }
        crease_network *network = support_network(json);
        crease_model *model = crease_model_new(network, NULL);
        crease_map *map[4] = {NULL};
        uint8_t active[4][WIDE];
        for (size_t l = 0; l < model->layers; l++) {
            map[l] = crease_map_new(model, l, model->inputs + 1);
            for (size_t u = 0; u < model->layer[l].width; u++)
                active[l][u] = nets_between(&state, 0, 2) > 0;
            if (l == 0)
                crease_map_first(map[0]);
            else
                crease_map_next(map[l], map[l - 1], active[l - 1]);
            check_map(map[l], &state, &decided, &undecided);
        }
        for (size_t l = 0; l < model->layers; l++)
            crease_map_free(map[l]);
        crease_model_free(model);
        crease_network_free(network);
        free(json);
    }
    ck_assert_msg(decided > 10000 && undecided > 200, "%llu decided, %llu not",
                  (unsigned long long)decided, (unsigned long long)undecided);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("signs");
    TCase *tcase = support_case(suite, "signs", 3600);
    tcase_add_test(tcase, lists);
    tcase_add_test(tcase, not_finite);
    tcase_add_loop_test(tcase, maps, 0, 4);
    return support_run(suite);
}
