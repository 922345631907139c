/* DROP, NAME and LIKE: a cell that has as many regions as one before it. */
#include "check.h"

#include <stdlib.h>
#include <string.h>

/* The rows that make a cell: bounds, >= 0 on it, and those on which its regions depend. */
typedef struct {
    size_t now; /* the layer */
    uint8_t *state;
    size_t bounds, live;
    mpz_ptr bound, row; /* n + 1 entries each */
} shape;

struct name {
    shape own;
    size_t depth;          /* of its cell */
    mpz_t before, regions; /* of the file before the cell; of the cell, 0 until it has ended */
};

static void need_here(checker *c, const char *node)
{
    if (c->version < 2)
        stream_reject(c->in, "%s in a certificate of version 1", node);
    if (c->net->layers == 0 || c->flat->rows > 0 || c->crossed)
        stream_reject(c->in, "%s in a flat, or in a cell that had a CROSS", node);
}

/* The row of an entry, >= 0 on the cell. */
static void oriented(checker *c, size_t entry, mpz_ptr to)
{
    mpz_srcptr row = rows_of(c, entry);
    for (size_t j = 0; j <= c->n; j++)
        if (entry < c->units && c->state[entry] == OFF)
            mpz_neg(to + j, row + j);
        else
            mpz_set(to + j, row + j);
}

/* Is g the sum of a number >= 0 and of multiples >= 0 of the rows of a support, which is read here?
 * bound: rows by the numbers 0, ..., bounds - 1. */
static void need_sum(checker *c, mpz_srcptr bound, size_t bounds, mpz_srcptr g)
{
    size_t n = c->n;
    uint64_t next = 0, count = stream_number(c->in);
    if (count > n)
        stream_reject(c->in, "a support of more than the dimension");
    solved_restart(&c->sum, &c->whole);
    for (; count > 0; count--) {
        size_t i = stream_entry(c->in, &next, bounds, 0);
        if (!solved_add(&c->sum, &c->spare, bound + i * (n + 1), c->one, i, NULL, c->v))
            stream_reject(c->in, "bound %zu depends on others of the support", i);
    }
    solved_express(&c->sum, g, c->v);
    for (size_t j = 0; j <= n; j++)
        if (mpz_sgn(c->v + j) < 0 || (mpz_sgn(c->v + j) && j < n && c->sum.function[j] == NONE))
            stream_reject(c->in, "the support does not prove a bound");
}

/* The bounds of the cell, ascending by entry, but for one of them. */
static mpz_ptr gather(checker *c, size_t without, size_t *count)
{
    size_t at = 0, length = c->n + 1;
    *count = 0;
    for (size_t e = 0; e < c->units + c->faces; e++)
        *count += c->bounds[e] && e != without;
    mpz_ptr bound = base_integers(NULL, 0, *count * length);
    for (size_t e = 0; e < c->units + c->faces; e++)
        if (c->bounds[e] && e != without)
            oriented(c, e, bound + length * at++);
    return bound;
}

void alike_drop(checker *c, uint64_t entry)
{
    need_here(c, "DROP");
    if (entry >= c->units + c->faces || !c->bounds[entry])
        stream_reject(c->in, "DROP of an entry that does not bound the cell");
    size_t count;
    mpz_ptr bound = gather(c, entry, &count);
    oriented(c, entry, c->x);
    need_sum(c, bound, count, c->x);
    base_release(bound, count * (c->n + 1));
    c->bounds[entry] = false;
    c->drop[c->drops++] = entry;
}

void alike_undo(checker *c, size_t drops)
{
    while (c->drops > drops)
        c->bounds[c->drop[--c->drops]] = true;
}

/* Does the number of regions depend on the row of the layer? */
static bool is_live(const checker *c, const layer *l, size_t row)
{
    const affine *map = l->map;
    uint8_t state = row < map->units ? c->state[l->first + row] : ON;
    bool passed = c->now + 1 < c->net->layers, piece = map->rank > 1 && row >= map->units;
    size_t pieces = map->rank > 1 ? map->units / (map->rank * (map->rank - 1) / 2) * map->rank : 0;
    if (state == PENDING)
        return true;
    if (!passed || (row < map->units && map->rank > 1))
        return false;
    if (piece && row - map->units < pieces)
        return group_candidate(c, l, (row - map->units) / map->rank,
                               (row - map->units) % map->rank);
    return state == ON;
}

static shape take_shape(checker *c)
{
    const layer *l = &c->layer[c->now];
    size_t length = c->n + 1;
    shape s = {.now = c->now, .state = base_allocate(l->map->units, 1)};
    for (size_t u = 0; u < l->map->units; u++) /* gone or moot: it does not matter any more */
        s.state[u] = c->state[l->first + u] == GONE ? MOOT : c->state[l->first + u];
    s.bound = gather(c, NONE, &s.bounds);
    for (size_t r = 0; r < l->map->width; r++)
        s.live += is_live(c, l, r);
    s.row = base_integers(NULL, 0, s.live * length);
    mpz_ptr to = s.row;
    for (size_t r = 0; r < l->map->width; r++)
        for (size_t j = 0; j < length && is_live(c, l, r); j++)
            mpz_set(to++, rows_exact(c, c->now, r) + j);
    return s;
}

