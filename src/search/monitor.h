/* Limits, the wish to stop and progress of a run: what both engines report to. */
#ifndef CREASE_SEARCH_MONITOR_H
#define CREASE_SEARCH_MONITOR_H

#include <crease.h>
#include <stdatomic.h>

typedef struct {
    const crease_options *options;
    double begin;
    uint64_t earlier; /* regions of the runs before */
    _Atomic int stop; /* a crease_stop */
    uint64_t spare;   /* so many regions beyond the limit must be found for it to stop */
    bool counted;     /* the limit on regions has nothing more to stop */
    double next_report, next_memory; /* used by the reporting thread only */
} crease_monitor;

void crease_monitor_begin(crease_monitor *monitor, const crease_options *options);

/* Has anybody asked to stop?  Cheap; for every worker in every step. */
static inline bool crease_monitor_stopped(crease_monitor *monitor)
{
    return atomic_load_explicit(&monitor->stop, memory_order_relaxed) != CREASE_STOP_NONE;
}

/* Checks all limits and reports progress.  For one worker, every millisecond or so;
 * closed is negative if unknown. */
void crease_monitor_check(crease_monitor *monitor, uint64_t regions, uint64_t open, double closed);

/* Makes all workers stop; the first reason counts. */
void crease_monitor_stop(crease_monitor *monitor, crease_stop reason);

/* All regions are counted, and what follows needs no more of them: the limit on regions neither
 * stops it nor has stopped.  For one thread alone. */
void crease_monitor_counted(crease_monitor *monitor);

/* Checks the limit on regions alone; any worker. */
void crease_monitor_regions(crease_monitor *monitor, uint64_t regions);

#endif
