#include "api/visits.h"

crease_status crease_regions(const crease_network *network, const crease_domain *domain,
                             const crease_options *options, crease_regions_calls calls,
                             crease_region_visit *visit, void *context, crease_result *result,
                             crease_error *error)
{
    crease_visits s = {
        .network = network, .domain = domain, .visit = visit, .context = context, .calls = calls};
    return crease_visits_search(&s, false, NULL, options, result, error);
}

crease_status crease_region_batches(const crease_network *network, const crease_domain *domain,
                                    const crease_options *options, unsigned fields, size_t most,
                                    crease_region_batch_visit *visit, void *context,
                                    crease_result *result, crease_error *error)
{
    crease_visits s = {.network = network,
                       .domain = domain,
                       .visit_batch = visit,
                       .context = context,
                       .fields = fields,
                       .most = most};
    return crease_visits_search(&s, false, NULL, options, result, error);
}

static crease_status search_at(crease_visits *s, const char *point, crease_error *error)
{
    crease_options options;
    crease_result result;
    crease_options_default(&options);
    options.start = point;
    return crease_visits_search(s, true, NULL, &options, &result, error);
}

crease_status crease_region_at(const crease_network *network, const crease_domain *domain,
                               const char *point, crease_region_visit *visit, void *context,
                               crease_error *error)
{
    crease_visits s = {.network = network, .domain = domain, .visit = visit, .context = context};
    return search_at(&s, point, error);
}

crease_status crease_region_batch_at(const crease_network *network, const crease_domain *domain,
                                     const char *point, unsigned fields,
                                     crease_region_batch_visit *visit, void *context,
                                     crease_error *error)
{
    crease_visits s = {.network = network,
                       .domain = domain,
                       .visit_batch = visit,
                       .context = context,
                       .fields = fields,
                       .most = 1};
    return search_at(&s, point, error);
}
