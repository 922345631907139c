#include "domain/slice.h"

#include "base/memory.h"
#include "base/status.h"

#include <stdlib.h>
#include <string.h>

/* The map as integers over a common denominator. */
static mpz_t *whole_map(mpq_t *map, size_t count, mpz_t den)
{
    mpz_t *whole = crease_alloc(count, sizeof *whole);
    for (size_t i = 0; i < count; i++)
        mpz_lcm(den, den, mpq_denref(map[i]));
    for (size_t i = 0; i < count; i++) {
        mpz_init(whole[i]);
        mpz_divexact(whole[i], den, mpq_denref(map[i]));
        mpz_mul(whole[i], whole[i], mpq_numref(map[i]));
    }
    return whole;
}

/* A copy for so many inputs, its weights zero. */
static void copy_shape(crease_layer *out, const crease_layer *in, size_t inputs)
{
    out->width = in->width;
    out->inputs = inputs;
    out->activation = in->activation;
    out->rank = in->rank;
    out->carry = in->carry;
    out->rows = in->rows;
    out->decisions = in->decisions;
    out->pieces = in->pieces;
    mpq_set(out->parameter[0], in->parameter[0]);
    mpq_set(out->parameter[1], in->parameter[1]);
    out->num = crease_alloc(in->rows * (inputs + 1), sizeof *out->num);
    mpz_init_set(out->den, in->den);
    for (size_t i = 0; i < in->rows * (inputs + 1); i++)
        mpz_init(out->num[i]);
}

crease_network *crease_network_slice(const crease_network *network, size_t k, mpq_t *map)
{
    crease_network *sliced = crease_network_allocate(k, network->layers);
    size_t n = network->inputs;
    mpz_t den;
    mpz_init_set_ui(den, 1);
    mpz_t *whole = whole_map(map, n * (k + 1), den);
    for (size_t l = 0; l < network->layers; l++) {
        const crease_layer *in = &network->layer[l];
        crease_layer *out = &sliced->layer[l];
        copy_shape(out, in, l ? in->inputs : k);
        for (size_t i = 0; l && i < in->rows * (in->inputs + 1); i++)
            mpz_set(out->num[i], in->num[i]);
    }
    crease_layer *first = &sliced->layer[0];
    for (size_t r = 0; r < first->rows; r++) {
        const mpz_t *row = (const mpz_t *)network->layer[0].num + r * (n + 1);
        mpz_t *to = first->num + r * (k + 1);
        mpz_mul(to[k], row[n], den);
        for (size_t i = 0; i < n; i++)
            for (size_t j = 0; j <= k && mpz_sgn(row[i]); j++)
                mpz_addmul(to[j], row[i], whole[i * (k + 1) + j]);
    }
    mpz_mul(first->den, first->den, den);
    if (network->notes && !(sliced->notes = strdup(network->notes)))
        crease_fatal("out of memory");
    for (size_t i = 0; i < n * (k + 1); i++)
        mpz_clear(whole[i]);
    free(whole);
    mpz_clear(den);
    return sliced;
}
