/* Which regions share a facet (crease_region_graph), collected from batches. */
#ifndef CREASE_REGIONS_GRAPH_H
#define CREASE_REGIONS_GRAPH_H

#include <crease_regions.h>

typedef struct crease_graph crease_graph;

/* What the batches must have for it. */
enum { CREASE_GRAPH_FIELDS = CREASE_WITH_FACETS | CREASE_WITH_NEIGHBOURS };

crease_graph *crease_graph_new(void);
void crease_graph_free(crease_graph *graph);

/* Adds the next regions.  One thread at a time. */
void crease_graph_add(crease_graph *graph, const crease_region_batch *batch);

/* When all regions have been added once each: the graph, which belongs to the caller, who gives it
 * to crease_region_graph_free.  False if two patterns have the same hash. */
bool crease_graph_take(crease_graph *graph, crease_region_graph *taken);

/* Bounds on the eccentricities of a connected graph, from breadth-first searches from at most
 * `searches` regions (Takes, Kosters, Determining the diameter of small world networks, 2011): if
 * region u has the eccentricity e and w is at distance d from it, that of w is at least
 * max(e - d, d) and at most e + d.  The next region is one with the largest upper bound and one
 * with the smallest lower bound in turn.  False if the graph is not connected. */
bool crease_graph_spread(const crease_region_graph *graph, size_t searches,
                         crease_graph_spread_bounds *bounds);

#endif
