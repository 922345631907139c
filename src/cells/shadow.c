#include "cells/shadow.h"

#include "base/interrupt.h"
#include "base/memory.h"
#include "exact/integer.h"
#include "exact/simplex.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_SPLIT = 8, MOST_ENTRIES = 160 }; /* entries: of the rows that bound an LP cell */

static int sign_at(const crease_rays *rays, const crease_row *row, const mpz_t *V)
{
    int sign = crease_integer_dot_sign(crease_rays_row(rays, row), V, rays->d);
    return ((sign > 0) - (sign < 0)) * row->sign;
}

void crease_shadow_point_signs(const crease_rays *rays, const crease_ray *point)
{
    char text[600];
    mpz_t *V = crease_integer_new(rays->d);
    crease_integer_from_doubles(V, point->v, rays->d);
    for (size_t u = 0; u < rays->map->model->layer[rays->map->layer].width; u++) {
        int sign = crease_bit(point->positive, u) - crease_bit(point->negative, u);
        if (!sign)
            continue;
        crease_shadow_count(CREASE_FILTER_POINT_SIGNS);
        int exact = sign_at(rays, &(crease_row){rays->map, u, 1}, (const mpz_t *)V);
        if (exact != sign)
            crease_shadow_fail(CREASE_FILTER_POINT_SIGNS, "layer %zu, row %zu: %d, not %d, at %s",
                               rays->map->layer, u, sign, exact,
                               crease_shadow_doubles(point->v, 1, rays->d, text));
    }
    crease_integer_free(V, rays->d);
}

void crease_shadow_interior(const crease_cell *cell, const double *v)
{
    const crease_rays *rays = cell->chart;
    char text[600];
    mpz_t *V = crease_integer_new(rays->d);
    crease_integer_from_doubles(V, v, rays->d);
    crease_shadow_count(CREASE_FILTER_CELL_INSIDE);
    for (size_t r = 0; r < cell->rows; r++)
        if (sign_at(rays, &cell->row[r], (const mpz_t *)V) <= 0)
            crease_shadow_fail(CREASE_FILTER_CELL_INSIDE, "bounding row %zu is not positive at %s",
                               r, crease_shadow_doubles(v, 1, rays->d, text));
    crease_integer_free(V, rays->d);
}

static int by_value(const void *a, const void *b)
{
    return mpq_cmp(*(const mpq_t *)a, *(const mpq_t *)b);
}

/* |g.r0| / (|g.r0| + |g.r1|) for row u and the exact rays r0, r1. */
static void exact_share(mpq_t share, const crease_rays *rays, size_t u, mpz_t *const ray[2])
{
    const mpz_t *row = crease_map_exact(rays->map, u);
    mpz_t value[2];
    for (int e = 0; e < 2; e++) {
        mpz_init(value[e]);
        for (size_t j = 0; j < rays->d; j++)
            mpz_addmul(value[e], row[j], ray[e][j]);
        mpz_abs(value[e], value[e]);
    }
    mpz_set(mpq_numref(share), value[0]);
    mpz_add(mpq_denref(share), value[0], value[1]);
    mpq_canonicalize(share);
    mpz_clears(value[0], value[1], NULL);
}

void crease_shadow_segment(const crease_rays *rays, const crease_ray_cell *cell,
                           const uint64_t *cut, uint64_t regions)
{
    size_t room = 64 * rays->words, count = 0;
    mpq_t *share = crease_alloc(room, sizeof *share);
    mpz_t *ray[2] = {crease_integer_new(rays->d), crease_integer_new(rays->d)};
    uint64_t points = 0;
    for (int e = 0; e < 2; e++)
        crease_shadow_exact_ray(rays, cell->ray[e], ray[e]);
    for (size_t u = 0; u < room; u++)
        if (crease_bit(cut, u)) {
            mpq_init(share[count]);
            exact_share(share[count++], rays, u, ray);
        }
    qsort(share, count, sizeof *share, by_value);
    for (size_t i = 0; i < count; i++)
        points += i == 0 || !mpq_equal(share[i - 1], share[i]);
    crease_shadow_count(CREASE_FILTER_CROSSINGS);
    if (cell->count != 2 || points + 1 != regions)
        crease_shadow_fail(CREASE_FILTER_CROSSINGS, "%zu crossings at %llu points, not %llu", count,
                           (unsigned long long)points, (unsigned long long)regions - 1);
    for (size_t i = 0; i < count; i++)
        mpq_clear(share[i]);
    free(share);
    crease_integer_free(ray[0], rays->d);
    crease_integer_free(ray[1], rays->d);
}

