/* What the reader makes of maxout layers and carried units: what it refuses, sizes and digests. */
#include <stdio.h> /* before gmp.h, which declares less without it */

#include "support/nets.h"
#include "support/support.h"
#include "support/texts.h"

#include <nettle/sha2.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Six rows of two inputs, then the rest of the layer; the output reads what comes. */
#define SIX "\"weight\": [[1,0],[0,1],[1,1],[2,0],[0,2],[2,2]], \"bias\": [0,0,1,0,0,1]"
#define OUT(ones) "{\"weight\": [[" ones "]], \"bias\": [0]" TAIL
#define NET(rest, ones) "{\"input\": 2, \"layers\": [{" SIX ", " rest "}, " OUT(ones) "]}"
#define MAXOUT "\"activation\": \"maxout\""
#define RELU "\"activation\": \"relu\""

static const struct {
    const char *text, *place;
} bad[] = {
    {NET(MAXOUT, "1,1"), "layers[0].rank"},
    {NET(MAXOUT ", \"rank\": 0", "1,1"), "layers[0].rank"},
    {NET(MAXOUT ", \"rank\": 1", "1,1,1,1,1,1"), "layers[0].rank"},
    {NET(MAXOUT ", \"rank\": -2", "1,1,1"), "layers[0].rank"},
    {NET(MAXOUT ", \"rank\": 2.5", "1,1"), "layers[0].rank"},
    {NET(MAXOUT ", \"rank\": 65", "1,1"), "layers[0].rank"},
    {NET(MAXOUT ", \"rank\": 1e300", "1,1"), "layers[0].rank"},
    {NET(MAXOUT ", \"rank\": \"2\"", "1,1,1"), "layers[0].rank"},
    {NET(MAXOUT ", \"rank\": \"6/3\"", "1,1,1"), "layers[0].rank"},
    {NET(MAXOUT ", \"rank\": true", "1,1"), "layers[0].rank"},
    {NET(MAXOUT ", \"rank\": null", "1,1"), "layers[0].rank"},
    {NET(MAXOUT ", \"rank\": [2]", "1,1,1"), "layers[0].rank"},
    {NET(MAXOUT ", \"rank\": 2, \"rank\": 2", "1,1,1"), "rank"},
    {NET(RELU ", \"rank\": 2", "1,1,1"), "layers[0].rank"},
    {NET(RELU ", \"rank\": 1", "1,1,1,1,1,1"), "layers[0].rank"},
    {NET("\"activation\": \"linear\", \"rank\": 2", "1,1,1"), "layers[0].rank"},
    {NET("\"activation\": \"abs\", \"rank\": 2", "1,1,1"), "layers[0].rank"},
    /* Rows. */
    {NET(MAXOUT ", \"rank\": 4", "1,1"), "layers[0].weight"},
    {NET(MAXOUT ", \"rank\": 5", "1,1"), "layers[0].weight"},
    {NET(MAXOUT ", \"rank\": 7", "1"), "layers[0].weight"},
    {NET(MAXOUT ", \"rank\": 2, \"carry\": 1", "1,1,1"), "layers[0].weight"},
    {NET(MAXOUT ", \"rank\": 3, \"carry\": 2", "1,1,1"), "layers[0].weight"},
    {NET(MAXOUT ", \"rank\": 3", "1,1,1"), "layers[1].weight"},
    {NET(MAXOUT ", \"rank\": 3", "1,1,1,1,1,1"), "layers[1].weight"},
    {NET(MAXOUT ", \"rank\": 3, \"carry\": 3", "1,1,1"), "layers[1].weight"},
    /* Carried units. */
    {NET(MAXOUT ", \"rank\": 2, \"carry\": 7", "1,1,1"), "layers[0].carry"},
    {NET(MAXOUT ", \"rank\": 2, \"carry\": -2", "1,1,1"), "layers[0].carry"},
    {NET(MAXOUT ", \"rank\": 2, \"carry\": 0.5", "1,1,1"), "layers[0].carry"},
    {NET(MAXOUT ", \"rank\": 2, \"carry\": \"2\"", "1,1,1,1"), "layers[0].carry"},
    {NET(MAXOUT ", \"rank\": 2, \"carry\": null", "1,1,1"), "layers[0].carry"},
    {NET(MAXOUT ", \"rank\": 2, \"carry\": false", "1,1,1"), "layers[0].carry"},
    {NET(MAXOUT ", \"rank\": 2, \"carry\": 1e99", "1,1,1"), "layers[0].carry"},
    {NET(RELU ", \"carry\": 7", "1,1,1,1,1,1"), "layers[0].carry"},
    {NET(RELU ", \"carries\": 1", "1,1,1,1,1,1"), "carries"},
    {NET("\"activation\": \"clip\", \"low\": 0, \"high\": 1, \"carry\": 7", "1,1,1,1,1,1"),
     "layers[0].carry"},
    {NET("\"activation\": \"linear\", \"carry\": 1", "1,1,1,1,1,1"), "layers[0].carry"},
    {NET("\"activation\": \"identity\", \"carry\": 1", "1,1,1,1,1,1"), "layers[0].carry"},
    {NET("\"activation\": \"linear\", \"carry\": 0", "1,1,1,1,1,1"), "layers[0].carry"},
    /* Parameters of others. */
    {NET(MAXOUT ", \"rank\": 2, \"slope\": 0.5", "1,1,1"), "layers[0].slope"},
    {NET(MAXOUT ", \"rank\": 2, \"low\": 0", "1,1,1"), "layers[0].low"},
    {NET("\"activation\": \"Maxout\", \"rank\": 2", "1,1,1"), "layers[0].activation"},
    /* The last layer. */
    {"{\"input\": 2, \"layers\": [{" SIX ", " MAXOUT ", \"rank\": 3}]}", "layers[0].activation"},
};

