/* Counts by every definition of a region: values from the literature, closed forms, runs that stop
 * early, refusals. */
#include "support/counting.h"
#include "support/nets.h"
#include "support/oracle.h"
#include "support/support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static crease_options options_of(crease_definition definition, int threads)
{
    crease_options options;
    crease_options_default(&options);
    options.definition = definition;
    options.threads = threads;
    return options;
}

static crease_result count(const char *json, const crease_options *options)
{
    crease_result result;
    crease_error error = {""};
    crease_network *network = support_network(json);
    ck_assert_msg(!crease_count(network, NULL, options, &result, &error), "%s", error.text);
    crease_network_free(network);
    return result;
}

static void expect(const char *json, const char *box, oracle_classes expected)
{
    for (int threads = 1; threads <= 3; threads++)
        count_same(count_classes(json, box, threads), expected, json, box);
}

/* ---- Known values ---- */

#define NET(inputs, layers) "{\"input\": " #inputs ", \"layers\": [" layers "]}"
#define RELU(weight, bias) "{\"weight\": " weight ", \"bias\": " bias ", \"activation\": \"relu\"}"
#define LINEAR(weight, bias)                                                                       \
    "{\"weight\": " weight ", \"bias\": " bias ", \"activation\": \"linear\"}"

/* max(-y, min(0, -x)) = relu(relu(x) - y) - relu(relu(x)), y passed on as relu(y) - relu(-y). */
#define MAX_MIN                                                                                    \
    NET(2, RELU("[[1, 0], [0, 1], [0, -1]]", "[0, 0, 0]") "," RELU(                                \
               "[[1, -1, 1], [1, 0, 0]]", "[0, 0]") "," LINEAR("[[1, -1]]", "[0]"))

/* relu(x) - relu(-x) = x. */
#define IDENTITY NET(1, RELU("[[1], [-1]]", "[0, 0]") "," LINEAR("[[1, -1]]", "[0]"))

/* relu(x) - 2 relu(x - 1) + relu(x - 2): a hat, 0 on both sides. */
#define HAT NET(1, RELU("[[1], [1], [1]]", "[0, -1, -2]") "," LINEAR("[[1, -2, 1]]", "[0]"))

/* relu(x - relu(x + y)) + relu(y - relu(x + y)), x and y passed on as differences of two units,
 * whose borders x = 0 and y = 0 are those of the second layer: six cones, as without. The map is
 * 0 on two of them, which meet at the origin only. */
#define PINWHEEL                                                                                   \
    NET(2, RELU("[[1, 1], [1, 0], [-1, 0], [0, 1], [0, -1]]", "[0, 0, 0, 0, 0]") "," RELU(         \
               "[[-1, 1, -1, 0, 0], [-1, 0, 0, 1, -1]]", "[0, 0]") "," LINEAR("[[1, 1]]", "[0]"))

/* relu(1 - |x| - relu(y)): 0 around a tent without end, whose two sides do not meet in y < 0. */
#define TENT                                                                                       \
    NET(2, RELU("[[1, 0], [-1, 0], [0, 1]]",                                                       \
                "[0, 0, 0]") "," RELU("[[-1, -1, -1]]", "[1]") "," LINEAR("[[1]]", "[0]"))

/* relu(x - 1) - 2 relu(q - 1) + relu(q - 3) with q = relu(-x), the first layer in thirds: x - 1 on
 * both sides, its constant once from biases of the first layer and once from the second. */
#define TWO_PATHS                                                                                  \
    NET(1, RELU("[[\"1/3\"], [\"-1/3\"]]", "[\"-1/3\", 0]") "," RELU(                              \
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

/* ---- Limits and refusals ---- */

/* A run that stops gives no more than there are, and nothing that it does not know. */
START_TEST(stopped_early)
{
    char *json = hats(2, 3);
    oracle_classes all = hats_counts(2, 3);
    for (int what = CREASE_DEFINITION_OPEN_CONNECTED; what <= CREASE_DEFINITION_AFFINE; what++)
        for (uint64_t limit = 1; limit + 2 < (uint64_t)all.activation; limit += 7) {
            crease_options options = options_of((crease_definition)what, 1 + (int)limit % 2);
            options.limit_regions = limit;
            crease_result result = count(json, &options);
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
        ck_assert_uint_eq(count(json, &options).regions, 1);
    }
    free(json);
}
END_TEST

static void refused(crease_options options, const char *path, const char *word)
{
    crease_result result;
    crease_error error = {""};
    crease_network *network = support_network(HAT);
    crease_status status = path ? crease_certify(network, NULL, &options, path, &result, &error)
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
        ck_assert(count(HAT, &options).complete);
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
    tcase_add_test(tcase, stopped_early);
    tcase_add_test(tcase, refusals);
    return support_run(suite);
}
