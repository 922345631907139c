#include "search/search.h"

#include "base/bits.h"
#include "base/clock.h"
#include "base/memory.h"
#include "base/random.h"
#include "base/rounding.h"
#include "base/shadow.h"
#include "base/stack.h"
#include "cells/contest.h"
#include "model/maxout_groups.h"
#include "split/border.h"
#include "split/ceiling.h"
#include "split/hulls.h"

#include <assert.h>
#include <math.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>

enum { STEPS_PER_CHECK = 64 };

/* What it costs to compare a cell for a certificate, for each of its rays, and to write a region,
 * in rays (split/merge.h).  Measured with 8 and 9 inputs. */
enum { ALIKE_RAY = 50, ALIKE_REGION = 200 };

static void explore(crease_worker *w, size_t l, crease_cell *cell, const uint64_t *pending);

static void descend(crease_worker *w, size_t l, crease_cell *cell)
{
    crease_cell inner = crease_stages_enter(w->stage, w->cells, w->model, l, cell);
    explore(w, l + 1, &inner, w->stage[l + 1].pending);
}

/* A unit that halves a cell. */
typedef struct {
    crease_worker *w;
    size_t unit;
    const crease_step *guide;
} halving;

static void explore_half(void *context, size_t l, crease_cell *half, const uint64_t *pending, int h)
{
    const halving *own = context;
    if (!crease_worker_enter(own->w, own->unit, (uint32_t)h, own->guide))
        return;
    explore(own->w, l, half, pending);
    own->w->depth--;
}

static void halve(crease_worker *w, size_t l, crease_cell *cell, uint64_t *cut, size_t unit,
                  const crease_step *guide)
{
    crease_bits_remove(cut, unit);
    assert(unit < w->model->layer[l].decisions && w->depth < w->model->units + w->model->inputs);
    if (!guide && w->shared->tape)
        crease_trace_split(&w->proof.trace, w->model->layer[l].first + unit);
    if (!crease_worker_begin(w, 2, guide))
        return;
    if (w->shared->alike)
        crease_alike_part(w->shared->alike, l, unit);
    crease_stages_halve(w->stage, w->cells, l, cell, unit, cut, explore_half,
                        &(halving){w, unit, guide});
    if (w->shared->alike)
        crease_alike_join(w->shared->alike);
    crease_worker_end(w);
}

/* The candidate wins nowhere in the cell: comparison u is forced to the other sign. */
static void close_empty(crease_worker *w, const crease_contest *c, crease_cell *cell, size_t u)
{
    if (w->shared->tape && !crease_worker_replays(w)) {
        size_t bytes = (w->model->layer[c->layer].stride + 63) / 64 * sizeof(uint64_t);
        crease_arena *arena = crease_cells_arena(w->cells);
        uint64_t *own = crease_arena_take(arena, bytes), *none = crease_arena_take(arena, bytes);
        memset(own, 0, bytes);
        memset(none, 0, bytes);
        crease_bits_add(own, u);
        w->proof.trace.empty = true;
        crease_cell_force(w->cells, cell, own, none, w->stage[c->layer].state);
        w->proof.trace.empty = false;
    }
    if (!crease_interrupt_raised() || !crease_worker_pause(w))
        crease_worker_finish(w, 0);
}

/* The part where the candidate of branch b wins: it beats all others. */
static void explore_part(crease_worker *w, const crease_contest *c, uint32_t b, crease_cell *part)
{
    crease_alike *alike = w->shared->alike;
    for (size_t k = 0; k < c->candidates && alike; k++)
        if (k != b)
            crease_alike_part(alike, c->layer,
                              crease_maxout_group_compare(&w->model->layer[c->layer], c->group,
                                                          c->piece[b], c->piece[k]));
    explore(w, c->layer, part, c->rest);
    for (size_t k = 1; k < c->candidates && alike; k++)
        crease_alike_join(alike);
}

