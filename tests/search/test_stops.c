/* Counts that are stopped at every place where they look whether they are to stop: what they say is
 * a lower bound, they leave no certificate, and going on from their checkpoint gives the count.
 *
 * The token of the test's thread makes every look one that counts down; with one thread a stop is
 * the same in every run.  CREASE_STOPS: how many stops of each count are tried. */
#include "crease_estimate.h"
#include "crease_jobs.h"
#include "support/counting.h"
#include "support/domains.h"
#include "support/nets.h"
#include "support/oracle.h"
#include "support/random_net.h"
#include "support/support.h"

#include "base/interrupt.h"
#include "base/shadow.h"
#include "model/settle.h"

#include <limits.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* How a count is done. */
typedef enum { COUNT, KEEP, CERTIFY } manner;

typedef struct {
    const char *name;
    crease_options options;
    manner manner;
} way;

typedef struct {
    _Atomic long left; /* looks until it says yes */
    _Atomic long looks;
} countdown;

static size_t stops_seen, later_seen;
static char directory[] = "/tmp/crease-stops-XXXXXX";
static char state[64], certificate[64];

static bool tick(void *context, size_t bytes)
{
    countdown *c = context;
    (void)bytes;
    atomic_fetch_add(&c->looks, 1);
    return atomic_fetch_sub(&c->left, 1) <= 0;
}

static void count_once(const way *w, const crease_network *network, const crease_domain *domain,
                       countdown *c, crease_result *result)
{
    crease_interrupt token;
    crease_error error = {""};
    crease_checkpoint checkpoint;
    crease_checkpoint_default(&checkpoint);
    checkpoint.write = state;
    remove(state);
    crease_interrupt_enter(&token, tick, c);
    token.pause = token.load = 0;
    crease_status status =
        w->manner == COUNT ? crease_count(network, domain, &w->options, result, &error)
        : w->manner == KEEP
            ? crease_count_resumable(network, domain, &w->options, &checkpoint, result, &error)
            : crease_certify(network, domain, &w->options, certificate, result, &error);
    crease_interrupt_leave(&token);
    ck_assert_msg(!status, "%s: %s", w->name, error.text);
}

/* Goes on from the checkpoint. */
static void go_on(const way *w, const crease_network *network, const crease_domain *domain,
                  uint64_t expected)
{
    crease_options options;
    crease_result result;
    crease_error error = {""};
    crease_checkpoint checkpoint;
    crease_checkpoint_default(&checkpoint);
    crease_options_default(&options);
    checkpoint.resume = state;
    options.threads = w->options.threads;
    crease_status status =
        crease_count_resumable(network, domain, &options, &checkpoint, &result, &error);
    ck_assert_msg(!status, "%s: %s", w->name, error.text);
    support_require(result.complete, "the count goes on to its end");
    ck_assert_uint_eq(result.regions, expected);
    later_seen++;
}

static void stop_at(const way *w, const crease_network *network, const crease_domain *domain,
                    long looks, uint64_t expected, uint64_t activation)
{
    countdown c = {looks, 0};
    crease_result result;
    remove(certificate);
    count_once(w, network, domain, &c, &result);
    ck_assert_msg(result.regions <= expected && result.activation <= activation,
                  "%s, stopped at look %ld: %llu of %llu regions", w->name, looks,
                  (unsigned long long)result.regions, (unsigned long long)expected);
    support_require(!result.complete || result.regions == expected, "complete and too few");
    support_require(result.complete == (result.stopped == CREASE_STOP_NONE), "stopped or complete");
    if (w->manner == CERTIFY)
        support_require(!access(certificate, F_OK) == result.complete, "a certificate if complete");
    if (w->manner == KEEP)
        go_on(w, network, domain, expected);
    stops_seen += !result.complete;
}

static void try_way(const way *w, const char *json, const char *box, bool oracle, uint64_t seed)
{
    crease_network *network = support_network(json);
    crease_domain *domain = NULL;
    crease_error error = {""};
    countdown c = {LONG_MAX / 2, 0};
    crease_result whole;
    if (box && count_domain(box, crease_network_inputs(network), &domain, &error))
        ck_abort_msg("%s", error.text);
    count_once(w, network, domain, &c, &whole);
    support_require(whole.complete, "complete without a stop");
    long looks = c.looks, tries = count_setting("CREASE_STOPS", 12);
    for (long k = 0; k < tries; k++) {
        /* The first ones, then any, and the last ones. */
        long at = k < 3 ? k : k < 6 ? looks - k + 3 : nets_between(&seed, 0, looks);
        stop_at(w, network, domain, at, whole.regions, whole.activation);
    }
    if (oracle && whole.definition == CREASE_DEFINITION_ACTIVATION)
        ck_assert_int_eq((long)whole.regions, oracle_count(json, box));
    crease_domain_free(domain);
    crease_network_free(network);
}

