#include "cli/report_stats.h"

#include "base/total.h"
#include "cli/report.h"
#include "cli/scope.h"

#include <gmp.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { BAR = 40, MOST_ROWS = 24 };

typedef struct {
    uint64_t *count; /* most + 1 */
    size_t most;
} histogram;

static histogram facets_of(const crease_region_stats *stats)
{
    return (histogram){stats->facets, stats->most_facets};
}

static histogram neighbours_of(const crease_region_stats *stats)
{
    return (histogram){stats->neighbours, stats->most_facets};
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

static void print_bar(double part)
{
    for (double k = 0; k < BAR * part; k++)
        putchar('#');
    putchar('\n');
}

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
        print_bar(share(sum, largest));
    }
}

static void print_layers(const crease_region_stats *stats)
{
    printf("layer      %5s  %16s  %12s  %8s  %8s  %8s\n", "units", "regions after", "active, mean",
           "always", "never", "constant");
    for (size_t k = 0; k < stats->layers; k++) {
        const crease_layer_stats *own = &stats->layer[k];
        char regions[24] = "";
        if (own->regions)
            snprintf(regions, sizeof regions, "%llu", (unsigned long long)own->regions);
        printf("%-9zu  %5zu  %16s  %12.4g  %8zu  %8zu  %8zu\n", own->layer, own->units, regions,
               share(own->active, stats->regions), own->always, own->never, own->constant);
    }
}

static double value_of(const crease_norm_stats *norm)
{
    mpq_t value;
    mpq_init(value);
    mpq_set_str(value, norm->value, 10);
    double near = mpq_get_d(value);
    mpq_clear(value);
    return near;
}

static void print_norm(const crease_region_stats *stats, const char *name, double value,
                       const double *point)
{
    printf("%-11s%.9g, at ", name, value);
    for (size_t j = 0; j < stats->inputs; j++)
        printf("%s%.6g", j ? ", " : "", point[j]);
    putchar('\n');
}

/* "5", or "5 to 7" */
static void print_range(const char *name, size_t low, size_t high)
{
    printf("%-11s%zu", name, low);
    if (high > low)
        printf(" to %zu", high);
    putchar('\n');
}

/* In how many regions there are points. */
static uint64_t populated(const crease_region_stats *stats)
{
    uint64_t hit = 0;
    for (size_t i = 1; stats->populations && i <= stats->most_points; i++)
        hit += stats->populations[i];
    return hit;
}

static void print_data(const crease_region_stats *stats)
{
    printf("data       %llu points in %llu regions, at most %zu in one",
           (unsigned long long)stats->points, (unsigned long long)populated(stats),
           stats->most_points);
    if (stats->points_outside)
        printf("; %llu outside the domain", (unsigned long long)stats->points_outside);
    putchar('\n');
}

static void print_volumes(const crease_region_stats *stats)
{
    uint64_t largest = 1;
    printf("volumes    from %.9g to %.9g; at least, and less than twice that:\n",
           stats->least_volume, stats->largest_volume);
    for (size_t k = 0; k < stats->volume_count; k++)
        largest = stats->volume[k] > largest ? stats->volume[k] : largest;
    for (size_t k = 0; k < stats->volume_count; k++) {
        printf("%15.3g   %10llu  ", ldexp(1, stats->first_volume + (int)k),
               (unsigned long long)stats->volume[k]);
        print_bar(share(stats->volume[k], largest));
    }
}

/* What was asked for besides. */
static void print_parts(const crease_region_stats *stats, bool complete)
{
    if (stats->parts & CREASE_STATS_NORMS) {
        print_norm(stats, "norm l1", value_of(&stats->from_l1), stats->from_l1.point);
        print_norm(stats, "norm linf", value_of(&stats->from_linf), stats->from_linf.point);
        print_norm(stats, "norm l2", stats->from_l2.high, stats->from_l2.point);
    }
    if (stats->parts & CREASE_STATS_MAPS && complete)
        printf("maps       %llu, %.4g regions each\n", (unsigned long long)stats->maps,
               share(stats->regions, stats->maps));
    if (stats->parts & CREASE_STATS_GRAPH && complete) {
        print_range("radius", stats->spread.radius_low, stats->spread.radius_high);
        print_range("diameter", stats->spread.diameter_low, stats->spread.diameter_high);
    }
    if (stats->volume)
        print_volumes(stats);
    if (stats->populations)
        print_data(stats);
}

