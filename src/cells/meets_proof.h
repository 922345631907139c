/* Proving a count by sets that meet (cells/meets.h) in a certificate (src/check/FORMAT.md).
 *
 * First the regions are counted.  Then each set of functions that meet in the cell is part of one
 * that was found to, and the tree is written without further doubts about them.  On the flat where
 * the functions of a set T are 0, with others pending:
 *
 * FORCE.  A function that does not meet it with T has one sign there.  A linear program on the flat
 * finds a support.
 *
 * MEET.  As many of those that are left as are in one set that meets, with T, are independent on
 * the flat: they make 2^k regions.  A point near one where they meet is a target
 * (proof/witnesses.h).
 *
 * CROSS.  Each of the others adds the regions of its zeros.  No two functions have the same zeros
 * there, as those of sets that meet are independent.  Those that meet few others come first: the
 * tree is smaller by a tenth.
 *
 * Where there is a doubt, nothing is written. */
#ifndef CREASE_CELLS_MEETS_PROOF_H
#define CREASE_CELLS_MEETS_PROOF_H

#include "cells/cell.h"
#include "cells/meets.h"
#include "cells/supports.h"

/* What is known of an LP cell of the last layer, and of the functions of units that cut it. */
typedef struct {
    crease_meets meets;
    size_t count;
    const size_t *unit; /* in the layer, ascending */
    double
        *point; /* inputs + 1: where meets.ask leaves a point of a set that meets, the last one 1 */
    /* Function c where those of the set are 0, which do not meet with it: what supports its sign
     * there, which is that at a point; false if none was found.  context: that of meets. */
    bool (*support)(void *context, uint64_t set, size_t c, const double *point,
                    crease_support *support);
} crease_meets_task;

/* Counts the regions and writes them; false if they are not proved, and nothing is written. */
bool crease_meets_prove(crease_cells *cells, const crease_cell *cell, const crease_meets_task *task,
                        uint64_t *regions);

#endif
