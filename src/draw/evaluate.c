#include "draw/evaluate.h"

#include "base/memory.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct crease_evaluator {
    const crease_network *network;
    double **weight, **bias; /* of each layer, by rows */
    double *in, *out;        /* room for the widest layer */
};

/* num / den, rounded. */
static double quotient(const mpz_t num, const mpz_t den)
{
    mpq_t q;
    mpq_init(q);
    mpz_set(mpq_numref(q), num);
    mpz_set(mpq_denref(q), den);
    double value = mpq_get_d(q);
    mpq_clear(q);
    return value;
}

crease_evaluator *crease_evaluator_new(const crease_network *network)
{
    crease_evaluator *e = crease_alloc(1, sizeof *e);
    size_t widest = network->inputs;
    e->network = network;
    e->weight = crease_alloc(network->layers, sizeof *e->weight);
    e->bias = crease_alloc(network->layers, sizeof *e->bias);
    for (size_t l = 0; l < network->layers; l++) {
        const crease_layer *layer = &network->layer[l];
        const crease_rows *map = &layer->map;
        widest = layer->rows > widest ? layer->rows : widest;
        e->weight[l] = crease_alloc(crease_rows_entries(map), sizeof **e->weight);
        e->bias[l] = crease_alloc(map->rows, sizeof **e->bias);
        for (size_t i = 0; i < crease_rows_entries(map); i++)
            e->weight[l][i] = quotient(map->weight[i], layer->den);
        for (size_t r = 0; r < map->rows; r++)
            e->bias[l][r] = quotient(map->bias[r], layer->den);
    }
    e->in = crease_alloc(widest, sizeof *e->in);
    e->out = crease_alloc(widest, sizeof *e->out);
    return e;
}

void crease_evaluator_free(crease_evaluator *e)
{
    for (size_t l = 0; l < e->network->layers; l++) {
        free(e->weight[l]);
        free(e->bias[l]);
    }
    free(e->weight);
    free(e->bias);
    free(e->in);
    free(e->out);
    free(e);
}

/* The output of a unit with so many rows, which have the values z. */
static double activate(const crease_layer *layer, const double *z)
{
    double low = mpq_get_d(layer->parameter[0]), high = mpq_get_d(layer->parameter[1]);
    double largest = z[0];
    switch (layer->activation) {
    case CREASE_RELU: return fmax(z[0], 0);
    case CREASE_LEAKY_RELU: return z[0] > 0 ? z[0] : low * z[0];
    case CREASE_ABS: return fabs(z[0]);
    case CREASE_CLIP: return fmin(fmax(z[0], low), high);
    case CREASE_MAXOUT:
        for (size_t k = 1; k < layer->rank; k++)
            largest = fmax(largest, z[k]);
        return largest;
    default: return z[0];
    }
}

const double *crease_evaluator_at(crease_evaluator *e, const double *x)
{
    memcpy(e->in, x, e->network->inputs * sizeof *x);
    for (size_t l = 0; l < e->network->layers; l++) {
        const crease_layer *layer = &e->network->layer[l];
        const crease_rows *map = &layer->map;
        size_t switching = layer->width - layer->carry, rank = layer->rank;
        for (size_t r = 0; r < layer->rows; r++) {
            double z = e->bias[l][r];
            for (size_t i = map->begin[r]; i < map->begin[r + 1]; i++)
                z += e->weight[l][i] * e->in[map->input[i]];
            e->out[r] = z;
        }
        for (size_t u = 0; u < layer->width; u++)
            e->in[u] = u < switching ? activate(layer, e->out + u * rank)
                                     : e->out[switching * rank + u - switching];
    }
    return e->in;
}
