/* Bounds of networks with given widths: worked values, the sums against their definitions term by
 * term, and order among the bounds. */
#include "bound/bound.h"
#include "support/bounds.h"
#include "support/nets.h"
#include "support/support.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT = 128, MOST_LAYERS = 4 };

/* ---- Reading results ---- */

static crease_bounds *of_widths(const char *widths, size_t rank)
{
    crease_bounds *bounds;
    crease_error error;
    ck_assert_msg(!crease_bounds_widths(widths, rank, &bounds, &error), "%s: %s", widths,
                  error.text);
    return bounds;
}

/* want NULL: does not apply. */
static void expect(const char *widths, size_t rank, const char *id, const char *want)
{
    crease_bounds *bounds = of_widths(widths, rank);
    const crease_bound *b = bounds_find(bounds, id);
    ck_assert_msg(b->applies == (want != NULL) && (!want || !strcmp(b->value, want)),
                  "%s of %s, rank %zu: %s, not %s", id, widths, rank,
                  b->applies ? b->value : b->note, want ? want : "nothing");
    crease_bounds_free(bounds);
}

/* ---- Worked values ---- */

static const struct {
    const char *widths, *upper_2017, *upper_serra, *lower_2014, *lower_serra;
} worked[] = {
    {"1,10,10", "121", "121", "110", "121"},
    {"2,10,10", "3136", "3136", "1400", "2016"},
    {"2,16,16,16", "2571353", "2571353", "561152", "898857"},
    {"4,16,16", "6335289", "6335289", "644352", "1573125"},
    {"5,8,8,8,8", "2300257521", "886087729", "219", NULL},
    {"784,11,11", "4194304", "2449868", NULL, NULL},
    {"784,10,10,10", "1073741824", "365139905", NULL, NULL},
};

START_TEST(worked_values)
{
    for (size_t i = 0; i < sizeof worked / sizeof *worked; i++) {
        expect(worked[i].widths, 0, "montufar-2017", worked[i].upper_2017);
        expect(worked[i].widths, 0, "serra-2018-upper", worked[i].upper_serra);
        expect(worked[i].widths, 0, "hinz-2019", worked[i].upper_serra);
        expect(worked[i].widths, 0, "montufar-2014", worked[i].lower_2014);
        expect(worked[i].widths, 0, "serra-2018-lower", worked[i].lower_serra);
    }
    expect("2,10,10", 0, "arora-2018", "100");
    expect("2,10,10", 0, "serra-2018-arora", "110");
    expect("2,10,10", 0, "pascanu-2013", "280");
    expect("2,11,10", 0, "arora-2018", NULL);
    expect("2,10,10,9", 0, "arora-2018", NULL);
    expect("2,10", 0, "zaslavsky", "56");
    expect("2,10", 0, "schlaefli", NULL); /* of networks without biases only */
    expect("4,16", 0, "zaslavsky", "2517");
    expect("10,20", 0, "zaslavsky", "616666");
    expect("4,64", 0, "zaslavsky", "679121");
    expect("2,10,10", 0, "zaslavsky", NULL);
    expect("1,3,4", 0, "serra-2018-1d", "20");
    expect("1,2,4", 0, "serra-2018-1d", NULL);
    /* Narrow layers. */
    expect("1,2,2,2,2", 0, "one-input", "47");
    expect("1,2,2,2,2", 0, "serra-2018-arora", NULL);
    expect("1,2,2,2,2", 0, "arora-2018", "16");
    expect("2,2,2", 0, "serra-2018-arora", "6");
    expect("2,2,2,2,2,2", 0, "serra-2018-arora", NULL);
    expect("2,2,3,3", 0, "serra-2018-arora", "32");
    expect("1,1,1,1,1", 0, "one-input", "5");
    expect("1,1,2,1", 0, "one-input", "6");
    expect("1,2,1,1", 0, "one-input", "7");
    expect("1,3,4", 0, "one-input", "20");
    expect("2,1", 0, "one-input", NULL);
    expect("3,70", 0, "trivial", "1180591620717411303424");
    expect("2,10,10", 0, "raghu-2017", "10000");
    expect("2,10,10", 0, "montufar-2014-growth", "2500");
    expect("2,10,10", 0, "montufar-2014-per-parameter", "25/2");
    expect("2,10,10", 0, "montufar-2014-shallow-growth", "400");
    expect("2,10,10", 0, "montufar-2014-shallow-per-parameter", "20");
    expect("3,10,11", 0, "raghu-2017", NULL);
    expect("2,10,10", 0, "hanin-2019", "204800");
    expect("3,4,3", 0, "hanin-2019-growth", "343/6");
    expect("10,4,3", 0, "hanin-2019-growth", NULL);
    /* 1 + 8 + (1 + ln 16) 8, up to thousandths */
    expect("1,8,8", 0, "hanin-2019-segment", "39181/1000");
    expect("2,8,8", 0, "hanin-2019-segment", NULL);
    expect("2,10,10", 0, "serra-2018-rank", NULL);
    expect("2,10,10", 0, "serra-2020", NULL);
}
END_TEST

