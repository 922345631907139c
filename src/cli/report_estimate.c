#include "cli/report.h"

#include "base/total.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DIGITS = 12 };

/* Replicates that spread more than this have intervals that hold the count too rarely (measured).
 */
static const double wide_spread = 0.5;
/* Of those that spread more than this, few hold most of the estimate. */
static const double no_convergence = 1;

static json_t *estimation_json(const cli_options *options, const crease_network *network,
                               const crease_estimation *e, const crease_bound *upper)
{
    bool any = e->replicates > 0;
    json_t *most = upper ? crease_total_json_exact(upper->value) : json_null();
    return json_pack(
        "{s:o, s:o, s:o, s:o, s:f, s:o, s:o, s:b, s:I, s:o, s:o, s:b, s:o, s:o, s:o, s:b, s:s, "
        "s:s, s:o,"
        " s:i, s:I, s:f, s:o}",
        "estimate", any ? crease_cli_real(e->estimate) : json_null(), "standard_error",
        crease_cli_known(e->standard_error), "low", crease_cli_known(e->low), "high",
        crease_cli_known(e->high), "confidence", e->confidence, "least",
        e->least > 0 ? json_real(e->least) : json_null(), "least_confidence",
        e->least > 0 ? json_real(e->least_confidence) : json_null(), "exact", e->exact,
        "replicates", (json_int_t)e->replicates, "leaves", crease_total_json(e->leaves), "spread",
        crease_cli_known(e->spread), "converges",
        e->exact || (e->spread >= 0 && e->spread <= no_convergence), "largest_share",
        any ? json_real(e->largest_share) : json_null(), "proved_lower",
        crease_total_json(e->proved_lower), "proved_upper", most, "complete", e->complete,
        "stopped", crease_cli_stop_name(e->stopped), "domain", crease_cli_domain_name(options),
        "seed", crease_total_json(options->count.seed), "threads", e->threads, "dimension",
        (json_int_t)e->dimension, "seconds", e->seconds, "network",
        crease_cli_describe_network(options->network, network));
}

const char *crease_cli_number(double value, char text[CLI_NUMBER])
{
    if (value < 1e6 || !isfinite(value)) {
        snprintf(text, CLI_NUMBER, "%.0f", value);
        return text;
    }
    int power = (int)floor(log10(value));
    snprintf(text, CLI_NUMBER, "%.2fe%d", value / pow(10, power), power);
    return text;
}

static void print_proved(const crease_estimation *e, const crease_bound *upper)
{
    char text[CLI_VALUE];
    printf("           at least %" PRIu64, e->proved_lower);
    if (upper) {
        crease_cli_bound_value(upper, text, sizeof text);
        printf(" and at most %s", text);
    }
    printf(", proved");
    if (e->least > 0)
        printf("; at least %s with %g %% confidence, without assumptions",
               crease_cli_number(e->least, text), 100 * e->least_confidence);
    putchar('\n');
}

static void print_estimate(const crease_estimation *e, const crease_bound *upper)
{
    char mean[CLI_NUMBER], low[CLI_NUMBER], high[CLI_NUMBER];
    if (e->exact && e->complete) {
        printf("regions    %" PRIu64 ", all of them counted, proved\n", e->proved_lower);
        return;
    }
    if (!e->replicates)
        printf("regions    no estimate, stopped %s\n", crease_cli_stop_name(e->stopped));
    else
        printf("regions    about %s", crease_cli_number(e->estimate, mean));
    if (e->replicates && e->standard_error >= 0)
        printf("  (%s to %s with %g %% confidence; unbiased, not proved)\n",
               crease_cli_number(e->low, low), crease_cli_number(e->high, high),
               100 * e->confidence);
    else if (e->replicates)
        printf("  (not proved)\n");
    print_proved(e, upper);
    if (!e->replicates)
        printf(
            "warning    the estimate does not converge with this much work: none of its %d parts "
            "was finished\n",
            CREASE_REPLICATES);
    if (!e->complete && e->replicates)
        printf("warning    stopped %s after %zu of %d replicates: the estimate tends to be too "
               "low\n",
               crease_cli_stop_name(e->stopped), e->replicates, CREASE_REPLICATES);
    if (e->spread > no_convergence)
        printf(
            "warning    the estimate does not converge with this much work: the replicates spread "
            "by %.0f %%, and one part is %.0f %% of it\n",
            100 * e->spread, 100 * e->largest_share);
    else if (e->spread > wide_spread)
        printf(
            "warning    the replicates spread by %.0f %%: the interval may be too narrow; give it "
            "more time\n",
            100 * e->spread);
}

/* Of a whole number in decimal. */
static double log10_of(const char *digits)
{
    enum { FIRST = 15 };
    char first[FIRST + 1];
    snprintf(first, sizeof first, "%.*s", FIRST, digits);
    return log10(strtod(first, NULL)) + (double)(strlen(digits) - strlen(first));
}

/* The least of the bounds and of that of the estimate, which becomes own; NULL: there is none. */
static const crease_bound *least_upper(const crease_estimation *e, const crease_bounds *bounds,
                                       crease_bound *own)
{
    const crease_bound *other = bounds ? crease_cli_least_upper(bounds) : NULL;
    *own = (crease_bound){.value = e->proved_upper, .log10 = log10_of(e->proved_upper)};
    if (!*e->proved_upper)
        return other;
    return other && crease_cli_bound_less(other, own) ? other : own;
}

bool crease_cli_report_estimate(const cli_options *options, const crease_network *network,
                                const crease_estimation *e, const crease_bounds *bounds)
{
    crease_bound own;
    const crease_bound *upper = least_upper(e, bounds, &own);
    if (options->json)
        return crease_cli_print_object(estimation_json(options, network, e, upper), DIGITS);
    if (options->quiet) {
        printf("%.*g\n", DIGITS, e->estimate);
        return fflush(stdout) == 0 && !ferror(stdout);
    }
    crease_cli_print_network(options, network, e->dimension);
    print_estimate(e, upper);
    printf("time       %.3g s, %zu replicate%s, %" PRIu64 " leaves", e->seconds, e->replicates,
           e->replicates == 1 ? "" : "s", e->leaves);
    if (e->standard_error >= 0 && !e->exact)
        printf(", standard error %.2g %%", 100 * e->standard_error / fmax(e->estimate, 1));
    printf(", %d thread%s\n", e->threads, e->threads == 1 ? "" : "s");
    crease_cli_print_kept(options, e->complete);
    return fflush(stdout) == 0 && !ferror(stdout);
}
