/* Maps of nested cells (crease_map_push): every entry is within its bound of the exact one, and the
 * doubles depend only on the order in which units became known. */
#include "support/nets.h"
#include "support/random_net.h"
#include "support/rational.h"
#include "support/support.h"

#include "model/map.h"
#include "model/shadow.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { LAYERS = 4, MOST = 200, WORDS = (MOST + 63) / 64, MOST_LEAVES = 40 };

typedef struct {
    uint64_t state;
    crease_model *model;
    crease_map *map[LAYERS];
    uint8_t active[LAYERS][MOST];
    uint32_t order[LAYERS][MOST]; /* the active units as they become known */
    size_t leaves, wide;          /* maps compared; entries whose error matters */
} walk;

/* ---- The comparison ---- */

static void check_row(walk *w, size_t l, size_t u, const mpq_t unit)
{
    crease_map *map = w->map[l];
    size_t stride = w->model->layer[l].stride;
    const mpz_t *exact = crease_map_exact(map, u);
    mpq_t error, meant;
    mpq_inits(error, meant, NULL);
    for (size_t j = 0; j < map->d; j++) {
        double entry = map->row[j * stride + u];
        support_require(fabs(entry) <= map->mag[u], "an entry above mag");
        mpq_set_d(error, entry);
        mpq_set_z(meant, exact[j]);
        mpq_mul(meant, meant, unit);
        mpq_sub(error, error, meant);
        mpq_abs(error, error);
        mpq_set_d(meant, map->err[u]);
        support_require(mpq_cmp(error, meant) <= 0, "an entry is not within err");
        w->wide += mpq_get_d(error) > 0x1p-45 * map->mag[u];
    }
    mpq_clears(error, meant, NULL);
}

/* The rows by one sum after the other. */
static void check_order(const walk *w, size_t l, size_t listed)
{
    const crease_map *map = w->map[l], *below = w->map[l - 1];
    const crease_model_layer *layer = &w->model->layer[l];
    size_t stride = layer->stride;
    double *column = malloc(stride * sizeof *column), *sum = malloc(stride * sizeof *sum);
    for (size_t j = 0; j < map->d; j++) {
        for (size_t u = 0; u < stride; u++)
            sum[u] = j + 1 < map->d ? 0 : layer->bias[u] * map->scale;
        for (size_t i = 0; i < listed; i++) {
            size_t t = w->order[l - 1][i];
            memset(column, 0, stride * sizeof *column);
            if (layer->weight)
                memcpy(column, layer->weight + t * stride, stride * sizeof *column);
            for (size_t k = layer->weight ? 0 : layer->columns.begin[t];
                 !layer->weight && k < layer->columns.begin[t + 1]; k++)
                column[layer->columns.unit[k]] = layer->columns.weight[k];
            for (size_t u = 0; u < stride; u++)
                sum[u] += column[u] * below->row[j * w->model->layer[l - 1].stride + t];
        }
        for (size_t u = 0; u < layer->width; u++)
            support_require(sum[u] == map->row[j * stride + u],
                            "rows depend on more than the order");
    }
    free(column);
    free(sum);
}

static void check_map(walk *w, size_t l, size_t listed)
{
    const crease_map *map = w->map[l];
    mpq_t unit, one;
    mpq_inits(unit, one, NULL);
    mpq_set_d(unit, map->scale);
    mpz_mul(mpq_numref(one), map->constant, w->model->layer[l].den);
    mpq_div(unit, unit, one);
    for (size_t u = 0; u < w->model->layer[l].width; u++)
        check_row(w, l, u, unit);
    crease_shadow_map(w->map[l]); /* bound and slope too */
    if (l)
        check_order(w, l, listed);
    mpq_clears(unit, one, NULL);
    w->leaves++;
}

/* ---- A tree of cells, as a search goes down it ---- */

static void cells_of(walk *w, size_t l);

