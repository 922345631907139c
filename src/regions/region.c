#include "regions/region.h"

#include "base/memory.h"
#include "exact/integer.h"
#include "regions/affine.h"
#include "regions/units.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static void set_middle(crease_region *r)
{
    bool boxed = crease_domain_boxed(r->domain);
    r->middle_inside = true;
    for (size_t j = 0, k = 0; j < r->inputs; j++) {
        mpq_init(r->middle[j]);
        if (boxed) {
            mpq_add(r->middle[j], r->domain->lo[j], r->domain->hi[j]);
            mpq_div_2exp(r->middle[j], r->middle[j], 1);
        }
        r->point[j] = mpq_get_d(r->middle[j]);
        if (k < r->model->inputs && r->model->kept[k] == j) {
            k++;
            continue;
        }
        mpq_set_d(r->entry, isfinite(r->point[j]) ? r->point[j] : 0);
        r->middle_inside = r->middle_inside && isfinite(r->point[j]) &&
                           (!boxed || (mpq_cmp(r->entry, r->domain->lo[j]) > 0 &&
                                       mpq_cmp(r->entry, r->domain->hi[j]) < 0));
    }
}

static void set_scales(crease_region *r)
{
    const crease_model *model = r->model;
    for (size_t j = 0; j < model->inputs; j++) {
        r->centre[j] = mpq_get_d(model->centre[j]);
        r->scale[j] = ldexp(1, (int)(model->column[j] - model->column[model->inputs]));
    }
}

crease_region *crease_region_new(const crease_network *network, const crease_domain *domain,
                                 const crease_task *task)
{
    crease_region *r = crease_alloc(1, sizeof *r);
    const crease_model *model = task->model;
    r->network = network;
    r->lowered = task->network;
    r->domain = domain;
    r->model = model;
    r->inputs = network->inputs;
    r->units = crease_units_count(network);
    r->state = crease_alloc(r->units, 1);
    r->gate = crease_alloc(r->lowered->layers, sizeof *r->gate);
    for (size_t l = 0; l < r->lowered->layers; l++)
        r->gate[l] = crease_alloc(r->lowered->layer[l].rows, 1);
    r->inside = crease_alloc(model->inputs + 1, sizeof *r->inside);
    r->outside = crease_alloc(model->inputs + 1, sizeof *r->outside);
    r->rounded = crease_alloc(model->inputs + 1, sizeof *r->rounded);
    r->centre = crease_alloc(model->inputs, sizeof *r->centre);
    r->scale = crease_alloc(model->inputs, sizeof *r->scale);
    r->point = crease_alloc(r->inputs, sizeof *r->point);
    r->exact_point = crease_alloc(r->inputs, sizeof *r->exact_point);
    r->ball_centre = crease_alloc(r->inputs, sizeof *r->ball_centre);
    r->middle = crease_alloc(r->inputs, sizeof *r->middle);
    for (size_t j = 0; j < r->inputs; j++)
        mpq_inits(r->exact_point[j], r->ball_centre[j], NULL);
    mpq_inits(r->entry, r->volume, NULL);
    set_middle(r);
    set_scales(r);
    crease_walk_region_open(&r->walk, model, &crease_lp_dense, &r->tally);
    r->boxed = model->boxed ? crease_boxed_new(model, &r->tally) : NULL;
    r->arena = crease_arena_new();
    r->bounds = crease_cone_new(&crease_lp_dense, &r->tally);
    r->across = crease_alloc(model->units, 1);
    r->V = crease_integer_new(model->inputs + 1);
    r->row = crease_integer_new(r->inputs + 1);
    mpz_init(r->den);
    return r;
}

static void forget_shape(crease_region *r)
{
    crease_integer_free(r->vertex, r->vertices * (r->inputs + 1));
    r->vertex = NULL;
    r->vertices = 0;
    r->sized = r->cornered = r->balled = false;
}

void crease_region_free(crease_region *r)
{
    forget_shape(r);
    for (size_t l = 0; l < r->lowered->layers; l++)
        free(r->gate[l]);
    for (size_t j = 0; j < r->inputs; j++)
        mpq_clears(r->exact_point[j], r->middle[j], r->ball_centre[j], NULL);
    for (size_t i = 0; i < r->room; i++)
        free(r->side[i].neighbour);
    free(r->side);
    free(r->gate);
    free(r->state);
    free(r->inside);
    free(r->outside);
    free(r->rounded);
    free(r->centre);
    free(r->scale);
    free(r->point);
    free(r->exact_point);
    free(r->middle);
    free(r->ball_centre);
    free(r->across);
    crease_walk_region_close(&r->walk);
    crease_boxed_free(r->boxed);
    crease_arena_free(r->arena);
    crease_cone_free(r->bounds);
    crease_integer_free(r->V, r->model->inputs + 1);
    crease_integer_free(r->row, r->inputs + 1);
    mpz_clear(r->den);
    mpq_clears(r->entry, r->volume, NULL);
    free(r);
}

void crease_region_begin(crease_region *r, const crease_leaf *leaf)
{
    r->cell = leaf->cell && leaf->cell->carries_rays ? leaf->cell : NULL;
    memcpy(r->walk.pattern, leaf->pattern, r->model->units);
    crease_units_states(r->network, leaf->pattern, r->state);
    r->search = NULL;
    r->stopped = false;
    r->weight = leaf->weight;
    r->draws = leaf->draws;
    r->group = leaf->group;
    r->bounds_added = r->rows_added = r->rows_loaded = false;
    r->gated = r->pointed = r->faceted = r->has_inside = false;
    forget_shape(r);
}

