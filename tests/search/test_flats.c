/* Arrangements counted by their flats, of which those that look alike are one: against the cell
 * tree on random arrangements, and against closed forms beyond enumeration. */
#include "base/limits.h"
#include "base/shadow.h"
#include "support/nets.h"
#include "support/support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Every decision is taken twice, or hashes collide. */
enum { SLOW = CREASE_SHADOW || CREASE_LIMIT_HASH_BITS < 64 };

static crease_result count(const char *json, crease_merging merge, double seconds)
{
    crease_options options;
    crease_result result;
    crease_error error = {""};
    crease_network *network = support_network(json);
    crease_options_default(&options);
    options.merge = merge;
    options.threads = 1;
    options.limit_seconds = seconds;
    ck_assert_msg(!crease_count(network, NULL, &options, &result, &error), "%s\n%s", error.text,
                  json);
    crease_network_free(network);
    return result;
}

/* There is no tree, and flats were found. */
static bool by_flats(const crease_result *result)
{
    return !result->cells && result->merged[0].compared;
}

/* ---- Against the cell tree ---- */

/* Rows of small integers: many are parallel, equal, opposite or constant.  Some arrangements are
 * products of lines in a plane and of points on axes: its flats where lines meet differ only in how
 * many these are. */
static char *random_rows(uint64_t *state)
{
    int d = (int)nets_between(state, 1, 5), m = (int)nets_between(state, 1, d > 3 ? 9 : 12);
    long range = nets_between(state, 1, 2), bias = nets_between(state, 0, 2);
    long *row = malloc((size_t)(m * (d + 1)) * sizeof *row);
    bool product = d > 3 && nets_between(state, 0, 1);
    for (int k = 0; k < m; k++)
        for (int j = 0; j <= d; j++) {
            long x = j < d ? nets_between(state, -range, range) : nets_between(state, -bias, bias);
            bool zero = product && (k + 2 < d ? j != k + 2 : j > 1 && j < d);
            row[k * (d + 1) + j] = zero ? 0 : x;
        }
    for (int j = 0; j <= d && nets_between(state, 0, 1); j++) /* one more equal or opposite one */
        row[(m - 1) * (d + 1) + j] = (m % 2 ? 1 : -3) * row[j];
    char *json = nets_arrangement(d, m, row);
    free(row);
    return json;
}

START_TEST(random_arrangements)
{
    uint64_t state = 7;
    int networks = getenv("CREASE_LONG") ? 3000 : CREASE_SHADOW ? 40 : 150, flats = 0;
    unsigned long long alike = 0;
    for (int i = 0; i < networks; i++) {
        char *json = random_rows(&state);
        crease_result plain = count(json, CREASE_MERGE_OFF, 0);
        crease_result own = count(json, CREASE_MERGE_ON, 0);
        ck_assert_msg(own.complete && !strcmp(own.digits, plain.digits),
                      "%s regions, but %s by flats\n%s", plain.digits, own.digits, json);
        flats += by_flats(&own);
        alike += own.merged[0].known;
        free(json);
    }
    ck_assert_int_gt(flats, networks / 3);
    ck_assert_uint_gt(alike, (unsigned long long)networks);
}
END_TEST

/* ---- Closed forms ---- */

static void expect(char *json, const char *regions)
{
    crease_result result = count(json, SLOW ? CREASE_MERGE_ON : CREASE_MERGE_AUTO, 0);
    ck_assert_msg(result.complete && !strcmp(result.digits, regions), "%s regions, expected %s\n%s",
                  result.digits, regions, json);
    ck_assert(by_flats(&result));
    free(json);
}

/* x_i = 0 and x_i = first + i step: 3^n regions. */
static char *strips(int n, long first, long step)
{
    long *row = calloc((size_t)(2 * n * (n + 1)), sizeof *row);
    for (int k = 0; k < 2 * n; k++) {
        row[k * (n + 1) + k / 2] = 1;
        row[k * (n + 1) + n] = k % 2 ? -(first + k / 2 * step) : 0;
    }
    char *json = nets_arrangement(n, 2 * n, row);
    free(row);
    return json;
}

/* Small ones for a slow build, others, and those of the long form. */
static const struct {
    char *(*make)(int n);
    int n[3];
    const char *regions[3];
} families[] = {
    {nets_braid, {6, 12, 12}, {"720", "479001600", "479001600"}},    /* n! */
    {nets_type_b, {4, 9, 9}, {"384", "185794560", "185794560"}},     /* 2^n n! */
    {nets_catalan, {4, 7, 7}, {"336", "2162160", "2162160"}},        /* (2 n)! / (n + 1)! */
    {nets_threshold, {3, 6, 6}, {"104", "15028134", "15028134"}},    /* OEIS A000609 */
    {nets_resonance, {4, 6, 8}, {"370", "1066044", "419172756930"}}, /* OEIS A034997 */
};

START_TEST(closed_forms)
{
    int size = SLOW ? 0 : getenv("CREASE_LONG") ? 2 : 1;
    expect(families[_i].make(families[_i].n[size]), families[_i].regions[size]);
}
END_TEST

START_TEST(closed_forms_not_central)
{
    expect(strips(SLOW ? 7 : 20, 1, 0), SLOW ? "2187" : "3486784401"); /* 3^n */
    if (!SLOW)
        expect(strips(42, 1, 0), "109418989131512359209");
    if (getenv("CREASE_LONG"))
        expect(nets_shi(8), "4782969"); /* 9^7 */
}
END_TEST

/* A count that is stopped has bounds. */
START_TEST(stopped)
{
    char *json = nets_resonance(9);
    crease_result result = count(json, CREASE_MERGE_ON, 0.3);
    const char *regions = "1955230985997140";
    ck_assert(!result.complete && result.stopped == CREASE_STOP_SECONDS && by_flats(&result));
    ck_assert_uint_gt(result.regions, 1);
    ck_assert_uint_lt(result.regions, 1955230985997140u);
    ck_assert(strlen(result.most) > strlen(regions));
    free(json);
}
END_TEST

static void expect_cells(char *json, crease_merging merge, uint64_t regions)
{
    crease_result result = count(json, merge, 0);
    ck_assert_uint_eq(result.regions, regions);
    ck_assert_uint_gt(result.cells, 0);
    free(json);
}

/* Large numbers, and, as nothing merges, general position: the cell tree counts. */
START_TEST(given_up)
{
    static const char beyond[] = /* x = 0, x = 1, x = 2^64 + 1, y = 0, z = 0 */
        "{\"input\":3,\"layers\":[{\"weight\":[[1,0,0],[1,0,0],[1,0,0],[0,1,0],[0,0,1]],"
        "\"bias\":[0,-1,\"-18446744073709551617\",0,0],\"activation\":\"relu\"},"
        "{\"weight\":[[1,1,1,1,1]],\"bias\":[0],\"activation\":\"linear\"}]}";
    expect_cells(strdup(beyond), CREASE_MERGE_ON, 16);
    expect_cells(strips(6, 4000000007, 2), CREASE_MERGE_ON, 729);
    if (getenv("CREASE_LONG"))
        expect_cells(nets_general(6, 32, 1), CREASE_MERGE_AUTO, 1149017);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("flats");
    TCase *tcase = support_case(suite, "flats", 3600);
    tcase_add_test(tcase, random_arrangements);
    tcase_add_loop_test(tcase, closed_forms, 0, REPEATS(families));
    tcase_add_test(tcase, closed_forms_not_central);
    tcase_add_test(tcase, stopped);
    tcase_add_test(tcase, given_up);
    return support_run(suite);
}
