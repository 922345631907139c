#include "net/network.h"

#include "base/memory.h"
#include "base/rounding.h"
#include "base/status.h"
#include "net/rational.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *crease_layer_wrong(const crease_layer *layer, size_t rows, char text[CREASE_LAYER_TEXT])
{
    size_t switching = rows - layer->carry, comparisons = switching * (layer->rank - 1) / 2;
    assert(layer->carry <= rows && layer->rank > 0);
    if (layer->activation == CREASE_CLIP && mpq_cmp(layer->parameter[0], layer->parameter[1]) >= 0)
        return ".low: must be less than high";
    if (switching % layer->rank)
        snprintf(text, CREASE_LAYER_TEXT, ".weight: %zu rows, not a multiple of the rank",
                 switching);
    else if (comparisons > CREASE_MAX_COMPARISONS)
        snprintf(text, CREASE_LAYER_TEXT,
                 ".rank: %zu comparisons of pieces, at most %d are allowed", comparisons,
                 CREASE_MAX_COMPARISONS);
    else
        return NULL;
    return text;
}

crease_status crease_network_complete(const crease_network *network, crease_error *error)
{
    if (!network->layers)
        return crease_fail(error, CREASE_INPUT, "network: it has no layers");
    if (network->layer[network->layers - 1].activation != CREASE_LINEAR)
        return crease_fail(error, CREASE_INPUT,
                           "network: layers[%zu].activation: the last layer must be \"linear\"",
                           network->layers - 1);
    return CREASE_OK;
}

crease_status crease_network_new(size_t inputs, crease_network **network, crease_error *error)
{
    *network = NULL;
    if (inputs == 0 || inputs > CREASE_MAX_INPUTS)
        return crease_fail(error, CREASE_INPUT, "network: %zu inputs, allowed are 1 to %d", inputs,
                           CREASE_MAX_INPUTS);
    *network = crease_network_allocate(inputs, 0);
    crease_network_set_origin(*network, "made in memory");
    return CREASE_OK;
}

/* The numbers of a layer: one of the pairs is NULL. */
typedef struct {
    const double *weight, *bias;
    const char *const *weight_text, *const *bias_text;
} numbers;

static crease_status read_double(mpq_t value, double number, const char *where, crease_error *error)
{
    if (!isfinite(number))
        return crease_fail(error, CREASE_INPUT, "%s: %s is not a finite number", where,
                           isnan(number) ? "NaN" : "infinity");
    mpq_set_d(value, number);
    return CREASE_OK;
}

static crease_status read_text(mpq_t value, const char *text, const char *where,
                               crease_error *error)
{
    if (!text)
        return crease_fail(error, CREASE_INPUT, "%s: the text of a number is missing", where);
    if (!crease_rational_parse(value, text, strlen(text)))
        return crease_fail(error, CREASE_INPUT,
                           "%s: \"%.40s\" is not an exact number (decimal, p/q or hexadecimal "
                           "float, exponent within 5000)",
                           where, text);
    return CREASE_OK;
}

/* value: rows x (columns + 1), the bias last. */
static crease_status read_numbers(const crease_layer_shape *shape, const numbers *from, size_t l,
                                  mpq_t *value, crease_error *error)
{
    crease_status status = CREASE_OK;
    char where[96];
    for (size_t r = 0; r < shape->rows && !status; r++)
        for (size_t j = 0; j <= shape->columns && !status; j++) {
            bool bias = j == shape->columns;
            size_t at = bias ? r : r * shape->columns + j;
            snprintf(where, sizeof where, "network: layers[%zu].%s, row %zu, column %zu", l,
                     bias ? "bias" : "weight", r, bias ? 0 : j);
            mpq_t *to = &value[r * (shape->columns + 1) + j];
            if (from->weight && (!bias || from->bias))
                status = read_double(*to, bias ? from->bias[at] : from->weight[at], where, error);
            else if (from->weight_text && (!bias || from->bias_text))
                status = read_text(*to, bias ? from->bias_text[at] : from->weight_text[at], where,
                                   error);
        }
    return status;
}

