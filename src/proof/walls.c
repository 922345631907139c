#include "proof/walls.h"

#include "base/lanes.h"
#include "exact/filter.h"

#include <math.h>
#include <string.h>

/* The rows of one map, by blocks of 8 units. */
struct crease_wall_group {
    crease_wall_group *next;
    const crease_map *map;
    size_t stride, blocks, *block; /* the first units of the blocks */
    uint64_t *listed;              /* bit b: are units 8 b, ..., 8 b + 7 among them? */
    double *sign;                  /* by unit, in those blocks; 0: the unit is no wall */
    double *bound, *grow,
        *inverse; /* likewise: error of a value for one = 1; mag + err; 2 / sum |r_j| */
};

static crease_wall_group *find_group(crease_walls *walls, const crease_map *map)
{
    crease_arena *arena = walls->rays->arena;
    for (crease_wall_group *g = walls->first; g; g = g->next)
        if (g->map == map)
            return g;
    crease_wall_group *g = crease_arena_take(arena, sizeof *g);
    size_t stride = map->model->layer[map->layer].stride;
    size_t bytes = (stride / CREASE_LANES + 63) / 64 * sizeof *g->listed;
    double *memory = crease_arena_take_aligned(arena, 4 * stride * sizeof *memory);
    *g = (crease_wall_group){walls->first,
                             map,
                             stride,
                             0,
                             crease_arena_take(arena, stride / CREASE_LANES * sizeof *g->block),
                             crease_arena_take(arena, bytes),
                             memory,
                             memory + stride,
                             memory + 2 * stride,
                             memory + 3 * stride};
    memset(g->listed, 0, bytes);
    walls->first = g;
    return g;
}

static CREASE_CLONES void measure(const crease_wall_group *g)
{
    const crease_map *map = g->map;
    const double gamma = crease_filter_gamma(map->d);
    for (size_t i = 0; i < g->blocks; i++) {
        size_t u = g->block[i];
        crease_lanes reach = {0};
        crease_lanes mag = CREASE_LANES_AT(map->mag + u), err = CREASE_LANES_AT(map->err + u);
        for (size_t j = 0; j < map->d; j++)
            reach += CREASE_LANES_ABS(CREASE_LANES_AT(map->row + j * g->stride + u));
        CREASE_LANES_AT(g->bound + u) = (gamma * mag + err + 0x1p-1000) * (1 + 0x1p-20);
        CREASE_LANES_AT(g->grow + u) = mag + err;
        CREASE_LANES_AT(g->inverse + u) = 2 / reach;
    }
}

crease_walls crease_walls_new(const crease_rays *rays, const crease_row *row, size_t rows)
{
    crease_walls walls = {rays, NULL, 0, NULL, rows, row};
    crease_row *face = crease_arena_take(rays->arena, rows * sizeof *face);
    crease_wall_group *g = NULL;
    walls.face = face;
    for (size_t r = 0; r < rows; r++) {
        if (!row[r].map) {
            face[walls.faces++] = row[r];
            continue;
        }
        if (!g || g->map != row[r].map)
            g = find_group(&walls, row[r].map);
        size_t b = row[r].unit / CREASE_LANES;
        if (!crease_bit(g->listed, b)) {
            g->listed[b / 64] |= (uint64_t)1 << b % 64;
            g->block[g->blocks++] = CREASE_LANES * b;
            memset(g->sign + CREASE_LANES * b, 0, CREASE_LANES * sizeof *g->sign);
        }
        g->sign[row[r].unit] = row[r].sign;
    }
    for (g = walls.first; g; g = g->next)
        measure(g);
    return walls;
}

/* What the rows have in common at a point. */
typedef struct {
    const double *x;
    double one, off, fine;
} sight;

static CREASE_CLONES bool look_at(const crease_wall_group *g, sight *at)
{
    const crease_map *map = g->map;
    crease_lane_masks bad = {0};
    crease_lanes fine = (crease_lanes){0} + at->fine;
    for (size_t i = 0; i < g->blocks; i++) {
        size_t u = g->block[i];
        crease_lanes value = {0};
        for (size_t j = 0; j < map->d; j++)
            value += CREASE_LANES_AT(map->row + j * g->stride + u) * at->x[j];
        crease_lanes sign = CREASE_LANES_AT(g->sign + u);
        crease_lanes sure = sign * value - (CREASE_LANES_AT(g->bound + u) * at->one + 0x1p-1000) -
                            at->off * CREASE_LANES_AT(g->grow + u);
        crease_lane_masks wall = sign != 0;
        bad |= wall & ~(sure > 0);
        crease_lanes far = CREASE_LANES_SELECT(wall, sure * CREASE_LANES_AT(g->inverse + u), fine);
        fine = CREASE_LANES_SELECT(far < fine, far, fine);
    }
    bool inside = true;
    for (size_t k = 0; k < CREASE_LANES; k++) {
        inside = inside && !bad[k];
        at->fine = fine[k] < at->fine ? fine[k] : at->fine;
    }
    return inside;
}

static bool look_at_face(const crease_rays *rays, const crease_row *row, sight *at)
{
    size_t d = rays->d;
    const double *face = rays->face_value + row->unit * d;
    double value = 0, reach = 0, err = rays->face_error[row->unit];
    for (size_t j = 0; j < d; j++) {
        value += face[j] * at->x[j];
        reach += fabs(face[j]);
    }
    double sure = row->sign * value - crease_filter_bound(d, 1, err, at->one) - at->off * (1 + err);
    at->fine = fmin(at->fine, 2 * sure / reach);
    return sure > 0;
}

bool crease_walls_inside(const crease_walls *walls, const double *x, double one, double off,
                         double *fine)
{
    sight at = {x, one, off, INFINITY};
    bool inside = true;
    for (const crease_wall_group *g = walls->first; g && inside; g = g->next)
        inside = look_at(g, &at);
    for (size_t f = 0; f < walls->faces && inside; f++)
        inside = look_at_face(walls->rays, &walls->face[f], &at);
    if (fine)
        *fine = at.fine;
    return inside;
}
