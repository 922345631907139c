/* Repeated runs of programs that print one JSON object with at least regions
 * and seconds. */
#ifndef MEASURE_H
#define MEASURE_H

#include <jansson.h>
#include <stdbool.h>

/* The runs of one command.  Zero it before use. */
typedef struct {
    json_t **reports;
    int count;
    bool failed; /* a run failed; no more are made */
} measure;

/* Runs the shell command and keeps what it prints.  Exit codes 0 and 3 (stopped
 * at a limit) are good.  Returns the report, owned by the measure, or NULL.  Its
 * processor_seconds are those of the whole process. */
const json_t *measure_run(measure *m, const char *command);

/* The run of median speed; NULL if a run failed or none was made.  Every other
 * figure is taken from that same run. */
const json_t *measure_median(measure *m);

void measure_free(measure *m);

/* The number at a path such as "decisions.exact"; NAN if there is none.  A NULL
 * report has no numbers. */
double measure_number(const json_t *report, const char *path);

/* The time of a run on one thread: the lesser of the seconds that it reports, which a busy machine
 * makes longer, and the processor time of the whole process, start included. */
double measure_seconds(const json_t *report);

/* Regions per such second; NAN for NULL. */
double measure_rate(const json_t *report);

/* Is the count of this report the whole count? */
bool measure_complete(const json_t *report);

#endif