/* The part of the cell where the candidate of branch b wins. */
static void explore_winner(crease_worker *w, const crease_contest *c, uint32_t b,
                           const crease_cell *cell)
{
    crease_arena *arena = crease_cells_arena(w->cells);
    crease_arena_mark mark = crease_arena_here(arena);
    crease_cell part = *cell; /* what is added to it lives no longer than this branch */
    size_t lost;
    bool wins = crease_contest_narrow(c, w->stage, w->cells, b, &part, &lost);
    if (crease_interrupt_raised())
        crease_worker_pause(w);
    else if (wins)
        explore_part(w, c, b, &part);
    else
        close_empty(w, c, &part, lost);
    crease_arena_release(arena, mark);
}

/* A branch for every candidate of the group that the comparison belongs to. */
static void branch_group(crease_worker *w, size_t l, crease_cell *cell, uint64_t *cut, size_t unit,
                         const crease_step *guide)
{
    crease_contest c = crease_contest_open(w->stage, w->cells, w->model, l, cut, unit);
    if (!guide && w->shared->tape)
        crease_trace_branch(&w->proof.trace, w->model->layer[l].first + c.first, c.candidates);
    if (!crease_worker_begin(w, c.candidates, guide))
        return;
    for (uint32_t b = 0; b < c.candidates; b++) {
        if (!crease_worker_enter(w, unit, b, guide))
            continue;
        explore_winner(w, &c, b, cell);
        w->depth--;
    }
    crease_worker_end(w);
    crease_contest_close(&c, w->stage);
}

static void branch(crease_worker *w, size_t l, crease_cell *cell, uint64_t *cut)
{
    const crease_model_layer *layer = &w->model->layer[l];
    const crease_step *guide = crease_worker_guide(w);
    size_t unit = guide ? guide->unit : crease_bits_first(cut);
    if (unit >= layer->width || !crease_bits_have(cut, unit)) {
        crease_worker_mismatch(w);
        return;
    }
    bool crowded = crease_contest_needed(w->stage, w->cells, w->model, l, cut, unit);
    crease_cell_catch_up(w->cells, cell);
    (crowded ? branch_group : halve)(w, l, cell, cut, unit, guide);
}

/* Makes the dives that are left, from the cell where the guide ends.  If a dive makes no choice,
 * the others are the same. */
static void dive(crease_worker *w, size_t l, const crease_cell *cell, const uint64_t *pending)
{
    crease_probe *probe = w->probe;
    for (size_t left = w->dives; left > 0 && !w->left;) {
        crease_cell copy = *cell; /* its parts in the arena end with the dive */
        double regions = probe->regions, cells = probe->cells;
        w->dives = 0;
        explore(w, l, &copy, pending);
        double found = probe->regions - regions;
        size_t same = probe->cells == cells ? left : 1;
        probe->regions += (double)(same - 1) * found;
        left -= same;
    }
}

static void go_on(crease_worker *w, size_t l, crease_cell *cell, uint64_t *cut, size_t cuts)
{
    if (cuts)
        branch(w, l, cell, cut);
    else if (l + 1 < w->model->layers)
        descend(w, l, cell);
    else if (w->visitor && !crease_worker_replays(w))
        crease_worker_visit(w, cell);
    else
        crease_worker_mismatch(w); /* only a path that leads on gets here */
}

/* Adds a bound on the regions of the cell. */
static void bound(crease_worker *w, size_t l, crease_cell *cell, uint64_t *cut, size_t cuts)
{
    crease_ceiling ceiling;
    if (!crease_ceiling_begin(w, l, cut, &ceiling))
        return;
    go_on(w, l, cell, cut, cuts);
    crease_ceiling_end(w, &ceiling);
}

/* Takes the number of regions of a cell at a border from one with the same image, or counts it for
 * those to come. */
static void cross_border(crease_worker *w, size_t l, crease_cell *cell, uint64_t *cut, size_t cuts)
{
    crease_crossing crossing;
    if (crease_border_cross(w, l, cell, cut, &crossing))
        return;
    go_on(w, l, cell, cut, cuts);
    crease_border_leave(w, &crossing);
}

