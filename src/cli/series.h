/* One command for several networks, such as the checkpoints of a training run. */
#ifndef CREASE_CLI_SERIES_H
#define CREASE_CLI_SERIES_H

#include "cli/options.h"
#include "cli/scope.h"

#include <jansson.h>

/* The command for options->network, whose scope is open.  list: where its object goes, if it has
 * one, if there are several networks and --json is given; otherwise NULL.  Returns an exit code. */
typedef int cli_run_one(cli_options *options, const cli_scope *scope, json_t *list, void *context);

/* Does it for each network in turn, with all that the limits allow.  With an error it ends there,
 * and after a signal no other one is begun.  Returns an exit code. */
int crease_cli_run_series(cli_options *options, cli_run_one *run, void *context);

/* Prints the error, after the name of the network if there are several.  Returns an exit code. */
int crease_cli_fail_network(const cli_options *options, crease_status status,
                            const crease_error *error);

/* Is this the first network, before which the names of columns go? */
bool crease_cli_series_begins(const cli_options *options);

/* The first column of a line of comma-separated values, if there are several networks. */
void crease_cli_print_series_name(const cli_options *options);

/* The name of the network in quotes, as JSON, if there are several; otherwise NULL.  The caller
 * frees it.  An error if it is not UTF-8. */
crease_status crease_cli_name_network(const cli_options *options, char **name, crease_error *error);

#endif
