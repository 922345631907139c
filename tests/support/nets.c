#include "nets.h"

#include "random_net.h"
#include "rational.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_LAYERS = 16 };

static void *need(void *pointer)
{
    if (!pointer) {
        fprintf(stderr, "nets: no memory\n");
        abort();
    }
    return pointer;
}

uint64_t nets_random(uint64_t *state)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

long nets_between(uint64_t *state, long low, long high)
{
    return low + (long)((nets_random(state) >> 11) % (uint64_t)(high - low + 1));
}

/* ---- Models ---- */

oracle_net *nets_blank(int input, int count)
{
    oracle_net *net = need(calloc(1, sizeof *net));
    net->input = input;
    net->count = count;
    net->layer = need(calloc((size_t)count, sizeof *net->layer));
    return net;
}

oracle_net *nets_new(int input, const int *widths, int count)
{
    oracle_net *net = nets_blank(input, count);
    for (int l = 0; l < count; l++) {
        oracle_kind kind = l + 1 < count ? ORACLE_RELU : ORACLE_LINEAR;
        oracle_shape(&net->layer[l], l ? widths[l - 1] : input, kind, 1, widths[l], 0);
    }
    return net;
}

mpq_t *nets_at(const oracle_net *net, int layer, int row, int column)
{
    return &net->layer[layer].row[row * (net->layer[layer].fan + 1) + column];
}

void nets_set(const oracle_net *net, int layer, int row, int column, const char *value)
{
    if (!oracle_rational(*nets_at(net, layer, row, column), value, strlen(value))) {
        fprintf(stderr, "nets: bad number %s\n", value);
        abort();
    }
}

static void set_whole(const oracle_net *net, int layer, int unit, int column, long value)
{
    mpq_set_si(*nets_at(net, layer, unit, column), value, 1);
}

static void ones(const oracle_net *net)
{
    const oracle_layer *last = &net->layer[net->count - 1];
    for (int u = 0; u < last->width; u++)
        for (int j = 0; j < last->fan; j++)
            set_whole(net, net->count - 1, u, j, 1);
}

/* A number where it is exact, a fraction otherwise. */
static json_t *number(mpq_t value)
{
    double near = mpq_get_d(value);
    mpq_t back;
    mpq_init(back);
    if (isfinite(near))
        mpq_set_d(back, near);
    bool exact = isfinite(near) && mpq_equal(back, value);
    mpq_clear(back);
    if (exact)
        return json_real(near);
    char *text = mpq_get_str(NULL, 10, value);
    json_t *item = json_string(need(text));
    free(text);
    return item;
}

char *nets_text(const oracle_net *net, const char *comment)
{
    json_t *root = json_object(), *layers = json_array();
    if (comment)
        json_object_set_new(root, "comment", json_string(comment));
    json_object_set_new(root, "input", json_integer(net->input));
    for (int l = 0; l < net->count; l++) {
        json_t *item = json_object(), *weight = json_array(), *bias = json_array();
        oracle_layer *layer = &net->layer[l];
        for (int r = 0; r < layer->rows; r++) {
            json_t *row = json_array();
            for (int j = 0; j < layer->fan; j++)
                json_array_append_new(row, number(*nets_at(net, l, r, j)));
            json_array_append_new(weight, row);
            json_array_append_new(bias, number(*nets_at(net, l, r, layer->fan)));
        }
        json_object_set_new(item, "weight", weight);
        json_object_set_new(item, "bias", bias);
        json_object_set_new(item, "activation", json_string(oracle_name(layer->kind)));
        for (int i = 0; i < 2 && oracle_parameters(layer->kind)[i]; i++)
            json_object_set_new(item, oracle_parameters(layer->kind)[i],
                                number(layer->parameter[i]));
        if (layer->kind == ORACLE_MAXOUT)
            json_object_set_new(item, "rank", json_integer(layer->rank));
        if (layer->carry)
            json_object_set_new(item, "carry", json_integer(layer->carry));
        json_array_append_new(layers, item);
    }
    json_object_set_new(root, "layers", layers);
    char *text = need(json_dumps(root, JSON_COMPACT | JSON_REAL_PRECISION(17)));
    json_decref(root);
    return text;
}

static char *finish(oracle_net *net)
{
    char *text = nets_text(net, NULL);
    oracle_free(net);
    return text;
}

/* ---- Arrangements ---- */

char *nets_arrangement(int dimension, int rows, const long *row)
{
    oracle_net *net = nets_new(dimension, (int[]){rows, 1}, 2);
    for (int i = 0; i < rows; i++)
        for (int j = 0; j <= dimension; j++)
            set_whole(net, 0, i, j, row[i * (dimension + 1) + j]);
    ones(net);
    return finish(net);
}

