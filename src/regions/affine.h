/* Affine functions on a region, in the inputs of the network. */
#ifndef CREASE_REGIONS_AFFINE_H
#define CREASE_REGIONS_AFFINE_H

#include "net/network.h"

/* Sets gate[l][r], for every row r of every layer l: is it passed on where the lowered network has
 * this pattern? */
void crease_affine_gates(const crease_network *network, const uint8_t *pattern,
                         uint8_t *const *gate);

/* Where the layers below l pass on the rows marked in gate (gate[m][r], m < l), row r of layer l is
 * row.(x, 1) / den.  row has inputs + 1 initialised integers; den > 0.  The network is lowered or
 * needs no lowering. */
void crease_affine_row(const crease_network *network, uint8_t *const *gate, size_t l, size_t r,
                       mpz_t *row, mpz_t den);

#endif
