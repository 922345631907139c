/* Counts by every definition of a region: values from the literature, closed forms, an oracle that
 * finds neighbours and compares maps by exact LPs and fractions, and changes of a network that
 * keep its function and so the numbers of open-connected and affine regions.
 *
 * Environment: CREASE_CLASSES_NETS how many random networks, CREASE_CLASSES_SEED the first. */
#include "support/counting.h"
#include "support/nets.h"
#include "support/oracle.h"
#include "support/support.h"

#include "cell/pattern.h"
#include "search/search.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { BLOCKS = 10, MOST_WIDTHS = 6, BOX_TEXT = 128 };

static crease_domain *domain_of(const char *box, const crease_network *network)
{
    crease_domain *domain = NULL;
    crease_error error = {""};
    ck_assert_msg(!box || !crease_domain_box(box, crease_network_inputs(network), &domain, &error),
                  "%s", error.text);
    return domain;
}

static crease_options options_of(crease_definition definition, int threads)
{
    crease_options options;
    crease_options_default(&options);
    options.definition = definition;
    options.threads = threads;
    return options;
}

static crease_result count(const char *json, const char *box, const crease_options *options)
{
    crease_result result;
    crease_error error = {""};
    crease_network *network = support_network(json);
    crease_domain *domain = domain_of(box, network);
    ck_assert_msg(!crease_count(network, domain, options, &result, &error), "%s", error.text);
    crease_domain_free(domain);
    crease_network_free(network);
    return result;
}

static bool same(oracle_classes a, oracle_classes b)
{
    return a.activation == b.activation && a.open_connected == b.open_connected &&
           a.affine == b.affine;
}

static void expect(const char *json, const char *box, oracle_classes expected)
{
    for (int threads = 1; threads <= 3; threads++) {
        oracle_classes found = count_classes(json, box, threads);
        ck_assert_msg(same(found, expected),
                      "%d threads: %ld %ld %ld, expected %ld %ld %ld\n%s\nbox %s", threads,
                      found.activation, found.open_connected, found.affine, expected.activation,
                      expected.open_connected, expected.affine, json, box ? box : "none");
    }
}

/* ---- Known values ---- */

#define NET(inputs, layers) "{\"input\": " #inputs ", \"layers\": [" layers "]}"
#define RELU(weight, bias) \
    "{\"weight\": " weight ", \"bias\": " bias ", \"activation\": \"relu\"}"
#define LINEAR(weight, bias) \
    "{\"weight\": " weight ", \"bias\": " bias ", \"activation\": \"linear\"}"

/* max(-y, min(0, -x)) = relu(relu(x) - y) - relu(relu(x)), y passed on as relu(y) - relu(-y). */
#define MAX_MIN \
    NET(2, RELU("[[1, 0], [0, 1], [0, -1]]", "[0, 0, 0]") "," RELU( \
               "[[1, -1, 1], [1, 0, 0]]", "[0, 0]") "," LINEAR("[[1, -1]]", "[0]"))

/* relu(x) - relu(-x) = x. */
#define IDENTITY NET(1, RELU("[[1], [-1]]", "[0, 0]") "," LINEAR("[[1, -1]]", "[0]"))

/* relu(x) - 2 relu(x - 1) + relu(x - 2): a hat, 0 on both sides. */
#define HAT NET(1, RELU("[[1], [1], [1]]", "[0, -1, -2]") "," LINEAR("[[1, -2, 1]]", "[0]"))

/* relu(x - relu(x + y)) + relu(y - relu(x + y)), x and y passed on as differences of two units,
 * whose borders x = 0 and y = 0 are those of the second layer: six cones, as without. The map is
 * 0 on two of them, which meet at the origin only. */
#define PINWHEEL \
    NET(2, RELU("[[1, 1], [1, 0], [-1, 0], [0, 1], [0, -1]]", "[0, 0, 0, 0, 0]") "," RELU( \
               "[[-1, 1, -1, 0, 0], [-1, 0, 0, 1, -1]]", "[0, 0]") "," LINEAR("[[1, 1]]", "[0]"))

