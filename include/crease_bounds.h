/* Bounds from the literature on the number of linear regions; doc/bounds.md lists them.
 * Conventions as in crease.h. */
#ifndef CREASE_BOUNDS_H
#define CREASE_BOUNDS_H

#include <crease_network.h>

#ifdef __cplusplus
extern "C" {
#endif
#if defined(__GNUC__)
#pragma GCC visibility push(default)
#endif

typedef enum {
    CREASE_BOUND_EXACT = 0,   /* the maximum over all weights */
    CREASE_BOUND_UPPER,       /* no network has more regions */
    CREASE_BOUND_LOWER,       /* some network has as many */
    CREASE_BOUND_EXPECTATION, /* of the mean over random networks, with constants taken as 1 */
    CREASE_BOUND_GROWTH       /* an order of growth without its constant: no bound */
} crease_bound_kind;

/* Where the formula was checked. */
typedef enum {
    CREASE_BOUND_READ = 0, /* in the publication itself */
    CREASE_BOUND_CITED,    /* in a later paper that states it, or in the authors' program */
    CREASE_BOUND_NOTED,    /* at no source */
    CREASE_BOUND_PROVED    /* no source states it in this form; src/bound/bound.h has the proof */
} crease_bound_source;

/* The name, such as "upper" or "cited"; NULL if the number is no value of the type. */
const char *crease_bound_kind_name(crease_bound_kind kind);
const char *crease_bound_source_name(crease_bound_source source);

typedef struct {
    const char *id;   /* "serra-2018-upper" */
    const char *name; /* "Serra et al." */
    int year;
    const char *theorem; /* may be "" */
    crease_bound_kind kind;
    bool network; /* holds for these weights, not for every network of the architecture */
    crease_bound_source source;
    const char *formula;
    const char *condition; /* "": none */
    const char *reference;
    bool applies;
    const char *note;  /* why it does not apply, or a remark; "": none */
    const char *value; /* exact decimal integer, or "p/q"; NULL if it does not apply */
    double log10;      /* of the value */
} crease_bound;

typedef struct crease_bounds crease_bounds;

/* The most inputs, and hidden units in all, of what bounds are for and of networks that are
 * made. */
enum { CREASE_BOUNDS_MOST = 4096 };

/* The bounds for the architecture "n0,n1,...,nL": n0 inputs and hidden layers of n1, ..., nL units;
 * or "3x3x1,2x2x2,2x2x3/2", rows, columns and channels of the input, then of each layer rows and
 * columns of its filters, its channels and, unless it is 1, the stride, without padding.
 * rank 0 means ReLU units; rank 2 to CREASE_BOUNDS_MOST means maxout units of that rank.  The
 * caller owns *bounds. */
crease_status crease_bounds_widths(const char *widths, size_t rank, crease_bounds **bounds,
                                   crease_error *error);

/* The same for the hidden layers of a network that have states, and bounds that need its weights
 * and the box of the domain; half-spaces are not used.  rank 0 means the units of the network;
 * another rank means maxout units with unknown weights in their place.  If not all units are ReLU,
 * bounds by the number of states come first, and bounds whose theorem is about other units do not
 * apply.  Lower and exact bounds of the architecture do not apply if they exceed an upper bound of
 * this network. */
crease_status crease_bounds_network(const crease_network *network, const crease_domain *domain,
                                    size_t rank, crease_bounds **bounds, crease_error *error);

size_t crease_bounds_count(const crease_bounds *bounds);
const crease_bound *crease_bounds_get(const crease_bounds *bounds, size_t i); /* owned by bounds */
size_t crease_bounds_inputs(const crease_bounds *bounds);
size_t crease_bounds_layers(const crease_bounds *bounds);
size_t crease_bounds_width(const crease_bounds *bounds, size_t layer); /* units that switch */
size_t crease_bounds_carry(const crease_bounds *bounds, size_t layer); /* those that carry */
crease_activation crease_bounds_activation(const crease_bounds *bounds, size_t layer);
size_t crease_bounds_states(const crease_bounds *bounds, size_t layer); /* of one unit */

/* For comparison: the largest number of regions of a network with all units in one layer. */
const crease_bound *crease_bounds_shallow(const crease_bounds *bounds);
void crease_bounds_free(crease_bounds *bounds);

#if defined(__GNUC__)
#pragma GCC visibility pop
#endif
#ifdef __cplusplus
}
#endif
#endif
