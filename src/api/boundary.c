#include "api/boundary_planes.h"
#include "base/memory.h"
#include "base/status.h"
#include "net/rational.h"
#include "regions/changes.h"
#include "regions/labels.h"

#include <crease_regions.h>

#include <math.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    size_t classes;
    omp_lock_t one;
    uint64_t *seen;  /* classes x classes: pieces between i and j that were seen from parts of i */
    uint64_t *parts; /* classes */
    crease_piece_visit *visit; /* or NULL */
    void *context;
    crease_planes *planes; /* or NULL */
} gathering;

/* From their facets.  False: stop. */
static bool visit_pieces(const gathering *g, crease_region *region, size_t own, uint64_t *beyond)
{
    size_t last = crease_region_units(region) - 1;
    for (size_t i = 0; i < crease_region_facets(region); i++) { /* none, if it is stopped */
        const uint8_t *neighbour = crease_region_neighbour(region, i);
        if (!neighbour || neighbour[last] == own)
            continue;
        size_t other = neighbour[last];
        crease_piece piece = {{own, other}, region, i, neighbour};
        beyond[other]++;
        if (own > other)
            continue;
        if (g->planes)
            crease_planes_add(g->planes, &piece);
        if (g->visit && !g->visit(g->context, &piece))
            return false;
    }
    return true;
}

static bool visit(void *context, crease_region *region)
{
    gathering *g = context;
    uint64_t beyond[CREASE_MAX_RANK] = {0};
    size_t own = crease_region_pattern(region)[crease_region_units(region) - 1];
    bool go_on = true;
    if (g->visit || g->planes)
        go_on = visit_pieces(g, region, own, beyond);
    else
        crease_region_last_changes(region, beyond);
    if (crease_region_stopped(region))
        return false;
    omp_set_lock(&g->one);
    g->parts[own]++;
    for (size_t j = 0; j < g->classes; j++)
        g->seen[own * g->classes + j] += beyond[j];
    omp_unset_lock(&g->one);
    return go_on;
}

/* Every piece is seen from both sides. */
static void sum_up(const gathering *g, bool complete, crease_boundary *boundary)
{
    size_t k = g->classes;
    *boundary = (crease_boundary){.classes = k, .parts = g->parts, .between = g->seen};
    for (size_t i = 0; i < k; i++)
        for (size_t j = i + 1; j < k; j++) {
            uint64_t *here = &g->seen[i * k + j], *there = &g->seen[j * k + i];
            if (complete && *here != *there)
                crease_fatal("boundary: a piece was seen from one side only");
            *here = *there = *here > *there ? *here : *there;
            boundary->pieces += *here;
        }
    boundary->by_definition[CREASE_DEFINITION_ACTIVATION] = boundary->pieces;
}

/* ---- Other definitions ---- */

static bool cross(void *context, crease_region *region)
{
    gathering *g = context;
    size_t last = crease_region_units(region) - 1, own = crease_region_pattern(region)[last];
    for (size_t i = 0; i < crease_region_facets(region); i++) {
        const uint8_t *neighbour = crease_region_neighbour(region, i);
        crease_piece piece = {{own, neighbour ? neighbour[last] : own}, region, i, neighbour};
        if (own < piece.classes[1])
            crease_planes_cross(g->planes, &piece);
    }
    return true;
}

/* Visits all parts again, in the time that is left. */
static crease_status cross_all(gathering *g, const crease_network *network,
                               const crease_domain *domain, const crease_options *options,
                               crease_result *result, crease_error *error)
{
    const double least = 1e-9;
    crease_options rest = *options;
    crease_result again;
    if (rest.limit_seconds > 0)
        rest.limit_seconds = fmax(rest.limit_seconds - result->seconds, least);
    crease_status status =
        crease_regions(network, domain, &rest, CREASE_REGIONS_PARALLEL, cross, g, &again, error);
    if (!status) {
        result->complete = again.complete;
        result->stopped = again.stopped;
        result->seconds += again.seconds;
    }
    return status;
}

