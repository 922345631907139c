/* The reader of ONNX models.
 *
 * What is read: the function that the graph computes in real arithmetic, its constants being
 * exactly the numbers of the file.  One number is rounded: the 1 / sqrt(variance + epsilon) of
 * BatchNormalization, irrational as a rule, is what these three operations give in the tensor's own
 * format (binary32 or binary64), each rounded to nearest, as runtimes do.  All else, products of
 * constants included, is exact.
 *
 * How it becomes layers: every tensor is held as affine functions of the units of the current
 * layer, at first the inputs.  All nodes whose inputs are known and that are affine are evaluated
 * in the order of the file.  Of the nodes that switch and whose inputs are known, the first one
 * makes a layer, together with all others of the same activation, parameters and rank; their units
 * follow in the order of the nodes, the elements of each tensor in row-major order.  After them
 * come units that pass on the values of earlier layers that later nodes need: either these units,
 * in their order, or the linear parts of the functions, without multiples of an earlier one, in the
 * order of their tensors and elements, whichever are fewer (the units if equally many).  Then
 * everything is expressed in the new layer.  The outputs of the graph, stacked, are the last layer.
 * So the file of an MLP gives its layers as they are.
 *
 * A node's message names the node by its number, from 0 on, its name and its operator. */
#ifndef CREASE_ONNX_ONNX_H
#define CREASE_ONNX_ONNX_H

#include "onnx/affine.h"
#include "onnx/reader.h"

#include "base/arena.h"

#include <onnx.pb-c.h>

enum { CREASE_ONNX_RANK = 8, CREASE_ONNX_NODES = 1 << 16, CREASE_ONNX_ELEMENTS = 1 << 24 };

/* Elements of one tensor of functions. */
enum { CREASE_ONNX_FUNCTIONS = 1 << 22 };

typedef enum {
    CREASE_ONNX_LATER = 0, /* not computed yet; the shape may be known */
    CREASE_ONNX_INTEGERS,  /* shapes, axes and the like; booleans as 0 and 1 */
    CREASE_ONNX_NUMBERS,   /* as in the file; they need not be finite */
    CREASE_ONNX_AFFINE,    /* of the current layer's units; they may all be constant */
    CREASE_ONNX_MASK       /* 1 where such a function is positive, 0 elsewhere */
} crease_onnx_kind;

typedef struct {
    const char *name;
    const Onnx__TensorProto *tensor; /* where it is to be read from, or NULL */
    size_t producer;                 /* the node, or SIZE_MAX */
    size_t first; /* of an input of the graph: its first number among all inputs */
    bool batched; /* it has one part for each sample of the batch */
    size_t uses;  /* by nodes and graph outputs to come */
    const Onnx__SparseTensorProto *sparse; /* likewise */
    bool ended;    /* a final Softmax or the like was left out on the way ... */
    size_t logits; /* ... whose input this value was; the elements are those of it */
    crease_onnx_kind kind;
    int type; /* of TensorProto */
    size_t rank, dim[CREASE_ONNX_RANK], count;
    int64_t *integer; /* count of the one that the kind names */
    double *number;
    crease_affine **affine; /* of AFFINE and MASK */
    bool flipped;           /* of MASK: 0 where it is positive, 1 elsewhere */
} crease_onnx_value;

/* Units that a node asks for: units x rank rows.  Element i of its output is the sum over k < terms
 * of factor[i terms + k] times unit index[i terms + k], plus offset i. */
typedef struct {
    crease_activation activation;
    mpq_t parameter[2];
    size_t rank, units;
    crease_affine **row;
    size_t outputs, terms;
    size_t *index;          /* NULL: i terms + k */
    mpq_t *factor;          /* NULL: 1 */
    crease_affine **offset; /* functions of the current layer's units, or NULL for 0 */
} crease_onnx_units;

typedef struct crease_onnx_node crease_onnx_node;

typedef enum {
    CREASE_ONNX_COMPUTES = 0, /* numbers must be finite */
    CREASE_ONNX_ACCEPTS,      /* they need not be */
    CREASE_ONNX_MOVES,        /* likewise; it only moves elements */
    CREASE_ONNX_ENDS,         /* switches nothing, and only such nodes may follow */
    CREASE_ONNX_FOLLOWS       /* is read only behind such a node */
} crease_onnx_nature;

enum {
    CREASE_ONNX_MASKS = 1, /* masks */
    CREASE_ONNX_MIXED = 2, /* numbers of different types */
    CREASE_ONNX_ENDED = 4, /* what a final Softmax or the like gives; then nothing is computed */
    CREASE_ONNX_EXACT = 8  /* of one that ends: different numbers stay different */
};

typedef struct {
    const char *name;
    crease_status (*run)(crease_onnx_node *node);
    size_t least, most; /* inputs */
    size_t outputs;     /* that are read */
    crease_onnx_nature nature;
    unsigned takes; /* what other operators refuse */
} crease_onnx_operator;

