#include "search/search.h"

#include "base/lock.h"
#include "base/memory.h"
#include "cell/groups.h"
#include "search/jobs.h"
#include "search/stages.h"

#include <omp.h>
#include <stdlib.h>
#include <string.h>

enum { STEPS_PER_CHECK = 64, RAYS_IN_SPACE = 11, RAYS_IN_BOX = 6 };

typedef struct {
    const crease_task *task;
    crease_jobs *jobs;
    bool rays;         /* ray cells from the root on */
    crease_tape *tape; /* for a certificate, or NULL */
    _Atomic uint64_t regions;
    crease_lock closed_lock;
    double closed;       /* sum of the shares of finished cells */
    crease_lock monitor; /* held by the worker that checks the limits */
} split;

typedef struct {
    split *shared;
    const crease_model *model;
    crease_tally tally;
    crease_cells *cells;
    crease_stage *stage;
    crease_step *path;
    uint32_t *ours;         /* per step: the branches before this one are not somebody else's */
    crease_proof proof;     /* open if the task has a tape */
    crease_segment **after; /* per step: what follows the branches that were given away, or NULL */
    double *share; /* per depth: of the whole tree, each branch of a cell having the same share */
    size_t depth;
    const crease_step *guide; /* the path to the job's cell */
    size_t guide_steps, guide_at;
    int *root_sign;
    uint64_t regions, reported, visited;
    double closed;
} worker;

static void open_worker(worker *w, split *shared)
{
    const crease_model *model = shared->task->model;
    memset(w, 0, sizeof *w);
    w->shared = shared;
    w->model = model;
    if (shared->tape) {
        crease_trace_open(&w->proof.trace, shared->tape, NULL);
        crease_flat_open(&w->proof.flat, model);
    }
    w->cells =
        crease_cells_new(model, shared->task->proposer, &w->tally, shared->tape ? &w->proof : NULL);
    w->stage = crease_stages_new(model);
    w->path = crease_alloc(model->units + model->inputs + 1, sizeof *w->path);
    w->ours = crease_alloc(model->units + model->inputs + 1, sizeof *w->ours);
    w->share = crease_alloc(model->units + model->inputs + 2, sizeof *w->share);
    w->after = crease_alloc(model->units + model->inputs + 1, sizeof(crease_segment *));
    w->root_sign = crease_alloc(model->inputs, sizeof *w->root_sign);
}

static void close_worker(worker *w)
{
    crease_stages_free(w->stage, w->model);
    free(w->path);
    free(w->ours);
    free(w->share);
    free(w->after);
    free(w->root_sign);
    crease_cells_free(w->cells);
    if (w->shared->tape) {
        crease_trace_close(&w->proof.trace);
        crease_flat_close(&w->proof.flat);
    }
}

static bool stopped(void *context)
{
    const worker *w = context;
    return crease_monitor_stopped(w->shared->task->monitor) ||
           (w->shared->tape && crease_tape_failed(w->shared->tape));
}

/* Hands the worker's sums over and lets one worker at a time look at the limits. */
static void report(worker *w)
{
    split *shared = w->shared;
    uint64_t total = atomic_fetch_add_explicit(&shared->regions, w->regions - w->reported,
                                               memory_order_relaxed) +
                     w->regions - w->reported;
    w->reported = w->regions;
    crease_lock_take(&shared->closed_lock);
    double closed = shared->closed += w->closed;
    crease_lock_release(&shared->closed_lock);
    w->closed = 0;
    if (!atomic_flag_test_and_set_explicit(&shared->monitor, memory_order_acquire)) {
        crease_monitor_check(shared->task->monitor, total, crease_jobs_open(shared->jobs), closed);
        atomic_flag_clear_explicit(&shared->monitor, memory_order_release);
    }
}

static bool wait_or_stop(void *context)
{
    report(context);
    return stopped(context);
}