START_TEST(bad_networks)
{
    support_refused(bad[_i].text, strlen(bad[_i].text), bad[_i].place);
}
END_TEST

/* One input; units of the rank, and carried ones; the output. */
static char *wide(int units, int rank, int carry)
{
    char *text = NULL;
    size_t length;
    FILE *to = open_memstream(&text, &length);
    ck_assert_ptr_nonnull(to);
    fprintf(to,
            "{\"input\": 1, \"layers\": [{\"activation\": \"maxout\", \"rank\": %d, \"carry\": %d",
            rank, carry);
    const int rows = units * rank + carry;
    fputs(", \"weight\": [[0]", to);
    for (int i = 1; i < rows; i++)
        fputs(",[0]", to);
    fputs("], \"bias\": [0", to);
    for (int i = 1; i < rows; i++)
        fputs(",0", to);
    fputs("]}, {\"activation\": \"linear\", \"weight\": [[0", to);
    for (int i = 1; i < units + carry; i++)
        fputs(",0", to);
    fputs("]], \"bias\": [0]}]}", to);
    ck_assert_int_eq(fclose(to), 0);
    return text;
}

START_TEST(limits)
{
    static const struct {
        int units, rank, carry;
        const char *place; /* NULL: good */
    } shapes[] = {
        {8, 64, 0, NULL},    {9, 64, 0, "layers[0].rank"},         /* 9 * 2016 comparisons */
        {8, 64, 3585, NULL}, {8, 64, 1048065, "layers[0].weight"}, /* 2^20 + 1 rows */
        {2048, 2, 0, NULL},  {2048, 2, 1, NULL},
        {1365, 3, 1, NULL},  {0, 64, 4097, NULL},
    };
    for (size_t i = 0; i < REPEATS(shapes); i++) {
        if (shapes[i].carry > 1000000 && !getenv("CREASE_LONG"))
            continue;
        char *text = wide(shapes[i].units, shapes[i].rank, shapes[i].carry);
        if (shapes[i].place) {
            support_refused(text, strlen(text), shapes[i].place);
        } else {
            crease_network *network = support_network(text);
            ck_assert_uint_eq(crease_network_rank(network, 0), (size_t)shapes[i].rank);
            ck_assert_uint_eq(crease_network_carry(network, 0), (size_t)shapes[i].carry);
            ck_assert_uint_eq(crease_network_units(network), (size_t)shapes[i].units);
            ck_assert_uint_eq(crease_network_width(network, 0),
                              (size_t)(shapes[i].units + shapes[i].carry));
            crease_network_free(network);
        }
        free(text);
    }
}
END_TEST

