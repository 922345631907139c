#include "search/monitor.h"

#include "base/clock.h"

void crease_monitor_begin(crease_monitor *monitor, const crease_options *options)
{
    monitor->options = options;
    monitor->begin = crease_clock_seconds();
    monitor->earlier = 0;
    monitor->spare = 0;
    monitor->counted = false;
    atomic_init(&monitor->stop, CREASE_STOP_NONE);
    monitor->next_report = monitor->begin + options->progress_interval;
    monitor->next_memory = monitor->begin;
}

void crease_monitor_stop(crease_monitor *monitor, crease_stop reason)
{
    int none = CREASE_STOP_NONE;
    atomic_compare_exchange_strong(&monitor->stop, &none, reason);
}

void crease_monitor_counted(crease_monitor *monitor)
{
    int regions = CREASE_STOP_REGIONS;
    monitor->counted = true;
    atomic_compare_exchange_strong(&monitor->stop, &regions, CREASE_STOP_NONE);
}

void crease_monitor_regions(crease_monitor *monitor, uint64_t regions)
{
    uint64_t limit = monitor->options->limit_regions;
    if (limit && regions >= limit && regions - limit >= monitor->spare && !monitor->counted)
        crease_monitor_stop(monitor, CREASE_STOP_REGIONS);
}

void crease_monitor_check(crease_monitor *monitor, uint64_t regions, uint64_t open, double closed)
{
    const crease_options *options = monitor->options;
    double now = crease_clock_seconds();
    if (options->stop && __atomic_load_n(options->stop, __ATOMIC_RELAXED))
        crease_monitor_stop(monitor, CREASE_STOP_ASKED);
    if (options->limit_seconds > 0 && now - monitor->begin >= options->limit_seconds)
        crease_monitor_stop(monitor, CREASE_STOP_SECONDS);
    crease_monitor_regions(monitor, regions);
    if (options->limit_memory && now >= monitor->next_memory) {
        monitor->next_memory = now + 0.02;
        if (crease_clock_memory() > options->limit_memory)
            crease_monitor_stop(monitor, CREASE_STOP_MEMORY);
    }
    if (options->progress && now >= monitor->next_report) {
        monitor->next_report = now + options->progress_interval;
        crease_progress report = {regions, monitor->earlier, open, now - monitor->begin, closed,
                                  crease_clock_memory()};
        options->progress(options->progress_context, &report);
    }
}
