#include "proof/walls.h"

#include "base/lanes.h"
#include "exact/filter.h"

#include <math.h>

/* Puts the row of a map times its sign beside the others. */
static void gather(const crease_walls *walls, const crease_row *row, size_t r)
{
    const crease_map *map = row->map;
    size_t stride = map->model->layer[map->layer].stride, width = walls->width;
    const double *from = map->row + row->unit;
    double *to = walls->entry + r, sign = row->sign;
    for (size_t j = 0; j < walls->d; j++)
        to[j * width] = sign * from[j * stride];
    walls->mag[r] = map->mag[row->unit];
    walls->err[r] = map->err[row->unit];
}

static CREASE_CLONES void measure(const crease_walls *walls)
{
    const double gamma = crease_filter_gamma(walls->d);
    for (size_t r = 0; r < walls->width; r += CREASE_LANES) {
        crease_lanes mag = CREASE_LANES_AT(walls->mag + r), err = CREASE_LANES_AT(walls->err + r);
        crease_lanes reach = {0};
        for (size_t j = 0; j < walls->d; j++)
            reach += CREASE_LANES_ABS(CREASE_LANES_AT(walls->entry + j * walls->width + r));
        CREASE_LANES_AT(walls->bound + r) = (gamma * mag + err + 0x1p-1000) * (1 + 0x1p-20);
        CREASE_LANES_AT(walls->grow + r) = mag + err;
        CREASE_LANES_AT(walls->inverse + r) = 2 / reach;
    }
}

crease_walls crease_walls_new(const crease_rays *rays, const crease_row *row, size_t rows)
{
    crease_row *face = crease_arena_take(rays->arena, rows * sizeof *face);
    crease_walls walls = {.rays = rays, .d = rays->d, .face = face, .rows = rows, .row = row};
    size_t others = 0;
    for (size_t r = 0; r < rows; r++)
        others += row[r].map != NULL;
    walls.width = (others + CREASE_LANES - 1) / CREASE_LANES * CREASE_LANES;
    walls.entry =
        crease_arena_take_aligned(rays->arena, (walls.d + 5) * walls.width * sizeof *walls.entry);
    walls.bound = walls.entry + walls.d * walls.width;
    walls.grow = walls.bound + walls.width;
    walls.inverse = walls.grow + walls.width;
    walls.mag = walls.inverse + walls.width;
    walls.err = walls.mag + walls.width;
    others = 0;
    const crease_row *last = NULL;
    for (size_t r = 0; r < rows; r++)
        if (row[r].map)
            gather(&walls, last = &row[r], others++);
        else
            face[walls.faces++] = row[r];
    while (others < walls.width)
        gather(&walls, last, others++);
    measure(&walls);
    return walls;
}

/* fine: a place for the least, or NULL. */
static CREASE_CLONES bool look_at(const crease_walls *walls, const double *x, double one,
                                  double off, double *fine)
{
    crease_lane_masks bad = {0};
    crease_lanes least = (crease_lanes){0} + INFINITY;
    for (size_t r = 0; r < walls->width; r += CREASE_LANES) {
        crease_lanes value = {0};
        for (size_t j = 0; j < walls->d; j++)
            value += CREASE_LANES_AT(walls->entry + j * walls->width + r) * x[j];
        crease_lanes sure = value - (CREASE_LANES_AT(walls->bound + r) * one + 0x1p-1000) -
                            off * CREASE_LANES_AT(walls->grow + r);
        crease_lanes far = sure * CREASE_LANES_AT(walls->inverse + r);
        bad |= ~(sure > 0);
        least = CREASE_LANES_SELECT(far < least, far, least);
    }
    bool inside = true;
    for (size_t k = 0; k < CREASE_LANES; k++)
        inside = inside && !bad[k];
    for (size_t k = 0; k < CREASE_LANES && fine; k++)
        *fine = k && *fine < least[k] ? *fine : least[k];
    return inside;
}

static bool look_at_face(const crease_rays *rays, const crease_row *row, const double *x,
                         double one, double off, double *fine)
{
    size_t d = rays->d;
    const double *face = rays->face_value + row->unit * d;
    double value = 0, reach = 0, err = rays->face_error[row->unit];
    /* A side of a box is 0 but in one coordinate and the last. */
    bool side = rays->map->model->boxed && row->unit < 2 * (d - 1);
    for (size_t j = side ? row->unit / 2 : 0; j < d; j = side && j + 1 < d ? d - 1 : j + 1) {
        value += face[j] * x[j];
        reach += fabs(face[j]);
    }
    double sure = row->sign * value - crease_filter_bound(d, 1, err, one) - off * (1 + err);
    if (fine)
        *fine = fmin(*fine, 2 * sure / reach);
    return sure > 0;
}

bool crease_walls_inside(const crease_walls *walls, const double *x, double one, double off,
                         double *fine)
{
    bool inside = look_at(walls, x, one, off, fine);
    for (size_t f = 0; f < walls->faces && inside; f++)
        inside = look_at_face(walls->rays, &walls->face[f], x, one, off, fine);
    return inside;
}