typedef struct {
    size_t units, carry; /* width = units + carry */
    size_t rank, inputs;
    crease_activation activation;
    mpq_t parameter[2];
    crease_affine **row; /* units x rank + carry */
} crease_onnx_layer;

typedef struct {
    const crease_source *source;
    const Onnx__GraphProto *graph;
    Onnx__NodeProto **proto; /* the graph's nodes, with those of functions in the place of calls */
    size_t protos;
    crease_arena *arena; /* for what such nodes are made of */
    int64_t opset;
    crease_onnx_value *value;
    size_t values;
    size_t *by_name; /* the first `named` values in the order of their names */
    size_t named;
    crease_onnx_node *node;
    size_t nodes;
    size_t *output; /* values, of the graph's outputs */
    size_t inputs;  /* numbers in all of the graph's inputs */
    crease_affine_meter meter;
    crease_affine_sum *sum;
    crease_onnx_layer *layer;
    size_t layers, hidden;
    size_t batch;  /* samples that the inputs have, to be counted as one; 0 for no batch */
    size_t behind; /* nodes behind the final ones that were left out */
    char *notes;
} crease_onnx;

struct crease_onnx_node {
    crease_onnx *reader;
    const Onnx__NodeProto *proto;
    size_t index;
    const crease_onnx_operator *operator;
    size_t *input, *output; /* values, SIZE_MAX for those left out */
    size_t inputs, outputs; /* trailing ones that are left out do not count */
    bool *read;             /* attributes */
    bool needed, done;
    crease_status status;        /* of the functions below that do not return one */
    crease_onnx_units *switches; /* asked for in this round, or NULL */
};

/* ---- scan.c, tensor.c, graph.c, evaluate.c, layers.c ---- */

/* Checks that the file is well-formed (fields have the right types, single fields occur once, the
 * nesting is at most 32 deep), then unpacks it.  *model is to be given to crease_onnx_unload. */
crease_status crease_onnx_load(const crease_source *source, Onnx__ModelProto **model);
void crease_onnx_unload(Onnx__ModelProto *model);

/* Reads a tensor of the file or, beside it, of the model's folder.  what is for messages. */
crease_status crease_onnx_tensor(crease_onnx *reader, const Onnx__TensorProto *tensor,
                                 const char *what, crease_onnx_value *value);

/* The same for a sparse one, whose name and values' place are known. */
crease_status crease_onnx_sparse(crease_onnx *reader, const Onnx__SparseTensorProto *tensor,
                                 crease_onnx_value *value);

/* Sets reader->proto: calls of the model's functions are replaced by their nodes. */
crease_status crease_onnx_expand_functions(crease_onnx *reader, const Onnx__ModelProto *model);

/* Sets up values and nodes, in an order in which they can be computed, and what is needed; a graph
 * that has none, uses undefined names or needs an unknown operator is refused. */
crease_status crease_onnx_graph(crease_onnx *reader);

/* Sets reader->batch from the first dimensions of the inputs that are used. */
crease_status crease_onnx_batch_find(crease_onnx *reader);
/* Proves that the outputs of each sample depend on that sample alone and are computed alike, the
 * rows of the layers being equal, and leaves the first sample's network.  place has the sample of
 * each output, by its place, or SIZE_MAX - 1 for none.  A shared input, without a batch, is every
 * sample's. */
crease_status crease_onnx_batch_divide(crease_onnx *reader, crease_onnx_layer *last,
                                       const size_t *place);

/* Evaluates all that is needed. */
crease_status crease_onnx_evaluate(crease_onnx *reader);

/* Makes a layer of the nodes that asked for units, as described above. */
crease_status crease_onnx_layer_add(crease_onnx *reader);
crease_status crease_onnx_network(crease_onnx *reader, crease_network **network);

/* ---- Values (value.c) ---- */

/* Sets kind, type and shape of an empty value and makes room for its elements. */
crease_status crease_onnx_make(crease_onnx_node *node, crease_onnx_value *value,
                               crease_onnx_kind kind, int type, size_t rank, const size_t *dim);
void crease_onnx_drop(crease_onnx *reader, crease_onnx_value *value);

/* The number of elements; SIZE_MAX if there are more than CREASE_ONNX_ELEMENTS. */
size_t crease_onnx_count(size_t rank, const size_t *dim);

/* to[i] = from[j]; a number may become a constant function. */
void crease_onnx_copy(crease_onnx *reader, crease_onnx_value *to, size_t i,
                      const crease_onnx_value *from, size_t j);

/* Does it hold functions that a node to come will use? */
bool crease_onnx_live(const crease_onnx_value *value);
/* Does the value not depend on the input? */
bool crease_onnx_constant(const crease_onnx_value *value);
/* An element of a constant value with finite numbers. */
void crease_onnx_get(const crease_onnx_value *value, size_t i, mpq_t out);
/* A new reference to the element as a function. */
crease_affine *crease_onnx_element(crease_onnx *reader, const crease_onnx_value *value, size_t i);
/* Adds factor times the element to reader->sum; NULL is 1. */
void crease_onnx_add(crease_onnx *reader, const crease_onnx_value *value, size_t i,
                     const mpq_t *factor);
