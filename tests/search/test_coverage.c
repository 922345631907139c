/* How often intervals of estimates hold the count, by their confidence: over random, whole,
 * degenerate, folding, maxout, mixed and trained networks, over R^n and in boxes.  Intervals of
 * replicates that spread by more than a half are left out, as doc/estimate.md says of them.
 *
 * Environment: CREASE_LONG takes 200 networks, otherwise 8. */
#include "sample/student.h"
#include "support/nets.h"
#include "support/nets_maxout.h"
#include "support/random_net.h"
#include "support/subjects.h"
#include "support/support.h"

#include <crease_estimate.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KINDS = 8, LEVELS = 3, LEAVES = 300, LEAST = 3000, MOST = 300000 };
static const double level[LEVELS] = {0.90, 0.95, 0.99};

/* The files of data/ with several thousand regions or more. */
static char *trained(uint64_t seed)
{
    static const char *const name[] = {"iris-4-16-16-3", "wine-13-10-10-3", "digits-64-10-8-10",
                                       "breast-cancer-30-8-8-2"};
    const char *tests = getenv("CREASE_TESTS_DIR");
    char path[256];
    char *json = NULL;
    size_t room = 0;
    snprintf(path, sizeof path, "%s/../data/%s.json", tests ? tests : "tests", name[seed % 4]);
    FILE *file = fopen(path, "r");
    if (!file || getdelim(&json, &room, '\0', file) < 0)
        ck_abort_msg("%s: cannot be read", path);
    fclose(file);
    return json;
}

static char *network_of(size_t kind, uint64_t seed)
{
    const int wide = 9 + (int)(seed % 6);
    const int shallow[] = {4, wide, wide, 1}, deep[] = {3, wide, wide, wide, 1},
              flat[] = {6, wide, 5, 1}, pieces[] = {3, wide + 1, 10, 1};
    switch (kind) {
    case 0: return random_net(shallow, 4, seed);
    case 1: return random_net(deep, 5, seed);
    case 2: return nets_whole(shallow, 4, 1, seed); /* many units are equal or parallel */
    case 3: return nets_whole(deep, 5, 3, seed);
    case 4: return nets_fold(4, 4 + (int)(seed % 3), 1 + (int)(seed % 4));
    case 5: return nets_smooth_maxout(pieces, 4, 3, seed);
    case 6: return random_net(flat, 4, seed);
    default: return trained(seed);
    }
}

/* Counts the network; false if it has too few regions or too many. */
static bool open_network(size_t kind, uint64_t seed, subject *s)
{
    crease_error error;
    crease_result result;
    *s = (subject){.json = network_of(kind, seed)};
    s->network = support_network(s->json);
    if (seed % 2 || kind == 4) /* a fold has its regions there */
        ck_assert_int_eq(crease_domain_box(kind == 4 ? "0:1" : "-3:2",
                                           crease_network_inputs(s->network), &s->domain, &error),
                         CREASE_OK);
    crease_options_default(&s->options);
    s->options.threads = 1;
    s->options.limit_regions = MOST;
    ck_assert_int_eq(crease_count(s->network, s->domain, &s->options, &result, &error), CREASE_OK);
    s->regions = (double)result.regions;
    if (result.complete && result.regions >= LEAST)
        return true;
    subject_close(s);
    return false;
}

static void note_intervals(const subject *s, uint64_t seed, int held[LEVELS], int *all, int *wide)
{
    crease_error error;
    crease_estimation e;
    crease_estimate_plan plan = {.leaves = LEAVES, .confidence = 0.95};
    crease_options options = s->options;
    options.seed = seed;
    if (crease_estimate(s->network, s->domain, &options, &plan, &e, &error))
        ck_abort_msg("%s", error.text);
    if (e.exact)
        return;
    if (e.spread > 0.5) {
        ++*wide;
        return;
    }
    ++*all;
    for (int i = 0; i < LEVELS; i++) {
        double reach = e.standard_error * crease_student_quantile(level[i], CREASE_REPLICATES - 1);
        held[i] += fabs(e.estimate - s->regions) <= reach;
    }
}

/* Two points below their confidence to four above, and in a smaller sample the same with the error
 * of the sample. */
START_TEST(test_coverage)
{
    int networks = subject_long() ? 200 : 8, runs = 10;
    int held[LEVELS] = {0}, all = 0, wide = 0;
    for (int i = 0; i < networks; i++) {
        subject s;
        uint64_t seed = (uint64_t)(i / KINDS) + 1;
        for (int tries = 0; !open_network((size_t)i % KINDS, seed, &s); tries++, seed += 101)
            ck_assert_msg(tries < 100, "kind %d has no network of this size", i % KINDS);
        for (int run = 0; run < runs; run++)
            note_intervals(&s, 1000 * seed + (uint64_t)run, held, &all, &wide);
        subject_close(&s);
    }
    ck_assert_int_gt(all, networks * runs / 4);
    printf("%d intervals, %d left out; held: ", all, wide);
    for (int i = 0; i < LEVELS; i++)
        printf("%.2f %% of %g %%%s", 100.0 * held[i] / all, 100 * level[i],
               i + 1 < LEVELS ? ", " : "\n");
    for (int i = 0; i < LEVELS; i++) {
        double share = (double)held[i] / all;
        double luck = subject_long() ? 0 : 4 * sqrt(level[i] * (1 - level[i]) / all);
        ck_assert_double_ge(share, level[i] - 0.02 - luck);
        ck_assert_double_le(share, level[i] + 0.04 + luck);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("coverage");
    TCase *all = support_case(suite, "all", subject_long() ? 600 : 10);
    tcase_add_test(all, test_coverage);
    return support_run(suite);
}
