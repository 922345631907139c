/* Vectors of fractions. */
#ifndef CREASE_EXACT_FRACTIONS_H
#define CREASE_EXACT_FRACTIONS_H

#include <gmp.h>
#include <stddef.h>

/* Zeros.  The caller gives them to crease_fractions_free. */
mpq_t *crease_fractions_new(size_t count);
/* vector may be NULL. */
void crease_fractions_free(mpq_t *vector, size_t count);

/* The square root of a fraction >= 0, up to rounding; the fraction may be out of the range of
 * doubles.  Infinite if the root is beyond it. */
double crease_fraction_root(const mpq_t square);

#endif
