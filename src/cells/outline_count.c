#include "cells/outline_count.h"

#include "base/interrupt.h"
#include "dd/outline.h"
#include "cells/shadow.h"

#include <assert.h>

/* The rows of the set that have the signs of row c, or the opposite ones, at the rays so far. */
typedef struct {
    uint64_t same, opposite;
} likeness;

/* Are the zeros of the rows, two or more, proved to be pairwise different on the outline?  They are
 * where signs differ; elsewhere values tell. */
static bool traces_differ(const crease_outline_space *space, const crease_outline *outline,
                          uint64_t rows)
{
    likeness like[CREASE_OUTLINE_ROWS];
    uint64_t left = rows; /* rows with another one like them */
    for (uint64_t some = rows; some; some &= some - 1)
        like[__builtin_ctzll(some)] = (likeness){rows, rows};
    for (size_t i = 0; i < outline->count && left; i++) {
        uint64_t positive = outline->ray[i].positive, negative = outline->ray[i].negative;
        uint64_t zero = ~(positive | negative);
        for (uint64_t some = left; some; some &= some - 1) {
            uint64_t bit = some & -some;
            likeness *own = &like[__builtin_ctzll(some)];
            own->same &= positive & bit ? positive : negative & bit ? negative : zero;
            own->opposite &= positive & bit ? negative : negative & bit ? positive : zero;
            if (own->same == bit && !own->opposite)
                left &= ~bit;
        }
    }
    for (; left; left &= left - 1) {
        size_t c = (size_t)__builtin_ctzll(left);
        uint64_t lower = ((left & -left) - 1) & (like[c].same | like[c].opposite);
        for (; lower; lower &= lower - 1)
            if (!crease_outline_differ(space, outline, c, (size_t)__builtin_ctzll(lower)))
                return false;
    }
    return true;
}

/* The rows of the set, two or more, cut the outline. */
static bool count_in(crease_outline_space *space, const crease_outline *outline, uint64_t rows,
                     uint64_t *regions)
{
    uint64_t sum = 1;
    if (outline->dimension == 2) {
        *regions = 1 + (uint64_t)__builtin_popcountll(rows);
        return crease_outline_apart(space, outline, rows);
    }
    if (!traces_differ(space, outline, rows))
        return false;
    for (; rows & (rows - 1); space->crossings--) {
        size_t c = 63 - (size_t)__builtin_clzll(rows);
        crease_arena_mark mark = crease_arena_here(space->rays->arena);
        crease_outline restriction;
        uint64_t cut, more;
        rows &= ~((uint64_t)1 << c);
        space->crossed[space->crossings++] = c;
        bool sure = crease_outline_cross(space, outline, c, rows, &restriction, &cut);
        if (crease_interrupt_raised())
            return false;
        more = 1 + (cut != 0);
        if (sure && (cut & (cut - 1)))
            sure = count_in(space, &restriction, cut, &more);
        crease_arena_release(space->rays->arena, mark);
        if (!sure)
            return false;
        sum += more;
    }
    *regions = sum + 1; /* the last row alone cuts one cell in two */
    return true;
}

static bool try_to_count(const crease_rays *rays, const crease_ray_cell *cell, const uint64_t *rows,
                         uint64_t *regions)
{
    crease_arena_mark mark = crease_arena_here(rays->arena);
    crease_outline_space space;
    crease_outline outline;
    bool sure = crease_outline_open(&space, rays, cell, rows, &outline);
    if (sure && space.rows == 1)
        *regions = 2;
    else if (sure)
        sure = count_in(&space, &outline, ~(uint64_t)0 >> (64 - space.rows), regions);
    crease_arena_release(rays->arena, mark);
    return sure && !crease_interrupt_raised();
}

bool crease_outline_count(const crease_rays *rays, const crease_ray_cell *cell,
                          const uint64_t *rows, uint64_t *regions)
{
    return try_to_count(rays, cell, rows, regions) ||
           (crease_rays_refine_all(rays, cell) && try_to_count(rays, cell, rows, regions));
}