static const mpz_t *fetch_bound(void *context, size_t slot)
{
    crease_region *r = context;
    return crease_rays_row(r->cell->chart, r->bounding[slot]);
}

void crease_region_add_bounds(crease_region *r)
{
    if (r->bounds_added)
        return;
    const crease_rays *chart = r->cell->chart;
    crease_active_set active = crease_rays_active(&r->cell->rays);
    crease_frame_rows(r->cell->rays.frame, r->bounding);
    crease_cone_clear(r->bounds, chart->d, NULL, fetch_bound, r);
    for (size_t slot; (slot = crease_active_next(&active)) < CREASE_RAY_SLOTS;) {
        const crease_row *row = r->bounding[slot];
        const crease_map *map = row->map;
        size_t u = row->unit;
        if (map)
            crease_cone_add(r->bounds, map->row + u, map->model->layer[map->layer].stride,
                            map->mag[u], map->err[u], row->sign, slot);
        else
            crease_cone_add(r->bounds, chart->face_value + u * chart->d, 1, 1, chart->face_error[u],
                            row->sign, slot);
    }
    r->bounds_added = true;
}

void crease_region_add_rows(crease_region *r)
{
    if (!r->rows_added)
        crease_walk_region_add_rows(&r->walk);
    r->rows_added = true;
}

void crease_region_load_rows(crease_region *r)
{
    crease_region_add_rows(r);
    if (!r->rows_loaded)
        crease_cone_load(r->walk.cone);
    r->rows_loaded = true;
}

void crease_region_set_gates(crease_region *r)
{
    if (!r->gated)
        crease_affine_gates(r->lowered, r->walk.pattern, r->gate);
    r->gated = true;
}

void crease_region_entry(crease_region *r, size_t j)
{
    mpz_set(mpq_numref(r->entry), r->row[j]);
    mpz_set(mpq_denref(r->entry), r->den);
    mpq_canonicalize(r->entry);
}

char *crease_region_entry_text(crease_region *r, size_t j)
{
    crease_region_entry(r, j);
    return mpq_get_str(NULL, 10, r->entry);
}

/* The quotient of integers is truncated whether they have a common divisor or not. */
double crease_region_entry_double(crease_region *r, size_t j)
{
    mpz_swap(mpq_numref(r->entry), r->row[j]);
    mpz_swap(mpq_denref(r->entry), r->den);
    double value = mpq_get_d(r->entry);
    mpz_swap(mpq_numref(r->entry), r->row[j]);
    mpz_swap(mpq_denref(r->entry), r->den);
    return value;
}

bool crease_region_stopped(const crease_region *r)
{
    return r->stopped;
}

bool crease_region_late(crease_region *r)
{
    bool may = r->search && r->inputs > CREASE_REGION_FEW_INPUTS;
    r->stopped =
        r->stopped || (may && (r->search->raised || (crease_clock_ticks() >= r->search->next &&
                                                     crease_interrupt_look(r->search, 0))));
    return r->stopped;
}

static bool never(void *context, size_t bytes)
{
    (void)context, (void)bytes;
    return false;
}

static bool is_time(void *context, size_t bytes)
{
    return crease_interrupt_look(context, bytes);
}

void crease_region_enter(crease_region *r, crease_interrupt *token)
{
    bool may = r->search && r->inputs > CREASE_REGION_FEW_INPUTS;
    crease_interrupt_enter(token, may ? is_time : never, r->search);
}

void crease_region_leave(crease_region *r, crease_interrupt *token)
{
    r->stopped = r->stopped || token->raised;
    crease_interrupt_leave(token);
}

size_t crease_region_inputs(const crease_region *r)
{
    return r->inputs;
}

size_t crease_region_outputs(const crease_region *r)
{
    return r->network->layer[r->network->layers - 1].width;
}

size_t crease_region_units(const crease_region *r)
{
    return r->units;
}

const uint8_t *crease_region_pattern(const crease_region *r)
{
    return r->state;
}

void crease_region_unit(const crease_region *r, size_t place, size_t *layer, size_t *unit)
{
    crease_units_at(r->network, place, layer, unit);
}

double crease_region_weight(const crease_region *r)
{
    return r->weight;
}

size_t crease_region_draws(const crease_region *r)
{
    return r->draws;
}

int crease_region_group(const crease_region *r)
{
    return r->group;
}

/* ---- The affine map ---- */

void crease_region_set_output_row(crease_region *r, size_t i)
{
    crease_region_set_gates(r);
    crease_affine_row(r->lowered, r->gate, r->lowered->layers - 1, i, r->row, r->den);
}

void crease_region_map(crease_region *r, double *A, double *b)
{
    for (size_t i = 0; i < crease_region_outputs(r); i++) {
        crease_region_set_output_row(r, i);
        for (size_t j = 0; j <= r->inputs; j++)
            *(j < r->inputs ? &A[i * r->inputs + j] : &b[i]) = crease_region_entry_double(r, j);
    }
}

void crease_region_linear(crease_region *r, mpz_t *A, mpz_t den)
{
    for (size_t i = 0; i < crease_region_outputs(r); i++) {
        crease_region_set_output_row(r, i);
        for (size_t j = 0; j < r->inputs; j++)
            mpz_swap(A[i * r->inputs + j], r->row[j]);
    }
    mpz_set(den, r->den);
}

char *crease_region_map_text(crease_region *r, size_t i, size_t j)
{
    crease_region_set_output_row(r, i);
    return crease_region_entry_text(r, j);
}
