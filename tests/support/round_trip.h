/* Certificates of a network, put to the checker. */
#ifndef TESTS_ROUND_TRIP_H
#define TESTS_ROUND_TRIP_H

#include "crease.h"

/* Certifies with both engines, both kinds of cells and merged, and with the split engine at
 * several numbers of threads, whose files must be equal; every file must be accepted by the program
 * checker, with the given count.  The text and the box are those that network and
 * domain were read from.  Nothing is done without a checker.  False: why says what went wrong. */
bool round_trip(const char *checker, const char *json, const char *box,
                const crease_network *network, const crease_domain *domain, uint64_t regions,
                char *why, size_t room);

#endif
