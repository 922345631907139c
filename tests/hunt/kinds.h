/* Networks and domains that are hard on purpose, for the hunt.
 *
 * A specimen depends on its seed alone.  Every kind of network may meet every kind of domain. */
#ifndef TESTS_HUNT_KINDS_H
#define TESTS_HUNT_KINDS_H

#include "../support/nets.h"

#include <stdint.h>

typedef struct {
    int net_kind, domain_kind;
    char *json, *domain; /* NULL: all of R^n; a box or a domain in JSON */
    bool certify;        /* it is for certificates */
} specimen;

/* kind: of the network; negative: chosen by the seed. */
specimen kinds_make(uint64_t seed, int kind);
void kinds_free(specimen *s);

/* NULL where there are no more. */
const char *kinds_net_name(int kind);
const char *kinds_domain_name(int kind);

/* All of R^n, and boxes in any number of dimensions. */
enum {
    KINDS_ALL = 0,
    KINDS_FIRST_BOX = 2,
    KINDS_BOX_AT_UNITS = 4,
    KINDS_LAST_BOX = 4,
    KINDS_EVEN_BOX = 9
};

/* ---- Between the files of the generator ---- */

typedef enum {
    NUMBER_WHOLE,
    NUMBER_TERNARY,
    NUMBER_TENTHS, /* the doubles next to them */
    NUMBER_SINGLE,
    NUMBER_DOUBLE,
    NUMBER_THIRDS, /* small fractions, exactly */
    NUMBER_SPREAD, /* whole numbers of many sizes */
    NUMBER_STYLES
} number_style;

void kinds_number(mpq_t value, number_style style, uint64_t *state);

/* 2^-k with k from few to many bits, small ones as often as large ones. */
void kinds_little(mpq_t value, uint64_t *state);

/* What is done to a row of a layer. */
typedef enum {
    CHANGE_NEAR,      /* f + 2^-k A, exactly: shares f = A = 0 */
    CHANGE_FLAT,      /* the same, and another row A + 2^-m g */
    CHANGE_MULTIPLE,  /* of another row by 3, 0.1, 1/7, ..., exactly */
    CHANGE_ROUNDED,   /* the same, each product rounded to binary64 or binary32 */
    CHANGE_SUM,       /* a f + b A, exactly */
    CHANGE_ROUND_SUM, /* the same, rounded */
    CHANGE_ULP,       /* one number by some units in the last place */
    CHANGE_SPARSE,    /* most numbers become 0 */
    CHANGE_POWER,     /* the row times a power of two from 2^-1000 to 2^1000 */
    CHANGE_EXTREME,   /* one number becomes denormal or near 1e300 */
    CHANGE_PARALLEL,  /* another row with a bias that differs by little */
    CHANGE_THROUGH,   /* the unit vanishes at a point where others do, exactly or rounded */
    CHANGE_CENTRAL,   /* no bias */
    CHANGE_CONSTANT   /* no weights */
} row_change;

void kinds_change(oracle_net *net, int layer, row_change change, uint64_t *state);

/* A point where as many hyperplanes of the first layer meet as there are inputs, or another one;
 * input many fractions, freed by oracle_drop. */
mpq_t *kinds_vertex(const oracle_net *net, uint64_t *state);

/* Layers that map many cells onto one image. */
oracle_net *kinds_folds(uint64_t *state);

/* One layer, three inputs or more. */
oracle_net *kinds_arrangement(uint64_t *state);

/* Nearly common flats of rows, in cells of up to 11 dimensions. */
oracle_net *kinds_outlines(uint64_t *state);

/* Folds of seven inputs or more. */
oracle_net *kinds_wide_folds(uint64_t *state);

/* Deep networks, some layers with more than 64 units, most of which do not cut most cells. */
oracle_net *kinds_passing(uint64_t *state);

/* Cells in which a few hyperplanes of the last layer meet, or nearly do. */
oracle_net *kinds_meetings(uint64_t *state);

char *kinds_domain(const char *json, int kind, uint64_t *state);

#endif
