/* Segments in a domain. */
#ifndef CREASE_DOMAIN_CHORD_H
#define CREASE_DOMAIN_CHORD_H

#include "domain/domain.h"

/* Sets begin < end to the ends of the set of t in (0, 1) for which p + t (q - p) is in the interior
 * of the domain (NULL: R^n).  False if it is empty, or p = q. */
bool crease_chord_in_domain(const crease_domain *domain, size_t inputs, mpq_t *p, mpq_t *q,
                            mpq_t begin, mpq_t end);

#endif
