#include "proof/farkas_vertices.h"

#include "base/interrupt.h"
#include "base/memory.h"
#include "base/status.h"
#include "dd/low_rank.h"
#include "exact/simplex.h"
#include "exact/integer.h"
#include "proof/shadow.h"
#include "proof/survey.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

size_t crease_farkas_reference(const crease_model *model, const crease_row *row)
{
    return row->map ? model->layer[row->map->layer].first + row->unit : model->units + row->unit;
}

/* ---- In integers ---- */

/* Are the linear parts of the rows independent? */
static bool independent(const crease_exact_row *row, const size_t *index, size_t count, size_t d)
{
    mpz_t *matrix = crease_integer_new(count * (d - 1));
    size_t *pivot = crease_alloc(d, sizeof *pivot);
    for (size_t i = 0; i < count * (d - 1); i++)
        mpz_set(matrix[i], row[index[i / (d - 1)]].row[i % (d - 1)]);
    bool full = count <= d - 1 &&
                crease_integer_rank((const mpz_t *)matrix, count, d - 1, d - 1, pivot) == count;
    crease_integer_free(matrix, count * (d - 1));
    free(pivot);
    return full;
}

static int ascending(const void *a, const void *b)
{
    size_t x = *(const size_t *)a, y = *(const size_t *)b;
    return (x > y) - (x < y);
}

/* Rows by their index in a table; the first fixed ones belong to every support. */
typedef struct {
    size_t d, fixed, count, *member;
    const crease_exact_row *row;
} choice;

/* Is g in the cone of the chosen rows, left out one (SIZE_MAX: none)?  If so, the choice
 * shrinks to rows that suffice. */
static bool shrink(choice *c, size_t without, crease_exact_row g)
{
    size_t *from = crease_alloc(c->count, sizeof *from), kept = 0, found;
    size_t *support = crease_alloc(c->d + 1, sizeof *support);
    crease_exact_row *list = crease_alloc(c->count, sizeof *list);
    for (size_t i = 0; i < c->count; i++)
        if (i != without) {
            from[kept] = c->member[i];
            list[kept++] = c->row[c->member[i]];
        }
    bool good = crease_simplex_in_cone(c->d, kept, list, g, support, &found, NULL);
    if (good) {
        qsort(support, found, sizeof *support, ascending);
        c->count = c->fixed;
        for (size_t i = 0; i < found; i++)
            if (support[i] >= c->fixed)
                c->member[c->count++] = from[support[i]];
    }
    free(from);
    free(support);
    free(list);
    return good;
}

/* Are the linear parts of the chosen rows and the equations, every second fixed row but
 * the last, independent? */
static bool is_fit(const choice *c)
{
    size_t *index = crease_alloc(c->count, sizeof *index), used = 0;
    for (size_t i = 0; i < c->count; i++)
        if (i >= c->fixed || (i % 2 == 0 && i + 1 < c->fixed))
            index[used++] = c->member[i];
    bool fit = independent(c->row, index, used, c->d);
    free(index);
    return fit;
}

/* A support for g among the rows from 2 * equations + 1 on; the rows before these are
 * equations with both signs and (0, ..., 0, 1).  As long as linear parts depend on one another,
 * one row can do without.  SIZE_MAX if g is not in the cone. */
static size_t support_of(size_t d, const crease_exact_row *rows, size_t count, size_t equations,
                         crease_exact_row g, size_t *support)
{
    choice c = {d, 2 * equations + 1, count, crease_alloc(count, sizeof(size_t)), rows};
    for (size_t i = 0; i < count; i++)
        c.member[i] = i;
    bool good = shrink(&c, SIZE_MAX, g);
    while (good && !is_fit(&c)) {
        good = false;
        for (size_t i = c.fixed; i < c.count && !good; i++)
            good = shrink(&c, i, g);
    }
    for (size_t i = c.fixed; i < c.count; i++)
        support[i - c.fixed] = c.member[i];
    free(c.member);
    return good ? c.count - c.fixed : SIZE_MAX;
}

