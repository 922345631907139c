#include "cli/compare.h"

#include "base/memory.h"
#include "base/status.h"
#include "cli/progress.h"

#include <gmp.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

bool crease_cli_bound_less(const crease_bound *a, const crease_bound *b)
{
    mpz_t x, y;
    mpz_init_set_str(x, a->value, 10);
    mpz_init_set_str(y, b->value, 10);
    bool less = mpz_cmp(x, y) < 0;
    mpz_clears(x, y, NULL);
    return less;
}

static bool is_upper(const crease_bound *b)
{
    return b->applies && (b->kind == CREASE_BOUND_EXACT || b->kind == CREASE_BOUND_UPPER);
}

const crease_bound *crease_cli_least_upper(const crease_bounds *bounds)
{
    const crease_bound *least = NULL;
    for (size_t i = 0; i < crease_bounds_count(bounds); i++) {
        const crease_bound *b = crease_bounds_get(bounds, i);
        if (is_upper(b) && (!least || crease_cli_bound_less(b, least)))
            least = b;
    }
    return least;
}

/* The first of the best. */
static void choose_bounds(cli_entry *entry)
{
    entry->upper = crease_cli_least_upper(entry->bounds);
    for (size_t i = 0; i < crease_bounds_count(entry->bounds); i++) {
        const crease_bound *b = crease_bounds_get(entry->bounds, i);
        bool exact = b->kind == CREASE_BOUND_EXACT;
        if (!b->applies)
            continue;
        if (is_upper(b) && !b->network &&
            (!entry->upper_architecture || crease_cli_bound_less(b, entry->upper_architecture)))
            entry->upper_architecture = b;
        if ((exact || b->kind == CREASE_BOUND_LOWER) &&
            (!entry->lower || crease_cli_bound_less(entry->lower, b)))
            entry->lower = b;
    }
}

static crease_status read_entry(const cli_options *options, cli_entry *entry, crease_error *error)
{
    crease_error why;
    crease_status status = crease_cli_scope_open(options, entry->file, &entry->scope, error);
    if (status)
        return status;
    status = crease_cli_part_only(options, &entry->scope, &entry->part, &why);
    entry->network = entry->part.network;
    if (!status)
        status = crease_bounds_network(entry->network, entry->part.domain, 0, &entry->bounds, &why);
    if (status)
        return crease_fail(error, status, "%s: %s", entry->file, why.text);
    choose_bounds(entry);
    return CREASE_OK;
}

crease_status crease_cli_compare_read(const cli_options *options, cli_comparison *comparison,
                                      crease_error *error)
{
    crease_status status = CREASE_OK;
    *comparison =
        (cli_comparison){.count = options->file_count,
                         .entry = crease_alloc(options->file_count, sizeof *comparison->entry)};
    for (size_t i = 0; i < comparison->count && !status; i++) {
        comparison->entry[i].file = options->files[i].path;
        comparison->entry[i].series = options->files[i].series;
        status = read_entry(options, &comparison->entry[i], error);
    }
    return status;
}

crease_status crease_cli_compare_count(const cli_options *options, cli_comparison *comparison,
                                       crease_error *error)
{
    const crease_flag *stop = options->count.stop;
    for (size_t i = 0; i < comparison->count; i++) {
        cli_entry *entry = &comparison->entry[i];
        crease_error why;
        if (stop && *stop)
            break;
        crease_status status =
            crease_count(entry->network, entry->part.domain, &options->count, &entry->result, &why);
        if (status)
            return crease_fail(error, status, "%s: %s", entry->file, why.text);
        comparison->counted = i + 1;
    }
    return CREASE_OK;
}

void crease_cli_compare_free(cli_comparison *comparison)
{
    for (size_t i = 0; i < comparison->count; i++) {
        crease_bounds_free(comparison->entry[i].bounds);
        crease_cli_part_close(&comparison->entry[i].part);
        crease_cli_scope_close(&comparison->entry[i].scope);
    }
    free(comparison->entry);
}

bool crease_cli_compare_complete(const cli_comparison *comparison)
{
    bool complete = comparison->counted == comparison->count;
    for (size_t i = 0; i < comparison->counted; i++)
        complete = complete && comparison->entry[i].result.complete;
    return complete;
}

double crease_cli_log10_count(const crease_result *result)
{
    return log10(fmax(1, strtod(result->digits, NULL)));
}

double crease_cli_log10_ratio(const crease_result *result, const crease_bound *bound)
{
    return crease_cli_log10_count(result) - bound->log10;
}