static const way ways[] = {
    {"split", {.engine = CREASE_ENGINE_SPLIT}, KEEP},
    {"split, LP cells", {.engine = CREASE_ENGINE_SPLIT, .cell = CREASE_CELL_LP}, KEEP},
    {"split, GLPK",
     {.engine = CREASE_ENGINE_SPLIT, .cell = CREASE_CELL_LP, .lp = CREASE_LP_GLPK},
     KEEP},
    {"walk", {.engine = CREASE_ENGINE_WALK}, KEEP},
    {"walk, GLPK", {.engine = CREASE_ENGINE_WALK, .lp = CREASE_LP_GLPK}, KEEP},
    {"certificate", {.engine = CREASE_ENGINE_SPLIT}, CERTIFY},
    {"certificate, LP cells", {.engine = CREASE_ENGINE_SPLIT, .cell = CREASE_CELL_LP}, CERTIFY},
    {"certificate of the walk", {.engine = CREASE_ENGINE_WALK}, CERTIFY},
    {"affine", {.definition = CREASE_DEFINITION_AFFINE}, COUNT},
    {"open-connected", {.definition = CREASE_DEFINITION_OPEN_CONNECTED}, COUNT},
};

static void try_all(char *json, const char *box, bool oracle, uint64_t seed)
{
    for (size_t i = 0; i < REPEATS(ways); i++) {
        way one = ways[i];
        one.options.progress_interval = 1;
        one.options.threads = 1 + (int)(seed % 5 == 4);
        try_way(&one, json, box, oracle && i == 0, seed + i);
    }
    free(json);
    support_require(stops_seen > REPEATS(ways) && later_seen, "there were stops");
}

static const char *const boxes[] = {NULL, "-1:1", "-1/3:7"};

/* Between the seeds: 2 goes through all boxes and numbers of threads. */
static uint64_t step(void)
{
    return getenv("CREASE_LONG") ? 1 : 2;
}

START_TEST(whole)
{
    for (uint64_t seed = 0; seed < 6; seed += step())
        try_all(nets_small(60 * (uint64_t)_i + seed, 9, 3), boxes[seed % 3], true, seed);
}
END_TEST

START_TEST(mixed)
{
    for (uint64_t seed = 0; seed < 6; seed += step())
        try_all(nets_mixed(60 * (uint64_t)_i + seed, 9), boxes[seed % 3], true, seed);
}
END_TEST

/* Rows that no double holds: all decisions are taken in integers. */
START_TEST(big_numbers)
{
    for (uint64_t seed = 0; seed < 4; seed += 2 * step() - 1) {
        char *plain = nets_small(60 * (uint64_t)_i + seed, 8, 3);
        try_all(nets_scale_layer(plain, 0, seed % 2 ? "1/3" : "1e290"), boxes[seed % 3], true,
                seed);
        free(plain);
    }
}
END_TEST

START_TEST(half_spaces)
{
    for (uint64_t seed = 0; seed < 4; seed += step()) {
        char *json = nets_small(60 * (uint64_t)_i + seed, 9, 3);
        char *domain = domains_random(json, DOMAIN_AROUND, seed);
        try_all(json, domain, true, seed);
        free(domain);
    }
}
END_TEST

START_TEST(larger)
{
    static const int width[][5] = {{3, 10, 8, 1, 0}, {12, 6, 6, 1, 0}, {5, 8, 4, 1, 0}};
    for (size_t i = 0; i < REPEATS(width); i += step())
        try_all(random_net(width[i], 4, (uint64_t)_i), boxes[(i + (size_t)_i) % 3], false,
                (uint64_t)_i);
}
END_TEST

