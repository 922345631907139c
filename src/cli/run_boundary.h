/* The command boundary. */
#ifndef CREASE_CLI_RUN_BOUNDARY_H
#define CREASE_CLI_RUN_BOUNDARY_H

#include "cli/scope.h"

/* Counts and reports; returns the exit code. */
int crease_cli_run_boundary(cli_options *options, const cli_scope *scope);

#endif
