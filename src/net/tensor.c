#include "net/tensor.h"

#include "base/memory.h"
#include "base/status.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FAIL(source, ...) crease_fail((source)->error, CREASE_INPUT, __VA_ARGS__)

/* Sign, exponent and fraction, which are binary64 numbers too; or integers. */
static const struct {
    const char *npy, *safetensors;
    unsigned bytes, fraction, bias;
    bool integer, negative; /* in two's complement */
} types[] = {
    [CREASE_TENSOR_F16] = {"f2", "F16", 2, 10, 15, false, false},
    [CREASE_TENSOR_BF16] = {"", "BF16", 2, 7, 127, false, false},
    [CREASE_TENSOR_F32] = {"f4", "F32", 4, 23, 127, false, false},
    [CREASE_TENSOR_F64] = {"f8", "F64", 8, 52, 1023, false, false},
    [CREASE_TENSOR_I8] = {"i1", "I8", 1, .integer = true, .negative = true},
    [CREASE_TENSOR_I16] = {"i2", "I16", 2, .integer = true, .negative = true},
    [CREASE_TENSOR_I32] = {"i4", "I32", 4, .integer = true, .negative = true},
    [CREASE_TENSOR_I64] = {"i8", "I64", 8, .integer = true, .negative = true},
    [CREASE_TENSOR_U8] = {"u1", "U8", 1, .integer = true},
    [CREASE_TENSOR_U16] = {"u2", "U16", 2, .integer = true},
    [CREASE_TENSOR_U32] = {"u4", "U32", 4, .integer = true},
    [CREASE_TENSOR_U64] = {"u8", "U64", 8, .integer = true},
};

crease_tensor_type crease_tensor_type_find(const char *name)
{
    for (int i = 0; i < CREASE_TENSOR_OTHER; i++)
        if (!strcmp(name, types[i].npy) || !strcmp(name, types[i].safetensors))
            return (crease_tensor_type)i;
    return CREASE_TENSOR_OTHER;
}

bool crease_tensor_bytes(const crease_tensor *tensor, size_t most, size_t *bytes)
{
    *bytes = types[tensor->type].bytes;
    for (size_t i = 0; i < tensor->dimensions; i++)
        if (tensor->size[i] == 0)
            return *bytes = 0, true;
    for (size_t i = 0; i < tensor->dimensions; i++) {
        if (tensor->size[i] > most / *bytes)
            return false;
        *bytes *= tensor->size[i];
    }
    return *bytes <= most;
}

void crease_tensors_free(crease_tensor *tensor, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        free(tensor[i].name);
        free(tensor[i].type_name);
    }
    free(tensor);
}

static uint64_t bits_of(const crease_tensor *tensor, size_t index)
{
    unsigned bytes = types[tensor->type].bytes;
    const unsigned char *at = tensor->data + index * bytes;
    uint64_t bits = 0;
    for (unsigned i = 0; i < bytes; i++)
        bits |= (uint64_t)at[tensor->big_endian ? bytes - 1 - i : i] << 8 * i;
    return bits;
}

double crease_tensor_number(const crease_tensor *tensor, size_t index)
{
    unsigned bytes = types[tensor->type].bytes, fraction = types[tensor->type].fraction;
    assert(bytes > 0 && fraction > 0);
    uint64_t bits = bits_of(tensor, index);
    uint64_t sign = bits >> (8 * bytes - 1), top = ((uint64_t)1 << (8 * bytes - 1 - fraction)) - 1;
    uint64_t exponent = bits >> fraction & top, low = bits & (((uint64_t)1 << fraction) - 1);
    double value;
    if (exponent == top)
        value = low ? NAN : INFINITY;
    else
        value =
            ldexp((double)(exponent ? low | (uint64_t)1 << fraction : low),
                  (int)(exponent ? exponent : 1) - (int)types[tensor->type].bias - (int)fraction);
    return sign ? -value : value;
}

