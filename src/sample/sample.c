#include "sample/sample.h"

#include "base/clock.h"
#include "base/memory.h"
#include "base/random.h"
#include "base/rounding.h"
#include "base/stack.h"
#include "sample/student.h"
#include "sample/tree.h"

#include <math.h>
#include <omp.h>
#include <stdlib.h>

/* Pilots double in size until they had this share of the work that is asked for. */
static const double share_of_pilots = 0.15;
/* The replicates are planned to take this share of the time that is left. */
static const double share_to_plan = 0.85;
/* All regions are counted if that is likely to take less than this share of the work. */
static const double share_to_count = 0.1;
/* To reach an error, a first stage of replicates of at least FIRST leaves finds how large the
 * replicates have to be.  It grows until their spread is below a half. */
enum { PILOT_LEAVES = 2048, FIRST = 128, MOST_STAGES = 12 };
/* The work of a trial beyond this many times what is expected doubles its goal. */
static const double patience = 8;
static const double least_limit = 2000;
static const double least_confidence = 0.99;

typedef struct {
    const crease_task *task;
    const crease_estimate_plan *plan;
    crease_estimation *result;
    crease_tree *tree; /* of the pilots */
    crease_guesses *guesses;
    crease_tally tally;
    double begin;
    double whole;   /* guess of all regions */
    double yield;   /* leaves of a trial over its parts */
    double effort;  /* work for a leaf */
    double seconds; /* time for a leaf */
    bool exact;     /* a pilot counted everything */
    uint64_t trials;
} sampler;

/* Trials with hashed seeds: neighbouring seeds and numbers give unrelated streams. */
static uint64_t hashed(uint64_t seed, uint64_t number)
{
    uint64_t state = seed;
    state = crease_random_next(&state) ^ number;
    return crease_random_next(&state);
}

static double passed(const sampler *s)
{
    return crease_clock_seconds() - s->begin;
}

static int threads_for(const sampler *s)
{
    return s->task->threads < CREASE_REPLICATES ? s->task->threads : CREASE_REPLICATES;
}

/* Replicates that a thread makes. */
static double rounds(const sampler *s)
{
    return ceil((double)CREASE_REPLICATES / threads_for(s));
}

/* Leaves of a replicate, if the plan is not about the error. */
static double leaves_of_replicate(const sampler *s)
{
    const crease_estimate_plan *plan = s->plan;
    if (plan->leaves)
        return (double)plan->leaves / CREASE_REPLICATES;
    if (!(plan->seconds > 0))
        return FIRST;
    double left = fmax(plan->seconds - passed(s), 0);
    return fmax(share_to_plan * left / rounds(s) / s->seconds, 1);
}

/* ---- Pilots ---- */

static crease_trial_plan plan_of(const sampler *s, double leaves)
{
    return (crease_trial_plan){.guesses = s->guesses,
                               .whole = s->whole,
                               .parts = leaves / s->yield,
                               .limit = least_limit + patience * s->effort * leaves};
}

static void note_counted(sampler *s, const crease_trial *trial)
{
    if (trial->regions > s->result->counted)
        s->result->counted = trial->regions;
}

/* What a trial shows about the leaves and the time of the next ones. */
static void measure(sampler *s, const crease_trial_plan *plan, const crease_trial *trial,
                    double seconds)
{
    double found = fmax((double)trial->leaves, 0.25);
    s->yield = fmin(fmax(found / plan->parts, s->yield / 64), s->yield * 64);
    s->effort = trial->work / found;
    s->seconds = seconds / found;
}

/* Makes a pilot, which also learns; false if it was interrupted or counted everything. */
static bool run_pilot(sampler *s, crease_trial_plan *plan, crease_trial *trial)
{
    plan->learn = s->guesses;
    plan->seed = hashed(s->task->options->seed, s->trials++);
    crease_tree_try(s->tree, plan, trial);
    note_counted(s, trial);
    if (!trial->finished)
        return false;
    if (trial->all) {
        s->exact = true;
        s->result->estimate = trial->value;
        s->result->leaves = trial->leaves;
        return false;
    }
    crease_guesses_fade(s->guesses);
    return true;
}

/* Leaves that can be counted in all. */
static double leaves_at_hand(const sampler *s)
{
    const crease_estimate_plan *plan = s->plan;
    if (plan->leaves)
        return (double)plan->leaves;
    if (plan->seconds > 0)
        return fmax(plan->seconds - passed(s), 0) / s->seconds;
    return PILOT_LEAVES / share_to_count;
}

/* If all regions are few, a pilot that enters every cell.  If they are not, its limit makes it one
 * of another size.  last: the last pilot. */
