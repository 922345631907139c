#include "cells/lp_cell.h"

#include "base/interrupt.h"
#include "exact/filter.h"
#include "exact/integer.h"
#include "exact/signs.h"
#include "cells/shadow.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_POINTS = CREASE_LIMIT_POINTS };

static const mpz_t *fetch_row(void *context, size_t id)
{
    const crease_cells *cells = context;
    return crease_rays_row(cells->chart, &cells->row[id]);
}

/* Of the layers of the map and below, the lowest first. */
static void add_subspaces(crease_cells *cells, const crease_map *map)
{
    size_t layers = 0;
    for (const crease_map *m = map; m; m = m->below)
        layers++;
    size_t *dimensions = crease_arena_take(cells->arena, layers * sizeof *dimensions);
    for (size_t k = layers; k-- > 0; map = map->below)
        dimensions[k] = crease_map_dimensions(map);
    for (size_t k = 0; k < layers; k++)
        crease_cone_add_subspace(cells->cone, dimensions[k]);
}

/* How many of these contain row u of a map from which top is reached. */
static size_t level(const crease_map *top, const crease_map *map, size_t u)
{
    const crease_map *lowest = map, *above = top;
    while (lowest->below)
        lowest = lowest->below;
    while (above->below && above->below != map)
        above = above->below;
    bool active = above->below && above->state[u];
    return map->layer - lowest->layer + 1 + active;
}

void crease_lp_cell_clear_cone(crease_cells *cells, const crease_rays *chart, const double *reach,
                               const crease_row *row)
{
    cells->chart = chart;
    cells->row = row;
    crease_cone_clear(cells->cone, chart->d, reach, fetch_row, cells);
    add_subspaces(cells, chart->map);
}

void crease_lp_cell_add_point(crease_cells *cells, crease_cell *cell, const double *v)
{
    const crease_rays *rays = cell->chart;
    const crease_map *map = rays->map;
    const crease_sign_rows rows = {rays->d, cells->model->layer[map->layer].stride, map->row,
                                   map->bound, map->slope};
    if (cell->points == MAX_POINTS)
        return;
    crease_ray *point = crease_rays_take(rays);
    memcpy(point->v, v, rays->d * sizeof *v);
    point->one = crease_filter_one_norm(v, rays->d) * (1 + 0x1p-40);
    memset(point->positive, 0, rays->words * sizeof *point->positive);
    memset(point->negative, 0, rays->words * sizeof *point->negative);
    crease_signs(&rows, v, point->one, 0, NULL, point->positive, point->negative);
    if (CREASE_SHADOW) {
        crease_shadow_interior(cell, v);
        crease_shadow_point_signs(rays, point);
    }
    cell->point[cell->points++] = point;
}

crease_cell crease_lp_cell_new(crease_cells *cells, const crease_rays *chart, size_t rows,
                               bool boxed)
{
    crease_cell cell = {.chart = chart};
    if (boxed)
        cell.boxed = crease_arena_take(cells->arena, (rows + 1) * sizeof *cell.boxed);
    cell.row = crease_arena_take(cells->arena, (rows + 1) * sizeof *cell.row);
    cell.point = crease_arena_take(cells->arena, MAX_POINTS * sizeof *cell.point);
    return cell;
}

bool crease_lp_cell_add_boxed_row(crease_cells *cells, crease_cell *cell, const crease_row *row)
{
    const crease_boxed_cell box = {cell->rows - 1, cell->boxed, NULL};
    const crease_boxed_row *taken = crease_boxed_take_cell_row(cells->boxed, &box, row->map,
                                                               row->unit, row->sign, cells->arena);
    if (!taken)
        return false;
    cell->boxed[cell->rows - 1] = taken;
    cell->row[cell->rows++] = *row;
    return true;
}

void crease_lp_cell_add_boxed_point(crease_cells *cells, crease_cell *cell, double *v)
{
    size_t n = cells->model->inputs;
    const crease_boxed_cell box = {cell->rows - 1, cell->boxed, NULL};
    for (size_t j = 0; j < n; j++)
        v[j] /= v[n];
    v[n] = 1;
    if (crease_boxed_contains(cells->boxed, &box, v))
        crease_lp_cell_add_point(cells, cell, v);
}

