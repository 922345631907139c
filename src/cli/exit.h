/* How a run ends, and what it then says. */
#ifndef CREASE_CLI_EXIT_H
#define CREASE_CLI_EXIT_H

#include <crease.h>

enum { CLI_COMPLETE = 0, CLI_INTERNAL = 1, CLI_INPUT = 2, CLI_STOPPED = 3, CLI_AGAIN = 75 };

/* Prints the error; CLI_INPUT. */
int crease_cli_fail(const crease_error *error);

/* The same for a status that is not OK: CLI_INTERNAL if it is a broken invariant. */
int crease_cli_fail_by(crease_status status, const crease_error *error);

/* CLI_COMPLETE if good; otherwise says that stdout could not be written. */
int crease_cli_written(bool good);

/* For crease_checkpoint: one could not be written. */
void crease_cli_trouble(void *context, const char *line);

#endif
