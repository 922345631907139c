#include "domain/slice.h"

#include "base/memory.h"
#include "base/status.h"

#include <stdlib.h>
#include <string.h>

/* Row r of the map of the inputs is num_r (u, 1) / den. */
static void set_map(crease_rows *rows, mpq_t *map, size_t n, size_t k, mpz_t den)
{
    mpz_t *row = crease_alloc(k + 1, sizeof *row);
    for (size_t j = 0; j <= k; j++)
        mpz_init(row[j]);
    for (size_t i = 0; i < n * (k + 1); i++)
        mpz_lcm(den, den, mpq_denref(map[i]));
    crease_rows_open(rows, k);
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j <= k; j++) {
            mpz_divexact(row[j], den, mpq_denref(map[i * (k + 1) + j]));
            mpz_mul(row[j], row[j], mpq_numref(map[i * (k + 1) + j]));
        }
        crease_rows_take(rows, (const mpz_t *)row);
    }
    for (size_t j = 0; j <= k; j++)
        mpz_clear(row[j]);
    free(row);
}

crease_network *crease_network_substitute(const crease_network *network, const crease_rows *map,
                                          const mpz_t den)
{
    crease_network *sliced = crease_network_allocate(map->inputs, network->layers);
    for (size_t l = 0; l < network->layers; l++) {
        const crease_layer *in = &network->layer[l];
        crease_layer *out = &sliced->layer[l];
        crease_layer_copy_shape(out, in, l ? in->inputs : map->inputs);
        if (l)
            crease_rows_copy(&out->map, &in->map);
        else
            crease_rows_compose(&out->map, &in->map, map, den, NULL);
    }
    mpz_mul(sliced->layer[0].den, sliced->layer[0].den, den);
    if (network->notes && !(sliced->notes = strdup(network->notes)))
        crease_fatal("out of memory");
    return sliced;
}

void crease_slice_open(crease_slice *slice, size_t inputs, size_t k)
{
    *slice = (crease_slice){inputs, k, crease_alloc(inputs * (k + 1), sizeof *slice->map)};
    for (size_t i = 0; i < inputs * (k + 1); i++)
        mpq_init(slice->map[i]);
}

void crease_slice_clear(crease_slice *slice)
{
    for (size_t i = 0; slice->map && i < slice->inputs * (slice->k + 1); i++)
        mpq_clear(slice->map[i]);
    free(slice->map);
    *slice = (crease_slice){.map = NULL};
}

crease_network *crease_network_slice(const crease_network *network, const crease_slice *slice,
                                     const char *name)
{
    crease_rows inner;
    mpz_t den;
    mpz_init_set_ui(den, 1);
    set_map(&inner, slice->map, network->inputs, slice->k, den);
    crease_network *sliced = crease_network_substitute(network, &inner, den);
    crease_network_set_origin(sliced, "%s; slice %s", crease_network_origin(network), name);
    crease_rows_free(&inner);
    mpz_clear(den);
    return sliced;
}
