/* Networks with maxout layers, and what their pieces may become. */
#include "nets_maxout.h"

#include "random_net.h"
#include "replace.h"

#include <stdlib.h>

static char *finish(oracle_net *net)
{
    char *text = nets_text(net, NULL);
    oracle_free(net);
    return text;
}

/* ---- Networks ---- */

static oracle_net *maxout_layers(int inputs, int units, int rank, int layers)
{
    oracle_net *net = nets_blank(inputs, layers + 1);
    for (int l = 0; l < layers; l++)
        oracle_shape(&net->layer[l], l ? units : inputs, ORACLE_MAXOUT, rank, units, 0);
    oracle_shape(&net->layer[layers], units, ORACLE_LINEAR, 1, 1, 0);
    for (int u = 0; u < units; u++)
        nets_set(net, layers, 0, u, "1");
    return net;
}

char *nets_tangents(int inputs, int units, int rank)
{
    oracle_net *net = maxout_layers(inputs, units, rank, 1);
    uint64_t state = 1;
    for (int u = 0; u < units; u++)
        for (int i = 0; i < rank; i++) {
            /* Any `inputs` of the directions (1, q, q^2, ...), q = u + 1, are independent;
             * random a keep their borders from meeting. */
            long a = 10000 * i + nets_between(&state, 0, 9999), power = 1;
            for (int j = 0; j < inputs; j++, power *= u + 1)
                mpq_set_si(*nets_at(net, 0, u * rank + i, j), 2 * a * power, 1);
            mpq_set_si(*nets_at(net, 0, u * rank + i, inputs), -a * a, 1);
        }
    return finish(net);
}

char *nets_cells(int inputs, int rank, uint64_t seed)
{
    oracle_net *net = maxout_layers(inputs, 1, rank, 1);
    for (int i = 0; i < rank; i++) {
        long square = i * i;
        mpq_set_si(*nets_at(net, 0, i, 0), 2 * i, 1);
        for (int j = 1; j < inputs; j++) {
            long a = nets_between(&seed, -99, 99);
            mpq_set_si(*nets_at(net, 0, i, j), 2 * a, 1);
            square += a * a;
        }
        mpq_set_si(*nets_at(net, 0, i, inputs), -square, 1);
    }
    return finish(net);
}

char *nets_tropical(int inputs, int units, long spread, uint64_t seed)
{
    oracle_net *net = maxout_layers(inputs, units, inputs, 1);
    for (int r = 0; r < units * inputs; r++) {
        nets_set(net, 0, r, r % inputs, "1");
        mpq_set_si(*nets_at(net, 0, r, inputs), nets_between(&seed, -spread, spread), 1);
    }
    return finish(net);
}

/* With N = 2 rank - 1, the tooth over [0, 1] is f - g of
 *   f = N x + the sum over even i < N of 2 N max(x - i/N, 0), the largest of (N + 2 N j) x - 2 j (j
 * + 1), g = the same over odd i without N x, the largest of 2 N j x - 2 j^2. */
char *nets_sawtooth(int inputs, int rank, int layers)
{
    oracle_net *net = maxout_layers(inputs, 2 * inputs, rank, layers);
    for (int l = 0; l < layers; l++)
        for (int r = 0; r < 2 * inputs * rank; r++) {
            int axis = r / (2 * rank), odd = r / rank % 2, j = r % rank;
            long pieces = 2 * rank - 1, slope = odd ? 2 * pieces * j : pieces + 2 * pieces * j;
            mpq_set_si(*nets_at(net, l, r, l ? 2 * axis : axis), slope, 1);
            if (l)
                mpq_set_si(*nets_at(net, l, r, 2 * axis + 1), -slope, 1);
            mpq_set_si(*nets_at(net, l, r, net->layer[l].fan), -2 * j * (odd ? j : j + 1), 1);
        }
    return finish(net);
}

char *nets_smooth_maxout(const int *widths, int count, int rank, uint64_t seed)
{
    oracle_net *net = nets_blank(widths[0], count - 1);
    for (int l = 0; l + 1 < count; l++) {
        bool last = l + 2 == count;
        oracle_shape(&net->layer[l], widths[l], last ? ORACLE_LINEAR : ORACLE_MAXOUT,
                     last ? 1 : rank, widths[l + 1], 0);
        char *text = random_net((int[]){widths[l], net->layer[l].rows, 1}, 3, seed + (uint64_t)l);
        oracle_net *from = oracle_read(text);
        for (int r = 0; r < net->layer[l].rows; r++)
            for (int j = 0; j <= widths[l]; j++)
                mpq_swap(*nets_at(net, l, r, j), *nets_at(from, 0, r, j));
        oracle_free(from);
        free(text);
    }
    return finish(net);
}

