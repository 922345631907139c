/* Counting the regions that rows cut a ray cell into from outlines, as in cells/outline_count.h,
 * and proving the count in a certificate (src/check/FORMAT.md).
 *
 * FORCE.  A row b does not cut an outline and has the sign s there.  At a ray with v_d > 0 its
 * value a, s a >= 0, is known within E, and v_d within e.  Then a / v_d is known within (E + |a /
 * v_d| e) / (v_d - e).  If it is less at one of these vertices than at all others for sure, the
 * rows that are active there support b (proof/farkas_vertices.h), as long as they are one less than
 * the dimension of the cone.
 *
 * Points.  The sum of the rays' points, moved to the zeros of a row by adding a ray on the other
 * side, is a target (proof/witnesses.h).
 *
 * MEET.  A row that cuts the part of an outline where others are 0 is neither 0 nor constant there.
 * So rows that are found so, one after the other, are independent and 0 at a point: they make 2^k
 * regions.  Every row that is left adds the regions of its zeros, under those that meet and the
 * rows that are left after it (cells/restriction.h).  The order is of no matter for the count; long
 * meetings make short certificates.
 *
 * Where there is a doubt, nothing is written. */
#ifndef CREASE_CELLS_OUTLINE_PROOF_H
#define CREASE_CELLS_OUTLINE_PROOF_H

#include "cells/restriction.h"

/* The regions of a full cell in the last layer under the rows of the set, all of which cut it;
 * false if they are not proved.  They must be fewer than 2^64. */
bool crease_outline_prove(const crease_rays *rays, const crease_ray_cell *cell,
                          const uint64_t *rows, crease_proof *proof, uint64_t *regions);

#endif