void crease_cli_print_stats(const cli_options *options, const crease_region_stats *stats,
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
        printf("stopped %s%s\n", crease_cli_stop_name(result->stopped),
               stats->regions ? "; the numbers below are of these regions" : "");
    if (!stats->regions)
        return;
    printf("bounded    %llu, %.4g %%\n", (unsigned long long)stats->bounded,
           100 * share(stats->bounded, stats->regions));
    print_layers(stats);
    print_bars("facets", facets_of(stats), stats->regions);
    if (mean(neighbours_of(stats), stats->regions) < mean(facets_of(stats), stats->regions))
        print_bars("neighbours", neighbours_of(stats), stats->regions);
    print_bars("active", active_of(stats), stats->regions);
    print_parts(stats, result->complete);
}

/* ---- For programs ---- */

static void print_csv_parts(const crease_region_stats *stats, bool complete)
{
    if (stats->parts & CREASE_STATS_NORMS)
        printf("norm_l1,,%s\nnorm_linf,,%s\nnorm_l2_low,,%.17g\nnorm_l2_high,,%.17g\n",
               stats->from_l1.value, stats->from_linf.value, stats->from_l2.low,
               stats->from_l2.high);
    if (stats->parts & CREASE_STATS_MAPS && complete)
        printf("maps,,%llu\n", (unsigned long long)stats->maps);
    if (stats->parts & CREASE_STATS_GRAPH && complete)
        printf("radius_low,,%zu\nradius_high,,%zu\ndiameter_low,,%zu\ndiameter_high,,%zu\n",
               stats->spread.radius_low, stats->spread.radius_high, stats->spread.diameter_low,
               stats->spread.diameter_high);
    if (stats->volume)
        printf("volume_least,,%.17g\nvolume_largest,,%.17g\n", stats->least_volume,
               stats->largest_volume);
    for (size_t k = 0; k < stats->volume_count; k++)
        printf("volumes,%d,%llu\n", stats->first_volume + (int)k,
               (unsigned long long)stats->volume[k]);
    if (!stats->populations)
        return;
    printf("points,,%llu\npoints_outside,,%llu\n", (unsigned long long)stats->points,
           (unsigned long long)stats->points_outside);
    for (size_t i = complete ? 0 : 1; i <= stats->most_points; i++)
        printf("populations,%zu,%llu\n", i, (unsigned long long)stats->populations[i]);
}

void crease_cli_print_stats_csv(const crease_region_stats *stats, const crease_result *result)
{
    printf("name,index,value\nregions,,%llu\ncomplete,,%d\nbounded,,%llu\n",
           (unsigned long long)stats->regions, result->complete,
           (unsigned long long)stats->bounded);
    for (size_t k = 0; k < stats->layers; k++) {
        const crease_layer_stats *own = &stats->layer[k];
        printf("units,%zu,%zu\n", own->layer, own->units);
        if (own->regions)
            printf("regions_after,%zu,%llu\n", own->layer, (unsigned long long)own->regions);
        printf("active_sum,%zu,%llu\nalways,%zu,%zu\nnever,%zu,%zu\nconstant,%zu,%zu\n", own->layer,
               (unsigned long long)own->active, own->layer, own->always, own->layer, own->never,
               own->layer, own->constant);
    }
    for (size_t i = 0; i <= stats->most_facets; i++)
        printf("facets,%zu,%llu\n", i, (unsigned long long)stats->facets[i]);
    for (size_t i = 0; i <= stats->most_facets; i++)
        printf("neighbours,%zu,%llu\n", i, (unsigned long long)stats->neighbours[i]);
    for (size_t i = 0; i <= stats->units; i++)
        printf("active,%zu,%llu\n", i, (unsigned long long)stats->active[i]);
    print_csv_parts(stats, result->complete);
}

static json_t *histogram_json(histogram h)
{
    json_t *list = json_array();
    for (size_t i = 0; i <= h.most; i++)
        json_array_append_new(list, crease_total_json(h.count[i]));
    return list;
}

static json_t *point_json(const crease_region_stats *stats, const double *point)
{
    json_t *list = json_array();
    for (size_t j = 0; j < stats->inputs; j++)
        json_array_append_new(list, json_real(point[j]));
    return list;
}

static json_t *norm_json(const crease_region_stats *stats, const crease_norm_stats *norm)
{
    return json_pack("{s:s, s:o}", "value", norm->value, "point", point_json(stats, norm->point));
}

