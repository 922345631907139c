#include "cli/run_along.h"

#include "base/memory.h"
#include "base/total.h"
#include "cli/exit.h"
#include "cli/progress.h"
#include "cli/report.h"
#include "cli/series.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

enum { DIGITS = 17 };

typedef struct {
    const cli_options *options;
    const crease_network *network;
    size_t count;
    crease_line_segment *segment;
    crease_line_stats stats; /* of --lines */
    crease_result result;
} walk;

/* ---- For a person ---- */

static void print_stop(const walk *w)
{
    if (w->result.complete)
        printf("; complete, proved\n");
    else
        printf("; stopped %s, the segments that are not done are left out\n",
               crease_cli_stop_name(w->result.stopped));
}

static void print_breakpoint(const walk *w, size_t i, const crease_breakpoint *place)
{
    printf("%7zu  ", i);
    if (w->options->exact)
        printf("%12s", place->t_text);
    else
        printf("%12.8f", place->t);
    for (size_t k = 0; k < place->changes; k++) {
        const crease_change *own = &place->change[k];
        printf("%s layer %zu unit %zu: %d -> %d", k ? "," : " ", own->layer, own->unit, own->before,
               own->after);
    }
    putchar('\n');
}

static void print_along(const walk *w)
{
    size_t layers = crease_network_layers(w->network), places = 0;
    uint64_t *changes = crease_alloc(layers, sizeof *changes);
    double length = 0;
    for (size_t i = 0; i < w->count; i++) {
        const crease_line_segment *s = &w->segment[i];
        length += s->complete ? s->length : 0;
        places += s->breakpoints;
        for (size_t b = 0; b < s->breakpoints; b++)
            for (size_t k = 0; k < s->breakpoint[b].changes; k++)
                changes[s->breakpoint[b].change[k].layer]++;
    }
    printf("segments   %zu between the points of %s, length %.6g\n", w->count, w->options->along,
           length);
    printf("crossings  %zu", places);
    print_stop(w);
    for (size_t l = 0; l + 1 < layers; l++)
        printf("           layer %zu: %llu\n", l, (unsigned long long)changes[l]);
    free(changes);
    printf("segment             t  units that change\n");
    for (size_t i = 0; i < w->count; i++)
        for (size_t b = 0; b < w->segment[i].breakpoints; b++)
            print_breakpoint(w, i, &w->segment[i].breakpoint[b]);
}

static void print_lines(const walk *w)
{
    const crease_line_stats *s = &w->stats;
    printf("lines      %zu random segments between points of %s%s, seed %llu\n", w->count,
           w->options->along ? "" : "the box", w->options->along ? w->options->along : "",
           (unsigned long long)w->options->count.seed);
    printf("crossings  %llu on %zu segments of length %.6g", (unsigned long long)s->crossings,
           s->lines, s->length);
    print_stop(w);
    if (s->standard_error >= 0)
        printf("density    %.6g crossings per unit length, standard error %.3g\n", s->density,
               s->standard_error);
}

/* ---- For programs ---- */

static void print_csv(const walk *w)
{
    bool lines = w->options->lines;
    if (crease_cli_series_begins(w->options))
        printf("%s%s\n", w->options->file_count > 1 ? "file," : "",
               lines ? "line,complete,length,regions"
                     : "segment,complete,t,layer,unit,before,after");
    for (size_t i = 0; i < w->count; i++) {
        const crease_line_segment *s = &w->segment[i];
        if (lines || !s->complete)
            crease_cli_print_series_name(w->options);
        if (lines)
            printf("%zu,%d,%.17g,%llu\n", i, s->complete, s->length,
                   (unsigned long long)s->regions);
        else if (!s->complete)
            printf("%zu,0,,,,,\n", i);
        for (size_t b = 0; b < s->breakpoints; b++)
            for (size_t k = 0; k < s->breakpoint[b].changes; k++) {
                const crease_change *own = &s->breakpoint[b].change[k];
                crease_cli_print_series_name(w->options);
                if (w->options->exact)
                    printf("%zu,1,%s", i, s->breakpoint[b].t_text);
                else
                    printf("%zu,1,%.17g", i, s->breakpoint[b].t);
                printf(",%zu,%zu,%d,%d\n", own->layer, own->unit, own->before, own->after);
            }
    }
}

