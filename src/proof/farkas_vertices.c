#include "proof/farkas_vertices.h"

#include "base/bits.h"
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

/* The vertices to look at, one of those that share their support. */
typedef struct {
    size_t count;
    crease_ray **ray;
    crease_active_set *support; /* what may be in it, or NULL: what is active there */
    bool degenerate;            /* is one not simple? */
    const crease_frame *frame;  /* of the cell */
} vertices;

/* Is all of the support independent? */
static bool is_simple(const crease_rays *rays, const vertices *c, size_t vertex)
{
    return c->ray[vertex]->active_count + 1 == rays->d;
}

static crease_active_set support_of_vertex(const vertices *c, size_t vertex)
{
    return c->support ? c->support[vertex] : c->ray[vertex]->active;
}

static crease_active_set common(crease_active_set a, crease_active_set b)
{
    for (size_t w = 0; w < CREASE_RAY_SLOTS / 64; w++)
        a.word[w] &= b.word[w];
    return a;
}

/* Leaves one of those that share their support. */
static void reduce(const crease_rays *rays, const crease_low_rank *low, vertices *c)
{
    crease_active_sets seen = crease_active_sets_new(rays->arena, c->count);
    size_t kept = 0;
    c->support = crease_arena_take(rays->arena, c->count * sizeof *c->support);
    for (size_t i = 0; i < c->count; i++) {
        crease_active_set support = c->ray[i]->active;
        if (is_simple(rays, c, i) && crease_low_rank_reduce(low, 0, &support) &&
            !crease_active_sets_add(&seen, &support))
            continue;
        c->support[kept] = support;
        c->ray[kept++] = c->ray[i];
    }
    c->count = kept;
}

/* Those where v_d > 0: at the other rays, of the recession cone, no function has a least value.
 * facet: the slot of a row that vanishes at those to look at, or CREASE_RAY_SLOTS. */
