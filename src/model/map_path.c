#include "model/map_path.h"

#include "base/limits.h"
#include "base/memory.h"

#include <assert.h>
#include <stdlib.h>

/* A cell on the path. */
typedef struct {
    const uint64_t *open; /* with unit: what is not known there; NULL where all is known */
    size_t unit;
    size_t listed; /* so many units of the list are known there */
    size_t cost;   /* entries of their columns */
    size_t sums;   /* so many sums are over no more than these units */
} level;

struct crease_map_path {
    const crease_model_layer *weights;
    size_t room;          /* the largest d */
    size_t levels, depth; /* room for levels; levels in use */
    size_t done;          /* the first of them, whose units are listed */
    level *level;
    uint32_t *unit; /* the list, with room for one more */
    size_t most;    /* sums */
    size_t spacing; /* least number of columns from one sum to the next */
    crease_sum *sum;
    level *summed; /* per sum: the level that it was made for */
};

crease_map_path *crease_map_path_new(const crease_model_layer *weights, size_t d)
{
    crease_map_path *path = crease_alloc(1, sizeof *path);
    size_t n = weights->inputs, most = CREASE_LIMIT_SUMS / ((d + 2) * weights->stride);
    path->weights = weights;
    path->room = d;
    path->most = most < 2 ? 2 : most < n ? most : n;
    path->spacing = n / path->most + 1; /* so that there are never more sums */
    path->unit = crease_alloc(n + 1, sizeof *path->unit);
    return path;
}

void crease_map_path_free(crease_map_path *path)
{
    if (!path)
        return;
    for (size_t s = 0; path->sum && s < path->most; s++)
        free(path->sum[s].row);
    free(path->sum);
    free(path->summed);
    free(path->level);
    free(path->unit);
    free(path);
}

void crease_map_path_push(crease_map_path *path, const uint64_t *open, size_t unit)
{
    assert(path->depth < path->weights->inputs);
    if (path->depth == path->levels) {
        path->levels = 2 * path->levels + 8;
        path->level = crease_realloc(path->level, path->levels, sizeof *path->level);
    }
    path->level[path->depth++] = (level){.open = open, .unit = unit};
}

void crease_map_path_pop(crease_map_path *path)
{
    assert(path->depth > 0);
    path->depth--;
    if (path->done > path->depth)
        path->done = path->depth;
}

static uint64_t open_word(const level *at, size_t w)
{
    return at->open ? at->open[w] | (uint64_t)(at->unit / 64 == w) << at->unit % 64 : 0;
}

/* Lists the active units that became known between two levels; before is NULL at the first. */
static void list_units(crease_map_path *path, const level *before, level *at, const uint8_t *state)
{
    const crease_model_layer *weights = path->weights;
    const size_t *begin = weights->columns.begin;
    size_t n = weights->inputs, listed = before ? before->listed : 0;
    at->listed = listed;
    at->sums = before ? before->sums : 0;
    at->cost = before ? before->cost : 0;
    for (size_t w = 0; w < (n + 63) / 64; w++) {
        uint64_t all = n - 64 * w < 64 ? ((uint64_t)1 << n % 64) - 1 : ~(uint64_t)0;
        uint64_t left = (before ? open_word(before, w) : all) & ~open_word(at, w);
        for (; left; left &= left - 1) {
            size_t t = 64 * w + (size_t)__builtin_ctzll(left);
            path->unit[at->listed] = (uint32_t)t; /* stays if the unit is active */
            at->listed += state[t];
        }
    }
    if (weights->weight)
        at->cost += (at->listed - listed) * weights->stride;
    for (size_t i = listed; !weights->weight && i < at->listed; i++)
        at->cost += begin[path->unit[i] + 1] - begin[path->unit[i]];
}

/* The sum over the units known at a level, from the last one that was kept. */
static bool make_sum(const crease_map_path *path, const crease_map *map, const level *at,
                     const crease_sum *to)
{
    size_t begin = at->sums ? path->summed[at->sums - 1].listed : 0;
    if (!at->sums)
        crease_sum_begin(map, to);
    return crease_sum_add(map, at->sums ? &path->sum[at->sums - 1] : to, to, path->unit + begin,
                          at->listed - begin);
}

/* Is it cheaper to keep the sum of a level than to add its columns once more? */
static bool worth_keeping(const crease_map_path *path, const level *at)
{
    const level *last = at->sums ? &path->summed[at->sums - 1] : NULL;
    size_t columns = at->listed - (last ? last->listed : 0);
    return columns >= path->spacing && at->cost - (last ? last->cost : 0) > path->weights->stride;
}

/* The place of the sum that is kept next. */
static const crease_sum *take_sum(crease_map_path *path, size_t s)
{
    assert(s < path->most);
    if (!path->sum) {
        path->sum = crease_alloc(path->most, sizeof *path->sum);
        path->summed = crease_alloc(path->most, sizeof *path->summed);
    }
    size_t stride = path->weights->stride;
    if (!path->sum[s].row) {
        double *block = crease_alloc_aligned((path->room + 2) * stride, sizeof *block);
        path->sum[s] =
            (crease_sum){block, block + path->room * stride, block + (path->room + 1) * stride};
    }
    return &path->sum[s];
}

size_t crease_map_path_sum(crease_map_path *path, const crease_map *map, const uint8_t *state,
                           const crease_sum *to)
{
    level last = {.open = NULL};
    for (; path->done < path->depth; path->done++) {
        level *at = &path->level[path->done];
        list_units(path, path->done ? at - 1 : NULL, at, state);
        if (crease_sum_is_narrow(map) || !worth_keeping(path, at))
            continue;
        if (!make_sum(path, map, at, take_sum(path, at->sums)))
            return 0;
        path->summed[at->sums++] = *at;
    }
    list_units(path, path->depth ? &path->level[path->depth - 1] : NULL, &last, state);
    if (crease_sum_is_narrow(map))
        crease_sum_norms(map, to, path->unit, last.listed);
    else
        make_sum(path, map, &last, to);
    return last.listed;
}
