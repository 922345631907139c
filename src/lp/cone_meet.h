/* Do hyperplanes meet in a cone?  Proved answers.
 *
 * Rows h_0, ..., h_(k-1) of R^d are given beside the rows a_i of a cell C of lp/cone.h, a_0 = (0,
 * ..., 0, 1) up to a factor.  A set T of them meets in C if all h_t, t in T, are 0 at a point of C.
 * The rows h and a_0 lie in a space of rank + 1 dimensions.  lp/nearest.h proposes; what follows is
 * proved.
 *
 * 1. T meets, and its rows are independent.  Let v be a point of doubles, S as many columns as T
 *    has rows, with A_TS proved to be regular (exact/basis.h).  Then there is w, 0 outside of S,
 *    with h_t.(v + w) = 0 for all t in T: A_TS w_S = -(h_t.v)_t.  From bounds of h_t.v follow
 *    numbers o_j >= |w_j|, o = sum o_j.  v + w lies in C if a_i.v > (1 + err_i) o for all i, as
 *    |a_ij| <= 1 + err_i.  h_T and a_0 are independent, as h_T = 0 < a_0 at v + w.  If T has `rank`
 *    rows, they are a basis of that space, so each other h_j is a multiple of a_0 where all h_t are
 *    0.  Then it is to be proved as well that |h_j.v| > (1 + err_j) o: so no set with T and j
 *    meets.
 *
 * 2. T does not meet: one of its rows or of those of C is a combination of others, g = sum z_t h_t
 *    + sum y_i a_i.  Where all h_t are 0, a_i > 0, this is false if g is one of the h_t, all y_i
 *    are positive or all negative, and there is one of them; or if g is an a_i and all y_i < 0 (or
 *    there is none).  The h_t that occur are a part of T that does not meet.  The coefficients are
 *    those for a basis of R^d, or of a subspace, as in lp/cone.h, of which no sign of a z_t is
 *    needed. */
#ifndef CREASE_LP_CONE_MEET_H
#define CREASE_LP_CONE_MEET_H

#include "lp/cone.h"
#include "lp/meet.h"

typedef struct {
    crease_cone
        *cone;   /* its rows: those of the cell, then h_0, h_1, ..., at most CREASE_MEET_ROWS */
    size_t rows; /* of the cell */
    const double *inside; /* a point of the cell, max norm near 1 */
    size_t rank;
} crease_cone_meeting;

/* Before the first question about a meeting, after its rows were added; sets rank.  False if no
 * question may be asked. */
bool crease_cone_meet_begin(crease_cone_meeting *meeting);

/* Does the set of rows, at most `rank` of them, meet?  After NO, *part is a part of it that does
 * not. */
crease_meet crease_cone_meet(const crease_cone_meeting *meeting, uint64_t set, uint64_t *part);

#endif
