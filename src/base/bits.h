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

static inline bool crease_bits_empty(const uint64_t *set, size_t words)
{
    uint64_t any = 0;
    for (size_t w = 0; w < words; w++)
        any |= set[w];
    return !any;
}

/* The least number of a set that is not empty. */
static inline size_t crease_bits_first(const uint64_t *set)
{
    size_t w = 0;
    while (!set[w])
        w++;
    return 64 * w + (size_t)__builtin_ctzll(set[w]);
}

/* How many numbers a word has.  For the oldest processors the compiler's own function is a call. */
static inline size_t crease_bits_count(uint64_t word)
{
    word -= word >> 1 & 0x5555555555555555;
    word = (word & 0x3333333333333333) + (word >> 2 & 0x3333333333333333);
    word = (word + (word >> 4)) & 0x0f0f0f0f0f0f0f0f;
    return word * 0x0101010101010101 >> 56;
}

#endif
