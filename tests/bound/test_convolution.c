/* Bounds of layers of filters: the sum of Theorem 2 against its definition, counts of random
 * filters below the bounds, and a network that reaches the lower one. */
#include "bound/bound.h"
#include "support/bounds.h"
#include "support/nets.h"
#include "support/support.h"

#include <crease.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT = 1 << 16, MOST_POSITIONS = 9 };

/* ---- Theorem 2 by its definition ---- */

/* The inputs of a position, a bit each. */
static unsigned window(const crease_bound_shape *from, const crease_bound_shape *to,
                       size_t position)
{
    unsigned set = 0;
    for (size_t r = 0; r < from->rows; r++)
        for (size_t c = 0; c < from->columns; c++) {
            size_t top = position / to->columns * to->stride;
            size_t left = position % to->columns * to->stride;
            bool inside =
                r >= top && r < top + to->filter_rows && c >= left && c < left + to->filter_columns;
            for (size_t k = 0; k < from->channels && inside; k++)
                set |= 1u << ((r * from->columns + c) * from->channels + k);
        }
    return set;
}

/* Has no set of positions more units than inputs? */
static bool fits(const crease_bound_shape *from, const crease_bound_shape *to, const size_t *t,
                 size_t positions)
{
    for (unsigned set = 1; set < 1u << positions; set++) {
        unsigned inputs = 0;
        size_t units = 0;
        for (size_t p = 0; p < positions; p++)
            if (set >> p & 1) {
                inputs |= window(from, to, p);
                units += t[p];
            }
        if (units > (size_t)__builtin_popcount(inputs))
            return false;
    }
    return true;
}

static void sum_by_definition(mpz_t sum, const crease_bound_shape *from,
                              const crease_bound_shape *to)
{
    size_t t[MOST_POSITIONS] = {0}, positions = to->rows * to->columns, at = 0;
    mpz_t term, factor;
    mpz_inits(term, factor, NULL);
    mpz_set_ui(sum, 0);
    while (at < positions) {
        mpz_set_ui(term, fits(from, to, t, positions));
        for (size_t p = 0; p < positions; p++) {
            mpz_bin_uiui(factor, to->channels, t[p]);
            mpz_mul(term, term, factor);
        }
        mpz_add(sum, sum, term);
        for (at = 0; at < positions && ++t[at] > to->channels; at++)
            t[at] = 0;
    }
    mpz_clears(term, factor, NULL);
}

START_TEST(definition)
{
    static const char *const texts[] = {
        "3x3x1,2x2x1",   "3x3x1,2x2x2", "3x3x1,2x2x3",   "3x3x1,2x2x4",   "4x4x1,2x2x1",
        "2x2x2,2x2x5",   "4x2x1,2x1x2", "3x2x2,2x2x4",   "2x4x1,2x2x3",   "4x4x1,2x2x3/2",
        "5x1x1,3x1x3",   "6x1x1,2x1x3", "7x1x1,3x1x2",   "6x1x1,3x1x2",   "7x1x1,2x1x3/3",
        "5x3x1,3x2x3/2", "4x1x2,1x1x3", "5x1x1,3x1x4/2", "3x3x1,1x3x3/2", "4x5x1,4x3x7/2"};
    mpz_t want, got;
    mpz_inits(want, got, NULL);
    for (size_t i = 0; i < REPEATS(texts); i++) {
        crease_bound_shape *shape = calloc(CREASE_BOUNDS_MOST + 2, sizeof *shape);
        size_t count;
        crease_error error;
        ck_assert_msg(!crease_bound_read_shapes(texts[i], shape, &count, &error), "%s", error.text);
        ck_assert(count == 2 && shape[1].rows * shape[1].columns <= MOST_POSITIONS);
        sum_by_definition(want, &shape[0], &shape[1]);
        ck_assert(crease_bound_windows(got, &shape[0], &shape[1]));
        ck_assert_msg(!mpz_cmp(want, got), "%s", texts[i]);
        free(shape);
    }
    mpz_clears(want, got, NULL);
}
END_TEST

/* ---- Worked values ---- */

static crease_bounds *of_shapes(const char *text)
{
    crease_bounds *bounds;
    crease_error error;
    ck_assert_msg(!crease_bounds_widths(text, 0, &bounds, &error), "%s: %s", text, error.text);
    return bounds;
}

static void expect(const char *text, const char *id, const char *want)
{
    crease_bounds *bounds = of_shapes(text);
    const crease_bound *b = bounds_find(bounds, id);
    ck_assert_msg(b->applies == (want != NULL) && (!want || !strcmp(b->value, want)),
                  "%s of %s: %s, not %s", id, text, b->applies ? b->value : b->note,
                  want ? want : "nothing");
    crease_bounds_free(bounds);
}

