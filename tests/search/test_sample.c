/* Regions drawn at random: weights without bias, only regions of the network and all of them within
 * reach, the same for any number of threads, means within their errors.  What is right is known
 * from crease_regions, and shares of points from exact volumes.
 *
 * Environment: CREASE_LONG draws more often. */
#include "support/nets.h"
#include "support/subjects.h"
#include "support/support.h"

#include <crease_points.h>
#include <crease_sample.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What a list of regions shows.  values: 1, the active units, and the first state. */
enum { VALUES = 3 };

typedef struct {
    size_t units, count;
    uint8_t *pattern;
    double *weight;
    size_t *draws;
    int *group;
    double *volume; /* if volumes are asked for */
    bool volumes;
} list;

static bool note(void *context, crease_region *region)
{
    list *own = context;
    size_t i = own->count++, units = own->units = crease_region_units(region);
    own->pattern = realloc(own->pattern, own->count * units + 1);
    own->weight = realloc(own->weight, own->count * sizeof *own->weight);
    own->draws = realloc(own->draws, own->count * sizeof *own->draws);
    own->group = realloc(own->group, own->count * sizeof *own->group);
    own->volume = realloc(own->volume, own->count * sizeof *own->volume);
    memcpy(own->pattern + i * units, crease_region_pattern(region), units);
    own->weight[i] = crease_region_weight(region);
    own->draws[i] = crease_region_draws(region);
    own->group[i] = crease_region_group(region);
    own->volume[i] = own->volumes ? crease_region_volume(region) : 0;
    return true;
}

static void list_free(list *own)
{
    free(own->pattern);
    free(own->weight);
    free(own->draws);
    free(own->group);
    free(own->volume);
}

static list every_region(const subject *s, bool volumes)
{
    list all = {.volumes = volumes};
    crease_error error;
    crease_result result;
    ck_assert_int_eq(crease_regions(s->network, s->domain, &s->options, CREASE_REGIONS_ONE_BY_ONE,
                                    note, &all, &result, &error),
                     CREASE_OK);
    return all;
}

static list drawn(const subject *s, const crease_sample_plan *plan, uint64_t seed,
                  crease_sample_result *result)
{
    list own = {0};
    crease_error error;
    crease_options options = s->options;
    options.seed = seed;
    if (crease_sample(s->network, s->domain, &options, plan, note, &own, result, &error))
        ck_abort_msg("%s", error.text);
    support_require(result->complete && result->regions == own.count, "the sample is complete");
    return own;
}

/* The place of the pattern in the list, or its length. */
static size_t find(const list *all, const uint8_t *pattern)
{
    size_t i = 0;
    while (i < all->count && memcmp(all->pattern + i * all->units, pattern, all->units))
        i++;
    return i;
}

static void add_values(const list *own, size_t i, double weight, double sum[VALUES])
{
    const uint8_t *pattern = own->pattern + i * own->units;
    size_t active = 0;
    for (size_t u = 0; u < own->units; u++)
        active += pattern[u] != 0;
    const double value[VALUES] = {1, (double)active, own->units ? pattern[0] : 0};
    for (int k = 0; k < VALUES; k++)
        sum[k] += weight * value[k];
}

static void check_mean(const subject *s, double sum, double squares, double runs, double exact)
{
    double mean = sum / runs, variance = fmax(squares / runs - mean * mean, 0) / (runs - 1);
    if (fabs(mean - exact) > 4.5 * sqrt(variance) + 1e-9 * exact)
        ck_abort_msg("%g, mean %g, standard error %g:\n%s", exact, mean, sqrt(variance), s->json);
}

/* ---- By region ---- */

/* Sums of weights times values have the right means, and no region is out of reach. */
static void check_weights(const subject *s, bool resample)
{
    list all = every_region(s, false);
    double exact[VALUES] = {0}, sum[VALUES] = {0}, squares[VALUES] = {0};
    int runs = subject_long() ? 300 : 34; /* a thousand draws */
    bool *seen = calloc(all.count + 1, 1);
    size_t found = 0;
    for (size_t i = 0; i < all.count; i++)
        add_values(&all, i, 1, exact);
    crease_sample_plan plan;
    crease_sample_plan_default(&plan);
    plan.size = 30;
    plan.resample = resample;
    for (int run = 0; run < runs; run++) {
        crease_sample_result result;
        list own = drawn(s, &plan, (uint64_t)run, &result);
        double once[VALUES] = {0}, draws = 0;
        for (size_t i = 0; i < own.count; i++) {
            size_t k = find(&all, own.pattern + i * own.units);
            support_require(k < all.count, "a region of the network was drawn");
            found += !seen[k];
            seen[k] = true;
            add_values(&own, i, own.weight[i], once);
            draws += (double)own.draws[i];
        }
        support_require(fabs(once[0] - result.total) < 1e-9 * result.total, "the sum of weights");
        support_require(!resample || draws == fmin(30, (double)all.count), "as many draws");
        for (int k = 0; k < VALUES; k++) {
            sum[k] += once[k];
            squares[k] += once[k] * once[k];
        }
        list_free(&own);
    }
    for (int k = 0; k < VALUES; k++)
        check_mean(s, sum[k], squares[k], runs, exact[k]);
    /* With a thousand draws or more, none is left out. */
    if (all.count < 100)
        ck_assert_uint_eq(found, all.count);
    free(seen);
    list_free(&all);
}

