#include "evaluate.h"

#include "oracle.h"

void evaluate_point(mpq_t value, size_t p, size_t j)
{
    mpq_set_si(value, (long)(((j + 1) * 7919 + (p + 1) * (j + 3) * 104729) % 2001) - 1000, 256);
    mpq_canonicalize(value);
}

static void row_value(const crease_layer *layer, size_t row, mpq_t *h, mpq_t z)
{
    mpq_t term;
    mpq_init(term);
    const crease_rows *map = &layer->map;
    mpq_set_z(z, map->bias[row]);
    for (size_t i = map->begin[row]; i < map->begin[row + 1]; i++) {
        mpq_set_z(term, map->weight[i]);
        mpq_mul(term, term, h[map->input[i]]);
        mpq_add(z, z, term);
    }
    mpq_set_z(term, layer->den);
    mpq_div(z, z, term);
    mpq_clear(term);
}

static void activate(const crease_layer *layer, mpq_t z)
{
    bool positive = mpq_sgn(z) > 0;
    if (layer->activation == CREASE_RELU && !positive)
        mpq_set_ui(z, 0, 1);
    else if (layer->activation == CREASE_LEAKY_RELU && !positive)
        mpq_mul(z, z, layer->parameter[0]);
    else if (layer->activation == CREASE_ABS)
        mpq_abs(z, z);
    else if (layer->activation == CREASE_CLIP && mpq_cmp(z, layer->parameter[0]) < 0)
        mpq_set(z, layer->parameter[0]);
    else if (layer->activation == CREASE_CLIP && mpq_cmp(z, layer->parameter[1]) > 0)
        mpq_set(z, layer->parameter[1]);
}

mpq_t *evaluate_network(const crease_network *network, mpq_t *point)
{
    mpq_t *h = oracle_zeros(network->inputs), piece;
    size_t width = network->inputs;
    mpq_init(piece);
    for (size_t j = 0; j < width; j++)
        mpq_set(h[j], point[j]);
    for (size_t l = 0; l < network->layers; l++) {
        const crease_layer *layer = &network->layer[l];
        size_t switching = layer->width - layer->carry, row = 0;
        mpq_t *next = oracle_zeros(layer->width);
        for (size_t u = 0; u < layer->width; u++) {
            row_value(layer, row++, h, next[u]);
            if (u >= switching)
                continue;
            for (size_t k = 1; k < layer->rank; k++) {
                row_value(layer, row++, h, piece);
                if (mpq_cmp(piece, next[u]) > 0)
                    mpq_set(next[u], piece);
            }
            activate(layer, next[u]);
        }
        oracle_drop(h, width);
        h = next;
        width = layer->width;
    }
    mpq_clear(piece);
    return h;
}
