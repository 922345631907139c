#include "base/memory.h"
#include "base/status.h"

#include <crease_estimate.h>
#include <crease_sample.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef enum { FACETS, ACTIVE, BOUNDED, VOLUME, CLASS, KINDS } kind;

static const char *const kind_names[KINDS] = {"facets", "active", "bounded", "volume", "class"};

/* Sums over the regions of a group, or over all if they have no groups. */
typedef struct {
    double weight;  /* of the weights */
    double *values; /* of weight times value */
} sums;

struct crease_means {
    kind *kind;
    size_t kinds;
    size_t outputs; /* 0: no region was added yet */
    size_t count;   /* of means */
    size_t groups;
    sums *group;
    bool points;     /* the regions have no groups */
    double draws;    /* of all regions */
    double *squares; /* count: of draws times the square of the value */
    double *value, *point, *A, *b;
};

crease_status crease_means_new(const char *names, crease_means **means, crease_error *error)
{
    crease_means *own = crease_alloc(1, sizeof *own);
    own->kind = crease_alloc(strlen(names) + 1, sizeof *own->kind);
    const char *text = names;
    do {
        size_t length = strcspn(text, ","), k = 0;
        while (k < KINDS &&
               (strlen(kind_names[k]) != length || strncmp(text, kind_names[k], length)))
            k++;
        if (k == KINDS) {
            crease_means_free(own);
            return crease_fail(error, CREASE_INPUT,
                               "mean: \"%.*s\" is none of facets, active, bounded, volume and "
                               "class",
                               (int)(length < 60 ? length : 60), text);
        }
        own->kind[own->kinds++] = (kind)k;
        text += length;
    } while (*text++ == ',');
    *means = own;
    return CREASE_OK;
}

void crease_means_free(crease_means *m)
{
    if (!m)
        return;
    for (size_t g = 0; g < m->groups; g++)
        free(m->group[g].values);
    free(m->group);
    free(m->kind);
    free(m->squares);
    free(m->value);
    free(m->point);
    free(m->A);
    free(m->b);
    free(m);
}

static void open_sums(crease_means *m, const crease_region *region)
{
    size_t n = crease_region_inputs(region);
    m->outputs = crease_region_outputs(region);
    for (size_t k = 0; k < m->kinds; k++)
        m->count += m->kind[k] == CLASS ? m->outputs : 1;
    m->points = crease_region_group(region) < 0;
    m->group = crease_alloc(CREASE_REPLICATES, sizeof *m->group);
    m->squares = crease_alloc(m->count, sizeof *m->squares);
    m->value = crease_alloc(m->count, sizeof *m->value);
    m->point = crease_alloc(n, sizeof *m->point);
    m->A = crease_alloc(m->outputs * n, sizeof *m->A);
    m->b = crease_alloc(m->outputs, sizeof *m->b);
}

static double count_active(const crease_region *region)
{
    const uint8_t *pattern = crease_region_pattern(region);
    size_t active = 0;
    for (size_t i = 0; i < crease_region_units(region); i++)
        active += pattern[i] != 0;
    return (double)active;
}

/* Of equal outputs, the first one is the largest. */
static void set_classes(crease_means *m, crease_region *region, double *value)
{
    size_t n = crease_region_inputs(region), best = 0;
    double largest = -INFINITY;
    crease_region_point(region, m->point);
    crease_region_map(region, m->A, m->b);
    for (size_t i = 0; i < m->outputs; i++) {
        double y = m->b[i];
        for (size_t j = 0; j < n; j++)
            y += m->A[i * n + j] * m->point[j];
        value[i] = 0;
        best = y > largest ? i : best;
        largest = fmax(largest, y);
    }
    value[best] = 1;
}

static void set_values(crease_means *m, crease_region *region)
{
    double *value = m->value;
    for (size_t k = 0; k < m->kinds; k++)
        switch (m->kind[k]) {
        case FACETS: *value++ = (double)crease_region_facets(region); break;
        case ACTIVE: *value++ = count_active(region); break;
        case BOUNDED: *value++ = crease_region_bounded(region); break;
        case VOLUME: *value++ = crease_region_volume(region); break;
        default: set_classes(m, region, value); value += m->outputs;
        }
}

void crease_means_add(crease_means *m, crease_region *region)
{
    if (!m->outputs)
        open_sums(m, region);
    int number = crease_region_group(region);
    size_t g = number < 0 ? 0 : (size_t)number;
    double weight = crease_region_weight(region), draws = (double)crease_region_draws(region);
    for (; m->groups <= g; m->groups++)
        m->group[m->groups].values = crease_alloc(m->count, sizeof(double));
    set_values(m, region);
    if (crease_region_stopped(region))
        return;
    m->draws += draws;
    m->group[g].weight += weight;
    for (size_t i = 0; i < m->count; i++) {
        m->group[g].values[i] += weight * m->value[i];
        m->squares[i] += draws * m->value[i] * m->value[i];
    }
}

size_t crease_means_count(const crease_means *m)
{
    return m->count;
}

/* The error of the mean of independent points. */
static double error_of_points(const crease_means *m, size_t i, double mean)
{
    double variance = fmax(m->squares[i] / m->draws - mean * mean, 0);
    return m->draws > 1 ? sqrt(variance / (m->draws - 1)) : -1;
}

/* The error of a quotient of sums over independent groups (Cochran, Sampling Techniques, 6.3). */
static double error_of_groups(const crease_means *m, size_t i, double mean, double weight)
{
    double squares = 0, groups = (double)m->groups;
    for (size_t g = 0; g < m->groups; g++) {
        double rest = m->group[g].values[i] - mean * m->group[g].weight;
        squares += rest * rest;
    }
    return m->groups > 1 ? sqrt(squares * groups / (groups - 1)) / weight : -1;
}

static void set_name(const crease_means *m, size_t i, crease_mean *mean)
{
    size_t k = 0, width;
    while (i >= (width = m->kind[k] == CLASS ? m->outputs : 1)) {
        i -= width;
        k++;
    }
    if (m->kind[k] == CLASS)
        snprintf(mean->name, sizeof mean->name, "class %zu", i);
    else
        snprintf(mean->name, sizeof mean->name, "%s", kind_names[m->kind[k]]);
}

crease_mean crease_means_get(const crease_means *m, size_t i, const crease_sample_result *result)
{
    crease_mean own = {.standard_error = -1};
    double weight = 0, sum = 0;
    set_name(m, i, &own);
    for (size_t g = 0; g < m->groups; g++) {
        weight += m->group[g].weight;
        sum += m->group[g].values[i];
    }
    own.mean = sum / weight;
    if (isfinite(own.mean))
        own.standard_error = result->all ? 0
                             : m->points ? error_of_points(m, i, own.mean)
                                         : error_of_groups(m, i, own.mean, weight);
    return own;
}
