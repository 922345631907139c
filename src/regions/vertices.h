/* The vertices of polyhedra, exactly. */
#ifndef CREASE_REGIONS_VERTICES_H
#define CREASE_REGIONS_VERTICES_H

#include <gmp.h>
#include <stddef.h>

/* Sets *vertex to the vertices of P = { x in R^n : row_i.(x, 1) >= 0 }, given by m rows of n + 1
 * integers; the interior of P is not empty.  Vertex k is (v_0, ..., v_(n-1)) / v_n, where v is the
 * n + 1 integers from k (n + 1) on, and v_n > 0.  They are in lexicographic order.  Returns their
 * number, 0 if P contains a line.  The caller gives all the integers to crease_integer_free.
 *
 * By the double description method (Fukuda, Prodon, Double description method revisited, 1996): the
 * vertices are the extreme rays of the cone over P that have v_n > 0.  The cone of n + 1
 * independent rows has as many extreme rays.  Every other row keeps the rays where it is not
 * negative, and adds one on each edge between a ray where it is positive and one where it is
 * negative.  Two rays span an edge iff no third ray lies in all faces that contain both.
 *
 * Leaves early when the thread is interrupted (base/interrupt.h). */
size_t crease_vertices(size_t n, size_t m, const mpz_t *row, mpz_t **vertex);

#endif
