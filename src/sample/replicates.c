#include "sample/replicates.h"

#include "base/memory.h"
#include "base/rounding.h"
#include "base/stack.h"

#include <omp.h>
#include <stdatomic.h>
#include <stdlib.h>

typedef struct {
    crease_pilots *pilots;
    const crease_trial_plan *plan;
    crease_trial *trial;
    crease_drawn *drawn; /* or NULL */
    uint64_t first;      /* number of the first trial */
    size_t count;
    _Atomic size_t next;
} stage;

typedef struct {
    stage *stage;
    crease_tally tally;
} worker;

/* The replicate was made. */
static void add(stage *g, size_t i, const crease_trial *trial)
{
#pragma omp critical(crease_replicates)
    {
        g->trial[i] = *trial;
        if (trial->finished && g->pilots->between)
            g->pilots->between(g->pilots->context);
    }
}

static void work(void *context)
{
    worker *w = context;
    stage *g = w->stage;
    crease_tree *tree = crease_tree_new(g->pilots->task);
    for (size_t i; (i = atomic_fetch_add(&g->next, 1)) < g->count && !crease_interrupt_due();) {
        crease_trial trial;
        crease_trial_plan own = *g->plan;
        const bool *mine = g->pilots->mine;
        if (g->trial[i].finished || (mine && !mine[i]))
            continue;
        own.seed = crease_pilots_seed(g->pilots, g->first + i);
        own.drawn = g->drawn ? &g->drawn[i] : NULL;
        crease_tree_try(tree, &own, &trial);
        add(g, i, &trial);
    }
    crease_tree_free(tree, &w->tally);
}

void crease_replicates_make(crease_pilots *p, double leaves, size_t count, crease_trial *trial,
                            crease_drawn *drawn)
{
    const crease_task *task = p->task;
    crease_trial_plan plan = crease_pilots_plan(p, leaves);
    stage g = {.pilots = p,
               .plan = &plan,
               .trial = trial,
               .drawn = drawn,
               .first = p->trials,
               .count = count};
    int threads = (size_t)task->threads < count ? task->threads : (int)count;
    worker *workers = crease_alloc((size_t)threads, sizeof *workers);
#pragma omp parallel num_threads(threads)
    {
        worker *w = &workers[omp_get_thread_num()];
        crease_rounding mode;
        crease_interrupt token;
        crease_rounding_enter(&mode);
        if (p->check && !omp_get_thread_num())
            crease_interrupt_enter(&token, p->check, p->context);
        else
            crease_interrupt_enter(&token, crease_monitor_interrupt, task->monitor);
        w->stage = &g;
        crease_stack_call(crease_tree_depth(task->model), work, w);
        crease_interrupt_leave(&token);
        crease_rounding_leave(&mode);
    }
    for (int t = 0; t < threads; t++)
        crease_tally_add(&p->tally, &workers[t].tally);
    free(workers);
    p->trials += count;
    for (size_t i = 0; i < count; i++)
        crease_pilots_note(p, &trial[i]);
}
