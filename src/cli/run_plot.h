/* The command plot. */
#ifndef CREASE_CLI_RUN_PLOT_H
#define CREASE_CLI_RUN_PLOT_H

#include "cli/options.h"

/* Returns the exit code. */
int crease_cli_run_plot(cli_options *options);

#endif
