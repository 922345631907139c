/* Shadow checks (base/shadow.h) of what doubles decide about a witness. */
#ifndef CREASE_PROOF_SHADOW_H
#define CREASE_PROOF_SHADOW_H

#include "dd/shadow.h"
#include "proof/witnesses.h"

/* Checks that the exact row of the next crossing, reduced by the earlier ones, is not 0 at the
 * pivot. */
void crease_shadow_pivot(const crease_subspace *subspace, size_t pivot);

/* Checks that all rows are positive at the point, whose pivots are solved for exactly. */
void crease_shadow_witness(const crease_subspace *subspace, const crease_rays *rays,
                           const double *point, const crease_row *row, size_t rows);

#endif
