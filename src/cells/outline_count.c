#include "cells/outline_count.h"

#include "base/interrupt.h"
#include "dd/outline.h"
#include "cells/shadow.h"

#include <assert.h>

bool crease_outline_count_in(crease_outline_space *space, const crease_outline *outline,
                             uint64_t rows, uint64_t *regions)
{
    uint64_t sum = 1;
    if (outline->dimension == 2) {
        *regions = 1 + (uint64_t)__builtin_popcountll(rows);
        return crease_outline_apart(space, outline, rows);
    }
    for (; rows & (rows - 1); space->crossings--) {
        size_t c = 63 - (size_t)__builtin_clzll(rows);
        crease_arena_mark mark = crease_arena_here(space->rays->arena);
        crease_outline restriction;
        uint64_t cut = 0, more;
        rows &= ~((uint64_t)1 << c);
        space->crossed[space->crossings++] = c;
        bool repeated;
        bool sure = crease_outline_cross(space, outline, c, rows, &restriction, &cut, &repeated);
        if (crease_interrupt_raised() || !sure)
            return false;
        more = repeated ? 0 : 1 + (cut != 0);
        if (!repeated && (cut & (cut - 1)))
            sure = crease_outline_count_in(space, &restriction, cut, &more);
        crease_arena_release(space->rays->arena, mark);
        if (!sure)
            return false;
        sum += more;
    }
    *regions = sum + 1; /* the last row alone cuts one cell in two */
    return true;
}

bool crease_outline_try(const crease_rays *rays, const crease_ray_cell *cell, const uint64_t *rows,
                        uint64_t *regions)
{
    crease_arena_mark mark = crease_arena_here(rays->arena);
    crease_outline_space space;
    crease_outline outline;
    bool sure = crease_outline_open(&space, rays, cell, rays->d, rows, false, &outline) &&
                crease_outline_count_in(&space, &outline, crease_outline_rows(&space), regions);
    crease_arena_release(rays->arena, mark);
    return sure && !crease_interrupt_raised();
}

bool crease_outline_count(const crease_rays *rays, const crease_ray_cell *cell,
                          const uint64_t *rows, uint64_t *regions)
{
    return crease_outline_try(rays, cell, rows, regions) ||
           (crease_rays_refine_all(rays, cell) && crease_outline_try(rays, cell, rows, regions));
}