/* Counts the regions in a cell whose units are classified. */
static void search(crease_worker *w, size_t l, crease_cell *cell, uint64_t *cut, size_t cuts,
                   bool entered)
{
    uint64_t regions;
    bool counted = l + 1 == w->model->layers && !w->visitor && !w->shared->most &&
                   !crease_worker_replays(w) &&
                   !crease_maxout_groups_crowded(&w->model->layer[l], cut) &&
                   crease_cell_count(w->cells, cell, cut, cuts, &regions);
    if (crease_interrupt_raised())
        crease_worker_pause(w);
    else if (w->shared->most && !crease_worker_replays(w))
        bound(w, l, cell, cut, cuts);
    else if (counted)
        crease_worker_finish(w, regions);
    else if (entered && crease_border_looks(w, l, cell))
        cross_border(w, l, cell, cut, cuts);
    else
        go_on(w, l, cell, cut, cuts);
}

/* Writes that a cell that has just entered layer l is like one before it, or searches it. */
static void compare(crease_worker *w, size_t l, crease_cell *cell, uint64_t *cut, size_t cuts)
{
    crease_alike *alike = w->shared->alike;
    crease_alike_border border;
    crease_whole regions;
    double cost = ALIKE_RAY * (double)cell->rays.count;
    crease_cell_catch_up(w->cells, cell);
    if (crease_alike_enter(alike, w->cells, &w->proof.trace, w->stage, l, cell, cut, &border,
                           &regions)) {
        crease_worker_gain(w, ALIKE_REGION * crease_whole_double(&regions) - cost);
        crease_worker_finish_known(w, &regions);
        return;
    }
    crease_worker_gain(w, -cost);
    search(w, l, cell, cut, cuts, false);
    crease_alike_leave(alike, &w->proof.trace, &border);
}

/* Counts the regions in the cell, whose pending units of layer l are undecided. */
static void explore(crease_worker *w, size_t l, crease_cell *cell, const uint64_t *pending)
{
    if (w->dives && !crease_worker_replays(w)) {
        dive(w, l, cell, pending);
        return;
    }
    crease_arena *arena = crease_cells_arena(w->cells);
    crease_arena_mark mark = crease_arena_here(arena);
    size_t words = (w->model->layer[l].stride + 63) / 64;
    uint64_t *cut = crease_arena_take(arena, words * sizeof *cut);
    if (++w->visited % STEPS_PER_CHECK == 0)
        crease_worker_report(w);
    if (crease_worker_pause(w))
        return;
    const crease_model_layer *layer = &w->model->layer[l];
    bool entered = l > 0 && pending == w->stage[l].pending;
    crease_class *outside = w->inside;
    size_t cuts = crease_cell_classify(w->cells, cell, pending, cut, w->stage[l].state);
    if (layer->pieces > 1) {
        uint64_t *decided = crease_arena_take(arena, words * sizeof *decided);
        for (size_t i = 0; i < words; i++)
            decided[i] = pending[i] & ~cut[i];
        cuts = crease_maxout_groups_settle(layer, decided, cut, w->stage[l].state);
        pending = decided;
    }
    if (w->shared->tape && !crease_worker_replays(w))
        crease_cell_force(w->cells, cell, pending, cut, w->stage[l].state);
    if (w->probe && w->depth == w->guide_steps) {
        w->probe->layer = l;
        w->probe->cuts = cuts;
    }
    bool border = entered && w->inside && layer->decisions;
    if (border && !crease_interrupt_raised() && !crease_border_classify(w, l, cell, cut)) {
        w->inside = outside;
        crease_arena_release(arena, mark);
        return;
    }
    if (entered && w->shared->alike && layer->decisions && cell->carries_rays &&
        (!w->shared->wide || crease_cells_may_be_wide(w->cells)) &&
        (l + 1 < w->model->layers || cuts >= CREASE_ALIKE_CUTS) && !crease_interrupt_raised())
        compare(w, l, cell, cut, cuts);
    else
        search(w, l, cell, cut, cuts, entered);
    w->inside = outside;
    crease_arena_release(arena, mark);
}

static void begin_first_layer(crease_worker *w, crease_cell *cell)
{
    explore(w, 0, cell, w->stage[0].pending);
}

static void choose_orthant(crease_worker *w, size_t k);

