/* The transformations of nets.h. */
#include "nets.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_LAYERS = 16 };

static char *finish(oracle_net *net)
{
    char *text = nets_text(net, NULL);
    oracle_free(net);
    return text;
}

void nets_swap_rows(oracle_net *net, int layer, int a, int b)
{
    for (int j = 0; j <= net->layer[layer].fan; j++)
        mpq_swap(*nets_at(net, layer, a, j), *nets_at(net, layer, b, j));
}

/* Both of them switch, or both carry. */
static void swap_units(oracle_net *net, int layer, int a, int b)
{
    const oracle_layer *at = &net->layer[layer];
    int rows = a < at->width - at->carry ? at->rank : 1;
    for (int i = 0; i < rows; i++)
        nets_swap_rows(net, layer, oracle_row_of(at, a) + i, oracle_row_of(at, b) + i);
    for (int r = 0; r < net->layer[layer + 1].rows; r++)
        mpq_swap(*nets_at(net, layer + 1, r, a), *nets_at(net, layer + 1, r, b));
}

char *nets_permute(const char *json, uint64_t seed)
{
    oracle_net *net = oracle_read(json);
    for (int l = 0; l + 1 < net->count; l++)
        for (int u = net->layer[l].width - 1; u > 0; u--) {
            int carried = net->layer[l].width - net->layer[l].carry;
            swap_units(net, l, u, (int)nets_between(&seed, u < carried ? 0 : carried, u));
        }
    return finish(net);
}

static void scale_unit(oracle_net *net, int layer, int unit, mpq_t factor)
{
    const oracle_layer *at = &net->layer[layer];
    int first = oracle_row_of(at, unit), end = oracle_row_of(at, unit + 1);
    if (at->kind == ORACLE_CLIP && unit < at->width - at->carry)
        return; /* its thresholds would have to move as well */
    for (int r = first; r < end; r++)
        for (int j = 0; j <= at->fan; j++)
            mpq_mul(*nets_at(net, layer, r, j), *nets_at(net, layer, r, j), factor);
    for (int r = 0; r < net->layer[layer + 1].rows; r++)
        mpq_div(*nets_at(net, layer + 1, r, unit), *nets_at(net, layer + 1, r, unit), factor);
}

char *nets_scale_units(const char *json, uint64_t seed)
{
    static const char *const factors[] = {"1", "3", "1/7", "1048576", "0x1p-30", "0.1", "1e6"};
    oracle_net *net = oracle_read(json);
    mpq_t factor;
    mpq_init(factor);
    for (int l = 0; l + 1 < net->count; l++)
        for (int u = 0; u < net->layer[l].width; u++) {
            const char *text = factors[nets_between(&seed, 0, 6)];
            oracle_rational(factor, text, strlen(text));
            scale_unit(net, l, u, factor);
        }
    mpq_clear(factor);
    return finish(net);
}

char *nets_change_inputs(const char *json, uint64_t seed)
{
    oracle_net *net = oracle_read(json);
    int n = net->input;
    mpq_t factor, term;
    mpq_inits(factor, term, NULL);
    /* Column a += k * column b; b = n shifts the input into the bias instead. */
    for (int step = 0; step < 3 * n; step++) {
        int a = (int)nets_between(&seed, 0, n - 1), b = (int)nets_between(&seed, 0, n - 1);
        long k = nets_between(&seed, -2, 2);
        if (a == b)
            a = n;
        mpq_set_si(factor, k, 1);
        for (int r = 0; r < net->layer[0].rows; r++) {
            mpq_mul(term, factor, *nets_at(net, 0, r, b));
            mpq_add(*nets_at(net, 0, r, a), *nets_at(net, 0, r, a), term);
        }
    }
    mpq_clears(factor, term, NULL);
    return finish(net);
}

/* A copy of the network with one more unit, all zero, at the end of a layer. */
static oracle_net *widen(const char *json, int layer)
{
    oracle_net *old = oracle_read(json);
    int widths[MOST_LAYERS];
    for (int l = 0; l < old->count; l++)
        widths[l] = old->layer[l].width + (l == layer);
    oracle_net *net = nets_new(old->input, widths, old->count);
    for (int l = 0; l < old->count; l++) {
        const oracle_layer *from = &old->layer[l];
        if (from->kind > ORACLE_RELU || from->carry)
            oracle_refuse("network", "more than ReLU layers to widen");
        net->layer[l].kind = from->kind;
        for (int u = 0; u < from->width; u++)
            for (int j = 0; j <= from->fan; j++)
                mpq_set(*nets_at(net, l, u, j < from->fan ? j : net->layer[l].fan),
                        *nets_at(old, l, u, j));
    }
    oracle_free(old);
    return net;
}

char *nets_copy_unit(const char *json, int layer, int unit, const char *factor)
{
    oracle_net *net = widen(json, layer);
    int copy = net->layer[layer].width - 1;
    nets_set(net, layer, copy, 0, factor);
    mpq_t times;
    mpq_init(times);
    mpq_set(times, *nets_at(net, layer, copy, 0));
    for (int j = 0; j <= net->layer[layer].fan; j++)
        mpq_mul(*nets_at(net, layer, copy, j), *nets_at(net, layer, unit, j), times);
    mpq_clear(times);
    return finish(net);
}

char *nets_rounded_copy(const char *json, int layer, int unit, double factor)
{
    oracle_net *net = widen(json, layer);
    int copy = net->layer[layer].width - 1;
    for (int j = 0; j <= net->layer[layer].fan; j++)
        mpq_set_d(*nets_at(net, layer, copy, j), mpq_get_d(*nets_at(net, layer, unit, j)) * factor);
    return finish(net);
}

char *nets_zero_row(const char *json, int layer, const char *bias)
{
    oracle_net *net = widen(json, layer);
    nets_set(net, layer, net->layer[layer].width - 1, net->layer[layer].fan, bias);
    return finish(net);
}

char *nets_scale_layer(const char *json, int layer, const char *factor)
{
    oracle_net *net = oracle_read(json);
    mpq_t times;
    mpq_init(times);
    oracle_rational(times, factor, strlen(factor));
    for (int u = 0; u < net->layer[layer].width; u++)
        scale_unit(net, layer, u, times);
    mpq_clear(times);
    return finish(net);
}

char *nets_linear_layer(const char *json, int layer)
{
    oracle_net *net = oracle_read(json);
    net->layer[layer].kind = ORACLE_LINEAR;
    return finish(net);
}
