/* Wall clock and memory of the process. */
#ifndef CREASE_BASE_CLOCK_H
#define CREASE_BASE_CLOCK_H

#include <stdint.h>

/* Seconds of a monotonic clock. */
double crease_clock_seconds(void);

/* A counter of processor ticks, cheap to read, for sums of short times.  Two readings of it and of
 * crease_clock_seconds give the length of a tick. */
uint64_t crease_clock_ticks(void);

/* Resident memory now and at its peak, in bytes; 0 where unknown. */
uint64_t crease_clock_memory(void);
uint64_t crease_clock_peak_memory(void);

#endif
