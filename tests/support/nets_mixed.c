/* Random networks of all activations, full of ties. */
#include "nets.h"

#include "rational.h"
#include "replace.h"

#include <stdio.h>
#include <string.h>

enum { MOST_PIECES = 4 };

/* ---- Shapes ---- */

static oracle_kind random_kind(uint64_t *state)
{
    static const oracle_kind often[] = {ORACLE_MAXOUT, ORACLE_MAXOUT, ORACLE_MAXOUT, ORACLE_MAXOUT,
                                        ORACLE_MAXOUT, ORACLE_MAXOUT, ORACLE_RELU,   ORACLE_RELU,
                                        ORACLE_LEAKY,  ORACLE_ABS,    ORACLE_CLIP,   ORACLE_LINEAR};
    return often[nets_between(state, 0, sizeof often / sizeof *often - 1)];
}

static void random_parameters(oracle_layer *layer, uint64_t *state)
{
    if (layer->kind == ORACLE_LEAKY)
        mpq_set_si(layer->parameter[0], nets_between(state, -2, 3), 2);
    if (layer->kind == ORACLE_CLIP) {
        mpq_set_si(layer->parameter[0], nets_between(state, -2, 1), 1);
        mpq_set_si(layer->parameter[1], nets_between(state, 1, 3), 2);
    }
    for (int i = 0; i < 2; i++)
        mpq_canonicalize(layer->parameter[i]);
    if (layer->kind == ORACLE_CLIP)
        mpq_add(layer->parameter[1], layer->parameter[1], layer->parameter[0]);
}

/* A layer whose units have at most room states in all beyond one each; returns how many. */
static int random_layer(oracle_layer *layer, int fan, int room, uint64_t *state)
{
    oracle_kind kind = random_kind(state);
    if (kind == ORACLE_CLIP && room < 2)
        kind = ORACLE_RELU;
    int rank = 1, more = kind == ORACLE_LINEAR ? 0 : kind == ORACLE_CLIP ? 2 : 1;
    if (kind == ORACLE_MAXOUT) {
        rank = (int)nets_between(state, 2, MOST_PIECES);
        rank = rank - 1 > room ? room + 1 : rank;
        more = rank - 1;
    }
    int most = more && room / more < 4 ? room / more : 4;
    int units = (int)nets_between(state, (most + 1) / 2, most),
        luck = (int)nets_between(state, 0, 39);
    int carry = kind == ORACLE_LINEAR || luck < 18 ? 0 : luck < 34 ? 1 : 2;
    if (carry && luck % 16 == 15)
        units = 0;
    oracle_shape(layer, fan, kind, rank, units + carry, carry);
    random_parameters(layer, state);
    return units * more;
}

/* ---- Ties ---- */

/* Row to = (x a + y b) / z, rows of a layer. */
static void combine(const oracle_net *net, int l, int to, long x, int a, long y, int b, long z)
{
    mpq_t sum, factor;
    mpq_inits(sum, factor, NULL);
    for (int j = 0; j <= net->layer[l].fan; j++) {
        mpq_set_si(factor, x, 1);
        mpq_mul(sum, factor, *nets_at(net, l, a, j));
        mpq_set_si(factor, y, 1);
        mpq_mul(factor, factor, *nets_at(net, l, b, j));
        mpq_add(sum, sum, factor);
        mpq_set_si(factor, z, 1);
        mpq_div(*nets_at(net, l, to, j), sum, factor);
    }
    mpq_clears(sum, factor, NULL);
}

/* Piece i becomes piece j, but for the weights of a unit below and of one that is carried. */
static void almost_equal(const oracle_net *net, int l, int i, int j, uint64_t *state)
{
    const oracle_layer *layer = &net->layer[l];
    int carry = l ? net->layer[l - 1].carry : 0;
    long sign = nets_between(state, 0, 1) ? 1 : -1;
    combine(net, l, i, 1, j, 0, j, 1);
    nets_add_whole(nets_at(net, l, i, (int)nets_between(state, 0, layer->fan - 1)), sign);
    if (carry && nets_between(state, 0, 2))
        nets_add_whole(
            nets_at(net, l, i, (int)nets_between(state, layer->fan - carry, layer->fan - 1)),
            -sign);
}

