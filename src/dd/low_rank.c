#include "dd/low_rank.h"

#include <string.h>

static void add_space(crease_low_rank *low, const crease_map *above, size_t active,
                      const crease_row *const row[CREASE_RAY_SLOTS])
{
    crease_active_set *set = &low->slots[low->count];
    memset(set, 0, sizeof *set);
    for (size_t s = 0; s < CREASE_RAY_SLOTS; s++)
        if (row[s] && row[s]->map && crease_map_spanned(above, row[s]->map, row[s]->unit))
            set->word[s / 64] |= (uint64_t)1 << s % 64;
    low->active[low->count++] = active;
}

crease_low_rank crease_low_rank_find(const crease_rays *rays, const crease_frame *frame)
{
    crease_low_rank low = {0};
    size_t maps = 0, least = rays->d - 1;
    if (rays->map->narrow >= least)
        return low;
    for (const crease_map *map = rays->map; map->below; map = map->below)
        maps++;
    const crease_map **above = crease_arena_take(rays->arena, maps * sizeof *above);
    size_t *active = crease_arena_take(rays->arena, maps * sizeof *active), lows = 0;
    maps = 0;
    for (const crease_map *map = rays->map; map->below; map = map->below) {
        above[maps] = map;
        active[maps] = crease_map_dimensions(map) - 1;
        lows += active[maps++] < least;
    }
    const crease_row *row[CREASE_RAY_SLOTS];
    crease_frame_rows(frame, row);
    low.active = crease_arena_take(rays->arena, lows * sizeof *low.active);
    low.slots = crease_arena_take(rays->arena, lows * sizeof *low.slots);
    /* A layer with more active units than one below it spans no smaller space. */
    while (maps-- > 0)
        if (active[maps] < least) {
            least = active[maps];
            add_space(&low, above[maps], least, row);
        }
    return low;
}

bool crease_low_rank_reduce(const crease_low_rank *low, size_t more, crease_active_set *active)
{
    for (size_t i = low->count; i-- > 0;) {
        crease_active_set within;
        for (size_t w = 0; w < CREASE_RAY_SLOTS / 64; w++)
            within.word[w] = active->word[w] & low->slots[i].word[w];
        if (crease_active_count(&within) + more == low->active[i]) {
            *active = within;
            return true;
        }
    }
    return false;
}

crease_active_sets crease_active_sets_new(crease_arena *arena, size_t room)
{
    crease_active_sets sets = {.size = 16};
    while (sets.size < 2 * room)
        sets.size *= 2;
    sets.table = crease_arena_take(arena, sets.size * sizeof *sets.table);
    sets.member = crease_arena_take(arena, room * sizeof *sets.member);
    memset(sets.table, 0, sets.size * sizeof *sets.table);
    return sets;
}

/* A hash table of indices + 1, its size a power of two. */
bool crease_active_sets_add(crease_active_sets *sets, const crease_active_set *member)
{
    uint64_t hash = 0;
    for (size_t w = 0; w < CREASE_RAY_SLOTS / 64; w++)
        hash = (hash ^ member->word[w]) * 0x9e3779b97f4a7c15u;
    size_t at = (size_t)(hash >> 40) & (sets->size - 1);
    for (; sets->table[at]; at = (at + 1) & (sets->size - 1))
        if (!memcmp(&sets->member[sets->table[at] - 1], member, sizeof *member))
            return false;
    sets->member[sets->count] = *member;
    sets->table[at] = (uint32_t)++sets->count;
    return true;
}
