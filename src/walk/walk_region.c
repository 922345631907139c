#include "walk/walk_region.h"

#include "base/memory.h"
#include "base/status.h"
#include "model/maxout_groups.h"
#include "model/pattern.h"
#include "exact/integer.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static const mpz_t *fetch(void *context, size_t id)
{
    crease_walk_region *r = context;
    if (id >= r->model->units)
        return (const mpz_t *)r->model->face + (id - r->model->units) * r->d;
    size_t l = crease_pattern_layer(r->model, id);
    return crease_map_exact(r->map[l], id - r->model->layer[l].first);
}

void crease_walk_region_open(crease_walk_region *r, const crease_model *model,
                             const crease_proposer *proposer, crease_tally *tally)
{
    memset(r, 0, sizeof *r);
    r->model = model;
    r->d = model->inputs + 1;
    r->cone = crease_cone_new(proposer, tally);
    r->pattern = crease_alloc(model->units, 1);
    r->map = crease_alloc(model->layers, sizeof *r->map);
    r->other = crease_alloc(model->layers, sizeof *r->other);
    r->gate = crease_alloc(model->layers, sizeof *r->gate);
    r->other_gate = crease_alloc(model->layers, sizeof *r->other_gate);
    for (size_t l = 0; l < model->layers; l++) {
        r->map[l] = crease_map_new(model, l, r->d);
        r->other[l] = crease_map_new(model, l, r->d);
        r->gate[l] = crease_alloc(model->layer[l].width, 1);
        r->other_gate[l] = crease_alloc(model->layer[l].width, 1);
    }
    r->unit_row = crease_alloc(model->units, sizeof *r->unit_row);
    r->state = crease_alloc(model->units + model->faces + 1, sizeof *r->state);
    r->unit = crease_alloc(r->d, sizeof(double));
    r->unit[r->d - 1] = 1;
}

void crease_walk_region_close(crease_walk_region *r)
{
    crease_cone_free(r->cone);
    for (size_t l = 0; l < r->model->layers; l++) {
        crease_map_free(r->map[l]);
        crease_map_free(r->other[l]);
        free(r->gate[l]);
        free(r->other_gate[l]);
    }
    free(r->gate);
    free(r->other_gate);
    free(r->map);
    free(r->other);
    free(r->pattern);
    free(r->unit_row);
    free(r->state);
    free(r->unit);
}

static void set_map(const crease_walk_region *r, crease_map **map, uint8_t **gate,
                    const uint8_t *pattern, size_t l)
{
    if (!l) {
        crease_map_first(map[0]);
        return;
    }
    const crease_model_layer *below = &r->model->layer[l - 1];
    crease_map_next(map[l], map[l - 1],
                    crease_maxout_groups_gates(below, pattern + below->first, gate[l - 1]));
}

static void add_layer_rows(crease_walk_region *r, size_t l)
{
    const crease_model_layer *layer = &r->model->layer[l];
    const crease_map *map = r->map[l], *next = l + 1 < r->model->layers ? r->map[l + 1] : NULL;
    for (size_t u = 0; u < layer->decisions; u++) {
        size_t id = layer->first + u;
        r->unit_row[id] = CREASE_ROW_ZERO;
        if (crease_maxout_group_is_moot(layer, u, r->pattern + layer->first))
            r->unit_row[id] = CREASE_ROW_MOOT;
        else if (crease_cone_add(r->cone, map->row + u, layer->stride, map->mag[u], map->err[u],
                                 r->pattern[id] ? 1 : -1, id)) {
            r->unit_row[id] = crease_cone_rows(r->cone) - 1;
            crease_cone_set_level(r->cone, next && next->state[u] ? l + 2 : l + 1);
        }
    }
}

static void add_face(crease_walk_region *r, const double *row, double err, size_t f)
{
    crease_cone_add(r->cone, row, 1, 1, err, 1, r->model->units + f);
    r->state[crease_cone_rows(r->cone) - 1] = CREASE_ROW_FACE;
}

void crease_walk_region_add_rows(crease_walk_region *r)
{
    const crease_model *model = r->model;
    crease_cone_clear(r->cone, r->d, model->reach, fetch, r);
    add_face(r, r->unit, 0, model->faces);
    crease_cone_set_level(r->cone, SIZE_MAX);
    for (size_t l = 0; l < model->layers; l++) {
        set_map(r, r->map, r->gate, r->pattern, l);
        crease_cone_add_subspace(r->cone, crease_map_dimensions(r->map[l]));
    }
    for (size_t l = 0; l < model->layers; l++)
        add_layer_rows(r, l);
    /* The first row is a face. */
    for (size_t k = 1; k < crease_cone_rows(r->cone); k++)
        r->state[k] = CREASE_ROW_OPEN;
    for (size_t f = 0; f < model->faces; f++)
        add_face(r, model->face_value + f * r->d, model->face_error[f], f);
    assert(crease_cone_rows(r->cone) <= model->units + model->faces + 1);
}

