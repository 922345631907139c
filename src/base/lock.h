/* A lock for sections of well under a microsecond. */
#ifndef CREASE_BASE_LOCK_H
#define CREASE_BASE_LOCK_H

#include <sched.h>
#include <stdatomic.h>

typedef atomic_flag crease_lock; /* zero-initialised: free */

static inline void crease_lock_take(crease_lock *lock)
{
    for (unsigned tries = 0; atomic_flag_test_and_set_explicit(lock, memory_order_acquire); tries++)
        if (tries % 64 == 63)
            sched_yield();
}

static inline void crease_lock_release(crease_lock *lock)
{
    atomic_flag_clear_explicit(lock, memory_order_release);
}

#endif
