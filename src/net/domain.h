/* The part of the input space in which regions are counted. */
#ifndef CREASE_NET_DOMAIN_H
#define CREASE_NET_DOMAIN_H

#include <crease.h>
#include <gmp.h>

/* The box prod [lo_j, hi_j] with lo_j < hi_j. */
struct crease_domain {
    size_t inputs;
    mpq_t *lo;
    mpq_t *hi;
};

/* Parses "x1,x2,..." into inputs rationals, which the caller has initialised. */
crease_status crease_domain_point(const char *text, size_t inputs, mpq_t *x, crease_error *error);

/* SHA-256 of the canonical text of the domain (NULL: all of R^inputs), src/check/FORMAT.md. */
void crease_domain_digest(const crease_domain *domain, size_t inputs, uint8_t digest[32]);

#endif
