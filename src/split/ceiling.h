/* An upper bound on the regions in a cell, from the cell itself or from its parts. */
#ifndef CREASE_SPLIT_CEILING_H
#define CREASE_SPLIT_CEILING_H

#include "split/worker.h"

#include <gmp.h>

typedef struct {
    mpz_t own, before;
} crease_ceiling;

/* For a cell of layer l, where the units of cut are undecided.  False if its bound (cells/most.h)
 * was added to keeper->most: the cell is done.  True if the bound exceeds keeper->part_above: then
 * the bounds of the cell's parts are to be added, and crease_ceiling_end is to be called. */
bool crease_ceiling_begin(crease_worker *w, size_t l, const uint64_t *cut, crease_ceiling *ceiling);

/* The parts add the lesser of their sum and the bound of the cell: both are bounds. */
void crease_ceiling_end(crease_worker *w, crease_ceiling *ceiling);

#endif
