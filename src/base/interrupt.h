/* The wish to stop, for loops deep inside a computation.
 *
 * A computation that may be stopped sets a token on its thread, and every loop that may run for more
 * than some milliseconds asks crease_interrupted() in every turn.  The answer comes from the token's check,
 * which is called once in a while, and is sticky: once it is true it stays true until the token is left.
 * A loop that is told so leaves early, with any result that is safe in memory: vectors have their
 * length, indices are in range, what is returned may be wrong.
 *
 * Invariant: nothing that was computed between the entry of a token and its being raised by a function that
 * may have left early is used.  Whoever commits something (a counted region, a step of a path, a
 * neighbour, a claim, an error) asks crease_interrupt_raised() first, after the last computation that
 * goes into it, and drops it if so.  As the flag never falls, one question at the end covers all
 * computations before it: had one of them left early, the flag would be up.  The places:
 *   split     split/split.c, explore and narrow: the cell stays open, by the path that led to it, which was
 *             made of decisions that were committed; below an uncommitted one nothing is begun
 *   walk      walk/walk.c, visit: no neighbour is inserted and the region is not done, so that it is
 *             visited again
 *   classes   walk/affine_classes.c: no two classes are united, no fingerprint is kept
 *   set-up    api/count.c: nothing is counted, the state is that of the beginning
 *   readers   net/: no network is returned but an error
 * Certificates of a count that was stopped get no name.  An assertion about a computed value holds
 * only while the flag is down. */
#ifndef CREASE_BASE_INTERRUPT_H
#define CREASE_BASE_INTERRUPT_H

#include "base/clock.h"
#include "base/shadow.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The pause between checks, in ticks: less than a millisecond.  The work between looks at the clock, in
 * simple operations: some tens of microseconds. */
enum { CREASE_INTERRUPT_PAUSE = 1 << 20, CREASE_INTERRUPT_LOAD = 1 << 16 };

typedef struct crease_interrupt {
    /* Is it time to stop?  bytes: so much memory is about to be taken, or 0.  From the thread of the token, and
     * from those of computations that it waits for. */
    bool (*check)(void *context, size_t bytes);
    void *context;
    uint64_t pause, next; /* ticks */
    size_t load, work;    /* between looks at the clock; since the last one */
    bool raised;
    struct crease_interrupt *outer;
} crease_interrupt;

/* The token of this thread, or NULL: nobody wants to stop. */
extern _Thread_local crease_interrupt *crease_interrupt_token;

/* Sets the token, which stays the caller's, until the call of leave; tokens nest, with the same
 * pause and load. */
void crease_interrupt_enter(crease_interrupt *token, bool (*check)(void *context, size_t bytes),
                            void *context);
void crease_interrupt_leave(crease_interrupt *token);

/* Calls the check; raises the flag if it says so. */
bool crease_interrupt_look(crease_interrupt *token, size_t bytes);

/* Is the flag up?  Cheap. */
static inline bool crease_interrupt_raised(void)
{
    return crease_interrupt_token && crease_interrupt_token->raised;
}

/* Looks whether it is time to stop, if the last look is some time ago.  For places where no
 * computation is under way. */
static inline bool crease_interrupt_due(void)
{
    crease_interrupt *token = crease_interrupt_token;
    return token && (token->raised ||
                     (crease_clock_ticks() >= token->next && crease_interrupt_look(token, 0)));
}

/* The same for loops.  In a shadow build it says no: what is left early would fail the checks. */
static inline bool crease_interrupted(void)
{
    return !CREASE_SHADOW && crease_interrupt_due();
}

/* The same for short loops: a turn takes about so many simple operations, and the clock is read once in a
 * while. */
static inline bool crease_interrupted_after(size_t work)
{
    crease_interrupt *token = crease_interrupt_token;
    if (CREASE_SHADOW || !token)
        return false;
    token->work += work;
    if (token->raised || token->work < token->load)
        return token->raised;
    token->work = 0;
    return crease_interrupt_due();
}

/* Looks whether so much more memory may be taken. */
static inline bool crease_interrupted_by(size_t bytes)
{
    crease_interrupt *token = crease_interrupt_token;
    return !CREASE_SHADOW && token && (token->raised || crease_interrupt_look(token, bytes));
}

#endif
