#include "api/run_search.h"
#include "base/clock.h"
#include "base/memory.h"
#include "base/rounding.h"
#include "base/status.h"
#include "domain/ball.h"
#include "domain/points.h"
#include "net/rational.h"
#include "regions/distance.h"
#include "regions/units.h"

#include <math.h>
#include <omp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    const crease_network *network;
    crease_network *lowered; /* or NULL: the network needs no lowering */
    const crease_domain *domain;
    const crease_points *points;
    mpq_t radius;
    crease_norm norm;
    crease_options options;
    crease_ball *ball;
    crease_monitor monitor;
    omp_lock_t one; /* for what follows */
    size_t done;
    uint64_t regions;
    double next_report;
    crease_status status; /* of the first failure */
    crease_error *error;
} rounds;

static mpq_t *new_point(size_t n)
{
    mpq_t *x = crease_alloc(n, sizeof *x);
    for (size_t j = 0; j < n; j++)
        mpq_init(x[j]);
    return x;
}

static void free_point(mpq_t *x, size_t n)
{
    for (size_t j = 0; j < n; j++)
        mpq_clear(x[j]);
    free(x);
}

static crease_unit_place place_of(const crease_network *network, size_t decision)
{
    crease_unit_place place;
    size_t layer, row;
    crease_units_at(network, crease_units_of_decision(network, decision, &layer, &row),
                    &place.layer, &place.unit);
    return place;
}

/* The square root, whose square may be out of the range of doubles. */
static double root_of(const mpq_t square)
{
    long above, below;
    double value = mpz_get_d_2exp(&above, mpq_numref(square));
    value /= mpz_get_d_2exp(&below, mpq_denref(square));
    long exponent = above - below, odd = exponent & 1;
    return ldexp(sqrt(ldexp(value, (int)odd)), (int)((exponent - odd) / 2));
}

/* Sets the distances of the ball.  False if it was interrupted. */
static bool measure(rounds *r, mpq_t *x, crease_ball *ball)
{
    const crease_network *lowered = r->lowered ? r->lowered : r->network;
    uint8_t *pattern = crease_alloc(crease_network_decisions(lowered), 1);
    crease_interrupt token;
    crease_distance distance;
    crease_distance_open(&distance);
    crease_interrupt_enter(&token, crease_monitor_interrupt, &r->monitor);
    crease_model_pattern_at(lowered, x, x, pattern);
    crease_distance_find(&distance, lowered, pattern, x);
    bool good = !crease_interrupt_raised();
    crease_interrupt_leave(&token);
    ball->linf = ball->l2 = good ? INFINITY : NAN;
    if (good && distance.any) {
        ball->linf = mpq_get_d(distance.linf);
        ball->l2 = root_of(distance.l2_squared);
        ball->linf_text = mpq_get_str(NULL, 10, distance.linf);
        ball->l2_squared_text = mpq_get_str(NULL, 10, distance.l2_squared);
        ball->linf_unit = place_of(r->network, distance.linf_decision);
        ball->l2_unit = place_of(r->network, distance.l2_decision);
    }
    crease_distance_close(&distance);
    free(pattern);
    return good;
}

/* Counts in the ball.  It has the time that is left. */
static crease_status count(rounds *r, mpq_t *x, int threads, crease_ball *ball, crease_error *error)
{
    crease_options options = r->options;
    crease_result result;
    options.threads = threads;
    options.progress = NULL;
    if (options.limit_seconds > 0) {
        const double least = 1e-9;
        double left = r->monitor.begin + options.limit_seconds - crease_clock_seconds();
        options.limit_seconds = left > least ? left : least;
    }
    crease_domain *domain =
        crease_ball_in_domain(r->domain, r->network->inputs, x, r->radius, r->norm);
    ball->complete = !domain;
    if (!domain)
        return CREASE_OK;
    crease_status status = crease_count(r->network, domain, &options, &result, error);
    crease_domain_free(domain);
    if (status)
        return status;
    ball->regions = result.regions;
    ball->complete = result.complete;
    if (!result.complete && result.stopped != CREASE_STOP_REGIONS)
        crease_monitor_stop(&r->monitor, result.stopped);
    return CREASE_OK;
}