/* Chooses the side of root unit k, which is not the last. */
static void choose_side(crease_worker *w, size_t k)
{
    size_t unit = crease_layers_root(crease_cells_layers(w->cells))->row[k];
    const crease_step *guide = crease_worker_guide(w);
    if (guide && guide->unit != unit) {
        crease_worker_mismatch(w);
        return;
    }
    if (!guide && w->shared->tape)
        crease_trace_split(&w->proof.trace, unit);
    if (!crease_worker_begin(w, 2, guide))
        return;
    if (w->shared->alike)
        crease_alike_part(w->shared->alike, 0, unit);
    for (uint32_t h = 0; h < 2; h++) {
        if (!crease_worker_enter(w, unit, h, guide))
            continue;
        w->stage[0].state[unit] = h == 0;
        w->root_sign[k] = h ? -1 : 1;
        choose_orthant(w, k + 1);
        w->depth--;
    }
    if (w->shared->alike)
        crease_alike_join(w->shared->alike);
    crease_worker_end(w);
}

/* choose_side, or a bound on the regions of all sides. */
static void bound_sides(crease_worker *w, size_t k)
{
    const crease_root *root = crease_layers_root(crease_cells_layers(w->cells));
    crease_ceiling ceiling;
    for (size_t i = k; i < w->model->inputs; i++)
        crease_bits_add(w->stage[0].pending, root->row[i]);
    bool parts = crease_ceiling_begin(w, 0, w->stage[0].pending, &ceiling);
    for (size_t i = k; i < w->model->inputs; i++)
        crease_bits_remove(w->stage[0].pending, root->row[i]);
    if (!parts)
        return;
    choose_side(w, k);
    crease_ceiling_end(w, &ceiling);
}

/* Chooses the sides of root units k, k + 1, ..., each choice a cell of its own. */
static void choose_orthant(crease_worker *w, size_t k)
{
    if (k == w->model->inputs) {
        crease_arena *arena = crease_cells_arena(w->cells);
        crease_arena_mark mark = crease_arena_here(arena);
        crease_cell cell = crease_cell_root(w->cells, w->stage[0].map, w->root_sign);
        begin_first_layer(w, &cell);
        crease_arena_release(arena, mark);
    } else if (w->shared->most && !crease_worker_replays(w)) {
        bound_sides(w, k);
    } else {
        choose_side(w, k);
    }
}

static void run_job(crease_worker *w)
{
    crease_layers *layers = crease_cells_layers(w->cells);
    const crease_root *root = crease_layers_root(layers);
    crease_arena *arena = crease_cells_arena(w->cells);
    crease_arena_mark mark = crease_arena_here(arena);
    const crease_model *model = w->model;
    size_t words = (model->layer[0].stride + 63) / 64;
    w->depth = 0;
    w->share[0] = 1;
    w->guide_at = 0;
    const crease_keeper *keeper = w->shared->task->keeper;
    w->inside = keeper && keeper->classes ? crease_classes_root(keeper->classes) : NULL;
    memcpy(w->stage[0].pending, crease_layers_units(layers, 0), words * sizeof(uint64_t));
    if (w->shared->rays && !model->boxed) {
        for (size_t k = root->faces; k < model->inputs; k++)
            crease_bits_remove(w->stage[0].pending, root->row[k]);
        choose_orthant(w, root->faces);
    } else {
        crease_cell cell = w->shared->rays ? crease_cell_root(w->cells, w->stage[0].map, NULL)
                                           : crease_cell_domain(w->cells, w->stage[0].map);
        begin_first_layer(w, &cell);
    }
    crease_arena_release(arena, mark);
}

/* The dives into a cell depend only on its place in the list. */
static void take_dives(crease_worker *w, crease_probe *probe, const crease_keeper *keeper)
{
    w->seed = w->shared->task->options->seed ^
              crease_random_next(&(uint64_t){(uint64_t)(probe - keeper->probe)});
    size_t left = keeper->dives;
    w->probe = probe;
    while (left > 0 && !crease_worker_stopped(w)) {
        w->dives = left;
        w->early = false;
        run_job(w);
        left = w->early ? left - 1 : 0;
    }
    w->probe = NULL;
    w->dives = 0;
    w->left = w->left || left > 0;
}

