/* The inside of crease_cells, for the files of this room. */
#ifndef CREASE_CELLS_CELLS_H
#define CREASE_CELLS_CELLS_H

#include "base/limits.h"
#include "cells/cell.h"

/* Ray cells of more rays become LP cells. */
enum { CREASE_CELLS_MOST_RAYS = CREASE_LIMIT_RAYS };

struct crease_cells {
    const crease_model *model;
    crease_arena *arena;
    crease_tally *tally;
    crease_layers *layers;
    crease_cone *cone;
    crease_boxed *boxed; /* what LP cells in the coordinates of the model ask, or NULL */
    double *boxed_point; /* n + 1 */
    crease_proof *proof; /* or NULL */
    /* What the ids of the cone's rows stand for. */
    const crease_row *row;
    const crease_rays *chart; /* their coordinates */
};

/* Writes to the proof that the cell, cut by nothing, is not empty. */
void crease_cell_point(crease_cells *cells, const crease_cell *cell);

#endif
