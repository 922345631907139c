#include "onnx/operators.h"

#include "base/memory.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* ConvTranspose: input q and kernel element k go to place q stride + k dilation - begin. */
typedef struct {
    const crease_onnx_value *from, *weight, *bias;
    size_t rank; /* of the space */
    int64_t stride[CREASE_ONNX_RANK], dilation[CREASE_ONNX_RANK], begin[CREASE_ONNX_RANK];
    size_t out[CREASE_ONNX_RANK];
    size_t inputs, kernels, outputs; /* products */
    size_t in_group, out_group;      /* channels */
} geometry;

typedef struct {
    size_t input, kernel;
} tap;

static crease_status read_list(crease_onnx_node *node, const char *name, size_t expected,
                               int64_t least, int64_t standard, int64_t *out)
{
    size_t count;
    const int64_t *list = crease_onnx_ints(node, name, &count);
    if (node->status)
        return node->status;
    if (list && count != expected)
        return crease_onnx_fail(node, "%s has %zu numbers, not %zu", name, count, expected);
    for (size_t i = 0; i < expected; i++) {
        out[i] = list ? list[i] : standard;
        if (out[i] < least || out[i] > CREASE_ONNX_ELEMENTS)
            return crease_onnx_fail(node, "%s has %lld", name, (long long)out[i]);
    }
    return CREASE_OK;
}

static crease_status read_geometry(crease_onnx_node *node, geometry *g)
{
    const size_t *in = g->from->dim + 2, *kernel = g->weight->dim + 2;
    int64_t pads[2 * CREASE_ONNX_RANK], more[CREASE_ONNX_RANK], given[CREASE_ONNX_RANK];
    size_t count;
    if (crease_onnx_ints(node, "output_shape", &count) ||
        (!crease_onnx_word(node, "auto_pad", "NOTSET", "NOTSET") &&
         !crease_onnx_word(node, "auto_pad", "NOTSET", "VALID")))
        return crease_onnx_fail(node, "output_shape and auto_pad are not read, only pads");
    if (read_list(node, "strides", g->rank, 1, 1, g->stride) ||
        read_list(node, "dilations", g->rank, 1, 1, g->dilation) ||
        read_list(node, "pads", 2 * g->rank, 0, 0, pads) ||
        read_list(node, "output_padding", g->rank, 0, 0, more) ||
        read_list(node, "kernel_shape", g->rank, 1, 1, given))
        return CREASE_INPUT;
    bool said = crease_onnx_ints(node, "kernel_shape", &count) != NULL;
    for (size_t d = 0; d < g->rank; d++) {
        if (kernel[d] == 0 || (said && (size_t)given[d] != kernel[d]))
            return crease_onnx_fail(node, "kernel_shape does not go with the weights");
        int64_t size = g->stride[d] * ((int64_t)in[d] - 1) + more[d] +
                       ((int64_t)kernel[d] - 1) * g->dilation[d] + 1 - pads[d] - pads[g->rank + d];
        if (size < 1 || size > CREASE_ONNX_ELEMENTS)
            return crease_onnx_fail(node, "size %lld in dimension %zu", (long long)size, d);
        g->out[d] = (size_t)size;
        g->begin[d] = pads[d];
    }
    g->inputs = crease_onnx_count(g->rank, in);
    g->kernels = crease_onnx_count(g->rank, kernel);
    g->outputs = crease_onnx_count(g->rank, g->out);
    if (g->outputs == SIZE_MAX || g->kernels == SIZE_MAX)
        return crease_onnx_fail(node, "more than %d elements", CREASE_ONNX_ELEMENTS);
    return CREASE_OK;
}

