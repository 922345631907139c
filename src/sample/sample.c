#include "sample/sample.h"

#include "base/clock.h"
#include "sample/kept.h"
#include "sample/replicates.h"
#include "sample/student.h"
#include "sample/team.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* The replicates are planned to take this share of the time that is left. */
static const double share_to_plan = 0.85;
/* And the trial for the bounds at most this share of that, or as much as a replicate. */
static const double share_to_prove = 0.1;
/* To reach an error, a first stage of replicates of at least FIRST leaves, or FIRST_DEEP, finds how
 * large the replicates have to be.  It grows until their spread is below a half. */
enum { FIRST = 128, FIRST_DEEP = 8, MOST_STAGES = 12 };
static const double least_confidence = 0.99;

typedef struct {
    const crease_task *task;
    const crease_estimate_plan *plan;
    crease_estimation *result;
    crease_pilots pilots;
    crease_kept kept;   /* of which the step, the leaves and the replicates are always current */
    bool changed;       /* since it was saved */
    double begin;       /* of the replicates, by the clock ... */
    size_t had;         /* with so many replicates */
    double saved, cost; /* when, and the seconds it took */
} sampler;

static double members(const sampler *s)
{
    const crease_team *team = s->task->keeper->team;
    return team ? (double)team->members : 1;
}

/* Of all members. */
static double threads_for(const sampler *s)
{
    return fmin(s->task->threads * members(s), CREASE_REPLICATES);
}

/* Replicates that a thread makes. */
static double rounds(const sampler *s)
{
    double own = ceil(CREASE_REPLICATES / fmin(members(s), CREASE_REPLICATES));
    return ceil(own / fmin(s->task->threads, own));
}

static double first_leaves(const sampler *s)
{
    return crease_pilots_deep(&s->pilots) ? FIRST_DEEP : FIRST;
}

/* Leaves of a replicate, if the plan is not about the error. */
static double leaves_of_replicate(const sampler *s)
{
    const crease_estimate_plan *plan = s->plan;
    if (plan->leaves)
        return (double)plan->leaves / CREASE_REPLICATES;
    if (!(plan->seconds > 0))
        return first_leaves(s);
    double left = fmax(plan->seconds - crease_pilots_passed(&s->pilots), 0);
    return fmax(share_to_plan * left / rounds(s) / s->pilots.pace, 1);
}

/* Leaves of the trial that proves bounds.  It is to take a small share of the time. */
static double leaves_to_prove(const sampler *s)
{
    double least = first_leaves(s), leaves = leaves_of_replicate(s);
    if (!s->plan->leaves && s->plan->seconds > 0)
        least = fmin(least, leaves * rounds(s) * share_to_prove);
    return fmax(leaves, least);
}

static void save(sampler *s)
{
    const crease_keeper *keeper = s->task->keeper;
    double begin = crease_clock_seconds();
    if (!s->changed)
        return;
    keeper->keep(keeper->context, &s->kept);
    s->changed = false;
    s->saved = crease_clock_seconds();
    s->cost = s->saved - begin;
}

/* The replicates that are finished, and *of: those that are to be made here. */
static size_t finished(const sampler *s, size_t *of)
{
    const bool *mine = s->pilots.mine;
    size_t count = *of = 0;
    for (size_t i = 0; i < CREASE_REPLICATES; i++) {
        *of += !mine || mine[i];
        count += (!mine || mine[i]) && s->kept.trial[i].finished;
    }
    return count;
}

static void report(const sampler *s)
{
    size_t of, count = finished(s, &of);
    if (!s->plan->replicated || s->kept.step != CREASE_KEPT_ESTIMATE || count <= s->had)
        return;
    double each = (crease_clock_seconds() - s->begin) / (double)(count - s->had);
    s->plan->replicated(s->plan->context, count, of, each * (double)(of - count));
}

/* A pilot, a replicate or a step is done. */
static void keep(void *context)
{
    sampler *s = context;
    const crease_keeper *keeper = s->task->keeper;
    report(s);
    if (!keeper->keep)
        return;
    crease_kept_take(&s->kept, &s->pilots);
    s->kept.seconds = crease_pilots_passed(&s->pilots);
    s->changed = true;
    if (crease_clock_seconds() - s->saved >= fmax(keeper->every, keeper->pause * s->cost))
        save(s);
}

static void next_step(sampler *s, crease_kept_step step)
{
    s->kept.step = step;
    memset(s->kept.trial, 0, sizeof s->kept.trial);
    keep(s);
}

/* Puts the replicates together. */
static void conclude(sampler *s)
{
    const crease_trial *trial = s->kept.trial;
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
    r->low = fmax(mean - reach, (double)s->pilots.lower);
    r->high = fmax(mean + reach, (double)s->pilots.lower);
    if (r->complete)
        r->least = least * pow(1 - least_confidence, 1 / count);
}

static void replicate(sampler *s)
{
    const crease_team *team = s->task->keeper->team;
    bool mine[CREASE_REPLICATES];
    size_t of;
    if (team) {
        crease_kept_take(&s->kept, &s->pilots);
        team->share(team->context, &s->kept, mine);
        s->pilots.mine = mine;
    }
    s->begin = crease_clock_seconds();
    s->had = finished(s, &of);
    crease_replicates_make(&s->pilots, s->kept.leaves, CREASE_REPLICATES, s->kept.trial, NULL);
    if (team) {
        team->gather(team->context, s->kept.trial);
        for (size_t i = 0; i < CREASE_REPLICATES; i++)
            crease_pilots_note(&s->pilots, &s->kept.trial[i]);
        s->changed = s->task->keeper->keep != NULL;
        s->pilots.mine = NULL;
    }
    conclude(s);
}

