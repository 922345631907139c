/* A count does not depend on how it is computed, nor on changes that keep the arrangement. */
#include "support/counting.h"
#include "support/nets.h"
#include "support/support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SHAPES = 6 };

/* Degenerate and general networks, with and without linear parts. */
static char *shape(int i)
{
    switch (i) {
    case 0: return nets_braid(4);
    case 1: return nets_general(3, 10, 5);
    case 2: return nets_whole((int[]){3, 5, 4, 1}, 4, 2, 11);
    case 3: return nets_fold(4, 2, 3);
    case 4: return nets_smooth(19, 14);
    default: return nets_whole((int[]){5, 3, 6, 4, 2}, 5, 3, 4);
    }
}

/* The options as given, engine and LP in turn. */
static uint64_t count_with(const char *json, const char *box, crease_options options)
{
    static const crease_lp lps[] = {CREASE_LP_GLPK, CREASE_LP_DENSE, CREASE_LP_AUTO};
    static const crease_engine engines[] = {CREASE_ENGINE_WALK, CREASE_ENGINE_SPLIT,
                                            CREASE_ENGINE_AUTO};
    crease_network *network = support_network(json);
    crease_domain *domain = NULL;
    crease_error error = {""};
    uint64_t regions = 0;
    if (box)
        ck_assert_int_eq(crease_domain_box(box, crease_network_inputs(network), &domain, &error),
                         CREASE_OK);
    for (size_t e = 0; e < REPEATS(engines); e++)
        for (size_t p = 0; p < REPEATS(lps); p++) {
            crease_result result;
            if (options.start && engines[e] != CREASE_ENGINE_WALK)
                continue;
            options.engine = engines[e];
            options.lp = lps[p];
            crease_status status = crease_count(network, domain, &options, &result, &error);
            if (status == CREASE_INPUT && !strncmp(error.text, "engine not available", 20))
                continue;
            ck_assert_msg(status == CREASE_OK, "%s", error.text);
            ck_assert(result.complete && result.stopped == CREASE_STOP_NONE);
            ck_assert_int_ne(result.engine, CREASE_ENGINE_AUTO);
            ck_assert_int_ne(result.lp, CREASE_LP_AUTO);
            ck_assert_msg(!regions || regions == result.regions, "%llu, then %llu regions",
                          (unsigned long long)regions, (unsigned long long)result.regions);
            regions = result.regions;
        }
    crease_domain_free(domain);
    crease_network_free(network);
    return regions;
}

static crease_options defaults(void)
{
    crease_options options;
    crease_options_default(&options);
    return options;
}

/* Without CREASE_LONG each test takes half of the shapes. */
static bool left_out(int i, int test)
{
    return !getenv("CREASE_LONG") && (i + test) % 2;
}

START_TEST(threads)
{
    static const int counts[] = {1, 2, 3, 8};
    if (left_out(_i, 0))
        return;
    char *json = shape(_i);
    uint64_t regions = count_all(json, NULL), boxed = count_all(json, "-1:1");
    for (size_t t = 0; t < REPEATS(counts); t++) {
        crease_options options = defaults();
        options.threads = counts[t];
        ck_assert_uint_eq(count_with(json, NULL, options), regions);
        ck_assert_uint_eq(count_with(json, "-1:1", options), boxed);
    }
    free(json);
}
END_TEST

START_TEST(seeds)
{
    static const uint64_t values[] = {0, 1, 42, UINT64_MAX};
    if (left_out(_i, 1))
        return;
    char *json = shape(_i);
    uint64_t regions = count_all(json, NULL);
    for (size_t s = 0; s < REPEATS(values); s++) {
        crease_options options = defaults();
        options.seed = values[s];
        ck_assert_uint_eq(count_with(json, NULL, options), regions);
    }
    free(json);
}
END_TEST

static void check_starts(const char *json, const char *box, const char *const *starts, size_t count)
{
    uint64_t regions = count_all(json, box);
    for (size_t s = 0; s < count; s++) {
        crease_options options = defaults();
        options.start = starts[s];
        ck_assert_msg(count_with(json, box, options) == regions, "start %s", starts[s]);
    }
}

START_TEST(starts_in_the_braid)
{
    /* On no, one, some and all of the hyperplanes, near and far. */
    static const char *const starts[] = {
        "0,0,0,0",   "1,1,1,1",   "1,1,2,2",           "1,2,3,4",
        "1,1,1,2",   "4,3,2,1",   "1e9,1e9,-1e9,1e-9", "1/3,1/3,0.1,0x1p-4",
        "-5,2,2,-5", "1e30,0,0,0"};
    static const char *const inside[] = {"0,0,0,0", "1/2,1/2,1/4,0.25", "1/2,1/3,1/4,1/5",
                                         "1,1,1,1", "-1,1,0,0"};
    char *json = nets_braid(4);
    check_starts(json, NULL, starts, REPEATS(starts));
    check_starts(json, "-1:1", inside, REPEATS(inside)); /* faces and corners too */
    free(json);
}
END_TEST

START_TEST(starts_in_the_fold)
{
    static const char *const starts[] = {"0,0",   "1/2,1/2",     "1/4,0",    "-1,-1",
                                         "1,1",   "-1000,1e6",   "0.5,0.25", "0.3,-7",
                                         "1/8,0", "0.333,0.777", "0,1e-300"};
    static const char *const inside[] = {"0,0", "1,1", "1/2,0", "1/4,3/4", "0.3,0.7", "1,0"};
    char *json = nets_fold(4, 2, 3);
    check_starts(json, NULL, starts, REPEATS(starts));
    check_starts(json, "0:1", inside, REPEATS(inside));
    free(json);
}
END_TEST

/* The change leaves the count alone, over R^n and in a box. */
static void check_change(int kind, char *(*change)(const char *json, uint64_t seed))
{
    char *json = shape(kind);
    uint64_t regions = count_all(json, NULL), boxed = count_all(json, "-1:1/2");
    for (uint64_t seed = 1; seed <= 3; seed++) {
        char *other = change(json, seed);
        ck_assert_uint_eq(count_all(other, NULL), regions);
        ck_assert_uint_eq(count_free(other, "-1:1/2"), boxed);
    }
    free(json);
}

START_TEST(permutations)
{
    if (left_out(_i, 0))
        return;
    check_change(_i, nets_permute);
}
END_TEST

START_TEST(positive_scaling)
{
    if (left_out(_i, 1))
        return;
    check_change(_i, nets_scale_units);
}
END_TEST

START_TEST(coordinates)
{
    if (left_out(_i, 0))
        return;
    char *json = shape(_i);
    uint64_t regions = count_all(json, NULL);
    for (uint64_t seed = 1; seed <= 3; seed++)
        ck_assert_uint_eq(count_free(nets_change_inputs(json, seed), NULL), regions);
    free(json);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("invariance");
    TCase *tcase = support_case(suite, "invariance", 300);
    tcase_add_loop_test(tcase, threads, 0, SHAPES);
    tcase_add_loop_test(tcase, seeds, 0, SHAPES);
    tcase_add_test(tcase, starts_in_the_braid);
    tcase_add_test(tcase, starts_in_the_fold);
    tcase_add_loop_test(tcase, permutations, 0, SHAPES);
    tcase_add_loop_test(tcase, positive_scaling, 0, SHAPES);
    tcase_add_loop_test(tcase, coordinates, 0, SHAPES);
    return support_run(suite);
}
