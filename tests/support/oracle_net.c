/* The numbers and the networks of oracle.h. */
#include "oracle.h"

#include <ctype.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void *oracle_need(void *pointer)
{
    if (!pointer) {
        fprintf(stderr, "oracle: no memory\n");
        abort();
    }
    return pointer;
}

void oracle_refuse(const char *what, const char *why)
{
    fprintf(stderr, "oracle: bad %s: %s\n", what, why);
    abort();
}

mpq_t *oracle_zeros(size_t count)
{
    mpq_t *values = oracle_need(malloc((count + 1) * sizeof *values));
    for (size_t i = 0; i < count; i++)
        mpq_init(values[i]);
    return values;
}

void oracle_drop(mpq_t *values, size_t count)
{
    for (size_t i = 0; i < count; i++)
        mpq_clear(values[i]);
    free(values);
}

/* ---- Numbers ---- */

/* Multiplies by base^power, |power| small. */
static void shift(mpq_t value, unsigned long base, long power)
{
    mpz_t factor;
    if (labs(power) > 100000)
        oracle_refuse("network", "exponent");
    mpz_init(factor);
    mpz_ui_pow_ui(factor, base, (unsigned long)labs(power));
    if (power >= 0)
        mpz_mul(mpq_numref(value), mpq_numref(value), factor);
    else
        mpz_mul(mpq_denref(value), mpq_denref(value), factor);
    mpq_canonicalize(value);
    mpz_clear(factor);
}

/* One unsigned decimal or hexadecimal number that fills the text. */
static bool unsigned_number(mpq_t value, const char *text, const char *end)
{
    bool hex = end - text > 2 && text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
    unsigned long base = hex ? 16 : 10;
    long places = 0, exponent = 0;
    bool point = false, digits = false;
    mpq_set_ui(value, 0, 1);
    for (text += hex ? 2 : 0; text < end; text++) {
        if (*text == '.' && !point) {
            point = true;
            continue;
        }
        int c = tolower((unsigned char)*text);
        if (!(hex ? isxdigit(c) : isdigit(c)))
            break;
        mpz_mul_ui(mpq_numref(value), mpq_numref(value), base);
        mpz_add_ui(mpq_numref(value), mpq_numref(value),
                   (unsigned long)(isdigit(c) ? c - '0' : c - 'a' + 10));
        digits = true;
        places += point;
    }
    if (!digits)
        return false;
    if (text < end && tolower((unsigned char)*text) == (hex ? 'p' : 'e')) {
        char *stop;
        exponent = strtol(text + 1, &stop, 10);
        if (stop == text + 1)
            return false;
        text = stop;
    }
    shift(value, base, -places);
    shift(value, hex ? 2 : 10, exponent);
    return text == end;
}

bool oracle_rational(mpq_t value, const char *text, size_t length)
{
    const char *end = text + length;
    bool negative = length && *text == '-';
    if (length && (*text == '-' || *text == '+'))
        text++;
    const char *slash = memchr(text, '/', (size_t)(end - text));
    bool good = unsigned_number(value, text, slash ? slash : end);
    if (good && slash) {
        mpq_t below;
        mpq_init(below);
        good = unsigned_number(below, slash + 1, end) && mpq_sgn(below) > 0;
        if (good)
            mpq_div(value, value, below);
        mpq_clear(below);
    }
    if (negative)
        mpq_neg(value, value);
    return good;
}

static void read_number(mpq_t value, const json_t *item)
{
    if (json_is_real(item))
        mpq_set_d(value, json_real_value(item));
    else if (!json_is_string(item) ||
             !oracle_rational(value, json_string_value(item), json_string_length(item)))
        oracle_refuse("network", "number");
}

/* ---- Layers ---- */

static const struct {
    const char *name, *parameter[2];
} activations[] = {
    [ORACLE_LINEAR] = {"linear", {NULL, NULL}},       [ORACLE_RELU] = {"relu", {NULL, NULL}},
    [ORACLE_LEAKY] = {"leaky_relu", {"slope", NULL}}, [ORACLE_ABS] = {"abs", {NULL, NULL}},
    [ORACLE_CLIP] = {"clip", {"low", "high"}},        [ORACLE_MAXOUT] = {"maxout", {NULL, NULL}},
};

