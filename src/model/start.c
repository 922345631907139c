#include "model/model.h"

#include "base/interrupt.h"
#include "base/memory.h"
#include "model/maxout_groups.h"
#include "exact/integer.h"

#include <stdlib.h>
#include <string.h>

/* The gradient of unit u of layer l, times a positive factor, given the states of the
 * layers below: back through the layers. */
static mpz_t *gradient(const crease_network *network, size_t l, size_t u, uint8_t *const *active)
{
    const crease_layer *layer = &network->layer[l];
    mpz_t *vector = crease_integer_new(layer->inputs);
    for (size_t i = layer->map.begin[u]; i < layer->map.begin[u + 1]; i++)
        mpz_set(vector[layer->map.input[i]], layer->map.weight[i]);
    while (l-- > 0) {
        layer = &network->layer[l];
        mpz_t *lower = crease_integer_new(layer->inputs);
        const crease_rows *map = &layer->map;
        for (size_t t = 0; t < layer->width && !crease_interrupted(); t++) {
            size_t end = active[l][t] && mpz_sgn(vector[t]) ? map->begin[t + 1] : 0;
            for (size_t i = map->begin[t]; i < end; i++)
                mpz_addmul(lower[map->input[i]], vector[t], map->weight[i]);
        }
        crease_integer_free(vector, layer->width);
        vector = lower;
    }
    return vector;
}

/* The point, and the first direction to leave it in. */
typedef struct {
    mpq_t *x, *inside;
} start;

/* The sign of the vector's product with inside - x. */
static int inward_sign(const start *at, mpz_t *vector, size_t inputs)
{
    mpq_t sum, term;
    mpq_inits(sum, term, NULL);
    for (size_t j = 0; j < inputs; j++) {
        if (!mpz_sgn(vector[j]) || mpq_equal(at->inside[j], at->x[j]))
            continue;
        mpq_sub(term, at->inside[j], at->x[j]);
        mpz_mul(mpq_numref(term), mpq_numref(term), vector[j]);
        mpq_canonicalize(term);
        mpq_add(sum, sum, term);
    }
    int sign = mpq_sgn(sum);
    mpq_clears(sum, term, NULL);
    return sign;
}

static int first_sign(const crease_network *network, const start *at, size_t l, size_t u,
                      uint8_t *const *active)
{
    mpz_t *vector = gradient(network, l, u, active);
    int sign = inward_sign(at, vector, network->inputs);
    for (size_t j = 0; j < network->inputs && !sign; j++)
        sign = mpz_sgn(vector[j]);
    crease_integer_free(vector, network->inputs);
    return sign;
}

/* The states of layer l, and, in active[l], which of its rows are passed on. */
static void decide(const crease_layer *layer, uint8_t *state, uint8_t *active)
{
    const crease_model_layer shape = {
        .width = layer->width, .decisions = layer->decisions, .pieces = layer->pieces};
    for (size_t g = 0; g < crease_maxout_groups_count(&shape); g++)
        crease_maxout_group_let_win(&shape, g, crease_maxout_group_winner(&shape, g, state), state,
                                    0);
    const uint8_t *gate = crease_maxout_groups_gates(&shape, state, active);
    if (gate != active)
        memcpy(active, gate, layer->width);
}

/* out = values after layer l times the product of all denominators so far, which
 * scale is multiplied up to; state: those of its decisions. */
static mpz_t *apply_layer(const crease_network *network, const start *at, size_t l, uint8_t *state,
                          uint8_t *const *active, const mpz_t *in, mpz_t scale)
{
    const crease_layer *layer = &network->layer[l];
    mpz_t *out = crease_integer_new(layer->width);
    for (size_t u = 0; u < layer->width && !crease_interrupted(); u++) {
        const crease_rows *map = &layer->map;
        mpz_mul(out[u], map->bias[u], scale);
        for (size_t i = map->begin[u]; i < map->begin[u + 1]; i++)
            mpz_addmul(out[u], map->weight[i], in[map->input[i]]);
        int sign = mpz_sgn(out[u]);
        if (u < layer->decisions)
            state[u] = (sign ? sign : first_sign(network, at, l, u, active)) > 0;
    }
    decide(layer, state, active[l]);
    for (size_t u = 0; u < layer->width; u++)
        if (!active[l][u])
            mpz_set_ui(out[u], 0);
    mpz_mul(scale, scale, layer->den);
    return out;
}

void crease_model_pattern_at(const crease_network *network, mpq_t *x, mpq_t *inside,
                             uint8_t *pattern)
{
    const start at = {x, inside};
    uint8_t **active = crease_alloc(network->layers, sizeof *active);
    mpz_t *value = crease_integer_new(network->inputs), scale;
    size_t count = network->inputs;
    mpz_init_set_ui(scale, 1);
    for (size_t j = 0; j < count; j++)
        mpz_lcm(scale, scale, mpq_denref(x[j]));
    for (size_t j = 0; j < count; j++) {
        mpz_divexact(value[j], scale, mpq_denref(x[j]));
        mpz_mul(value[j], value[j], mpq_numref(x[j]));
    }
    for (size_t l = 0; l < network->layers; l++) {
        size_t width = network->layer[l].width;
        active[l] = crease_alloc(width, 1);
        mpz_t *next = apply_layer(network, &at, l, pattern, active, (const mpz_t *)value, scale);
        crease_integer_free(value, count);
        value = next;
        count = width;
        pattern += network->layer[l].decisions;
    }
    crease_integer_free(value, count);
    mpz_clear(scale);
    for (size_t l = 0; l < network->layers; l++)
        free(active[l]);
    free(active);
}
