/* The members of crease_cone, for cone.c and its shadow checks. */
#ifndef CREASE_LP_CONE_STATE_H
#define CREASE_LP_CONE_STATE_H

#include "base/limits.h"
#include "exact/basis.h"
#include "lp/cone.h"
#include "lp/meet.h"
#include "lp/nearest.h"

enum {
    BASES = CREASE_LIMIT_BASES,
    MOST_NEAR = 512, /* rows for crease_nearest: the products of all pairs are kept */
};

struct crease_cone {
    const crease_proposer *proposer;
    void *solver;
    crease_tally *tally;
    size_t d, m, rooms, room_d; /* m rows of length d; room for rooms of length room_d */
    const double *reach;
    crease_cone_fetch fetch;
    void *context;
    double *row; /* m x d, each of max norm in [1/2, 1] */
    double *err;
    int *sign;
    size_t *id;
    bool *enabled;
    size_t *level; /* row i lies in the subspaces up to this */
    size_t subspaces, subspace_room;
    size_t *dimensions; /* of subspace k + 1, at most */
    crease_basis span_basis;
    double *span_entry;  /* room_d x (room_d + 2) */
    size_t *span_column; /* 3 x room_d */
    crease_basis base[BASES];
    size_t bases, next_base;
    size_t *support;
    double *work;
    crease_nearest *nearest; /* NULL: use only the proposer */
    double *product;         /* product[i * rooms + k], k <= i, of rows marked as multiplied */
    bool *multiplied;
    /* Of a task: its rows, their values at the centre, and the products of the last one. */
    crease_nearest_row *near_row;
    double *near_value, *near_product;
    size_t *meet_row;   /* room as for near_row, see cone_meet.c */
    double *meet_point; /* d */
    crease_meet_points met;
};

/* The products of row i with the rows up to it, kept until the next cell. */
const double *crease_cone_products(crease_cone *cone, size_t i);

/* Sets the task to the enabled rows and minus row own.  False if their products are not kept. */
bool crease_cone_near_task(crease_cone *cone, size_t own, const double *inside,
                           crease_nearest_task *task);

/* The proof of cone.h by rows of a subspace: of row own by those of the `all` rows in support that
 * lie in one with row own, and are as many as its dimensions.  If it succeeds, support is these
 * rows, and the result their number; otherwise 0. */
size_t crease_cone_span_implies(crease_cone *cone, size_t own, size_t *support, size_t all);

#endif
