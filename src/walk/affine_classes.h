/* Regions taken together by the affine map of the output (model/output_map.h), while the walk runs.
 *
 * open-connected: two regions are in one class if a chain of regions joins them in which
 * neighbours share a facet and have the same map (union-find over the facets).  affine: if they
 * have the same map; the classes of open-connected are put together at the end.
 * Every union is proved in integers.  Classes found so far are no lower bound, as they may grow
 * together; different fingerprints are, since they prove maps to be different. */
#ifndef CREASE_WALK_AFFINE_CLASSES_H
#define CREASE_WALK_AFFINE_CLASSES_H

#include "search/search.h"
#include "walk/visited.h"

typedef struct crease_affine_classes crease_affine_classes;
typedef struct crease_sorter crease_sorter;

/* NULL if the task's definition needs none; then the functions below do nothing. */
crease_affine_classes *crease_affine_classes_new(const crease_task *task);
void crease_affine_classes_free(crease_affine_classes *classes);

/* One worker's view of the classes.  Decisions are added to the tally. */
crease_sorter *crease_sorter_new(crease_affine_classes *classes, crease_tally *tally);
void crease_sorter_free(crease_sorter *sorter);

/* Goes to the region of a handle of the visited set; the pattern, unpacked, is kept by
 * reference.  To be called for every region. */
void crease_sorter_visit(crease_sorter *sorter, uint64_t handle, const uint8_t *pattern);

/* May the region at hand and another have the same map, and are they in different classes so
 * far?  Only then it matters whether they share a facet. */
bool crease_sorter_apart(crease_sorter *sorter, uint64_t handle, const uint8_t *pattern);

/* Says that the region at hand shares a facet with another, on which its row of the unit
 * vanishes.  To be called for all facets, from either side, but for pairs that are not apart. */
void crease_sorter_meet(crease_sorter *sorter, uint64_t handle, const uint8_t *pattern,
                        size_t unit);

/* After the walk: sets the numbers of classes that can be established, see crease_outcome. */
void crease_affine_classes_finish(crease_affine_classes *classes, crease_visited *visited,
                                  crease_outcome *outcome);

#endif
