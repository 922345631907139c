/* Regions in a box, the sides of which are not rows (lp/boxed.h): with many inputs this is what is
 * fast. */
#ifndef CREASE_REGIONS_IN_BOX_H
#define CREASE_REGIONS_IN_BOX_H

#include "regions/region.h"

/* Sets inside, in the coordinates of the model, to a point that is proved to lie inside.  False if
 * the domain has no such box, or no point was found in doubles. */
bool crease_region_find_inside_box(crease_region *region);

/* Sets facet[id] for the decisions and then the faces of the model.  Of equal rows the first one is
 * taken, and one that equals a side of the box is none.  False if that cannot be done here.  What
 * is found once the region is stopped is of no use. */
bool crease_region_find_facets_in_box(crease_region *region, bool *facet);

/* Sets facet: does the row of this decision bound the region, which the rows of the others bound
 * but those in without?  False as above. */
bool crease_region_bounds_in_box(crease_region *region, size_t decision, const bool *without,
                                 bool *facet);

#endif
