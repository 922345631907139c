/* Sums of columns: the part of a map's rows that comes from some active units of the layer below.
 *
 * Let w_ut be the double of the weight from unit t of the layer below to unit u, b_u that of the
 * bias in the scale of the map, e the relative error of both; let row_t, mag_t and err_t be those
 * of the map below.  The sum over a list A of units consists of
 *
 *   row_u  = (0, ..., 0, b_u) + sum over t in A of w_ut row_t,
 *   size_u = |b_u|            + sum over t in A of |w_ut| mag_t,
 *   err_u  =                    sum over t in A of |w_ut| err_t,
 *
 * each added up in doubles from left to right in the order of A.  A column is never taken out
 * again: a sum over fewer units is kept in another place (model/map_path.h).
 *
 * Theorem.  Let g_u be the exact row for the active units A.  Then for all j
 *
 *   |row_uj - g_uj| <= (1 + e) err_u + (gamma + e) size_u,   gamma = gamma_(|A| + 1),
 *
 * with gamma_k as in exact/filter.h.  Proof.  Let h_t be the exact row of unit t below, and v_ut
 * the exact weight.  Then |v - w| <= e |w| and |h_tj - row_tj| <= err_t, hence
 *
 *   |v_ut h_tj - w_ut row_tj| <= e |w_ut| |h_tj| + |w_ut| err_t
 *                             <= |w_ut| ((1 + e) err_t + e mag_t);
 *
 * for the bias it is e |b_u|.  Rounding: the sum of the |A| + 1 products has an error of at most
 * gamma times the sum of their absolute values (Higham, Accuracy and Stability, 2nd ed., section
 * 3.1; this holds in any order, so it does not matter where the cells above have stopped adding),
 * that is, gamma size_u.  QED.
 *
 * In doubles, size_u and err_u have terms that are not negative and lose a factor of at least
 * 1 - gamma_(|A| + 2); crease_filter_gamma and a last factor 1 + 2^-20 cover this.  Products that
 * underflow lose at most 2^-1074 each, for which 2^-1000 is added.
 *
 * If all products are multiples of a power of two q and the computed size_u is below 2^53 q,
 * nothing is rounded: partial sums are such multiples, and not larger than size_u. */
#ifndef CREASE_MODEL_SUM_H
#define CREASE_MODEL_SUM_H

#include "model/map.h"

/* Aligned to 64 bytes. */
typedef struct {
    double *row;  /* d x stride, column-major */
    double *size; /* stride */
    double *err;  /* stride */
} crease_sum;

/* Sets the sum of a map over no units; its below, d and scale are set. */
void crease_sum_begin(const crease_map *map, const crease_sum *sum);

/* Sets `to` to the sum `from`, which may be `to`, with the columns of these units of the layer
 * below added.  False if the thread was interrupted: then `to` must not be used. */
bool crease_sum_add(const crease_map *map, const crease_sum *from, const crease_sum *to,
                    const uint32_t *unit, size_t count);

/* Can crease_sum_norms take the map?  It is for short rows of few units, whose sums stay in
 * registers: to keep some of them would cost as much as to add all columns. */
bool crease_sum_is_narrow(const crease_map *map);

/* Sets the sum over these units, and mag and slope of the map to the largest and to the sum of the
 * absolute entries of its rows. */
void crease_sum_norms(const crease_map *map, const crease_sum *sum, const uint32_t *unit,
                      size_t count);

#endif
