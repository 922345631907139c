/* Shadow checks (base/shadow.h) of counts inside cells. */
#ifndef CREASE_CELLS_SHADOW_H
#define CREASE_CELLS_SHADOW_H

#include "dd/shadow.h"
#include "cells/cell.h"

/* The signs that are set at an interior point with these coordinates are those of the exact
 * rows. */
void crease_shadow_point_signs(const crease_rays *rays, const crease_ray *point);

/* All rows that bound an LP cell are positive at v. */
void crease_shadow_interior(const crease_cell *cell, const double *v);

/* The rows of the set cross the segment between the cell's two rays in regions - 1 points. */
void crease_shadow_segment(const crease_rays *rays, const crease_ray_cell *cell,
                           const uint64_t *cut, uint64_t regions);

/* Rows u and t vanish on the same part of the cell, or do not. */
void crease_shadow_traces(const crease_rays *rays, const crease_ray_cell *cell, size_t u, size_t t,
                          bool same);

/* Sign times row c of an outline is a combination of the rows in the slots of the support and of
 * v_d, with coefficients >= 0, and of the rows that were crossed. */
void crease_shadow_least(const crease_outline_space *space, const crease_active_set *support,
                         size_t c, int sign);

/* The number of regions under the rows of the set by plain splitting; for sets of few rows. */
void crease_shadow_restriction(const crease_rays *rays, const crease_ray_cell *cell,
                               const uint64_t *cut, size_t cuts, uint64_t regions);

/* The number of regions under the rows of the set, which cut an LP cell with all its rows; for sets
 * of few rows in cells of few rows. */
void crease_shadow_meets(const crease_cell *cell, const uint64_t *cut, size_t cuts,
                         uint64_t regions);

#endif