/* relu(1 - |x| - relu(y)): 0 around a tent without end, whose two sides do not meet in y < 0. */
#define TENT \
    NET(2, RELU("[[1, 0], [-1, 0], [0, 1]]", "[0, 0, 0]") "," RELU( \
               "[[-1, -1, -1]]", "[1]") "," LINEAR("[[1]]", "[0]"))

/* relu(x - 1) - 2 relu(q - 1) + relu(q - 3) with q = relu(-x), the first layer in thirds: x - 1 on
 * both sides, its constant once from biases of the first layer and once from the second. */
#define TWO_PATHS \
    NET(1, RELU("[[\"1/3\"], [\"-1/3\"]]", "[\"-1/3\", 0]") "," RELU( \
               "[[3, 0], [0, 3], [0, 3]]", "[0, -1, -3]") "," LINEAR("[[1, -2, 1]]", "[\"1/7\"]"))

START_TEST(literature)
{
    expect(MAX_MIN, NULL, (oracle_classes){5, 3, 3});
    expect(IDENTITY, NULL, (oracle_classes){2, 1, 1});
    expect(HAT, NULL, (oracle_classes){4, 4, 3});
    expect(PINWHEEL, NULL, (oracle_classes){6, 6, 5});
    expect(TWO_PATHS, NULL, (oracle_classes){5, 4, 3});
}
END_TEST

/* The border of a box is no facet, and what lies outside does not count. */
START_TEST(in_boxes)
{
    expect(HAT, "1/2:3/2", (oracle_classes){2, 2, 2});
    expect(HAT, "0:2", (oracle_classes){2, 2, 2});
    expect(HAT, "-1:1", (oracle_classes){2, 2, 2});
    expect(HAT, "-1:3", (oracle_classes){4, 4, 3});
    expect(HAT, "3:5", (oracle_classes){1, 1, 1});
    expect(IDENTITY, "-1:1", (oracle_classes){2, 1, 1});
    expect(IDENTITY, "0:1", (oracle_classes){1, 1, 1});
    expect(PINWHEEL, "-1:1", (oracle_classes){6, 6, 5});
    expect(PINWHEEL, "0:1", (oracle_classes){1, 1, 1});
    expect(TENT, NULL, (oracle_classes){8, 5, 5});
    expect(TENT, "-2:2,-2:-1", (oracle_classes){4, 4, 3});
    expect(TENT, "2:3", (oracle_classes){1, 1, 1});
}
END_TEST

START_TEST(nothing_to_count)
{
    expect(NET(2, LINEAR("[[1, 2]]", "[3]")), NULL, (oracle_classes){1, 1, 1});
    expect(NET(2, RELU("[[0, 0]]", "[1]") "," LINEAR("[[1]]", "[0]")), NULL,
           (oracle_classes){1, 1, 1});
    /* A unit off on all of the box: a region without neighbours. */
    expect(NET(2, RELU("[[1, 1]]", "[-9]") "," LINEAR("[[1]]", "[0]")), "0:1",
           (oracle_classes){1, 1, 1});
    /* An output that reads nothing. */
    expect(NET(2, RELU("[[1, 1], [1, -1]]", "[0, 1]") "," LINEAR("[[0, 0]]", "[7]")), NULL,
           (oracle_classes){4, 1, 1});
}
END_TEST

/* ---- Closed forms ---- */

/* The identity of R^n. */
static char *pass_through(int n)
{
    oracle_net *net = nets_new(n, (int[]){2 * n, n}, 2);
    for (int i = 0; i < n; i++)
        for (int side = 0; side < 2; side++) {
            nets_set(net, 0, 2 * i + side, i, side ? "-1" : "1");
            nets_set(net, 1, i, 2 * i + side, side ? "-1" : "1");
        }
    char *text = nets_text(net, NULL);
    oracle_free(net);
    return text;
}

