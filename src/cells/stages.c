#include "cells/stages.h"

#include "base/memory.h"
#include "model/maxout_groups.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

crease_stage *crease_stages_new(const crease_model *model)
{
    crease_stage *stage = crease_alloc(model->layers, sizeof *stage);
    for (size_t l = 0; l < model->layers; l++) {
        size_t width = model->layer[l].width;
        stage[l].map = crease_map_new(model, l, model->inputs + 1);
        stage[l].state = crease_alloc(model->layer[l].stride, 1); /* read in groups of 8 */
        stage[l].gate = crease_alloc(width, 1);
        stage[l].chosen = crease_alloc(l ? model->layer[l - 1].width : 0, sizeof(size_t));
        stage[l].pending = crease_alloc((model->layer[l].stride + 63) / 64, sizeof(uint64_t));
    }
    return stage;
}

void crease_stages_free(crease_stage *stage, const crease_model *model)
{
    for (size_t l = 0; l < model->layers; l++) {
        crease_map_free(stage[l].map);
        free(stage[l].state);
        free(stage[l].gate);
        free(stage[l].chosen);
        free(stage[l].pending);
    }
    free(stage);
}

/* The map of the next layer, if the states of single units make it up.  Whether a piece of a maxout
 * group is passed on is not one unit's state. */
static crease_map *next_map(const crease_stage *stage, size_t l)
{
    const crease_model *model = stage[l].map->model;
    return l + 1 < model->layers && model->layer[l].pieces < 2 ? stage[l + 1].map : NULL;
}

void crease_stages_part(crease_stage *stage, crease_cells *cells, size_t l, crease_cell *cell,
                        size_t unit, const uint64_t *pending, crease_cell half[2])
{
    crease_map *next = next_map(stage, l);
    assert(!crease_bit(pending, unit));
    crease_cell_halve(cells, cell, unit, pending, half);
    if (next)
        crease_map_push(next, pending, unit);
}

void crease_stages_join(crease_stage *stage, size_t l)
{
    crease_map *next = next_map(stage, l);
    if (next)
        crease_map_pop(next);
}

void crease_stages_halve(crease_stage *stage, crease_cells *cells, size_t l, crease_cell *cell,
                         size_t unit, const uint64_t *pending, crease_half_visit *visit,
                         void *context)
{
    crease_cell half[2];
    crease_stages_part(stage, cells, l, cell, unit, pending, half);
    for (int h = 0; h < 2; h++) {
        stage[l].state[unit] = h == 0;
        visit(context, l, &half[h], pending, h);
    }
    crease_stages_join(stage, l);
}

void crease_stages_pattern(const crease_stage *stage, const crease_model *model, uint8_t *pattern)
{
    for (size_t l = 0; l < model->layers; l++) {
        const crease_model_layer *layer = &model->layer[l];
        uint8_t *state = pattern + layer->first;
        memcpy(state, stage[l].state, layer->decisions);
        for (size_t g = 0; g < crease_maxout_groups_count(layer); g++)
            crease_maxout_group_let_win(layer, g, crease_maxout_group_winner(layer, g, state),
                                        state, 0);
    }
}

crease_cell crease_stages_enter(crease_stage *stage, crease_cells *cells, const crease_model *model,
                                size_t l, crease_cell *cell)
{
    crease_stage *next = &stage[l + 1];
    assert(l + 1 < model->layers);
    const crease_model_layer *layer = &model->layer[l + 1];
    const uint8_t *gate =
        crease_maxout_groups_gates(&model->layer[l], stage[l].state, stage[l].gate);
    crease_cell inner = crease_cell_enter(cells, cell, gate, next->map, next->chosen);
    memcpy(next->pending, crease_layers_units(crease_cells_layers(cells), l + 1),
           (layer->stride + 63) / 64 * sizeof(uint64_t));
    return inner;
}
