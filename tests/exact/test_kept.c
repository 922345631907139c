/* Rays that are cut again and again, by hyperplanes that are nearly parallel or nearly meet: every
 * ray lies within its error, has the right signs, and the values that it keeps lie within theirs.
 * Outlines of cells and of their images, restricted again and again, have the right signs and
 * values, or say that they are in doubt.
 *
 * Environment: CREASE_KEPT_NETS, the number of networks of each test. */
#include "support/nets.h"
#include "support/rational.h"
#include "support/support.h"

#include "cells/stages.h"
#include "dd/ahead.h"
#include "dd/layers.h"
#include "dd/outline_image.h"
#include "dd/shadow.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { WORDS = 1 };

/* ---- Networks ---- */

/* Row `to` becomes itself plus 2^exponent times row `from`. */
static void add_row(const oracle_net *net, int layer, int to, int from, long exponent)
{
    mpq_t part;
    mpq_init(part);
    for (int j = 0; j <= net->layer[layer].fan; j++) {
        mpq_set(part, *nets_at(net, layer, from, j));
        if (exponent < 0)
            mpq_div_2exp(part, part, (mp_bitcnt_t)-exponent);
        else
            mpq_mul_2exp(part, part, (mp_bitcnt_t)exponent);
        mpq_add(*nets_at(net, layer, to, j), *nets_at(net, layer, to, j), part);
    }
    mpq_clear(part);
}

/* Some rows become another one, or the sum of two, plus little: their hyperplanes are nearly
 * parallel, or nearly share a face. */
static void bend(const oracle_net *net, int layer, uint64_t *state)
{
    int rows = net->layer[layer].rows;
    long most = nets_between(state, 4, 40);
    for (int u = 2; u < rows; u++) {
        int f = (int)nets_between(state, 0, u - 1), g = (int)nets_between(state, 0, u - 1);
        if (nets_between(state, 0, 2))
            continue;
        add_row(net, layer, u, f, nets_between(state, 1, most));
        if (nets_between(state, 0, 2) == 0)
            add_row(net, layer, u, g, nets_between(state, 1, most));
    }
}

/* Weights of very different sizes. */
static void scale_rows(const oracle_net *net, int layer, long most, uint64_t *state)
{
    for (int u = 0; u < net->layer[layer].rows; u++) {
        long exponent = nets_between(state, 0, 2) ? 0 : nets_between(state, 0, most);
        bool down = nets_between(state, 0, 1);
        for (int j = 0; j <= net->layer[layer].fan; j++) {
            mpq_t *entry = nets_at(net, layer, u, j);
            (down ? mpq_div_2exp : mpq_mul_2exp)(*entry, *entry, (mp_bitcnt_t)exponent);
        }
    }
}

static char *network(uint64_t *state)
{
    int layers = (int)nets_between(state, 1, 3), inputs = (int)nets_between(state, 4, 6);
    int widths[4] = {0};
    for (int l = 0; l < layers; l++)
        widths[l] = (int)nets_between(state, l ? 4 : inputs + 2, l ? 7 : inputs + 6);
    widths[layers] = 1;
    oracle_net *net = nets_new(inputs, widths, layers + 1);
    bool whole = nets_between(state, 0, 3) == 0;
    long most = nets_between(state, 0, 3) ? 100 : 500;
    for (int l = 0; l <= layers; l++) {
        for (int i = 0; i < net->layer[l].rows * (net->layer[l].fan + 1); i++)
            if (whole)
                mpq_set_si(net->layer[l].row[i], nets_between(state, -4, 4), 1);
            else
                mpq_set_d(net->layer[l].row[i], rational_random(state));
        if (l < layers) {
            bend(net, l, state);
            scale_rows(net, l, most, state);
        }
    }
    char *json = nets_text(net, NULL);
    oracle_free(net);
    return json;
}

/* ---- Cells ---- */

