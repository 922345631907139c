/* The part of the input space in which regions are counted. */
#ifndef CREASE_DOMAIN_DOMAIN_H
#define CREASE_DOMAIN_DOMAIN_H

#include <crease.h>
#include <gmp.h>

/* The interior of the set of x with lo_j <= x_j <= hi_j for all j, if there is a box, and with
 * sum_j a_j x_j <= b for every half-space. */
struct crease_domain {
    size_t inputs;
    mpq_t *lo, *hi; /* lo_j < hi_j; NULL: no box */
    size_t halves;
    mpq_t *half; /* halves x (inputs + 1): a_1, ..., a_n, b; in no row all a_j are 0 */
};

/* A domain without box and half-spaces, all of R^inputs, or with room for these. */
crease_domain *crease_domain_new(size_t inputs, bool box, size_t halves);

/* Is there a box?  For NULL there is none. */
static inline bool crease_domain_boxed(const crease_domain *domain)
{
    return domain && domain->lo;
}

/* Parses "x1,x2,..." into inputs rationals, which the caller has initialised. */
crease_status crease_domain_point(const char *text, size_t inputs, mpq_t *x, crease_error *error);

/* Writes the half-space b - sum_j a_j x_j >= 0 as a row of inputs + 1 integers, up to a positive
 * factor. */
void crease_domain_half(const crease_domain *domain, size_t i, mpz_t *row);

/* Does x satisfy all inequalities, or all of them strictly? */
bool crease_domain_contains(const crease_domain *domain, mpq_t *x, bool strictly);

/* SHA-256 of the canonical text of the domain (NULL: all of R^inputs), src/check/FORMAT.md. */
void crease_domain_digest(const crease_domain *domain, size_t inputs, uint8_t digest[32]);

#endif
