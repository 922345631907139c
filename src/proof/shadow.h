/* Shadow checks (base/shadow.h) of certificates: what doubles propose of a witness. */
#ifndef CREASE_PROOF_SHADOW_H
#define CREASE_PROOF_SHADOW_H

#include "dd/shadow.h"
#include "proof/witnesses.h"

/* The pivot of the next crossing is not 0 in its exact row, without the pivots before. */
void crease_shadow_pivot(const crease_flat *flat, size_t pivot);

/* The point, its pivots solved for exactly, is inside all rows. */
void crease_shadow_witness(const crease_flat *flat, const crease_rays *rays, const double *point,
                           const crease_slot *row, size_t rows);

#endif
