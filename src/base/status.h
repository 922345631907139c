/* Errors and the fatal hook. */
#ifndef CREASE_BASE_STATUS_H
#define CREASE_BASE_STATUS_H

#include <crease.h>

/* Writes one formatted line into error (which may be NULL) and returns status. */
crease_status crease_fail(crease_error *error, crease_status status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Passes one line to the fatal hook and never returns.  For lack of memory and broken invariants
 * only. */
_Noreturn void crease_fatal(const char *line);

#endif
