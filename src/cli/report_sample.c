#include "cli/report.h"

#include "base/total.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

enum { DIGITS = 12, WIDTH = 10 };

static const char *name_of(crease_sample_by by)
{
    return by == CREASE_SAMPLE_REGION ? "region" : by == CREASE_SAMPLE_VOLUME ? "volume" : "data";
}

static json_t *means_json(const crease_means *means, const crease_sample_result *result)
{
    json_t *object = json_object();
    for (size_t i = 0; i < crease_means_count(means); i++) {
        crease_mean m = crease_means_get(means, i, result);
        json_object_set_new(object, m.name,
                            json_pack("{s:o, s:o}", "mean", crease_cli_real(m.mean),
                                      "standard_error", crease_cli_known(m.standard_error)));
    }
    return object;
}

static json_t *sample_json(const cli_options *options, const crease_network *network,
                           const crease_sample_result *r, const crease_means *means)
{
    return json_pack("{s:s, s:o, s:f, s:o, s:b, s:b, s:s, s:o, s:s, s:o, s:i, s:I, s:f, s:o}", "by",
                     name_of(options->sample.by), "drawn", crease_total_json(r->regions), "total",
                     r->total, "standard_error", crease_cli_known(r->standard_error), "all", r->all,
                     "complete", r->complete, "stopped", crease_cli_stop_name(r->stopped), "means",
                     means ? means_json(means, r) : json_null(), "domain",
                     crease_cli_domain_name(options), "seed",
                     crease_total_json(options->count.seed), "threads", r->threads, "dimension",
                     (json_int_t)r->dimension, "seconds", r->seconds, "network",
                     crease_cli_describe_network(options->network, network));
}

static void print_means(const crease_means *means, const crease_sample_result *result)
{
    for (size_t i = 0; i < crease_means_count(means); i++) {
        crease_mean m = crease_means_get(means, i, result);
        if (isnan(m.mean)) {
            printf("%-*s not known\n", WIDTH, m.name);
            continue;
        }
        printf("%-*s mean %.6g", WIDTH, m.name, m.mean);
        if (m.standard_error > 0)
            printf(", standard error %.2g", m.standard_error);
        putchar('\n');
    }
}

bool crease_cli_report_sample(const cli_options *options, const crease_network *network,
                              const crease_sample_result *r, const crease_means *means)
{
    char text[CLI_NUMBER];
    if (options->json)
        return crease_cli_print_object(sample_json(options, network, r, means), DIGITS);
    if (options->quiet) {
        printf("%zu\n", r->regions);
        return fflush(stdout) == 0 && !ferror(stdout);
    }
    crease_cli_print_network(options, network, r->dimension);
    printf("sample     %zu regions by %s", r->regions, name_of(options->sample.by));
    if (r->all)
        printf(", all that there are");
    if (!r->complete)
        printf(", stopped %s", crease_cli_stop_name(r->stopped));
    putchar('\n');
    if (options->sample.by == CREASE_SAMPLE_REGION && !r->all && r->total > 0)
        printf("regions    about %s, standard error %.2g %%\n", crease_cli_number(r->total, text),
               100 * r->standard_error / r->total);
    if (means)
        print_means(means, r);
    printf("time       %.3g s, %d thread%s\n", r->seconds, r->threads, r->threads == 1 ? "" : "s");
    return fflush(stdout) == 0 && !ferror(stdout);
}
