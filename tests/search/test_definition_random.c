/* Random networks, counted by every definition of a region: an oracle finds neighbours and compares
 * maps by exact LPs and fractions; the numbers of open-connected and affine regions do not change
 * where the function does not.
 *
 * Environment: CREASE_CLASSES_NETS how many, CREASE_CLASSES_SEED the first. */
#include "support/counting.h"
#include "support/nets_maxout.h"
#include "support/support.h"

#include "search/search.h"

#include <stdlib.h>

enum { BLOCKS = 10, MOST_WIDTHS = 6, CHOICES = 8 };

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
        widths[l] =
            (int)(l == 1 ? nets_between(state, 2, hidden == 1 ? 7 : 5) : nets_between(state, 1, 3));
    widths[hidden + 1] = (int)nets_between(state, 1, 2);
    char *json =
        nets_whole(widths, hidden + 2, nets_between(state, 0, 3) ? 3 : 1, nets_random(state));
    oracle_net *net = oracle_read(json);
    free(json);
    for (int l = 0; l < hidden; l++) {
        if (widths[l + 1] > 2 && nets_between(state, 0, 1))
            add_hat(net, l, (int)nets_between(state, 0, 3));
        for (long k = nets_between(state, 0, 2); k > 1; k--)
            pair_units(net, l, state);
        if (hidden > 1 && !nets_between(state, 0, 9))
            net->layer[l].kind = ORACLE_LINEAR;
    }
    json = nets_text(net, NULL);
    oracle_free(net);
    if (nets_between(state, 0, 1))
        return json;
    char *scaled = nets_scale_units(json, nets_random(state));
    free(json);
    return scaled;
}

/* A box or NULL for all of R^n. */
static const char *some_box(const char *json, uint64_t *state, char *text)
{
    oracle_net *net = oracle_read(json);
    nets_box(net->input, state, text);
    oracle_free(net);
    return nets_between(state, 0, 2) ? NULL : text;
}

static char *some_net(uint64_t *state)
{
    return nets_between(state, 0, 1) ? coincident(state) : nets_mixed(nets_random(state), CHOICES);
}

/* ---- The oracle ---- */

START_TEST(oracle)
{
    long total = count_setting("CREASE_CLASSES_NETS", 700);
    long first = count_setting("CREASE_CLASSES_SEED", 1);
    for (long i = _i; i < total; i += BLOCKS) {
        char text[NETS_BOX];
        uint64_t state = (uint64_t)(first + i);
        char *json = some_net(&state);
        const char *box = some_box(json, &state, text);
        count_same(count_classes(json, box, (int)nets_between(&state, 1, 2)),
                   oracle_classify(json, box), json, box);
        free(json);
    }
}
END_TEST

/* ---- The same function ---- */

/* Every output passed on as relu(t) - relu(-t): more activation regions. */
static char *pass_outputs(const char *json, uint64_t seed)
{
    (void)seed;
    oracle_net *net = oracle_read(json);
    oracle_layer old = net->layer[net->count - 1];
    int top = net->count++;
    net->layer = oracle_need(realloc(net->layer, (size_t)net->count * sizeof *net->layer));
    oracle_shape(&net->layer[top - 1], old.fan, ORACLE_RELU, 1, 2 * old.width, 0);
    oracle_shape(&net->layer[top], 2 * old.width, ORACLE_LINEAR, 1, old.width, 0);
    for (int u = 0; u < old.width; u++)
        for (int side = 0; side < 2; side++) {
            for (int j = 0; j <= old.fan; j++) {
                mpq_t *entry = nets_at(net, top - 1, 2 * u + side, j);
                mpq_set(*entry, old.row[u * (old.fan + 1) + j]);
                if (side)
                    mpq_neg(*entry, *entry);
            }
            nets_set(net, top, u, 2 * u + side, side ? "-1" : "1");
        }
    oracle_drop(old.row, (size_t)(old.width * (old.fan + 1)));
    mpq_clears(old.parameter[0], old.parameter[1], NULL);
    char *text = nets_text(net, NULL);
    oracle_free(net);
    return text;
}

