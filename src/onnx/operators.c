#include "onnx/operators.h"

#include <string.h>

enum { MANY = 1 << 16 };

static const crease_onnx_operator operators[] = {
    {"Abs", crease_onnx_abs, 1, 1, 1, CREASE_ONNX_COMPUTES, 0},
    {"Add", crease_onnx_sum, 2, 2, 1, CREASE_ONNX_COMPUTES, CREASE_ONNX_ENDED},
    {"ArgMax", NULL, 1, 1, 1, CREASE_ONNX_ENDS, 0},
    {"AveragePool", crease_onnx_average_pool, 1, 1, 1, CREASE_ONNX_COMPUTES, 0},
    {"BatchNormalization", crease_onnx_batch_normalization, 5, 5, 1, CREASE_ONNX_COMPUTES, 0},
    {"Cast", crease_onnx_cast, 1, 1, 1, CREASE_ONNX_MOVES, CREASE_ONNX_MASKS},
    {"Ceil", crease_onnx_function, 1, 1, 1, CREASE_ONNX_COMPUTES, 0},
    {"Clip", crease_onnx_clip, 1, 3, 1, CREASE_ONNX_ACCEPTS, 0},
    {"Concat", crease_onnx_concat, 1, MANY, 1, CREASE_ONNX_COMPUTES, CREASE_ONNX_ENDED},
    {"Constant", crease_onnx_constant_of, 0, 0, 1, CREASE_ONNX_ACCEPTS, 0},
    {"ConstantOfShape", crease_onnx_constant_of_shape, 1, 1, 1, CREASE_ONNX_ACCEPTS, 0},
    {"Conv", crease_onnx_conv, 2, 3, 1, CREASE_ONNX_COMPUTES, 0},
    {"ConvTranspose", crease_onnx_conv_transpose, 2, 3, 1, CREASE_ONNX_COMPUTES, 0},
    {"Cos", crease_onnx_function, 1, 1, 1, CREASE_ONNX_COMPUTES, 0},
    {"DepthToSpace", crease_onnx_depth_to_space, 1, 1, 1, CREASE_ONNX_ACCEPTS, 0},
    {"DequantizeLinear", crease_onnx_dequantize, 2, 3, 1, CREASE_ONNX_COMPUTES, 0},
    {"Div", crease_onnx_div, 2, 2, 1, CREASE_ONNX_COMPUTES, CREASE_ONNX_ENDED},
    {"Dropout", crease_onnx_dropout, 1, 3, 1, CREASE_ONNX_MOVES, CREASE_ONNX_MASKS},
    {"Einsum", crease_onnx_einsum, 1, 2, 1, CREASE_ONNX_COMPUTES, 0},
    {"Equal", crease_onnx_equal, 2, 2, 1, CREASE_ONNX_COMPUTES, 0},
    {"Erf", crease_onnx_function, 1, 1, 1, CREASE_ONNX_COMPUTES, CREASE_ONNX_ENDED},
    {"Exp", crease_onnx_function, 1, 1, 1, CREASE_ONNX_COMPUTES, CREASE_ONNX_ENDED},
    {"Expand", crease_onnx_expand, 2, 2, 1, CREASE_ONNX_MOVES, 0},
    {"Flatten", crease_onnx_flatten, 1, 1, 1, CREASE_ONNX_MOVES, CREASE_ONNX_MASKS},
    {"Floor", crease_onnx_function, 1, 1, 1, CREASE_ONNX_COMPUTES, 0},
    {"Gather", crease_onnx_gather, 2, 2, 1, CREASE_ONNX_ACCEPTS, CREASE_ONNX_ENDED},
    {"GatherElements", crease_onnx_gather_elements, 2, 2, 1, CREASE_ONNX_ACCEPTS,
     CREASE_ONNX_ENDED},
    {"GatherND", crease_onnx_gather_nd, 2, 2, 1, CREASE_ONNX_ACCEPTS, CREASE_ONNX_ENDED},
    {"Gemm", crease_onnx_gemm, 2, 3, 1, CREASE_ONNX_COMPUTES, 0},
    {"GlobalAveragePool", crease_onnx_global_average_pool, 1, 1, 1, CREASE_ONNX_COMPUTES, 0},
    {"GlobalMaxPool", crease_onnx_global_max_pool, 1, 1, 1, CREASE_ONNX_COMPUTES, 0},
    {"Greater", crease_onnx_greater, 2, 2, 1, CREASE_ONNX_COMPUTES, 0},
    {"GreaterOrEqual", crease_onnx_greater_equal, 2, 2, 1, CREASE_ONNX_COMPUTES, 0},
    {"HardSigmoid", crease_onnx_hard_sigmoid, 1, 1, 1, CREASE_ONNX_COMPUTES, 0},
    {"Identity", crease_onnx_identity, 1, 1, 1, CREASE_ONNX_MOVES, CREASE_ONNX_MASKS},
    {"LeakyRelu", crease_onnx_leaky_relu, 1, 1, 1, CREASE_ONNX_COMPUTES, 0},
    {"Less", crease_onnx_less, 2, 2, 1, CREASE_ONNX_COMPUTES, 0},
    {"LessOrEqual", crease_onnx_less_equal, 2, 2, 1, CREASE_ONNX_COMPUTES, 0},
    {"Log", crease_onnx_function, 1, 1, 1, CREASE_ONNX_COMPUTES, CREASE_ONNX_ENDED},
    {"LogSoftmax", NULL, 1, 1, 1, CREASE_ONNX_ENDS, 0},
    {"MatMul", crease_onnx_matmul, 2, 2, 1, CREASE_ONNX_COMPUTES, 0},
    {"Max", crease_onnx_max, 1, MANY, 1, CREASE_ONNX_COMPUTES, 0},
    {"MaxPool", crease_onnx_max_pool, 1, 1, 1, CREASE_ONNX_COMPUTES, 0},
    {"Min", crease_onnx_min, 1, MANY, 1, CREASE_ONNX_COMPUTES, 0},
    {"Mul", crease_onnx_mul, 2, 2, 1, CREASE_ONNX_COMPUTES, CREASE_ONNX_MASKS | CREASE_ONNX_ENDED},
    {"Neg", crease_onnx_neg, 1, 1, 1, CREASE_ONNX_COMPUTES, CREASE_ONNX_ENDED},
    {"Not", crease_onnx_not, 1, 1, 1, CREASE_ONNX_COMPUTES, CREASE_ONNX_MASKS},
    {"PRelu", crease_onnx_prelu, 2, 2, 1, CREASE_ONNX_COMPUTES, 0},
    {"Pad", crease_onnx_pad, 1, 4, 1, CREASE_ONNX_ACCEPTS, 0},
    {"Pow", crease_onnx_pow, 2, 2, 1, CREASE_ONNX_COMPUTES, CREASE_ONNX_MIXED | CREASE_ONNX_ENDED},
    {"Reciprocal", crease_onnx_function, 1, 1, 1, CREASE_ONNX_COMPUTES, CREASE_ONNX_ENDED},
    {"ReduceL1", crease_onnx_reduce_l1, 1, 2, 1, CREASE_ONNX_COMPUTES, 0},
    {"ReduceMax", crease_onnx_reduce_max, 1, 2, 1, CREASE_ONNX_COMPUTES, 0},
    {"ReduceMean", crease_onnx_reduce_mean, 1, 2, 1, CREASE_ONNX_COMPUTES, 0},
    {"ReduceMin", crease_onnx_reduce_min, 1, 2, 1, CREASE_ONNX_COMPUTES, 0},
    {"ReduceSum", crease_onnx_reduce_sum, 1, 2, 1, CREASE_ONNX_COMPUTES, 0},
    {"Relu", crease_onnx_relu, 1, 1, 1, CREASE_ONNX_COMPUTES, 0},
    {"Reshape", crease_onnx_reshape, 2, 2, 1, CREASE_ONNX_MOVES, CREASE_ONNX_MASKS},
    {"Resize", crease_onnx_resize, 1, 4, 1, CREASE_ONNX_ACCEPTS, CREASE_ONNX_MIXED},
    {"Round", crease_onnx_function, 1, 1, 1, CREASE_ONNX_COMPUTES, 0},
    {"ScatterND", crease_onnx_scatter_nd, 3, 3, 1, CREASE_ONNX_COMPUTES, 0},
    {"Shape", crease_onnx_shape, 1, 1, 1, CREASE_ONNX_ACCEPTS, 0},
    {"Sigmoid", NULL, 1, 1, 1, CREASE_ONNX_ENDS, CREASE_ONNX_EXACT},
    {"Sign", crease_onnx_function, 1, 1, 1, CREASE_ONNX_COMPUTES, 0},
    {"Sin", crease_onnx_function, 1, 1, 1, CREASE_ONNX_COMPUTES, 0},
    {"Slice", crease_onnx_slice, 1, 5, 1, CREASE_ONNX_ACCEPTS, CREASE_ONNX_ENDED},
    {"Softmax", NULL, 1, 1, 1, CREASE_ONNX_ENDS, 0},
    {"SpaceToDepth", crease_onnx_space_to_depth, 1, 1, 1, CREASE_ONNX_ACCEPTS, 0},
    {"Split", crease_onnx_split, 1, 2, MANY, CREASE_ONNX_ACCEPTS, CREASE_ONNX_ENDED},
    {"Sqrt", crease_onnx_function, 1, 1, 1, CREASE_ONNX_COMPUTES, CREASE_ONNX_ENDED},
    {"Squeeze", crease_onnx_squeeze, 1, 2, 1, CREASE_ONNX_MOVES, CREASE_ONNX_MASKS},
    {"Sub", crease_onnx_sub, 2, 2, 1, CREASE_ONNX_COMPUTES, CREASE_ONNX_MASKS | CREASE_ONNX_ENDED},
    {"Sum", crease_onnx_sum, 1, MANY, 1, CREASE_ONNX_COMPUTES, 0},
    {"Tanh", NULL, 1, 1, 1, CREASE_ONNX_ENDS, CREASE_ONNX_EXACT},
    {"ThresholdedRelu", crease_onnx_thresholded_relu, 1, 1, 1, CREASE_ONNX_COMPUTES, 0},
    {"Tile", crease_onnx_tile, 2, 2, 1, CREASE_ONNX_ACCEPTS, CREASE_ONNX_ENDED},
    {"TopK", crease_onnx_top_k, 1, 2, 1, CREASE_ONNX_COMPUTES, 0},
    {"Transpose", crease_onnx_transpose, 1, 1, 1, CREASE_ONNX_MOVES, 0},
    {"Unsqueeze", crease_onnx_unsqueeze, 1, 2, 1, CREASE_ONNX_MOVES, CREASE_ONNX_MASKS},
    {"Upsample", crease_onnx_resize, 1, 2, 1, CREASE_ONNX_ACCEPTS, CREASE_ONNX_MIXED},
    {"Where", crease_onnx_where, 3, 3, 1, CREASE_ONNX_COMPUTES, CREASE_ONNX_MASKS},
};

/* Of the domain ai.onnx.ml. */
static const crease_onnx_operator learning_operators[] = {
    {"ArrayFeatureExtractor", NULL, 2, 2, 1, CREASE_ONNX_FOLLOWS, 0},
    {"LabelEncoder", NULL, 1, 1, 1, CREASE_ONNX_FOLLOWS, 0},
    {"LinearRegressor", crease_onnx_linear_regressor, 1, 1, 1, CREASE_ONNX_COMPUTES, 0},
    {"Normalizer", NULL, 1, 1, 1, CREASE_ONNX_FOLLOWS, 0},
    {"Scaler", crease_onnx_scaler, 1, 1, 1, CREASE_ONNX_COMPUTES, 0},
    {"ZipMap", NULL, 1, 1, 1, CREASE_ONNX_FOLLOWS, 0},
};

static const crease_onnx_operator *find(const crease_onnx_operator *table, size_t count,
                                        const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (!strcmp(name, table[i].name))
            return &table[i];
    return NULL;
}

const crease_onnx_operator *crease_onnx_find(const char *name, bool learning)
{
    return learning ? find(learning_operators,
                           sizeof learning_operators / sizeof *learning_operators, name)
                    : find(operators, sizeof operators / sizeof *operators, name);
}
