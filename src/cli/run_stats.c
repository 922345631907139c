#include "cli/run_regions.h"

#include "base/total.h"
#include "cli/exit.h"
#include "cli/progress.h"
#include "cli/report.h"
#include "cli/signals.h"

#include <crease_regions.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

enum { BAR = 40, DIGITS = 9, MOST_ROWS = 24 };

typedef struct {
    uint64_t *count; /* most + 1 */
    size_t most;
} histogram;

static histogram facets_of(const crease_region_stats *stats)
{
    return (histogram){stats->facets, stats->most_facets};
}

static histogram active_of(const crease_region_stats *stats)
{
    return (histogram){stats->active, stats->units};
}

static double mean(histogram h, uint64_t regions)
{
    double sum = 0;
    for (size_t i = 0; i <= h.most; i++)
        sum += (double)i * (double)h.count[i];
    return regions ? sum / (double)regions : 0;
}

static double share(uint64_t part, uint64_t all)
{
    return all ? (double)part / (double)all : 0;
}

/* ---- For a person ---- */

/* A bar for each value from the least to the largest, for several values at once if they are
 * many. */
static void print_bars(const char *name, histogram h, uint64_t regions)
{
    size_t low = 0, high = h.most;
    while (low < high && !h.count[low])
        low++;
    while (high > low && !h.count[high])
        high--;
    size_t step = (high - low) / MOST_ROWS + 1;
    uint64_t largest = 1, sums[MOST_ROWS + 1] = {0};
    for (size_t i = low; i <= high; i++) {
        uint64_t *sum = &sums[(i - low) / step];
        *sum += h.count[i];
        largest = *sum > largest ? *sum : largest;
    }
    printf("%-11smean %.4g, from %zu to %zu\n", name, mean(h, regions), low, high);
    for (size_t i = low; i <= high; i += step) {
        uint64_t sum = sums[(i - low) / step];
        printf("%*zu%s  %10llu  ", 15, i, step > 1 ? "+" : " ", (unsigned long long)sum);
        for (double k = 0; k < (double)BAR * share(sum, largest); k++)
            putchar('#');
        putchar('\n');
    }
}

static void print_layers(const crease_region_stats *stats)
{
    printf("layer      %5s  %16s  %12s  %8s  %8s\n", "units", "regions after", "active, mean",
           "always", "never");
    for (size_t k = 0; k < stats->layers; k++) {
        const crease_layer_stats *own = &stats->layer[k];
        printf("%-9zu  %5zu  %16llu  %12.4g  %8zu  %8zu\n", own->layer, own->units,
               (unsigned long long)own->regions, share(own->active, stats->regions), own->always,
               own->never);
    }
}

static void print_norm(const crease_region_stats *stats, const char *name,
                       const crease_norm_stats *norm)
{
    char *end;
    double value = strtod(norm->value, &end);
    if (*end == '/')
        value /= strtod(end + 1, NULL);
    printf("%-11s%.9g, at ", name, value);
    for (size_t j = 0; j < stats->inputs; j++)
        printf("%s%.6g", j ? ", " : "", norm->point[j]);
    putchar('\n');
}

static void print_stats(const cli_options *options, const crease_region_stats *stats,
                        const crease_result *result)
{
    char domain[CLI_DOMAIN];
    crease_cli_domain_words(options, stats->inputs, domain);
    printf("network    %s\ndomain     %s\n", options->network, domain);
    printf("regions    %s%llu, ", result->complete ? "" : "at least ",
           (unsigned long long)stats->regions);
    if (result->complete)
        printf("complete, proved\n");
    else
        printf("stopped %s; the numbers below are of these regions\n",
               crease_cli_stop_name(result->stopped));
    printf("bounded    %llu, %.4g %%\n", (unsigned long long)stats->bounded,
           100 * share(stats->bounded, stats->regions));
    print_layers(stats);
    print_bars("facets", facets_of(stats), stats->regions);
    print_bars("active", active_of(stats), stats->regions);
    if (stats->normed) {
        print_norm(stats, "norm l1", &stats->from_l1);
        print_norm(stats, "norm linf", &stats->from_linf);
    }
}

/* ---- For programs ---- */

