#include "cli/region_list.h"

#include "base/memory.h"
#include "base/output.h"
#include "base/status.h"
#include "cli/exit.h"
#include "cli/region_arrays.h"
#include "cli/region_graph.h"
#include "cli/region_text.h"
#include "cli/series.h"
#include "job/list.h"
#include "regions/batch.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { BATCH = 1024 };

/* A line of --sorted; its region was the number-th to come. */
typedef struct {
    char *text;
    uint8_t *pattern;
    size_t units, number;
} sorted_line;

struct cli_list {
    const cli_options *options;
    const crease_network *network;
    char *name; /* of the network, as JSON, if there are several */
    cli_region_fields fields;
    omp_lock_t one; /* for what follows */
    crease_output file, *output;
    FILE *lines; /* or NULL */
    cli_arrays *arrays;
    crease_graph *graph;
    sorted_line *line;
    size_t count, room;
    size_t *order; /* of the sorted lines: the place of each region, as they came */
    bool partial;  /* the list of a network was stopped */
    bool failed;   /* lines or arrays cannot be written */
    int failure;   /* lines: errno */
};

/* ---- Lines ---- */

static void keep_line(cli_list *own, char *text, const uint8_t *pattern, size_t units)
{
    if (own->count == own->room) {
        own->room = own->room ? 2 * own->room : 1024;
        own->line = crease_realloc(own->line, own->room, sizeof *own->line);
    }
    uint8_t *copy = crease_alloc(units, 1);
    if (units)
        memcpy(copy, pattern, units);
    own->line[own->count] = (sorted_line){text, copy, units, own->count};
    own->count++;
}

static void put_line(cli_list *own, const char *text, size_t length)
{
    if (own->lines && !own->failed && fwrite(text, 1, length, own->lines) != length) {
        own->failed = true;
        own->failure = errno;
    }
}

static void write_line(void *context, crease_region *region, FILE *to)
{
    cli_list *own = context;
    crease_cli_region_line(to, own->network, region, &own->fields);
}

