/* Frames: the rows of the slots of an active set.
 *
 * A ray names the rows that vanish at it by slots, which are numbers below CREASE_RAY_SLOTS.  A
 * frame gives rows to some slots; every other slot has the row that it has in the parent.  Every
 * cell has a frame, whose parent is the frame of the cell that contains it.
 *
 * Frames lie in an arena and do not change once their rows are set.  A frame's parent lives longer
 * than the frame. */
#ifndef CREASE_DD_FRAME_H
#define CREASE_DD_FRAME_H

#include "base/arena.h"
#include "model/map.h"

enum { CREASE_RAY_SLOTS = 128 };

/* A set of slots. */
typedef struct {
    uint64_t word[CREASE_RAY_SLOTS / 64];
} crease_active_set;

/* A row that bounds a cell. */
typedef struct {
    crease_map *map; /* NULL: the row is face number unit of the coordinates */
    size_t unit;
    int sign; /* sign times the row is positive in the cell; 0: the row vanishes on the cell */
} crease_row;

typedef struct {
    size_t slots;           /* no slot from here on has a row */
    const crease_row **all; /* the rows of the others, or NULL */
    size_t first;
    crease_row row[]; /* its own: row[i] is the row of slot first + i */
} crease_frame;

static inline bool crease_bit(const uint64_t *set, size_t u)
{
    return set[u / 64] >> u % 64 & 1;
}

/* Removes the lowest slot from the set and returns it; CREASE_RAY_SLOTS if the set is empty. */
static inline size_t crease_active_next(crease_active_set *set)
{
    for (size_t w = 0; w < CREASE_RAY_SLOTS / 64; w++)
        if (set->word[w]) {
            size_t slot = 64 * w + (size_t)__builtin_ctzll(set->word[w]);
            set->word[w] &= set->word[w] - 1;
            return slot;
        }
    return CREASE_RAY_SLOTS;
}

static inline size_t crease_active_count(const crease_active_set *set)
{
    size_t count = 0;
    for (size_t w = 0; w < CREASE_RAY_SLOTS / 64; w++)
        count += (size_t)__builtin_popcountll(set->word[w]);
    return count;
}

/* A frame for the slots first, ..., first + count - 1, whose rows the caller sets. */
crease_frame *crease_frame_new(crease_arena *arena, const crease_frame *parent, size_t first,
                               size_t count);

/* The frame of the parent, except for another row in the slot. */
const crease_frame *crease_frame_add(crease_arena *arena, const crease_frame *parent, size_t slot,
                                     crease_row row);

/* The row of a slot, or NULL if it has none. */
static inline const crease_row *crease_frame_row(const crease_frame *frame, size_t slot)
{
    return slot < frame->slots ? frame->all[slot] : NULL;
}

/* Sets row[s] to the row of slot s, or to NULL, for all slots. */
void crease_frame_rows(const crease_frame *frame, const crease_row *row[CREASE_RAY_SLOTS]);

#endif
