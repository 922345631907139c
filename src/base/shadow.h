/* Shadow mode: every filtered decision is taken a second time.
 *
 * A filter decides in floating point (or modulo a prime) and proves by an error bound that it is
 * right.  In a shadow build (make MODE=shadow) every such decision is taken again in exact
 * integers; if the two differ, the run ends through the fatal hook with the operands.
 * crease_shadow_list names every filter, the place of its proof and of its shadow check.
 *
 * CREASE_SHADOW is a constant: other builds contain no call of a check. */
#ifndef CREASE_BASE_SHADOW_H
#define CREASE_BASE_SHADOW_H

#include <stdint.h>

#ifdef CREASE_SHADOW_BUILD
enum { CREASE_SHADOW = 1 };
#else
enum { CREASE_SHADOW = 0 };
#endif

typedef enum {
    CREASE_FILTER_RAY_LINE,    /* a ray lies within its error bound of its exact line */
    CREASE_FILTER_RAY_SIGNS,   /* signs of rows at a ray */
    CREASE_FILTER_RAY_AHEAD,   /* signs at a ray that were found in another cell */
    CREASE_FILTER_RAY_VALUE,   /* the value of a row at a ray, with its bound */
    CREASE_FILTER_RAY_KEPT,    /* the values that a ray keeps, with their bounds */
    CREASE_FILTER_POINT_SIGNS, /* signs of rows at an interior point */
    CREASE_FILTER_CELL_INSIDE, /* a point lies inside an LP cell */
    CREASE_FILTER_CROSSINGS,   /* order and grouping of crossings on a segment */
    CREASE_FILTER_TRACES,      /* two rows vanish on the same part of a cell, or do not */
    CREASE_FILTER_MAPS,        /* |row - exact row| <= err, bounds of rows, exact sums */
    CREASE_FILTER_WEIGHTS,     /* weights as doubles */
    CREASE_FILTER_FACES,       /* faces of the domain as doubles, and its reach */
    CREASE_FILTER_CONE_ROWS,   /* rows of a cone, normalised */
    CREASE_FILTER_CONE_SIGN,   /* the sign of a cone's row at a point */
    CREASE_FILTER_CONE_INSIDE, /* a point lies inside a cone */
    CREASE_FILTER_CONE_CUTS,   /* a row cuts a cone, or is implied: basis, box, point */
    CREASE_FILTER_CONE_MEETS,  /* rows are 0 at one point of a cone, and independent */
    CREASE_FILTER_CONE_APART,  /* rows are 0 at no point of a cone */
    CREASE_FILTER_BASIS,       /* a row is a positive combination of a basis */
    CREASE_FILTER_SPAN,        /* a row is a positive combination of a basis of a subspace */
    CREASE_FILTER_PARALLEL,    /* two rows of a cone are not parallel */
    CREASE_FILTER_LEADING,     /* the sign of a product of long integers from their leading bits */
    CREASE_FILTER_RANK,        /* full rank, modulo a prime */
    CREASE_FILTER_PRINTS,      /* different fingerprints of affine maps */
    CREASE_FILTER_PIVOT,       /* a certificate's pivot is not zero */
    CREASE_FILTER_WITNESS,     /* a certificate's point lies inside its cell */
    CREASE_FILTER_VERTEX,      /* a row is least at a vertex: proved by the rows there */
    CREASE_FILTER_KERNEL,      /* a ray on which all active units vanish (signs of the layer) */
    CREASE_FILTER_ACTIVE,      /* the active sets of a cell's rays are exact */
    CREASE_FILTER_RESTRICTION, /* deletion and restriction count what plain splitting counts */
    CREASE_FILTER_MEETS,       /* counts by sets that meet are what plain halving counts */
    CREASE_FILTER_OUTLINE,     /* signs and values of rows at the rays of an outline */
    CREASE_FILTER_OUTLINE_CUT, /* a row cuts the restriction of an outline, or does not */
    CREASE_FILTER_DIFFERENT,   /* two rows vanish on different parts of an outline */
    CREASE_FILTER_LEAST,       /* a row is least at a vertex of an outline: by the rows there */
    CREASE_FILTER_BOX_BOUNDS,  /* doubles on both sides of the bounds of a box */
    CREASE_FILTER_BOX_ROWS,    /* rows of a cell in a box, normalised */
    CREASE_FILTER_BOX_INSIDE,  /* a point lies inside a cell in a box */
    CREASE_FILTER_BOX_CUTS,    /* a row cuts a cell in a box, or does not */
    CREASE_FILTER_BOX_SUPPORT, /* a certificate's support of a row in a box */
    CREASE_FILTER_BOX_MEETS,   /* rows are 0 at one point of a cell in a box, and independent */
    CREASE_FILTER_BOX_APART,   /* rows are 0 at no point of a cell in a box */
    CREASE_FILTER_SETTLED,     /* units that never switch in a box */
    CREASE_FILTER_MERGED,      /* cells with equal keys have equally many regions */
    CREASE_FILTERS
} crease_filter;

typedef struct {
    const char *name;
    const char *proof;  /* the file where the bound is proved */
    const char *shadow; /* the function that takes the decision again */
    const char *calls;  /* the file that calls it */
} crease_shadow_entry;

/* One entry per filter, in their order. */
extern const crease_shadow_entry crease_shadow_list[CREASE_FILTERS];

/* Counts one check of the filter.  Any thread. */
void crease_shadow_count(crease_filter filter);

/* How often the filter was checked in this process. */
uint64_t crease_shadow_counted(crease_filter filter);

/* Reports a wrong decision of the filter, with its operands, to the fatal hook. */
_Noreturn void crease_shadow_fail(crease_filter filter, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
