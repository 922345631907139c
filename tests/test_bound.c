/* Bounds from the literature: worked values, the sums against their definitions term by term,
 * the bound from the weights against an enumeration of all sets of active units, order among the
 * bounds, and measured counts below all upper bounds.
 *
 * Environment: CREASE_BOUND_NETS how many random networks. */
#include "bound/bound.h"
#include "support/counting.h"
#include "support/nets.h"
#include "support/oracle.h"

#include <check.h>
#include <crease.h>
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

static const crease_bound *find(const crease_bounds *bounds, const char *id)
{
    for (size_t i = 0; i < crease_bounds_count(bounds); i++)
        if (!strcmp(crease_bounds_get(bounds, i)->id, id))
            return crease_bounds_get(bounds, i);
    ck_abort_msg("no bound %s", id);
    return NULL;
}

/* False if the bound does not apply. */
static bool value_of(const crease_bounds *bounds, const char *id, mpq_t value)
{
    const crease_bound *b = find(bounds, id);
    ck_assert_msg(b->applies == (b->value != NULL), "%s", id);
    ck_assert_msg(b->applies || *b->note, "%s does not say why it does not apply", id);
    if (b->applies)
        ck_assert_int_eq(mpq_set_str(value, b->value, 10), 0);
    return b->applies;
}

/* want NULL: does not apply. */
static void expect(const char *widths, size_t rank, const char *id, const char *want)
{
    crease_bounds *bounds = of_widths(widths, rank);
    const crease_bound *b = find(bounds, id);
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
    expect("2,10", 0, "schlaefli", "20");
    expect("4,16", 0, "zaslavsky", "2517");
    expect("4,16", 0, "schlaefli", "1152");
    expect("10,20", 0, "zaslavsky", "616666");
    expect("10,20", 0, "schlaefli", "524288");
    expect("4,64", 0, "zaslavsky", "679121");
    expect("4,64", 0, "schlaefli", "83456");
    expect("2,10,10", 0, "zaslavsky", NULL);
    expect("1,3,4", 0, "serra-2018-1d", "20");
    expect("1,2,4", 0, "serra-2018-1d", NULL);
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
    expect("2,1,4", 3, "maxout-montufar-2014-lower", NULL);
}
END_TEST

/* ---- Theorem 1 of Serra et al., term by term ---- */

static void add_terms(mpz_t sum, const mpz_t term, const crease_bound_case *given,
                      const size_t *rank, size_t l, size_t room)
{
    if (l == given->layers) {
        mpz_add(sum, sum, term);
        return;
    }
    size_t n = given->width[l], cap = rank ? rank[l] : n;
    for (size_t j = 0; j <= room && j <= cap; j++) {
        mpz_t next, choose;
        mpz_inits(next, choose, NULL);
        mpz_bin_uiui(choose, n, j);
        mpz_mul(next, term, choose);
        add_terms(sum, next, given, rank, l + 1, n - j < room ? n - j : room);
        mpz_clears(next, choose, NULL);
    }
}

