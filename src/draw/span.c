#include "draw/span.h"

#include "base/status.h"

#include <math.h>

static const double most = 1e100, least = 1e-100, share = 1e-9;

bool crease_span_has(double value)
{
    return fabs(value) <= most;
}

bool crease_span_fits(double low, double high)
{
    return crease_span_has(low) && crease_span_has(high) &&
           high - low >= fmax(least, share * fmax(fabs(low), fabs(high)));
}

crease_status crease_span_check(const crease_domain *domain, crease_error *error)
{
    for (size_t j = 0; crease_domain_boxed(domain) && j < domain->inputs; j++) {
        double low = mpq_get_d(domain->lo[j]), high = mpq_get_d(domain->hi[j]);
        if (!crease_span_fits(low, high))
            return crease_fail(error, CREASE_INPUT,
                               "box, input %zu: from %g to %g cannot be drawn; coordinates are at "
                               "most 1e100, and a side is at least 1e-100 and 1e-9 of them",
                               j, low, high);
    }
    return CREASE_OK;
}