START_TEST(accessors)
{
    crease_network *network = support_network(
        "{\"input\": 2, \"layers\": [{" SIX ", " MAXOUT ", \"rank\": 2, \"carry\": 2},"
        "{\"weight\": [[1,2,3,4],[5,6,7,8],[9,1,2,3]], \"bias\": [1,2,3], \"carry\": 1, " RELU "},"
        "{\"weight\": [[1,2,3]], \"bias\": [0]" TAIL "]}");
    static const size_t width[] = {4, 3, 1}, rank[] = {2, 1, 1}, carry[] = {2, 1, 0};
    for (size_t l = 0; l < 3; l++) {
        ck_assert_uint_eq(crease_network_width(network, l), width[l]);
        ck_assert_uint_eq(crease_network_rank(network, l), rank[l]);
        ck_assert_uint_eq(crease_network_carry(network, l), carry[l]);
    }
    ck_assert_int_eq(crease_network_activation(network, 0), CREASE_MAXOUT);
    ck_assert_int_eq(crease_network_activation(network, 1), CREASE_RELU);
    ck_assert_uint_eq(crease_network_units(network), 2 + 2);
    ck_assert_uint_eq(crease_network_parameters(network), 6 * 3 + 3 * 5 + 4);
    crease_network_free(network);
}
END_TEST

/* ---- Digests ---- */

static void put_row(FILE *to, const oracle_layer *layer, int row)
{
    for (int j = 0; j <= layer->fan; j++) {
        if (j)
            fputc(' ', to);
        mpq_out_str(to, 10, layer->row[row * (layer->fan + 1) + j]);
    }
    fputc('\n', to);
}

/* The canonical text as crease.h describes it, of a network that the oracle has read. */
static char *canonical(const oracle_net *net)
{
    char *text = NULL;
    size_t length;
    FILE *to = open_memstream(&text, &length);
    ck_assert_ptr_nonnull(to);
    fprintf(to, "crease-network 1\ninput %d\n", net->input);
    for (int l = 0; l < net->count; l++) {
        oracle_layer *layer = &net->layer[l];
        fprintf(to, "layer %d %s", layer->width, oracle_name(layer->kind));
        for (int i = 0; i < 2 && oracle_parameters(layer->kind)[i]; i++) {
            fputc(' ', to);
            mpq_out_str(to, 10, layer->parameter[i]);
        }
        if (layer->kind == ORACLE_MAXOUT)
            fprintf(to, " %d", layer->rank);
        if (layer->carry)
            fprintf(to, " carry %d", layer->carry);
        fputc('\n', to);
        for (int r = 0; r < layer->rows; r++)
            put_row(to, layer, r);
    }
    ck_assert_int_eq(fclose(to), 0);
    return text;
}

static void expect_digest(const char *json, const char *text)
{
    uint8_t sum[SHA256_DIGEST_SIZE];
    char expected[65], hex[65];
    struct sha256_ctx context;
    crease_network *network = support_network(json);
    crease_network_digest(network, hex);
    crease_network_free(network);
    sha256_init(&context);
    sha256_update(&context, strlen(text), (const uint8_t *)text);
    sha256_digest(&context, sizeof sum, sum);
    for (size_t i = 0; i < sizeof sum; i++)
        sprintf(expected + 2 * i, "%02x", sum[i]);
    ck_assert_msg(!strcmp(hex, expected), "%s instead of %s of %s", hex, expected, text);
}

