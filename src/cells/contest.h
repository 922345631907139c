/* Maxout groups in a cell: the parts of the cell where each candidate of a group wins. */
#ifndef CREASE_CELLS_CONTEST_H
#define CREASE_CELLS_CONTEST_H

#include "cells/stages.h"

typedef struct {
    size_t layer, group;
    size_t first, comparisons; /* the group's comparisons: units first, first + 1, ... */
    size_t candidates, *piece; /* candidate b is piece[b] */
    const uint64_t *rest;      /* cutting units outside of the group */
    uint8_t *before;           /* the states of the comparisons */
} crease_contest;

/* Does unit u of layer l, which cuts a cell, belong to a group of more than two candidates?  Then
 * the cell is divided among them, not halved.  cut: the units that cut it. */
bool crease_contest_needed(const crease_stage *stage, crease_cells *cells,
                           const crease_model *model, size_t l, const uint64_t *cut, size_t unit);

/* The contest in the group of such a unit.  Takes the group's comparisons out of cut, which must
 * stay in place.  Memory is from the arena of the cells.  crease_contest_close restores the states
 * of the comparisons. */
crease_contest crease_contest_open(const crease_stage *stage, crease_cells *cells,
                                   const crease_model *model, size_t l, uint64_t *cut, size_t unit);
void crease_contest_close(const crease_contest *contest, crease_stage *stage);

/* Narrows the cell to where candidate b beats all others, and sets the states of the comparisons.
 * False if that part is empty: then comparison *lost is forced to the other sign in what the cell
 * has become.  The memory is from the arena of the cells. */
bool crease_contest_narrow(const crease_contest *contest, crease_stage *stage, crease_cells *cells,
                           size_t b, crease_cell *cell, size_t *lost);

#endif
