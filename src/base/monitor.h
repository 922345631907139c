/* Limits, the wish to stop and progress of a run: what both engines report to. */
#ifndef CREASE_BASE_MONITOR_H
#define CREASE_BASE_MONITOR_H

#include "base/interrupt.h"

#include <crease.h>
#include <stdatomic.h>

typedef struct {
    const crease_options *options;
    crease_interrupt *outer; /* the token of the thread that began it, or NULL */
    double begin;
    uint64_t earlier; /* regions of the runs before */
    _Atomic int stop; /* a crease_stop */
    _Atomic double next_memory;
    double next_report; /* used by the reporting thread only */
} crease_monitor;

void crease_monitor_begin(crease_monitor *monitor, const crease_options *options);

/* Has anybody asked to stop?  Cheap; for every worker in every step. */
static inline bool crease_monitor_stopped(crease_monitor *monitor)
{
    return atomic_load_explicit(&monitor->stop, memory_order_relaxed) != CREASE_STOP_NONE;
}

/* Checks all limits but that on regions; is it time to stop?  The check of a crease_interrupt whose context is
 * the monitor: any thread. */
bool crease_monitor_interrupt(void *monitor, size_t bytes);

/* The same, and reports progress.  For one worker, every millisecond or so; closed is negative if
 * unknown. */
void crease_monitor_check(crease_monitor *monitor, uint64_t regions, uint64_t open, double closed);

/* Makes all workers stop; the first reason counts. */
void crease_monitor_stop(crease_monitor *monitor, crease_stop reason);

/* Are so many regions as many as were asked for?  Then one more is a reason to stop; without it, the
 * count is complete. */
static inline bool crease_monitor_enough(const crease_monitor *monitor, uint64_t regions)
{
    return monitor->options->limit_regions && regions >= monitor->options->limit_regions;
}

#endif
