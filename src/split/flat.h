/* An arrangement of hyperplanes on a flat: the flat's coordinates and the traces of the hyperplanes
 * that do not contain it.
 *
 * d < CREASE_FLAT_INPUTS.  Numbers stay below CREASE_FLAT_LIMIT in absolute value, so that products
 * fit 64 bits; functions return false where they would not. */
#ifndef CREASE_SPLIT_FLAT_H
#define CREASE_SPLIT_FLAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { CREASE_FLAT_INPUTS = 64 };
#define CREASE_FLAT_LIMIT ((int64_t)1 << 30)

typedef struct {
    size_t d;        /* dimension of the flat */
    size_t rows;     /* different traces */
    uint32_t within; /* how many hyperplanes contain the flat */
    uint32_t *count; /* rows: how many hyperplanes have this trace */
    /* rows x (d + 1): the trace is where row.(x, 1) = 0.  Each row is primitive, its first entry
     * that is not 0 is positive, and one of the first d entries is not 0. */
    int32_t *row;
} crease_flat;

void crease_flat_free(crease_flat *flat);

/* Makes the d numbers primitive, and the first that is not 0 positive.  False if they are all 0 or
 * too large. */
bool crease_flat_primitive(int64_t *v, size_t d, int32_t *row);

/* The arrangement on the flat where row r is 0.  The caller frees it. */
bool crease_flat_restrict(const crease_flat *flat, size_t r, crease_flat *to);

/* Replaces the arrangement by one that an affine bijection of the flat maps it to, with its rows
 * sorted, so that as many arrangements as possible that such bijections map to one another become
 * equal.  careful: tries harder, in a time that grows as rows^2.  False also if the rows without
 * their last entries do not have the rank d; then the arrangement stays as it is. */
bool crease_flat_normalise(crease_flat *flat, bool careful);

bool crease_flat_equal(const crease_flat *a, const crease_flat *b);
uint64_t crease_flat_hash(const crease_flat *flat);

#endif