bool crease_tensor_exact(const crease_tensor *tensor, size_t index, mpq_t out)
{
    if (types[tensor->type].integer) {
        uint64_t bits = bits_of(tensor, index);
        assert(types[tensor->type].bytes > 0);
        unsigned unused = 64 - 8 * types[tensor->type].bytes;
        bool below = types[tensor->type].negative && bits << unused >> 63;
        uint64_t size = below ? -(bits << unused) >> unused : bits;
        mpz_import(mpq_numref(out), 1, 1, sizeof size, 0, 0, &size);
        mpz_set_ui(mpq_denref(out), 1);
        if (below)
            mpq_neg(out, out);
        return true;
    }
    double value = crease_tensor_number(tensor, index);
    if (isfinite(value))
        mpq_set_d(out, value);
    return isfinite(value);
}

static crease_status read_entry(const crease_source *source, const crease_tensor *tensor,
                                size_t row, size_t column, size_t index, mpq_t out)
{
    if (crease_tensor_exact(tensor, index, out))
        return CREASE_OK;
    return FAIL(source, "%s: %.80s, row %zu, column %zu: %s is no finite number", source->name,
                tensor->name, row, column,
                isnan(crease_tensor_number(tensor, index)) ? "NaN" : "infinity");
}

static void shape_words(char *text, size_t room, const crease_tensor *tensor)
{
    size_t used = (size_t)snprintf(text, room, "(");
    for (size_t i = 0; i < tensor->dimensions && i < 4; i++)
        used += (size_t)snprintf(text + used, room - used, "%s%zu", i ? ", " : "", tensor->size[i]);
    snprintf(text + used, room - used, "%s)", tensor->dimensions > 4 ? ", ..." : "");
}

/* ---- Shapes ---- */

static crease_status check_types(const crease_source *source, const crease_tensor_layer *layer)
{
    const crease_tensor *bias = layer->bias;
    const crease_tensor *strange = layer->weight->type == CREASE_TENSOR_OTHER  ? layer->weight
                                   : bias && bias->type == CREASE_TENSOR_OTHER ? bias
                                                                               : NULL;
    return !strange ? CREASE_OK
                    : FAIL(source,
                           "%s: %.80s: numbers of type %.20s are not read, only integers and "
                           "floating point of 16, 32 and 64 bits",
                           source->name, strange->name, strange->type_name);
}

/* Checks types and shapes, which must chain; width[0] is the number of inputs. */
static crease_status check_layers(const crease_source *source, const crease_tensor_layer *layer,
                                  size_t layers, size_t *width)
{
    char shape[2][128];
    /* Where the other way round all would fit, the message says so. */
    const char *hint = crease_tensors_chain(layer, layers, true) && !source->options->transpose
                           ? "; --transpose takes the weights as inputs x units"
                           : "";
    for (size_t l = 0; l < layers; l++) {
        const crease_tensor *weight = layer[l].weight, *bias = layer[l].bias;
        const char *sides = layer[l].kernel ? "(inputs, units)" : "(units, inputs)";
        crease_status status = check_types(source, &layer[l]);
        if (status)
            return status;
        shape_words(shape[0], sizeof shape[0], weight);
        if (weight->dimensions != 2)
            return FAIL(source, "%s: %.80s: shape %s, expected %s%s", source->name, weight->name,
                        shape[0], sides,
                        weight->dimensions > 2 ? "; of convolutions only .onnx is read" : "");
        size_t units = weight->size[layer[l].kernel], inputs = weight->size[!layer[l].kernel];
        if (bias && !crease_tensor_fits(bias, units)) {
            shape_words(shape[1], sizeof shape[1], bias);
            return FAIL(source, "%s: %.80s: shape %s does not go with %.80s, %s = %s%s",
                        source->name, bias->name, shape[1], weight->name, sides, shape[0], hint);
        }
        if (l > 0 && inputs != width[l])
            return FAIL(source, "%s: %.80s: shape %s, %s, behind a layer of %zu units%s",
                        source->name, weight->name, shape[0], sides, width[l], hint);
        width[l] = inputs;
        width[l + 1] = units;
    }
    return crease_source_widths(source, width, layers);
}

