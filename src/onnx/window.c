#include "onnx/operators.h"

#include "base/memory.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* A window that moves over the dimensions behind the batch and the channels. */
typedef struct {
    size_t rank;
    size_t in[CREASE_ONNX_RANK], kernel[CREASE_ONNX_RANK], out[CREASE_ONNX_RANK];
    int64_t stride[CREASE_ONNX_RANK], dilation[CREASE_ONNX_RANK];
    int64_t begin[CREASE_ONNX_RANK], end[CREASE_ONNX_RANK]; /* pads */
    size_t inputs, kernels, outputs;                        /* products of in, kernel and out */
    bool covers;                                            /* no window goes beyond the pads */
} window;

/* What stands under a window: element `input` of the channel under element `kernel`. */
typedef struct {
    size_t input, kernel;
} tap;

/* One positive integer for every dimension, 1 by default. */
static crease_status read_positive(crease_onnx_node *node, const char *name, size_t rank,
                                   int64_t least, size_t expected, int64_t *out)
{
    size_t count;
    const int64_t *list = crease_onnx_ints(node, name, &count);
    for (size_t i = 0; i < expected; i++)
        out[i] = least;
    if (node->status || !list)
        return node->status;
    if (count != expected)
        return crease_onnx_fail(node, "%s: %zu numbers for %zu dimensions", name, count, rank);
    for (size_t i = 0; i < count; i++) {
        if (list[i] < least || list[i] > CREASE_ONNX_ELEMENTS)
            return crease_onnx_fail(node, "%s has %lld", name, (long long)list[i]);
        out[i] = list[i];
    }
    return CREASE_OK;
}

static crease_status read_kernel(crease_onnx_node *node, const crease_onnx_value *weight, window *w)
{
    int64_t kernel[CREASE_ONNX_RANK];
    size_t count;
    const int64_t *given = crease_onnx_ints(node, "kernel_shape", &count);
    if (!given && !weight)
        return crease_onnx_fail(node, "no kernel_shape");
    if (read_positive(node, "kernel_shape", w->rank, 1, w->rank, kernel))
        return CREASE_INPUT;
    for (size_t d = 0; d < w->rank; d++) {
        w->kernel[d] = given ? (size_t)kernel[d] : weight->dim[d + 2];
        if (w->kernel[d] == 0 || (weight && w->kernel[d] != weight->dim[d + 2]))
            return crease_onnx_fail(node, "kernel_shape does not go with the weights");
    }
    return CREASE_OK;
}

static crease_status read_pads(crease_onnx_node *node, window *w)
{
    int64_t pad[2 * CREASE_ONNX_RANK];
    bool set = crease_onnx_word(node, "auto_pad", "NOTSET", "NOTSET");
    bool valid = crease_onnx_word(node, "auto_pad", "NOTSET", "VALID");
    bool upper = crease_onnx_word(node, "auto_pad", "NOTSET", "SAME_UPPER");
    bool lower = crease_onnx_word(node, "auto_pad", "NOTSET", "SAME_LOWER");
    if (read_positive(node, "pads", w->rank, 0, 2 * w->rank, pad))
        return CREASE_INPUT;
    if (!set && !valid && !upper && !lower)
        return crease_onnx_fail(node, "auto_pad is not known");
    for (size_t d = 0; d < w->rank; d++) {
        int64_t in = (int64_t)w->in[d], span = ((int64_t)w->kernel[d] - 1) * w->dilation[d] + 1;
        assert(w->stride[d] > 0);
        int64_t steps = (in - 1) / w->stride[d], all = steps * w->stride[d] + span - in;
        if (!set && (pad[d] || pad[w->rank + d]))
            return crease_onnx_fail(node, "both pads and auto_pad");
        all = all > 0 ? all : 0;
        w->begin[d] = upper ? all / 2 : lower ? all - all / 2 : pad[d];
        w->end[d] = upper || lower ? all - w->begin[d] : pad[w->rank + d];
    }
    return CREASE_OK;
}

static void note_left_out(const crease_onnx_node *node, size_t d)
{
    crease_onnx_note(node->reader,
                     "%s (node %zu): in dimension %zu a window that begins in the pads at the end "
                     "is left out, as the standard has it; old versions of onnxruntime keep it",
                     node->operator->name, node->index, d);
}

/* How often the window fits.  With ceil_mode one that begins in the input or before it and goes
 * beyond the pads counts as well, but not one that begins in the pads at the end. */
