/* Degenerate and badly scaled networks.  Every expected count is a closed form
 * argued in its comment, and the oracle is asked as well. */
#include "support/counting.h"
#include "support/nets.h"
#include "support/rational.h"
#include "support/oracle.h"
#include "support/support.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void expect(const char *json, const char *box, long regions)
{
    long oracle = oracle_count(json, box);
    ck_assert_msg(oracle == regions, "the oracle says %ld, the closed form %ld:\n%s", oracle,
                  regions, json);
    uint64_t found = count_all(json, box);
    ck_assert_msg(found == (uint64_t)regions, "%llu regions, expected %ld:\n%s",
                  (unsigned long long)found, regions, json);
}

static void expect_free(char *json, const char *box, long regions)
{
    expect(json, box, regions);
    free(json);
}

/* Where no closed form is at hand. */
static void agree_free(char *json, const char *box)
{
    expect_free(json, box, oracle_count(json, box));
}

/* One or two hidden layers, written as the rows of {weight, bias}. */
#define RELU(weight, bias)                                                                         \
    "{\"weight\": " weight ", \"bias\": " bias ", \"activation\": \"relu\"}, "
#define LINEAR(weight, bias)                                                                       \
    "{\"weight\": " weight ", \"bias\": " bias ", \"activation\": \"linear\"}"
#define NET(input, layers) "{\"input\": " input ", \"layers\": [" layers "]}"

