/* One count by every engine, proposer and number of threads. */
#ifndef TESTS_COUNTING_H
#define TESTS_COUNTING_H

#include "crease_network.h"
#include "oracle.h"

#include <stdbool.h>
#include <stdint.h>

typedef struct {
    bool good; /* all runs were complete and agree */
    uint64_t regions;
    uint64_t decisions; /* that were proved, in all runs */
    bool empty;         /* count_some: all ways say that the domain has no interior */
    bool large;         /* count_some: more than COUNT_MOST regions, the other ways were left out */
    char why[800];      /* what went wrong, otherwise empty */
} counting;

enum { COUNT_MOST = 4000 };

/* Counts over R^n (box NULL), a box or a domain in JSON, and what model/settle.h leaves of the
 * network, by the main ways and every fourth of the others in turn, with CREASE_LONG by all; has
 * certificates of the count checked (for every CREASE_CERTIFY_EVERY-th network).  A combination
 * that says "engine not available" is left out; that all are left out is a failure. */
counting count_try(const char *json, const char *box);

/* The same by the main ways and those of the others that luck chooses, all of them if it is 0, with
 * certificates if certify names a checker for them. */
counting count_some(const char *json, const char *box, uint64_t luck, const char *certify);

/* count_try as a Check assertion that prints the network. */
uint64_t count_all(const char *json, const char *box);

/* count_all, then frees the text. */
uint64_t count_free(char *json, const char *box);

/* The counts by all definitions, which must be complete and in order. */
oracle_classes count_classes(const char *json, const char *box, int threads);

/* Asserts that they are as expected; prints the network. */
void count_same(oracle_classes found, oracle_classes expected, const char *json, const char *box);

/* The domain of such a text. */
crease_status count_domain(const char *text, size_t inputs, crease_domain **domain,
                           crease_error *error);

/* Is a number less than another?  Both in decimal, without leading zeros. */
bool count_less(const char *a, const char *b);

/* A whole number from the environment, or the default. */
long count_setting(const char *name, long otherwise);

#endif
