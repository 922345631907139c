/* Recomputes rays from their active rows in floating point, with a rigorous bound. */
#ifndef CREASE_DD_REFINE_H
#define CREASE_DD_REFINE_H

#include <stdbool.h>
#include <stddef.h>

typedef struct crease_refiner crease_refiner;

crease_refiner *crease_refiner_new(void);
void crease_refiner_free(crease_refiner *refiner);

/* Room for d - 1 rows of length d; row k goes to crease_refiner_row(k), scaled to max norm
 * at most 1, its entrywise error to crease_refiner_error(k). */
void crease_refiner_begin(crease_refiner *refiner, size_t d);
double *crease_refiner_row(crease_refiner *refiner, size_t k);
double *crease_refiner_error(crease_refiner *refiner, size_t k);

/* Moves v, a non-zero vector near the line on which the rows vanish, closer to it and sets
 * *err: some point of the line lies within *err of v in every coordinate.  False, and v
 * untouched, if the rows are not proved to be independent.
 *
 * With A the rows and the unit row of v's largest coordinate p, the point r of the line
 * with r_p = v_p satisfies A (r - v) = s, s_p = 0.  If X A^T = I - E, |E|_inf = rho < 1, then
 * |r - v|_inf <= max |X_ij| |s|_1 / (1 - rho). */
bool crease_refiner_run(crease_refiner *refiner, double *v, double *err);

#endif
