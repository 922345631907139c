/* Estimates of the number of regions, where there are too many to count.  Conventions as in
 * crease.h. */
#ifndef CREASE_ESTIMATE_H
#define CREASE_ESTIMATE_H

#include <crease.h>

#ifdef __cplusplus
extern "C" {
#endif
#if defined(__GNUC__)
#pragma GCC visibility push(default)
#endif

/* How much work is to be done.  One of leaves, seconds and error is positive; of several the first
 * one holds. */
typedef struct {
    uint64_t leaves; /* about so many parts of the input space are counted; the result depends on
                        this number and the seed, not on the time or the threads */
    double seconds;  /* what is likely to take this time; it stops after three times as long */
    double error;    /* until an interval reaches about this share of the estimate to both sides */
    double confidence; /* of the interval, between 0 and 1 */
    /* Called before the main part of the work begins, with the time that it will take, at a guess.
     * May be NULL. */
    void (*planned)(void *context, double seconds, double leaves);
    /* Called when a replicate of the main part of the work was made, by one thread at a time: how
     * many there are, of how many that this process is to make, and the seconds that the others
     * will take, at a guess.  May be NULL. */
    void (*replicated)(void *context, size_t finished, size_t of, double seconds_left);
    void *context;
} crease_estimate_plan;

/* leaves 0, seconds 10, error 0, confidence 0.95. */
void crease_estimate_plan_default(crease_estimate_plan *plan);

enum { CREASE_REPLICATES = 20 };

typedef struct {
    double estimate;       /* the mean of the replicates */
    double standard_error; /* of the mean; negative: not known */
    double low, high;      /* interval of this confidence; negative: not known */
    double confidence;
    bool exact;           /* all regions were counted: the estimate is the count, and proved */
    size_t replicates;    /* independent estimates that were finished */
    double spread;        /* their standard deviation over their mean; negative: not known */
    uint64_t leaves;      /* parts of the input space that they counted */
    double largest_share; /* of one such part in the estimate */
    /* With this confidence there are at least so many regions, without assumptions about the
     * distribution of the replicates; 0: not all replicates were finished. */
    double least, least_confidence;
    /* Bounds that are proved: there are at least and at most so many regions.  The upper one is in
     * decimal; empty: not known. */
    uint64_t proved_lower;
    char proved_upper[CREASE_DIGITS];
    bool complete; /* false: stopped before all replicates were finished */
    crease_stop stopped;
    size_t dimension; /* inputs after exact reduction */
    int threads;
    double seconds;
} crease_estimation;

/* Estimates the number of activation regions in the domain (NULL: all of R^n) without bias: random
 * parts of the cell tree of the split engine are counted, each with a weight (src/sample/tree.h).
 * Trials learn how the tree looks; then CREASE_REPLICATES independent replicates are made, which
 * differ in their random numbers only.  The interval is that of Student's t distribution for their
 * mean.  It is too narrow where rare parts hold much: do not trust it if spread is above 0.5.  If
 * it is above 1, the estimate does not converge with this much work: most of it is from few parts,
 * and most of what there is was likely missed.
 *
 * If not all replicates are finished because the time was up, large ones are more likely to be
 * missing, and the estimate tends to be too low.
 *
 * The lower bound `least`: of a number X >= 0 with mean R, P(X > c R) < 1 / c (Markov).  So the
 * least of t independent replicates is above c R with a probability below c^-t.
 *
 * Of options, definition must be activation, and engine AUTO or SPLIT; start, progress and
 * limit_regions are not used.  plan may be NULL. */
crease_status crease_estimate(const crease_network *network, const crease_domain *domain,
                              const crease_options *options, const crease_estimate_plan *plan,
                              crease_estimation *estimation, crease_error *error);

#if defined(__GNUC__)
#pragma GCC visibility pop
#endif
#ifdef __cplusplus
}
#endif
#endif