void crease_shadow_traces(const crease_rays *rays, const crease_ray_cell *cell, size_t u, size_t t,
                          bool same)
{
    size_t n = cell->count;
    const mpz_t *row[2] = {crease_map_exact(rays->map, u), crease_map_exact(rays->map, t)};
    mpz_t *V = crease_integer_new(rays->d), *value[2];
    for (int e = 0; e < 2; e++)
        value[e] = crease_integer_new(n);
    for (size_t i = 0; i < n; i++) {
        crease_shadow_exact_ray(rays, cell->ray[i], V);
        for (int e = 0; e < 2; e++)
            for (size_t j = 0; j < rays->d; j++)
                mpz_addmul(value[e][i], row[e][j], V[j]);
    }
    crease_shadow_count(CREASE_FILTER_TRACES);
    if ((crease_integer_parallel((const mpz_t *)value[0], (const mpz_t *)value[1], n) != 0) != same)
        crease_shadow_fail(CREASE_FILTER_TRACES, "layer %zu, rows %zu and %zu: %s trace",
                           rays->map->layer, u, t, same ? "not the same" : "the same");
    crease_integer_free(V, rays->d);
    for (int e = 0; e < 2; e++)
        crease_integer_free(value[e], n);
}

void crease_shadow_least(const crease_outline_space *space, const crease_active_set *support,
                         size_t c, int sign)
{
    const crease_rays *rays = space->rays;
    crease_exact_row row[CREASE_RAY_SLOTS + CREASE_OUTLINE_ROWS];
    size_t index[CREASE_RAY_SLOTS + CREASE_OUTLINE_ROWS], count = 0;
    crease_active_set left = *support;
    for (size_t s; (s = crease_active_next(&left)) < CREASE_RAY_SLOTS;) {
        const crease_row *own = crease_frame_row(space->cell->frame, s);
        row[count++] = (crease_exact_row){crease_rays_row(rays, own), own->sign};
    }
    const crease_row last = {NULL, rays->unit_face, 1};
    row[count++] = (crease_exact_row){crease_rays_row(rays, &last), 1};
    size_t signless = count;
    for (size_t k = 0; k < space->crossings; k++)
        row[count++] =
            (crease_exact_row){crease_map_exact(rays->map, space->unit[space->crossed[k]]), 1};
    for (size_t i = 0; i < count; i++)
        index[i] = i;
    crease_shadow_count(CREASE_FILTER_LEAST);
    const crease_exact_row own = {crease_map_exact(rays->map, space->unit[c]), sign};
    if (count > rays->d || !crease_simplex_combination(rays->d, row, index, count, signless, own))
        crease_shadow_fail(CREASE_FILTER_LEAST, "layer %zu, row %zu: %zu rows do not support it",
                           rays->map->layer, space->unit[c], count);
}

/* A row of the set with both signs at the rays, taken out of it with those that have not; SIZE_MAX
 * if there is none. */
static size_t take_cutting(const crease_ray_cell *cell, uint64_t *set, size_t words)
{
    for (size_t w = 0; w < words; w++)
        for (; set[w]; set[w] &= set[w] - 1) {
            size_t u = 64 * w + (size_t)__builtin_ctzll(set[w]);
            bool positive = false, negative = false;
            for (size_t i = 0; i < cell->count; i++) {
                positive = positive || crease_bit(cell->ray[i]->positive, u);
                negative = negative || crease_bit(cell->ray[i]->negative, u);
            }
            if (positive && negative) {
                set[w] &= set[w] - 1;
                return u;
            }
        }
    return SIZE_MAX;
}

