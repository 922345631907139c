#include "cli/compare.h"
#include "cli/report.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- JSON ---- */

static json_t *bound_json(const crease_bound *b, const crease_result *result)
{
    json_t *object = crease_cli_describe_bound(b);
    double ratio = b->applies ? crease_cli_log10_ratio(result, b) : 0;
    json_object_set_new(object, "ratio", b->applies ? json_real(pow(10, ratio)) : json_null());
    json_object_set_new(object, "log10_ratio", b->applies ? json_real(ratio) : json_null());
    return object;
}

static json_t *entry_json(const cli_options *options, const cli_entry *entry)
{
    cli_options own = *options;
    own.network = entry->file;
    json_t *object = crease_cli_describe_count(&own, entry->network, &entry->result);
    json_t *list = json_array();
    for (size_t i = 0; i < crease_bounds_count(entry->bounds); i++)
        json_array_append_new(list,
                              bound_json(crease_bounds_get(entry->bounds, i), &entry->result));
    crease_cli_describe_layers(json_object_get(object, "network"), entry->network);
    json_object_set_new(object, "series", json_string(entry->series ? entry->series : ""));
    json_object_set_new(object, "log10", json_real(crease_cli_log10_count(&entry->result)));
    json_object_set_new(object, "one_layer",
                        bound_json(crease_bounds_shallow(entry->bounds), &entry->result));
    json_object_set_new(object, "bounds", list);
    return object;
}

bool crease_cli_comparison_json(const cli_options *options, const cli_comparison *comparison)
{
    json_t *list = json_array();
    for (size_t i = 0; i < comparison->counted; i++)
        json_array_append_new(list, entry_json(options, &comparison->entry[i]));
    json_t *object = json_pack(
        "{s:s, s:b, s:I, s:I, s:o}", "domain", crease_cli_domain_name(options), "complete",
        crease_cli_compare_complete(comparison), "given", (json_int_t)comparison->count, "counted",
        (json_int_t)comparison->counted, "networks", list);
    return crease_cli_print_object(object, 12);
}

/* ---- Comma-separated values, quoted as in RFC 4180 ---- */

static void quoted(const char *text)
{
    if (!strpbrk(text, ",\"\r\n")) {
        fputs(text, stdout);
        return;
    }
    putchar('"');
    for (; *text; text++)
        printf(*text == '"' ? "\"\"" : "%c", *text);
    putchar('"');
}

/* Every field but the last of a line. */
static void field(const char *text)
{
    quoted(text);
    putchar(',');
}

static void values(const crease_bound *b, const crease_result *result)
{
    char ratio[CLI_VALUE];
    double log10_ratio = crease_cli_log10_ratio(result, b);
    crease_cli_power_text(log10_ratio, ratio, sizeof ratio);
    printf("%s,%.12g,%s,%.12g,", b->value, b->log10, ratio, log10_ratio);
}

static void bound_line(const crease_bound *b, const char *kind, const char *of,
                       const crease_result *result)
{
    field(b->id);
    field(b->name);
    printf("%d,", b->year);
    field(b->theorem);
    field(kind);
    field(of);
    field(crease_cli_source_name(b));
    field(b->applies ? "true" : "false");
    if (b->applies)
        values(b, result);
    else
        printf(",,,,");
    quoted(b->note);
    putchar('\n');
}

static void entry_lines(const cli_options *options, const cli_entry *entry)
{
    const crease_result *result = &entry->result;
    size_t count = crease_bounds_count(entry->bounds);
    char *widths = crease_cli_widths_text(entry->network);
    char *units = crease_cli_units_text(entry->network);
    for (size_t i = 0; i <= count; i++) {
        field(entry->file);
        field(entry->series ? entry->series : "");
        field(widths);
        field(units);
        printf("%zu,%zu,", crease_network_units(entry->network),
               crease_network_parameters(entry->network));
        field(crease_cli_domain_name(options));
        printf("%llu,%s,", (unsigned long long)result->regions,
               result->complete ? "true" : "false");
        field(crease_cli_stop_name(result));
        printf("%.12g,", crease_cli_log10_count(result));
        if (i == count) {
            bound_line(crease_bounds_shallow(entry->bounds), "reference", "one layer", result);
            continue;
        }
        const crease_bound *b = crease_bounds_get(entry->bounds, i);
        bound_line(b, crease_cli_kind_name(b), b->network ? "network" : "architecture", result);
    }
    free(widths);
    free(units);
}

void crease_cli_comparison_csv(const cli_options *options, const cli_comparison *comparison)
{
    printf("file,series,widths,activations,units,parameters,domain,regions,complete,stopped,"
           "log10_regions,bound,name,year,theorem,kind,of,source,applies,value,log10_value,ratio,"
           "log10_ratio,note\n");
    for (size_t i = 0; i < comparison->counted; i++)
        entry_lines(options, &comparison->entry[i]);
}
