/* The current region of the walk, given by its pattern: its rows as a cone, and the region across a
 * facet. */
#ifndef CREASE_WALK_WALK_REGION_H
#define CREASE_WALK_WALK_REGION_H

#include "model/map.h"
#include "lp/cone.h"

/* The unit's row is zero on the region, or compares two losers. */
#define CREASE_ROW_ZERO SIZE_MAX
#define CREASE_ROW_MOOT (SIZE_MAX - 1)

/* What is known about a row of the region. */
typedef enum {
    CREASE_ROW_OPEN,
    CREASE_ROW_KNOWN, /* the region across it, if there is one, has been visited */
    CREASE_ROW_FACET,
    CREASE_ROW_IMPLIED, /* proved to follow from the rows still enabled */
    CREASE_ROW_FACE     /* bounds the domain */
} crease_row_state;

typedef struct {
    const crease_model *model;
    size_t d;
    uint8_t *pattern; /* one byte per decision; comparisons of two losers are 0 */
    crease_cone *cone;
    crease_map **map, **other;    /* per layer: on the region, on a neighbour */
    uint8_t **gate, **other_gate; /* room per layer, see crease_maxout_groups_gates */
    size_t *unit_row;             /* unit -> row of the cone, CREASE_ROW_ZERO or CREASE_ROW_MOOT */
    crease_row_state *state;      /* per row */
    double *unit;                 /* (0, ..., 0, 1) */
} crease_walk_region;

void crease_walk_region_open(crease_walk_region *r, const crease_model *model,
                             const crease_proposer *proposer, crease_tally *tally);
void crease_walk_region_close(crease_walk_region *r);

/* Sets the maps from the pattern, and the rows of the cone: first v_d > 0, then those of all units
 * (state OPEN), then the faces of the domain. */
void crease_walk_region_set(crease_walk_region *r);

/* The same for questions that need no LP: the rows do not go to the proposer. */
void crease_walk_region_add_rows(crease_walk_region *r);

/* Changes the pattern to the one across the hyperplane of unit id, which must have a row, provided
 * that no other unit vanishes there. */
void crease_walk_region_flip(const crease_walk_region *r, uint8_t *pattern, size_t id);

/* The pattern across the facet of the given row.  All rows parallel to it must have the state
 * IMPLIED. Returns the unit of the row. */
size_t crease_walk_region_across(crease_walk_region *r, size_t row, uint8_t *pattern);

#endif