START_TEST(worked_maxout)
{
    expect("2,4,4", 3, "maxout-trivial", "6561");
    expect("2,4,4", 3, "maxout-serra-2018-upper", "6241");
    expect("2,4,4", 3, "maxout-montufar-2022-upper", "1089");
    expect("2,4,4", 3, "maxout-montufar-2022-lower", "625");
    expect("2,4,6", 3, "maxout-montufar-2022-lower", NULL);
    expect("2,2", 3, "maxout-montufar-2022-layer", "9");
    expect("2,3", 3, "maxout-montufar-2022-layer", "19");
    expect("2,4", 3, "maxout-montufar-2022-layer", "33");
    expect("3,10", 3, "maxout-montufar-2022-layer", "1161");
    expect("2,2,2", 3, "maxout-montufar-2014-lower", "27");
    expect("2,2,2", 2, "maxout-montufar-2014-rank2", "16");
    expect("2,3", 3, "maxout-montufar-2014-layer-upper", "27");
    expect("2,9", 3, "maxout-montufar-2014-layer-upper", "3322");
    expect("2,3", 3, "maxout-montufar-2014-layer-lower", "9");
    /* (32 * 3 * 8)^2 C(6, 4) / 2 */
    expect("2,4,4", 3, "maxout-tseran-2021", "4423680");
    /* 16^2 (2 * 3 * 8) C(3, 2) */
    expect("2,4,4", 3, "maxout-tseran-2021-boundary", "36864");
    expect("2,1,4", 3, "maxout-montufar-2014-lower", NULL);
    /* Convex functions of one input: 1 + (k - 1) (2^L - 1). */
    expect("1,1,1", 3, "maxout-montufar-2014-lower", NULL);
    expect("1,1,1", 3, "maxout-one-input", "7");
    expect("1,1,1", 4, "maxout-one-input", "10");
    expect("1,1,1,1,1", 4, "maxout-one-input", "46");
    expect("1,1,2", 5, "maxout-montufar-2014-lower", NULL);
    expect("1,1,2", 5, "maxout-one-input", "21");
    expect("1,2,1", 5, "maxout-montufar-2014-lower", "25");
    expect("1,1,1", 2, "maxout-montufar-2014-lower", "4");
    expect("1,1", 5, "maxout-montufar-2014-lower", "5");
}
END_TEST

/* ---- Theorem 1 of Serra et al., term by term; every second loop for units with pieces ---- */

static void add_terms(mpz_t sum, const mpz_t term, const crease_bound_case *given,
                      const size_t *rank, size_t l, size_t room)
{
    if (l == given->layers) {
        mpz_add(sum, sum, term);
        return;
    }
    size_t n = given->width[l], cap = rank ? rank[l] : n;
    for (size_t j = 0; j <= room && j <= cap && j <= n; j++) {
        size_t left = n + given->unit[l].carry - (given->unit[l].flat ? j : 0);
        mpz_t next, factor;
        mpz_inits(next, factor, NULL);
        mpz_bin_uiui(next, n, j);
        mpz_ui_pow_ui(factor, given->unit[l].states - 1, j);
        mpz_mul(next, next, factor);
        mpz_mul(next, next, term);
        add_terms(sum, next, given, rank, l + 1, left < room ? left : room);
        mpz_clears(next, factor, NULL);
    }
}

