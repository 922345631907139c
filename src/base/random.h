/* Pseudo-random numbers; no count depends on them. */
#ifndef CREASE_BASE_RANDOM_H
#define CREASE_BASE_RANDOM_H

#include <stdint.h>

/* The next number of the splitmix64 sequence (Steele, Lea, Flood 2014). */
static inline uint64_t crease_random_next(uint64_t *state)
{
    uint64_t z = (*state += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

/* Uniform in [-1, 1). */
static inline double crease_random_signed(uint64_t *state)
{
    return (double)(int64_t)crease_random_next(state) * 0x1p-63;
}

#endif