const char *oracle_name(oracle_kind kind)
{
    return activations[kind].name;
}

const char *const *oracle_parameters(oracle_kind kind)
{
    return activations[kind].parameter;
}

void oracle_shape(oracle_layer *layer, int fan, oracle_kind kind, int rank, int width, int carry)
{
    layer->width = width;
    layer->fan = fan;
    layer->kind = kind;
    layer->rank = rank;
    layer->carry = carry;
    layer->rows = (width - carry) * rank + carry;
    layer->row = oracle_zeros((size_t)layer->rows * (size_t)(fan + 1));
    mpq_inits(layer->parameter[0], layer->parameter[1], NULL);
}

int oracle_row_of(const oracle_layer *layer, int unit)
{
    int switching = layer->width - layer->carry;
    return unit < switching ? unit * layer->rank : switching * layer->rank + unit - switching;
}

/* ---- Reading ---- */

static oracle_kind find_kind(const char *name)
{
    for (oracle_kind kind = ORACLE_LINEAR; kind <= ORACLE_MAXOUT; kind++)
        if (name && !strcmp(name, activations[kind].name))
            return kind;
    oracle_refuse("network", "activation");
    return ORACLE_LINEAR;
}

static void read_layer(oracle_layer *layer, int fan, const json_t *item)
{
    const json_t *weight = json_object_get(item, "weight"), *bias = json_object_get(item, "bias");
    oracle_kind kind = find_kind(json_string_value(json_object_get(item, "activation")));
    int rows = (int)json_array_size(weight);
    int carry = (int)json_number_value(json_object_get(item, "carry"));
    int rank = kind == ORACLE_MAXOUT ? (int)json_number_value(json_object_get(item, "rank")) : 1;
    if (rank < 1 || carry < 0 || carry > rows || (rows - carry) % rank || !rows ||
        json_array_size(bias) != (size_t)rows)
        oracle_refuse("network", "layer shape");
    oracle_shape(layer, fan, kind, rank, (rows - carry) / rank + carry, carry);
    for (int i = 0; i < 2 && oracle_parameters(kind)[i]; i++)
        read_number(layer->parameter[i], json_object_get(item, oracle_parameters(kind)[i]));
    for (int i = 0; i < rows; i++) {
        const json_t *row = json_array_get(weight, (size_t)i);
        if (json_array_size(row) != (size_t)fan)
            oracle_refuse("network", "row length");
        for (int j = 0; j < fan; j++)
            read_number(layer->row[i * (fan + 1) + j], json_array_get(row, (size_t)j));
        read_number(layer->row[i * (fan + 1) + fan], json_array_get(bias, (size_t)i));
    }
}

oracle_net *oracle_read(const char *json)
{
    /* A JSON number means the nearest double, whole numbers too. */
    json_t *root = json_loads(json, JSON_DECODE_INT_AS_REAL, NULL);
    const json_t *layers = json_object_get(root, "layers");
    oracle_net *net = oracle_need(calloc(1, sizeof *net));
    net->input = (int)json_number_value(json_object_get(root, "input"));
    net->count = (int)json_array_size(layers);
    if (net->input < 1 || net->count < 1)
        oracle_refuse("network", "shape");
    net->layer = oracle_need(calloc((size_t)net->count, sizeof *net->layer));
    for (int l = 0; l < net->count; l++)
        read_layer(&net->layer[l], l ? net->layer[l - 1].width : net->input,
                   json_array_get(layers, (size_t)l));
    if (net->layer[net->count - 1].kind != ORACLE_LINEAR)
        oracle_refuse("network", "last layer");
    json_decref(root);
    return net;
}

void oracle_free(oracle_net *net)
{
    if (!net)
        return;
    for (int l = 0; l < net->count; l++) {
        oracle_layer *layer = &net->layer[l];
        if (!layer->row)
            continue;
        oracle_drop(layer->row, (size_t)layer->rows * (size_t)(layer->fan + 1));
        mpq_clears(layer->parameter[0], layer->parameter[1], NULL);
    }
    free(net->layer);
    free(net);
}
