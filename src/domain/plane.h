/* Planes in the input space, and where data lie in them. */
#ifndef CREASE_DOMAIN_PLANE_H
#define CREASE_DOMAIN_PLANE_H

#include "domain/points.h"
#include "domain/slice.h"

/* Points may have more numbers than inputs; those are left out.
 *
 * The slice through three points a, b and c.  Its inputs are distances in the input space: u0 from
 * a along the line from a to b, u1 from this line towards c.  The plane is exact; that its
 * directions are orthogonal and of length 1 holds up to rounding to doubles.  CREASE_INPUT, with a
 * message that begins with name, if there are no such rows, or if they lie on one line.  The caller
 * gives *slice to crease_slice_clear. */
crease_status crease_plane_through(const char *name, const crease_points *points, size_t inputs,
                                   const size_t row[3], crease_slice *slice, crease_error *error);

/* Sets u to the point of a slice of two inputs that is nearest to point number i, and returns their
 * distance as a share of the largest coordinate: in floating point, for pictures only.  Infinite if
 * the slice is no plane. */
double crease_plane_place(const crease_slice *slice, const crease_points *points, size_t i,
                          double u[2]);

#endif
