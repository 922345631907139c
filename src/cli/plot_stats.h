/* The picture of statistics. */
#ifndef CREASE_CLI_PLOT_STATS_H
#define CREASE_CLI_PLOT_STATS_H

#include "cli/options.h"

/* Draws histograms of all networks, whose statistics are complete, to the file options->plot. */
crease_status crease_cli_plot_stats(const cli_options *options, const crease_region_stats *stats,
                                    crease_error *error);

#endif