void alike_name(checker *c, uint64_t number)
{
    need_here(c, "NAME");
    if (number != c->names)
        stream_reject(c->in, "NAME %llu is the %zuth", (unsigned long long)number, c->names);
    c->name = base_resize(c->name, c->names + 1, sizeof *c->name);
    struct name *own = &c->name[c->names++];
    *own = (struct name){.own = take_shape(c), .depth = c->opens};
    mpz_init_set(own->before, c->total);
    mpz_init(own->regions);
    c->unended = base_resize(c->unended, c->unendeds + 1, sizeof *c->unended);
    c->unended[c->unendeds++] = number;
}

void alike_end(checker *c)
{
    while (c->unendeds > 0 && c->name[c->unended[c->unendeds - 1]].depth == c->opens) {
        struct name *own = &c->name[c->unended[--c->unendeds]];
        mpz_sub(own->regions, c->total, own->before);
    }
}

/* An affine map of the kept inputs: den x_i' = sum_j map_ij x_j + map_in, as it is read. */
static mpz_ptr read_map(checker *c, mpz_ptr den)
{
    size_t length = c->n + 1;
    mpz_ptr map = base_integers(NULL, 0, c->n * length);
    stream_signed(c->in, den);
    if (mpz_sgn(den) <= 0)
        stream_reject(c->in, "a map with a denominator that is not positive");
    for (size_t i = 0; i < c->n * length; i++) {
        stream_signed(c->in, map + i);
        mpz_mul_2exp(map + i, map + i, c->largest + c->scale[i % length] - c->scale[i / length]);
    }
    mpz_mul_2exp(den, den, c->largest);
    return map;
}

/* to = den g after the map. */
static void pull_back(const checker *c, mpz_srcptr map, mpz_srcptr den, mpz_srcptr g, mpz_ptr to)
{
    size_t length = c->n + 1;
    for (size_t j = 0; j < length; j++) {
        mpz_set_ui(to + j, 0);
        for (size_t i = 0; i < c->n; i++)
            mpz_addmul(to + j, g + i, map + i * length + j);
    }
    mpz_addmul(to + c->n, den, g + c->n);
}

/* The map takes the rows of `to` to those of `from`. */
static void need_rows(checker *c, const shape *from, const shape *to, mpz_srcptr map,
                      mpz_srcptr den)
{
    size_t length = c->n + 1;
    for (size_t r = 0; r < from->live; r++) {
        pull_back(c, map, den, to->row + r * length, c->x);
        for (size_t j = 0; j < length; j++) {
            mpz_mul(c->t, den, from->row + r * length + j);
            if (mpz_cmp(c->t, c->x + j))
                stream_reject(c->in, "a map does not keep the function of live row %zu", r);
        }
    }
}

/* The map takes the cell `from` into the closure of `to`. */
static void need_inside(checker *c, const shape *from, const shape *to, mpz_srcptr map,
                        mpz_srcptr den)
{
    if (stream_number(c->in) != to->bounds)
        stream_reject(c->in, "the cell that is mapped to has %zu bounds", to->bounds);
    for (size_t b = 0; b < to->bounds; b++) {
        pull_back(c, map, den, to->bound + b * (c->n + 1), c->x);
        need_sum(c, from->bound, from->bounds, c->x);
    }
}

static void free_shape(const checker *c, shape *s)
{
    base_release(s->bound, s->bounds * (c->n + 1));
    base_release(s->row, s->live * (c->n + 1));
    free(s->state);
}

void alike_like(checker *c, uint64_t number)
{
    need_here(c, "LIKE");
    if (number >= c->names || mpz_sgn(c->name[number].regions) == 0)
        stream_reject(c->in, "LIKE of a cell that has not ended before, or has no regions");
    const struct name *other = &c->name[number];
    point_read(c, NULL, 0);
    point_check(c);
    shape own = take_shape(c);
    if (other->own.now != c->now ||
        memcmp(other->own.state, own.state, c->layer[c->now].map->units))
        stream_reject(c->in, "LIKE of a cell of another layer, or with other states");
    mpz_t den[2];
    mpz_inits(den[0], den[1], NULL);
    mpz_ptr there = read_map(c, den[0]), back = read_map(c, den[1]);
    need_rows(c, &own, &other->own, there, den[0]);
    need_rows(c, &other->own, &own, back, den[1]);
    need_inside(c, &own, &other->own, there, den[0]);
    need_inside(c, &other->own, &own, back, den[1]);
    mpz_add(c->total, c->total, other->regions);
    mpz_clears(den[0], den[1], NULL);
    base_release(there, c->n * (c->n + 1));
    base_release(back, c->n * (c->n + 1));
    free_shape(c, &own);
}