/* From all workers at once. */
static bool visit_line(void *context, crease_region *region)
{
    cli_list *own = context;
    char *text;
    size_t length;
    FILE *stream = open_memstream(&text, &length);
    if (!stream)
        crease_fatal("out of memory");
    if (own->lines)
        write_line(own, region, stream);
    if (fclose(stream))
        crease_fatal("out of memory");
    crease_batch *batch = own->graph ? crease_batch_new(CREASE_GRAPH_FIELDS, 1) : NULL;
    if (batch)
        crease_batch_add(batch, region);
    bool stopped = crease_region_stopped(region), kept = own->options->sorted && !stopped;
    omp_set_lock(&own->one);
    if (kept)
        keep_line(own, text, crease_region_pattern(region), crease_region_units(region));
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

static void clear_lines(cli_list *own)
{
    for (size_t i = 0; i < own->count; i++) {
        free(own->line[i].text);
        free(own->line[i].pattern);
    }
    own->count = 0;
}

static void put_sorted(cli_list *own)
{
    free(own->order);
    own->order = crease_alloc(own->count, sizeof *own->order);
    if (own->count)
        qsort(own->line, own->count, sizeof *own->line, by_pattern);
    for (size_t i = 0; i < own->count; i++) {
        own->order[own->line[i].number] = i;
        put_line(own, own->line[i].text, strlen(own->line[i].text));
    }
    clear_lines(own);
}

/* ---- Groups of regions ---- */

static bool visit_batch(void *context, const crease_region_batch *batch)
{
    cli_list *own = context;
    own->failed = !crease_cli_arrays_add(own->arrays, batch);
    if (own->graph)
        crease_graph_add(own->graph, batch);
    return !own->failed;
}

/* Each region of the batch has a line. */
static void keep_lines(cli_list *own, const crease_visited_group *group)
{
    const crease_region_batch *batch = group->batch;
    const char *at = group->text;
    for (size_t r = 0; r < batch->regions && own->lines; r++) {
        const char *end = memchr(at, '\n', (size_t)(group->text + group->length - at));
        assert(end);
        size_t length = (size_t)(end + 1 - at);
        char *text = crease_alloc(length + 1, 1);
        memcpy(text, at, length);
        keep_line(own, text, batch->pattern + r * batch->units, batch->units);
        at += length;
    }
}

/* Of a list that was kept. */
static bool take(void *context, unsigned turn, const crease_visited_group *group)
{
    cli_list *own = context;
    (void)turn;
    if (own->arrays)
        return visit_batch(own, group->batch);
    if (own->options->sorted)
        keep_lines(own, group);
    else
        put_line(own, group->text, group->length);
    if (own->graph)
        crease_graph_add(own->graph, group->batch);
    return !own->failed;
}

static crease_status list_kept(cli_list *own, const crease_network *network,
                               const crease_domain *domain, crease_result *result,
                               crease_error *error)
{
    const cli_options *o = own->options;
    crease_checkpoint kept = o->checkpoint;
    char kind[32], form[CREASE_LIST_FORM];
    snprintf(kind, sizeof kind, "%s%s%s%s",
             own->arrays  ? "arrays"
             : own->lines ? "lines"
                          : "none",
             o->exact ? ",exact" : "", o->sorted ? ",sorted" : "", own->graph ? ",graph" : "");
    crease_list_form(form, kind, own->fields.with);
    const crease_list_plan plan = {
        .form = form,
        .write = own->lines ? write_line : NULL,
        .batched = own->arrays || own->graph || o->sorted,
        .fields =
            (own->arrays ? own->fields.with : 0) | (own->graph ? (unsigned)CREASE_GRAPH_FIELDS : 0),
        .take = take,
        .context = own,
    };
    kept.trouble = crease_cli_trouble;
    kept.found = o->quiet ? NULL : crease_cli_found;
    return crease_list_run(network, domain, &o->count, &plan, &kept, result, error);
}

crease_status crease_cli_list_network(cli_list *own, const crease_network *network,
                                      const crease_domain *domain, crease_result *result,
                                      crease_error *error)
{
    const cli_options *o = own->options;
    const crease_options *search = &o->count;
    free(own->name);
    crease_status status = crease_cli_name_network(o, &own->name, error);
    own->network = network;
    own->fields.file = own->name;
    if (status)
        return status;
    if (o->checkpoint.write || o->checkpoint.resume)
        status = list_kept(own, network, domain, result, error);
    else if (own->arrays)
        status = crease_region_batches(network, domain, search,
                                       own->fields.with | (own->graph ? CREASE_GRAPH_FIELDS : 0),
                                       BATCH, visit_batch, own, result, error);
    else
        status = crease_regions(network, domain, search, CREASE_REGIONS_PARALLEL, visit_line, own,
                                result, error);
    if (!status && o->sorted && result->complete)
        put_sorted(own);
    own->partial = own->partial || (!status && !result->complete);
    return status;
}

/* ---- Files ---- */

static crease_status check(const cli_options *o, bool arrays, bool printed, crease_error *error)
{
    bool kept = o->checkpoint.write || o->checkpoint.resume;
    if (arrays && (o->exact || o->sorted))
        return crease_fail(error, CREASE_INPUT, "%s: only lines of JSON can be %s", o->output,
                           o->exact ? "exact" : "sorted");
    if (kept && printed)
        return crease_fail(error, CREASE_INPUT,
                           "checkpoint: lines on standard output cannot be taken back; name a file "
                           "with --output");
    if (o->file_count < 2)
        return CREASE_OK;
    if (kept)
        return crease_fail(error, CREASE_INPUT,
                           "checkpoint: keeps the list of one network, not of %zu", o->file_count);
    if (arrays || o->graph)
        return crease_fail(
            error, CREASE_INPUT,
            "%s: has the %s of one network, not of %zu; lines of JSON can have those "
            "of several",
            arrays ? o->output : o->graph, arrays ? "arrays" : "graph", o->file_count);
    return CREASE_OK;
}

crease_status crease_cli_list_open(const cli_options *options, const crease_network *network,
                                   cli_list **list, crease_error *error)
{
    bool to_file = options->output && !options->to_stdout;
    bool arrays = to_file && crease_cli_is_npz(options->output);
    bool printed = options->output ? options->to_stdout : !options->graph;
    cli_list *own = *list = crease_alloc(1, sizeof *own);
    own->options = options;
    own->fields.exact = options->exact;
    crease_cli_region_fields(options->with ? options->with : "", &own->fields.with);
    omp_init_lock(&own->one);
    if (to_file)
        crease_output_sweep(options->output);
    crease_status status = check(options, arrays, printed, error);
    if (!status && arrays)
        status =
            crease_cli_arrays_open(options->output, network, own->fields.with, &own->arrays, error);
    else if (!status && to_file &&
             !(status = crease_output_open(options->output, &own->file, error)))
        own->output = &own->file;
    if (!status && options->graph)
        own->graph = crease_graph_new();
    if (!status && !arrays && (to_file || printed))
        own->lines = own->output ? crease_output_stream(own->output) : stdout;
    if (status) {
        crease_cli_list_close(own);
        *list = NULL;
    }
    return status;
}

crease_status crease_cli_list_commit(cli_list *own, crease_error *error)
{
    const cli_options *o = own->options;
    crease_status status = CREASE_OK;
    if (own->lines && !own->failed && fflush(own->lines)) {
        own->failed = true;
        own->failure = errno;
    }
    if (!own->failed && own->output && !crease_output_commit(own->output)) {
        own->failed = true;
        own->failure = errno;
    }
    if (own->failed && !own->arrays)
        status = crease_fail(error, CREASE_INPUT, "%s: cannot write: %s",
                             own->output ? o->output : "standard output", strerror(own->failure));
    if (!status && own->arrays)
        status = crease_cli_arrays_commit(own->arrays, error);
    if (!status && own->graph)
        status = crease_cli_graph_write(own->graph, own->order, o->graph, error);
    return status;
}

void crease_cli_list_close(cli_list *own)
{
    if (!own)
        return;
    clear_lines(own);
    free(own->line);
    free(own->order);
    free(own->name);
    omp_destroy_lock(&own->one);
    crease_graph_free(own->graph);
    crease_cli_arrays_close(own->arrays);
    if (own->output) {
        if (own->lines)
            fclose(own->lines);
        crease_output_close(own->output);
    }
    free(own);
}

bool crease_cli_list_is_printed(const cli_list *own)
{
    return own->lines == stdout;
}

bool crease_cli_list_ends(const cli_list *own)
{
    return own->failed || !own->partial;
}
