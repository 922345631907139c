#include "net/network.h"

#include "base/memory.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* A unit as a sum of rows sign z - shift, each passed on times factor, plus an offset; a maxout
 * unit, of which one piece is passed on, as the sum of its pieces.
 *   leaky_relu  max(z, 0) - slope max(-z, 0)
 *   abs         max(z, 0) + max(-z, 0)
 *   clip        low + max(z - low, 0) - max(z - high, 0) */
typedef struct {
    size_t before; /* rows that only decide */
    size_t units;  /* with count rows each; those behind them have one */
    size_t count, rows;
    int sign[2];
    mpq_t shift[2], factor[2], offset;
} parts;

static void parts_open(parts *p, const crease_layer *layer)
{
    crease_activation activation = layer->activation;
    mpq_inits(p->shift[0], p->shift[1], p->factor[0], p->factor[1], p->offset, NULL);
    p->units = layer->width - layer->carry;
    p->count = activation == CREASE_LINEAR || activation == CREASE_RELU ? 1
               : activation == CREASE_MAXOUT                            ? layer->rank
                                                                        : 2;
    p->before = activation == CREASE_MAXOUT ? p->units * p->count * (p->count - 1) / 2 : 0;
    p->rows = p->before + p->units * p->count + layer->carry;
    p->sign[0] = 1;
    p->sign[1] = activation == CREASE_CLIP || activation == CREASE_MAXOUT ? 1 : -1;
    mpq_set_ui(p->factor[0], 1, 1);
    mpq_set_ui(p->factor[1], 1, 1);
    if (activation == CREASE_LEAKY_RELU)
        mpq_neg(p->factor[1], layer->parameter[0]);
    if (activation == CREASE_CLIP) {
        mpq_set_si(p->factor[1], -1, 1);
        mpq_set(p->shift[0], layer->parameter[0]);
        mpq_set(p->shift[1], layer->parameter[1]);
        mpq_set(p->offset, layer->parameter[0]);
    }
}

static void parts_close(parts *p)
{
    mpq_clears(p->shift[0], p->shift[1], p->factor[0], p->factor[1], p->offset, NULL);
}

/* Row r of the layer as a function of the rows of the lowered layer below, bias last. */
static void lower_row(mpq_t *row, const crease_layer *layer, size_t r, const parts *below)
{
    const mpz_t *num = (const mpz_t *)layer->num + r * (layer->inputs + 1);
    assert(r < layer->rows);
    mpq_t weight, term;
    mpq_inits(weight, term, NULL);
    mpq_t *bias = row + below->rows;
    mpq_set_num(*bias, num[layer->inputs]);
    mpq_set_den(*bias, layer->den);
    mpq_canonicalize(*bias);
    for (size_t t = 0; t < layer->inputs; t++) {
        bool carried = t >= below->units;
        mpq_t *entry =
            row + below->before +
            (carried ? below->units * below->count + t - below->units : t * below->count);
        mpq_set_num(weight, num[t]);
        mpq_set_den(weight, layer->den);
        mpq_canonicalize(weight);
        for (size_t i = 0; i < (carried ? 1 : below->count); i++)
            mpq_mul(entry[i], weight, below->factor[carried || i > 1 ? 0 : i]);
        if (carried)
            continue;
        mpq_mul(term, weight, below->offset);
        mpq_add(*bias, *bias, term);
    }
    mpq_clears(weight, term, NULL);
}

/* The differences of the pieces, which stand behind them, pair by pair. */
static void compare_pieces(mpq_t *value, const parts *own, size_t stride)
{
    size_t at = 0;
    for (size_t g = 0; g < own->units; g++) {
        mpq_t *piece = value + (own->before + g * own->count) * stride;
        for (size_t s = 0; s < own->count; s++)
            for (size_t t = s + 1; t < own->count; t++)
                for (size_t j = 0; j < stride; j++, at++)
                    mpq_sub(value[at], piece[t * stride + j], piece[s * stride + j]);
    }
}

static void lower_layer(crease_network *lowered, size_t l, const crease_layer *layer,
                        const parts *below)
{
    bool maxout = layer->activation == CREASE_MAXOUT;
    size_t inputs = below->rows, stride = inputs + 1;
    parts own;
    parts_open(&own, layer);
    mpq_t *value = crease_alloc(own.rows * stride, sizeof *value);
    for (size_t i = 0; i < own.rows * stride; i++)
        mpq_init(value[i]);
    for (size_t r = own.before; r < own.rows; r++) {
        size_t i = r - own.before, switching = own.units * own.count;
        bool carried = i >= switching;
        size_t part = maxout || carried ? 0 : i % own.count;
        size_t source = maxout ? i : carried ? own.units + i - switching : i / own.count;
        mpq_t *row = value + r * stride;
        lower_row(row, layer, source, below);
        for (size_t j = 0; own.sign[part] < 0 && j < stride; j++)
            mpq_neg(row[j], row[j]);
        if (!carried)
            mpq_sub(row[inputs], row[inputs], own.shift[part]);
    }
    if (maxout)
        compare_pieces(value, &own, stride);
    crease_activation activation =
        layer->activation == CREASE_LINEAR || maxout ? layer->activation : CREASE_RELU;
    crease_network_set_layer(lowered, l, activation, own.rows, inputs, value);
    crease_layer *out = &lowered->layer[l];
    out->decisions = maxout                               ? own.before
                     : layer->activation == CREASE_LINEAR ? 0
                                                          : own.units * own.count;
    out->pieces = maxout ? layer->rank : 1;
    for (size_t i = 0; i < own.rows * stride; i++)
        mpq_clear(value[i]);
    free(value);
    parts_close(&own);
}

crease_network *crease_network_lower(const crease_network *network)
{
    bool needed = false;
    for (size_t l = 0; l < network->layers; l++)
        needed = needed || network->layer[l].activation > CREASE_RELU || network->layer[l].carry;
    if (!needed)
        return NULL;
    crease_network *lowered = crease_network_allocate(network->inputs, network->layers);
    const crease_layer inputs = {.activation = CREASE_LINEAR, .width = network->inputs};
    for (size_t l = 0; l < network->layers; l++) {
        parts below;
        parts_open(&below, l ? &network->layer[l - 1] : &inputs);
        lower_layer(lowered, l, &network->layer[l], &below);
        parts_close(&below);
    }
    return lowered;
}
