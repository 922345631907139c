#include "split/worker.h"

#include "base/clock.h"
#include "base/memory.h"
#include "base/random.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Simple operations between two readings of the clock. */
enum { WORK_OF_CELL = 1 << 10 };

/* A stock for some paths through all layers, along cells with as many rays as the box has
 * corners. */
static double first_stock(const crease_split *shared)
{
    const crease_model *model = shared->task->model;
    bool all = shared->task->keeper && shared->task->keeper->classes;
    double paths = shared->alike ? 32 : 2;
    return all ? INFINITY : paths * ldexp((double)model->units, (int)model->inputs);
}

void crease_worker_gain(crease_worker *w, double rays)
{
    if (!w->shared->wide)
        return;
    size_t last = w->merge ? crease_merger_last(w->merge) : w->model->layers - 1;
    crease_cells_widen(w->cells, last, rays);
}

void crease_worker_open(crease_worker *w, crease_split *shared)
{
    const crease_model *model = shared->task->model;
    memset(w, 0, sizeof *w);
    w->shared = shared;
    w->model = model;
    if (shared->tape) {
        crease_proof_open(&w->proof, model, shared->tape, NULL);
    }
    w->cells =
        crease_cells_new(model, shared->task->proposer, &w->tally, shared->tape ? &w->proof : NULL);
    w->stage = crease_stages_new(model);
    if (shared->images)
        w->merge = crease_merger_new(model, shared->images,
                                     shared->task->options->merge == CREASE_MERGE_ON);
    if (shared->wide)
        crease_cells_widen(w->cells, model->layers - 1, first_stock(shared));
    w->path = crease_alloc(model->units + model->inputs + 1, sizeof *w->path);
    w->share = crease_alloc(model->units + model->inputs + 2, sizeof *w->share);
    w->after = crease_alloc(model->units + model->inputs + 1, sizeof(crease_segment *));
    w->deepest = SIZE_MAX;
    w->root_sign = crease_alloc(model->inputs, sizeof *w->root_sign);
    w->visitor = shared->task->keeper ? shared->task->keeper->visitor : NULL;
    if (w->visitor) {
        crease_cells_layers(w->cells)->keeps_inputs = true;
        w->pattern = crease_alloc(model->units, 1);
        w->visit = w->visitor->open(w->visitor->context, shared->task);
    }
}

void crease_worker_close(crease_worker *w)
{
    crease_stages_free(w->stage, w->model);
    free(w->path);
    free(w->share);
    free(w->after);
    free(w->root_sign);
    free(w->pattern);
    if (w->visitor)
        w->visitor->close(w->visit);
    if (w->merge) {
        crease_lock_take(&w->shared->sums_lock);
        crease_merger_add(w->merge, w->shared->merged);
        crease_lock_release(&w->shared->sums_lock);
    }
    crease_merger_free(w->merge);
    crease_cells_free(w->cells);
    if (w->shared->tape) {
        crease_proof_close(&w->proof);
    }
}

bool crease_worker_stopped(const crease_worker *w)
{
    return crease_interrupted_after(WORK_OF_CELL) || crease_interrupt_raised() ||
           crease_monitor_stopped(w->shared->task->monitor) ||
           (w->shared->tape && crease_tape_failed(w->shared->tape));
}

crease_state crease_worker_first(const crease_split *shared)
{
    const crease_keeper *keeper = shared->task->keeper;
    crease_state state = {.rays = shared->rays};
    if (keeper && keeper->from)
        state = *keeper->from;
    state.rays = shared->rays;
    memset(&state.open, 0, sizeof state.open);
    return state;
}

void crease_worker_add(const crease_worker *w, crease_state *sum)
{
    crease_tally_add(&sum->tally, &w->tally);
    if (!crease_whole_add(&sum->regions, &w->regions))
        sum->tally.too_many = true;
    sum->cells += w->visited;
    sum->closed += w->closed;
}

/* Begins to write a state down, if it is time. */
static void begin_cut(crease_split *shared)
{
    const crease_keeper *keeper = shared->task->keeper;
    if (!crease_keeper_saves(keeper))
        return;
    double now = crease_clock_seconds();
    crease_lock_take(&shared->cut_lock);
    if (!shared->missing && now >= shared->next_cut) {
        crease_stacks_clear(&shared->cut.open);
        shared->cut = crease_worker_first(shared);
        shared->missing = shared->workers;
        crease_jobs_mark(shared->jobs, &shared->cut.open);
    }
    crease_lock_release(&shared->cut_lock);
}

/* What the worker holds at the beginning of a cell. */
static void add_own(const crease_worker *w, crease_stacks *open)
{
    crease_stacks_add(open, w->path, w->depth);
    if (crease_worker_replays(w)) {
        crease_stack *stack = &open->stack[open->count - 1];
        stack->step = crease_realloc(stack->step, w->guide_steps, sizeof *stack->step);
        for (; stack->steps < w->guide_steps; stack->steps++)
            stack->step[stack->steps] = w->guide[stack->steps];
    }
}