static vertices find_vertices(const crease_rays *rays, const crease_ray_cell *cell, size_t facet)
{
    size_t n = cell->count, unit_slot = crease_rays_unit_slot(rays, cell->frame);
    vertices c = {.ray = crease_arena_take(rays->arena, n * sizeof *c.ray), .frame = cell->frame};
    crease_active_set with = {{0}}, without = {{0}};
    if (facet < CREASE_RAY_SLOTS)
        with.word[facet / 64] = (uint64_t)1 << facet % 64;
    if (unit_slot < CREASE_RAY_SLOTS)
        without.word[unit_slot / 64] = (uint64_t)1 << unit_slot % 64;
    for (size_t i = 0; i < n; i++) { /* no branch: what is active is hard to predict */
        const crease_active_set *active = &cell->ray[i]->active;
        uint64_t other = 0;
        for (size_t w = 0; w < CREASE_RAY_SLOTS / 64; w++)
            other |= (with.word[w] & ~active->word[w]) | (without.word[w] & active->word[w]);
        c.ray[c.count] = cell->ray[i];
        c.degenerate |= !other & (cell->ray[i]->active_count + 1 != rays->d);
        c.count += !other;
    }
    const crease_low_rank low = crease_low_rank_find(rays, cell->frame);
    if (low.count)
        reduce(rays, &low, &c);
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
        crease_ray *copy = crease_rays_copy_line(rays, c->ray[i], NULL);
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
        if (!is_simple(s->rays, c, (size_t)s->vertex[64 * word + (size_t)__builtin_ctzll(left)]))
            set &= ~(left & -left);
    return set;
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
        if (order < 0 || (order == 0 && is_simple(rays, c, i) && !is_simple(rays, c, best))) {
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
    crease_active_set left = support_of_vertex(c, vertex);
    const mpz_t *last = rays->face + (ptrdiff_t)(rays->map->model->faces) * rays->face_step;
    for (size_t s; (s = crease_active_next(&left)) < CREASE_RAY_SLOTS;)
        if (!crease_bit(crossed->word, s)) {
            const crease_row *own = crease_frame_row(c->frame, s);
            row[count++] = (crease_exact_row){crease_rays_row(rays, own), own->sign};
        }
    row[count++] = (crease_exact_row){last, 1};
    size_t signless = count;
    left = common(support_of_vertex(c, vertex), *crossed);
    for (size_t s; (s = crease_active_next(&left)) < CREASE_RAY_SLOTS;)
        row[count++] = (crease_exact_row){crease_rays_row(rays, crease_frame_row(c->frame, s)), 1};
    for (size_t i = 0; i < count; i++)
        index[i] = i;
    assert(is_simple(rays, c, vertex) && count <= d);
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
    int64_t found = s->vertex[u];
    s->vertex[u] = -1;
    if (is_constant(rays->map, u, rays->d)) {
        size_t first = rays->map->model->layer[rays->map->layer].first;
        constant[(*constants)++] = (crease_forced){first + u, sign > 0};
        return;
    }
    /* The vertex that is least in doubles may be proved in integers. */
    if (found >= 0 && is_simple(rays, c, (size_t)found) &&
        holds(rays, c, (size_t)found, crossed, u, sign)) {
        s->vertex[u] = found;
        return;
    }
    size_t vertex = exact_vertex(rays, c, u, sign);
    if (crease_interrupt_raised())
        return;
    assert(vertex < c->count); /* the cell has a vertex */
    if (is_simple(rays, c, vertex))
        s->vertex[u] = (int64_t)vertex;
    else
        force_exactly(trace, rays, c->frame, c->ray[vertex], crossed, u, sign);
}

/* A list of numbers of rows, as it is written. */
typedef struct {
    const uint8_t *byte;
    size_t bytes;
} support_list;

/* Of the rows in a set of slots.  keep: NULL, or a ray with room for the list, of which they are
 * the active rows. */
static support_list find_list(const crease_rays *rays, const crease_frame *frame,
                              crease_active_set slots, crease_ray *keep)
{
    size_t number[CREASE_RAY_SLOTS], count = 0, most = CREASE_RAY_SLOTS * 10;
    support_list list;
    for (size_t s; (s = crease_active_next(&slots)) < CREASE_RAY_SLOTS;)
        number[count++] = crease_farkas_reference(rays->map->model, crease_frame_row(frame, s));
    crease_trace_sort(number, count);
    if (keep && crease_trace_list_bytes(number, count, keep->list + 1, rays->d * CREASE_RAY_LIST,
                                        &list.bytes)) {
        keep->list[0] = (uint8_t)list.bytes;
        return (support_list){keep->list + 1, list.bytes};
    }
    uint8_t *byte = crease_arena_take(rays->arena, most);
    bool fits = crease_trace_list_bytes(number, count, byte, most, &list.bytes);
    assert(fits);
    (void)fits;
    list.byte = byte;
    return list;
}

/* Of a vertex, without the rows of crossings. */
static support_list list_of(const crease_rays *rays, const vertices *c, size_t vertex,
                            const crease_active_set *crossed)
{
    crease_ray *ray = c->ray[vertex];
    crease_active_set slots = support_of_vertex(c, vertex);
    bool whole = !c->support;
    for (size_t w = 0; w < CREASE_RAY_SLOTS / 64; w++) {
        whole = whole && !(slots.word[w] & crossed->word[w]);
        slots.word[w] &= ~crossed->word[w];
    }
    if (whole && ray->list && ray->list[0])
        return (support_list){ray->list + 1, ray->list[0]};
    return find_list(rays, c->frame, slots, whole && ray->list ? ray : NULL);
}

/* Of each vertex, the units of a set that have it: sets of `words` words, that of vertex v from
 * word (v + 1) * words on.  False if the vertex of a unit is not settled, or not simple. */
static bool gather(const crease_survey *s, const vertices *c, const uint64_t *units, uint64_t *of)
{
    size_t words = s->rays->words;
    int64_t sure = -1;
    memset(of, 0, (c->count + 1) * words * sizeof *of);
    for (size_t w = 0; w < words; w++)
        for (uint64_t left = units[w]; left; left &= left - 1) {
            size_t u = 64 * w + (size_t)__builtin_ctzll(left);
            of[(size_t)(s->vertex[u] + 1) * words + w] |= left & -left;
            sure &= s->sure[u];
        }
    bool good = sure;
    for (size_t v = 0; v < c->count && c->degenerate; v++)
        good = good && (is_simple(s->rays, c, v) || crease_bits_empty(of + (v + 1) * words, words));
    return good;
}

/* One node for each vertex that a unit of the set has, in the order of their first units.  of: from
 * gather. */
static void write_vertices(crease_trace *trace, const vertices *c, const crease_active_set *crossed,
                           const crease_survey *s, const uint64_t *units, const uint64_t *of)
{
    const crease_rays *rays = s->rays;
    const crease_map *map = rays->map;
    size_t words = rays->words, first = map->model->layer[map->layer].first;
    for (size_t w = 0; w < words; w++)
        for (uint64_t left = units[w]; left;) {
            size_t vertex = (size_t)s->vertex[64 * w + (size_t)__builtin_ctzll(left)];
            const uint64_t *own = of + (vertex + 1) * words;
            left &= ~own[w];
            if (w && !crease_bits_empty(own, w))
                continue; /* written before */
            const support_list list = list_of(rays, c, vertex, crossed);
            crease_trace_force_set(trace, list.byte, list.bytes, first, own, s->positive, words);
        }
}

/* Some units are not settled. */
static void force_slowly(crease_trace *trace, const crease_rays *rays, vertices *c,
                         const crease_active_set *crossed, crease_survey *s, const uint64_t *units,
                         uint64_t *of)
{
    size_t count = 0, constants = 0, words = rays->words;
    uint64_t *left = crease_arena_take(rays->arena, words * sizeof *left);
    if (refine_vertices(rays, c))
        crease_survey_look(s, c->ray, c->count);
    for (size_t w = 0; w < words; w++) {
        left[w] = settled(s, c, w, units[w]);
        count += crease_bits_count(units[w]);
    }
    crease_forced *forced = crease_arena_take(rays->arena, count * sizeof *forced);
    for (size_t w = 0; w < words; w++) {
        uint64_t rest = units[w] & ~left[w];
        if (CREASE_SHADOW)
            shadow_vertices(rays, c, crossed, s, w, left[w]);
        for (; rest && !crease_interrupt_raised(); rest &= rest - 1) {
            size_t u = 64 * w + (size_t)__builtin_ctzll(rest);
            settle_exactly(trace, rays, c, crossed, s, u, forced, &constants);
            if (s->vertex[u] >= 0)
                left[w] |= rest & -rest;
        }
    }
    if (constants)
        crease_trace_force(trace, NULL, 0, forced, constants);
    gather(s, c, left, of);
    write_vertices(trace, c, crossed, s, left, of);
}

void crease_farkas_force(crease_trace *trace, const crease_rays *rays, const crease_ray_cell *cell,
                         const crease_active_set *crossed, size_t facet, const uint64_t *units,
                         const uint64_t *positive)
{
    size_t words = rays->words;
    if (crease_bits_empty(units, words))
        return;
    crease_arena_mark mark = crease_arena_here(rays->arena);
    vertices c = find_vertices(rays, cell, facet);
    crease_survey s = crease_survey_new(rays, units, positive);
    uint64_t *of = crease_arena_take(rays->arena, (c.count + 1) * words * sizeof *of);
    crease_survey_look(&s, c.ray, c.count);
    if (gather(&s, &c, units, of)) {
        for (size_t w = 0; w < words && CREASE_SHADOW; w++)
            shadow_vertices(rays, &c, crossed, &s, w, units[w]);
        write_vertices(trace, &c, crossed, &s, units, of);
    } else {
        force_slowly(trace, rays, &c, crossed, &s, units, of);
    }
    crease_arena_release(rays->arena, mark);
}
