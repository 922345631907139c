/* The restriction of a network to an affine subspace of its inputs. */
#ifndef CREASE_DOMAIN_SLICE_H
#define CREASE_DOMAIN_SLICE_H

#include "domain/domain.h"
#include "net/network.h"

/* The network u -> f(x), where x_i is row i of the map at u, divided by den; the map is multiplied
 * into the first layer.  The caller owns the result. */
crease_network *crease_network_substitute(const crease_network *network, const crease_rows *map,
                                          const mpz_t den);

/* The same for k inputs u and a map given by all its numbers: x_i = sum_{j < k} map[i (k + 1) + j]
 * u_j + map[i (k + 1) + k].  map holds inputs x (k + 1) rationals. */
crease_network *crease_network_slice(const crease_network *network, size_t k, mpq_t *map);

#endif
