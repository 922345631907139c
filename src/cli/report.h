/* Results on stdout, for people or as JSON. */
#ifndef CREASE_CLI_REPORT_H
#define CREASE_CLI_REPORT_H

#include "cli/options.h"

/* False if stdout could not be written. */
bool crease_cli_report_count(const cli_options *options, const crease_network *network,
                      const crease_result *result);
bool crease_cli_report_info(const cli_options *options, const crease_network *network);
bool crease_cli_report_bounds(const cli_options *options, const crease_bounds *bounds);

#endif
