#include "regions/polygon.h"

#include "base/memory.h"
#include "base/status.h"
#include "exact/integer.h"
#include "model/coordinates.h"

#include <assert.h>
#include <stdlib.h>

void crease_polygon_open(crease_polygon *p)
{
    *p = (crease_polygon){.bounded = false};
    for (size_t i = 0; i < 3; i++)
        mpq_init(p->term[i]);
}

void crease_polygon_close(crease_polygon *p)
{
    for (size_t i = 0; i < 2 * p->room; i++)
        mpq_clear(p->corner[i]);
    for (size_t i = 0; i < 3; i++)
        mpq_clear(p->term[i]);
    free(p->corner);
    free(p->edge);
    free(p->active);
}

static void make_room(crease_polygon *p, size_t corners)
{
    if (corners <= p->room)
        return;
    size_t room = 2 * corners;
    p->corner = crease_realloc(p->corner, 2 * room, sizeof *p->corner);
    p->edge = crease_realloc(p->edge, room, sizeof *p->edge);
    p->active = crease_realloc(p->active, room, sizeof *p->active);
    for (size_t i = 2 * p->room; i < 2 * room; i++)
        mpq_init(p->corner[i]);
    p->room = room;
}

/* Twice the signed area of the triangle of three corners, to term[0]. */
static void set_turn(crease_polygon *p, size_t a, size_t b, size_t c)
{
    mpq_t *A = p->corner + 2 * a, *B = p->corner + 2 * b, *C = p->corner + 2 * c, *t = p->term;
    mpq_sub(t[1], B[0], A[0]);
    mpq_sub(t[2], C[1], A[1]);
    mpq_mul(t[0], t[1], t[2]);
    mpq_sub(t[1], B[1], A[1]);
    mpq_sub(t[2], C[0], A[0]);
    mpq_mul(t[1], t[1], t[2]);
    mpq_sub(t[0], t[0], t[1]);
}

void crease_polygon_area(crease_polygon *p, mpq_t area)
{
    assert(p->bounded);
    mpq_set_ui(area, 0, 1);
    for (size_t i = 2; i < p->corners; i++) {
        set_turn(p, 0, i - 1, i);
        mpq_add(area, area, p->term[0]);
    }
    mpq_div_2exp(area, area, 1);
}

static void set_directions(crease_polygon *p)
{
    for (size_t i = 0; i < p->corners && p->bounded; i++) {
        mpq_t *from = p->corner + 2 * i, *to = p->corner + 2 * (i + 1 < p->corners ? i + 1 : 0);
        int right = mpq_cmp(to[0], from[0]);
        p->edge[i].forward = right > 0 || (right == 0 && mpq_cmp(to[1], from[1]) > 0);
    }
}

/* ---- From extreme rays ---- */

static crease_active_set common(const crease_active_set *a, const crease_active_set *b)
{
    crease_active_set both;
    for (size_t w = 0; w < CREASE_RAY_SLOTS / 64; w++)
        both.word[w] = a->word[w] & b->word[w];
    return both;
}

static bool is_empty(crease_active_set set)
{
    return crease_active_next(&set) == CREASE_RAY_SLOTS;
}

/* The edge on which these rows vanish. */
static crease_polygon_edge edge_of(const crease_region *r, const crease_row **row,
                                   crease_active_set set)
{
    size_t least = SIZE_MAX;
    for (size_t slot; (slot = crease_active_next(&set)) < CREASE_RAY_SLOTS;) {
        size_t id = crease_region_row_id(r, row[slot]);
        least = id < least ? id : least;
    }
    return (crease_polygon_edge){.facet = crease_region_facet_of(r, least)};
}

static void swap_corners(crease_polygon *p, size_t a, size_t b)
{
    crease_active_set kept = p->active[a];
    p->active[a] = p->active[b];
    p->active[b] = kept;
    mpq_swap(p->corner[2 * a], p->corner[2 * b]);
    mpq_swap(p->corner[2 * a + 1], p->corner[2 * b + 1]);
}

/* The corners lie at the extreme rays. */
static void take_corners(crease_polygon *p, crease_region *r)
{
    const crease_ray_cell *cell = &r->cell->rays;
    size_t n = r->model->inputs;
    make_room(p, cell->count);
    p->corners = 0;
    p->bounded = true;
    for (size_t i = 0; i < cell->count; i++) {
        crease_rays_exact(r->cell->chart, cell->ray[i], r->V);
        if (!mpz_sgn(r->V[n])) {
            p->bounded = false;
            continue;
        }
        crease_model_to_inputs(r->model, (const mpz_t *)r->V, p->corner + 2 * p->corners);
        p->active[p->corners++] = cell->ray[i]->active;
    }
}