START_TEST(test_weights)
{
    const subject_kind *k = &subject_kinds[_i];
    for (uint64_t seed = 1; seed <= (subject_long() ? k->seeds : 1); seed++) {
        subject s;
        subject_open(k, seed, &s);
        check_weights(&s, _i % 2);
        if (subject_long())
            check_weights(&s, _i % 2 == 0);
        subject_close(&s);
    }
}
END_TEST

/* Few regions are all drawn, each once. */
START_TEST(test_all)
{
    subject s;
    subject_open(&subject_kinds[_i], 1, &s);
    crease_sample_plan plan = {.size = 100000};
    crease_sample_result result;
    list all = every_region(&s, false), own = drawn(&s, &plan, 1, &result);
    ck_assert(result.all);
    ck_assert_double_eq(result.total, s.regions);
    ck_assert_uint_eq(own.count, all.count);
    for (size_t i = 0; i < own.count; i++) {
        ck_assert_double_eq(own.weight[i], 1);
        ck_assert_uint_lt(find(&all, own.pattern + i * own.units), all.count);
        ck_assert_uint_eq(find(&own, own.pattern + i * own.units), i);
    }
    list_free(&all);
    list_free(&own);
    subject_close(&s);
}
END_TEST

static void check_same(const list *a, const list *b)
{
    ck_assert_uint_eq(a->count, b->count);
    ck_assert_mem_eq(a->pattern, b->pattern, a->count * a->units);
    ck_assert_mem_eq(a->weight, b->weight, a->count * sizeof *a->weight);
    ck_assert_mem_eq(a->group, b->group, a->count * sizeof *a->group);
}

START_TEST(test_threads)
{
    subject s = subject_large();
    crease_sample_plan plan = {.size = 200, .resample = _i};
    crease_sample_result result;
    list one = drawn(&s, &plan, 7, &result), next = drawn(&s, &plan, 8, &result);
    ck_assert(!result.all && result.total > 0 && result.standard_error > 0);
    ck_assert(one.count != next.count ||
              memcmp(one.pattern, next.pattern, one.count * one.units) != 0);
    for (int threads = 2; threads <= 5; threads += subject_long() ? 1 : 3) {
        s.options.threads = threads;
        list own = drawn(&s, &plan, 7, &result);
        check_same(&one, &own);
        list_free(&own);
    }
    list_free(&one);
    list_free(&next);
    subject_close(&s);
}
END_TEST

/* ---- By points ---- */

/* A square of side 2 in the plane, and a network that folds it. */
static subject plane(void)
{
    static const int widths[] = {2, 4, 3, 1};
    subject s = {.json = nets_whole(widths, 4, 3, 2)};
    crease_error error;
    s.network = support_network(s.json);
    ck_assert_int_eq(crease_domain_box("-1:1", 2, &s.domain, &error), CREASE_OK);
    crease_options_default(&s.options);
    s.options.threads = 1;
    return s;
}

/* A region's share of the points is its share of the volume, but for luck. */
START_TEST(test_volume)
{
    subject s = plane();
    list all = every_region(&s, true);
    enum { POINTS = 4000 };
    crease_sample_plan plan = {.by = CREASE_SAMPLE_VOLUME, .size = POINTS};
    crease_sample_result result;
    list own = drawn(&s, &plan, 3, &result);
    double sum = 0;
    ck_assert_uint_gt(all.count, 5);
    for (size_t i = 0; i < own.count; i++) {
        size_t k = find(&all, own.pattern + i * own.units);
        ck_assert_uint_lt(k, all.count);
        double share = all.volume[k] / 4;
        ck_assert_double_lt(fabs(own.weight[i] - share),
                            5 * sqrt(share * (1 - share) / POINTS) + 1.0 / POINTS);
        ck_assert_double_eq(own.weight[i] * POINTS, (double)own.draws[i]);
        ck_assert_int_eq(own.group[i], -1);
        ck_assert_uint_eq(find(&own, own.pattern + i * own.units), i);
        sum += own.weight[i];
    }
    ck_assert_double_lt(fabs(sum - 1), 1e-12);
    list_free(&all);
    list_free(&own);
    subject_close(&s);
}
END_TEST

