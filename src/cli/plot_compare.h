/* The picture of a comparison. */
#ifndef CREASE_CLI_PLOT_COMPARE_H
#define CREASE_CLI_PLOT_COMPARE_H

#include "cli/compare.h"

/* Draws the counts and their bounds to the file options->plot. */
crease_status crease_cli_plot_comparison(const cli_options *options,
                                         const cli_comparison *comparison, crease_error *error);

#endif
