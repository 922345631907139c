#include "cli/run_regions.h"

#include "base/status.h"
#include "cli/exit.h"
#include "cli/overwrite.h"
#include "cli/progress.h"
#include "cli/region_list.h"
#include "cli/region_text.h"
#include "cli/report.h"
#include "cli/series.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

/* The report of count, unless the lines were on standard output. */
static int report(const cli_options *options, const cli_list *list, const crease_network *network,
                  const crease_result *result, json_t *objects)
{
    bool kept = options->checkpoint.write || options->checkpoint.resume;
    int code = CLI_COMPLETE;
    if (!crease_cli_list_is_printed(list))
        code = crease_cli_written(crease_cli_report_count(options, network, result, objects));
    else if (!result->complete)
        fprintf(stderr, "%s: stopped %s after %s regions; there are more\n",
                program_invocation_short_name, crease_cli_stop_name(result->stopped),
                result->digits);
    if (code || result->complete)
        return code;
    return kept && *options->count.stop ? CLI_AGAIN : CLI_STOPPED;
}

/* With the last network, the files get their names. */
static int run_list(cli_options *options, const cli_part *part, json_t *objects, cli_list **list)
{
    crease_error error;
    crease_result result;
    crease_status status = CREASE_OK;
    bool last = options->network == options->files[options->file_count - 1].path;
    if (!*list && (status = crease_cli_list_open(options, part->network, list, &error)))
        return crease_cli_fail_by(status, &error);
    if (!status)
        status = crease_cli_list_network(*list, part->network, part->domain, &result, &error);
    crease_cli_progress_finish();
    if (!status && last && crease_cli_list_ends(*list))
        status = crease_cli_list_commit(*list, &error);
    return status ? crease_cli_fail_network(options, status, &error)
                  : report(options, *list, part->network, &result, objects);
}

typedef struct {
    const cli_options *options;
    const crease_network *network;
    char *name; /* of several networks, as JSON */
} page;

static bool visit_one(void *context, crease_region *region)
{
    const page *own = context;
    const cli_options *o = own->options;
    cli_region_fields all = {.exact = o->exact, .file = own->name};
    crease_cli_region_fields("neighbours,map,class", &all.with);
    if (o->json)
        crease_cli_region_line(stdout, own->network, region, &all);
    else
        crease_cli_region_page(stdout, own->network, region, o->exact);
    return true;
}

static int run_at(const cli_options *options, const cli_part *part)
{
    page own = {.options = options, .network = part->network};
    crease_error error;
    crease_status status = crease_cli_name_network(options, &own.name, &error);
    if (own.name && !options->json)
        printf("network    %s\n", options->network);
    if (!status)
        status =
            crease_region_at(part->network, part->domain, options->at, visit_one, &own, &error);
    free(own.name);
    return status ? crease_cli_fail_network(options, status, &error)
                  : crease_cli_written(fflush(stdout) == 0 && !ferror(stdout));
}

static int run_network(cli_options *options, const cli_scope *scope, json_t *objects, void *context)
{
    crease_error error;
    cli_part part;
    crease_status status = crease_cli_part_only(options, scope, &part, &error);
    int code = status        ? crease_cli_fail_network(options, status, &error)
               : options->at ? run_at(options, &part)
                             : run_list(options, &part, objects, context);
    crease_cli_part_close(&part);
    return code;
}

int crease_cli_run_regions(cli_options *options)
{
    cli_list *list = NULL;
    if ((!options->to_stdout && crease_cli_keep_from_regions(options, options->output)) ||
        crease_cli_keep_from_regions(options, options->graph) ||
        crease_cli_keep_from_checkpoint(options, options->checkpoint.write))
        return CLI_INPUT;
    int code = crease_cli_run_series(options, run_network, &list);
    crease_cli_list_close(list);
    return code;
}
