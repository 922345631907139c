#include "net/network.h"

#include "base/memory.h"
#include "base/status.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *name;
    unsigned states;
    size_t parameters;
    const char *parameter[2];
} activations[] = {
    [CREASE_LINEAR] = {"linear", 1, 0, {NULL}},
    [CREASE_RELU] = {"relu", 2, 0, {NULL}},
    [CREASE_LEAKY_RELU] = {"leaky_relu", 2, 1, {"slope"}},
    [CREASE_ABS] = {"abs", 2, 0, {NULL}},
    [CREASE_CLIP] = {"clip", 3, 2, {"low", "high"}},
    [CREASE_MAXOUT] = {"maxout", 2, 0, {NULL}},
};

enum { ACTIVATIONS = sizeof activations / sizeof *activations };

size_t crease_activation_parameters(crease_activation activation, const char *const **names)
{
    *names = activations[activation].parameter;
    return activations[activation].parameters;
}

const char *crease_activation_name(crease_activation activation)
{
    return (unsigned)activation < ACTIVATIONS ? activations[activation].name : NULL;
}

size_t crease_layer_states(const crease_layer *layer)
{
    return layer->activation == CREASE_MAXOUT ? layer->rank : activations[layer->activation].states;
}

bool crease_activation_find(const char *name, crease_activation *activation)
{
    for (size_t i = 0; i < ACTIVATIONS; i++)
        if (!strcmp(name, activations[i].name)) {
            *activation = (crease_activation)i;
            return true;
        }
    return false;
}

crease_network *crease_network_allocate(size_t inputs, size_t layers)
{
    crease_network *network = crease_alloc(1, sizeof *network);
    network->inputs = inputs;
    network->layers = layers;
    network->layer = crease_alloc(layers, sizeof *network->layer);
    for (size_t l = 0; l < layers; l++)
        mpq_inits(network->layer[l].parameter[0], network->layer[l].parameter[1], NULL);
    for (size_t l = 0; l < layers; l++)
        network->layer[l].rank = 1;
    return network;
}

/* Sets all but the numbers. */
static crease_layer *set_shape(crease_network *network, size_t l, crease_activation activation,
                               size_t width, size_t inputs)
{
    crease_layer *layer = &network->layer[l];
    layer->width = width;
    assert(l < network->layers && layer->rank > 0 && layer->carry <= width && !layer->map.begin);
    layer->inputs = inputs;
    layer->activation = activation;
    layer->rows = (width - layer->carry) * layer->rank + layer->carry;
    layer->decisions = activation == CREASE_LINEAR ? 0 : layer->rows;
    layer->pieces = 1;
    crease_rows_open(&layer->map, inputs);
    mpz_init_set_ui(layer->den, 1);
    return layer;
}

static void widen(mpz_t den, const mpq_t value)
{
    if (!mpz_divisible_p(den, mpq_denref(value)))
        mpz_lcm(den, den, mpq_denref(value));
}

/* num = value den */
static void set_number(mpz_ptr num, const mpz_t den, const mpq_t value)
{
    mpz_divexact(num, den, mpq_denref(value));
    mpz_mul(num, num, mpq_numref(value));
}

void crease_network_set_layer(crease_network *network, size_t l, crease_activation activation,
                              size_t width, size_t inputs, mpq_t *value)
{
    crease_layer *layer = set_shape(network, l, activation, width, inputs);
    for (size_t i = 0; i < layer->rows * (inputs + 1); i++)
        widen(layer->den, value[i]);
    for (size_t r = 0; r < layer->rows; r++) {
        mpq_t *row = value + r * (inputs + 1);
        set_number(crease_rows_begin(&layer->map), layer->den, row[inputs]);
        for (size_t j = 0; j < inputs; j++)
            if (mpq_sgn(row[j]))
                set_number(crease_rows_add(&layer->map, j), layer->den, row[j]);
    }
}

void crease_network_set_rows(crease_network *network, size_t l, crease_activation activation,
                             size_t width, size_t inputs, const crease_layer_row *row)
{
    crease_layer *layer = set_shape(network, l, activation, width, inputs);
    for (size_t r = 0; r < layer->rows; r++) {
        widen(layer->den, *row[r].bias);
        for (size_t i = 0; i < row[r].terms; i++)
            widen(layer->den, row[r].weight[i]);
    }
    for (size_t r = 0; r < layer->rows; r++) {
        set_number(crease_rows_begin(&layer->map), layer->den, *row[r].bias);
        for (size_t i = 0; i < row[r].terms; i++)
            if (mpq_sgn(row[r].weight[i]))
                set_number(crease_rows_add(&layer->map, row[r].input[i]), layer->den,
                           row[r].weight[i]);
    }
}

