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

/* pad.c */
crease_status crease_onnx_pad(crease_onnx_node *node);

/* pick.c */
crease_status crease_onnx_tile(crease_onnx_node *node);
crease_status crease_onnx_depth_to_space(crease_onnx_node *node);
crease_status crease_onnx_space_to_depth(crease_onnx_node *node);
crease_status crease_onnx_gather_elements(crease_onnx_node *node);
crease_status crease_onnx_gather_nd(crease_onnx_node *node);
crease_status crease_onnx_scatter_nd(crease_onnx_node *node);

/* resize.c */
crease_status crease_onnx_resize(crease_onnx_node *node); /* Upsample too */

/* math.c */
crease_status crease_onnx_sum(crease_onnx_node *node); /* Add too */
crease_status crease_onnx_sub(crease_onnx_node *node);
crease_status crease_onnx_mul(crease_onnx_node *node);
crease_status crease_onnx_div(crease_onnx_node *node);
crease_status crease_onnx_neg(crease_onnx_node *node);
crease_status crease_onnx_matmul(crease_onnx_node *node);
crease_status crease_onnx_gemm(crease_onnx_node *node);

/* einsum.c */
crease_status crease_onnx_einsum(crease_onnx_node *node);

/* rounded.c */
crease_status crease_onnx_function(crease_onnx_node *node); /* of one number: Exp, Sqrt, ... */
crease_status crease_onnx_pow(crease_onnx_node *node);
crease_status crease_onnx_dequantize(crease_onnx_node *node);

/* learn.c */
crease_status crease_onnx_scaler(crease_onnx_node *node);
crease_status crease_onnx_linear_regressor(crease_onnx_node *node);

/* norm.c */
crease_status crease_onnx_batch_normalization(crease_onnx_node *node);

/* window.c */
crease_status crease_onnx_conv(crease_onnx_node *node);
crease_status crease_onnx_average_pool(crease_onnx_node *node);
crease_status crease_onnx_max_pool(crease_onnx_node *node);

/* transposed.c */
crease_status crease_onnx_conv_transpose(crease_onnx_node *node);

/* topk.c */
crease_status crease_onnx_top_k(crease_onnx_node *node);

/* reduce.c */
crease_status crease_onnx_reduce_l1(crease_onnx_node *node);
crease_status crease_onnx_reduce_sum(crease_onnx_node *node);
crease_status crease_onnx_reduce_mean(crease_onnx_node *node);
crease_status crease_onnx_reduce_max(crease_onnx_node *node);
crease_status crease_onnx_reduce_min(crease_onnx_node *node);
crease_status crease_onnx_global_average_pool(crease_onnx_node *node);
crease_status crease_onnx_global_max_pool(crease_onnx_node *node);

/* mask.c */
crease_status crease_onnx_equal(crease_onnx_node *node);
crease_status crease_onnx_less(crease_onnx_node *node);
crease_status crease_onnx_less_equal(crease_onnx_node *node);
crease_status crease_onnx_greater(crease_onnx_node *node);
crease_status crease_onnx_greater_equal(crease_onnx_node *node);
crease_status crease_onnx_not(crease_onnx_node *node);
crease_status crease_onnx_where(crease_onnx_node *node);
crease_status crease_onnx_mask_complement(crease_onnx_node *node); /* Sub, of a mask */
crease_status crease_onnx_mask_product(crease_onnx_node *node);    /* Mul, by a mask */

/* switch.c */
crease_status crease_onnx_thresholded_relu(crease_onnx_node *node);
crease_status crease_onnx_relu(crease_onnx_node *node);
crease_status crease_onnx_leaky_relu(crease_onnx_node *node);
crease_status crease_onnx_prelu(crease_onnx_node *node);
crease_status crease_onnx_abs(crease_onnx_node *node);
crease_status crease_onnx_clip(crease_onnx_node *node);
crease_status crease_onnx_hard_sigmoid(crease_onnx_node *node);
crease_status crease_onnx_max(crease_onnx_node *node);
crease_status crease_onnx_min(crease_onnx_node *node);

#endif
