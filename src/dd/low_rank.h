/* Cells whose layer is of low rank.
 *
 * Suppose that a layer below has m active units, m < d - 1.  Then the rows of all layers above it
 * are in the span S of the rows of these units and (0, ..., 0, 1).  If m of the rows that are
 * active at a vertex with d - 1 active rows are in S, they determine the values that rows in S have
 * there. */
#ifndef CREASE_DD_LOW_RANK_H
#define CREASE_DD_LOW_RANK_H

#include "dd/rays.h"

/* Such spaces S, each within the one before it. */
typedef struct {
    size_t count;
    size_t *active;           /* m */
    crease_active_set *slots; /* of rows that lie in S but (0, ..., 0, 1) */
} crease_low_rank;

/* Those of a cell, in the arena. */
crease_low_rank crease_low_rank_find(const crease_rays *rays, const crease_frame *frame);

/* The rows that are active at a vertex and, it may be, as many more that vanish on the whole cell
 * are d - 1: replaces them by those in the smallest of the spaces in which they determine values.
 * False if there is none. */
bool crease_low_rank_reduce(const crease_low_rank *low, size_t more, crease_active_set *active);

/* A set of active sets, in the arena. */
typedef struct {
    size_t size, count;
    uint32_t *table;
    crease_active_set *member;
} crease_active_sets;

/* An empty one with room for so many. */
crease_active_sets crease_active_sets_new(crease_arena *arena, size_t room);

/* Adds a member; false if it was there. */
bool crease_active_sets_add(crease_active_sets *sets, const crease_active_set *member);

#endif
