/* The exact network: what every reader produces and every engine consumes. */
#ifndef CREASE_NET_NETWORK_H
#define CREASE_NET_NETWORK_H

#include <crease.h>
#include <gmp.h>

/* Layer l maps h to the pre-activations z_u = (sum_j num[u][j] h_j + num[u][n]) / den,
 * n = inputs, and unit u passes act(z_u) on. */
typedef struct {
    size_t width;
    size_t inputs;
    crease_activation activation;
    mpz_t *num; /* width x (inputs + 1), row-major; the last column is the bias */
    mpz_t den;  /* positive */
    mpq_t parameter[2]; /* slope, or low and high */
} crease_layer;

struct crease_network {
    size_t inputs;
    size_t layers; /* the last one is linear */
    crease_layer *layer;
};

/* How many parameters the activation has, at most 2, and their names in files. */
size_t crease_activation_parameters(crease_activation activation, const char *const **names);

/* The name in files ("relu") and the number of states of a unit (1 if the layer
 * does not switch). */
const char *crease_activation_name(crease_activation activation);
unsigned crease_activation_states(crease_activation activation);
bool crease_activation_find(const char *name, crease_activation *activation);

/* An empty network with room for layers; readers fill it layer by layer. */
crease_network *crease_network_new(size_t inputs, size_t layers);

/* Fills layer l from width x (inputs + 1) canonical rationals, bias last. */
void crease_network_set_layer(crease_network *network, size_t l, crease_activation activation,
                              size_t width, size_t inputs, mpq_t *value);

/* The same function as a network of relu and linear layers alone, with a bijection between the
 * patterns: a unit of two or three pieces becomes two relu units.  NULL if it is one already. */
crease_network *crease_network_lower(const crease_network *network);

/* SHA-256 of the network's canonical text (src/check/FORMAT.md). */
void crease_network_hash(const crease_network *network, uint8_t digest[32]);

/* The reader of the JSON format (json.c); text need not end in a zero byte. */
crease_status crease_json_parse(const char *text, size_t length, const char *name,
                                crease_network **network, crease_error *error);

#endif
