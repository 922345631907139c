#include "cli/run_around.h"

#include "base/memory.h"
#include "base/total.h"
#include "cli/exit.h"
#include "cli/progress.h"
#include "cli/report.h"
#include "cli/series.h"

#include <jansson.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

enum { DIGITS = 17 };

typedef struct {
    const cli_options *options;
    const crease_network *network;
    crease_points *points;
    size_t count;
    crease_ball *ball;
    crease_margin *margin; /* or NULL */
    crease_result result;
} rounds;

/* ---- For a person ---- */

static void print_rows(const rounds *r)
{
    printf("%6s  %12s  %12s  %12s  %s%s\n", "point", "regions", "linf", "l2", "nearest unit by l2",
           r->margin ? ", class, margin" : "");
    for (size_t i = 0; i < r->count; i++) {
        const crease_ball *b = &r->ball[i];
        printf("%6zu  %s%*llu  ", i, b->complete ? "" : ">=", b->complete ? 12 : 10,
               (unsigned long long)b->regions);
        if (r->options->exact)
            printf("%12s  %12s", b->linf_text ? b->linf_text : "",
                   b->l2_squared_text ? b->l2_squared_text : "");
        else
            printf("%12.6g  %12.6g", b->linf, b->l2);
        if (isfinite(b->l2))
            printf("  layer %zu unit %zu", b->l2_unit.layer, b->l2_unit.unit);
        if (r->margin && r->margin[i].label != SIZE_MAX)
            printf("  class %zu, %.6g to %.6g%s", r->margin[i].label, r->margin[i].low,
                   r->margin[i].high, r->margin[i].complete ? "" : ", stopped");
        putchar('\n');
    }
}

/* How many are complete. */
static void print_margins(const rounds *r)
{
    size_t done = 0;
    for (size_t i = 0; i < r->count; i++)
        done += r->margin[i].complete;
    if (done == r->count)
        printf("margins    complete, proved\n");
    else
        printf("margins    %zu are complete, of the others the bounds further apart; stopped %s\n",
               done, crease_cli_stop_name(r->result.stopped));
}

static void print_text(const rounds *r)
{
    uint64_t least = UINT64_MAX, most = 0;
    double sum = 0;
    size_t done = 0;
    for (size_t i = 0; i < r->count; i++) {
        const crease_ball *b = &r->ball[i];
        done += b->complete;
        sum += (double)b->regions;
        least = b->regions < least ? b->regions : least;
        most = b->regions > most ? b->regions : most;
    }
    crease_cli_print_network(r->options, r->network, crease_network_inputs(r->network));
    printf("balls      %zu of radius %s by the norm %s around the points of %s\n", r->count,
           r->options->radius, crease_norm_name(r->options->norm), r->options->around);
    if (done == r->count)
        printf("regions    mean %.6g, from %llu to %llu; complete, proved\n",
               sum / (double)r->count, (unsigned long long)least, (unsigned long long)most);
    else
        printf("regions    %zu balls are complete, of the others the numbers are lower bounds; "
               "stopped %s\n",
               done, crease_cli_stop_name(r->result.stopped));
    if (r->margin)
        print_margins(r);
    printf("time       %.3g s, %d threads\n", r->result.seconds, r->result.threads);
    print_rows(r);
}

/* ---- For programs ---- */

static void print_distance(const rounds *r, double value, const char *exact)
{
    if (isnan(value))
        putchar(',');
    else if (exact && r->options->exact)
        printf(",%s", exact);
    else
        printf(",%.17g", value);
}

static void print_margin(const crease_margin *margin)
{
    putchar(',');
    if (margin->label != SIZE_MAX)
        printf("%zu", margin->label);
    printf(",%.17g,%.17g,%d", margin->low, margin->high, margin->complete);
}

static void print_csv(const rounds *r)
{
    if (crease_cli_series_begins(r->options))
        printf("%spoint,regions,complete,linf,%s,linf_layer,linf_unit,l2_layer,l2_unit%s\n",
               r->options->file_count > 1 ? "file," : "", r->options->exact ? "l2_squared" : "l2",
               r->margin ? ",class,margin_low,margin_high,margin_complete" : "");
    for (size_t i = 0; i < r->count; i++) {
        const crease_ball *b = &r->ball[i];
        crease_cli_print_series_name(r->options);
        printf("%zu,%llu,%d", i, (unsigned long long)b->regions, b->complete);
        print_distance(r, b->linf, b->linf_text);
        print_distance(r, b->l2, b->l2_squared_text);
        if (isfinite(b->linf))
            printf(",%zu,%zu,%zu,%zu", b->linf_unit.layer, b->linf_unit.unit, b->l2_unit.layer,
                   b->l2_unit.unit);
        else
            printf(",,,,");
        if (r->margin)
            print_margin(&r->margin[i]);
        putchar('\n');
    }
}

