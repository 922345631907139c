#include "cli/exit.h"

#include "cli/progress.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

int crease_cli_fail(const crease_error *error)
{
    crease_cli_progress_finish();
    fprintf(stderr, "%s: %s\n", program_invocation_short_name, error->text);
    return CLI_INPUT;
}

int crease_cli_fail_by(crease_status status, const crease_error *error)
{
    int code = crease_cli_fail(error);
    return status == CREASE_INTERNAL ? CLI_INTERNAL : code;
}

int crease_cli_written(bool good)
{
    if (!good)
        fprintf(stderr, "%s: cannot write to standard output: %s\n", program_invocation_short_name,
                strerror(errno));
    return good ? CLI_COMPLETE : CLI_INPUT;
}

void crease_cli_trouble(void *context, const char *line)
{
    (void)context;
    crease_cli_progress_finish();
    fprintf(stderr, "%s: the count goes on without a new checkpoint: %s\n",
            program_invocation_short_name, line);
}

void crease_cli_found(void *context, const char *line)
{
    (void)context;
    fprintf(stderr, "%s: %s\n", program_invocation_short_name, line);
}
