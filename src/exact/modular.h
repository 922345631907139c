/* Arithmetic modulo the Mersenne prime 2^61 - 1 (a smaller one in the small build,
 * base/limits.h). */
#ifndef CREASE_EXACT_MODULAR_H
#define CREASE_EXACT_MODULAR_H

#include "base/limits.h"

#include <gmp.h>
#include <limits.h>
#include <stddef.h>
#include <stdint.h>

#define CREASE_MODULAR_PRIME (((uint64_t)1 << CREASE_LIMIT_PRIME_BITS) - 1)

_Static_assert(ULONG_MAX >= CREASE_MODULAR_PRIME, "GMP takes and gives residues as unsigned long");

__extension__ typedef unsigned __int128 crease_modular_wide;

static inline uint64_t crease_modular_reduce(crease_modular_wide a)
{
    if (CREASE_LIMIT_PRIME_BITS < 61)
        return (uint64_t)(a % CREASE_MODULAR_PRIME);
    uint64_t sum = (uint64_t)(a & CREASE_MODULAR_PRIME) +
                   (uint64_t)(a >> 61 & CREASE_MODULAR_PRIME) + (uint64_t)(a >> 122);
    sum = (sum & CREASE_MODULAR_PRIME) + (sum >> 61);
    return sum >= CREASE_MODULAR_PRIME ? sum - CREASE_MODULAR_PRIME : sum;
}

static inline uint64_t crease_modular_product(uint64_t a, uint64_t b)
{
    return crease_modular_reduce((crease_modular_wide)a * b);
}

static inline uint64_t crease_modular_sum(uint64_t a, uint64_t b)
{
    return crease_modular_reduce((crease_modular_wide)a + b);
}

/* a b - c e */
static inline uint64_t crease_modular_minor(uint64_t a, uint64_t b, uint64_t c, uint64_t e)
{
    return crease_modular_sum(crease_modular_product(a, b),
                              CREASE_MODULAR_PRIME - crease_modular_product(c, e));
}

/* a^(p - 2), p the prime: the inverse of a, or 0 for a = 0. */
static inline uint64_t crease_modular_inverse(uint64_t a)
{
    uint64_t result = 1;
    for (uint64_t left = CREASE_MODULAR_PRIME - 2; left; left >>= 1) {
        if (left & 1)
            result = crease_modular_product(result, a);
        a = crease_modular_product(a, a);
    }
    return result;
}

static inline uint64_t crease_modular_residue(const mpz_t a)
{
    return mpz_fdiv_ui(a, CREASE_MODULAR_PRIME);
}

#endif
