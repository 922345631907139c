/* Counts known in closed form. */
#include "support/counting.h"
#include "support/nets.h"
#include "support/support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MODEST = 1100 };

static bool in_full(void)
{
    return count_setting("CREASE_LONG", 0) != 0;
}

static void expect(char *json, const char *box, uint64_t regions)
{
    uint64_t found = count_free(json, box);
    ck_assert_msg(found == regions, "%llu regions, expected %llu", (unsigned long long)found,
                  (unsigned long long)regions);
}

static uint64_t choose(int n, int k)
{
    uint64_t value = 1;
    for (int i = 1; i <= k; i++)
        value = value * (uint64_t)(n - k + i) / (uint64_t)i;
    return k > n ? 0 : value;
}

/* Zaslavsky: sum_{j<=d} C(n,j). */
static uint64_t general(int n, int d)
{
    uint64_t sum = 0;
    for (int j = 0; j <= d; j++)
        sum += choose(n, j);
    return sum;
}

static uint64_t power(uint64_t base, int exponent)
{
    return exponent ? base * power(base, exponent - 1) : 1;
}

START_TEST(general_position)
{
    static const int units[] = {20, 20, 14, 11, 10, 10, 9};
    int d = _i + 1;
    for (int n = 1; n <= units[_i]; n += n < 3 ? 1 : units[_i] - 3)
        for (uint64_t seed = 1; seed <= (in_full() ? 2 : 1); seed++)
            expect(nets_general(d, n, 100 * seed + (uint64_t)n), NULL, general(n, d));
}
END_TEST

START_TEST(central)
{
    /* Schlaefli: 2 sum_{j<d} C(n-1,j). */
    static const int units[] = {9, 15, 12, 9, 9, 9, 9};
    int d = _i + 1;
    for (int n = 1; n <= units[_i]; n += 4)
        expect(nets_central(d, n, (uint64_t)n), NULL, 2 * general(n - 1, d - 1));
}
END_TEST

START_TEST(reflections)
{
    expect(nets_braid(3), NULL, 6);
    expect(nets_braid(4), NULL, 24);
    expect(nets_braid(5), NULL, 120);
    expect(nets_type_b(2), NULL, 8);
    expect(nets_type_b(3), NULL, 48);
}
END_TEST

START_TEST(deformations)
{
    expect(nets_shi(3), NULL, 16);
    expect(nets_shi(4), NULL, 125);
    expect(nets_catalan(3), NULL, 30);
    expect(nets_catalan(4), NULL, 336);
}
END_TEST

START_TEST(resonance)
{
    expect(nets_resonance(1), NULL, 2);
    expect(nets_resonance(2), NULL, 6);
    expect(nets_resonance(3), NULL, 32);
    expect(nets_resonance(4), NULL, 370);
    if (in_full())
        expect(nets_resonance(5), NULL, 11292);
}
END_TEST

START_TEST(threshold)
{
    expect(nets_threshold(1), NULL, 4);
    expect(nets_threshold(2), NULL, 14);
    expect(nets_threshold(3), NULL, 104);
}
END_TEST

START_TEST(zigzag)
{
    for (int layers = 1; layers <= 5; layers++) {
        uint64_t regions = power((uint64_t)_i + 1, layers);
        if (regions > MODEST && !in_full())
            continue;
        /* All folds lie in (0,1), so the box changes nothing. */
        expect(nets_zigzag(_i, layers), NULL, regions);
        expect(nets_zigzag(_i, layers), "0:1", regions);
    }
}
END_TEST

START_TEST(fold)
{
    /* The square is folded p times along each axis and layer, the lines cut
     * every copy of it in 1 + last + C(last,2) pieces. */
    static const int shape[][3] = {{4, 0, 3}, {4, 1, 1}, {4, 1, 3}, {5, 1, 3}, {6, 1, 4},
                                   {8, 1, 3}, {4, 2, 3}, {4, 3, 3}, {6, 2, 2}};
    const int *s = shape[_i];
    uint64_t p = (uint64_t)s[0] / 2;
    expect(nets_fold(s[0], s[1], s[2]), "0:1", power(p, 2 * s[1]) * general(s[2], 2));
}
END_TEST