START_TEST(digest_of_canonical_text)
{
    expect_digest(
        NET(MAXOUT ", \"rank\": 2, \"carry\": 2", "1,1,1,0.5"),
        "crease-network 1\ninput 2\nlayer 4 maxout 2 carry 2\n1 0 0\n0 1 0\n1 1 1\n2 0 0\n"
        "0 2 0\n2 2 1\nlayer 1 linear\n1 1 1 1/2 0\n");
    expect_digest(NET(MAXOUT ", \"rank\": 3", "1,1"),
                  "crease-network 1\ninput 2\nlayer 2 maxout 3\n1 0 0\n0 1 0\n1 1 1\n2 0 0\n"
                  "0 2 0\n2 2 1\nlayer 1 linear\n1 1 0\n");
    expect_digest(NET("\"activation\": \"hard_tanh\", \"carry\": 6", "1,1,1,1,1,\"-2/6\""),
                  "crease-network 1\ninput 2\nlayer 6 clip -1 1 carry 6\n1 0 0\n0 1 0\n1 1 1\n"
                  "2 0 0\n0 2 0\n2 2 1\nlayer 1 linear\n1 1 1 1 1 -1/3 0\n");
    expect_digest(
        NET("\"activation\": \"leaky_relu\", \"slope\": \"0.1\", \"carry\": 1", "1,1,1,1,1,1"),
        "crease-network 1\ninput 2\nlayer 6 leaky_relu 1/10 carry 1\n1 0 0\n0 1 0\n"
        "1 1 1\n2 0 0\n0 2 0\n2 2 1\nlayer 1 linear\n1 1 1 1 1 1 0\n");
}
END_TEST

START_TEST(digest_of_random)
{
    for (uint64_t seed = 1; seed <= (getenv("CREASE_LONG") ? 500 : 100); seed++) {
        char *json = nets_mixed(seed, 12);
        oracle_net *net = oracle_read(json);
        char *text = canonical(net);
        expect_digest(json, text);
        free(text);
        oracle_free(net);
        free(json);
    }
}
END_TEST

/* Networks of the same rows are different ones, but not by a carry of 0 units. */
START_TEST(digest_of_others)
{
    static const char *const others[] = {
        NET(MAXOUT ", \"rank\": 2", "1,1,1"),
        NET(MAXOUT ", \"rank\": 3", "1,1"),
        NET(MAXOUT ", \"rank\": 6", "1"),
        NET(MAXOUT ", \"rank\": 2, \"carry\": 2", "1,1,1,1"),
        NET(MAXOUT ", \"rank\": 2, \"carry\": 4", "1,1,1,1,1"),
        NET(MAXOUT ", \"rank\": 3, \"carry\": 3", "1,1,1,1"),
        NET(MAXOUT ", \"rank\": 3, \"carry\": 6", "1,1,1,1,1,1"),
        NET(RELU, "1,1,1,1,1,1"),
        NET(RELU ", \"carry\": 1", "1,1,1,1,1,1"),
        NET(RELU ", \"carry\": 2", "1,1,1,1,1,1"),
        NET("\"activation\": \"linear\"", "1,1,1,1,1,1"),
    };
    char hex[REPEATS(others)][65], same[65];
    for (size_t i = 0; i < REPEATS(others); i++) {
        crease_network *network = support_network(others[i]);
        crease_network_digest(network, hex[i]);
        crease_network_free(network);
        for (size_t k = 0; k < i; k++)
            ck_assert_msg(strcmp(hex[i], hex[k]), "%s and %s", others[i], others[k]);
    }
    crease_network *network = support_network(NET(MAXOUT ", \"rank\": 2, \"carry\": 0", "1,1,1"));
    crease_network_digest(network, same);
    crease_network_free(network);
    ck_assert_str_eq(same, hex[0]);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("maxout reader");
    TCase *tcase = support_case(suite, "maxout reader", 60);
    tcase_add_loop_test(tcase, bad_networks, 0, (int)REPEATS(bad));
    tcase_add_test(tcase, limits);
    tcase_add_test(tcase, accessors);
    tcase_add_test(tcase, digest_of_canonical_text);
    tcase_add_test(tcase, digest_of_random);
    tcase_add_test(tcase, digest_of_others);
    return support_run(suite);
}