/* All digits of a double, in a string. */
static json_t *digits_json(double value)
{
    char text[40];
    snprintf(text, sizeof text, "%.17g", value);
    return json_string(text);
}

static json_t *range_json(bool known, size_t low, size_t high)
{
    return known ? json_pack("[I, I]", (json_int_t)low, (json_int_t)high) : json_null();
}

static void describe_parts(json_t *object, const crease_region_stats *stats, bool complete)
{
    if (stats->parts & CREASE_STATS_NORMS) {
        json_object_set_new(object, "norm_l1", norm_json(stats, &stats->from_l1));
        json_object_set_new(object, "norm_linf", norm_json(stats, &stats->from_linf));
        json_object_set_new(object, "norm_l2",
                            json_pack("{s:o, s:o, s:o}", "low", digits_json(stats->from_l2.low),
                                      "high", digits_json(stats->from_l2.high), "point",
                                      point_json(stats, stats->from_l2.point)));
    }
    if (stats->parts & CREASE_STATS_MAPS)
        json_object_set_new(object, "maps",
                            complete ? crease_total_json(stats->maps) : json_null());
    if (stats->parts & CREASE_STATS_GRAPH) {
        const crease_graph_spread_bounds *b = &stats->spread;
        json_object_set_new(object, "radius", range_json(complete, b->radius_low, b->radius_high));
        json_object_set_new(object, "diameter",
                            range_json(complete, b->diameter_low, b->diameter_high));
    }
    if (stats->volume)
        json_object_set_new(
            object, "volumes",
            json_pack("{s:o, s:o, s:i, s:o}", "least", digits_json(stats->least_volume), "largest",
                      digits_json(stats->largest_volume), "exponent", stats->first_volume,
                      "regions",
                      histogram_json((histogram){stats->volume, stats->volume_count - 1})));
    if (!stats->populations)
        return;
    json_object_set_new(object, "points", crease_total_json(stats->points));
    json_object_set_new(object, "points_outside", crease_total_json(stats->points_outside));
    json_t *populations = histogram_json((histogram){stats->populations, stats->most_points});
    if (!complete)
        json_array_set_new(populations, 0, json_null());
    json_object_set_new(object, "populations", populations);
}

json_t *crease_cli_describe_stats(const cli_options *options, json_t *network,
                                  const crease_region_stats *stats, const crease_result *result)
{
    json_t *layers = json_array();
    for (size_t k = 0; k < stats->layers; k++) {
        const crease_layer_stats *own = &stats->layer[k];
        json_array_append_new(
            layers,
            json_pack("{s:I, s:I, s:o, s:f, s:I, s:I, s:I}", "layer", (json_int_t)own->layer,
                      "units", (json_int_t)own->units, "regions_after",
                      own->regions ? crease_total_json(own->regions) : json_null(), "active_mean",
                      share(own->active, stats->regions), "always", (json_int_t)own->always,
                      "never", (json_int_t)own->never, "constant", (json_int_t)own->constant));
    }
    json_t *object = json_pack(
        "{s:o, s:s, s:o, s:b, s:s, s:o, s:o, s:f, s:o, s:f, s:o, s:f, s:o}", "network", network,
        "domain", crease_cli_domain_name(options), "regions", crease_total_json(stats->regions),
        "complete", result->complete, "stopped", crease_cli_stop_name(result->stopped), "bounded",
        crease_total_json(stats->bounded), "layers", layers, "facets_mean",
        mean(facets_of(stats), stats->regions), "facets", histogram_json(facets_of(stats)),
        "neighbours_mean", mean(neighbours_of(stats), stats->regions), "neighbours",
        histogram_json(neighbours_of(stats)), "active_mean", mean(active_of(stats), stats->regions),
        "active", histogram_json(active_of(stats)));
    describe_parts(object, stats, result->complete);
    return object;
}

/* ---- One of several ---- */

/* The columns: a name, the width in text, and a value. */
enum {
    COLUMN_REGIONS,
    COLUMN_BOUNDED,
    COLUMN_FACETS,
    COLUMN_NEIGHBOURS,
    COLUMN_ACTIVE,
    COLUMN_CONSTANT,
    COLUMN_L1,
    COLUMN_LINF,
    COLUMN_L2,
    COLUMN_MAPS,
    COLUMN_RADIUS,
    COLUMN_DIAMETER,
    COLUMN_LEAST,
    COLUMN_LARGEST,
    COLUMN_HIT,
    COLUMN_MOST,
    COLUMNS
};