void crease_lp_cell_add_row(crease_cells *cells, const crease_row *row, size_t id)
{
    const crease_rays *chart = cells->chart;
    size_t d = chart->d;
    if (row->map) {
        size_t stride = row->map->model->layer[row->map->layer].stride;
        if (crease_cone_add(cells->cone, row->map->row + row->unit, stride,
                            row->map->mag[row->unit], row->map->err[row->unit], row->sign, id))
            crease_cone_set_level(cells->cone, level(chart->map, row->map, row->unit));
        return;
    }
    if (chart->face_value) {
        crease_cone_add(cells->cone, chart->face_value + row->unit * d, 1, 1,
                        chart->face_error[row->unit], row->sign, id);
    } else {
        /* A row of the identity. */
        double *v = crease_arena_take(cells->arena, d * sizeof *v);
        memset(v, 0, d * sizeof *v);
        v[row->unit] = 1;
        crease_cone_add(cells->cone, v, 1, 1, 0, row->sign, id);
    }
    if (row->unit == chart->unit_face)
        crease_cone_set_level(cells->cone, SIZE_MAX);
}

static void see_point(const crease_cell *cell, size_t point, uint64_t *positive, uint64_t *negative)
{
    for (size_t w = 0; w < cell->chart->words; w++) {
        positive[w] |= cell->point[point]->positive[w];
        negative[w] |= cell->point[point]->negative[w];
    }
}

void crease_lp_cell_decide(crease_cells *cells, crease_cell *cell, const uint64_t *open,
                           size_t opens, uint64_t *positive, uint64_t *negative)
{
    const crease_rays *chart = cell->chart;
    size_t rows = cell->rows, count = 0, d = chart->d;
    crease_row *row = crease_arena_take(cells->arena, (rows + 2 * opens) * sizeof *row);
    size_t *index = crease_arena_take(cells->arena, 2 * opens * sizeof *index);
    double *point = crease_arena_take(cells->arena, d * sizeof *point);
    /* In other coordinates than the model's there are no values of faces. */
    const double *reach = chart->face_value ? cells->model->reach : NULL;
    memcpy(row, cell->row, rows * sizeof *row);
    crease_lp_cell_clear_cone(cells, chart, reach, row);
    for (size_t r = 0; r < rows; r++)
        crease_lp_cell_add_row(cells, &row[r], r);
    for (size_t w = 0; w < chart->words && !crease_interrupted(); w++)
        for (uint64_t left = open[w]; left; left &= left - 1) {
            size_t u = 64 * w + (size_t)__builtin_ctzll(left);
            for (int sign = 1; sign >= -1; sign -= 2) {
                /* Unless sign * row > 0 is known to hold everywhere, try to refute it. */
                if (crease_bit(sign > 0 ? negative : positive, u))
                    continue;
                row[rows + count] = (crease_row){chart->map, u, sign};
                size_t before = crease_cone_rows(cells->cone);
                crease_lp_cell_add_row(cells, &row[rows + count], rows + count);
                if (crease_cone_rows(cells->cone) > before)
                    index[count++] = before;
            }
        }
    crease_cone_load(cells->cone);
    for (size_t i = 0; i < count; i++)
        crease_cone_enable(cells->cone, index[i], false);
    if (!cell->points && crease_cone_interior(cells->cone, point)) {
        double scale = crease_filter_unit_scale(crease_filter_max_norm(point, d));
        for (size_t j = 0; j < d; j++)
            point[j] *= scale;
        crease_lp_cell_add_point(cells, cell, point);
        see_point(cell, 0, positive, negative);
    }
    for (size_t i = 0; i < count && !crease_interrupted_after(64 * d); i++) {
        const crease_row *own = &row[rows + i];
        uint64_t *other = own->sign > 0 ? negative : positive, bit = (uint64_t)1 << own->unit % 64;
        bool found;
        if (other[own->unit / 64] & bit)
            continue;
        const double *inside = cell->points ? cell->point[0]->v : NULL;
        if (!crease_cone_cuts(cells->cone, index[i], inside, point, &found))
            continue;
        other[own->unit / 64] |= bit;
        if (!found)
            continue;
        size_t points = cell->points;
        crease_lp_cell_add_point(cells, cell, point);
        if (cell->points > points)
            see_point(cell, points, positive, negative);
    }
}

