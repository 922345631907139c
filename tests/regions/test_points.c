/* crease_points_new, crease_around, crease_along and crease_lines: threads, limits, stops,
 * progress, refusals. */
#include "support/support.h"

#include <crease_points.h>
#include <math.h>
#include <string.h>

/* The lines x = 0, y = 0 and x = y. */
static const char plane[] = "{\"input\": 2, \"layers\": [{\"weight\": [[1, 0], [0, 1], [1, -1]],"
                            "\"bias\": [0, 0, 0], \"activation\": \"relu\"}, {\"weight\": [[1, 1, "
                            "1]], \"bias\": [0], \"activation\": \"linear\"}]}";
enum { POINTS = 4 };
static const double at[POINTS * 2] = {3, 1, 0, 0, 5, 4.5, -2, 7};

typedef struct {
    int calls;
    uint64_t left;
} reports;

static void note(void *context, const crease_progress *now)
{
    reports *r = context;
    ck_assert(r->calls == 0 || now->open < r->left);
    ck_assert(now->closed > 0 && now->closed <= 1);
    r->left = now->open;
    r->calls++;
}

static crease_status around(const char *radius, crease_norm norm, const crease_options *options,
                            crease_ball *ball, crease_result *result)
{
    crease_network *network = support_network(plane);
    crease_points *points;
    crease_error error;
    ck_assert_int_eq(crease_points_new(at, POINTS, 2, &points, &error), CREASE_OK);
    ck_assert_uint_eq(crease_points_count(points), POINTS);
    crease_status status =
        crease_around(network, NULL, points, radius, norm, options, ball, result, &error);
    ck_assert(!status || support_one_line(error.text));
    crease_points_free(points);
    crease_network_free(network);
    return status;
}

/* The balls of radius 1 touch, meet or miss the lines. */
START_TEST(rows)
{
    static const uint64_t linf[] = {1, 6, 2, 1};
    crease_options options;
    crease_ball ball[POINTS];
    crease_result result;
    reports seen = {0, 0};
    crease_options_default(&options);
    options.threads = _i;
    options.progress = note;
    options.progress_context = &seen;
    options.progress_interval = 0;
    ck_assert_int_eq(around("1", CREASE_NORM_LINF, &options, ball, &result), CREASE_OK);
    ck_assert(result.complete && result.stopped == CREASE_STOP_NONE);
    ck_assert_int_eq(result.threads, _i);
    ck_assert(seen.calls == POINTS && seen.left == 0);
    for (size_t i = 0; i < POINTS; i++) {
        ck_assert(ball[i].complete);
        ck_assert_uint_eq(ball[i].regions, linf[i]);
    }
    /* (3, 1): y = 0 is at distance 1 by both, x = y at 1 by l-infinity and sqrt(2) by l2. */
    ck_assert(ball[0].linf == 1 && ball[0].l2 == 1);
    ck_assert_uint_eq(ball[0].l2_unit.unit, 1);
    ck_assert(ball[1].linf == 0 && ball[1].l2 == 0);
    /* (5, 4.5): x = y. */
    ck_assert_str_eq(ball[2].linf_text, "1/4");
    ck_assert_str_eq(ball[2].l2_squared_text, "1/8");
    ck_assert(fabs(ball[2].l2 - sqrt(0.125)) < 1e-15);
    ck_assert_uint_eq(ball[2].linf_unit.layer, 0);
    ck_assert_uint_eq(ball[2].linf_unit.unit, 2);
    crease_balls_clear(ball, POINTS);
    ck_assert_ptr_null(ball[2].linf_text);
}
END_TEST

START_TEST(stops)
{
    crease_options options;
    crease_ball ball[POINTS];
    crease_result result;
    crease_flag stop = 1;
    crease_options_default(&options);
    options.limit_regions = 2;
    options.engine = CREASE_ENGINE_WALK;
    options.threads = 1;
    ck_assert_int_eq(around("1", CREASE_NORM_L1, &options, ball, &result), CREASE_OK);
    ck_assert(!result.complete && result.stopped == CREASE_STOP_REGIONS);
    ck_assert(ball[0].complete && !ball[1].complete && ball[2].complete);
    ck_assert_uint_eq(ball[1].regions, 2);
    crease_balls_clear(ball, POINTS);
    options.stop = &stop;
    ck_assert_int_eq(around("1", CREASE_NORM_LINF, &options, ball, &result), CREASE_OK);
    ck_assert(!result.complete && result.stopped == CREASE_STOP_ASKED);
    for (size_t i = 0; i < POINTS; i++)
        ck_assert(!ball[i].complete && ball[i].regions == 0 && isnan(ball[i].l2));
    crease_balls_clear(ball, POINTS);
}
END_TEST

