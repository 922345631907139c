/* Networks, their counts and the bounds on them, side by side. */
#ifndef CREASE_CLI_COMPARE_H
#define CREASE_CLI_COMPARE_H

#include <crease_bounds.h>

#include "cli/scope.h"

typedef struct {
    const char *file;
    const char *series; /* NULL: none */
    cli_scope scope;
    cli_part part;
    const crease_network *network; /* the part's, NULL until it is read */
    crease_bounds *bounds;
    /* Of the bounds that apply, NULL if there is none: the least upper one, the least one of the
     * architecture alone, the greatest lower one. */
    const crease_bound *upper, *upper_architecture, *lower;
    crease_result result; /* all zero until it is counted */
} cli_entry;

typedef struct {
    size_t count;
    cli_entry *entry;
    size_t counted; /* the first so many have a result */
} cli_comparison;

/* Reads every network, and works out its bounds.  The comparison is to be given to
 * crease_cli_compare_free, whatever is returned. */
crease_status crease_cli_compare_read(const cli_options *options, cli_comparison *comparison,
                                      crease_error *error);

/* Counts one after the other.  A signal ends that: what comes after is not counted. */
crease_status crease_cli_compare_count(const cli_options *options, cli_comparison *comparison,
                                       crease_error *error);

void crease_cli_compare_free(cli_comparison *comparison);

/* All are counted and complete. */
bool crease_cli_compare_complete(const cli_comparison *comparison);

/* log10 of the count, of which there is at least 1, and of the count over the bound. */
double crease_cli_log10_count(const crease_result *result);
double crease_cli_log10_ratio(const crease_result *result, const crease_bound *bound);

/* "4-16-16-3", from the inputs to the outputs, and the activations of the hidden layers: "relu", or
 * "relu,maxout 3" if they differ.  Both are malloc'd. */
char *crease_cli_widths_text(const crease_network *network);
char *crease_cli_units_text(const crease_network *network);

/* 10^x as text, of any size. */
void crease_cli_power_text(double x, char *text, size_t size);

/* One object; false if it could not be written. */
bool crease_cli_comparison_json(const cli_options *options, const cli_comparison *comparison);

/* A line of names, then one for each network and bound. */
void crease_cli_comparison_csv(const cli_options *options, const cli_comparison *comparison);

/* As a table, comma-separated values or JSON.  False if stdout could not be written. */
bool crease_cli_report_comparison(const cli_options *options, const cli_comparison *comparison);

/* What was counted, against its bounds, to options->plot. */
crease_status crease_cli_plot_comparison(const cli_options *options,
                                         const cli_comparison *comparison, crease_error *error);

#endif
