/* Eight doubles at a time, for functions over all units of a layer. */
#ifndef CREASE_BASE_LANES_H
#define CREASE_BASE_LANES_H

#include <stdint.h>

/* Compiled for several instruction sets, of which the best one is taken at run time.  For tests of
 * the others, CREASE_NO_AVX512 leaves out the best one, CREASE_NO_CLONES all. */
#if !defined(__x86_64__) || defined(CREASE_NO_CLONES)
#define CREASE_CLONES
#elif defined(CREASE_NO_AVX512)
#define CREASE_CLONES __attribute__((target_clones("avx2", "default")))
#define CREASE_HAS_AVX512 0
#else
#define CREASE_CLONES __attribute__((target_clones("avx512f", "avx2", "default")))
#define CREASE_HAS_AVX512 __builtin_cpu_supports("avx512f")
#endif

enum { CREASE_LANES = 8 };

typedef double crease_lanes __attribute__((vector_size(64), may_alias));
typedef int64_t crease_lane_masks __attribute__((vector_size(64), may_alias));

/* Macros: a function with such arguments has another binary interface in each instruction set. */

/* The lanes at an address that is aligned to 64 bytes. */
#define CREASE_LANES_AT(address) (*(crease_lanes *)(address))
#define CREASE_LANES_ABS(x) ((crease_lanes)((crease_lane_masks)(x)&INT64_MAX))
/* Where the mask, from a comparison, holds: x, elsewhere y. */
#define CREASE_LANES_SELECT(mask, x, y)                                                            \
    ((crease_lanes)(((mask) & (crease_lane_masks)(x)) | (~(mask) & (crease_lane_masks)(y))))

#endif
