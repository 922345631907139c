#include "cli/plot_stats.h"

#include "base/memory.h"
#include "cli/report.h"
#include "draw/histogram.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT = 256 };

/* What is drawn, as far as it is there. */
enum { FACETS, NEIGHBOURS, ACTIVE, VOLUME, POINTS, KINDS };

static crease_bars bars_of(const crease_region_stats *s, int kind)
{
    switch (kind) {
    case FACETS: return (crease_bars){0, s->most_facets + 1, s->facets};
    case NEIGHBOURS: return (crease_bars){0, s->most_facets + 1, s->neighbours};
    case ACTIVE: return (crease_bars){0, s->units + 1, s->active};
    case VOLUME: return (crease_bars){s->first_volume, s->volume_count, s->volume};
    default:
        /* Most regions have no point. */
        return s->populations ? (crease_bars){1, s->most_points, s->populations + 1}
                              : (crease_bars){0, 0, NULL};
    }
}

static const char *name_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

crease_status crease_cli_plot_stats(const cli_options *options, const crease_region_stats *stats,
                                    crease_error *error)
{
    static const char *const label[KINDS] = {"facets of a region", "neighbours of a region",
                                             "active units", "volume of a region",
                                             "data points in a region, if any"};
    size_t networks = options->file_count;
    crease_histogram histogram[KINDS];
    crease_bars *bars = crease_alloc(KINDS * networks, sizeof *bars);
    const char **name = crease_alloc(networks, sizeof *name);
    char title[TEXT], domain[CLI_DOMAIN];
    bool bounded = false;
    for (size_t i = 0; i < networks; i++) {
        name[i] = name_of(options->files[i].path);
        bounded = bounded || memcmp(stats[i].facets, stats[i].neighbours,
                                    (stats[i].most_facets + 1) * sizeof *stats[i].facets);
        for (int kind = 0; kind < KINDS; kind++)
            bars[(size_t)kind * networks + i] = bars_of(&stats[i], kind);
    }
    for (size_t i = 0; i < networks && !bounded; i++) /* the same as the facets */
        bars[NEIGHBOURS * networks + i] = (crease_bars){0, 0, NULL};
    for (int kind = 0; kind < KINDS; kind++)
        histogram[kind] =
            (crease_histogram){label[kind], kind == VOLUME, bars + (size_t)kind * networks};
    crease_cli_domain_words(options, stats[0].inputs, domain);
    if (networks > 1)
        snprintf(title, sizeof title, "%zu networks, %.100s", networks, domain);
    else
        snprintf(title, sizeof title, "%llu regions, proved; %.100s",
                 (unsigned long long)stats[0].regions, domain);
    const crease_histograms all = {
        networks > 1 ? "Linear regions" : name[0], title, networks, name, KINDS, histogram};
    crease_status status = crease_histograms_draw(&all, options->plot, error);
    free(bars);
    free(name);
    return status;
}