START_TEST(worked_values)
{
    expect("3x3x1,2x2x2", "xiong-2020-layer", "256");
    expect("3x3x1,2x2x3", "xiong-2020-layer", "4013");
    expect("3x3x1,2x2x4", "xiong-2020-layer", "48957");
    expect("3x3x1,2x2x2,2x2x2", "xiong-2020-layer", NULL);
    expect("3x3x1,2x2x2,2x2x4", "xiong-2020-upper", "4096");
    expect("3x3x1,2x2x4,2x2x4", "xiong-2020-upper", "783312");
    /* 2^4 Z(5, 4) */
    expect("3x3x1,2x2x2,2x2x5", "xiong-2020-lower", "496");
    expect("3x3x1,2x2x2", "xiong-2020-lower", NULL);
    expect("3x3x1,2x2x1", "xiong-2020-lower", "16");
    expect("3x3x3,2x2x2,2x2x5", "xiong-2020-lower", NULL);
    expect("3x3x1,2x2x2", "zaslavsky", NULL);
    expect("3x3x1,2x2x2", "trivial", "256");
    /* The windows share nothing: Z(3, 2) for each. */
    expect("4x1x1,2x1x3/2", "xiong-2020-layer", "49");
    expect("28x28x1,5x5x4", "xiong-2020-layer", NULL); /* too many terms */
    /* All sets fit: 2^100. */
    expect("14x14x1,5x5x1", "xiong-2020-layer", "1267650600228229401496703205376");
}
END_TEST

START_TEST(refused)
{
    static const char *const bad[] = {
        "3x3x1",         "3x3,2x2x1",     "3x3x1,2x2",     "3x3x1,4x2x1",
        "3x3x1,2x2x0",   "3x3x1/2,2x2x1", "3x3x1,2x2x1/0", "3x3x1,2x2x1/2/2",
        "3x3x1x1,2x2x1", "3x3x1,2",       "65x64x1,2x2x1", "9x9x1,1x1x51",
        "3x3x1,2x2x1,",  "x,x",           "3x3x1,2x2x1x1", "4096x4096x4096,1x1x1"};
    crease_bounds *bounds;
    crease_error error;
    for (size_t i = 0; i < REPEATS(bad); i++)
        ck_assert_msg(crease_bounds_widths(bad[i], 0, &bounds, &error) == CREASE_INPUT && !bounds &&
                          support_one_line(error.text),
                      "\"%s\" is accepted", bad[i]);
    ck_assert_int_eq(crease_bounds_widths("3x3x1,2x2x1", 3, &bounds, &error), CREASE_INPUT);
}
END_TEST

/* ---- Networks ---- */

static void append(char *text, const char *format, long value)
{
    size_t used = strlen(text);
    ck_assert(used + 32 < TEXT);
    snprintf(text + used, TEXT - used, format, value);
}

/* The rows and biases of a layer; weight[k][...] and bias[k] of filter k. */
static void append_layer(char *json, const crease_bound_shape *from, const crease_bound_shape *to,
                         const long *weight, const long *bias)
{
    size_t inputs = from->rows * from->columns * from->channels;
    size_t units = to->rows * to->columns * to->channels;
    size_t fan = to->filter_rows * to->filter_columns * from->channels;
    append(json, "{\"activation\": \"relu\", \"weight\": [", 0);
    for (size_t u = 0; u < units; u++) {
        size_t p = u / to->channels, k = u % to->channels, next = 0;
        unsigned set = window(from, to, p);
        for (size_t i = 0; i < inputs; i++)
            append(json, i ? ",%ld" : "[%ld", set >> i & 1 ? weight[k * fan + next++] : 0);
        append(json, u + 1 < units ? "]," : "]], \"bias\": [", 0);
    }
    for (size_t u = 0; u < units; u++)
        append(json, u ? ",%ld" : "%ld", bias[u % to->channels]);
    append(json, "]},", 0);
}

/* Random filters with weights up to range. */
static void write_network(char *json, const crease_bound_shape *shape, size_t count, long range,
                          uint64_t *state)
{
    long weight[256], bias[16];
    *json = 0;
    append(json, "{\"input\": %ld, \"layers\": [",
           (long)(shape[0].rows * shape[0].columns * shape[0].channels));
    for (size_t l = 1; l < count; l++) {
        size_t size = shape[l].filter_rows * shape[l].filter_columns * shape[l - 1].channels *
                      shape[l].channels;
        ck_assert(size <= REPEATS(weight) && shape[l].channels <= REPEATS(bias));
        for (size_t i = 0; i < size; i++)
            weight[i] = nets_between(state, -range, range);
        for (size_t k = 0; k < shape[l].channels; k++)
            bias[k] = nets_between(state, -range, range);
        append_layer(json, &shape[l - 1], &shape[l], weight, bias);
    }
    size_t last = shape[count - 1].rows * shape[count - 1].columns * shape[count - 1].channels;
    append(json, "{\"activation\": \"linear\", \"weight\": [", 0);
    for (size_t u = 0; u < last; u++)
        append(json, u ? ",%ld" : "[%ld", 1);
    append(json, "]], \"bias\": [0]}]}", 0);
}

