#define _POSIX_C_SOURCE 200809L

#include "plain_net.h"

#include <jansson.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static bool read_numbers(const json_t *array, int count, double *numbers)
{
    if (!json_is_array(array) || json_array_size(array) != (size_t)count)
        return false;
    for (int i = 0; i < count; i++) {
        const json_t *item = json_array_get(array, (size_t)i);
        if (!json_is_number(item))
            return false;
        numbers[i] = json_number_value(item);
    }
    return true;
}

static bool read_layer(const json_t *object, int inputs, plain_layer *layer)
{
    const json_t *weight = json_object_get(object, "weight");
    const char *activation = json_string_value(json_object_get(object, "activation"));
    size_t units = json_array_size(weight);
    if (units == 0 || units > 100000 || activation == NULL)
        return false;
    layer->inputs = inputs;
    layer->units = (int)units;
    layer->relu = strcmp(activation, "relu") == 0;
    if (!layer->relu && strcmp(activation, "linear") != 0)
        return false;
    layer->weight = calloc(units * (size_t)inputs, sizeof(double));
    layer->bias = calloc(units, sizeof(double));
    if (layer->weight == NULL || layer->bias == NULL)
        return false;
    for (size_t u = 0; u < units; u++)
        if (!read_numbers(json_array_get(weight, u), inputs, layer->weight + u * (size_t)inputs))
            return false;
    return read_numbers(json_object_get(object, "bias"), layer->units, layer->bias);
}

static bool read_layers(const json_t *root, plain_net *net)
{
    const json_t *layers = json_object_get(root, "layers");
    json_int_t inputs = json_integer_value(json_object_get(root, "input"));
    size_t count = json_array_size(layers);
    if (inputs < 1 || inputs > 100000 || count == 0)
        return false;
    net->layers = calloc(count, sizeof *net->layers);
    if (net->layers == NULL)
        return false;
    net->inputs = net->widest = (int)inputs;
    net->count = (int)count;
    for (size_t l = 0; l < count; l++) {
        int width = l > 0 ? net->layers[l - 1].units : net->inputs;
        plain_layer *layer = &net->layers[l];
        if (!read_layer(json_array_get(layers, l), width, layer))
            return false;
        if (layer->units > net->widest)
            net->widest = layer->units;
        if (layer->relu)
            net->relus += layer->units;
    }
    return true;
}

bool plain_net_read(const char *path, plain_net *net)
{
    memset(net, 0, sizeof *net);
    json_error_t error;
    json_t *root = json_load_file(path, 0, &error);
    if (root == NULL) {
        fprintf(stderr, "%s:%d: %s\n", path, error.line, error.text);
        return false;
    }
    bool good = read_layers(root, net);
    json_decref(root);
    if (!good) {
        fprintf(stderr, "%s: not a network of plain numbers\n", path);
        plain_net_free(net);
    }
    return good;
}

void plain_net_free(plain_net *net)
{
    for (int l = 0; l < net->count; l++) {
        free(net->layers[l].weight);
        free(net->layers[l].bias);
    }
    free(net->layers);
    memset(net, 0, sizeof *net);
}

const double *plain_net_forward(const plain_net *net, const double *input, double *scratch,
                                bool *state)
{
    const double *from = input;
    double *to = scratch;
    for (int l = 0; l < net->count; l++) {
        const plain_layer *layer = &net->layers[l];
        for (int u = 0; u < layer->units; u++) {
            const double *weight = layer->weight + (size_t)u * (size_t)layer->inputs;
            double sum = layer->bias[u];
            for (int i = 0; i < layer->inputs; i++)
                sum += weight[i] * from[i];
            if (layer->relu && state != NULL)
                *state++ = sum > 0.0;
            to[u] = layer->relu && sum <= 0.0 ? 0.0 : sum;
        }
        from = to;
        to = to == scratch ? scratch + net->widest : scratch;
    }
    return from;
}

double plain_net_clock(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static double pass_seconds(const plain_net *net, const double *inputs, int count, double *scratch)
{
    volatile double sink = 0.0;
    long passes = 0;
    double start = plain_net_clock(), elapsed = 0.0;
    for (; elapsed < 0.02; elapsed = plain_net_clock() - start)
        for (int i = 0; i < count; i++, passes++)
            sink = sink + plain_net_forward(net, inputs + i * net->inputs, scratch, NULL)[0];
    return elapsed / (double)passes;
}

double plain_net_seconds(const char *path)
{
    enum { INPUTS = 256, SERIES = 5 };
    plain_net net;
    if (!plain_net_read(path, &net))
        return (double)NAN;
    double *inputs = malloc((size_t)INPUTS * (size_t)net.inputs * sizeof *inputs);
    double *scratch = malloc(2 * (size_t)net.widest * sizeof *scratch);
    if (inputs == NULL || scratch == NULL) {
        fputs("bench: out of memory\n", stderr);
        exit(2);
    }
    uint32_t word = 1;
    for (int i = 0; i < INPUTS * net.inputs; i++) {
        word = word * 1664525u + 1013904223u;
        inputs[i] = (double)word * 0x1p-31 - 1.0;
    }
    double best = INFINITY;
    for (int s = 0; s < SERIES; s++)
        best = fmin(best, pass_seconds(&net, inputs, INPUTS, scratch));
    free(inputs);
    free(scratch);
    plain_net_free(&net);
    return best;
}
