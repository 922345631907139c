/* crease: exact counts of the linear regions of piecewise-linear networks.
 *
 * A program that counts the regions of a network in a file needs only this header.
 * crease_network.h has reader options, networks made in memory, slices and VNN-LIB properties;
 * crease_bounds.h has bounds from the literature; crease_estimate.h has estimates;
 * crease_identify.h has the cells that layers map onto one image; crease_jobs.h has checkpoints and
 * jobs.
 *
 * A network has inputs x in R^n and layers of units.  A unit of a switching layer is in one of
 * finitely many states, one for each affine piece of its activation.  A ReLU unit is in state 1 if
 * its pre-activation is positive, and in state 0 otherwise.  The activation pattern of x is the
 * vector of all states.  A region is the set of all inputs in the domain with one activation
 * pattern, if this set has interior points (a proper activation region).  crease_definition lists
 * two other definitions.  Weights are exact rational numbers.
 *
 * Errors: a function that can fail returns a crease_status.  It writes one line that names the file
 * and the place into a crease_error, which may be NULL.  The library neither prints nor exits;
 * crease_set_fatal says what happens when memory runs out.
 *
 * Threads: a network or a domain does not change once it is made.  Any number of threads may share
 * it.  crease_count runs its own OpenMP workers.  Calls from different threads do not disturb each
 * other.
 *
 * Floating point: the caller's rounding mode, exception flags, traps and treatment of subnormal
 * numbers do not affect results, and a call leaves them unchanged.  A progress function is called
 * in the default mode.  The library runs GLPK on threads of its own, so the caller's GLPK problems
 * and hooks stay as they are.
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

/* Sets the handler that is called, from any thread, when memory runs out or an invariant breaks.
 * It must not return.  The default (NULL) writes the line to stderr and calls abort().
 *
 * Set it before any other call, while no other thread uses GMP.  With a handler,
 * mp_set_memory_functions receives functions that call it when GMP runs out of memory.  If the
 * program has set its own memory functions for GMP, they stay, and must not return NULL.  NULL
 * restores GMP's functions. */
void crease_set_fatal(void (*handler)(const char *line));

/* ---- Networks ---- */

typedef struct crease_network crease_network;

/* Reads a network from a file in JSON, .onnx, .nnet, .npz or .safetensors.  The extension of the
 * name says which; without one of these, the content does.  The caller frees *network with
 * crease_network_free. */
crease_status crease_network_read(const char *path, crease_network **network, crease_error *error);

/* The same from JSON text of the given length.  Messages use name in place of a file name. */
crease_status crease_network_parse(const char *text, size_t length, const char *name,
                                   crease_network **network, crease_error *error);

/* Writes the network as JSON in which every number is exact.  The file has a temporary name until
 * it has been read back and found equal.  Reading it gives the same digest, whatever the
 * options. */
crease_status crease_network_write(const crease_network *network, const char *path,
                                   crease_error *error);

void crease_network_free(crease_network *network);

size_t crease_network_inputs(const crease_network *network);
size_t crease_network_layers(const crease_network *network); /* including the affine last layer */
size_t crease_network_width(const crease_network *network, size_t layer);
size_t crease_network_units(const crease_network *network);      /* units that switch */
size_t crease_network_parameters(const crease_network *network); /* weights and biases */

/* ---- Domains ---- */

typedef struct crease_domain crease_domain;

/* A box: one "LO:HI" for every input, or one LO:HI per input, separated by commas.  Bounds are
 * exact decimals ("-0.3", "1e-3"), fractions ("1/3") or hexadecimal floats, LO < HI.  The caller
 * frees *domain with crease_domain_free. */
crease_status crease_domain_box(const char *text, size_t inputs, crease_domain **domain,
                                crease_error *error);

enum { CREASE_MAX_HALVES = 4096 };

/* Reads a domain from JSON: {"A": [[a, ...], ...], "b": [b, ...], "box": [[lo, hi], ...],
 * "comment": "..."}.  It is the interior of the set of x with A x <= b and lo_j <= x_j <= hi_j.
 * Either box, or A and b, may be missing.  Numbers without quotes are rounded to binary64; strings
 * are exact.  No row of A may be zero; A has at most CREASE_MAX_HALVES rows. */
