/* Groups of comparisons: group g of a layer of rank k has k (k - 1) / 2 of them, p_t - p_s for
 * s < t in lexicographic order. */
#include "check.h"

#include <string.h>

static size_t comparisons(const layer *l)
{
    return l->map->rank * (l->map->rank - 1) / 2;
}

size_t group_unit(const layer *l, size_t group, size_t s, size_t t)
{
    size_t low = s < t ? s : t, high = s < t ? t : s, unit = l->first + group * comparisons(l);
    for (size_t i = 0; i < low; i++)
        unit += l->map->rank - 1 - i;
    return unit + high - low - 1;
}

size_t group_of(const layer *l, size_t unit)
{
    return (unit - l->first) / comparisons(l);
}

size_t group_loser(const layer *l, size_t unit, uint8_t state)
{
    size_t s = 0, left = (unit - l->first) % comparisons(l);
    for (; left >= l->map->rank - 1 - s; s++)
        left -= l->map->rank - 1 - s;
    return state == ON ? s : s + 1 + left;
}

bool group_candidate(const checker *c, const layer *l, size_t group, size_t piece)
{
    for (size_t t = 0; t < l->map->rank; t++) {
        uint8_t state = t == piece ? PENDING : c->state[group_unit(l, group, piece, t)];
        if (state == (piece < t ? ON : OFF))
            return false;
    }
    return true;
}

size_t group_candidates(const checker *c, const layer *l, size_t group)
{
    size_t count = 0;
    for (size_t s = 0; s < l->map->rank; s++)
        count += group_candidate(c, l, group, s);
    return count;
}

bool group_none_crowded(const checker *c, const layer *l)
{
    size_t groups = l->map->rank > 2 ? l->map->units / comparisons(l) : 0;
    for (size_t g = 0; g < groups; g++)
        if (group_candidates(c, l, g) > 2)
            return false;
    return true;
}

const uint8_t *group_outputs(checker *c, const layer *l)
{
    const affine *map = l->map;
    size_t each = comparisons(l), groups = each ? map->units / each : 0;
    if (map->width == map->units)
        return c->state + l->first; /* ReLU units, all decided */
    memset(c->on, ON, map->width);
    if (groups == 0)
        memcpy(c->on, c->state + l->first, map->units);
    else
        memset(c->on, OFF, map->units);
    for (size_t g = 0; g < groups; g++)
        for (size_t s = 0; s < map->rank; s++)
            c->on[map->units + g * map->rank + s] = group_candidate(c, l, g, s) ? ON : OFF;
    return c->on;
}
