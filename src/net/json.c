#include "net/read.h"

#include "base/memory.h"
#include "base/status.h"
#include "net/document.h"
#include "net/rational.h"

#include <stdlib.h>
#include <string.h>

/* Where we are, for messages and numbers. */
typedef struct {
    const char *name;
    crease_error *error;
    size_t layer;
    const crease_document *document;
} place;

#define FAIL_LAYER(at, format, ...)                                                                \
    crease_fail((at)->error, CREASE_INPUT, "%s: layers[%zu]" format, (at)->name, (at)->layer,      \
                __VA_ARGS__)

static bool small_integer(const place *at, const json_t *value, size_t least, size_t most,
                          size_t *out)
{
    mpq_t number;
    mpq_init(number);
    bool good = crease_document_number(at->document, value, number) == CREASE_LITERAL_READ &&
                mpz_cmp_ui(mpq_denref(number), 1) == 0 && mpq_cmp_ui(number, least, 1) >= 0 &&
                mpq_cmp_ui(number, most, 1) <= 0;
    if (good)
        *out = mpz_get_ui(mpq_numref(number));
    mpq_clear(number);
    return good;
}

static crease_status read_number(const place *at, const json_t *value, const char *what, size_t i,
                                 size_t j, mpq_t out)
{
    crease_literal outcome = crease_document_number(at->document, value, out);
    if (outcome == CREASE_LITERAL_READ)
        return CREASE_OK;
    if (outcome == CREASE_LITERAL_RANGE)
        return FAIL_LAYER(at, ".%s, row %zu, column %zu: too large (%s)", what, i, j,
                          crease_literal_words(at->document->weights));
    if (json_is_string(value)) {
        if (crease_rational_parse(out, json_string_value(value), json_string_length(value)))
            return CREASE_OK;
        return FAIL_LAYER(at,
                          ".%s, row %zu, column %zu: \"%.40s\" is not an exact number "
                          "(decimal, p/q or hexadecimal float, exponent within 5000)",
                          what, i, j, json_string_value(value));
    }
    return FAIL_LAYER(at, ".%s, row %zu, column %zu: expected a number or a string", what, i, j);
}

static crease_status known_keys(const place *at, json_t *object)
{
    const char *key;
    json_t *value;
    json_object_foreach(
        object, key,
        value) if (strcmp(key, "weight") && strcmp(key, "bias") && strcmp(key, "activation") &&
                   strcmp(key, "slope") && strcmp(key, "low") && strcmp(key, "high") &&
                   strcmp(key, "rank") &&
                   strcmp(key, "carry")) return FAIL_LAYER(at, ": unknown key \"%.40s\"", key);
    return CREASE_OK;
}

/* The layer's activation and its parameters; there must be no others. */
static crease_status read_activation(const place *at, const json_t *object, crease_layer *layer)
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
        return FAIL_LAYER(at,
                          ".activation: expected \"relu\", \"leaky_relu\", \"abs\", \"clip\", "
                          "\"hard_tanh\", \"maxout\", \"linear\" or \"identity\"%s",
                          "");
    size_t count = crease_activation_parameters(layer->activation, &own);
    for (size_t i = 0; i < count; i++) {
        if (hard_tanh) {
            mpq_set_si(layer->parameter[i], i ? 1 : -1, 1);
            continue;
        }
        if (read_number(at, json_object_get(object, own[i]), own[i], 0, 0, layer->parameter[i]))
            return FAIL_LAYER(at, ".%s: expected a number or a string, exact", own[i]);
    }
    for (size_t k = 0; k < sizeof parameters / sizeof *parameters; k++) {
        bool used = false;
        for (size_t i = 0; i < count && !hard_tanh; i++)
            used = used || !strcmp(own[i], parameters[k]);
        if (!used && json_object_get(object, parameters[k]))
            return FAIL_LAYER(at, ".%s: not a parameter of \"%s\"", parameters[k], name);
    }
    if (layer->activation == CREASE_CLIP && mpq_cmp(layer->parameter[0], layer->parameter[1]) >= 0)
        return FAIL_LAYER(at, ".low: must be less than high%s", "");
    return CREASE_OK;
}

/* The rank of maxout, and how many units carry. */
static crease_status read_shape(const place *at, const json_t *object, size_t rows,
                                crease_layer *layer)
{
    const json_t *rank = json_object_get(object, "rank"), *carry = json_object_get(object, "carry");
    if (layer->activation == CREASE_MAXOUT) {
        if (!small_integer(at, rank, 2, CREASE_MAX_RANK, &layer->rank))
            return FAIL_LAYER(at, ".rank: expected an integer from 2 to %d", CREASE_MAX_RANK);
    } else if (rank) {
        return FAIL_LAYER(at, ".rank: only maxout has one%s", "");
    }
    if (carry && layer->activation == CREASE_LINEAR)
        return FAIL_LAYER(at, ".carry: all units of a linear layer do%s", "");
    if (carry && !small_integer(at, carry, 0, rows, &layer->carry))
        return FAIL_LAYER(at, ".carry: expected an integer from 0 to %zu, the number of rows",
                          rows);
    if ((rows - layer->carry) % layer->rank)
        return FAIL_LAYER(at, ".weight: %zu rows, not a multiple of the rank", rows - layer->carry);
    size_t comparisons = (rows - layer->carry) * (layer->rank - 1) / 2;
    if (comparisons > CREASE_MAX_COMPARISONS)
        return FAIL_LAYER(at, ".rank: %zu comparisons of pieces, at most %d are allowed",
                          comparisons, CREASE_MAX_COMPARISONS);
    return CREASE_OK;
}

