/* Maxout layers whose counts are known in closed form, and what bounds all of them. */
#include "support/counting.h"
#include "support/nets_maxout.h"
#include "support/support.h"

#include <stdlib.h>

enum { MODEST = 1100 };

static void expect(char *json, const char *box, uint64_t regions)
{
    uint64_t found = count_free(json, box);
    ck_assert_msg(found == regions, "%llu regions, expected %llu", (unsigned long long)found,
                  (unsigned long long)regions);
}

static uint64_t power(uint64_t base, int exponent)
{
    return exponent ? base * power(base, exponent - 1) : 1;
}

/* The largest number of regions of m units of rank k in n inputs:
 * sum over j <= n of C(m, j) (k - 1)^j. */
static uint64_t sharp(int n, int m, int k)
{
    uint64_t sum = 1, term = 1;
    for (int j = 1; j <= n && j <= m; j++) {
        term = term * (uint64_t)(m - j + 1) / (uint64_t)j;
        sum += term * power((uint64_t)k - 1, j);
    }
    return sum;
}

/* Between the cases. */
static size_t step(void)
{
    return getenv("CREASE_LONG") ? 1 : 3;
}

START_TEST(tangents)
{
    static const int shape[][3] = {
        {1, 1, 2}, {1, 1, 3}, {1, 1, 64}, {1, 3, 20}, {1, 7, 2}, {2, 1, 3}, {2, 2, 3},
        {2, 3, 3}, {2, 2, 5}, {2, 3, 10}, {2, 5, 4},  {2, 8, 2}, {3, 1, 4}, {3, 2, 4},
        {3, 3, 3}, {3, 4, 3}, {3, 3, 7},  {4, 3, 3},  {4, 4, 3}, {4, 5, 2}, {5, 2, 9}};
    ck_assert_uint_eq(sharp(2, 2, 3), 9);
    ck_assert_uint_eq(sharp(2, 3, 3), 19);
    for (size_t i = 0; i < REPEATS(shape); i += step()) {
        int n = shape[i][0], m = shape[i][1], k = shape[i][2];
        expect(nets_tangents(n, m, k), NULL, sharp(n, m, k));
        if (m <= n)
            ck_assert_uint_eq(sharp(n, m, k), power((uint64_t)k, m));
        else
            ck_assert_uint_ge(sharp(n, m, k), power((uint64_t)k, n));
    }
}
END_TEST

START_TEST(cells)
{
    for (int n = 1; n <= 4; n += getenv("CREASE_LONG") ? 1 : 2)
        for (int k = 2; k <= 64; k = 3 * k - 1)
            expect(nets_cells(n, k, (uint64_t)(100 * n + k)), NULL, (uint64_t)k);
    expect(nets_cells(3, 64, 1), NULL, 64);
}
END_TEST

static uint64_t choose(int n, int k)
{
    uint64_t value = 1;
    for (int i = 1; i <= k; i++)
        value = value * (uint64_t)(n - k + i) / (uint64_t)i;
    return value;
}

START_TEST(tropical)
{
    static const int most[] = {9, 7, 5, 4};
    int n = _i + 2;
    for (int m = 1; m <= most[_i]; m += (int)step()) {
        expect(nets_tropical(n, m, 1000000, (uint64_t)(10 * n + m)), NULL, choose(m + n - 1, m));
        expect(nets_tropical(n, m, 0, 1), NULL, (uint64_t)n);
        /* Ties only make regions fewer. */
        ck_assert_uint_le(count_free(nets_tropical(n, m, 1, (uint64_t)m), NULL),
                          choose(m + n - 1, m));
    }
}
END_TEST

START_TEST(sawtooth)
{
    static const int shape[][3] = {{1, 2, 1}, {1, 2, 5}, {1, 3, 3}, {1, 4, 3}, {1, 9, 2},
                                   {2, 2, 1}, {2, 2, 3}, {2, 3, 2}, {3, 2, 2}};
    const int *s = shape[_i];
    if ((size_t)_i % step())
        return;
    uint64_t regions = power(2 * (uint64_t)s[1] - 1, s[0] * s[2]);
    expect(nets_sawtooth(s[0], s[1], s[2]), NULL, regions);
    /* All borders of the first layer, and so of all layers, lie between 0 and 1. */
    if (regions <= MODEST)
        expect(nets_sawtooth(s[0], s[1], s[2]), "0:1", regions);
}
END_TEST

