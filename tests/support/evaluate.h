/* A network's value at a point, in fractions, straight from the definition of its layers. */
#ifndef TESTS_EVALUATE_H
#define TESTS_EVALUATE_H

#include "net/network.h"

/* The width of the last layer many numbers, to be freed with oracle_drop. */
mpq_t *evaluate_network(const crease_network *network, mpq_t *point);

/* Coordinate j of the p-th of a row of points, which tests in other languages repeat:
 * (((j + 1) 7919 + (p + 1)(j + 3) 104729) mod 2001 - 1000) / 256. */
void evaluate_point(mpq_t value, size_t p, size_t j);

#endif