crease_status crease_domain_read(const char *path, size_t inputs, crease_domain **domain,
                                 crease_error *error);
/* The same from text of the given length.  Messages use name in place of a file name. */
crease_status crease_domain_parse(const char *text, size_t length, const char *name, size_t inputs,
                                  crease_domain **domain, crease_error *error);
void crease_domain_free(crease_domain *domain);

/* Writes the domain as such a file.  All numbers are exact. */
crease_status crease_domain_write(const crease_domain *domain, const char *path,
                                  crease_error *error);

/* ---- Counting ---- */

typedef enum { CREASE_ENGINE_AUTO = 0, CREASE_ENGINE_WALK, CREASE_ENGINE_SPLIT } crease_engine;
typedef enum { CREASE_LP_AUTO = 0, CREASE_LP_GLPK, CREASE_LP_DENSE } crease_lp;

typedef enum { CREASE_CELL_AUTO = 0, CREASE_CELL_LP, CREASE_CELL_RAYS } crease_cell_kind;

/* Cells that a layer maps onto one image have equally many regions, and the split engine counts one
 * of them if it sees that.  AUTO: where it pays.  ON: every cell is compared.  ON needs the split
 * engine.  The count is the same.  A certificate says that cells are alike only with ON; then it is
 * of version 2 of the format, and one worker writes it. */
typedef enum { CREASE_MERGE_AUTO = 0, CREASE_MERGE_ON, CREASE_MERGE_OFF } crease_merging;

/* What counts as a region.  Each definition gives at most as many regions as the one before it.
 *   activation      as defined at the top of this header
 *   open_connected  activation regions with equal affine output maps that share a facet inside the
 *                   domain are joined, and so are chains of them.  The results are the connected
 *                   components of the open sets on which the network is one affine map.
 *   affine          all activation regions with equal affine output maps are joined.  The count is
 *                   the number of different affine maps.
 * Two maps are equal if all their coefficients are equal as rational numbers. */
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
    CREASE_STOP_ASKED, /* by options.stop */
    CREASE_STOP_GAP    /* the upper bound is as close as options.gap */
} crease_stop;

typedef struct {
    uint64_t regions; /* activation regions found so far; UINT64_MAX if they do not fit */
    uint64_t earlier; /* of these, found by the runs that this one resumes; likewise */
    uint64_t open;    /* size of the walk's frontier, or open cells of the split */
    double seconds;
    double closed;      /* share of the cell tree that is done, in [0,1]; negative if unknown */
    uint64_t memory;    /* resident bytes of the process */
    const char *digits; /* regions in decimal, whatever their number; valid during the call */
    double rate;        /* regions per second of this run */
} crease_progress;

typedef struct {
    crease_engine engine;
    crease_lp lp;
    crease_cell_kind cell;  /* of the split engine */
    int threads;            /* 0: all that OpenMP offers */
    uint64_t seed;          /* of the search; never changes a count */
    const char *start;      /* of the walk alone: "x1,x2,..."; NULL: crease chooses */
    uint64_t limit_regions; /* stop after this many activation regions; 0: no limit */
    double limit_seconds;   /* 0: no limit */
    uint64_t limit_memory;  /* bytes; 0: no limit; an error without /proc */
    double gap; /* split engine: stop when the upper bound is at most 1 + gap times the count; 0: no
                   limit */
    const crease_flag *stop; /* a value other than 0 asks for a clean stop; may be NULL */
    void (*progress)(void *context,
                     const crease_progress *now); /* may be NULL; one thread at a time */
    void *progress_context;
    double progress_interval;     /* seconds between calls */
    crease_definition definition; /* other than activation: needs the walk; no certificates */
    crease_merging merge;
} crease_options;

typedef struct {
    uint64_t filter;      /* decisions proved in floating point by a rigorous error bound */
    uint64_t exact;       /* decisions that needed exact integers */
    uint64_t lp;          /* LPs solved to propose an answer */
    uint64_t pool;        /* decisions made by an interior point that was already known */
    double exact_seconds; /* time in exact arithmetic, summed over threads */
    double proof_seconds; /* time in proofs apart from other work, summed over threads */
} crease_decisions;