char *nets_more_inputs(const char *json, uint64_t seed)
{
    enum { MORE = 3 };
    oracle_net *old = oracle_read(json), *net = nets_blank(old->input + MORE, old->count);
    for (int l = 0; l < old->count; l++) {
        oracle_layer *layer = &net->layer[l];
        *layer = old->layer[l];
        old->layer[l].row = NULL;
        if (l)
            continue;
        oracle_layer narrow = *layer;
        oracle_shape(layer, net->input, narrow.kind, narrow.rank, narrow.width, narrow.carry);
        for (int i = 0; i < 2; i++)
            mpq_set(layer->parameter[i], narrow.parameter[i]);
        for (int r = 0; r < layer->rows; r++)
            for (int j = 0; j <= narrow.fan; j++)
                mpq_set(*nets_at(net, 0, r, j < narrow.fan ? j : layer->fan),
                        narrow.row[r * (narrow.fan + 1) + j]);
        old->layer[l] = narrow;
    }
    for (int i = 0; i < old->input * MORE; i++) {
        long factor = nets_between(&seed, -2, 2);
        for (int r = 0; r < net->layer[0].rows; r++)
            nets_add_whole_times(nets_at(net, 0, r, old->input + i % MORE), factor,
                                 nets_at(net, 0, r, i / MORE));
    }
    oracle_free(old);
    return finish(net);
}

/* ---- Pieces ---- */

char *nets_permute_pieces(const char *json, uint64_t seed)
{
    oracle_net *net = oracle_read(json);
    for (int l = 0; l + 1 < net->count; l++)
        for (int u = 0; u < nets_switching(&net->layer[l]); u++)
            for (int i = net->layer[l].rank - 1; i > 0; i--) {
                int first = oracle_row_of(&net->layer[l], u);
                nets_swap_rows(net, l, first + i, first + (int)nets_between(&seed, 0, i));
            }
    return finish(net);
}

static oracle_net *add_piece(const oracle_net *old, int l, uint64_t *state)
{
    const oracle_layer *from = &old->layer[l];
    if (from->kind != ORACLE_MAXOUT)
        return NULL;
    int k = from->rank, units = nets_switching(from);
    oracle_net *net = nets_replace(old, l, ORACLE_MAXOUT, k + 1, units, from->carry);
    nets_keep_carried(net, old, l);
    for (int u = 0; u < units; u++) {
        int at = (int)nets_between(state, 0, k), i = (int)nets_between(state, 0, k - 1);
        int j = (int)nets_between(state, 0, k - 1), own = u * (k + 1) + at;
        for (int p = 0; p < k; p++)
            nets_copy_row(net, u * (k + 1) + p + (p >= at), old, u * k + p, l);
        for (int c = 0; c <= from->fan; c++) {
            mpq_t *x = nets_at(net, l, own, c);
            mpq_add(*x, *nets_at(old, l, u * k + i, c), *nets_at(old, l, u * k + j, c));
            mpq_div_2exp(*x, *x, 1);
        }
        nets_add_whole(nets_at(net, l, own, from->fan), nets_between(state, -1, 0));
        nets_read_as(net, old, l, u, u);
    }
    return net;
}

char *nets_add_piece(const char *json, uint64_t seed)
{
    return nets_every_layer(json, add_piece, seed);
}

static oracle_net *shift_pieces(const oracle_net *old, int l, uint64_t *state)
{
    const oracle_layer *from = &old->layer[l];
    if (from->kind != ORACLE_MAXOUT)
        return NULL;
    int k = from->rank, units = nets_switching(from);
    oracle_net *net = nets_replace(old, l, ORACLE_MAXOUT, k, units, units + from->carry);
    nets_keep_carried(net, old, l);
    for (int u = 0; u < units; u++) {
        int carried = units * k + u;
        for (int j = 0; j <= from->fan; j++)
            mpq_set_si(*nets_at(net, l, carried, j), nets_between(state, -2, 2), 1);
        for (int i = u * k; i < (u + 1) * k; i++) {
            nets_copy_row(net, i, old, i, l);
            for (int j = 0; j <= from->fan; j++)
                nets_add_whole_times(nets_at(net, l, i, j), 1, nets_at(net, l, carried, j));
        }
        nets_read_as(net, old, l, u, u);
        nets_read_negated(net, old, l, units + u, u);
    }
    return net;
}

char *nets_shift_pieces(const char *json, uint64_t seed)
{
    return nets_every_layer(json, shift_pieces, seed);
}
