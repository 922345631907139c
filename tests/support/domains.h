/* Domains of half-spaces for tests, as JSON texts; the caller frees them. */
#ifndef TESTS_DOMAINS_H
#define TESTS_DOMAINS_H

#include <stdint.h>

typedef enum {
    DOMAIN_PLAIN,    /* small whole numbers */
    DOMAIN_UNITS,    /* faces on, beside and on both sides of hyperplanes of the first layer */
    DOMAIN_VERTICES, /* faces through points where hyperplanes of the first layer meet */
    DOMAIN_REPEATED, /* multiples of faces, and faces that follow from others */
    DOMAIN_AROUND,   /* half-spaces with the origin inside: there is an interior */
    DOMAIN_KINDS
} domain_kind;

/* A domain for the network; with a box for some seeds.  It may be unbounded and, but for
 * DOMAIN_AROUND, empty. */
char *domains_random(const char *network, domain_kind kind, uint64_t seed);

#endif