typedef struct {
    uint64_t state;
    size_t rays, kept, narrow; /* rays; values; of these, far below what coordinates would give */
    size_t outlines, images, doubts;
    size_t beside;     /* restrictions with rows behind the one that is 0 there */
    size_t ahead, far; /* signs; cells that were followed over a layer */
} walk;

/* A refined copy is closer to its line than the ray, or as close. */
static void check_refined(const crease_rays *rays, const crease_ray *ray, const uint64_t *wanted)
{
    crease_ray *copy = crease_rays_copy(rays, ray);
    crease_rays_refine(rays, copy);
    support_require(copy->err <= ray->err, "refinement made an error wider");
    crease_shadow_ray(rays, copy, wanted);
}

static void check_rays(walk *w, const crease_rays *rays, const crease_ray_cell *cell,
                       const uint64_t *wanted)
{
    const crease_map *map = rays->map;
    for (size_t i = 0; i < cell->count; i++) {
        const crease_ray *ray = cell->ray[i];
        if (ray->kernel)
            continue;
        crease_shadow_ray(rays, ray, wanted);
        w->rays++;
        if (i % 4 == 0)
            check_refined(rays, ray, wanted);
        for (size_t u = 0; u < map->model->layer[map->layer].width && rays->values; u++) {
            if (!(ray->valued >> u / 8 & 1) || ray->integer || !isfinite(ray->error[u]))
                continue;
            w->kept++;
            w->narrow += ray->error[u] < 0.1 * map->slope[u] * ray->err;
        }
    }
}

/* A unit of the set that cuts the cell, from a random one on; `units` if there is none. */
static size_t cutting(walk *w, const crease_ray_cell *cell, const uint64_t *set, size_t units)
{
    size_t first = (size_t)nets_between(&w->state, 0, (long)units - 1);
    for (size_t k = 0; k < units; k++) {
        size_t u = (first + k) % units;
        bool positive = false, negative = false;
        for (size_t i = 0; i < cell->count; i++) {
            positive = positive || crease_bit(cell->ray[i]->positive, u);
            negative = negative || crease_bit(cell->ray[i]->negative, u);
        }
        if (positive && negative && crease_bit(set, u))
            return u;
    }
    return units;
}

/* Restricts the outline to the zeros of one of the rows, all of which cut it.  True, and what is
 * left of the rows, if there is more to restrict. */
static bool restrict_outline(walk *w, crease_outline_space *space, crease_outline *outline,
                             uint64_t *rows)
{
    uint64_t cut = 0, before = 0;
    crease_outline to;
    bool repeated;
    size_t c = 0;
    for (uint64_t left = space->proves ? *rows : *rows & (*rows - 1); left; left &= left - 1) {
        c = (size_t)__builtin_ctzll(left);
        before = *rows & (space->proves ? ~((uint64_t)1 << c) : ((uint64_t)1 << c) - 1);
        if (nets_between(&w->state, 0, 2) == 0)
            break;
    }
    space->crossed[space->crossings++] = c;
    w->outlines++;
    bool sure;
    if (space->proves) {
        uint64_t same;
        sure = crease_outline_restrict(space, outline, c, before, &to, &cut, &same);
        for (uint64_t left = sure ? same : 0; left; left &= left - 1)
            crease_shadow_outline_repeated(space, outline, c, left & -left, true);
        before &= ~same;
        repeated = !before;
        if (sure && same && !repeated)
            sure = crease_outline_restrict(space, outline, c, before, &to, &cut, &same);
        w->beside += sure && before >> c;
    } else {
        sure = crease_outline_cross(space, outline, c, before, &to, &cut, &repeated);
    }
    if (!sure) {
        w->doubts++;
        return false;
    }
    crease_shadow_outline_repeated(space, outline, c, before, repeated);
    for (uint64_t left = before; left && !repeated; left &= left - 1)
        crease_shadow_outline_cut(space, outline, c, (size_t)__builtin_ctzll(left),
                                  cut & left & -left);
    if (repeated || !(cut & (cut - 1)))
        return false;
    crease_shadow_outline(space, &to, space->proves ? before | 1 : cut);
    *outline = to;
    *rows = cut;
    return true;
}

