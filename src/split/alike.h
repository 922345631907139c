/* Certificates with cells that are like one before them (src/check/FORMAT.md, version 2).
 *
 * The tree is walked twice, by one worker, in the same way.  Cells that enter a layer are compared
 * with those before them (dd/image.h), and if maps between them are found (proof/alike.h), their
 * sub-trees are left out.  The first walk learns which cells are needed again; what it writes is
 * thrown away.  In the second one, these get their names. */
#ifndef CREASE_SPLIT_ALIKE_H
#define CREASE_SPLIT_ALIKE_H

#include "cells/cell.h"
#include "cells/stages.h"
#include "base/whole.h"

/* In the last layer, cells that fewer units cut are not compared. */
enum { CREASE_ALIKE_CUTS = 4 };

typedef struct crease_alike crease_alike;

/* wide: cells may be wide (cells/cell.h).  Then cells are compared only if their images have the
 * same rays, those that are not extreme among them, since these take an LP each to find. */
crease_alike *crease_alike_begin(const crease_model *model, bool wide);
void crease_alike_again(crease_alike *alike); /* the second walk begins */
void crease_alike_end(crease_alike *alike);

/* A unit of layer l divides the cell; its state is that of the stage.  Undone by
 * crease_alike_join. */
void crease_alike_part(crease_alike *alike, size_t l, size_t unit);
void crease_alike_join(crease_alike *alike);

/* What the worker keeps for a cell at a border. */
typedef struct {
    size_t own; /* among the cells that others may be like, or SIZE_MAX */
    crease_whole before;
    uint8_t *key;
    size_t bytes;
} crease_alike_border;

/* A ray cell has entered layer l, and its states are written.  True if it is like a cell before it,
 * which is written, and has as many regions; otherwise crease_alike_leave follows once it was
 * searched. cut, stage: as the worker has them. */
bool crease_alike_enter(crease_alike *alike, crease_cells *cells, crease_trace *trace,
                        const crease_stage *stage, size_t l, const crease_cell *cell,
                        const uint64_t *cut, crease_alike_border *border, crease_whole *regions);
void crease_alike_leave(crease_alike *alike, const crease_trace *trace,
                        crease_alike_border *border);

#endif
