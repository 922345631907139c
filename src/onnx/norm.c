#include "onnx/operators.h"

#include <float.h>
#include <math.h>

/* 1 / sqrt(variance + epsilon), every step rounded to nearest in the tensor's format; epsilon
 * is binary32 in the file. False if that is no positive finite number, or the variance none of the
 * format. */
static bool inverse_deviation(const mpq_t variance, float epsilon, bool single, mpq_t out)
{
    mpq_t back;
    double value = mpq_get_d(variance), inverse;
    if (!isfinite(value) || (single && fabs(value) > (double)FLT_MAX))
        return false;
    mpq_init(back);
    mpq_set_d(back, single ? (double)(float)value : value);
    bool exact = mpq_equal(back, variance);
    mpq_clear(back);
    if (single) {
        float sum = (float)value + epsilon, root = sqrtf(sum);
        inverse = (double)(1.0f / root);
    } else {
        double sum = value + (double)epsilon, root = sqrt(sum);
        inverse = 1.0 / root;
    }
    if (!exact || !isfinite(inverse) || inverse <= 0)
        return false;
    mpq_set_d(out, inverse);
    return true;
}

/* factor = scale / deviation, shift = bias - mean factor, of one channel. */
static crease_status channel(crease_onnx_node *node, size_t c, float epsilon, bool single,
                             mpq_t factor, mpq_t shift)
{
    mpq_t number;
    mpq_init(number);
    crease_onnx_get(crease_onnx_input(node, 4), c, number);
    bool good = inverse_deviation(number, epsilon, single, factor);
    if (good) {
        crease_onnx_get(crease_onnx_input(node, 1), c, number);
        mpq_mul(factor, factor, number);
        crease_onnx_get(crease_onnx_input(node, 3), c, number);
        mpq_mul(number, number, factor);
        crease_onnx_get(crease_onnx_input(node, 2), c, shift);
        mpq_sub(shift, shift, number);
    }
    mpq_clear(number);
    return good ? CREASE_OK
                : crease_onnx_fail(node, "channel %zu: no square root of variance + epsilon", c);
}

static crease_status check(crease_onnx_node *node, size_t channels)
{
    const crease_onnx_value *from = crease_onnx_input(node, 0);
    for (size_t i = 1; i < 5; i++) {
        const crease_onnx_value *value = crease_onnx_input(node, i);
        if (value->kind == CREASE_ONNX_INTEGERS || value->rank != 1 || value->count != channels ||
            !crease_onnx_constant(value))
            return crease_onnx_fail(node, "input %zu is not one constant for each of %zu channels",
                                    i, channels);
    }
    if (from->type != ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT &&
        from->type != ONNX__TENSOR_PROTO__DATA_TYPE__DOUBLE)
        return crease_onnx_fail(node, "only in 32 or 64 bits");
    if (crease_onnx_int(node, "training_mode", 0) != 0)
        return crease_onnx_fail(node, "in training mode");
    if (node->reader->opset < 7 && crease_onnx_int(node, "is_test", 0) == 0)
        return crease_onnx_fail(node, "in training mode (is_test is 0)");
    if (crease_onnx_int(node, "spatial", 1) != 1)
        return crease_onnx_fail(node, "spatial is not 1");
    crease_onnx_float(node, "momentum", 0);
    return CREASE_OK;
}

crease_status crease_onnx_batch_normalization(crease_onnx_node *node)
{
    const crease_onnx_value *from = crease_onnx_input(node, 0);
    crease_onnx_value *to = crease_onnx_output(node, 0);
    if (from->kind == CREASE_ONNX_INTEGERS || from->rank == 0)
        return crease_onnx_fail(node, "input 0 has no channels");
    size_t channels = from->rank > 1 ? from->dim[1] : 1;
    float epsilon = (float)crease_onnx_float(node, "epsilon", (double)1e-5f);
    bool single = from->type == ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT;
    if (check(node, channels))
        return CREASE_INPUT;
    crease_status status =
        crease_onnx_make(node, to, CREASE_ONNX_AFFINE, from->type, from->rank, from->dim);
    size_t outer = from->rank > 1 ? from->dim[0] : from->count;
    size_t inner = status ? 1 : from->count / (outer * channels);
    mpq_t factor, shift;
    mpq_inits(factor, shift, NULL);
    for (size_t c = 0; c < channels && !status; c++) {
        status = channel(node, c, epsilon, single, factor, shift);
        for (size_t k = 0; k < outer * inner && !status; k++) {
            size_t i = (k / inner * channels + c) * inner + k % inner;
            crease_onnx_add(node->reader, from, i, (const mpq_t *)&factor);
            crease_affine_add_constant(node->reader->sum, shift, NULL);
            crease_onnx_close(node->reader, to, i);
        }
    }
    mpq_clears(factor, shift, NULL);
    return status;
}
