/* How much goes one way before another one is taken.  None of them shapes a count.
 *
 * `make MODE=small` makes all of them tiny, so that tests and the hunt take every way: ray cells that
 * become LP cells, points that are not kept, fingerprints that collide, ranks that are not seen
 * modulo the prime, tapes that wait on disk. */
#ifndef CREASE_BASE_LIMITS_H
#define CREASE_BASE_LIMITS_H

#ifdef CREASE_SMALL_BUILD
enum {
    CREASE_LIMIT_RAYS = 5,
    CREASE_LIMIT_SLOTS = 6,
    CREASE_LIMIT_POINTS = 3,
    CREASE_LIMIT_COUNT = 12,
    CREASE_LIMIT_CROSSINGS = 2,
    CREASE_LIMIT_BASES = 1,
    CREASE_LIMIT_RECENT = 2,
    CREASE_LIMIT_TRIES = 1,
    CREASE_LIMIT_PRINT_BITS = 2,
    CREASE_LIMIT_PRIME_BITS = 5,
    CREASE_LIMIT_SHARD_BITS = 1,
    CREASE_LIMIT_TAPE = 16,
    CREASE_LIMIT_TAPE_WAITING = 32,
    CREASE_LIMIT_BLOCK = 64
};
#else
enum {
    CREASE_LIMIT_RAYS = 3000,            /* of a ray cell; with more it becomes an LP cell */
    CREASE_LIMIT_SLOTS = 128,            /* of rows that bound a ray cell; likewise */
    CREASE_LIMIT_POINTS = 48,            /* interior points that an LP cell keeps */
    CREASE_LIMIT_COUNT = 20000,          /* regions that a ray cell counts without being split */
    CREASE_LIMIT_CROSSINGS = 64,         /* of a segment, on the stack and sorted by insertion */
    CREASE_LIMIT_BASES = 6,              /* inverse matrices that a cone keeps */
    CREASE_LIMIT_RECENT = 256,           /* regions whose point the walk has at hand */
    CREASE_LIMIT_TRIES = 8,              /* precisions of a point before it is computed exactly */
    CREASE_LIMIT_PRINT_BITS = 61,        /* of the fingerprints of output maps, at most 61 */
    CREASE_LIMIT_PRIME_BITS = 61,        /* the modulus is 2^61 - 1; a Mersenne prime */
    CREASE_LIMIT_SHARD_BITS = 6,         /* of the visited set */
    CREASE_LIMIT_TAPE = 1 << 16,         /* bytes of a certificate that are handed on at once */
    CREASE_LIMIT_TAPE_WAITING = 1 << 20, /* bytes that wait in memory, with more on disk */
    CREASE_LIMIT_BLOCK = 1 << 16         /* first bytes of an arena */
};
#endif

#endif
