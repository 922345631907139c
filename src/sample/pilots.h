/* Pilots: trials that learn what the tree looks like (sample/tree.h), and how long a leaf takes.
 * They never enter an estimate. */
#ifndef CREASE_SAMPLE_PILOTS_H
#define CREASE_SAMPLE_PILOTS_H

#include "sample/tree.h"

enum { CREASE_PILOT_LEAVES = 2048, CREASE_PILOT_LEAVES_DEEP = 128 };

/* What was learnt. */
typedef struct {
    const crease_task *task;
    /* For how much work in all they are to prepare: leaves, or if that is 0, seconds.  If both are
     * 0, the last pilot has CREASE_PILOT_LEAVES, or CREASE_PILOT_LEAVES_DEEP. */
    double leaves, seconds;
    double begin; /* by the clock */
    double next;  /* leaves of the next pilot */
    /* Called between pilots and after each replicate, by one thread at a time.  NULL: not. */
    void (*between)(void *context);
    /* The check of the calling thread's token (base/interrupt.h).  NULL: that of the monitor. */
    bool (*check)(void *context, size_t bytes);
    const bool *mine; /* which replicates are to be made; NULL: all */
    void *context;
    crease_guesses *guesses;
    crease_most *most; /* bounds of cells */
    crease_tally tally;
    double whole;     /* guess of all regions */
    double yield;     /* leaves of a trial over its parts */
    bool every;       /* trials enter every cell */
    double effort;    /* work for a leaf */
    double pace;      /* seconds for a leaf */
    bool exact;       /* a pilot counted everything: all */
    crease_trial all; /* that pilot */
    mpz_t upper;      /* there are no more regions */
    uint64_t lower;   /* and no fewer */
    uint64_t trials;  /* made so far */
} crease_pilots;

/* No pilots yet.  The caller gives them to crease_pilots_close. */
void crease_pilots_open(crease_pilots *pilots, const crease_task *task, double leaves,
                        double seconds);

/* Makes pilots until they have taken about 15 % of the work.  False if they were interrupted. */
bool crease_pilots_run(crease_pilots *pilots);
void crease_pilots_close(crease_pilots *pilots);

/* Seconds since they began. */
double crease_pilots_passed(const crease_pilots *pilots);

/* Are leaves few, since there are many inputs and units?  Then trials have as many as they are told
 * at most. */
bool crease_pilots_deep(const crease_pilots *pilots);

/* The plan of a trial of about so many leaves, and the seed of a trial by its number. */
crease_trial_plan crease_pilots_plan(const crease_pilots *pilots, double leaves);
uint64_t crease_pilots_seed(const crease_pilots *pilots, uint64_t number);

/* The last pilot changed the guesses: one more trial, which shows how many leaves a trial of this
 * size has and what it takes.  drawn: NULL, or a trial that draws regions is meant, which come
 * here. */
void crease_pilots_calibrate(crease_pilots *pilots, double leaves, crease_drawn *drawn);

/* One more trial, which improves the bounds. */
void crease_pilots_prove(crease_pilots *pilots, double leaves);

/* For the lower bound. */
void crease_pilots_note(crease_pilots *pilots, const crease_trial *trial);

#endif