/* Two layers of `width` ReLU units on 40 inputs; rows share their numbers. */
static crease_network *wide(size_t width)
{
    enum { INPUTS = 40 };
    crease_network *network = crease_network_allocate(INPUTS, 3);
    crease_layer_row *row = calloc(width, sizeof *row);
    mpq_t *weight = calloc(2 * width, sizeof *weight);
    uint32_t *input = calloc(width, sizeof *input);
    uint64_t random = 1;
    for (size_t i = 0; i < 2 * width; i++) {
        mpq_init(weight[i]);
        mpq_set_si(weight[i], nets_between(&random, -99, 99), 1);
    }
    for (size_t i = 0; i < width; i++)
        input[i] = (uint32_t)i;
    for (size_t r = 0; r < width; r++)
        row[r] = (crease_layer_row){INPUTS, input, weight + r, &weight[r]};
    crease_network_set_rows(network, 0, CREASE_RELU, width, INPUTS, row);
    for (size_t r = 0; r < width; r++)
        row[r].terms = width;
    crease_network_set_rows(network, 1, CREASE_RELU, width, width, row);
    crease_network_set_rows(network, 2, CREASE_LINEAR, 1, width, row);
    for (size_t i = 0; i < 2 * width; i++)
        mpq_clear(weight[i]);
    free(row);
    free(weight);
    free(input);
    return network;
}

/* Estimates that are stopped while they begin.  So many inputs must not be taken for those of a
 * box, which has 2^40 corners. */
START_TEST(estimates)
{
    enum { TRIES = 60, STEP = 100 };
    char *json = random_net((int[]){40, 41, 1}, 3, 1);
    crease_network *network = support_network(json);
    crease_options options;
    crease_error error = {""};
    crease_estimate_plan plan = {.leaves = 20, .confidence = 0.95};
    crease_options_default(&options);
    options.threads = 1;
    for (long k = 0; k < TRIES; k++) {
        countdown c = {k * STEP, 0};
        crease_interrupt token;
        crease_estimation e;
        crease_interrupt_enter(&token, tick, &c);
        token.pause = token.load = 0;
        ck_assert_msg(!crease_estimate(network, NULL, &options, &plan, &e, &error), "%s",
                      error.text);
        crease_interrupt_leave(&token);
        support_require(e.complete || c.looks >= k * STEP, "stopped where it was to be stopped");
    }
    crease_network_free(network);
    free(json);
}
END_TEST

static double processor_time(void)
{
    return (double)clock() / CLOCKS_PER_SEC;
}

/* A count that is asked to stop does not settle a large network's units first. */
START_TEST(settling)
{
    crease_network *network = wide(getenv("CREASE_LONG") ? 2100 : 900);
    crease_domain *domain;
    crease_error error = {""};
    crease_result result;
    crease_options options;
    crease_flag stop;
    ck_assert(!crease_domain_box("-1:1", 40, &domain, &error));
    double begin = processor_time();
    crease_network_free(crease_network_settle(network, domain));
    double all = processor_time() - begin;
    crease_options_default(&options);
    atomic_init(&stop, 1);
    options.stop = &stop;
    begin = processor_time();
    ck_assert_msg(!crease_count(network, domain, &options, &result, &error), "%s", error.text);
    double stopped = processor_time() - begin;
    ck_assert(!result.complete && result.stopped == CREASE_STOP_ASKED);
    ck_assert_msg(stopped < all / 4, "%g s, but settling alone takes %g s", stopped, all);
    crease_domain_free(domain);
    crease_network_free(network);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("stops");
    TCase *tcase = support_case(suite, "stops", 600);
    int rounds = getenv("CREASE_LONG") ? 20 : 1;
    if (!mkdtemp(directory))
        return EXIT_FAILURE;
    snprintf(state, sizeof state, "%s/state", directory);
    snprintf(certificate, sizeof certificate, "%s/certificate", directory);
    tcase_add_loop_test(tcase, whole, 0, rounds);
    tcase_add_loop_test(tcase, mixed, 0, rounds);
    tcase_add_loop_test(tcase, big_numbers, 0, rounds);
    tcase_add_loop_test(tcase, half_spaces, 0, rounds);
    tcase_add_loop_test(tcase, larger, 0, rounds);
    tcase_add_test(tcase, estimates);
    if (!CREASE_SHADOW)
        tcase_add_test(tcase, settling);
    int code = support_run(suite);
    remove(state);
    remove(certificate);
    rmdir(directory);
    return code;
}
