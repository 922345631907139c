/* Signs of later layers, which rays keep. */
#ifndef CREASE_DD_AHEAD_H
#define CREASE_DD_AHEAD_H

#include "dd/rays.h"

/* Can the rays of own's coordinates keep signs of that layer? */
bool crease_rays_keeps(const crease_rays *own, size_t layer);

/* crease_rays_carry for a cell of the coordinates own, all of whose units are decided, as a cell of
 * a later layer, whose map the coordinates have; own keeps signs of that layer (crease_rays_keeps),
 * and no unit of the layers between cuts the cell.  The signs are found once for all cells that
 * share a ray or have copies of it.  The coordinates may become better known while they are found,
 * and then it depends on other cells how well; by_path: they stay as they are, so that they depend
 * only on the path to the cell.
 *
 * Why they are the same: let C be the cell in which the ray was made.  There a later layer's
 * pre-activation f is a continuous and piecewise linear function of x = v / v_d, hence Lipschitz,
 * and on each part of C, in homogeneous coordinates, f is a row g.  If parts P and Q share a ray v
 * with v_d > 0, then g_P.v = v_d f(x) = g_Q.v.  If v_d = 0, then x + t v lies in P for all x in P
 * and t >= 0, and f(x + t v) / t tends to g_P.v; the same for y in Q; and |f(x + t v) - f(y + t v)|
 * / t tends to 0, so that again g_P.v = g_Q.v. */
crease_ray_cell crease_rays_carry_on(const crease_rays *rays, const crease_rays *own,
                                     const crease_ray_cell *cell, const uint64_t *relevant,
                                     bool by_path);

/* Adds to positive and negative the relevant rows of the map, that of a later layer as in
 * crease_rays_carry_on, that have this sign at a ray of the cell, which is left as it is, though
 * its coordinates may become better known, unless by_path. */
void crease_rays_see_ahead(const crease_rays *rays, const crease_rays *own,
                           const crease_ray_cell *cell, const uint64_t *relevant,
                           uint64_t *positive, uint64_t *negative, bool by_path);

/* After that: a cell with these signs, whose rays share everything with those of the cell, keep no
 * values, and must not be changed. */
crease_ray_cell crease_rays_view_ahead(const crease_rays *rays, const crease_rays *own,
                                       const crease_ray_cell *cell);

#endif
