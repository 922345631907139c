/* The vertices of facets, exactly. */
#ifndef CREASE_REGIONS_FACE_H
#define CREASE_REGIONS_FACE_H

#include <crease_regions.h>

/* Sets list to the vertices of facet i; the numbers are those of crease_region_vertex.  list has
 * room for all vertices.  Returns how many there are.  They are in ascending order; with three
 * inputs, in the order around the facet, counterclockwise as seen from outside of the region.
 *
 * Seen from one of them, f, all others lie within half a turn: p comes before q iff
 * -a.((p - f) x (q - f)) > 0, where a is the facet's row. */
size_t crease_region_face(crease_region *region, size_t i, size_t *list);

#endif