void crease_walk_region_set(crease_walk_region *r)
{
    crease_walk_region_add_rows(r);
    crease_cone_load(r->cone);
}

void crease_walk_region_flip(const crease_walk_region *r, uint8_t *pattern, size_t id)
{
    const crease_model_layer *layer = &r->model->layer[crease_pattern_layer(r->model, id)];
    size_t u = id - layer->first, g, s, t;
    if (layer->pieces < 2) {
        pattern[id] ^= 1;
        return;
    }
    crease_maxout_group_pieces(layer, u, &g, &s, &t);
    crease_maxout_group_let_win(layer, g, pattern[id] ? s : t, pattern + layer->first, 0);
}

/* A facet: units that vanish on it, its row on the region and the sign there. */
typedef struct {
    bool *vanishing;
    const mpz_t *row;
    int sign;
} facet;

/* The state, beyond the facet, of a unit that vanishes on it: its row there is a multiple of the
 * facet's. */
static uint8_t state_beyond(crease_walk_region *r, const facet *f, size_t l, size_t u)
{
    const mpz_t *row = crease_map_exact(r->other[l], u);
    int factor = crease_integer_parallel(row, f->row, r->d) * f->sign;
    if (!factor && !crease_integer_is_zero(row, r->d) && !crease_interrupt_raised())
        crease_fatal("walk: a unit that vanishes on a facet does not beyond it");
    return factor < 0;
}

/* The winner beyond the facet, among the pieces that are equal to the winner there. */
static void settle_group(crease_walk_region *r, const facet *f, size_t l, size_t g,
                         uint8_t *pattern)
{
    const crease_model_layer *layer = &r->model->layer[l];
    uint8_t *state = pattern + layer->first;
    const bool *vanishing = f->vanishing + layer->first;
    size_t winner = crease_maxout_group_winner(layer, g, state), best = SIZE_MAX;
    for (size_t t = 0; t < layer->pieces; t++) {
        if (t != winner && !vanishing[crease_maxout_group_compare(layer, g, winner, t)])
            continue;
        if (best == SIZE_MAX ||
            state_beyond(r, f, l, crease_maxout_group_compare(layer, g, best, t)))
            best = t;
    }
    crease_maxout_group_let_win(layer, g, best, state, 0);
}

/* Sets the state of the units that vanish on the facet. */
static void settle_units(crease_walk_region *r, const facet *f, uint8_t *pattern)
{
    for (size_t l = 0; l < r->model->layers; l++) {
        const crease_model_layer *layer = &r->model->layer[l];
        set_map(r, r->other, r->other_gate, pattern, l);
        for (size_t g = 0; g < crease_maxout_groups_count(layer); g++)
            settle_group(r, f, l, g, pattern);
        for (size_t u = 0; layer->pieces < 2 && u < layer->decisions; u++)
            if (f->vanishing[layer->first + u])
                pattern[layer->first + u] = state_beyond(r, f, l, u);
    }
}

size_t crease_walk_region_across(crease_walk_region *r, size_t row, uint8_t *pattern)
{
    const crease_model *model = r->model;
    bool *vanishing = NULL;
    size_t own = 0;
    memcpy(pattern, r->pattern, model->units);
    for (size_t id = 0; id < model->units; id++) {
        size_t other = r->unit_row[id];
        if (other == row)
            own = id;
        if (other == row || other == CREASE_ROW_MOOT ||
            (other != CREASE_ROW_ZERO &&
             (r->state[other] != CREASE_ROW_IMPLIED || !crease_cone_parallel(r->cone, row, other))))
            continue;
        if (crease_interrupted())
            break;
        if (!vanishing)
            vanishing = crease_alloc(model->units, sizeof *vanishing);
        vanishing[id] = true;
    }
    assert(crease_interrupt_raised() || r->unit_row[own] == row);
    if (vanishing) {
        vanishing[own] = true;
        settle_units(r, &(facet){vanishing, fetch(r, own), r->pattern[own] ? 1 : -1}, pattern);
        free(vanishing);
    } else {
        crease_walk_region_flip(r, pattern, own);
    }
    return own;
}
