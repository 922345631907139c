#include "sample/pilots.h"

#include "base/clock.h"
#include "base/limits.h"
#include "base/random.h"
#include "base/stack.h"

#include <math.h>

/* Pilots double in size until they had this share of the work that is asked for. */
static const double share_of_pilots = 0.15;
/* All regions are counted if that is likely to take less than this share of the work. */
static const double share_to_count = 0.1;
/* The work of a trial beyond this many times what is expected doubles its goal. */
static const double patience = 8;
static const double least_limit = 2000;
/* Of the trials, but in deep networks. */
static const double window = 1.5;

/* Guesses are wrong by a factor that grows with each unit that is still to be divided.  In a
 * network with this many inputs and units no goal fits all cells, so the window is infinite, and
 * the first pilots are dives. */
enum { DEEP_INPUTS = CREASE_LIMIT_DEEP_INPUTS, DEEP_UNITS = CREASE_LIMIT_DEEP_UNITS, DIVES = 8 };

/* The pilots on their way. */
typedef struct {
    crease_pilots *pilots;
    crease_tree *tree;
} run;

double crease_pilots_passed(const crease_pilots *p)
{
    return crease_clock_seconds() - p->begin;
}

bool crease_pilots_deep(const crease_pilots *p)
{
    return p->task->model->inputs >= DEEP_INPUTS && p->task->model->units >= DEEP_UNITS;
}

crease_trial_plan crease_pilots_plan(const crease_pilots *p, double leaves)
{
    return (crease_trial_plan){.guesses = p->guesses,
                               .whole = p->whole,
                               .parts = leaves / p->yield,
                               .limit = least_limit + patience * p->effort * leaves,
                               .window = crease_pilots_deep(p) ? INFINITY : window,
                               .every = p->every};
}

/* Hashed: neighbouring seeds and numbers give unrelated streams. */
uint64_t crease_pilots_seed(const crease_pilots *p, uint64_t number)
{
    uint64_t state = p->task->options->seed;
    state = crease_random_next(&state) ^ number;
    return crease_random_next(&state);
}

void crease_pilots_note(crease_pilots *p, const crease_trial *trial)
{
    if (trial->regions > p->lower)
        p->lower = trial->regions;
}

/* What a trial shows about the leaves and the time of the next ones. */
static void measure(crease_pilots *p, const crease_trial_plan *plan, const crease_trial *trial,
                    double seconds)
{
    double found = fmax((double)trial->leaves, 0.25);
    p->yield = fmin(fmax(found / plan->parts, p->yield / 64), p->yield * 64);
    p->effort = trial->work / found;
    p->pace = seconds / found;
}

/* Makes a pilot, which also learns; false if it was interrupted or counted everything. */
static bool try(run *r, crease_trial_plan *plan, crease_trial *trial)
{
    crease_pilots *p = r->pilots;
    plan->learn = p->guesses;
    plan->seed = crease_pilots_seed(p, p->trials++);
    crease_tree_try(r->tree, plan, trial);
    crease_pilots_note(p, trial);
    if (!trial->finished)
        return false;
    if (trial->all) {
        p->exact = true;
        p->all = *trial;
        return false;
    }
    crease_guesses_fade(p->guesses);
    return true;
}

/* Leaves that can be counted in all. */
static double leaves_at_hand(const crease_pilots *p)
{
    if (p->leaves > 0)
        return p->leaves;
    if (p->seconds > 0)
        return fmax(p->seconds - crease_pilots_passed(p), 0) / p->pace;
    return CREASE_PILOT_LEAVES / share_to_count;
}

/* If all regions are few, a pilot that enters every cell.  If they are not, its limit makes it one
 * of another size.  last: the last pilot. */
static bool try_to_count(run *r, const crease_trial *last)
{
    crease_trial trial;
    crease_pilots *p = r->pilots;
    double regions = fmax(p->whole, last->value);
    double leaves = regions * (double)last->leaves / fmax((double)last->regions, 1);
    if (!last->leaves || leaves > share_to_count * leaves_at_hand(p))
        return true;
    crease_trial_plan plan = crease_pilots_plan(p, leaves);
    plan.parts = 8 * regions;
    plan.window = window;
    plan.limit = least_limit + 2 * p->effort * leaves;
    return try(r, &plan, &trial);
}

