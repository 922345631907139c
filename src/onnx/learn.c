#include "onnx/operators.h"

#include <assert.h>

/* Operators of the domain ai.onnx.ml that are affine. */

/* Numbers of an attribute, one for each of count or one for all; NULL if there are none. */
static const float *read_floats(crease_onnx_node *node, const char *name, size_t count, bool *one)
{
    const Onnx__AttributeProto *a =
        crease_onnx_typed(node, name, ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__FLOATS);
    *one = a && a->n_floats == 1;
    if (!a || a->n_floats == 0)
        return NULL;
    if (a->n_floats != count && !*one)
        crease_onnx_fail(node, "%s: %zu numbers for %zu features", name, a->n_floats, count);
    for (size_t i = 0; i < a->n_floats; i++)
        if (!(a->floats[i] - a->floats[i] == 0))
            crease_onnx_fail(node, "%s: number %zu is not finite", name, i);
    return a->floats;
}

/* (x - offset) scale, feature by feature. */
crease_status crease_onnx_scaler(crease_onnx_node *node)
{
    const crease_onnx_value *from = crease_onnx_input(node, 0);
    crease_onnx_value *to = crease_onnx_output(node, 0);
    bool one_offset, one_scale;
    if (from->kind == CREASE_ONNX_INTEGERS || from->rank == 0 || from->count == 0)
        return crease_onnx_fail(node, "input 0 is no tensor of numbers");
    size_t features = from->dim[from->rank - 1];
    const float *offset = read_floats(node, "offset", features, &one_offset);
    const float *scale = read_floats(node, "scale", features, &one_scale);
    if (node->status)
        return node->status;
    crease_status status = crease_onnx_make(
        node, to, CREASE_ONNX_AFFINE, ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT, from->rank, from->dim);
    mpq_t factor, shift;
    mpq_inits(factor, shift, NULL);
    for (size_t i = 0; !status && i < to->count; i++) {
        size_t k = i % features;
        mpq_set_d(factor, scale ? (double)scale[one_scale ? 0 : k] : 1);
        mpq_set_d(shift, offset ? -(double)offset[one_offset ? 0 : k] : 0);
        crease_onnx_add(node->reader, from, i, (const mpq_t *)&factor);
        crease_affine_add_constant(node->reader->sum, shift, (const mpq_t *)&factor);
        crease_onnx_close(node->reader, to, i);
    }
    mpq_clears(factor, shift, NULL);
    return status;
}

crease_status crease_onnx_linear_regressor(crease_onnx_node *node)
{
    const crease_onnx_value *from = crease_onnx_input(node, 0);
    crease_onnx_value *to = crease_onnx_output(node, 0);
    int64_t targets = crease_onnx_int(node, "targets", 1);
    bool one;
    if (!crease_onnx_word(node, "post_transform", "NONE", "NONE"))
        return crease_onnx_fail(node, "with a post_transform");
    if (from->kind == CREASE_ONNX_INTEGERS || from->rank != 2 || from->count == 0 || targets < 1 ||
        targets > CREASE_ONNX_ELEMENTS)
        return crease_onnx_fail(node, "input 0 is no matrix of numbers");
    size_t features = from->dim[1], dim[2] = {from->dim[0], (size_t)targets};
    const float *weight = read_floats(node, "coefficients", features * dim[1], &one);
    one = one && features * dim[1] > 1;
    bool one_shift;
    const float *shift = read_floats(node, "intercepts", dim[1], &one_shift);
    if (!node->status && (!weight || one || (one_shift && dim[1] > 1)))
        crease_onnx_fail(node, "coefficients and intercepts do not go with %zu features", features);
    if (node->status)
        return node->status;
    assert(weight);
    crease_status status = crease_onnx_make(node, to, CREASE_ONNX_AFFINE,
                                            ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT, 2, dim);
    mpq_t number;
    mpq_init(number);
    for (size_t i = 0; !status && i < to->count; i++) {
        for (size_t k = 0; k < features; k++) {
            mpq_set_d(number, (double)weight[i % dim[1] * features + k]);
            crease_onnx_add(node->reader, from, i / dim[1] * features + k, (const mpq_t *)&number);
        }
        mpq_set_d(number, shift ? (double)shift[i % dim[1]] : 0);
        crease_affine_add_constant(node->reader->sum, number, NULL);
        crease_onnx_close(node->reader, to, i);
    }
    mpq_clear(number);
    return status;
}
