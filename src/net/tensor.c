#include "net/tensor.h"

#include "base/memory.h"
#include "base/status.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FAIL(source, ...) crease_fail((source)->error, CREASE_INPUT, __VA_ARGS__)

/* Sign, exponent and fraction; all of them are binary64 numbers too. */
static const struct {
    const char *npy, *safetensors;
    unsigned bytes, fraction, bias;
} types[] = {
    [CREASE_TENSOR_F16] = {"f2", "F16", 2, 10, 15},
    [CREASE_TENSOR_BF16] = {"", "BF16", 2, 7, 127},
    [CREASE_TENSOR_F32] = {"f4", "F32", 4, 23, 127},
    [CREASE_TENSOR_F64] = {"f8", "F64", 8, 52, 1023},
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

double crease_tensor_number(const crease_tensor *tensor, size_t index)
{
    unsigned bytes = types[tensor->type].bytes, fraction = types[tensor->type].fraction;
    const unsigned char *at = tensor->data + index * bytes;
    uint64_t bits = 0;
    for (unsigned i = 0; i < bytes; i++)
        bits |= (uint64_t)at[tensor->big_endian ? bytes - 1 - i : i] << 8 * i;
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

static crease_status read_entry(const crease_source *source, const crease_tensor *tensor,
                                size_t row, size_t column, size_t index, mpq_t out)
{
    double value = crease_tensor_number(tensor, index);
    if (!isfinite(value))
        return FAIL(source, "%s: %.80s, row %zu, column %zu: %s is no finite number", source->name,
                    tensor->name, row, column, isnan(value) ? "NaN" : "infinity");
    mpq_set_d(out, value);
    return CREASE_OK;
}

static void shape_words(char *text, size_t room, const crease_tensor *tensor)
{
    size_t used = (size_t)snprintf(text, room, "(");
    for (size_t i = 0; i < tensor->dimensions && i < 4; i++)
        used += (size_t)snprintf(text + used, room - used, "%s%zu", i ? ", " : "", tensor->size[i]);
    snprintf(text + used, room - used, "%s)", tensor->dimensions > 4 ? ", ..." : "");
}

/* Checks types and shapes, which must chain; width[0] is the number of inputs. */
static crease_status check_layers(const crease_source *source, const crease_tensor_layer *layer,
                                  size_t layers, size_t *width)
{
    char shape[2][128];
    for (size_t l = 0; l < layers; l++) {
        const crease_tensor *weight = layer[l].weight, *bias = layer[l].bias;
        const crease_tensor *strange = weight->type == CREASE_TENSOR_OTHER ? weight
                                       : bias->type == CREASE_TENSOR_OTHER ? bias
                                                                           : NULL;
        if (strange)
            return FAIL(source,
                        "%s: %.80s: numbers of type %.20s are not read, only floating point of 16, "
                        "32 and 64 bits",
                        source->name, strange->name, strange->type_name);
        shape_words(shape[0], sizeof shape[0], weight);
        shape_words(shape[1], sizeof shape[1], bias);
        if (weight->dimensions != 2)
            return FAIL(source, "%s: %.80s: shape %s, expected (units, inputs)", source->name,
                        weight->name, shape[0]);
        size_t units = weight->size[0], inputs = weight->size[1];
        bool vector = bias->dimensions == 1 ||
                      (bias->dimensions == 2 && (bias->size[0] == 1 || bias->size[1] == 1));
        if (!vector || bias->size[0] * (bias->dimensions == 2 ? bias->size[1] : 1) != units)
            return FAIL(source, "%s: %.80s: shape %s does not go with %.80s, (units, inputs) = %s",
                        source->name, bias->name, shape[1], weight->name, shape[0]);
        if (l > 0 && inputs != width[l])
            return FAIL(source, "%s: %.80s: shape %s, (units, inputs), behind a layer of %zu units",
                        source->name, weight->name, shape[0], width[l]);
        width[l] = inputs;
        width[l + 1] = units;
    }
    return crease_source_widths(source, width, layers);
}

static crease_status read_layer(const crease_source *source, const crease_tensor_layer *layer,
                                size_t l, crease_network *network)
{
    const crease_tensor *weight = layer->weight;
    size_t units = weight->size[0], inputs = weight->size[1], count = units * (inputs + 1);
    mpq_t *value = crease_alloc(count, sizeof *value);
    crease_status status = CREASE_OK;
    for (size_t i = 0; i < count; i++)
        mpq_init(value[i]);
    for (size_t i = 0; i < units && !status; i++) {
        mpq_t *row = value + i * (inputs + 1);
        for (size_t j = 0; j < inputs && !status; j++)
            status = read_entry(source, weight, i, j,
                                weight->fortran ? j * units + i : i * inputs + j, row[j]);
        status = status ? status : read_entry(source, layer->bias, i, 0, i, row[inputs]);
    }
    if (!status)
        crease_network_set_layer(network, l, network->layer[l].activation, units, inputs, value);
    for (size_t i = 0; i < count; i++)
        mpq_clear(value[i]);
    free(value);
    return status;
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
        *network = crease_network_new(width[0], layers);
        status = crease_source_activations(source, *network);
        for (size_t l = 0; l < layers && !status; l++)
            status = read_layer(source, &layer[l], l, *network);
        set_origin(*network, format, layer, layers);
    }
    if (status) {
        crease_network_free(*network);
        *network = NULL;
    }
    free(width);
    free(layer);
    return status;
}
