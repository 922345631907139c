#include "api/run_search.h"

crease_status crease_count(const crease_network *network, const crease_domain *domain,
                           const crease_options *options, crease_result *result,
                           crease_error *error)
{
    return crease_search(network, domain, options, NULL, NULL, result, error);
}