/* Checks the shape against the network and fills the layer, but for its numbers. */
static crease_status read_shape(const crease_network *network, const crease_layer_shape *shape,
                                crease_layer *layer, crease_error *error)
{
    size_t l = network->layers, units = 0;
    size_t columns = l ? network->layer[l - 1].width : network->inputs;
    const char *const *names;
    char where[96], text[CREASE_LAYER_TEXT];
    for (size_t i = 0; i < l; i++)
        units += network->layer[i].width;
    if (units > CREASE_MAX_UNITS)
        return crease_fail(error, CREASE_INPUT,
                           "network: layers[%zu]: more than %d hidden units in total", l - 1,
                           CREASE_MAX_UNITS);
    if (!crease_activation_name(shape->activation))
        return crease_fail(error, CREASE_INPUT, "network: layers[%zu].activation: %d is not known",
                           l, (int)shape->activation);
    if (shape->columns != columns)
        return crease_fail(error, CREASE_INPUT,
                           "network: layers[%zu].weight: %zu columns for %zu %s", l, shape->columns,
                           columns, l ? "units of the layer before" : "inputs");
    if (shape->rows == 0 || shape->rows > CREASE_MAX_UNITS)
        return crease_fail(error, CREASE_INPUT,
                           "network: layers[%zu].weight: %zu rows, allowed are 1 to %d", l,
                           shape->rows, CREASE_MAX_UNITS);
    bool maxout = shape->activation == CREASE_MAXOUT;
    if (maxout && (shape->rank < 2 || shape->rank > CREASE_MAX_RANK))
        return crease_fail(error, CREASE_INPUT,
                           "network: layers[%zu].rank: %zu, allowed are 2 to %d", l, shape->rank,
                           CREASE_MAX_RANK);
    size_t most = shape->activation == CREASE_LINEAR ? 0 : shape->rows;
    if (shape->carry > most)
        return crease_fail(error, CREASE_INPUT,
                           "network: layers[%zu].carry: %zu, at most %zu is allowed", l,
                           shape->carry, most);
    layer->activation = shape->activation;
    layer->rank = maxout ? shape->rank : 1;
    layer->carry = shape->carry;
    for (size_t i = 0; i < crease_activation_parameters(shape->activation, &names); i++) {
        snprintf(where, sizeof where, "network: layers[%zu].%s", l, names[i]);
        crease_status status = read_text(layer->parameter[i], shape->parameter[i], where, error);
        if (status)
            return status;
    }
    const char *wrong = crease_layer_wrong(layer, shape->rows, text);
    return wrong ? crease_fail(error, CREASE_INPUT, "network: layers[%zu]%s", l, wrong) : CREASE_OK;
}

static crease_status add(crease_network *network, const crease_layer_shape *shape,
                         const numbers *from, crease_error *error)
{
    size_t l = network->layers, count;
    crease_layer layer = {.rank = 1};
    mpq_inits(layer.parameter[0], layer.parameter[1], NULL);
    crease_status status = read_shape(network, shape, &layer, error);
    if (!status && !from->weight && !from->weight_text)
        status = crease_fail(error, CREASE_INPUT, "network: layers[%zu].weight: missing", l);
    if (status) {
        mpq_clears(layer.parameter[0], layer.parameter[1], NULL);
        return status;
    }
    count = shape->rows * (shape->columns + 1);
    mpq_t *value = crease_alloc(count, sizeof *value);
    for (size_t i = 0; i < count; i++)
        mpq_init(value[i]);
    status = read_numbers(shape, from, l, value, error);
    if (status) {
        mpq_clears(layer.parameter[0], layer.parameter[1], NULL);
    } else {
        network->layer = crease_realloc(network->layer, l + 1, sizeof *network->layer);
        network->layer[network->layers++] = layer;
        crease_network_set_layer(network, l, layer.activation,
                                 (shape->rows - layer.carry) / layer.rank + layer.carry,
                                 shape->columns, value);
    }
    for (size_t i = 0; i < count; i++)
        mpq_clear(value[i]);
    free(value);
    return status;
}

crease_status crease_network_add_layer(crease_network *network, const crease_layer_shape *shape,
                                       const double *weight, const double *bias,
                                       crease_error *error)
{
    crease_rounding mode;
    crease_rounding_enter(&mode);
    crease_status status = add(network, shape, &(numbers){.weight = weight, .bias = bias}, error);
    crease_rounding_leave(&mode);
    return status;
}

crease_status crease_network_add_layer_text(crease_network *network,
                                            const crease_layer_shape *shape,
                                            const char *const *weight, const char *const *bias,
                                            crease_error *error)
{
    crease_rounding mode;
    crease_rounding_enter(&mode);
    crease_status status =
        add(network, shape, &(numbers){.weight_text = weight, .bias_text = bias}, error);
    crease_rounding_leave(&mode);
    return status;
}
