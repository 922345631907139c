/* The operators of ONNX that are read, one function each, by file.  Each evaluates its node, whose
 * inputs are known: it makes the outputs, or asks for units. */
#ifndef CREASE_ONNX_OPERATORS_H
#define CREASE_ONNX_OPERATORS_H

#include "onnx/onnx.h"

/* shape.c */
crease_status crease_onnx_identity(crease_onnx_node *node);
crease_status crease_onnx_dropout(crease_onnx_node *node);
crease_status crease_onnx_cast(crease_onnx_node *node);
crease_status crease_onnx_constant_of(crease_onnx_node *node);
crease_status crease_onnx_constant_of_shape(crease_onnx_node *node);
crease_status crease_onnx_shape(crease_onnx_node *node);
crease_status crease_onnx_reshape(crease_onnx_node *node);
crease_status crease_onnx_flatten(crease_onnx_node *node);
crease_status crease_onnx_squeeze(crease_onnx_node *node);
crease_status crease_onnx_unsqueeze(crease_onnx_node *node);

/* move.c */
crease_status crease_onnx_transpose(crease_onnx_node *node);
crease_status crease_onnx_expand(crease_onnx_node *node);
crease_status crease_onnx_slice(crease_onnx_node *node);
crease_status crease_onnx_concat(crease_onnx_node *node);
crease_status crease_onnx_split(crease_onnx_node *node);
crease_status crease_onnx_gather(crease_onnx_node *node);
crease_status crease_onnx_pad(crease_onnx_node *node);

/* math.c */
crease_status crease_onnx_sum(crease_onnx_node *node); /* Add too */
crease_status crease_onnx_sub(crease_onnx_node *node);
crease_status crease_onnx_mul(crease_onnx_node *node);
crease_status crease_onnx_div(crease_onnx_node *node);
crease_status crease_onnx_neg(crease_onnx_node *node);
crease_status crease_onnx_matmul(crease_onnx_node *node);
crease_status crease_onnx_gemm(crease_onnx_node *node);

/* norm.c */
crease_status crease_onnx_batch_normalization(crease_onnx_node *node);

/* window.c */
crease_status crease_onnx_conv(crease_onnx_node *node);
crease_status crease_onnx_average_pool(crease_onnx_node *node);
crease_status crease_onnx_max_pool(crease_onnx_node *node);

/* reduce.c */
crease_status crease_onnx_reduce_sum(crease_onnx_node *node);
crease_status crease_onnx_reduce_mean(crease_onnx_node *node);
crease_status crease_onnx_reduce_max(crease_onnx_node *node);
crease_status crease_onnx_reduce_min(crease_onnx_node *node);
crease_status crease_onnx_global_average_pool(crease_onnx_node *node);
crease_status crease_onnx_global_max_pool(crease_onnx_node *node);

/* switch.c */
crease_status crease_onnx_relu(crease_onnx_node *node);
crease_status crease_onnx_leaky_relu(crease_onnx_node *node);
crease_status crease_onnx_prelu(crease_onnx_node *node);
crease_status crease_onnx_abs(crease_onnx_node *node);
crease_status crease_onnx_clip(crease_onnx_node *node);
crease_status crease_onnx_hard_sigmoid(crease_onnx_node *node);
crease_status crease_onnx_max(crease_onnx_node *node);
crease_status crease_onnx_min(crease_onnx_node *node);

#endif