/* Leaves of a replicate for the error asked for.  The replicates that tell this are dropped, since
 * an estimate that ends when it looks good is biased. */
static double leaves_for_error(const sampler *s)
{
    double leaves = s->kept.leaves;
    double reach = crease_student_quantile(s->plan->confidence, CREASE_REPLICATES - 1);
    double error = reach * s->result->spread / sqrt(CREASE_REPLICATES);
    return fmax(leaves, 1.2 * leaves * error * error / (s->plan->error * s->plan->error));
}

/* One stage of replicates that tell how large they have to be. */
static void stage(sampler *s)
{
    const crease_estimation *r = s->result;
    double begin = crease_clock_seconds();
    replicate(s);
    if (!r->complete)
        return;
    if (!r->exact) {
        s->pilots.pace =
            (crease_clock_seconds() - begin) * threads_for(s) / fmax((double)r->leaves, 1);
        bool narrow = r->spread >= 0 && r->spread < 0.5;
        if (!narrow)
            s->kept.leaves *= 2;
        if (!narrow && ++s->kept.stage < MOST_STAGES) {
            next_step(s, CREASE_KEPT_STAGES);
            return;
        }
        s->kept.leaves = leaves_for_error(s);
    }
    next_step(s, CREASE_KEPT_ESTIMATE);
}

/* The size of the replicates, or of those of the first stage. */
static void settle(sampler *s)
{
    bool by_error = !s->plan->leaves && !(s->plan->seconds > 0);
    crease_pilots_calibrate(&s->pilots, leaves_of_replicate(s), NULL);
    if (crease_interrupt_raised())
        return;
    s->kept.leaves = leaves_of_replicate(s);
    next_step(s, by_error ? CREASE_KEPT_STAGES : CREASE_KEPT_ESTIMATE);
}

/* Makes the next step; false after the last one. */
static bool step(sampler *s)
{
    crease_pilots *p = &s->pilots;
    switch (s->kept.step) {
    case CREASE_KEPT_PILOTS:
        if (crease_pilots_run(p) && !p->exact)
            next_step(s, CREASE_KEPT_BOUNDS);
        return !p->exact;
    case CREASE_KEPT_BOUNDS:
        crease_pilots_prove(p, leaves_to_prove(s));
        if (!crease_interrupt_raised())
            next_step(s, CREASE_KEPT_SIZE);
        return true;
    case CREASE_KEPT_SIZE: settle(s); return true;
    case CREASE_KEPT_STAGES: stage(s); return true;
    case CREASE_KEPT_ESTIMATE:
        if (s->plan->planned)
            s->plan->planned(s->plan->context, p->pace * s->kept.leaves * rounds(s),
                             CREASE_REPLICATES * s->kept.leaves);
        replicate(s);
        return false;
    }
    return false;
}

static void estimate(sampler *s)
{
    while (step(s) && !crease_interrupt_raised())
        continue;
    save(s);
    if (!s->pilots.exact)
        return;
    s->result->estimate = s->pilots.all.value;
    s->result->leaves = s->pilots.all.leaves;
    crease_sample_single(s->task);
}

/* Takes up what is kept; false if it does not fit. */
static bool take_up(sampler *s, const crease_kept *from)
{
    crease_kept_init(&s->kept);
    s->saved = crease_clock_seconds();
    if (!from)
        return true;
    s->kept.step = from->step;
    s->kept.stage = from->stage;
    s->kept.leaves = from->leaves;
    memcpy(s->kept.trial, from->trial, sizeof s->kept.trial);
    s->pilots.begin -= from->seconds;
    return !from->trials || crease_kept_give(from, &s->pilots);
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
                             .proved_lower = (uint64_t)regions,
                             .complete = true};
    snprintf(r->proved_upper, sizeof r->proved_upper, "%" PRIu64, r->proved_lower);
}

void crease_sample_run(const crease_task *task, crease_outcome *outcome)
{
    const crease_estimate_plan *plan = task->keeper->plan;
    sampler s = {.task = task, .plan = plan, .result = task->keeper->estimation};
    *s.result = (crease_estimation){.standard_error = -1,
                                    .low = -1,
                                    .high = -1,
                                    .spread = -1,
                                    .confidence = plan->confidence,
                                    .least_confidence = least_confidence};
    crease_pilots_open(&s.pilots, task, (double)plan->leaves,
                       plan->leaves ? 0 : fmax(plan->seconds, 0));
    s.pilots.between = keep;
    s.pilots.context = &s;
    bool fits = take_up(&s, task->keeper->kept);
    if (fits)
        estimate(&s);
    s.result->proved_lower = s.pilots.exact ? s.result->proved_lower : s.pilots.lower;
    if (!s.pilots.exact && mpz_sizeinbase(s.pilots.upper, 10) < CREASE_DIGITS)
        mpz_get_str(s.result->proved_upper, 10, s.pilots.upper);
    *outcome = (crease_outcome){.regions = crease_whole_of(s.result->proved_lower),
                                .path_mismatch = !fits,
                                .tally = s.pilots.tally,
                                .unfinished = !s.result->complete};
    crease_kept_free(&s.kept);
    crease_pilots_close(&s.pilots);
}
