/* Brute-force oracle for region counts, on its own: jansson and GMP only.
 *
 * It tries the states of the units, one unit after the other, as the activations define them.  A
 * partial pattern is dropped once an exact LP shows that its strict inequalities have no solution,
 * since more inequalities cannot bring one back.  Meant for about 12 units; malformed input aborts,
 * as tests hand in good networks only. */
#ifndef TESTS_ORACLE_H
#define TESTS_ORACLE_H

#include <gmp.h>
#include <stdbool.h>
#include <stddef.h>

typedef enum {
    ORACLE_LINEAR,
    ORACLE_RELU,
    ORACLE_LEAKY,
    ORACLE_ABS,
    ORACLE_CLIP,
    ORACLE_MAXOUT
} oracle_kind;

typedef struct {
    int width; /* units, those that carry included */
    int fan;   /* inputs of each unit */
    oracle_kind kind;
    int rank;           /* rows of a unit of maxout, 1 otherwise */
    int carry;          /* the last units pass their row on */
    int rows;           /* (width - carry) rank + carry */
    mpq_t *row;         /* rows of fan weights and a bias */
    mpq_t parameter[2]; /* slope; low and high */
} oracle_layer;

typedef struct {
    int input;
    int count; /* layers, the affine last one included */
    oracle_layer *layer;
} oracle_net;

/* "relu", and the names of the parameters, NULL where there is none. */
const char *oracle_name(oracle_kind kind);
const char *const *oracle_parameters(oracle_kind kind);

/* Makes the layer one of zero rows. */
void oracle_shape(oracle_layer *layer, int fan, oracle_kind kind, int rank, int width, int carry);

/* The first row of a unit. */
int oracle_row_of(const oracle_layer *layer, int unit);

/* The caller frees the network with oracle_free. */
oracle_net *oracle_read(const char *json);
void oracle_free(oracle_net *net);

/* "3", "-0.1e2", "p/q" or "0x1.8p-3"; false if the text is none of these. */
bool oracle_rational(mpq_t value, const char *text, size_t length);

/* The memory given, or the end of the program. */
void *oracle_need(void *pointer);

/* Ends the program. */
void oracle_refuse(const char *what, const char *why);

/* An array of rationals, all zero; freed by oracle_drop. */
mpq_t *oracle_zeros(size_t count);
void oracle_drop(mpq_t *values, size_t count);

/* The inequalities c_1 x_1 + ... + c_n x_n + c > 0 of a domain, rows of n + 1 numbers, *rows of
 * them: of {"A": [...], "b": [...], "box": [...]}. */
mpq_t *oracle_domain(const char *json, int n, int *rows);

/* The number of regions over R^n (box NULL), over "LO:HI[,LO:HI...]" or over a domain in JSON; 0 if
 * that has no interior. */
long oracle_count(const char *json, const char *box);

/* One region: where row.(x, 1) > 0 for all rows, those of a box among them; map: the outputs, one
 * row of fractions each.  Rows have inputs + 1 entries. */
typedef struct {
    int inputs, rows, outputs;
    mpz_t *row;
    mpq_t *map;
} oracle_region;

/* Calls visit for every region, which must copy what it keeps; returns their number. */
long oracle_regions(const char *json, const char *box,
                    void (*visit)(void *context, const oracle_region *region), void *context);

/* Is there x in R^n, n >= 0, with row.(x, 1) > 0 for all rows? */
bool oracle_feasible(mpz_t *row, int rows, int n);

/* Numbers of regions: activation; open-connected, regions being neighbours if the intersection of
 * their closures has dimension n - 1; affine, different maps. */
typedef struct {
    long activation, open_connected, affine;
} oracle_classes;
oracle_classes oracle_classify(const char *json, const char *box);

mpz_t *oracle_whole_zeros(int count);
void oracle_drop_whole(mpz_t *values, int count);

#endif
