/* The commands. */
#ifndef CREASE_CLI_RUN_H
#define CREASE_CLI_RUN_H

#include "cli/options.h"

/* Runs the command; returns the exit code. */
int crease_cli_run(cli_options *options);

/* A callback for crease_set_fatal: prints the line and ends the program with CLI_INTERNAL. */
void crease_cli_fatal(const char *line);

#endif