/* The counters of crease_decisions. */
typedef enum {
    CREASE_DECISION_FILTER = 0,
    CREASE_DECISION_EXACT,
    CREASE_DECISION_LP,
    CREASE_DECISION_POOL
} crease_decision;

/* Cells that entered a layer and whose images were compared with earlier ones (crease_merging). */
typedef struct {
    uint64_t compared;
    uint64_t
        known; /* of these, cells with an image that had been counted; the others were counted */
    uint64_t largest; /* the most of these found with one image; 0: not known */
} crease_layer_images;

/* Layers that a result has such numbers of, from the second layer that switches on.  If the regions
 * of one layer in R^n were counted without cells, the first has flats instead (doc/merging.md). */
enum { CREASE_MERGED_LAYERS = 64 };

/* The size of an array for the decimal digits of a count and a zero byte. */
enum { CREASE_DIGITS = 1280 };

typedef struct {
    uint64_t regions; /* by options.definition; a lower bound if not complete */
    bool complete;
    crease_stop stopped;
    crease_engine engine;
    crease_lp lp;
    crease_cell_kind cell; /* how the split engine began; AUTO for the walk */
    uint64_t cells;        /* visited cells of the split tree */
    uint64_t rays;         /* extreme rays that were computed */
    uint64_t refined;      /* of these, recomputed because their error bound was too large */
    int threads;
    size_t dimension; /* inputs after exact reduction */
    double seconds;
    double earlier_seconds; /* of the runs that this one resumes */
    uint64_t store_bytes;   /* memory of the visited set and frontier; 0 for split */
    crease_definition definition;
    uint64_t activation;     /* activation regions found; UINT64_MAX if they do not fit */
    uint64_t open_connected; /* 0: not established */
    uint64_t affine;         /* 0: not established; if not complete, different maps found so far */
    uint64_t certificate_bytes; /* size of the certificate's file; 0 without one */
    crease_decisions decisions;
    char digits[CREASE_DIGITS]; /* the count in decimal; regions is UINT64_MAX if it does not fit */
    char most[CREASE_DIGITS];   /* the count is proved to be at most this number in decimal: the
                                   same if complete; "" if not known or too long */
    crease_layer_images merged[CREASE_MERGED_LAYERS];
} crease_result;

void crease_options_default(crease_options *options);

/* ---- Names ---- */

/* The names that options, reports and files use, such as "walk" and "open-connected".  The result
 * is NULL for a number that is not a value of the type.  The values are 0, 1, 2, ..., so counting
 * up to NULL lists all names. */
const char *crease_engine_name(crease_engine engine);
const char *crease_lp_name(crease_lp lp);
const char *crease_cell_kind_name(crease_cell_kind kind);
const char *crease_merging_name(crease_merging merge);
const char *crease_definition_name(crease_definition definition);
const char *crease_stop_name(crease_stop stop);
const char *crease_decision_name(crease_decision decision);

/* Finds the value of a name.  If there is no such name, returns false and leaves the value as it
 * is. */
bool crease_engine_find(const char *name, crease_engine *engine);
bool crease_lp_find(const char *name, crease_lp *lp);
bool crease_cell_kind_find(const char *name, crease_cell_kind *kind);
bool crease_merging_find(const char *name, crease_merging *merge);
bool crease_definition_find(const char *name, crease_definition *definition);

/* Counts the regions of the network in the domain (NULL: all of R^n).  Every decision that affects
 * the count is proved.  options may be NULL.  If a count of open-connected or affine regions stops
 * early, its result is the number of different affine maps found so far. */
crease_status crease_count(const crease_network *network, const crease_domain *domain,
                           const crease_options *options, crease_result *result,
                           crease_error *error);

/* ---- Certificates ---- */

/* Counts as crease_count does and writes a certificate of the count, which crease-check verifies
 * (format: src/check/FORMAT.md).  The file is compressed with zstd if path ends in ".zst".  It
 * appears under its name only when it is complete; an incomplete count (result->complete false)
 * leaves no file.  Its content does not depend on the number of threads.
 *
 * The regions in the tree of the certificate are summed separately, and the parts that the checker
 * will count are counted a second time (src/proof/recount.h).  If the sum differs from the count,
 * the function returns CREASE_INTERNAL and writes no file. */
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
