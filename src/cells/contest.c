#include "cells/contest.h"

#include "base/interrupt.h"
#include "model/maxout_groups.h"

#include <string.h>

bool crease_contest_needed(const crease_stage *stage, crease_cells *cells,
                           const crease_model *model, size_t l, const uint64_t *cut, size_t unit)
{
    const crease_model_layer *layer = &model->layer[l];
    size_t g, s, t;
    if (layer->pieces <= 2)
        return false;
    size_t *piece = crease_arena_take(crease_cells_arena(cells), layer->pieces * sizeof *piece);
    crease_maxout_group_pieces(layer, unit, &g, &s, &t);
    return crease_maxout_group_candidates(layer, g, cut, stage[l].state, piece) > 2;
}

crease_contest crease_contest_open(const crease_stage *stage, crease_cells *cells,
                                   const crease_model *model, size_t l, uint64_t *cut, size_t unit)
{
    const crease_model_layer *layer = &model->layer[l];
    crease_arena *arena = crease_cells_arena(cells);
    crease_contest c = {.layer = l, .rest = cut};
    size_t s, t;
    c.piece = crease_arena_take(arena, layer->pieces * sizeof *c.piece);
    crease_maxout_group_pieces(layer, unit, &c.group, &s, &t);
    c.candidates = crease_maxout_group_candidates(layer, c.group, cut, stage[l].state, c.piece);
    c.first = crease_maxout_group_compare(layer, c.group, 0, 1);
    c.comparisons = layer->pieces * (layer->pieces - 1) / 2;
    for (size_t u = c.first; u < c.first + c.comparisons; u++)
        cut[u / 64] &= ~((uint64_t)1 << u % 64);
    c.before = crease_arena_take(arena, c.comparisons);
    memcpy(c.before, stage[l].state + c.first, c.comparisons);
    return c;
}

void crease_contest_close(const crease_contest *c, crease_stage *stage)
{
    memcpy(stage[c->layer].state + c->first, c->before, c->comparisons);
}

/* The units that are undecided where the winner has beaten the candidates up to the given one. */
static void pending_after(const crease_contest *c, const crease_model_layer *layer, size_t winner,
                          size_t at, uint64_t *pending)
{
    memcpy(pending, c->rest, (layer->stride + 63) / 64 * sizeof *pending);
    for (size_t k = at + 1; k < c->candidates; k++)
        if (c->piece[k] != winner) {
            size_t later = crease_maxout_group_compare(layer, c->group, winner, c->piece[k]);
            pending[later / 64] |= (uint64_t)1 << later % 64;
        }
}

bool crease_contest_narrow(const crease_contest *c, crease_stage *stage, crease_cells *cells,
                           size_t b, crease_cell *cell, size_t *lost)
{
    const crease_model_layer *layer = &stage[c->layer].map->model->layer[c->layer];
    uint8_t *state = stage[c->layer].state;
    size_t winner = c->piece[b], bytes = (layer->stride + 63) / 64 * sizeof(uint64_t);
    uint64_t *own = crease_arena_take(crease_cells_arena(cells), bytes);
    uint64_t *cut = crease_arena_take(crease_cells_arena(cells), bytes);
    for (size_t k = 0; k < c->candidates && !crease_interrupt_raised(); k++) {
        if (k == b)
            continue;
        size_t u = crease_maxout_group_compare(layer, c->group, winner, c->piece[k]);
        bool wins = winner > c->piece[k];
        memset(own, 0, bytes);
        own[u / 64] |= (uint64_t)1 << u % 64;
        bool cuts = crease_cell_classify(cells, cell, own, cut, state) > 0;
        if (crease_interrupt_raised())
            break;
        if (cuts) {
            crease_cell half[2];
            pending_after(c, layer, winner, k, cut);
            crease_cell_halve(cells, cell, u, cut, half);
            *cell = half[wins ? 0 : 1];
            cell->half = false; /* not all pending units need cut the cell that was halved last */
        } else if (state[u] != wins) {
            *lost = u;
            return false;
        }
    }
    crease_maxout_group_let_win(layer, c->group, winner, state, CREASE_MOOT);
    return true;
}