static const struct {
    const char *json, *box;
    long regions;
} plain[] = {
    /* No switching unit at all: one region. */
    {NET("3", LINEAR("[[1, 2, 3]]", "[4]")), NULL, 1},
    {NET("3", LINEAR("[[1, 2, 3]]", "[4]")), "0:1", 1},
    {NET("1", LINEAR("[[1], [2]]", "[0, 0]") ", " LINEAR("[[1, 2]]", "[0]")), NULL, 1},
    /* A linear layer below: relu of x + y and of 2(x + y) is one line. */
    {NET("2",
         LINEAR("[[1, 1]]", "[0]") ", " RELU("[[1], [2]]", "[0, 0]") LINEAR("[[1, 1]]", "[0]")),
     NULL, 2},
    /* A diagonal of the square, twice: it crosses no edge.  Then the other one as well. */
    {NET("2", RELU("[[1, -1], [2, -2]]", "[0, 0]") LINEAR("[[1, 1]]", "[0]")), "-1:1", 2},
    {NET("2", RELU("[[1, -1], [2, -2], [1, 1]]", "[0, 0, 0]") LINEAR("[[1, 1, 1]]", "[0]")), "-1:1",
     4},
    /* Only zero rows: one region, whatever the bias. */
    {NET("2", RELU("[[0, 0], [0, 0], [0, 0]]", "[1, 0, -1]") LINEAR("[[1, 1, 1]]", "[0]")), NULL,
     1},
    {NET("2", RELU("[[0, 0]]", "[0]") LINEAR("[[1]]", "[0]")), "-1:1", 1},
    /* Layer 1 dead everywhere, so layer 2 is constant: -1, 0 and 1. */
    {NET("2", RELU("[[0, 0]]", "[-1]") RELU("[[1], [1], [1]]", "[-1, 0, 1]")
                  LINEAR("[[1, 1, 1]]", "[0]")),
     NULL, 1},
    /* h = relu x: -h-1 is off, h+1 on, -h and h vanish for x < 0: 2. */
    {NET("1", RELU("[[1]]", "[0]") RELU("[[-1], [1], [-1], [1]]", "[-1, 1, 0, 0]")
                  LINEAR("[[1, 1, 1, 1]]", "[0]")),
     NULL, 2},
    /* relu x - relu -x is the identity, but two regions. */
    {NET("1", RELU("[[1], [-1]]", "[0, 0]") LINEAR("[[1, -1]]", "[0]")), NULL, 2},
    {NET("1", RELU("[[1], [-1]]", "[0, 0]") RELU("[[1, -1]]", "[0]") LINEAR("[[1]]", "[0]")), NULL,
     2},
    /* |x| - 1: borders at -1, 0, 1. */
    {NET("1", RELU("[[1], [-1]]", "[0, 0]") RELU("[[1, 1]]", "[-1]") LINEAR("[[1]]", "[0]")), NULL,
     4},
    /* 2 relu x - relu 2x vanishes everywhere: 2. */
    {NET("1", RELU("[[1], [2]]", "[0, 0]") RELU("[[2, -1], [-2, 1]]", "[0, 0]")
                  LINEAR("[[1, 1]]", "[0]")),
     NULL, 2},
    /* 3 relu(0.1 x) - relu(0.3 x) is tiny for x > 0, its only zero is at 0: 2. */
    {NET("1", RELU("[[0.1], [0.3]]", "[0, 0]") RELU("[[3, -1]]", "[0]") LINEAR("[[1]]", "[0]")),
     NULL, 2},
    /* Quadrants; +-(h1 + h2) vanish on one and touch the others at (0,0) or
     * along an edge: 4. */
    {NET("2", RELU("[[1, 0], [0, 1]]", "[0, 0]") RELU("[[1, 1], [-1, -1]]", "[0, 0]")
                  LINEAR("[[1, 1]]", "[0]")),
     NULL, 4},
    /* h1 - h2 splits the first quadrant only: 5. */
    {NET("2", RELU("[[1, 0], [0, 1]]", "[0, 0]") RELU("[[1, -1]]", "[0]") LINEAR("[[1]]", "[0]")),
     NULL, 5},
    /* x + y = 1 - relu terms: on x,y > 0 the line h1 + h2 = 1, on the sides
     * h = 1, on the last quadrant nothing: 3 * 2 + 1. */
    {NET("2", RELU("[[1, 0], [0, 1]]", "[0, 0]") RELU("[[1, 1]]", "[-1]") LINEAR("[[1]]", "[0]")),
     NULL, 7},
    /* max(-y, min(0,-x)): 4 quadrants by x and y; h1 - h2 + h3 vanishes with
     * x = y on the first only: 5. */
    {NET("2", RELU("[[1, 0], [0, 1], [0, -1]]", "[0, 0, 0]")
                  RELU("[[1, -1, 1], [1, 0, 0]]", "[0, 0]") LINEAR("[[1, -1]]", "[0]")),
     NULL, 5},
    /* Crossing x = 0 flips three to five units at once: 2, and 4 with y. */
    {NET("1", RELU("[[1], [-1]]", "[0, 0]") RELU("[[1, 0], [0, 1], [1, -1]]", "[0, 0, 0]")
                  LINEAR("[[1, 1, 1]]", "[0]")),
     NULL, 2},
    {NET("2", RELU("[[1, 0], [-1, 0], [0, 1]]", "[0, 0, 0]") RELU(
                  "[[1, 0, 0], [0, 1, 0], [1, -1, 0]]", "[0, 0, 0]") LINEAR("[[1, 1, 1]]", "[0]")),
     NULL, 4},
    /* Coincident lines in opposite directions, with a crossing line: 4. */
    {NET("2", RELU("[[1, 2], [-1, -2], [3, 6], [1, 0]]", "[1, -1, 3, 0]")
                  LINEAR("[[1, 1, 1, 1]]", "[0]")),
     NULL, 4},
    /* Coincidence across layers: relu(relu(x)) and relu(1 - relu(1-x)) repeat
     * x = 0 and add nothing but x = 1, which layer 1 has: 3. */
    {NET("1", RELU("[[1], [-1]]", "[0, 1]") RELU("[[1, 0], [0, -1]]", "[0, 1]")
                  LINEAR("[[1, 1]]", "[0]")),
     NULL, 3},
    /* Parallel: n + 1 strips, bounded and not. */
    {NET("1", RELU("[[1], [1], [1], [1]]", "[0, 1, 2, 3]") LINEAR("[[1, 1, 1, 1]]", "[0]")), NULL,
     5},
    {NET("1", RELU("[[1], [1], [1], [1]]", "[0, 1, 2, 3]") LINEAR("[[1, 1, 1, 1]]", "[0]")), "-2:0",
     2},
    {NET("1", RELU("[[1], [1], [1], [1]]", "[0, 1, 2, 3]") LINEAR("[[1, 1, 1, 1]]", "[0]")),
     "-5/2:-1/2", 3},
    /* A grid of 3 and 2 lines: 4 * 3, of which 2 bounded. */
    {NET("2", RELU("[[1, 0], [1, 0], [1, 0], [0, 1], [0, 1]]", "[0, 1, 2, 0, 1]")
                  LINEAR("[[1, 1, 1, 1, 1]]", "[0]")),
     NULL, 12},
    /* A triangle: 7; within a box inside of it 1, around it 7. */
    {NET("2", RELU("[[1, 0], [0, 1], [-1, -1]]", "[0, 0, 3]") LINEAR("[[1, 1, 1]]", "[0]")), NULL,
     7},
    {NET("2", RELU("[[1, 0], [0, 1], [-1, -1]]", "[0, 0, 3]") LINEAR("[[1, 1, 1]]", "[0]")),
     "1/2:1", 1},
    {NET("2", RELU("[[1, 0], [0, 1], [-1, -1]]", "[0, 0, 3]") LINEAR("[[1, 1, 1]]", "[0]")), "-9:9",
     7},
    /* Five inputs, only one matters. */
    {NET("5", RELU("[[0, 0, 1, 0, 0], [0, 0, 1, 0, 0]]", "[0, 1]") LINEAR("[[1, 1]]", "[0]")), NULL,
     3},
    {NET("5", RELU("[[0, 0, 1, 0, 0], [0, 0, 1, 0, 0]]", "[0, 1]") LINEAR("[[1, 1]]", "[0]")),
     "-2:2", 3},
    /* Three lines in one point: 6; missed by the least binary64: 7. */
    {NET("2", RELU("[[1, 0], [0, 1], [1, 1]]", "[0, 0, 0]") LINEAR("[[1, 1, 1]]", "[0]")), NULL, 6},
    {NET("2", RELU("[[1, 0], [0, 1], [1, 1]]", "[0, 0, 4.9406564584124654e-324]")
                  LINEAR("[[1, 1, 1]]", "[0]")),
     NULL, 7},
    /* Faces of the box on x = 0, x = 1, y = 1/3; only x = 1/2 cuts. */
    {NET("2", RELU("[[1, 0], [0, 3]]", "[0, -1]") LINEAR("[[1, 1]]", "[0]")), "0:1,0:1/3", 1},
    {NET("2", RELU("[[1, 0], [1, 0], [0, 3], [2, 0]]", "[0, -1, -1, -1]")
                  LINEAR("[[1, 1, 1, 1]]", "[0]")),
     "0:1,0:1/3", 2},
    /* Lines through corners: x + y = 0 and 2 touch, 1 cuts through two. */
    {NET("2", RELU("[[1, 1], [1, 1]]", "[0, -2]") LINEAR("[[1, 1]]", "[0]")), "0:1", 1},
    {NET("2", RELU("[[1, 1], [1, 1], [1, 1]]", "[0, -2, -1]") LINEAR("[[1, 1, 1]]", "[0]")), "0:1",
     2},
    /* The face x = 1 on a border of layer 2: h = relu x, h - 1. */
    {NET("1", RELU("[[1]]", "[0]") RELU("[[1]]", "[-1]") LINEAR("[[1]]", "[0]")), "-1:1", 2},
    /* The binary64 0.1 is above 1/10, the string is not: a sliver or none. */
    {NET("1", RELU("[[1]]", "[-0.1]") LINEAR("[[1]]", "[0]")), "0.1:1", 2},
    {NET("1", RELU("[[1]]", "[\"-0.1\"]") LINEAR("[[1]]", "[0]")), "0.1:1", 1},
    {NET("1", RELU("[[1]]", "[-0.1]") LINEAR("[[1]]", "[0]")), "0:0.1", 1},
    /* A box 1e-12 wide with a cut inside, one on a face and one outside. */
    {NET("1", RELU("[[1], [1], [1]]", "[\"-5e-13\", 0, \"-2e-12\"]") LINEAR("[[1, 1, 1]]", "[0]")),
     "0:1e-12", 2},
    /* 3 * 0.1 rounds up in binary, so 3x = 1 and its copy differ: 3 regions;
     * the copy of x = 1 is exact: 2. */
    {NET("1", RELU("[[3], [0.30000000000000004]]", "[-1, -0.1]") LINEAR("[[1, 1]]", "[0]")), NULL,
     3},
    {NET("1", RELU("[[1], [0.1]]", "[-1, -0.1]") LINEAR("[[1, 1]]", "[0]")), NULL, 2},
    /* 3x + y = 0 and its rounded copy are two lines through 0. */
    {NET("2", RELU("[[3, 1], [0.30000000000000004, 0.1]]", "[0, 0]") LINEAR("[[1, 1]]", "[0]")),
     NULL, 4},
    /* Far ends of binary64: two borders in one input. */
    {NET("1", RELU("[[1e300], [1e-300]]", "[-1e-300, 1e300]") LINEAR("[[1e300, 1e-300]]", "[0]")),
     NULL, 3},
};