void crease_lp_cell_replace(crease_cells *cells, crease_cell *cell)
{
    const crease_rays *chart = cell->chart;
    size_t d = chart->d, unit_slot = crease_rays_unit_slot(chart, cell->rays.frame);
    crease_active_set used = crease_rays_active(&cell->rays);
    const crease_row *row[CREASE_RAY_SLOTS];
    crease_frame_rows(cell->rays.frame, row);
    /* Only the coordinates of the model have doubles for the faces. */
    bool boxed = cells->boxed && chart->face_value;
    size_t sides = boxed ? 2 * cells->model->inputs : 0;
    crease_cell lp = crease_lp_cell_new(cells, chart, CREASE_RAY_SLOTS + 1, boxed);
    lp.row[lp.rows++] = (crease_row){NULL, chart->unit_face, 1};
    for (size_t s; (s = crease_active_next(&used)) < CREASE_RAY_SLOTS;)
        if (s != unit_slot && !boxed)
            lp.row[lp.rows++] = *row[s];
        else if (s != unit_slot && (row[s]->map || row[s]->unit >= sides))
            crease_lp_cell_add_boxed_row(cells, &lp, row[s]);
    double *v = crease_arena_take(cells->arena, d * sizeof *v), top = 0;
    memset(v, 0, d * sizeof *v);
    for (size_t i = 0; i < cell->rays.count; i++) {
        double size = 0;
        for (size_t j = 0; j < d; j++)
            size = fmax(size, fabs(cell->rays.ray[i]->v[j]));
        for (size_t j = 0; j < d; j++)
            v[j] += cell->rays.ray[i]->v[j] / size;
    }
    for (size_t j = 0; j < d; j++)
        top = fmax(top, fabs(v[j]));
    for (size_t j = 0; j < d; j++)
        v[j] /= top;
    if (boxed) {
        crease_lp_cell_add_boxed_point(cells, &lp, v);
        *cell = lp;
        return;
    }
    crease_lp_cell_clear_cone(cells, chart, NULL, lp.row);
    for (size_t r = 0; r < lp.rows; r++)
        crease_lp_cell_add_row(cells, &lp.row[r], r);
    if (crease_cone_contains(cells->cone, v, SIZE_MAX))
        crease_lp_cell_add_point(cells, &lp, v);
    *cell = lp;
}

/* A cell with the same rows, no points, and room for one row more. */
static crease_cell copy_rows(crease_cells *cells, const crease_rays *chart, const crease_cell *cell)
{
    crease_cell copy = crease_lp_cell_new(cells, chart, cell->rows, cell->boxed != NULL);
    memcpy(copy.row, cell->row, cell->rows * sizeof *cell->row);
    if (cell->boxed)
        memcpy(copy.boxed, cell->boxed, cell->rows * sizeof *cell->boxed);
    copy.rows = cell->rows;
    return copy;
}

void crease_lp_cell_halve(crease_cells *cells, const crease_cell *cell, size_t u,
                          crease_cell half[2])
{
    for (int h = 0; h < 2; h++) {
        const crease_row row = {cell->chart->map, u, h ? -1 : 1};
        half[h] = copy_rows(cells, cell->chart, cell);
        half[h].basis = cell->basis;
        if (!cell->boxed)
            half[h].row[half[h].rows++] = row;
        else
            crease_lp_cell_add_boxed_row(cells, &half[h], &row);
        for (size_t i = 0; i < cell->points; i++)
            if (crease_bit(h ? cell->point[i]->negative : cell->point[i]->positive, u))
                half[h].point[half[h].points++] = cell->point[i];
    }
}

/* Are the rows of the active units, (0, ..., 0, 1) and the rows that bound the cell otherwise
 * linearly independent?  Then no combination of bounding rows that lies in the span of the
 * former uses one of the latter: the image of the cell in the coordinates (active units, 1)
 * is bounded by the former alone. */
