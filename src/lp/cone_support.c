#include "lp/cone_state.h"

#include <assert.h>
#include <math.h>
#include <string.h>

static bool has_first_row(const size_t *support, size_t count)
{
    for (size_t k = 0; k < count; k++)
        if (support[k] == 0)
            return true;
    return false;
}

/* Exchanges a row of a support of d rows, without row 0, for row 0.  With y and z the coefficients
 * of row own and row 0, own = sum (y_k - t z_k) a_k + t a_0; t grows until one vanishes. */
static bool take_first_row(crease_cone *cone, size_t own)
{
    size_t d = cone->d, out = d;
    double least = INFINITY;
    crease_basis *base = &cone->base[cone->next_base];
    bool good = crease_basis_make(base, d, cone->row, cone->err, cone->support);
    cone->bases = cone->next_base; /* the slot is overwritten */
    for (size_t k = 0; good && k < d; k++) {
        double y = crease_basis_dot(base->inverse + k * d, cone->row + own * d, d);
        double z = crease_basis_dot(base->inverse + k * d, cone->row, d);
        if (z > 0 && y / z < least) {
            least = y / z;
            out = k;
        }
    }
    if (out == d)
        return false;
    cone->support[out] = 0;
    return true;
}

bool crease_cone_support(crease_cone *cone, size_t own, size_t *support, size_t *count)
{
    size_t d = cone->d;
    for (size_t b = 0; b < cone->bases; b++) {
        const crease_basis *base = &cone->base[b];
        if (has_first_row(base->index, d) && crease_cone_usable(cone, base, own) &&
            crease_cone_implied(cone, base, own)) {
            memcpy(support, base->index, d * sizeof *support);
            *count = d;
            return true;
        }
    }
    bool enabled = cone->enabled[own];
    double *v = cone->work + d, *y = v + d;
    crease_cone_enable(cone, own, false);
    cone->tally->lp++;
    crease_proposal answer =
        cone->proposer->separate(cone->solver, cone->row + own * d, cone->support, count, y, v);
    bool good = answer == CREASE_PROPOSE_INSIDE && crease_cone_fair(cone, own, *count);
    /* With row 0 in it, a support is independent only if the others are without constants. */
    if (good && !has_first_row(cone->support, *count)) {
        if (*count < d)
            cone->support[(*count)++] = 0;
        else
            good = take_first_row(cone, own);
    }
    good = good && ((*count == d && crease_cone_prove_basis(cone, own)) ||
                    crease_cone_prove_combination(cone, own, *count));
    assert(!good || (*count <= d && has_first_row(cone->support, *count)));
    if (good)
        memcpy(support, cone->support, *count * sizeof *support);
    crease_cone_enable(cone, own, enabled);
    return good;
}
