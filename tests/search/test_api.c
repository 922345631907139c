/* The public interface: networks made in memory, names, the version, the stop flag. */
#include "support/support.h"

#include <inttypes.h>
#include <math.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>

/* ---- Networks made in memory ---- */

static const char all_activations[] =
    "{\"input\": 2, \"layers\": ["
    "{\"weight\": [[1, 0.1], [0, -2], [1, 1]], \"bias\": [0, 0.5, -1], \"activation\": \"relu\","
    " \"carry\": 1},"
    "{\"weight\": [[1, 2, 3], [0, 0, 1]], \"bias\": [\"1/3\", \"-1e-3\"],"
    " \"activation\": \"leaky_relu\", \"slope\": \"1/100\"},"
    "{\"weight\": [[1, 0], [0, 1], [1, 1], [2, 0]], \"bias\": [0, 0, 0, 0],"
    " \"activation\": \"maxout\", \"rank\": 2},"
    "{\"weight\": [[1, -1]], \"bias\": [0], \"activation\": \"clip\", \"low\": -1, \"high\": "
    "\"3/2\"},"
    "{\"weight\": [[1]], \"bias\": [0], \"activation\": \"abs\"},"
    "{\"weight\": [[1], [2]], \"bias\": [0, 7], \"activation\": \"linear\"}]}";

static crease_network *new_network(size_t inputs)
{
    crease_network *network;
    crease_error error;
    ck_assert_msg(!crease_network_new(inputs, &network, &error), "%s", error.text);
    return network;
}

static void add(crease_network *network, crease_layer_shape shape, const double *weight,
                const double *bias)
{
    crease_error error;
    ck_assert_msg(!crease_network_add_layer(network, &shape, weight, bias, &error), "%s",
                  error.text);
}

START_TEST(same_as_json)
{
    crease_network *read = support_network(all_activations), *made = new_network(2);
    char want[65], got[65];
    crease_error error;
    add(made, (crease_layer_shape){.activation = CREASE_RELU, .rows = 3, .columns = 2, .carry = 1},
        (const double[]){1, 0.1, 0, -2, 1, 1}, (const double[]){0, 0.5, -1});
    const char *const weight[] = {"1", "2/1", "0x1.8p1", "0", "-0", "1e0"};
    const char *const bias[] = {"2/6", "-0.001"};
    crease_layer_shape leaky = {
        .activation = CREASE_LEAKY_RELU, .rows = 2, .columns = 3, .parameter = {"0.01"}};
    ck_assert_msg(!crease_network_add_layer_text(made, &leaky, weight, bias, &error), "%s",
                  error.text);
    add(made, (crease_layer_shape){.activation = CREASE_MAXOUT, .rows = 4, .columns = 2, .rank = 2},
        (const double[]){1, 0, 0, 1, 1, 1, 2, 0}, NULL);
    add(made,
        (crease_layer_shape){
            .activation = CREASE_CLIP, .rows = 1, .columns = 2, .parameter = {"-1", "1.5"}},
        (const double[]){1, -1}, NULL);
    add(made, (crease_layer_shape){.activation = CREASE_ABS, .rows = 1, .columns = 1},
        (const double[]){1}, NULL);
    add(made, (crease_layer_shape){.activation = CREASE_LINEAR, .rows = 2, .columns = 1},
        (const double[]){1, 2}, (const double[]){0, 7});
    crease_network_digest(read, want);
    crease_network_digest(made, got);
    ck_assert_str_eq(got, want);
    crease_result a, b;
    ck_assert_int_eq(crease_count(read, NULL, NULL, &a, NULL), CREASE_OK);
    ck_assert_int_eq(crease_count(made, NULL, NULL, &b, NULL), CREASE_OK);
    ck_assert_uint_eq(a.regions, b.regions);
    crease_network_free(read);
    crease_network_free(made);
}
END_TEST