static crease_status count_places(crease_onnx_node *node, window *w)
{
    bool ceiling = strcmp(node->operator->name, "Conv") && crease_onnx_int(node, "ceil_mode", 0);
    w->covers = true;
    for (size_t d = 0; d < w->rank; d++) {
        int64_t span = ((int64_t)w->kernel[d] - 1) * w->dilation[d] + 1;
        int64_t room = (int64_t)w->in[d] + w->begin[d] + w->end[d] - span;
        if (room < 0)
            return crease_onnx_fail(node, "the window is larger than the input, in dimension %zu",
                                    d);
        w->out[d] = (size_t)(room / w->stride[d]) + 1;
        if (ceiling && room % w->stride[d]) {
            bool inside = (int64_t)w->out[d] * w->stride[d] < (int64_t)w->in[d] + w->begin[d];
            if (!inside)
                note_left_out(node, d);
            w->out[d] += inside;
            w->covers = w->covers && !inside;
        }
    }
    w->inputs = crease_onnx_count(w->rank, w->in);
    w->kernels = crease_onnx_count(w->rank, w->kernel);
    w->outputs = crease_onnx_count(w->rank, w->out);
    if (w->kernels == SIZE_MAX || w->outputs == SIZE_MAX)
        return crease_onnx_fail(node, "the window has, or gives, more than %d elements",
                                CREASE_ONNX_ELEMENTS);
    return CREASE_OK;
}

static crease_status read_window(crease_onnx_node *node, const crease_onnx_value *weight, window *w)
{
    const crease_onnx_value *from = crease_onnx_input(node, 0);
    memset(w, 0, sizeof *w);
    if (from->kind == CREASE_ONNX_INTEGERS || from->rank < 3 || from->count == 0)
        return crease_onnx_fail(node, "input 0 has no dimensions behind the channels");
    w->rank = from->rank - 2;
    for (size_t d = 0; d < w->rank; d++)
        w->in[d] = from->dim[d + 2];
    if (read_kernel(node, weight, w) ||
        read_positive(node, "strides", w->rank, 1, w->rank, w->stride) ||
        read_positive(node, "dilations", w->rank, 1, w->rank, w->dilation) || read_pads(node, w))
        return CREASE_INPUT;
    return count_places(node, w);
}

/* The taps of the window at place p, at most w->kernels, in row-major order; how many. */
static size_t place(const window *w, size_t p, tap *taps)
{
    size_t count = 0, index[CREASE_ONNX_RANK];
    for (size_t d = w->rank; d-- > 0; p /= w->out[d])
        index[d] = p % w->out[d];
    for (size_t k = 0; k < w->kernels; k++) {
        size_t rest = k, at = 0, step = 1;
        bool inside = true;
        for (size_t d = w->rank; d-- > 0; rest /= w->kernel[d]) {
            assert(w->kernel[d] > 0);
            int64_t i = (int64_t)index[d] * w->stride[d] - w->begin[d] +
                        (int64_t)(rest % w->kernel[d]) * w->dilation[d];
            inside = inside && i >= 0 && i < (int64_t)w->in[d];
            at += inside ? (size_t)i * step : 0;
            step *= w->in[d];
        }
        if (inside)
            taps[count++] = (tap){at, k};
    }
    return count;
}

static void output_shape(const crease_onnx_value *from, const window *w, size_t channels,
                         size_t *dim)
{
    dim[0] = from->dim[0];
    dim[1] = channels;
    for (size_t d = 0; d < w->rank; d++)
        dim[d + 2] = w->out[d];
}

/* ---- Conv ---- */

typedef struct {
    const crease_onnx_value *from, *weight, *bias;
    window w;
    size_t channels, per_group,
        out_per_group; /* of the input, of one group of it and of the output */
    mpq_t number;
} convolution;

/* One element: image n, output channel o, and the taps of its place. */
static void convolve(crease_onnx *reader, convolution *c, size_t n, size_t o, const tap *taps,
                     size_t count)
{
    size_t first = o / c->out_per_group * c->per_group;
    for (size_t i = 0; i < c->per_group && !reader->meter.excess; i++)
        for (size_t t = 0; t < count; t++) {
            crease_onnx_get(c->weight, (o * c->per_group + i) * c->w.kernels + taps[t].kernel,
                            c->number);
            if (mpq_sgn(c->number))
                crease_onnx_add(reader, c->from,
                                (n * c->channels + first + i) * c->w.inputs + taps[t].input,
                                (const mpq_t *)&c->number);
        }
    if (c->bias)
        crease_onnx_add(reader, c->bias, o, NULL);
}

static crease_status check_conv(crease_onnx_node *node, convolution *c)
{
    const crease_onnx_value *from = c->from, *weight = c->weight, *bias = c->bias;
    int64_t group = crease_onnx_int(node, "group", 1);
    if (!crease_onnx_constant(weight) || (bias && !crease_onnx_constant(bias)))
        return crease_onnx_fail(node, "the weights depend on the input");
    if (weight->kind == CREASE_ONNX_INTEGERS || weight->rank != from->rank || weight->count == 0 ||
        from->rank < 3)
        return crease_onnx_fail(node, "the weights do not go with the input");
    c->channels = from->dim[1];
    if (group < 1 || group > (int64_t)c->channels || c->channels % (size_t)group ||
        weight->dim[0] % (size_t)group || weight->dim[1] * (size_t)group != c->channels)
        return crease_onnx_fail(node, "%lld groups, %zu channels, weights for %zu and %zu",
                                (long long)group, c->channels, weight->dim[1], weight->dim[0]);
    if (bias &&
        (bias->kind == CREASE_ONNX_INTEGERS || bias->rank != 1 || bias->count != weight->dim[0]))
        return crease_onnx_fail(node, "the bias is not one number for each channel");
    c->per_group = weight->dim[1];
    c->out_per_group = weight->dim[0] / (size_t)group;
    return read_window(node, weight, &c->w);
}