static void check_outline(walk *w, const crease_rays *rays, const crease_ray_cell *cell,
                          const uint64_t *set)
{
    crease_outline_space space;
    crease_outline outline;
    uint64_t positive = 0, negative = 0;
    for (size_t i = 0; i < cell->count; i++) {
        positive |= cell->ray[i]->positive[0];
        negative |= cell->ray[i]->negative[0];
    }
    uint64_t cut = *set & positive & negative;
    bool proves = nets_between(&w->state, 0, 1) != 0;
    crease_outline_image image = {.dimension = rays->d, .cell = *cell};
    if (!(cut & (cut - 1)) || (proves && !crease_outline_find_image(rays, cell, &image)) ||
        !crease_outline_open(&space, rays, &image.cell, image.dimension, &cut, proves, &outline))
        return;
    w->images += image.dimension < rays->d;
    uint64_t rows = crease_outline_rows(&space);
    crease_shadow_outline(&space, &outline, rows | proves);
    while (outline.dimension > 2)
        if (!restrict_outline(w, &space, &outline, &rows))
            return;
    if (!crease_outline_apart(&space, &outline, rows))
        return;
    for (; rows; rows &= rows - 1)
        for (uint64_t other = rows & (rows - 1); other; other &= other - 1)
            crease_shadow_outline_differ(&space, &outline, (size_t)__builtin_ctzll(rows),
                                         (size_t)__builtin_ctzll(other));
}

/* Cuts the cell by units of the layer until none cuts it, and sets all states.  Returns the part at
 * which it ends; with `within`, each part is the restriction to the last hyperplane. */
static crease_ray_cell cut_down(walk *w, const crease_rays *rays, crease_ray_cell cell,
                                const uint64_t *all, bool within, uint8_t *state)
{
    size_t units = rays->map->model->layer[rays->map->layer].width;
    uint64_t *set = crease_arena_take(rays->arena, rays->words * sizeof *set);
    memcpy(set, all, rays->words * sizeof *set);
    for (size_t u, dimension = rays->d; (u = cutting(w, &cell, set, units)) < units;) {
        size_t slot = crease_rays_free_slot(&cell);
        if (slot == CREASE_RAY_SLOTS || (within && dimension < 3))
            break;
        set[u / 64] &= ~((uint64_t)1 << u % 64);
        crease_ray_cell restriction = crease_rays_cross(rays, &cell, u, slot, set);
        check_rays(w, rays, &restriction, set);
        state[u] = nets_between(&w->state, 0, 1) != 0;
        cell = within ? restriction
                      : crease_rays_half(rays, &cell, &restriction, u, state[u] ? 1 : -1);
        dimension -= within;
    }
    for (size_t u = 0; u < units; u++)
        for (size_t i = 0; crease_bit(set, u) && i < cell.count; i++)
            state[u] = (i && state[u]) || crease_bit(cell.ray[i]->positive, u);
    return cell;
}

/* Is the cell still cut, as there were no slots left? */
static bool is_cut(walk *w, const crease_rays *rays, const crease_ray_cell *cell,
                   const uint64_t *set)
{
    size_t units = rays->map->model->layer[rays->map->layer].width;
    return cutting(w, cell, set, units) < units;
}

static crease_ray_cell copy_cell(const crease_rays *rays, const crease_ray_cell *cell)
{
    crease_ray_cell copy = crease_rays_take_cell(rays, cell->frame, cell->count);
    for (size_t i = 0; i < cell->count; i++)
        copy.ray[copy.count++] = crease_rays_copy(rays, cell->ray[i]);
    return copy;
}