START_TEST(term_by_term)
{
    uint64_t state = (uint64_t)_i;
    size_t width[MOST_LAYERS], rank[MOST_LAYERS];
    mpz_t one, want, got;
    mpz_inits(want, got, NULL);
    mpz_init_set_ui(one, 1);
    for (int trial = 0; trial < 100; trial++) {
        crease_bound_case given = {.inputs = (size_t)nets_between(&state, 1, 9),
                                   .layers = (size_t)nets_between(&state, 1, MOST_LAYERS),
                                   .width = width,
                                   .states = 2};
        for (size_t l = 0; l < given.layers; l++) {
            width[l] = (size_t)nets_between(&state, 1, 7);
            rank[l] = (size_t)nets_between(&state, 0, (long)width[l]);
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

/* Every lower and exact bound is at most every upper and exact one. */
static void check_order(const crease_bounds *bounds, const char *text)
{
    size_t count = crease_bounds_count(bounds);
    mpq_t a, b;
    mpq_inits(a, b, NULL);
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < count; j++) {
            const crease_bound *low = crease_bounds_get(bounds, i);
            const crease_bound *high = crease_bounds_get(bounds, j);
            /* Arrangements without biases are another maximum. */
            if (!(low->kind == CREASE_BOUND_LOWER || low->kind == CREASE_BOUND_EXACT) ||
                !(high->kind == CREASE_BOUND_UPPER || high->kind == CREASE_BOUND_EXACT) ||
                high->network || !strcmp(high->id, "schlaefli") || !value_of(bounds, low->id, a) ||
                !value_of(bounds, high->id, b))
                continue;
            ck_assert_msg(mpq_cmp(a, b) <= 0, "%s: %s %s > %s %s", text, low->id, low->value,
                          high->id, high->value);
        }
    mpq_clears(a, b, NULL);
}

static void check_pair(const crease_bounds *bounds, const char *small, const char *large,
                       const char *text)
{
    mpq_t a, b;
    mpq_inits(a, b, NULL);
    if (value_of(bounds, small, a) && value_of(bounds, large, b))
        ck_assert_msg(mpq_cmp(a, b) <= 0, "%s: %s > %s", text, small, large);
    mpq_clears(a, b, NULL);
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
        check_order(relu, text);
        check_order(maxout, text);
        check_pair(relu, "serra-2018-upper", "montufar-2017", text);
        check_pair(relu, "montufar-2017", "trivial", text);
        check_pair(relu, "pascanu-2013", "montufar-2014", text);
        check_pair(relu, "montufar-2014", "serra-2018-lower", text);
        check_pair(relu, "arora-2018", "serra-2018-arora", text);
        check_pair(relu, "schlaefli", "zaslavsky", text);
        check_pair(maxout, "maxout-montufar-2022-upper", "maxout-trivial", text);
        check_pair(maxout, "maxout-montufar-2022-layer", "maxout-montufar-2014-layer-upper", text);
        for (size_t i = 0; i < crease_bounds_count(relu); i++) {
            const crease_bound *b = crease_bounds_get(relu, i);
            mpq_t value;
            mpq_init(value);
            if (value_of(relu, b->id, value))
                ck_assert_double_eq_tol(b->log10, log10(mpq_get_d(value)), 1e-9);
            mpq_clear(value);
        }
        crease_bounds_free(relu);
        crease_bounds_free(maxout);
    }
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
            if (value_of(small, ids[i], a) && value_of(large, ids[i], b))
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
        ck_assert_str_eq(find(relu, "zaslavsky")->value,
                         find(two, "maxout-montufar-2022-layer")->value);
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
    ck_assert_int_eq(crease_bounds_widths("2,2", CREASE_MAX_UNITS + 1, &bounds, NULL),
                     CREASE_INPUT);
    ck_assert_int_eq(crease_bounds_widths("4096,4096", CREASE_MAX_UNITS, &bounds, NULL), CREASE_OK);
    crease_bounds_free(bounds);
    crease_bounds_free(NULL);
}
END_TEST

/* ---- Networks ---- */

typedef struct {
    crease_network *network;
    crease_domain *domain;
    crease_bounds *bounds;
} bounded;

static bounded of_network(const char *json, const char *box)
{
    bounded b = {NULL, NULL, NULL};
    crease_error error = {""};
    ck_assert_msg(!crease_network_parse(json, strlen(json), "test", &b.network, &error), "%s",
                  error.text);
    ck_assert(!box || !crease_domain_box(box, crease_network_inputs(b.network), &b.domain, &error));
    ck_assert_msg(!crease_bounds_network(b.network, b.domain, 0, &b.bounds, &error), "%s",
                  error.text);
    return b;
}

static void release(bounded *b)
{
    crease_bounds_free(b->bounds);
    crease_domain_free(b->domain);
    crease_network_free(b->network);
}

/* Counts, and compares with all upper bounds. */
static void check_count(const bounded *b, const char *what)
{
    crease_result result;
    mpq_t value;
    crease_options options;
    crease_options_default(&options);
    options.threads = 1;
    ck_assert(!crease_count(b->network, b->domain, &options, &result, NULL));
    ck_assert(result.complete);
    mpq_init(value);
    for (size_t i = 0; i < crease_bounds_count(b->bounds); i++) {
        const crease_bound *bound = crease_bounds_get(b->bounds, i);
        if ((bound->kind == CREASE_BOUND_UPPER || bound->kind == CREASE_BOUND_EXACT) &&
            value_of(b->bounds, bound->id, value))
            ck_assert_msg(mpq_cmp_ui(value, result.regions, 1) >= 0, "%s: %llu regions, %s is %s",
                          what, (unsigned long long)result.regions, bound->id, bound->value);
    }
    mpq_clear(value);
    check_pair(b->bounds, "serra-2018-rank", "serra-2018-upper", what);
    check_pair(b->bounds, "serra-2020", "serra-2018-upper", what);
}

START_TEST(counts_stay_below)
{
    static const char *const boxes[] = {NULL, "-1:1", "0:1/8", "-1/3:1/4", "2:2.001"};
    uint64_t state = (uint64_t)_i * 1000;
    long count = count_setting("CREASE_BOUND_NETS", 400) / 10;
    for (long i = 0; i < count; i++) {
        uint64_t seed = nets_random(&state);
        char *json =
            i % 2 ? nets_small(seed, 10, (int)nets_between(&state, 1, 3)) : nets_smooth(seed, 12);
        bounded b = of_network(json, boxes[nets_between(&state, 0, 4)]);
        check_count(&b, json);
        release(&b);
        free(json);
    }
}
END_TEST

START_TEST(shipped_networks)
{
    static const char *const names[] = {
        "abs-1d",           "braid-4",         "fold-2d-4-4-4",   "iris-4-16-16-3",
        "max-min-2d",       "moons-2-16-16-2", "zigzag-1d-n4-l3", "breast-cancer-30-8-8-2",
        "digits-64-10-8-10"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char path[TEXT];
        crease_error error;
        bounded b = {NULL, NULL, NULL};
        snprintf(path, sizeof path, "data/%s.json", names[i]);
        ck_assert_msg(!crease_network_read(path, &b.network, &error), "%s", error.text);
        for (int boxed = 0; boxed < 2; boxed++) {
            if (boxed)
                ck_assert(
                    !crease_domain_box("-1:1", crease_network_inputs(b.network), &b.domain, NULL));
            ck_assert(!crease_bounds_network(b.network, b.domain, 0, &b.bounds, NULL));
            check_count(&b, names[i]);
            ck_assert(find(b.bounds, "serra-2020")->applies == boxed);
            crease_bounds_free(b.bounds);
            b.bounds = NULL;
        }
        release(&b);
    }
}
END_TEST

/* The braid arrangement of R^4 has rank 3: Z(6, 3).  Its units have no biases: 2 Z(5, 3). */
START_TEST(ranks)
{
    char *braid = nets_braid(4);
    bounded b = of_network(braid, NULL);
    ck_assert_str_eq(find(b.bounds, "serra-2018-rank")->value, "42");
    ck_assert_str_eq(find(b.bounds, "schlaefli")->value, "52");
    release(&b);
    free(braid);
    /* A linear layer of one unit between two layers of four: Z(4, 3) Z(4, 1). */
    b = of_network(
        "{\"input\": 3, \"layers\": ["
        "{\"weight\": [[1,0,0],[0,1,0],[0,0,1],[1,1,1]], \"bias\": [0,0,0,1],"
        " \"activation\": \"relu\"},"
        "{\"weight\": [[1,2,3,4]], \"bias\": [1], \"activation\": \"linear\"},"
        "{\"weight\": [[1],[2],[-1],[3]], \"bias\": [1,2,3,4], \"activation\": \"relu\"},"
        "{\"weight\": [[1,1,1,1]], \"bias\": [0], \"activation\": \"linear\"}]}",
        "-1:1");
    ck_assert_int_eq((int)crease_bounds_layers(b.bounds), 2);
    ck_assert_str_eq(find(b.bounds, "serra-2018-rank")->value, "75");
    ck_assert_str_eq(find(b.bounds, "serra-2018-rank")->note, "ranks 3, 1");
    check_count(&b, "linear layer");
    release(&b);
    /* Nothing switches. */
    b = of_network("{\"input\": 2, \"layers\": [{\"weight\": [[1,1],[2,1]], \"bias\": [0,1],"
                   " \"activation\": \"linear\"}, {\"weight\": [[1,1]], \"bias\": [0],"
                   " \"activation\": \"linear\"}]}",
                   "0:1");
    ck_assert_str_eq(find(b.bounds, "trivial")->value, "1");
    check_count(&b, "linear");
    release(&b);
}
END_TEST

/* In a box where no unit switches there is one region. */
START_TEST(stable_units)
{
    const char *json = "{\"input\": 1, \"layers\": ["
                       "{\"weight\": [[1],[-1],[1]], \"bias\": [0,0,-2], \"activation\": \"relu\"},"
                       "{\"weight\": [[1,1,1],[1,0,1]], \"bias\": [\"-1/2\",1],"
                       " \"activation\": \"relu\"},"
                       "{\"weight\": [[1,1]], \"bias\": [0], \"activation\": \"linear\"}]}";
    bounded b = of_network(json, "1:3/2");
    ck_assert_str_eq(find(b.bounds, "serra-2020")->value, "1");
    ck_assert_str_eq(find(b.bounds, "serra-2020")->note, "stable units 3, 2");
    release(&b);
    /* The ends of an interval do not divide it: 0 is the border of unit 1, 2 of unit 3. */
    b = of_network(json, "0:2");
    ck_assert_str_eq(find(b.bounds, "serra-2020")->note, "stable units 3, 1");
    ck_assert_str_eq(find(b.bounds, "serra-2020")->value, "2");
    release(&b);
}
END_TEST

/* ---- The bound from the weights, by enumeration ---- */

typedef struct {
    const oracle_net *net;
    mpq_t *lo[MOST_LAYERS + 1], *hi[MOST_LAYERS + 1]; /* what layer l receives */
} enumeration;

/* Adds a weight times the end of an interval, the upper end of the product if up. */
static void add_product(mpq_t sum, mpq_t weight, mpq_t lo, mpq_t hi, bool up)
{
    mpq_t product;
    mpq_init(product);
    mpq_mul(product, weight, (mpq_sgn(weight) > 0) == up ? hi : lo);
    mpq_add(sum, sum, product);
    mpq_clear(product);
}

/* Can unit u of layer l, 0 the first, be positive (up) or negative with at most k active units
 * below?  All sets are tried; inputs count as active. */
static bool reaches(const enumeration *e, int l, int u, int k, bool up)
{
    const oracle_layer *layer = &e->net->layer[l];
    bool found = false;
    mpq_t sum;
    mpq_init(sum);
    int always = 0;
    for (int j = 0; j < layer->fan && l; j++)
        always += mpq_sgn(e->lo[l][j]) > 0;
    for (int set = l ? 0 : (1 << layer->fan) - 1; set < 1 << layer->fan && !found; set++) {
        bool allowed = !l || __builtin_popcount((unsigned)set) <= (k > always ? k : always);
        for (int j = 0; j < layer->fan && l; j++)
            allowed = allowed && (mpq_sgn(e->lo[l][j]) <= 0 || set >> j & 1);
        if (!allowed)
            continue;
        mpq_set(sum, layer->row[u * (layer->fan + 1) + layer->fan]);
        for (int j = 0; j < layer->fan; j++)
            if (set >> j & 1)
                add_product(sum, layer->row[u * (layer->fan + 1) + j], e->lo[l][j], e->hi[l][j],
                            up);
        found = up ? mpq_sgn(sum) > 0 : mpq_sgn(sum) < 0;
    }
    mpq_clear(sum);
    return found;
}

static void enumerate(const enumeration *e, int l, int k, int d, mpz_t sum)
{
    if (l == e->net->count - 1) {
        mpz_set_ui(sum, 1);
        return;
    }
    int able = 0, divided = 0;
    for (int u = 0; u < e->net->layer[l].width; u++) {
        bool up = reaches(e, l, u, k, true);
        able += up;
        divided += up && reaches(e, l, u, k, false);
    }
    mpz_set_ui(sum, 0);
    for (int j = 0; j <= divided && j <= d; j++) {
        mpz_t part, choose;
        mpz_inits(part, choose, NULL);
        enumerate(e, l + 1, able - j, able - j < d ? able - j : d, part);
        mpz_bin_uiui(choose, (unsigned long)divided, (unsigned long)j);
        mpz_addmul(sum, part, choose);
        mpz_clears(part, choose, NULL);
    }
}

/* The intervals behind each layer, clamped at 0. */
static void propagate(enumeration *e)
{
    for (int l = 0; l + 1 < e->net->count; l++) {
        const oracle_layer *layer = &e->net->layer[l];
        e->lo[l + 1] = oracle_zeros((size_t)layer->width);
        e->hi[l + 1] = oracle_zeros((size_t)layer->width);
        for (int u = 0; u < layer->width; u++) {
            mpq_t *lo = &e->lo[l + 1][u], *hi = &e->hi[l + 1][u];
            mpq_t *row = layer->row + u * (layer->fan + 1);
            mpq_set(*lo, row[layer->fan]);
            mpq_set(*hi, row[layer->fan]);
            for (int j = 0; j < layer->fan; j++) {
                add_product(*lo, row[j], e->lo[l][j], e->hi[l][j], false);
                add_product(*hi, row[j], e->lo[l][j], e->hi[l][j], true);
            }
            if (mpq_sgn(*lo) < 0)
                mpq_set_ui(*lo, 0, 1);
            if (mpq_sgn(*hi) < 0)
                mpq_set_ui(*hi, 0, 1);
        }
    }
}

static void check_enumeration(const char *json, const char *lo, const char *hi)
{
    char box[TEXT];
    enumeration e = {.net = oracle_read(json)};
    int inputs = e.net->input;
    e.lo[0] = oracle_zeros((size_t)inputs);
    e.hi[0] = oracle_zeros((size_t)inputs);
    for (int j = 0; j < inputs; j++) {
        mpq_set_str(e.lo[0][j], lo, 10);
        mpq_set_str(e.hi[0][j], hi, 10);
    }
    propagate(&e);
    mpz_t want, got;
    mpz_inits(want, got, NULL);
    enumerate(&e, 0, inputs, inputs, want);
    snprintf(box, sizeof box, "%s:%s", lo, hi);
    bounded b = of_network(json, box);
    mpz_set_str(got, find(b.bounds, "serra-2020")->value, 10);
    ck_assert_msg(!mpz_cmp(want, got), "%s in %s: %s", json, box,
                  find(b.bounds, "serra-2020")->value);
    check_count(&b, json);
    release(&b);
    mpz_clears(want, got, NULL);
    for (int l = 0; l < e.net->count; l++) {
        size_t width = (size_t)(l ? e.net->layer[l - 1].width : inputs);
        oracle_drop(e.lo[l], width);
        oracle_drop(e.hi[l], width);
    }
    oracle_free((oracle_net *)e.net);
}

START_TEST(enumerated)
{
    static const char *const box[][2] = {{"-1", "1"}, {"0", "1/4"}, {"-1/7", "2"}, {"1", "6/5"}};
    uint64_t state = (uint64_t)_i + 300;
    for (int trial = 0; trial < 20; trial++) {
        int widths[] = {(int)nets_between(&state, 1, 3), (int)nets_between(&state, 1, 4),
                        (int)nets_between(&state, 1, 4), (int)nets_between(&state, 1, 3), 1};
        char *json = nets_whole(widths, 5, 3, nets_random(&state));
        const char *const *pair = box[nets_between(&state, 0, 3)];
        check_enumeration(json, pair[0], pair[1]);
        free(json);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("bound");
    TCase *tcase = tcase_create("bound");
    tcase_set_timeout(tcase, 3600);
    tcase_add_test(tcase, worked_values);
    tcase_add_test(tcase, worked_maxout);
    tcase_add_loop_test(tcase, term_by_term, 0, 5);
    tcase_add_loop_test(tcase, order, 0, 5);
    tcase_add_loop_test(tcase, monotone, 0, 5);
    tcase_add_test(tcase, special_cases);
    tcase_add_test(tcase, refused);
    tcase_add_loop_test(tcase, counts_stay_below, 0, 10);
    tcase_add_test(tcase, shipped_networks);
    tcase_add_test(tcase, ranks);
    tcase_add_test(tcase, stable_units);
    tcase_add_loop_test(tcase, enumerated, 0, 10);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