static bool try_to_count(sampler *s, const crease_trial *last)
{
    crease_trial trial;
    double regions = fmax(s->whole, last->value);
    double leaves = regions * (double)last->leaves / fmax((double)last->regions, 1);
    if (!last->leaves || leaves > share_to_count * leaves_at_hand(s))
        return true;
    crease_trial_plan plan = plan_of(s, leaves);
    plan.parts = 8 * regions;
    plan.limit = least_limit + 2 * s->effort * leaves;
    return run_pilot(s, &plan, &trial);
}

/* One pilot of about so many leaves; false if it was interrupted or counted everything. */
static bool pilot(sampler *s, double leaves)
{
    crease_trial trial;
    crease_trial_plan plan = plan_of(s, leaves);
    double begin = crease_clock_seconds();
    if (!run_pilot(s, &plan, &trial))
        return false;
    measure(s, &plan, &trial, crease_clock_seconds() - begin);
    /* Later pilots are better. */
    if (trial.value > 0)
        s->whole = s->trials == 1 ? trial.value : 0.3 * s->whole + 0.7 * trial.value;
    return try_to_count(s, &trial);
}

static bool enough_pilots(const sampler *s, double leaves)
{
    const crease_estimate_plan *plan = s->plan;
    if (plan->leaves)
        return 2 * leaves > share_of_pilots * (double)plan->leaves;
    if (plan->seconds > 0)
        return passed(s) + 2 * leaves * s->seconds > 2 * share_of_pilots * plan->seconds;
    return leaves >= PILOT_LEAVES;
}

/* The last pilot changed the guesses: one trial as large as a replicate shows what they lead to. */
static void calibrate(sampler *s)
{
    crease_trial trial;
    double leaves = leaves_of_replicate(s);
    crease_trial_plan plan = plan_of(s, leaves);
    plan.seed = hashed(s->task->options->seed, s->trials++);
    double begin = crease_clock_seconds();
    crease_tree_try(s->tree, &plan, &trial);
    if (trial.finished && trial.leaves)
        measure(s, &plan, &trial, crease_clock_seconds() - begin);
}

static void run_pilots(void *context)
{
    sampler *s = context;
    const crease_model *model = s->task->model;
    s->tree = crease_tree_new(s->task);
    s->whole =
        crease_guesses_for(s->guesses, &(crease_guess_kind){.layer = 0,
                                                            .cuts = model->layer[0].decisions,
                                                            .dimension = model->inputs,
                                                            .reach = model->inputs});
    double leaves = 1;
    s->yield = 1;
    s->effort = (double)(model->units + model->inputs);
    while (pilot(s, leaves) && !enough_pilots(s, leaves))
        leaves *= 2;
    if (!s->exact && !crease_interrupt_raised())
        calibrate(s);
    crease_tree_free(s->tree, &s->tally);
}

/* ---- Replicates ---- */

typedef struct {
    sampler *sampler;
    const crease_trial_plan *plan;
    crease_trial *trial;
    uint64_t first; /* number of the first trial */
    size_t count;
    _Atomic size_t next;
} stage;

typedef struct {
    stage *stage;
    crease_tally tally;
} worker;

static void work(void *context)
{
    worker *w = context;
    stage *g = w->stage;
    crease_tree *tree = crease_tree_new(g->sampler->task);
    for (size_t i; (i = atomic_fetch_add(&g->next, 1)) < g->count && !crease_interrupt_due();) {
        crease_trial_plan own = *g->plan;
        own.seed = hashed(g->sampler->task->options->seed, g->first + i);
        crease_tree_try(tree, &own, &g->trial[i]);
    }
    crease_tree_free(tree, &w->tally);
}

/* Makes replicates of about so many leaves each. */
static void replicate(sampler *s, double leaves, crease_trial *trial)
{
    crease_trial_plan plan = plan_of(s, leaves);
    stage g = {.sampler = s,
               .plan = &plan,
               .trial = trial,
               .first = s->trials,
               .count = CREASE_REPLICATES};
    int threads = threads_for(s);
    worker *workers = crease_alloc((size_t)threads, sizeof *workers);
    size_t depth = 2 * (s->task->model->units + s->task->model->inputs + s->task->model->layers);
    for (size_t i = 0; i < g.count; i++)
        trial[i] = (crease_trial){.finished = false};
    s->trials += g.count;
#pragma omp parallel num_threads(threads)
    {
        worker *w = &workers[omp_get_thread_num()];
        crease_rounding mode;
        crease_interrupt token;
        crease_rounding_enter(&mode);
        crease_interrupt_enter(&token, crease_monitor_interrupt, s->task->monitor);
        w->stage = &g;
        crease_stack_call(depth, work, w);
        crease_interrupt_leave(&token);
        crease_rounding_leave(&mode);
    }
    for (int t = 0; t < threads; t++)
        crease_tally_add(&s->tally, &workers[t].tally);
    free(workers);
    for (size_t i = 0; i < g.count; i++)
        note_counted(s, &trial[i]);
}