START_TEST(hand_written)
{
    expect(plain[_i].json, plain[_i].box, plain[_i].regions);
}
END_TEST

START_TEST(copies)
{
    /* A copy times any factor repeats a border that is there already. */
    static const char *const factors[] = {"1", "2", "-1", "1/3", "0.1", "-1e-9", "0x1p60"};
    for (size_t f = 0; f < REPEATS(factors); f++)
        for (uint64_t seed = 1; seed <= 2; seed++) {
            char *base = nets_general(2, 5, seed);
            expect_free(nets_copy_unit(base, 0, 2, factors[f]), NULL, 16);
            free(base);
            base = nets_general(3, 4, seed);
            char *once = nets_copy_unit(base, 0, 0, factors[f]);
            expect_free(nets_copy_unit(once, 0, 4, "-3"), NULL, 15);
            free(once);
            free(base);
            base = nets_whole((int[]){2, 3, 3, 1}, 4, 2, seed);
            long regions = oracle_count(base, NULL);
            expect_free(nets_copy_unit(base, 1, 1, factors[f]), NULL, regions);
            expect_free(nets_copy_unit(base, 0, 1, factors[f]), NULL, regions);
            free(base);
        }
}
END_TEST

START_TEST(zero_rows)
{
    static const char *const biases[] = {"1", "0", "-1", "1e-30"};
    for (size_t b = 0; b < REPEATS(biases); b++) {
        char *base = nets_general(2, 5, 3);
        expect_free(nets_zero_row(base, 0, biases[b]), NULL, 16);
        expect_free(nets_zero_row(base, 0, biases[b]), "-1:1", oracle_count(base, "-1:1"));
        free(base);
        base = nets_whole((int[]){3, 3, 3, 1}, 4, 2, b);
        long regions = oracle_count(base, NULL);
        expect_free(nets_zero_row(base, 0, biases[b]), NULL, regions);
        expect_free(nets_zero_row(base, 1, biases[b]), NULL, regions);
        free(base);
    }
}
END_TEST

