#include "dd/refine.h"

#include "base/memory.h"
#include "exact/filter.h"
#include "exact/basis.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct crease_refiner {
    size_t d, room;
    double *row, *error, *rest;
    size_t *order;
    crease_basis base;
};

crease_refiner *crease_refiner_new(void)
{
    return crease_alloc(1, sizeof(crease_refiner));
}

void crease_refiner_free(crease_refiner *refiner)
{
    if (!refiner)
        return;
    free(refiner->row);
    free(refiner->error);
    free(refiner->rest);
    free(refiner->order);
    crease_basis_release(&refiner->base);
    free(refiner);
}

void crease_refiner_begin(crease_refiner *refiner, size_t d)
{
    refiner->d = d;
    if (d <= refiner->room)
        return;
    refiner->room = d;
    refiner->row = crease_realloc(refiner->row, d * d, sizeof(double));
    refiner->error = crease_realloc(refiner->error, d, sizeof(double));
    refiner->rest = crease_realloc(refiner->rest, d, sizeof(double));
    refiner->order = crease_realloc(refiner->order, d, sizeof(size_t));
    for (size_t k = 0; k < d; k++)
        refiner->order[k] = k;
    crease_basis_reserve(&refiner->base, d);
}

double *crease_refiner_row(crease_refiner *refiner, size_t k)
{
    return refiner->row + k * refiner->d;
}

double *crease_refiner_error(crease_refiner *refiner, size_t k)
{
    return refiner->error + k;
}

bool crease_refiner_run(crease_refiner *refiner, double *v, double *err)
{
    size_t d = refiner->d, p = 0;
    const crease_basis *base = &refiner->base;
    for (size_t j = 1; j < d; j++)
        if (fabs(v[j]) > fabs(v[p]))
            p = j;
    memset(crease_refiner_row(refiner, d - 1), 0, d * sizeof *v);
    crease_refiner_row(refiner, d - 1)[p] = 1;
    refiner->error[d - 1] = 0;
    if (!crease_basis_make(&refiner->base, d, refiner->row, refiner->error, refiner->order))
        return false;
    double kept = v[p], sum = 0, top = 0;
    for (size_t i = 0; i < d * d; i++)
        top = fabs(base->inverse[i]) > top ? fabs(base->inverse[i]) : top;
    for (size_t k = 0; k + 1 < d; k++)
        refiner->rest[k] = crease_basis_dot(crease_refiner_row(refiner, k), v, d);
    for (size_t k = 0; k + 1 < d; k++)
        for (size_t j = 0; j < d; j++)
            v[j] -= base->inverse[k * d + j] * refiner->rest[k];
    v[p] = kept;
    double one = crease_filter_one_norm(v, d);
    for (size_t k = 0; k + 1 < d; k++)
        sum += fabs(crease_basis_dot(crease_refiner_row(refiner, k), v, d)) +
               crease_filter_bound(d, 1, refiner->error[k], one);
    *err = top * sum * (1 + base->growth) * (1 + 0x1p-20);
    return true;
}
