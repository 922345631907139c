#include "cli/report.h"
#include "cli/scope.h"

#include "base/memory.h"
#include "net/network.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* "4-16-16-3", from the inputs to the outputs; malloc'd. */
static char *widths_text(const crease_network *network)
{
    size_t layers = crease_network_layers(network), room = 24 * (layers + 1), used;
    char *text = crease_alloc(room, 1);
    used = (size_t)snprintf(text, room, "%zu", crease_network_inputs(network));
    for (size_t l = 0; l < layers; l++)
        used +=
            (size_t)snprintf(text + used, room - used, "-%zu", crease_network_width(network, l));
    return text;
}

/* The activations of the hidden layers: "relu", or "relu,maxout 3" if they differ; malloc'd. */
static char *units_text(const crease_network *network)
{
    size_t layers = crease_network_layers(network), room = 64 * (layers + 1), used = 0;
    char *text = crease_alloc(room, 1), name[64], first[64] = "";
    bool differ = false;
    for (size_t l = 0; l + 1 < layers; l++) {
        crease_activation activation = crease_network_activation(network, l);
        size_t rank = crease_network_rank(network, l);
        snprintf(name, sizeof name, "%s", crease_activation_name(activation));
        if (activation == CREASE_MAXOUT)
            snprintf(name, sizeof name, "%s %zu", crease_activation_name(activation), rank);
        differ = differ || (l && strcmp(name, first) != 0);
        if (!l)
            memcpy(first, name, sizeof first);
        used += (size_t)snprintf(text + used, room - used, "%s%s", l ? "," : "", name);
    }
    if (!differ)
        snprintf(text, room, "%s", first);
    return text;
}

/* 10^x, of any size. */
static void power_text(double x, char *text, size_t size)
{
    double whole = floor(x);
    if (x > -5 && x < 16)
        snprintf(text, size, "%.6g", pow(10, x));
    else
        snprintf(text, size, "%.5fe%+.0f", pow(10, x - whole), whole);
}

/* ---- The table ---- */

enum { COLUMNS = 11, CELL = CREASE_DIGITS + 8 };

typedef struct {
    char cell[COLUMNS][CELL];
} table_row;

static const struct {
    const char *head;
    bool left;
} columns[COLUMNS] = {{"network", true},    {"series", true},      {"widths", true},
                      {"units", true},      {"parameters", false}, {"regions", false},
                      {"upper", false},     {"of it", false},      {"lower", false},
                      {"one layer", false}, {"times", false}};

static void put_bound(char *cell, const crease_bound *b)
{
    if (b && b->applies)
        crease_cli_bound_value(b, cell, CELL);
    else
        snprintf(cell, CELL, "-");
}

/* Three digits: 0.402%, 12.3. */
static void put_ratio(char *cell, const crease_result *result, const crease_bound *b, bool percent)
{
    double ratio = b && b->applies ? crease_cli_log10_ratio(result, b) + (percent ? 2 : 0) : 0;
    double whole = floor(ratio);
    if (!b || !b->applies)
        snprintf(cell, CELL, "-");
    else if (ratio < -3 || ratio > 6)
        snprintf(cell, CELL, "%.2fe%+.0f%s", pow(10, ratio - whole), whole, percent ? "%" : "");
    else
        snprintf(cell, CELL, "%.3g%s", pow(10, ratio), percent ? "%" : "");
}

/* The middle of a long text is left out. */
static void put_short(char *cell, const char *text)
{
    enum { HEAD = 28, TAIL = 12 };
    size_t length = strlen(text);
    if (length <= HEAD + TAIL + 3)
        snprintf(cell, CELL, "%s", text);
    else
        snprintf(cell, CELL, "%.*s...%s", HEAD, text, text + length - TAIL);
}

static table_row row_of(const cli_entry *entry)
{
    table_row row;
    char *widths = widths_text(entry->network);
    char *units = units_text(entry->network);
    const crease_bound *shallow = crease_bounds_shallow(entry->bounds);
    snprintf(row.cell[0], CELL, "%s", entry->file);
    snprintf(row.cell[1], CELL, "%s", entry->series ? entry->series : "");
    put_short(row.cell[2], widths);
    put_short(row.cell[3], units);
    snprintf(row.cell[4], CELL, "%zu", crease_network_parameters(entry->network));
    snprintf(row.cell[5], CELL, "%s%s", entry->result.complete ? "" : ">= ", entry->result.digits);
    put_bound(row.cell[6], entry->upper);
    put_ratio(row.cell[7], &entry->result, entry->upper, true);
    put_bound(row.cell[8], entry->lower);
    put_bound(row.cell[9], shallow);
    put_ratio(row.cell[10], &entry->result, shallow, false);
    free(widths);
    free(units);
    return row;
}

