#include "base/status.h"
#include "regions/graph.h"

static bool add(void *context, const crease_region_batch *batch)
{
    crease_graph_add(context, batch);
    return true;
}

crease_status crease_regions_graph(const crease_network *network, const crease_domain *domain,
                                   const crease_options *options, crease_region_graph *graph,
                                   crease_result *result, crease_error *error)
{
    enum { BATCH = 256 };
    crease_graph *own = crease_graph_new();
    *graph = (crease_region_graph){0};
    crease_status status = crease_region_batches(network, domain, options, CREASE_GRAPH_FIELDS,
                                                 BATCH, add, own, result, error);
    if (!status && result->complete && !crease_graph_take(own, graph))
        status = crease_fail(error, CREASE_INPUT, "graph: two patterns have the same hash");
    crease_graph_free(own);
    return status;
}
