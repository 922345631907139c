/* Do hyperplanes meet in a part of a box?  Proved answers.
 *
 * Rows h_0, ..., h_(k-1) are affine functions, none of them constant, whose linear parts lie in a
 * space of `rank` dimensions.  A set T of them meets in a cell C of lp/boxed.h if all h_t, t in T,
 * are 0 at a point of C.  lp/nearest.h proposes; what follows is proved.
 *
 * 1. T meets, and the linear parts of its rows are independent.  Let x be a point of doubles, S as
 *    many columns as T has rows, with A_TS proved to be regular (exact/basis.h).  Then there is w,
 *    0 outside of S, with h_t.(x + w) = 0 for all t in T: A_TS w_S = -(h_t.x)_t.  From h_t.x and
 *    bounds of their errors follow numbers o_j >= |w_j|, 0 outside of S, by
 *    crease_basis_coefficients, if all |h_t.x| <= 1.  Let o = sum o_j.  With the names of
 *    lp/boxed.h, x + w lies in C if
 *
 *      low''_j + o_j < x_j < high''_j - o_j for all j,   a_i.x > (1 + err_i) o for all rows of C,
 *
 *    as |a_ij| <= 1 + err_i; values at x by exact/filter.h.  If T has `rank` rows, all others are constant
 *    on the zeros of T; it is to be proved as well that they are not 0 at x + w.
 *
 * 2. T does not meet: r = sum z_t h_t + sum y_i a_i < 0 on the box, with y_i >= 0 and any z_t, as r
 *    >= 0 where all h_t are 0 in C.  For < 0 in place of <= 0, the constant of -r is made less by
 *    one unit in the last place; then -r >= 0 is proved as in step 1 of lp/boxed.h, with |z_t| in
 *    its bounds. */
#ifndef CREASE_LP_BOXED_MEET_H
#define CREASE_LP_BOXED_MEET_H

#include "lp/boxed.h"
#include "lp/meet.h"

typedef struct {
    crease_boxed *boxed;
    /* Its inside is set, and its rows have products. */
    const crease_boxed_cell *cell;
    size_t rank, count;
    /* crease_boxed_take_cell_row of the cell with the rows before it. */
    const crease_boxed_row *row[CREASE_MEET_ROWS];
} crease_boxed_meeting;

/* Before the first question about a meeting. */
void crease_boxed_meet_begin(const crease_boxed_meeting *meeting);

/* Does the set of rows, at least one and at most `rank` of them, meet?  YES to `rank` of them says
 * that no others are 0 where these are.  After NO, *part is a part of it that does not.  After YES,
 * point (n coordinates) is near one where they do. */
crease_meet crease_boxed_meet(const crease_boxed_meeting *meeting, uint64_t set, double *point,
                              uint64_t *part);

#endif
