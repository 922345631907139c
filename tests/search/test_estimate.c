/* Estimates of the number of regions: without bias for networks, domains and cells of all kinds,
 * the same for any number of threads, with intervals that hold the count.  The count itself is that
 * of crease_count or a closed form.
 *
 * Environment: CREASE_LONG makes more runs of each network, and tests how often intervals hold. */
#include "api/estimate.h"
#include "sample/kept.h"
#include "sample/student.h"
#include "support/nets.h"
#include "support/subjects.h"
#include "support/support.h"

#include <crease_estimate.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static crease_estimation estimate(const subject *s, uint64_t leaves, uint64_t seed)
{
    crease_error error;
    crease_estimation e;
    crease_estimate_plan plan;
    crease_options options = s->options;
    crease_estimate_plan_default(&plan);
    plan.leaves = leaves;
    options.seed = seed;
    if (crease_estimate(s->network, s->domain, &options, &plan, &e, &error))
        ck_abort_msg("%s", error.text);
    return e;
}

/* ---- Without bias ---- */

/* The mean of the runs lies within four of its standard errors of the count.  With 20 leaves a run
 * has 20 trials of one leaf each. */
static void check_mean(const subject *s, int runs)
{
    double sum = 0, squares = 0;
    for (int i = 0; i < runs; i++) {
        crease_estimation e = estimate(s, 20, (uint64_t)i);
        support_require(e.complete && e.estimate >= 0, "an estimate is complete");
        support_require((double)e.proved_lower <= s->regions, "no region is counted twice");
        support_require(strtod(e.proved_upper, NULL) >= s->regions, "the bound is one");
        sum += e.estimate;
        squares += e.estimate * e.estimate;
    }
    double mean = sum / runs, variance = fmax(squares / runs - mean * mean, 0) / (runs - 1);
    if (fabs(mean - s->regions) > 4 * sqrt(variance) + 1e-9 * s->regions)
        ck_abort_msg("%g regions, mean estimate %g, standard error %g:\n%s", s->regions, mean,
                     sqrt(variance), s->json);
}

START_TEST(test_unbiased)
{
    const subject_kind *k = &subject_kinds[_i];
    for (uint64_t seed = 1; seed <= (subject_long() ? k->seeds : 1); seed++) {
        subject s;
        subject_open(k, seed, &s);
        check_mean(&s, subject_long() ? 2000 : 30);
        subject_close(&s);
    }
}
END_TEST

/* ---- Many inputs ---- */

/* Over all of R^n, with as many inputs as there are units x_j in the first layer.  Behind each of
 * the first `cuts` of them a unit of the second layer divides the half x_j > 0 again, others cut
 * nothing.  So there are 2^(inputs - cuts) 3^cuts regions. */
static subject many_inputs(int inputs, int second, int cuts)
{
    const int widths[] = {inputs, second, 1};
    oracle_net *net = nets_new(inputs, widths, 3);
    for (int j = 0; j < inputs; j++)
        nets_set(net, 0, j, j, "1");
    for (int j = 0; j < second; j++) {
        nets_set(net, 1, j, j, "1");
        nets_set(net, 1, j, inputs, j < cuts ? "-1" : "1");
        nets_set(net, 2, 0, j, "1");
    }
    subject s = {.json = nets_text(net, NULL), .regions = pow(2, inputs - cuts) * pow(3, cuts)};
    oracle_free(net);
    s.network = support_network(s.json);
    crease_options_default(&s.options);
    s.options.threads = 1;
    return s;
}

START_TEST(test_many_inputs)
{
    /* Orthants with rays and with LPs; with a window and without. */
    static const int kinds[][2] = {{40, 8}, {66, 8}, {66, 40}};
    int runs = subject_long() ? 200 : 3;
    for (size_t i = 0; i < REPEATS(kinds); i++) {
        subject s = many_inputs(kinds[i][0], kinds[i][1], 6);
        double sum = 0, squares = 0;
        for (int k = 0; k < runs; k++) {
            crease_estimation e = estimate(&s, 20, (uint64_t)k);
            ck_assert(e.complete);
            sum += e.estimate;
            squares += e.standard_error * e.standard_error;
        }
        if (fabs(sum / runs - s.regions) > 4 * sqrt(squares) / runs)
            ck_abort_msg("%d inputs: mean estimate %g, not %g", kinds[i][0], sum / runs, s.regions);
        subject_close(&s);
    }
}
END_TEST

/* ---- Counts ---- */

START_TEST(test_exact)
{
    const subject_kind *k = &subject_kinds[_i];
    subject s;
    for (uint64_t seed = 1; seed <= k->seeds; seed++) {
        subject_open(k, seed, &s);
        crease_estimation e = estimate(&s, 1000000, seed);
        ck_assert(e.exact && e.complete);
        ck_assert_double_eq(e.estimate, s.regions);
        ck_assert_double_eq(e.low, s.regions);
        ck_assert_double_eq(e.high, s.regions);
        ck_assert_double_eq((double)e.proved_lower, s.regions);
        ck_assert_double_eq(strtod(e.proved_upper, NULL), s.regions);
        subject_close(&s);
    }
}
END_TEST

