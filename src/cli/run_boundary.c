#include "cli/run_boundary.h"

#include "base/status.h"
#include "base/total.h"
#include "cli/exit.h"
#include "cli/overwrite.h"
#include "cli/piece_list.h"
#include "cli/progress.h"
#include "cli/reading.h"
#include "cli/report.h"
#include "cli/report_stats.h"
#include "cli/signals.h"

#include <crease_regions.h>
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

enum { DIGITS = 9 };

typedef unsigned long long number;

/* Pieces between classes i < j, after those of (*i, *j); false after the last pair that has
 * some. */
static bool next_pair(const crease_boundary *b, size_t *i, size_t *j)
{
    for (++*j; *i < b->classes; ++*i, *j = *i + 1)
        for (; *j < b->classes; ++*j)
            if (b->between[*i * b->classes + *j])
                return true;
    return false;
}

static number pieces_of(const crease_boundary *b, size_t i, size_t j)
{
    return b->between[i * b->classes + j];
}

/* By the definitions before this one. */
static void print_others(const crease_boundary *b, crease_definition definition)
{
    printf("           of ");
    for (int i = (int)definition - 1; i >= 0; i--)
        printf("%llu %s%s", (number)b->by_definition[i],
               crease_definition_name((crease_definition)i), i ? ", " : " pieces\n");
}

static void print_text(const cli_options *options, const crease_network *network,
                       const crease_boundary *b, const crease_result *result)
{
    const char *least = result->complete ? "" : "at least ";
    crease_cli_print_network(options, network, crease_network_inputs(network));
    crease_definition definition = options->count.definition;
    bool plain = definition == CREASE_DEFINITION_ACTIVATION;
    printf("boundary   %s%llu%s%s pieces, ", least, (number)b->pieces, plain ? "" : " ",
           plain ? "" : crease_definition_name(definition));
    if (result->complete)
        printf("complete, proved\n");
    else
        printf("proved; stopped %s\n", crease_cli_stop_name(result->stopped));
    if (result->complete && !plain)
        print_others(b, definition);
    for (size_t i = 0, j = 0; next_pair(b, &i, &j);)
        printf("           %llu between classes %zu and %zu\n", pieces_of(b, i, j), i, j);
    printf("parts      %s%llu, of one activation region and one class\n", least,
           (number)result->regions);
    for (size_t i = 0; i < b->classes; i++)
        printf("           %llu of class %zu\n", (number)b->parts[i], i);
    printf("time       %.3g s, %d threads\n", result->seconds, result->threads);
}

static void print_csv(const crease_boundary *b, const crease_result *result)
{
    printf("first,second,pieces,complete\n");
    for (size_t i = 0; i < b->classes; i++)
        for (size_t j = i + 1; j < b->classes; j++)
            printf("%zu,%zu,%llu,%d\n", i, j, pieces_of(b, i, j), result->complete);
}

static json_t *describe(const cli_options *options, const crease_network *network,
                        const crease_boundary *b, const crease_result *result)
{
    json_t *pairs = json_array(), *parts = json_array();
    for (size_t i = 0, j = 0; next_pair(b, &i, &j);)
        json_array_append_new(pairs,
                              json_pack("{s:[I, I], s:o}", "classes", (json_int_t)i, (json_int_t)j,
                                        "pieces", crease_total_json(pieces_of(b, i, j))));
    for (size_t i = 0; i < b->classes; i++)
        json_array_append_new(parts, crease_total_json(b->parts[i]));
    json_t *counts = json_object();
    for (int i = 0; i <= CREASE_DEFINITION_AFFINE; i++)
        if (b->by_definition[i])
            json_object_set_new(counts, crease_definition_name((crease_definition)i),
                                crease_total_json(b->by_definition[i]));
    json_t *object =
        json_pack("{s:o, s:s, s:o, s:b, s:s, s:o, s:o, s:o, s:f, s:i, s:s, s:o}", "network",
                  crease_cli_describe_network(options->network, network), "domain",
                  crease_cli_domain_name(options), "pieces", crease_total_json(b->pieces),
                  "complete", result->complete, "stopped", crease_cli_stop_name(result->stopped),
                  "pairs", pairs, "parts", crease_total_json(result->regions), "parts_by_class",
                  parts, "seconds", result->seconds, "threads", result->threads, "definition",
                  crease_definition_name(options->count.definition), "counts", counts);
    if (object && options->level)
        json_object_set_new(object, "level", json_string(options->level));
    return object;
}

