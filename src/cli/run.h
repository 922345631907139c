/* The commands. */
#ifndef CREASE_CLI_RUN_H
#define CREASE_CLI_RUN_H

#include "cli/options.h"

/* Runs what the command line says; the exit code. */
int crease_cli_run(cli_options *options);

/* For crease_set_fatal: says the line and ends the program. */
void crease_cli_fatal(const char *line);

#endif