static void finish_cell(worker *w, uint64_t regions)
{
    w->regions += regions;
    w->closed += w->share[w->depth];
    if (regions > 1000)
        report(w);
}

static bool replaying(const worker *w)
{
    return w->guide_at < w->guide_steps;
}

/* The decision that the way to the job's cell takes here, or NULL once it is reached. */
static const crease_step *next_guide(worker *w)
{
    return replaying(w) ? &w->guide[w->guide_at++] : NULL;
}

/* Gives the last branch of the cell nearest to the root that has one left to a worker that
 * waits: the largest piece there is, worth the way to it. */
static void share_work(worker *w)
{
    size_t k = 0;
    while (k < w->depth && w->path[k].branch + 1 >= w->ours[k])
        k++;
    if (k == w->depth)
        return;
    crease_segment *theirs = NULL;
    if (w->shared->tape) {
        theirs = crease_tape_insert(w->shared->tape, w->proof.trace.segment);
        if (!w->after[k])
            w->after[k] = crease_tape_insert(w->shared->tape, theirs);
    }
    uint32_t own = w->path[k].branch;
    w->path[k].branch = --w->ours[k];
    crease_jobs_put(w->shared->jobs, w->path, k + 1, theirs);
    w->path[k].branch = own;
}

/* Goes on behind what another worker writes. */
static void skip_segment(worker *w)
{
    crease_tape_close(w->shared->tape, w->proof.trace.segment);
    w->proof.trace.segment = w->after[w->depth];
}

/* Before the branches of a cell. */
static void begin_branches(worker *w, size_t branches, const crease_step *guide)
{
    w->ours[w->depth] = guide ? 0 : (uint32_t)branches;
    w->after[w->depth] = NULL;
    w->share[w->depth + 1] = w->share[w->depth] / (double)branches;
}

/* After them. */
static void end_branches(worker *w)
{
    if (w->after[w->depth])
        skip_segment(w);
}

/* Takes a step to branch b of a cell, which unit names. False if it is not ours: on the way to the
 * job's cell only the guide's is, and one that was given away is not. */
static bool enter_branch(worker *w, size_t unit, uint32_t b, const crease_step *guide)
{
    if (guide ? guide->branch != b : b >= w->ours[w->depth])
        return false;
    w->path[w->depth++] = (crease_step){(uint32_t)unit, b};
    if (crease_jobs_wanted(w->shared->jobs))
        share_work(w);
    return true;
}

static void explore(worker *w, size_t l, crease_cell *cell, const uint64_t *pending);

static void descend(worker *w, size_t l, crease_cell *cell)
{
    crease_rays *rays = crease_layers_rays(crease_cells_layers(w->cells));
    crease_rays *before = crease_arena_take(crease_cells_arena(w->cells), sizeof *before);
    *before = *rays;
    crease_cell inner = crease_stages_enter(w->stage, w->cells, w->model, l, cell);
    explore(w, l + 1, &inner, w->stage[l + 1].pending);
    *rays = *before;
}

static size_t first_unit(const uint64_t *set)
{
    size_t w = 0;
    while (!set[w])
        w++;
    return 64 * w + (size_t)__builtin_ctzll(set[w]);
}

static void take_out(uint64_t *set, size_t u)
{
    set[u / 64] &= ~((uint64_t)1 << u % 64);
}

static void halve(worker *w, size_t l, crease_cell *cell, uint64_t *cut, size_t unit,
                  const crease_step *guide)
{
    crease_cell half[2];
    take_out(cut, unit);
    if (!guide && w->shared->tape)
        crease_trace_split(&w->proof.trace, w->model->layer[l].first + unit);
    crease_cell_memory memory = crease_cell_halve(w->cells, cell, unit, cut, half);
    begin_branches(w, 2, guide);
    for (uint32_t h = 0; h < 2; h++) {
        if (!enter_branch(w, unit, h, guide))
            continue;
        w->stage[l].state[unit] = h == 0;
        crease_cell_side(w->cells, &memory, unit, (int)h);
        explore(w, l, &half[h], cut);
        w->depth--;
    }
    end_branches(w);
    crease_cell_side(w->cells, &memory, unit, 2);
}

