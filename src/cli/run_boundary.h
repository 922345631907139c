/* The command boundary. */
#ifndef CREASE_CLI_RUN_BOUNDARY_H
#define CREASE_CLI_RUN_BOUNDARY_H

#include "cli/options.h"

/* Counts and reports, of all networks; returns the exit code. */
int crease_cli_run_boundary(cli_options *options);

#endif