/* One pilot of about so many leaves; false if it was interrupted or counted everything. */
static bool pilot(run *r, double leaves)
{
    crease_trial trial;
    crease_pilots *p = r->pilots;
    crease_trial_plan plan = crease_pilots_plan(p, leaves);
    double begin = crease_clock_seconds();
    if (!try(r, &plan, &trial))
        return false;
    measure(p, &plan, &trial, crease_clock_seconds() - begin);
    /* Later pilots are better. */
    if (trial.value > 0)
        p->whole = p->trials == 1 ? trial.value : 0.3 * p->whole + 0.7 * trial.value;
    return try_to_count(r, &trial);
}

static bool enough(const crease_pilots *p, double leaves)
{
    if (p->leaves > 0)
        return 2 * leaves > share_of_pilots * p->leaves;
    if (p->seconds > 0)
        return crease_pilots_passed(p) + 2 * leaves * p->pace > 2 * share_of_pilots * p->seconds;
    return leaves >= (crease_pilots_deep(p) ? CREASE_PILOT_LEAVES_DEEP : CREASE_PILOT_LEAVES);
}

static void run_pilots(void *context)
{
    run r = {context, NULL};
    crease_pilots *p = r.pilots;
    r.tree = crease_tree_new(p->task);
    while (pilot(&r, p->next) && !enough(p, p->next)) {
        p->next *= crease_pilots_deep(p) && p->trials < DIVES ? 1 : 2;
        if (p->between)
            p->between(p->context);
    }
    crease_tree_free(r.tree, &p->tally);
}

void crease_pilots_open(crease_pilots *p, const crease_task *task, double leaves, double seconds)
{
    const crease_model *model = task->model;
    *p = (crease_pilots){.task = task,
                         .leaves = leaves,
                         .seconds = seconds,
                         .begin = crease_clock_seconds(),
                         .next = 1,
                         .guesses = crease_guesses_new(model),
                         .most = crease_most_new(model),
                         .yield = 1,
                         .effort = (double)(model->units + model->inputs)};
    p->whole =
        crease_guesses_for(p->guesses, &(crease_guess_kind){.layer = 0,
                                                            .cuts = model->layer[0].decisions,
                                                            .dimension = model->inputs,
                                                            .reach = model->inputs});
    mpz_init_set(p->upper, crease_most_root(p->most));
}

bool crease_pilots_run(crease_pilots *p)
{
    crease_stack_call(crease_tree_depth(p->task->model), run_pilots, p);
    return !crease_interrupt_raised();
}

void crease_pilots_close(crease_pilots *p)
{
    crease_guesses_free(p->guesses);
    crease_most_free(p->most);
    mpz_clear(p->upper);
}

typedef struct {
    crease_pilots *pilots;
    double leaves;
    crease_drawn *drawn;
} calibration;

static void prove(void *context)
{
    const calibration *own = context;
    crease_pilots *p = own->pilots;
    crease_trial trial;
    crease_trial_proof proof = {.most = p->most};
    crease_trial_plan plan = crease_pilots_plan(p, own->leaves);
    plan.seed = crease_pilots_seed(p, UINT64_MAX); /* a stream of its own */
    plan.proof = &proof;
    mpz_init(proof.upper);
    crease_tree *tree = crease_tree_new(p->task);
    crease_tree_try(tree, &plan, &trial);
    if (trial.finished && proof.lower > p->lower)
        p->lower = proof.lower;
    if (trial.finished && mpz_cmp(proof.upper, p->upper) < 0)
        mpz_set(p->upper, proof.upper);
    crease_tree_free(tree, &p->tally);
    mpz_clear(proof.upper);
}

void crease_pilots_prove(crease_pilots *p, double leaves)
{
    calibration own = {p, leaves, NULL};
    crease_stack_call(crease_tree_depth(p->task->model), prove, &own);
}

static void calibrate(void *context)
{
    const calibration *own = context;
    crease_pilots *p = own->pilots;
    crease_trial trial;
    crease_trial_plan plan = crease_pilots_plan(p, own->leaves);
    plan.seed = crease_pilots_seed(p, p->trials++);
    plan.drawn = own->drawn;
    crease_tree *tree = crease_tree_new(p->task);
    double begin = crease_clock_seconds();
    crease_tree_try(tree, &plan, &trial);
    if (trial.finished && trial.leaves)
        measure(p, &plan, &trial, crease_clock_seconds() - begin);
    crease_tree_free(tree, &p->tally);
}

void crease_pilots_calibrate(crease_pilots *p, double leaves, crease_drawn *drawn)
{
    calibration own = {p, leaves, drawn};
    crease_stack_call(crease_tree_depth(p->task->model), calibrate, &own);
}
