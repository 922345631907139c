/* Regions of networks with two inputs as polygons, exactly. */
#ifndef CREASE_REGIONS_POLYGON_H
#define CREASE_REGIONS_POLYGON_H

#include "regions/region.h"

/* The edge from one corner to the next. */
typedef struct {
    crease_facet facet;
    /* The edge goes to the right, or straight upwards.  This is so for one of the two regions that
     * share an edge, which run along it in opposite directions.  Both name the same unit: the first
     * one in the pattern with a row that vanishes on the edge and bounds the region. */
    bool forward;
} crease_polygon_edge;

/* The corners, counterclockwise.  Edge i goes from corner i to corner i + 1, the last one to corner
 * 0.  If the region is unbounded, the corners are in no order, and there are no edges. */
typedef struct {
    size_t corners, room;
    mpq_t *corner; /* x and y of each */
    crease_polygon_edge *edge;
    bool bounded;
    /* Working state. */
    crease_active_set *active;
    mpq_t term[3];
} crease_polygon;

void crease_polygon_open(crease_polygon *polygon);
void crease_polygon_close(crease_polygon *polygon);

/* Sets the polygon to the closure of the region, whose network has two inputs. */
void crease_polygon_set(crease_polygon *polygon, crease_region *region);

/* The same from the inequalities of the facets alone, without extreme rays: a second method, which
 * also serves where there are no rays. */
void crease_polygon_set_by_rows(crease_polygon *polygon, crease_region *region);

/* Sets area to that of a bounded polygon. */
void crease_polygon_area(crease_polygon *polygon, mpq_t area);

#endif