void crease_farkas_force_by_rows(crease_trace *trace, crease_map *map, size_t u, int sign,
                                 const crease_row *row, const mpz_t *const *value, size_t rows,
                                 size_t equations)
{
    size_t d = map->d, count = 0;
    mpz_t *last = crease_integer_new(d);
    crease_exact_row *list = crease_alloc(rows + equations + 1, sizeof *list);
    size_t *support = crease_alloc(rows + equations + d + 1, sizeof *support);
    mpz_set_ui(last[d - 1], 1);
    for (size_t i = 0; i < equations; i++)
        for (int side = 1; side >= -1; side -= 2)
            list[count++] = (crease_exact_row){value[i], side};
    list[count++] = (crease_exact_row){(const mpz_t *)last, 1};
    for (size_t i = equations; i < rows; i++)
        list[count++] = (crease_exact_row){value[i], row[i].sign};
    size_t found = support_of(d, list, count, equations,
                              (crease_exact_row){crease_map_exact(map, u), sign}, support);
    if (found == SIZE_MAX && !crease_interrupt_raised())
        crease_fatal("certificate: no support for a unit that does not cut its cell");
    found = crease_interrupt_raised() ? 0 : found;
    assert(found < d);
    for (size_t i = 0; i < found; i++)
        support[i] = crease_farkas_reference(map->model, &row[support[i] - equations - 1]);
    qsort(support, found, sizeof *support, ascending);
    crease_forced forced = {map->model->layer[map->layer].first + u, sign > 0};
    crease_trace_force(trace, support, found, &forced, 1);
    free(support);
    free(list);
    crease_integer_free(last, d);
}

/* Writes that unit u is forced by rows that are active at the ray, a vertex where sign times it is
 * least. */
static void force_exactly(crease_trace *trace, const crease_rays *rays, const crease_frame *frame,
                          const crease_ray *ray, const crease_active_set *crossed, size_t u,
                          int sign)
{
    crease_row list[CREASE_RAY_SLOTS];
    const mpz_t *value[CREASE_RAY_SLOTS];
    size_t rows = 0, equations = 0;
    for (int pass = 0; pass < 2; pass++) {
        crease_active_set left = ray->active;
        for (size_t s; (s = crease_active_next(&left)) < CREASE_RAY_SLOTS;)
            if (crease_bit(crossed->word, s) == (pass == 0)) {
                list[rows] = *crease_frame_row(frame, s);
                value[rows] = crease_rays_row(rays, &list[rows]);
                rows++;
            }
        equations = pass ? equations : rows;
    }
    crease_farkas_force_by_rows(trace, rays->map, u, sign, list, value, rows, equations);
    rays->tally->exact++;
}

/* ---- At vertices, in doubles where they decide ---- */

/* Rays with larger errors are refined if comparisons are not decided. */
static const double wide_error = 1e-13;

/* Is v_d > 0?  At the other rays, of the recession cone, no function has a least value. */
static bool is_vertex(const crease_ray *ray, size_t unit_slot)
{
    return unit_slot == CREASE_RAY_SLOTS || !crease_bit(ray->active.word, unit_slot);
}

/* The vertices to look at, one of those that share their support. */
typedef struct {
    size_t count;
    crease_ray **ray;
    crease_active_set *support; /* what may be in it */
    bool *simple;               /* is all of it, independent? */
    bool degenerate;            /* is one not simple? */
    const crease_frame *frame;  /* of the cell */
} vertices;

static crease_active_set common(crease_active_set a, crease_active_set b)
{
    for (size_t w = 0; w < CREASE_RAY_SLOTS / 64; w++)
        a.word[w] &= b.word[w];
    return a;
}

