#include "api/visits.h"
#include "base/memory.h"
#include "base/status.h"
#include "domain/points.h"
#include "domain/domain.h"
#include "net/network.h"

#include <stdlib.h>

void crease_sample_plan_default(crease_sample_plan *plan)
{
    *plan = (crease_sample_plan){.by = CREASE_SAMPLE_REGION, .size = 1000};
}

static crease_status check_points(const crease_network *network, const crease_domain *domain,
                                  const crease_points *points, crease_error *error)
{
    size_t n = crease_network_inputs(network);
    if (!points || !points->count)
        return crease_fail(error, CREASE_INPUT, "sample: no points");
    if (points->inputs != n)
        return crease_fail(error, CREASE_INPUT, "sample: points of %zu inputs for a network of %zu",
                           points->inputs, n);
    mpq_t *x = crease_alloc(n, sizeof *x);
    size_t i = 0;
    for (size_t j = 0; j < n; j++)
        mpq_init(x[j]);
    for (; i < points->count; i++) {
        crease_points_get(points, i, x);
        if (!crease_domain_contains(domain, x, false))
            break;
    }
    for (size_t j = 0; j < n; j++)
        mpq_clear(x[j]);
    free(x);
    return i == points->count
               ? CREASE_OK
               : crease_fail(error, CREASE_INPUT, "point %zu is outside the domain", i);
}

static crease_status check_radius(const char *text, crease_error *error)
{
    mpq_t radius;
    crease_error own;
    mpq_init(radius);
    crease_status status = crease_domain_point(text, "radius", 1, &radius, &own);
    bool good = !status && mpq_sgn(radius) > 0;
    mpq_clear(radius);
    return good ? CREASE_OK
                : crease_fail(error, CREASE_INPUT, "radius: \"%.60s\" is not a positive number",
                              text);
}

static crease_status check(const crease_network *network, const crease_domain *domain,
                           const crease_sample_plan *plan, crease_error *error)
{
    bool data = plan->by == CREASE_SAMPLE_DATA;
    crease_status status = CREASE_OK;
    if (!data && plan->by != CREASE_SAMPLE_REGION && plan->by != CREASE_SAMPLE_VOLUME)
        return crease_fail(error, CREASE_INPUT, "sample: by %d is not known", (int)plan->by);
    if (plan->resample && plan->by != CREASE_SAMPLE_REGION)
        return crease_fail(error, CREASE_INPUT, "sample: only regions are resampled");
    if (!plan->size && (!data || plan->radius))
        return crease_fail(error, CREASE_INPUT, "sample: of size 0");
    if (plan->by == CREASE_SAMPLE_VOLUME && !crease_domain_boxed(domain))
        return crease_fail(error, CREASE_INPUT, "sample: by volume, the domain must have a box");
    if (data && plan->radius)
        status = check_radius(plan->radius, error);
    return !status && data ? check_points(network, domain, plan->points, error) : status;
}

static crease_status sample(crease_visits *visits, const crease_options *options,
                            const crease_sample_plan *plan, crease_sample_result *result,
                            crease_error *error)
{
    crease_options own;
    crease_sample_plan standard;
    crease_result found;
    crease_options_default(&own);
    crease_sample_plan_default(&standard);
    own = options ? *options : own;
    own.limit_regions = 0;
    own.start = NULL;
    const crease_drawing drawing = {plan ? plan : &standard, result};
    *result = (crease_sample_result){.standard_error = -1};
    crease_status status = crease_network_complete(visits->network, error);
    status = status ? status : check(visits->network, visits->domain, drawing.plan, error);
    status = status ? status : crease_visits_search(visits, false, &drawing, &own, &found, error);
    if (status)
        return status;
    result->complete = found.complete;
    result->stopped = found.stopped;
    result->dimension = found.dimension;
    result->threads = found.threads;
    result->seconds = found.seconds;
    return CREASE_OK;
}

crease_status crease_sample(const crease_network *network, const crease_domain *domain,
                            const crease_options *options, const crease_sample_plan *plan,
                            crease_region_visit *visit, void *context, crease_sample_result *result,
                            crease_error *error)
{
    crease_visits visits = {
        .network = network, .domain = domain, .visit = visit, .context = context};
    return sample(&visits, options, plan, result, error);
}

crease_status crease_sample_batches(const crease_network *network, const crease_domain *domain,
                                    const crease_options *options, const crease_sample_plan *plan,
                                    unsigned fields, size_t most, crease_region_batch_visit *visit,
                                    void *context, crease_sample_result *result,
                                    crease_error *error)
{
    crease_visits visits = {.network = network,
                            .domain = domain,
                            .visit_batch = visit,
                            .context = context,
                            .fields = fields,
                            .most = most};
    return sample(&visits, options, plan, result, error);
}
