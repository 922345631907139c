/* Sets of numbers, one bit each in words of 64 bits. */
#ifndef CREASE_BASE_BITS_H
#define CREASE_BASE_BITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

static inline bool crease_bits_have(const uint64_t *set, size_t u)
{
    return set[u / 64] >> u % 64 & 1;
}

static inline void crease_bits_add(uint64_t *set, size_t u)
{
    set[u / 64] |= (uint64_t)1 << u % 64;
}

static inline void crease_bits_remove(uint64_t *set, size_t u)
{
    set[u / 64] &= ~((uint64_t)1 << u % 64);
}

/* The least number of a set that is not empty. */
static inline size_t crease_bits_first(const uint64_t *set)
{
    size_t w = 0;
    while (!set[w])
        w++;
    return 64 * w + (size_t)__builtin_ctzll(set[w]);
}

#endif