/* facet: the slot of a row that vanishes at those to look at, or CREASE_RAY_SLOTS. */
static vertices find_vertices(const crease_rays *rays, const crease_ray_cell *cell, size_t facet)
{
    size_t n = cell->count, unit_slot = crease_rays_unit_slot(rays, cell->frame);
    vertices c = {0,
                  crease_arena_take(rays->arena, n * sizeof *c.ray),
                  crease_arena_take(rays->arena, n * sizeof *c.support),
                  crease_arena_take(rays->arena, n * sizeof *c.simple),
                  false,
                  cell->frame};
    const crease_low_rank low = crease_low_rank_find(rays, cell->frame);
    crease_active_sets seen;
    if (low.count)
        seen = crease_active_sets_new(rays->arena, n);
    for (size_t i = 0; i < n; i++) {
        const crease_ray *ray = cell->ray[i];
        if (!is_vertex(ray, unit_slot) ||
            (facet < CREASE_RAY_SLOTS && !crease_bit(ray->active.word, facet)))
            continue;
        crease_active_set support = ray->active;
        bool simple = ray->active_count + 1 == rays->d;
        if (low.count && simple && crease_low_rank_reduce(&low, 0, &support) &&
            !crease_active_sets_add(&seen, &support))
            continue;
        c.ray[c.count] = cell->ray[i];
        c.support[c.count] = support;
        c.degenerate = c.degenerate || !simple;
        c.simple[c.count++] = simple;
    }
    return c;
}

/* Replaces rays with large errors by refined copies.  The rays of the cell itself stay as they are,
 * since they must depend only on the path to it.  True if there is such a copy. */
static bool refine_vertices(const crease_rays *rays, vertices *c)
{
    bool better = false;
    for (size_t i = 0; i < c->count && !crease_interrupted(); i++) {
        if (c->ray[i]->err < wide_error || c->ray[i]->active_count + 1 != rays->d)
            continue;
        crease_ray *copy = crease_rays_copy(rays, c->ray[i]);
        crease_rays_refine(rays, copy);
        if (copy->err < c->ray[i]->err) {
            c->ray[i] = copy;
            better = true;
        }
    }
    return better;
}

/* Of the units in a word of a set, those whose vertex is settled, and simple. */
static uint64_t settled(const crease_survey *s, const vertices *c, size_t word, uint64_t units)
{
    uint64_t set = crease_survey_settled(s, word, units);
    for (uint64_t left = c->degenerate ? set : 0; left; left &= left - 1)
        if (!c->simple[(size_t)s->vertex[64 * word + (size_t)__builtin_ctzll(left)]])
            set &= ~(left & -left);
    return set;
}

/* Finds the vertices of all units; false if some are not settled. */
static bool look_at_all(crease_survey *s, const vertices *c, const uint64_t *units, size_t words)
{
    crease_survey_look(s, c->ray, c->count);
    for (size_t w = 0; w < words; w++)
        if (settled(s, c, w, units[w]) != units[w])
            return false;
    return true;
}

/* Is the linear part of row u zero? */
static bool is_constant(crease_map *map, size_t u, size_t d)
{
    size_t stride = map->model->layer[map->layer].stride;
    for (size_t j = 0; j + 1 < d; j++)
        if (fabs(map->row[j * stride + u]) > map->err[u])
            return false;
    return map->err[u] == 0 || crease_integer_is_zero(crease_map_exact(map, u), d - 1);
}

/* The first vertex where sign * row u is least, preferably a simple one. */
static size_t exact_vertex(const crease_rays *rays, const vertices *c, size_t u, int sign)
{
    size_t d = rays->d, best = SIZE_MAX;
    const mpz_t *row = crease_map_exact(rays->map, u);
    mpz_t *V = crease_integer_new(d), value, least, top, left, right;
    mpz_inits(value, least, top, left, right, NULL);
    for (size_t i = 0; i < c->count && !crease_interrupted(); i++) {
        crease_rays_exact(rays, c->ray[i], V);
        mpz_set_ui(value, 0);
        for (size_t j = 0; j < d; j++)
            mpz_addmul(value, row[j], V[j]);
        if (sign < 0)
            mpz_neg(value, value);
        mpz_mul(left, value, top);
        mpz_mul(right, least, V[d - 1]);
        int order = best == SIZE_MAX ? -1 : mpz_cmp(left, right);
        if (order < 0 || (order == 0 && c->simple[i] && !c->simple[best])) {
            best = i;
            mpz_set(least, value);
            mpz_set(top, V[d - 1]);
        }
    }
    crease_integer_free(V, d);
    mpz_clears(value, least, top, left, right, NULL);
    rays->tally->exact++;
    return best;
}

