/* The command estimate. */
#ifndef CREASE_CLI_RUN_ESTIMATE_H
#define CREASE_CLI_RUN_ESTIMATE_H

#include "cli/scope.h"

/* Makes an estimate, as crease_estimate, or with a checkpoint as crease_estimate_resumable. */
typedef crease_status cli_estimator(const crease_network *network, const crease_domain *domain,
                                    const crease_options *options, const crease_estimate_plan *plan,
                                    const crease_checkpoint *checkpoint,
                                    crease_estimation *estimation, crease_error *error);

/* Estimates and reports; both return the exit code. */
int crease_cli_estimate(cli_options *options, const cli_part *part, cli_estimator *estimate);

int crease_cli_run_estimate(cli_options *options, const cli_scope *scope);

#endif
