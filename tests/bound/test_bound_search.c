/* Hill climbing over the weights of small networks for more regions than the bounds allow: no
 * network on the way has any, and where the greatest number is known the search finds it.
 *
 * Environment: CREASE_SEARCH_NETS how many searches, CREASE_SEARCH_STEPS the networks of each;
 * without CREASE_LONG every second known maximum. */
#include "support/bounds.h"
#include "support/counting.h"
#include "support/nets.h"
#include "support/support.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_LAYERS = 3, RANGE = 3, TRIES = 400 };

/* The units of a layer; of maxout units the rank. */
typedef struct {
    oracle_kind kind;
    int rank;
} units;

static const units known_units[] = {{ORACLE_RELU, 1},   {ORACLE_MAXOUT, 2}, {ORACLE_MAXOUT, 3},
                                    {ORACLE_MAXOUT, 4}, {ORACLE_LEAKY, 1},  {ORACLE_ABS, 1},
                                    {ORACLE_CLIP, 1}};

typedef struct {
    oracle_net *net;
    const char *box;
    bool central; /* without biases */
    uint64_t state;
} search;

static void add_layer(search *s, int layer, units u, int width)
{
    oracle_layer *made = &s->net->layer[layer];
    oracle_shape(made, layer ? s->net->layer[layer - 1].width : s->net->input, u.kind, u.rank,
                 width, 0);
    if (u.kind == ORACLE_LEAKY)
        mpq_set_si(made->parameter[0], 1, 2);
    if (u.kind == ORACLE_CLIP)
        mpq_set_si(made->parameter[1], 1, 1);
}

/* One number of a hidden layer, the bias of a row included. */
static mpq_t *pick(search *s)
{
    int layer = (int)nets_between(&s->state, 0, s->net->count - 2);
    const oracle_layer *made = &s->net->layer[layer];
    int row = (int)nets_between(&s->state, 0, made->rows - 1);
    return nets_at(s->net, layer, row,
                   (int)nets_between(&s->state, 0, made->fan - (s->central ? 1 : 0)));
}

/* The regions of the network, which all bounds allow. */
static uint64_t count(const search *s)
{
    char *json = nets_text(s->net, NULL);
    crease_network *network = support_network(json);
    crease_domain *domain = NULL;
    crease_bounds *bounds;
    crease_result result;
    crease_options options;
    crease_options_default(&options);
    options.engine = CREASE_ENGINE_SPLIT;
    options.threads = 1;
    ck_assert(!s->box || !crease_domain_box(s->box, (size_t)s->net->input, &domain, NULL));
    ck_assert(!crease_count(network, domain, &options, &result, NULL) && result.complete);
    ck_assert(!crease_bounds_network(network, domain, 0, &bounds, NULL));
    bounds_check_count(bounds, result.regions, json);
    bounds_check_order(bounds, json);
    crease_bounds_free(bounds);
    crease_domain_free(domain);
    crease_network_free(network);
    free(json);
    return result.regions;
}

/* A new number, or one nearby. */
static void change(search *s, mpq_t value)
{
    mpq_t step;
    mpq_init(step);
    bool nearby = nets_between(&s->state, 0, 1);
    mpq_set_si(step, nets_between(&s->state, -2 * RANGE, 2 * RANGE), nearby ? 4 : 2);
    mpq_canonicalize(step);
    if (nearby)
        mpq_add(value, value, step);
    else
        mpq_set(value, step);
    mpq_clear(step);
}

/* Changes up to three numbers at a time and keeps what is as good; stops at `enough` regions. */
static uint64_t climb(search *s, long steps, uint64_t enough)
{
    uint64_t best = count(s);
    mpq_t old[3], *at[3];
    mpq_inits(old[0], old[1], old[2], NULL);
    for (long step = 0; step < steps && best < enough; step++) {
        int changes = (int)nets_between(&s->state, 1, 3);
        for (int i = 0; i < changes; i++) {
            at[i] = pick(s);
            mpq_set(old[i], *at[i]);
            change(s, *at[i]);
        }
        uint64_t found = count(s);
        best = found > best ? found : best;
        for (int i = changes; i-- > 0 && found < best;)
            mpq_set(*at[i], old[i]);
    }
    mpq_clears(old[0], old[1], old[2], NULL);
    return best;
}

static void randomize(search *s)
{
    for (int l = 0; l + 1 < s->net->count; l++)
        for (int r = 0; r < s->net->layer[l].rows; r++)
            for (int j = 0; j <= s->net->layer[l].fan; j++)
                if (j < s->net->layer[l].fan || !s->central)
                    mpq_set_si(*nets_at(s->net, l, r, j), nets_between(&s->state, -RANGE, RANGE),
                               1);
}

/* ---- Random widths ---- */