/* Rows first..first + rank - 1 are a unit's pieces, those from other on another's or its own. */
static void tie_pieces(const oracle_net *net, int l, int first, int other, uint64_t *state)
{
    int rank = net->layer[l].rank, way = (int)nets_between(state, 0, 17);
    int i = first + (int)nets_between(state, 0, rank - 1);
    int m = first + (int)nets_between(state, 0, rank - 1);
    int j = first + (i - first + (int)nets_between(state, 1, rank - 1)) % rank;
    switch (way) {
    case 0: combine(net, l, i, 1, j, 0, j, 1); break;
    case 1: combine(net, l, i, 0, i, 0, i, 1); break;
    case 2: /* parallel: one of them wins nowhere */
        combine(net, l, i, 1, j, 0, j, 1);
        nets_add_whole(nets_at(net, l, i, net->layer[l].fan), nets_between(state, -2, 2));
        break;
    case 3: /* three that meet in one facet */ combine(net, l, i, 2, j, -1, m, 1); break;
    case 4: combine(net, l, i, 1, j, 1, m, 2); break;
    case 5:
        for (int p = first; p < first + rank; p++)
            combine(net, l, p, 1, j, 0, j, 1);
        break;
    case 6: /* the other unit's border */
        combine(net, l, i, 1, other + 1, -1, other, 1);
        combine(net, l, i, 1, j, nets_between(state, 0, 1) ? 1 : -2, i, 1);
        break;
    case 7: /* the other unit's pieces in another order */
        for (int p = 0; p < rank && other != first; p++)
            combine(net, l, first + p, 1, other + (p + i - first) % rank, 0, other, 1);
        break;
    case 8:
    case 9: almost_equal(net, l, i, j, state);
    }
}

static void tie_layer(const oracle_net *net, int l, uint64_t *state)
{
    const oracle_layer *layer = &net->layer[l];
    int switching = layer->width - layer->carry;
    for (int u = 0; u < switching; u++) {
        int other = oracle_row_of(layer, (int)nets_between(state, 0, switching - 1));
        if (layer->rank > 1)
            tie_pieces(net, l, oracle_row_of(layer, u), other, state);
        else if (nets_between(state, 0, 5) == 0)
            combine(net, l, u, nets_between(state, -1, 1), other, 0, other, 1);
    }
    for (int r = layer->rows - layer->carry; r < layer->rows; r++)
        if (nets_between(state, 0, 1))
            combine(net, l, r, nets_between(state, 0, 3) ? 1 : -1,
                    (int)nets_between(state, 0, layer->rows - 1), 0, r, 1);
}

char *nets_mixed(uint64_t seed, int choices)
{
    uint64_t state = seed;
    int hidden = (int)nets_between(&state, 1, 4), range = (int)nets_between(&state, 1, 3);
    int inputs = (int)nets_between(&state, 1, 8);
    oracle_net *net = nets_blank(inputs > 6 ? 2 : inputs, hidden + 1);
    for (int l = 0; l <= hidden; l++) {
        oracle_layer *layer = &net->layer[l];
        int fan = l ? net->layer[l - 1].width : net->input;
        if (l < hidden)
            choices -= random_layer(layer, fan, choices - (hidden - 1 - l), &state);
        else
            oracle_shape(layer, fan, ORACLE_LINEAR, 1, 1, 0);
        for (int r = 0; r < layer->rows; r++)
            for (int j = 0; j <= fan; j++)
                mpq_set_si(*nets_at(net, l, r, j), nets_between(&state, -range, range), 1);
        tie_layer(net, l, &state);
    }
    char *text = nets_text(net, NULL);
    oracle_free(net);
    return text;
}

char *nets_nudged(const char *json, uint64_t seed)
{
    oracle_net *net = oracle_read(json);
    for (int l = 0; l + 1 < net->count; l++)
        for (int i = 0; i < net->layer[l].rows * (net->layer[l].fan + 1); i++) {
            mpq_t *value = &net->layer[l].row[i];
            double near = mpq_get_d(*value);
            if (nets_between(&seed, 0, 5))
                continue;
            mpq_set_d(*value,
                      near ? rational_step(near, (int)nets_between(&seed, -1, 1)) : 0x1p-60);
        }
    char *text = nets_text(net, NULL);
    oracle_free(net);
    return text;
}

/* ---- Boxes ---- */

void nets_box(int inputs, uint64_t *state, char *box)
{
    static const char *const sides[] = {"-1:1",     "0:1",      "0:2",       "-2:-1",    "-1/2:1/3",
                                        "-0.1:0.1", "1e-3:0.5", "-100:1000", "0x1p-2:7", "-1:0"};
    int count = nets_between(state, 0, 1) ? inputs : 1;
    *box = 0;
    for (int j = 0; j < count; j++)
        snprintf(box + strlen(box), NETS_BOX - strlen(box), "%s%s", j ? "," : "",
                 sides[nets_between(state, 0, 9)]);
}
