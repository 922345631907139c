/* The floating-point mode that the error bounds assume: doubles evaluated as doubles, round to
 * nearest, subnormal numbers kept, no traps.  The mode belongs to a thread, and a host program may
 * have set another one.  So every function of the library whose doubles decide something, and every
 * worker thread, enters this mode and leaves it again. */
#ifndef CREASE_BASE_ROUNDING_H
#define CREASE_BASE_ROUNDING_H

#include <fenv.h>
#include <float.h>
#include <stdbool.h>

_Static_assert(FLT_EVAL_METHOD == 0, "doubles are evaluated as doubles");
_Static_assert(FLT_RADIX == 2 && DBL_MANT_DIG == 53 && DBL_MIN_EXP == -1021,
               "doubles are binary64");

typedef struct {
    fenv_t host;
} crease_rounding;

/* Saves the calling thread's mode and flags, and sets the mode above. */
void crease_rounding_enter(crease_rounding *mode);

/* Restores what crease_rounding_enter saved. */
void crease_rounding_leave(const crease_rounding *mode);

/* Does the thread compute in this mode?  Tested by computing, since some machines have modes that
 * fenv.h cannot report. */
bool crease_rounding_holds(void);

#endif