/* The part of a cell where one candidate of a group wins. */
typedef struct {
    size_t layer, group;
    size_t candidates, *piece, winner;
    const uint64_t *rest; /* cutting units outside of the group */
} contest;

/* Narrows the cell to where the winner beats the candidates from the given one on. */
static void narrow(worker *w, const contest *c, size_t at, crease_cell *cell)
{
    const crease_model_layer *layer = &w->model->layer[c->layer];
    uint8_t *state = w->stage[c->layer].state;
    crease_arena *arena = crease_cells_arena(w->cells);
    at += at < c->candidates && c->piece[at] == c->winner;
    if (at == c->candidates) {
        crease_group_let_win(layer, c->group, c->winner, state, CREASE_MOOT);
        explore(w, c->layer, cell, c->rest);
        return;
    }
    size_t words = (layer->stride + 63) / 64, bytes = words * sizeof(uint64_t);
    size_t u = crease_group_compare(layer, c->group, c->winner, c->piece[at]);
    bool wins = c->winner > c->piece[at];
    crease_arena_mark mark = crease_arena_here(arena);
    uint64_t *own = crease_arena_take(arena, bytes), *cut = crease_arena_take(arena, bytes);
    memset(own, 0, bytes);
    own[u / 64] |= (uint64_t)1 << u % 64;
    if (crease_cell_classify(w->cells, cell, own, cut, state)) {
        crease_cell half[2];
        memcpy(cut, c->rest, bytes);
        for (size_t k = at + 1; k < c->candidates; k++)
            if (c->piece[k] != c->winner) {
                size_t later = crease_group_compare(layer, c->group, c->winner, c->piece[k]);
                cut[later / 64] |= (uint64_t)1 << later % 64;
            }
        crease_cell_memory memory = crease_cell_halve(w->cells, cell, u, cut, half);
        crease_cell_side(w->cells, &memory, u, wins ? 0 : 1);
        narrow(w, c, at + 1, &half[wins ? 0 : 1]);
        crease_cell_side(w->cells, &memory, u, 2);
    } else if (state[u] == wins) {
        narrow(w, c, at + 1, cell);
    } else {
        memset(cut, 0, bytes);
        /* The comparison is forced against what was imposed: nothing is left. */
        if (w->shared->tape && !replaying(w))
            crease_cell_force(w->cells, cell, own, cut, state);
        finish_cell(w, 0);
    }
    crease_arena_release(arena, mark);
}

/* A branch for every candidate of the group that the comparison belongs to. */
static void branch_group(worker *w, size_t l, crease_cell *cell, uint64_t *cut, size_t unit,
                         const crease_step *guide)
{
    const crease_model_layer *layer = &w->model->layer[l];
    crease_arena *arena = crease_cells_arena(w->cells);
    size_t s, t;
    contest c = {.layer = l, .rest = cut,
                 .piece = crease_arena_take(arena, layer->pieces * sizeof *c.piece)};
    crease_group_pieces(layer, unit, &c.group, &s, &t);
    c.candidates = crease_group_candidates(layer, c.group, cut, w->stage[l].state, c.piece);
    for (s = 0; s < layer->pieces; s++)
        for (t = s + 1; t < layer->pieces; t++)
            take_out(cut, crease_group_compare(layer, c.group, s, t));
    size_t first = crease_group_compare(layer, c.group, 0, 1);
    size_t comparisons = layer->pieces * (layer->pieces - 1) / 2;
    uint8_t *before = crease_arena_take(arena, comparisons);
    memcpy(before, w->stage[l].state + first, comparisons);
    if (!guide && w->shared->tape)
        crease_trace_branch(&w->proof.trace, layer->first + unit);
    begin_branches(w, c.candidates, guide);
    for (uint32_t b = 0; b < c.candidates; b++) {
        if (!enter_branch(w, unit, b, guide))
            continue;
        c.winner = c.piece[b];
        narrow(w, &c, 0, cell);
        w->depth--;
    }
    end_branches(w);
    memcpy(w->stage[l].state + first, before, comparisons);
}