/* A second layer on two units, refused with the place in the message. */
static void refused(crease_layer_shape shape, const double *weight, const double *bias,
                    const char *place)
{
    crease_network *network = new_network(1);
    crease_error error = {""};
    char before[65], after[65];
    add(network, (crease_layer_shape){.activation = CREASE_RELU, .rows = 2, .columns = 1},
        (const double[]){1, 2}, NULL);
    crease_network_digest(network, before);
    ck_assert_int_eq(crease_network_add_layer(network, &shape, weight, bias, &error), CREASE_INPUT);
    ck_assert_msg(strstr(error.text, place) && support_one_line(error.text), "%s: %s", place,
                  error.text);
    crease_network_digest(network, after);
    ck_assert_str_eq(before, after);
    ck_assert_uint_eq(crease_network_layers(network), 1);
    crease_network_free(network);
}

START_TEST(bad_layers)
{
    const double good[] = {1, 2, 3, 4, 5, 6}, nan[] = {1, 2, 3, NAN};
    const double infinite[] = {0, -INFINITY};
    refused((crease_layer_shape){.activation = CREASE_RELU, .rows = 2, .columns = 3}, good, NULL,
            "layers[1].weight: 3 columns");
    refused((crease_layer_shape){.activation = CREASE_RELU, .rows = 0, .columns = 2}, good, NULL,
            "layers[1].weight: 0 rows");
    refused(
        (crease_layer_shape){.activation = CREASE_RELU, .rows = CREASE_MAX_UNITS + 1, .columns = 2},
        good, NULL, "layers[1].weight: 1048577 rows");
    refused((crease_layer_shape){.activation = CREASE_RELU, .rows = 2, .columns = 2}, NULL, NULL,
            "layers[1].weight: missing");
    refused((crease_layer_shape){.activation = CREASE_RELU, .rows = 2, .columns = 2}, nan, NULL,
            "layers[1].weight, row 1, column 1: NaN");
    refused((crease_layer_shape){.activation = CREASE_RELU, .rows = 2, .columns = 2}, good,
            infinite, "layers[1].bias, row 1");
    refused((crease_layer_shape){.activation = (crease_activation)77, .rows = 2, .columns = 2},
            good, NULL, "layers[1].activation");
    refused((crease_layer_shape){.activation = CREASE_MAXOUT, .rows = 3, .columns = 2, .rank = 2},
            good, NULL, "layers[1].weight: 3 rows");
    refused((crease_layer_shape){.activation = CREASE_MAXOUT, .rows = 2, .columns = 2}, good, NULL,
            "layers[1].rank: 0");
    refused((crease_layer_shape){.activation = CREASE_RELU, .rows = 2, .columns = 2, .carry = 3},
            good, NULL, "layers[1].carry");
    refused((crease_layer_shape){.activation = CREASE_LINEAR, .rows = 2, .columns = 2, .carry = 1},
            good, NULL, "layers[1].carry");
    refused((crease_layer_shape){.activation = CREASE_LEAKY_RELU, .rows = 2, .columns = 2}, good,
            NULL, "layers[1].slope");
    refused(
        (crease_layer_shape){
            .activation = CREASE_LEAKY_RELU, .rows = 2, .columns = 2, .parameter = {"1/0"}},
        good, NULL, "layers[1].slope");
    refused(
        (crease_layer_shape){
            .activation = CREASE_CLIP, .rows = 2, .columns = 2, .parameter = {"1", "1"}},
        good, NULL, "layers[1].low");
    crease_network *none = NULL;
    ck_assert_int_eq(crease_network_new(0, &none, NULL), CREASE_INPUT);
    ck_assert_int_eq(crease_network_new(CREASE_MAX_INPUTS + 1, &none, NULL), CREASE_INPUT);
    ck_assert_ptr_null(none);
}
END_TEST