/* The sum over the inputs of k hats side by side, at 0..2, 3..5 and so on. */
static char *hats(int n, int k)
{
    oracle_net *net = nets_new(n, (int[]){3 * k * n, 1}, 2);
    char text[16];
    for (int i = 0; i < n; i++)
        for (int u = 0; u < 3 * k; u++) {
            snprintf(text, sizeof text, "%d", -u);
            nets_set(net, 0, 3 * k * i + u, i, "1");
            nets_set(net, 0, 3 * k * i + u, n, text);
            nets_set(net, 1, 0, 3 * k * i + u, u % 3 == 1 ? "-2" : "1");
        }
    char *json = nets_text(net, NULL);
    oracle_free(net);
    return json;
}

/* On each axis the map is 0, x - 3 i or 2 + 3 i - x, i < k: m axes where it is not 0 have 2^m
 * gradients, and constants in m (k - 1) + 1 steps of 3. */
static oracle_classes hats_counts(int n, int k)
{
    oracle_classes counts = {.activation = 1};
    long choose = 1;
    for (int m = 0; m <= n; choose = choose * (n - m) / (m + 1), m++)
        counts.affine += choose * (1L << m) * (m * (k - 1) + 1);
    for (int i = 0; i < n; i++)
        counts.activation *= 3 * k + 1;
    counts.open_connected = counts.activation;
    return counts;
}

START_TEST(closed_forms)
{
    for (int n = 1; n <= 7; n++) {
        char *json = pass_through(n);
        expect(json, n % 2 ? NULL : "-1:2", (oracle_classes){1L << n, 1, 1});
        free(json);
    }
    for (int n = 1; n <= 3; n++)
        for (int k = 1; k <= (n == 1 ? 20 : 4 - n); k++) {
            char *json = hats(n, k);
            expect(json, NULL, hats_counts(n, k));
            free(json);
        }
}
END_TEST

/* ---- Random networks ---- */

/* Makes unit v of the layer a multiple of unit u, and lets the next layer read them so that
 * they cancel, add up to a linear function, or vanish. */
static void pair_units(oracle_net *net, int layer, uint64_t *state)
{
    const oracle_layer *own = &net->layer[layer], *next = own + 1;
    int u = (int)nets_between(state, 0, own->width - 1);
    int v = (int)nets_between(state, 0, own->width - 1);
    long sign = nets_between(state, 0, 1) ? 1 : -1, kind = nets_between(state, 0, 2);
    for (int j = 0; j <= own->fan && u != v; j++) {
        mpq_set(*nets_at(net, layer, v, j), *nets_at(net, layer, u, j));
        if (sign < 0)
            mpq_neg(*nets_at(net, layer, v, j), *nets_at(net, layer, v, j));
    }
    for (int r = 0; r < next->width; r++) {
        mpq_t *first = nets_at(net, layer + 1, r, u), *second = nets_at(net, layer + 1, r, v);
        if (kind == 0)
            mpq_set_si(*first, 0, 1);
        else if (u != v)
            mpq_neg(*second, *first);
    }
}

/* Makes three units a hat.  The next layer reads the others, or only a few of them. */
static void add_hat(oracle_net *net, int layer, int few)
{
    static const long factor[] = {1, -2, 1};
    for (int u = 0; u < 3; u++) {
        for (int j = 0; j <= net->layer[layer].fan; j++)
            mpq_set(*nets_at(net, layer, u, j), *nets_at(net, layer, 0, j));
        mpq_t *bias = nets_at(net, layer, u, net->layer[layer].fan);
        mpz_submul_ui(mpq_numref(*bias), mpq_denref(*bias), (unsigned long)u);
        for (int r = 0; r < net->layer[layer + 1].width; r++)
            mpq_set_si(*nets_at(net, layer + 1, r, u), (r + 1) * factor[u], 1);
    }
    for (int u = 3 + few; u < net->layer[layer].width; u++)
        for (int r = 0; r < net->layer[layer + 1].width; r++)
            mpq_set_si(*nets_at(net, layer + 1, r, u), 0, 1);
}