static json_t *distance_json(const rounds *r, double value, const char *exact)
{
    return !isfinite(value)    ? json_null()
           : r->options->exact ? json_string(exact)
                               : json_real(value);
}

static json_t *unit_json(double value, crease_unit_place place)
{
    return isfinite(value) ? json_pack("[I, I]", (json_int_t)place.layer, (json_int_t)place.unit)
                           : json_null();
}

static json_t *margin_json(const crease_margin *margin)
{
    json_t *label =
        margin->label == SIZE_MAX ? json_null() : json_integer((json_int_t)margin->label);
    return json_pack("{s:o, s:f, s:o, s:b}", "class", label, "low", margin->low, "high",
                     crease_cli_real(margin->high), "complete", margin->complete);
}

static json_t *describe(const rounds *r)
{
    json_t *rows = json_array();
    for (size_t i = 0; i < r->count; i++) {
        const crease_ball *b = &r->ball[i];
        json_t *row = json_pack(
            "{s:o, s:b, s:o, s:o, s:o, s:o}", "regions", crease_total_json(b->regions), "complete",
            b->complete, "linf", distance_json(r, b->linf, b->linf_text),
            r->options->exact ? "l2_squared" : "l2", distance_json(r, b->l2, b->l2_squared_text),
            "linf_unit", unit_json(b->linf, b->linf_unit), "l2_unit", unit_json(b->l2, b->l2_unit));
        if (row && r->margin)
            json_object_set_new(row, "margin", margin_json(&r->margin[i]));
        json_array_append_new(rows, row);
    }
    return json_pack("{s:o, s:s, s:s, s:s, s:s, s:b, s:s, s:f, s:i, s:o}", "network",
                     crease_cli_describe_network(r->options->network, r->network), "domain",
                     crease_cli_domain_name(r->options), "points", r->options->around, "radius",
                     r->options->radius, "norm", crease_norm_name(r->options->norm), "complete",
                     r->result.complete, "stopped", crease_cli_stop_name(r->result.stopped),
                     "seconds", r->result.seconds, "threads", r->result.threads, "balls", rows);
}

/* list: where the object goes, or NULL. */
static bool report(const rounds *r, json_t *list)
{
    bool good = true;
    if (list)
        good = json_array_append_new(list, describe(r)) == 0;
    else if (r->options->json)
        good = crease_cli_print_object(describe(r), DIGITS);
    else if (r->options->csv)
        print_csv(r);
    else if (r->options->quiet)
        for (size_t i = 0; i < r->count; i++)
            printf("%llu\n", (unsigned long long)r->ball[i].regions);
    else
        print_text(r);
    return fflush(stdout) == 0 && !ferror(stdout) && good;
}

/* The limit on seconds is one for both. */
static crease_status find_margins(rounds *r, const cli_part *part, crease_error *error)
{
    const double least = 1e-9;
    crease_options options = r->options->count;
    crease_result result;
    if (options.limit_seconds > 0)
        options.limit_seconds = fmax(options.limit_seconds - r->result.seconds, least);
    r->margin = crease_alloc(r->count, sizeof *r->margin);
    crease_status status =
        crease_margins(part->network, part->domain, r->points, r->options->margin, r->options->norm,
                       &options, r->margin, &result, error);
    if (status) {
        crease_balls_clear(r->ball, r->count);
        return status;
    }
    r->result.seconds += result.seconds;
    if (r->result.complete)
        r->result.stopped = result.stopped;
    r->result.complete = r->result.complete && result.complete;
    return CREASE_OK;
}

static int run_network(cli_options *options, const cli_scope *scope, json_t *list, void *context)
{
    rounds r = {.options = options};
    crease_error error;
    cli_part part;
    (void)context;
    crease_status status = crease_cli_part_only(options, scope, &part, &error);
    if (!status)
        status = crease_points_read(options->around, crease_network_inputs(part.network), &r.points,
                                    &error);
    if (!status) {
        r.network = part.network;
        r.count = crease_points_count(r.points);
        r.ball = crease_alloc(r.count, sizeof *r.ball);
        status = crease_around(part.network, part.domain, r.points, options->radius, options->norm,
                               &options->count, r.ball, &r.result, &error);
        if (!status && options->margin > 0)
            status = find_margins(&r, &part, &error);
        crease_cli_progress_finish();
    }
    int code = status ? crease_cli_fail_network(options, status, &error)
                      : crease_cli_written(report(&r, list));
    if (!status) {
        crease_balls_clear(r.ball, r.count);
        code = code || r.result.complete ? code : CLI_STOPPED;
    }
    free(r.ball);
    free(r.margin);
    crease_points_free(r.points);
    crease_cli_part_close(&part);
    return code;
}

int crease_cli_run_around(cli_options *options)
{
    return crease_cli_run_series(options, run_network, NULL);
}
