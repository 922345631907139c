/* A cell of the split tree, whatever it is made of.
 *
 * A cell is the set of inputs on which the layers before the current one have one pattern and some
 * units of the current layer have a known state.  These functions decide, with proof, which pending
 * units cut a cell, make its two halves under such a unit, turn it into a cell of the next layer,
 * and, if it is possible, count the regions that rows cut it into.
 *
 * There are two kinds.  A ray cell carries its extreme rays and needs no LP (dd/rays.h).  An LP
 * cell carries the rows that bound it and some proved interior points.  It uses lp/cone.h, or in a
 * box lp/boxed.h; then the faces of the box are not among its rows.  A ray cell with too many rays
 * becomes an LP cell.
 *
 * If the thread is interrupted (base/interrupt.h), no result may be used. */
#ifndef CREASE_CELLS_CELL_H
#define CREASE_CELLS_CELL_H

#include "lp/boxed.h"
#include "lp/cone.h"
#include "dd/layers.h"
#include "cells/restriction.h"

typedef struct {
    const crease_rays *chart; /* the coordinates and the rows of the layer */
    bool carries_rays;
    crease_ray_cell rays;
    bool half; /* the first row of the rays' frame halves a cell that all pending units cut */
    const crease_rays *behind; /* coordinates of rays of an earlier layer, see below, or NULL */
    size_t rows;               /* LP cell: what bounds it, first (0, ..., 0, 1) */
    crease_row *row;
    size_t points; /* LP cell: interior points, signs of the layer's rows attached */
    crease_ray **point;
    const crease_boxed_row *
        *boxed; /* LP cell that asks lp/boxed.h: its rows but the first; or NULL */
    crease_bounded_basis **basis; /* there: 2 u + (sign < 0): where the last LP for unit u ended */
} crease_cell;

typedef struct crease_cells crease_cells;

/* The working state of one worker.  proof: where the steps are written, or NULL. */
crease_cells *crease_cells_new(const crease_model *model, const crease_proposer *proposer,
                               crease_tally *tally, crease_proof *proof);
void crease_cells_free(crease_cells *cells);
crease_layers *crease_cells_layers(crease_cells *cells);
crease_arena *crease_cells_arena(crease_cells *cells);

/* Cells that have more rays than what is fastest are wide.  Those of the first `layers` layers may
 * be, with up to CREASE_LIMIT_WIDE rays, as long as a stock of rays is not used up,
 * to which this adds.  A wide cell that is halved takes as many from it as it has. */
void crease_cells_widen(crease_cells *cells, size_t layers, double rays);
bool crease_cells_may_be_wide(const crease_cells *cells);

/* Is the root to be a ray cell?  It is if it has few rays; kind: CREASE_CELL_AUTO, or what was
 * asked for; wide: may it be wide? */
bool crease_cell_root_has_rays(const crease_model *model, crease_cell_kind kind, bool wide);

/* Is the root of a count by auto to be a ray cell all the same?  With one input more than those
 * boxes have, it is faster if one or two wide layers cut the box into many regions; what is written
 * to a proof does not gain by it. */
bool crease_cell_root_pays(const crease_model *model);

/* Is it worth while to look at the domain in parts in which all units of the root have a sign?  It
 * is where these are ray cells, and where there are so many that they are drawn at random. */
bool crease_cell_root_orthants(const crease_model *model, crease_cell_kind kind);

/* The whole domain as an LP cell of the first layer.  The map of that layer must be set. */
crease_cell crease_cell_domain(crease_cells *cells, crease_map *map);

/* The domain as a ray cell, or an LP cell if it has too many rays or inputs.  sign: NULL if it has
 * a box, otherwise the part of it where the root's units have these signs (dd/layers.h). */
crease_cell crease_cell_root(crease_cells *cells, crease_map *map, const int *sign);

/* Decides the pending units (a set over the layer's units): cut receives those that cut the
 * cell, state the states of the others. Returns how many cut. */
size_t crease_cell_classify(crease_cells *cells, crease_cell *cell, const uint64_t *pending,
                            uint64_t *cut, uint8_t *state);

/* A cell that enters a layer may keep its rays as they are, behind the chart.  Makes them those of
 * the chart, before they are used elsewhere. */
void crease_cell_catch_up(crease_cells *cells, crease_cell *cell);

/* Writes to the proof that every pending unit that does not cut the cell is forced. */
void crease_cell_force(crease_cells *cells, crease_cell *cell, const uint64_t *pending,
                       const uint64_t *cut, const uint8_t *state);

/* Writes a point of the cell to the proof: that it is not empty, if nothing cuts it. */
void crease_cell_point(crease_cells *cells, const crease_cell *cell);

/* The halves where unit u, which cuts the cell as all pending units do, is positive (half[0]) and
 * negative. */
void crease_cell_halve(crease_cells *cells, crease_cell *cell, size_t u, const uint64_t *pending,
                       crease_cell half[2]);

/* The cell as a cell of the next layer; see crease_layers_enter. */
crease_cell crease_cell_enter(crease_cells *cells, crease_cell *cell, const uint8_t *state,
                              crease_map *map, size_t *chosen);

/* If the cell can count its regions under the rows of the set without being split: true, and
 * *regions.  The steps go to the proof.  Without a proof it depends on earlier cells whether this
 * is tried: see crease_cells_forget. */
bool crease_cell_count(crease_cells *cells, crease_cell *cell, const uint64_t *cut, size_t cuts,
                       uint64_t *regions);

/* LP cells do not count their regions at once: a trial reaches more of the tree in the same time if
 * it draws some of them. */
void crease_cells_draw(crease_cells *cells);

/* What is answered from now on does not depend on the cells before. */
void crease_cells_forget(crease_cells *cells);

#endif