/* A linear network is one region. */
START_TEST(test_single)
{
    static const int widths[] = {3, 1};
    subject s = {.json = nets_whole(widths, 2, 3, 1), .regions = 1};
    s.network = support_network(s.json);
    crease_options_default(&s.options);
    crease_estimation e = estimate(&s, 10, 1);
    ck_assert(e.exact && e.complete);
    ck_assert_double_eq(e.estimate, 1);
    subject_close(&s);
}
END_TEST

/* ---- What an estimate depends on ---- */

START_TEST(test_threads)
{
    subject s = subject_large();
    crease_estimation one = estimate(&s, 400, 7);
    ck_assert(!one.exact && one.complete);
    ck_assert_uint_eq(one.replicates, CREASE_REPLICATES);
    for (int threads = 2; threads <= 5; threads++) {
        s.options.threads = threads;
        crease_estimation e = estimate(&s, 400, 7);
        ck_assert_double_eq(e.estimate, one.estimate);
        ck_assert_double_eq(e.standard_error, one.standard_error);
        ck_assert_double_eq(e.least, one.least);
        ck_assert_double_eq(e.largest_share, one.largest_share);
        ck_assert_uint_eq(e.leaves, one.leaves);
        ck_assert_uint_eq(e.proved_lower, one.proved_lower);
        ck_assert_str_eq(e.proved_upper, one.proved_upper);
    }
    subject_close(&s);
}
END_TEST

START_TEST(test_seeds)
{
    enum { SEEDS = 20 };
    subject s = subject_large();
    double found[SEEDS];
    for (int i = 0; i < SEEDS; i++) {
        found[i] = estimate(&s, 100, (uint64_t)i).estimate;
        for (int k = 0; k < i; k++)
            ck_assert_double_ne(found[i], found[k]);
    }
    subject_close(&s);
}
END_TEST

/* ---- Intervals ---- */

/* In the long test, how often intervals of 95 % hold the count of large networks whose replicates
 * spread little; otherwise that the parts of a few estimates fit together. */
START_TEST(test_interval)
{
    subject s = subject_large();
    crease_error error;
    crease_result result;
    int runs = subject_long() ? 400 : 5, held = 0, above = 0;
    ck_assert_int_eq(crease_count(s.network, NULL, &s.options, &result, &error), CREASE_OK);
    s.regions = (double)result.regions;
    for (int i = 0; i < runs; i++) {
        crease_estimation e = estimate(&s, 1000, (uint64_t)i);
        ck_assert(e.low <= e.estimate && e.estimate <= e.high);
        double reach = 2.093024 * e.standard_error;
        ck_assert_double_le(fabs(e.high - e.estimate - reach), 1e-6 * reach);
        ck_assert_double_lt(e.least, e.estimate);
        ck_assert_double_le((double)e.proved_lower, s.regions);
        ck_assert_double_lt(
            fabs(e.spread * e.estimate / sqrt(CREASE_REPLICATES) / e.standard_error - 1), 1e-9);
        held += e.low <= s.regions && s.regions <= e.high;
        above += e.least > s.regions;
    }
    ck_assert_int_ge(held, subject_long() ? (int)(0.92 * runs) : 3);
    ck_assert_int_le(above, runs / 100);
    subject_close(&s);
}
END_TEST

/* From tables of the distribution. */
START_TEST(test_student)
{
    static const struct {
        double confidence, t;
        size_t freedom;
    } known[] = {{0.95, 12.706205, 1}, {0.95, 4.302653, 2},  {0.99, 5.840909, 3},
                 {0.90, 2.131847, 4},  {0.95, 2.093024, 19}, {0.99, 2.860935, 19},
                 {0.90, 1.729133, 19}, {0.95, 2.085963, 20}};
    for (size_t i = 0; i < REPEATS(known); i++)
        ck_assert_double_le(
            fabs(crease_student_quantile(known[i].confidence, known[i].freedom) - known[i].t),
            1e-6);
}
END_TEST

/* ---- Plans and stops ---- */

typedef struct {
    int calls;
    double seconds, leaves;
} announced;

static void note_plan(void *context, double seconds, double leaves)
{
    announced *a = context;
    *a = (announced){a->calls + 1, seconds, leaves};
}

START_TEST(test_error)
{
    subject s = subject_large();
    crease_error error;
    crease_estimation e;
    announced a = {0};
    crease_estimate_plan plan = {
        .error = 0.1, .confidence = 0.9, .planned = note_plan, .context = &a};
    ck_assert_int_eq(crease_estimate(s.network, NULL, &s.options, &plan, &e, &error), CREASE_OK);
    ck_assert_int_eq(a.calls, 1);
    ck_assert(a.seconds > 0 && a.leaves >= CREASE_REPLICATES);
    ck_assert(e.complete);
    /* What was asked for, but for luck. */
    ck_assert_double_lt((e.high - e.low) / 2, 0.2 * e.estimate);
    subject_close(&s);
}
END_TEST

static const double nap = 0.004;

typedef struct {
    size_t lines, finished[CREASE_REPLICATES], of[CREASE_REPLICATES];
    double left[CREASE_REPLICATES];
} progress;

