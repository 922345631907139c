/* Results on standard output, as text, as JSON or, of a comparison, as CSV. */
#ifndef CREASE_CLI_REPORT_H
#define CREASE_CLI_REPORT_H

#include <crease_bounds.h>
#include <crease_sample.h>

#include "bound/make.h"
#include "cli/compare.h"
#include "cli/options.h"

#include <jansson.h>

/* These return false if standard output could not be written.  A count in JSON is appended to parts
 * instead if parts is not NULL; crease_cli_report_parts then prints them all and frees parts. */
bool crease_cli_report_count(const cli_options *options, const crease_network *network,
                             const crease_result *result, json_t *parts);
bool crease_cli_report_parts(const cli_options *options, json_t *parts, bool complete);
bool crease_cli_report_info(const cli_options *options, const crease_network *network);
bool crease_cli_report_domain_text(const crease_domain *domain, size_t inputs);
bool crease_cli_report_converted(const cli_options *options, const crease_network *network);
/* network: NULL if the bounds are of widths. */
bool crease_cli_report_bounds(const cli_options *options, const crease_network *network,
                              const crease_bounds *bounds);
bool crease_cli_report_made(const cli_options *options, const crease_made *made);
bool crease_cli_report_comparison(const cli_options *options, const cli_comparison *comparison);

/* bounds: of the network in its domain; NULL: there are none. */
bool crease_cli_report_estimate(const cli_options *options, const crease_network *network,
                                const crease_estimation *estimation, const crease_bounds *bounds);

/* means: NULL if none were asked for. */
bool crease_cli_report_sample(const cli_options *options, const crease_network *network,
                              const crease_sample_result *result, const crease_means *means);

/* "1.71e10", "254551": all digits of whole numbers below a million, three of larger ones. */
enum { CLI_NUMBER = 40 };
const char *crease_cli_number(double value, char text[CLI_NUMBER]);

/* null instead of an infinite value or NaN, which JSON does not have; the second one: of a negative
 * one as well, which is not known. */
json_t *crease_cli_real(double value);
json_t *crease_cli_known(double value);

/* Prints the object, real numbers with this many digits, and frees it.  False if it could not be
 * printed. */
bool crease_cli_print_object(json_t *object, int digits);

/* The object that count prints, with options->network as the file. */
json_t *crease_cli_describe_count(const cli_options *options, const crease_network *network,
                                  const crease_result *result);

/* Where to go on from, if the run is not complete and has a checkpoint. */
void crease_cli_print_kept(const cli_options *options, bool complete);

/* The file and the architecture, as an object, and as text with the domain. */
json_t *crease_cli_describe_network(const char *file, const crease_network *network);
void crease_cli_print_network(const cli_options *options, const crease_network *network,
                              size_t dimension);

/* Adds the activations, ranks and carried units of all layers to an object. */
void crease_cli_describe_layers(json_t *object, const crease_network *network);

/* One row of the bounds as an object. */
json_t *crease_cli_describe_bound(const crease_bound *bound);

/* "Serra et al. 2018, Theorem 1 [c]" */
enum { CLI_NAME = 80 };
void crease_cli_bound_name(const crease_bound *bound, char *text, size_t size);

/* "" for CREASE_STOP_NONE, otherwise where a count stopped: "at the time limit". */
const char *crease_cli_stop_name(crease_stop stopped);

/* The value of a bound that applies: all digits if it is a whole number of at most CLI_MAX_DIGITS,
 * otherwise six of them. */
enum { CLI_MAX_DIGITS = 22, CLI_VALUE = 64 };
void crease_cli_bound_value(const crease_bound *bound, char *text, size_t size);

#endif
