#include "base/monitor.h"

#include "base/clock.h"

void crease_monitor_begin(crease_monitor *monitor, const crease_options *options)
{
    monitor->options = options;
    monitor->outer = crease_interrupt_token;
    monitor->begin = crease_clock_seconds();
    monitor->earlier = crease_whole_of(0);
    atomic_init(&monitor->stop, CREASE_STOP_NONE);
    atomic_init(&monitor->next_memory, monitor->begin);
    monitor->next_report = monitor->begin + options->progress_interval;
    crease_monitor_interrupt(monitor, 0);
}

void crease_monitor_stop(crease_monitor *monitor, crease_stop reason)
{
    int none = CREASE_STOP_NONE;
    atomic_compare_exchange_strong(&monitor->stop, &none, reason);
}

static void check_memory(crease_monitor *monitor, double now, size_t bytes)
{
    uint64_t limit = monitor->options->limit_memory;
    if (!limit ||
        (!bytes && now < atomic_load_explicit(&monitor->next_memory, memory_order_relaxed)))
        return;
    atomic_store_explicit(&monitor->next_memory, now + 0.02, memory_order_relaxed);
    uint64_t held = crease_clock_memory();
    if (held > limit || bytes > limit - held)
        crease_monitor_stop(monitor, CREASE_STOP_MEMORY);
}

bool crease_monitor_interrupt(void *context, size_t bytes)
{
    crease_monitor *monitor = context;
    const crease_options *options = monitor->options;
    double now = crease_clock_seconds();
    if (options->stop && atomic_load_explicit(options->stop, memory_order_relaxed))
        crease_monitor_stop(monitor, CREASE_STOP_ASKED);
    if (monitor->outer && monitor->outer->check(monitor->outer->context, bytes))
        crease_monitor_stop(monitor, CREASE_STOP_ASKED);
    if (options->limit_seconds > 0 && now - monitor->begin >= options->limit_seconds)
        crease_monitor_stop(monitor, CREASE_STOP_SECONDS);
    check_memory(monitor, now, bytes);
    return crease_monitor_stopped(monitor);
}

void crease_monitor_check(crease_monitor *monitor, const crease_whole *regions, uint64_t open,
                          double closed)
{
    const crease_options *options = monitor->options;
    double now = crease_clock_seconds();
    crease_monitor_interrupt(monitor, 0);
    if (options->progress && now >= monitor->next_report) {
        monitor->next_report = now + options->progress_interval;
        char digits[CREASE_WHOLE_TEXT];
        double seconds = now - monitor->begin;
        double fresh = crease_whole_double(regions) - crease_whole_double(&monitor->earlier);
        crease_progress report = {.regions = crease_whole_word(regions),
                                  .earlier = crease_whole_word(&monitor->earlier),
                                  .open = open,
                                  .seconds = seconds,
                                  .closed = closed,
                                  .memory = crease_clock_memory(),
                                  .digits = digits,
                                  .rate = seconds > 0 && fresh > 0 ? fresh / seconds : 0};
        crease_whole_text(regions, digits);
        options->progress(options->progress_context, &report);
    }
}