/* Two corners are joined by an edge iff some row that bounds the region vanishes at both. */
static void chain_corners(crease_polygon *p, const crease_region *r)
{
    const crease_row *row[CREASE_RAY_SLOTS];
    crease_frame_rows(r->cell->rays.frame, row);
    for (size_t i = 0; i < p->corners; i++) {
        size_t next = i + 1;
        while (next < p->corners && is_empty(common(&p->active[i], &p->active[next])))
            next++;
        if (next < p->corners)
            swap_corners(p, i + 1, next);
        next = i + 1 < p->corners ? i + 1 : 0;
        crease_active_set shared = common(&p->active[i], &p->active[next]);
        if (is_empty(shared))
            crease_fatal("regions: the rays of a cell are not the corners of a polygon");
        p->edge[i] = edge_of(r, row, shared);
    }
}

/* Reverses the order, except that corner 0 stays the first. */
static void turn_around(crease_polygon *p)
{
    for (size_t a = 1, b = p->corners - 1; a < b; a++, b--)
        swap_corners(p, a, b);
    for (size_t a = 0, b = p->corners - 1; a < b; a++, b--) {
        crease_polygon_edge kept = p->edge[a];
        p->edge[a] = p->edge[b];
        p->edge[b] = kept;
    }
}

/* ---- From inequalities ---- */

typedef struct {
    mpz_t row[3]; /* row . (x, y, 1) >= 0 in the region */
    crease_polygon_edge edge;
} line;

/* 0 if the normal points to the right or upwards from there to, but not including, the left; else
 * 1. */
static int half_turn(const line *l)
{
    int x = mpz_sgn(l->row[0]), y = mpz_sgn(l->row[1]);
    return !(y > 0 || (y == 0 && x > 0));
}

/* The sign of the cross product of two normals. */
static int turn(const line *a, const line *b)
{
    mpz_t s, t;
    mpz_inits(s, t, NULL);
    mpz_mul(s, a->row[0], b->row[1]);
    mpz_mul(t, a->row[1], b->row[0]);
    int sign = mpz_cmp(s, t);
    mpz_clears(s, t, NULL);
    return sign;
}

/* No two facets have the same normal. */
static int by_angle(const void *a, const void *b)
{
    int half = half_turn(a) - half_turn(b);
    return half ? half : -turn(a, b);
}

/* Adds the point where both lines meet, which are not parallel. */
static void add_meeting(crease_polygon *p, const line *a, const line *b)
{
    for (size_t j = 0; j < 2; j++) {
        size_t u = 1 - j;
        mpq_t *x = &p->corner[2 * p->corners + j];
        /* Cramer's rule; the denominator is the determinant of the normals, with the sign of j. */
        mpz_mul(mpq_numref(*x), a->row[u], b->row[2]);
        mpz_submul(mpq_numref(*x), b->row[u], a->row[2]);
        mpz_mul(mpq_denref(*x), a->row[j], b->row[u]);
        mpz_submul(mpq_denref(*x), b->row[j], a->row[u]);
        mpq_canonicalize(*x);
    }
    p->corners++;
}

void crease_polygon_set_by_rows(crease_polygon *p, crease_region *r)
{
    assert(r->inputs == 2);
    size_t facets = crease_region_facets(r);
    line *all = crease_alloc(facets, sizeof *all);
    make_room(p, facets);
    p->bounded = r->bounded;
    p->corners = 0;
    for (size_t i = 0; i < facets; i++) {
        const crease_region_side *side = &r->side[i];
        crease_region_set_facet_row(r, i);
        for (size_t j = 0; j < 3; j++)
            mpz_init_set(all[i].row[j], r->row[j]);
        all[i].edge = (crease_polygon_edge){.facet = side->facet};
    }
    if (facets)
        qsort(all, facets, sizeof *all, by_angle);
    /* Of facets that follow one another by the angle, those that turn less than half around meet:
     * the corner before edge i is that of lines i - 1 and i. */
    for (size_t i = 0; i < facets; i++) {
        size_t before = i ? i - 1 : facets - 1;
        p->edge[i] = all[i].edge;
        if (turn(&all[before], &all[i]) > 0)
            add_meeting(p, &all[before], &all[i]);
    }
    assert(!p->bounded || p->corners == facets);
    set_directions(p);
    for (size_t i = 0; i < facets; i++)
        for (size_t j = 0; j < 3; j++)
            mpz_clear(all[i].row[j]);
    free(all);
}

void crease_polygon_set(crease_polygon *p, crease_region *r)
{
    assert(r->inputs == 2);
    if (!r->cell || r->model->inputs < 2) {
        crease_polygon_set_by_rows(p, r);
        return;
    }
    take_corners(p, r);
    if (!p->bounded)
        return;
    chain_corners(p, r);
    set_turn(p, 0, 1, 2);
    if (mpq_sgn(p->term[0]) < 0)
        turn_around(p);
    set_directions(p);
}