static json_t *breakpoints_json(const walk *w, const crease_line_segment *s)
{
    json_t *places = json_array();
    for (size_t b = 0; b < s->breakpoints; b++) {
        const crease_breakpoint *place = &s->breakpoint[b];
        json_t *changes = json_array();
        for (size_t k = 0; k < place->changes; k++)
            json_array_append_new(changes,
                                  json_pack("[I, I, i, i]", (json_int_t)place->change[k].layer,
                                            (json_int_t)place->change[k].unit,
                                            place->change[k].before, place->change[k].after));
        json_array_append_new(
            places, json_pack("{s:o, s:o}", "t",
                              w->options->exact ? json_string(place->t_text) : json_real(place->t),
                              "changes", changes));
    }
    return places;
}

static json_t *describe(const walk *w)
{
    json_t *list = json_array();
    for (size_t i = 0; i < w->count; i++) {
        const crease_line_segment *s = &w->segment[i];
        json_t *own = json_pack("{s:f, s:f, s:o, s:o, s:b}", "begin", s->begin, "end", s->end,
                                "length", crease_cli_real(s->length), "regions",
                                crease_total_json(s->regions), "complete", s->complete);
        if (s->complete && !w->options->lines)
            json_object_set_new(own, "breakpoints", breakpoints_json(w, s));
        json_array_append_new(list, own);
    }
    json_t *object =
        json_pack("{s:o, s:s, s:b, s:s, s:f, s:i}", "network",
                  crease_cli_describe_network(w->options->network, w->network), "domain",
                  crease_cli_domain_name(w->options), "complete", w->result.complete, "stopped",
                  crease_cli_stop_name(w->result.stopped), "seconds", w->result.seconds, "threads",
                  w->result.threads);
    if (w->options->along)
        json_object_set_new(object, "points", json_string(w->options->along));
    if (w->options->lines) {
        const crease_line_stats *s = &w->stats;
        json_object_set_new(object, "lines", json_integer((json_int_t)s->lines));
        json_object_set_new(object, "crossings", crease_total_json(s->crossings));
        json_object_set_new(object, "length", crease_cli_real(s->length));
        json_object_set_new(object, "density",
                            s->lines ? crease_cli_real(s->density) : json_null());
        json_object_set_new(object, "standard_error", crease_cli_known(s->standard_error));
    }
    json_object_set_new(object, "segments", list);
    return object;
}

/* list: where the object goes, or NULL. */
static bool report(const walk *w, json_t *list)
{
    bool good = true;
    if (list) {
        good = json_array_append_new(list, describe(w)) == 0;
    } else if (w->options->json) {
        good = crease_cli_print_object(describe(w), DIGITS);
    } else if (w->options->csv) {
        print_csv(w);
    } else if (w->options->quiet) {
        for (size_t i = 0; i < w->count; i++)
            printf("%llu\n", (unsigned long long)w->segment[i].regions);
    } else {
        crease_cli_print_network(w->options, w->network, crease_network_inputs(w->network));
        (w->options->lines ? print_lines : print_along)(w);
    }
    return fflush(stdout) == 0 && !ferror(stdout) && good;
}

static crease_status follow(walk *w, const cli_part *part, crease_error *error)
{
    const cli_options *o = w->options;
    crease_points *points = NULL;
    crease_status status = CREASE_OK;
    w->network = part->network;
    w->count = o->lines;
    if (o->along)
        status = crease_points_read(o->along, crease_network_inputs(part->network), &points, error);
    if (!status && !o->lines)
        w->count = crease_points_count(points) - 1;
    w->segment = crease_alloc(w->count, sizeof *w->segment);
    if (!status && o->lines)
        status = crease_lines(part->network, part->domain, points, o->lines, &o->count, w->segment,
                              &w->stats, &w->result, error);
    else if (!status)
        status = crease_along(part->network, part->domain, points, &o->count, w->segment,
                              &w->result, error);
    crease_cli_progress_finish();
    crease_points_free(points);
    return status;
}

static int run_network(cli_options *options, const cli_scope *scope, json_t *list, void *context)
{
    walk w = {.options = options};
    crease_error error;
    cli_part part;
    (void)context;
    crease_status status = crease_cli_part_only(options, scope, &part, &error);
    status = status ? status : follow(&w, &part, &error);
    int code = status ? crease_cli_fail_network(options, status, &error)
                      : crease_cli_written(report(&w, list));
    if (!status) {
        crease_line_segments_clear(w.segment, w.count);
        code = code || w.result.complete ? code : CLI_STOPPED;
    }
    free(w.segment);
    crease_cli_part_close(&part);
    return code;
}

int crease_cli_run_along(cli_options *options)
{
    return crease_cli_run_series(options, run_network, NULL);
}
