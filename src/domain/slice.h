/* Networks restricted to an affine slice of the input space. */
#ifndef CREASE_DOMAIN_SLICE_H
#define CREASE_DOMAIN_SLICE_H

#include "domain/domain.h"
#include "net/network.h"

/* The network u -> f(x), x_i = sum_j map[i (k + 1) + j] u_j + map[i (k + 1) + k]: inputs x (k + 1)
 * rationals, multiplied into the first layer.  The result is the caller's. */
crease_network *crease_network_slice(const crease_network *network, size_t k, mpq_t *map);

#endif
