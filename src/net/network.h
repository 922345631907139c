/* The exact network: what every reader produces and every engine consumes. */
#ifndef CREASE_NET_NETWORK_H
#define CREASE_NET_NETWORK_H

#include "exact/rows.h"

#include <crease_network.h>

/* A layer with n inputs h has the rows z_r = map_r(h) / den.  Unit
 * u < width - carry has the rows u rank, ..., u rank + rank - 1; its output is their activation.
 * The last `carry` units have one row each, which is their output. */
typedef struct {
    size_t width; /* units, including those that carry */
    size_t inputs;
    crease_activation activation;
    size_t rank;  /* of a maxout unit; 1 for all others */
    size_t carry; /* units at the end that pass on z unchanged */
    size_t rows;  /* (width - carry) rank + carry */
    crease_rows map;
    mpz_t den;                /* positive */
    mpq_t parameter[2];       /* slope, or low and high */
    size_t decisions, pieces; /* see crease_network_lower; pieces: the rank k, 1 but for maxout */
} crease_layer;

struct crease_network {
    size_t inputs;
    size_t layers; /* the last one is linear */
    crease_layer *layer;
    char *origin;   /* see crease_network_origin; may be NULL */
    char *notes;    /* see crease_network_notes; may be NULL */
    bool checkable; /* by crease-check from the same file */
};

/* The most comparisons of pieces in one maxout layer. */
enum { CREASE_MAX_COMPARISONS = 16384 };

/* The most inputs, hidden units in all and rows of a layer of a network that can be certified. */
enum { CREASE_MAX_CERTIFIED = 4096 };

/* How many parameters the activation has, at most 2, and their names in files. */
size_t crease_activation_parameters(crease_activation activation, const char *const **names);

/* The number of states of a unit: 1 if the layer does not switch, the rank of a maxout unit. */
size_t crease_layer_states(const crease_layer *layer);

/* A network whose layers, 0 or more, are empty; readers fill them in order.  The caller owns it. */
crease_network *crease_network_allocate(size_t inputs, size_t layers);

/* Leaves the first layers alone. */
void crease_network_cut(crease_network *network, size_t layers);

/* Fills layer l, whose rank and carry are set (1 and 0 in a new network), from rows x (inputs + 1)
 * canonical rationals, bias last. */
void crease_network_set_layer(crease_network *network, size_t l, crease_activation activation,
                              size_t width, size_t inputs, mpq_t *value);

/* A row by its terms: bias + sum of weight[i] h[input[i]], input ascending. */
typedef struct {
    size_t terms;
    const uint32_t *input;
    mpq_t *weight;
    mpq_t *bias;
} crease_layer_row;

/* The same from sparse rows. */
void crease_network_set_rows(crease_network *network, size_t l, crease_activation activation,
                             size_t width, size_t inputs, const crease_layer_row *row);

/* Fills an empty layer with all but the rows of another, for so many inputs. */
void crease_layer_copy_shape(crease_layer *out, const crease_layer *in, size_t inputs);

/* What is wrong with the rank, the carried units, their number of rows or the parameters of a layer
 * with so many rows, ".rank: ..."; NULL if nothing is. */
enum { CREASE_LAYER_TEXT = 128 };
const char *crease_layer_wrong(const crease_layer *layer, size_t rows,
                               char text[CREASE_LAYER_TEXT]);

/* CREASE_INPUT if the network has no layers or its last layer is not linear. */
crease_status crease_network_complete(const crease_network *network, crease_error *error);

/* The lowered network: the same function, with a bijection between the patterns.  A lowered layer
 * has rows that decide by their sign, and rows that are passed on.  NULL if the network has only
 * relu and linear layers without carried units, and so needs no lowering.
 *
 * In a layer that switches, the first `decisions` rows decide: the state of such a row is 1 where
 * it is positive, otherwise 0.
 * - relu: a row that decides is passed on where its state is 1.  The rows after the decisions are
 *   always passed on.  A unit of two or three pieces on one z becomes two relu units.
 * - maxout of rank k: the rows that decide compare pieces and are not passed on.  Group g has
 *   k (k - 1) / 2 of them: the rows p_t - p_s for s < t, in lexicographic order of (s, t).  After
 *   the decisions of all groups come the k pieces of each group; the largest piece is passed on
 *   (the first one if several are equal).  Then come rows that are always passed on.
 * Every row is a unit of the lowered layer: width = rows. */
crease_network *crease_network_lower(const crease_network *network);

/* Is the network small enough for crease-check? */
bool crease_network_certifiable(const crease_network *network);

/* The number of rows that decide, of a network that is lowered or needs no lowering. */
size_t crease_network_decisions(const crease_network *network);

/* Gives the network's canonical text (src/check/FORMAT.md) to take, piece by piece.  Where a layer
 * has more than CREASE_MAX_CERTIFIED inputs or rows, the line of a row is `j:w` for each weight
 * that is not 0, j from 0 on, and then the bias. */
void crease_network_canonical(const crease_network *network,
                              void (*take)(void *context, const char *text), void *context);

/* SHA-256 of this text. */
void crease_network_hash(const crease_network *network, uint8_t digest[32]);

/* Sets the text that crease_network_origin returns. */
void crease_network_set_origin(crease_network *network, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Appends to the text that crease_network_notes returns. */
void crease_network_add_note(crease_network *network, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