static bool keep_pattern(void *context, crease_region *region)
{
    memcpy(context, crease_region_pattern(region), crease_region_units(region));
    return true;
}

/* Given points, of which two lie in one region; then points around the first one. */
START_TEST(test_data)
{
    static const double x[] = {0.75, -0.25, 0.875, 0.875, 0.75, -0.25};
    static const char *const text[] = {"0.75,-0.25", "0.875,0.875"};
    subject s = plane();
    crease_error error;
    crease_points *points;
    crease_sample_result result;
    uint8_t pattern[64];
    ck_assert_int_eq(crease_points_new(x, 3, 2, &points, &error), CREASE_OK);
    crease_sample_plan plan = {.by = CREASE_SAMPLE_DATA, .points = points};
    list own = drawn(&s, &plan, 1, &result);
    ck_assert_uint_eq(own.count, 2);
    for (int i = 0; i < 2; i++) {
        ck_assert_int_eq(
            crease_region_at(s.network, s.domain, text[i], keep_pattern, pattern, &error),
            CREASE_OK);
        ck_assert_mem_eq(own.pattern + (size_t)i * own.units, pattern, own.units);
        ck_assert_uint_eq(own.draws[i], i ? 1 : 2);
    }
    crease_points_free(points);
    ck_assert_int_eq(crease_points_new(x, 1, 2, &points, &error), CREASE_OK);
    plan = (crease_sample_plan){
        .by = CREASE_SAMPLE_DATA, .points = points, .size = 50, .radius = "1e-9"};
    list near = drawn(&s, &plan, 1, &result);
    ck_assert_uint_eq(near.count, 1);
    ck_assert_mem_eq(near.pattern, own.pattern, own.units);
    ck_assert_uint_eq(near.draws[0], 50);
    plan.radius = "100"; /* nearly all of it outside of the box */
    list far = drawn(&s, &plan, 1, &result);
    ck_assert_uint_gt(far.count, 5);
    crease_points_free(points);
    list_free(&own);
    list_free(&near);
    list_free(&far);
    subject_close(&s);
}
END_TEST

/* ---- Means ---- */

static bool average(void *context, crease_region *region)
{
    crease_means_add(context, region);
    return true;
}

static crease_means *means_of(const subject *s, const crease_sample_plan *plan, uint64_t seed,
                              crease_sample_result *result)
{
    crease_means *means;
    crease_error error;
    crease_options options = s->options;
    options.seed = seed;
    ck_assert_int_eq(crease_means_new("active,bounded,facets,class", &means, &error), CREASE_OK);
    ck_assert_int_eq(
        crease_sample(s->network, s->domain, &options, plan, average, means, result, &error),
        CREASE_OK);
    return means;
}

/* Means of samples are near those of all regions, by the errors that they say. */
static void check_means(const subject *s)
{
    crease_sample_plan every = {.size = 1000000}, some = {.size = 300};
    crease_sample_result all, result;
    crease_means *exact = means_of(s, &every, 1, &all), *means = means_of(s, &some, 5, &result);
    ck_assert(all.all && !result.all);
    size_t outputs = crease_network_width(s->network, crease_network_layers(s->network) - 1);
    ck_assert_uint_eq(crease_means_count(means), 3 + outputs);
    double classes = 0;
    for (size_t i = 0; i < crease_means_count(means); i++) {
        crease_mean a = crease_means_get(means, i, &result), b = crease_means_get(exact, i, &all);
        ck_assert_str_eq(a.name, b.name);
        ck_assert_double_eq(b.standard_error, 0);
        ck_assert_double_lt(fabs(a.mean - b.mean), 4.5 * a.standard_error + 1e-9);
        ck_assert_double_lt(a.standard_error, 0.2 * b.mean + 0.1);
        classes += i >= 3 ? a.mean : 0;
    }
    ck_assert_double_lt(fabs(classes - 1), 1e-9);
    crease_means_free(exact);
    crease_means_free(means);
}

START_TEST(test_means)
{
    static const int widths[][4] = {{3, 12, 12, 2}, {4, 10, 8, 1}, {2, 20, 20, 3}};
    subject s = {.json = nets_whole(widths[_i], 4, 3, (uint64_t)_i + 1)};
    s.network = support_network(s.json);
    crease_options_default(&s.options);
    check_means(&s);
    subject_close(&s);
}
END_TEST

