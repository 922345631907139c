#include "cli/run_plot.h"

#include "base/memory.h"
#include "base/status.h"
#include "base/total.h"
#include "cli/exit.h"
#include "cli/overwrite.h"
#include "cli/progress.h"
#include "cli/report.h"
#include "cli/signals.h"
#include "domain/plane.h"
#include "draw/canvas.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT = 128, DIGITS = 17 };

/* What a picture is made of. */
typedef struct {
    const cli_options *options;
    size_t count, inputs;     /* of each network, on the slice */
    crease_network **network; /* restricted to the slice, if there is one */
    crease_pictured *pictured;
    char (*name)[TEXT];
    crease_slice slice;    /* without a map: none */
    crease_points *points; /* or NULL */
    bool classes;          /* each point ends with its class */
    bool mesh;
    crease_picture picture;
    double *place; /* of the points that are drawn, and their classes */
    int64_t *group;
    char label[2][TEXT];
    crease_domain *window;
} plot;

/* ---- Reading ---- */

/* The name of the file without its directory and its end. */
static void set_name(const char *path, char name[TEXT])
{
    const char *slash = strrchr(path, '/');
    snprintf(name, TEXT, "%s", slash ? slash + 1 : path);
    char *dot = strrchr(name, '.');
    if (dot && dot > name)
        *dot = '\0';
}

static crease_status read_networks(plot *own, crease_error *error)
{
    const cli_options *o = own->options;
    crease_status status = CREASE_OK;
    for (size_t i = 0; i < own->count && !status; i++) {
        const char *path = o->files[i].path;
        status = crease_network_read_with(path, &o->read, &own->network[i], error);
        if (status)
            break;
        crease_cli_progress_notes(o, path, own->network[i]);
        set_name(path, own->name[i]);
        if (crease_network_inputs(own->network[i]) != crease_network_inputs(own->network[0]))
            status = crease_fail(error, CREASE_INPUT,
                                 "%s: has %zu inputs, and %s has %zu: they share no plane", path,
                                 crease_network_inputs(own->network[i]), o->files[0].path,
                                 crease_network_inputs(own->network[0]));
    }
    return status;
}

/* "3,17,42" */
static crease_status parse_rows(const char *text, size_t row[3], crease_error *error)
{
    int end = -1;
    if (strspn(text, "0123456789,") == strlen(text) && *text != ',')
        sscanf(text, "%zu,%zu,%zu%n", &row[0], &row[1], &row[2], &end);
    if (end == (int)strlen(text))
        return CREASE_OK;
    return crease_fail(error, CREASE_INPUT,
                       "--through=%.60s: expected three numbers of rows, such as 3,17,42", text);
}

static crease_status read_points(plot *own, size_t inputs, crease_error *error)
{
    const char *path = own->options->data;
    crease_error other;
    crease_status status = crease_points_read(path, inputs, &own->points, error);
    if (!status)
        return status;
    own->classes = !crease_points_read(path, inputs + 1, &own->points, &other);
    return own->classes ? CREASE_OK : status;
}

/* Which options are not for three inputs? */
static crease_status check_three(const plot *own, crease_error *error)
{
    const cli_options *o = own->options;
    if (o->fold || o->data || o->raster || (own->mesh && o->boundary))
        return crease_fail(error, CREASE_INPUT,
                           "%s: three inputs: there is no --data, --raster or "
                           "--fold, and in a mesh no --boundary",
                           o->files[0].path);
    if (own->mesh && own->count > 1)
        return crease_fail(error, CREASE_INPUT, "%s: a mesh is of one network", o->output);
    if (!o->box)
        return crease_fail(error, CREASE_INPUT, "%s: three inputs: give the --box to be drawn",
                           o->files[0].path);
    return CREASE_OK;
}

