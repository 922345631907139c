/* Vectors of fractions. */
#ifndef CREASE_EXACT_FRACTIONS_H
#define CREASE_EXACT_FRACTIONS_H

#include <gmp.h>
#include <stddef.h>

/* Zeros.  The caller gives them to crease_fractions_free. */
mpq_t *crease_fractions_new(size_t count);
/* vector may be NULL. */
void crease_fractions_free(mpq_t *vector, size_t count);

#endif
