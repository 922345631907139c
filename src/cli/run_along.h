/* count --along and --lines. */
#ifndef CREASE_CLI_RUN_ALONG_H
#define CREASE_CLI_RUN_ALONG_H

#include "cli/scope.h"

/* Follows all segments and reports; returns the exit code. */
int crease_cli_run_along(cli_options *options);

#endif