static bool independent_rows(crease_cells *cells, const crease_cell *cell, const uint8_t *state,
                             const size_t *chosen, size_t active)
{
    const crease_rays *rays = cell->chart;
    size_t d = rays->d, count = 0;
    const crease_model_layer *left = &cells->model->layer[rays->map->layer];
    if (left->decisions < left->width || active + 1 >= d)
        return false;
    const mpz_t **row = crease_arena_take(cells->arena, (active + cell->rows) * sizeof *row);
    assert(!cell->row[0].map && cell->row[0].unit == rays->unit_face);
    row[count++] = crease_rays_row(rays, &cell->row[0]);
    for (size_t a = 0; a < active; a++)
        row[count++] = crease_map_exact(rays->map, chosen[a]);
    for (size_t r = 1; r < cell->rows; r++)
        if (cell->row[r].map != rays->map || !state[cell->row[r].unit])
            row[count++] = crease_rays_row(rays, &cell->row[r]);
    if (count > d)
        return false;
    mpz_t *matrix = crease_integer_new(count * d);
    size_t *pivot = crease_arena_take(cells->arena, d * sizeof *pivot);
    for (size_t i = 0; i < count * d; i++)
        mpz_set(matrix[i], row[i / d][i % d]);
    bool independent = crease_integer_rank((const mpz_t *)matrix, count, d, d, pivot) == count;
    crease_integer_free(matrix, count * d);
    return independent;
}

/* The image of an LP cell with independent rows. */
static crease_cell project(crease_cells *cells, const crease_cell *cell, crease_map *map,
                           const size_t *chosen, size_t active)
{
    const crease_map *left = cell->chart->map;
    size_t stride = cells->model->layer[left->layer].stride, old = cell->chart->d;
    const crease_rays *chart = crease_layers_rebase(cells->layers, map, active + 1, chosen);
    crease_cell image = crease_lp_cell_new(cells, chart, active + 1, false);
    image.row[image.rows++] = (crease_row){NULL, active, 1};
    for (size_t r = 1; r < cell->rows; r++)
        for (size_t a = 0; a < active && cell->row[r].map == left; a++)
            if (chosen[a] == cell->row[r].unit)
                image.row[image.rows++] = (crease_row){NULL, a, 1};
    double *v = crease_arena_take(cells->arena, (active + 1) * sizeof *v);
    for (size_t i = 0; i < cell->points; i++) {
        const double *from = cell->point[i]->v;
        bool inside = true;
        for (size_t a = 0; a < active; a++) {
            v[a] = 0;
            for (size_t j = 0; j < old; j++)
                v[a] += left->row[j * stride + chosen[a]] * from[j];
        }
        v[active] = left->scale * from[old - 1];
        double scale = crease_filter_unit_scale(crease_filter_max_norm(v, active + 1));
        for (size_t a = 0; a <= active; a++) {
            v[a] *= scale;
            inside = inside && isfinite(v[a]);
        }
        /* The rows of the image are coordinates: any point with positive ones is inside. */
        for (size_t r = 0; r < image.rows; r++)
            inside = inside && v[image.row[r].unit] > 0;
        if (inside)
            crease_lp_cell_add_point(cells, &image, v);
    }
    return image;
}

crease_cell crease_lp_cell_enter(crease_cells *cells, const crease_cell *cell, const uint8_t *state,
                                 crease_map *map, size_t *chosen)
{
    const crease_rays *chart = cell->chart;
    size_t active = 0;
    for (size_t u = 0; u < cells->model->layer[chart->map->layer].width; u++)
        if (state[u])
            chosen[active++] = u;
    if (!cells->proof && !cell->boxed && independent_rows(cells, cell, state, chosen, active))
        return project(cells, cell, map, chosen, active);
    crease_map_next(map, chart->map, state);
    crease_cell next = copy_rows(cells, crease_rays_with_map(chart, map), cell);
    for (size_t i = 0; i < cell->points; i++)
        crease_lp_cell_add_point(cells, &next, cell->point[i]->v);
    return next;
}
