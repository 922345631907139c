#include "regions/affine.h"

#include "exact/integer.h"
#include "model/maxout_groups.h"

#include <string.h>

void crease_affine_gates(const crease_network *network, const uint8_t *pattern,
                         uint8_t *const *gate)
{
    for (size_t l = 0; l < network->layers; l++) {
        const crease_layer *layer = &network->layer[l];
        const crease_model_layer shape = {
            .width = layer->rows, .decisions = layer->decisions, .pieces = layer->pieces};
        const uint8_t *found = crease_maxout_groups_gates(&shape, pattern, gate[l]);
        if (found != gate[l])
            memcpy(gate[l], found, layer->rows);
        pattern += layer->decisions;
    }
}

/* Rewrites row.(h, 1), where h is what the layer passes on, as a function of the layer's inputs:
 * h_t = (weights.h' + bias) / den. */
static mpz_t *substitute(const crease_layer *layer, const uint8_t *gate, mpz_t *row)
{
    size_t width = layer->rows, n = layer->inputs;
    const crease_rows *map = &layer->map;
    mpz_t *below = crease_integer_new(n + 1);
    mpz_mul(below[n], row[width], layer->den);
    for (size_t t = 0; t < width; t++) {
        if (!gate[t] || !mpz_sgn(row[t]))
            continue;
        mpz_addmul(below[n], row[t], map->bias[t]);
        for (size_t i = map->begin[t]; i < map->begin[t + 1]; i++)
            mpz_addmul(below[map->input[i]], row[t], map->weight[i]);
    }
    crease_integer_free(row, width + 1);
    return below;
}

void crease_affine_row(const crease_network *network, uint8_t *const *gate, size_t l, size_t r,
                       mpz_t *row, mpz_t den)
{
    mpz_t *at = crease_integer_new(network->layer[l].inputs + 1);
    crease_rows_expand(&network->layer[l].map, r, at);
    mpz_set(den, network->layer[l].den);
    while (l-- > 0) {
        at = substitute(&network->layer[l], gate[l], at);
        mpz_mul(den, den, network->layer[l].den);
    }
    for (size_t j = 0; j <= network->inputs; j++)
        mpz_swap(row[j], at[j]);
    crease_integer_free(at, network->inputs + 1);
}
