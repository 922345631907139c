/* Counts against the oracle's; a network that fails is shrunk and kept. */
#ifndef TESTS_SHRINK_H
#define TESTS_SHRINK_H

#include <stdint.h>

/* All ways to count must agree with the oracle.  Otherwise the network is shrunk, written to
 * DIRECTORY/regress/net-HASH.json with the comment "regions N over R^n" or "regions N over BOX",
 * and the test fails; seed is for the message. */
void shrink_compare(const char *json, const char *box, uint64_t seed, const char *directory);

#endif
