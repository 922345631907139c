/* The affine map of the network's output on a region, by the region's pattern.
 *
 * On a region the outputs are F (x, 1) / c, where F is a matrix of integers and c > 0 is the same
 * for all patterns.  Two regions have the same map iff their F are equal.  F is never stored.  It
 * is evaluated at points, layer by layer: in integers, or at one point modulo 2^61 - 1, which gives
 * a fingerprint.  Different fingerprints prove that the maps differ.  That maps are equal is proved
 * in integers.
 *
 * All these points are 0 in the inputs that the model has dropped.  This suffices: let W be the
 * matrix of the first layer (with linear layers multiplied into it) or, if no other layer switches,
 * the rows of it that decide.  The difference of two maps is a function of W x, since what is
 * passed on for every pattern cancels.  W maps the subspace of the kept inputs and R^n onto the
 * same set. */
#ifndef CREASE_MODEL_OUTPUT_MAP_H
#define CREASE_MODEL_OUTPUT_MAP_H

#include "model/model.h"

typedef struct crease_output crease_output;
typedef struct crease_output_work crease_output_work;

/* network: the one that the model was made from.  Both must outlive the result, which several
 * threads may use at once.  bits: the length of a fingerprint, at most 61.  With few bits different
 * maps often have equal fingerprints, which costs time only. */
crease_output *crease_output_new(const crease_model *model, const crease_network *network,
                                 unsigned bits);
void crease_output_free(crease_output *output);

/* The working state of one thread. */
crease_output_work *crease_output_work_new(const crease_output *output);
void crease_output_work_free(crease_output_work *work);

/* The fingerprint of the map on the region with this pattern; never 0.  Equal maps have equal
 * ones. */
uint64_t crease_output_print(crease_output_work *work, const uint8_t *pattern);

/* Are the maps on the regions with patterns a and b equal? */
bool crease_output_same(crease_output_work *work, const uint8_t *a, const uint8_t *b);

/* The same for two regions with a common facet.  On this facet the row g that `unit` has on region
 * a vanishes, and the maps agree.  So each row of their difference is a multiple of g, and the maps
 * are equal iff they agree at one point where g is not 0. */
bool crease_output_same_beyond(crease_output_work *work, const uint8_t *a, const uint8_t *b,
                               size_t unit);

#endif
