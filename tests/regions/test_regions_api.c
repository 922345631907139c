/* crease_regions, crease_region_at and crease_regions_stats: stops, threads, single regions,
 * dropped inputs. */
#include "support/support.h"

#include <crease_regions.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Lines x + y = 1, x = 0, y = 0, x = y and their negatives: ten regions. */
static const char plane[] = "{\"input\": 2, \"layers\": [{\"weight\": [[1, 1], [1, 0], [0, 1], [1, "
                            "-1]], \"bias\": [-1, 0, 0, 0],"
                            "\"activation\": \"relu\"}, {\"weight\": [[1, 2, 3, 4]], \"bias\": [5],"
                            "\"activation\": \"linear\"}]}";
enum { PLANE = 10 };

typedef struct {
    int calls, most;
    _Atomic int at_once;
    bool overlap;
    uint8_t pattern[64][8];
    size_t units;
} seen;

static bool note(void *context, crease_region *region)
{
    seen *s = context;
    s->overlap = s->overlap || ++s->at_once > 1;
    s->units = crease_region_units(region);
    ck_assert_uint_le(s->units, 8);
    memcpy(s->pattern[s->calls++], crease_region_pattern(region), s->units);
    s->at_once--;
    return s->calls != s->most;
}

static crease_result list(const char *json, int threads, uint64_t limit, seen *s)
{
    crease_network *network = support_network(json);
    crease_options options;
    crease_result result;
    crease_error error;
    crease_options_default(&options);
    options.threads = threads;
    options.limit_regions = limit;
    ck_assert_int_eq(crease_regions(network, NULL, &options, CREASE_REGIONS_ONE_BY_ONE, note, s,
                                    &result, &error),
                     CREASE_OK);
    crease_network_free(network);
    return result;
}

START_TEST(every_region_once)
{
    seen s = {.most = -1};
    crease_result result = list(plane, _i, 0, &s);
    ck_assert(result.complete);
    ck_assert_uint_eq(result.regions, PLANE);
    ck_assert_int_eq(s.calls, PLANE);
    ck_assert(!s.overlap);
    for (int i = 0; i < PLANE; i++)
        for (int k = 0; k < i; k++)
            ck_assert_int_ne(memcmp(s.pattern[i], s.pattern[k], s.units), 0);
}
END_TEST

START_TEST(stops)
{
    seen asked = {.most = 3}, limited = {.most = -1}, whole = {.most = PLANE};
    crease_result result = list(plane, _i, 0, &asked);
    ck_assert(!result.complete);
    ck_assert_int_eq(result.stopped, CREASE_STOP_ASKED);
    ck_assert_int_eq(asked.calls, 3);
    ck_assert_uint_eq(result.regions, 3);
    result = list(plane, 1, 4, &limited);
    ck_assert(!result.complete);
    ck_assert_int_eq(result.stopped, CREASE_STOP_REGIONS);
    ck_assert_int_eq(limited.calls, 4);
    ck_assert_uint_eq(result.regions, 4);
    result = list(plane, 1, PLANE, &whole);
    ck_assert(result.complete);
    ck_assert_int_eq(whole.calls, PLANE);
}
END_TEST

START_TEST(refusals)
{
    crease_network *network = support_network(plane);
    crease_options options;
    crease_result result;
    crease_error error;
    seen s = {.most = -1};
    crease_options_default(&options);
    options.engine = CREASE_ENGINE_WALK;
    ck_assert_int_eq(crease_regions(network, NULL, &options, CREASE_REGIONS_ONE_BY_ONE, note, &s,
                                    &result, &error),
                     CREASE_INPUT);
    ck_assert(support_one_line(error.text));
    options.engine = CREASE_ENGINE_AUTO;
    options.definition = CREASE_DEFINITION_AFFINE;
    ck_assert_int_eq(crease_regions(network, NULL, &options, CREASE_REGIONS_ONE_BY_ONE, note, &s,
                                    &result, &error),
                     CREASE_INPUT);
    ck_assert_int_eq(crease_region_at(network, NULL, "1,2,3", note, &s, &error), CREASE_INPUT);
    ck_assert_int_eq(s.calls, 0);
    crease_network_free(network);
}
END_TEST

/* x = 2, y = 1: all units positive; between the lines x = y and y = 0. */
static bool look(void *context, crease_region *region)
{
    double x[2], A[2], b, row[3];
    const uint8_t pattern[4] = {1, 1, 1, 1};
    (*(int *)context)++;
    ck_assert_mem_eq(crease_region_pattern(region), pattern, sizeof pattern);
    ck_assert(crease_region_point(region, x));
    ck_assert(x[0] > x[1] && x[1] > 0 && x[0] + x[1] > 1);
    crease_region_map(region, A, &b);
    ck_assert(A[0] == 1 + 2 + 4 && A[1] == 1 + 3 - 4 && b == 5 - 1);
    ck_assert(!crease_region_bounded(region));
    ck_assert_uint_eq(crease_region_facets(region), 3);
    static const double expected[3][3] = {{1, 1, -1}, {0, 1, 0}, {1, -1, 0}};
    static const size_t unit[3] = {0, 2, 3};
    for (size_t i = 0; i < 3; i++) {
        crease_facet facet = crease_region_facet(region, i);
        ck_assert_int_eq(facet.kind, CREASE_FACET_UNIT);
        ck_assert_uint_eq(facet.place, unit[i]);
        crease_region_facet_row(region, i, row);
        ck_assert_mem_eq(row, expected[i], sizeof row);
        uint8_t beyond[4] = {1, 1, 1, 1};
        beyond[unit[i]] = 0;
        ck_assert_mem_eq(crease_region_neighbour(region, i), beyond, sizeof beyond);
    }
    return true;
}