static void need_same(const crease_rays *rays, const crease_ray_cell *x, const crease_ray_cell *y,
                      const char *what)
{
    for (size_t i = 0; i < x->count; i++) {
        const crease_ray *a = x->ray[i], *b = y->ray[i];
        support_require(a->err == b->err && a->integer == b->integer &&
                            !memcmp(a->v, b->v, rays->d * sizeof *a->v),
                        what);
    }
}

/* Follows a part of a cell of layer l through the layers behind it, as long as nothing cuts it,
 * with rays that it shares with other parts. */
static void look_ahead(walk *w, crease_layers *layers, const crease_rays *own,
                       const crease_ray_cell *whole, const uint64_t *set, crease_stage *stage,
                       size_t l)
{
    const bool by_path = layers->keeps_inputs;
    walk part = {.state = w->state + w->ahead};
    const crease_ray_cell cell = cut_down(&part, own, *whole, set, false, stage[l].state);
    const crease_rays *rays = own;
    if (is_cut(&part, own, &cell, set))
        return;
    const crease_ray_cell before = copy_cell(own, &cell);
    for (bool cut = false; !cut && l + 1 < layers->model->layers; l++) {
        const uint64_t *units = crease_layers_units(layers, l + 1);
        uint64_t positive[WORDS] = {0}, negative[WORDS] = {0};
        crease_map_next(stage[l + 1].map, rays->map, stage[l].state);
        rays = crease_rays_with_map(rays, stage[l + 1].map);
        crease_rays_see_ahead(rays, own, &cell, units, positive, negative, by_path);
        const crease_ray_cell view = crease_rays_view_ahead(rays, own, &cell);
        check_rays(&part, rays, &view, units);
        for (size_t u = 0; u < layers->model->layer[l + 1].width; u++) {
            cut = cut || (crease_bit(positive, u) && crease_bit(negative, u));
            stage[l + 1].state[u] = crease_bit(positive, u);
        }
        w->ahead += cell.count;
        w->far += rays->map->layer > own->map->layer + 1;
    }
    if (by_path)
        need_same(own, &cell, &before, "a ray that looks ahead is another one");
    /* What was found of a ray must fit what it keeps. */
    check_rays(&part, own, whole, set);
    check_rays(&part, own, &cell, (const uint64_t[WORDS]){0});
}

/* Other parts of the cell enter the next layer, and leave signs at the rays that they share. */
static void enter_others(walk *w, crease_layers *layers, const crease_rays *rays,
                         const crease_ray_cell *whole, const uint64_t *set, crease_stage *stage)
{
    walk part = {.state = w->state + 1};
    size_t width = rays->map->model->layer[rays->map->layer].width;
    uint8_t *state = crease_arena_take(rays->arena, 64 * rays->words);
    memset(state, 0, 64 * rays->words);
    for (int k = 0; k < 3; k++) {
        crease_ray_cell next;
        memcpy(state, stage[0].state, width);
        const crease_ray_cell cell = cut_down(&part, rays, *whole, set, false, state);
        if (!is_cut(&part, rays, &cell, set))
            crease_layers_enter(layers, rays, &cell, state, stage[1].map, stage[1].chosen, &next);
    }
}

/* Cells that keep the inputs are the same in the next layer whenever they enter it, though rays
 * keep signs: what is written of them depends on the path alone.  alone: the cell, its rays not
 * shared. */
static void enter_again(crease_layers *layers, const crease_rays *rays,
                        const crease_ray_cell *alone, crease_stage *stage,
                        const crease_ray_cell *first)
{
    crease_ray_cell again;
    crease_layers_enter(layers, rays, alone, stage[0].state, stage[1].map, stage[1].chosen, &again);
    need_same(rays, first, &again, "a ray that enters a layer again is another one");
}