/* ---- One of several networks ---- */

static void print_names(const cli_options *options)
{
    if (options->csv)
        puts("file,complete,pieces,parts");
    else if (!options->quiet)
        printf("complete  %16s  %16s  network\n", "pieces", "parts");
}

static void print_row(const cli_options *options, const crease_boundary *b,
                      const crease_result *result)
{
    if (options->csv) {
        crease_cli_print_quoted(options->network);
        printf(",%d,%llu,%llu\n", result->complete, (number)b->pieces, (number)result->regions);
    } else {
        printf("%-8s  %16llu  %16llu  %s\n", result->complete ? "yes" : "no", (number)b->pieces,
               (number)result->regions, options->network);
    }
}

/* list: where the objects of several networks go, or NULL. */
static bool report(const cli_options *options, const crease_network *network,
                   const crease_boundary *b, const crease_result *result, json_t *list)
{
    bool good = true;
    if (options->output && options->to_stdout) {
        if (!result->complete)
            fprintf(stderr, "%s: stopped %s after %llu pieces; there are more\n",
                    program_invocation_short_name, crease_cli_stop_name(result->stopped),
                    (number)b->pieces);
    } else if (list)
        json_array_append_new(list, describe(options, network, b, result));
    else if (options->json)
        good = crease_cli_print_object(describe(options, network, b, result), DIGITS);
    else if (options->quiet)
        printf("%llu\n", (number)b->pieces);
    else if (options->file_count > 1)
        print_row(options, b, result);
    else if (options->csv)
        print_csv(b, result);
    else
        print_text(options, network, b, result);
    return fflush(stdout) == 0 && !ferror(stdout) && good;
}

/* Of options->network, with a report, of which *good says whether it was written. */
static crease_status find_in(const cli_options *options, const cli_scope *scope, json_t *list,
                             bool *complete, bool *good, crease_error *error)
{
    crease_boundary boundary;
    crease_result result;
    cli_part part;
    crease_status status = crease_cli_part_only(options, scope, &part, error);
    if (!status && options->output)
        status =
            crease_cli_list_pieces(options, part.network, part.domain, &boundary, &result, error);
    else if (!status)
        status = crease_boundary_count(part.network, part.domain, options->level, &options->count,
                                       &boundary, &result, error);
    crease_cli_progress_finish();
    if (!status) {
        *complete = *complete && result.complete;
        *good = report(options, part.network, &boundary, &result, list);
        crease_boundary_clear(&boundary);
    }
    crease_cli_part_close(&part);
    return status;
}

static crease_status find(cli_options *options, json_t *list, bool *complete, bool *good,
                          crease_error *error)
{
    bool several = options->file_count > 1;
    cli_scope scope;
    crease_error why;
    crease_cli_reading_begin(options);
    crease_status status = crease_cli_scope_open(options, options->network, &scope, error);
    crease_cli_reading_end(options);
    if (!status && (status = find_in(options, &scope, list, complete, good, &why)))
        crease_fail(error, status, "%s%s%s", several ? options->network : "", several ? ": " : "",
                    why.text);
    crease_cli_scope_close(&scope);
    return status;
}

int crease_cli_run_boundary(cli_options *options)
{
    crease_error error;
    crease_status status = CREASE_OK;
    bool several = options->file_count > 1, complete = true, good = true;
    json_t *list = several && options->json ? json_array() : NULL;
    bool kept = options->output && !options->to_stdout &&
                crease_cli_keep_from_regions(options, options->output);
    options->count.stop = crease_cli_catch_signals();
    crease_cli_progress_setup(options);
    if (several && options->output)
        status = crease_fail(&error, CREASE_INPUT, "boundary: --output lists one network's pieces");
    if (several && !status && !kept && !options->json)
        print_names(options);
    for (size_t i = 0; i < options->file_count && !status && !kept && good; i++) {
        if (i && *options->count.stop) {
            complete = false;
            break;
        }
        options->network = options->files[i].path;
        status = find(options, list, &complete, &good, &error);
    }
    if (list && !status && !kept)
        good = crease_cli_print_object(
            json_pack("{s:b, s:O}", "complete", complete, "networks", list), DIGITS);
    json_decref(list);
    int code = kept     ? CLI_INPUT
               : status ? crease_cli_fail_by(status, &error)
                        : crease_cli_written(good);
    return code || complete ? code : CLI_STOPPED;
}