START_TEST(term_by_term)
{
    uint64_t state = (uint64_t)_i;
    size_t width[MOST_LAYERS + 1], rank[MOST_LAYERS + 1];
    crease_bound_unit unit[MOST_LAYERS + 1];
    mpz_t one, want, got;
    mpz_inits(want, got, NULL);
    mpz_init_set_ui(one, 1);
    for (int trial = 0; trial < 100; trial++) {
        crease_bound_case given = {.inputs = (size_t)nets_between(&state, 1, 9),
                                   .layers = (size_t)nets_between(&state, 1, MOST_LAYERS),
                                   .width = width,
                                   .unit = unit};
        for (size_t l = 0; l < given.layers; l++) {
            width[l] = (size_t)nets_between(&state, 1, 7);
            rank[l] = (size_t)nets_between(&state, 0, (long)width[l]);
            unit[l].states = _i % 2 ? (size_t)nets_between(&state, 2, 4) : 2;
            unit[l].flat = _i % 2 ? nets_between(&state, 0, 1) : true;
            unit[l].carry = _i % 2 ? (size_t)nets_between(&state, 0, 2) : 0;
        }
        for (int with = 0; with < 2; with++) {
            mpz_set_ui(want, 0);
            add_terms(want, one, &given, with ? rank : NULL, 0, given.inputs);
            crease_bound_serra(got, &given, with ? rank : NULL);
            ck_assert_msg(!mpz_cmp(want, got), "n0 %zu, L %zu, n %zu %zu %zu %zu, rank form %d",
                          given.inputs, given.layers, width[0], width[1], width[2], width[3], with);
        }
    }
    mpz_clears(one, want, got, NULL);
}
END_TEST

/* ---- Order ---- */

static void random_widths(uint64_t *state, char *text, size_t *number, size_t *count)
{
    *count = (size_t)nets_between(state, 2, 5);
    size_t used = 0;
    for (size_t i = 0; i < *count; i++) {
        number[i] = (size_t)nets_between(state, 1, i ? 24 : 6);
        used += (size_t)snprintf(text + used, TEXT - used, "%s%zu", i ? "," : "", number[i]);
    }
}

START_TEST(order)
{
    uint64_t state = (uint64_t)_i + 100;
    for (int trial = 0; trial < 200; trial++) {
        char text[TEXT];
        size_t number[6], count;
        random_widths(&state, text, number, &count);
        size_t rank = (size_t)nets_between(&state, 2, 6);
        crease_bounds *relu = of_widths(text, 0), *maxout = of_widths(text, rank);
        bounds_check_order(relu, text);
        bounds_check_order(maxout, text);
        bounds_check_pair(relu, "serra-2018-upper", "montufar-2017", text);
        bounds_check_pair(relu, "montufar-2017", "trivial", text);
        bounds_check_pair(relu, "pascanu-2013", "montufar-2014", text);
        bounds_check_pair(relu, "montufar-2014", "serra-2018-lower", text);
        bounds_check_pair(relu, "arora-2018", "serra-2018-arora", text);
        bounds_check_pair(maxout, "maxout-montufar-2022-upper", "maxout-trivial", text);
        bounds_check_pair(maxout, "maxout-montufar-2022-layer", "maxout-montufar-2014-layer-upper",
                          text);
        for (size_t i = 0; i < crease_bounds_count(relu); i++) {
            const crease_bound *b = crease_bounds_get(relu, i);
            mpq_t value;
            mpq_init(value);
            if (bounds_value(relu, b->id, value))
                ck_assert_double_eq_tol(b->log10, log10(mpq_get_d(value)), 1e-9);
            mpq_clear(value);
        }
        crease_bounds_free(relu);
        crease_bounds_free(maxout);
    }
}
END_TEST

static void check_widths(const size_t *number, size_t count)
{
    char text[TEXT];
    size_t used = 0;
    for (size_t i = 0; i < count; i++)
        used += (size_t)snprintf(text + used, TEXT - used, "%s%zu", i ? "," : "", number[i]);
    for (size_t rank = 0; rank <= 4; rank += rank ? 1 : 2) {
        crease_bounds *bounds = of_widths(text, rank);
        bounds_check_order(bounds, text);
        crease_bounds_free(bounds);
    }
}

/* All networks of `count` - 1 layers with no more than `most` inputs and units in a layer. */
static void check_all(size_t count, size_t most)
{
    size_t number[TEXT], at = 0;
    for (size_t i = 0; i < count; i++)
        number[i] = 1;
    while (at < count) {
        check_widths(number, count);
        for (at = 0; at < count && ++number[at] > most; at++)
            number[at] = 1;
    }
}

/* Up to three layers, and deeper narrow ones. */
START_TEST(all_widths)
{
    check_all(2, 6);
    check_all(3, 6);
    check_all(4, 6);
    check_all(5, 3);
    check_all(6, 3);
    check_all(7, 2);
    check_all(8, 2);
}
END_TEST

