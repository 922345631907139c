/* The canonical text of a network, and its digest (src/check/FORMAT.md). */
#include "net/network.h"

#include "base/memory.h"

#include <nettle/sha2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Where the text goes. */
typedef struct {
    void (*take)(void *context, const char *text);
    void *context;
} sink;

static void put(const sink *to, const char *text)
{
    to->take(to->context, text);
}

static void put_number(const sink *to, const mpq_t value)
{
    char *text = crease_alloc(
        mpz_sizeinbase(mpq_numref(value), 10) + mpz_sizeinbase(mpq_denref(value), 10) + 3, 1);
    mpq_get_str(text, 10, value);
    put(to, text);
    free(text);
}

static void put_quotient(const sink *to, const mpz_t num, const mpz_t den, mpq_t scratch)
{
    mpq_set_num(scratch, num);
    mpq_set_den(scratch, den);
    mpq_canonicalize(scratch);
    put_number(to, scratch);
}

static void put_row(const sink *to, const crease_layer *layer, size_t r, mpq_t scratch)
{
    const crease_rows *map = &layer->map;
    bool sparse = layer->inputs > CREASE_MAX_CERTIFIED || layer->rows > CREASE_MAX_CERTIFIED;
    char head[32];
    size_t j = 0;
    for (size_t i = map->begin[r]; i < map->begin[r + 1]; i++) {
        for (; j < map->input[i] && !sparse; j++)
            put(to, "0 ");
        snprintf(head, sizeof head, "%zu:", (size_t)map->input[i]);
        put(to, sparse ? head : "");
        put_quotient(to, map->weight[i], layer->den, scratch);
        put(to, " ");
        j++;
    }
    for (; j < layer->inputs && !sparse; j++)
        put(to, "0 ");
    put_quotient(to, map->bias[r], layer->den, scratch);
    put(to, "\n");
}

static void put_layer(const sink *to, const crease_layer *layer)
{
    char head[64];
    const char *const *names;
    mpq_t value;
    mpq_init(value);
    snprintf(head, sizeof head, "layer %zu %s", layer->width,
             crease_activation_name(layer->activation));
    put(to, head);
    for (size_t i = 0; i < crease_activation_parameters(layer->activation, &names); i++) {
        put(to, " ");
        put_number(to, layer->parameter[i]);
    }
    if (layer->activation == CREASE_MAXOUT) {
        snprintf(head, sizeof head, " %zu", layer->rank);
        put(to, head);
    }
    if (layer->carry) {
        snprintf(head, sizeof head, " carry %zu", layer->carry);
        put(to, head);
    }
    put(to, "\n");
    for (size_t r = 0; r < layer->rows; r++)
        put_row(to, layer, r, value);
    mpq_clear(value);
}

void crease_network_canonical(const crease_network *network,
                              void (*take)(void *context, const char *text), void *context)
{
    const sink to = {take, context};
    char head[64];
    snprintf(head, sizeof head, "crease-network 1\ninput %zu\n", network->inputs);
    put(&to, head);
    for (size_t l = 0; l < network->layers; l++)
        put_layer(&to, &network->layer[l]);
}

static void take_digest(void *context, const char *text)
{
    sha256_update(context, strlen(text), (const uint8_t *)text);
}

void crease_network_hash(const crease_network *network, uint8_t digest[32])
{
    struct sha256_ctx context;
    sha256_init(&context);
    crease_network_canonical(network, take_digest, &context);
    sha256_digest(&context, SHA256_DIGEST_SIZE, digest);
}

void crease_network_digest(const crease_network *network, char hex[65])
{
    uint8_t bytes[SHA256_DIGEST_SIZE];
    crease_network_hash(network, bytes);
    for (size_t i = 0; i < sizeof bytes; i++)
        snprintf(hex + 2 * i, 3, "%02x", bytes[i]);
}