/* Adds the worker's part to the state that is being written; the last worker passes the state
 * on. */
static void add_to_cut(crease_worker *w, bool idle)
{
    crease_split *shared = w->shared;
    crease_state *cut = &shared->cut;
    w->epoch = crease_jobs_epoch(shared->jobs);
    if (w->visitor && w->visitor->cut)
        w->visitor->cut(w->visit);
    crease_lock_take(&shared->cut_lock);
    crease_worker_add(w, cut);
    if (!idle)
        add_own(w, &cut->open);
    bool last = shared->missing == 1;
    if (!last)
        shared->missing--;
    crease_lock_release(&shared->cut_lock);
    if (!last)
        return;
    const crease_keeper *keeper = shared->task->keeper;
    double begin = crease_clock_seconds();
    if (cut->tally.too_many || !keeper->save(keeper->context, cut, false))
        crease_monitor_stop(shared->task->monitor, CREASE_STOP_ASKED);
    double end = crease_clock_seconds();
    crease_lock_take(&shared->cut_lock);
    shared->missing = 0;
    shared->next_cut = end + fmax(keeper->every, keeper->pause * (end - begin));
    crease_lock_release(&shared->cut_lock);
}

static bool cut_begun(const crease_worker *w)
{
    return crease_jobs_epoch(w->shared->jobs) != w->epoch;
}

bool crease_worker_pause(crease_worker *w)
{
    if (cut_begun(w))
        add_to_cut(w, false);
    if (!crease_worker_stopped(w))
        return false;
    if (!w->left) {
        crease_lock_take(&w->shared->cut_lock);
        add_own(w, &w->shared->rest);
        crease_lock_release(&w->shared->cut_lock);
    }
    w->left = true;
    return true;
}

void crease_worker_mismatch(crease_worker *w)
{
    atomic_store(&w->shared->path_mismatch, true);
    crease_monitor_stop(w->shared->task->monitor, CREASE_STOP_ASKED);
}

/* The sum of the regions overflowed. */
static void give_up(crease_worker *w)
{
    w->tally.too_many = true;
    crease_monitor_stop(w->shared->task->monitor, CREASE_STOP_ASKED);
}

/* The weight of the current cell: a probe chooses one branch of each cell on its path. */
static double weight(const crease_worker *w)
{
    return w->share[w->guide_steps] / w->share[w->depth];
}

/* Reports this worker's sums; returns the regions that all workers have reported. */
static crease_whole report_sums(crease_worker *w, double *closed)
{
    crease_split *shared = w->shared;
    crease_whole fresh = w->regions;
    crease_whole_subtract(&fresh, &w->reported);
    crease_lock_take(&shared->sums_lock);
    bool good = crease_whole_add(&shared->regions, &fresh);
    crease_whole total = shared->regions;
    *closed = shared->closed += w->closed - w->reported_closed;
    crease_lock_release(&shared->sums_lock);
    w->reported = w->regions;
    w->reported_closed = w->closed;
    if (!good)
        give_up(w);
    return total;
}

void crease_worker_report(crease_worker *w)
{
    crease_split *shared = w->shared;
    double closed;
    const crease_whole total = report_sums(w, &closed);
    if (!atomic_flag_test_and_set_explicit(&shared->monitor, memory_order_acquire)) {
        crease_monitor_check(shared->task->monitor, &total, crease_jobs_open(shared->jobs), closed);
        begin_cut(shared);
        atomic_flag_clear_explicit(&shared->monitor, memory_order_release);
    }
}

bool crease_worker_wait(void *context)
{
    crease_worker_report(context);
    if (cut_begun(context))
        add_to_cut(context, true);
    return crease_worker_stopped(context);
}

/* If enough regions were found without the current cell, it stays open and the search stops. */
static bool limit_reached(crease_worker *w)
{
    crease_monitor *monitor = w->shared->task->monitor;
    double closed;
    if (!monitor->options->limit_regions)
        return false;
    const crease_whole total = report_sums(w, &closed);
    if (!crease_monitor_enough(monitor, &total))
        return false;
    crease_monitor_stop(monitor, CREASE_STOP_REGIONS);
    crease_worker_pause(w);
    return true;
}

void crease_worker_finish(crease_worker *w, uint64_t regions)
{
    if (w->probe) {
        w->probe->regions += (double)regions * weight(w);
        return;
    }
    if (regions && limit_reached(w))
        return;
    if (!crease_whole_add_word(&w->regions, regions) || w->tally.too_many)
        give_up(w);
    w->closed += w->share[w->depth];
    if (regions && w->inside)
        crease_classes_count(w->shared->task->keeper->classes, w->inside, regions);
    if (regions > 1000)
        crease_worker_report(w);
}

