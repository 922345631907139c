/* Lower and exact bounds are reached: for every one that applies to some small widths there is a
 * network of these widths with as many regions, counted by both engines.
 *
 * Environment: CREASE_REACH_MOST the largest bound that is tried. */
#include "bound/make.h"
#include "support/bounds.h"
#include "support/counting.h"
#include "support/nets.h"
#include "support/support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { TEXT = 64, MOST_LAYERS = 3, MOST_WIDTH = 6 };

/* Widths, of ReLU units if rank is 0. */
typedef struct {
    size_t inputs, layers, rank;
    size_t width[MOST_LAYERS];
} shape;

static void describe(const shape *s, bool inputs, char *text)
{
    size_t used = inputs ? (size_t)snprintf(text, TEXT, "%zu,", s->inputs) : 0;
    for (size_t l = 0; l < s->layers; l++)
        used += (size_t)snprintf(text + used, TEXT - used, "%s%zu", l ? "," : "", s->width[l]);
}

/* ---- Networks ---- */

static crease_network *make(const shape *s, const char *family)
{
    char widths[TEXT], path[] = "/tmp/crease-reach-XXXXXX";
    crease_made *made;
    crease_network *network = NULL;
    crease_error error = {""};
    int file = mkstemp(path);
    describe(s, false, widths);
    ck_assert(file >= 0 && !close(file));
    crease_status status = crease_make(family, s->inputs, widths, s->rank, 0, &made, &error);
    ck_assert_msg(!status, "make %s, %zu inputs, %s: %s", family, s->inputs, widths, error.text);
    status = crease_made_write(made, path, NULL, &error);
    if (!status)
        status = crease_network_read(path, &network, &error);
    ck_assert_msg(!status, "%s", error.text);
    unlink(path);
    crease_made_free(made);
    return network;
}

static crease_network *parse(oracle_net *net)
{
    char *json = nets_text(net, NULL);
    crease_network *network = support_network(json);
    free(json);
    oracle_free(net);
    return network;
}

static void set_row(const oracle_net *net, int layer, int row, long weight, long bias)
{
    for (int j = 0; j < net->layer[layer].fan; j++)
        mpq_set_si(*nets_at(net, layer, row, j), weight, 1);
    mpq_set_si(*nets_at(net, layer, row, net->layer[layer].fan), bias, 1);
}

/* Cones as in make arora; then, for s their sum, max(0, 2 s) - max(0, 4 s - 2), which folds 0:1
 * once, again and again, or max(0, s - 1) and max(0, s - 2) in the last layer: three pieces. */
static crease_network *narrow_cones(const shape *s, bool three)
{
    int widths[MOST_LAYERS + 1] = {0}, layers = (int)s->layers;
    for (int l = 0; l <= layers; l++)
        widths[l] = l < layers ? (int)s->width[l] : 1;
    oracle_net *net = nets_new((int)s->inputs, widths, layers + 1);
    for (int u = 0; u < widths[0]; u++) {
        long power = u % 2 ? -1 : 1;
        for (size_t j = 0; j < s->inputs; j++, power *= u / 2 + 1)
            mpq_set_si(*nets_at(net, 0, u, (int)j), power, 1);
    }
    for (int l = 1; l < layers; l++)
        for (int u = 0; u < 2; u++) {
            set_row(net, l, u, three ? 1 : u ? 4 : 2, three ? -(u + 1) : u ? -2 : 0);
            if (l > 1)
                mpq_neg(*nets_at(net, l, u, 1), *nets_at(net, l, u, 1));
        }
    return parse(net);
}

/* max(2 x, -2 x) - 1 of every input maps -1:1 onto itself twice. */
static crease_network *absolute_values(const shape *s)
{
    int layers = (int)s->layers, rank = (int)s->rank;
    oracle_net *net = nets_blank((int)s->inputs, layers + 1);
    for (int l = 0; l <= layers; l++) {
        int fan = l ? net->layer[l - 1].width : (int)s->inputs;
        bool last = l == layers;
        oracle_shape(&net->layer[l], fan, last ? ORACLE_LINEAR : ORACLE_MAXOUT, last ? 1 : rank,
                     last ? 1 : (int)s->width[l], 0);
        for (int u = 0; u < (int)s->inputs && !last; u++)
            for (int piece = 0; piece < rank; piece++) {
                mpq_set_si(*nets_at(net, l, u * rank + piece, u), piece ? 2 : -2, 1);
                long bias = l ? piece ? -2 : 2 : 0; /* pieces behind the second win nowhere */
                mpq_set_si(*nets_at(net, l, u * rank + piece, fan), bias - (piece ? piece - 1 : 0),
                           1);
            }
    }
    return parse(net);
}

