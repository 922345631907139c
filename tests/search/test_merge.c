/* Merged cells: networks in which layers map many cells onto one image are counted with and without
 * merging, by several numbers of threads, and the counts agree.  Closed forms far beyond what could
 * be enumerated are in tests/bound/test_make.sh. */
#include "support/counting.h"
#include "support/nets.h"
#include "support/nets_maxout.h"
#include "support/support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KINDS = 6, MOST = 20000 };

static crease_result count_cells(const crease_network *network, const crease_domain *domain,
                                 crease_merging merge, int threads, crease_cell_kind cell,
                                 const char *json)
{
    crease_options options;
    crease_result result;
    crease_error error = {""};
    crease_options_default(&options);
    options.engine = CREASE_ENGINE_SPLIT;
    options.cell = cell;
    options.merge = merge;
    options.threads = threads;
    options.limit_regions = merge == CREASE_MERGE_OFF ? MOST : 0;
    ck_assert_msg(!crease_count(network, domain, &options, &result, &error), "%s\n%s", error.text,
                  json);
    return result;
}

static crease_result count(const crease_network *network, const crease_domain *domain,
                           crease_merging merge, int threads, const char *json)
{
    return count_cells(network, domain, merge, threads, CREASE_CELL_RAYS, json);
}

static void compare(char *json, const char *box, uint64_t *known)
{
    crease_error error = {""};
    crease_domain *domain = NULL;
    crease_network *network = support_network(json);
    ck_assert_msg(!box || !count_domain(box, crease_network_inputs(network), &domain, &error), "%s",
                  error.text);
    crease_result plain = count(network, domain, CREASE_MERGE_OFF, 1, json);
    static const int threads[] = {1, 2, 8};
    for (size_t t = 0; plain.complete && t < sizeof threads / sizeof *threads; t++)
        for (crease_merging merge = CREASE_MERGE_AUTO; merge <= CREASE_MERGE_ON; merge++) {
            crease_result own = count(network, domain, merge, threads[t], json);
            ck_assert_msg(own.complete && !strcmp(own.digits, plain.digits),
                          "%s regions, but %s with merging %s and %d threads in %s\n%s",
                          plain.digits, own.digits, crease_merging_name(merge), threads[t],
                          box ? box : "R^n", json);
            for (int l = 0; l < CREASE_MERGED_LAYERS; l++) {
                const crease_layer_images *m = &own.merged[l];
                if (own.cells) /* and not flats */
                    ck_assert(m->largest <= m->known + 1 && (m->largest > 1) == (m->known > 0));
                *known += m->known;
            }
        }
    crease_domain_free(domain);
    crease_network_free(network);
    free(json);
}

/* Rows 2 k and 2 k + 1 of the first layer are opposite, without biases, and have the same weights
 * in the second layer: the function is even. */
static char *even(uint64_t *state)
{
    int width = 2 * (int)nets_between(state, 1, 3);
    const int widths[] = {width, (int)nets_between(state, 2, 4), (int)nets_between(state, 2, 4), 1};
    char number[8];
    oracle_net *net = nets_new((int)nets_between(state, 1, 3), widths, 4);
    for (int l = 0; l < net->count; l++)
        for (int u = 0; u < net->layer[l].width; u++)
            for (int j = 0; j <= net->layer[l].fan; j++) {
                snprintf(number, sizeof number, "%ld", nets_between(state, -2, 2));
                nets_set(net, l, u, j, l || j < net->layer[l].fan ? number : "0");
            }
    for (int u = 1; u < width; u += 2)
        for (int j = 0; j < net->input; j++)
            mpq_neg(*nets_at(net, 0, u, j), *nets_at(net, 0, u - 1, j));
    for (int u = 0; u < net->layer[1].width; u++)
        for (int j = 1; j < width; j += 2)
            mpq_set(*nets_at(net, 1, u, j), *nets_at(net, 1, u, j - 1));
    char *json = nets_text(net, NULL);
    oracle_free(net);
    return json;
}