/* One path from a root cell through all layers. */
static void walk_down(walk *w, const crease_model *model, crease_layers *layers,
                      crease_stage *stage)
{
    const crease_rays *rays = crease_layers_begin(layers, stage[0].map);
    int sign[CREASE_LAYERS_ROOT];
    uint64_t set[WORDS];
    for (size_t k = 0; k < model->inputs; k++)
        sign[k] = nets_between(&w->state, 0, 1) ? 1 : -1;
    crease_ray_cell cell = crease_layers_orthant(layers, rays, sign);
    for (size_t l = 0;; l++) {
        memcpy(set, crease_layers_units(layers, l), rays->words * sizeof *set);
        for (size_t k = 0; l == 0 && k < model->inputs; k++) {
            size_t u = crease_layers_root(layers)->row[k];
            set[u / 64] &= ~((uint64_t)1 << u % 64);
            stage[0].state[u] = sign[k] > 0;
        }
        check_rays(w, rays, &cell, set);
        for (int k = 0; k < 4; k++)
            check_outline(w, rays, &cell, set);
        cut_down(w, rays, cell, set, true, stage[l].state);
        for (int k = 0; k < 2; k++)
            look_ahead(w, layers, rays, &cell, set, stage, l);
        const crease_ray_cell whole = cell;
        cell = cut_down(w, rays, whole, set, false, stage[l].state);
        if (l + 1 == model->layers || is_cut(w, rays, &cell, set))
            return;
        crease_ray_cell next;
        const crease_rays *own = rays;
        const crease_ray_cell alone = copy_cell(rays, &cell);
        if (layers->keeps_inputs)
            enter_others(w, layers, rays, &whole, set, &stage[l]);
        rays = crease_layers_enter(layers, rays, &cell, stage[l].state, stage[l + 1].map,
                                   stage[l + 1].chosen, &next);
        if (layers->keeps_inputs)
            enter_again(layers, own, &alone, &stage[l], &next);
        cell = next;
    }
}

static void walk_network(walk *w, int paths)
{
    char *json = network(&w->state);
    crease_network *given = support_network(json);
    crease_model *model = crease_model_new(given, NULL);
    crease_tally tally = {0};
    if (model->layers && crease_layers_find_root(model, &(crease_root){0})) {
        crease_stage *stage = crease_stages_new(model);
        crease_arena *arena = crease_arena_new();
        crease_layers *layers = crease_layers_new(model, &tally, arena);
        crease_arena_mark mark = crease_arena_here(arena);
        for (int path = 0; path < paths; path++) {
            layers->keeps_inputs = path % 2 != 0; /* then cells are not replaced by images */
            walk_down(w, model, layers, stage);
            crease_arena_release(arena, mark);
        }
        crease_layers_free(layers);
        crease_arena_free(arena);
        crease_stages_free(stage, model);
    }
    crease_model_free(model);
    crease_network_free(given);
    free(json);
}

START_TEST(cut_again)
{
    const char *set = getenv("CREASE_KEPT_NETS");
    walk w = {.state = 1 + (uint64_t)_i};
    for (int n = 0; n < (set ? atoi(set) : 300); n++)
        walk_network(&w, 2);
    ck_assert_msg(2 * w.narrow > w.rays && w.kept > w.rays, "%zu rays, %zu values, %zu narrow",
                  w.rays, w.kept, w.narrow);
    ck_assert_msg(w.ahead > w.rays / 10 && w.far, "%zu signs ahead at %zu rays", w.ahead, w.rays);
    ck_assert_msg(w.outlines > w.rays / 20 && 2 * w.doubts < w.outlines, "%zu outlines, %zu doubts",
                  w.outlines, w.doubts);
    ck_assert_uint_gt(w.images, 0);
    ck_assert_uint_gt(w.beside, w.outlines / 10);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("kept");
    TCase *tcase = support_case(suite, "kept", 3600);
    tcase_add_loop_test(tcase, cut_again, 0, 2);
    return support_run(suite);
}
