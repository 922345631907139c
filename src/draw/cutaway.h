/* Pictures of networks with three inputs: the box with the octant of the largest coordinates taken
 * out, so that one sees three of its sides and three planes through its middle. */
#ifndef CREASE_DRAW_CUTAWAY_H
#define CREASE_DRAW_CUTAWAY_H

#include <crease_pictures.h>

/* crease_picture_draw for three inputs.  Colours cannot show maps or volumes, which are not those
 * of sections; of the picture, label, raster and points are not used. */
crease_status crease_cutaway_draw(const crease_pictured *pictured, size_t count,
                                  const crease_domain *window, const crease_picture *picture,
                                  const crease_options *options, const char *path,
                                  crease_result *results, crease_error *error);

#endif