/* Some of the units that were open before become known, at random, beside `fixed`, which is. */
static void split(walk *w, size_t l, const uint64_t *before, size_t fixed, size_t listed)
{
    size_t width = w->model->layer[l].width, left = 0;
    uint64_t open[WORDS];
    bool last = nets_between(&w->state, 0, 9) == 0 || w->leaves > MOST_LEAVES;
    long share = last ? 0 : nets_between(&w->state, 0, 8);
    for (size_t u = 0; u < width; u++) {
        bool pending = before[u / 64] >> u % 64 & 1;
        if (u % 64 == 0)
            open[u / 64] = 0;
        if (pending && nets_between(&w->state, 1, 8) <= share) {
            open[u / 64] |= (uint64_t)1 << u % 64;
            left++;
            continue;
        }
        if (pending)
            w->active[l][u] = nets_between(&w->state, 0, 1) != 0;
        if ((pending || u == fixed) && w->active[l][u])
            w->order[l][listed++] = (uint32_t)u;
    }
    if (!left) {
        crease_map_next(w->map[l + 1], w->map[l], w->active[l]);
        check_map(w, l + 1, listed);
        if (l + 2 < w->model->layers)
            cells_of(w, l + 1);
        return;
    }
    size_t unit = (size_t)nets_between(&w->state, 0, (long)width - 1);
    while (!(open[unit / 64] >> unit % 64 & 1))
        unit = (unit + 1) % width;
    open[unit / 64] &= ~((uint64_t)1 << unit % 64);
    crease_map_push(w->map[l + 1], open, unit);
    for (int h = 0; h < 2; h++) {
        w->active[l][unit] = h == 0;
        split(w, l, open, unit, listed);
    }
    crease_map_pop(w->map[l + 1]);
}

static void cells_of(walk *w, size_t l)
{
    uint64_t all[WORDS] = {0};
    for (size_t u = 0; u < w->model->layer[l].width; u++)
        all[u / 64] |= (uint64_t)1 << u % 64;
    split(w, l, all, MOST, 0);
}

/* Checks the maps of a network, whose text is freed.  Returns how many entries were off by much. */
static size_t check_network(char *json, uint64_t seed)
{
    walk w = {.state = seed};
    crease_network *network = support_network(json);
    w.model = crease_model_new(network, NULL);
    for (size_t l = 0; l < w.model->layers; l++)
        w.map[l] = crease_map_new(w.model, l, w.model->inputs + 1);
    crease_map_first(w.map[0]);
    check_map(&w, 0, 0);
    cells_of(&w, 0);
    for (size_t l = 0; l < w.model->layers; l++)
        crease_map_free(w.map[l]);
    crease_model_free(w.model);
    crease_network_free(network);
    free(json);
    return w.wide;
}

/* ---- Networks ---- */

/* Most weights 0: where the layer has enough of them, it keeps columns. */
static char *pruned(const int *widths, int count, uint64_t *state)
{
    char *json = random_net(widths, count, nets_random(state));
    oracle_net *net = oracle_read(json);
    free(json);
    for (int l = 1; l < net->count; l++)
        for (int u = 0; u < net->layer[l].width; u++)
            for (int t = 0; t < net->layer[l].fan; t++)
                if (nets_between(state, 0, 15))
                    mpq_set_ui(*nets_at(net, l, u, t), 0, 1);
    json = nets_text(net, NULL);
    oracle_free(net);
    return json;
}

/* Pairs of units that are nearly the same, units that take their differences, and units that take
 * one of those: rows that are small beside their errors. */
static char *cancelling(const int *widths, int count, uint64_t *state)
{
    char *json = random_net(widths, count, nets_random(state));
    oracle_net *net = oracle_read(json);
    free(json);
    for (int u = 1; u < net->layer[0].width; u += 2)
        for (int j = 0; j <= net->input; j++) {
            double x = mpq_get_d(*nets_at(net, 0, u - 1, j));
            mpq_set_d(*nets_at(net, 0, u, j), x + ldexp(rational_random(state), -40));
        }
    for (int l = 1; l <= 2; l++)
        for (int u = 0; u < net->layer[l].width; u++)
            for (int t = 0; t <= net->layer[l].fan; t++)
                if (l == 1 ? t / 2 != u : t != u)
                    mpq_set_ui(*nets_at(net, l, u, t), 0, 1);
                else if (l == 1 && t % 2)
                    mpq_neg(*nets_at(net, l, u, t), *nets_at(net, l, u, t - 1));
    json = nets_text(net, NULL);
    oracle_free(net);
    return json;
}

