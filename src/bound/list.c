#include "bound/bound.h"

#include "base/memory.h"
#include "base/status.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct crease_bounds {
    size_t inputs, layers, count;
    size_t *width;
    crease_bound *bound;
    char **note;
    char **value;
};

static double log10_of(const mpz_t x)
{
    long exponent;
    double mantissa = mpz_get_d_2exp(&exponent, x);
    return log10(mantissa) + (double)exponent * log10(2);
}

static void evaluate(crease_bounds *bounds, size_t i, const crease_bound_row *row,
                     const crease_bound_case *given)
{
    mpq_t value;
    char *note = bounds->note[i] = crease_alloc(CREASE_BOUND_NOTE, 1);
    mpq_init(value);
    bool applies = row->compute(given, value, note);
    if (applies) {
        bounds->value[i] = crease_alloc(
            mpz_sizeinbase(mpq_numref(value), 10) + mpz_sizeinbase(mpq_denref(value), 10) + 3, 1);
        mpq_get_str(bounds->value[i], 10, value);
    }
    bounds->bound[i] = (crease_bound){
        .id = row->id,
        .name = row->name,
        .year = row->year,
        .theorem = row->theorem,
        .kind = row->kind,
        .network = row->network,
        .source = row->source,
        .formula = row->formula,
        .condition = row->condition,
        .reference = row->reference,
        .applies = applies,
        .note = note,
        .value = bounds->value[i],
        .log10 = applies ? log10_of(mpq_numref(value)) - log10_of(mpq_denref(value)) : 0};
    mpq_clear(value);
}

/* Takes over width. */
static crease_bounds *make(crease_bound_case given, size_t *width, size_t rank)
{
    crease_bounds *bounds = crease_alloc(1, sizeof *bounds);
    const crease_bound_row *row = rank ? crease_bound_maxout_rows : crease_bound_relu_rows;
    given.width = width;
    given.states = rank ? rank : 2;
    bounds->inputs = given.inputs;
    bounds->layers = given.layers;
    bounds->width = width;
    bounds->count = rank ? crease_bound_maxout_count : crease_bound_relu_count;
    bounds->bound = crease_alloc(bounds->count, sizeof *bounds->bound);
    bounds->note = crease_alloc(bounds->count, sizeof *bounds->note);
    bounds->value = crease_alloc(bounds->count, sizeof *bounds->value);
    for (size_t i = 0; i < bounds->count; i++)
        evaluate(bounds, i, &row[i], &given);
    return bounds;
}

static crease_status check_rank(size_t rank, crease_error *error)
{
    if (rank == 1 || rank > CREASE_MAX_UNITS)
        return crease_fail(error, CREASE_INPUT, "maxout: a rank of %zu is not from 2 to %d", rank,
                           CREASE_MAX_UNITS);
    return CREASE_OK;
}

size_t crease_bound_read_width(const char *text, size_t length, size_t limit)
{
    size_t value = 0;
    for (size_t i = 0; i < length; i++) {
        if (text[i] < '0' || text[i] > '9')
            return 0;
        value = 10 * value + (size_t)(text[i] - '0');
        if (value > limit)
            return 0;
    }
    return value;
}

static crease_status read_widths(const char *text, size_t *number, size_t *count,
                                 crease_error *error)
{
    size_t units = 0;
    *count = 0;
    for (const char *at = text;; at++) {
        size_t length = strcspn(at, ",");
        size_t limit = *count ? CREASE_MAX_UNITS : CREASE_MAX_INPUTS;
        size_t value = crease_bound_read_width(at, length, limit);
        if (!value)
            return crease_fail(error, CREASE_INPUT,
                               "widths, entry %zu: \"%.*s\" is not a whole number from 1 to %zu",
                               *count + 1, length > 60 ? 60 : (int)length, at, limit);
        units += *count ? value : 0;
        if (units > CREASE_MAX_UNITS)
            return crease_fail(error, CREASE_INPUT, "widths: more than %d hidden units in all",
                               CREASE_MAX_UNITS);
        number[(*count)++] = value;
        at += length;
        if (!*at)
            break;
    }
    if (*count < 2)
        return crease_fail(error, CREASE_INPUT,
                           "widths: \"%.60s\" has no hidden layer; give n0,n1,...", text);
    return CREASE_OK;
}

crease_status crease_bounds_widths(const char *widths, size_t rank, crease_bounds **bounds,
                                   crease_error *error)
{
    *bounds = NULL;
    crease_status status = check_rank(rank, error);
    if (status)
        return status;
    size_t count, *number = crease_alloc(CREASE_MAX_UNITS + 1, sizeof *number);
    status = read_widths(widths, number, &count, error);
    if (status) {
        free(number);
        return status;
    }
    crease_bound_case given = {.inputs = number[0], .layers = count - 1};
    memmove(number, number + 1, (count - 1) * sizeof *number);
    *bounds = make(given, number, rank);
    return CREASE_OK;
}

crease_status crease_bounds_network(const crease_network *network, const crease_domain *domain,
                                    size_t rank, crease_bounds **bounds, crease_error *error)
{
    *bounds = NULL;
    crease_status status = check_rank(rank, error);
    if (status)
        return status;
    if (domain && domain->inputs != network->inputs)
        return crease_fail(error, CREASE_INPUT, "box: %zu entries, the network has %zu inputs",
                           domain->inputs, network->inputs);
    for (size_t l = 0; l < network->layers && !rank; l++) {
        crease_activation activation = network->layer[l].activation;
        if ((activation != CREASE_RELU && activation != CREASE_LINEAR) || network->layer[l].carry)
            return crease_fail(error, CREASE_INPUT,
                               "bounds are for relu and maxout units, layer %zu has %s units",
                               l + 1, crease_activation_name(activation));
    }
    crease_layer *map;
    bool *owned;
    size_t layers = crease_bound_fold(network, &map, &owned);
    size_t *width = crease_alloc(layers, sizeof *width);
    for (size_t l = 0; l < layers; l++)
        width[l] = map[l].width;
    crease_bound_case given = {
        .inputs = network->inputs, .layers = layers, .domain = domain, .map = rank ? NULL : map};
    *bounds = make(given, width, rank);
    crease_bound_unfold(map, owned, layers);
    return CREASE_OK;
}

size_t crease_bounds_count(const crease_bounds *bounds)
{
    return bounds->count;
}

const crease_bound *crease_bounds_get(const crease_bounds *bounds, size_t i)
{
    return &bounds->bound[i];
}

size_t crease_bounds_inputs(const crease_bounds *bounds)
{
    return bounds->inputs;
}

size_t crease_bounds_layers(const crease_bounds *bounds)
{
    return bounds->layers;
}

size_t crease_bounds_width(const crease_bounds *bounds, size_t layer)
{
    return bounds->width[layer];
}

void crease_bounds_free(crease_bounds *bounds)
{
    if (!bounds)
        return;
    for (size_t i = 0; i < bounds->count; i++) {
        free(bounds->note[i]);
        free(bounds->value[i]);
    }
    free(bounds->bound);
    free(bounds->note);
    free(bounds->value);
    free(bounds->width);
    free(bounds);
}
