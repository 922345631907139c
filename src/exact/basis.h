/* A support of d rows with an approximate inverse: proves "row g is a combination of them
 * with positive coefficients" in floating point; see lp/cone.h for the bound. */
#ifndef CREASE_EXACT_BASIS_H
#define CREASE_EXACT_BASIS_H

#include <stdbool.h>
#include <stddef.h>

typedef struct {
    size_t *index;
    double *inverse; /* d x d: coefficient k of g is inverse[k] . g */
    double *matrix;  /* scratch */
    double growth;   /* rho / (1 - rho) */
    double norm;     /* max_k |inverse[k]|_1 */
} crease_basis;

void crease_basis_reserve(crease_basis *base, size_t d);
void crease_basis_release(crease_basis *base);

/* Makes a basis of the rows support[0..d) of row (row-major, max norm <= 1, entrywise error
 * err[i]); false, and the basis unusable, if its regularity is not proved. */
bool crease_basis_make(crease_basis *base, size_t d, const double *row, const double *err,
                       const size_t *support);

/* Is g (max norm <= 1, entrywise error err) proved to have positive coefficients only? */
bool crease_basis_implies(const crease_basis *base, size_t d, const double *g, double err);

double crease_basis_dot(const double *x, const double *y, size_t d);

/* inverse = matrix^-1, approximately, d x d; destroys matrix; false if near singular. */
bool crease_basis_invert(double *matrix, double *inverse, size_t d);

#endif
