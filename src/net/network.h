/* The exact network: what every reader produces and every engine consumes. */
#ifndef CREASE_NET_NETWORK_H
#define CREASE_NET_NETWORK_H

#include <crease.h>
#include <gmp.h>

/* Layer l maps h to z_r = (sum_j num[r][j] h_j + num[r][n]) / den, n = inputs.  Unit u has the
 * rank rows u rank, ..., u rank + rank - 1 and passes their activation on.  The last carry units
 * have one row each and pass it on as it is. */
typedef struct {
    size_t width; /* units, those that carry included */
    size_t inputs;
    crease_activation activation;
    size_t rank; /* of a maxout unit; 1 for all others */
    size_t carry;
    size_t rows;              /* (width - carry) rank + carry */
    mpz_t *num;               /* rows x (inputs + 1), row-major; the last column is the bias */
    mpz_t den;                /* positive */
    mpq_t parameter[2];       /* slope, or low and high */
    size_t decisions, pieces; /* see crease_network_lower; pieces: the rank k, 1 but for maxout */
} crease_layer;

struct crease_network {
    size_t inputs;
    size_t layers; /* the last one is linear */
    crease_layer *layer;
    char *origin;   /* in words, or NULL */
    char *notes;    /* likewise */
    bool checkable; /* by crease-check from the same file */
};

/* Comparisons of pieces in one maxout layer, at most. */
enum { CREASE_MAX_COMPARISONS = 16384 };

/* How many parameters the activation has, at most 2, and their names in files. */
size_t crease_activation_parameters(crease_activation activation, const char *const **names);

/* The number of states of a unit: 1 if the layer does not switch, the rank of a maxout unit. */
size_t crease_layer_states(const crease_layer *layer);

/* An empty network with room for layers; readers fill it layer by layer. */
crease_network *crease_network_new(size_t inputs, size_t layers);

/* Fills layer l, whose rank and carry are set (1 and 0 in a new network), from rows x (inputs + 1)
 * canonical rationals, bias last. */
void crease_network_set_layer(crease_network *network, size_t l, crease_activation activation,
                              size_t width, size_t inputs, mpq_t *value);

/* The same function with a bijection between the patterns, as layers of rows that decide by their
 * sign and rows that are passed on.  NULL if it is a network of relu and linear layers
 * already, all of whose rows do both.
 *
 * Of a layer that switches, the first `decisions` rows decide: their state is 1 where they are
 * positive, else 0.
 * - relu: they are also passed on where their state is 1; the rows behind them always are.  A unit
 *   of two or three pieces on one z becomes two relu units.
 * - maxout, of rank k: they compare pieces and are not passed on.  Group g has k (k - 1) / 2 of
 *   them, row p_t - p_s for s < t in lexicographic order; behind the decisions follow its k pieces, of
 *   which the largest is passed on (the first of those that are equal), and then rows that
 *   always are.
 * Every row is a unit of the lowered layer: width = rows. */
crease_network *crease_network_lower(const crease_network *network);

/* Of a lowered network, or of one that need not be: how many rows decide. */
size_t crease_network_decisions(const crease_network *network);

/* SHA-256 of the network's canonical text (src/check/FORMAT.md). */
void crease_network_hash(const crease_network *network, uint8_t digest[32]);

/* Replaces what crease_network_origin says. */
void crease_network_set_origin(crease_network *network, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
