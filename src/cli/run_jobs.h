/* The commands shard, merge and status, --job, and certify --trunk.  They return the exit code. */
#ifndef CREASE_CLI_RUN_JOBS_H
#define CREASE_CLI_RUN_JOBS_H

#include "cli/scope.h"

int crease_cli_run_shard(cli_options *options, const cli_scope *scope);
int crease_cli_run_job(cli_options *options);
int crease_cli_run_trunk(cli_options *options);
int crease_cli_run_merge(const cli_options *options);
int crease_cli_run_status(const cli_options *options);

#endif
