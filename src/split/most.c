#include "split/most.h"

#include "base/clock.h"
#include "base/interrupt.h"
#include "cells/most.h"

#include <assert.h>
#include <math.h>

/* From one pass over the open cells to the next, cells with so many bits less are parted. */
enum { FINER = 4 };

/* Seconds between two looks, at least so many times what a look takes. */
static const double LOOK_EVERY = 0.1, LOOK_PAUSE = 10;

/* A share of the time since the search began, in bounds. */
static double share_of_time(const crease_task *task, double share, double least, double most)
{
    return fmin(fmax(share * (crease_clock_seconds() - task->monitor->begin), least), most);
}

static void add_whole(mpz_t sum, const crease_whole *value)
{
    mpz_t z;
    mpz_init(z);
    mpz_import(z, CREASE_WHOLE_WORDS, -1, sizeof *value->word, 0, 0, value->word);
    mpz_add(sum, sum, z);
    mpz_clear(z);
}

/* Sets sum to the regions of the state and the bounds of what is open; cells whose bound exceeds
 * part_above are parted.  False if the time was not enough. */
static bool sum_bounds(const crease_task *task, const crease_state *state, mpz_srcptr part_above,
                       double seconds, mpz_t sum)
{
    crease_options options = *task->options;
    options.stop = NULL;
    options.progress = NULL;
    options.gap = 0;
    options.merge = CREASE_MERGE_OFF;
    options.cell = state->rays ? CREASE_CELL_RAYS : CREASE_CELL_LP;
    options.limit_regions = options.limit_memory = 0;
    options.limit_seconds = seconds;
    crease_monitor monitor;
    crease_interrupt token;
    crease_monitor_begin(&monitor, &options);
    monitor.outer = NULL; /* that of the search, which may have stopped */
    crease_keeper keeper = {.from = state, .most = sum, .part_above = part_above};
    crease_task own = *task;
    own.options = &options;
    own.threads = 1;
    own.monitor = &monitor;
    own.tape = NULL;
    own.keeper = &keeper;
    crease_outcome outcome;
    mpz_set_ui(sum, 0);
    crease_interrupt_enter(&token, crease_monitor_interrupt, &monitor);
    crease_split_run(&own, &outcome);
    crease_interrupt_leave(&token);
    add_whole(sum, &state->regions);
    return !outcome.unfinished;
}

/* Sets most to the least bound that is found in that time. */
static void find_most(const crease_task *task, const crease_state *state, double seconds,
                      mpz_t most)
{
    crease_most *table = crease_most_new(task->model);
    mpz_t sum, above;
    mpz_inits(sum, above, NULL);
    mpz_set(most, crease_most_root(table));
    double end = crease_clock_seconds() + seconds, left = seconds;
    mpz_srcptr part_above = NULL;
    while (left > 0 && sum_bounds(task, state, part_above, left, sum)) {
        if (mpz_cmp(sum, most) < 0)
            mpz_set(most, sum);
        if (part_above && mpz_cmp_ui(above, 1) <= 0)
            break;
        mpz_fdiv_q_2exp(above, part_above ? above : most, FINER);
        if (mpz_sgn(above) == 0)
            mpz_set_ui(above, 1);
        part_above = above;
        left = end - crease_clock_seconds();
    }
    mpz_clears(sum, above, NULL);
    crease_most_free(table);
}

/* Is the bound at most 1 + gap times the regions of the state? */
static bool close_to(const crease_task *task, const crease_state *state)
{
    double seconds = share_of_time(task, 0.02, 0.02, INFINITY);
    mpq_t near, most;
    mpq_inits(near, most, NULL);
    add_whole(mpq_numref(most), &state->regions);
    mpq_set_d(near, 1 + task->options->gap);
    mpq_mul(near, near, most);
    find_most(task, state, seconds, mpq_numref(most));
    bool close = mpq_cmp(most, near) <= 0;
    mpq_clears(near, most, NULL);
    return close;
}

static char *digits_of_most(const crease_task *task, const crease_state *state)
{
    mpz_t most;
    mpz_init(most);
    find_most(task, state, share_of_time(task, 0.05, 0.3, 0.7), most);
    char *digits = mpz_get_str(NULL, 10, most);
    mpz_clear(most);
    return digits;
}

/* A keeper in front of the task's own, which may be NULL. */
typedef struct {
    const crease_task *task;
    double saved; /* when the own one saved, by the clock; negative: never */
    char *most;
} bounding;

static bool look(void *context, crease_state *now, bool end)
{
    bounding *b = context;
    const crease_keeper *own = b->task->keeper;
    double time = crease_clock_seconds();
    if (end && now->open.count)
        b->most = digits_of_most(b->task, now);
    if (!end && b->task->options->gap > 0 && close_to(b->task, now))
        crease_monitor_stop(b->task->monitor, CREASE_STOP_GAP);
    if (!own || (!end && b->saved >= 0 && time - b->saved < own->every))
        return true;
    b->saved = time;
    return own->save(own->context, now, end);
}

void crease_split_run_bounded(const crease_task *task, crease_outcome *outcome)
{
    crease_task looking = *task;
    bounding b = {task, -1, NULL};
    const crease_keeper *own = task->keeper;
    crease_keeper keeper = own ? *own : (crease_keeper){.every = INFINITY};
    assert(!task->tape && (!own || crease_keeper_saves(own)));
    keeper.save = look;
    keeper.context = &b;
    if (task->options->gap > 0) {
        keeper.every = LOOK_EVERY;
        keeper.pause = LOOK_PAUSE;
    }
    looking.keeper = &keeper;
    crease_split_run(&looking, outcome);
    outcome->most = b.most;
}