/* The mean of stats. */
START_TEST(test_exact_means)
{
    subject s = plane();
    crease_sample_plan plan = {.size = 1000};
    crease_sample_result result;
    crease_result counted;
    crease_region_stats stats;
    crease_error error;
    crease_means *means = means_of(&s, &plan, 1, &result);
    ck_assert_int_eq(
        crease_regions_stats(s.network, s.domain, NULL, 0, NULL, &stats, &counted, &error),
        CREASE_OK);
    double facets = 0, active = 0;
    for (size_t i = 0; i <= stats.most_facets; i++)
        facets += (double)i * (double)stats.facets[i];
    for (size_t i = 0; i <= stats.units; i++)
        active += (double)i * (double)stats.active[i];
    double regions = (double)stats.regions;
    ck_assert_double_lt(fabs(crease_means_get(means, 0, &result).mean - active / regions), 1e-9);
    ck_assert_double_eq(crease_means_get(means, 1, &result).mean, 1);
    ck_assert_double_lt(fabs(crease_means_get(means, 2, &result).mean - facets / regions), 1e-9);
    crease_region_stats_free(&stats);
    crease_means_free(means);
    subject_close(&s);
}
END_TEST

/* ---- Stops and faults ---- */

static bool refuse_second(void *context, crease_region *region)
{
    (void)region;
    return ++*(int *)context < 2;
}

START_TEST(test_stopped)
{
    subject s = plane();
    crease_sample_plan plan = {.size = 1000};
    crease_sample_result result;
    crease_error error;
    crease_flag stop = 1;
    int calls = 0;
    ck_assert_int_eq(crease_sample(s.network, s.domain, &s.options, &plan, refuse_second, &calls,
                                   &result, &error),
                     CREASE_OK);
    ck_assert_int_eq(calls, 2);
    ck_assert(!result.complete && result.stopped == CREASE_STOP_ASKED && result.regions == 2);
    s.options.stop = &stop;
    for (int by = CREASE_SAMPLE_REGION; by <= CREASE_SAMPLE_VOLUME; by++) {
        plan.by = (crease_sample_by)by;
        ck_assert_int_eq(crease_sample(s.network, s.domain, &s.options, &plan, refuse_second,
                                       &calls, &result, &error),
                         CREASE_OK);
        ck_assert(!result.complete && result.regions == 0);
    }
    ck_assert_int_eq(calls, 2);
    subject_close(&s);
}
END_TEST

START_TEST(test_refused)
{
    static const double x[] = {0, 0, 2, 0};
    crease_points *out, *wide;
    crease_error error;
    ck_assert_int_eq(crease_points_new(x, 2, 2, &out, &error), CREASE_OK);
    ck_assert_int_eq(crease_points_new(x, 1, 4, &wide, &error), CREASE_OK);
    const struct {
        crease_sample_plan plan;
        bool no_box;
        const char *word;
    } cases[] = {
        {{.size = 0}, false, "size"},
        {{.by = CREASE_SAMPLE_VOLUME, .size = 5}, true, "box"},
        {{.by = CREASE_SAMPLE_VOLUME, .size = 5, .resample = true}, false, "resample"},
        {{.by = CREASE_SAMPLE_DATA}, false, "no points"},
        {{.by = CREASE_SAMPLE_DATA, .points = out}, false, "point 1"},
        {{.by = CREASE_SAMPLE_DATA, .points = wide}, false, "4 inputs"},
        {{.by = CREASE_SAMPLE_DATA, .points = out, .radius = "0", .size = 1}, false, "radius"},
        {{.by = (crease_sample_by)7, .size = 5}, false, "by"},
    };
    subject s = plane();
    int calls = 0;
    for (size_t i = 0; i < REPEATS(cases); i++) {
        crease_sample_result result;
        ck_assert_int_eq(crease_sample(s.network, cases[i].no_box ? NULL : s.domain, &s.options,
                                       &cases[i].plan, refuse_second, &calls, &result, &error),
                         CREASE_INPUT);
        ck_assert_msg(support_one_line(error.text) && strstr(error.text, cases[i].word), "%s",
                      error.text);
    }
    crease_points_free(out);
    crease_points_free(wide);
    crease_means *means;
    ck_assert_int_eq(crease_means_new("facets,x", &means, &error), CREASE_INPUT);
    ck_assert(strstr(error.text, "\"x\""));
    subject_close(&s);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("sample");
    TCase *weights = support_case(suite, "weights", subject_long() ? 600 : 10);
    tcase_add_loop_test(weights, test_weights, 0, SUBJECT_KINDS);
    TCase *rest = support_case(suite, "rest", 10);
    tcase_add_loop_test(rest, test_all, 0, SUBJECT_KINDS);
    tcase_add_loop_test(rest, test_threads, 0, 2);
    tcase_add_test(rest, test_volume);
    tcase_add_test(rest, test_data);
    tcase_add_loop_test(rest, test_means, 0, 3);
    tcase_add_test(rest, test_exact_means);
    tcase_add_test(rest, test_stopped);
    tcase_add_test(rest, test_refused);
    return support_run(suite);
}
