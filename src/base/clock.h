/* Wall clock and memory of the process. */
#ifndef CREASE_BASE_CLOCK_H
#define CREASE_BASE_CLOCK_H

#include <stdint.h>

/* Seconds of a monotonic clock. */
double crease_clock_seconds(void);

/* Processor ticks for cheap sums of short times; their length
 * follows from two readings of both clocks. */
uint64_t crease_clock_ticks(void);

/* Resident memory now and at its peak, in bytes; 0 where unknown. */
uint64_t crease_clock_memory(void);
uint64_t crease_clock_peak_memory(void);

#endif