static crease_status check(crease_onnx_node *node, geometry *g)
{
    const crease_onnx_value *from = g->from, *weight = g->weight, *bias = g->bias;
    int64_t group = crease_onnx_int(node, "group", 1);
    if (from->kind == CREASE_ONNX_INTEGERS || weight->kind == CREASE_ONNX_INTEGERS ||
        from->rank < 3 || weight->rank != from->rank || from->count == 0 || weight->count == 0)
        return crease_onnx_fail(node, "the weights do not go with the input");
    if (!crease_onnx_constant(weight) || (bias && !crease_onnx_constant(bias)))
        return crease_onnx_fail(node, "the weights depend on the input");
    if (group < 1 || weight->dim[0] != from->dim[1] || from->dim[1] % (size_t)group)
        return crease_onnx_fail(node, "%lld groups, %zu channels, weights for %zu",
                                (long long)group, from->dim[1], weight->dim[0]);
    g->rank = from->rank - 2;
    g->in_group = from->dim[1] / (size_t)group;
    g->out_group = weight->dim[1];
    if (bias && (bias->kind == CREASE_ONNX_INTEGERS || bias->rank != 1 ||
                 bias->count != g->out_group * (size_t)group))
        return crease_onnx_fail(node, "the bias is not one number for each channel");
    return read_geometry(node, g);
}

/* What goes to place p; at most one tap for each kernel element. */
static size_t find_taps(const geometry *g, size_t p, tap *taps)
{
    size_t count = 0, at[CREASE_ONNX_RANK];
    for (size_t d = g->rank; d-- > 0; p /= g->out[d])
        at[d] = p % g->out[d];
    for (size_t k = 0; k < g->kernels; k++) {
        size_t rest = k, input = 0, step = 1;
        bool inside = true;
        for (size_t d = g->rank; d-- > 0;) {
            size_t kernel = g->weight->dim[d + 2], in = g->from->dim[d + 2];
            assert(kernel > 0 && g->stride[d] > 0);
            int64_t q = (int64_t)at[d] + g->begin[d] - (int64_t)(rest % kernel) * g->dilation[d];
            inside = inside && q >= 0 && q % g->stride[d] == 0 && q / g->stride[d] < (int64_t)in;
            input += inside ? (size_t)(q / g->stride[d]) * step : 0;
            step *= in;
            rest /= kernel;
        }
        if (inside)
            taps[count++] = (tap){input, k};
    }
    return count;
}

/* Image n, output channel o. */
static void add_taps(crease_onnx *reader, const geometry *g, size_t n, size_t o, const tap *taps,
                     size_t count)
{
    size_t first = o / g->out_group * g->in_group;
    mpq_t number;
    mpq_init(number);
    for (size_t i = first; i < first + g->in_group && !reader->meter.excess; i++)
        for (size_t t = 0; t < count; t++) {
            size_t weight = (i * g->out_group + o % g->out_group) * g->kernels + taps[t].kernel;
            crease_onnx_get(g->weight, weight, number);
            if (mpq_sgn(number))
                crease_onnx_add(reader, g->from,
                                (n * g->from->dim[1] + i) * g->inputs + taps[t].input,
                                (const mpq_t *)&number);
        }
    mpq_clear(number);
    if (g->bias)
        crease_onnx_add(reader, g->bias, o, NULL);
}

crease_status crease_onnx_conv_transpose(crease_onnx_node *node)
{
    crease_onnx_value *to = crease_onnx_output(node, 0);
    geometry g = {.from = crease_onnx_input(node, 0),
                  .weight = crease_onnx_input(node, 1),
                  .bias = crease_onnx_input(node, 2)};
    if (check(node, &g))
        return CREASE_INPUT;
    assert(g.in_group > 0);
    size_t channels = g.from->dim[1] / g.in_group * g.out_group;
    size_t dim[CREASE_ONNX_RANK] = {g.from->dim[0], channels};
    memcpy(dim + 2, g.out, g.rank * sizeof *dim);
    crease_status status =
        crease_onnx_make(node, to, CREASE_ONNX_AFFINE, g.from->type, g.rank + 2, dim);
    tap *taps = crease_alloc(g.kernels, sizeof *taps);
    for (size_t p = 0; !status && p < g.outputs; p++) {
        size_t count = find_taps(&g, p, taps);
        crease_affine_copies(&node->reader->meter, g.kernels);
        for (size_t k = 0; k < dim[0] * channels; k++) {
            add_taps(node->reader, &g, k / channels, k % channels, taps, count);
            crease_onnx_close(node->reader, to, k * g.outputs + p);
        }
    }
    free(taps);
    return status;
}
