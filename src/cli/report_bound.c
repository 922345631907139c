#include "cli/report.h"

#include "base/total.h"
#include "cli/scope.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DIGITS = 12 };

static const char *const marks[] = {"", " [c]", " [n]", " [p]"};

json_t *crease_cli_describe_bound(const crease_bound *b)
{
    json_t *value = b->applies ? crease_total_json_exact(b->value) : json_null();
    json_t *digits = b->applies ? json_real(b->log10) : json_null();
    return json_pack("{s:s, s:s, s:i, s:s, s:s, s:s, s:s, s:s, s:b, s:o, s:o, s:s, s:s, s:s, s:s}",
                     "id", b->id, "name", b->name, "year", b->year, "theorem", b->theorem, "kind",
                     crease_bound_kind_name(b->kind), "of", b->network ? "network" : "architecture",
                     "formula", b->formula, "condition", b->condition, "applies", b->applies,
                     "value", value, "log10", digits, "warning", b->applies ? "" : b->note, "note",
                     b->applies ? b->note : "", "source", crease_bound_source_name(b->source),
                     "reference", b->reference);
}

/* The name that the units of all layers share, and *rank if they are maxout units, otherwise 0.
 * NULL: they differ. */
static const char *common_units(const cli_options *options, const crease_bounds *bounds,
                                size_t *rank)
{
    size_t layers = crease_bounds_layers(bounds);
    crease_activation common = options->maxout ? CREASE_MAXOUT : CREASE_RELU;
    *rank = options->maxout;
    for (size_t l = 0; l < layers; l++) {
        crease_activation activation = crease_bounds_activation(bounds, l);
        size_t own = activation == CREASE_MAXOUT ? crease_bounds_states(bounds, l) : 0;
        if (l && (own != *rank || activation != common)) {
            *rank = 0;
            return NULL;
        }
        common = activation;
        *rank = own;
    }
    return crease_activation_name(common);
}

static json_t *bounds_json(const cli_options *options, const crease_network *network,
                           const crease_bounds *bounds)
{
    json_t *widths = json_array(), *activations = json_array(), *states = json_array();
    json_t *carry = json_array(), *list = json_array(), *object;
    json_int_t units = 0;
    size_t rank;
    const char *name = common_units(options, bounds, &rank);
    json_array_append_new(widths, json_integer((json_int_t)crease_bounds_inputs(bounds)));
    for (size_t l = 0; l < crease_bounds_layers(bounds); l++) {
        json_int_t width = (json_int_t)crease_bounds_width(bounds, l);
        units += width;
        json_array_append_new(widths, json_integer(width));
        json_array_append_new(
            activations, json_string(crease_activation_name(crease_bounds_activation(bounds, l))));
        json_array_append_new(carry, json_integer((json_int_t)crease_bounds_carry(bounds, l)));
        json_array_append_new(states, json_integer((json_int_t)crease_bounds_states(bounds, l)));
    }
    for (size_t i = 0; i < crease_bounds_count(bounds); i++)
        json_array_append_new(list, crease_cli_describe_bound(crease_bounds_get(bounds, i)));
    object = json_pack("{s:o, s:I, s:s, s:o, s:o, s:o, s:s}", "widths", widths, "units", units,
                       "activation", name ? name : "mixed", "activations", activations, "states",
                       states, "carried", carry, "domain", crease_cli_domain_name(options));
    if (rank)
        json_object_set_new(object, "rank", json_integer((json_int_t)rank));
    if (network)
        json_object_set_new(object, "network",
                            crease_cli_describe_network(options->network, network));
    json_object_set_new(object, "bounds", list);
    return object;
}

void crease_cli_bound_name(const crease_bound *b, char *text, size_t size)
{
    snprintf(text, size, "%s %d%s%s%s", b->name, b->year, *b->theorem ? ", " : "", b->theorem,
             marks[b->source]);
}

