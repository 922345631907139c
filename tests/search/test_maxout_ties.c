/* Small maxout networks with ties, counted by hand. */
#include "support/counting.h"
#include "support/support.h"

#include <stdio.h>

/* Weights and biases of a layer, its activation, and what else belongs to it. */
#define LAYER(weight, bias, rest) "{\"weight\": [" weight "], \"bias\": [" bias "], " rest "}, "
#define MAXOUT(rank) "\"activation\": \"maxout\", \"rank\": " rank
#define RELU "\"activation\": \"relu\""

static void expect(int inputs, const char *hidden, const char *ones, uint64_t regions)
{
    char json[3000];
    snprintf(json, sizeof json,
             "{\"input\": %d, \"layers\": [%s{\"weight\": [[%s]], \"bias\": [0], "
             "\"activation\": \"linear\"}]}",
             inputs, hidden, ones);
    ck_assert_msg(count_all(json, NULL) == regions, "not %llu: %s", (unsigned long long)regions,
                  json);
    /* All borders meet the box. */
    ck_assert_msg(count_all(json, "-9:9") == regions, "not %llu in a box: %s",
                  (unsigned long long)regions, json);
}

START_TEST(one_unit)
{
    /* Equal pieces, none of them ever counted twice. */
    expect(1, LAYER("[1],[1],[1]", "2,2,2", MAXOUT("3")), "1", 1);
    expect(1, LAYER("[0],[0],[1]", "0,0,0", MAXOUT("3")), "1", 2);
    expect(1, LAYER("[0],[1],[0]", "0,0,0", MAXOUT("3")), "1", 2);
    expect(1, LAYER("[1],[0],[0]", "0,0,0", MAXOUT("3")), "1", 2);
    expect(1, LAYER("[1],[0],[1]", "0,0,0", MAXOUT("3")), "1", 2);
    expect(1, LAYER("[1],[0],[1],[0],[1]", "0,0,0,0,0", MAXOUT("5")), "1", 2);
    /* Constants alone. */
    expect(1, LAYER("[0],[0],[0]", "1,2,2", MAXOUT("3")), "1", 1);
    expect(2, LAYER("[0,0],[0,0]", "0,0", MAXOUT("2")), "1", 1);
    /* Parallel pieces. */
    expect(2, LAYER("[1,2],[1,2],[1,2]", "0,3,-1", MAXOUT("3")), "1", 1);
    expect(2, LAYER("[1,2],[1,2],[2,1]", "0,3,0", MAXOUT("3")), "1", 2);
    /* -x, 0, x meet in a point, where 0 wins as well; lower, it does not; higher, on an interval.
     */
    expect(1, LAYER("[-1],[0],[1]", "0,0,0", MAXOUT("3")), "1", 2);
    expect(1, LAYER("[0],[-1],[1]", "-1,0,0", MAXOUT("3")), "1", 2);
    expect(1, LAYER("[-1],[1],[0]", "0,0,1", MAXOUT("3")), "1", 3);
    /* Five tangents of a parabola, in two orders; then three, one more that only touches where two
     * of them meet, and one that wins on the left. */
    expect(1, LAYER("[-4],[-2],[0],[2],[4]", "-4,-1,0,-1,-4", MAXOUT("5")), "1", 5);
    expect(1, LAYER("[2],[-4],[4],[0],[-2]", "-1,-4,-4,0,-1", MAXOUT("5")), "1", 5);
    expect(1, LAYER("[2],[3],[4],[0],[-3]", "-1,-2.5,-4,0,-2.5", MAXOUT("5")), "1", 4);
    /* The largest coordinate, and 0. */
    expect(3, LAYER("[1,0,0],[0,1,0],[0,0,1],[0,0,0]", "0,0,0,0", MAXOUT("4")), "1", 4);
}
END_TEST