static void branch(worker *w, size_t l, crease_cell *cell, uint64_t *cut)
{
    const crease_model_layer *layer = &w->model->layer[l];
    const crease_step *guide = next_guide(w);
    size_t unit = guide ? guide->unit : first_unit(cut), g, s, t;
    size_t *piece = crease_arena_take(crease_cells_arena(w->cells), layer->pieces * sizeof *piece);
    bool crowded = false;
    if (layer->pieces > 2) {
        crease_group_pieces(layer, unit, &g, &s, &t);
        crowded = crease_group_candidates(layer, g, cut, w->stage[l].state, piece) > 2;
    }
    (crowded ? branch_group : halve)(w, l, cell, cut, unit, guide);
}

/* Counts the regions in the cell, whose pending units of layer l are undecided. */
static void explore(worker *w, size_t l, crease_cell *cell, const uint64_t *pending)
{
    crease_arena *arena = crease_cells_arena(w->cells);
    crease_arena_mark mark = crease_arena_here(arena);
    size_t words = (w->model->layer[l].stride + 63) / 64;
    uint64_t *cut = crease_arena_take(arena, words * sizeof *cut), regions;
    if (++w->visited % STEPS_PER_CHECK == 0)
        report(w);
    if (stopped(w))
        return;
    const crease_model_layer *layer = &w->model->layer[l];
    size_t cuts = crease_cell_classify(w->cells, cell, pending, cut, w->stage[l].state);
    bool last = l + 1 == w->model->layers;
    if (layer->pieces > 1) {
        uint64_t *decided = crease_arena_take(arena, words * sizeof *decided);
        for (size_t i = 0; i < words; i++)
            decided[i] = pending[i] & ~cut[i];
        cuts = crease_groups_settle(layer, decided, cut, w->stage[l].state);
        pending = decided;
    }
    if (w->shared->tape && !replaying(w))
        crease_cell_force(w->cells, cell, pending, cut, w->stage[l].state);
    if (last && !replaying(w) && !crease_groups_crowded(layer, cut) &&
        crease_cell_count(w->cells, cell, cut, cuts, &regions))
        finish_cell(w, regions);
    else if (cuts)
        branch(w, l, cell, cut);
    else
        descend(w, l, cell);
    crease_arena_release(arena, mark);
}

static void begin_first_layer(worker *w, crease_cell *cell)
{
    explore(w, 0, cell, w->stage[0].pending);
}

/* Chooses the sides of root units k, k + 1, ..., each choice a cell of its own. */
static void choose_orthant(worker *w, size_t k)
{
    crease_layers *layers = crease_cells_layers(w->cells);
    if (k == w->model->inputs) {
        crease_arena *arena = crease_cells_arena(w->cells);
        crease_arena_mark mark = crease_arena_here(arena);
        crease_cell cell = {.carries_rays = true,
                            .rays = crease_layers_orthant(layers, w->stage[0].map, w->root_sign)};
        begin_first_layer(w, &cell);
        crease_arena_release(arena, mark);
        return;
    }
    size_t unit = crease_layers_root(layers)[k];
    const crease_step *guide = next_guide(w);
    if (!guide && w->shared->tape)
        crease_trace_split(&w->proof.trace, unit);
    begin_branches(w, 2, guide);
    for (uint32_t h = 0; h < 2 && !stopped(w); h++) {
        if (!enter_branch(w, unit, h, guide))
            continue;
        w->stage[0].state[unit] = h == 0;
        w->root_sign[k] = h ? -1 : 1;
        choose_orthant(w, k + 1);
        w->depth--;
    }
    end_branches(w);
}