static crease_status read_slice(plot *own, crease_error *error)
{
    const cli_options *o = own->options;
    size_t row[3], inputs = crease_network_inputs(own->network[0]);
    crease_status status = CREASE_OK;
    if (o->through)
        status = parse_rows(o->through, row, error);
    if (!status && o->data)
        status = read_points(own, inputs, error);
    if (!status && o->through)
        status = crease_plane_through(o->data, own->points, inputs, row, &own->slice, error);
    else if (!status && o->slice)
        status = crease_slice_map_read(o->slice, o->read.weights, inputs, &own->slice, error);
    if (status)
        return status;
    if (o->through) {
        snprintf(own->label[0], TEXT, "distance from row %zu, towards row %zu", row[0], row[1]);
        snprintf(own->label[1], TEXT, "distance, towards row %zu", row[2]);
    } else if (own->slice.map) {
        snprintf(own->label[0], TEXT, "u0");
        snprintf(own->label[1], TEXT, "u1");
    }
    own->inputs = own->slice.map ? own->slice.k : inputs;
    if (own->slice.map && own->inputs > 3)
        return crease_fail(error, CREASE_INPUT,
                           "%s: has %zu directions; a picture needs one, two or three", o->slice,
                           own->slice.k);
    if (own->inputs < 1 || own->inputs > 3)
        return crease_fail(error, CREASE_INPUT,
                           "%s: has %zu inputs; a picture needs one, two or three, or a plane of "
                           "--slice or --through",
                           o->files[0].path, inputs);
    if (own->mesh && own->inputs < 3)
        return crease_fail(error, CREASE_INPUT, "%s: has %zu inputs; a mesh needs three",
                           o->files[0].path, own->inputs);
    if (own->inputs == 3)
        return check_three(own, error);
    if (o->fold && own->count > 1)
        return crease_fail(error, CREASE_INPUT, "--fold draws one network at a time");
    if (own->inputs == 1 && (o->fold || o->data || o->color || o->boundary || o->raster))
        return crease_fail(
            error, CREASE_INPUT,
            "%s: one input: a graph has no --data, --color, --boundary, --raster or --fold",
            o->files[0].path);
    return CREASE_OK;
}

static void restrict_networks(plot *own)
{
    const char *name = own->options->through ? own->options->through : own->options->slice;
    for (size_t i = 0; i < own->count && own->slice.map; i++) {
        crease_network *sliced = crease_network_slice(own->network[i], &own->slice, name);
        crease_network_free(own->network[i]);
        own->network[i] = sliced;
    }
    for (size_t i = 0; i < own->count; i++)
        own->pictured[i] = (crease_pictured){own->network[i], own->name[i]};
}

/* Sets the class of a point, the last of its numbers x. */
static crease_status set_group(const plot *own, size_t i, mpq_t *x, int64_t *group,
                               crease_error *error)
{
    enum { MOST = 1 << 20 };
    mpq_t *last = &x[own->points->inputs - 1];
    if (mpz_cmp_ui(mpq_denref(*last), 1) || mpq_sgn(*last) < 0 || mpq_cmp_ui(*last, MOST, 1) >= 0)
        return crease_fail(error, CREASE_INPUT,
                           "%s: point %zu: the class, which is its last number, is no whole number "
                           "from 0 on",
                           own->options->data, i);
    *group = (int64_t)mpz_get_ui(mpq_numref(*last));
    return CREASE_OK;
}

/* On a slice, the points that lie in it. */
static crease_status place_points(plot *own, crease_error *error)
{
    const double near = 1e-6;
    crease_picture *p = &own->picture;
    size_t count = own->points ? crease_points_count(own->points) : 0;
    size_t inputs = own->points ? own->points->inputs : 0;
    mpq_t *x = crease_alloc(inputs, sizeof *x);
    crease_status status = CREASE_OK;
    for (size_t j = 0; j < inputs; j++)
        mpq_init(x[j]);
    own->place = crease_alloc(2 * count, sizeof *own->place);
    own->group = crease_alloc(count, sizeof *own->group);
    for (size_t i = 0; i < count && !status; i++) {
        double *u = own->place + 2 * p->points;
        crease_points_get(own->points, i, x);
        for (size_t j = 0; j < 2 && !own->slice.map; j++)
            u[j] = mpq_get_d(x[j]);
        if (own->slice.map && crease_plane_place(&own->slice, own->points, i, u) > near)
            continue;
        if (own->classes)
            status = set_group(own, i, x, &own->group[p->points], error);
        p->points++;
    }
    p->point = own->place;
    p->group = own->classes ? own->group : NULL;
    if (!status && own->slice.map && count && !own->options->quiet)
        fprintf(stderr, "%s: %s: %zu of %zu points lie in the slice and are drawn\n",
                program_invocation_short_name, own->options->data, p->points, count);
    for (size_t j = 0; j < inputs; j++)
        mpq_clear(x[j]);
    free(x);
    return status;
}

/* ---- Drawing ---- */

static crease_status choose_window(plot *own, crease_error *error)
{
    if (own->options->box)
        return crease_domain_box(own->options->box, own->inputs, &own->window, error);
    return crease_picture_window(own->pictured, own->count, &own->picture, &own->options->count,
                                 &own->window, error);
}

static void set_picture(plot *own)
{
    const cli_options *o = own->options;
    crease_picture *p = &own->picture;
    p->color = o->color;
    p->boundary = o->boundary || o->color == CREASE_COLOR_CLASS;
    p->raster = o->raster;
    for (size_t j = 0; j < 2; j++)
        p->label[j] = *own->label[j] ? own->label[j] : NULL;
}

