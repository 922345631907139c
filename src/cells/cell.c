#include "cells/cells.h"

#include "base/interrupt.h"
#include "base/limits.h"
#include "base/memory.h"
#include "exact/filter.h"
#include "exact/integer.h"
#include "exact/signs.h"
#include "cells/shadow.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_POINTS = CREASE_LIMIT_POINTS, COUNT_AT_ONCE = CREASE_LIMIT_COUNT };

crease_cells *crease_cells_new(const crease_model *model, const crease_proposer *proposer,
                               crease_tally *tally, crease_proof *proof)
{
    crease_cells *cells = crease_alloc(1, sizeof *cells);
    cells->model = model;
    cells->arena = crease_arena_new();
    cells->tally = tally;
    cells->layers = crease_layers_new(model, tally, cells->arena);
    cells->rays = crease_layers_rays(cells->layers);
    cells->cone = crease_cone_new(proposer, tally);
    /* GLPK sees the faces of a box as rows. */
    if (model->boxed && proposer == &crease_lp_dense)
        cells->boxed = crease_boxed_new(model, tally);
    cells->boxed_point = crease_alloc(model->inputs + 1, sizeof(double));
    cells->proof = proof;
    /* Points of a certificate are given in the inputs. */
    cells->layers->keeps_inputs = proof != NULL;
    return cells;
}

void crease_cells_free(crease_cells *cells)
{
    if (!cells)
        return;
    crease_layers_free(cells->layers);
    crease_cone_free(cells->cone);
    crease_boxed_free(cells->boxed);
    free(cells->boxed_point);
    crease_arena_free(cells->arena);
    free(cells);
}

crease_layers *crease_cells_layers(crease_cells *cells)
{
    return cells->layers;
}

crease_arena *crease_cells_arena(crease_cells *cells)
{
    return cells->arena;
}

static const mpz_t *face_row(const crease_cells *cells, size_t f)
{
    return cells->rays->face + (ptrdiff_t)f * cells->rays->face_step;
}

const mpz_t *crease_cells_fetch(void *context, size_t id)
{
    crease_cells *cells = context;
    const crease_slot *row = &cells->row[id];
    return row->map ? crease_map_exact(row->map, row->unit) : face_row(cells, row->unit);
}

void crease_cells_add_point(crease_cells *cells, crease_cell *cell, const double *v)
{
    crease_rays *rays = cells->rays;
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
        crease_shadow_inside(rays, cell, v);
        crease_shadow_point_signs(rays, point);
    }
    cell->point[cell->points++] = point;
}

crease_cell crease_cells_empty(crease_cells *cells, size_t rows, bool boxed)
{
    crease_cell cell = {.carries_rays = false};
    if (boxed)
        cell.boxed = crease_arena_take(cells->arena, (rows + 1) * sizeof *cell.boxed);
    cell.row = crease_arena_take(cells->arena, (rows + 1) * sizeof *cell.row);
    cell.point = crease_arena_take(cells->arena, MAX_POINTS * sizeof *cell.point);
    return cell;
}

/* Rows with a positive and rows with a negative sign at one of the rays or points. */
static void seen_signs(const crease_cells *cells, crease_ray *const *ray, size_t count,
                       uint64_t *positive, uint64_t *negative)
{
    size_t words = cells->rays->words;
    memset(positive, 0, words * sizeof *positive);
    memset(negative, 0, words * sizeof *negative);
    for (size_t i = 0; i < count; i++)
        for (size_t w = 0; w < words; w++) {
            positive[w] |= ray[i]->positive[w];
            negative[w] |= ray[i]->negative[w];
        }
}

void crease_cells_add_row(crease_cells *cells, const crease_slot *row, size_t id)
{
    size_t d = cells->rays->d;
    if (row->map) {
        size_t stride = row->map->model->layer[row->map->layer].stride;
        crease_cone_add(cells->cone, row->map->row + row->unit, stride, row->map->mag[row->unit],
                        row->map->err[row->unit], row->sign, id);
        return;
    }
    if (cells->rays->face_value) {
        crease_cone_add(cells->cone, cells->rays->face_value + row->unit * d, 1, 1,
                        cells->rays->face_error[row->unit], row->sign, id);
        return;
    }
    /* A row of the identity. */
    double *v = crease_arena_take(cells->arena, d * sizeof *v);
    memset(v, 0, d * sizeof *v);
    v[row->unit] = 1;
    crease_cone_add(cells->cone, v, 1, 1, 0, row->sign, id);
}

