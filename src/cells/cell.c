#include "cells/lp_cell.h"

#include "base/bits.h"
#include "base/interrupt.h"
#include "base/limits.h"
#include "base/memory.h"
#include "exact/filter.h"
#include "exact/integer.h"
#include "exact/signs.h"
#include "dd/ahead.h"
#include "cells/outline_count.h"
#include "cells/outline_proof.h"
#include "cells/shadow.h"

#include <assert.h>
#include <endian.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { COUNT_AT_ONCE = CREASE_LIMIT_COUNT };
/* Of weights and biases: binary32 has 24. */
enum { FEW_BITS = 12 };
/* Units after the first layer. */
enum { FEW_BEHIND = 10 };
/* See pays. */
enum { FEW_DOUBTS = 8, DOUBTFUL_TRIES = 32, COUNT_RECORD = 256 };

static bool is_short(const mpz_t *list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (mpz_sizeinbase(list[i], 2) > FEW_BITS)
            return false;
    return true;
}

static bool has_few_bits(const crease_model *model)
{
    for (size_t l = 0; l < model->layers; l++) {
        const crease_rows *map = &model->layer[l].map;
        if (!is_short((const mpz_t *)map->weight, map->begin[map->rows]) ||
            !is_short((const mpz_t *)map->bias, map->rows))
            return false;
    }
    return true;
}

/* Are there so few regions behind a cell of the first layer, which has few rays, that other
 * coordinates do not pay? */
static bool has_few_behind(const crease_model *model)
{
    return !model->faces && model->layer[0].decisions <= model->inputs &&
           model->units - model->layer[0].decisions <= FEW_BEHIND;
}

