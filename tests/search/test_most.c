/* The bounds of a count that is stopped: regions <= the count <= most, whatever the network,
 * domain, cells and threads, and wherever the count stops.  The bound of a cell against the sum
 * over all sets of units that it stands for, and against those of its parts.
 *
 * Environment: CREASE_MOST_NETS, networks of each kind (default 6). */
#include "base/random.h"
#include "cells/most.h"
#include "model/maxout_groups.h"
#include "net/network.h"
#include "search/search.h"
#include "support/counting.h"
#include "support/nets.h"
#include "support/support.h"

#include <crease.h>
#include <stdlib.h>

typedef struct {
    const char *json;
    crease_network *network;
    crease_domain *domain;
    crease_options options;
} counted;

static crease_result stop_at(counted *c, uint64_t limit)
{
    crease_result result;
    crease_error error = {""};
    c->options.limit_regions = limit;
    ck_assert_msg(!crease_count(c->network, c->domain, &c->options, &result, &error), "%s",
                  error.text);
    return result;
}

static void check_stops(counted *c, uint64_t step)
{
    crease_result all = stop_at(c, 0), first = stop_at(c, 1);
    ck_assert(all.complete);
    ck_assert_str_eq(all.most, all.digits);
    for (uint64_t limit = 1; limit < all.regions; limit += 1 + step % all.regions) {
        crease_result some = stop_at(c, limit);
        ck_assert_uint_le(some.regions, all.regions);
        ck_assert(*some.most && some.complete == (some.regions == all.regions));
        ck_assert_msg(!count_less(some.most, all.digits),
                      "%s regions, at most %s if stopped at %llu\n%s", all.digits, some.most,
                      (unsigned long long)limit, c->json);
    }
    if (all.regions > 1) {
        crease_result last = stop_at(c, all.regions - 1);
        ck_assert_msg(!count_less(first.most, last.most), "%s, then %s", first.most, last.most);
    }
}

static void check_net(char *json, const char *box, uint64_t seed)
{
    counted c = {.json = json, .network = support_network(json)};
    crease_error error = {""};
    crease_options_default(&c.options);
    c.options.threads = 1 + (int)(seed % 3);
    if (seed % 7)
        c.options.cell = seed % 2 ? CREASE_CELL_LP : CREASE_CELL_RAYS;
    else
        c.options.engine = CREASE_ENGINE_WALK;
    ck_assert_msg(!box || !count_domain(box, crease_network_inputs(c.network), &c.domain, &error),
                  "%s", error.text);
    check_stops(&c, seed);
    crease_domain_free(c.domain);
    crease_network_free(c.network);
    free(json);
}

START_TEST(never_below_the_count)
{
    long nets = count_setting("CREASE_MOST_NETS", 6);
    const int deep[] = {3, 6, 5, 1}, narrow[] = {2, 3, 3, 3, 1};
    for (uint64_t seed = 1; seed <= (uint64_t)nets; seed++) {
        check_net(nets_mixed(seed, 9), seed % 3 ? NULL : "-2:2", seed);
        check_net(nets_smooth(seed, 10), seed % 2 ? NULL : "-1/3:7", seed);
        check_net(nets_small(seed, 8, 2), seed % 2 ? "-1:1" : NULL, seed);
        check_net(nets_whole(deep, 4, 2, seed), NULL, seed);
        check_net(nets_whole(narrow, 5, 3, seed), "-1:3", seed);
    }
}
END_TEST

/* Layer l of a model, of which some units are pending and `active` others are passed on. */
typedef struct {
    size_t units, values[64]; /* pending; their candidates */
    size_t rows;              /* passed on with all pending units */
    bool flat;                /* pending units may be inactive */
} pending_units;

static uint64_t most_after(const crease_model *model, size_t l, size_t d);

/* The sum over all sets of at most d units, of the product of candidates - 1 of each and of the
 * regions after the layer if exactly these relu units are inactive. */
