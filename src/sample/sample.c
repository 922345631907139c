#include "sample/sample.h"

#include "base/clock.h"
#include "sample/replicates.h"
#include "sample/student.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

/* The replicates are planned to take this share of the time that is left. */
static const double share_to_plan = 0.85;
/* To reach an error, a first stage of replicates of at least FIRST leaves finds how large the
 * replicates have to be.  It grows until their spread is below a half. */
enum { FIRST = 128, MOST_STAGES = 12 };
static const double least_confidence = 0.99;

typedef struct {
    const crease_task *task;
    const crease_estimate_plan *plan;
    crease_estimation *result;
    crease_pilots pilots;
} sampler;

static int threads_for(const sampler *s)
{
    return crease_replicates_threads(s->task, CREASE_REPLICATES);
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
    double left = fmax(plan->seconds - crease_pilots_passed(&s->pilots), 0);
    return fmax(share_to_plan * left / rounds(s) / s->pilots.pace, 1);
}

static void replicate(sampler *s, double leaves, crease_trial *trial)
{
    crease_replicates_make(&s->pilots, leaves, CREASE_REPLICATES, trial, NULL);
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
    r->low = fmax(mean - reach, (double)s->pilots.lower);
    r->high = fmax(mean + reach, (double)s->pilots.lower);
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
        s->pilots.pace =
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
    crease_pilots *p = &s->pilots;
    if (p->exact) {
        s->result->estimate = p->all.value;
        s->result->leaves = p->all.leaves;
        crease_sample_single(s->task);
        return;
    }
    if (!crease_interrupt_raised())
        crease_pilots_prove(p, fmax(leaves_of_replicate(s), FIRST));
    if (!crease_interrupt_raised())
        crease_pilots_calibrate(p, leaves_of_replicate(s), NULL);
    bool by_error = !s->plan->leaves && !(s->plan->seconds > 0);
    double leaves = crease_interrupt_raised() ? 0
                    : by_error                ? leaves_for_error(s)
                                              : leaves_of_replicate(s);
    if (leaves > 0) {
        if (s->plan->planned)
            s->plan->planned(s->plan->context, p->pace * leaves * rounds(s),
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
    crease_pilots_run(&s.pilots, task, (double)plan->leaves,
                      plan->leaves ? 0 : fmax(plan->seconds, 0));
    estimate(&s);
    s.result->proved_lower = s.pilots.exact ? s.result->proved_lower : s.pilots.lower;
    if (!s.pilots.exact && mpz_sizeinbase(s.pilots.upper, 10) < CREASE_DIGITS)
        mpz_get_str(s.result->proved_upper, 10, s.pilots.upper);
    crease_pilots_close(&s.pilots);
    *outcome = (crease_outcome){.regions = crease_whole_of(s.result->proved_lower),
                                .tally = s.pilots.tally,
                                .unfinished = !s.result->complete};
}
