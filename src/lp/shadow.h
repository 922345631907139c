/* Shadow checks (base/shadow.h) of rays and cones.  All of them fail with the operands. */
#ifndef CREASE_LP_SHADOW_H
#define CREASE_LP_SHADOW_H

#include "cell/shadow.h"
#include "lp/cone_state.h"
#include "lp/rays.h"

/* The ray from its tight rows alone, d integers, on the side of its coordinates. */
void crease_shadow_exact_ray(const crease_rays *rays, const crease_ray *ray, mpz_t *V);

/* The ray lies within err of its line, or on it if it consists of integers; the signs that are set
 * are those of the exact rows, and the wanted ones that are not set vanish. */
void crease_shadow_ray(const crease_rays *rays, const crease_ray *ray, const uint64_t *wanted);

/* |value - g.t| <= bound for the exact row g of unit u and a point t of the line within err of the
 * coordinates. */
void crease_shadow_value(const crease_rays *rays, const crease_ray *ray, size_t u, double value,
                         double bound);

/* A bounding row of the cell vanishes at a ray iff it is in its tight set. */
void crease_shadow_tight(const crease_rays *rays, const crease_ray_cell *cell);

/* All rows of the set and v_d vanish at the ray. */
void crease_shadow_kernel(const crease_rays *rays, const crease_ray *ray, const uint64_t *active);

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

/* Rows i and k are not parallel. */
void crease_shadow_cone_parallel(crease_cone *cone, size_t i, size_t k);

#endif
