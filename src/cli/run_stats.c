#include "cli/run_regions.h"

#include "base/memory.h"
#include "base/status.h"
#include "cli/exit.h"
#include "cli/overwrite.h"
#include "cli/plot_stats.h"
#include "cli/progress.h"
#include "cli/reading.h"
#include "cli/report.h"
#include "cli/report_stats.h"
#include "cli/signals.h"
#include "draw/plot.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

enum { DIGITS = 17 };

static crease_status find_in(const cli_options *options, const cli_scope *scope, json_t **network,
                             crease_region_stats *stats, crease_result *result, crease_error *error)
{
    cli_part part;
    crease_points *data = NULL;
    crease_status status = crease_cli_part_only(options, scope, &part, error);
    if (!status && options->data)
        status =
            crease_points_read(options->data, crease_network_inputs(part.network), &data, error);
    if (!status)
        status = crease_regions_stats(part.network, part.domain, &options->count, options->stats,
                                      data, stats, result, error);
    if (!status && options->json)
        *network = crease_cli_describe_network(options->network, part.network);
    crease_points_free(data);
    crease_cli_part_close(&part);
    return status;
}

/* The statistics of options->network, which the caller frees, and its description in JSON. */
static crease_status find(cli_options *options, json_t **network, crease_region_stats *stats,
                          crease_result *result, crease_error *error)
{
    cli_scope scope;
    crease_error why;
    crease_cli_reading_begin(options);
    crease_status status = crease_cli_scope_open(options, options->network, &scope, error);
    crease_cli_reading_end(options);
    if (!status && (status = find_in(options, &scope, network, stats, result, &why)))
        crease_fail(error, status, "%s%s%s", options->file_count > 1 ? options->network : "",
                    options->file_count > 1 ? ": " : "", why.text);
    crease_cli_scope_close(&scope);
    crease_cli_progress_finish();
    return status;
}

/* network: its description in JSON, which is given away.  list: where the objects of several
 * networks go, or NULL. */
static bool report(const cli_options *options, json_t *network, const crease_region_stats *stats,
                   const crease_result *result, json_t *list)
{
    bool several = options->file_count > 1;
    if (list)
        json_array_append_new(list, crease_cli_describe_stats(options, network, stats, result));
    else if (options->json)
        return crease_cli_print_object(crease_cli_describe_stats(options, network, stats, result),
                                       DIGITS);
    else if (several)
        crease_cli_print_stats_row(options, stats, result);
    else if (options->csv)
        crease_cli_print_stats_csv(stats, result);
    else
        crease_cli_print_stats(options, stats, result);
    return fflush(stdout) == 0 && !ferror(stdout);
}

/* After all of it is printed. */
static int draw(const cli_options *options, const crease_region_stats *stats, bool complete)
{
    crease_error error;
    if (complete)
        return crease_cli_plot_stats(options, stats, &error) ? crease_cli_fail(&error) : 0;
    fprintf(stderr, "%s: not all regions were found; there is no picture\n",
            program_invocation_short_name);
    return 0;
}

int crease_cli_run_stats(cli_options *options)
{
    crease_error error;
    crease_status status = CREASE_OK;
    size_t done = 0;
    bool several = options->file_count > 1, complete = true, good = true;
    json_t *list = several && options->json ? json_array() : NULL;
    options->count.stop = crease_cli_catch_signals();
    crease_cli_progress_setup(options);
    if (several && !options->json)
        crease_cli_print_stats_names(options);
    if (options->plot && crease_cli_keep_from_picture(options, options->plot)) {
        json_decref(list);
        return CLI_INPUT;
    }
    if (options->plot)
        status = crease_plot_ready(options->plot, &error);
    crease_region_stats *stats = crease_alloc(options->file_count, sizeof *stats);
    for (size_t i = 0; i < options->file_count && !status && good; i++) {
        crease_result result;
        json_t *network = NULL;
        if (*options->count.stop) {
            complete = false;
            break;
        }
        options->network = options->files[i].path;
        status = find(options, &network, &stats[i], &result, &error);
        if (status)
            break;
        done++;
        good = report(options, network, &stats[i], &result, list);
        complete = complete && result.complete;
        if (!options->plot)
            crease_region_stats_free(&stats[i]);
    }
    if (list && !status)
        good = crease_cli_print_object(
            json_pack("{s:b, s:O}", "complete", complete, "networks", list), DIGITS);
    json_decref(list);
    int code = status ? crease_cli_fail_by(status, &error) : crease_cli_written(good);
    if (!code && options->plot)
        code = draw(options, stats, complete);
    for (size_t i = 0; i < done; i++)
        crease_region_stats_free(&stats[i]);
    free(stats);
    return code || complete ? code : CLI_STOPPED;
}
