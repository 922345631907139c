/* The inside of crease_cells, for the files that work on cells. */
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
    crease_rays *rays;
    crease_cone *cone;
    crease_boxed *boxed;    /* what LP cells in the coordinates of the model ask, or NULL */
    double *boxed_point;    /* n + 1 */
    crease_proof *proof;    /* or NULL */
    const crease_slot *row; /* what the ids of the cone's rows stand for */
};

/* The integers of the row that id stands for; context is a crease_cells. */
const mpz_t *crease_cells_fetch(void *context, size_t id);

/* Adds a row to the cone, under an id. */
void crease_cells_add_row(crease_cells *cells, const crease_slot *row, size_t id);

/* An LP cell without rows and points, with room for so many rows and one; boxed: in a box. */
crease_cell crease_cells_empty(crease_cells *cells, size_t rows, bool boxed);

/* Attaches a proved interior point to the cell; v has max norm near 1. */
void crease_cells_add_point(crease_cells *cells, crease_cell *cell, const double *v);

/* ---- LP cells in a box ---- */

/* Adds a row; false, and nothing added, if it is zero. */
bool crease_cells_add_boxed_row(crease_cells *cells, crease_cell *cell, const crease_slot *row);

/* Attaches a point, whose coordinates are changed, if it is proved to lie inside. */
void crease_cells_add_boxed_point(crease_cells *cells, crease_cell *cell, double *v);

/* Decides by LP the open units.  positive and negative grow by the signs that are found to occur. */
void crease_cells_decide_in_box(crease_cells *cells, crease_cell *cell, const uint64_t *open,
                                uint64_t *positive, uint64_t *negative);

/* The same cell with all rows that bound it, in the arena. */
crease_cell crease_cells_with_faces(crease_cells *cells, const crease_cell *cell);

/* Writes to the proof that the cell, cut by nothing, is not empty. */
void crease_cell_point(crease_cells *cells, const crease_cell *cell);

#endif
