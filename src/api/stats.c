#include "base/memory.h"
#include "regions/region.h"

#include <omp.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    crease_region_stats *stats;
    bool norms;
    mpq_t largest[2];  /* from l1, from l-infinity */
    uint8_t *where[2]; /* units: patterns of regions with these norms, the first ones in order */
    uint64_t *seen;    /* units: in how many regions a unit is active */
    omp_lock_t one;    /* for all of this */
} gathering;

/* ---- One region ---- */

static void count_facets(crease_region_stats *stats, size_t facets)
{
    if (facets > stats->most_facets) {
        stats->facets = crease_realloc(stats->facets, facets + 1, sizeof *stats->facets);
        for (size_t i = stats->most_facets + 1; i <= facets; i++)
            stats->facets[i] = 0;
        stats->most_facets = facets;
    }
    stats->facets[facets]++;
}

static void count_active(gathering *g, const uint8_t *pattern)
{
    crease_region_stats *stats = g->stats;
    size_t all = 0, place = 0;
    for (size_t k = 0; k < stats->layers; k++) {
        size_t active = 0;
        for (size_t u = 0; u < stats->layer[k].units; u++, place++) {
            active += pattern[place] != 0;
            g->seen[place] += pattern[place] != 0;
        }
        stats->layer[k].active += active;
        all += active;
    }
    stats->active[all]++;
}

static void keep_larger(gathering *g, int which, const mpq_t norm, crease_region *region)
{
    crease_norm_stats *own = which ? &g->stats->from_linf : &g->stats->from_l1;
    const uint8_t *pattern = crease_region_pattern(region);
    int order = mpq_cmp(norm, g->largest[which]);
    bool first = g->stats->regions == 1;
    if (!first &&
        (order < 0 || (order == 0 && memcmp(pattern, g->where[which], g->stats->units) > 0)))
        return;
    mpq_set(g->largest[which], norm);
    memcpy(g->where[which], pattern, g->stats->units);
    crease_region_point(region, own->point);
}

static bool visit(void *context, crease_region *region)
{
    gathering *g = context;
    size_t facets = crease_region_facets(region);
    bool bounded = crease_region_bounded(region);
    mpq_t norm[2];
    mpq_inits(norm[0], norm[1], NULL);
    if (g->norms)
        crease_region_norms(region, norm[0], norm[1]);
    omp_set_lock(&g->one);
    g->stats->regions++;
    g->stats->bounded += bounded;
    count_facets(g->stats, facets);
    count_active(g, crease_region_pattern(region));
    for (int which = 0; which < 2 && g->norms; which++)
        keep_larger(g, which, norm[which], region);
    omp_unset_lock(&g->one);
    mpq_clears(norm[0], norm[1], NULL);
    return true;
}

/* ---- All regions ---- */

static void open_stats(gathering *g, const crease_network *network)
{
    crease_region_stats *stats = g->stats;
    *stats = (crease_region_stats){.inputs = network->inputs, .normed = g->norms};
    stats->layer = crease_alloc(network->layers, sizeof *stats->layer);
    for (size_t l = 0; l < network->layers; l++) {
        const crease_layer *layer = &network->layer[l];
        if (layer->activation == CREASE_LINEAR)
            continue;
        size_t units = layer->width - layer->carry;
        stats->layer[stats->layers++] = (crease_layer_stats){.layer = l, .units = units};
        stats->units += units;
    }
    stats->facets = crease_alloc(1, sizeof *stats->facets);
    stats->active = crease_alloc(stats->units + 1, sizeof *stats->active);
    stats->from_l1.point = crease_alloc(network->inputs, sizeof(double));
    stats->from_linf.point = crease_alloc(network->inputs, sizeof(double));
    g->seen = crease_alloc(stats->units, sizeof *g->seen);
    mpq_inits(g->largest[0], g->largest[1], NULL);
    g->where[0] = crease_alloc(stats->units, 1);
    g->where[1] = crease_alloc(stats->units, 1);
    omp_init_lock(&g->one);
}

static void close_gathering(gathering *g)
{
    crease_region_stats *stats = g->stats;
    size_t place = 0;
    for (size_t k = 0; k < stats->layers; k++)
        for (size_t u = 0; u < stats->layer[k].units; u++, place++) {
            stats->layer[k].always += g->seen[place] == stats->regions;
            stats->layer[k].never += g->seen[place] == 0;
        }
    stats->from_l1.value = mpq_get_str(NULL, 10, g->largest[0]);
    stats->from_linf.value = mpq_get_str(NULL, 10, g->largest[1]);
    mpq_clears(g->largest[0], g->largest[1], NULL);
    free(g->seen);
    free(g->where[0]);
    free(g->where[1]);
    omp_destroy_lock(&g->one);
}

/* The regions of the first layers, up to layer l, which switches. */
static crease_status count_after(const crease_network *network, size_t l,
                                 const crease_domain *domain, const crease_options *options,
                                 crease_result *result, crease_error *error)
{
    size_t width = network->layer[l].width;
    crease_network *last = crease_network_allocate(width, 1), cut = *network;
    mpq_t *zero = crease_alloc(width + 1, sizeof *zero);
    for (size_t j = 0; j <= width; j++)
        mpq_init(zero[j]);
    crease_network_set_layer(last, 0, CREASE_LINEAR, 1, width, zero);
    cut.layers = l + 2;
    cut.layer = crease_alloc(cut.layers, sizeof *cut.layer);
    memcpy(cut.layer, network->layer, (l + 1) * sizeof *cut.layer);
    cut.layer[l + 1] = last->layer[0];
    crease_status status = crease_count(&cut, domain, options, result, error);
    for (size_t j = 0; j <= width; j++)
        mpq_clear(zero[j]);
    free(zero);
    free(cut.layer);
    crease_network_free(last);
    return status;
}

crease_status crease_regions_stats(const crease_network *network, const crease_domain *domain,
                                   const crease_options *options, bool norms,
                                   crease_region_stats *stats, crease_result *result,
                                   crease_error *error)
{
    gathering g = {.stats = stats, .norms = norms};
    crease_result before;
    crease_status status = crease_network_complete(network, error);
    *stats = (crease_region_stats){0};
    if (status)
        return status;
    open_stats(&g, network);
    status =
        crease_regions(network, domain, options, CREASE_REGIONS_PARALLEL, visit, &g, result, error);
    close_gathering(&g);
    for (size_t k = 0; k < stats->layers && !status && result->complete; k++) {
        crease_layer_stats *own = &stats->layer[k];
        own->regions = stats->regions;
        if (k + 1 == stats->layers)
            break;
        status = count_after(network, own->layer, domain, options, &before, error);
        if (status)
            break;
        own->regions = before.regions;
        result->complete = before.complete;
        result->stopped = before.stopped;
    }
    if (status)
        crease_region_stats_free(stats);
    return status;
}

void crease_region_stats_free(crease_region_stats *stats)
{
    free(stats->layer);
    free(stats->facets);
    free(stats->active);
    free(stats->from_l1.value);
    free(stats->from_l1.point);
    free(stats->from_linf.value);
    free(stats->from_linf.point);
    *stats = (crease_region_stats){0};
}
