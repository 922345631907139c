#include "cli/run.h"

#include "base/clock.h"
#include "base/memory.h"
#include "base/status.h"
#include "cli/compare.h"
#include "cli/exit.h"
#include "cli/options.h"
#include "cli/overwrite.h"
#include "cli/plot_compare.h"
#include "cli/progress.h"
#include "cli/reading.h"
#include "cli/report.h"
#include "cli/run_along.h"
#include "cli/run_around.h"
#include "cli/run_boundary.h"
#include "cli/run_estimate.h"
#include "cli/run_identify.h"
#include "cli/run_jobs.h"
#include "cli/run_plot.h"
#include "cli/run_regions.h"
#include "cli/run_sample.h"
#include "cli/scope.h"
#include "cli/signals.h"
#include "cli/streams.h"
#include "draw/plot.h"
#include "job/checkpoint.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void crease_cli_fatal(const char *line)
{
    fprintf(stderr, "%s: %s\n", program_invocation_short_name, line);
    _exit(CLI_INTERNAL);
}

static bool keeps(const cli_options *options)
{
    return options->checkpoint.write || options->checkpoint.resume;
}

/* Sets the limit on seconds to the time that is left until end; end 0: no limit. */
static void set_limit(cli_options *options, double end)
{
    const double least = 1e-9;
    if (end > 0)
        options->count.limit_seconds = fmax(end - crease_clock_seconds(), least);
}

static crease_status count_part(cli_options *options, const cli_part *part, double end,
                                crease_result *result, crease_error *error)
{
    cli_estimate estimate;
    set_limit(options, end);
    /* The estimate takes a while, in which a signal may come. */
    if (keeps(options) && options->progress == CLI_PROGRESS_JSON) {
        crease_status status = crease_checkpoint_begin(part->network, part->domain, &options->count,
                                                       &options->checkpoint, error);
        if (status)
            return status;
    }
    crease_cli_progress_estimate(options, part->network, part->domain, &estimate);
    set_limit(options, end);
    if (options->command == CLI_CERTIFY)
        return crease_certify(part->network, part->domain, &options->count, options->output, result,
                              error);
    if (!keeps(options))
        return crease_count(part->network, part->domain, &options->count, result, error);
    options->checkpoint.trouble = crease_cli_trouble;
    options->checkpoint.found = options->quiet ? NULL : crease_cli_found;
    return crease_count_resumable(part->network, part->domain, &options->count,
                                  &options->checkpoint, result, error);
}

/* The walk's certificates are plain, but the split engine writes those of large maxout units. */
static crease_status make_plain(cli_options *options, const crease_network *network,
                                crease_error *error)
{
    options->count.engine = CREASE_ENGINE_WALK;
    for (size_t l = 0; l < crease_network_layers(network); l++)
        if (crease_network_rank(network, l) > 2)
            return crease_fail(error, CREASE_INPUT,
                               "%s: layer %zu has maxout units of rank %zu, which have no plain "
                               "certificate",
                               options->network, l, crease_network_rank(network, l));
    return CREASE_OK;
}

/* Several parts are counted one after the other; a signal or the limit on seconds ends that. */
static int run_count(cli_options *options, const cli_scope *scope)
{
    crease_error error;
    bool several = scope->first < scope->end, complete = true, good = true;
    json_t *list = several && options->json ? json_array() : NULL;
    crease_status status = CREASE_OK;
    const crease_flag *stop = crease_cli_catch_signals();
    double limit = options->count.limit_seconds,
           end = limit > 0 ? crease_clock_seconds() + limit : 0;
    if (crease_cli_keep_from_certificate(options, options->output) ||
        crease_cli_keep_from_checkpoint(options, options->checkpoint.write))
        return CLI_INPUT;
    options->count.stop = stop;
    crease_cli_progress_setup(options);
    for (size_t i = scope->first; i <= scope->end && !status; i++) {
        if (i > scope->first && (*stop || (end > 0 && crease_clock_seconds() > end))) {
            complete = false;
            break;
        }
        cli_part part;
        crease_result result;
        options->part = several ? i : options->part;
        status = options->command == CLI_CERTIFY || keeps(options)
                     ? crease_cli_part_only(options, scope, &part, &error)
                     : crease_cli_part_open(options, scope, i, &part, &error);
        if (!status && options->plain)
            status = make_plain(options, part.network, &error);
        if (!status)
            status = count_part(options, &part, end, &result, &error);
        if (!status) {
            crease_cli_progress_finish();
            good = crease_cli_report_count(options, part.network, &result, list) && good;
            complete = complete && result.complete;
        }
        crease_cli_part_close(&part);
    }
    if (status) {
        json_decref(list);
        return crease_cli_fail_by(status, &error);
    }
    if (list)
        good = crease_cli_report_parts(options, list, complete) && good;
    int code = crease_cli_written(good);
    if (code || complete)
        return code;
    return keeps(options) && *stop ? CLI_AGAIN : CLI_STOPPED;
}

static int run_bound(const cli_options *options, const cli_scope *scope)
{
    crease_error error;
    crease_bounds *bounds;
    cli_part part;
    crease_status status = crease_cli_part_only(options, scope, &part, &error);
    if (!status)
        status = crease_bounds_network(part.network, part.domain, options->maxout, &bounds, &error);
    int code = status ? crease_cli_fail(&error)
                      : crease_cli_written(crease_cli_report_bounds(options, part.network, bounds));
    if (!status)
        crease_bounds_free(bounds);
    crease_cli_part_close(&part);
    return code;
}

