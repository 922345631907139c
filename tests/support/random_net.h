/* Random networks for tests and benchmarks. */
#ifndef RANDOM_NET_H
#define RANDOM_NET_H

#include <stdint.h>

/* JSON text of a network with the widths n0, n1, ..., nL, out (count >= 2
 * entries, all positive): hidden layers are ReLU, the last one is linear.
 * Weights are normal(0, sqrt(2 / fan_in)), biases normal(0, 0.5), each rounded
 * to binary32, so that layers are in general position with probability one.
 * The text depends on the arguments only.  The caller frees it; NULL if the
 * arguments are bad or memory runs out. */
char *random_net(const int *widths, int count, uint64_t seed);

#endif
