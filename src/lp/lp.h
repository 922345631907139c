/* The contract of a proposer: floating-point LPs over a cone.
 *
 * The cone is C = { v in R^d : a_i.v >= 0 for all enabled rows i }.  Its first row is (0, ..., 0,
 * 1) up to a positive factor, so that v_d > 0 in the interior.  A proposer answers in floating
 * point.  Each answer is a proposal: the caller proves it or does not use it.  When the thread is
 * interrupted (base/interrupt.h), the answer is CREASE_PROPOSE_FAILED.  A proposer belongs to one
 * thread from open to close. */
#ifndef CREASE_LP_LP_H
#define CREASE_LP_LP_H

#include <stdbool.h>
#include <stddef.h>

typedef enum {
    CREASE_PROPOSE_FAILED,  /* no answer, for any reason */
    CREASE_PROPOSE_INSIDE,  /* g = sum y_k a_support[k], y > 0 */
    CREASE_PROPOSE_OUTSIDE, /* v: a_i.v >= 0 for all i and g.v < 0 */
    CREASE_PROPOSE_POINT    /* v: a_i.v > 0 for all i */
} crease_proposal;

typedef struct {
    const char *name;
    void *(*open)(void);
    void (*close)(void *self);
    /* Takes a cone of m rows, row-major at a, all enabled.  It refers to a, which must not move. */
    void (*load)(void *self, size_t d, size_t m, const double *a);
    void (*enable)(void *self, size_t i, bool enabled);
    /* Is g in the cone that the enabled rows generate?  support, y and v have room for d
     * entries. */
    crease_proposal (*separate)(void *self, const double *g, size_t *support, size_t *supports,
                                double *y, double *v);
    /* A point in the interior of C. */
    crease_proposal (*interior)(void *self, double *v);
} crease_proposer;

extern const crease_proposer crease_lp_glpk;
extern const crease_proposer crease_lp_dense;

#endif