/* x_i - x_j = k for all i < j and k from low to high. */
static char *differences(int n, long low, long high)
{
    int rows = 0, most = n * (n - 1) / 2 * (int)(high - low + 1);
    long *row = need(calloc((size_t)(most * (n + 1)), sizeof *row));
    for (int i = 0; i < n; i++)
        for (int j = i + 1; j < n; j++)
            for (long k = low; k <= high; k++) {
                long *at = row + rows++ * (n + 1);
                at[i] = 1;
                at[j] = -1;
                at[n] = -k;
            }
    char *text = nets_arrangement(n, rows, row);
    free(row);
    return text;
}

char *nets_braid(int n)
{
    return differences(n, 0, 0);
}

char *nets_shi(int n)
{
    return differences(n, 0, 1);
}

char *nets_catalan(int n)
{
    return differences(n, -1, 1);
}

char *nets_type_b(int n)
{
    int rows = 0;
    long *row = need(calloc((size_t)(n * n * (n + 1)), sizeof *row));
    for (int i = 0; i < n; i++) {
        row[rows++ * (n + 1) + i] = 1;
        for (int j = i + 1; j < n; j++)
            for (long sign = -1; sign <= 1; sign += 2) {
                long *at = row + rows++ * (n + 1);
                at[i] = 1;
                at[j] = sign;
            }
    }
    char *text = nets_arrangement(n, rows, row);
    free(row);
    return text;
}

/* Normals are the bits of first..last in `bits` coordinates after `lead` ones. */
static char *bit_normals(int lead, int bits, int first, int last)
{
    int n = lead + bits, rows = 0;
    long *row = need(calloc((size_t)((last - first + 1) * (n + 1)), sizeof *row));
    for (int code = first; code <= last; code++) {
        long *at = row + rows++ * (n + 1);
        for (int j = 0; j < n; j++)
            at[j] = j < lead ? 1 : code >> (j - lead) & 1;
    }
    char *text = nets_arrangement(n, rows, row);
    free(row);
    return text;
}

char *nets_resonance(int n)
{
    return bit_normals(0, n, 1, (1 << n) - 1);
}

char *nets_threshold(int n)
{
    return bit_normals(1, n, 0, (1 << n) - 1);
}

char *nets_general(int dimension, int units, uint64_t seed)
{
    return need(random_net((int[]){dimension, units, 1}, 3, seed));
}

char *nets_central(int dimension, int units, uint64_t seed)
{
    char *text = nets_general(dimension, units, seed);
    oracle_net *net = oracle_read(text);
    free(text);
    for (int u = 0; u < units; u++)
        set_whole(net, 0, u, dimension, 0);
    return finish(net);
}

/* ---- Folding ---- */

char *nets_zigzag(int n, int layers)
{
    int widths[MOST_LAYERS];
    for (int l = 0; l < layers; l++)
        widths[l] = n;
    widths[layers] = 1;
    oracle_net *net = nets_new(1, widths, layers + 1);
    long left[MOST_LAYERS], change[MOST_LAYERS]; /* times n + 3; of slope, times 2/(n+3) */
    long at = 0;
    for (int i = 0; i < n; i++) { /* breakpoint i ends segment i */
        long width = i == 2 || i == 3 ? 2 : 1, next = i + 1 == 2 || i + 1 == 3 ? 2 : 1;
        at += width;
        left[i] = at;
        change[i] = (i % 2 ? 1 : -1) * (2 / width + 2 / next);
    }
    for (int l = 0; l <= layers; l++)
        for (int u = 0; u < net->layer[l].width; u++) {
            /* The unit is flip * (f - t_u), f = 4 + sum of change * h; the
             * output is f. */
            long flip = l < layers && u == 2 ? -1 : 1;
            mpq_t *bias = nets_at(net, l, u, net->layer[l].fan);
            if (l < layers)
                mpq_set_si(*bias, -flip * left[u], (unsigned long)n + 3);
            if (l == 0) {
                set_whole(net, l, u, 0, flip);
                mpq_canonicalize(*bias);
                continue;
            }
            mpz_addmul_ui(mpq_numref(*bias), mpq_denref(*bias), 4 * (flip > 0));
            mpz_submul_ui(mpq_numref(*bias), mpq_denref(*bias), 4 * (flip < 0));
            mpq_canonicalize(*bias);
            for (int i = 0; i < n; i++) {
                mpq_set_si(*nets_at(net, l, u, i), flip * change[i] * (n + 3), 2);
                mpq_canonicalize(*nets_at(net, l, u, i));
            }
        }
    return finish(net);
}

/* Column i of group `axis` in the readout h_1 - h_2 + h_3 - ..., times factor. */
static void read_fold(oracle_net *net, int layer, int unit, int p, int axis, const char *factor)
{
    for (int i = 0; i < p; i++) {
        nets_set(net, layer, unit, axis * p + i, factor);
        if (i % 2)
            mpq_neg(*nets_at(net, layer, unit, axis * p + i),
                    *nets_at(net, layer, unit, axis * p + i));
    }
}