static uint64_t most_of_sets(const crease_model *model, size_t l, size_t d, const pending_units *p)
{
    uint64_t sum = 0;
    for (uint64_t set = 0; set < (uint64_t)1 << p->units; set++) {
        size_t size = (size_t)__builtin_popcountll(set), rows = p->rows - (p->flat ? size : 0);
        uint64_t term = most_after(model, l + 1, rows < d ? rows : d);
        for (size_t u = 0; u < p->units; u++)
            term *= set >> u & 1 ? p->values[u] - 1 : 1;
        sum += size <= d ? term : 0;
    }
    return sum;
}

static size_t carried(const crease_model_layer *layer)
{
    size_t pieces = layer->pieces > 1 ? layer->pieces * crease_maxout_groups_count(layer) : 0;
    return layer->width > layer->decisions ? layer->width - layer->decisions - pieces : 0;
}

/* layers l, l + 1, ... in dimension d, all units pending. */
static uint64_t most_after(const crease_model *model, size_t l, size_t d)
{
    if (l == model->layers)
        return 1;
    const crease_model_layer *layer = &model->layer[l];
    bool flat = layer->pieces < 2;
    pending_units p = {.units = flat ? layer->decisions : crease_maxout_groups_count(layer)};
    p.flat = flat;
    p.rows = p.units + carried(layer);
    for (size_t u = 0; u < p.units; u++)
        p.values[u] = flat ? 2 : layer->pieces;
    return most_of_sets(model, l, d, &p);
}

/* A cell of layer l by luck: winners or states in the layers before, units of l out of reach. */
static uint64_t most_in_cell(const crease_model *model, size_t l, crease_stage *stage,
                             uint64_t *cut, uint64_t *luck)
{
    size_t d = model->inputs, piece[64];
    pending_units p = {.flat = model->layer[l].pieces < 2};
    for (size_t k = 0; k <= l; k++) {
        const crease_model_layer *layer = &model->layer[k];
        size_t groups = crease_maxout_groups_count(layer), rows = carried(layer) + groups;
        for (size_t g = 0; g < groups; g++) {
            crease_maxout_group_let_win(layer, g, crease_random_next(luck) % layer->pieces,
                                        stage[k].state, 0);
            for (size_t s = 0; k == l && s < layer->pieces; s++)
                for (size_t t = s + 1; t < layer->pieces; t++) {
                    size_t u = crease_maxout_group_compare(layer, g, s, t);
                    cut[u / 64] |= crease_random_next(luck) % 2 << u % 64;
                }
            size_t left = crease_maxout_group_candidates(layer, g, cut, stage[k].state, piece);
            if (k == l && left > 1)
                p.values[p.units++] = left;
        }
        for (size_t u = 0; !groups && u < layer->decisions; u++) {
            bool pending = k == l && crease_random_next(luck) % 2;
            cut[u / 64] |= (uint64_t)pending << u % 64;
            stage[k].state[u] = crease_random_next(luck) % 2;
            rows += pending || stage[k].state[u];
            if (pending)
                p.values[p.units++] = 2;
        }
        p.rows = rows;
        d = k < l && rows < d ? rows : d;
    }
    return most_of_sets(model, l, d, &p);
}

START_TEST(formula)
{
    for (uint64_t seed = 1; seed <= 60; seed++) {
        char *json = seed % 2 ? nets_mixed(seed, 9) : nets_small(seed, 9, 2);
        crease_network *network = support_network(json), *lowered = crease_network_lower(network);
        crease_model *model = crease_model_new(lowered ? lowered : network, NULL);
        crease_most *most = crease_most_new(model);
        ck_assert_uint_eq(mpz_get_ui(crease_most_root(most)), most_after(model, 0, model->inputs));
        for (size_t l = 0; l < model->layers; l++) {
            crease_stage *stage = crease_stages_new(model);
            uint64_t cut[64] = {0}, luck = seed + l;
            mpz_t sum;
            mpz_init_set_ui(sum, 5);
            uint64_t expected = 5 + most_in_cell(model, l, stage, cut, &luck);
            crease_most_add(most, stage, l, cut, sum);
            ck_assert_msg(mpz_get_ui(sum) == expected, "layer %zu: %lu, not %llu\n%s", l,
                          mpz_get_ui(sum), (unsigned long long)expected, json);
            mpz_clear(sum);
            crease_stages_free(stage, model);
        }
        crease_most_free(most);
        crease_model_free(model);
        crease_network_free(lowered);
        crease_network_free(network);
        free(json);
    }
}
END_TEST