/* ---- The network ---- */

static crease_status read_layer(const crease_source *source, const crease_tensor_layer *layer,
                                size_t l, crease_network *network)
{
    const crease_tensor *weight = layer->weight;
    size_t rows = weight->size[0], columns = weight->size[1];
    size_t units = layer->kernel ? columns : rows, inputs = layer->kernel ? rows : columns;
    size_t count = units * (inputs + 1);
    mpq_t *value = crease_alloc(count, sizeof *value);
    crease_status status = CREASE_OK;
    for (size_t i = 0; i < count; i++)
        mpq_init(value[i]);
    for (size_t i = 0; i < rows && !status; i++)
        for (size_t j = 0; j < columns && !status; j++)
            status =
                read_entry(source, weight, i, j, weight->fortran ? j * rows + i : i * columns + j,
                           value[layer->kernel ? j * (inputs + 1) + i : i * (inputs + 1) + j]);
    for (size_t i = 0; layer->bias && i < units && !status; i++)
        status = read_entry(source, layer->bias, i, 0, i, value[i * (inputs + 1) + inputs]);
    if (!status)
        crease_network_set_layer(network, l, network->layer[l].activation, units, inputs, value);
    for (size_t i = 0; i < count; i++)
        mpq_clear(value[i]);
    free(value);
    return status;
}

/* What the file leaves open, and how it was taken. */
static void add_notes(const crease_source *source, const crease_tensor_layer *layer, size_t layers,
                      crease_network *network)
{
    size_t bare = 0, first = layers;
    for (size_t l = layers; l-- > 0;)
        if (!layer[l].bias) {
            first = l;
            bare++;
        }
    if (layers > 1 && !source->options->activation)
        crease_network_add_note(network, "the file names no activations: ReLU after every hidden "
                                         "layer, none after the last; --activation says otherwise");
    if (bare)
        crease_network_add_note(network, "%.80s%s no bias: zeros", layer[first].weight->name,
                                bare > 1 ? " and others have" : " has");
    if (layer[0].kernel && !strncmp(layer[0].weight->name, "arr_", 4) &&
        !source->options->transpose)
        crease_network_add_note(network, "weights are inputs x units: only so their shapes fit");
}

static void set_origin(crease_network *network, const char *format,
                       const crease_tensor_layer *layer, size_t layers)
{
    char names[512] = "";
    size_t used = 0, l = 0;
    for (; l < layers && used + 90 < sizeof names; l++)
        used += (size_t)snprintf(names + used, sizeof names - used, "%s%.80s", l ? ", " : "",
                                 layer[l].weight->name);
    crease_network_set_origin(network, "%s; %s%s", format, names, l < layers ? ", ..." : "");
}

crease_status crease_tensors_network(const crease_source *source, const char *format,
                                     const crease_tensor *tensor, size_t count,
                                     crease_network **network)
{
    crease_tensor_layer *layer;
    size_t layers;
    *network = NULL;
    crease_status status = crease_tensors_order(source, tensor, count, &layer, &layers);
    if (status)
        return status;
    size_t *width = crease_alloc(layers + 1, sizeof *width);
    status = check_layers(source, layer, layers, width);
    if (!status) {
        *network = crease_network_allocate(width[0], layers);
        status = crease_source_activations(source, *network);
        for (size_t l = 0; l < layers && !status; l++)
            status = read_layer(source, &layer[l], l, *network);
        set_origin(*network, format, layer, layers);
        add_notes(source, layer, layers, *network);
    }
    if (status) {
        crease_network_free(*network);
        *network = NULL;
    }
    free(width);
    free(layer);
    return status;
}
