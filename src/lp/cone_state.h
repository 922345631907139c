/* The inside of crease_cone, for the files that work on it. */
#ifndef CREASE_LP_CONE_STATE_H
#define CREASE_LP_CONE_STATE_H

#include "base/limits.h"
#include "exact/basis.h"
#include "lp/cone.h"

enum { BASES = CREASE_LIMIT_BASES };

struct crease_cone {
    const crease_proposer *proposer;
    void *solver;
    crease_tally *tally;
    size_t d, m, rooms, room_d;
    const double *reach;
    crease_cone_fetch fetch;
    void *context;
    double *row; /* m x d, max norm in [1/2, 1] */
    double *err;
    int *sign;
    size_t *id;
    bool *enabled;
    crease_basis base[BASES];
    size_t bases, next_base;
    size_t *support;
    double *work;
};

/* Are all rows of the basis but own enabled? */
bool crease_cone_usable(const crease_cone *cone, const crease_basis *base, size_t own);

/* Does the basis prove that row own is implied? */
bool crease_cone_implied(crease_cone *cone, const crease_basis *base, size_t own);

/* Are the count rows in cone->support, as a proposer named them, enabled rows of the cone other than
 * row own?  Only those may prove anything about it. */
bool crease_cone_fair(const crease_cone *cone, size_t own, size_t count);

/* Proofs by the rows in cone->support: d of them in doubles, which makes a basis; count of them
 * in integers. */
bool crease_cone_prove_basis(crease_cone *cone, size_t own);
bool crease_cone_prove_combination(crease_cone *cone, size_t own, size_t count);

#endif
