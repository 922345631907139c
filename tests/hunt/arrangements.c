/* Arrangements of hyperplanes with many coincidences: what split/flats.h is for. */
#include "kinds.h"

/* What a row has as its weights. */
typedef enum {
    ROW_ROOT,   /* x_i, x_i + x_j or x_i - x_j, as in reflection arrangements */
    ROW_SUBSET, /* numbers 0 and 1, as in the resonance arrangement */
    ROW_SIGNS,  /* numbers 1 and -1, as in the threshold arrangement */
    ROW_AXIS,   /* x_i alone */
    ROW_SMALL,  /* any numbers from -2 to 2 */
    ROW_KINDS
} row_kind;

static void draw_row(mpq_t *row, int inputs, row_kind kind, uint64_t *state)
{
    int i = (int)nets_between(state, 0, inputs - 1), j = (int)nets_between(state, 0, inputs - 1);
    for (int k = 0; k < inputs; k++)
        switch (kind) {
        case ROW_SUBSET: mpq_set_si(row[k], nets_between(state, 0, 1), 1); break;
        case ROW_SIGNS: mpq_set_si(row[k], nets_between(state, 0, 1) ? 1 : -1, 1); break;
        case ROW_SMALL: mpq_set_si(row[k], nets_between(state, -2, 2), 1); break;
        default: break;
        }
    if (kind == ROW_ROOT)
        mpq_set_si(row[j], nets_between(state, -1, 1), 1);
    if (kind == ROW_ROOT || kind == ROW_AXIS)
        mpq_set_si(row[i], 1, 1);
}

/* Row `to` becomes a row, or the sum of two, times a whole number that is not 0. */
static void repeat(const oracle_net *net, int to, int from, int other, uint64_t *state)
{
    mpq_t by;
    mpq_init(by);
    long factor = nets_between(state, 1, 3), sum = nets_between(state, 0, 1);
    mpq_set_si(by, nets_between(state, 0, 1) ? factor : -factor, 1);
    for (int k = 0; k <= net->input; k++) {
        mpq_t *own = nets_at(net, 0, to, k);
        mpq_set(*own, *nets_at(net, 0, from, k));
        if (sum)
            mpq_add(*own, *own, *nets_at(net, 0, other, k));
        mpq_mul(*own, *own, by);
    }
    mpq_clear(by);
}

static void scale_input(const oracle_net *net, int input, uint64_t *state)
{
    mpq_t by;
    mpq_init(by);
    mpq_set_si(by, nets_between(state, 1, 9), (unsigned long)nets_between(state, 1, 9));
    mpq_canonicalize(by);
    for (int u = 0; u < net->layer[0].rows; u++)
        mpq_mul(*nets_at(net, 0, u, input), *nets_at(net, 0, u, input), by);
    mpq_clear(by);
}

oracle_net *kinds_arrangement(uint64_t *state)
{
    int inputs = (int)nets_between(state, 3, 6), rows = (int)nets_between(state, 4, 13 - inputs);
    oracle_net *net = nets_new(inputs, (const int[]){rows, 1}, 2);
    row_kind kind = (row_kind)nets_between(state, 0, ROW_KINDS - 1);
    long bias = nets_between(state, 0, 2);
    bool alike = nets_between(state, 0, 2) > 0;
    for (int u = 0; u < rows; u++) {
        row_kind own = alike ? kind : (row_kind)nets_between(state, 0, ROW_KINDS - 1);
        draw_row(nets_at(net, 0, u, 0), inputs, own, state);
        mpq_set_si(*nets_at(net, 0, u, inputs), nets_between(state, -bias, bias), 1);
        mpq_set_si(*nets_at(net, 1, 0, u), 1, 1);
    }
    for (long k = nets_between(state, 0, 3); k > 0; k--) {
        int to = (int)nets_between(state, 2, rows - 1);
        repeat(net, to, (int)nets_between(state, 0, to - 1), (int)nets_between(state, 0, to - 1),
               state);
        if (nets_between(state, 0, 1)) /* a parallel one */
            mpq_set_si(*nets_at(net, 0, to, inputs), nets_between(state, -2, 2), 1);
    }
    for (int j = 0; j <= inputs && nets_between(state, 0, 1); j++)
        scale_input(net, j, state);
    return net;
}