static char *network_of(int kind, uint64_t *state)
{
    int widths[10], layers = (int)nets_between(state, 3, 7);
    uint64_t seed = nets_random(state);
    switch (kind) {
    case 0:
        widths[0] = (int)nets_between(state, 1, 3);
        for (int l = 1; l <= layers; l++)
            widths[l] = (int)nets_between(state, 2, 4);
        widths[layers + 1] = 1;
        return nets_whole(widths, layers + 2, 1, seed);
    case 1: return even(state);
    case 2: return nets_mixed(seed, (int)nets_between(state, 6, 14));
    case 3:
        return nets_fold((int)nets_between(state, 2, 5), (int)nets_between(state, 1, 3),
                         (int)nets_between(state, 1, 3));
    case 4: return nets_sawtooth((int)nets_between(state, 1, 2), (int)nets_between(state, 2, 3), 2);
    default: return nets_zigzag((int)nets_between(state, 1, 3), (int)nets_between(state, 1, 6));
    }
}

START_TEST(same_count_with_and_without)
{
    long nets = count_setting("CREASE_MERGE_NETS", 400);
    uint64_t state = (uint64_t)_i + 1;
    uint64_t known = 0;
    for (long i = 0; i < nets; i++) {
        char box[NETS_BOX], *json = network_of(_i, &state);
        crease_network *network = support_network(json);
        size_t inputs = crease_network_inputs(network);
        crease_network_free(network);
        nets_box((int)inputs, &state, box);
        long where = nets_between(&state, 0, 3);
        compare(json, where == 0 ? box : where == 1 ? "-1:1" : where == 2 ? "0:1" : NULL, &known);
    }
    ck_assert_msg(known, "kind %d: no cells were merged", _i);
}
END_TEST

/* The cells of each layer of a fold have one image. */
START_TEST(one_class)
{
    char *json = nets_fold(4, 3, 2);
    crease_error error = {""};
    crease_domain *domain = NULL;
    crease_network *network = support_network(json);
    ck_assert(!count_domain("0:1", crease_network_inputs(network), &domain, &error));
    crease_result own = count(network, domain, CREASE_MERGE_ON, 1, json);
    ck_assert_uint_gt(own.merged[0].compared, 1);
    for (int l = 0; l < CREASE_MERGED_LAYERS; l++)
        ck_assert_uint_eq(own.merged[l].largest, own.merged[l].compared);
    crease_domain_free(domain);
    crease_network_free(network);
    free(json);
}
END_TEST

/* Sets the weights of a unit to `factor` times coordinate c, as the layer before folded it. */
static void read_coordinate(const oracle_net *net, int l, int u, int c, int folds, long factor)
{
    static const long weight[] = {2, -4};
    char text[16];
    for (int k = 0; k < (l && c < folds ? 2 : 1); k++) {
        int from = l == 0 || c >= folds ? c + (l ? folds : 0) : 2 * c + k;
        snprintf(text, sizeof text, "%ld", l && c < folds ? factor * weight[k] : factor);
        nets_set(net, l, u, from, text);
    }
}

/* 7 to 9 inputs, of which the first ones are folded at 1/2, so that all cells of a layer have one
 * image, or at `other`, so that none do; the others are passed on.  Then some lines. */
static char *folds_of_many(uint64_t *state, const char *other)
{
    int inputs = (int)nets_between(state, 7, 9), folds = (int)nets_between(state, 2, 3);
    int layers = 2, lines = (int)nets_between(state, 2, 3);
    int widths[4] = {inputs + folds, inputs + folds};
    widths[layers] = lines;
    widths[layers + 1] = 1;
    oracle_net *net = nets_new(inputs, widths, layers + 2);
    for (int l = 0; l < layers; l++)
        for (int c = 0; c < inputs; c++) {
            int u = c < folds ? 2 * c : c + folds;
            read_coordinate(net, l, u, c, folds, 1);
            if (c < folds)
                read_coordinate(net, l, u + 1, c, folds, 1);
            if (c < folds)
                nets_set(net, l, u + 1, net->layer[l].fan, other ? other : "-1/2");
        }
    for (int u = 0; u < lines; u++) {
        char bias[16];
        for (int c = 0; c < inputs; c++)
            read_coordinate(net, layers, u, c, folds, nets_between(state, -2, 2));
        snprintf(bias, sizeof bias, "%ld/4", nets_between(state, -7, 7));
        nets_set(net, layers, u, net->layer[layers].fan, bias);
        nets_set(net, layers + 1, 0, u, "1");
    }
    char *json = nets_text(net, NULL);
    oracle_free(net);
    return json;
}

