#include "api/stats_data.h"

#include "base/memory.h"
#include "base/status.h"
#include "exact/integer.h"
#include "regions/graph.h"
#include "regions/norms.h"
#include "regions/region.h"

#include <assert.h>
#include <math.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>

enum { L1, LINF, L2, NORMS };
enum { SEARCHES = 16 };
/* Exponents of doubles, and one less for volumes that are truncated to 0. */
enum { LEAST_EXPONENT = -1075, EXPONENTS = 1024 - LEAST_EXPONENT };

typedef struct {
    const crease_network *network;
    crease_region_stats *stats;
    uint64_t *seen;  /* units: in how many regions a unit is active */
    uint8_t *first;  /* units: the state in the first region */
    bool *switching; /* units: there is another state */
    /* The norms. */
    mpz_t largest[2]; /* l1, l-infinity: times den */
    int64_t level;    /* l2: see regions/norms.h */
    mpz_t den;
    uint8_t
        *where[NORMS]; /* units: patterns of regions with these norms, the first ones in order */
    uint64_t *volume;  /* EXPONENTS: regions by the exponents of their volumes */
    omp_lock_t one;    /* for all of this */
} gathering;

/* ---- One region ---- */

static void count_facets(crease_region_stats *stats, size_t facets, size_t neighbours)
{
    size_t most = stats->most_facets;
    if (facets > most) {
        size_t size = sizeof *stats->facets, more = facets - most;
        stats->facets = crease_realloc(stats->facets, facets + 1, size);
        stats->neighbours = crease_realloc(stats->neighbours, facets + 1, size);
        memset(stats->facets + most + 1, 0, more * size);
        memset(stats->neighbours + most + 1, 0, more * size);
        stats->most_facets = facets;
    }
    stats->facets[facets]++;
    stats->neighbours[neighbours]++;
}

static void count_active(gathering *g, const uint8_t *pattern)
{
    crease_region_stats *stats = g->stats;
    size_t all = 0, place = 0;
    if (stats->regions == 1)
        memcpy(g->first, pattern, stats->units);
    for (size_t k = 0; k < stats->layers; k++) {
        size_t active = 0;
        for (size_t u = 0; u < stats->layer[k].units; u++, place++) {
            active += pattern[place] != 0;
            g->seen[place] += pattern[place] != 0;
            g->switching[place] = g->switching[place] || pattern[place] != g->first[place];
        }
        stats->layer[k].active += active;
        all += active;
    }
    stats->active[all]++;
}

/* Of the regions with the largest norm, that with the first pattern is kept.  order: of the norm
 * and the largest one so far.  True if it is the one now. */
static bool keep(gathering *g, int norm, int order, crease_region *region)
{
    double *point[NORMS] = {g->stats->from_l1.point, g->stats->from_linf.point,
                            g->stats->from_l2.point};
    const uint8_t *pattern = crease_region_pattern(region);
    bool first = g->stats->regions == 1;
    if (!first &&
        (order < 0 || (order == 0 && memcmp(pattern, g->where[norm], g->stats->units) > 0)))
        return false;
    memcpy(g->where[norm], pattern, g->stats->units);
    crease_region_point(region, point[norm]);
    return true;
}

/* The norms of one region. */
typedef struct {
    mpz_t value[2], den;
    int64_t level; /* -1: smaller than that of another region */
} norms;

static void find_norms(gathering *g, crease_region *region, norms *own)
{
    size_t m = crease_region_outputs(region), n = crease_region_inputs(region);
    size_t k = m < n ? m : n;
    mpz_t *A = crease_integer_new(m * n), *G = crease_integer_new(k * k);
    crease_region_linear(region, A, own->den);
    crease_norms_l1(own->value[L1], m, n, (const mpz_t *)A);
    crease_norms_linf(own->value[LINF], m, n, (const mpz_t *)A);
    crease_norms_gram(m, n, (const mpz_t *)A, G);
    omp_set_lock(&g->one);
    int64_t least = g->level;
    omp_unset_lock(&g->one);
    own->level = crease_norms_level(k, (const mpz_t *)G, least);
    crease_integer_free(A, m * n);
    crease_integer_free(G, k * k);
}

static void keep_norms(gathering *g, crease_region *region, const norms *own)
{
    assert(g->stats->regions == 1 || !mpz_cmp(g->den, own->den));
    mpz_set(g->den, own->den);
    for (int i = L1; i <= LINF; i++)
        if (keep(g, i, mpz_cmp(own->value[i], g->largest[i]), region))
            mpz_set(g->largest[i], own->value[i]);
    int order = own->level < g->level ? -1 : own->level > g->level;
    if (keep(g, L2, order, region))
        g->level = own->level;
}

