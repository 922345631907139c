/* Shadow checks (base/shadow.h) of cones. */
#ifndef CREASE_LP_SHADOW_H
#define CREASE_LP_SHADOW_H

#include "exact/shadow.h"
#include "lp/cone_state.h"

/* Row i of a cone as it was added. */
void crease_shadow_cone_row(crease_cone *cone, size_t i);

/* Row i has this sign at v. */
void crease_shadow_cone_sign(crease_cone *cone, size_t i, const double *v, int sign);

/* All enabled rows but one are positive at v. */
void crease_shadow_cone_contains(crease_cone *cone, const double *v, size_t except);

/* Row own, left out of the cone, cuts what the other enabled rows bound, or does not; the
 * point, or NULL, lies inside and beyond it. */
void crease_shadow_cone_cuts(crease_cone *cone, size_t own, bool cuts, const double *point);

/* Row own is a combination of the rows of the basis with coefficients >= 0. */
void crease_shadow_cone_basis(crease_cone *cone, const crease_basis *base, size_t own);

/* Row own is a combination of the count rows of the support with coefficients >= 0. */
void crease_shadow_cone_span(crease_cone *cone, const size_t *support, size_t count, size_t own);

/* Rows i and k are not parallel. */
void crease_shadow_cone_parallel(crease_cone *cone, size_t i, size_t k);

#endif
