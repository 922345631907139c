/* Random networks of 10^4 regions and more: walk, split with LP cells and split with ray
 * cells must find the same number, and the one that is known where one is.
 *
 * Environment: without CREASE_LONG a sample, with it also networks of 10^5 to 10^6 regions,
 * CREASE_VERBOSE prints counts and times, CREASE_AGREE_SEED changes the networks. */
#include "support/counting.h"
#include "support/nets.h"
#include "support/oracle.h"
#include "support/random_net.h"
#include "support/support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_WIDTHS = 7, THREADS = 2 };

typedef enum { PLAIN, RANK_TWO, MOSTLY_OFF, READ_TWO } twist;

typedef struct {
    int width[MOST_WIDTHS]; /* inputs, hidden layers, outputs; 0 ends */
    const char *box;
    twist kind;
    int seeds;
    uint64_t regions; /* 0: not known */
} kase;

/* Known: sum over k <= n of binomial(m, k) for one layer of m units in general position. */
static const kase few[] = {
    {{1, 200, 200, 100, 1}, NULL, PLAIN, 2, 0},
    {{2, 40, 40, 30, 1}, NULL, PLAIN, 1, 0},
    {{2, 24, 24, 24, 24, 1}, "-1:1,-2:1/3", PLAIN, 2, 0},
    {{3, 36, 1}, NULL, PLAIN, 2, 7807},
    {{3, 30, 30, 1}, "-1:1", PLAIN, 1, 0},
    {{3, 14, 10, 10, 1}, NULL, PLAIN, 1, 0},
    {{4, 22, 1}, NULL, PLAIN, 1, 9109},
    {{4, 10, 10, 6, 1}, NULL, PLAIN, 1, 0},
    {{4, 16, 16, 1}, "0:1,-1:1,-3:1e-3,-1/3:2", PLAIN, 1, 0},
    {{5, 17, 1}, NULL, PLAIN, 1, 9402},
    {{5, 8, 7, 6, 1}, NULL, PLAIN, 1, 0},
    {{6, 14, 1}, NULL, PLAIN, 1, 6476},
    {{6, 10, 6, 1}, "-2:2", PLAIN, 1, 0},
    {{7, 13, 1}, NULL, PLAIN, 1, 5812},
    {{8, 12, 3, 1}, "-1:1", PLAIN, 1, 0},
    {{8, 13, 1}, NULL, PLAIN, 2, 7099},
    /* fewer units than inputs */
    {{8, 4, 20, 10, 1}, NULL, PLAIN, 2, 0},
    {{8, 3, 30, 20, 1}, "-1:1", PLAIN, 1, 0},
    {{6, 2, 60, 60, 1}, NULL, PLAIN, 1, 0},
    /* low rank: W1 of rank two, few active units, upper rows of rank two */
    {{6, 40, 30, 20, 1}, NULL, RANK_TWO, 1, 0},
    {{5, 40, 30, 1}, "-1:2", RANK_TWO, 1, 0},
    {{4, 9, 9, 9, 1}, NULL, MOSTLY_OFF, 2, 0},
    {{3, 10, 10, 10, 8, 1}, "-4:4", MOSTLY_OFF, 1, 0},
    {{4, 12, 14, 10, 1}, NULL, READ_TWO, 1, 0},
};

static const kase many[] = {
    {{4, 64, 1}, NULL, PLAIN, 3, 679121},
    {{8, 16, 1}, NULL, PLAIN, 5, 39203},
    {{6, 24, 1}, NULL, PLAIN, 2, 190051},
    {{5, 30, 1}, NULL, PLAIN, 1, 174437},
    {{3, 32, 32, 1}, NULL, PLAIN, 2, 0},
    {{2, 48, 48, 32, 1}, NULL, PLAIN, 2, 0},
    {{1, 200, 200, 200, 100, 1}, NULL, PLAIN, 1, 0},
    {{4, 16, 16, 16, 1}, NULL, PLAIN, 1, 0},
    {{4, 16, 16, 16, 1}, "-1:1", PLAIN, 1, 0},
    {{5, 10, 10, 10, 10, 1}, NULL, PLAIN, 1, 0},
    {{6, 16, 8, 1}, "-1:1", PLAIN, 1, 0},
    {{7, 16, 6, 1}, NULL, PLAIN, 1, 0},
    {{8, 12, 8, 1}, NULL, PLAIN, 1, 0},
    {{8, 4, 24, 24, 1}, NULL, PLAIN, 1, 0},
    {{8, 30, 20, 20, 1}, NULL, RANK_TWO, 1, 0},
    {{5, 10, 10, 10, 1}, NULL, MOSTLY_OFF, 1, 0},
};

/* ---- Networks ---- */

/* All rows of the first layer become whole combinations of the first two, whose weights are
 * cut to 20 bits, so that they are binary64 numbers again. */
static void make_rank_two(oracle_net *net, uint64_t *state)
{
    mpq_t part;
    mpq_init(part);
    for (int u = 0; u < net->layer[0].width; u++) {
        long a = nets_between(state, -99, 99), b = nets_between(state, -99, 99);
        for (int j = 0; j < net->input; j++) {
            mpq_t *x = nets_at(net, 0, u, j);
            if (u < 2) {
                mpq_set_si(*x, nets_between(state, -1000000, 1000000), 1000000 + 48576);
                mpq_canonicalize(*x);
                continue;
            }
            mpq_set_si(part, a, 64);
            mpq_canonicalize(part);
            mpq_mul(*x, *nets_at(net, 0, 0, j), part);
            mpq_set_si(part, b, 64);
            mpq_canonicalize(part);
            mpq_mul(part, *nets_at(net, 0, 1, j), part);
            mpq_add(*x, *x, part);
        }
    }
    mpq_clear(part);
}