/* Decides by LP the pending units that no pair of points decides. positive and negative
 * grow by the signs that are found to occur. */
static void decide_by_lp(crease_cells *cells, crease_cell *cell, const uint64_t *open, size_t opens,
                         uint64_t *positive, uint64_t *negative)
{
    size_t rows = cell->rows, count = 0, d = cells->rays->d;
    crease_slot *row = crease_arena_take(cells->arena, (rows + 2 * opens) * sizeof *row);
    size_t *index = crease_arena_take(cells->arena, 2 * opens * sizeof *index);
    double *point = crease_arena_take(cells->arena, d * sizeof *point);
    /* In other coordinates than the model's there are no values of faces. */
    const double *reach = cells->rays->face_value ? cells->model->reach : NULL;
    memcpy(row, cell->row, rows * sizeof *row);
    cells->row = row;
    crease_cone_clear(cells->cone, d, reach, crease_cells_fetch, cells);
    for (size_t r = 0; r < rows; r++)
        crease_cells_add_row(cells, &row[r], r);
    for (size_t w = 0; w < cells->rays->words && !crease_interrupted(); w++)
        for (uint64_t left = open[w]; left; left &= left - 1) {
            size_t u = 64 * w + (size_t)__builtin_ctzll(left);
            for (int sign = 1; sign >= -1; sign -= 2) {
                /* sign * row > 0 is to be refuted if it is not known to hold everywhere. */
                if (crease_bit(sign > 0 ? negative : positive, u))
                    continue;
                row[rows + count] = (crease_slot){cells->rays->map, u, sign};
                size_t before = crease_cone_rows(cells->cone);
                crease_cells_add_row(cells, &row[rows + count], rows + count);
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
        crease_cells_add_point(cells, cell, point);
        seen_signs(cells, cell->point, cell->points, positive, negative);
    }
    for (size_t i = 0; i < count && !crease_interrupted_after(64 * d); i++) {
        const crease_slot *own = &row[rows + i];
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
        crease_cells_add_point(cells, cell, point);
        for (size_t w = 0; cell->points > points && w < cells->rays->words; w++) {
            positive[w] |= cell->point[points]->positive[w];
            negative[w] |= cell->point[points]->negative[w];
        }
    }
}

size_t crease_cell_classify(crease_cells *cells, crease_cell *cell, const uint64_t *pending,
                            uint64_t *cut, uint8_t *state)
{
    size_t words = cells->rays->words, opens = 0, cuts = 0;
    uint64_t *positive = crease_arena_take(cells->arena, words * sizeof *positive);
    uint64_t *negative = crease_arena_take(cells->arena, words * sizeof *negative);
    if (cell->carries_rays) {
        seen_signs(cells, cell->rays.ray, cell->rays.count, positive, negative);
    } else {
        uint64_t *open = crease_arena_take(cells->arena, words * sizeof *open);
        seen_signs(cells, cell->point, cell->points, positive, negative);
        for (size_t w = 0; w < words; w++) {
            open[w] = pending[w] & ~(positive[w] & negative[w]);
            cells->tally->pool +=
                (uint64_t)__builtin_popcountll(pending[w] & positive[w] & negative[w]);
            opens += (size_t)__builtin_popcountll(open[w]);
        }
        if (opens && cell->boxed)
            crease_cells_decide_in_box(cells, cell, open, positive, negative);
        else if (opens)
            decide_by_lp(cells, cell, open, opens, positive, negative);
    }
    for (size_t w = 0; w < words; w++) {
        cut[w] = pending[w] & positive[w] & negative[w];
        cuts += (size_t)__builtin_popcountll(cut[w]);
        for (uint64_t left = pending[w] & ~cut[w]; left; left &= left - 1) {
            size_t u = 64 * w + (size_t)__builtin_ctzll(left);
            state[u] = crease_bit(positive, u);
        }
    }
    return cuts;
}

/* The rows that are tight at some ray bound the cell. */
static void become_lp(crease_cells *cells, crease_cell *cell)
{
    crease_rays *rays = cells->rays;
    size_t d = rays->d;
    crease_active_set used = {{0}};
    /* Only the coordinates of the model have doubles for the faces. */
    bool boxed = cells->boxed && rays->face_value;
    size_t sides = boxed ? 2 * cells->model->inputs : 0;
    crease_cell lp = crease_cells_empty(cells, CREASE_RAY_SLOTS + 1, boxed);
    for (size_t i = 0; i < cell->rays.count; i++)
        for (size_t w = 0; w < CREASE_RAY_SLOTS / 64; w++)
            used.word[w] |= cell->rays.ray[i]->tight.word[w];
    lp.row[lp.rows++] = (crease_slot){NULL, rays->unit_face, 1};
    for (size_t s = 0; s < CREASE_RAY_SLOTS; s++)
        if (crease_bit(used.word, s) && !crease_rays_is_unit(rays, s)) {
            const crease_slot *row = &rays->slot[s];
            if (!boxed)
                lp.row[lp.rows++] = *row;
            else if (row->map || row->unit >= sides)
                crease_cells_add_boxed_row(cells, &lp, row);
        }
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
        crease_cells_add_boxed_point(cells, &lp, v);
        *cell = lp;
        return;
    }
    cells->row = lp.row;
    crease_cone_clear(cells->cone, d, NULL, crease_cells_fetch, cells);
    for (size_t r = 0; r < lp.rows; r++)
        crease_cells_add_row(cells, &lp.row[r], r);
    if (crease_cone_contains(cells->cone, v, SIZE_MAX))
        crease_cells_add_point(cells, &lp, v);
    *cell = lp;
}