char *nets_fold(int n, int layers, int last)
{
    int widths[MOST_LAYERS], p = n / 2;
    char factor[32];
    for (int l = 0; l < layers; l++)
        widths[l] = n;
    widths[layers] = last;
    widths[layers + 1] = 1;
    oracle_net *net = nets_new(2, widths, layers + 2);
    for (int l = 0; l < layers; l++)
        for (int axis = 0; axis < 2; axis++)
            for (int i = 0; i < p; i++) {
                int u = axis * p + i;
                snprintf(factor, sizeof factor, "%d", i ? 2 * p : p);
                if (l == 0)
                    nets_set(net, l, u, axis, factor);
                else
                    read_fold(net, l, u, p, axis, factor);
                set_whole(net, l, u, net->layer[l].fan, -2 * i);
            }
    /* Lines k X - Y + k^2/100 = 0 about the centre of the square: lines j and k
     * meet at X = -(j+k)/100, Y = -jk/100, no three in one point. */
    for (int k = 1; k <= last; k++) {
        snprintf(factor, sizeof factor, "%d", k);
        if (layers == 0) {
            set_whole(net, 0, k - 1, 0, k);
            set_whole(net, 0, k - 1, 1, -1);
        } else {
            read_fold(net, layers, k - 1, p, 0, factor);
            read_fold(net, layers, k - 1, p, 1, "-1");
        }
        snprintf(factor, sizeof factor, "%d/100", k * k - 50 * k + 50);
        nets_set(net, layers, k - 1, net->layer[layers].fan, factor);
    }
    ones(net);
    return finish(net);
}

/* ---- Random small networks ---- */

/* Returns the number of layers after the input, output included. */
static int random_widths(uint64_t *state, int units, int *widths, int *linear)
{
    int count = 0, hidden = (int)nets_between(state, 1, 3);
    int left = (int)nets_between(state, hidden, units);
    *linear = -1;
    for (int l = 0; l < hidden; l++) {
        /* Leave one unit to each layer that follows. */
        int most = left - (hidden - 1 - l);
        int width = l + 1 == hidden ? left : (int)nets_between(state, 1, most);
        if (nets_between(state, 0, 9) == 0 && *linear < 0) {
            *linear = count;
            widths[count++] = (int)nets_between(state, 1, 3);
        }
        widths[count++] = width;
        left -= width;
    }
    widths[count++] = 1;
    return count;
}

char *nets_whole(const int *widths, int count, int range, uint64_t seed)
{
    oracle_net *net = nets_new(widths[0], widths + 1, count - 1);
    for (int l = 0; l < net->count; l++)
        for (int u = 0; u < net->layer[l].width; u++)
            for (int j = 0; j <= net->layer[l].fan; j++)
                set_whole(net, l, u, j, nets_between(&seed, -range, range));
    return finish(net);
}

/* range 0: binary32 weights. */
static char *random_small(uint64_t seed, int units, int range)
{
    uint64_t state = seed;
    int widths[MOST_LAYERS], linear;
    widths[0] = (int)nets_between(&state, 1, 4);
    int count = 1 + random_widths(&state, units, widths + 1, &linear);
    char *text = range ? nets_whole(widths, count, range, nets_random(&state))
                       : need(random_net(widths, count, nets_random(&state)));
    if (linear < 0)
        return text;
    char *flat = nets_linear_layer(text, linear);
    free(text);
    return flat;
}

char *nets_small(uint64_t seed, int units, int range)
{
    return random_small(seed, units, range);
}

char *nets_smooth(uint64_t seed, int units)
{
    return random_small(seed, units, 0);
}

oracle_net *nets_far(uint64_t *state)
{
    enum { INPUTS = 3, PAIRS = INPUTS - 1, OTHERS = 4, WALLS = 1 + 2 * PAIRS };
    const int widths[] = {WALLS + OTHERS, 1, 1};
    double row[1 + PAIRS][INPUTS];
    oracle_net *net = nets_new(INPUTS, widths, 3);
    for (int k = 0; k <= PAIRS; k++)
        for (int j = 0; j < INPUTS; j++)
            row[k][j] = 2 * rational_random(state);
    for (int u = 0; u < widths[0]; u++) {
        int k = u < WALLS ? (u + 1) / 2 : 0;
        double tilt = u < WALLS ? 0 : ldexp(1, (int)nets_between(state, -40, 0));
        double bias = 2 * rational_random(state);
        for (int j = 0; j < INPUTS; j++)
            mpq_set_d(*nets_at(net, 0, u, j),
                      row[k][j] + tilt * (row[1][j] + row[2][j] * (u % 2 ? 1 : -1)));
        mpq_set_d(*nets_at(net, 0, u, INPUTS),
                  u ? bias + 3 * (u % 2) : ldexp(bias - 3, (int)nets_between(state, 13, 30)));
        mpq_set_d(*nets_at(net, 1, 0, u), 2 * rational_random(state));
    }
    mpq_set_d(*nets_at(net, 1, 0, widths[0]), 2 * rational_random(state));
    nets_set(net, 2, 0, 0, "1");
    return net;
}