static void keep_volume(gathering *g, double volume)
{
    crease_region_stats *stats = g->stats;
    int most = LEAST_EXPONENT + EXPONENTS - 1;
    int exponent = volume > 0 ? ilogb(volume) : LEAST_EXPONENT;
    exponent = exponent < most ? exponent : most; /* it may be infinite */
    stats->least_volume =
        stats->bounded == 1 || volume < stats->least_volume ? volume : stats->least_volume;
    stats->largest_volume = fmax(stats->largest_volume, volume);
    g->volume[exponent - LEAST_EXPONENT]++;
}

static size_t count_neighbours(crease_region *region, size_t facets)
{
    size_t neighbours = 0;
    for (size_t i = 0; i < facets; i++)
        neighbours += crease_region_facet(region, i).kind == CREASE_FACET_UNIT;
    return neighbours;
}

static bool visit(void *context, crease_region *region)
{
    gathering *g = context;
    size_t facets = crease_region_facets(region), neighbours = count_neighbours(region, facets);
    bool bounded = crease_region_bounded(region);
    double volume = 0;
    norms own;
    if (g->stats->parts & CREASE_STATS_VOLUMES && bounded)
        volume = crease_region_volume(region);
    if (crease_region_stopped(region))
        return false;
    mpz_inits(own.value[L1], own.value[LINF], own.den, NULL);
    if (g->stats->parts & CREASE_STATS_NORMS)
        find_norms(g, region, &own);
    omp_set_lock(&g->one);
    g->stats->regions++;
    g->stats->bounded += bounded;
    count_facets(g->stats, facets, neighbours);
    count_active(g, crease_region_pattern(region));
    if (g->stats->parts & CREASE_STATS_NORMS)
        keep_norms(g, region, &own);
    if (g->stats->parts & CREASE_STATS_VOLUMES && bounded)
        keep_volume(g, volume);
    omp_unset_lock(&g->one);
    mpz_clears(own.value[L1], own.value[LINF], own.den, NULL);
    return true;
}

/* ---- All regions ---- */

static void open_stats(gathering *g, unsigned parts)
{
    const crease_network *network = g->network;
    crease_region_stats *stats = g->stats;
    *stats = (crease_region_stats){.inputs = network->inputs, .parts = parts};
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
    stats->neighbours = crease_alloc(1, sizeof *stats->neighbours);
    stats->active = crease_alloc(stats->units + 1, sizeof *stats->active);
    stats->from_l1.point = crease_alloc(network->inputs, sizeof(double));
    stats->from_linf.point = crease_alloc(network->inputs, sizeof(double));
    stats->from_l2.point = crease_alloc(network->inputs, sizeof(double));
    g->seen = crease_alloc(stats->units, sizeof *g->seen);
    g->first = crease_alloc(stats->units, 1);
    g->switching = crease_alloc(stats->units, sizeof *g->switching);
    g->volume = crease_alloc(EXPONENTS, sizeof *g->volume);
    mpz_inits(g->largest[L1], g->largest[LINF], g->den, NULL);
    for (int i = 0; i < NORMS; i++)
        g->where[i] = crease_alloc(stats->units, 1);
    omp_init_lock(&g->one);
}

static char *quotient_text(const mpz_t value, const mpz_t den)
{
    mpq_t quotient;
    mpq_init(quotient);
    mpz_set(mpq_numref(quotient), value);
    mpz_set(mpq_denref(quotient), den);
    mpq_canonicalize(quotient);
    char *text = mpq_get_str(NULL, 10, quotient);
    mpq_clear(quotient);
    return text;
}

/* The part between the least and the largest exponent. */
static void set_volumes(gathering *g)
{
    size_t first = 0, end = EXPONENTS;
    while (first < end && !g->volume[first])
        first++;
    while (end > first && !g->volume[end - 1])
        end--;
    if (first == end)
        return;
    g->stats->first_volume = LEAST_EXPONENT + (int)first;
    g->stats->volume_count = end - first;
    g->stats->volume = crease_alloc(end - first, sizeof *g->stats->volume);
    memcpy(g->stats->volume, g->volume + first, (end - first) * sizeof *g->stats->volume);
}