/* Without the odd unit of every layer but the last. */
static crease_network *even_fold(const shape *s)
{
    shape even = *s;
    for (size_t l = 0; l + 1 < s->layers; l++)
        even.width[l] -= s->width[l] % 2;
    return make(&even, "maxout-fold");
}

static const struct {
    const char *id, *family;
    bool box; /* counted in 0:1, where its regions are */
} ways[] = {{"zaslavsky", "generic", false},
            {"serra-2018-1d", "zigzag", true},
            {"serra-2018-lower", "serra", true},
            {"montufar-2014", "fold", true},
            {"pascanu-2013", "fold", true},
            {"serra-2018-arora", "arora", false},
            {"arora-2018", "arora", false},
            {"maxout-montufar-2022-layer", "maxout-fold", true},
            {"maxout-montufar-2014-layer-lower", "maxout-fold", true},
            {"maxout-montufar-2022-lower", "maxout-fold", true},
            {"maxout-montufar-2014-lower", "maxout", false},
            {"maxout-montufar-2014-rank2", "absolute values", false}};

static crease_network *build(const shape *s, size_t way)
{
    bool last = !strcmp(ways[way].family, "maxout") && s->inputs == 1;
    if (!strcmp(ways[way].family, "arora") && s->layers > 1 && s->width[1] == 2)
        return narrow_cones(s, !strcmp(ways[way].id, "serra-2018-arora"));
    if (!strcmp(ways[way].family, "absolute values") || (last && s->rank == 2))
        return absolute_values(s);
    return last ? even_fold(s) : make(s, ways[way].family);
}

/* ---- Counts ---- */

static void reach(const shape *s, size_t way, unsigned long least, const char *text)
{
    static const crease_engine engines[] = {CREASE_ENGINE_SPLIT, CREASE_ENGINE_WALK};
    crease_network *network = build(s, way);
    crease_domain *domain = NULL;
    crease_bounds *bounds;
    ck_assert(!ways[way].box || !crease_domain_box("0:1", s->inputs, &domain, NULL));
    ck_assert(!crease_bounds_network(network, domain, 0, &bounds, NULL));
    for (size_t i = 0; i < REPEATS(engines); i++) {
        crease_result result;
        crease_options options;
        crease_options_default(&options);
        options.engine = engines[i];
        options.threads = 1;
        ck_assert(!crease_count(network, domain, &options, &result, NULL) && result.complete);
        ck_assert_msg(result.regions >= least, "%s: %s is %lu, %s has %llu regions", text,
                      ways[way].id, least, ways[way].family, (unsigned long long)result.regions);
        bounds_check_count(bounds, result.regions, text);
    }
    bounds_check_order(bounds, text);
    crease_bounds_free(bounds);
    crease_domain_free(domain);
    crease_network_free(network);
}

/* Bounds with the same network are one: the greatest of them. */
static void reach_all(const shape *s, long most)
{
    char text[TEXT];
    unsigned long least[REPEATS(ways)] = {0};
    crease_bounds *bounds;
    describe(s, true, text);
    ck_assert(!crease_bounds_widths(text, s->rank, &bounds, NULL));
    for (size_t i = 0; i < crease_bounds_count(bounds); i++) {
        const crease_bound *b = crease_bounds_get(bounds, i);
        size_t way = 0;
        if (!b->applies || (b->kind != CREASE_BOUND_LOWER && b->kind != CREASE_BOUND_EXACT))
            continue;
        while (way < REPEATS(ways) && strcmp(ways[way].id, b->id))
            way++;
        ck_assert_msg(way < REPEATS(ways), "no network that reaches %s", b->id);
        least[way] = strtoul(b->value, NULL, 10);
    }
    for (size_t way = 0; way < REPEATS(ways); way++)
        if (least[way] && least[way] <= (unsigned long)most)
            reach(s, way, least[way], text);
    crease_bounds_free(bounds);
}

/* Loops: a number of layers for each kind of units. */
START_TEST(reached)
{
    long most = count_setting("CREASE_REACH_MOST", 400), done = 0;
    shape s = {.layers = (size_t)_i % 3 + 1, .rank = _i < 3 ? 0 : (size_t)_i / 3 + 1};
    for (s.inputs = 1; s.inputs <= 4; s.inputs++) {
        size_t at = 0;
        for (size_t l = 0; l < s.layers; l++)
            s.width[l] = 1;
        while (at < s.layers) {
            reach_all(&s, most);
            done++;
            for (at = 0; at < s.layers && ++s.width[at] > MOST_WIDTH; at++)
                s.width[at] = 1;
        }
    }
    ck_assert_int_ge(done, 24);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("bounds are reached");
    TCase *tcase = support_case(suite, "bounds are reached", 3600);
    tcase_add_loop_test(tcase, reached, 0, 12);
    return support_run(suite);
}