void crease_worker_visit(crease_worker *w, crease_cell *cell)
{
    if (limit_reached(w))
        return;
    crease_cell_catch_up(w->cells, cell);
    crease_stages_pattern(w->stage, w->model, w->pattern);
    crease_visited_answer answer =
        w->visitor->visit(w->visit, &(crease_leaf){w->pattern, cell, 1, 1, -1});
    if (answer != CREASE_VISITED)
        crease_monitor_stop(w->shared->task->monitor, CREASE_STOP_ASKED);
    if (answer == CREASE_UNVISITED) {
        crease_worker_pause(w);
        return;
    }
    if (!crease_whole_add_word(&w->regions, 1))
        give_up(w);
    w->closed += w->share[w->depth];
    /* A visit may take long, in which no work was noted. */
    crease_interrupt_due();
    if (w->visitor->cut)
        crease_worker_report(w);
}

void crease_worker_finish_known(crease_worker *w, const crease_whole *regions)
{
    assert(!w->probe);
    if (limit_reached(w))
        return;
    if (!crease_whole_add(&w->regions, regions) || w->tally.too_many)
        give_up(w);
    w->closed += w->share[w->depth];
}

bool crease_worker_replays(const crease_worker *w)
{
    return w->guide_at < w->guide_steps;
}

const crease_step *crease_worker_guide(crease_worker *w)
{
    return crease_worker_replays(w) ? &w->guide[w->guide_at++] : NULL;
}

/* A branch of the cell at depth k was given away. */
static void take_note(crease_worker *w, size_t k)
{
    w->path[k].end--;
    w->lent = k + 1 > w->lent ? k + 1 : w->lent;
}

/* Gives a branch to a waiting worker: the last open branch of the cell nearest to the root.  It is
 * likely the largest, so replaying the path to it pays. */
static void share_work(crease_worker *w)
{
    size_t k = 0;
    while (k < w->depth && w->path[k].branch + 1 >= w->path[k].end)
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
    w->path[k].branch = w->path[k].end - 1;
    if (crease_jobs_put(w->shared->jobs, w->path, k + 1, theirs, w->epoch))
        take_note(w, k);
    w->path[k].branch = own;
}

/* Continues the certificate after the segment of another worker. */
static void skip_segment(crease_worker *w)
{
    assert(w->proof.trace.segment != w->after[w->depth]);
    crease_trace_turn(&w->proof.trace, w->after[w->depth]);
}

bool crease_worker_begin(crease_worker *w, size_t branches, const crease_step *guide)
{
    if (guide && (guide->branch >= branches || guide->end > branches)) {
        crease_worker_mismatch(w);
        return false;
    }
    w->path[w->depth].end = guide ? guide->end : (uint32_t)branches;
    w->after[w->depth] = NULL;
    w->share[w->depth + 1] = w->share[w->depth] / (double)branches;
    if (w->probe && !guide) {
        if (w->dives > 1) {
            w->dives = 1;
            w->early = true;
        }
        w->chosen = (uint32_t)(crease_random_next(&w->seed) % branches);
        w->path[w->depth].end = w->chosen + 1;
    }
    return true;
}

void crease_worker_end(crease_worker *w)
{
    if (w->after[w->depth])
        skip_segment(w);
}

/* Saves only the current cell as open. */
static void leave_open(crease_worker *w)
{
    crease_lock_take(&w->shared->cut_lock);
    crease_stacks_add(&w->shared->rest, w->path, w->depth);
    const crease_stack *stack = &w->shared->rest.stack[w->shared->rest.count - 1];
    for (size_t k = 0; k < stack->steps; k++)
        stack->step[k].end = stack->step[k].branch + 1;
    crease_lock_release(&w->shared->cut_lock);
}

static int by_cell(const void *a, const void *b)
{
    const crease_outside *x = a, *y = b;
    return crease_stack_order(&x->cell, &y->cell);
}

/* If the certificate leaves the current cell to another file, writes a reference
 * to that file and returns true. */
static bool leave_outside(crease_worker *w)
{
    const crease_keeper *keeper = w->shared->task->keeper;
    if (!keeper || !keeper->outsides)
        return false;
    crease_outside own = {.cell = {w->path, w->depth}};
    const crease_outside *found =
        bsearch(&own, keeper->outside, keeper->outsides, sizeof own, by_cell);
    if (!found)
        return false;
    crease_trace_elsewhere(&w->proof.trace, found->part);
    crease_worker_finish(w, 0);
    return true;
}

bool crease_worker_enter(crease_worker *w, size_t unit, uint32_t b, const crease_step *guide)
{
    if (w->left || b >= w->path[w->depth].end || (guide && b < guide->branch) ||
        (w->probe && !guide && b < w->chosen))
        return false;
    assert(unit <= UINT32_MAX && w->depth < w->model->units + w->model->inputs + 1);
    w->path[w->depth].unit = (uint32_t)unit;
    w->path[w->depth++].branch = b;
    if (w->probe) {
        if (!guide)
            w->probe->cells += weight(w);
        return true;
    }
    if (w->depth > w->deepest || leave_outside(w)) {
        if (w->depth > w->deepest)
            leave_open(w);
        w->depth--;
        return false;
    }
    /* A job's levels are counted from its own path: parts given away would go deeper. */
    if (w->deepest == SIZE_MAX && crease_jobs_wanted(w->shared->jobs))
        share_work(w);
    return true;
}
