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
    crease_bound_unit *unit;
    crease_bound *shallow; /* behind the others */
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

/* refusal: why the row cannot apply, or NULL. */
static void evaluate(crease_bounds *bounds, const crease_bound_row *row,
                     const crease_bound_case *given, const char *refusal)
{
    mpq_t value;
    size_t i = bounds->count++;
    char *note = bounds->note[i] = crease_alloc(CREASE_BOUND_NOTE, 1);
    mpq_init(value);
    if (refusal)
        snprintf(note, CREASE_BOUND_NOTE, "%s", refusal);
    bool applies = !refusal && row->compute(given, value, note);
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

static void evaluate_table(crease_bounds *bounds, const crease_bound_row *row, size_t count,
                           const crease_bound_case *given, const char *refusal)
{
    for (size_t i = 0; i < count; i++)
        evaluate(bounds, &row[i], given, refusal);
}

/* Why bounds for units of that activation do not apply: the first layer that has others.  NULL:
 * they do. */
static const char *refuse(const crease_bound_case *given, crease_activation activation, char *text)
{
    const char *name = crease_activation_name(activation);
    for (size_t l = 0; l < given->layers; l++) {
        const crease_bound_unit *unit = &given->unit[l];
        if (unit->activation == activation && !unit->carry)
            continue;
        if (unit->carry)
            snprintf(text, CREASE_BOUND_NOTE,
                     "the theorem is for layers of %s units alone, in hidden layer %zu %zu carry",
                     name, l, unit->carry);
        else
            snprintf(text, CREASE_BOUND_NOTE,
                     "the theorem is for %s units, hidden layer %zu has %s", name, l,
                     crease_activation_name(unit->activation));
        return text;
    }
    return NULL;
}

static bool some_are(const crease_bound_case *given, crease_activation activation)
{
    for (size_t l = 0; l < given->layers; l++)
        if (given->unit[l].activation == activation)
            return true;
    return false;
}

static size_t common_states(const crease_bound_case *given, size_t otherwise)
{
    size_t states = given->layers ? given->unit[0].states : otherwise;
    for (size_t l = 1; l < given->layers; l++)
        if (given->unit[l].states != states)
            return 0;
    return states;
}

/* Upper bounds for all weights hold for those of filters as well. */
static void evaluate_filters(crease_bounds *bounds, const crease_bound_case *given)
{
    evaluate_table(bounds, crease_bound_convolution_rows, crease_bound_convolution_count, given,
                   NULL);
    for (size_t i = 0; i < crease_bound_relu_count; i++)
        evaluate(bounds, &crease_bound_relu_rows[i], given,
                 crease_bound_relu_rows[i].kind == CREASE_BOUND_UPPER
                     ? NULL
                     : "the theorem is for fully connected layers");
}

static void evaluate_all(crease_bounds *bounds, const crease_bound_case *given, bool maxout)
{
    char text[CREASE_BOUND_NOTE];
    if (given->shape) {
        evaluate_filters(bounds, given);
        return;
    }
    const char *not_relu = refuse(given, CREASE_RELU, text);
    if (!not_relu && !maxout) {
        evaluate_table(bounds, crease_bound_relu_rows, crease_bound_relu_count, given, NULL);
        return;
    }
    if (given->states && !refuse(given, CREASE_MAXOUT, text)) {
        evaluate_table(bounds, crease_bound_maxout_rows, crease_bound_maxout_count, given, NULL);
        return;
    }
    evaluate_table(bounds, crease_bound_pieces_rows, crease_bound_pieces_count, given, NULL);
    if (some_are(given, CREASE_MAXOUT)) {
        const char *not_maxout = refuse(given, CREASE_MAXOUT, text);
        evaluate_table(bounds, crease_bound_maxout_rows, crease_bound_maxout_count, given,
                       not_maxout ? not_maxout : "the theorem is for units of one rank");
    }
    if (some_are(given, CREASE_RELU) || !some_are(given, CREASE_MAXOUT))
        evaluate_table(bounds, crease_bound_relu_rows, crease_bound_relu_count, given,
                       refuse(given, CREASE_RELU, text));
}

static bool is_less(const crease_bound *a, const crease_bound *b)
{
    mpq_t x, y;
    mpq_inits(x, y, NULL);
    mpq_set_str(x, a->value, 10);
    mpq_set_str(y, b->value, 10);
    bool less = mpq_cmp(x, y) < 0;
    mpq_clears(x, y, NULL);
    return less;
}

/* A lower bound that other weights reach, but this network cannot, does not apply to it. */
static void withdraw(crease_bounds *bounds)
{
    const crease_bound *least = NULL;
    for (size_t i = 0; i < bounds->count; i++) {
        const crease_bound *b = &bounds->bound[i];
        if (b->applies && b->network && b->kind == CREASE_BOUND_UPPER &&
            (!least || is_less(b, least)))
            least = b;
    }
    for (size_t i = 0; i < bounds->count && least; i++) {
        crease_bound *b = &bounds->bound[i];
        if (!b->applies || (b->kind != CREASE_BOUND_LOWER && b->kind != CREASE_BOUND_EXACT) ||
            !is_less(least, b))
            continue;
        snprintf(bounds->note[i], CREASE_BOUND_NOTE,
                 "of other weights; this network has fewer regions, by %s %d", least->name,
                 least->year);
        free(bounds->value[i]);
        bounds->value[i] = NULL;
        b->value = NULL;
        b->applies = false;
        b->log10 = 0;
    }
}

/* Takes over width and unit; rank as in crease_bounds_widths. */
static crease_bounds *make(crease_bound_case given, size_t *width, crease_bound_unit *unit,
                           size_t rank)
{
    crease_bounds *bounds = crease_alloc(1, sizeof *bounds);
    size_t room = crease_bound_relu_count + crease_bound_maxout_count + crease_bound_pieces_count +
                  crease_bound_convolution_count;
    given.width = bounds->width = width;
    given.unit = bounds->unit = unit;
    given.states = common_states(&given, rank ? rank : 2);
    bounds->inputs = given.inputs;
    bounds->layers = given.layers;
    bounds->bound = crease_alloc(room + 1, sizeof *bounds->bound);
    bounds->note = crease_alloc(room + 1, sizeof *bounds->note);
    bounds->value = crease_alloc(room + 1, sizeof *bounds->value);
    evaluate_all(bounds, &given, rank > 0);
    withdraw(bounds);
    evaluate(bounds, &crease_bound_shallow_row, &given, NULL);
    bounds->shallow = &bounds->bound[--bounds->count];
    return bounds;
}

/* count layers of ReLU units, or of maxout units if rank is not 0. */
static crease_bound_unit *same_units(size_t count, size_t rank)
{
    crease_bound_unit *unit = crease_alloc(count, sizeof *unit);
    for (size_t l = 0; l < count; l++)
        unit[l] = rank ? (crease_bound_unit){CREASE_MAXOUT, rank, false, 0}
                       : (crease_bound_unit){CREASE_RELU, 2, true, 0};
    return unit;
}

static crease_bound_unit unit_of(const crease_layer *layer)
{
    return (crease_bound_unit){layer->activation, crease_layer_states(layer),
                               layer->activation == CREASE_RELU || layer->activation == CREASE_CLIP,
                               layer->carry};
}

static crease_status check_rank(size_t rank, crease_error *error)
{
    if (rank == 1 || rank > CREASE_BOUNDS_MOST)
        return crease_fail(error, CREASE_INPUT, "maxout: a rank of %zu is not from 2 to %d", rank,
                           CREASE_BOUNDS_MOST);
    return CREASE_OK;
}

static crease_status read_widths(const char *text, size_t *number, size_t *count,
                                 crease_error *error)
{
    size_t units = 0;
    *count = 0;
    for (const char *at = text;; at++) {
        size_t length = strcspn(at, ",");
        size_t value = crease_bound_read_width(at, length, CREASE_BOUNDS_MOST);
        if (!value)
            return crease_fail(error, CREASE_INPUT,
                               "widths, entry %zu: \"%.*s\" is not a whole number from 1 to %d",
                               *count + 1, length > 60 ? 60 : (int)length, at, CREASE_BOUNDS_MOST);
        units += *count ? value : 0;
        if (units > CREASE_BOUNDS_MOST)
            return crease_fail(error, CREASE_INPUT, "widths: more than %d hidden units in all",
                               CREASE_BOUNDS_MOST);
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

/* The bounds of layers of filters. */
static crease_status of_shapes(const char *text, crease_bounds **bounds, crease_error *error)
{
    crease_bound_shape *shape = crease_alloc(CREASE_BOUNDS_MOST + 2, sizeof *shape);
    size_t count;
    crease_status status = crease_bound_read_shapes(text, shape, &count, error);
    if (!status) {
        size_t *width = crease_alloc(count - 1, sizeof *width);
        crease_bound_case given = {.inputs = shape[0].rows * shape[0].columns * shape[0].channels,
                                   .layers = count - 1,
                                   .shape = shape};
        for (size_t l = 0; l + 1 < count; l++)
            width[l] = shape[l + 1].rows * shape[l + 1].columns * shape[l + 1].channels;
        *bounds = make(given, width, same_units(given.layers, 0), 0);
    }
    free(shape);
    return status;
}

crease_status crease_bounds_widths(const char *widths, size_t rank, crease_bounds **bounds,
                                   crease_error *error)
{
    *bounds = NULL;
    crease_status status = check_rank(rank, error);
    if (!status && strchr(widths, 'x'))
        return rank ? crease_fail(error, CREASE_INPUT, "maxout: bounds of filters are for relu")
                    : of_shapes(widths, bounds, error);
    if (status)
        return status;
    size_t count, *number = crease_alloc(CREASE_BOUNDS_MOST + 1, sizeof *number);
    status = read_widths(widths, number, &count, error);
    if (status) {
        free(number);
        return status;
    }
    crease_bound_case given = {.inputs = number[0], .layers = count - 1};
    memmove(number, number + 1, (count - 1) * sizeof *number);
    *bounds = make(given, number, same_units(given.layers, rank), rank);
    return CREASE_OK;
}

crease_status crease_bounds_network(const crease_network *network, const crease_domain *domain,
                                    size_t rank, crease_bounds **bounds, crease_error *error)
{
    *bounds = NULL;
    crease_status status = check_rank(rank, error);
    if (!status)
        status = crease_network_complete(network, error);
    if (status)
        return status;
    if (network->inputs > CREASE_BOUNDS_MOST || crease_network_units(network) > CREASE_BOUNDS_MOST)
        return crease_fail(error, CREASE_INPUT,
                           "bounds are for networks of at most %d inputs and %d hidden units",
                           CREASE_BOUNDS_MOST, CREASE_BOUNDS_MOST);
    if (domain && domain->inputs != network->inputs)
        return crease_fail(error, CREASE_INPUT, "box: %zu entries, the network has %zu inputs",
                           domain->inputs, network->inputs);
    crease_layer *map;
    bool *owned;
    size_t layers = crease_bound_fold(network, &map, &owned);
    size_t *width = crease_alloc(layers, sizeof *width);
    crease_bound_unit *unit = same_units(layers, rank);
    for (size_t l = 0; l < layers; l++) {
        width[l] = map[l].width - (rank ? 0 : map[l].carry);
        if (!rank)
            unit[l] = unit_of(&map[l]);
    }
    crease_bound_case given = {.inputs = network->inputs,
                               .layers = layers,
                               .domain = crease_domain_boxed(domain) ? domain : NULL,
                               .map = rank ? NULL : map};
    *bounds = make(given, width, unit, rank);
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

crease_activation crease_bounds_activation(const crease_bounds *bounds, size_t layer)
{
    return bounds->unit[layer].activation;
}

size_t crease_bounds_states(const crease_bounds *bounds, size_t layer)
{
    return bounds->unit[layer].states;
}

size_t crease_bounds_carry(const crease_bounds *bounds, size_t layer)
{
    return bounds->unit[layer].carry;
}

const crease_bound *crease_bounds_shallow(const crease_bounds *bounds)
{
    return bounds->shallow;
}

void crease_bounds_free(crease_bounds *bounds)
{
    if (!bounds)
        return;
    for (size_t i = 0; i <= bounds->count; i++) {
        free(bounds->note[i]);
        free(bounds->value[i]);
    }
    free(bounds->bound);
    free(bounds->note);
    free(bounds->value);
    free(bounds->width);
    free(bounds->unit);
    free(bounds);
}
