/* The regions of points, each once, with the number of points in it. */
#ifndef CREASE_SAMPLE_POINTS_H
#define CREASE_SAMPLE_POINTS_H

#include "sample/drawn.h"
#include "search/search.h"

/* Adds the regions of the points of the plan, which is by volume or data, in the order in which
 * they are found, to drawn; the weights are the numbers of points.  tried receives the number of
 * all points.  A point on a boundary counts for one of the regions around it.  CREASE_INPUT as in
 * sample/draw.h. */
crease_status crease_points_draw(const crease_task *task, const crease_domain *domain,
                                 mpq_t *inside, crease_drawn *drawn, size_t *tried,
                                 crease_error *error);

#endif
