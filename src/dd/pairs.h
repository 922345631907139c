/* Which rays of a list share many active rows with a given one. */
#ifndef CREASE_DD_PAIRS_H
#define CREASE_DD_PAIRS_H

#include "dd/rays.h"

/* The active sets of a list of rays, word by word. */
typedef struct {
    size_t count;
    uint64_t *low, *high; /* high: NULL if no ray has a slot above 63 */
} crease_pairs;

/* The list, in the arena. */
crease_pairs crease_pairs_new(crease_arena *arena, crease_ray *const *ray, size_t count);

typedef struct {
    uint32_t index, shared; /* number of the ray, number of shared slots */
} crease_near;

/* Sets found to the rays that share at least `least` slots with the set, in ascending order, and
 * returns how many they are.  found has room for all. */
size_t crease_pairs_near(const crease_pairs *list, const crease_active_set *set, size_t least,
                         crease_near *found);

/* The same for sets of slots below 32. */
size_t crease_pairs_near_narrow(const uint32_t *list, size_t count, uint32_t set, size_t least,
                                crease_near *found);

#endif
