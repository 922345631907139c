/* The members of crease_cells, for the files of this room only. */
#ifndef CREASE_CELLS_CELLS_H
#define CREASE_CELLS_CELLS_H

#include "base/limits.h"
#include "cells/cell.h"

/* How counts by outlines went (cells/outline_count.h). */
typedef struct {
    unsigned tried, doubts, passed;
} crease_outline_record;

struct crease_cells {
    const crease_model *model;
    crease_arena *arena;
    crease_tally *tally;
    crease_layers *layers;
    crease_cone *cone;
    crease_boxed *boxed; /* answers for LP cells in the coordinates of the model, or NULL */
    double *boxed_point; /* n + 1 */
    crease_proof *proof; /* or NULL */
    /* The rows that the ids of the cone's rows name. */
    const crease_row *row;
    const crease_rays *chart; /* their coordinates */
    crease_outline_record outlines;
};

/* The most rays of a ray cell in R^d.  A cell with more rays becomes an LP cell, which is faster
 * beyond these measured limits.  With a proof the limit is higher, because certificates of LP cells
 * take longer to write. */
static inline size_t crease_cells_most_rays(const crease_cells *cells, size_t d)
{
    size_t counting = d <= 6 ? 3000 : d == 7 ? 400 : 160;
    size_t most = d > 13 ? 0 : cells->proof ? 3000 : counting;
    return most < CREASE_LIMIT_RAYS ? most : CREASE_LIMIT_RAYS;
}

#endif
