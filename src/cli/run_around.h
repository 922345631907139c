/* count --around. */
#ifndef CREASE_CLI_RUN_AROUND_H
#define CREASE_CLI_RUN_AROUND_H

#include "cli/scope.h"

/* Counts in all balls and reports; returns the exit code. */
int crease_cli_run_around(cli_options *options);

#endif