/* Rank 2 in general position is an arrangement of hyperplanes. */
START_TEST(hyperplanes)
{
    for (int n = 1; n <= 5; n++)
        for (int m = 1; m <= 13 - 2 * n; m += 3)
            expect(nets_smooth_maxout((int[]){n, m, 1}, 3, 2, (uint64_t)(10 * n + m)), NULL,
                   sharp(n, m, 2));
}
END_TEST

START_TEST(never_above)
{
    for (uint64_t seed = (uint64_t)_i; seed < (getenv("CREASE_LONG") ? 150 : 10); seed += 10) {
        uint64_t state = seed;
        int n = (int)nets_between(&state, 1, 4), m = (int)nets_between(&state, 1, 8 - n);
        int k = (int)nets_between(&state, 2, 5);
        char *json = nets_smooth_maxout((int[]){n, m, 1}, 3, k, nets_random(&state));
        uint64_t whole = count_all(json, NULL), boxed = count_all(json, "-1:1");
        ck_assert_msg(whole <= sharp(n, m, k), "n = %d, m = %d, k = %d: %llu", n, m, k,
                      (unsigned long long)whole);
        ck_assert_uint_le(boxed, whole);
        free(json);
    }
}
END_TEST

/* Two layers: each region of the first is cut by the second like all of the space at most. */
START_TEST(never_above_deep)
{
    for (uint64_t seed = (uint64_t)_i; seed < (getenv("CREASE_LONG") ? 60 : 10); seed += 10) {
        uint64_t state = seed;
        int n = (int)nets_between(&state, 1, 3), m = (int)nets_between(&state, 1, 4);
        int k = (int)nets_between(&state, 2, 4), above = (int)nets_between(&state, 1, 4);
        int less = n < m ? n : m;
        char *json = nets_smooth_maxout((int[]){n, m, above, 1}, 4, k, nets_random(&state));
        uint64_t whole = count_all(json, NULL);
        ck_assert_msg(whole <= sharp(n, m, k) * sharp(less, above, k), "n = %d, m = %d, %d, k = %d",
                      n, m, above, k);
        free(json);
    }
}
END_TEST

START_TEST(carried_alone)
{
    /* A layer that switches nothing, below and above one that does. */
    static const char *const json =
        "{\"input\": 2, \"layers\": ["
        "{\"activation\": \"maxout\", \"rank\": 3, \"carry\": 2, \"weight\": [[1, 1], [1, -1]], "
        "\"bias\": [0, 0]},"
        "{\"activation\": \"maxout\", \"rank\": 3, \"carry\": 1, \"weight\": [[0, 0], [1, 0], "
        "[0, 1], [2, 1]], \"bias\": [0, 0, 0, 1]},"
        "{\"activation\": \"relu\", \"carry\": 2, \"weight\": [[1, 0], [0, 1]], \"bias\": [0, 0]},"
        "{\"activation\": \"linear\", \"weight\": [[1, 1]], \"bias\": [0]}]}";
    ck_assert_uint_eq(count_all(json, NULL), 3);
    ck_assert_uint_eq(count_all(json, "1:2,-1:1"), 2);
    ck_assert_uint_eq(
        count_all("{\"input\": 2, \"layers\": [{\"activation\": \"relu\", \"carry\": 1, "
                  "\"weight\": [[1, 1]], \"bias\": [0]}, {\"activation\": \"linear\", "
                  "\"weight\": [[1]], \"bias\": [0]}]}",
                  NULL),
        1);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("maxout");
    TCase *tcase = support_case(suite, "maxout", 600);
    tcase_add_test(tcase, tangents);
    tcase_add_test(tcase, cells);
    tcase_add_loop_test(tcase, tropical, 0, 4);
    tcase_add_loop_test(tcase, sawtooth, 0, 9);
    tcase_add_test(tcase, hyperplanes);
    tcase_add_loop_test(tcase, never_above, 0, 10);
    tcase_add_loop_test(tcase, never_above_deep, 0, 10);
    tcase_add_test(tcase, carried_alone);
    return support_run(suite);
}
