#include "onnx/operators.h"

#include <math.h>
#include <string.h>

/* Begin and end of every dimension. */
static crease_status read_pads(crease_onnx_node *node, int64_t *begin, int64_t *end)
{
    const crease_onnx_value *from = crease_onnx_input(node, 0);
    size_t pads, axes = 0;
    bool mark[CREASE_ONNX_RANK];
    const int64_t *pad = crease_onnx_list(node, "pads", 11, 1, &pads);
    const int64_t *axis = node->reader->opset >= 18 ? crease_onnx_integers(node, 3, &axes) : NULL;
    if (node->status || (axis && crease_onnx_axes(node, axis, axes, from->rank, mark)))
        return CREASE_INPUT;
    axes = axis ? axes : from->rank;
    if (!pad || pads != 2 * axes)
        return crease_onnx_fail(node, "%zu pads for %zu dimensions", pads, axes);
    memset(begin, 0, CREASE_ONNX_RANK * sizeof *begin);
    memset(end, 0, CREASE_ONNX_RANK * sizeof *end);
    for (size_t k = 0; k < axes; k++) {
        size_t d = axis ? (size_t)(axis[k] + (axis[k] < 0 ? (int64_t)from->rank : 0)) : k;
        begin[d] = pad[k];
        end[d] = pad[axes + k];
        int64_t size = (int64_t)from->dim[d];
        if (begin[d] < -size || end[d] < -size || begin[d] > CREASE_ONNX_ELEMENTS ||
            end[d] > CREASE_ONNX_ELEMENTS || begin[d] + end[d] < -size)
            return crease_onnx_fail(node, "pads of %lld and %lld in dimension %zu",
                                    (long long)begin[d], (long long)end[d], d);
    }
    return CREASE_OK;
}

/* The number that stands in the pads. */
static crease_status read_fill(crease_onnx_node *node, crease_onnx_value *fill)
{
    const crease_onnx_value *from = crease_onnx_input(node, 0), *given = NULL;
    const size_t one = 1;
    if (from->kind == CREASE_ONNX_INTEGERS)
        return crease_onnx_fail(node, "of integers");
    crease_status status = crease_onnx_make(node, fill, CREASE_ONNX_NUMBERS, from->type, 1, &one);
    if (status)
        return status;
    if (node->reader->opset < 11)
        fill->number[0] = crease_onnx_float(node, "value", 0);
    else if ((given = crease_onnx_input(node, 2)) &&
             (given->kind != CREASE_ONNX_NUMBERS || given->count != 1))
        return crease_onnx_fail(node, "the value is not one number of the file");
    else if (given)
        fill->number[0] = given->number[0];
    if (!isfinite(fill->number[0]))
        return crease_onnx_fail(node, "the value is not finite");
    return CREASE_OK;
}

typedef enum { FILL, EDGE, REFLECT, WRAP } mode;

/* Which of size elements stands at a place before the first or behind the last; -1 for none. */
static int64_t beyond(mode what, int64_t own, int64_t size)
{
    switch (what) {
    case EDGE: return own < 0 ? 0 : size - 1;
    case REFLECT: return own < 0 ? -own : 2 * (size - 1) - own;
    case WRAP: return own < 0 ? own + size : own - size;
    default: return -1;
    }
}

/* Which element stands at place i of the padded shape; SIZE_MAX for a pad. */
static size_t padded(const crease_onnx_value *from, mode what, const size_t *dim,
                     const int64_t *begin, size_t i)
{
    size_t at = 0, step = 1;
    for (size_t d = from->rank; d-- > 0; i /= dim[d]) {
        int64_t own = (int64_t)(i % dim[d]) - begin[d];
        if (own < 0 || own >= (int64_t)from->dim[d])
            own = beyond(what, own, (int64_t)from->dim[d]);
        if (own < 0)
            return SIZE_MAX;
        at += (size_t)own * step;
        step *= from->dim[d];
    }
    return at;
}

/* Cropping and repeating elements in one: implementations differ; and every pad repeats an element
 * of the input itself. */
static crease_status check_mode(crease_onnx_node *node, mode what, const int64_t *begin,
                                const int64_t *end)
{
    const crease_onnx_value *from = crease_onnx_input(node, 0);
    for (size_t d = 0; d < from->rank && what != FILL; d++) {
        int64_t most =
            what == EDGE ? CREASE_ONNX_ELEMENTS : (int64_t)from->dim[d] - (what == REFLECT ? 1 : 0);
        if (begin[d] < 0 || end[d] < 0 || begin[d] > most || end[d] > most || from->dim[d] == 0)
            return crease_onnx_fail(node, "pads of %lld and %lld in dimension %zu, of size %zu",
                                    (long long)begin[d], (long long)end[d], d, from->dim[d]);
    }
    return CREASE_OK;
}

crease_status crease_onnx_pad(crease_onnx_node *node)
{
    static const char *const names[] = {"constant", "edge", "reflect", "wrap"};
    mode what = FILL;
    const crease_onnx_value *from = crease_onnx_input(node, 0);
    crease_onnx_value *to = crease_onnx_output(node, 0), fill = {0};
    int64_t begin[CREASE_ONNX_RANK], end[CREASE_ONNX_RANK];
    size_t dim[CREASE_ONNX_RANK];
    while (what <= WRAP && !crease_onnx_word(node, "mode", "constant", names[what]))
        what++;
    if (what > WRAP)
        return crease_onnx_fail(node, "mode is not known");
    crease_status status = read_pads(node, begin, end);
    status = status ? status : check_mode(node, what, begin, end);
    status = status ? status : read_fill(node, &fill);
    for (size_t d = 0; d < from->rank && !status; d++)
        dim[d] = (size_t)((int64_t)from->dim[d] + begin[d] + end[d]);
    status = status ? status : crease_onnx_make(node, to, from->kind, from->type, from->rank, dim);
    crease_affine *rest =
        status || !to->affine ? NULL : crease_onnx_element(node->reader, &fill, 0);
    for (size_t i = 0; !status && i < to->count; i++) {
        size_t at = padded(from, what, dim, begin, i);
        if (at == SIZE_MAX && rest)
            to->affine[i] = crease_affine_retain(rest);
        else
            crease_onnx_copy(node->reader, to, i, at == SIZE_MAX ? &fill : from,
                             at == SIZE_MAX ? 0 : at);
    }
    crease_affine_release(&node->reader->meter, rest);
    crease_onnx_drop(node->reader, &fill);
    return status;
}
