#include "cli/run_identify.h"

#include "base/total.h"
#include "cli/exit.h"
#include "cli/progress.h"
#include "cli/report.h"
#include "cli/signals.h"

#include <crease_identify.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { DIGITS = 12, SHOWN = 6 };

/* ---- For a person ---- */

static int width(const char *name, size_t digits)
{
    return (int)(digits > strlen(name) ? digits : strlen(name));
}

/* "12 x 1, 3 x 2": twelve images with one cell each, three with two. */
static void print_sizes(const crease_border_images *border)
{
    for (size_t i = 0; i < border->sizes && i < SHOWN; i++)
        printf("%s%" PRIu64 " x %s", i ? ", " : "", border->size[i].images, border->size[i].cells);
    printf("%s\n", border->sizes > SHOWN ? ", ..." : "");
}

static void print_borders(const crease_identification *found)
{
    char text[24];
    size_t cells = 0, images = 0, largest = 0;
    for (size_t b = 0; b < found->borders; b++) {
        const crease_border_images *border = &found->border[b];
        size_t digits = (size_t)snprintf(text, sizeof text, "%" PRIu64, border->images);
        images = digits > images ? digits : images;
        cells = strlen(border->cells) > cells ? strlen(border->cells) : cells;
        largest = strlen(border->largest) > largest ? strlen(border->largest) : largest;
    }
    int w[] = {width("cells", cells), width("images", images), width("largest", largest)};
    printf("into layer  %*s  %*s  %*s  images x cells\n", w[0], "cells", w[1], "images", w[2],
           "largest");
    for (size_t b = 0; b < found->borders; b++) {
        const crease_border_images *border = &found->border[b];
        printf("%10zu  %*s  %*" PRIu64 "  %*s  ", border->layer, w[0], border->cells, w[1],
               border->images, w[2], border->largest);
        print_sizes(border);
    }
}

static void print(const cli_options *options, const crease_network *network,
                  const crease_identification *found)
{
    crease_cli_print_network(options, network, found->dimension);
    if (found->complete)
        printf("regions    %s, complete, proved\n", found->regions);
    else
        printf("stopped    %s; the numbers below are of a part of the cells\n",
               crease_cli_stop_name(found->stopped));
    if (found->borders)
        print_borders(found);
    printf("time       %.3g s, %d thread%s\n", found->seconds, found->threads,
           found->threads == 1 ? "" : "s");
}

/* ---- For programs ---- */

static void print_csv(const crease_identification *found)
{
    printf("layer,cells_with_one_image,images,complete\n");
    for (size_t b = 0; b < found->borders; b++)
        for (size_t i = 0; i < found->border[b].sizes; i++)
            printf("%zu,%s,%" PRIu64 ",%d\n", found->border[b].layer,
                   found->border[b].size[i].cells, found->border[b].size[i].images,
                   found->complete);
}

static json_t *border_json(const crease_border_images *border)
{
    json_t *sizes = json_array();
    for (size_t i = 0; i < border->sizes; i++)
        json_array_append_new(
            sizes, json_pack("{s:o, s:o}", "cells", crease_total_json_exact(border->size[i].cells),
                             "images", crease_total_json(border->size[i].images)));
    return json_pack("{s:I, s:o, s:o, s:o, s:o}", "layer", (json_int_t)border->layer, "cells",
                     crease_total_json_exact(border->cells), "images",
                     crease_total_json(border->images), "largest",
                     crease_total_json_exact(border->largest), "sizes", sizes);
}

static json_t *describe(const cli_options *options, const crease_network *network,
                        const crease_identification *found)
{
    json_t *borders = json_array();
    for (size_t b = 0; b < found->borders; b++)
        json_array_append_new(borders, border_json(&found->border[b]));
    return json_pack("{s:o, s:b, s:s, s:o, s:s, s:i, s:I, s:f, s:o}", "regions",
                     found->complete ? crease_total_json_exact(found->regions) : json_null(),
                     "complete", found->complete, "stopped", crease_cli_stop_name(found->stopped),
                     "borders", borders, "domain", crease_cli_domain_name(options), "threads",
                     found->threads, "dimension", (json_int_t)found->dimension, "seconds",
                     found->seconds, "network",
                     crease_cli_describe_network(options->network, network));
}

int crease_cli_run_identify(cli_options *options, const cli_scope *scope)
{
    crease_error error;
    crease_identification *found = NULL;
    cli_part part;
    options->count.stop = crease_cli_catch_signals();
    crease_cli_progress_setup(options);
    crease_status status = crease_cli_part_only(options, scope, &part, &error);
    if (!status)
        status = crease_identify(part.network, part.domain, &options->count, &found, &error);
    crease_cli_progress_finish();
    if (status) {
        crease_cli_part_close(&part);
        return crease_cli_fail_by(status, &error);
    }
    bool good = true;
    if (options->json)
        good = crease_cli_print_object(describe(options, part.network, found), DIGITS);
    else if (options->csv)
        print_csv(found);
    else
        print(options, part.network, found);
    good = fflush(stdout) == 0 && !ferror(stdout) && good;
    int code = crease_cli_written(good);
    code = code || found->complete ? code : CLI_STOPPED;
    crease_identification_free(found);
    crease_cli_part_close(&part);
    return code;
}