/* Puts the replicates together. */
static void conclude(sampler *s, const crease_trial *trial)
{
    crease_estimation *r = s->result;
    double sum = 0, squares = 0, least = INFINITY, largest = 0;
    bool all = true;
    r->replicates = 0;
    r->leaves = 0;
    for (size_t i = 0; i < CREASE_REPLICATES; i++) {
        if (!trial[i].finished)
            continue;
        r->replicates++;
        r->leaves += trial[i].leaves;
        sum += trial[i].value;
        least = fmin(least, trial[i].value);
        largest = fmax(largest, trial[i].largest);
        all = all && trial[i].all;
    }
    double count = (double)r->replicates, mean = r->replicates ? sum / count : 0;
    for (size_t i = 0; i < CREASE_REPLICATES; i++)
        if (trial[i].finished)
            squares += (trial[i].value - mean) * (trial[i].value - mean);
    r->estimate = mean;
    r->complete = r->replicates == CREASE_REPLICATES;
    r->exact = all && r->replicates;
    r->largest_share = sum > 0 ? largest / sum : 0;
    if (r->replicates < 2)
        return;
    double deviation = sqrt(squares / (count - 1));
    r->spread = mean > 0 ? deviation / mean : -1;
    r->standard_error = deviation / sqrt(count);
    double reach = r->standard_error * crease_student_quantile(r->confidence, r->replicates - 1);
    r->low = fmax(mean - reach, (double)r->counted);
    r->high = fmax(mean + reach, (double)r->counted);
    if (r->complete)
        r->least = least * pow(1 - least_confidence, 1 / count);
}

/* Leaves of a replicate for the error asked for; the replicates that tell this are dropped, since
 * an estimate that ends when it looks good is biased.  0: stopped. */
static double leaves_for_error(sampler *s)
{
    crease_trial trial[CREASE_REPLICATES];
    double leaves = FIRST,
           reach = crease_student_quantile(s->plan->confidence, CREASE_REPLICATES - 1);
    for (int i = 0; i < MOST_STAGES; i++, leaves *= 2) {
        double begin = crease_clock_seconds();
        replicate(s, leaves, trial);
        conclude(s, trial);
        if (!s->result->complete)
            return 0;
        if (s->result->exact)
            return leaves;
        s->seconds =
            (crease_clock_seconds() - begin) * threads_for(s) / fmax((double)s->result->leaves, 1);
        if (s->result->spread >= 0 && s->result->spread < 0.5)
            break;
    }
    double error = reach * s->result->spread / sqrt(CREASE_REPLICATES);
    return fmax(leaves, 1.2 * leaves * error * error / (s->plan->error * s->plan->error));
}

static void estimate(sampler *s)
{
    crease_trial trial[CREASE_REPLICATES];
    const crease_task *task = s->task;
    crease_stack_call(2 * (task->model->units + task->model->inputs + task->model->layers),
                      run_pilots, s);
    if (s->exact) {
        crease_sample_single(task);
        return;
    }
    bool by_error = !s->plan->leaves && !(s->plan->seconds > 0);
    double leaves = crease_interrupt_raised() ? 0
                    : by_error                ? leaves_for_error(s)
                                              : leaves_of_replicate(s);
    if (leaves > 0) {
        if (s->plan->planned)
            s->plan->planned(s->plan->context, s->seconds * leaves * rounds(s),
                             CREASE_REPLICATES * leaves);
        replicate(s, leaves, trial);
        conclude(s, trial);
    }
}

void crease_sample_single(const crease_task *task)
{
    crease_estimation *r = task->keeper->estimation;
    double regions = r->estimate > 0 ? r->estimate : 1;
    *r = (crease_estimation){.estimate = regions,
                             .low = regions,
                             .high = regions,
                             .confidence = r->confidence,
                             .exact = true,
                             .replicates = 1,
                             .leaves = r->leaves ? r->leaves : 1,
                             .largest_share = 1,
                             .least = regions,
                             .least_confidence = 1,
                             .counted = (uint64_t)regions,
                             .complete = true};
}

void crease_sample_run(const crease_task *task, crease_outcome *outcome)
{
    sampler s = {.task = task,
                 .plan = task->keeper->plan,
                 .result = task->keeper->estimation,
                 .guesses = crease_guesses_new(task->model),
                 .begin = crease_clock_seconds()};
    *s.result = (crease_estimation){.standard_error = -1,
                                    .low = -1,
                                    .high = -1,
                                    .spread = -1,
                                    .confidence = s.plan->confidence,
                                    .least_confidence = least_confidence};
    estimate(&s);
    crease_guesses_free(s.guesses);
    *outcome = (crease_outcome){.regions = crease_whole_of(s.result->counted),
                                .tally = s.tally,
                                .unfinished = !s.result->complete};
}
