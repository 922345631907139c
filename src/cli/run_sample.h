/* The command sample. */
#ifndef CREASE_CLI_RUN_SAMPLE_H
#define CREASE_CLI_RUN_SAMPLE_H

#include "cli/options.h"
#include "cli/scope.h"

/* Returns an exit code. */
int crease_cli_run_sample(cli_options *options, const cli_scope *scope);

#endif
