/* The faces of regions of networks with three inputs, exactly. */
#ifndef CREASE_REGIONS_FACE_H
#define CREASE_REGIONS_FACE_H

#include <crease_regions.h>

/* Sets list to the vertices of facet i, counterclockwise as seen from outside of the region, which
 * is bounded; the numbers are those of crease_region_vertex.  list has room for all vertices.
 * Returns how many there are.
 *
 * The vertices v of the facet are those where its row a vanishes.  Seen from one of them, f, all
 * others lie within half a turn: p comes before q iff -a.((p - f) x (q - f)) > 0. */
size_t crease_region_face(crease_region *region, size_t i, size_t *list);

#endif
