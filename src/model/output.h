/* The affine map of the network's output on a region, by the region's pattern.
 *
 * On a region the outputs are F (x, 1), up to a positive factor that is the same for all
 * patterns; F is a matrix of integers.  Two regions have the same map iff their F are equal.  F is
 * never stored, but evaluated at points, layer by layer: in integers, or modulo 2^61 - 1 at
 * one point, as a fingerprint.  Different fingerprints prove that maps are different; that they are
 * equal is proved in integers.
 *
 * All points have the value 0 in the inputs that the model has dropped, which is enough.  The
 * difference of two maps depends on x through W x alone, W being the matrix of the first layer
 * (with linear layers multiplied into it), and if no other layer switches, through the rows of W
 * that decide; what is passed on for every pattern alike drops out.  The kept inputs span a
 * subspace that W, or these rows of it, map onto the same set as all inputs. */
#ifndef CREASE_MODEL_OUTPUT_H
#define CREASE_MODEL_OUTPUT_H

#include "model/model.h"

typedef struct crease_output crease_output;
typedef struct crease_output_work crease_output_work;

/* network: what the model was made of; both must outlive the result, which any number of
 * threads may use.  bits: of a fingerprint, 61 at most; fewer bits make equal fingerprints of
 * different maps likely, which costs time only. */
crease_output *crease_output_new(const crease_model *model, const crease_network *network,
                                 unsigned bits);
void crease_output_free(crease_output *output);

/* The working state of one thread. */
crease_output_work *crease_output_work_new(const crease_output *output);
void crease_output_work_free(crease_output_work *work);

/* The fingerprint of the map on the region: equal for equal maps, and not 0. */
uint64_t crease_output_print(crease_output_work *work, const uint8_t *pattern);

/* Are the maps on two regions equal? */
bool crease_output_same(crease_output_work *work, const uint8_t *a, const uint8_t *b);

/* The same for two regions that share a facet, on which the unit's row on a vanishes.  The maps
 * agree there, so their difference is a multiple of that row, and is 0 iff it is 0 at
 * one point where the row is not. */
bool crease_output_same_beyond(crease_output_work *work, const uint8_t *a, const uint8_t *b,
                               size_t unit);

#endif
