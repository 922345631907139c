#include "search/worker.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

void crease_worker_open(crease_worker *w, crease_split *shared)
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

void crease_worker_close(crease_worker *w)
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

bool crease_worker_stopped(const crease_worker *w)
{
    return crease_monitor_stopped(w->shared->task->monitor) ||
           (w->shared->tape && crease_tape_failed(w->shared->tape));
}

void crease_worker_report(crease_worker *w)
{
    crease_split *shared = w->shared;
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

bool crease_worker_wait(void *context)
{
    crease_worker_report(context);
    return crease_worker_stopped(context);
}

void crease_worker_finish(crease_worker *w, uint64_t regions)
{
    w->regions += regions;
    w->closed += w->share[w->depth];
    if (regions > 1000)
        crease_worker_report(w);
}

bool crease_worker_replays(const crease_worker *w)
{
    return w->guide_at < w->guide_steps;
}

const crease_step *crease_worker_guide(crease_worker *w)
{
    return crease_worker_replays(w) ? &w->guide[w->guide_at++] : NULL;
}

/* Gives the last branch of the cell nearest to the root that has one left to a worker that
 * waits: the largest piece there is, worth the way to it. */
static void share_work(crease_worker *w)
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
static void skip_segment(crease_worker *w)
{
    crease_tape_close(w->shared->tape, w->proof.trace.segment);
    w->proof.trace.segment = w->after[w->depth];
}

void crease_worker_begin(crease_worker *w, size_t branches, const crease_step *guide)
{
    w->ours[w->depth] = guide ? 0 : (uint32_t)branches;
    w->after[w->depth] = NULL;
    w->share[w->depth + 1] = w->share[w->depth] / (double)branches;
}

void crease_worker_end(crease_worker *w)
{
    if (w->after[w->depth])
        skip_segment(w);
}

bool crease_worker_enter(crease_worker *w, size_t unit, uint32_t b, const crease_step *guide)
{
    if (guide ? guide->branch != b : b >= w->ours[w->depth])
        return false;
    w->path[w->depth++] = (crease_step){(uint32_t)unit, b};
    if (crease_jobs_wanted(w->shared->jobs))
        share_work(w);
    return true;
}