START_TEST(region_of_a_point)
{
    crease_network *network = support_network(plane);
    crease_error error;
    int calls = 0;
    ck_assert_int_eq(crease_region_at(network, NULL, "2,1", look, &calls, &error), CREASE_OK);
    ck_assert_int_eq(calls, 1);
    crease_network_free(network);
}
END_TEST

/* What the region of a network in a box must be that is one region. */
typedef struct {
    size_t facets, units;
    double centre[3];
} single;

static bool look_single(void *context, crease_region *region)
{
    const single *s = context;
    double x[3];
    size_t n = crease_region_inputs(region);
    ck_assert_uint_eq(crease_region_units(region), s->units);
    ck_assert_uint_eq(crease_region_facets(region), s->facets);
    ck_assert(crease_region_bounded(region) == (s->facets > 0));
    ck_assert(crease_region_point(region, x));
    for (size_t j = 0; j < n; j++)
        ck_assert_double_le(fabs(x[j] - s->centre[j]), 1);
    for (size_t i = 0; i < s->facets; i++) {
        crease_facet facet = crease_region_facet(region, i);
        ck_assert_int_ne(facet.kind, CREASE_FACET_UNIT);
        ck_assert_ptr_null(crease_region_neighbour(region, i));
    }
    return true;
}

static void check_single(const char *json, const char *box, single expected)
{
    crease_network *network = support_network(json);
    crease_domain *domain = NULL;
    crease_result result;
    crease_error error;
    if (box)
        ck_assert_int_eq(crease_domain_box(box, crease_network_inputs(network), &domain, &error),
                         CREASE_OK);
    ck_assert_int_eq(crease_regions(network, domain, NULL, CREASE_REGIONS_PARALLEL, look_single,
                                    &expected, &result, &error),
                     CREASE_OK);
    ck_assert_uint_eq(result.regions, 1);
    ck_assert(result.complete);
    crease_domain_free(domain);
    crease_network_free(network);
}

START_TEST(single_regions)
{
    static const char linear[] = "{\"input\": 2, \"layers\": [{\"weight\": [[1, 2]], \"bias\": "
                                 "[0], \"activation\": \"linear\"}]}";
    static const char constant[] =
        "{\"input\": 2, \"layers\": [{\"weight\": [[0, 0]], \"bias\": [1], \"activation\": "
        "\"relu\"},"
        "{\"weight\": [[1]], \"bias\": [0], \"activation\": \"linear\"}]}";
    static const char partly[] = "{\"input\": 3, \"layers\": [{\"weight\": [[1, 0, 0]], \"bias\": "
                                 "[9], \"activation\": \"relu\"},"
                                 "{\"weight\": [[1]], \"bias\": [0], \"activation\": \"linear\"}]}";
    check_single(linear, NULL, (single){0, 0, {0}});
    check_single(linear, "-1:1,4:6", (single){4, 0, {0, 5}});
    check_single(constant, NULL, (single){0, 1, {0}});
    check_single(constant, "-1:1,4:6", (single){4, 1, {0, 5}});
    check_single(partly, "-1:1,4:6,1000:1002", (single){6, 1, {0, 5, 1001}});
}
END_TEST

/* Of no region, nothing is said to hold of all of them. */
START_TEST(no_statistics)
{
    crease_network *network = support_network(plane);
    crease_flag stop = 1;
    crease_options options;
    crease_result result;
    crease_region_stats stats;
    crease_error error;
    crease_options_default(&options);
    options.stop = &stop;
    ck_assert_int_eq(
        crease_regions_stats(network, NULL, &options, 0, NULL, &stats, &result, &error), CREASE_OK);
    ck_assert(!result.complete && stats.regions == 0 && stats.layers == 1);
    const crease_layer_stats *layer = &stats.layer[0];
    ck_assert(layer->units == 4 && !layer->always && !layer->never && !layer->constant);
    crease_region_stats_free(&stats);
    crease_network_free(network);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("regions_api");
    TCase *tcase = support_case(suite, "api", 10);
    tcase_add_loop_test(tcase, every_region_once, 1, 4);
    tcase_add_loop_test(tcase, stops, 1, 4);
    tcase_add_test(tcase, refusals);
    tcase_add_test(tcase, region_of_a_point);
    tcase_add_test(tcase, single_regions);
    tcase_add_test(tcase, no_statistics);
    return support_run(suite);
}
