#include "cli/run_regions.h"

#include "base/memory.h"
#include "base/output.h"
#include "base/status.h"
#include "cli/exit.h"
#include "cli/overwrite.h"
#include "cli/progress.h"
#include "cli/region_arrays.h"
#include "cli/region_graph.h"
#include "cli/region_text.h"
#include "cli/report.h"
#include "cli/signals.h"
#include "regions/batch.h"

#include <errno.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>

enum { BATCH = 1024 };

/* A line of --sorted; its region was the number-th to come. */
typedef struct {
    char *text;
    uint8_t *pattern;
    size_t units, number;
} sorted_line;

typedef struct {
    const cli_options *options;
    const crease_network *network;
    cli_region_fields fields;
    omp_lock_t one; /* for what follows */
    FILE *lines;    /* or NULL */
    cli_arrays *arrays;
    crease_graph *graph;
    sorted_line *line;
    size_t count, room;
    bool failed; /* lines or arrays cannot be written */
    int failure; /* lines: errno */
} listing;

/* ---- Lines ---- */

static void keep_line(listing *own, char *text, crease_region *region)
{
    if (own->count == own->room) {
        own->room = own->room ? 2 * own->room : 1024;
        own->line = crease_realloc(own->line, own->room, sizeof *own->line);
    }
    size_t units = crease_region_units(region);
    uint8_t *pattern = crease_alloc(units, 1);
    memcpy(pattern, crease_region_pattern(region), units);
    own->line[own->count] = (sorted_line){text, pattern, units, own->count};
    own->count++;
}

static void put_line(listing *own, const char *text, size_t length)
{
    if (own->lines && !own->failed && fwrite(text, 1, length, own->lines) != length) {
        own->failed = true;
        own->failure = errno;
    }
}

/* From all workers at once. */
static bool visit_line(void *context, crease_region *region)
{
    listing *own = context;
    char *text;
    size_t length;
    FILE *stream = open_memstream(&text, &length);
    if (!stream)
        crease_fatal("out of memory");
    if (own->lines)
        crease_cli_region_line(stream, own->network, region, &own->fields);
    if (fclose(stream))
        crease_fatal("out of memory");
    crease_batch *batch = own->graph ? crease_batch_new(CREASE_GRAPH_FIELDS, 1) : NULL;
    if (batch)
        crease_batch_add(batch, region);
    bool stopped = crease_region_stopped(region), kept = own->options->sorted && !stopped;
    omp_set_lock(&own->one);
    if (kept)
        keep_line(own, text, region);
    else if (!stopped)
        put_line(own, text, length);
    if (batch && !stopped) {
        crease_region_batch view = crease_batch_view(batch);
        crease_graph_add(own->graph, &view);
    }
    bool good = !own->failed;
    omp_unset_lock(&own->one);
    if (batch)
        crease_batch_free(batch);
    if (!kept)
        free(text);
    return good;
}

static int by_pattern(const void *a, const void *b)
{
    const sorted_line *x = a, *y = b;
    return memcmp(x->pattern, y->pattern, x->units);
}

/* Writes the sorted lines; order: the place of each region, in the order in which they came. */
static size_t *put_sorted(listing *own)
{
    size_t *order = crease_alloc(own->count, sizeof *order);
    if (own->count)
        qsort(own->line, own->count, sizeof *own->line, by_pattern);
    for (size_t i = 0; i < own->count; i++) {
        order[own->line[i].number] = i;
        put_line(own, own->line[i].text, strlen(own->line[i].text));
    }
    return order;
}

/* ---- Arrays ---- */

static bool visit_batch(void *context, const crease_region_batch *batch)
{
    listing *own = context;
    own->failed = !crease_cli_arrays_add(own->arrays, batch);
    if (own->graph)
        crease_graph_add(own->graph, batch);
    return !own->failed;
}

/* ---- The command ---- */

static crease_status list(listing *own, const cli_part *part, crease_result *result,
                          crease_error *error)
{
    const crease_options *search = &own->options->count;
    if (own->arrays)
        return crease_region_batches(part->network, part->domain, search,
                                     own->fields.with | (own->graph ? CREASE_GRAPH_FIELDS : 0),
                                     BATCH, visit_batch, own, result, error);
    return crease_regions(part->network, part->domain, search, CREASE_REGIONS_PARALLEL, visit_line,
                          own, result, error);
}

