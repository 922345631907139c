#include "search/search.h"

#include "base/memory.h"
#include "base/stack.h"
#include "base/status.h"
#include "model/pattern.h"
#include "cells/stages.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    const crease_task *task;
    const crease_model *model;
    crease_proof proof;
    crease_cells *cells;
    crease_stage *stage;
    size_t bytes;
    uint8_t *swap, *full;
    bool left; /* it was stopped */
} prover;

static void open_prover(prover *p, const crease_task *task, crease_tally *tally)
{
    const crease_model *model = task->model;
    memset(p, 0, sizeof *p);
    p->task = task;
    p->model = model;
    crease_proof_open(&p->proof, model, task->tape, crease_tape_first(task->tape));
    p->cells = crease_cells_new(model, task->proposer, tally, &p->proof);
    p->stage = crease_stages_new(model);
    p->bytes = crease_pattern_bytes(model);
    p->swap = crease_alloc(p->bytes, 1);
    p->full = crease_alloc(model->units, 1);
}

static void close_prover(prover *p)
{
    crease_trace_turn(&p->proof.trace, NULL);
    crease_proof_close(&p->proof);
    crease_cells_free(p->cells);
    crease_stages_free(p->stage, p->model);
    free(p->swap);
    free(p->full);
}

/* Which pending units have both states among the patterns; the states of the others. */
static size_t classify(prover *p, size_t l, const uint64_t *pending, const uint8_t *pattern,
                       size_t count, uint64_t *cut)
{
    const crease_model_layer *layer = &p->model->layer[l];
    size_t words = (layer->stride + 63) / 64, cuts = 0;
    memset(cut, 0, words * sizeof *cut);
    for (size_t i = 0; i < count; i++) {
        crease_pattern_unpack(p->model, pattern + i * p->bytes, p->full);
        const uint8_t *state = p->full + layer->first;
        for (size_t w = 0; w < words; w++)
            for (uint64_t left = pending[w] & ~cut[w]; left; left &= left - 1) {
                size_t u = 64 * w + (size_t)__builtin_ctzll(left);
                if (i == 0)
                    p->stage[l].state[u] = state[u];
                else if (p->stage[l].state[u] != state[u])
                    cut[w] |= left & -left;
            }
    }
    for (size_t w = 0; w < words; w++)
        cuts += (size_t)__builtin_popcountll(cut[w]);
    return cuts;
}

/* Brings the patterns where the unit is in state 1 to the front; returns how many. */
static size_t partition(prover *p, size_t unit, uint8_t *pattern, size_t count)
{
    size_t front = 0;
    for (size_t i = 0; i < count; i++) {
        uint8_t *here = pattern + i * p->bytes, *there = pattern + front * p->bytes;
        crease_pattern_unpack(p->model, here, p->full);
        if (!p->full[unit])
            continue;
        memcpy(p->swap, here, p->bytes);
        memcpy(here, there, p->bytes);
        memcpy(there, p->swap, p->bytes);
        front++;
    }
    return front;
}

static bool stopped(const prover *p)
{
    return crease_interrupt_due() || crease_tape_failed(p->task->tape);
}

static void prove(prover *p, size_t l, crease_cell *cell, const uint64_t *pending, uint8_t *pattern,
                  size_t count);

/* The patterns of a cell that is halved: the first ones, front in number, are those of half 0. */
typedef struct {
    prover *p;
    uint8_t *pattern;
    size_t front, count;
} halving;

static void prove_half(void *context, size_t l, crease_cell *half, const uint64_t *pending, int h)
{
    const halving *own = context;
    prove(own->p, l, half, pending, own->pattern + (h ? own->front * own->p->bytes : 0),
          h ? own->count - own->front : own->front);
}

static void halve(prover *p, size_t l, crease_cell *cell, uint64_t *cut, uint8_t *pattern,
                  size_t count)
{
    size_t w = 0;
    while (!cut[w])
        w++;
    size_t u = 64 * w + (size_t)__builtin_ctzll(cut[w]), unit = p->model->layer[l].first + u;
    size_t front = partition(p, unit, pattern, count);
    assert(front > 0 && front < count); /* the unit has both states */
    cut[w] &= cut[w] - 1;
    crease_trace_split(&p->proof.trace, unit);
    crease_stages_halve(p->stage, p->cells, l, cell, u, cut, prove_half,
                        &(halving){p, pattern, front, count});
}

static void descend(prover *p, size_t l, crease_cell *cell, uint8_t *pattern, size_t count)
{
    crease_cell inner = crease_stages_enter(p->stage, p->cells, p->model, l, cell);
    prove(p, l + 1, &inner, p->stage[l + 1].pending, pattern, count);
}

/* Writes the sub-tree of the cell, whose regions have the given patterns. */
static void prove(prover *p, size_t l, crease_cell *cell, const uint64_t *pending, uint8_t *pattern,
                  size_t count)
{
    crease_arena *arena = crease_cells_arena(p->cells);
    crease_arena_mark mark = crease_arena_here(arena);
    size_t words = (p->model->layer[l].stride + 63) / 64;
    uint64_t *cut = crease_arena_take(arena, words * sizeof *cut), regions;
    p->left = p->left || stopped(p);
    if (p->left)
        return;
    size_t cuts = classify(p, l, pending, pattern, count, cut);
    crease_cell_force(p->cells, cell, pending, cut, p->stage[l].state);
    if (crease_interrupt_raised())
        return;
    if (cuts)
        halve(p, l, cell, cut, pattern, count);
    else if (l + 1 < p->model->layers)
        descend(p, l, cell, pattern, count);
    else if (count != 1 || !crease_cell_count(p->cells, cell, cut, 0, &regions))
        crease_fatal("walk: a pattern was found twice");
    crease_arena_release(arena, mark);
}

typedef struct {
    const crease_task *task;
    uint8_t *pattern;
    size_t count;
    crease_tally *tally;
    bool complete;
} order;

static void prove_all(void *context)
{
    order *o = context;
    prover p;
    open_prover(&p, o->task, o->tally);
    crease_cell cell = crease_cell_domain(p.cells, p.stage[0].map);
    prove(&p, 0, &cell, crease_layers_units(crease_cells_layers(p.cells), 0), o->pattern, o->count);
    close_prover(&p);
    o->complete = !p.left && !crease_interrupt_raised();
}

bool crease_walk_prove(const crease_task *task, uint8_t *pattern, size_t count, crease_tally *tally)
{
    order own = {task, pattern, count, tally, false};
    const crease_whole regions = crease_whole_of(count);
    crease_monitor_check(task->monitor, &regions, 0, -1);
    crease_stack_call(task->model->units + task->model->layers, prove_all, &own);
    return own.complete;
}
