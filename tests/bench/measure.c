#define _DEFAULT_SOURCE

#include "measure.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>

static double seconds_of(struct timeval t)
{
    return (double)t.tv_sec + 1e-6 * (double)t.tv_usec;
}

/* Processor time of all children that have ended. */
static double spent(void)
{
    struct rusage usage;
    getrusage(RUSAGE_CHILDREN, &usage);
    return seconds_of(usage.ru_utime) + seconds_of(usage.ru_stime);
}

static json_t *run(const char *command)
{
    double before = spent();
    FILE *pipe = popen(command, "r");
    if (pipe == NULL)
        return NULL;
    json_error_t error;
    json_t *report = json_loadf(pipe, 0, &error);
    int status = pclose(pipe);
    bool good = report != NULL && status != -1 && WIFEXITED(status) &&
                (WEXITSTATUS(status) == 0 || WEXITSTATUS(status) == 3) &&
                measure_number(report, "regions") >= 0.0 &&
                measure_number(report, "seconds") >= 0.0;
    if (good && !json_object_set_new(report, "processor_seconds", json_real(spent() - before)))
        return report;
    json_decref(report);
    return NULL;
}

const json_t *measure_run(measure *m, const char *command)
{
    if (m->failed)
        return NULL;
    json_t *report = run(command);
    if (report == NULL) {
        m->failed = true;
        return NULL;
    }
    json_t **reports = realloc(m->reports, ((size_t)m->count + 1) * sizeof *reports);
    if (reports == NULL)
        abort();
    m->reports = reports;
    m->reports[m->count++] = report;
    return report;
}

static int compare_rates(const void *a, const void *b)
{
    double x = measure_rate(*(json_t *const *)a), y = measure_rate(*(json_t *const *)b);
    return (x > y) - (x < y);
}

const json_t *measure_median(measure *m)
{
    if (m->failed || m->count == 0)
        return NULL;
    qsort(m->reports, (size_t)m->count, sizeof *m->reports, compare_rates);
    return m->reports[(m->count - 1) / 2];
}

void measure_free(measure *m)
{
    for (int i = 0; i < m->count; i++)
        json_decref(m->reports[i]);
    free(m->reports);
    *m = (measure){0};
}

double measure_number(const json_t *report, const char *path)
{
    char key[64];
    for (const char *dot; (dot = strchr(path, '.')) != NULL; path = dot + 1) {
        snprintf(key, sizeof key, "%.*s", (int)(dot - path), path);
        report = json_object_get(report, key);
    }
    const json_t *value = json_object_get(report, path);
    return json_is_number(value) ? json_number_value(value) : (double)NAN;
}

double measure_seconds(const json_t *report)
{
    double clock = measure_number(report, "seconds");
    /* A run below the clock's resolution is no infinite speed. */
    return fmax(fmin(clock, measure_number(report, "processor_seconds")), 1e-9);
}

double measure_rate(const json_t *report)
{
    return measure_number(report, "regions") / measure_seconds(report);
}

bool measure_complete(const json_t *report)
{
    return json_is_true(json_object_get(report, "complete"));
}
