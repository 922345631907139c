#include "cli/scope.h"

#include "base/status.h"
#include "cli/progress.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static crease_status read_slice(const cli_options *options, cli_scope *scope, crease_error *error)
{
    crease_network *sliced;
    crease_status status = crease_slice_read_with(options->slice, options->read.weights,
                                                  scope->network, &sliced, error);
    if (status)
        return status;
    crease_network_free(scope->network);
    scope->network = sliced;
    return CREASE_OK;
}

static crease_status read_property(const cli_options *options, cli_scope *scope,
                                   crease_error *error)
{
    crease_status status = crease_property_read(
        options->vnnlib, crease_network_inputs(scope->network), &scope->property, error);
    if (status)
        return status;
    size_t parts = crease_property_parts(scope->property);
    size_t ignored = crease_property_ignored(scope->property);
    if (options->part > parts)
        return crease_fail(error, CREASE_INPUT, "%s: part %zu of a property of %zu",
                           options->vnnlib, options->part, parts);
    scope->first = options->part ? options->part : 1;
    scope->end = options->part ? options->part : parts;
    if (ignored && !options->quiet)
        fprintf(stderr, "%s: %s: %zu inequalit%s with outputs left out\n",
                program_invocation_short_name, options->vnnlib, ignored,
                ignored == 1 ? "y" : "ies");
    return CREASE_OK;
}

crease_status crease_cli_scope_open(const cli_options *options, const char *path, cli_scope *scope,
                                    crease_error *error)
{
    *scope = (cli_scope){.first = 1, .end = 1};
    crease_status status = crease_network_read_with(path, &options->read, &scope->network, error);
    if (!status)
        crease_cli_progress_notes(options, path, scope->network);
    if (!status && options->slice)
        status = read_slice(options, scope, error);
    if (!status && options->vnnlib)
        status = read_property(options, scope, error);
    return status;
}

void crease_cli_scope_close(cli_scope *scope)
{
    crease_network_free(scope->network);
    crease_property_free(scope->property);
}

crease_status crease_cli_part_open(const cli_options *options, const cli_scope *scope, size_t i,
                                   cli_part *part, crease_error *error)
{
    size_t inputs = crease_network_inputs(scope->network);
    *part = (cli_part){.network = scope->network};
    if (options->box)
        return crease_domain_box(options->box, inputs, &part->domain, error);
    if (options->domain)
        return crease_domain_read_with(options->domain, options->read.weights, inputs,
                                       &part->domain, error);
    if (!scope->property)
        return CREASE_OK;
    crease_status status = crease_property_part(scope->property, i - 1, scope->network, &part->own,
                                                &part->domain, error);
    part->network = part->own ? part->own : scope->network;
    return status;
}

void crease_cli_part_close(cli_part *part)
{
    crease_network_free(part->own);
    crease_domain_free(part->domain);
}

crease_status crease_cli_part_only(const cli_options *options, const cli_scope *scope,
                                   cli_part *part, crease_error *error)
{
    *part = (cli_part){.network = scope->network};
    if (scope->first < scope->end)
        return crease_fail(error, CREASE_INPUT,
                           "%s: a property of %zu parts: choose one with --part", options->vnnlib,
                           scope->end);
    return crease_cli_part_open(options, scope, scope->first, part, error);
}

const char *crease_cli_domain_name(const cli_options *options)
{
    return options->box      ? options->box
           : options->domain ? options->domain
           : options->vnnlib ? options->vnnlib
                             : "R^n";
}

void crease_cli_domain_words(const cli_options *options, size_t inputs, char text[CLI_DOMAIN])
{
    const char *name = crease_cli_domain_name(options);
    if (options->vnnlib && options->part)
        snprintf(text, CLI_DOMAIN, "property %.300s, part %zu", name, options->part);
    else if (options->box || options->domain || options->vnnlib)
        snprintf(text, CLI_DOMAIN, "%s%.300s",
                 options->box      ? "box "
                 : options->domain ? "half-spaces of "
                                   : "property ",
                 name);
    else if (inputs)
        snprintf(text, CLI_DOMAIN, "all of R^%zu", inputs);
    else
        snprintf(text, CLI_DOMAIN, "all of R^n");
    if (options->slice)
        snprintf(text + strlen(text), CLI_DOMAIN - strlen(text), ", on the slice %.60s",
                 options->slice);
}
