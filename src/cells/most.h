/* An upper bound on the regions in a cell of the split tree.
 *
 * Notation: layer l of the model has n_l rows that decide and c_l rows that are always passed on,
 * and passes on p_l rows at most.  C_d(U) is the sum of the elementary symmetric polynomials e_0,
 * ..., e_d of u - 1 over the units of U, where u is the number of candidates of a maxout group, and
 * 2 for any other unit.  T(l, d) bounds the regions of layers l, l + 1, ... in a convex set whose
 * image in front of layer l has dimension d; T(L, d) = 1 after the last layer.
 *
 *   relu:   T(l, d) = sum_{j <= d} C(n_l, j) T(l + 1, min(d, n_l - j + c_l))
 *   maxout: T(l, d) = C_d(groups) T(l + 1, min(d, groups + c_l))
 *
 * A cell of layer l has pending units U that cut it and a units that are decided to be active.  Let
 * d be the smallest of the inputs and of the numbers of rows that the layers before l pass on in
 * the cell.  Then the cell has at most
 *
 *   relu:   sum_{j <= d} e_j(U) T(l + 1, min(d, a + |U| - j + c_l))
 *   maxout: C_d(U) T(l + 1, min(d, groups + c_l))
 *
 * regions.  Proof: bound/bound.h, bound 18, (a) to (c).  The units of U cut the cell's image, of
 * dimension d at most, into at most C_d(U) parts.  A part in which i relu units of U are inactive
 * passes on a + |U| - i + c_l rows, and there are at most e_i(U) such parts.  T(l + 1, d) does not
 * decrease in d, so the sum is largest if all parts with i <= d exist.  All numbers are exact.
 *
 * For the root, with all units pending, this is the bound of Serra et al. 2018, Theorem 1. */
#ifndef CREASE_CELLS_MOST_H
#define CREASE_CELLS_MOST_H

#include "cells/stages.h"

#include <gmp.h>

typedef struct crease_most crease_most;

/* The table T.  The model must outlive it.  It does not change, and threads may share it. */
crease_most *crease_most_new(const crease_model *model);
void crease_most_free(crease_most *most);

/* The regions of the whole model: T(0, inputs). */
mpz_srcptr crease_most_root(const crease_most *most);

/* Adds the bound for a cell of layer l to the sum.  stage: the states of the layers before, and
 * those of layer l outside of cut, the set of the units that cut the cell.  Units that do not cut
 * it may be in the set. */
void crease_most_add(const crease_most *most, const crease_stage *stage, size_t l,
                     const uint64_t *cut, mpz_t sum);

/* The regions of m hyperplanes in R^d in general position, the sum of C(m, i) for i <= d,
 * rounded. */
double crease_most_regions(size_t m, size_t d);

#endif
