/* Statistics on standard output. */
#ifndef CREASE_CLI_REPORT_STATS_H
#define CREASE_CLI_REPORT_STATS_H

#include "cli/options.h"

#include <jansson.h>

/* The statistics of one network: a table with bars, a line of CSV for each number, or a JSON
 * object.  options->network is its file, network its description in JSON, which is given away. */
void crease_cli_print_stats(const cli_options *options, const crease_region_stats *stats,
                            const crease_result *result);
void crease_cli_print_stats_csv(const crease_region_stats *stats, const crease_result *result);
json_t *crease_cli_describe_stats(const cli_options *options, json_t *network,
                                  const crease_region_stats *stats, const crease_result *result);

/* A text as a field of CSV. */
void crease_cli_print_quoted(const char *text);

/* One of several networks: a line of text or of CSV.  The first line has the names of the
 * columns. */
void crease_cli_print_stats_names(const cli_options *options);
void crease_cli_print_stats_row(const cli_options *options, const crease_region_stats *stats,
                                const crease_result *result);

#endif
