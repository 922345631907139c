#include "base/rounding.h"

#if defined(__SSE2__)
#include <xmmintrin.h>
#endif

/* fesetround does not know of the bits that replace subnormal numbers by 0. */
static void keep_subnormals(void)
{
#if defined(__SSE2__)
    enum { DENORMALS_ARE_ZERO = 1 << 6, FLUSH_TO_ZERO = 1 << 15 };
    _mm_setcsr(_mm_getcsr() & ~(unsigned)(DENORMALS_ARE_ZERO | FLUSH_TO_ZERO));
#elif defined(__aarch64__)
    unsigned long control;
    __asm__ volatile("mrs %0, fpcr" : "=r"(control));
    control &= ~(1ul << 24 | 1ul << 1 | 1ul << 0); /* FZ, AH, FIZ */
    __asm__ volatile("msr fpcr, %0" : : "r"(control));
#endif
}

void crease_rounding_enter(crease_rounding *mode)
{
    feholdexcept(&mode->host);
    fesetround(FE_TONEAREST);
    keep_subnormals();
}

void crease_rounding_leave(const crease_rounding *mode)
{
    fesetenv(&mode->host);
}

bool crease_rounding_holds(void)
{
    volatile double one = 1, small = 0x1p-54, least = DBL_MIN;
    volatile double more = one + small, less = -one - small, next = one + 3 * small;
    volatile double half = least * 0.5, whole = half + half;
    return more == 1 && less == -1 && next > 1 && half > 0 && whole == least;
}