START_TEST(random_weights)
{
    static const int shapes[][6] = {{3, 8, 8, 1},    {5, 30, 17, 9, 1}, {1, 40, 40, 1},
                                    {8, 70, 33, 1},  {2, 150, 24, 1},   {2, 9, 160, 5, 1},
                                    {6, 20, 1, 7, 1}};
    uint64_t state = (uint64_t)_i;
    const int *widths = shapes[_i];
    int count = 0;
    while (widths[count])
        count++;
    for (int round = 0; round < 4; round++)
        check_network(round % 2 ? random_net(widths, count, nets_random(&state))
                                : nets_whole(widths, count, 3, nets_random(&state)),
                      nets_random(&state));
}
END_TEST

START_TEST(few_weights)
{
    static const int widths[] = {2, 130, 150, 20, 1};
    uint64_t state = 77;
    for (int round = 0; round < 2; round++)
        check_network(pruned(widths, 5, &state), nets_random(&state));
}
END_TEST

/* Products of two layers are integers on both sides of 2^53, where sums begin to be rounded. */
START_TEST(large_integers)
{
    static const int widths[] = {4, 9, 11, 1};
    uint64_t state = 5;
    for (int round = 0; round < 30; round++)
        check_network(nets_whole(widths, 4, 1 << nets_between(&state, 22, 28), nets_random(&state)),
                      nets_random(&state));
}
END_TEST

/* Errors of the layer below count for more than rounding. */
START_TEST(differences)
{
    static const int shapes[2][5] = {{2, 12, 6, 6, 1}, {2, 200, 110, 160, 1}};
    uint64_t state = 3;
    size_t wide = 0;
    for (int round = 0; round < (_i ? 2 : 20); round++)
        wide += check_network(cancelling(shapes[_i], 5, &state), nets_random(&state));
    ck_assert_uint_gt(wide, 100);
}
END_TEST

/* What 1 stands for in the integer rows, as maps go from the inputs to units as coordinates and
 * back. */
START_TEST(other_coordinates)
{
    static const int widths[] = {3, 5, 4, 6, 1};
    static const size_t chosen[] = {1, 3};
    const uint8_t state[][5] = {{0, 1, 0, 1, 0}, {1, 0, 1, 1}};
    char *json = random_net(widths, 5, 9);
    crease_network *network = support_network(json);
    crease_model *model = crease_model_new(network, NULL);
    crease_map *map[3];
    mpz_t one;
    mpz_init(one);
    for (size_t l = 0; l < 3; l++)
        map[l] = crease_map_new(model, l, 4);
    ck_assert_int_ne(mpz_cmp(model->constant, model->layer[0].den), 0);
    crease_map_first(map[0]);
    for (int round = 0; round < 4; round++) {
        mpz_set_ui(one, 1);
        if (round % 2) {
            crease_map_rebase(map[1], 3, chosen);
        } else {
            crease_map_next(map[1], map[0], state[0]);
            mpz_mul(one, model->constant, model->layer[0].den);
        }
        crease_map_next(map[2], map[1], state[1]);
        ck_assert_int_eq(mpz_cmp(map[1]->constant, one), 0);
        mpz_mul(one, one, model->layer[1].den);
        ck_assert_int_eq(mpz_cmp(map[2]->constant, one), 0);
        crease_shadow_map(map[2]);
    }
    for (size_t l = 0; l < 3; l++)
        crease_map_free(map[l]);
    mpz_clear(one);
    crease_model_free(model);
    crease_network_free(network);
    free(json);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("maps");
    TCase *tcase = support_case(suite, "maps", 3600);
    tcase_add_loop_test(tcase, random_weights, 0, 7);
    tcase_add_test(tcase, few_weights);
    tcase_add_test(tcase, large_integers);
    tcase_add_test(tcase, other_coordinates);
    tcase_add_loop_test(tcase, differences, 0, 2);
    return support_run(suite);
}