START_TEST(bad_text)
{
    static const char *const bad[] = {"", "1/0", "x", "1 ", "nan", "inf", "1e9999", NULL};
    for (size_t i = 0; i < REPEATS(bad); i++) {
        crease_network *network = new_network(1);
        crease_error error = {""};
        const char *const weight[] = {"1", bad[i]};
        crease_layer_shape shape = {.activation = CREASE_RELU, .rows = 2, .columns = 1};
        ck_assert_int_eq(crease_network_add_layer_text(network, &shape, weight, NULL, &error),
                         CREASE_INPUT);
        ck_assert_msg(strstr(error.text, "layers[0].weight, row 1, column 0"), "%s", error.text);
        crease_network_free(network);
    }
}
END_TEST

/* Without a linear last layer there is an error wherever there can be one. */
START_TEST(unfinished)
{
    crease_network *network = new_network(1), *sliced;
    crease_result result;
    crease_error error;
    static const char slice[] = "{\"origin\": [0], \"directions\": [[1]]}";
    for (int layers = 0; layers < 2; layers++) {
        const char *place = layers ? "layers[0].activation" : "no layers";
        ck_assert_int_eq(crease_count(network, NULL, NULL, &result, &error), CREASE_INPUT);
        ck_assert_msg(strstr(error.text, place), "%s", error.text);
        ck_assert_int_eq(crease_network_write(network, "/nowhere/n.json", &error), CREASE_INPUT);
        ck_assert_msg(strstr(error.text, place), "%s", error.text);
        ck_assert_int_eq(
            crease_slice_parse(slice, strlen(slice), "slice", network, &sliced, &error),
            CREASE_INPUT);
        ck_assert_msg(strstr(error.text, place), "%s", error.text);
        if (!layers)
            add(network, (crease_layer_shape){.activation = CREASE_RELU, .rows = 1, .columns = 1},
                (const double[]){1}, NULL);
    }
    add(network, (crease_layer_shape){.activation = CREASE_LINEAR, .rows = 1, .columns = 1},
        (const double[]){1}, NULL);
    ck_assert_int_eq(crease_count(network, NULL, NULL, &result, &error), CREASE_OK);
    ck_assert_uint_eq(result.regions, 2);
    ck_assert_str_eq(result.digits, "2");
    crease_network_free(network);
}
END_TEST

/* ---- Names ---- */

#define ROUND_TRIP(type, name, find)                                                               \
    do {                                                                                           \
        unsigned values = 0;                                                                       \
        for (; name((type)values); values++) {                                                     \
            type back = (type)99;                                                                  \
            ck_assert(find(name((type)values), &back));                                            \
            ck_assert_uint_eq((unsigned)back, values);                                             \
        }                                                                                          \
        type kept = (type)1;                                                                       \
        ck_assert_uint_gt(values, 2);                                                              \
        ck_assert(!find("nothing", &kept) && !find("", &kept));                                    \
        ck_assert_uint_eq((unsigned)kept, 1);                                                      \
        ck_assert_ptr_null(name((type)1000));                                                      \
    } while (0)

START_TEST(names)
{
    ROUND_TRIP(crease_engine, crease_engine_name, crease_engine_find);
    ROUND_TRIP(crease_lp, crease_lp_name, crease_lp_find);
    ROUND_TRIP(crease_cell_kind, crease_cell_kind_name, crease_cell_kind_find);
    ROUND_TRIP(crease_merging, crease_merging_name, crease_merging_find);
    ROUND_TRIP(crease_definition, crease_definition_name, crease_definition_find);
    ROUND_TRIP(crease_activation, crease_activation_name, crease_activation_find);
    ROUND_TRIP(crease_weights, crease_weights_name, crease_weights_find);
    ck_assert_str_eq(crease_engine_name(CREASE_ENGINE_WALK), "walk");
    ck_assert_str_eq(crease_definition_name(CREASE_DEFINITION_AFFINE), "affine");
    ck_assert_str_eq(crease_activation_name(CREASE_MAXOUT), "maxout");
    ck_assert_str_eq(crease_stop_name(CREASE_STOP_ASKED), "asked");
    ck_assert_ptr_null(crease_stop_name((crease_stop)(CREASE_STOP_GAP + 1)));
    ck_assert_str_eq(crease_decision_name(CREASE_DECISION_POOL), "pool");
    ck_assert_ptr_null(crease_decision_name((crease_decision)(CREASE_DECISION_POOL + 1)));
    ck_assert_str_eq(crease_version(), CREASE_VERSION);
}
END_TEST