static void run_job(worker *w)
{
    crease_layers *layers = crease_cells_layers(w->cells);
    crease_arena *arena = crease_cells_arena(w->cells);
    crease_arena_mark mark = crease_arena_here(arena);
    const crease_model *model = w->model;
    size_t words = (model->layer[0].stride + 63) / 64;
    w->depth = 0;
    w->share[0] = 1;
    w->guide_at = 0;
    memcpy(w->stage[0].pending, crease_layers_units(layers, 0), words * sizeof(uint64_t));
    if (w->shared->rays && !model->boxed) {
        for (size_t k = 0; k < model->inputs; k++) {
            size_t u = crease_layers_root(layers)[k];
            w->stage[0].pending[u / 64] &= ~((uint64_t)1 << u % 64);
        }
        choose_orthant(w, 0);
    } else {
        crease_cell cell = {.carries_rays = w->shared->rays};
        if (cell.carries_rays)
            cell.rays = crease_layers_box(layers, w->stage[0].map);
        else
            cell = crease_cell_domain(w->cells, w->stage[0].map);
        begin_first_layer(w, &cell);
    }
    crease_arena_release(arena, mark);
}

static void work(worker *w)
{
    crease_step *guide;
    void *note;
    while (!stopped(w) &&
           crease_jobs_take(w->shared->jobs, &guide, &w->guide_steps, &note, wait_or_stop, w)) {
        w->guide = guide;
        w->proof.trace.segment = note;
        run_job(w);
        if (w->shared->tape)
            crease_tape_close(w->shared->tape, w->proof.trace.segment);
        free(guide);
        crease_jobs_done(w->shared->jobs);
        report(w);
    }
    report(w);
}

/* Where ray cells were measured to be faster than LP cells. */
static bool start_with_rays(const crease_task *task)
{
    const crease_model *model = task->model;
    size_t n = model->inputs;
    if (task->options->cell == CREASE_CELL_LP)
        return false;
    if (model->boxed)
        return n <= (task->options->cell == CREASE_CELL_RAYS ? 2 * RAYS_IN_BOX : RAYS_IN_BOX);
    return crease_layers_find_root(model, NULL) && (task->options->cell == CREASE_CELL_RAYS ||
                                                    n <= RAYS_IN_SPACE ||
                                                    model->layer[0].width <= n + 2);
}

/* In all of R^n the checker counts the cells of an arrangement by itself. */
static void write_arrangement(crease_tape *tape, crease_segment *segment)
{
    crease_trace trace;
    crease_trace_open(&trace, tape, segment);
    crease_trace_count(&trace);
    crease_trace_close(&trace);
    crease_tape_close(tape, segment);
}

void crease_split_run(const crease_task *task, crease_outcome *outcome)
{
    split shared = {.task = task, .rays = start_with_rays(task), .tape = task->tape};
    crease_segment *all = task->tape ? crease_tape_first(task->tape) : NULL;
    if (task->tape && task->model->layers == 1 && !task->model->boxed &&
        task->model->layer[0].pieces <= 2) {
        write_arrangement(task->tape, all);
        shared.tape = NULL;
    }
    shared.jobs = crease_jobs_new(all);
    worker *workers = crease_alloc((size_t)task->threads, sizeof *workers);
    memset(outcome, 0, sizeof *outcome);
#pragma omp parallel num_threads(task->threads)
    {
        worker *w = &workers[omp_get_thread_num()];
        open_worker(w, &shared);
        work(w);
        close_worker(w);
    }
    for (int t = 0; t < task->threads; t++) {
        crease_tally_add(&outcome->tally, &workers[t].tally);
        outcome->regions += workers[t].regions;
        outcome->cells += workers[t].visited;
    }
    outcome->ray_cells = shared.rays;
    free(workers);
    crease_jobs_free(shared.jobs);
}