crease_status crease_onnx_conv(crease_onnx_node *node)
{
    size_t dim[CREASE_ONNX_RANK];
    convolution c = {.from = crease_onnx_input(node, 0),
                     .weight = crease_onnx_input(node, 1),
                     .bias = crease_onnx_input(node, 2)};
    crease_onnx_value *to = crease_onnx_output(node, 0);
    if (check_conv(node, &c))
        return CREASE_INPUT;
    size_t filters = c.weight->dim[0];
    output_shape(c.from, &c.w, filters, dim);
    crease_status status =
        crease_onnx_make(node, to, CREASE_ONNX_AFFINE, c.from->type, c.from->rank, dim);
    tap *taps = crease_alloc(c.w.kernels, sizeof *taps);
    mpq_init(c.number);
    for (size_t p = 0; p < c.w.outputs && !status && !node->reader->meter.excess; p++) {
        size_t count = place(&c.w, p, taps);
        crease_affine_copies(&node->reader->meter, c.w.kernels);
        for (size_t k = 0; k < dim[0] * filters; k++) {
            convolve(node->reader, &c, k / filters, k % filters, taps, count);
            crease_onnx_close(node->reader, to, k * c.w.outputs + p);
        }
    }
    mpq_clear(c.number);
    free(taps);
    return status;
}

/* ---- Pools ---- */

crease_status crease_onnx_average_pool(crease_onnx_node *node)
{
    const crease_onnx_value *from = crease_onnx_input(node, 0);
    crease_onnx_value *to = crease_onnx_output(node, 0);
    window w;
    size_t dim[CREASE_ONNX_RANK];
    bool pads = crease_onnx_int(node, "count_include_pad", 0) != 0;
    if (read_window(node, NULL, &w))
        return CREASE_INPUT;
    if (!w.covers && pads)
        return crease_onnx_fail(node, "ceil_mode with count_include_pad and a window that goes "
                                      "beyond the pads, whose size versions do not agree on");
    output_shape(from, &w, from->dim[1], dim);
    crease_status status =
        crease_onnx_make(node, to, CREASE_ONNX_AFFINE, from->type, from->rank, dim);
    tap *taps = crease_alloc(w.kernels, sizeof *taps);
    mpq_t share;
    mpq_init(share);
    for (size_t p = 0; p < w.outputs && !status && !node->reader->meter.excess; p++) {
        size_t count = place(&w, p, taps);
        crease_affine_copies(&node->reader->meter, w.kernels);
        if (count == 0)
            status = crease_onnx_fail(node, "a window with nothing but pads");
        else
            mpq_set_ui(share, 1, pads ? w.kernels : count);
        for (size_t c = 0; c < dim[0] * dim[1] && !status; c++) {
            for (size_t t = 0; t < count; t++)
                crease_onnx_add(node->reader, from, c * w.inputs + taps[t].input,
                                (const mpq_t *)&share);
            crease_onnx_close(node->reader, to, c * w.outputs + p);
        }
    }
    mpq_clear(share);
    free(taps);
    return status;
}

/* Windows that hang over the border have fewer elements: they repeat their first one, which adds
 * no state. */
crease_status crease_onnx_max_pool(crease_onnx_node *node)
{
    const crease_onnx_value *from = crease_onnx_input(node, 0);
    window w;
    size_t dim[CREASE_ONNX_RANK], pieces = 0;
    crease_onnx_int(node, "storage_order", 0); /* of the indices */
    if (read_window(node, NULL, &w))
        return CREASE_INPUT;
    output_shape(from, &w, from->dim[1], dim);
    size_t channels = dim[0] * dim[1], units = crease_onnx_count(from->rank, dim);
    if (w.kernels > CREASE_MAX_RANK || units > CREASE_ONNX_ELEMENTS / CREASE_MAX_RANK)
        return crease_onnx_fail(node, "windows of %zu elements, at most %d are allowed", w.kernels,
                                CREASE_MAX_RANK);
    tap taps[CREASE_MAX_RANK];
    for (size_t p = 0; p < w.outputs; p++) {
        size_t count = place(&w, p, taps);
        pieces = count > pieces ? count : pieces;
        if (count == 0)
            return crease_onnx_fail(node, "a window with nothing but pads");
    }
    crease_affine **row = crease_alloc(units * pieces, sizeof *row);
    for (size_t p = 0; p < w.outputs; p++) {
        size_t count = place(&w, p, taps);
        for (size_t c = 0; c < channels; c++)
            for (size_t k = 0; k < pieces; k++)
                row[(c * w.outputs + p) * pieces + k] = crease_onnx_element(
                    node->reader, from, c * w.inputs + taps[k < count ? k : 0].input);
    }
    return crease_onnx_extreme(node, false, pieces, from->type, from->rank, dim, row);
}
