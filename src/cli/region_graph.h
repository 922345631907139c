/* Which regions share a facet, as an .npz file of compressed sparse rows. */
#ifndef CREASE_CLI_REGION_GRAPH_H
#define CREASE_CLI_REGION_GRAPH_H

#include "regions/graph.h"

/* Writes the graph of all regions, which have been added once each: with
 *   indptr   regions + 1
 *   indices  the neighbours of region r are indices[indptr[r]], ..., indices[indptr[r + 1] - 1]
 *   unit     for each of them, the place in the pattern of a unit that changes on the way
 *   pattern  regions x units
 * Regions have the numbers order[0], order[1], ... in the order in which they were added; order
 * NULL: 0, 1, ... */
crease_status crease_cli_graph_write(crease_graph *graph, const size_t *order, const char *path,
                                     crease_error *error);

#endif
