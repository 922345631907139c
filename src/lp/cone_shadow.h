/* Shadow checks (base/shadow.h) of what lp/cone_meet.h answers. */
#ifndef CREASE_LP_CONE_SHADOW_H
#define CREASE_LP_CONE_SHADOW_H

#include "base/shadow.h"
#include "lp/cone_meet.h"

/* The rows beside those of the cell, and row 0, lie in a space of rank + 1 dimensions. */
void crease_shadow_cone_rank(const crease_cone_meeting *meeting);

/* Near v, with all coordinates but those of k columns kept, the k rows of the set are 0 at one
 * point: it lies in the cell, and if k is the rank, no other row is 0 there. */
void crease_shadow_cone_meets(const crease_cone_meeting *meeting, uint64_t set,
                              const size_t *column, const double *v);

/* Row own is a combination of the count rows, as step 2 of lp/cone_meet.h asks for. */
void crease_shadow_cone_apart(const crease_cone_meeting *meeting, size_t own, const size_t *row,
                              size_t count);

#endif