static void note_progress(void *context, size_t finished, size_t of, double left)
{
    struct timespec end = {0, (long)(1e9 * nap)};
    progress *p = context;
    size_t i = p->lines++ % CREASE_REPLICATES;
    p->finished[i] = finished;
    p->of[i] = of;
    p->left[i] = left;
    while (nanosleep(&end, &end))
        continue;
}

/* The time that has passed follows from the time left, as replicates count as equally long, but for
 * those that were there before.  It grows by a nap at least. */
static void check_progress(const progress *p, size_t had)
{
    double passed = -nap;
    ck_assert_uint_eq(p->lines, CREASE_REPLICATES - had);
    for (size_t i = 0; i < p->lines; i++) {
        ck_assert_uint_eq(p->finished[i], had + i + 1);
        ck_assert_uint_eq(p->of[i], CREASE_REPLICATES);
        if (i + 1 == p->lines)
            break;
        double each = p->left[i] / (double)(CREASE_REPLICATES - had - i - 1);
        double now = each * (double)(i + 1);
        ck_assert_double_ge(now, passed + nap * (1 - 1e-6));
        passed = now;
    }
}

/* From the beginning, and where some replicates are there. */
START_TEST(test_progress)
{
    subject s = subject_large();
    for (size_t had = 0; had < CREASE_REPLICATES; had += 12) {
        crease_error error;
        crease_estimation e;
        crease_kept kept;
        progress p = {0};
        crease_kept_init(&kept);
        kept.step = CREASE_KEPT_ESTIMATE;
        kept.leaves = 10;
        for (size_t i = 0; i < had; i++)
            kept.trial[i] = (crease_trial){.value = 1, .finished = true};
        const crease_keeper keeper = {.kept = &kept};
        const crease_estimate_plan plan = {
            .leaves = 200, .confidence = 0.95, .replicated = note_progress, .context = &p};
        ck_assert(!crease_estimate_from(s.network, NULL, &s.options, &plan, &keeper, &e, &error));
        ck_assert(e.complete);
        check_progress(&p, had);
        crease_kept_free(&kept);
    }
    subject_close(&s);
}
END_TEST

START_TEST(test_stopped)
{
    subject s = subject_large();
    crease_error error;
    crease_estimation e;
    crease_flag stop = 1;
    crease_estimate_plan plan = {.leaves = 1000000000, .confidence = 0.95};
    s.options.stop = &stop;
    ck_assert_int_eq(crease_estimate(s.network, NULL, &s.options, &plan, &e, &error), CREASE_OK);
    ck_assert(!e.complete && !e.exact);
    ck_assert_int_eq(e.stopped, CREASE_STOP_ASKED);
    ck_assert_uint_eq(e.replicates, 0);
    ck_assert_double_eq(e.least, 0);
    s.options.stop = NULL;
    s.options.limit_seconds = 0.2;
    ck_assert_int_eq(crease_estimate(s.network, NULL, &s.options, &plan, &e, &error), CREASE_OK);
    ck_assert(!e.complete && !e.exact);
    ck_assert_int_eq(e.stopped, CREASE_STOP_SECONDS);
    ck_assert_double_eq(e.least, 0);
    subject_close(&s);
}
END_TEST

static void refuse(const subject *s, const crease_options *options,
                   const crease_estimate_plan *plan, const char *word)
{
    crease_error error;
    crease_estimation e;
    ck_assert_int_eq(crease_estimate(s->network, NULL, options, plan, &e, &error), CREASE_INPUT);
    ck_assert(support_one_line(error.text) && strstr(error.text, word));
}

START_TEST(test_refused)
{
    subject s = subject_large();
    crease_estimate_plan plan = {.leaves = 10, .confidence = 1};
    crease_options options = s.options;
    refuse(&s, &options, &plan, "confidence");
    plan = (crease_estimate_plan){.confidence = 0.5};
    refuse(&s, &options, &plan, "plan");
    plan.leaves = 10;
    options.engine = CREASE_ENGINE_WALK;
    refuse(&s, &options, &plan, "engine");
    options = s.options;
    options.definition = CREASE_DEFINITION_AFFINE;
    refuse(&s, &options, &plan, "definition");
    subject_close(&s);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("estimate");
    TCase *means = support_case(suite, "means", subject_long() ? 600 : 10);
    tcase_add_loop_test(means, test_unbiased, 0, SUBJECT_KINDS);
    tcase_add_test(means, test_many_inputs);
    TCase *rest = support_case(suite, "rest", subject_long() ? 600 : 10);
    tcase_add_loop_test(rest, test_exact, 0, SUBJECT_KINDS);
    tcase_add_test(rest, test_single);
    tcase_add_test(rest, test_threads);
    tcase_add_test(rest, test_seeds);
    tcase_add_test(rest, test_interval);
    tcase_add_test(rest, test_student);
    tcase_add_test(rest, test_error);
    tcase_add_test(rest, test_progress);
    tcase_add_test(rest, test_stopped);
    tcase_add_test(rest, test_refused);
    return support_run(suite);
}