/* One more unit, or one more input: no upper bound falls. */
START_TEST(monotone)
{
    static const char *const ids[] = {"trivial", "zaslavsky", "montufar-2017", "serra-2018-upper"};
    uint64_t state = (uint64_t)_i + 200;
    mpq_t a, b;
    mpq_inits(a, b, NULL);
    for (int trial = 0; trial < 100; trial++) {
        char text[TEXT], more[TEXT];
        size_t number[6], count, used = 0;
        random_widths(&state, text, number, &count);
        number[nets_between(&state, 0, (long)count - 1)]++;
        for (size_t i = 0; i < count; i++)
            used += (size_t)snprintf(more + used, TEXT - used, "%s%zu", i ? "," : "", number[i]);
        crease_bounds *small = of_widths(text, 0), *large = of_widths(more, 0);
        for (size_t i = 0; i < sizeof ids / sizeof *ids; i++)
            if (bounds_value(small, ids[i], a) && bounds_value(large, ids[i], b))
                ck_assert_msg(mpq_cmp(a, b) <= 0, "%s: %s > %s", ids[i], text, more);
        crease_bounds_free(small);
        crease_bounds_free(large);
    }
    mpq_clears(a, b, NULL);
}
END_TEST

static void expect_number(const char *widths, size_t rank, const char *id, double want)
{
    char text[TEXT];
    snprintf(text, sizeof text, "%.0f", want);
    expect(widths, rank, id, text);
}

START_TEST(special_cases)
{
    for (size_t n = 1; n <= 20; n++) {
        char text[TEXT];
        snprintf(text, sizeof text, "20,%zu", n);
        expect_number(text, 0, "zaslavsky", ldexp(1, (int)n));
        expect_number(text, 0, "serra-2018-upper", ldexp(1, (int)n));
        expect_number(text, 3, "maxout-montufar-2022-layer", pow(3, (double)n));
        snprintf(text, sizeof text, "1,%zu,%zu,3", n + 2, n + 5);
        expect_number(text, 0, "serra-2018-upper", (double)((n + 3) * (n + 6) * 4));
        expect_number(text, 0, "serra-2018-1d", (double)((n + 3) * (n + 6) * 4));
        snprintf(text, sizeof text, "1,%zu", n);
        /* n functions of k - 1 breaks each on a line. */
        expect_number(text, 5, "maxout-montufar-2022-layer", (double)(4 * n + 1));
        snprintf(text, sizeof text, "3,%zu", n);
        crease_bounds *relu = of_widths(text, 0), *two = of_widths(text, 2);
        ck_assert_str_eq(bounds_find(relu, "zaslavsky")->value,
                         bounds_find(two, "maxout-montufar-2022-layer")->value);
        crease_bounds_free(relu);
        crease_bounds_free(two);
    }
}
END_TEST

START_TEST(refused)
{
    static const char *const bad[] = {"",
                                      ",",
                                      "2",
                                      "2,",
                                      ",2",
                                      "2,,2",
                                      "0,2",
                                      "2,0",
                                      "2,4097",
                                      "4097,2",
                                      "2,4096,1",
                                      "2,a",
                                      "-2,2",
                                      "2, 2",
                                      "2,+2",
                                      "2;2",
                                      "2,18446744073709551618",
                                      "18446744073709551617,2"};
    crease_bounds *bounds;
    crease_error error;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        ck_assert_msg(crease_bounds_widths(bad[i], 0, &bounds, &error) == CREASE_INPUT && !bounds,
                      "\"%s\" is accepted", bad[i]);
    ck_assert_int_eq(crease_bounds_widths("2,2", 1, &bounds, &error), CREASE_INPUT);
    ck_assert_int_eq(crease_bounds_widths("2,2", CREASE_BOUNDS_MOST + 1, &bounds, NULL),
                     CREASE_INPUT);
    ck_assert_int_eq(crease_bounds_widths("4096,4096", CREASE_BOUNDS_MOST, &bounds, NULL),
                     CREASE_OK);
    crease_bounds_free(bounds);
    crease_bounds_free(NULL);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("bound");
    TCase *tcase = support_case(suite, "bound", 3600);
    tcase_add_test(tcase, worked_values);
    tcase_add_test(tcase, worked_maxout);
    tcase_add_loop_test(tcase, term_by_term, 0, 5);
    tcase_add_loop_test(tcase, order, 0, 5);
    tcase_add_test(tcase, all_widths);
    tcase_add_loop_test(tcase, monotone, 0, 5);
    tcase_add_test(tcase, special_cases);
    tcase_add_test(tcase, refused);
    return support_run(suite);
}
