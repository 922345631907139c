/* Stopping a computation from within its loops.
 *
 * A token on a thread makes the computations of that thread stoppable.  Every loop that may run for
 * more than some milliseconds calls crease_interrupted() in each turn.  That function calls the
 * token's check from time to time.  When the check says yes, the token's flag is raised; it stays
 * raised until the token is left.  The loop then leaves early.  Its result may be wrong but is safe
 * in memory: vectors have their length, and indices are in range.
 *
 * Invariant: no result of a function that may have left early is used while the flag is raised.
 * Code that commits something (a counted region, a step of a path, a neighbour, a claim, an error)
 * first asks crease_interrupt_raised(), after the last computation that goes into it, and drops it
 * if the flag is raised.  Since the flag never falls, one question at the end covers all
 * computations before it.  The places:
 *   split     split/split.c, explore and narrow: the cell stays open, by the path that led to it.
 *             That path consists of committed decisions; nothing is begun below an uncommitted one
 *   walk      walk/walk.c, visit: no neighbour is inserted, and the region is not done, so that it
 *             is visited again
 *   classes   walk/affine_classes.c: no two classes are united, no fingerprint is kept
 *   set-up    api/count.c: nothing is counted, the state is that of the beginning
 *   readers   net/: an error is returned, and no network
 * The certificate of a stopped count does not get its name.  An assertion about a computed value
 * holds only while the flag is not raised. */
#ifndef CREASE_BASE_INTERRUPT_H
#define CREASE_BASE_INTERRUPT_H

#include "base/clock.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* PAUSE: ticks between two checks, less than a millisecond.  LOAD: simple operations between two
 * readings of the clock, some tens of microseconds. */
enum { CREASE_INTERRUPT_PAUSE = 1 << 20, CREASE_INTERRUPT_LOAD = 1 << 16 };

typedef struct crease_interrupt {
    /* Is it time to stop?  bytes: the memory that is about to be taken, or 0.  Called by the thread
     * of the token, and by the threads of computations that it waits for. */
    bool (*check)(void *context, size_t bytes);
    void *context;
    uint64_t pause, next; /* ticks */
    size_t load, work;    /* operations between two readings of the clock; since the last one */
    bool raised;
    /* Computations are not left early: the checks of a shadow build would refuse them. */
    bool whole;
    struct crease_interrupt *outer;
} crease_interrupt;

/* The token of this thread, or NULL: then nothing is ever interrupted. */
extern _Thread_local crease_interrupt *crease_interrupt_token;

/* Sets the token until the call of leave.  The caller owns it.  Tokens nest; an inner one has the
 * pause and load of the outer one. */
void crease_interrupt_enter(crease_interrupt *token, bool (*check)(void *context, size_t bytes),
                            void *context);
void crease_interrupt_leave(crease_interrupt *token);

/* Calls the check, and raises the flag if it says yes.  Returns the flag. */
bool crease_interrupt_look(crease_interrupt *token, size_t bytes);

/* Is the flag raised?  Cheap. */
static inline bool crease_interrupt_raised(void)
{
    return crease_interrupt_token && crease_interrupt_token->raised;
}

/* Is it time to stop?  Calls the check if the pause is over.  For places where no computation is
 * under way. */
static inline bool crease_interrupt_due(void)
{
    crease_interrupt *token = crease_interrupt_token;
    return token && (token->raised ||
                     (crease_clock_ticks() >= token->next && crease_interrupt_look(token, 0)));
}

/* The same for loops.  Always false if computations are whole. */
static inline bool crease_interrupted(void)
{
    const crease_interrupt *token = crease_interrupt_token;
    return token && !token->whole && crease_interrupt_due();
}

/* The same for short loops, of which a turn takes about `work` simple operations.  Reads the clock
 * once per load only. */
static inline bool crease_interrupted_after(size_t work)
{
    crease_interrupt *token = crease_interrupt_token;
    if (!token || token->whole)
        return false;
    token->work += work;
    if (token->raised || token->work < token->load)
        return token->raised;
    token->work = 0;
    return crease_interrupt_due();
}

/* Is it time to stop, with this much more memory taken?  Calls the check. */
static inline bool crease_interrupted_by(size_t bytes)
{
    crease_interrupt *token = crease_interrupt_token;
    return token && !token->whole && (token->raised || crease_interrupt_look(token, bytes));
}

#endif
