#include "api/many.h"
#include "base/memory.h"
#include "base/status.h"
#include "domain/ball.h"
#include "domain/points.h"
#include "net/rational.h"
#include "regions/from_point.h"
#include "regions/labels.h"
#include "regions/units.h"

#include <crease_points.h>
#include <crease_regions.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* With more inputs, exact distances take too long: there, bounds come as close to each other as
 * this share, or so close to 0. */
enum { FEW_INPUTS = 40 };
static const double gap = 1e-3, least = 1e-9;

typedef struct {
    const crease_network *network, *labelled;
    crease_network *lowered; /* labelled, or NULL if that needs no lowering */
    const crease_domain *domain;
    const crease_points *points;
    crease_norm norm;
    double most;
    crease_margin *margin;
} rounds;

/* One ball: is there another class in it, and how far is a point of it at most? */
typedef struct {
    const rounds *rounds;
    mpq_t *x;
    size_t label;
    bool other;
    mpq_t distance;
} look;

static void set_distance_to(look *l, const double *point)
{
    mpq_t sum, term;
    mpq_inits(sum, term, NULL);
    for (size_t j = 0; j < l->rounds->network->inputs; j++) {
        mpq_set_d(term, point[j]);
        mpq_sub(term, term, l->x[j]);
        mpq_abs(term, term);
        if (l->rounds->norm == CREASE_NORM_L1)
            mpq_add(sum, sum, term);
        else if (mpq_cmp(sum, term) < 0)
            mpq_set(sum, term);
    }
    if (mpq_cmp(sum, l->distance) < 0)
        mpq_set(l->distance, sum);
    mpq_clears(sum, term, NULL);
}

/* Of balls that are searched as boxes, the distance has to tell which parts they meet. */
static bool is_exact(const rounds *r)
{
    return r->network->inputs <= FEW_INPUTS ||
           crease_ball_is_too_sharp(r->network->inputs, r->norm);
}

/* Is the part in the ball, whose radius is the distance so far?  Then lowers that. */
static bool lower_distance(look *l, crease_region *part)
{
    const rounds *r = l->rounds;
    if (crease_ball_is_too_sharp(r->network->inputs, r->norm) &&
        !crease_region_is_within(part, r->domain, l->x, r->norm, l->distance))
        return false;
    mpq_t found;
    mpq_init(found);
    crease_region_from_point(part, r->domain, l->x, r->norm, l->distance, found);
    mpq_swap(l->distance, found);
    mpq_clear(found);
    return true;
}

static bool visit_part(void *context, crease_region *part)
{
    look *l = context;
    if (crease_region_pattern(part)[crease_region_units(part) - 1] == l->label)
        return true;
    if (is_exact(l->rounds)) {
        l->other = lower_distance(l, part);
        return !l->other;
    }
    l->other = true;
    double *point = crease_alloc(l->rounds->network->inputs, sizeof *point);
    if (crease_region_point(part, point))
        set_distance_to(l, point);
    free(point);
    return false;
}

/* The distance is rounded up. */
static double rounded_up(const mpq_t value)
{
    mpq_t back;
    mpq_init(back);
    double number = mpq_get_d(value);
    mpq_set_d(back, number);
    if (mpq_cmp(back, value) < 0)
        number = nextafter(number, INFINITY);
    mpq_clear(back);
    return number;
}

/* Searches the ball of this radius; lowers margin->high or raises margin->low. */
static crease_status look_within(look *l, double radius, const crease_options *options,
                                 crease_margin *margin, crease_many_found *found,
                                 crease_error *error)
{
    const rounds *r = l->rounds;
    crease_result result = {.complete = true};
    crease_status status = CREASE_OK;
    mpq_t exact;
    mpq_init(exact);
    mpq_set_d(exact, radius);
    crease_domain *ball =
        crease_ball_in_domain(r->domain, r->network->inputs, l->x, exact, r->norm);
    mpq_set(l->distance, exact);
    mpq_clear(exact);
    l->other = false;
    if (ball)
        status = crease_regions(r->labelled, ball, options, CREASE_REGIONS_ONE_BY_ONE, visit_part,
                                l, &result, error);
    crease_domain_free(ball);
    found->complete = !status && !crease_interrupt_raised() && (l->other || result.complete);
    found->stopped = result.stopped;
    if (found->complete && l->other)
        margin->high = fmin(margin->high, rounded_up(l->distance));
    else if (found->complete)
        margin->low = radius;
    return status;
}

