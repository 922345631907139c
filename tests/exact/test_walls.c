/* What certificates are written from, in doubles with error bounds, against the same in fractions:
 * a point lies inside rows (proof/walls.h), and a row is least at a vertex (proof/survey.h), for
 * all true points and vertices that the bounds allow. */
#include "support/nets.h"
#include "support/rational.h"
#include "support/support.h"

#include "dd/layers.h"
#include "exact/filter.h"
#include "proof/survey.h"
#include "proof/walls.h"

#include <math.h>
#include <stdlib.h>

enum { INPUTS = 3, LENGTH = INPUTS + 1, UNITS = 21, TRIES = 3000, VERTICES = 4 };

/* A layer of random rows, some of them whole. */
typedef struct {
    uint64_t state;
    crease_network *network;
    crease_model *model;
    crease_map *map;
    crease_arena *arena;
    crease_layers *layers;
    crease_tally tally;
    const crease_rays *rays;
    mpq_t sum, part;
} bench;

static void open_bench(bench *b, bool whole)
{
    oracle_net *net = nets_new(INPUTS, (const int[]){UNITS, 1}, 2);
    for (int u = 0; u < UNITS; u++)
        for (int j = 0; j <= INPUTS; j++)
            if (whole)
                mpq_set_si(*nets_at(net, 0, u, j), nets_between(&b->state, -9, 9), 1);
            else
                mpq_set_d(*nets_at(net, 0, u, j), rational_random(&b->state));
    for (int u = 0; u < UNITS; u++)
        mpq_set_si(*nets_at(net, 1, 0, u), 1, 1);
    char *json = nets_text(net, NULL);
    oracle_free(net);
    b->network = support_network(json);
    free(json);
    b->model = crease_model_new(b->network, NULL);
    b->map = crease_map_new(b->model, 0, LENGTH);
    b->arena = crease_arena_new();
    b->layers = crease_layers_new(b->model, &b->tally, b->arena);
    b->rays = crease_layers_begin(b->layers, b->map);
    mpq_inits(b->sum, b->part, NULL);
}

static void close_bench(bench *b)
{
    mpq_clears(b->sum, b->part, NULL);
    crease_layers_free(b->layers);
    crease_arena_free(b->arena);
    crease_map_free(b->map);
    crease_model_free(b->model);
    crease_network_free(b->network);
}

static double entry(const bench *b, size_t u, size_t j)
{
    return b->map->row[j * b->model->layer[0].stride + u];
}

/* The sign of g.x - off max |g_j| for the exact row times a sign. */
static int exact_sign(bench *b, size_t u, int sign, const double *x, double off)
{
    const mpz_t *row = crease_map_exact(b->map, u);
    size_t top = 0;
    mpq_set_ui(b->sum, 0, 1);
    for (size_t j = 0; j < LENGTH; j++) {
        mpq_set_d(b->part, sign * x[j]);
        mpz_mul(mpq_numref(b->part), mpq_numref(b->part), row[j]);
        mpq_canonicalize(b->part);
        mpq_add(b->sum, b->sum, b->part);
        top = mpz_cmpabs(row[j], row[top]) > 0 ? j : top;
    }
    mpq_set_d(b->part, off);
    mpz_mul(mpq_numref(b->part), mpq_numref(b->part), row[top]);
    mpq_canonicalize(b->part);
    mpq_abs(b->part, b->part);
    return mpq_cmp(b->sum, b->part);
}

/* A point beside the zeros of row k, in doubles, by a few roundings or by some part of its size. */
static void put_beside(bench *b, size_t k, double *x)
{
    size_t pivot = 0;
    double rest = 0;
    for (size_t j = 0; j < INPUTS; j++) {
        x[j] = rational_random(&b->state);
        pivot = fabs(entry(b, k, j)) > fabs(entry(b, k, pivot)) ? j : pivot;
    }
    x[INPUTS] = 1;
    for (size_t j = 0; j < LENGTH; j++)
        rest += j == pivot ? 0 : entry(b, k, j) * x[j];
    x[pivot] = rational_step(-rest / entry(b, k, pivot), (int)nets_between(&b->state, -3, 3));
    if (nets_between(&b->state, 0, 1))
        x[pivot] *=
            1 + ldexp((double)nets_between(&b->state, -9, 9), -(int)nets_between(&b->state, 4, 50));
}

START_TEST(inside)
{
    bench b = {.state = 1 + (uint64_t)_i};
    open_bench(&b, _i);
    size_t within = 0, near = 0;
    for (int i = 0; i < TRIES; i++) {
        crease_arena_mark mark = crease_arena_here(b.arena);
        crease_row row[UNITS];
        size_t rows = 0, k = (size_t)nets_between(&b.state, 0, UNITS - 1);
        double x[LENGTH],
            off = nets_between(&b.state, 0, 1) ? 0 : ldexp(1, -(int)nets_between(&b.state, 3, 50));
        put_beside(&b, k, x);
        for (size_t u = 0; u < UNITS; u++) {
            int sign = exact_sign(&b, u, 1, x, 0) > 0 ? 1 : -1;
            sign = u == k && nets_between(&b.state, 0, 1) ? -sign : sign;
            if (u == k || nets_between(&b.state, 0, 1))
                row[rows++] = (crease_row){b.map, u, sign};
        }
        const crease_walls walls = crease_walls_new(b.rays, row, rows);
        double one = crease_filter_one_norm(x, LENGTH) * (1 + 0x1p-40), fine;
        bool said = crease_walls_inside(&walls, x, one, off, &fine);
        for (size_t r = 0; r < rows && said; r++)
            ck_assert_msg(exact_sign(&b, row[r].unit, (int)row[r].sign, x, off) > 0,
                          "try %d: unit %zu is not positive, off %g", i, row[r].unit, off);
        /* What is clearly inside is found to be. */
        bool clear = true;
        for (size_t r = 0; r < rows; r++)
            clear = clear && exact_sign(&b, row[r].unit, (int)row[r].sign, x, off + 0x1p-40) > 0;
        ck_assert(said || !clear);
        within += said;
        near += !said && off == 0;
        crease_arena_release(b.arena, mark);
    }
    ck_assert_msg(within > TRIES / 20 && near > TRIES / 20, "%zu inside, %zu near", within, near);
    close_bench(&b);
}
END_TEST

