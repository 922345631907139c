#include "cells/lp_cell.h"

#include "base/bits.h"
#include "base/interrupt.h"
#include "base/memory.h"
#include "base/status.h"
#include "exact/simplex.h"
#include "exact/integer.h"
#include "cells/supports.h"
#include "proof/farkas_vertices.h"

#include <assert.h>
#include <endian.h>
#include <stdlib.h>
#include <string.h>

/* The integer rows of an LP cell but the first, v_d > 0. */
static const mpz_t **exact_rows(crease_cells *cells, const crease_cell *cell)
{
    const mpz_t **row = crease_arena_take(cells->arena, cell->rows * sizeof *row);
    for (size_t r = 1; r < cell->rows; r++)
        row[r - 1] = crease_rays_row(cell->chart, &cell->row[r]);
    return row;
}

/* The rows of the cell become those of the cone, then the forced rows, which are disabled. */
static void load_cone(crease_cells *cells, const crease_rays *chart, const crease_row *row,
                      size_t rows, size_t forced)
{
    crease_lp_cell_clear_cone(cells, chart, cells->model->reach, row);
    for (size_t r = 0; r < rows + forced; r++)
        crease_lp_cell_add_row(cells, &row[r], r);
    crease_cone_load(cells->cone);
    for (size_t r = crease_cone_rows(cells->cone); r-- > rows;)
        crease_cone_enable(cells->cone, r, false);
}

static bool find_support(crease_cells *cells, const crease_cell *cell, size_t own,
                         crease_support *s)
{
    size_t d = cell->chart->d, count;
    size_t *index = crease_arena_take(cells->arena, d * sizeof *index);
    s->reference = crease_arena_take(cells->arena, d * sizeof *index);
    s->count = 0;
    if (!crease_cone_support(cells->cone, own, index, &count))
        return false;
    for (size_t i = 0; i < count; i++)
        if (index[i])
            crease_support_add(cells->model, s, &cell->row[index[i]]);
    return true;
}

static void force_by_lp(crease_cells *cells, const crease_cell *cell, const uint64_t *units,
                        size_t count, const uint8_t *state)
{
    crease_map *map = cell->chart->map;
    crease_row *row = crease_arena_take(cells->arena, (cell->rows + count) * sizeof *row);
    crease_support *list = crease_arena_take(cells->arena, count * sizeof *list);
    const mpz_t **value = exact_rows(cells, cell);
    size_t forced = 0, found = 0, rows = cell->rows;
    memcpy(row, cell->row, rows * sizeof *row);
    for (size_t w = 0; w < cell->chart->words; w++)
        for (uint64_t left = units[w]; left; left &= left - 1) {
            size_t u = 64 * w + (size_t)__builtin_ctzll(left);
            row[rows + forced++] = (crease_row){map, u, state[u] ? 1 : -1};
        }
    assert(forced == count);
    load_cone(cells, cell->chart, row, rows, count);
    /* A row that is zero is not in the cone: then the places do not match. */
    bool usable = crease_cone_rows(cells->cone) == rows + count;
    for (size_t i = 0; i < count && !crease_interrupted(); i++) {
        const crease_row *own = &row[rows + i];
        crease_support *s = &list[found];
        *s = (crease_support){
            .forced = {map->model->layer[map->layer].first + own->unit, own->sign > 0}};
        if (usable && find_support(cells, cell, rows + i, s))
            found++;
        else
            crease_farkas_force_by_rows(&cells->proof->trace, map, own->unit, own->sign,
                                        cell->row + 1, value, rows - 1, 0);
    }
    crease_supports_write(&cells->proof->trace, cells->arena, list, found);
}

/* What forces unit u, in a cell in a box; false if that was not found. */
static bool find_support_in_box(crease_cells *cells, const crease_cell *cell, size_t u, int sign,
                                crease_support *s)
{
    crease_map *map = cell->chart->map;
    size_t n = cells->model->inputs;
    const crease_boxed_cell box = {cell->rows - 1, cell->boxed, NULL};
    const crease_boxed_row *row = crease_boxed_take_row(cells->boxed, map, u, sign, cells->arena);
    crease_boxed_support found = {
        .row = crease_arena_take(cells->arena, cell->rows * sizeof *found.row),
        .face = crease_arena_take(cells->arena, n)};
    const crease_bounded_basis *start = cell->basis ? cell->basis[2 * u + (sign < 0)] : NULL;
    s->reference = crease_arena_take(cells->arena, (n + 1) * sizeof *s->reference);
    s->count = 0;
    if (!row)
        return true; /* zero: nothing is needed */
    if (!crease_boxed_find_support(cells->boxed, &box, row, start, &found))
        return false;
    for (size_t i = 0; i < found.rows; i++)
        crease_support_add(cells->model, s, &cell->row[1 + found.row[i]]);
    for (size_t j = 0; j < n; j++)
        if (found.face[j])
            crease_support_add(cells->model, s,
                               &(crease_row){NULL, 2 * j + (found.face[j] < 0), 1});
    assert(s->count <= n);
    return true;
}

