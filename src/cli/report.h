/* Results on stdout, for people or as JSON. */
#ifndef CREASE_CLI_REPORT_H
#define CREASE_CLI_REPORT_H

#include "bound/make.h"
#include "cli/options.h"

#include <jansson.h>

/* False if stdout could not be written. */
bool crease_cli_report_count(const cli_options *options, const crease_network *network,
                      const crease_result *result);
bool crease_cli_report_info(const cli_options *options, const crease_network *network);
bool crease_cli_report_bounds(const cli_options *options, const crease_bounds *bounds);
bool crease_cli_report_made(const cli_options *options, const crease_made *made);

/* The whole number or fraction as a number if every reader of JSON keeps it exactly, otherwise as
 * a string. */
json_t *crease_cli_exact_number(const char *text);

#endif