static uint64_t count_of(const char *json)
{
    crease_network *network = support_network(json);
    crease_options options;
    crease_options_default(&options);
    options.threads = 1;
    crease_result result;
    ck_assert(!crease_count(network, NULL, &options, &result, NULL) && result.complete);
    uint64_t regions = result.regions;
    crease_network_free(network);
    return regions;
}

START_TEST(counts_stay_below)
{
    static const struct {
        const char *text;
        uint64_t generic; /* 0: not known */
    } cases[] = {{"3x3x1,2x2x2", 255},    {"3x3x1,2x2x3", 3998},    {"2x2x1,2x2x6", 57},
                 {"4x1x1,2x1x3/2", 49},   {"3x3x1,2x2x2,2x2x3", 0}, {"4x1x1,2x1x3,2x1x2", 0},
                 {"3x2x1,2x2x4,1x1x3", 0}};
    uint64_t state = (uint64_t)_i;
    char *json = malloc(TEXT);
    for (size_t i = 0; i < REPEATS(cases); i++) {
        crease_bound_shape *shape = calloc(CREASE_BOUNDS_MOST + 2, sizeof *shape);
        size_t count;
        ck_assert(!crease_bound_read_shapes(cases[i].text, shape, &count, NULL));
        bool generic = _i == 0;
        write_network(json, shape, count, generic ? 999 : 3, &state);
        uint64_t regions = count_of(json);
        ck_assert_msg(!generic || !cases[i].generic || regions == cases[i].generic,
                      "%s: %llu regions", cases[i].text, (unsigned long long)regions);
        crease_bounds *bounds = of_shapes(cases[i].text);
        bounds_check_count(bounds, regions, cases[i].text);
        bounds_check_order(bounds, cases[i].text);
        crease_bounds_free(bounds);
        free(shape);
    }
    free(json);
}
END_TEST

/* Each filter of the first layer looks at one pixel x: relu(2 x) and relu(4 x - 2) fold it twice
 * onto [0, 1], and the second layer reads their difference at four pixels, five lines in general
 * position through the cube. */
START_TEST(lower_is_reached)
{
    static const long plane[5][5] = {{40, 7, 3, 1, -26},
                                     {5, 41, 9, 2, -28},
                                     {2, 6, 43, 11, -31},
                                     {8, 3, 5, 47, -32},
                                     {13, 17, 19, 23, -37}};
    static const long pixel[8] = {2, 0, 0, 0, 4, 0, 0, 0}, shift[2] = {0, -2};
    long weight[5 * 8], bias[5];
    crease_bound_shape *shape = calloc(CREASE_BOUNDS_MOST + 2, sizeof *shape);
    size_t count;
    char *json = malloc(TEXT);
    ck_assert(!crease_bound_read_shapes("3x3x1,2x2x2,2x2x5", shape, &count, NULL));
    for (size_t k = 0; k < 5; k++) {
        for (size_t i = 0; i < 8; i++)
            weight[8 * k + i] = i % 2 ? -plane[k][i / 2] : plane[k][i / 2];
        bias[k] = plane[k][4];
    }
    strcpy(json, "{\"input\": 9, \"layers\": [");
    append_layer(json, &shape[0], &shape[1], pixel, shift);
    append_layer(json, &shape[1], &shape[2], weight, bias);
    strcat(json, "{\"activation\": \"linear\", \"weight\": [[1,1,1,1,1]], \"bias\": [0]}]}");
    uint64_t regions = count_of(json);
    crease_bounds *bounds = of_shapes("3x3x1,2x2x2,2x2x5");
    ck_assert_str_eq(bounds_find(bounds, "xiong-2020-lower")->value, "496");
    ck_assert_msg(regions >= 496, "%llu regions", (unsigned long long)regions);
    bounds_check_count(bounds, regions, json);
    crease_bounds_free(bounds);
    free(json);
    free(shape);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("convolution");
    TCase *tcase = support_case(suite, "convolution", 60);
    tcase_add_test(tcase, definition);
    tcase_add_test(tcase, worked_values);
    tcase_add_test(tcase, refused);
    tcase_add_loop_test(tcase, counts_stay_below, 0, 4);
    tcase_add_test(tcase, lower_is_reached);
    return support_run(suite);
}