crease_cells *crease_cells_new(const crease_model *model, const crease_proposer *proposer,
                               crease_tally *tally, crease_proof *proof)
{
    crease_cells *cells = crease_alloc(1, sizeof *cells);
    cells->model = model;
    cells->arena = crease_arena_new();
    cells->tally = tally;
    cells->layers = crease_layers_new(model, tally, cells->arena);
    cells->cone = crease_cone_new(proposer, tally);
    /* GLPK sees the faces of a box as rows. */
    if (model->boxed && proposer == &crease_lp_dense)
        cells->boxed = crease_boxed_new(model, tally);
    cells->boxed_point = crease_alloc(model->inputs + 1, sizeof(double));
    cells->proof = proof;
    /* Points of a certificate are given in the inputs. */
    cells->few_behind = has_few_behind(model);
    cells->layers->keeps_inputs = proof || cells->few_behind;
    cells->layers->origin.lists = proof;
    cells->few_bits = has_few_bits(model);
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

void crease_cells_widen(crease_cells *cells, size_t layers, double rays)
{
    cells->wide_layers = layers;
    cells->wide_rays += rays;
}

bool crease_cells_may_be_wide(const crease_cells *cells)
{
    return cells->wide_rays > 0;
}

/* A ray cell is to be halved: has it too many rays? */
static bool too_many_rays(crease_cells *cells, const crease_cell *cell)
{
    size_t count = cell->rays.count;
    if (count <= crease_cells_most_rays(cells, cell->chart))
        return false;
    if (count > CREASE_LIMIT_WIDE || cell->chart->map->layer >= cells->wide_layers ||
        cells->wide_rays <= 0)
        return true;
    cells->wide_rays -= (double)count;
    return false;
}

/* Rows with a positive and rows with a negative sign at one of the rays or points. */
static void seen_signs(size_t words, crease_ray *const *ray, size_t count, uint64_t *positive,
                       uint64_t *negative)
{
    uint64_t above = 0, below = 0;
    for (size_t i = 0; i < count && words == 1; i++) {
        above |= *ray[i]->positive;
        below |= *ray[i]->negative;
    }
    for (size_t w = 0; w < words; w++) {
        positive[w] = above;
        negative[w] = below;
    }
    for (size_t i = 0; i < count && words > 1; i++)
        for (size_t w = 0; w < words; w++) {
            positive[w] |= ray[i]->positive[w];
            negative[w] |= ray[i]->negative[w];
        }
}

/* Sets the state of unit k, for bits k of `which`, to bit k of `positive`. */
static void set_states(uint8_t *state, uint64_t which, uint64_t positive)
{
    for (; which; which >>= 8, positive >>= 8, state += 8) {
        if ((which & 0xff) == 0xff) { /* most often: all eight at once */
            uint64_t bits = (positive & 0xff) * 0x0101010101010101 & 0x8040201008040201;
            bits = (bits + 0x7f7f7f7f7f7f7f7f) >> 7 & 0x0101010101010101;
            bits = htole64(bits);
            memcpy(state, &bits, sizeof bits);
            continue;
        }
        for (uint64_t left = which & 0xff; left; left &= left - 1) {
            int k = __builtin_ctzll(left);
            state[k] = positive >> k & 1;
        }
    }
}

size_t crease_cell_classify(crease_cells *cells, crease_cell *cell, const uint64_t *pending,
                            uint64_t *cut, uint8_t *state)
{
    size_t words = cell->chart->words, opens = 0, cuts = 0;
    if (crease_bits_empty(pending, words)) {
        memset(cut, 0, words * sizeof *cut);
        return 0;
    }
    uint64_t *positive = crease_arena_take(cells->arena, words * sizeof *positive);
    uint64_t *negative = crease_arena_take(cells->arena, words * sizeof *negative);
    if (cell->behind) {
        const uint64_t *units = crease_layers_units(cells->layers, cell->chart->map->layer);
        seen_signs(words, NULL, 0, positive, negative);
        crease_rays_see_ahead(cell->chart, cell->behind, &cell->rays, units, positive, negative,
                              cells->layers->keeps_inputs);
    } else if (cell->carries_rays) {
        seen_signs(words, cell->rays.ray, cell->rays.count, positive, negative);
    } else {
        uint64_t *open = crease_arena_take(cells->arena, words * sizeof *open);
        seen_signs(words, cell->point, cell->points, positive, negative);
        for (size_t w = 0; w < words; w++) {
            open[w] = pending[w] & ~(positive[w] & negative[w]);
            cells->tally->pool +=
                (uint64_t)__builtin_popcountll(pending[w] & positive[w] & negative[w]);
            opens += (size_t)__builtin_popcountll(open[w]);
        }
        if (opens && cell->boxed)
            crease_lp_cell_decide_in_box(cells, cell, open, positive, negative);
        else if (opens)
            crease_lp_cell_decide(cells, cell, open, opens, positive, negative);
    }
    for (size_t w = 0; w < words; w++) {
        cut[w] = pending[w] & positive[w] & negative[w];
        cuts += crease_bits_count(cut[w]);
        set_states(state + 64 * w, pending[w] & ~cut[w], positive[w]);
    }
    return cuts;
}

void crease_cell_catch_up(crease_cells *cells, crease_cell *cell)
{
    if (!cell->behind)
        return;
    const uint64_t *units = crease_layers_units(cells->layers, cell->chart->map->layer);
    cell->rays = crease_rays_carry_on(cell->chart, cell->behind, &cell->rays, units,
                                      cells->layers->keeps_inputs);
    cell->behind = NULL;
}

void crease_cell_halve(crease_cells *cells, crease_cell *cell, size_t u, const uint64_t *pending,
                       crease_cell half[2])
{
    const crease_rays *chart = cell->chart;
    crease_cell_catch_up(cells, cell);
    size_t slot = cell->carries_rays ? crease_rays_free_slot(&cell->rays) : CREASE_RAY_SLOTS;
    if (cell->carries_rays && (slot == CREASE_RAY_SLOTS || too_many_rays(cells, cell)))
        crease_lp_cell_replace(cells, cell);
    if (!cell->carries_rays) {
        crease_lp_cell_halve(cells, cell, u, half);
        return;
    }
    crease_ray_cell restriction = crease_rays_cross(chart, &cell->rays, u, slot, pending);
    for (int h = 0; h < 2; h++)
        half[h] =
            (crease_cell){.chart = chart,
                          .carries_rays = true,
                          .rays = crease_rays_half(chart, &cell->rays, &restriction, u, h ? -1 : 1),
                          .half = true};
    assert(crease_interrupt_raised() ||
           (half[0].rays.count && half[1].rays.count)); /* the unit cuts the cell */
}

crease_cell crease_cell_enter(crease_cells *cells, crease_cell *cell, const uint8_t *state,
                              crease_map *map, size_t *chosen)
{
    const crease_rays *chart = cell->chart;
    if (cell->carries_rays) {
        const crease_rays *own = cell->behind ? cell->behind : chart;
        crease_cell next = {.carries_rays = true, .rays = cell->rays, .behind = own};
        next.chart = crease_layers_pass(chart, own, &cell->rays, state, map);
        if (next.chart)
            return next;
        crease_cell_catch_up(cells, cell);
        next.behind = NULL;
        next.chart =
            crease_layers_enter(cells->layers, chart, &cell->rays, state, map, chosen, &next.rays);
        return next;
    }
    return crease_lp_cell_enter(cells, cell, state, map, chosen);
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

/* Is another count worth a try?  If more than one in `part` came to nothing lately, only some
 * are. */
static bool pays(crease_count_record *record, unsigned part)
{
    return record->doubts <= record->tried / part + FEW_DOUBTS ||
           ++record->passed % DOUBTFUL_TRIES == 0;
}

static void note(crease_count_record *record, bool counted)
{
    record->tried++;
    record->doubts += !counted;
    if (record->tried == COUNT_RECORD) {
        record->tried /= 2;
        record->doubts /= 2;
    }
}

void crease_cells_draw(crease_cells *cells)
{
    cells->draws = true;
}

void crease_cells_forget(crease_cells *cells)
{
    cells->outlines = cells->meets = (crease_count_record){0};
}

static bool count_by_outline(crease_cells *cells, crease_cell *cell, const uint64_t *cut,
                             uint64_t *regions)
{
    if (!pays(&cells->outlines, 2))
        return false;
    bool counted = false;
    if (cell->behind) {
        crease_ray_cell view = crease_rays_view_ahead(cell->chart, cell->behind, &cell->rays);
        counted = crease_outline_try(cell->chart, &view, cut, regions);
    }
    if (!counted) {
        crease_cell_catch_up(cells, cell);
        counted = crease_outline_count(cell->chart, &cell->rays, cut, regions);
    }
    note(&cells->outlines, counted);
    return counted;
}

static bool prove_by_outline(const crease_cells *cells, const crease_cell *cell,
                             const uint64_t *cut, uint64_t *regions)
{
    crease_ray_cell view = cell->rays;
    if (cell->behind)
        view = crease_rays_view_ahead(cell->chart, cell->behind, &view);
    return crease_outline_prove(cell->chart, &view, cut, cells->proof, regions);
}

static bool count_by_meets(crease_cells *cells, const crease_cell *cell, const uint64_t *cut,
                           size_t cuts, uint64_t *regions)
{
    if (!pays(&cells->meets, 8))
        return false;
    bool counted = cell->boxed ? crease_lp_cell_count_in_box(cells, cell, cut, cuts, regions)
                               : crease_lp_cell_count(cells, cell, cut, cuts, regions);
    note(&cells->meets, counted);
    if (CREASE_SHADOW && counted) {
        const crease_cell whole = crease_lp_cell_with_faces(cells, cell);
        crease_shadow_meets(&whole, cut, cuts, *regions);
    }
    return counted;
}

/* What is written must depend on the cell alone, not on doubts in others. */
static bool prove_by_meets(crease_cells *cells, const crease_cell *cell, const uint64_t *cut,
                           size_t cuts, uint64_t *regions)
{
    return cell->boxed && !cells->few_bits &&
           crease_lp_cell_count_in_box(cells, cell, cut, cuts, regions);
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
    if (!cell->carries_rays)
        return !cells->draws && few_regions(cuts, cell->chart->d) &&
               (cells->proof ? prove_by_meets : count_by_meets)(cells, cell, cut, cuts, regions);
    if (cell->rays.count > crease_cells_most_rays(cells, cell->chart) ||
        !few_regions(cuts, cell->chart->d))
        return false;
    bool counted;
    if (!cells->proof)
        counted = count_by_outline(cells, cell, cut, regions);
    else
        counted = !cells->few_bits && prove_by_outline(cells, cell, cut, regions);
    if (!counted) {
        crease_cell_catch_up(cells, cell);
        if (!crease_restriction_fit(&cell->rays, cell->chart->d))
            return false;
        *regions =
            crease_restriction_count(cell->chart, &cell->rays, cell->chart->d, cut, cells->proof);
    }
    if (CREASE_SHADOW) {
        crease_cell_catch_up(cells, cell);
        crease_shadow_restriction(cell->chart, &cell->rays, cut, cuts, *regions);
    }
    return true;
}