/* A cell with the same rows, no points, and room for one row more. */
static crease_cell copy_rows(crease_cells *cells, const crease_cell *cell)
{
    crease_cell copy = crease_cells_empty(cells, cell->rows, cell->boxed != NULL);
    memcpy(copy.row, cell->row, cell->rows * sizeof *cell->row);
    if (cell->boxed)
        memcpy(copy.boxed, cell->boxed, cell->rows * sizeof *cell->boxed);
    copy.rows = cell->rows;
    return copy;
}

static void halve_lp(crease_cells *cells, const crease_cell *cell, size_t u, crease_cell half[2])
{
    for (int h = 0; h < 2; h++) {
        const crease_slot row = {cells->rays->map, u, h ? -1 : 1};
        half[h] = copy_rows(cells, cell);
        half[h].basis = cell->basis;
        if (!cell->boxed)
            half[h].row[half[h].rows++] = row;
        else
            crease_cells_add_boxed_row(cells, &half[h], &row);
        for (size_t i = 0; i < cell->points; i++)
            if (crease_bit(h ? cell->point[i]->negative : cell->point[i]->positive, u))
                half[h].point[half[h].points++] = cell->point[i];
    }
}

crease_cell_memory crease_cell_halve(crease_cells *cells, crease_cell *cell, size_t u,
                                     const uint64_t *pending, crease_cell half[2])
{
    crease_cell_memory memory = {CREASE_RAY_SLOTS, {NULL, 0, 0}};
    if (cell->carries_rays) {
        memory.slot = crease_rays_free_slot(&cell->rays);
        if (memory.slot == CREASE_RAY_SLOTS || cell->rays.count > CREASE_CELLS_MOST_RAYS)
            become_lp(cells, cell);
    }
    if (!cell->carries_rays) {
        memory.slot = CREASE_RAY_SLOTS;
        halve_lp(cells, cell, u, half);
        return memory;
    }
    assert(memory.slot < CREASE_RAY_SLOTS);
    memory.before = cells->rays->slot[memory.slot];
    cells->rays->slot[memory.slot] = (crease_slot){cells->rays->map, u, 1};
    crease_ray_cell flat = crease_rays_cross(cells->rays, &cell->rays, u, memory.slot, pending);
    for (int h = 0; h < 2; h++)
        half[h] =
            (crease_cell){.carries_rays = true,
                          .rays = crease_rays_half(cells->rays, &cell->rays, &flat, u, h ? -1 : 1)};
    assert(crease_interrupt_raised() ||
           (half[0].rays.count && half[1].rays.count)); /* the unit cuts the cell */
    return memory;
}

void crease_cell_side(crease_cells *cells, const crease_cell_memory *memory, size_t u, int h)
{
    if (memory->slot == CREASE_RAY_SLOTS)
        return;
    cells->rays->slot[memory->slot] =
        h == 2 ? memory->before : (crease_slot){cells->rays->map, u, h ? -1 : 1};
}

/* Are the rows of the active units, (0, ..., 0, 1) and the rows that bound the cell otherwise
 * linearly independent?  Then no combination of bounding rows that lies in the span of the
 * former uses one of the latter: the image of the cell in the coordinates (active units, 1)
 * is bounded by the former alone. */