/* The next radius: twice as large until another class is found, then between the bounds.  0: they
 * are close enough. */
static double next_radius(const rounds *r, const crease_margin *margin, const look *l,
                          double before)
{
    if (isinf(margin->high))
        return margin->low < r->most ? fmin(2 * before, r->most) : 0;
    /* The nearest part, unless there is another one that is nearer. */
    if (is_exact(r))
        return l->other ? mpq_get_d(l->distance) : 0;
    if (margin->high < least * r->most || margin->high - margin->low <= gap * margin->high)
        return 0;
    double middle = margin->low + (margin->high - margin->low) / 2;
    return margin->low < middle && middle < margin->high ? middle : 0;
}

static size_t label_of(const rounds *r, mpq_t *x)
{
    const crease_network *lowered = r->lowered ? r->lowered : r->labelled;
    size_t units = crease_units_count(r->labelled);
    uint8_t *pattern = crease_alloc(crease_network_decisions(lowered), 1);
    uint8_t *state = crease_alloc(units, 1);
    crease_model_pattern_at(lowered, x, x, pattern);
    crease_units_states(r->labelled, pattern, state);
    size_t label = state[units - 1];
    free(pattern);
    free(state);
    return label;
}

static crease_status visit(void *context, size_t i, const crease_options *options,
                           crease_many_found *found, crease_error *error)
{
    const rounds *r = context;
    size_t n = r->network->inputs;
    const double first = 0x1p-10;
    crease_margin *margin = &r->margin[i];
    crease_status status = CREASE_OK;
    mpq_t *x = crease_alloc(n, sizeof *x);
    for (size_t j = 0; j < n; j++)
        mpq_init(x[j]);
    crease_points_get(r->points, i, x);
    look l = {.rounds = r, .x = x, .label = label_of(r, x)};
    mpq_init(l.distance);
    double radius = r->most * first > 0 ? r->most * first : r->most;
    found->complete = !crease_interrupt_raised();
    margin->label = found->complete ? l.label : SIZE_MAX;
    while (!status && found->complete && radius > 0) {
        status = look_within(&l, radius, options, margin, found, error);
        radius = next_radius(r, margin, &l, radius);
    }
    margin->complete = !status && found->complete;
    mpq_clear(l.distance);
    for (size_t j = 0; j < n; j++)
        mpq_clear(x[j]);
    free(x);
    return status;
}

static crease_status check(rounds *r, double most, crease_error *error)
{
    crease_status status = crease_network_complete(r->network, error);
    if (!status && r->points->inputs != r->network->inputs)
        status = crease_fail(error, CREASE_INPUT, "points: %zu inputs for a network of %zu",
                             r->points->inputs, r->network->inputs);
    if (!status && !(most > 0 && isfinite(most)))
        status = crease_fail(error, CREASE_INPUT, "margin: %g is no number above 0", most);
    if (!status && r->network->layer[r->network->layers - 1].width > CREASE_MAX_RANK)
        status = crease_fail(error, CREASE_INPUT, "margin: more than %d outputs", CREASE_MAX_RANK);
    return status ? status : crease_ball_check(r->domain, r->network->inputs, r->norm, error);
}

crease_status crease_margins(const crease_network *network, const crease_domain *domain,
                             const crease_points *points, double most, crease_norm norm,
                             const crease_options *options, crease_margin *margin,
                             crease_result *result, crease_error *error)
{
    rounds r = {.network = network,
                .domain = domain,
                .points = points,
                .norm = norm,
                .most = most,
                .margin = margin};
    crease_options own;
    mpq_t zero;
    crease_options_default(&own);
    crease_status status = check(&r, most, error);
    if (status)
        return status;
    for (size_t i = 0; i < points->count; i++)
        margin[i] = (crease_margin){.label = SIZE_MAX, .high = INFINITY};
    mpq_init(zero);
    crease_network *labelled = crease_labels_network(network, zero);
    r.labelled = labelled;
    r.lowered = crease_network_lower(labelled);
    status =
        crease_many_run(options ? options : &own, points->count, "point", visit, &r, result, error);
    result->dimension = network->inputs;
    crease_network_free(r.lowered);
    crease_network_free(labelled);
    mpq_clear(zero);
    return status;
}
