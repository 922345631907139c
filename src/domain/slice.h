/* The restriction of a network to an affine subspace of its inputs. */
#ifndef CREASE_DOMAIN_SLICE_H
#define CREASE_DOMAIN_SLICE_H

#include "domain/domain.h"
#include "net/network.h"

/* The network u -> f(x), where x_i is row i of the map at u, divided by den; the map is multiplied
 * into the first layer.  The caller owns the result. */
crease_network *crease_network_substitute(const crease_network *network, const crease_rows *map,
                                          const mpz_t den);

/* The points x_i = sum_{j < k} map[i (k + 1) + j] u_j + map[i (k + 1) + k]. */
typedef struct {
    size_t inputs, k; /* of x and of u */
    mpq_t *map;       /* inputs x (k + 1) */
} crease_slice;

/* All numbers are 0. */
void crease_slice_open(crease_slice *slice, size_t inputs, size_t k);
void crease_slice_clear(crease_slice *slice);

/* Reads the file of crease_slice_read_with for networks of so many inputs.  The caller gives *slice
 * to crease_slice_clear. */
crease_status crease_slice_map_read(const char *path, crease_weights weights, size_t inputs,
                                    crease_slice *slice, crease_error *error);

/* The network u -> f(x) on a slice of its inputs; name says which slice it is.  The caller owns the
 * result. */
crease_network *crease_network_slice(const crease_network *network, const crease_slice *slice,
                                     const char *name);

#endif