/* Often with few units in the last hidden layer, which are off in places that do not meet. */
static char *coincident(uint64_t *state)
{
    int widths[MOST_WIDTHS] = {0}, hidden = (int)nets_between(state, 1, 3);
    widths[0] = (int)nets_between(state, 1, 3);
    for (int l = 1; l <= hidden; l++)
        widths[l] = (int)(l == 1 ? nets_between(state, 2, hidden == 1 ? 7 : 5)
                                 : nets_between(state, 1, 3));
    widths[hidden + 1] = (int)nets_between(state, 1, 2);
    char *json = nets_whole(widths, hidden + 2, nets_between(state, 0, 3) ? 3 : 1,
                            nets_random(state));
    oracle_net *net = oracle_read(json);
    free(json);
    for (int l = 0; l < hidden; l++) {
        if (widths[l + 1] > 2 && nets_between(state, 0, 1))
            add_hat(net, l, (int)nets_between(state, 0, 3));
        for (long k = nets_between(state, 0, 2); k > 1; k--)
            pair_units(net, l, state);
        net->layer[l].kind = hidden == 1 || nets_between(state, 0, 9) ? ORACLE_RELU : ORACLE_LINEAR;
    }
    json = nets_text(net, NULL);
    oracle_free(net);
    if (nets_between(state, 0, 1))
        return json;
    char *scaled = nets_scale_units(json, nets_random(state));
    free(json);
    return scaled;
}

static void check_one(uint64_t seed)
{
    static const char *const domains[] = {NULL, NULL, "-1:1", "0:2", "-3:1/2"};
    uint64_t state = seed;
    char *json = coincident(&state);
    const char *box = domains[nets_between(&state, 0, 4)];
    oracle_classes expected = oracle_classify(json, box);
    oracle_classes found = count_classes(json, box, (int)nets_between(&state, 1, 2));
    ck_assert_msg(same(found, expected), "seed %llu: %ld %ld %ld, the oracle %ld %ld %ld\n%s\nbox %s",
                  (unsigned long long)seed, found.activation, found.open_connected, found.affine,
                  expected.activation, expected.open_connected, expected.affine, json,
                  box ? box : "none");
    free(json);
}

START_TEST(random_nets)
{
    long total = count_setting("CREASE_CLASSES_NETS", 1000);
    uint64_t first = (uint64_t)count_setting("CREASE_CLASSES_SEED", 1);
    for (long i = _i; i < total; i += BLOCKS)
        check_one(first + (uint64_t)i);
}
END_TEST

/* ---- Fingerprints ---- */

/* A walk that keeps only so many bits of a fingerprint. */
static oracle_classes with_bits(const char *json, const char *box, unsigned bits, int threads)
{
    crease_outcome outcome;
    crease_monitor monitor;
    crease_options options;
    crease_network *network = support_network(json);
    crease_domain *domain = domain_of(box, network);
    crease_model *model = crease_model_new(network, domain);
    uint8_t *start = calloc(model->units + 1, 1);
    mpq_t *x = oracle_zeros(crease_network_inputs(network));
    ck_assert(crease_model_pattern_at(network, domain, x, start));
    crease_options_default(&options);
    crease_monitor_begin(&monitor, &options);
    crease_walk_run(&(crease_task){.model = model, .options = &options, .start = start,
                                   .proposer = &crease_lp_dense, .threads = threads,
                                   .monitor = &monitor, .network = network,
                                   .definition = CREASE_DEFINITION_AFFINE, .print_bits = bits},
                    &outcome);
    oracle_drop(x, crease_network_inputs(network));
    free(start);
    crease_model_free(model);
    crease_domain_free(domain);
    crease_network_free(network);
    return (oracle_classes){(long)outcome.regions, (long)outcome.open_connected,
                            (long)outcome.affine};
}

