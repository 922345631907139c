#include "net/network.h"

#include "base/memory.h"

#include <stdlib.h>

/* A unit as a sum of ReLU or linear units: rows sign z - shift, outputs times factor, plus an
 * offset.
 *   leaky_relu  max(z, 0) - slope max(-z, 0)
 *   abs         max(z, 0) + max(-z, 0)
 *   clip        low + max(z - low, 0) - max(z - high, 0) */
typedef struct {
    size_t count;
    int sign[2];
    mpq_t shift[2], factor[2], offset;
} parts;

static void parts_open(parts *p, const crease_layer *layer)
{
    crease_activation activation = layer->activation;
    mpq_inits(p->shift[0], p->shift[1], p->factor[0], p->factor[1], p->offset, NULL);
    p->count = activation == CREASE_LINEAR || activation == CREASE_RELU ? 1 : 2;
    p->sign[0] = 1;
    p->sign[1] = activation == CREASE_CLIP ? 1 : -1;
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

/* Row u of the layer as a function of the parts of the layer below, bias last. */
static void lower_row(mpq_t *row, const crease_layer *layer, size_t u, const parts *below)
{
    const mpz_t *num = (const mpz_t *)layer->num + u * (layer->inputs + 1);
    mpq_t weight, term;
    mpq_inits(weight, term, NULL);
    mpq_t *bias = row + layer->inputs * below->count;
    mpq_set_num(*bias, num[layer->inputs]);
    mpq_set_den(*bias, layer->den);
    mpq_canonicalize(*bias);
    for (size_t t = 0; t < layer->inputs; t++) {
        mpq_set_num(weight, num[t]);
        mpq_set_den(weight, layer->den);
        mpq_canonicalize(weight);
        for (size_t i = 0; i < below->count; i++)
            mpq_mul(row[t * below->count + i], weight, below->factor[i]);
        mpq_mul(term, weight, below->offset);
        mpq_add(*bias, *bias, term);
    }
    mpq_clears(weight, term, NULL);
}

static void lower_layer(crease_network *lowered, size_t l, const crease_layer *layer,
                        const parts *below)
{
    size_t inputs = layer->inputs * below->count, stride = inputs + 1;
    parts own;
    parts_open(&own, layer);
    size_t width = layer->width * own.count;
    mpq_t *value = crease_alloc(width * stride, sizeof *value);
    for (size_t i = 0; i < width * stride; i++)
        mpq_init(value[i]);
    for (size_t u = 0; u < layer->width; u++)
        for (size_t i = 0; i < own.count; i++) {
            mpq_t *row = value + (u * own.count + i) * stride;
            lower_row(row, layer, u, below);
            for (size_t j = 0; own.sign[i] < 0 && j < stride; j++)
                mpq_neg(row[j], row[j]);
            mpq_sub(row[inputs], row[inputs], own.shift[i]);
        }
    crease_network_set_layer(lowered, l,
                             layer->activation == CREASE_LINEAR ? CREASE_LINEAR : CREASE_RELU,
                             width, inputs, value);
    for (size_t i = 0; i < width * stride; i++)
        mpq_clear(value[i]);
    free(value);
    parts_close(&own);
}

crease_network *crease_network_lower(const crease_network *network)
{
    bool needed = false;
    for (size_t l = 0; l < network->layers; l++)
        needed = needed || network->layer[l].activation > CREASE_RELU;
    if (!needed)
        return NULL;
    crease_network *lowered = crease_network_new(network->inputs, network->layers);
    const crease_layer inputs = {.activation = CREASE_LINEAR};
    for (size_t l = 0; l < network->layers; l++) {
        parts below;
        parts_open(&below, l ? &network->layer[l - 1] : &inputs);
        lower_layer(lowered, l, &network->layer[l], &below);
        parts_close(&below);
    }
    return lowered;
}