static char *maxout_as_relu(const char *json, uint64_t seed)
{
    (void)seed;
    return nets_maxout_as_relu(json);
}

static char *as_maxout(const char *json, uint64_t seed)
{
    (void)seed;
    return nets_as_maxout(json);
}

static char *carry_inputs(const char *json, uint64_t seed)
{
    (void)seed;
    return nets_carry_inputs(json);
}

static char *(*const change[])(const char *json, uint64_t seed) = {
    pass_outputs,      nets_permute,   nets_scale_units, nets_permute_pieces, nets_add_piece,
    nets_shift_pieces, maxout_as_relu, as_maxout,        carry_inputs};

START_TEST(same_function)
{
    for (uint64_t seed = 1; seed <= 40; seed++) {
        char text[NETS_BOX];
        uint64_t state = 1000 * (uint64_t)_i + seed;
        char *json = some_net(&state), *other = change[_i](json, nets_random(&state));
        const char *box = some_box(json, &state, text);
        oracle_classes before = count_classes(json, box, 1), after = count_classes(other, box, 2);
        if (change[_i] == pass_outputs)
            ck_assert_int_ge(after.activation, before.activation);
        else
            ck_assert_int_eq(after.activation, before.activation);
        before.activation = after.activation;
        count_same(after, before, other, box);
        free(json);
        free(other);
    }
}
END_TEST

/* ---- Fingerprints ---- */

/* A walk that keeps only so many bits of a fingerprint; the box is [-1, 1]^n. */
static oracle_classes with_bits(const char *json, unsigned bits, int threads)
{
    crease_outcome outcome;
    crease_monitor monitor;
    crease_options options;
    crease_error error = {""};
    crease_domain *domain;
    crease_network *given = support_network(json), *lowered = crease_network_lower(given);
    const crease_network *network = lowered ? lowered : given;
    ck_assert(!crease_domain_box("-1:1", network->inputs, &domain, &error));
    crease_model *model = crease_model_new(network, domain);
    uint8_t *start = calloc(crease_network_decisions(network) + 1, 1);
    mpq_t *x = oracle_zeros(network->inputs);
    crease_model_pattern_at(network, x, x, start);
    crease_options_default(&options);
    crease_monitor_begin(&monitor, &options);
    crease_walk_run(&(crease_task){.model = model,
                                   .options = &options,
                                   .start = start,
                                   .proposer = &crease_lp_dense,
                                   .threads = threads,
                                   .monitor = &monitor,
                                   .network = network,
                                   .definition = CREASE_DEFINITION_AFFINE,
                                   .print_bits = bits},
                    &outcome);
    oracle_drop(x, network->inputs);
    free(start);
    crease_model_free(model);
    crease_domain_free(domain);
    crease_network_free(lowered);
    crease_network_free(given);
    return (oracle_classes){(long)crease_whole_word(&outcome.regions), (long)outcome.open_connected,
                            (long)outcome.affine};
}

/* Maps are compared exactly where fingerprints are equal, though here most or all are. */
START_TEST(equal_fingerprints)
{
    uint64_t state = 77;
    for (int i = 0; i < 80; i++) {
        char *json = some_net(&state);
        oracle_classes expected = oracle_classify(json, "-1:1");
        for (unsigned bits = 0; bits <= 3 && expected.activation > 1; bits++)
            count_same(with_bits(json, bits, 1 + (int)bits % 2), expected, json, "-1:1");
        free(json);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("definition, random networks");
    TCase *tcase = support_case(suite, "random", 600);
    tcase_add_loop_test(tcase, oracle, 0, BLOCKS);
    tcase_add_loop_test(tcase, same_function, 0, (int)REPEATS(change));
    tcase_add_test(tcase, equal_fingerprints);
    return support_run(suite);
}