/* Is sign * row u a combination, with coefficients >= 0, of the rows that are active at a simple
 * vertex, those of crossings with any coefficients, and of (0, ..., 0, 1)? */
static bool holds(const crease_rays *rays, const vertices *c, size_t vertex,
                  const crease_active_set *crossed, size_t u, int sign)
{
    size_t d = rays->d, count = 0;
    crease_exact_row row[CREASE_RAY_SLOTS + 1];
    size_t index[CREASE_RAY_SLOTS + 1];
    crease_active_set left = c->support[vertex];
    const mpz_t *last = rays->face + (ptrdiff_t)(rays->map->model->faces) * rays->face_step;
    for (size_t s; (s = crease_active_next(&left)) < CREASE_RAY_SLOTS;)
        if (!crease_bit(crossed->word, s)) {
            const crease_row *own = crease_frame_row(c->frame, s);
            row[count++] = (crease_exact_row){crease_rays_row(rays, own), own->sign};
        }
    row[count++] = (crease_exact_row){last, 1};
    size_t signless = count;
    left = common(c->support[vertex], *crossed);
    for (size_t s; (s = crease_active_next(&left)) < CREASE_RAY_SLOTS;)
        row[count++] = (crease_exact_row){crease_rays_row(rays, crease_frame_row(c->frame, s)), 1};
    for (size_t i = 0; i < count; i++)
        index[i] = i;
    assert(c->simple[vertex] && count <= d);
    rays->tally->exact++;
    return crease_simplex_combination(d, row, index, count, signless,
                                      (crease_exact_row){crease_map_exact(rays->map, u), sign});
}

/* The rows of the vertex support each unit that doubles settled. */
static void shadow_vertices(const crease_rays *rays, const vertices *c,
                            const crease_active_set *crossed, const crease_survey *s, size_t word,
                            uint64_t units)
{
    for (; units; units &= units - 1) {
        size_t u = 64 * word + (size_t)__builtin_ctzll(units), vertex = (size_t)s->vertex[u];
        crease_shadow_count(CREASE_FILTER_VERTEX);
        if (!holds(rays, c, vertex, crossed, u, crease_bit(s->positive, u) ? 1 : -1))
            crease_shadow_fail(CREASE_FILTER_VERTEX,
                               "layer %zu, row %zu is not least at vertex %zu", rays->map->layer, u,
                               vertex);
    }
}

/* Finds a simple vertex for a unit that doubles do not settle.  If there is none, its FORCE is
 * written, or the unit is constant, and the vertex is -1. */
static void settle_exactly(crease_trace *trace, const crease_rays *rays, const vertices *c,
                           const crease_active_set *crossed, crease_survey *s, size_t u,
                           crease_forced *constant, size_t *constants)
{
    int sign = crease_bit(s->positive, u) ? 1 : -1;
    double found = s->vertex[u];
    s->vertex[u] = -1;
    if (is_constant(rays->map, u, rays->d)) {
        size_t first = rays->map->model->layer[rays->map->layer].first;
        constant[(*constants)++] = (crease_forced){first + u, sign > 0};
        return;
    }
    /* The vertex that is least in doubles may be proved in integers. */
    if (found >= 0 && c->simple[(size_t)found] && holds(rays, c, (size_t)found, crossed, u, sign)) {
        s->vertex[u] = found;
        return;
    }
    size_t vertex = exact_vertex(rays, c, u, sign);
    if (crease_interrupt_raised())
        return;
    assert(vertex < c->count); /* the cell has a vertex */
    if (c->simple[vertex])
        s->vertex[u] = (double)vertex;
    else
        force_exactly(trace, rays, c->frame, c->ray[vertex], crossed, u, sign);
}

/* The numbers in a certificate of the rows in a set of slots; but not of those of crossings. */
static void find_references(const crease_rays *rays, const crease_frame *frame,
                            crease_active_set slots, size_t reference[CREASE_RAY_SLOTS])
{
    const crease_row *row[CREASE_RAY_SLOTS];
    crease_frame_rows_of(frame, slots, row);
    for (size_t s; (s = crease_active_next(&slots)) < CREASE_RAY_SLOTS;)
        reference[s] = crease_farkas_reference(rays->map->model, row[s]);
}

