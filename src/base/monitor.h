/* The limits, stop requests and progress of a run.  Both engines report to a monitor. */
#ifndef CREASE_BASE_MONITOR_H
#define CREASE_BASE_MONITOR_H

#include "base/interrupt.h"
#include "base/whole.h"

#include <crease.h>
#include <stdatomic.h>

typedef struct {
    const crease_options *options;
    crease_interrupt *outer; /* the token of the thread that began the run, or NULL */
    double begin;
    crease_whole earlier; /* regions counted by earlier runs */
    _Atomic int stop;     /* a crease_stop */
    _Atomic double next_memory;
    double next_report; /* used by the reporting thread only */
} crease_monitor;

/* Checks all limits but the one on regions, so that a stop that was asked for before is seen
 * however short the run is. */
void crease_monitor_begin(crease_monitor *monitor, const crease_options *options);

/* Has the run been stopped?  Cheap; every worker asks in every step. */
static inline bool crease_monitor_stopped(crease_monitor *monitor)
{
    return atomic_load_explicit(&monitor->stop, memory_order_relaxed) != CREASE_STOP_NONE;
}

/* Checks all limits but the one on regions.  True if it is time to stop.  This is the check of a
 * crease_interrupt whose context is the monitor.  Any thread. */
bool crease_monitor_interrupt(void *monitor, size_t bytes);

/* The same, and reports progress.  One worker calls this every millisecond or so.  closed: the
 * share of the tree that is closed, negative if unknown. */
void crease_monitor_check(crease_monitor *monitor, const crease_whole *regions, uint64_t open,
                          double closed);

/* Stops all workers.  The first reason given is kept. */
void crease_monitor_stop(crease_monitor *monitor, crease_stop reason);

/* Has the limit on regions been reached?  Only the next region stops the run: if there is none, the
 * count is complete. */
static inline bool crease_monitor_enough(const crease_monitor *monitor, const crease_whole *regions)
{
    return monitor->options->limit_regions &&
           crease_whole_word(regions) >= monitor->options->limit_regions;
}

#endif
