/* Named arrays of numbers, as in .npz and .safetensors, and the network that they define. */
#ifndef CREASE_NET_TENSOR_H
#define CREASE_NET_TENSOR_H

#include "net/source.h"

typedef enum {
    CREASE_TENSOR_F16,  /* IEEE 754 binary16 */
    CREASE_TENSOR_BF16, /* the upper half of binary32 */
    CREASE_TENSOR_F32,
    CREASE_TENSOR_F64,
    CREASE_TENSOR_I8,
    CREASE_TENSOR_I16,
    CREASE_TENSOR_I32,
    CREASE_TENSOR_I64,
    CREASE_TENSOR_U8,
    CREASE_TENSOR_U16,
    CREASE_TENSOR_U32,
    CREASE_TENSOR_U64,
    CREASE_TENSOR_OTHER /* not read */
} crease_tensor_type;

enum { CREASE_TENSOR_DIMENSIONS = 32 };

typedef struct {
    char *name, *type_name; /* as in the file */
    crease_tensor_type type;
    bool big_endian, fortran; /* first index fastest */
    size_t dimensions;        /* 0 for a single number */
    size_t size[CREASE_TENSOR_DIMENSIONS];
    const unsigned char *data; /* crease_tensor_bytes of them, unless the type is OTHER */
} crease_tensor;

/* The layer y = weight x + bias: weight is a matrix units x inputs, or inputs x units if it is a
 * kernel; bias is a vector of `units` numbers (or a matrix of one row or one column), or NULL for
 * zeros. */
typedef struct {
    const crease_tensor *weight, *bias;
    bool kernel;
} crease_tensor_layer;

/* The type with this name ("f4" or "F32"), which does not include the byte order. */
crease_tensor_type crease_tensor_type_find(const char *name);

/* Sets *bytes to the length of the data.  False if it exceeds most. */
bool crease_tensor_bytes(const crease_tensor *tensor, size_t most, size_t *bytes);

/* The number at this index of floating-point data, which may be infinite or a NaN.  Only type,
 * big_endian and data of the tensor are used. */
double crease_tensor_number(const crease_tensor *tensor, size_t index);

/* The number at this index of any data.  False if it is infinite or a NaN. */
bool crease_tensor_exact(const crease_tensor *tensor, size_t index, mpq_t out);

/* The layers in order, from the input on (tensor_order.c).  The caller frees *layer.
 *
 * Layer P has the tensors P.weight and P.bias, or P.kernel and P.bias (also P/kernel and
 * P/kernel:0; the word alone if P is empty), or Wn and bn for a number n.  It may lack the bias.  A
 * kernel is inputs x units; options->transpose makes kernels of all weights.
 *
 * options->layers, if given, lists the layers in order.  Otherwise every tensor must belong to a
 * layer.  The names of the layers must then differ in one number only, which gives the order:
 *
 * - A number after a letter or "_" (fc1, W0) must run from 0 or 1 without a gap.  A kernel without
 *   it (dense beside dense_1) has the number 0.
 * - A number between dots (net.0, the index of a module) must grow by steps that are all 1 or all
 *   greater than 1.  With both kinds of steps some layers might have no activation, so
 *   options->activation must then name one for each layer.
 *
 * If the tensors are arr_0, arr_1, ..., those of two dimensions are weights in this order, and a
 * vector after a weight is its bias.  They are kernels if the shapes chain only that way. */
crease_status crease_tensors_order(const crease_source *source, const crease_tensor *tensor,
                                   size_t count, crease_tensor_layer **layer, size_t *layers);

/* Is the bias a vector (a row or a column) of that many numbers? */
bool crease_tensor_fits(const crease_tensor *bias, size_t units);

/* Do the shapes chain if all weights are kernels, or if none is? */
bool crease_tensors_chain(const crease_tensor_layer *layer, size_t layers, bool kernel);

/* The network that the tensors define.  format becomes part of its origin. */
crease_status crease_tensors_network(const crease_source *source, const char *format,
                                     const crease_tensor *tensor, size_t count,
                                     crease_network **network);

/* Frees the names and the array. */
void crease_tensors_free(crease_tensor *tensor, size_t count);

#endif
