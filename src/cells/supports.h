/* Supports of units that keep one sign on a cell, as a certificate names them
 * (src/check/FORMAT.md). */
#ifndef CREASE_CELLS_SUPPORTS_H
#define CREASE_CELLS_SUPPORTS_H

#include "base/arena.h"
#include "dd/rays.h"
#include "proof/trace.h"

typedef struct {
    size_t count, *reference; /* ascending: of units and faces */
    crease_forced forced;
    bool written;
} crease_support;

/* Adds a row or a face; there must be room. */
void crease_support_add(const crease_model *model, crease_support *support, const crease_row *row);

/* Writes all of a list, whose units ascend; those with one support go into one node. */
void crease_supports_write(crease_trace *trace, crease_arena *arena, crease_support *list,
                           size_t count);

#endif
