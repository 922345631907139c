/* Classes of regions by the affine map of the outputs (model/output_map.h), found during the walk.
 *
 * open-connected: two regions are in one class if a chain of regions leads from one to the other in
 * which neighbours share a facet and have the same map (union-find over the facets).
 * affine: two regions are in one class if they have the same map; these classes are unions of
 * open-connected ones, formed at the end.
 * Every union is proved in integers.  The number of classes found so far is no lower bound, since
 * two classes may still merge.  The number of different fingerprints is one, since different
 * fingerprints prove different maps. */
#ifndef CREASE_WALK_AFFINE_CLASSES_H
#define CREASE_WALK_AFFINE_CLASSES_H

#include "search/search.h"
#include "walk/visited.h"

typedef struct crease_affine_classes crease_affine_classes;
typedef struct crease_class_view crease_class_view;

/* NULL if the definition of the task needs no classes; the functions below then do nothing. */
crease_affine_classes *crease_affine_classes_new(const crease_task *task);
void crease_affine_classes_free(crease_affine_classes *classes);

/* One worker's view of the classes.  Decisions are added to the tally. */
crease_class_view *crease_class_view_new(crease_affine_classes *classes, crease_tally *tally);
void crease_class_view_free(crease_class_view *view);

/* Makes the region with this handle of the visited set the current one.  The pattern is unpacked
 * and kept by reference.  Must be called for every region. */
void crease_class_view_visit(crease_class_view *view, uint64_t handle, const uint8_t *pattern);

/* Are the current region and another in different classes so far, and may they have the same map?
 * Only then does it matter whether they share a facet. */
bool crease_class_view_may_merge(crease_class_view *view, uint64_t handle, const uint8_t *pattern);

/* Says that the current region and another share a facet, on which the row of the unit vanishes.
 * Must be called for every facet, from at least one side, unless the two are not apart. */
void crease_class_view_merge(crease_class_view *view, uint64_t handle, const uint8_t *pattern,
                             size_t unit);

/* Sets the numbers of classes that are established after the walk, see crease_outcome. */
void crease_affine_classes_finish(crease_affine_classes *classes, crease_visited *visited,
                                  crease_outcome *outcome);

#endif
