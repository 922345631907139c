/* The rows of a cone as a task for lp/nearest.h. */
#include "lp/cone_state.h"

const double *crease_cone_products(crease_cone *cone, size_t i)
{
    double *out = cone->product + i * cone->rooms;
    for (size_t k = 0; k <= i && !cone->multiplied[i]; k++)
        out[k] = crease_basis_dot(cone->row + i * cone->d, cone->row + k * cone->d, cone->d);
    cone->multiplied[i] = true;
    return out;
}

bool crease_cone_near_task(crease_cone *cone, size_t own, const double *inside,
                           crease_nearest_task *task)
{
    size_t d = cone->d, m = 0;
    double *minus = cone->work + 4 * d;
    if (!cone->nearest || !inside || cone->rooms > MOST_NEAR)
        return false;
    for (size_t i = 0; i < cone->m; i++) {
        if (!cone->enabled[i] || i == own)
            continue;
        cone->near_row[m] =
            (crease_nearest_row){cone->row + i * d, crease_cone_products(cone, i), i};
        cone->near_value[m++] = crease_basis_dot(cone->row + i * d, inside, d);
    }
    for (size_t j = 0; j < d; j++)
        minus[j] = -cone->row[own * d + j];
    for (size_t i = 0; i < m; i++)
        cone->near_product[cone->near_row[i].number] =
            crease_basis_dot(minus, cone->near_row[i].value, d);
    cone->near_product[cone->m] = crease_basis_dot(minus, minus, d);
    cone->near_row[m] = (crease_nearest_row){minus, cone->near_product, cone->m};
    cone->near_value[m] = crease_basis_dot(minus, inside, d);
    *task = (crease_nearest_task){
        .n = d, .m = m + 1, .row = cone->near_row, .centre = inside, .at_centre = cone->near_value};
    return true;
}