/* Fills values, rows x (inputs + 1). */
static crease_status read_values(const place *at, const json_t *weight, const json_t *bias,
                                 size_t rows, size_t inputs, mpq_t *value)
{
    for (size_t i = 0; i < rows; i++) {
        const json_t *row = json_array_get(weight, i);
        if (!json_is_array(row) || json_array_size(row) != inputs)
            return FAIL_LAYER(at, ".weight, row %zu: expected an array of %zu numbers", i, inputs);
        for (size_t j = 0; j <= inputs; j++) {
            const json_t *entry = j < inputs ? json_array_get(row, j) : json_array_get(bias, i);
            const char *what = j < inputs ? "weight" : "bias";
            crease_status status =
                read_number(at, entry, what, i, j < inputs ? j : 0, value[i * (inputs + 1) + j]);
            if (status)
                return status;
        }
    }
    return CREASE_OK;
}

static crease_status read_layer(const place *at, json_t *object, size_t inputs,
                                crease_network *network)
{
    if (!json_is_object(object))
        return FAIL_LAYER(at, ": expected an object%s", "");
    crease_status status = known_keys(at, object);
    if (status)
        return status;
    const json_t *weight = json_object_get(object, "weight");
    const json_t *bias = json_object_get(object, "bias");
    crease_layer *layer = &network->layer[at->layer];
    if ((status = read_activation(at, object, layer)))
        return status;
    size_t rows = json_array_size(weight);
    if (!json_is_array(weight) || rows == 0)
        return FAIL_LAYER(at, ".weight: expected a non-empty array of rows%s", "");
    if (rows > CREASE_MAX_UNITS)
        return FAIL_LAYER(at, ".weight: %zu rows, at most %d are allowed", rows, CREASE_MAX_UNITS);
    if (!json_is_array(bias) || json_array_size(bias) != rows)
        return FAIL_LAYER(at, ".bias: expected an array of %zu numbers, one per row of weight",
                          rows);
    if ((status = read_shape(at, object, rows, layer)))
        return status;

    size_t count = rows * (inputs + 1), width = (rows - layer->carry) / layer->rank + layer->carry;
    mpq_t *value = crease_alloc(count, sizeof *value);
    for (size_t i = 0; i < count; i++)
        mpq_init(value[i]);
    status = read_values(at, weight, bias, rows, inputs, value);
    if (!status)
        crease_network_set_layer(network, at->layer, layer->activation, width, inputs, value);
    for (size_t i = 0; i < count; i++)
        mpq_clear(value[i]);
    free(value);
    return status;
}

static crease_status read_layers(place *at, json_t *layers, crease_network *network)
{
    size_t inputs = network->inputs, units = 0;
    for (; at->layer < network->layers; at->layer++) {
        crease_status status = read_layer(at, json_array_get(layers, at->layer), inputs, network);
        if (status)
            return status;
        inputs = network->layer[at->layer].width;
        units += at->layer + 1 < network->layers ? inputs : 0;
        if (units > CREASE_MAX_UNITS)
            return FAIL_LAYER(at, ": more than %d hidden units in total", CREASE_MAX_UNITS);
    }
    at->layer--;
    if (network->layer[at->layer].activation != CREASE_LINEAR)
        return FAIL_LAYER(at, ".activation: the last layer must be \"linear\"%s", "");
    return CREASE_OK;
}

static crease_status read_root(place *at, json_t *root, crease_network **network)
{
    const char *name = at->name;
    crease_error *error = at->error;
    const char *key;
    json_t *value;
    if (!json_is_object(root))
        return crease_fail(error, CREASE_INPUT, "%s: expected a JSON object", name);
    json_object_foreach(
        root, key,
        value) if (strcmp(key, "input") && strcmp(key, "layers") &&
                   strcmp(key, "comment")) return crease_fail(error, CREASE_INPUT,
                                                              "%s: unknown key \"%.40s\"", name,
                                                              key);
    value = json_object_get(root, "comment");
    if (value && !json_is_string(value))
        return crease_fail(error, CREASE_INPUT, "%s: comment: expected a string", name);
    value = json_object_get(root, "input");
    size_t inputs;
    if (!small_integer(at, value, 1, CREASE_MAX_INPUTS, &inputs))
        return crease_fail(error, CREASE_INPUT, "%s: input: expected an integer from 1 to %d", name,
                           CREASE_MAX_INPUTS);
    value = json_object_get(root, "layers");
    size_t layers = json_array_size(value);
    if (!json_is_array(value) || layers == 0 || layers > CREASE_MAX_UNITS + 1)
        return crease_fail(error, CREASE_INPUT, "%s: layers: expected an array of 1 to %d layers",
                           name, CREASE_MAX_UNITS + 1);
    *network = crease_network_new(inputs, layers);
    crease_status status = read_layers(at, value, *network);
    if (status) {
        crease_network_free(*network);
        *network = NULL;
    }
    return status;
}

crease_status crease_json_read(const crease_source *source, crease_network **network)
{
    crease_document document;
    place at = {source->name, source->error, 0, &document};
    *network = NULL;
    crease_status status = crease_document_load(&document, source->data, source->length,
                                                source->options->weights, at.name, at.error);
    if (!status)
        status = read_root(&at, document.root, network);
    if (!status) {
        crease_network_set_origin(*network, "JSON; %s", crease_literal_words(document.weights));
        (*network)->checkable = document.weights == CREASE_WEIGHTS_FLOAT64;
    }
    crease_document_free(&document);
    return status;
}
