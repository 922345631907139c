/* The members of crease_cone, for cone.c and its shadow checks. */
#ifndef CREASE_LP_CONE_STATE_H
#define CREASE_LP_CONE_STATE_H

#include "base/limits.h"
#include "exact/basis.h"
#include "lp/cone.h"
#include "lp/nearest.h"

enum { BASES = CREASE_LIMIT_BASES };

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
};

#endif
