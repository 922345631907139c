/* crease: exact counts of the linear regions of piecewise-linear networks.
 *
 * A network has inputs x in R^n and layers of units.  A unit of a switching
 * layer is in one of finitely many states, the affine pieces of its
 * activation; ReLU is in state 1 where its pre-activation is positive and in
 * state 0 elsewhere.  The activation pattern of x is the vector of all states.
 * A region is the set of inputs of the domain that share one pattern, provided
 * that this set has interior points (a proper activation region).  Everything
 * below counts regions in that sense, but for crease_definition, with weights taken as exact
 * rationals.
 *
 * Errors: functions that can fail return a crease_status and write one line
 * that names file and place into a crease_error, which may be NULL.  The
 * library neither prints nor exits; see crease_set_fatal for lack of memory.
 *
 * Threads: a network or domain is constant once made and may be shared by any
 * number of threads.  crease_count runs its own OpenMP workers; calls from
 * different threads do not disturb each other.
 *
 * Floating point: the caller's rounding mode, flags, traps and treatment of subnormal numbers
 * make no difference to a result and are as before after a call; a progress function is called
 * in the default mode.  GLPK is asked on threads of the library's own, so problems and hooks that the
 * caller has there stay as they are.
 */
#ifndef CREASE_H
#define CREASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A flag that a signal handler or one thread sets and another thread reads. */
#ifdef __cplusplus
#include <atomic>
typedef std::atomic<int> crease_flag;
extern "C" {
#else
#include <stdatomic.h>
typedef atomic_int crease_flag;
#endif
#if defined(__GNUC__)
#pragma GCC visibility push(default)
#endif

#define CREASE_VERSION "0.1.0"

/* The version of the library.  That of a shared library may differ from this header's. */
const char *crease_version(void);

typedef enum {
    CREASE_OK = 0,
    CREASE_INTERNAL = 1, /* a broken invariant; a bug */
    CREASE_INPUT = 2     /* bad input or environment */
} crease_status;

typedef struct {
    char text[512]; /* one line without a newline */
} crease_error;

/* Sets the handler that is called, from any thread, when memory runs out or an invariant breaks.  It
 * must not return.  The default (NULL) writes the line to stderr and calls abort().
 *
 * Set it before any other call, while no other thread uses GMP.  A handler also receives lack of
 * memory in GMP: mp_set_memory_functions is given malloc, realloc and free with a test.  If the
 * program has set its own functions there, they stay, and must not return NULL.  NULL restores GMP's
 * functions. */
void crease_set_fatal(void (*handler)(const char *line));

/* ---- Networks ---- */

typedef struct crease_network crease_network;

/* Units and their states, which are numbered from 0, but for maxout as z grows:
 *   linear      z, one state
 *   relu        max(z, 0): z <= 0, z > 0
 *   leaky_relu  z if z > 0, slope z otherwise: z <= 0, z > 0
 *   abs         |z|: z <= 0, z > 0
 *   clip        z between low and high: z <= low, low < z <= high, z > high
 *   maxout      the largest of the unit's k pieces z_0, ..., z_(k-1), k its rank: the index of the
 *               largest, the smallest of them where pieces coincide
 * Two pieces count as two states even where they happen to be the same function. */
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

/* What a decimal literal means: the nearest binary32 or binary64 number (ties to even), or the
 * decimal itself.  AUTO: binary64 in JSON, binary32 in .nnet. */
typedef enum {
    CREASE_WEIGHTS_AUTO = 0,
    CREASE_WEIGHTS_FLOAT32,
    CREASE_WEIGHTS_FLOAT64,
    CREASE_WEIGHTS_DECIMAL
} crease_weights;

/* How to read a file that does not say everything.  An option that the file's format cannot use is
 * an error. */
typedef struct {
    crease_weights weights; /* of JSON and .nnet */
    /* Of .nnet, .npz and .safetensors: the hidden layers' activation, or one for each of them with
     * commas between: relu, linear, abs, hard_tanh, leaky_relu:SLOPE or clip:LOW:HIGH with exact
     * numbers.  NULL: relu */
    const char *activation;
    /* Of .npz and .safetensors: the layers from the input on ("fc1,fc2,out"); all other tensors
     * are ignored.  NULL: all tensors belong to layers, whose numbers give the order */
    const char *layers;
    bool nnet_normalise; /* of .nnet: the function of (x - mean) / range, times range, plus mean */
    /* Of .npz and .safetensors: weights are inputs x units, as in Keras and Flax.  Those with the
     * name kernel are in any case */
    bool transpose;
    /* Of .onnx: inputs whose first dimension is N > 1 are all of them the input of one network.  By
     * default they are N samples that must be computed apart and alike; one of them is taken. */
    bool whole_batch;
} crease_read_options;

void crease_read_options_default(crease_read_options *options);

/* Reads a network file: JSON, .onnx, .nnet, .npz or .safetensors, by the name's extension, or by the
 * content where it has none of these.  *network is the caller's, to be freed with
 * crease_network_free. */
crease_status crease_network_read(const char *path, crease_network **network, crease_error *error);

/* The same with options, which may be NULL. */
crease_status crease_network_read_with(const char *path, const crease_read_options *options,
                                       crease_network **network, crease_error *error);

/* The same from JSON text of the given length; name stands in for the file in
 * messages. */
crease_status crease_network_parse(const char *text, size_t length, const char *name,
                                   crease_network **network, crease_error *error);

/* The shape of a layer, and what belongs to its activation. */
typedef struct {
    crease_activation activation;
    size_t rows;              /* of the weights: a row for each unit, rank rows for a maxout unit */
    size_t columns;           /* the width of the layer before, or the inputs */
    size_t rank;              /* of maxout; ignored for others */
    size_t carry;             /* the last units that carry their z on, a row each */
    const char *parameter[2]; /* exact: the slope of leaky_relu; low and high of clip */
} crease_layer_shape;

/* Makes a network in memory: first crease_network_new, then one call for each layer, from the input
 * on; the last layer must be linear.  *network is the caller's.
 *
 * weight has rows x columns numbers, row by row.  bias has rows numbers; NULL means zeros.  Doubles
 * must be finite and are taken exactly.  Texts are exact numbers: "-0.3", "1e-3", "1/3", "0x1.8p-3".
 * Arrays and texts are copied.  If a layer is refused, the message names the layer, the row and the
 * column, and the network stays as it was.  Counting, writing, slicing and bounding refuse a network
 * whose last layer is not linear. */
crease_status crease_network_new(size_t inputs, crease_network **network, crease_error *error);
crease_status crease_network_add_layer(crease_network *network, const crease_layer_shape *shape,
                                       const double *weight, const double *bias,
                                       crease_error *error);
crease_status crease_network_add_layer_text(crease_network *network,
                                            const crease_layer_shape *shape,
                                            const char *const *weight, const char *const *bias,
                                            crease_error *error);

/* Writes the network as JSON in which every number is exact, under a temporary name first; the file
 * has been read back when it gets its own name.  Reading it gives the same digest, whatever the
 * options. */
crease_status crease_network_write(const crease_network *network, const char *path,
                                   crease_error *error);

/* What was read, in words (".npz; layers fc1, fc2"); lives with the network. */
const char *crease_network_origin(const crease_network *network);

/* What was left out or may surprise, in words; "" if nothing.  Lives with the network. */
const char *crease_network_notes(const crease_network *network);

/* Does crease-check read the same network from the same file?  It reads JSON, decimals as binary64;
 * other networks are to be given to it as crease_network_write writes them. */
bool crease_network_checkable(const crease_network *network);

void crease_network_free(crease_network *network);

size_t crease_network_inputs(const crease_network *network);
size_t crease_network_layers(const crease_network *network); /* the affine last layer included */
size_t crease_network_width(const crease_network *network, size_t layer);
crease_activation crease_network_activation(const crease_network *network, size_t layer);
size_t crease_network_rank(const crease_network *network, size_t layer); /* 1 but for maxout */
/* The last units of a layer that switches may carry their z on as it is. */
size_t crease_network_carry(const crease_network *network, size_t layer);
size_t crease_network_units(const crease_network *network);      /* units that switch */
size_t crease_network_parameters(const crease_network *network); /* weights and biases */

/* Hexadecimal SHA-256 of the canonical text of the exact network: the line
 * "crease-network 1", the line "input N", then for each layer the line
 * "layer WIDTH ACTIVATION", followed by the slope of leaky_relu, low and high of clip or the rank of
 * maxout, then by "carry C" if C > 0 units carry, and one line per row with its weights and bias
 * as reduced fractions ("p" or "p/q"), single spaces between, each line ended
 * by one newline. */
void crease_network_digest(const crease_network *network, char hex[65]);

/* ---- Domains ---- */

typedef struct crease_domain crease_domain;

/* "LO:HI" for every input or one LO:HI per input, separated by commas.  Bounds
 * are exact decimals ("-0.3", "1e-3"), fractions ("1/3") or hexadecimal floats,
 * LO < HI.  *domain is the caller's. */
crease_status crease_domain_box(const char *text, size_t inputs, crease_domain **domain,
                                crease_error *error);

/* From JSON: {"A": [[a, ...], ...], "b": [b, ...], "box": [[lo, hi], ...], "comment": "..."}, the
 * interior of the x with A x <= b and lo_j <= x_j <= hi_j; box, or A and b, may be missing.  Numbers
 * without quotes are the nearest binary64 numbers, strings are exact.  No row of A is zero. */
enum { CREASE_MAX_HALVES = 4096 };

crease_status crease_domain_read(const char *path, size_t inputs, crease_domain **domain,
                                 crease_error *error);
/* The same; numbers without quotes mean what weights says. */
crease_status crease_domain_read_with(const char *path, crease_weights weights, size_t inputs,
                                      crease_domain **domain, crease_error *error);
/* The same from text of the given length; name stands in for the file in messages. */
crease_status crease_domain_parse(const char *text, size_t length, const char *name, size_t inputs,
                                  crease_domain **domain, crease_error *error);
void crease_domain_free(crease_domain *domain);

/* Writes the domain as such a file, all numbers exact. */
crease_status crease_domain_write(const crease_domain *domain, const char *path,
                                  crease_error *error);

/* An affine slice of the input space, from JSON: {"origin": [x, ...], "directions": [[t, ...], ...],
 * "comment": "..."}, the points x = origin + sum_j u_j directions_j.  *sliced is the network with
 * inputs u, origin and directions multiplied into its first layer, exactly; it is the caller's. */
crease_status crease_slice_read(const char *path, const crease_network *network,
                                crease_network **sliced, crease_error *error);
/* The same; numbers without quotes, otherwise the nearest binary64 numbers, mean what weights says. */
crease_status crease_slice_read_with(const char *path, crease_weights weights,
                                     const crease_network *network, crease_network **sliced,
                                     crease_error *error);
crease_status crease_slice_parse(const char *text, size_t length, const char *name,
                                 const crease_network *network, crease_network **sliced,
                                 crease_error *error);

/* ---- Properties ---- */

/* A VNN-LIB 1.0 property, of which only what it says of the inputs X_0, X_1, ... counts: conjunctions
 * and disjunctions of linear inequalities, read as the union of parts.  A part is a domain; inputs
 * that it fixes at one value are none in it. */
typedef struct crease_property crease_property;

crease_status crease_property_read(const char *path, size_t inputs, crease_property **property,
                                   crease_error *error);
crease_status crease_property_parse(const char *text, size_t length, const char *name,
                                    size_t inputs, crease_property **property, crease_error *error);
void crease_property_free(crease_property *property);

size_t crease_property_parts(const crease_property *property); /* 1 or more, no two the same */
/* How many inequalities with outputs were left out. */
size_t crease_property_ignored(const crease_property *property);

/* Part i as a domain, and if it fixes inputs, the network with their values put in, whose inputs are
 * the others, in order; otherwise *sliced is NULL.  Both are the caller's. */
crease_status crease_property_part(const crease_property *property, size_t i,
                                   const crease_network *network, crease_network **sliced,
                                   crease_domain **domain, crease_error *error);

/* ---- Counting ---- */

typedef enum { CREASE_ENGINE_AUTO = 0, CREASE_ENGINE_WALK, CREASE_ENGINE_SPLIT } crease_engine;
typedef enum { CREASE_LP_AUTO = 0, CREASE_LP_GLPK, CREASE_LP_DENSE } crease_lp;

typedef enum { CREASE_CELL_AUTO = 0, CREASE_CELL_LP, CREASE_CELL_RAYS } crease_cell_kind;

/* What counts as a region.  The number does not grow from one definition to the next.
 *   activation      a set of inputs as above
 *   open_connected  activation regions that share a facet inside the domain and have the same
 *                   affine map of the outputs are one, and so are chains of them: the
 *                   components of the open sets on which the network is one affine map
 *   affine          all activation regions of the same affine map are one: the number of
 *                   different affine maps
 * Two maps are the same if all their coefficients are equal as rational numbers. */
typedef enum {
    CREASE_DEFINITION_ACTIVATION = 0,
    CREASE_DEFINITION_OPEN_CONNECTED,
    CREASE_DEFINITION_AFFINE
} crease_definition;

typedef enum {
    CREASE_STOP_NONE = 0, /* the count is complete */
    CREASE_STOP_REGIONS,
    CREASE_STOP_SECONDS,
    CREASE_STOP_MEMORY,
    CREASE_STOP_ASKED /* through options.stop */
} crease_stop;

typedef struct {
    uint64_t regions; /* activation regions found so far */
    uint64_t earlier; /* of them, in the runs that this one goes on from */
    uint64_t open;    /* frontier of the walk, open cells of the split */
    double seconds;
    double closed;   /* share of the cell tree already closed in [0,1], negative if unknown */
    uint64_t memory; /* resident bytes of the process */
} crease_progress;

typedef struct {
    crease_engine engine;
    crease_lp lp;
    crease_cell_kind cell;  /* of the split engine */
    int threads;            /* 0: all that OpenMP offers */
    uint64_t seed;          /* of the search; never changes a count */
    const char *start;      /* "x1,x2,...": where the walk starts, NULL: chosen */
    uint64_t limit_regions; /* activation regions; 0: none; likewise below */
    double limit_seconds;
    uint64_t limit_memory;   /* bytes; refused without /proc */
    const crease_flag *stop; /* non-zero asks for a clean stop; may be NULL */
    void (*progress)(void *context,
                     const crease_progress *now); /* may be NULL; one thread at a time */
    void *progress_context;
    double progress_interval;     /* seconds between calls */
    crease_definition definition; /* other than activation: by the walk, not for certificates */
} crease_options;

typedef struct {
    uint64_t filter;      /* decisions proved in floating point by a rigorous error bound */
    uint64_t exact;       /* decisions that needed exact integers */
    uint64_t lp;          /* LPs solved to propose an answer */
    uint64_t pool;        /* questions settled by interior points that were at hand */
    double exact_seconds; /* time in exact arithmetic, summed over threads */
    double proof_seconds; /* time in proofs apart from other work, summed over threads */
} crease_decisions;

/* Its counters. */
typedef enum {
    CREASE_DECISION_FILTER = 0,
    CREASE_DECISION_EXACT,
    CREASE_DECISION_LP,
    CREASE_DECISION_POOL
} crease_decision;

/* Room for the decimal digits of a count and a zero byte. */
enum { CREASE_DIGITS = 1280 };

typedef struct {
    uint64_t regions; /* by options.definition; if not complete, a lower bound */
    bool complete;
    crease_stop stopped;
    crease_engine engine;
    crease_lp lp;
    crease_cell_kind cell; /* how the split engine began; AUTO for the walk */
    uint64_t cells;        /* cells of the split tree that were visited */
    uint64_t rays;         /* extreme rays that were made */
    uint64_t refined;      /* of them, recomputed because their error bound had grown wide */
    int threads;
    size_t dimension; /* inputs after exact reduction */
    double seconds;
    double earlier_seconds; /* of the runs that a resumed count goes on from */
    uint64_t store_bytes;   /* memory of the visited set and frontier; 0 for split */
    crease_definition definition;
    uint64_t activation;     /* activation regions found */
    uint64_t open_connected; /* 0: not established */
    uint64_t affine;         /* 0: not established; if not complete, maps found to be different */
    uint64_t certificate_bytes; /* length of the certificate's file; 0 without one */
    crease_decisions decisions;
    char digits[CREASE_DIGITS]; /* the count in decimal, also where regions is UINT64_MAX because it
                                   does not fit */
} crease_result;

void crease_options_default(crease_options *options);

/* ---- Names ---- */

/* The names that options, reports and files use: "walk", "open-connected", "leaky_relu".  NULL for
 * a number that is no value of the type.  The values are 0, 1, 2, ..., so counting up to NULL lists
 * all names. */
const char *crease_engine_name(crease_engine engine);
const char *crease_lp_name(crease_lp lp);
const char *crease_cell_kind_name(crease_cell_kind kind);
const char *crease_definition_name(crease_definition definition);
const char *crease_activation_name(crease_activation activation);
const char *crease_weights_name(crease_weights weights);
const char *crease_stop_name(crease_stop stop);
const char *crease_decision_name(crease_decision decision);

/* The value of a name.  False, and the value as it was, if there is no such name. */
bool crease_engine_find(const char *name, crease_engine *engine);
bool crease_lp_find(const char *name, crease_lp *lp);
bool crease_cell_kind_find(const char *name, crease_cell_kind *kind);
bool crease_definition_find(const char *name, crease_definition *definition);
bool crease_activation_find(const char *name, crease_activation *activation);
bool crease_weights_find(const char *name, crease_weights *weights);

/* The sizes of crease_options, crease_result, crease_layer_shape, crease_read_options,
 * crease_progress, crease_bound and crease_checkpoint, for bindings in other languages. */
void crease_sizes(size_t sizes[7]);

/* Counts the regions of the network in the domain (NULL: all of R^n).  Every
 * decision that shapes the count is proved.  options may be NULL.  A count of open-connected or
 * affine regions that stops early is the number of affine maps found to be different. */
crease_status crease_count(const crease_network *network, const crease_domain *domain,
                           const crease_options *options, crease_result *result,
                           crease_error *error);

/* ---- Certificates ---- */

/* Counts as crease_count and writes a certificate of the count, which crease-check
 * verifies (format: src/check/FORMAT.md); framed by zstd if path ends in ".zst".  The file appears
 * under its name only when it is complete; an incomplete count (result->complete false)
 * leaves none.  The number of regions that its tree shows is summed up on its own, with what the checker is to
 * count counted a second time (src/proof/recount.h); CREASE_INTERNAL, and no file, if it is not that of
 * the count.  Its content does not depend on the number of threads. */
crease_status crease_certify(const crease_network *network, const crease_domain *domain,
                             const crease_options *options, const char *path, crease_result *result,
                             crease_error *error);

#if defined(__GNUC__)
#pragma GCC visibility pop
#endif
#ifdef __cplusplus
}
#endif
#endif