static void close_gathering(gathering *g)
{
    set_volumes(g);
    crease_region_stats *stats = g->stats;
    size_t place = 0;
    for (size_t k = 0; k < stats->layers; k++)
        for (size_t u = 0; u < stats->layer[k].units; u++, place++) {
            stats->layer[k].always += stats->regions && g->seen[place] == stats->regions;
            stats->layer[k].never += stats->regions && g->seen[place] == 0;
            stats->layer[k].constant += stats->regions && !g->switching[place];
        }
    if (!mpz_sgn(g->den)) /* no norms */
        mpz_set_ui(g->den, 1);
    stats->from_l1.value = quotient_text(g->largest[L1], g->den);
    stats->from_linf.value = quotient_text(g->largest[LINF], g->den);
    crease_norms_bounds(g->level, g->den, &stats->from_l2.low, &stats->from_l2.high);
    mpz_clears(g->largest[L1], g->largest[LINF], g->den, NULL);
    free(g->volume);
    free(g->seen);
    free(g->first);
    free(g->switching);
    for (int i = 0; i < NORMS; i++)
        free(g->where[i]);
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

/* Takes over that a count was stopped. */
static void note_stop(crease_result *result, const crease_result *part)
{
    result->complete = part->complete;
    result->stopped = part->stopped;
}

static crease_status count_layers(const gathering *g, const crease_domain *domain,
                                  const crease_options *options, crease_result *result,
                                  crease_error *error)
{
    crease_region_stats *stats = g->stats;
    crease_result before;
    for (size_t k = 0; k < stats->layers && result->complete; k++) {
        crease_layer_stats *own = &stats->layer[k];
        own->regions = stats->regions;
        if (k + 1 == stats->layers)
            break;
        crease_status status = count_after(g->network, own->layer, domain, options, &before, error);
        if (status)
            return status;
        own->regions = before.complete ? before.regions : 0;
        note_stop(result, &before);
    }
    return CREASE_OK;
}

static crease_status count_maps(const gathering *g, const crease_domain *domain,
                                const crease_options *options, crease_result *result,
                                crease_error *error)
{
    crease_options own;
    crease_result maps;
    crease_options_default(&own);
    if (options)
        own = *options;
    own.definition = CREASE_DEFINITION_AFFINE;
    own.engine = CREASE_ENGINE_AUTO;
    own.cell = CREASE_CELL_AUTO;
    own.merge = CREASE_MERGE_AUTO;
    crease_status status = crease_count(g->network, domain, &own, &maps, error);
    if (status)
        return status;
    note_stop(result, &maps);
    g->stats->maps = maps.complete ? maps.regions : 0;
    return CREASE_OK;
}

static crease_status find_spread(const gathering *g, const crease_domain *domain,
                                 const crease_options *options, crease_result *result,
                                 crease_error *error)
{
    crease_region_graph graph;
    crease_result found;
    crease_status status = crease_regions_graph(g->network, domain, options, &graph, &found, error);
    if (status)
        return status;
    note_stop(result, &found);
    if (found.complete && !crease_graph_spread(&graph, SEARCHES, &g->stats->spread))
        crease_fatal("regions: the graph is not connected");
    crease_region_graph_free(&graph);
    return CREASE_OK;
}

crease_status crease_regions_stats(const crease_network *network, const crease_domain *domain,
                                   const crease_options *options, unsigned parts,
                                   const crease_points *data, crease_region_stats *stats,
                                   crease_result *result, crease_error *error)
{
    gathering g = {.network = network, .stats = stats};
    crease_status status = crease_network_complete(network, error);
    *stats = (crease_region_stats){0};
    if (status)
        return status;
    open_stats(&g, parts);
    status =
        crease_regions(network, domain, options, CREASE_REGIONS_PARALLEL, visit, &g, result, error);
    close_gathering(&g);
    if (!status && result->complete)
        status = count_layers(&g, domain, options, result, error);
    if (!status && result->complete && parts & CREASE_STATS_MAPS)
        status = count_maps(&g, domain, options, result, error);
    if (!status && result->complete && parts & CREASE_STATS_GRAPH)
        status = find_spread(&g, domain, options, result, error);
    if (!status && data)
        status = crease_stats_place(network, domain, data, result->complete, stats, error);
    if (status)
        crease_region_stats_free(stats);
    return status;
}

void crease_region_stats_free(crease_region_stats *stats)
{
    free(stats->layer);
    free(stats->facets);
    free(stats->neighbours);
    free(stats->active);
    free(stats->from_l1.value);
    free(stats->from_l1.point);
    free(stats->from_linf.value);
    free(stats->from_linf.point);
    free(stats->from_l2.point);
    free(stats->populations);
    free(stats->volume);
    *stats = (crease_region_stats){0};
}
