#include "cli/report.h"

#include "base/total.h"
#include "cli/streams.h"

#include <stdio.h>
#include <stdlib.h>

static json_t *made_json(const cli_options *options, const crease_made *made)
{
    const crease_make_family *family = made->family;
    json_t *widths = json_array(), *domains = json_array(), *regions = json_null();
    json_array_append_new(widths, json_integer((json_int_t)made->inputs));
    for (size_t l = 0; l < made->layers; l++)
        json_array_append_new(widths, json_integer((json_int_t)made->width[l]));
    if (made->known) {
        char *text = mpz_get_str(NULL, 10, made->regions);
        regions = crease_total_json_exact(text);
        free(text);
        if (family->where & CREASE_MADE_SPACE)
            json_array_append_new(domains, json_string("R^n"));
        if (family->where & CREASE_MADE_BOX)
            json_array_append_new(domains, json_string("0:1"));
    }
    json_t *object = json_pack("{s:s, s:s, s:o, s:o, s:o, s:s, s:s, s:s}", "family", family->name,
                               "file", crease_cli_output_name(options), "widths", widths, "regions",
                               regions, "domains", domains, "formula", family->formula, "source",
                               family->source, "comment", made->comment);
    if (object && made->rank)
        json_object_set_new(object, "rank", json_integer((json_int_t)made->rank));
    if (object && made->known)
        json_object_set_new(object, "at_least", json_boolean(family->where & CREASE_MADE_AT_LEAST));
    if (object && !(family->where & (CREASE_MADE_SPACE | CREASE_MADE_BOX)))
        json_object_set_new(object, "seed", json_integer((json_int_t)made->seed));
    return object;
}

static void print_made(const cli_options *options, const crease_made *made)
{
    char *expectation = crease_made_expectation(made);
    printf("network    %s\n           %zu input%s; layers ", crease_cli_output_name(options),
           made->inputs, made->inputs == 1 ? "" : "s");
    for (size_t l = 0, count; l < made->layers; l += count) {
        for (count = 1; l + count < made->layers && made->width[l + count] == made->width[l];)
            count++;
        if (count > 1)
            printf("%zu x ", count);
        printf("%zu %s, ", made->width[l],
               crease_activation_name(made->rank ? CREASE_MAXOUT : CREASE_RELU));
    }
    printf("1 linear\nexpected   %s\n", expectation);
    free(expectation);
}

bool crease_cli_report_made(const cli_options *options, const crease_made *made)
{
    bool good = true;
    if (options->json) {
        json_t *object = made_json(options, made);
        good = object && json_dumpf(object, stdout, JSON_INDENT(2)) == 0;
        json_decref(object);
        putchar('\n');
    } else {
        print_made(options, made);
    }
    return fflush(stdout) == 0 && !ferror(stdout) && good;
}
