/* Capacities and thresholds.  Beyond each of them another method takes over; no count depends on
 * them.
 *
 * `make MODE=small` makes all of them tiny, so that tests and the hunt run every method: ray cells
 * that become LP cells, points that are not kept, fingerprints and hashes that collide, ranks that
 * are not full modulo the prime, tapes that wait on disk. */
#ifndef CREASE_BASE_LIMITS_H
#define CREASE_BASE_LIMITS_H

#ifdef CREASE_SMALL_BUILD
enum {
    CREASE_LIMIT_RAYS = 5,
    CREASE_LIMIT_WIDE = 20,
    CREASE_LIMIT_SLOTS = 6,
    CREASE_LIMIT_POINTS = 3,
    CREASE_LIMIT_COUNT = 12,
    CREASE_LIMIT_CROSSINGS = 2,
    CREASE_LIMIT_AHEAD = 3,
    CREASE_LIMIT_OUTLINE = 4,
    CREASE_LIMIT_BASES = 1,
    CREASE_LIMIT_RECENT = 2,
    CREASE_LIMIT_TRIES = 1,
    CREASE_LIMIT_PRINT_BITS = 2,
    CREASE_LIMIT_PRIME_BITS = 5,
    CREASE_LIMIT_SHARD_BITS = 1,
    CREASE_LIMIT_TAPE = 16,
    CREASE_LIMIT_TAPE_WAITING = 32,
    CREASE_LIMIT_BLOCK = 64,
    CREASE_LIMIT_DENSE = 8,
    CREASE_LIMIT_SUMS = 64,
    CREASE_LIMIT_IMAGES = 1 << 12,
    CREASE_LIMIT_FLATS = 1 << 12,
    CREASE_LIMIT_HASH_BITS = 1,
    CREASE_LIMIT_DEEP_INPUTS = 1,
    CREASE_LIMIT_DEEP_UNITS = 1
};
#else
enum {
    CREASE_LIMIT_RAYS = 3000,            /* of a ray cell at most; beyond, it becomes an LP cell */
    CREASE_LIMIT_WIDE = 5000,            /* the same where that helps to merge cells */
    CREASE_LIMIT_SLOTS = 128,            /* of rows that bound a ray cell; likewise */
    CREASE_LIMIT_POINTS = 48,            /* interior points that an LP cell keeps */
    CREASE_LIMIT_COUNT = 20000,          /* regions that a ray cell counts without being split */
    CREASE_LIMIT_CROSSINGS = 64,         /* of a segment, sorted by insertion on the stack */
    CREASE_LIMIT_AHEAD = 32,             /* words of a set over the units of all layers */
    CREASE_LIMIT_OUTLINE = 64,           /* rows of an outline, at most 64 */
    CREASE_LIMIT_BASES = 6,              /* inverse matrices that a cone keeps */
    CREASE_LIMIT_RECENT = 256,           /* regions whose interior point the walk keeps */
    CREASE_LIMIT_TRIES = 8,              /* precisions of a witness before exact arithmetic */
    CREASE_LIMIT_PRINT_BITS = 61,        /* of the fingerprints of output maps, at most 61 */
    CREASE_LIMIT_PRIME_BITS = 61,        /* the modulus is 2^61 - 1; a Mersenne prime */
    CREASE_LIMIT_SHARD_BITS = 6,         /* of the visited set */
    CREASE_LIMIT_TAPE = 1 << 16,         /* bytes of a certificate passed to the sink at once */
    CREASE_LIMIT_TAPE_WAITING = 1 << 20, /* bytes of a segment in memory; beyond, on disk */
    CREASE_LIMIT_BLOCK = 1 << 16,        /* first bytes of an arena */
    CREASE_LIMIT_DENSE = 1 << 14,        /* weights of a layer kept with its zeros in any case */
    CREASE_LIMIT_SUMS = 1 << 21,         /* doubles in the sums that the maps of a layer share */
    CREASE_LIMIT_IMAGES = 1 << 26,       /* bytes of the table of images */
    CREASE_LIMIT_FLATS = 1 << 28,        /* bytes of the table of quick normal forms of flats */
    CREASE_LIMIT_HASH_BITS = 64,         /* of images and of flats */
    CREASE_LIMIT_DEEP_INPUTS = 32,       /* of networks in which small trials are dives */
    CREASE_LIMIT_DEEP_UNITS = 100
};
#endif

#endif