/* ---- Stopping ---- */

typedef struct {
    crease_network *network;
    crease_flag stop, begun;
    crease_result result;
    crease_status status;
} counted;

static void note_begin(void *context, const crease_progress *now)
{
    counted *c = context;
    atomic_store(&c->begun, now->regions > 0);
}

static void *count(void *context)
{
    counted *c = context;
    crease_options options;
    crease_options_default(&options);
    options.stop = &c->stop;
    options.threads = 1;
    options.progress = note_begin;
    options.progress_context = c;
    options.progress_interval = 0;
    c->status = crease_count(c->network, NULL, &options, &c->result, NULL);
    return NULL;
}

/* Far more regions than can be counted; the flag is set from this thread. */
START_TEST(stop_from_another_thread)
{
    enum { INPUTS = 12, UNITS = 60 };
    static double weight[UNITS * INPUTS], bias[UNITS], ones[UNITS];
    counted c = {.network = new_network(INPUTS)};
    pthread_t thread;
    for (int u = 0; u < UNITS; u++) {
        for (int j = 0; j < INPUTS; j++)
            weight[u * INPUTS + j] = (u + 1) * (j + 1) * (j + 2) % 17 - 8 + 0.125 * j;
        bias[u] = u * u % 11 - 5;
        ones[u] = 1;
    }
    add(c.network,
        (crease_layer_shape){.activation = CREASE_RELU, .rows = UNITS, .columns = INPUTS}, weight,
        bias);
    add(c.network, (crease_layer_shape){.activation = CREASE_LINEAR, .rows = 1, .columns = UNITS},
        ones, NULL);
    atomic_init(&c.stop, 0);
    atomic_init(&c.begun, 0);
    ck_assert_int_eq(pthread_create(&thread, NULL, count, &c), 0);
    while (!atomic_load(&c.begun))
        sched_yield();
    atomic_store(&c.stop, 1);
    pthread_join(thread, NULL);
    ck_assert_int_eq(c.status, CREASE_OK);
    ck_assert(!c.result.complete);
    ck_assert_int_eq(c.result.stopped, CREASE_STOP_ASKED);
    ck_assert_uint_gt(c.result.regions, 0);
    char digits[32];
    snprintf(digits, sizeof digits, "%" PRIu64, c.result.regions);
    ck_assert_str_eq(c.result.digits, digits);
    crease_network_free(c.network);
}
END_TEST

START_TEST(bad_options)
{
    crease_network *network = new_network(1);
    crease_result result;
    crease_error error;
    add(network, (crease_layer_shape){.activation = CREASE_LINEAR, .rows = 1, .columns = 1},
        (const double[]){1}, NULL);
    for (int bad = 0; bad < 4; bad++) {
        static const char *const name[] = {"limit_seconds", "limit_seconds", "threads",
                                           "definition"};
        crease_options options;
        crease_options_default(&options);
        if (bad < 2)
            options.limit_seconds = bad ? -1 : NAN;
        else if (bad == 2)
            options.threads = -1;
        else
            options.definition = (crease_definition)99;
        ck_assert_int_eq(crease_count(network, NULL, &options, &result, &error), CREASE_INPUT);
        ck_assert_msg(!strncmp(error.text, name[bad], strlen(name[bad])), "%s", error.text);
    }
    crease_network_free(network);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("public interface");
    TCase *test = support_case(suite, "api", 60);
    tcase_add_test(test, same_as_json);
    tcase_add_test(test, bad_layers);
    tcase_add_test(test, bad_text);
    tcase_add_test(test, unfinished);
    tcase_add_test(test, names);
    tcase_add_test(test, stop_from_another_thread);
    tcase_add_test(test, bad_options);
    return support_run(suite);
}