static json_t *describe(const plot *own, const crease_result *result, bool complete)
{
    const cli_options *o = own->options;
    json_t *window = json_array(), *networks = json_array();
    for (size_t j = 0; j < own->inputs; j++)
        json_array_append_new(window, json_pack("[f, f]", mpq_get_d(own->window->lo[j]),
                                                mpq_get_d(own->window->hi[j])));
    for (size_t i = 0; i < own->count; i++) {
        json_t *regions =
            *result[i].digits ? crease_total_json_exact(result[i].digits) : json_null();
        json_array_append_new(
            networks, json_pack("{s:o, s:o, s:b, s:s}", "network",
                                crease_cli_describe_network(o->files[i].path, own->network[i]),
                                "regions", regions, "complete", result[i].complete, "stopped",
                                crease_cli_stop_name(result[i].stopped)));
    }
    return json_pack("{s:o, s:b, s:o, s:o}", own->mesh ? "mesh" : "picture",
                     complete ? json_string(o->output) : json_null(), "complete", complete,
                     "window", window, "networks", networks);
}

static bool report(const plot *own, const crease_result *result)
{
    const cli_options *o = own->options;
    for (size_t i = 0; i < own->count; i++)
        if (o->quiet)
            printf("%s\n", result[i].digits);
        else
            printf("network    %s\nregions    %s, complete, proved\n", o->files[i].path,
                   result[i].digits);
    if (!o->quiet) {
        for (size_t j = 0; j < own->inputs; j++)
            printf("%s%.6g:%.6g", j ? ", " : "window     ", mpq_get_d(own->window->lo[j]),
                   mpq_get_d(own->window->hi[j]));
        printf("\n%s%s\n", own->mesh ? "mesh       " : "picture    ", o->output);
    }
    return fflush(stdout) == 0 && !ferror(stdout);
}

static int draw(plot *own, crease_error *error)
{
    const cli_options *o = own->options;
    crease_result *result = crease_alloc(own->count, sizeof *result);
    crease_status status = own->mesh ? CREASE_OK : crease_canvas_check(o->output, error);
    if (!status)
        status = read_networks(own, error);
    if (!status)
        status = read_slice(own, error);
    if (!status) {
        restrict_networks(own);
        set_picture(own);
        status = place_points(own, error);
    }
    if (!status)
        status = choose_window(own, error);
    if (!status && own->mesh)
        status = crease_mesh_write(own->network[0], own->window, o->color, &o->count, o->output,
                                   result, error);
    else if (!status && o->fold)
        status =
            crease_picture_fold(own->pictured, own->window, &o->count, o->output, result, error);
    else if (!status)
        status = crease_picture_draw(own->pictured, own->count, own->window, &own->picture,
                                     &o->count, o->output, result, error);
    crease_cli_progress_finish();
    size_t done = 0;
    while (!status && done < own->count && result[done].complete)
        done++;
    int code = status ? crease_cli_fail_by(status, error) : CLI_STOPPED;
    bool complete = done == own->count;
    if (!status && o->json) {
        bool good = crease_cli_print_object(describe(own, result, complete), DIGITS);
        good = fflush(stdout) == 0 && !ferror(stdout) && good;
        code = complete || !good ? crease_cli_written(good) : CLI_STOPPED;
    } else if (!status && complete)
        code = crease_cli_written(report(own, result));
    else if (!status)
        fprintf(stderr, "%s: %s: stopped %s after %s regions; there is no %s\n",
                program_invocation_short_name, o->files[done].path,
                crease_cli_stop_name(result[done].stopped), result[done].digits,
                own->mesh ? "mesh" : "picture");
    free(result);
    return code;
}

int crease_cli_run_plot(cli_options *options)
{
    crease_error error;
    size_t count = options->file_count;
    if (crease_cli_keep_from_picture(options, options->output))
        return CLI_INPUT;
    plot own = {.options = options,
                .mesh = crease_mesh_named(options->output),
                .count = count,
                .network = crease_alloc(count, sizeof *own.network),
                .pictured = crease_alloc(count, sizeof *own.pictured),
                .name = crease_alloc(count, sizeof *own.name)};
    options->count.stop = crease_cli_catch_signals();
    crease_cli_progress_setup(options);
    int code = draw(&own, &error);
    for (size_t i = 0; i < count; i++)
        crease_network_free(own.network[i]);
    crease_slice_clear(&own.slice);
    crease_points_free(own.points);
    crease_domain_free(own.window);
    free(own.network);
    free(own.pictured);
    free(own.name);
    free(own.place);
    free(own.group);
    return code;
}