/* Regions of the cell by halving it; 0 if slots run out. */
static uint64_t split(const crease_rays *rays, const crease_ray_cell *cell, const uint64_t *rows)
{
    crease_arena_mark mark = crease_arena_here(rays->arena);
    uint64_t *set = crease_arena_take(rays->arena, rays->words * sizeof *set), regions = 0;
    memcpy(set, rows, rays->words * sizeof *set);
    size_t u = take_cutting(cell, set, rays->words), slot = crease_rays_free_slot(cell);
    if (u == SIZE_MAX)
        regions = 1;
    if (u < SIZE_MAX && slot < CREASE_RAY_SLOTS) {
        crease_ray_cell restriction = crease_rays_cross(rays, cell, u, slot, set);
        for (int sign = 1; sign >= -1; sign -= 2) {
            crease_ray_cell half = crease_rays_half(rays, cell, &restriction, u, sign);
            uint64_t part = split(rays, &half, set);
            regions = part && (regions || sign > 0) ? regions + part : 0;
        }
    }
    crease_arena_release(rays->arena, mark);
    return regions;
}

void crease_shadow_restriction(const crease_rays *rays, const crease_ray_cell *cell,
                               const uint64_t *cut, size_t cuts, uint64_t regions)
{
    if (cuts > MOST_SPLIT)
        return;
    uint64_t plain = split(rays, cell, cut);
    if (!plain)
        return;
    crease_shadow_count(CREASE_FILTER_RESTRICTION);
    if (plain != regions)
        crease_shadow_fail(CREASE_FILTER_RESTRICTION, "%zu rows: %llu regions, %llu by splitting",
                           cuts, (unsigned long long)regions, (unsigned long long)plain);
}

/* The parts of a cell with a point inside, bounded by the first rows, under all the others. */
static uint64_t halve(size_t d, crease_exact_row *row, size_t rows, size_t all, const mpz_t *inside)
{
    uint64_t regions = 0;
    if (rows == all)
        return 1;
    int side = crease_integer_dot_sign(row[rows].row, inside, d);
    for (int sign = 1; sign >= -1; sign -= 2) {
        mpz_t *point = crease_integer_new(d);
        row[rows].sign = sign;
        if (sign * side > 0)
            regions += halve(d, row, rows + 1, all, inside);
        else if (crease_simplex_interior(d, rows + 1, row, point))
            regions += halve(d, row, rows + 1, all, (const mpz_t *)point);
        crease_integer_free(point, d);
    }
    return regions;
}

void crease_shadow_meets(const crease_cell *cell, const uint64_t *cut, size_t cuts,
                         uint64_t regions)
{
    const crease_rays *rays = cell->chart;
    size_t d = rays->d, count = 0;
    if (cuts > MOST_SPLIT || cell->rows * d > MOST_ENTRIES)
        return;
    crease_exact_row *row = crease_alloc(cell->rows + cuts, sizeof *row);
    mpz_t *inside = crease_integer_new(d);
    for (; count < cell->rows; count++)
        row[count] =
            (crease_exact_row){crease_rays_row(rays, &cell->row[count]), cell->row[count].sign};
    for (size_t w = 0; w < rays->words; w++)
        for (uint64_t left = cut[w]; left; left &= left - 1)
            row[count++].row = crease_map_exact(rays->map, 64 * w + (size_t)__builtin_ctzll(left));
    uint64_t plain = crease_simplex_interior(d, cell->rows, row, inside)
                         ? halve(d, row, cell->rows, count, (const mpz_t *)inside)
                         : 0;
    crease_integer_free(inside, d);
    free(row);
    if (crease_interrupt_raised())
        return;
    crease_shadow_count(CREASE_FILTER_MEETS);
    if (plain != regions)
        crease_shadow_fail(CREASE_FILTER_MEETS, "%zu rows: %llu regions, %llu by halving", cuts,
                           (unsigned long long)regions, (unsigned long long)plain);
}
