/* The members of crease_cells, for the files of this room only. */
#ifndef CREASE_CELLS_CELLS_H
#define CREASE_CELLS_CELLS_H

#include "base/limits.h"
#include "cells/cell.h"

/* How counts went that may end in doubt. */
typedef struct {
    unsigned tried, doubts, passed;
} crease_count_record;

struct crease_cells {
    const crease_model *model;
    crease_arena *arena;
    crease_tally *tally;
    crease_layers *layers;
    crease_cone *cone;
    crease_boxed *boxed; /* answers for LP cells in the coordinates of the model, or NULL */
    double *boxed_point; /* n + 1 */
    crease_proof *proof; /* or NULL */
    size_t wide_layers;  /* see crease_cells_widen */
    double wide_rays;
    /* The rows that the ids of the cone's rows name. */
    const crease_row *row;
    const crease_rays *chart;            /* their coordinates */
    bool draws;                          /* see crease_cells_draw */
    crease_count_record outlines, meets; /* cells/outline_count.h, cells/meets.h */
    bool few_behind;                     /* see has_few_behind */
    bool few_bits; /* all weights and biases are integers of few bits, up to a factor per layer */
};

/* The most rays of a ray cell with these coordinates, unless it may be wide (crease_cells_widen).
 * A cell with more rays becomes an LP cell, which is faster beyond these measured limits.  With
 * weights of few bits hyperplanes meet in special positions, where outlines (cells/outline_count.h)
 * leave doubts and ray cells are slower.  With a proof the limit is higher, because certificates of
 * LP cells take longer to write; where cells may be wide and have many inputs, this holds in the
 * last layer only, up to 9 inputs.  It is as high where few regions are behind a cell. */
static inline size_t crease_cells_most_rays(const crease_cells *cells, const crease_rays *chart)
{
    size_t d = chart->d, high = d <= 11 && !cells->few_bits ? 1000 : 160;
    bool last = chart->map->layer + 1 == cells->model->layers;
    if (last && d == 9 && !cells->few_bits)
        high = 2500;
    size_t counting = d <= 6 ? 3000 : d == 7 ? 400 : high;
    bool longer = cells->few_behind || (cells->proof && (!cells->wide_layers || (last && d <= 10)));
    size_t most = longer ? 3000 : d > 13 ? 0 : counting;
    return most < CREASE_LIMIT_RAYS ? most : CREASE_LIMIT_RAYS;
}

#endif
