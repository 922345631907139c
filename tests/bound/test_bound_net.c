/* Bounds of given networks: measured counts below all upper bounds, ranks, and the bound from the
 * weights against an enumeration of all sets of active units.
 *
 * Environment: CREASE_BOUND_NETS how many random networks. */
#include "support/bounds.h"
#include "support/counting.h"
#include "support/nets.h"
#include "support/oracle.h"
#include "support/support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT = 128, MOST_LAYERS = 4 };

typedef struct {
    crease_network *network;
    crease_domain *domain;
    crease_bounds *bounds;
} bounded;

static bounded of_network(const char *json, const char *box)
{
    bounded b = {support_network(json), NULL, NULL};
    crease_error error = {""};
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

/* Counts, and compares with all bounds. */
static void check_count(const bounded *b, const char *what)
{
    crease_result result;
    crease_options options;
    crease_options_default(&options);
    options.threads = 1;
    ck_assert(!crease_count(b->network, b->domain, &options, &result, NULL));
    ck_assert(result.complete);
    bounds_check_count(b->bounds, result.regions, what);
    bounds_check_order(b->bounds, what);
    bounds_check_pair(b->bounds, "serra-2018-rank", "serra-2018-upper", what);
    bounds_check_pair(b->bounds, "serra-2020", "serra-2018-upper", what);
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
        "abs-1d",           "braid-4",         "fold-2d-4-4-4",          "max-min-2d",
        "moons-2-16-16-2",  "zigzag-1d-n4-l3", "breast-cancer-30-8-8-2", "iris-4-16-16-3",
        "digits-64-10-8-10"};
    size_t count = sizeof names / sizeof *names - (getenv("CREASE_LONG") ? 0 : 2);
    for (size_t i = 0; i < count; i++) {
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
            ck_assert(bounds_find(b.bounds, "serra-2020")->applies == boxed);
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
    ck_assert_str_eq(bounds_find(b.bounds, "serra-2018-rank")->value, "42");
    ck_assert_str_eq(bounds_find(b.bounds, "schlaefli")->value, "52");
    release(&b);
    free(braid);
    /* In general position.  Lower bounds of networks with biases are left out. */
    static const char *const other[] = {"zaslavsky", "serra-2018-lower", "montufar-2014"};
    static const char *const most[] = {"20", "1152", "524288", "83456"};
    static const int shape[][2] = {{2, 10}, {4, 16}, {10, 20}, {4, 64}};
    for (size_t i = 0; i < sizeof shape / sizeof *shape; i++) {
        char *central = nets_central(shape[i][0], shape[i][1], i);
        b = of_network(central, i % 2 ? "-1:1" : NULL);
        ck_assert_str_eq(bounds_find(b.bounds, "schlaefli")->value, most[i]);
        for (size_t j = 0; j < sizeof other / sizeof *other; j++)
            ck_assert(!bounds_find(b.bounds, other[j])->applies);
        bounds_check_order(b.bounds, central);
        if (i < 2)
            check_count(&b, central);
        release(&b);
        free(central);
    }
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
    ck_assert_str_eq(bounds_find(b.bounds, "serra-2018-rank")->value, "75");
    ck_assert_str_eq(bounds_find(b.bounds, "serra-2018-rank")->note, "ranks 3, 1");
    check_count(&b, "linear layer");
    release(&b);
    /* Nothing switches. */
    b = of_network("{\"input\": 2, \"layers\": [{\"weight\": [[1,1],[2,1]], \"bias\": [0,1],"
                   " \"activation\": \"linear\"}, {\"weight\": [[1,1]], \"bias\": [0],"
                   " \"activation\": \"linear\"}]}",
                   "0:1");
    ck_assert_str_eq(bounds_find(b.bounds, "trivial")->value, "1");
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
    ck_assert_str_eq(bounds_find(b.bounds, "serra-2020")->value, "1");
    ck_assert_str_eq(bounds_find(b.bounds, "serra-2020")->note, "stable units 3, 2");
    release(&b);
    /* The ends of an interval do not divide it: 0 is the border of unit 1, 2 of unit 3. */
    b = of_network(json, "0:2");
    ck_assert_str_eq(bounds_find(b.bounds, "serra-2020")->note, "stable units 3, 1");
    ck_assert_str_eq(bounds_find(b.bounds, "serra-2020")->value, "2");
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
    mpz_set_str(got, bounds_find(b.bounds, "serra-2020")->value, 10);
    ck_assert_msg(!mpz_cmp(want, got), "%s in %s: %s", json, box,
                  bounds_find(b.bounds, "serra-2020")->value);
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
    Suite *suite = suite_create("bounds of networks");
    TCase *tcase = support_case(suite, "bounds of networks", 3600);
    tcase_add_loop_test(tcase, counts_stay_below, 0, 10);
    tcase_add_test(tcase, shipped_networks);
    tcase_add_test(tcase, ranks);
    tcase_add_test(tcase, stable_units);
    tcase_add_loop_test(tcase, enumerated, 0, 10);
    return support_run(suite);
}
