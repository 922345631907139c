#include "base/status.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static void default_fatal(const char *line)
{
    fprintf(stderr, "crease: %s\n", line);
}

static void (*fatal_hook)(const char *line) = default_fatal;

void crease_set_fatal(void (*handler)(const char *line))
{
    fatal_hook = handler ? handler : default_fatal;
}

void crease_fatal(const char *line)
{
    fatal_hook(line);
    abort();
}

crease_status crease_fail(crease_error *error, crease_status status, const char *format, ...)
{
    if (error) {
        va_list list;
        va_start(list, format);
        vsnprintf(error->text, sizeof error->text, format, list);
        va_end(list);
        for (char *c = error->text; *c; c++)
            if ((unsigned char)*c < 32)
                *c = ' ';
    }
    return status;
}
