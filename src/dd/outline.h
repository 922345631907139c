/* Outlines: ray cells without coordinates, for counting.
 *
 * An outline has the active set of every ray of a cell, and the values of a few rows of the map
 * with bounds of their errors.  This is enough to restrict it to the zeros of one of these rows:
 * which edges are crossed follows from the active sets (dd/rays.h), and the values at the new rays
 * from those at the ends of the edges (dd/values.h, with factors of 1).  Signs are always known:
 *
 *   - of a row without opposite signs at the ends a, b of an edge, from these signs alone: at v = s
 *     a + t b with s, t > 0 the row has the sign that it has at a or b, and is 0 if it is 0 at
 *     both;
 *   - of a row with both signs at the ends, from its value at the new ray, if that exceeds the
 *     bound.
 *
 * For values x, y known within dx, dy, |x y - x' y'| <= (|x| + dx) dy + (|y| + dy) dx.  The sign of
 * the sum of two such products follows if it exceeds both bounds, what is rounded, less than 2^-51
 * of their sizes, and 2^-1000 for underflow; a factor of 1 + 2^-20 is for the bound itself.  By it
 * row b has the sign of A_c B_b - A_b B_c at the new ray that row c makes between A (A_c > 0) and B
 * (B_c < 0): the values there are -B_c A + A_c B, up to a positive factor.
 *
 * Rows with the same zeros on the outline are found exactly, or there is a doubt.  Rows c and b,
 * which cut it, have the same zeros iff b is 0 at all rays of the restriction to the zeros of c.
 * If b has one sign at both ends of an edge, or a sign and 0, it is not 0 at the new ray; if it is
 * 0 at both, it is 0 there; if it has both signs and is 0 there, no bound decides.
 *
 * Where a bound does not decide, there is a doubt: then the outline is of no use.  Nothing is
 * computed in integers.
 *
 * For proofs an outline has v_d as row 0, which is positive or 0 at all rays and is never crossed,
 * and points near its rays, which are taken along without bounds of errors: they only propose.
 *
 * Active sets leave out the rows that vanish on the whole outline.  A restriction of dimension k
 * (the cell itself: k = d) is a cone in R^k, so that two rays span an edge iff no third ray is
 * active wherever both are; for a ray with just k - 1 active rows iff they share k - 2. */
#ifndef CREASE_DD_OUTLINE_H
#define CREASE_DD_OUTLINE_H

#include "dd/rays.h"

enum { CREASE_OUTLINE_ROWS = 64 };

typedef struct {
    crease_active_set active;
    uint64_t positive, negative; /* bit c: row c of the space is proved > 0, < 0 */
    size_t actives;              /* how many */
} crease_outline_ray;

typedef struct {
    size_t dimension, count;
    crease_outline_ray *ray;
    size_t width;  /* rows in value, a multiple of 8 */
    double *value; /* per ray: values of rows 0, 1, ..., then their errors, width numbers each */
    size_t point_width;          /* a multiple of 8; 0 but for proofs */
    double *point;               /* per ray: d coordinates, and more numbers */
    uint64_t positive, negative; /* for proofs: rows with this sign at some ray */
} crease_outline;

/* The rows of outlines, and the cell. */
typedef struct {
    const crease_rays *rays;
    const crease_ray_cell *cell;
    bool proves;
    size_t dimension; /* of the whole outline, less than d if it is an image (dd/outline_image.h) */
    size_t rows, unit[CREASE_OUTLINE_ROWS];         /* row c is that of unit[c]; but see above */
    size_t crossings, crossed[CREASE_OUTLINE_ROWS]; /* rows that vanish on the current outline */
} crease_outline_space;

/* The outline of a cone of this dimension with the rows of a set over the map's units, whose signs
 * are decided at its rays; proves: for a proof.  False if they are too many. */
bool crease_outline_open(crease_outline_space *space, const crease_rays *rays,
                         const crease_ray_cell *cell, size_t dimension, const uint64_t *rows,
                         bool proves, crease_outline *outline);

/* The set of all rows that may cut the cell. */
static inline uint64_t crease_outline_rows(const crease_outline_space *space)
{
    return ~(uint64_t)0 >> (64 - space->rows) & ~(uint64_t)space->proves;
}

/* For a proof: sets *same to the rows of the set `others`, which cut the outline as row c does,
 * with the zeros of row c on it.  If there are none, sets *to to the restriction of the outline to
 * the zeros of row c, with the values of rows up to the highest of the others, and *cut to those of
 * them that cut it.  Row c is the last that was crossed, see space.  False if there is a doubt. */
bool crease_outline_restrict(const crease_outline_space *space, const crease_outline *from,
                             size_t c, uint64_t others, crease_outline *to, uint64_t *cut,
                             uint64_t *same);

/* Sets *repeated if a row of the set `before`, rows less than c that cut the outline, has the zeros
 * of row c on it.  Otherwise sets *cut to the rows of `before` that cut the restriction of the
 * outline to the zeros of row c, and if they are two or more, *to to that restriction, with the
 * values of rows up to the highest of these.  Row c is the last that was crossed, see space.  False
 * if there is a doubt. */
bool crease_outline_cross(const crease_outline_space *space, const crease_outline *from, size_t c,
                          uint64_t before, crease_outline *to, uint64_t *cut, bool *repeated);

/* Have the rows of the set, which cut an outline with two rays, different zeros there?  False if
 * that is not proved. */
bool crease_outline_apart(const crease_outline_space *space, const crease_outline *outline,
                          uint64_t rows);

#endif