START_TEST(long_runs)
{
    if (!in_full())
        return;
    switch (_i) {
    case 0: expect(nets_resonance(6), NULL, 1066044); break;
    case 1: expect(nets_general(4, 64, 64), NULL, 679121); break;
    case 2: expect(nets_general(8, 16, 16), NULL, 39203); break;
    default: expect(nets_general(7, 16, 7), NULL, general(16, 7));
    }
}
END_TEST

/* The text with all "relu" replaced, and parameters behind them. */
static char *with_activation(char *json, const char *other)
{
    static const char relu[] = "\"relu\"";
    size_t room = 2 * strlen(json) + 64 * strlen(other);
    char *text = calloc(room, 1), *to = text;
    for (const char *at = json; *at;) {
        if (strncmp(at, relu, sizeof relu - 1)) {
            *to++ = *at++;
            continue;
        }
        to += sprintf(to, "%s", other);
        at += sizeof relu - 1;
    }
    free(json);
    return text;
}

START_TEST(activations)
{
    /* Hyperplanes z = 0 in general position, or n pairs of parallel ones. */
    for (int d = 1; d <= 4; d++) {
        int n = 9 - d;
        uint64_t pairs = 0;
        for (int k = 0; k <= d; k++)
            pairs += choose(n, k) * power(2, k);
        expect(with_activation(nets_general(d, n, 5), "\"abs\""), NULL, general(n, d));
        expect(with_activation(nets_general(d, n, 6), "\"leaky_relu\", \"slope\": \"-1/3\""), NULL,
               general(n, d));
        expect(with_activation(nets_general(d, n, 7), "\"clip\", \"low\": -0.1, \"high\": 0.2"),
               NULL, pairs);
        expect(with_activation(nets_general(d, n, 8), "\"hard_tanh\""), NULL, pairs);
    }
}
END_TEST

START_TEST(folded_by_abs)
{
    /* Layers of two units | |...| - 2^-l |, one for each input: every layer doubles both. */
    char json[2000], *to = json;
    to += sprintf(to, "{\"input\": 2, \"layers\": [");
    for (int l = 0; l <= _i; l++)
        to += sprintf(
            to, "{\"weight\": [[1, 0], [0, 1]], \"bias\": [%g, %g], \"activation\": \"abs\"},",
            l ? -1.0 / (1 << l) : 0, l ? -1.0 / (1 << l) : 0);
    sprintf(to, "{\"weight\": [[1, 1]], \"bias\": [0], \"activation\": \"linear\"}]}");
    uint64_t found = count_all(json, NULL);
    ck_assert_uint_eq(found, power(4, _i + 1));
}
END_TEST

START_TEST(deep_and_monotone)
{
    /* Leaky units one above the other are monotone: each switches at one point.  These points are
     * as far from 0 as the slopes' products are small, so that they need long integers. */
    enum { DEPTH = 36 };
    uint64_t state = 5;
    char *json = calloc(DEPTH + 2, 120), *to = json;
    to += sprintf(to, "{\"input\": 1, \"layers\": [");
    for (int l = 0; l < DEPTH; l++)
        to += sprintf(to,
                      "{\"weight\": [[%s%ld.%06ld]], \"bias\": [%ld.%06ld], "
                      "\"activation\": \"leaky_relu\", \"slope\": 0.25},",
                      nets_between(&state, 0, 1) ? "-" : "", nets_between(&state, 0, 1),
                      nets_between(&state, 500000, 999999), nets_between(&state, -3, 3),
                      nets_between(&state, 1, 999999));
    sprintf(to, "{\"weight\": [[1]], \"bias\": [0], \"activation\": \"linear\"}]}");
    expect(json, NULL, DEPTH + 1);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("closed forms");
    TCase *tcase = support_case(suite, "closed forms", 600);
    tcase_add_loop_test(tcase, general_position, 0, 7);
    tcase_add_loop_test(tcase, central, 0, 7);
    tcase_add_test(tcase, reflections);
    tcase_add_test(tcase, deformations);
    tcase_add_test(tcase, resonance);
    tcase_add_test(tcase, threshold);
    tcase_add_loop_test(tcase, zigzag, 3, 6);
    tcase_add_loop_test(tcase, fold, 0, 9);
    tcase_add_test(tcase, activations);
    tcase_add_loop_test(tcase, folded_by_abs, 0, 5);
    tcase_add_test(tcase, deep_and_monotone);
    TCase *slow = support_case(suite, "long", 14400);
    tcase_add_loop_test(slow, long_runs, 0, 4);
    return support_run(suite);
}
