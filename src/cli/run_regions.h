/* The commands regions and stats. */
#ifndef CREASE_CLI_RUN_REGIONS_H
#define CREASE_CLI_RUN_REGIONS_H

#include "cli/options.h"
#include "cli/scope.h"

/* Each returns an exit code. */
int crease_cli_run_regions(cli_options *options, const cli_scope *scope);
int crease_cli_run_stats(cli_options *options); /* of all networks */

#endif