void crease_layer_copy_shape(crease_layer *out, const crease_layer *in, size_t inputs)
{
    out->width = in->width;
    out->inputs = inputs;
    out->activation = in->activation;
    out->rank = in->rank;
    out->carry = in->carry;
    out->rows = in->rows;
    out->decisions = in->decisions;
    out->pieces = in->pieces;
    mpq_set(out->parameter[0], in->parameter[0]);
    mpq_set(out->parameter[1], in->parameter[1]);
    mpz_init_set(out->den, in->den);
}

void crease_network_cut(crease_network *network, size_t layers)
{
    for (; network->layers > layers; network->layers--) {
        crease_layer *layer = &network->layer[network->layers - 1];
        mpq_clears(layer->parameter[0], layer->parameter[1], NULL);
        if (!layer->map.begin)
            continue;
        crease_rows_free(&layer->map);
        mpz_clear(layer->den);
    }
}

void crease_network_free(crease_network *network)
{
    if (!network)
        return;
    crease_network_cut(network, 0);
    free(network->layer);
    free(network->origin);
    free(network->notes);
    free(network);
}

void crease_network_set_origin(crease_network *network, const char *format, ...)
{
    va_list list;
    free(network->origin);
    va_start(list, format);
    if (vasprintf(&network->origin, format, list) < 0)
        crease_fatal("out of memory");
    va_end(list);
}

void crease_network_add_note(crease_network *network, const char *format, ...)
{
    char *text, *all;
    va_list list;
    va_start(list, format);
    if (vasprintf(&text, format, list) < 0)
        crease_fatal("out of memory");
    va_end(list);
    if (asprintf(&all, "%s%s%s", network->notes ? network->notes : "", network->notes ? "; " : "",
                 text) < 0)
        crease_fatal("out of memory");
    free(text);
    free(network->notes);
    network->notes = all;
}

const char *crease_network_notes(const crease_network *network)
{
    return network->notes ? network->notes : "";
}

const char *crease_network_origin(const crease_network *network)
{
    return network->origin ? network->origin : "";
}

bool crease_network_checkable(const crease_network *network)
{
    return network->checkable;
}

size_t crease_network_inputs(const crease_network *network)
{
    return network->inputs;
}

size_t crease_network_layers(const crease_network *network)
{
    return network->layers;
}

size_t crease_network_width(const crease_network *network, size_t layer)
{
    return network->layer[layer].width;
}

crease_activation crease_network_activation(const crease_network *network, size_t layer)
{
    return network->layer[layer].activation;
}

size_t crease_network_units(const crease_network *network)
{
    size_t units = 0;
    for (size_t l = 0; l < network->layers; l++)
        if (network->layer[l].activation != CREASE_LINEAR)
            units += network->layer[l].width - network->layer[l].carry;
    return units;
}

size_t crease_network_rank(const crease_network *network, size_t layer)
{
    return network->layer[layer].rank;
}

size_t crease_network_carry(const crease_network *network, size_t layer)
{
    return network->layer[layer].carry;
}

bool crease_network_certifiable(const crease_network *network)
{
    size_t hidden = 0, rows = 0;
    for (size_t l = 0; l < network->layers; l++) {
        hidden += l + 1 < network->layers ? network->layer[l].width : 0;
        rows = network->layer[l].rows > rows ? network->layer[l].rows : rows;
    }
    return network->inputs <= CREASE_MAX_CERTIFIED && hidden <= CREASE_MAX_CERTIFIED &&
           rows <= CREASE_MAX_CERTIFIED;
}

size_t crease_network_decisions(const crease_network *network)
{
    size_t decisions = 0;
    for (size_t l = 0; l < network->layers; l++)
        decisions += network->layer[l].decisions;
    return decisions;
}

size_t crease_network_parameters(const crease_network *network)
{
    size_t parameters = 0;
    for (size_t l = 0; l < network->layers; l++)
        parameters += network->layer[l].rows * (network->layer[l].inputs + 1);
    return parameters;
}
