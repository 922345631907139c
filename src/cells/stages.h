/* What a search keeps for every layer on its path. */
#ifndef CREASE_CELLS_STAGES_H
#define CREASE_CELLS_STAGES_H

#include "cells/cell.h"

typedef struct {
    crease_map *map;
    uint8_t *state;    /* of the decisions made so far */
    uint8_t *gate;     /* per row, see crease_maxout_groups_gates; set on leaving the layer */
    size_t *chosen;    /* see crease_layers_enter */
    uint64_t *pending; /* the units that begin undecided */
} crease_stage;

/* One stage for each layer of the model. */
crease_stage *crease_stages_new(const crease_model *model);
void crease_stages_free(crease_stage *stage, const crease_model *model);

/* The halves of a cell of layer l: half[0], where the unit, which cuts the cell, is positive, and
 * half[1].  pending are the other units that are undecided.  crease_stages_join must follow when
 * what is below the halves is done; the caller sets the unit's state. */
void crease_stages_part(crease_stage *stage, crease_cells *cells, size_t l, crease_cell *cell,
                        size_t unit, const uint64_t *pending, crease_cell half[2]);
void crease_stages_join(crease_stage *stage, size_t l);

/* Visits half number h of a cell of layer l, whose pending units are undecided. */
typedef void crease_half_visit(void *context, size_t l, crease_cell *half, const uint64_t *pending,
                               int h);

/* Visits the halves of a cell of layer l: half 0, where the unit, which cuts the cell, is positive,
 * and then half 1.  The unit's state is set; pending are the other units that are undecided. */
void crease_stages_halve(crease_stage *stage, crease_cells *cells, size_t l, crease_cell *cell,
                         size_t unit, const uint64_t *pending, crease_half_visit *visit,
                         void *context);

/* Sets pattern, one byte per decision, from the states of all layers, where every unit is decided.
 * Comparisons of two losers of a maxout group are 0. */
void crease_stages_pattern(const crease_stage *stage, const crease_model *model, uint8_t *pattern);

/* The cell of layer l, decided, as a cell of layer l + 1, whose stage is set. */
crease_cell crease_stages_enter(crease_stage *stage, crease_cells *cells, const crease_model *model,
                                size_t l, crease_cell *cell);

#endif