void crease_cli_bound_value(const crease_bound *b, char *text, size_t size)
{
    double whole = floor(b->log10);
    if (strlen(b->value) <= CLI_MAX_DIGITS && !strchr(b->value, '/'))
        snprintf(text, size, "%s", b->value);
    else if (whole < -4 || whole > 5)
        snprintf(text, size, "%.5fe%+.0f", pow(10, b->log10 - whole), whole);
    else
        snprintf(text, size, "%.6g", pow(10, b->log10));
}

/* The layers: widths, and the units if they differ from layer to layer. */
static void print_layers(const cli_options *options, const crease_bounds *bounds)
{
    size_t units = 0, rank, layers = crease_bounds_layers(bounds);
    const char *name = common_units(options, bounds, &rank);
    printf("inputs     n0 = %zu\nhidden    ", crease_bounds_inputs(bounds));
    for (size_t l = 0; l < layers; l++) {
        crease_activation own = crease_bounds_activation(bounds, l);
        units += crease_bounds_width(bounds, l);
        printf(" %zu", crease_bounds_width(bounds, l));
        if (!name)
            printf(" %s", crease_activation_name(own));
        if (!name && own == CREASE_MAXOUT)
            printf(" of rank %zu", crease_bounds_states(bounds, l));
        if (crease_bounds_carry(bounds, l))
            printf(" + %zu carried", crease_bounds_carry(bounds, l));
        printf("%s", l + 1 < layers ? "," : "");
    }
    printf("%s; N = %zu %s%sunits\n", layers ? "" : " none", units, name ? name : "",
           name ? " " : "");
    if (rank)
        printf("rank       k = %zu\n", rank);
    char domain[CLI_DOMAIN];
    crease_cli_domain_words(options, crease_bounds_inputs(bounds), domain);
    if (options->box || options->domain || options->vnnlib || options->slice)
        printf("domain     %s\n", domain);
}

static void print_bounds(const cli_options *options, const crease_bounds *bounds)
{
    size_t left = 0;
    int longest = 0;
    char name[CLI_NAME], value[CLI_VALUE];
    for (size_t i = 0; i < crease_bounds_count(bounds); i++) {
        crease_cli_bound_name(crease_bounds_get(bounds, i), name, sizeof name);
        longest = (int)strlen(name) > longest ? (int)strlen(name) : longest;
    }
    print_layers(options, bounds);
    printf("\n%-*s  %-11s %*s %9s  %s\n", longest, "bound", "kind", CLI_MAX_DIGITS, "value",
           "log10", "formula; condition; remark");
    for (size_t i = 0; i < crease_bounds_count(bounds); i++) {
        const crease_bound *b = crease_bounds_get(bounds, i);
        left += !b->applies;
        if (!b->applies)
            continue;
        crease_cli_bound_name(b, name, sizeof name);
        crease_cli_bound_value(b, value, sizeof value);
        printf("%-*s  %-11s %*s %9.3f  %s%s%s%s%s%s\n", longest, name,
               crease_bound_kind_name(b->kind), CLI_MAX_DIGITS, value, b->log10,
               b->network ? "this network: " : "", b->formula, *b->condition ? "; " : "",
               b->condition, *b->note ? "; " : "", b->note);
    }
    printf("%s", left ? "\nwarning: these do not apply\n" : "");
    for (size_t i = 0; i < crease_bounds_count(bounds); i++) {
        const crease_bound *b = crease_bounds_get(bounds, i);
        if (b->applies)
            continue;
        crease_cli_bound_name(b, name, sizeof name);
        printf("%-*s  %-11s %s\n", longest, name, crease_bound_kind_name(b->kind), b->note);
    }
    printf("\nexact, upper and lower: of the largest number of regions that these widths allow.  "
           "growth: without its\nconstant.  Z(n,d) = sum_{j<=d} C(n,j).  Formula checked: [c] in "
           "a later paper or the authors' program,\n[n] at no source, [p] proved in "
           "src/bound/bound.h; the others in the paper itself.\n");
}

bool crease_cli_report_bounds(const cli_options *options, const crease_network *network,
                              const crease_bounds *bounds)
{
    if (options->json)
        return crease_cli_print_object(bounds_json(options, network, bounds), DIGITS);
    print_bounds(options, bounds);
    return fflush(stdout) == 0 && !ferror(stdout);
}
