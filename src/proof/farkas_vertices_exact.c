#include "proof/farkas_vertices.h"

#include "base/interrupt.h"
#include "base/memory.h"
#include "base/status.h"
#include "exact/simplex.h"
#include "exact/integer.h"

#include <assert.h>
#include <stdlib.h>

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
                                 const crease_slot *row, const mpz_t *const *value, size_t rows,
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

void crease_farkas_force_exactly(crease_trace *trace, crease_rays *rays, const crease_ray *ray,
                                 const crease_active_set *crossed, size_t u, int sign)
{
    crease_slot slot[CREASE_RAY_SLOTS];
    const mpz_t *value[CREASE_RAY_SLOTS];
    size_t rows = 0, equations = 0;
    for (int pass = 0; pass < 2; pass++) {
        crease_active_set left = ray->tight;
        for (size_t s; (s = crease_active_next(&left)) < CREASE_RAY_SLOTS;)
            if (crease_bit(crossed->word, s) == (pass == 0)) {
                slot[rows] = rays->slot[s];
                value[rows++] = crease_farkas_row(rays, &rays->slot[s]);
            }
        equations = pass ? equations : rows;
    }
    crease_farkas_force_by_rows(trace, rays->map, u, sign, slot, value, rows, equations);
    rays->tally->exact++;
}
