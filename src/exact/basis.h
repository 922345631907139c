/* A basis of R^d from d rows, with its approximate inverse.  It proves in floating point that a row
 * g is a combination of these rows with positive coefficients.  The bound is proved in
 * lp/cone.h. */
#ifndef CREASE_EXACT_BASIS_H
#define CREASE_EXACT_BASIS_H

#include <stdbool.h>
#include <stddef.h>

typedef struct {
    size_t *index;   /* d: the rows */
    double *inverse; /* d x d: coefficient k of g is inverse[k] . g */
    double *matrix;  /* work space */
    double growth;   /* rho / (1 - rho), see lp/cone.h */
    double norm;     /* max_k |inverse[k]|_1 */
} crease_basis;

void crease_basis_reserve(crease_basis *base, size_t d);
void crease_basis_release(crease_basis *base);

/* Makes a basis of rows support[0], ..., support[d - 1] of the matrix row (row-major, max norm <=
 * 1, entrywise error err[i] of row i).  False if they are not proved to be independent; then the
 * basis must not be used. */
bool crease_basis_make(crease_basis *base, size_t d, const double *row, const double *err,
                       const size_t *support);

/* Sets y to approximate coefficients of g (max norm <= 1, entrywise error err).  None of them is
 * wrong by more than the result, which is infinite if nothing is proved. */
double crease_basis_coefficients(const crease_basis *base, size_t d, const double *g, double err,
                                 double *y);

/* Are all coefficients of g (max norm <= 1, entrywise error err) proved to be positive? */
bool crease_basis_implies(const crease_basis *base, size_t d, const double *g, double err);

double crease_basis_dot(const double *x, const double *y, size_t d);

/* inverse = matrix^-1, approximately; both d x d, matrix is overwritten.  False if it is nearly
 * singular. */
bool crease_basis_invert(double *matrix, double *inverse, size_t d);

#endif
