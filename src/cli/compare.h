/* Networks with their counts and the bounds on them. */
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
    /* Among the bounds that apply: the least upper bound, the least upper bound that holds for
     * every network of this architecture, the greatest lower bound.  NULL: there is none. */
    const crease_bound *upper, *upper_architecture, *lower;
    crease_result result; /* all zero until it is counted */
} cli_entry;

typedef struct {
    size_t count;
    cli_entry *entry;
    size_t counted; /* entries 0 to counted - 1 have a result */
} cli_comparison;

/* Is the value of a less than that of b?  Both are whole numbers. */
bool crease_cli_bound_less(const crease_bound *a, const crease_bound *b);

/* The least upper bound that applies; NULL: there is none. */
const crease_bound *crease_cli_least_upper(const crease_bounds *bounds);

/* Reads every network, and works out its bounds.  The comparison is to be given to
 * crease_cli_compare_free, whatever is returned. */
crease_status crease_cli_compare_read(const cli_options *options, cli_comparison *comparison,
                                      crease_error *error);

/* Counts one network after the other, until a signal comes. */
crease_status crease_cli_compare_count(const cli_options *options, cli_comparison *comparison,
                                       crease_error *error);

void crease_cli_compare_free(cli_comparison *comparison);

/* Are all counted, and all counts complete? */
bool crease_cli_compare_complete(const cli_comparison *comparison);

/* log10 of the count, of which there is at least 1, and of the count over the bound. */
double crease_cli_log10_count(const crease_result *result);
double crease_cli_log10_ratio(const crease_result *result, const crease_bound *bound);

#endif
