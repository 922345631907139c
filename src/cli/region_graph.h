/* Which regions share a facet, as an .npz file of compressed sparse rows. */
#ifndef CREASE_CLI_REGION_GRAPH_H
#define CREASE_CLI_REGION_GRAPH_H

#include <crease_regions.h>

typedef struct cli_graph cli_graph;

cli_graph *crease_cli_graph_new(void);
void crease_cli_graph_free(cli_graph *graph);

/* What the batches must have for it. */
enum { CLI_GRAPH_FIELDS = CREASE_WITH_FACETS | CREASE_WITH_NEIGHBOURS };

/* Adds the next regions.  One thread at a time. */
void crease_cli_graph_add(cli_graph *graph, const crease_region_batch *batch);

/* Writes the graph of all regions, which have been added once each: with
 *   indptr   regions + 1
 *   indices  the neighbours of region r are indices[indptr[r]], ..., indices[indptr[r + 1] - 1]
 *   unit     for each of them, the place in the pattern of a unit that changes on the way
 *   pattern  regions x units
 * Regions have the numbers order[0], order[1], ... in the order in which they were added; order
 * NULL: 0, 1, ... */
crease_status crease_cli_graph_write(cli_graph *graph, const size_t *order, const char *path,
                                     crease_error *error);

#endif