static void work(crease_worker *w)
{
    crease_step *guide;
    void *note;
    while (!crease_worker_stopped(w) && crease_jobs_take(w->shared->jobs, &guide, &w->guide_steps,
                                                         &note, &w->epoch, crease_worker_wait, w)) {
        const crease_keeper *keeper = w->shared->task->keeper;
        w->guide = guide;
        w->proof.trace.segment = w->shared->tape ? note : NULL;
        if (keeper && keeper->levels)
            w->deepest = w->guide_steps + keeper->levels;
        if (keeper && keeper->probe)
            take_dives(w, note, keeper);
        else
            run_job(w);
        if (w->shared->tape)
            crease_trace_turn(&w->proof.trace, NULL);
        free(guide);
        crease_jobs_done(w->shared->jobs);
        crease_worker_report(w);
    }
    crease_worker_report(w);
}

/* Runs on a large stack: the recursion is as deep as there are units (base/stack.h). */
static void live(void *context)
{
    crease_worker *w = context;
    crease_worker_open(w, w->shared);
    work(w);
    crease_worker_close(w);
}

/* Writes the certificate of one layer on R^n, whose regions the checker counts itself.  False if it
 * was stopped. */
static bool write_arrangement(const crease_task *task, crease_segment *segment, uint64_t counted)
{
    crease_trace trace;
    crease_tape *tape = task->tape;
    crease_trace_open(&trace, tape, segment);
    crease_trace_count(&trace,
                       crease_recount_space(task->model, task->monitor, task->threads, counted));
    crease_trace_close(&trace);
    crease_tape_close(tape, segment);
    return !crease_monitor_stopped(task->monitor);
}

/* The first jobs: the whole domain, or the open cells of a state. */
static void begin_jobs(crease_split *shared, crease_segment *segment)
{
    const crease_keeper *keeper = shared->task->keeper;
    crease_state first = crease_worker_first(shared);
    shared->jobs = crease_jobs_new();
    if (!keeper || !keeper->from)
        crease_jobs_put(shared->jobs, NULL, 0, segment, 0);
    for (size_t i = 0; keeper && keeper->from && i < keeper->from->open.count; i++) {
        const crease_stack *stack = &keeper->from->open.stack[i];
        void *note = keeper->probe ? (void *)&keeper->probe[i] : segment;
        crease_jobs_put(shared->jobs, stack->step, stack->steps, note, 0);
        if (segment && i + 1 < keeper->from->open.count)
            segment = crease_tape_insert(shared->tape, segment);
    }
    shared->regions = first.regions;
    shared->task->monitor->earlier = first.regions;
    shared->closed = first.closed;
    crease_jobs_list(shared->jobs, &first.open);
    if (crease_keeper_saves(keeper) && !keeper->save(keeper->context, &first, false))
        crease_monitor_stop(shared->task->monitor, CREASE_STOP_ASKED);
    if (keeper)
        shared->next_cut = crease_clock_seconds() + keeper->every;
    crease_stacks_clear(&first.open);
}

/* Inputs in a box.  From SOME on, cells with many rays are slower than others; from MANY on, the
 * root is an LP cell otherwise; beyond MOST, a box has too many corners. */
enum { SOME_INPUTS = 6, MANY_INPUTS = 8, MOST_INPUTS = 12 };

/* Are cells with one image merged?  Cells that stay open, dives, visitors and certificates need
 * them all. */
static bool merges(const crease_task *task)
{
    const crease_keeper *keeper = task->keeper;
    return task->options->merge != CREASE_MERGE_OFF && !task->tape && task->model->layers > 1 &&
           (!keeper || (!keeper->levels && !keeper->probe && !keeper->visitor && !keeper->classes));
}

/* May cells be wide, since that may help to compare them? */
static bool may_be_wide(const crease_task *task, bool alike)
{
    const crease_model *model = task->model;
    bool classes = task->keeper && task->keeper->classes;
    return model->boxed && model->layers > 1 && task->options->cell != CREASE_CELL_LP &&
           model->inputs >= (alike ? MANY_INPUTS : SOME_INPUTS) && model->inputs <= MOST_INPUTS &&
           (alike || classes || merges(task)) &&
           (task->options->merge != CREASE_MERGE_AUTO || crease_hulls_matter(model)) &&
           crease_hulls_repeat(model);
}