/* Moves the biases of the hidden layers down so that few units are on. */
static void switch_off(oracle_net *net)
{
    mpq_t shift;
    mpq_init(shift);
    for (int l = 0; l + 1 < net->count; l++)
        for (int u = 0; u < net->layer[l].width; u++) {
            mpq_set_d(shift, u % 4 ? 0.75 : 0);
            mpq_t *bias = nets_at(net, l, u, net->layer[l].fan);
            mpq_sub(*bias, *bias, shift);
        }
    mpq_clear(shift);
}

/* All units above the first layer read just two units. */
static void read_two(oracle_net *net)
{
    for (int l = 1; l + 1 < net->count; l++)
        for (int u = 0; u < net->layer[l].width; u++)
            for (int j = 2; j < net->layer[l].fan; j++)
                mpq_set_ui(*nets_at(net, l, u, j), 0, 1);
}

static char *twisted(char *json, twist kind, uint64_t seed)
{
    if (kind == PLAIN)
        return json;
    oracle_net *net = oracle_read(json);
    free(json);
    if (kind == RANK_TWO)
        make_rank_two(net, &seed);
    if (kind == MOSTLY_OFF)
        switch_off(net);
    if (kind == READ_TWO)
        read_two(net);
    json = nets_text(net, NULL);
    oracle_free(net);
    return json;
}

/* ---- Counts ---- */

static uint64_t count_one(const crease_network *network, const crease_domain *domain,
                          crease_engine engine, crease_cell_kind cell, double *seconds)
{
    crease_options options;
    crease_result result;
    crease_error error = {""};
    crease_options_default(&options);
    options.engine = engine;
    options.lp = CREASE_LP_DENSE;
    options.cell = cell;
    options.threads = THREADS;
    crease_status status = crease_count(network, domain, &options, &result, &error);
    ck_assert_msg(!status, "%s", error.text);
    ck_assert_msg(result.complete, "not complete");
    *seconds = result.seconds;
    return result.regions;
}

static void check_net(const char *json, const kase *k, bool walks, const char *name)
{
    crease_network *network = support_network(json);
    crease_domain *domain = NULL;
    crease_error error = {""};
    double time[3] = {0};
    if (k->box)
        ck_assert_msg(!crease_domain_box(k->box, crease_network_inputs(network), &domain, &error),
                      "%s", error.text);
    uint64_t rays = count_one(network, domain, CREASE_ENGINE_SPLIT, CREASE_CELL_RAYS, &time[0]);
    uint64_t lp = count_one(network, domain, CREASE_ENGINE_SPLIT, CREASE_CELL_LP, &time[1]);
    uint64_t walk = rays;
    if (walks)
        walk = count_one(network, domain, CREASE_ENGINE_WALK, CREASE_CELL_AUTO, &time[2]);
    if (getenv("CREASE_VERBOSE"))
        fprintf(stderr, "%-28s %9llu regions; rays %.2f s, lp %.2f s, walk %.2f s\n", name,
                (unsigned long long)rays, time[0], time[1], time[2]);
    if (rays != lp || lp != walk || (k->regions && rays != k->regions)) {
        fprintf(stderr, "%s\n", json);
        ck_abort_msg("%s: rays %llu, lp %llu, walk %llu, expected %llu", name,
                     (unsigned long long)rays, (unsigned long long)lp, (unsigned long long)walk,
                     (unsigned long long)k->regions);
    }
    crease_domain_free(domain);
    crease_network_free(network);
}

static void check_case(const kase *k)
{
    int count = 0;
    while (k->width[count])
        count++;
    for (int s = 1; s <= k->seeds; s++) {
        uint64_t seed = 1000 * (uint64_t)count_setting("CREASE_AGREE_SEED", 1) + (uint64_t)s;
        char name[128] = "", *json = twisted(random_net(k->width, count, seed), k->kind, seed);
        for (int i = 0; i < count; i++)
            snprintf(name + strlen(name), sizeof name - strlen(name), "%d-", k->width[i]);
        snprintf(name + strlen(name) - 1, 64, ", seed %d, %s, kind %d", s, k->box ? "box" : "R^n",
                 (int)k->kind);
        /* The walk is slow: where the number is known, one of several large ones will do. */
        check_net(json, k, s == 1 || !k->regions, name);
        free(json);
    }
}

/* The first of every kind, and every twentieth. */
static bool in_sample(int i)
{
    return i % 20 == 19 || (i && few[i].kind != few[i - 1].kind);
}

START_TEST(ten_thousand)
{
    if (getenv("CREASE_LONG") || in_sample(_i))
        check_case(&few[_i]);
}
END_TEST

START_TEST(a_million)
{
    check_case(&many[_i]);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("agree");
    TCase *tcase = support_case(suite, "agree", 3600);
    tcase_add_loop_test(tcase, ten_thousand, 0, (int)(sizeof few / sizeof *few));
    if (getenv("CREASE_LONG"))
        tcase_add_loop_test(tcase, a_million, 0, (int)(sizeof many / sizeof *many));
    return support_run(suite);
}
