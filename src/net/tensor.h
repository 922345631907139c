/* Named arrays of numbers, as .npz and .safetensors hold them, and the network that they make up.
 */
#ifndef CREASE_NET_TENSOR_H
#define CREASE_NET_TENSOR_H

#include "net/source.h"

typedef enum {
    CREASE_TENSOR_F16,  /* IEEE 754 binary16 */
    CREASE_TENSOR_BF16, /* the upper half of binary32 */
    CREASE_TENSOR_F32,
    CREASE_TENSOR_F64,
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

/* A layer is y = weight x + bias, weight of units x inputs, bias of units (or a row or column of
 * them). */
typedef struct {
    const crease_tensor *weight, *bias;
} crease_tensor_layer;

/* The type of this name, without the order of its bytes ("f4" or "F32"). */
crease_tensor_type crease_tensor_type_find(const char *name);

/* How long the data are; false if that exceeds most. */
bool crease_tensor_bytes(const crease_tensor *tensor, size_t most, size_t *bytes);

/* A number of the data; infinity and NaN come out as such.  Needs type, big_endian and data only. */
double crease_tensor_number(const crease_tensor *tensor, size_t index);

/* The layers in order, from the input on (tensor_order.c).  A layer P has the tensors P.weight and
 * P.bias (weight and bias if P is empty), or Wn and bn for a number n.  With options->layers they
 * are those, in that order.  Otherwise every tensor must belong to a layer, the layers' names must
 * be the same but for one number in the same place, and the number gives the order: where it
 * follows a letter or "_" (fc1, W0) without a gap from 0 or 1 on; where it is a part of its own
 * (net.0, the index of a module) the steps must be all 1 or all more than 1, since with both there
 * may be no activation after some layers, unless options->activation names one for each.
 * *layer is the caller's. */
crease_status crease_tensors_order(const crease_source *source, const crease_tensor *tensor,
                                   size_t count, crease_tensor_layer **layer, size_t *layers);

/* The network of the tensors; the format goes into its origin. */
crease_status crease_tensors_network(const crease_source *source, const char *format,
                                     const crease_tensor *tensor, size_t count,
                                     crease_network **network);

/* Frees the names and the array. */
void crease_tensors_free(crease_tensor *tensor, size_t count);

#endif
