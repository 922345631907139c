/* May cells of a network in a box have one image in the next layer (dd/image.h)? */
#ifndef CREASE_SPLIT_HULLS_H
#define CREASE_SPLIT_HULLS_H

#include "model/model.h"

/* Equal images span equal subspaces.  True if, at a border into some layer, the images of the cells
 * of two random points do, and the points have different states in the layer that is left.
 * Subspaces that are all of the space say nothing and are not looked at, nor are points.  Live rows
 * are not known here: all rows are taken.  A proposal in floating point, the same at each call:
 * nothing but time depends on it. */
bool crease_hulls_repeat(const crease_model *model);

/* May the model have 2^20 regions (cells/most.h)?  To count fewer takes less time than what follows
 * where subspaces are equal and images are not. */
bool crease_hulls_matter(const crease_model *model);

#endif
