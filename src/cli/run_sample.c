#include "cli/run_sample.h"

#include "base/output.h"
#include "base/status.h"
#include "cli/exit.h"
#include "cli/overwrite.h"
#include "cli/progress.h"
#include "cli/region_arrays.h"
#include "cli/region_text.h"
#include "cli/report.h"
#include "cli/signals.h"
#include "regions/batch.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { BATCH = 256 };

/* Where the regions go. */
typedef struct {
    const cli_options *options;
    const crease_network *network;
    cli_region_fields fields;
    crease_output file, *output;
    FILE *lines;         /* or NULL */
    cli_arrays *arrays;  /* or NULL */
    crease_batch *batch; /* for arrays */
    crease_means *means; /* or NULL */
    bool failed;         /* the regions cannot be written */
} receiver;

/* False: the arrays cannot be written, and a commit says why. */
static bool hand_over(receiver *own)
{
    crease_region_batch view = crease_batch_view(own->batch);
    own->failed = own->failed || (view.regions && !crease_cli_arrays_add(own->arrays, &view));
    crease_batch_clear(own->batch);
    return !own->failed;
}

/* Not if it would be of a region that is stopped. */
static bool put_line(receiver *own, crease_region *region)
{
    char *text;
    size_t length;
    FILE *stream = open_memstream(&text, &length);
    if (!stream)
        crease_fatal("out of memory");
    crease_cli_region_line(stream, own->network, region, &own->fields);
    if (fclose(stream))
        crease_fatal("out of memory");
    if (!crease_region_stopped(region))
        own->failed = fwrite(text, 1, length, own->lines) != length;
    free(text);
    return !own->failed;
}

static bool visit(void *context, crease_region *region)
{
    receiver *own = context;
    if (own->means)
        crease_means_add(own->means, region);
    if (own->batch && crease_batch_add(own->batch, region))
        return hand_over(own);
    return !own->lines || put_line(own, region);
}

static crease_status open_receiver(receiver *own, crease_error *error)
{
    const cli_options *o = own->options;
    crease_status status = CREASE_OK;
    bool to_file = o->output && !o->to_stdout, arrays = to_file && crease_cli_is_npz(o->output);
    crease_cli_region_fields(o->with ? o->with : "", &own->fields.with);
    own->fields.with |= CREASE_WITH_WEIGHT;
    own->fields.exact = o->exact;
    if (o->mean)
        status = crease_means_new(o->mean, &own->means, error);
    if (!status && arrays && o->exact)
        return crease_fail(error, CREASE_INPUT, "%s: only lines of JSON can be exact", o->output);
    if (!status && arrays) {
        status =
            crease_cli_arrays_open(o->output, own->network, own->fields.with, &own->arrays, error);
        if (!status)
            own->batch = crease_batch_new(own->fields.with, BATCH);
    } else if (!status && to_file) {
        status = crease_output_open(o->output, &own->file, error);
        own->output = status ? NULL : &own->file;
        own->lines = status ? NULL : crease_output_stream(own->output);
    } else if (!status && (o->output || (!o->mean && !o->json))) {
        own->lines = stdout;
    }
    return status;
}

/* Gives the file its name. */
static crease_status commit(receiver *own, crease_error *error)
{
    if (own->arrays) {
        hand_over(own);
        return crease_cli_arrays_commit(own->arrays, error);
    }
    if (own->lines && fflush(own->lines) == 0 && !ferror(own->lines) &&
        (!own->output || crease_output_commit(own->output)))
        return CREASE_OK;
    return own->lines ? crease_fail(error, CREASE_INPUT, "%s: cannot write: %s",
                                    own->output ? own->options->output : "standard output",
                                    strerror(errno))
                      : CREASE_OK;
}

static void close_receiver(receiver *own)
{
    if (own->batch)
        crease_batch_free(own->batch);
    crease_cli_arrays_close(own->arrays);
    crease_means_free(own->means);
    if (own->output) {
        fclose(own->lines);
        crease_output_close(own->output);
    }
}

static int run(cli_options *options, const cli_part *part, const crease_points *points)
{
    receiver own = {.options = options, .network = part->network};
    crease_sample_result result = {.complete = false};
    crease_error error;
    options->sample.points = points;
    options->sample.radius = options->radius;
    crease_status status = open_receiver(&own, &error);
    if (!status)
        status = crease_sample(part->network, part->domain, &options->count, &options->sample,
                               visit, &own, &result, &error);
    crease_cli_progress_finish();
    if (!status && (result.complete || own.failed))
        status = commit(&own, &error);
    int code = CLI_COMPLETE;
    if (status)
        code = crease_cli_fail_by(status, &error);
    else if (own.lines != stdout)
        code = crease_cli_written(
            crease_cli_report_sample(options, part->network, &result, own.means));
    else if (!result.complete)
        fprintf(stderr, "%s: stopped %s after %zu regions\n", program_invocation_short_name,
                crease_cli_stop_name(result.stopped), result.regions);
    close_receiver(&own);
    return code || result.complete ? code : CLI_STOPPED;
}

int crease_cli_run_sample(cli_options *options, const cli_scope *scope)
{
    crease_error error;
    cli_part part;
    crease_points *points = NULL;
    if (!options->to_stdout && crease_cli_keep_from_regions(options, options->output))
        return CLI_INPUT;
    options->count.stop = crease_cli_catch_signals();
    crease_cli_progress_setup(options);
    crease_status status = crease_cli_part_only(options, scope, &part, &error);
    if (!status && options->points)
        status = crease_points_read(options->points, crease_network_inputs(part.network), &points,
                                    &error);
    int code = status ? crease_cli_fail(&error) : run(options, &part, points);
    crease_points_free(points);
    crease_cli_part_close(&part);
    return code;
}