START_TEST(folds_of_the_plane)
{
    /* Outside the square whole layers vanish, rows are identically zero. */
    agree_free(nets_fold(4, 1, 3), NULL);
    agree_free(nets_fold(5, 1, 3), NULL);
    agree_free(nets_fold(4, 2, 3), NULL);
    agree_free(nets_fold(4, 2, 3), "-1:2");
}
END_TEST

START_TEST(scaled_layers)
{
    static const char *const factors[] = {"1e9", "1e-12", "0x1p40", "0x1p-60", "0x1p200"};
    for (size_t f = 0; f < REPEATS(factors); f++) {
        char *base = nets_general(3, 6, f);
        expect_free(nets_scale_layer(base, 0, factors[f]), NULL, 42);
        free(base);
        for (uint64_t seed = 0; seed < 4; seed++) {
            int widths[] = {3, 4, 4, 1};
            base = seed % 2 ? nets_whole(widths, 4, 2, seed) : nets_smooth(seed, 9);
            long regions = oracle_count(base, NULL);
            expect_free(nets_scale_layer(base, 0, factors[f]), NULL, regions);
            char *below = nets_scale_units(base, seed);
            expect_free(nets_scale_layer(below, 0, factors[f]), NULL, regions);
            free(below);
            free(base);
        }
    }
}
END_TEST

/* Two lines that meet at distance 2^k, with the axes. */
START_TEST(far_away)
{
    static const int exponents[] = {20, 30, 45, 60, 100, 400};
    for (size_t e = 0; e < REPEATS(exponents); e++) {
        char small[32], large[32];
        snprintf(small, sizeof small, "0x1p-%d", exponents[e]);
        snprintf(large, sizeof large, "0x1p%d", exponents[e]);
        oracle_net *net = nets_new(2, (int[]){3, 1}, 2);
        nets_set(net, 0, 0, 0, "1");
        nets_set(net, 0, 1, 1, "1");
        nets_set(net, 0, 2, 0, small);
        nets_set(net, 0, 2, 1, "-1");
        nets_set(net, 0, 2, 2, "-1");
        char *json = nets_text(net, NULL);
        expect(json, NULL, 7);
        /* Four quadrants near 0; the third line cuts off a sliver at the bottom
         * of the fourth, and in the larger box passes below 0 through both. */
        expect(json, "-1:1", 5);
        expect(json, "-2:2", 6);
        free(json);
        /* The triangle (0,0), (2^k,0), (0,2^k). */
        nets_set(net, 0, 2, 0, "1");
        nets_set(net, 0, 2, 1, "1");
        nets_set(net, 0, 2, 2, large);
        json = nets_text(net, NULL);
        expect(json, NULL, 7);
        expect(json, "-1:1", 4);
        free(json);
        oracle_free(net);
    }
}
END_TEST

