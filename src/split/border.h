/* Cells that enter a layer: their classes for crease identify, and how they are merged. */
#ifndef CREASE_SPLIT_BORDER_H
#define CREASE_SPLIT_BORDER_H

#include "split/worker.h"

/* Puts a ray cell that has just entered layer l into its class (split/classes.h).  False if it is
 * not to be searched.  cut: the units that cut it. */
bool crease_border_classify(crease_worker *w, size_t l, crease_cell *cell, const uint64_t *cut);

/* Is the cell, which has just entered layer l, to be compared with others? */
bool crease_border_looks(const crease_worker *w, size_t l, const crease_cell *cell);

/* Such a cell, as long as it is counted. */
typedef struct {
    crease_border border;
    crease_whole known; /* its regions, if its image was known */
    crease_whole before;
    double cost;
    size_t layer, depth, lent;
    bool found;
} crease_crossing;

/* True if the cell is done: it has an image that is known, or the worker is to stop.  Otherwise its
 * regions are to be counted, and crease_border_leave follows. */
bool crease_border_cross(crease_worker *w, size_t l, crease_cell *cell, const uint64_t *cut,
                         crease_crossing *crossing);
void crease_border_leave(crease_worker *w, crease_crossing *crossing);

#endif