/* to[i] = reader->sum, which is 0 again. */
void crease_onnx_close(crease_onnx *reader, crease_onnx_value *to, size_t i);

/* The shape of an elementwise operation on these values, by ONNX's rule of broadcasting. */
crease_status crease_onnx_broadcast(crease_onnx_node *node, const crease_onnx_value *const *value,
                                    size_t values, size_t *rank, size_t *dim);
/* Which element of the value stands at element i of the shape that it is broadcast to. */
size_t crease_onnx_at(const crease_onnx_value *value, size_t rank, const size_t *dim, size_t i);

/* Marks the node as done and drops the values that no other node is to use. */
void crease_onnx_finish(crease_onnx_node *node);

/* Rounds to the nearest number of a floating-point type, ties to even; false if that is infinite,
 * or the type another one. */
bool crease_onnx_round(int type, mpq_t value);

/* ---- Nodes (node.c) ---- */

/* The name of a type of TensorProto; is it a floating-point type that is read? */
const char *crease_onnx_type(int type);
bool crease_onnx_real(int type);

crease_status crease_onnx_fail(crease_onnx_node *node, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* Adds to the notes, which are joined by "; ". */
void crease_onnx_note(crease_onnx *reader, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* NULL for an input that is left out. */
crease_onnx_value *crease_onnx_input(const crease_onnx_node *node, size_t i);
crease_onnx_value *crease_onnx_output(const crease_onnx_node *node, size_t i);

/* Attributes; a default where there is none.  Of a wrong type: node->status is set.  Floats are
 * not NaN. */
int64_t crease_onnx_int(crease_onnx_node *node, const char *name, int64_t standard);
double crease_onnx_float(crease_onnx_node *node, const char *name, double standard);
void crease_onnx_exact(crease_onnx_node *node, const char *name, float standard, mpq_t out);
const int64_t *crease_onnx_ints(crease_onnx_node *node, const char *name, size_t *count);
bool crease_onnx_word(crease_onnx_node *node, const char *name, const char *standard,
                      const char *word); /* is the attribute this word? */
const Onnx__AttributeProto *crease_onnx_typed(crease_onnx_node *node, const char *name,
                                              Onnx__AttributeProto__AttributeType type);

/* The integers of input i, if it has one; it must be constant. */
const int64_t *crease_onnx_integers(crease_onnx_node *node, size_t i, size_t *count);
/* Those of the attribute before opset since, of input i from then on; NULL if there are none. */
const int64_t *crease_onnx_list(crease_onnx_node *node, const char *name, int64_t since, size_t i,
                                size_t *count);

/* Brings an axis of -rank .. rank - 1 to 0 .. rank - 1. */
crease_status crease_onnx_axis(crease_onnx_node *node, int64_t axis, size_t rank, size_t *out);
/* Marks axes; each may occur once. */
crease_status crease_onnx_axes(crease_onnx_node *node, const int64_t *axis, size_t count,
                               size_t rank, bool *mark);

/* NULL if there is none of this name; learning: of the domain ai.onnx.ml. */
const crease_onnx_operator *crease_onnx_find(const char *name, bool learning);

/* ---- Units (units.c) ---- */

/* Takes the rows; output i is unit i. */
crease_onnx_units *crease_onnx_units_new(crease_activation activation, size_t rank, size_t units,
                                         crease_affine **row);
void crease_onnx_units_free(crease_onnx *reader, crease_onnx_units *units);
/* Makes room for the factors, all 0, of outputs that are sums of so many units; index stays
 * NULL. */
void crease_onnx_units_factors(crease_onnx_units *units, size_t outputs, size_t terms);
/* Room for offsets, to be filled. */
void crease_onnx_units_offsets(crease_onnx_units *units);

/* Leaves the units, which are given away, with the node, or makes the output where all rows are
 * constant; rank and dim are the shape of the output. */
crease_status crease_onnx_ask(crease_onnx_node *node, crease_onnx_units *units, int type,
                              size_t rank, const size_t *dim);

/* Are so many units of this rank within the limits?  To be asked before their rows are made. */
crease_status crease_onnx_fits(crease_onnx_node *node, size_t units, size_t rank);

/* Asks for units x rank pieces, of which the output is the largest or, if smallest, the smallest;
 * shape is that of the output.  The function takes the rows.  A single piece becomes linear, and
 * max(z, constant) becomes ReLU. */
crease_status crease_onnx_extreme(crease_onnx_node *node, bool smallest, size_t pieces, int type,
                                  size_t rank, const size_t *dim, crease_affine **row);

#endif