START_TEST(thin_strips)
{
    /* Ten parallel lines 1e-11 apart: 11 strips, halved by one line: 22.  As
     * a slanted pencil of binary64 numbers around 1 as well. */
    static const char *const slope[][2] = {{"1", "0"}, {"0.3333333333333333", "1"}};
    static const char *const cross[][2] = {{"0", "1"}, {"1", "-0.7"}};
    for (int shape = 0; shape < 2; shape++) {
        oracle_net *net = nets_new(2, (int[]){11, 1}, 2);
        for (int k = 0; k < 10; k++) {
            nets_set(net, 0, k, 0, slope[shape][0]);
            nets_set(net, 0, k, 1, slope[shape][1]);
            mpq_set_d(*nets_at(net, 0, k, 2), shape - k * 1e-11);
        }
        nets_set(net, 0, 10, 0, cross[shape][0]);
        nets_set(net, 0, 10, 1, cross[shape][1]);
        expect_free(nets_text(net, NULL), NULL, 22);
        oracle_free(net);
    }
    /* The same strips as borders of a second layer: h = relu(x + 1). */
    oracle_net *net = nets_new(1, (int[]){1, 10, 1}, 3);
    nets_set(net, 0, 0, 0, "1");
    nets_set(net, 0, 0, 1, "1");
    for (int k = 0; k < 10; k++) {
        nets_set(net, 1, k, 0, "1");
        mpq_set_d(*nets_at(net, 1, k, 1), -1 - k * 1e-11);
    }
    expect_free(nets_text(net, NULL), NULL, 12);
    oracle_free(net);
}
END_TEST

START_TEST(quantised)
{
    static const int shapes[][6] = {
        {2, 5, 5, 1}, {4, 6, 4, 1}, {3, 4, 3, 4, 1}, {5, 8, 1}, {6, 7, 1}};
    static const int counts[] = {4, 4, 5, 3, 3};
    for (int range = 1; range <= 127; range += 126)
        for (uint64_t seed = 0; seed < (getenv("CREASE_LONG") ? 4 : 1); seed++) {
            char *json = nets_whole(shapes[_i], counts[_i], range, seed);
            agree_free(nets_permute(json, seed), NULL);
            agree_free(json, "-1:1");
        }
}
END_TEST

enum { SIDES = 35, LINES = 4 };

/* a x + b y + c = 0 */
typedef struct {
    double a, b, c;
} line;

/* The regions of lines that all meet the box [-50, 50]^2, no three of them in one point. */
static uint64_t regions_in_box(const line *list, int count)
{
    uint64_t regions = 1 + (uint64_t)count;
    for (int i = 0; i < count; i++)
        for (int k = 0; k < i; k++) {
            double det = list[i].a * list[k].b - list[k].a * list[i].b;
            double x = (list[i].b * list[k].c - list[k].b * list[i].c) / det;
            double y = (list[k].a * list[i].c - list[i].a * list[k].c) / det;
            double top = fmax(fabs(x), fabs(y));
            ck_assert(fabs(top - 50) > 1e-6);
            regions += top < 50;
        }
    return regions;
}

/* Tangents of a circle, so that one cell has as many sides; x + 100 and y + 100, which are positive
 * in the box, and from which a second layer makes four lines. */
