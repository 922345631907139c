/* Data points in regions. */
#ifndef CREASE_API_STATS_DATA_H
#define CREASE_API_STATS_DATA_H

#include <crease_regions.h>

/* Sets the points, points_outside, most_points and populations of stats, which has the number of
 * regions.  complete: these are all regions. */
crease_status crease_stats_place(const crease_network *network, const crease_domain *domain,
                                 const crease_points *points, bool complete,
                                 crease_region_stats *stats, crease_error *error);

#endif
