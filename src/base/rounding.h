/* The floating-point mode that error bounds are about: doubles evaluated as doubles, rounded to the
 * nearest, subnormal numbers kept, no traps.  The mode belongs to a thread, and a host program may have
 * set another one; so every function of the library whose doubles decide something, and every worker
 * in it, enters this mode and leaves it again. */
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

/* Keeps the calling thread's mode and flags, and sets the mode above. */
void crease_rounding_enter(crease_rounding *mode);

/* Puts back what crease_rounding_enter kept. */
void crease_rounding_leave(const crease_rounding *mode);

/* Does the thread compute in this mode?  Tried out on numbers, as some machines have modes that nobody
 * asks for here. */
bool crease_rounding_holds(void);

#endif
