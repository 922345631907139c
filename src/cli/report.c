#include "cli/report.h"

#include "base/clock.h"
#include "base/total.h"
#include "base/input.h"
#include "base/status.h"
#include "cli/progress.h"
#include "cli/scope.h"
#include "cli/streams.h"
#include "domain/domain.h"
#include "net/network.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DIGITS = 6, LONGEST = 30 };

/* In the order of crease_stop. */
static const char *const stops[] = {"",
                                    "at the limit on regions",
                                    "at the time limit",
                                    "at the memory limit",
                                    "by a signal",
                                    "as close as --gap asks"};

json_t *crease_cli_describe_network(const char *file, const crease_network *network)
{
    char digest[65];
    size_t layers = crease_network_layers(network);
    json_t *widths = json_array();
    crease_network_digest(network, digest);
    json_array_append_new(widths, json_integer((json_int_t)crease_network_inputs(network)));
    for (size_t l = 0; l < layers; l++)
        json_array_append_new(widths, json_integer((json_int_t)crease_network_width(network, l)));
    return json_pack("{s:s, s:s, s:o, s:I, s:I}", "file", file, "digest", digest, "widths", widths,
                     "units", (json_int_t)crease_network_units(network), "parameters",
                     (json_int_t)crease_network_parameters(network));
}

static bool finish(void)
{
    return fflush(stdout) == 0 && !ferror(stdout);
}

