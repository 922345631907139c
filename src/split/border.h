/* Cells that enter a layer, for crease identify. */
#ifndef CREASE_SPLIT_BORDER_H
#define CREASE_SPLIT_BORDER_H

#include "split/worker.h"

/* Puts a ray cell that has just entered layer l into its class (split/classes.h).  False if it is
 * not to be searched.  cut: the units that cut it. */
bool crease_border_classify(crease_worker *w, size_t l, const crease_cell *cell,
                            const uint64_t *cut);

#endif