/* Maps are compared exactly where fingerprints are equal, though here most or all are. */
START_TEST(equal_fingerprints)
{
    uint64_t state = 77;
    for (int i = 0; i < 60; i++) {
        char *json = i < 4 ? nets_small(nets_random(&state), 12, 3) : coincident(&state);
        const char *box = i % 3 ? NULL : "-2:3";
        oracle_net *net = oracle_read(json);
        bool plain = net->count > 1 && net->layer[net->count - 2].kind == ORACLE_RELU;
        oracle_classes expected = oracle_classify(json, box);
        for (unsigned bits = 0; bits <= 3 && plain && expected.activation > 1; bits++) {
            oracle_classes found = with_bits(json, box, bits, 1 + (int)bits % 2);
            ck_assert_msg(same(found, expected), "%u bits: %ld %ld %ld, expected %ld %ld %ld\n%s",
                          bits, found.activation, found.open_connected, found.affine,
                          expected.activation, expected.open_connected, expected.affine, json);
        }
        oracle_free(net);
        free(json);
    }
    char *many = hats(2, 2);
    ck_assert(same(with_bits(many, NULL, 0, 2), hats_counts(2, 2)));
    free(many);
}
END_TEST

/* ---- Limits and refusals ---- */

/* A run that stops gives no more than there are, and nothing that it does not know. */
START_TEST(stopped_early)
{
    char *json = hats(2, 3);
    oracle_classes all = hats_counts(2, 3);
    for (int what = CREASE_DEFINITION_OPEN_CONNECTED; what <= CREASE_DEFINITION_AFFINE; what++)
        for (uint64_t limit = 1; limit < (uint64_t)all.activation; limit += 7) {
            crease_options options = options_of((crease_definition)what, 1 + (int)limit % 2);
            options.limit_regions = limit;
            crease_result result = count(json, NULL, &options);
            ck_assert(!result.complete && result.stopped == CREASE_STOP_REGIONS);
            ck_assert(result.regions >= 1 && result.regions <= (uint64_t)all.affine);
            ck_assert(result.regions <= result.activation && result.activation >= limit);
            ck_assert(result.open_connected == 0 && result.affine == result.regions);
        }
    free(json);
    /* Pieces of one class, which are not yet joined. */
    json = pass_through(8);
    for (uint64_t limit = 1; limit < 256; limit += 50) {
        crease_options options = options_of(CREASE_DEFINITION_OPEN_CONNECTED, 1);
        options.limit_regions = limit;
        ck_assert_uint_eq(count(json, NULL, &options).regions, 1);
    }
    free(json);
}
END_TEST

static void refused(crease_options options, const char *path, const char *word)
{
    crease_result result;
    crease_error error = {""};
    crease_network *network = support_network(HAT);
    crease_status status =
        path ? crease_certify(network, NULL, &options, path, &result, &error)
             : crease_count(network, NULL, &options, &result, &error);
    ck_assert_int_eq(status, CREASE_INPUT);
    ck_assert_msg(!strncmp(error.text, word, strlen(word)), "%s", error.text);
    crease_network_free(network);
}

START_TEST(refusals)
{
    char directory[] = "/tmp/crease-XXXXXX", path[64];
    ck_assert(mkdtemp(directory));
    snprintf(path, sizeof path, "%s/certificate", directory);
    for (int what = CREASE_DEFINITION_OPEN_CONNECTED; what <= CREASE_DEFINITION_AFFINE; what++) {
        crease_options options = options_of((crease_definition)what, 1);
        refused(options, path, "definition");
        options.engine = CREASE_ENGINE_SPLIT;
        refused(options, NULL, "engine");
        options.engine = CREASE_ENGINE_WALK;
        ck_assert(count(HAT, NULL, &options).complete);
    }
    refused(options_of((crease_definition)3, 1), NULL, "definition");
    refused(options_of((crease_definition)-1, 1), NULL, "definition");
    ck_assert_msg(!rmdir(directory), "a certificate is left in %s", directory);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("definition");
    TCase *tcase = support_case(suite, "definition", 600);
    tcase_add_test(tcase, literature);
    tcase_add_test(tcase, in_boxes);
    tcase_add_test(tcase, nothing_to_count);
    tcase_add_test(tcase, closed_forms);
    tcase_add_test(tcase, equal_fingerprints);
    tcase_add_test(tcase, stopped_early);
    tcase_add_test(tcase, refusals);
    tcase_add_loop_test(tcase, random_nets, 0, BLOCKS);
    return support_run(suite);
}