static crease_status follow(size_t lines, const crease_options *options,
                            crease_line_segment *segment, crease_line_stats *stats,
                            crease_result *result)
{
    crease_network *network = support_network(plane);
    crease_points *points;
    crease_error error;
    ck_assert_int_eq(crease_points_new(at, POINTS, 2, &points, &error), CREASE_OK);
    crease_status status =
        lines ? crease_lines(network, NULL, points, lines, options, segment, stats, result, &error)
              : crease_along(network, NULL, points, options, segment, result, &error);
    crease_points_free(points);
    crease_network_free(network);
    return status;
}

/* From (3, 1) to the origin and on to (5, 4.5) no line is crossed; from there to (-2, 7) x = y and
 * then x = 0. */
START_TEST(segments)
{
    crease_line_segment segment[POINTS - 1];
    crease_result result;
    ck_assert_int_eq(follow(0, NULL, segment, NULL, &result), CREASE_OK);
    ck_assert(result.complete && result.dimension == 1);
    ck_assert(segment[0].regions == 1 && segment[1].regions == 1 && segment[2].regions == 3);
    ck_assert(segment[0].breakpoints == 0 && segment[2].breakpoints == 2);
    ck_assert(fabs(segment[0].length - sqrt(10)) < 1e-15);
    const crease_breakpoint *first = &segment[2].breakpoint[0];
    ck_assert_str_eq(first[0].t_text, "1/19");
    ck_assert_str_eq(first[1].t_text, "5/7");
    ck_assert(first[0].changes == 1 && first[0].change[0].unit == 2);
    ck_assert(first[0].change[0].before == 1 && first[0].change[0].after == 0);
    ck_assert(first[1].changes == 1 && first[1].change[0].unit == 0);
    crease_line_segments_clear(segment, POINTS - 1);
    ck_assert_uint_eq(segment[2].breakpoints, 0);
}
END_TEST

START_TEST(random_segments)
{
    enum { LINES = 20 };
    crease_line_segment segment[LINES];
    crease_line_stats stats;
    crease_result result;
    crease_flag stop = 1;
    crease_options options;
    crease_options_default(&options);
    options.threads = _i;
    ck_assert_int_eq(follow(LINES, &options, segment, &stats, &result), CREASE_OK);
    ck_assert(result.complete && stats.lines == LINES && stats.standard_error > 0);
    uint64_t crossings = 0;
    for (size_t i = 0; i < LINES; i++)
        crossings += segment[i].regions - 1;
    ck_assert(crossings > 0 && crossings == stats.crossings);
    options.stop = &stop;
    ck_assert_int_eq(follow(LINES, &options, segment, &stats, &result), CREASE_OK);
    ck_assert(!result.complete && result.stopped == CREASE_STOP_ASKED);
    ck_assert(stats.lines == 0 && stats.standard_error < 0);
    ck_assert_int_eq(follow(0, &options, segment, &stats, &result), CREASE_OK);
    ck_assert(!segment[2].complete && segment[2].breakpoint == NULL);
}
END_TEST

START_TEST(refusals)
{
    static const double bad[] = {1, NAN};
    crease_ball ball[POINTS];
    crease_result result;
    crease_points *points;
    crease_error error;
    ck_assert_int_eq(crease_points_new(bad, 1, 2, &points, &error), CREASE_INPUT);
    ck_assert(support_one_line(error.text));
    ck_assert_ptr_null(points);
    ck_assert_int_eq(around("-1", CREASE_NORM_LINF, NULL, ball, &result), CREASE_INPUT);
    ck_assert_int_eq(around("1", (crease_norm)7, NULL, ball, &result), CREASE_INPUT);
    /* Of one ball, and so of all. */
    crease_options options;
    crease_options_default(&options);
    options.gap = -1;
    ck_assert_int_eq(around("1", CREASE_NORM_LINF, &options, ball, &result), CREASE_INPUT);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("points");
    TCase *all = support_case(suite, "all", 10);
    tcase_add_loop_test(all, rows, 1, 4);
    tcase_add_test(all, stops);
    tcase_add_test(all, segments);
    tcase_add_loop_test(all, random_segments, 1, 3);
    tcase_add_test(all, refusals);
    return support_run(suite);
}
