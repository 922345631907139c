/* Output "-": a file that goes to standard output. */
#ifndef CREASE_CLI_STREAMS_H
#define CREASE_CLI_STREAMS_H

#include "cli/options.h"

/* Runs a command whose output is "-"; returns its exit code.  The command writes a temporary file,
 * as certificates are not written from the first byte to the last; its report goes to standard
 * error.  If it succeeds, the file goes to standard output. */
int crease_cli_to_stdout(cli_options *options, int (*command)(cli_options *options));

/* The name of the output for reports. */
const char *crease_cli_output_name(const cli_options *options);

#endif