/* Boxes of many inputs: cells may be wide if images may be equal.  odd: they are not. */
START_TEST(wide)
{
    long nets = count_setting("CREASE_MERGE_NETS", 400) / 20;
    uint64_t state = (uint64_t)_i + 7, known = 0;
    bool odd = _i == 1;
    for (long i = 0; i < nets; i++) {
        char *json = folds_of_many(&state, odd ? "-1/3" : NULL);
        crease_error error = {""};
        crease_domain *domain = NULL;
        crease_network *network = support_network(json);
        size_t inputs = crease_network_inputs(network);
        ck_assert(!count_domain("0:1", inputs, &domain, &error));
        crease_result plain =
            count_cells(network, domain, CREASE_MERGE_OFF, 1, CREASE_CELL_LP, json);
        for (int k = 0; k < 4; k++) {
            crease_merging merge = k % 2 ? CREASE_MERGE_AUTO : CREASE_MERGE_ON;
            crease_result own =
                count_cells(network, domain, merge, k < 2 ? 1 : 3, CREASE_CELL_AUTO, json);
            ck_assert_msg(own.complete && !strcmp(own.digits, plain.digits),
                          "%s regions, but %s with merging %s\n%s", plain.digits, own.digits,
                          crease_merging_name(merge), json);
            ck_assert(own.cell == CREASE_CELL_RAYS || merge == CREASE_MERGE_AUTO);
            for (int l = 0; l < CREASE_MERGED_LAYERS && !odd; l++)
                known += own.merged[l].known;
        }
        crease_domain_free(domain);
        crease_network_free(network);
        free(json);
    }
    ck_assert_msg(odd || known, "no cells were merged");
}
END_TEST

/* Random weights: no images are equal, and cells stay as they are. */
START_TEST(not_wide)
{
    for (uint64_t seed = 1; seed <= 3; seed++) {
        const int widths[] = {8, 9, 6, 1};
        char *json = nets_whole(widths, 4, 1000000, seed);
        crease_error error = {""};
        crease_domain *domain = NULL;
        crease_network *network = support_network(json);
        ck_assert(!count_domain("-1:1", 8, &domain, &error));
        crease_result own =
            count_cells(network, domain, CREASE_MERGE_ON, 1, CREASE_CELL_AUTO, json);
        ck_assert_int_eq(own.cell, CREASE_CELL_LP);
        crease_domain_free(domain);
        crease_network_free(network);
        free(json);
    }
}
END_TEST

/* --merge on is refused where nothing can be merged. */
START_TEST(refused)
{
    crease_options options;
    crease_result result;
    crease_error error = {""};
    crease_network *network = support_network("{\"input\": 1, \"layers\": [{\"weight\": [[1]], "
                                              "\"bias\": [0], \"activation\": \"relu\"}, "
                                              "{\"weight\": [[1]], \"bias\": [0], "
                                              "\"activation\": \"linear\"}]}");
    for (int i = 0; i < 4; i++) {
        crease_options_default(&options);
        options.merge = i < 3 ? CREASE_MERGE_ON : (crease_merging)3;
        options.engine = i == 0 ? CREASE_ENGINE_WALK : CREASE_ENGINE_AUTO;
        options.definition = i == 1 ? CREASE_DEFINITION_AFFINE : CREASE_DEFINITION_ACTIVATION;
        options.cell = i == 2 ? CREASE_CELL_LP : CREASE_CELL_AUTO;
        ck_assert_int_eq(crease_count(network, NULL, &options, &result, &error), CREASE_INPUT);
        ck_assert_msg(!strncmp(error.text, "merge: ", 7), "%s", error.text);
    }
    crease_network_free(network);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("merge");
    TCase *tcase = support_case(suite, "merge", 3600);
    tcase_add_loop_test(tcase, same_count_with_and_without, 0, KINDS);
    tcase_add_test(tcase, one_class);
    tcase_add_loop_test(tcase, wide, 0, 2);
    tcase_add_test(tcase, not_wide);
    tcase_add_test(tcase, refused);
    return support_run(suite);
}