json_t *crease_cli_real(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

json_t *crease_cli_known(double value)
{
    return value >= 0 ? crease_cli_real(value) : json_null();
}

bool crease_cli_print_object(json_t *object, int digits)
{
    char *text =
        crease_total_json_text(object, JSON_INDENT(2) | JSON_REAL_PRECISION((size_t)digits));
    bool good = text && puts(text) >= 0;
    free(text);
    json_decref(object);
    return finish() && good;
}

const char *crease_cli_stop_name(crease_stop stopped)
{
    return stops[stopped];
}

/* The counts that are established, and of activation regions at least those found. */
static json_t *describe_definitions(const crease_result *result)
{
    const uint64_t count[] = {
        [CREASE_DEFINITION_ACTIVATION] = result->activation,
        [CREASE_DEFINITION_OPEN_CONNECTED] = result->open_connected,
        [CREASE_DEFINITION_AFFINE] = result->complete ? result->affine : 0,
    };
    json_t *object = json_object();
    for (size_t i = 0; i < sizeof count / sizeof *count; i++)
        if (count[i])
            json_object_set_new(object, crease_definition_name((crease_definition)i),
                                i == result->definition ? crease_total_json_exact(result->digits)
                                                        : crease_total_json(count[i]));
    return object;
}

/* Were the flats of an arrangement counted, without cells? */
static bool has_flats(const crease_result *result)
{
    return !result->cells && result->merged[0].compared;
}

/* The number of a layer, of those that switch the one after `before` others. */
static size_t switching_layer(const crease_network *network, size_t before)
{
    size_t l = 0;
    for (size_t passed = 0; l + 1 < crease_network_layers(network); l++)
        if (crease_network_activation(network, l) != CREASE_LINEAR &&
            crease_network_width(network, l) > crease_network_carry(network, l) &&
            passed++ == before)
            break;
    return l;
}

/* Of the layers where cells were compared; flats are those of the first one that switches. */
static json_t *describe_merged(const crease_network *network, const crease_result *result)
{
    json_t *layers = json_array();
    size_t first = has_flats(result) ? 0 : 1;
    for (int i = 0; i < CREASE_MERGED_LAYERS; i++) {
        const crease_layer_images *m = &result->merged[i];
        if (m->compared)
            json_array_append_new(
                layers,
                json_pack("{s:I, s:o, s:o, s:o}", "layer",
                          (json_int_t)switching_layer(network, (size_t)i + first), "compared",
                          crease_total_json(m->compared), "known", crease_total_json(m->known),
                          "largest", m->largest ? crease_total_json(m->largest) : json_null()));
    }
    return layers;
}

json_t *crease_cli_describe_count(const cli_options *options, const crease_network *network,
                                  const crease_result *result)
{
    const crease_decisions *decisions = &result->decisions;
    json_t *object = json_pack(
        "{s:o, s:o*, s:s, s:o, s:b, s:b, s:s, s:s, s:s, s:s, s:i, s:I, s:f, s:f, s:I, s:I, s:s, "
        "s:o, "
        "s:{s:o, s:o, s:o, s:f, s:f}, s:{s:o, s:o, s:o, s:o, s:o}}",
        "regions", crease_total_json_exact(result->digits), "at_most",
        *result->most ? crease_total_json_exact(result->most) : NULL, "definition",
        crease_definition_name(result->definition), "counts", describe_definitions(result),
        "complete", result->complete, "proved", 1, "domain", crease_cli_domain_name(options),
        "engine", crease_engine_name(result->engine), "lp", crease_lp_name(result->lp), "cell",
        result->cell ? crease_cell_kind_name(result->cell) : "none", "threads", result->threads,
        "dimension", (json_int_t)result->dimension, "seconds", result->seconds, "earlier_seconds",
        result->earlier_seconds, "peak_rss_bytes", (json_int_t)crease_clock_peak_memory(),
        "store_bytes", (json_int_t)result->store_bytes, "stopped", stops[result->stopped],
        "network", crease_cli_describe_network(options->network, network), "decisions",
        crease_decision_name(CREASE_DECISION_FILTER), crease_total_json(decisions->filter),
        crease_decision_name(CREASE_DECISION_EXACT), crease_total_json(decisions->exact),
        crease_decision_name(CREASE_DECISION_LP), crease_total_json(decisions->lp), "exact_seconds",
        decisions->exact_seconds, "proof_seconds", decisions->proof_seconds, "statistics", "cells",
        crease_total_json(result->cells), "rays", crease_total_json(result->rays), "refined",
        crease_total_json(result->refined), crease_decision_name(CREASE_DECISION_POOL),
        crease_total_json(decisions->pool), "merged", describe_merged(network, result));
    if (options->vnnlib)
        json_object_set_new(object, "part",
                            json_integer(options->part ? (json_int_t)options->part : 1));
    if (options->slice)
        json_object_set_new(object, "slice", json_string(options->slice));
    return object;
}

/* "16 relu" */
enum { LAYER = 120 };
static void name_layer(const crease_network *network, size_t layer, char name[LAYER])
{
    size_t rank = crease_network_rank(network, layer), carry = crease_network_carry(network, layer);
    int used = snprintf(name, LAYER, "%zu %s", crease_network_width(network, layer) - carry,
                        crease_activation_name(crease_network_activation(network, layer)));
    if (rank > 1)
        used += snprintf(name + used, (size_t)(LAYER - used), " of rank %zu", rank);
    if (carry)
        snprintf(name + used, (size_t)(LAYER - used), " and %zu carried", carry);
}

/* Equal neighbours are joined: "2 x 16 relu". */
static void print_layers(const crease_network *network)
{
    size_t layers = crease_network_layers(network), inputs = crease_network_inputs(network);
    char name[LAYER], next[LAYER];
    printf("%zu input%s", inputs, inputs == 1 ? "" : "s");
    for (size_t l = 0, count; l < layers; l += count) {
        name_layer(network, l, name);
        for (count = 1; l + count < layers; count++) {
            name_layer(network, l + count, next);
            if (strcmp(name, next))
                break;
        }
        printf("%s", l ? ", " : "; layers ");
        if (count > 1)
            printf("%zu x ", count);
        printf("%s", name);
    }
    printf("; %zu parameters\n", crease_network_parameters(network));
}

void crease_cli_print_network(const cli_options *options, const crease_network *network,
                              size_t dimension)
{
    char domain[CLI_DOMAIN];
    printf("network    %s\n           ", options->network);
    print_layers(network);
    crease_cli_domain_words(options, crease_network_inputs(network), domain);
    printf("domain     %s\n", domain);
    if (dimension != crease_network_inputs(network))
        printf("           counted exactly in %zu dimension%s\n", dimension,
               dimension == 1 ? "" : "s");
}

/* A number of more digits is rounded up to three. */
static void print_most(const char *most)
{
    size_t length = strlen(most);
    int lead = 100 * (most[0] - '0') + 10 * (most[1] - '0') + most[2] - '0' + 1;
    if (length <= LONGEST)
        printf("           at most %s, proved\n", most);
    else
        printf("           at most %d.%02de%zu, proved\n", lead == 1000 ? 1 : lead / 100,
               lead % 100, length - (lead < 1000));
}

static void print_regions(const crease_result *result)
{
    unsigned long long activation = result->activation;
    bool plain = result->definition == CREASE_DEFINITION_ACTIVATION;
    printf("regions    %s%s%s%s, ", result->complete ? "" : "at least ", result->digits,
           plain ? "" : " ", plain ? "" : crease_definition_name(result->definition));
    if (result->complete)
        printf("complete, proved\n");
    else
        printf("proved; stopped %s\n", stops[result->stopped]);
    if (!result->complete && *result->most)
        print_most(result->most);
    if (plain)
        return;
    if (!result->complete)
        printf("           different affine maps on the %llu activation regions found\n",
               activation);
    else if (result->definition == CREASE_DEFINITION_AFFINE)
        printf("           of %llu open-connected, %llu activation regions\n",
               (unsigned long long)result->open_connected, activation);
    else
        printf("           of %llu activation regions\n", activation);
}

/* Cells and images of the first layers in which cells were merged. */
static void print_merged(const crease_network *network, const crease_result *result)
{
    enum { SHOWN = 6 };
    int layer[SHOWN + 1], layers = 0;
    if (has_flats(result)) {
        printf("merged     %llu of %llu flats were like others\n",
               (unsigned long long)result->merged[0].known,
               (unsigned long long)result->merged[0].compared);
        return;
    }
    for (int i = 0; i < CREASE_MERGED_LAYERS && layers <= SHOWN; i++)
        if (result->merged[i].known)
            layer[layers++] = i;
    for (int k = 0; k < layers && k < SHOWN; k++) {
        const crease_layer_images *m = &result->merged[layer[k]];
        printf("%slayer %zu: %llu of %llu cells", k ? ", " : "merged     ",
               switching_layer(network, (size_t)layer[k] + 1), (unsigned long long)m->known,
               (unsigned long long)m->compared);
    }
    if (layers)
        printf("%s had an image that was known\n", layers > SHOWN ? ", ..." : "");
}

void crease_cli_print_kept(const cli_options *options, bool complete)
{
    const char *kept =
        options->checkpoint.write ? options->checkpoint.write : options->checkpoint.resume;
    if (kept && !complete)
        printf("checkpoint %s: run again to go on\n", kept);
}

static void print_count(const cli_options *options, const crease_network *network,
                        const crease_result *result)
{
    const crease_decisions *d = &result->decisions;
    char memory[32];
    crease_cli_bytes(memory, sizeof memory, crease_clock_peak_memory());
    crease_cli_print_network(options, network, result->dimension);
    print_regions(result);
    print_merged(network, result);
    double seconds = result->seconds + result->earlier_seconds;
    printf("time       %.3g s, ", result->seconds);
    if (result->earlier_seconds > 0)
        printf("%.3g s with the runs before, ", seconds);
    /* Of an activation count, which may be beyond 64 bits. */
    double found = result->definition == CREASE_DEFINITION_ACTIVATION ? strtod(result->digits, NULL)
                                                                      : (double)result->activation;
    double rate = seconds > 0 ? found / seconds : 0;
    printf(rate < 1e12 ? "%.0f" : "%.3g", rate);
    printf(" regions/s, %d thread%s, %s at most\n", result->threads,
           result->threads == 1 ? "" : "s", memory);
    printf("decisions  %llu proved by error-bounded floating point, %llu by exact integers\n",
           (unsigned long long)d->filter, (unsigned long long)d->exact);
    printf("           engine %s", crease_engine_name(result->engine));
    if (result->cell == CREASE_CELL_RAYS)
        printf(", cells that carry their extreme rays");
    if (has_flats(result))
        printf(", flats of the arrangement");
    if (d->lp)
        printf(", %llu LPs proposed by %s", (unsigned long long)d->lp, crease_lp_name(result->lp));
    putchar('\n');
    crease_cli_print_kept(options, result->complete);
}

/* Does crease-check read another domain from the file, or none?  It reads decimals as binary64 and
 * no compressed files. */
static bool converts_domain(const cli_options *options)
{
    crease_weights weights = options->read.weights;
    return options->vnnlib || (options->domain && (weights == CREASE_WEIGHTS_FLOAT32 ||
                                                   weights == CREASE_WEIGHTS_DECIMAL ||
                                                   crease_input_is_packed(options->domain)));
}

/* The command that writes the network for crease-check; "" if crease-check reads its file.  The
 * caller frees it. */
static char *conversion(const cli_options *options, const crease_network *network)
{
    char *read = crease_cli_read_options(options), *text, part[320] = "";
    if (options->vnnlib)
        snprintf(part, sizeof part, " --vnnlib=%.200s --part=%zu --domain-output=DOMAIN.json",
                 options->vnnlib, options->part ? options->part : 1);
    else if (converts_domain(options))
        snprintf(part, sizeof part, " --domain=%.200s --domain-output=DOMAIN.json",
                 options->domain);
    bool needed = converts_domain(options) || !crease_network_checkable(network);
    if (asprintf(&text, "%s%s%s%s%s", needed ? "crease convert" : "", needed ? read : "",
                 needed ? part : "", needed ? " " : "", needed ? options->network : "") < 0)
        crease_fatal("out of memory");
    free(read);
    return text;
}

static json_t *describe_certificate(const cli_options *options, const crease_network *network,
                                    const crease_result *result)
{
    char *convert = conversion(options, network);
    json_t *object =
        json_pack("{s:s, s:I, s:f, s:s}", "file", crease_cli_output_name(options), "bytes",
                  (json_int_t)result->certificate_bytes, "bytes_per_region",
                  (double)result->certificate_bytes / (double)result->regions, "convert", convert);
    free(convert);
    return object;
}

static void print_certificate(const cli_options *options, const crease_network *network,
                              const crease_result *result)
{
    char *convert = conversion(options, network);
    if (!result->complete)
        printf("certificate none, the count is not complete\n");
    else
        printf("certificate %s: %llu bytes, %.3g per region\n", crease_cli_output_name(options),
               (unsigned long long)result->certificate_bytes,
               (double)result->certificate_bytes / (double)result->regions);
    if (result->complete && *convert)
        printf("           crease-check needs the exact network%s as JSON: %s EXACT.json\n",
               converts_domain(options) ? " and domain" : "", convert);
    free(convert);
}

bool crease_cli_report_parts(const cli_options *options, json_t *parts, bool complete)
{
    return crease_cli_print_object(json_pack("{s:s, s:b, s:o}", "domain",
                                             crease_cli_domain_name(options), "complete", complete,
                                             "parts", parts),
                                   DIGITS);
}

bool crease_cli_report_count(const cli_options *options, const crease_network *network,
                             const crease_result *result, json_t *parts)
{
    if (options->json) {
        json_t *object = crease_cli_describe_count(options, network, result);
        if (result->certificate_bytes)
            json_object_set_new(object, "certificate",
                                describe_certificate(options, network, result));
        if (parts)
            return json_array_append_new(parts, object) == 0;
        return crease_cli_print_object(object, DIGITS);
    }
    if (options->quiet)
        puts(result->digits);
    else
        print_count(options, network, result);
    if (options->command == CLI_CERTIFY && options->output && !options->quiet)
        print_certificate(options, network, result);
    return finish();
}

void crease_cli_describe_layers(json_t *object, const crease_network *network)
{
    json_t *activations = json_array(), *ranks = json_array(), *carried = json_array();
    for (size_t l = 0; l < crease_network_layers(network); l++) {
        const char *name = crease_activation_name(crease_network_activation(network, l));
        json_array_append_new(activations, json_string(name));
        json_array_append_new(ranks, json_integer((json_int_t)crease_network_rank(network, l)));
        json_array_append_new(carried, json_integer((json_int_t)crease_network_carry(network, l)));
    }
    json_object_set_new(object, "activations", activations);
    json_object_set_new(object, "ranks", ranks);
    json_object_set_new(object, "carried", carried);
}

static json_t *info_json(const cli_options *options, const crease_network *network)
{
    json_t *object = crease_cli_describe_network(options->network, network);
    crease_cli_describe_layers(object, network);
    json_object_set_new(object, "format", json_string(crease_network_origin(network)));
    json_object_set_new(object, "notes", json_string(crease_network_notes(network)));
    return object;
}

static void print_info(const cli_options *options, const crease_network *network)
{
    char digest[65];
    crease_network_digest(network, digest);
    printf("network    %s\n           ", options->network);
    print_layers(network);
    printf("format     %s\nunits      %zu that switch\ndigest     %s\n",
           crease_network_origin(network), crease_network_units(network), digest);
}

static void print_text(void *context, const char *text)
{
    fputs(text, context);
}

bool crease_cli_report_domain_text(const crease_domain *domain, size_t inputs)
{
    crease_domain_canonical(domain, inputs, print_text, stdout);
    return finish();
}

bool crease_cli_report_info(const cli_options *options, const crease_network *network)
{
    if (options->canonical) {
        crease_network_canonical(network, print_text, stdout);
        return finish();
    }
    if (options->json)
        return crease_cli_print_object(info_json(options, network), DIGITS);
    print_info(options, network);
    return finish();
}

bool crease_cli_report_converted(const cli_options *options, const crease_network *network)
{
    if (options->json) {
        json_t *object = info_json(options, network);
        json_object_set_new(object, "output", json_string(crease_cli_output_name(options)));
        return crease_cli_print_object(object, DIGITS);
    }
    print_info(options, network);
    printf("written    %s\n", crease_cli_output_name(options));
    return finish();
}
