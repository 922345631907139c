#include "onnx/operators.h"

#include <string.h>

enum { MANY = 1 << 16 };

static const crease_onnx_operator operators[] = {
    {"Abs", crease_onnx_abs, 1, 1, 1, CREASE_ONNX_COMPUTES},
    {"Add", crease_onnx_sum, 2, 2, 1, CREASE_ONNX_COMPUTES},
    {"ArgMax", NULL, 1, 1, 1, CREASE_ONNX_ENDS},
    {"AveragePool", crease_onnx_average_pool, 1, 1, 1, CREASE_ONNX_COMPUTES},
    {"BatchNormalization", crease_onnx_batch_normalization, 5, 5, 1, CREASE_ONNX_COMPUTES},
    {"Cast", crease_onnx_cast, 1, 1, 1, CREASE_ONNX_MOVES},
    {"Clip", crease_onnx_clip, 1, 3, 1, CREASE_ONNX_ACCEPTS},
    {"Concat", crease_onnx_concat, 1, MANY, 1, CREASE_ONNX_COMPUTES},
    {"Constant", crease_onnx_constant_of, 0, 0, 1, CREASE_ONNX_ACCEPTS},
    {"ConstantOfShape", crease_onnx_constant_of_shape, 1, 1, 1, CREASE_ONNX_ACCEPTS},
    {"Conv", crease_onnx_conv, 2, 3, 1, CREASE_ONNX_COMPUTES},
    {"Div", crease_onnx_div, 2, 2, 1, CREASE_ONNX_COMPUTES},
    {"Dropout", crease_onnx_dropout, 1, 3, 1, CREASE_ONNX_MOVES},
    {"Expand", crease_onnx_expand, 2, 2, 1, CREASE_ONNX_MOVES},
    {"Flatten", crease_onnx_flatten, 1, 1, 1, CREASE_ONNX_MOVES},
    {"Gather", crease_onnx_gather, 2, 2, 1, CREASE_ONNX_ACCEPTS},
    {"Gemm", crease_onnx_gemm, 2, 3, 1, CREASE_ONNX_COMPUTES},
    {"GlobalAveragePool", crease_onnx_global_average_pool, 1, 1, 1, CREASE_ONNX_COMPUTES},
    {"GlobalMaxPool", crease_onnx_global_max_pool, 1, 1, 1, CREASE_ONNX_COMPUTES},
    {"HardSigmoid", crease_onnx_hard_sigmoid, 1, 1, 1, CREASE_ONNX_COMPUTES},
    {"Identity", crease_onnx_identity, 1, 1, 1, CREASE_ONNX_MOVES},
    {"LeakyRelu", crease_onnx_leaky_relu, 1, 1, 1, CREASE_ONNX_COMPUTES},
    {"LogSoftmax", NULL, 1, 1, 1, CREASE_ONNX_ENDS},
    {"MatMul", crease_onnx_matmul, 2, 2, 1, CREASE_ONNX_COMPUTES},
    {"Max", crease_onnx_max, 1, MANY, 1, CREASE_ONNX_COMPUTES},
    {"MaxPool", crease_onnx_max_pool, 1, 1, 1, CREASE_ONNX_COMPUTES},
    {"Min", crease_onnx_min, 1, MANY, 1, CREASE_ONNX_COMPUTES},
    {"Mul", crease_onnx_mul, 2, 2, 1, CREASE_ONNX_COMPUTES},
    {"Neg", crease_onnx_neg, 1, 1, 1, CREASE_ONNX_COMPUTES},
    {"PRelu", crease_onnx_prelu, 2, 2, 1, CREASE_ONNX_COMPUTES},
    {"Pad", crease_onnx_pad, 1, 4, 1, CREASE_ONNX_ACCEPTS},
    {"ReduceMax", crease_onnx_reduce_max, 1, 2, 1, CREASE_ONNX_COMPUTES},
    {"ReduceMean", crease_onnx_reduce_mean, 1, 2, 1, CREASE_ONNX_COMPUTES},
    {"ReduceMin", crease_onnx_reduce_min, 1, 2, 1, CREASE_ONNX_COMPUTES},
    {"ReduceSum", crease_onnx_reduce_sum, 1, 2, 1, CREASE_ONNX_COMPUTES},
    {"Relu", crease_onnx_relu, 1, 1, 1, CREASE_ONNX_COMPUTES},
    {"Reshape", crease_onnx_reshape, 2, 2, 1, CREASE_ONNX_MOVES},
    {"Shape", crease_onnx_shape, 1, 1, 1, CREASE_ONNX_ACCEPTS},
    {"Sigmoid", NULL, 1, 1, 1, CREASE_ONNX_ENDS},
    {"Slice", crease_onnx_slice, 1, 5, 1, CREASE_ONNX_ACCEPTS},
    {"Softmax", NULL, 1, 1, 1, CREASE_ONNX_ENDS},
    {"Split", crease_onnx_split, 1, 2, MANY, CREASE_ONNX_ACCEPTS},
    {"Squeeze", crease_onnx_squeeze, 1, 2, 1, CREASE_ONNX_MOVES},
    {"Sub", crease_onnx_sub, 2, 2, 1, CREASE_ONNX_COMPUTES},
    {"Sum", crease_onnx_sum, 1, MANY, 1, CREASE_ONNX_COMPUTES},
    {"Tanh", NULL, 1, 1, 1, CREASE_ONNX_ENDS},
    {"Transpose", crease_onnx_transpose, 1, 1, 1, CREASE_ONNX_MOVES},
    {"Unsqueeze", crease_onnx_unsqueeze, 1, 2, 1, CREASE_ONNX_MOVES},
};

const crease_onnx_operator *crease_onnx_find(const char *name)
{
    for (size_t i = 0; i < sizeof operators / sizeof *operators; i++)
        if (!strcmp(name, operators[i].name))
            return &operators[i];
    return NULL;
}
