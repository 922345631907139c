#include "net/source.h"

#include "base/memory.h"
#include "net/json_place.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool small_integer(const crease_json_place *at, const json_t *value, size_t least,
                          size_t most, size_t *out)
{
    mpq_t number;
    mpq_init(number);
    bool good = crease_document_number(&at->document, value, number) == CREASE_LITERAL_READ &&
                mpz_cmp_ui(mpq_denref(number), 1) == 0 && mpq_cmp_ui(number, least, 1) >= 0 &&
                mpq_cmp_ui(number, most, 1) <= 0;
    if (good)
        *out = mpz_get_ui(mpq_numref(number));
    mpq_clear(number);
    return good;
}

/* The layer's activation and its parameters; there must be no others. */
static crease_status read_activation(const crease_json_place *at, const json_t *object,
                                     crease_layer *layer)
{
    static const char *const parameters[] = {"slope", "low", "high"};
    const char *name = json_string_value(json_object_get(object, "activation"));
    const char *const *own;
    bool hard_tanh = name && !strcmp(name, "hard_tanh");
    if (hard_tanh)
        layer->activation = CREASE_CLIP;
    else if (name && !strcmp(name, "identity"))
        layer->activation = CREASE_LINEAR;
    else if (!name || !crease_activation_find(name, &layer->activation))
        return crease_json_fail(
            at, ".activation: expected \"relu\", \"leaky_relu\", \"abs\", \"clip\", "
                "\"hard_tanh\", \"maxout\", \"linear\" or \"identity\"");
    size_t count = crease_activation_parameters(layer->activation, &own);
    for (size_t i = 0; i < count; i++) {
        if (hard_tanh) {
            mpq_set_si(layer->parameter[i], i ? 1 : -1, 1);
            continue;
        }
        if (crease_json_number(at, json_object_get(object, own[i]), own[i], 0, 0,
                               layer->parameter[i]))
            return crease_json_fail(at, ".%s: expected a number or a string, exact", own[i]);
    }
    for (size_t k = 0; k < sizeof parameters / sizeof *parameters; k++) {
        bool used = false;
        for (size_t i = 0; i < count && !hard_tanh; i++)
            used = used || !strcmp(own[i], parameters[k]);
        if (!used && json_object_get(object, parameters[k]))
            return crease_json_fail(at, ".%s: not a parameter of \"%s\"", parameters[k], name);
    }
    return CREASE_OK;
}

/* The rank of maxout, and how many units carry. */
static crease_status read_shape(const crease_json_place *at, const json_t *object, size_t rows,
                                crease_layer *layer)
{
    const json_t *rank = json_object_get(object, "rank"), *carry = json_object_get(object, "carry");
    if (layer->activation == CREASE_MAXOUT) {
        if (!small_integer(at, rank, 2, CREASE_MAX_RANK, &layer->rank))
            return crease_json_fail(at, ".rank: expected an integer from 2 to %d", CREASE_MAX_RANK);
    } else if (rank) {
        return crease_json_fail(at, ".rank: only maxout has one");
    }
    if (carry && layer->activation == CREASE_LINEAR)
        return crease_json_fail(at, ".carry: all units of a linear layer do");
    if (carry && !small_integer(at, carry, 0, rows, &layer->carry))
        return crease_json_fail(at, ".carry: expected an integer from 0 to %zu, the number of rows",
                                rows);
    char text[CREASE_LAYER_TEXT];
    const char *wrong = crease_layer_wrong(layer, rows, text);
    return wrong ? crease_json_fail(at, "%s", wrong) : CREASE_OK;
}

/* Checks the lengths, before there is memory for the numbers. */
static crease_status check_rows(const crease_json_place *at, const json_t *weight, size_t rows,
                                size_t inputs)
{
    for (size_t i = 0; i < rows; i++) {
        const json_t *row = json_array_get(weight, i);
        if (!json_is_array(row) || json_array_size(row) != inputs)
            return crease_json_fail(at, ".weight, row %zu: expected an array of %zu number%s", i,
                                    inputs, inputs == 1 ? "" : "s");
    }
    return CREASE_OK;
}

/* Fills values, rows x (inputs + 1). */
static crease_status read_values(const crease_json_place *at, const json_t *weight,
                                 const json_t *bias, size_t rows, size_t inputs, mpq_t *value)
{
    for (size_t i = 0; i < rows; i++) {
        const json_t *row = json_array_get(weight, i);
        for (size_t j = 0; j <= inputs; j++) {
            const json_t *entry = j < inputs ? json_array_get(row, j) : json_array_get(bias, i);
            const char *what = j < inputs ? ".weight" : ".bias";
            crease_status status = crease_json_number(at, entry, what, i, j < inputs ? j : 0,
                                                      value[i * (inputs + 1) + j]);
            if (status)
                return status;
        }
    }
    return CREASE_OK;
}

