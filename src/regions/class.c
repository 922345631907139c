#include "regions/region.h"

#include "base/memory.h"

#include <stdlib.h>

/* Sets y to row.(x, 1) / den at the exact point. */
static void evaluate(crease_region *r, mpq_t y)
{
    mpq_t term;
    mpq_init(term);
    crease_region_entry(r, r->inputs);
    mpq_set(y, r->entry);
    for (size_t j = 0; j < r->inputs; j++) {
        crease_region_entry(r, j);
        mpq_mul(term, r->entry, r->exact_point[j]);
        mpq_add(y, y, term);
    }
    mpq_clear(term);
}

size_t crease_region_class(crease_region *r)
{
    size_t outputs = crease_region_outputs(r), best = 0;
    double *x = crease_alloc(r->inputs, sizeof *x);
    mpq_t y, largest;
    mpq_inits(y, largest, NULL);
    if (crease_region_point(r, x))
        for (size_t j = 0; j < r->inputs; j++)
            mpq_set_d(r->exact_point[j], x[j]);
    for (size_t i = 0; i < outputs; i++) {
        crease_region_set_output_row(r, i);
        evaluate(r, y);
        if (i && mpq_cmp(y, largest) > 0)
            best = i;
        if (!i || best == i)
            mpq_set(largest, y);
    }
    if (outputs == 1)
        best = mpq_sgn(largest) > 0;
    mpq_clears(y, largest, NULL);
    free(x);
    return best;
}
