/* The command identify. */
#ifndef CREASE_CLI_RUN_IDENTIFY_H
#define CREASE_CLI_RUN_IDENTIFY_H

#include "cli/scope.h"

/* Returns the exit code. */
int crease_cli_run_identify(cli_options *options, const cli_scope *scope);

#endif