static void print_row(const table_row *row, const int *width)
{
    for (int c = 0; c < COLUMNS; c++)
        if (width[c])
            printf("%s%*s", c ? "  " : "", columns[c].left ? -width[c] : width[c], row->cell[c]);
    putchar('\n');
}

static const crease_bound *chosen(const cli_entry *entry, bool upper)
{
    return upper ? entry->upper : entry->lower;
}

/* Where a column of bounds is from: every bound once, and how many networks it is for. */
static void print_origins(const cli_comparison *comparison, bool upper)
{
    char name[CLI_NAME];
    const char *head = upper ? "upper      " : "lower      ";
    for (size_t i = 0; i < comparison->counted; i++) {
        const crease_bound *b = chosen(&comparison->entry[i], upper);
        size_t same = 0, before = 0;
        for (size_t j = 0; j < comparison->counted && b; j++) {
            const crease_bound *other = chosen(&comparison->entry[j], upper);
            bool equal = other && !strcmp(other->id, b->id);
            same += equal;
            before += equal && j < i;
        }
        if (!b || before)
            continue;
        crease_cli_bound_name(b, name, sizeof name);
        printf("%s%s", head, name);
        if (same < comparison->counted)
            printf(" (%zu of %zu networks)", same, comparison->counted);
        printf("%s\n", b->network ? ", of the network itself" : "");
        head = "           ";
    }
}

static void print_table(const cli_options *options, const cli_comparison *comparison)
{
    table_row *row = crease_alloc(comparison->counted + 1, sizeof *row);
    int width[COLUMNS] = {0};
    for (int c = 0; c < COLUMNS; c++)
        snprintf(row[0].cell[c], CELL, "%s", columns[c].head);
    for (size_t i = 0; i < comparison->counted; i++)
        row[i + 1] = row_of(&comparison->entry[i]);
    for (size_t i = 0; i <= comparison->counted; i++)
        for (int c = 0; c < COLUMNS; c++) {
            int length = (int)strlen(row[i].cell[c]);
            width[c] = length > width[c] ? length : width[c];
        }
    bool series = false;
    for (size_t i = 0; i < comparison->counted; i++)
        series = series || comparison->entry[i].series;
    width[1] = series ? width[1] : 0;
    char domain[CLI_DOMAIN];
    crease_cli_domain_words(options, 0, domain);
    printf("domain     %s\n\n", domain);
    for (size_t i = 0; i <= comparison->counted; i++)
        print_row(&row[i], width);
    free(row);
    printf("\n");
    print_origins(comparison, true);
    print_origins(comparison, false);
    printf("\nregions: counted, proved.  upper: the least upper bound; of it: the share that is "
           "counted.  lower: some\nnetwork of these widths has as many.  one layer: the most that "
           "as many units have in one layer; times: the\ncount over it.  --csv and --json have "
           "all bounds.\n");
    if (!crease_cli_compare_complete(comparison))
        printf("\n>= at least so many: the count was stopped early\n");
    if (comparison->counted < comparison->count)
        printf("\nstopped: %zu of %zu networks were not counted\n",
               comparison->count - comparison->counted, comparison->count);
}

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

static bool print_json(const cli_options *options, const cli_comparison *comparison)
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
    power_text(log10_ratio, ratio, sizeof ratio);
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
    field(crease_bound_source_name(b->source));
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
    char *widths = widths_text(entry->network);
    char *units = units_text(entry->network);
    for (size_t i = 0; i <= count; i++) {
        field(entry->file);
        field(entry->series ? entry->series : "");
        field(widths);
        field(units);
        printf("%zu,%zu,", crease_network_units(entry->network),
               crease_network_parameters(entry->network));
        field(crease_cli_domain_name(options));
        printf("%s,%s,", result->digits, result->complete ? "true" : "false");
        field(crease_cli_stop_name(result->stopped));
        printf("%.12g,", crease_cli_log10_count(result));
        if (i == count) {
            bound_line(crease_bounds_shallow(entry->bounds), "reference", "one layer", result);
            continue;
        }
        const crease_bound *b = crease_bounds_get(entry->bounds, i);
        bound_line(b, crease_bound_kind_name(b->kind), b->network ? "network" : "architecture",
                   result);
    }
    free(widths);
    free(units);
}

static void print_csv(const cli_options *options, const cli_comparison *comparison)
{
    printf("file,series,widths,activations,units,parameters,domain,regions,complete,stopped,"
           "log10_regions,bound,name,year,theorem,kind,of,source,applies,value,log10_value,ratio,"
           "log10_ratio,note\n");
    for (size_t i = 0; i < comparison->counted; i++)
        entry_lines(options, &comparison->entry[i]);
}

bool crease_cli_report_comparison(const cli_options *options, const cli_comparison *comparison)
{
    bool good = true;
    if (options->json)
        good = print_json(options, comparison);
    else if (options->csv)
        print_csv(options, comparison);
    else
        print_table(options, comparison);
    return fflush(stdout) == 0 && !ferror(stdout) && good;
}