static void run(const crease_task *task, crease_alike *alike, bool wide, crease_outcome *outcome)
{
    crease_cell_kind kind = task->options->cell;
    bool pays = kind == CREASE_CELL_AUTO && !task->tape && crease_cell_root_pays(task->model);
    crease_split shared = {.task = task,
                           .rays = pays || crease_cell_root_has_rays(task->model, kind, wide),
                           .wide = wide,
                           .tape = task->tape,
                           .alike = alike};
    if (crease_interrupt_raised()) {
        crease_search_nothing(task, outcome);
        return;
    }
    if (task->keeper && task->keeper->most)
        shared.most = crease_most_new(task->model);
    crease_segment *all = task->tape ? crease_tape_first(task->tape) : NULL;
    bool arrangement = task->tape && !task->keeper && task->model->layers == 1 &&
                       !task->model->faces && task->model->layer[0].pieces <= 2;
    if (arrangement)
        shared.tape = NULL;
    begin_jobs(&shared, all);
    if (shared.rays && merges(task))
        shared.images = crease_images_new();
    crease_worker *workers = crease_alloc((size_t)task->threads, sizeof *workers);
#pragma omp parallel num_threads(task->threads)
    {
        crease_worker *w = &workers[omp_get_thread_num()];
        crease_rounding mode;
        crease_interrupt token;
        crease_rounding_enter(&mode);
        crease_interrupt_enter(&token, crease_monitor_interrupt, task->monitor);
#pragma omp single
        shared.workers = omp_get_num_threads();
        w->shared = &shared;
        crease_stack_call(task->model->units + task->model->layers, live, w);
        crease_interrupt_leave(&token);
        crease_rounding_leave(&mode);
    }
    crease_state end = crease_worker_first(&shared);
    bool unfinished = crease_jobs_open(shared.jobs) > 0;
    for (int t = 0; t < shared.workers; t++) {
        crease_worker_add(&workers[t], &end);
        unfinished = unfinished || workers[t].left;
    }
    assert((task->keeper && (!crease_keeper_saves(task->keeper) || task->keeper->from)) ||
           task->tape || unfinished || shared.rest.count ||
           fabs(end.closed - 1) < 1e-6); /* all shares of the tree */
    if (arrangement && !unfinished)
        unfinished = !write_arrangement(task, all, crease_whole_word(&end.regions));
    end.open = shared.rest;
    crease_jobs_list(shared.jobs, &end.open);
    *outcome = (crease_outcome){.regions = end.regions,
                                .cells = end.cells,
                                .tally = end.tally,
                                .ray_cells = shared.rays,
                                .path_mismatch = shared.path_mismatch,
                                .unfinished = unfinished};
    memcpy(outcome->merged, shared.merged, sizeof shared.merged);
    if (crease_keeper_saves(task->keeper) && !shared.path_mismatch && !end.tally.too_many)
        task->keeper->save(task->keeper->context, &end, true);
    crease_most_free(shared.most);
    crease_stacks_clear(&end.open);
    crease_stacks_clear(&shared.cut.open);
    free(workers);
    crease_images_free(shared.images);
    crease_jobs_free(shared.jobs);
}

static bool throw_away(void *context, const uint8_t *byte, size_t count)
{
    (void)context;
    (void)byte;
    (void)count;
    return true;
}

/* The certificate of a tree in which cells are like others, by two walks. */
static void run_alike(const crease_task *task, crease_outcome *outcome)
{
    bool wide = may_be_wide(task, true);
    crease_alike *alike = crease_alike_begin(task->model, wide);
    crease_task first = *task, second = *task;
    first.threads = second.threads = 1;
    first.tape = crease_tape_new(throw_away, NULL, crease_tape_version(task->tape));
    run(&first, alike, wide, outcome);
    crease_tape_free(first.tape);
    if (!outcome->unfinished) {
        crease_alike_again(alike);
        run(&second, alike, wide, outcome);
    }
    crease_alike_end(alike);
}

void crease_split_run(const crease_task *task, crease_outcome *outcome)
{
    bool merged = task->tape && task->options->merge == CREASE_MERGE_ON && task->model->layers > 1;
    if (merged)
        run_alike(task, outcome);
    else
        run(task, NULL, may_be_wide(task, false), outcome);
}
