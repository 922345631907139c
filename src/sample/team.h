/* Processes that make the replicates of an estimate together. */
#ifndef CREASE_SAMPLE_TEAM_H
#define CREASE_SAMPLE_TEAM_H

#include "sample/kept.h"

/* Both functions are called by the thread that estimates, share before gather. */
typedef struct crease_team {
    size_t members; /* this process among them; all have as many threads */
    /* The replicates that the state does not have are to be made: sets mine, for each replicate, to
     * whether it is to be made here.  The others are made elsewhere from now on. */
    void (*share)(void *context, const crease_kept *now, bool *mine);
    /* Adds those that were finished elsewhere.  Waits for all of them, or if the thread is
     * interrupted, for those that are finished by then. */
    void (*gather)(void *context, crease_trial *trial);
    void *context;
} crease_team;

#endif
