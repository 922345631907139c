#include "search/search.h"

#include "base/lock.h"
#include "base/memory.h"
#include "search/jobs.h"
#include "search/stages.h"

#include <math.h>
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
    double closed;       /* sum of 2^-depth over finished cells */
    crease_lock monitor; /* held by the worker that checks the limits */
} split;

typedef struct {
    split *shared;
    const crease_model *model;
    crease_tally tally;
    crease_cells *cells;
    crease_stage *stage;
    crease_step *path;
    bool *given;            /* per step: is the other half somebody else's? */
    crease_proof proof;     /* open if the task has a tape */
    crease_segment **after; /* per step: what follows the half that was given away */
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
    w->given = crease_alloc(model->units + model->inputs + 1, sizeof *w->given);
    w->after = crease_alloc(model->units + model->inputs + 1, sizeof(crease_segment *));
    w->root_sign = crease_alloc(model->inputs, sizeof *w->root_sign);
}

static void close_worker(worker *w)
{
    crease_stages_free(w->stage, w->model);
    free(w->path);
    free(w->given);
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
    w->closed += ldexp(1, -(int)w->depth);
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

/* Gives the other half of the split nearest to the root that is still ours to a worker that
 * waits: the largest piece there is, worth the way to it. */
static void share_work(worker *w)
{
    size_t k = 0;
    while (k < w->depth && (w->path[k].half || w->given[k]))
        k++;
    if (k == w->depth)
        return;
    crease_segment *theirs = NULL;
    if (w->shared->tape) {
        theirs = crease_tape_insert(w->shared->tape, w->proof.trace.segment);
        w->after[k] = crease_tape_insert(w->shared->tape, theirs);
    }
    w->path[k].half = 1;
    crease_jobs_put(w->shared->jobs, w->path, k + 1, theirs);
    w->path[k].half = 0;
    w->given[k] = true;
}

/* Goes on behind what another worker writes. */
static void skip_segment(worker *w)
{
    crease_tape_close(w->shared->tape, w->proof.trace.segment);
    w->proof.trace.segment = w->after[w->depth];
}

/* Takes a step to half h of a cell split on unit. False if that half is not ours: on the
 * way to the job's cell only the guide's half is, and a half that was given away is not. */
static bool enter_half(worker *w, size_t unit, uint32_t h, const crease_step *guide)
{
    if (guide ? guide->half != h : h == 1 && w->given[w->depth]) {
        if (!guide && w->shared->tape)
            skip_segment(w);
        return false;
    }
    w->given[w->depth] = guide != NULL;
    w->path[w->depth++] = (crease_step){(uint32_t)unit, h};
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

static void branch(worker *w, size_t l, crease_cell *cell, uint64_t *cut)
{
    const crease_step *guide = next_guide(w);
    size_t unit = guide ? guide->unit : first_unit(cut);
    crease_cell half[2];
    cut[unit / 64] &= ~((uint64_t)1 << unit % 64);
    if (!guide && w->shared->tape)
        crease_trace_split(&w->proof.trace, w->model->layer[l].first + unit);
    crease_cell_memory memory = crease_cell_halve(w->cells, cell, unit, cut, half);
    for (uint32_t h = 0; h < 2; h++) {
        if (!enter_half(w, unit, h, guide))
            continue;
        w->stage[l].state[unit] = h == 0;
        crease_cell_side(w->cells, &memory, unit, (int)h);
        explore(w, l, &half[h], cut);
        w->depth--;
    }
    crease_cell_side(w->cells, &memory, unit, 2);
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
    size_t cuts = crease_cell_classify(w->cells, cell, pending, cut, w->stage[l].state);
    bool last = l + 1 == w->model->layers;
    if (w->shared->tape && !replaying(w))
        crease_cell_force(w->cells, cell, pending, cut, w->stage[l].state);
    if (last && !replaying(w) && crease_cell_count(w->cells, cell, cut, cuts, &regions))
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
    for (uint32_t h = 0; h < 2 && !stopped(w); h++) {
        if (!enter_half(w, unit, h, guide))
            continue;
        w->stage[0].state[unit] = h == 0;
        w->root_sign[k] = h ? -1 : 1;
        choose_orthant(w, k + 1);
        w->depth--;
    }
}

static void run_job(worker *w)
{
    crease_layers *layers = crease_cells_layers(w->cells);
    crease_arena *arena = crease_cells_arena(w->cells);
    crease_arena_mark mark = crease_arena_here(arena);
    const crease_model *model = w->model;
    size_t words = (model->layer[0].stride + 63) / 64;
    w->depth = 0;
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
    return n <= CREASE_LAYERS_ROOT && (task->options->cell == CREASE_CELL_RAYS ||
                                       n <= RAYS_IN_SPACE || model->layer[0].width <= n + 2);
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
    if (task->tape && task->model->layers == 1 && !task->model->boxed) {
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
