#include "cli/run_estimate.h"

#include "cli/exit.h"
#include "cli/overwrite.h"
#include "cli/progress.h"
#include "cli/report.h"
#include "cli/signals.h"

#include <errno.h>
#include <stdio.h>

static void say_plan(void *context, double seconds, double leaves)
{
    const cli_options *options = context;
    if (options->plan.error > 0 && !options->quiet)
        fprintf(stderr, "%s: %s: about %.3g leaves will take about %.2g s\n",
                program_invocation_short_name, options->network, leaves, seconds);
}

static void say_trouble(void *context, const char *line)
{
    (void)context;
    fprintf(stderr, "%s: the estimate goes on without a new checkpoint: %s\n",
            program_invocation_short_name, line);
}

/* Estimates in this process. */
static crease_status alone(const crease_network *network, const crease_domain *domain,
                           const crease_options *options, const crease_estimate_plan *plan,
                           const crease_checkpoint *checkpoint, crease_estimation *estimation,
                           crease_error *error)
{
    if (!checkpoint)
        return crease_estimate(network, domain, options, plan, estimation, error);
    return crease_estimate_resumable(network, domain, options, plan, checkpoint, estimation, error);
}

/* Larger networks are estimated too. */
static bool has_bounds(const crease_network *network)
{
    return crease_network_inputs(network) <= CREASE_BOUNDS_MOST &&
           crease_network_units(network) <= CREASE_BOUNDS_MOST;
}

int crease_cli_estimate(cli_options *options, const cli_part *part, cli_estimator *estimate)
{
    crease_error error;
    crease_estimation estimation;
    crease_bounds *bounds = NULL;
    crease_checkpoint *kept = &options->checkpoint;
    bool keeps = kept->write || kept->resume;
    int code;
    crease_cli_progress_replicates(options);
    options->plan.planned = say_plan;
    options->plan.context = options;
    kept->trouble = say_trouble;
    kept->found = options->quiet ? NULL : crease_cli_found;
    crease_status status = estimate(part->network, part->domain, &options->count, &options->plan,
                                    keeps ? kept : NULL, &estimation, &error);
    crease_cli_progress_finish();
    if (!status && has_bounds(part->network))
        status = crease_bounds_network(part->network, part->domain, 0, &bounds, &error);
    if (status)
        code = crease_cli_fail_by(status, &error);
    else
        code = crease_cli_written(
            crease_cli_report_estimate(options, part->network, &estimation, bounds));
    crease_bounds_free(bounds);
    if (code || estimation.complete)
        return code;
    return keeps && *options->count.stop ? CLI_AGAIN : CLI_STOPPED;
}

int crease_cli_run_estimate(cli_options *options, const cli_scope *scope)
{
    crease_error error;
    cli_part part;
    if (crease_cli_keep_from_checkpoint(options, options->checkpoint.write))
        return CLI_INPUT;
    options->count.stop = crease_cli_catch_signals();
    crease_status status = crease_cli_part_only(options, scope, &part, &error);
    int code =
        status ? crease_cli_fail_by(status, &error) : crease_cli_estimate(options, &part, alone);
    crease_cli_part_close(&part);
    return code;
}
