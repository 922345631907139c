#include "regions/distance.h"

#include "base/interrupt.h"
#include "base/memory.h"
#include "exact/integer.h"
#include "model/maxout_groups.h"
#include "regions/affine.h"

#include <stdlib.h>

void crease_distance_open(crease_distance *distance)
{
    mpq_inits(distance->linf, distance->l2_squared, NULL);
}

void crease_distance_close(crease_distance *distance)
{
    mpq_clears(distance->linf, distance->l2_squared, NULL);
}

/* The point (X_1, ..., X_n) / X_(n+1) as integers. */
static mpz_t *common(mpq_t *x, size_t n)
{
    mpz_t *X = crease_integer_new(n + 1);
    mpz_set_ui(X[n], 1);
    for (size_t j = 0; j < n; j++)
        mpz_lcm(X[n], X[n], mpq_denref(x[j]));
    for (size_t j = 0; j < n; j++) {
        mpz_divexact(X[j], X[n], mpq_denref(x[j]));
        mpz_mul(X[j], X[j], mpq_numref(x[j]));
    }
    return X;
}

/* Lowers *least to num / den > 0 if that is less; true if it did. */
static bool lower(mpq_t least, bool first, const mpz_t num, const mpz_t den)
{
    mpq_t value;
    mpq_init(value);
    mpq_set_num(value, num);
    mpq_set_den(value, den);
    mpq_canonicalize(value);
    bool less = first || mpq_cmp(value, least) < 0;
    if (less)
        mpq_swap(least, value);
    mpq_clear(value);
    return less;
}

static void take_row(crease_distance *d, const mpz_t *row, const mpz_t *X, size_t n,
                     size_t decision)
{
    mpz_t value, sum, squares;
    mpz_inits(value, sum, squares, NULL);
    for (size_t j = 0; j <= n; j++)
        mpz_addmul(value, row[j], X[j]);
    mpz_abs(value, value);
    for (size_t j = 0; j < n; j++) {
        mpz_addmul(squares, row[j], row[j]);
        (mpz_sgn(row[j]) > 0 ? mpz_add : mpz_sub)(sum, sum, row[j]);
    }
    if (mpz_sgn(sum)) {
        mpz_mul(sum, sum, X[n]);
        if (lower(d->linf, !d->any, value, sum))
            d->linf_decision = decision;
        mpz_mul(value, value, value);
        mpz_mul(squares, squares, X[n]);
        mpz_mul(squares, squares, X[n]);
        if (lower(d->l2_squared, !d->any, value, squares))
            d->l2_decision = decision;
        d->any = true;
    }
    mpz_clears(value, sum, squares, NULL);
}

void crease_distance_find(crease_distance *d, const crease_network *network, const uint8_t *pattern,
                          mpq_t *x)
{
    size_t n = network->inputs, decision = 0;
    uint8_t **gate = crease_alloc(network->layers, sizeof *gate);
    for (size_t l = 0; l < network->layers; l++)
        gate[l] = crease_alloc(network->layer[l].rows, 1);
    crease_affine_gates(network, pattern, gate);
    mpz_t *X = common(x, n), *row = crease_integer_new(n + 1), den;
    mpz_init(den);
    d->any = false;
    for (size_t l = 0; l < network->layers; l++) {
        const crease_layer *layer = &network->layer[l];
        const crease_model_layer shape = {
            .width = layer->rows, .decisions = layer->decisions, .pieces = layer->pieces};
        for (size_t r = 0; r < layer->decisions && !crease_interrupted(); r++) {
            if (crease_maxout_group_is_moot(&shape, r, pattern))
                continue;
            crease_affine_row(network, gate, l, r, row, den);
            take_row(d, (const mpz_t *)row, (const mpz_t *)X, n, decision + r);
        }
        pattern += layer->decisions;
        decision += layer->decisions;
    }
    for (size_t l = 0; l < network->layers; l++)
        free(gate[l]);
    free(gate);
    crease_integer_free(X, n + 1);
    crease_integer_free(row, n + 1);
    mpz_clear(den);
}