static void random_search(uint64_t seed, long steps)
{
    static const char *const boxes[] = {NULL, NULL, "-1:1", "0:1/8", "-1/3:2"};
    search s = {.state = seed};
    int layers = (int)nets_between(&s.state, 1, MOST_LAYERS), most = 5 - layers;
    int kind = (int)nets_between(&s.state, -3, 7), inputs = (int)nets_between(&s.state, 1, 3);
    s.net = nets_blank(inputs, layers + 1);
    s.central = layers == 1 && nets_between(&s.state, 0, 1);
    s.box = boxes[nets_between(&s.state, 0, 4)];
    for (int l = 0; l < layers; l++) {
        int other = kind > 6 ? (int)nets_between(&s.state, 0, 6) : kind < 0 ? 0 : kind;
        add_layer(&s, l, known_units[other], (int)nets_between(&s.state, 1, most));
    }
    add_layer(&s, layers, (units){ORACLE_LINEAR, 1}, 1);
    randomize(&s);
    uint64_t best = climb(&s, steps, UINT64_MAX);
    char *json = nets_text(s.net, NULL);
    ck_assert_msg(count_all(json, s.box) == best && oracle_count(json, s.box) == (long)best,
                  "%llu regions, others find another number\n%s", (unsigned long long)best, json);
    free(json);
    oracle_free(s.net);
}

START_TEST(not_broken)
{
    uint64_t state = (uint64_t)_i * 1000 + 7;
    long nets = count_setting("CREASE_SEARCH_NETS", 400) / 10;
    long steps = count_setting("CREASE_SEARCH_STEPS", 400);
    for (long i = 0; i < nets; i++)
        random_search(nets_random(&state), steps);
}
END_TEST

/* ---- Known maxima ---- */

static const struct {
    int inputs, layers, width[MOST_LAYERS];
    units unit;
    bool central;
    uint64_t most;
} known[] = {
    {2, 1, {4}, {ORACLE_RELU, 1}, false, 11},
    {2, 1, {4}, {ORACLE_RELU, 1}, true, 8},
    {3, 1, {4}, {ORACLE_RELU, 1}, true, 14},
    {1, 3, {1, 1, 1}, {ORACLE_RELU, 1}, false, 4},
    {1, 2, {2, 2}, {ORACLE_RELU, 1}, false, 7},
    {1, 2, {3, 2}, {ORACLE_RELU, 1}, false, 12},
    {1, 3, {1, 2, 1}, {ORACLE_RELU, 1}, false, 6},
    {1, 3, {2, 1, 1}, {ORACLE_RELU, 1}, false, 7},
    {2, 2, {2, 2}, {ORACLE_RELU, 1}, false, 11},
    {2, 1, {2}, {ORACLE_MAXOUT, 3}, false, 9},
    {1, 3, {1, 1, 1}, {ORACLE_MAXOUT, 2}, false, 8},
    {1, 2, {1, 1}, {ORACLE_MAXOUT, 3}, false, 7},
    {1, 2, {1, 1}, {ORACLE_MAXOUT, 4}, false, 10},
    {1, 3, {1, 1, 1}, {ORACLE_MAXOUT, 3}, false, 15},
    {1, 2, {1, 2}, {ORACLE_MAXOUT, 3}, false, 11},
};

START_TEST(maximum_found)
{
    uint64_t best = 0, wanted = known[_i].most;
    if (!getenv("CREASE_LONG") && _i % 2)
        return;
    for (int try = 0; try < TRIES && best < wanted; try++) {
        search s = {.state = (uint64_t)(100 * _i + try), .central = known[_i].central};
        s.net = nets_blank(known[_i].inputs, known[_i].layers + 1);
        for (int l = 0; l < known[_i].layers; l++)
            add_layer(&s, l, known[_i].unit, known[_i].width[l]);
        add_layer(&s, known[_i].layers, (units){ORACLE_LINEAR, 1}, 1);
        randomize(&s);
        uint64_t found = climb(&s, 500, wanted);
        best = found > best ? found : best;
        oracle_free(s.net);
    }
    ck_assert_msg(best == wanted, "known maximum %d: found %llu regions, not %llu", _i,
                  (unsigned long long)best, (unsigned long long)wanted);
}
END_TEST

/* The third layer of two has its 19 regions: a unit there is zero six times, twice for each region
 * of the first layer. */
START_TEST(narrow_layers)
{
    char json[] = "{\"input\": 1, \"layers\": ["
                  "{\"weight\": [[-1],[1]], \"bias\": [1,0], \"activation\": \"relu\"},"
                  "{\"weight\": [[-6,-7],[1,6]], \"bias\": [8,-4], \"activation\": \"relu\"},"
                  "{\"weight\": [[4,2],[4,2]], \"bias\": [-7,-6], \"activation\": \"relu\"},"
                  "{\"weight\": [[1,1]], \"bias\": [0], \"activation\": \"linear\"}]}";
    search s = {.net = oracle_read(json)};
    crease_bounds *bounds;
    ck_assert_uint_eq(count(&s), 19);
    ck_assert_uint_eq(count_all(json, NULL), 19);
    ck_assert(!crease_bounds_widths("1,2,2,2", 0, &bounds, NULL));
    ck_assert_str_eq(bounds_find(bounds, "one-input")->value, "19");
    crease_bounds_free(bounds);
    oracle_free(s.net);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("search for more than the bounds");
    TCase *tcase = support_case(suite, "search", 36000);
    tcase_add_loop_test(tcase, not_broken, 0, 10);
    tcase_add_loop_test(tcase, maximum_found, 0, REPEATS(known));
    tcase_add_test(tcase, narrow_layers);
    return support_run(suite);
}
