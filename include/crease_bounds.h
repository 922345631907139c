/* Bounds from the literature on the number of linear regions; doc/bounds.md lists them.
 * Conventions as in crease.h. */
#ifndef CREASE_BOUNDS_H
#define CREASE_BOUNDS_H

#include <crease.h>

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
    CREASE_BOUND_EXPECTATION, /* bounds a mean over random networks, its constants taken as 1 */
    CREASE_BOUND_GROWTH /* an order of growth; the constant is left out, so it bounds nothing */
} crease_bound_kind;

/* Where the formula was checked. */
typedef enum {
    CREASE_BOUND_READ = 0, /* in the publication itself */
    CREASE_BOUND_CITED,    /* in a later paper that states it, or in the authors' program */
    CREASE_BOUND_NOTED,    /* not at a source */
    CREASE_BOUND_PROVED    /* no source states it in this form; src/bound/bound.h has the proof */
} crease_bound_source;

/* "upper", "cited"; NULL for a number that is no value of the type, which begins at 0. */
const char *crease_bound_kind_name(crease_bound_kind kind);
const char *crease_bound_source_name(crease_bound_source source);

typedef struct {
    const char *id;   /* "serra-2018-upper" */
    const char *name; /* "Serra et al." */
    int year;
    const char *theorem; /* may be "" */
    crease_bound_kind kind;
    bool network; /* of this network, not of its architecture */
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

/* The bounds for "n0,n1,...,nL", n0 inputs and hidden layers of n1..nL units, within the limits
 * of the readers.  rank 0: ReLU units, otherwise maxout units of that rank, 2 to
 * CREASE_MAX_UNITS.  *bounds is the caller's. */
crease_status crease_bounds_widths(const char *widths, size_t rank, crease_bounds **bounds,
                                   crease_error *error);

/* The same for the layers of a network that switch, and the bounds that need its weights and a
 * box, that of the domain; half-spaces are not looked at.  rank 0: its own units; otherwise maxout
 * units in their place, weights unknown.  Where not all units are ReLU, bounds by their number of
 * states are listed first, and those whose theorem is about other units do not apply.  Nor do lower
 * and exact ones of the architecture that are above an upper one of the network itself. */
crease_status crease_bounds_network(const crease_network *network, const crease_domain *domain,
                                    size_t rank, crease_bounds **bounds, crease_error *error);

size_t crease_bounds_count(const crease_bounds *bounds);
const crease_bound *crease_bounds_get(const crease_bounds *bounds,
                                      size_t i); /* lives with bounds */
size_t crease_bounds_inputs(const crease_bounds *bounds);
size_t crease_bounds_layers(const crease_bounds *bounds);
size_t crease_bounds_width(const crease_bounds *bounds, size_t layer); /* units that switch */
size_t crease_bounds_carry(const crease_bounds *bounds, size_t layer); /* those that carry */
crease_activation crease_bounds_activation(const crease_bounds *bounds, size_t layer);
size_t crease_bounds_states(const crease_bounds *bounds, size_t layer); /* of one unit */

/* Not a bound, but to compare with: the most regions of one layer of all the units together. */
const crease_bound *crease_bounds_shallow(const crease_bounds *bounds);
void crease_bounds_free(crease_bounds *bounds);

#if defined(__GNUC__)
#pragma GCC visibility pop
#endif
#ifdef __cplusplus
}
#endif
#endif