static void force_in_box(crease_cells *cells, const crease_cell *cell, const uint64_t *units,
                         size_t count, const uint8_t *state)
{
    crease_map *map = cell->chart->map;
    crease_support *list = crease_arena_take(cells->arena, count * sizeof *list);
    size_t found = 0;
    for (size_t w = 0; w < cell->chart->words; w++)
        for (uint64_t left = units[w]; left && !crease_interrupted(); left &= left - 1) {
            size_t u = 64 * w + (size_t)__builtin_ctzll(left);
            int sign = state[u] ? 1 : -1;
            crease_support *s = &list[found];
            *s = (crease_support){.forced = {map->model->layer[map->layer].first + u, sign > 0}};
            if (find_support_in_box(cells, cell, u, sign, s)) {
                found++;
                continue;
            }
            const crease_cell whole = crease_lp_cell_with_faces(cells, cell);
            crease_farkas_force_by_rows(&cells->proof->trace, map, u, sign, whole.row + 1,
                                        exact_rows(cells, &whole), whole.rows - 1, 0);
        }
    crease_supports_write(&cells->proof->trace, cells->arena, list, found);
}

/* The units of a set, in groups of 8, that have state 1.  state: up to the end of the groups. */
static uint64_t positive_of(const uint8_t *state, uint64_t units)
{
    uint64_t positive = 0, byte;
    for (size_t k = 0; k < 64 && units >> k; k += 8) {
        if (!(units >> k & 0xff))
            continue;
        memcpy(&byte, state + k, sizeof byte);
        byte = le64toh(byte) & 0x0101010101010101;
        positive |= byte * 0x0102040810204080 >> 56 << k;
    }
    return positive;
}

void crease_cell_force(crease_cells *cells, crease_cell *cell, const uint64_t *pending,
                       const uint64_t *cut, const uint8_t *state)
{
    const crease_rays *rays = cell->chart;
    crease_arena_mark mark = crease_arena_here(cells->arena);
    uint64_t *forced = crease_arena_take(cells->arena, rays->words * sizeof *forced);
    uint64_t *positive = crease_arena_take(cells->arena, rays->words * sizeof *positive);
    size_t count = 0;
    for (size_t w = 0; w < rays->words; w++) {
        forced[w] = pending[w] & ~cut[w];
        count += crease_bits_count(forced[w]);
        positive[w] = positive_of(state + 64 * w, forced[w]);
    }
    if (cell->carries_rays && count)
        crease_farkas_force(&cells->proof->trace, rays, &cell->rays, &cells->proof->subspace.slots,
                            cell->half ? cell->rays.frame->first : CREASE_RAY_SLOTS, forced,
                            positive);
    else if (count)
        (cell->boxed ? force_in_box : force_by_lp)(cells, cell, forced, count, state);
    crease_arena_release(cells->arena, mark);
}

static mpz_t *exact_interior(const crease_cell *cell)
{
    size_t d = cell->chart->d;
    mpz_t *V = crease_integer_new(d);
    crease_exact_row *row = crease_alloc(cell->rows, sizeof *row);
    for (size_t r = 0; r < cell->rows; r++)
        row[r] = (crease_exact_row){crease_rays_row(cell->chart, &cell->row[r]), cell->row[r].sign};
    if (!crease_simplex_interior(d, cell->rows, row, V) && !crease_interrupt_raised())
        crease_fatal("certificate: an open cell is empty");
    free(row);
    return V;
}

static bool point_by_lp(crease_cells *cells, const crease_cell *cell, double *v)
{
    size_t d = cell->chart->d;
    load_cone(cells, cell->chart, cell->row, cell->rows, 0);
    bool good = crease_cone_interior(cells->cone, v);
    for (size_t j = 0; j < d && good; j++)
        v[j] = j + 1 < d ? v[j] / v[d - 1] : 1;
    return good;
}

/* The point depends only on the cell, not on the order in which cells are visited. */
void crease_cell_point(crease_cells *cells, const crease_cell *cell)
{
    const crease_rays *rays = cell->chart;
    size_t d = rays->d;
    crease_proof *proof = cells->proof;
    if (cell->carries_rays) {
        crease_subspace_point(&proof->trace, &proof->subspace, rays, &cell->rays);
        return;
    }
    crease_arena_mark mark = crease_arena_here(cells->arena);
    double *v = crease_arena_take(cells->arena, d * sizeof *v);
    const crease_cell whole = crease_lp_cell_with_faces(cells, cell);
    bool good =
        cell->boxed ? crease_lp_cell_point_in_box(cells, cell, v) : point_by_lp(cells, cell, v);
    cell = &whole;
    const crease_walls walls = crease_walls_new(rays, cell->row + 1, cell->rows - 1);
    if (!good || !crease_subspace_point_by_doubles(&proof->trace, &proof->subspace, &walls, v)) {
        mpz_t *V = exact_interior(cell);
        crease_subspace_point_by_integers(&proof->trace, &proof->subspace, rays, (const mpz_t *)V,
                                          cell->row + 1, cell->rows - 1);
        crease_integer_free(V, d);
    }
    crease_arena_release(cells->arena, mark);
}
