/* The command estimate. */
#ifndef CREASE_CLI_RUN_ESTIMATE_H
#define CREASE_CLI_RUN_ESTIMATE_H

#include "cli/scope.h"

/* Estimates and reports; returns the exit code. */
int crease_cli_run_estimate(cli_options *options, const cli_scope *scope);

#endif
