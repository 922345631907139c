#include "exact/basis.h"

#include "base/interrupt.h"
#include "base/memory.h"
#include "exact/filter.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void crease_basis_reserve(crease_basis *base, size_t d)
{
    base->index = crease_realloc(base->index, d, sizeof(size_t));
    base->inverse = crease_realloc(base->inverse, d * d, sizeof(double));
    base->matrix = crease_realloc(base->matrix, d * d, sizeof(double));
}

void crease_basis_release(crease_basis *base)
{
    free(base->index);
    free(base->inverse);
    free(base->matrix);
}

double crease_basis_dot(const double *x, const double *y, size_t d)
{
    double sum = 0;
    for (size_t j = 0; j < d; j++)
        sum += x[j] * y[j];
    return sum;
}

/* inverse = matrix^-1 by Gauss-Jordan with row pivoting; destroys matrix. */
bool crease_basis_invert(double *matrix, double *inverse, size_t d)
{
    memset(inverse, 0, d * d * sizeof *inverse);
    for (size_t k = 0; k < d; k++)
        inverse[k * d + k] = 1;
    for (size_t k = 0; k < d; k++) {
        size_t p = k;
        for (size_t r = k + 1; r < d; r++)
            if (fabs(matrix[r * d + k]) > fabs(matrix[p * d + k]))
                p = r;
        double pivot = matrix[p * d + k];
        if (!(fabs(pivot) > 1e-14) || crease_interrupted_after(2 * d * d))
            return false;
        for (size_t c = 0; c < d; c++) {
            double x = matrix[p * d + c], y = inverse[p * d + c];
            matrix[p * d + c] = matrix[k * d + c];
            inverse[p * d + c] = inverse[k * d + c];
            matrix[k * d + c] = x / pivot;
            inverse[k * d + c] = y / pivot;
        }
        for (size_t r = 0; r < d; r++) {
            double factor = matrix[r * d + k];
            if (r == k || factor == 0)
                continue;
            for (size_t c = 0; c < d; c++) {
                matrix[r * d + c] -= factor * matrix[k * d + c];
                inverse[r * d + c] -= factor * inverse[k * d + c];
            }
        }
    }
    return true;
}

bool crease_basis_make(crease_basis *base, size_t d, const double *row, const double *err,
                       const size_t *support)
{
    for (size_t k = 0; k < d; k++)
        for (size_t j = 0; j < d; j++)
            base->matrix[j * d + k] = row[support[k] * d + j];
    if (!crease_basis_invert(base->matrix, base->inverse, d))
        return false;
    double rho = 0, finite = 0; /* finite: whether all numbers are */
    base->norm = 0;
    for (size_t k = 0; k < d; k++) {
        const double *x = base->inverse + k * d;
        double one_norm = crease_filter_one_norm(x, d), sum = 0;
        for (size_t i = 0; i < d; i++) {
            size_t s = support[i];
            double entry = crease_basis_dot(x, row + s * d, d) - (i == k);
            sum += fabs(entry) + crease_filter_bound(d, 1, err[s], one_norm) + 0x1p-52;
        }
        rho = sum > rho ? sum : rho;
        base->norm = one_norm > base->norm ? one_norm : base->norm;
        finite += sum + one_norm;
        if (crease_interrupted_after(d * d))
            return false;
    }
    rho *= 1 + crease_filter_gamma(d);
    if (!(rho < 0.25) || !isfinite(finite))
        return false;
    base->growth = rho / (1 - rho) * (1 + 0x1p-50);
    memcpy(base->index, support, d * sizeof *base->index);
    return true;
}

double crease_basis_coefficients(const crease_basis *base, size_t d, const double *g, double err,
                                 double *y)
{
    double high = 0, finite = 0;
    for (size_t k = 0; k < d; k++) {
        y[k] = crease_basis_dot(base->inverse + k * d, g, d);
        high = fabs(y[k]) > high ? fabs(y[k]) : high;
        finite += y[k];
    }
    double bound = crease_filter_bound(d, 1, err, base->norm);
    return isfinite(finite) ? (bound + base->growth * (high + bound)) * (1 + 0x1p-20) : INFINITY;
}

bool crease_basis_implies(const crease_basis *base, size_t d, const double *g, double err)
{
    double *y = base->matrix, bound = crease_basis_coefficients(base, d, g, err, y);
    for (size_t k = 0; k < d; k++)
        if (!(y[k] > bound))
            return false;
    return true;
}
