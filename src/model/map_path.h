/* Sums that the maps of nested cells share.
 *
 * A search descends a tree of cells of one layer.  Along the path, the states of the layer's units
 * become known, most of them for a whole subtree.  A path ends with a map of the next layer.  A
 * path lists the active units of the layer below in the order in which they became known.  It keeps
 * sums (model/sum.h) over prefixes of this list, which the maps of all cells below share.  The rows
 * of a map depend only on the list, not on the sums that were kept. */
#ifndef CREASE_MODEL_MAP_PATH_H
#define CREASE_MODEL_MAP_PATH_H

#include "model/sum.h"

/* For the maps of a layer whose rows have length at most d.  Its sums take at most
 * CREASE_LIMIT_SUMS doubles, or twice the size of one map. */
crease_map_path *crease_map_path_new(const crease_model_layer *weights, size_t d);
void crease_map_path_free(crease_map_path *path);

/* See crease_map_push and crease_map_pop. */
void crease_map_path_push(crease_map_path *path, const uint64_t *open, size_t unit);
void crease_map_path_pop(crease_map_path *path);

/* Sets `to` to the sum over all active units; below, d and scale of the map are set, and its norms
 * if it is narrow (model/sum.h).  Returns the number of units. */
size_t crease_map_path_sum(crease_map_path *path, const crease_map *map, const uint8_t *state,
                           const crease_sum *to);

#endif
