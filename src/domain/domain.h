/* The part of the input space in which regions are counted. */
#ifndef CREASE_DOMAIN_DOMAIN_H
#define CREASE_DOMAIN_DOMAIN_H

#include <crease_network.h>
#include <gmp.h>

/* The interior of the set of all x with lo_j <= x_j <= hi_j for all j (if there is a box) and
 * sum_j a_j x_j <= b for every half-space. */
struct crease_domain {
    size_t inputs;
    mpq_t *lo, *hi; /* lo_j < hi_j; NULL: no box */
    size_t halves;
    mpq_t *half; /* halves x (inputs + 1): a_1, ..., a_n, b; in each row some a_j is not 0 */
};

/* The most numbers of all half-spaces of a domain in memory. */
enum { CREASE_MAX_HALF_NUMBERS = 1 << 24 };

/* CREASE_INPUT, with a message that begins with the name, if so many half-spaces are too many for
 * so many inputs. */
crease_status crease_domain_check_size(const char *name, size_t halves, size_t inputs,
                                       crease_error *error);

/* A domain with these numbers of inputs and half-spaces.  Bounds and half-spaces are 0; the caller
 * sets them. */
crease_domain *crease_domain_new(size_t inputs, bool box, size_t halves);

/* Is there a box?  domain may be NULL, which has none. */
static inline bool crease_domain_boxed(const crease_domain *domain)
{
    return domain && domain->lo;
}

/* Parses "x1,x2,..." into x, `inputs` initialised rationals.  what: its name in messages. */
crease_status crease_domain_point(const char *text, const char *what, size_t inputs, mpq_t *x,
                                  crease_error *error);

/* Sets row to the inputs + 1 integers c (-a_1, ..., -a_n, b) for some c > 0: half-space i is
 * row . (x, 1) >= 0. */
void crease_domain_half(const crease_domain *domain, size_t i, mpz_t *row);

/* Does x satisfy all inequalities (if strictly: with > and <)? */
bool crease_domain_contains(const crease_domain *domain, mpq_t *x, bool strictly);

/* Gives the canonical text (src/check/FORMAT.md) of the domain, which may be NULL: R^inputs, to
 * take, piece by piece. */
void crease_domain_canonical(const crease_domain *domain, size_t inputs,
                             void (*take)(void *context, const char *text), void *context);

/* SHA-256 of this text. */
void crease_domain_digest(const crease_domain *domain, size_t inputs, uint8_t digest[32]);

#endif