/* A layer in general position reaches the bound; a fold has a smaller count in the first cells. */
START_TEST(tight)
{
    char *json = nets_general(3, 7, 1);
    counted c = {.json = json, .network = support_network(json)};
    crease_options_default(&c.options);
    c.options.threads = 1;
    c.options.engine = CREASE_ENGINE_WALK;
    crease_result first = stop_at(&c, 1);
    ck_assert_str_eq(first.most, "64"); /* 1 + 7 + 21 + 35 */
    c.options.engine = CREASE_ENGINE_SPLIT;
    c.options.cell = CREASE_CELL_LP;
    ck_assert_uint_eq(stop_at(&c, 0).regions, 64);
    crease_network_free(c.network);
    free(json);
}
END_TEST

/* The sum of bounds for the root, parted above a limit; none: 0. */
static void bound_root(const crease_model *model, unsigned long limit, crease_cell_kind kind,
                       mpz_t sum)
{
    crease_options options;
    crease_monitor monitor;
    crease_outcome outcome;
    mpz_t above;
    crease_options_default(&options);
    options.merge = CREASE_MERGE_OFF;
    options.cell = kind;
    crease_monitor_begin(&monitor, &options);
    mpz_init_set_ui(above, limit);
    mpz_set_ui(sum, 0);
    crease_split_run(
        &(crease_task){.model = model,
                       .options = &options,
                       .proposer = &crease_lp_dense,
                       .threads = 1,
                       .monitor = &monitor,
                       .keeper = &(crease_keeper){.most = sum, .part_above = limit ? above : NULL}},
        &outcome);
    ck_assert(!outcome.unfinished);
    mpz_clear(above);
}

/* The bound of a cell or, if it exceeds the limit, those of its parts: a lower limit, no greater a
 * sum.  In the end, every part is one region. */
static void check_parts(char *json, const char *box, crease_cell_kind kind)
{
    counted c = {.json = json, .network = support_network(json)};
    crease_error error = {""};
    crease_network *lowered = crease_network_lower(c.network);
    const crease_network *network = lowered ? lowered : c.network;
    crease_options_default(&c.options);
    ck_assert(!box || !count_domain(box, crease_network_inputs(c.network), &c.domain, &error));
    crease_model *model = crease_model_new(network, c.domain);
    uint64_t count = stop_at(&c, 0).regions;
    mpz_t sum, before;
    mpz_inits(sum, before, NULL);
    bound_root(model, 0, kind, before);
    for (unsigned long limit = 128; limit; limit /= 2) {
        bound_root(model, limit, kind, sum);
        ck_assert_msg(mpz_cmp_ui(sum, count) >= 0 && mpz_cmp(sum, before) <= 0,
                      "parts above %lu: %lu, before %lu; %lu regions\n%s", limit, mpz_get_ui(sum),
                      mpz_get_ui(before), (unsigned long)count, json);
        mpz_set(before, sum);
    }
    ck_assert_uint_eq(mpz_get_ui(sum), count);
    mpz_clears(sum, before, NULL);
    crease_model_free(model);
    crease_domain_free(c.domain);
    crease_network_free(lowered);
    crease_network_free(c.network);
    free(json);
}

START_TEST(parts)
{
    const int deep[] = {3, 6, 5, 1};
    for (uint64_t seed = 1; seed <= 4; seed++) {
        crease_cell_kind kind = seed > 2 ? CREASE_CELL_LP : CREASE_CELL_RAYS;
        check_parts(nets_mixed(seed, 9), seed % 2 ? NULL : "-2:2", kind);
        check_parts(nets_small(seed, 8, 2), seed % 2 ? "-1:1" : NULL, kind);
        check_parts(nets_whole(deep, 4, 2, seed), NULL, kind);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("most");
    TCase *tcase = support_case(suite, "most", 600);
    tcase_add_test(tcase, never_below_the_count);
    tcase_add_test(tcase, formula);
    tcase_add_test(tcase, tight);
    tcase_add_test(tcase, parts);
    suite_add_tcase(suite, tcase);
    return support_run(suite);
}
