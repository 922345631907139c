#include "api/many.h"
#include "base/memory.h"
#include "base/status.h"
#include "domain/ball.h"
#include "domain/points.h"
#include "exact/fractions.h"
#include "net/rational.h"
#include "regions/distance.h"
#include "regions/from_point.h"
#include "regions/units.h"

#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    const crease_network *network;
    crease_network *lowered; /* or NULL: the network needs no lowering */
    const crease_domain *domain;
    const crease_points *points;
    mpq_t radius;
    crease_norm norm;
    crease_ball *ball;
    crease_error *error;
} rounds;

static crease_unit_place place_of(const crease_network *network, size_t decision)
{
    crease_unit_place place;
    size_t layer, row;
    crease_units_at(network, crease_units_of_decision(network, decision, &layer, &row),
                    &place.layer, &place.unit);
    return place;
}

/* Sets the distances of the ball.  False if it was interrupted. */
static bool measure(const rounds *r, mpq_t *x, crease_ball *ball)
{
    const crease_network *lowered = r->lowered ? r->lowered : r->network;
    uint8_t *pattern = crease_alloc(crease_network_decisions(lowered), 1);
    crease_distance distance;
    crease_distance_open(&distance);
    crease_model_pattern_at(lowered, x, x, pattern);
    crease_distance_find(&distance, lowered, pattern, x);
    bool good = !crease_interrupt_raised();
    ball->linf = ball->l2 = good ? INFINITY : NAN;
    if (good && distance.any) {
        ball->linf = mpq_get_d(distance.linf);
        ball->l2 = crease_fraction_root(distance.l2_squared);
        ball->linf_text = mpq_get_str(NULL, 10, distance.linf);
        ball->l2_squared_text = mpq_get_str(NULL, 10, distance.l2_squared);
        ball->linf_unit = place_of(r->network, distance.linf_decision);
        ball->l2_unit = place_of(r->network, distance.l2_decision);
    }
    crease_distance_close(&distance);
    free(pattern);
    return good;
}

/* Of the regions in the box around a ball, those that the ball meets. */
typedef struct {
    const rounds *rounds;
    mpq_t *x;
    _Atomic uint64_t within;
} sieve;

/* From all workers at once. */
static bool sift(void *context, crease_region *region)
{
    sieve *s = context;
    const rounds *r = s->rounds;
    if (crease_region_is_within(region, r->domain, s->x, r->norm, r->radius))
        s->within++;
    return true;
}

static crease_status count_within(const rounds *r, mpq_t *x, const crease_domain *box,
                                  const crease_options *options, crease_many_found *found,
                                  crease_error *error)
{
    crease_result result;
    sieve s = {.rounds = r, .x = x};
    crease_status status =
        crease_regions(r->network, box, options, CREASE_REGIONS_PARALLEL, sift, &s, &result, error);
    if (!status)
        *found = (crease_many_found){s.within, result.complete, result.stopped};
    return status;
}

static crease_status count(const rounds *r, mpq_t *x, const crease_options *options,
                           crease_many_found *found, crease_error *error)
{
    crease_result result;
    crease_status status;
    crease_domain *domain =
        crease_ball_in_domain(r->domain, r->network->inputs, x, r->radius, r->norm);
    if (!domain) {
        found->complete = !crease_interrupt_raised();
        return CREASE_OK;
    }
    bool sharp = crease_ball_is_too_sharp(r->network->inputs, r->norm);
    if (sharp)
        status = count_within(r, x, domain, options, found, error);
    else
        status = crease_count(r->network, domain, options, &result, error);
    crease_domain_free(domain);
    if (!status && !sharp)
        *found = (crease_many_found){result.regions, result.complete, result.stopped};
    return status;
}

static crease_status visit(void *context, size_t i, const crease_options *options,
                           crease_many_found *found, crease_error *error)
{
    const rounds *r = context;
    size_t n = r->network->inputs;
    crease_ball *ball = &r->ball[i];
    crease_status status = CREASE_OK;
    mpq_t *x = crease_alloc(n, sizeof *x);
    for (size_t j = 0; j < n; j++)
        mpq_init(x[j]);
    crease_points_get(r->points, i, x);
    if (measure(r, x, ball))
        status = count(r, x, options, found, error);
    ball->regions = found->regions;
    ball->complete = found->complete;
    for (size_t j = 0; j < n; j++)
        mpq_clear(x[j]);
    free(x);
    return status;
}

static crease_status run(rounds *r, const crease_options *options, crease_result *result)
{
    size_t count = r->points->count;
    for (size_t i = 0; i < count; i++)
        r->ball[i] = (crease_ball){.linf = NAN, .l2 = NAN};
    r->lowered = crease_network_lower(r->network);
    crease_status status = crease_many_run(options, count, "point", visit, r, result, r->error);
    crease_network_free(r->lowered);
    result->dimension = r->network->inputs;
    if (status)
        crease_balls_clear(r->ball, count);
    return status;
}

static crease_status check(rounds *r, const char *radius, const crease_options *options)
{
    crease_status status = crease_network_complete(r->network, r->error);
    if (!status && r->points->inputs != r->network->inputs)
        status = crease_fail(r->error, CREASE_INPUT, "points: %zu inputs for a network of %zu",
                             r->points->inputs, r->network->inputs);
    if (!status &&
        (!crease_rational_parse(r->radius, radius, strlen(radius)) || mpq_sgn(r->radius) <= 0))
        status =
            crease_fail(r->error, CREASE_INPUT, "radius: \"%.60s\" is no number above 0", radius);
    if (!status && options->definition != CREASE_DEFINITION_ACTIVATION &&
        crease_ball_is_too_sharp(r->network->inputs, r->norm))
        status =
            crease_fail(r->error, CREASE_INPUT,
                        "norm l1: with more than %d inputs, only activation regions are counted",
                        CREASE_MAX_L1_INPUTS);
    return status ? status : crease_ball_check(r->domain, r->network->inputs, r->norm, r->error);
}

crease_status crease_around(const crease_network *network, const crease_domain *domain,
                            const crease_points *points, const char *radius, crease_norm norm,
                            const crease_options *options, crease_ball *ball, crease_result *result,
                            crease_error *error)
{
    rounds r = {.network = network,
                .domain = domain,
                .points = points,
                .norm = norm,
                .ball = ball,
                .error = error};
    crease_options own;
    crease_options_default(&own);
    mpq_init(r.radius);
    if (!options)
        options = &own;
    crease_status status = check(&r, radius, options);
    if (!status)
        status = run(&r, options, result);
    mpq_clear(r.radius);
    return status;
}

void crease_balls_clear(crease_ball *ball, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        free(ball[i].linf_text);
        free(ball[i].l2_squared_text);
        ball[i].linf_text = ball[i].l2_squared_text = NULL;
    }
}