static int run_widths(const cli_options *options)
{
    crease_error error;
    crease_bounds *bounds;
    if (crease_bounds_widths(options->widths, options->maxout, &bounds, &error))
        return crease_cli_fail(&error);
    int code = crease_cli_written(crease_cli_report_bounds(options, NULL, bounds));
    crease_bounds_free(bounds);
    return code;
}

static int run_make(cli_options *options)
{
    crease_error error;
    crease_made *made;
    if (crease_make(options->family, options->inputs, options->widths, options->maxout,
                    options->count.seed, &made, &error))
        return crease_cli_fail(&error);
    if (!options->output) {
        fprintf(stderr, "%s: make: where to? Give the path of the network with --output\n",
                program_invocation_short_name);
        crease_made_free(made);
        return CLI_INPUT;
    }
    if (crease_cli_keep_from_network(options, options->output)) {
        crease_made_free(made);
        return CLI_INPUT;
    }
    int code = crease_made_write(made, options->output, crease_cli_catch_signals(), &error)
                   ? crease_cli_fail(&error)
                   : crease_cli_written(crease_cli_report_made(options, made));
    crease_made_free(made);
    return code;
}

static int run_compare(cli_options *options)
{
    crease_error error;
    cli_comparison comparison;
    crease_status status = crease_cli_compare_read(options, &comparison, &error);
    if (!status && options->plot)
        status = crease_plot_ready(options->plot, &error);
    options->count.stop = crease_cli_catch_signals();
    crease_cli_progress_setup(options);
    if (!status)
        status = crease_cli_compare_count(options, &comparison, &error);
    crease_cli_progress_finish();
    int code = status ? crease_cli_fail(&error)
                      : crease_cli_written(crease_cli_report_comparison(options, &comparison));
    if (!code && options->plot && crease_cli_plot_comparison(options, &comparison, &error))
        code = crease_cli_fail(&error);
    if (!code && !crease_cli_compare_complete(&comparison))
        code = CLI_STOPPED;
    crease_cli_compare_free(&comparison);
    return code;
}

static int run_convert(const cli_options *options, const cli_scope *scope)
{
    crease_error error;
    cli_part part;
    if (crease_cli_keep_from_network(options, options->output))
        return CLI_INPUT;
    crease_status status = crease_cli_part_only(options, scope, &part, &error);
    size_t inputs = crease_network_inputs(part.network);
    if (!status && crease_cli_keep_from_domain(options, options->domain_output, inputs)) {
        crease_cli_part_close(&part);
        return CLI_INPUT;
    }
    if (!status && options->domain_output)
        status = crease_domain_write(part.domain, options->domain_output, &error);
    if (!status)
        status = crease_network_write(part.network, options->output, &error);
    int code = status ? crease_cli_fail_by(status, &error)
                      : crease_cli_written(crease_cli_report_converted(options, part.network));
    crease_cli_part_close(&part);
    return code;
}

static int run_info(const cli_options *options, const cli_scope *scope)
{
    crease_error error;
    cli_part part;
    if (!options->domain_text)
        return crease_cli_written(crease_cli_report_info(options, scope->network));
    crease_status status = crease_cli_part_only(options, scope, &part, &error);
    int code = status ? crease_cli_fail_by(status, &error)
                      : crease_cli_written(crease_cli_report_domain_text(
                            part.domain, crease_network_inputs(part.network)));
    crease_cli_part_close(&part);
    return code;
}

/* Of a network, or of its jobs. */
static int run_network(cli_options *options)
{
    crease_error error;
    cli_scope scope;
    if (options->trunk)
        return crease_cli_run_trunk(options);
    if (options->job)
        return crease_cli_run_job(options);
    if (options->widths)
        return run_widths(options);
    /* A signal while a large network is read is one to go on after, where there is a checkpoint. */
    if (keeps(options))
        crease_cli_catch_signals();
    crease_cli_reading_begin(options);
    crease_status status = crease_cli_scope_open(options, options->network, &scope, &error);
    crease_cli_reading_end(options);
    int code = status                             ? crease_cli_fail(&error)
               : options->command == CLI_INFO     ? run_info(options, &scope)
               : options->command == CLI_BOUND    ? run_bound(options, &scope)
               : options->command == CLI_CONVERT  ? run_convert(options, &scope)
               : options->command == CLI_SAMPLE   ? crease_cli_run_sample(options, &scope)
               : options->command == CLI_ESTIMATE ? crease_cli_run_estimate(options, &scope)
               : options->command == CLI_IDENTIFY ? crease_cli_run_identify(options, &scope)
               : options->command == CLI_SHARD    ? crease_cli_run_shard(options, &scope)
                                                  : run_count(options, &scope);
    crease_cli_scope_close(&scope);
    return code;
}

int crease_cli_run(cli_options *options)
{
    int (*run)(cli_options *) = options->command == CLI_MAKE       ? run_make
                                : options->command == CLI_COMPARE  ? run_compare
                                : options->command == CLI_PLOT     ? crease_cli_run_plot
                                : options->command == CLI_STATS    ? crease_cli_run_stats
                                : options->command == CLI_BOUNDARY ? crease_cli_run_boundary
                                : options->command == CLI_REGIONS  ? crease_cli_run_regions
                                : options->along || options->lines ? crease_cli_run_along
                                : options->around                  ? crease_cli_run_around
                                                                   : run_network;
    if (options->command == CLI_MERGE)
        return crease_cli_run_merge(options);
    if (options->command == CLI_STATUS)
        return crease_cli_run_status(options);
    int code = options->to_stdout && options->command != CLI_REGIONS &&
                       options->command != CLI_SAMPLE && options->command != CLI_BOUNDARY
                   ? crease_cli_to_stdout(options, run)
                   : run(options);
    free(options->files);
    return code;
}