/* The value of a unit at a vertex that is as far off as may be: for which it is largest (way 1) or
 * smallest (-1). */
static void extreme(bench *b, size_t u, int sign, const crease_ray *ray, int way, mpq_t value)
{
    const mpz_t *row = crease_map_exact(b->map, u);
    double a = 0;
    for (size_t j = 0; j < LENGTH; j++)
        a += sign * mpz_get_d(row[j]) * ray->v[j];
    a /= ray->v[INPUTS];
    mpq_set_ui(value, 0, 1);
    for (size_t j = 0; j < LENGTH; j++) {
        double slope = sign * mpz_get_d(row[j]) - (j == INPUTS ? a : 0);
        mpq_set_d(b->sum, slope * way > 0 ? ray->err : -ray->err);
        mpq_set_d(b->part, ray->v[j]);
        mpq_add(b->part, b->part, b->sum);
        mpq_set(b->sum, b->part);
        mpz_mul(mpq_numref(b->part), mpq_numref(b->part), row[j]);
        mpq_canonicalize(b->part);
        mpq_add(value, value, b->part);
    }
    mpq_div(value, value, b->sum);
    if (sign < 0)
        mpq_neg(value, value);
}

/* Vertices, some of them close to the first one. */
static void draw_rays(bench *b, bool whole, crease_ray_cell *cell)
{
    size_t beside = (size_t)nets_between(&b->state, 0, UNITS - 1);
    bool fine = nets_between(&b->state, 0, 1);
    int bits = (int)nets_between(&b->state, fine ? 50 : 4, fine ? 75 : 30);
    for (size_t i = 0; i < VERTICES; i++) {
        crease_ray *ray = cell->ray[cell->count++] = crease_rays_take(b->rays);
        bool close = i && nets_between(&b->state, 0, 1);
        double little = ldexp(1, -(int)nets_between(&b->state, 20, 51));
        for (size_t j = 0; j < LENGTH; j++) {
            ray->v[j] =
                whole ? (double)nets_between(&b->state, -99, 99) : rational_random(&b->state);
            if (close && !whole)
                ray->v[j] = cell->ray[0]->v[j] + little * ray->v[j];
        }
        ray->v[INPUTS] =
            whole ? (double)nets_between(&b->state, 1, 9) : fabs(ray->v[INPUTS]) / 4 + 0.05;
        if (!whole && fine && nets_between(&b->state, 0, 3))
            put_beside(b, beside, ray->v);
        if (whole)
            crease_rays_set_integers(b->rays, ray);
        else
            crease_rays_set_doubles(b->rays, ray, ldexp(1, -bits));
        for (size_t w = 0; w < b->rays->words; w++)
            ray->positive[w] = ray->negative[w] = 0;
        for (size_t u = 0; u < UNITS && !i; u++)
            ray->positive[u / 64] |= (uint64_t)nets_between(&b->state, 0, 1) << u % 64;
    }
}

START_TEST(least)
{
    bench b = {.state = 7 + (uint64_t)_i};
    bool whole = _i;
    open_bench(&b, whole);
    mpq_t high, low;
    mpq_inits(high, low, NULL);
    size_t found = 0;
    for (int i = 0; i < TRIES / 2; i++) {
        crease_arena_mark mark = crease_arena_here(b.arena);
        crease_ray_cell cell = crease_rays_take_cell(b.rays, NULL, VERTICES);
        draw_rays(&b, whole, &cell);
        const uint64_t units[1] = {((uint64_t)1 << UNITS) - 1};
        crease_survey s = crease_survey_new(b.rays, units, cell.ray[0]->positive);
        crease_survey_look(&s, cell.ray, cell.count);
        for (uint64_t set = crease_survey_settled(&s, 0, units[0]); set; set &= set - 1) {
            size_t u = (size_t)__builtin_ctzll(set), at = (size_t)s.vertex[u];
            int sign = crease_bit(cell.ray[0]->positive, u) ? 1 : -1;
            extreme(&b, u, sign, cell.ray[at], 1, high);
            for (size_t k = 0; k < VERTICES; k++) {
                extreme(&b, u, sign, cell.ray[k], -1, low);
                ck_assert_msg(k == at || mpq_cmp(high, low) < 0,
                              "try %d: unit %zu is not less at vertex %zu than at %zu", i, u, at,
                              k);
            }
            found++;
        }
        crease_arena_release(b.arena, mark);
    }
    ck_assert_msg(found > TRIES / 10, "%zu are settled", found);
    mpq_clears(high, low, NULL);
    close_bench(&b);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("walls");
    TCase *tcase = support_case(suite, "walls", 600);
    tcase_add_loop_test(tcase, inside, 0, 2);
    tcase_add_loop_test(tcase, least, 0, 2);
    suite_add_tcase(suite, tcase);
    return support_run(suite);
}
