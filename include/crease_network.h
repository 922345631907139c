/* Reader options, networks made in memory, the contents of a network, slices and VNN-LIB
 * properties. Conventions as in crease.h. */
#ifndef CREASE_NETWORK_H
#define CREASE_NETWORK_H

#include <crease.h>

#ifdef __cplusplus
extern "C" {
#endif
#if defined(__GNUC__)
#pragma GCC visibility push(default)
#endif

/* Activations, and the states 0, 1, ... of a unit with pre-activation z:
 *   linear      z                               one state
 *   relu        max(z, 0)                       z <= 0; z > 0
 *   leaky_relu  z if z > 0, slope z otherwise   z <= 0; z > 0
 *   abs         |z|                             z <= 0; z > 0
 *   clip        z between low and high          z <= low; low < z <= high; z > high
 *   maxout      the largest of k pieces z_0, ..., z_(k-1), where k is the rank of the unit; the
 *               state is the index of the largest piece, the smallest index if several are equal
 * Two pieces are two states even if they are the same function. */
typedef enum {
    CREASE_LINEAR = 0,
    CREASE_RELU = 1,
    CREASE_LEAKY_RELU,
    CREASE_ABS,
    CREASE_CLIP,
    CREASE_MAXOUT
} crease_activation;

/* Limits of the readers. */
enum { CREASE_MAX_INPUTS = 1 << 20, CREASE_MAX_UNITS = 1 << 20, CREASE_MAX_RANK = 64 };

/* ---- Reader options ---- */

/* The value of a decimal number in a file: the nearest binary32 or binary64 number (ties to even),
 * or the exact decimal.  AUTO: binary64 in JSON, binary32 in .nnet. */
typedef enum {
    CREASE_WEIGHTS_AUTO = 0,
    CREASE_WEIGHTS_FLOAT32,
    CREASE_WEIGHTS_FLOAT64,
    CREASE_WEIGHTS_DECIMAL
} crease_weights;

/* What a file does not say itself.  It is an error to set an option that the format of the file
 * does not use. */
typedef struct {
    crease_weights weights; /* of JSON and .nnet */
    /* Of .nnet, .npz and .safetensors: one activation for all hidden layers, or one for each,
     * separated by commas: relu, linear, abs, hard_tanh, leaky_relu:SLOPE or clip:LOW:HIGH with
     * exact numbers.  NULL: relu. */
    const char *activation;
    /* Of .npz and .safetensors: the layers in order, first the one next to the input
     * ("fc1,fc2,out").  All other tensors are ignored.  NULL: all tensors belong to layers, and
     * the numbers in their names give the order. */
    const char *layers;
    /* Of .nnet: the network takes (x - mean) / range, and its output is multiplied by the range and
     * increased by the mean that the file states for outputs. */
    bool nnet_normalise;
    /* Of .npz and .safetensors: weights are inputs x units, as in Keras and Flax.  A tensor with
     * the name "kernel" is always read so. */
    bool transpose;
    /* Of .onnx: if the first dimension of the input is N > 1, all its numbers are inputs of one
     * network.  By default they are N samples, which the graph must treat separately and alike; the
     * network is that of one sample. */
    bool whole_batch;
} crease_read_options;

void crease_read_options_default(crease_read_options *options);

/* crease_network_read with options, which may be NULL. */
crease_status crease_network_read_with(const char *path, const crease_read_options *options,
                                       crease_network **network, crease_error *error);

/* crease_domain_read, where weights gives the value of numbers without quotes. */
crease_status crease_domain_read_with(const char *path, crease_weights weights, size_t inputs,
                                      crease_domain **domain, crease_error *error);

/* ---- Networks made in memory ---- */

/* The shape of a layer and the parameters of its activation. */
typedef struct {
    crease_activation activation;
    size_t rows;              /* of the weights: one per unit, rank rows per maxout unit */
    size_t columns;           /* the width of the previous layer, or the number of inputs */
    size_t rank;              /* of maxout; ignored otherwise */
    size_t carry;             /* the last carry units pass on z unchanged; one row each */
    const char *parameter[2]; /* exact: the slope of leaky_relu; low and high of clip */
} crease_layer_shape;

/* Make a network in memory: call crease_network_new, then add the layers in order, first the one
 * next to the input.  The last layer must be linear; counting, writing, slicing and bounding refuse
 * other networks.  The caller frees *network with crease_network_free.
 *
 * weight has rows x columns numbers, row by row.  bias has rows numbers; NULL means zeros.  Doubles
 * must be finite and are exact.  Texts are exact numbers: "-0.3", "1e-3", "1/3", "0x1.8p-3".
 * Arrays and texts are copied.  If a layer is refused, the message names the layer, the row and the
 * column, and the network does not change. */
crease_status crease_network_new(size_t inputs, crease_network **network, crease_error *error);
crease_status crease_network_add_layer(crease_network *network, const crease_layer_shape *shape,
                                       const double *weight, const double *bias,
                                       crease_error *error);
crease_status crease_network_add_layer_text(crease_network *network,
                                            const crease_layer_shape *shape,
                                            const char *const *weight, const char *const *bias,
                                            crease_error *error);

/* ---- The contents of a network ---- */

/* A description of what was read (".npz; layers fc1, fc2").  It belongs to the network. */
const char *crease_network_origin(const crease_network *network);

/* A description of what the reader left out or changed; "" if nothing.  It belongs to the
 * network. */
const char *crease_network_notes(const crease_network *network);

/* True if crease-check reads the same network from the same file: JSON with decimals as binary64.
 * For other networks, give it the file that crease_network_write writes. */
bool crease_network_checkable(const crease_network *network);

crease_activation crease_network_activation(const crease_network *network, size_t layer);
size_t crease_network_rank(const crease_network *network, size_t layer); /* 1 unless maxout */
/* How many of the last units of a switching layer pass on z unchanged. */
size_t crease_network_carry(const crease_network *network, size_t layer);

/* The SHA-256 of the canonical text of the exact network, in hexadecimal.  The text has the line
 * "crease-network 1" and the line "input N".  Then each layer has the line "layer WIDTH
 * ACTIVATION", followed by the slope of leaky_relu, low and high of clip, or the rank of maxout,
 * and by "carry C" if C > 0 units pass on z unchanged.  One line per row follows, with its weights
 * and its bias as reduced fractions ("p" or "p/q").  Fields are separated by one space; each line
 * ends with one newline. */
void crease_network_digest(const crease_network *network, char hex[65]);

/* ---- Slices ---- */

/* Restricts a network to an affine slice of its input space.  The slice is read from JSON:
 * {"origin": [x, ...], "directions": [[t, ...], ...], "comment": "..."}, the points x = origin +
 * sum_j u_j directions_j.  *sliced is the network with inputs u; its first layer is the exact
 * product with origin and directions.  The caller frees *sliced. */
crease_status crease_slice_read(const char *path, const crease_network *network,
                                crease_network **sliced, crease_error *error);
/* The same, where weights gives the value of numbers without quotes; otherwise it is binary64. */
crease_status crease_slice_read_with(const char *path, crease_weights weights,
                                     const crease_network *network, crease_network **sliced,
                                     crease_error *error);
crease_status crease_slice_parse(const char *text, size_t length, const char *name,
                                 const crease_network *network, crease_network **sliced,
                                 crease_error *error);

/* ---- Properties ---- */

/* The set of inputs that a VNN-LIB property describes, as a union of parts.  Conjunctions and
 * disjunctions of linear inequalities in the inputs X_0, X_1, ... are read; inequalities with
 * outputs are left out.  A part is a domain.  An input that a part fixes at one value is not an
 * input of that domain. */
typedef struct crease_property crease_property;

crease_status crease_property_read(const char *path, size_t inputs, crease_property **property,
                                   crease_error *error);
crease_status crease_property_parse(const char *text, size_t length, const char *name,
                                    size_t inputs, crease_property **property, crease_error *error);
void crease_property_free(crease_property *property);

size_t crease_property_parts(const crease_property *property);   /* 1 or more, all different */
size_t crease_property_ignored(const crease_property *property); /* inequalities left out */

/* Part i as a domain.  If it fixes inputs, *sliced is the network with their values substituted;
 * its inputs are the other ones, in order.  Otherwise *sliced is NULL.  The caller frees both. */
crease_status crease_property_part(const crease_property *property, size_t i,
                                   const crease_network *network, crease_network **sliced,
                                   crease_domain **domain, crease_error *error);

/* ---- Names ---- */

/* As crease_engine_name and crease_engine_find in crease.h. */
const char *crease_activation_name(crease_activation activation);
const char *crease_weights_name(crease_weights weights);
bool crease_activation_find(const char *name, crease_activation *activation);
bool crease_weights_find(const char *name, crease_weights *weights);

/* The sizes of crease_options, crease_result, crease_layer_shape, crease_read_options,
 * crease_progress, crease_bound, crease_estimate_plan, crease_estimation, crease_ball,
 * crease_identification, crease_line_segment, crease_breakpoint, crease_boundary,
 * crease_sample_plan, crease_sample_result, crease_region_graph, crease_region_stats,
 * crease_polygons, crease_pictured, crease_picture, crease_margin and crease_checkpoint, for
 * bindings in other languages. */
void crease_sizes(size_t sizes[23]);

#if defined(__GNUC__)
#pragma GCC visibility pop
#endif
#ifdef __cplusplus
}
#endif
#endif
