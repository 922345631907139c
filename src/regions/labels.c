#include "regions/labels.h"

#include "base/memory.h"

#include <assert.h>
#include <stdlib.h>

static const crease_layer *outputs_of(const crease_network *network)
{
    return &network->layer[network->layers - 1];
}

size_t crease_labels_count(const crease_network *network)
{
    size_t outputs = outputs_of(network)->width;
    return outputs > 1 ? outputs : 2;
}

/* The rows of the layer as rationals, bias last; of one row, the bias less the level. */
static mpq_t *numbers_of(const crease_layer *layer, const mpq_t level)
{
    size_t step = layer->inputs + 1;
    const crease_rows *map = &layer->map;
    mpq_t *value = crease_alloc(layer->rows * step, sizeof *value);
    for (size_t i = 0; i < layer->rows * step; i++)
        mpq_init(value[i]);
    for (size_t r = 0; r < layer->rows; r++) {
        mpq_t *row = value + r * step;
        for (size_t i = map->begin[r]; i < map->begin[r + 1]; i++)
            mpq_set_z(row[map->input[i]], map->weight[i]);
        mpq_set_z(row[layer->inputs], map->bias[r]);
        for (size_t j = 0; j < step; j++) {
            mpz_set(mpq_denref(row[j]), layer->den);
            mpq_canonicalize(row[j]);
        }
    }
    if (layer->rows == 1)
        mpq_sub(value[layer->inputs], value[layer->inputs], level);
    return value;
}

static void free_numbers(mpq_t *value, size_t count)
{
    for (size_t i = 0; i < count; i++)
        mpq_clear(value[i]);
    free(value);
}

/* The function that passes one number on. */
static void set_identity(crease_network *network, size_t l)
{
    mpq_t value[2];
    mpq_inits(value[0], value[1], NULL);
    mpq_set_ui(value[0], 1, 1);
    crease_network_set_layer(network, l, CREASE_LINEAR, 1, 1, value);
    mpq_clears(value[0], value[1], NULL);
}

crease_network *crease_labels_network(const crease_network *network, const mpq_t level)
{
    size_t last = network->layers - 1;
    const crease_layer *outputs = outputs_of(network);
    crease_network *classes = crease_network_allocate(network->inputs, network->layers + 1);
    assert(outputs->activation == CREASE_LINEAR && outputs->width <= CREASE_MAX_RANK);
    for (size_t l = 0; l < last; l++) {
        const crease_layer *in = &network->layer[l];
        crease_layer_copy_shape(&classes->layer[l], in, in->inputs);
        crease_rows_copy(&classes->layer[l].map, &in->map);
    }
    mpq_t *value = numbers_of(outputs, level);
    bool several = outputs->width > 1;
    classes->layer[last].rank = outputs->width;
    crease_network_set_layer(classes, last, several ? CREASE_MAXOUT : CREASE_RELU, 1,
                             outputs->inputs, value);
    free_numbers(value, outputs->rows * (outputs->inputs + 1));
    set_identity(classes, last + 1);
    return classes;
}
