/* The command regions. */
#ifndef CREASE_CLI_RUN_REGIONS_H
#define CREASE_CLI_RUN_REGIONS_H

#include "cli/options.h"
#include "cli/scope.h"

/* Returns an exit code. */
int crease_cli_run_regions(cli_options *options, const cli_scope *scope);

#endif