static bool independent_rows(crease_cells *cells, const crease_cell *cell, const uint8_t *state,
                             const size_t *chosen, size_t active)
{
    crease_rays *rays = cells->rays;
    size_t d = rays->d, count = 0;
    const crease_model_layer *left = &cells->model->layer[rays->map->layer];
    if (left->decisions < left->width || active + 1 >= d)
        return false;
    const mpz_t **row = crease_arena_take(cells->arena, (active + cell->rows) * sizeof *row);
    cells->row = cell->row;
    assert(!cell->row[0].map && cell->row[0].unit == rays->unit_face);
    row[count++] = crease_cells_fetch(cells, 0);
    for (size_t a = 0; a < active; a++)
        row[count++] = crease_map_exact(rays->map, chosen[a]);
    for (size_t r = 1; r < cell->rows; r++)
        if (cell->row[r].map != rays->map || !state[cell->row[r].unit])
            row[count++] = crease_cells_fetch(cells, r);
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
static crease_cell project_lp(crease_cells *cells, const crease_cell *cell, crease_map *map,
                              const size_t *chosen, size_t active)
{
    crease_rays *rays = cells->rays;
    const crease_map *left = rays->map;
    size_t stride = cells->model->layer[left->layer].stride, old = rays->d;
    crease_cell image = crease_cells_empty(cells, active + 1, false);
    image.row[image.rows++] = (crease_slot){NULL, active, 1};
    for (size_t r = 1; r < cell->rows; r++)
        for (size_t a = 0; a < active && cell->row[r].map == left; a++)
            if (chosen[a] == cell->row[r].unit)
                image.row[image.rows++] = (crease_slot){NULL, a, 1};
    crease_layers_rebase(cells->layers, map, active + 1, chosen);
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
        for (size_t a = 0; a <= active; a++)
            v[a] *= scale;
        /* The rows of the image are coordinates: any point with positive ones is inside. */
        for (size_t r = 0; r < image.rows; r++)
            inside = inside && v[image.row[r].unit] > 0;
        if (inside)
            crease_cells_add_point(cells, &image, v);
    }
    return image;
}

crease_cell crease_cell_enter(crease_cells *cells, crease_cell *cell, const uint8_t *state,
                              crease_map *map, size_t *chosen)
{
    crease_rays *rays = cells->rays;
    if (cell->carries_rays)
        return (crease_cell){
            .carries_rays = true,
            .rays = crease_layers_enter(cells->layers, &cell->rays, state, map, chosen)};
    size_t active = 0;
    for (size_t u = 0; u < cells->model->layer[rays->map->layer].width; u++)
        if (state[u])
            chosen[active++] = u;
    if (!cells->proof && !cell->boxed && independent_rows(cells, cell, state, chosen, active))
        return project_lp(cells, cell, map, chosen, active);
    crease_cell next = copy_rows(cells, cell);
    crease_map_next(map, rays->map, state);
    rays->map = map;
    rays->words = (cells->model->layer[map->layer].stride + 63) / 64;
    for (size_t i = 0; i < cell->points; i++)
        crease_cells_add_point(cells, &next, cell->point[i]->v);
    return next;
}

/* sum over k < dimension of C(cuts, k), the most regions there can be. */
static bool few_regions(size_t cuts, size_t dimension)
{
    double term = 1, sum = 1;
    for (size_t k = 1; k < dimension && k <= cuts; k++) {
        term *= (double)(cuts - k + 1) / (double)k;
        sum += term;
    }
    return sum <= COUNT_AT_ONCE;
}

bool crease_cell_count(crease_cells *cells, crease_cell *cell, const uint64_t *cut, size_t cuts,
                       uint64_t *regions)
{
    if (cuts <= 1 && !cells->proof) {
        *regions = 1 + cuts;
        return true;
    }
    if (!cuts) {
        crease_cell_point(cells, cell);
        *regions = 1;
        return true;
    }
    if (!cell->carries_rays || cell->rays.count > CREASE_CELLS_MOST_RAYS ||
        !few_regions(cuts, cells->rays->d) || !crease_restriction_fit(&cell->rays, cells->rays->d))
        return false;
    *regions =
        crease_restriction_count(cells->rays, &cell->rays, cells->rays->d, cut, cells->proof);
    if (CREASE_SHADOW)
        crease_shadow_restriction(cells->rays, &cell->rays, cut, cuts, *regions);
    return true;
}
