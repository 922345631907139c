/* The commands regions and stats. */
#ifndef CREASE_CLI_RUN_REGIONS_H
#define CREASE_CLI_RUN_REGIONS_H

#include "cli/options.h"

/* Of all networks.  Each returns an exit code. */
int crease_cli_run_regions(cli_options *options);
int crease_cli_run_stats(cli_options *options);

#endif