START_TEST(one_layer)
{
    /* The same border, from both sides and at another scale. */
    expect(1, LAYER("[1],[0],[0],[1],[3],[1]", "0,0,0,0,0,0", MAXOUT("2")), "1,1,1", 2);
    /* max(x, y, 0) has three sectors; x = y, twice, also cuts the one of 0. */
    expect(2,
           LAYER("[1,0],[0,1],[0,0],[1,0],[0,1],[0.5,0.5],[0,2],[2,0],[1,1]", "0,0,0,0,0,0,0,0,0",
                 MAXOUT("3")),
           "1,1,1", 4);
    /* x, 0, -x and y, 0, -y: both meet in lines, which cross. */
    expect(2, LAYER("[1,0],[0,0],[-1,0],[0,1],[0,0],[0,-1]", "0,0,0,0,0,0", MAXOUT("3")), "1,1", 4);
    /* The largest and the smallest of three are at 6 pairs of places. */
    expect(3,
           LAYER("[1,0,0],[0,1,0],[0,0,1],[-1,0,0],[0,-1,0],[0,0,-1]", "0,0,0,0,0,0", MAXOUT("3")),
           "1,1", 6);
    /* All pairs of three: the braid arrangement. */
    expect(3, LAYER("[1,0,0],[0,1,0],[1,0,0],[0,0,1],[0,1,0],[0,0,1]", "0,0,0,0,0,0", MAXOUT("2")),
           "1,1,1", 6);
}
END_TEST

START_TEST(equal_on_a_region)
{
    /* h = relu x is 0 for x < 0. */
    const char *relu = LAYER("[1]", "0", RELU);
    char hidden[1000];
    static const char *const above[] = {
        LAYER("[0],[1],[2]", "0,0,0", MAXOUT("3")), LAYER("[2],[1],[0]", "0,0,0", MAXOUT("3")),
        LAYER("[1],[2],[0]", "0,0,0", MAXOUT("3")), LAYER("[-1],[1]", "0,0", MAXOUT("2")),
        LAYER("[1],[-1]", "0,0", MAXOUT("2")),      LAYER("[1],[1]", "3,3", MAXOUT("2"))};
    for (size_t i = 0; i < REPEATS(above); i++) {
        snprintf(hidden, sizeof hidden, "%s%s", relu, above[i]);
        expect(1, hidden, "1", 2);
    }
    /* h, 2 h, 1: for x > 0, 1 and then 2 h. */
    expect(1, LAYER("[1]", "0", RELU) LAYER("[1],[2],[0]", "0,0,1", MAXOUT("3")), "1", 3);
    /* In the plane, both h vanish on a quarter; elsewhere one is the largest. */
    expect(2, LAYER("[1,0],[0,1]", "0,0", RELU) LAYER("[1,0],[0,1]", "0,0", MAXOUT("2")), "1", 5);
    expect(2, LAYER("[1,0],[0,1]", "0,0", RELU) LAYER("[0,0],[1,0],[0,1]", "0,0,0", MAXOUT("3")),
           "1", 5);
}
END_TEST

START_TEST(carried)
{
/* h = max(x, -x), and x itself. */
#define BOTH LAYER("[1],[-1],[1]", "0,0,0", MAXOUT("2") ", \"carry\": 1")
    expect(1, BOTH LAYER("[1,0],[0,1]", "0,0", MAXOUT("2")), "1", 2);
    expect(1, BOTH LAYER("[0,1],[1,0]", "0,0", MAXOUT("2")), "1", 2);
    expect(1, BOTH LAYER("[1,-1],[0,0],[-1,1]", "0,0,0", MAXOUT("3")), "1", 2);
    /* 2 x and 1 for x > 0, 0 and 1 for x < 0. */
    expect(1, BOTH LAYER("[1,1],[0,0]", "0,1", MAXOUT("2")), "1", 3);
    /* For x < 0, -2 x - 8 and 0; for x > 0, 0 again but of another piece, and 2 x - 4. */
    expect(1, BOTH LAYER("[1,-1],[-1,1],[0,0],[1,1]", "-8,0,0,-4", MAXOUT("4")), "1", 4);
    /* All are carried, then one is not. */
    expect(1,
           LAYER("[1],[2]", "0,1", MAXOUT("2") ", \"carry\": 2")
               LAYER("[1,0],[0,1],[1,1]", "0,0,0", MAXOUT("2") ", \"carry\": 1"),
           "1,1", 2);
    /* What is carried past a clip keeps its sign beyond the clip's ends: z and z - clip(z). */
    expect(
        1,
        LAYER("[1],[1]", "0,0", "\"activation\": \"clip\", \"low\": 1, \"high\": 2, \"carry\": 1")
            LAYER("[0,1],[-1,1]", "0,0", RELU),
        "1,1", 4);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("maxout ties");
    TCase *tcase = support_case(suite, "maxout ties", 120);
    tcase_add_test(tcase, one_unit);
    tcase_add_test(tcase, one_layer);
    tcase_add_test(tcase, equal_on_a_region);
    tcase_add_test(tcase, carried);
    return support_run(suite);
}