START_TEST(many_sides)
{
    char json[16384], *end = json;
    line list[SIDES + LINES];
    for (int k = 0; k < SIDES; k++)
        list[k] = (line){cos(0.01 + 2 * 3.14159265358979 / SIDES * k),
                         sin(0.01 + 2 * 3.14159265358979 / SIDES * k), 1};
    for (int u = 0; u < LINES; u++)
        list[SIDES + u] = (line){3 * u - 4, 2 * u * u + 1, 0.3 - 0.2 * u};
    end += sprintf(end, "{\"input\": 2, \"layers\": [{\"weight\": [[1, 0], [0, 1]");
    for (int k = 0; k < SIDES; k++)
        end += sprintf(end, ", [%.17g, %.17g]", list[k].a, list[k].b);
    end += sprintf(end, "], \"bias\": [100, 100");
    for (int k = 0; k < SIDES; k++)
        end += sprintf(end, ", 1");
    end += sprintf(end, "], \"activation\": \"relu\"}, {\"weight\": [");
    for (int u = 0; u < LINES; u++) {
        end += sprintf(end, "%s[%g, %g", u ? ", " : "", list[SIDES + u].a, list[SIDES + u].b);
        for (int k = 0; k < SIDES; k++)
            end += sprintf(end, ", 0");
        end += sprintf(end, "]");
    }
    end += sprintf(end, "], \"bias\": [");
    for (int u = 0; u < LINES; u++) {
        const line *own = &list[SIDES + u];
        end += sprintf(end, "%s%.17g", u ? ", " : "", own->c - 100 * (own->a + own->b));
    }
    sprintf(end, "], \"activation\": \"relu\"}, "
                 "{\"weight\": [[1, 1, 1, 1]], \"bias\": [0], \"activation\": \"linear\"}]}");
    ck_assert_uint_eq(count_all(json, "-50:50"), regions_in_box(list, SIDES + LINES));
}
END_TEST

START_TEST(slivers)
{
    for (uint64_t seed = 0; seed < (getenv("CREASE_LONG") ? 6 : 2); seed++) {
        char *base = nets_general(2, 3, seed), *more;
        for (int u = 0; u < 3; u++) {
            more = nets_rounded_copy(base, 0, u, 0.1);
            free(base);
            base = more;
        }
        /* Twice as many lines, in general position or not: the oracle knows. */
        agree_free(nets_permute(base, seed), NULL);
        agree_free(base, "-1:1");
        base = nets_whole((int[]){2, 3, 2, 1}, 4, 9, seed);
        more = nets_rounded_copy(base, 0, 0, 0.1);
        agree_free(nets_rounded_copy(more, 1, 1, 0.1), NULL);
        free(more);
        free(base);
    }
}
END_TEST

/* Three hyperplanes that share a face through the box, exactly, though their values in doubles are
 * rounded. */
START_TEST(pencils)
{
    uint64_t state = 1;
    for (int i = 0; i < 20; i++) {
        int inputs = 2 + i % 3;
        oracle_net *net = nets_new(inputs, (const int[]){3, 1}, 2);
        mpq_t *at = oracle_zeros((size_t)inputs + 2), *factor = &at[inputs], *part = factor + 1;
        for (int j = 0; j < inputs; j++)
            mpq_set_d(at[j], rational_random(&state) / 2);
        for (int u = 0; u < 2; u++) {
            mpq_t *row = nets_at(net, 0, u, 0), *sum = nets_at(net, 0, 2, 0);
            mpq_set_d(*factor, rational_random(&state));
            for (int j = 0; j < inputs; j++) {
                mpq_set_d(row[j], rational_random(&state));
                mpq_mul(*part, row[j], at[j]);
                mpq_sub(row[inputs], row[inputs], *part);
            }
            for (int j = 0; j <= inputs; j++) {
                mpq_mul(*part, *factor, row[j]);
                mpq_add(sum[j], sum[j], *part);
            }
        }
        for (int u = 0; u < 3; u++)
            mpq_set_si(*nets_at(net, 1, 0, u), 1, 1);
        expect_free(nets_text(net, NULL), "-1:1", 6);
        oracle_drop(at, (size_t)inputs + 2);
        oracle_free(net);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("degenerate");
    TCase *tcase = support_case(suite, "degenerate", 300);
    tcase_add_loop_test(tcase, hand_written, 0, (int)REPEATS(plain));
    tcase_add_test(tcase, copies);
    tcase_add_test(tcase, pencils);
    tcase_add_test(tcase, zero_rows);
    tcase_add_test(tcase, folds_of_the_plane);
    tcase_add_test(tcase, scaled_layers);
    tcase_add_test(tcase, far_away);
    tcase_add_test(tcase, thin_strips);
    tcase_add_loop_test(tcase, quantised, 0, 5);
    tcase_add_test(tcase, many_sides);
    tcase_add_test(tcase, slivers);
    return support_run(suite);
}
