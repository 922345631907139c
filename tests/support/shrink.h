/* Counts against the oracle's; a network that fails is shrunk and kept. */
#ifndef TESTS_SHRINK_H
#define TESTS_SHRINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Does it fail?  box: NULL, a box or a domain in JSON. */
typedef bool shrink_fails(void *context, const char *json, const char *box);

/* Takes layers, units, pieces, inputs and faces of the domain away and makes numbers simpler as
 * long as it still fails and seconds have not passed.  *json and *box, malloc'd texts, are
 * replaced. */
void shrink_down(char **json, char **box, shrink_fails *fails, void *context, double seconds);

/* Writes the network to DIRECTORY/net-HASH.json, whose name goes to path, with the comment
 * "regions N over R^n" or "regions N over BOX".  False if that cannot be written. */
bool shrink_keep(const char *json, const char *box, long regions, const char *directory, char *path,
                 size_t room);

/* All ways to count must agree with the oracle.  Otherwise the network is shrunk, written to
 * DIRECTORY/regress as by shrink_keep,
 * and the test fails; seed is for the message. */
void shrink_compare(const char *json, const char *box, uint64_t seed, const char *directory);

#endif