static void print_csv(const crease_region_stats *stats)
{
    printf("name,index,value\nregions,,%llu\nbounded,,%llu\n", (unsigned long long)stats->regions,
           (unsigned long long)stats->bounded);
    for (size_t k = 0; k < stats->layers; k++) {
        const crease_layer_stats *own = &stats->layer[k];
        printf("units,%zu,%zu\nregions_after,%zu,%llu\nactive_sum,%zu,%llu\nalways,%zu,%zu\n"
               "never,%zu,%zu\n",
               own->layer, own->units, own->layer, (unsigned long long)own->regions, own->layer,
               (unsigned long long)own->active, own->layer, own->always, own->layer, own->never);
    }
    for (size_t i = 0; i <= stats->most_facets; i++)
        printf("facets,%zu,%llu\n", i, (unsigned long long)stats->facets[i]);
    for (size_t i = 0; i <= stats->units; i++)
        printf("active,%zu,%llu\n", i, (unsigned long long)stats->active[i]);
    if (stats->normed)
        printf("norm_l1,,%s\nnorm_linf,,%s\n", stats->from_l1.value, stats->from_linf.value);
}

static json_t *histogram_json(histogram h)
{
    json_t *list = json_array();
    for (size_t i = 0; i <= h.most; i++)
        json_array_append_new(list, crease_total_json(h.count[i]));
    return list;
}

static json_t *norm_json(const crease_region_stats *stats, const crease_norm_stats *norm)
{
    json_t *point = json_array();
    for (size_t j = 0; j < stats->inputs; j++)
        json_array_append_new(point, json_real(norm->point[j]));
    return json_pack("{s:s, s:o}", "value", norm->value, "point", point);
}

static json_t *describe(const cli_options *options, const crease_region_stats *stats,
                        const crease_result *result)
{
    json_t *layers = json_array();
    for (size_t k = 0; k < stats->layers; k++) {
        const crease_layer_stats *own = &stats->layer[k];
        json_array_append_new(layers,
                              json_pack("{s:I, s:I, s:o, s:f, s:I, s:I}", "layer",
                                        (json_int_t)own->layer, "units", (json_int_t)own->units,
                                        "regions_after", crease_total_json(own->regions),
                                        "active_mean", share(own->active, stats->regions), "always",
                                        (json_int_t)own->always, "never", (json_int_t)own->never));
    }
    json_t *object = json_pack(
        "{s:s, s:s, s:o, s:b, s:o, s:o, s:f, s:o, s:f, s:o}", "network", options->network, "domain",
        crease_cli_domain_name(options), "regions", crease_total_json(stats->regions), "complete",
        result->complete, "bounded", crease_total_json(stats->bounded), "layers", layers,
        "facets_mean", mean(facets_of(stats), stats->regions), "facets",
        histogram_json(facets_of(stats)), "active_mean", mean(active_of(stats), stats->regions),
        "active", histogram_json(active_of(stats)));
    if (object && stats->normed) {
        json_object_set_new(object, "norm_l1", norm_json(stats, &stats->from_l1));
        json_object_set_new(object, "norm_linf", norm_json(stats, &stats->from_linf));
    }
    return object;
}

int crease_cli_run_stats(cli_options *options, const cli_scope *scope)
{
    crease_error error;
    crease_region_stats stats;
    crease_result result;
    cli_part part;
    options->count.stop = crease_cli_catch_signals();
    crease_cli_progress_setup(options);
    crease_status status = crease_cli_part_only(options, scope, &part, &error);
    if (!status)
        status = crease_regions_stats(part.network, part.domain, &options->count, options->norms,
                                      &stats, &result, &error);
    crease_cli_part_close(&part);
    if (status)
        return crease_cli_fail_by(status, &error);
    crease_cli_progress_finish();
    bool good = true;
    if (options->json)
        good = crease_cli_print_object(describe(options, &stats, &result), DIGITS);
    else if (options->csv)
        print_csv(&stats);
    else
        print_stats(options, &stats, &result);
    good = fflush(stdout) == 0 && !ferror(stdout) && good;
    crease_region_stats_free(&stats);
    int code = crease_cli_written(good);
    return code || result.complete ? code : CLI_STOPPED;
}
