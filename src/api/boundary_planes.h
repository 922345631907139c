/* Pieces of a decision boundary (crease_regions.h) by hyperplane and pair of classes.
 *
 * A plane is the hyperplane of a piece with its pair of classes.  Pieces of one plane that have a
 * ridge in common, a face of dimension n - 2 inside the domain, are joined, and so are chains of
 * them.
 *
 * Parts and their faces are a polyhedral complex: two of them meet in a face of both.  By induction
 * over the units: a unit computes functions that are continuous and affine on each cell of the
 * complex so far, and divides a cell where the largest of them changes.  A face of the cell is
 * divided by the same functions, and where two of the new cells meet, two functions are equal and
 * the largest ones, which is a face of both.  Cutting all cells with the domain, which is convex,
 * gives a complex again.  So if two pieces meet in dimension n - 2, this is a ridge of both, and
 * each of them is found from the other.
 *
 * Beyond a ridge, the plane's hyperplane goes on.  Let x be a point of a piece where no other
 * facet is; then the pattern of the region that contains x + (e^2, e^3, ...) for all small e > 0
 * does not depend on x, and names the piece among those of its plane: a region has one facet in
 * a hyperplane at most.  With a point z of the ridge where no other ridge is, x + e (z - x) for
 * e a little above 1 lies in the cell beyond.  It is joined if some piece of the plane has the
 * name of that point. */
#ifndef CREASE_API_BOUNDARY_PLANES_H
#define CREASE_API_BOUNDARY_PLANES_H

#include "net/network.h"

#include <crease_regions.h>

typedef struct crease_planes crease_planes;

/* classes: the network of crease_labels_network, with so many classes, which must stay. */
crease_planes *crease_planes_new(const crease_network *network, size_t classes);
void crease_planes_free(crease_planes *planes);

/* Notes the plane of a piece.  From all workers at once. */
void crease_planes_add(crease_planes *planes, crease_piece *piece);

/* After all pieces: sets between, classes x classes, to the numbers of planes for each pair of
 * classes, i < j.  Returns how many there are in all.  True in *shared if some plane has several
 * pieces. */
uint64_t crease_planes_count(crease_planes *planes, uint64_t *between, bool *shared);

/* Once more for each piece, if some plane has several: finds what is beyond its ridges. */
void crease_planes_cross(crease_planes *planes, crease_piece *piece);

/* Then: the same numbers of joined pieces. */
uint64_t crease_planes_join(crease_planes *planes, uint64_t *between);

#endif
