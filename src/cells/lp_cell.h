/* LP cells: cells that are given by the rows that bound them, the first of which is v_d > 0.
 *
 * The cone of crease_cells (lp/cone.h) answers for one cell at a time, whose rows are loaded. */
#ifndef CREASE_CELLS_LP_CELL_H
#define CREASE_CELLS_LP_CELL_H

#include "cells/cells.h"

/* A cell without rows and points, with room for so many rows and one; boxed: in a box. */
crease_cell crease_lp_cell_new(crease_cells *cells, const crease_rays *chart, size_t rows,
                               bool boxed);

/* Attaches a proved interior point to the cell, unless it has enough; v has max norm near 1. */
void crease_lp_cell_add_point(crease_cells *cells, crease_cell *cell, const double *v);

/* In a box: adds a row; false, and nothing added, if it is zero. */
bool crease_lp_cell_add_boxed_row(crease_cells *cells, crease_cell *cell, const crease_row *row);

/* In a box: attaches a point, whose coordinates are changed, if it is proved to lie inside. */
void crease_lp_cell_add_boxed_point(crease_cells *cells, crease_cell *cell, double *v);

/* Replaces a ray cell: the rows that are active at a ray bound it. */
void crease_lp_cell_replace(crease_cells *cells, crease_cell *cell);

/* Empties the cone.  The id of a row that is added later is its place in the array, which is kept
 * by reference.  reach: see crease_cone_clear. */
void crease_lp_cell_clear_cone(crease_cells *cells, const crease_rays *chart, const double *reach,
                               const crease_row *row);

/* Adds a row to the cone, under an id. */
void crease_lp_cell_add_row(crease_cells *cells, const crease_row *row, size_t id);

/* Decides the open units, opens in number, by LP.  positive and negative are the units that are
 * known to be positive and negative somewhere in the cell; what is found out is added. */
void crease_lp_cell_decide(crease_cells *cells, crease_cell *cell, const uint64_t *open,
                           size_t opens, uint64_t *positive, uint64_t *negative);

/* The same in a box. */
void crease_lp_cell_decide_in_box(crease_cells *cells, crease_cell *cell, const uint64_t *open,
                                  uint64_t *positive, uint64_t *negative);

/* The regions under the rows of the set, all of which cut the cell (cells/meets.h); false if they
 * are not proved. */
bool crease_lp_cell_count(crease_cells *cells, const crease_cell *cell, const uint64_t *cut,
                          size_t cuts, uint64_t *regions);

/* In a box: the regions under the rows of the set, all of which cut the cell (cells/meets.h); false
 * if they are not proved.  The steps go to the proof, if there is one (cells/meets_proof.h). */
bool crease_lp_cell_count_in_box(crease_cells *cells, const crease_cell *cell, const uint64_t *cut,
                                 size_t cuts, uint64_t *regions);

/* v: a point inside a cell in a box, d coordinates, the last one 1; false if none could be found in
 * doubles.  It depends on the path to the cell alone. */
bool crease_lp_cell_point_in_box(crease_cells *cells, const crease_cell *cell, double *v);

/* The same cell with all rows that bound it, those of a box as well, in the arena. */
crease_cell crease_lp_cell_with_faces(crease_cells *cells, const crease_cell *cell);

/* See crease_cell_halve and crease_cell_enter. */
void crease_lp_cell_halve(crease_cells *cells, const crease_cell *cell, size_t u,
                          crease_cell half[2]);
crease_cell crease_lp_cell_enter(crease_cells *cells, const crease_cell *cell, const uint8_t *state,
                                 crease_map *map, size_t *chosen);

#endif