static crease_status read_layer(const crease_json_place *at, json_t *object, size_t l,
                                size_t inputs, crease_network *network)
{
    static const char *const keys[] = {"weight", "bias", "activation", "slope", "low",
                                       "high",   "rank", "carry",      NULL};
    if (!json_is_object(object))
        return crease_json_fail(at, ": expected an object");
    crease_status status = crease_json_keys(at, object, keys);
    if (status)
        return status;
    const json_t *weight = json_object_get(object, "weight");
    const json_t *bias = json_object_get(object, "bias");
    crease_layer *layer = &network->layer[l];
    if ((status = read_activation(at, object, layer)))
        return status;
    size_t rows = json_array_size(weight);
    if (!json_is_array(weight) || rows == 0)
        return crease_json_fail(at, ".weight: expected a non-empty array of rows");
    if (rows > CREASE_MAX_UNITS)
        return crease_json_fail(at, ".weight: %zu rows, at most %d are allowed", rows,
                                CREASE_MAX_UNITS);
    if (!json_is_array(bias) || json_array_size(bias) != rows)
        return crease_json_fail(at,
                                ".bias: expected an array of %zu number%s, one per row of weight",
                                rows, rows == 1 ? "" : "s");
    if ((status = read_shape(at, object, rows, layer)) ||
        (status = check_rows(at, weight, rows, inputs)))
        return status;

    size_t count = rows * (inputs + 1), width = (rows - layer->carry) / layer->rank + layer->carry;
    mpq_t *value = crease_alloc(count, sizeof *value);
    for (size_t i = 0; i < count; i++)
        mpq_init(value[i]);
    status = read_values(at, weight, bias, rows, inputs, value);
    if (!status)
        crease_network_set_layer(network, l, layer->activation, width, inputs, value);
    for (size_t i = 0; i < count; i++)
        mpq_clear(value[i]);
    free(value);
    return status;
}

static crease_status read_layers(crease_json_place *at, json_t *layers, crease_network *network)
{
    size_t inputs = network->inputs, units = 0;
    for (size_t l = 0; l < network->layers; l++) {
        snprintf(at->object, sizeof at->object, "layers[%zu]", l);
        crease_status status = read_layer(at, json_array_get(layers, l), l, inputs, network);
        if (status)
            return status;
        inputs = network->layer[l].width;
        units += l + 1 < network->layers ? inputs : 0;
        if (units > CREASE_MAX_UNITS)
            return crease_json_fail(at, ": more than %d hidden units in total", CREASE_MAX_UNITS);
    }
    if (network->layer[network->layers - 1].activation != CREASE_LINEAR)
        return crease_json_fail(at, ".activation: the last layer must be \"linear\"");
    return CREASE_OK;
}

static crease_status read_root(crease_json_place *at, const json_t *root, crease_network **network)
{
    size_t inputs;
    if (!small_integer(at, json_object_get(root, "input"), 1, CREASE_MAX_INPUTS, &inputs))
        return crease_json_fail(at, "input: expected an integer from 1 to %d", CREASE_MAX_INPUTS);
    json_t *list = json_object_get(root, "layers");
    size_t layers = json_array_size(list);
    if (!json_is_array(list) || layers == 0 || layers > CREASE_MAX_UNITS + 1)
        return crease_json_fail(at, "layers: expected an array of 1 to %d layers",
                                CREASE_MAX_UNITS + 1);
    *network = crease_network_allocate(inputs, layers);
    crease_status status = read_layers(at, list, *network);
    if (status) {
        crease_network_free(*network);
        *network = NULL;
    }
    return status;
}

crease_status crease_json_read(const crease_source *source, crease_network **network)
{
    static const char *const keys[] = {"input", "layers", "comment", NULL};
    crease_json_place at = {.name = source->name, .error = source->error};
    *network = NULL;
    crease_status status =
        crease_json_open(&at, source->data, source->length, source->options->weights, keys);
    if (!status)
        status = read_root(&at, at.document.root, network);
    assert(status || *network);
    if (!status) {
        crease_weights weights = at.document.weights;
        crease_network_set_origin(*network, "JSON; %s", crease_literal_words(weights));
        (*network)->checkable =
            weights == CREASE_WEIGHTS_FLOAT64 && crease_network_certifiable(*network);
    }
    crease_json_close(&at);
    return status;
}