/* Called with the lock. */
static void report(rounds *r)
{
    double now = crease_clock_seconds(), seconds = now - r->monitor.begin;
    if (!r->options.progress || now < r->next_report)
        return;
    r->next_report = now + r->options.progress_interval;
    char digits[24];
    snprintf(digits, sizeof digits, "%llu", (unsigned long long)r->regions);
    const crease_progress progress = {.regions = r->regions,
                                      .open = r->points->count - r->done,
                                      .seconds = seconds,
                                      .closed = (double)r->done / (double)r->points->count,
                                      .memory = crease_clock_memory(),
                                      .digits = digits,
                                      .rate = seconds > 0 ? (double)r->regions / seconds : 0};
    r->options.progress(r->options.progress_context, &progress);
}

static void visit(rounds *r, size_t i, int threads, mpq_t *x)
{
    crease_error error;
    crease_status status = CREASE_OK;
    crease_ball *ball = &r->ball[i];
    if (crease_monitor_interrupt(&r->monitor, 0))
        return;
    crease_points_get(r->points, i, x);
    if (measure(r, x, ball))
        status = count(r, x, threads, ball, &error);
    omp_set_lock(&r->one);
    if (status && !r->status) {
        r->status = status;
        crease_fail(r->error, status, "point %zu: %s", i, error.text);
        crease_monitor_stop(&r->monitor, CREASE_STOP_ASKED);
    }
    r->done++;
    r->regions = ball->regions > UINT64_MAX - r->regions ? UINT64_MAX : r->regions + ball->regions;
    report(r);
    omp_unset_lock(&r->one);
}

/* Fewer points than threads are visited one after the other. */
static void visit_all(rounds *r)
{
    int threads = crease_search_threads(&r->options);
    bool together = r->points->count >= (size_t)threads;
#pragma omp parallel num_threads(together ? threads : 1)
    {
        crease_rounding mode;
        crease_rounding_enter(&mode);
        mpq_t *x = new_point(r->network->inputs);
#pragma omp for schedule(dynamic)
        for (size_t i = 0; i < r->points->count; i++)
            visit(r, i, together ? 1 : threads, x);
        free_point(x, r->network->inputs);
        crease_rounding_leave(&mode);
    }
}

static crease_status run(rounds *r, crease_result *result)
{
    size_t count = r->points->count;
    memset(result, 0, sizeof *result);
    for (size_t i = 0; i < count; i++)
        r->ball[i] = (crease_ball){.linf = NAN, .l2 = NAN};
    crease_monitor_begin(&r->monitor, &r->options);
    r->next_report = r->monitor.begin + r->options.progress_interval;
    r->lowered = crease_network_lower(r->network);
    omp_init_lock(&r->one);
    visit_all(r);
    omp_destroy_lock(&r->one);
    crease_network_free(r->lowered);
    result->complete = true;
    for (size_t i = 0; i < count; i++)
        result->complete = result->complete && r->ball[i].complete;
    int stop = atomic_load(&r->monitor.stop);
    result->stopped = result->complete ? CREASE_STOP_NONE
                      : stop           ? (crease_stop)stop
                                       : CREASE_STOP_REGIONS;
    result->threads = crease_search_threads(&r->options);
    result->dimension = r->network->inputs;
    result->seconds = crease_clock_seconds() - r->monitor.begin;
    if (r->status)
        crease_balls_clear(r->ball, count);
    return r->status;
}

static crease_status check(rounds *r, const char *radius)
{
    crease_status status = crease_network_complete(r->network, r->error);
    if (!status && r->points->inputs != r->network->inputs)
        status = crease_fail(r->error, CREASE_INPUT, "points: %zu inputs for a network of %zu",
                             r->points->inputs, r->network->inputs);
    if (!status &&
        (!crease_rational_parse(r->radius, radius, strlen(radius)) || mpq_sgn(r->radius) <= 0))
        status =
            crease_fail(r->error, CREASE_INPUT, "radius: \"%.60s\" is no number above 0", radius);
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
    crease_options_default(&r.options);
    if (options)
        r.options = *options;
    mpq_init(r.radius);
    crease_status status = check(&r, radius);
    if (!status)
        status = run(&r, result);
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
