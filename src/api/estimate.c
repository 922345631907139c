#include "api/estimate.h"

#include "api/run_search.h"
#include "base/status.h"

#include <math.h>

/* An estimate that was planned for some time is stopped after so many times this time. */
static const double patience = 3;

void crease_estimate_plan_default(crease_estimate_plan *plan)
{
    *plan = (crease_estimate_plan){.seconds = 10, .confidence = 0.95};
}

static crease_status check(const crease_options *options, const crease_estimate_plan *plan,
                           crease_error *error)
{
    if (options->engine == CREASE_ENGINE_WALK)
        return crease_fail(error, CREASE_INPUT, "engine: the walk makes no estimates");
    if (!(plan->confidence > 0 && plan->confidence < 1))
        return crease_fail(error, CREASE_INPUT, "confidence: %g is not between 0 and 1",
                           plan->confidence);
    if (!plan->leaves && !(plan->seconds > 0) && !(plan->error > 0))
        return crease_fail(error, CREASE_INPUT, "no leaves, seconds or error to plan for");
    return CREASE_OK;
}

crease_status crease_estimate_from(const crease_network *network, const crease_domain *domain,
                                   const crease_options *options, const crease_estimate_plan *plan,
                                   const crease_keeper *keeper, crease_estimation *estimation,
                                   crease_error *error)
{
    crease_options own;
    crease_estimate_plan work;
    crease_result result;
    crease_options_default(&own);
    crease_estimate_plan_default(&work);
    own = options ? *options : own;
    work = plan ? *plan : work;
    crease_status status = check(&own, &work, error);
    if (status)
        return status;
    own.engine = CREASE_ENGINE_SPLIT;
    own.limit_regions = 0;
    own.progress = NULL;
    own.start = NULL;
    bool timed = !work.leaves && work.seconds > 0;
    if (timed && !(own.limit_seconds > 0 && own.limit_seconds < patience * work.seconds))
        own.limit_seconds = patience * work.seconds;
    *estimation = (crease_estimation){
        .standard_error = -1, .low = -1, .high = -1, .spread = -1, .confidence = work.confidence};
    crease_keeper whole = *keeper;
    whole.estimation = estimation;
    whole.plan = &work;
    status = crease_search(network, domain, &own, NULL, &whole, &result, error);
    if (status)
        return status;
    estimation->complete = result.complete;
    estimation->stopped = result.stopped;
    estimation->dimension = result.dimension;
    estimation->threads = result.threads;
    estimation->seconds = result.seconds;
    return CREASE_OK;
}

crease_status crease_estimate(const crease_network *network, const crease_domain *domain,
                              const crease_options *options, const crease_estimate_plan *plan,
                              crease_estimation *estimation, crease_error *error)
{
    const crease_keeper keeper = {0};
    return crease_estimate_from(network, domain, options, plan, &keeper, estimation, error);
}