static const struct {
    const char *name;
    unsigned part; /* that it belongs to; 0: none */
    bool data;
} columns[COLUMNS] = {
    [COLUMN_REGIONS] = {"regions", 0, false},
    [COLUMN_BOUNDED] = {"bounded", 0, false},
    [COLUMN_FACETS] = {"facets_mean", 0, false},
    [COLUMN_NEIGHBOURS] = {"neighbours_mean", 0, false},
    [COLUMN_ACTIVE] = {"active_mean", 0, false},
    [COLUMN_CONSTANT] = {"constant", 0, false},
    [COLUMN_L1] = {"norm_l1", CREASE_STATS_NORMS, false},
    [COLUMN_LINF] = {"norm_linf", CREASE_STATS_NORMS, false},
    [COLUMN_L2] = {"norm_l2", CREASE_STATS_NORMS, false},
    [COLUMN_MAPS] = {"maps", CREASE_STATS_MAPS, false},
    [COLUMN_RADIUS] = {"radius", CREASE_STATS_GRAPH, false},
    [COLUMN_DIAMETER] = {"diameter", CREASE_STATS_GRAPH, false},
    [COLUMN_LEAST] = {"volume_least", CREASE_STATS_VOLUMES, false},
    [COLUMN_LARGEST] = {"volume_largest", CREASE_STATS_VOLUMES, false},
    [COLUMN_HIT] = {"populated", 0, true},
    [COLUMN_MOST] = {"most_points", 0, true},
};

static double column_value(const crease_region_stats *s, int column)
{
    double constant = 0;
    for (size_t k = 0; k < s->layers; k++)
        constant += (double)s->layer[k].constant;
    const double value[COLUMNS] = {
        [COLUMN_REGIONS] = (double)s->regions,
        [COLUMN_BOUNDED] = (double)s->bounded,
        [COLUMN_FACETS] = mean(facets_of(s), s->regions),
        [COLUMN_NEIGHBOURS] = mean(neighbours_of(s), s->regions),
        [COLUMN_ACTIVE] = mean(active_of(s), s->regions),
        [COLUMN_CONSTANT] = constant,
        [COLUMN_L1] = value_of(&s->from_l1),
        [COLUMN_LINF] = value_of(&s->from_linf),
        [COLUMN_L2] = s->from_l2.high,
        [COLUMN_MAPS] = (double)s->maps,
        [COLUMN_RADIUS] = (double)s->spread.radius_high,
        [COLUMN_DIAMETER] = (double)s->spread.diameter_low,
        [COLUMN_LEAST] = s->least_volume,
        [COLUMN_LARGEST] = s->largest_volume,
        [COLUMN_HIT] = (double)populated(s),
        [COLUMN_MOST] = (double)s->most_points,
    };
    return value[column];
}

static bool has_column(const cli_options *options, int column)
{
    unsigned part = columns[column].part;
    return (!part || options->stats & part) && (!columns[column].data || options->data);
}

void crease_cli_print_stats_names(const cli_options *options)
{
    fputs(options->csv ? "file,complete" : "complete", stdout);
    for (int i = 0; i < COLUMNS; i++)
        if (has_column(options, i))
            printf(options->csv ? ",%s" : "  %16s", columns[i].name);
    fputs(options->csv ? "\n" : "  network\n", stdout);
}

void crease_cli_print_quoted(const char *text)
{
    putchar('"');
    for (; *text; text++)
        printf(*text == '"' ? "\"\"" : "%c", *text);
    putchar('"');
}

void crease_cli_print_stats_row(const cli_options *options, const crease_region_stats *stats,
                                const crease_result *result)
{
    if (options->csv) {
        crease_cli_print_quoted(options->network);
        printf(",%d", result->complete);
    } else {
        printf("%-8s", result->complete ? "yes" : "no");
    }
    for (int i = 0; i < COLUMNS; i++) {
        bool known =
            result->complete || !(columns[i].part & (CREASE_STATS_MAPS | CREASE_STATS_GRAPH));
        if (has_column(options, i) && known)
            printf(options->csv ? ",%.17g" : "  %16.8g", column_value(stats, i));
        else if (has_column(options, i))
            printf(options->csv ? "," : "  %16s", "");
    }
    if (options->csv)
        putchar('\n');
    else
        printf("  %s\n", options->network);
}