/* The files of a complete list. */
static crease_status finish(listing *own, crease_output *output, crease_error *error)
{
    const cli_options *o = own->options;
    size_t *order = o->sorted ? put_sorted(own) : NULL;
    crease_status status = CREASE_OK;
    if (own->lines && !own->failed && fflush(own->lines)) {
        own->failed = true;
        own->failure = errno;
    }
    if (!own->failed && output && !crease_output_commit(output)) {
        own->failed = true;
        own->failure = errno;
    }
    if (own->failed && !own->arrays)
        status = crease_fail(error, CREASE_INPUT, "%s: cannot write: %s",
                             output ? o->output : "standard output", strerror(own->failure));
    if (!status && own->arrays)
        status = crease_cli_arrays_commit(own->arrays, error);
    if (!status && own->graph)
        status = crease_cli_graph_write(own->graph, order, o->graph, error);
    free(order);
    return status;
}

/* The report of count, unless the lines were on standard output. */
static int report(const listing *own, const crease_result *result)
{
    int code = CLI_COMPLETE;
    if (own->lines != stdout)
        code =
            crease_cli_written(crease_cli_report_count(own->options, own->network, result, NULL));
    else if (!result->complete)
        fprintf(stderr, "%s: stopped %s after %s regions; there are more\n",
                program_invocation_short_name, crease_cli_stop_name(result->stopped),
                result->digits);
    return code || result->complete ? code : CLI_STOPPED;
}

static int run_list(const cli_options *options, const cli_part *part)
{
    listing own = {.options = options, .network = part->network};
    crease_output file, *output = NULL;
    crease_error error;
    crease_result result;
    crease_status status = CREASE_OK;
    bool to_file = options->output && !options->to_stdout;
    crease_cli_region_fields(options->with ? options->with : "", &own.fields.with);
    own.fields.exact = options->exact;
    bool arrays = to_file && crease_cli_is_npz(options->output);
    if (arrays && (options->exact || options->sorted))
        status = crease_fail(&error, CREASE_INPUT, "%s: only lines of JSON can be %s",
                             options->output, options->exact ? "exact" : "sorted");
    else if (arrays)
        status = crease_cli_arrays_open(options->output, part->network, own.fields.with,
                                        &own.arrays, &error);
    else if (to_file && !(status = crease_output_open(options->output, &file, &error)))
        output = &file;
    if (status)
        return crease_cli_fail(&error);
    if (!own.arrays && (options->output || !options->graph))
        own.lines = output ? crease_output_stream(output) : stdout;
    own.graph = options->graph ? crease_graph_new() : NULL;
    omp_init_lock(&own.one);
    status = list(&own, part, &result, &error);
    crease_cli_progress_finish();
    if (!status && (result.complete || own.failed))
        status = finish(&own, output, &error);
    int code = status ? crease_cli_fail_by(status, &error) : report(&own, &result);
    for (size_t i = 0; i < own.count; i++) {
        free(own.line[i].text);
        free(own.line[i].pattern);
    }
    free(own.line);
    omp_destroy_lock(&own.one);
    crease_graph_free(own.graph);
    crease_cli_arrays_close(own.arrays);
    if (output) {
        fclose(own.lines);
        crease_output_close(output);
    }
    return code;
}

static bool visit_one(void *context, crease_region *region)
{
    const cli_options *o = ((listing *)context)->options;
    const crease_network *network = ((listing *)context)->network;
    cli_region_fields all = {.exact = o->exact};
    crease_cli_region_fields("neighbours,map", &all.with);
    if (o->json)
        crease_cli_region_line(stdout, network, region, &all);
    else
        crease_cli_region_page(stdout, network, region, o->exact);
    return true;
}

static int run_at(const cli_options *options, const cli_part *part)
{
    listing own = {.options = options, .network = part->network};
    crease_error error;
    crease_status status =
        crease_region_at(part->network, part->domain, options->at, visit_one, &own, &error);
    return status ? crease_cli_fail_by(status, &error)
                  : crease_cli_written(fflush(stdout) == 0 && !ferror(stdout));
}

int crease_cli_run_regions(cli_options *options, const cli_scope *scope)
{
    crease_error error;
    cli_part part;
    if ((!options->to_stdout && crease_cli_keep_from_regions(options, options->output)) ||
        crease_cli_keep_from_regions(options, options->graph))
        return CLI_INPUT;
    options->count.stop = crease_cli_catch_signals();
    crease_cli_progress_setup(options);
    crease_status status = crease_cli_part_only(options, scope, &part, &error);
    int code = status        ? crease_cli_fail(&error)
               : options->at ? run_at(options, &part)
                             : run_list(options, &part);
    crease_cli_part_close(&part);
    return code;
}