/* The units of a set, which have one support, in one node. */
static void write_units(crease_trace *trace, const crease_survey *s, crease_active_set slots,
                        const size_t reference[CREASE_RAY_SLOTS], const uint64_t *units)
{
    size_t support[CREASE_RAY_SLOTS], supports = 0;
    const crease_map *map = s->rays->map;
    for (size_t w = 0; w < CREASE_RAY_SLOTS / 64; w++)
        for (uint64_t left = slots.word[w]; left; left &= left - 1)
            support[supports++] = reference[64 * w + (size_t)__builtin_ctzll(left)];
    crease_trace_sort(support, supports);
    crease_trace_force_set(trace, support, supports, map->model->layer[map->layer].first, units,
                           s->positive, s->rays->words);
}

/* The vertex of a unit that has one. */
static size_t vertex_of(const crease_survey *s, size_t word, uint64_t units)
{
    return (size_t)(int64_t)s->vertex[64 * word + (size_t)__builtin_ctzll(units)];
}

/* One node for each vertex that a unit of the set has, in the order of their first units.  The set
 * becomes empty. */
static void write_vertices(crease_trace *trace, const vertices *c, const crease_active_set *crossed,
                           const crease_survey *s, uint64_t *units)
{
    const crease_rays *rays = s->rays;
    size_t words = rays->words, reference[CREASE_RAY_SLOTS];
    uint64_t *of = crease_arena_take(rays->arena, c->count * words * sizeof *of);
    crease_active_set used = {{0}};
    memset(of, 0, c->count * words * sizeof *of);
    for (size_t w = 0; w < words; w++)
        for (uint64_t left = units[w]; left; left &= left - 1) {
            size_t vertex = vertex_of(s, w, left);
            of[vertex * words + w] |= left & -left;
            for (size_t i = 0; i < CREASE_RAY_SLOTS / 64; i++)
                used.word[i] |= c->support[vertex].word[i] & ~crossed->word[i];
        }
    find_references(rays, c->frame, used, reference);
    for (size_t w = 0; w < words; w++)
        while (units[w]) {
            size_t vertex = vertex_of(s, w, units[w]);
            const uint64_t *own = of + vertex * words;
            write_units(trace, s, common(c->support[vertex], used), reference, own);
            for (size_t i = w; i < words; i++)
                units[i] &= ~own[i];
        }
}

void crease_farkas_force(crease_trace *trace, const crease_rays *rays, const crease_ray_cell *cell,
                         const crease_active_set *crossed, size_t facet, const uint64_t *units)
{
    size_t count = 0, constants = 0, words = rays->words;
    for (size_t w = 0; w < words; w++)
        count += (size_t)__builtin_popcountll(units[w]);
    if (!count)
        return;
    crease_arena_mark mark = crease_arena_here(rays->arena);
    uint64_t *left = crease_arena_take(rays->arena, words * sizeof *left);
    crease_forced *forced = crease_arena_take(rays->arena, count * sizeof *forced);
    vertices c = find_vertices(rays, cell, facet);
    crease_survey s = crease_survey_new(rays, cell, units);
    if (!look_at_all(&s, &c, units, words) && refine_vertices(rays, &c))
        look_at_all(&s, &c, units, words);
    for (size_t w = 0; w < words; w++) {
        left[w] = settled(&s, &c, w, units[w]);
        uint64_t rest = units[w] & ~left[w];
        if (CREASE_SHADOW)
            shadow_vertices(rays, &c, crossed, &s, w, left[w]);
        for (; rest && !crease_interrupt_raised(); rest &= rest - 1) {
            size_t u = 64 * w + (size_t)__builtin_ctzll(rest);
            settle_exactly(trace, rays, &c, crossed, &s, u, forced, &constants);
            if (s.vertex[u] >= 0)
                left[w] |= rest & -rest;
        }
    }
    if (constants)
        crease_trace_force(trace, NULL, 0, forced, constants);
    write_vertices(trace, &c, crossed, &s, left);
    crease_arena_release(rays->arena, mark);
}