/* Sets the numbers of the boundary by the definition. */
static crease_status join(gathering *g, const crease_network *network, const crease_domain *domain,
                          const crease_options *options, crease_definition definition,
                          crease_boundary *boundary, crease_result *result, crease_error *error)
{
    crease_status status = CREASE_OK;
    size_t k = g->classes;
    uint64_t *planes = crease_alloc(k * k, sizeof *planes),
             *joined = crease_alloc(k * k, sizeof *joined);
    uint64_t *by = boundary->by_definition, *between = planes;
    bool shared;
    by[CREASE_DEFINITION_AFFINE] = crease_planes_count(g->planes, planes, &shared);
    if (result->complete && shared)
        status = cross_all(g, network, domain, options, result, error);
    if (!status && result->complete)
        by[CREASE_DEFINITION_OPEN_CONNECTED] = crease_planes_join(g->planes, joined);
    if (result->complete && definition == CREASE_DEFINITION_OPEN_CONNECTED)
        between = joined;
    boundary->pieces = 0;
    for (size_t i = 0; i < k; i++)
        for (size_t j = i + 1; j < k; j++) {
            boundary->between[i * k + j] = boundary->between[j * k + i] = between[i * k + j];
            boundary->pieces += between[i * k + j];
        }
    free(planes);
    free(joined);
    return status;
}

/* ---- All parts ---- */

static crease_status check(const crease_network *network, const char *level, mpq_t value,
                           crease_error *error)
{
    crease_status status = crease_network_complete(network, error);
    if (status)
        return status;
    size_t outputs = network->layer[network->layers - 1].width;
    if (outputs > CREASE_MAX_RANK)
        return crease_fail(error, CREASE_INPUT, "boundary: %zu outputs, at most %d classes",
                           outputs, CREASE_MAX_RANK);
    if (level && outputs > 1)
        return crease_fail(error, CREASE_INPUT,
                           "level: only of a network with one output; this one has %zu", outputs);
    if (level && !crease_rational_parse(value, level, strlen(level)))
        return crease_fail(error, CREASE_INPUT, "level: \"%.60s\" is not a number", level);
    return CREASE_OK;
}

crease_status crease_boundary_count(const crease_network *network, const crease_domain *domain,
                                    const char *level, const crease_options *options,
                                    crease_boundary *boundary, crease_result *result,
                                    crease_error *error)
{
    return crease_boundary_pieces(network, domain, level, options, NULL, NULL, boundary, result,
                                  error);
}

/* The options are those of crease_regions. */
static crease_status search(gathering *g, const crease_network *network,
                            const crease_domain *domain, const crease_options *options,
                            crease_definition definition, crease_boundary *boundary,
                            crease_result *result, crease_error *error)
{
    size_t k = g->classes;
    g->seen = crease_alloc(k * k, sizeof *g->seen);
    g->parts = crease_alloc(k, sizeof *g->parts);
    if (definition != CREASE_DEFINITION_ACTIVATION)
        g->planes = crease_planes_new(network, k);
    omp_init_lock(&g->one);
    crease_status status =
        crease_regions(network, domain, options, CREASE_REGIONS_PARALLEL, visit, g, result, error);
    if (!status)
        sum_up(g, result->complete, boundary);
    if (!status && g->planes)
        status = join(g, network, domain, options, definition, boundary, result, error);
    omp_destroy_lock(&g->one);
    crease_planes_free(g->planes);
    if (status)
        free(g->seen), free(g->parts);
    return status;
}

crease_status crease_boundary_pieces(const crease_network *network, const crease_domain *domain,
                                     const char *level, const crease_options *options,
                                     crease_piece_visit *visit_piece, void *context,
                                     crease_boundary *boundary, crease_result *result,
                                     crease_error *error)
{
    crease_options own;
    crease_definition definition;
    mpq_t value;
    mpq_init(value);
    crease_options_default(&own);
    own = options ? *options : own;
    definition = own.definition;
    own.definition = CREASE_DEFINITION_ACTIVATION;
    crease_status status = check(network, level, value, error);
    if (!status) {
        gathering g = {
            .classes = crease_labels_count(network), .visit = visit_piece, .context = context};
        crease_network *classes = crease_labels_network(network, value);
        status = search(&g, classes, domain, &own, definition, boundary, result, error);
        crease_network_free(classes);
    }
    mpq_clear(value);
    return status;
}

void crease_boundary_clear(crease_boundary *boundary)
{
    free(boundary->between);
    free(boundary->parts);
    *boundary = (crease_boundary){.classes = 0};
}
