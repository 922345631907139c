#include "api/many.h"

#include "base/clock.h"
#include "base/rounding.h"
#include "base/status.h"

#include <omp.h>
#include <stdio.h>
#include <string.h>

typedef struct {
    const crease_options *options;
    size_t count;
    const char *name;
    crease_many_item *item;
    void *context;
    crease_monitor monitor;
    omp_lock_t one; /* for what follows */
    size_t done, complete;
    uint64_t regions;
    double next_report;
    crease_status status; /* of the first failure */
    crease_error *error;
} many;

/* Called with the lock. */
static void report(many *m)
{
    double now = crease_clock_seconds(), seconds = now - m->monitor.begin;
    if (!m->options->progress || now < m->next_report)
        return;
    m->next_report = now + m->options->progress_interval;
    char digits[24];
    snprintf(digits, sizeof digits, "%llu", (unsigned long long)m->regions);
    const crease_progress progress = {.regions = m->regions,
                                      .open = m->count - m->done,
                                      .seconds = seconds,
                                      .closed = (double)m->done / (double)m->count,
                                      .memory = crease_clock_memory(),
                                      .digits = digits,
                                      .rate = seconds > 0 ? (double)m->regions / seconds : 0};
    m->options->progress(m->options->progress_context, &progress);
}

/* Called with the lock. */
static void note(many *m, size_t i, crease_status status, const crease_many_found *found,
                 const crease_error *error)
{
    if (status && !m->status) {
        m->status = status;
        crease_fail(m->error, status, "%s %zu: %s", m->name, i, error->text);
    }
    if (status)
        crease_monitor_stop(&m->monitor, CREASE_STOP_ASKED);
    else if (!found->complete && found->stopped != CREASE_STOP_REGIONS &&
             found->stopped != CREASE_STOP_NONE)
        crease_monitor_stop(&m->monitor, found->stopped);
    m->done++;
    m->complete += found->complete;
    m->regions =
        found->regions > UINT64_MAX - m->regions ? UINT64_MAX : m->regions + found->regions;
    report(m);
}

static void visit(many *m, size_t i, int threads)
{
    const double least = 1e-9;
    crease_options options = *m->options;
    crease_many_found found = {0};
    crease_error error;
    crease_interrupt token;
    if (crease_monitor_interrupt(&m->monitor, 0))
        return;
    options.threads = threads;
    options.progress = NULL;
    if (options.limit_seconds > 0) {
        double left = m->monitor.begin + options.limit_seconds - crease_clock_seconds();
        options.limit_seconds = left > least ? left : least;
    }
    crease_interrupt_enter(&token, crease_monitor_interrupt, &m->monitor);
    crease_status status = m->item(m->context, i, &options, &found, &error);
    crease_interrupt_leave(&token);
    omp_set_lock(&m->one);
    note(m, i, status, &found, &error);
    omp_unset_lock(&m->one);
}

/* Fewer items than threads are done one after the other. */
static void visit_all(many *m, int threads)
{
    bool together = m->count >= (size_t)threads;
#pragma omp parallel num_threads(together ? threads : 1)
    {
        crease_rounding mode;
        crease_rounding_enter(&mode);
#pragma omp for schedule(dynamic)
        for (size_t i = 0; i < m->count; i++)
            visit(m, i, together ? 1 : threads);
        crease_rounding_leave(&mode);
    }
}

crease_status crease_many_run(const crease_options *options, size_t count, const char *name,
                              crease_many_item *item, void *context, crease_result *result,
                              crease_error *error)
{
    many m = {.options = options,
              .count = count,
              .name = name,
              .item = item,
              .context = context,
              .error = error};
    int threads = crease_search_threads(options);
    memset(result, 0, sizeof *result);
    crease_monitor_begin(&m.monitor, options);
    m.next_report = m.monitor.begin + options->progress_interval;
    omp_init_lock(&m.one);
    visit_all(&m, threads);
    omp_destroy_lock(&m.one);
    int stop = atomic_load(&m.monitor.stop);
    result->complete = m.complete == count;
    result->stopped = result->complete ? CREASE_STOP_NONE
                      : stop           ? (crease_stop)stop
                                       : CREASE_STOP_REGIONS;
    result->threads = threads;
    result->seconds = crease_clock_seconds() - m.monitor.begin;
    return m.status;
}
