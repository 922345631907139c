#include "bound/bound.h"
#include "bound/make.h"

#include "base/memory.h"
#include "base/status.h"

#include <stdlib.h>

typedef enum { FOLD, SERRA } zigzag;

/* One unit of a group of p: max(0, scale x + shift), and its weight in the readout. */
typedef struct {
    mpq_t scale, shift, weight;
} crease_piece;

static void piece_init(crease_piece *piece)
{
    mpq_inits(piece->scale, piece->shift, piece->weight, NULL);
}

static void piece_clear(crease_piece *piece)
{
    mpq_clears(piece->scale, piece->shift, piece->weight, NULL);
}

/* What the readout adds to the weighted units. */
static unsigned long offset_of(zigzag kind)
{
    return kind == SERRA ? 4 : 0;
}

static void piece_set(crease_piece *piece, zigzag kind, size_t p, size_t i)
{
    if (kind == FOLD) {
        mpq_set_ui(piece->scale, i ? 2 * p : p, 1);
        mpq_set_si(piece->shift, -2 * (long)i, 1);
        mpq_set_si(piece->weight, i % 2 ? -1 : 1, 1);
        return;
    }
    /* Lengths in units of 1/(p+3); slopes are (p+3)/length, the signs alternate. */
    unsigned long total = p + 3;
    unsigned long length = i == 2 || i == 3 ? 2 : 1, next = i == 1 || i == 2 ? 2 : 1;
    long end = (long)i + 1 + (i >= 2) + (i >= 3), sign = i == 2 ? -1 : 1;
    mpq_set_si(piece->scale, sign, 1);
    mpq_set_si(piece->shift, -sign * end, total);
    mpq_set_si(piece->weight, (i % 2 ? 1 : -1) * (long)(total * (2 / length + 2 / next)), 2);
    mpq_canonicalize(piece->shift);
    mpq_canonicalize(piece->weight);
}

/* Puts the affine function sum_j a_j z_j + b of the folded coordinates into a row of the layer,
 * a function of the units below. */
static void absorb(const crease_made *made, zigzag kind, size_t layer, mpq_t *a, const mpq_t b,
                   mpq_t *value)
{
    size_t n0 = made->inputs;
    if (!layer) {
        for (size_t j = 0; j < n0; j++)
            mpq_set(value[j], a[j]);
        mpq_set(value[n0], b);
        return;
    }
    size_t below = made->width[layer - 1], p = below / n0;
    crease_piece piece;
    mpq_t shift;
    piece_init(&piece);
    mpq_init(shift);
    mpq_set(value[below], b);
    for (size_t i = 0; i < p; i++) {
        piece_set(&piece, kind, p, i);
        for (size_t j = 0; j < n0; j++)
            mpq_mul(value[j * p + i], a[j], piece.weight);
    }
    for (size_t j = 0; j < n0; j++) {
        mpq_set_ui(shift, offset_of(kind), 1);
        mpq_mul(shift, shift, a[j]);
        mpq_add(value[below], value[below], shift);
    }
    mpq_clear(shift);
    piece_clear(&piece);
}

/* Unit `unit` of a layer that folds. */
static void folding(const crease_made *made, zigzag kind, size_t layer, size_t unit, mpq_t *a,
                    mpq_t b)
{
    size_t p = made->width[layer] / made->inputs;
    if (unit >= p * made->inputs)
        return;
    crease_piece piece;
    piece_init(&piece);
    piece_set(&piece, kind, p, unit % p);
    mpq_set(a[unit / p], piece.scale);
    mpq_set(b, piece.shift);
    piece_clear(&piece);
}

static void row_of(const crease_made *made, zigzag kind, bool zigzag_last, size_t layer,
                   size_t unit, mpq_t *value)
{
    size_t n0 = made->inputs;
    if (layer == made->layers && !zigzag_last) {
        crease_make_row_ones(made, value);
        return;
    }
    mpq_t *a = crease_alloc(n0, sizeof *a), b;
    for (size_t j = 0; j < n0; j++)
        mpq_init(a[j]);
    mpq_init(b);
    if (layer == made->layers)
        mpq_set_ui(a[0], 1, 1);
    else if (layer + 1 < made->layers || zigzag_last)
        folding(made, kind, layer, unit, a, b);
    else
        crease_make_general(made, made->width[layer], unit, a, b);
    absorb(made, kind, layer, a, b, value);
    mpq_clear(b);
    for (size_t j = 0; j < n0; j++)
        mpq_clear(a[j]);
    free(a);
}

void crease_make_row_fold(crease_made *made, size_t layer, size_t unit, mpq_t *value)
{
    row_of(made, FOLD, false, layer, unit, value);
}

void crease_make_row_serra(crease_made *made, size_t layer, size_t unit, mpq_t *value)
{
    row_of(made, SERRA, false, layer, unit, value);
}

void crease_make_row_zigzag(crease_made *made, size_t layer, size_t unit, mpq_t *value)
{
    row_of(made, SERRA, true, layer, unit, value);
}

/* b_k = (1, t, t^2, ...), t = 2 k + 1 - m, for units 2 k and 2 k + 1. */
static void row_cone(const crease_made *made, size_t unit, mpq_t *value)
{
    long t = 2 * (long)(unit / 2) + 1 - (long)(made->width[0] / 2);
    mpq_set_si(value[0], unit % 2 ? -1 : 1, 1);
    for (size_t j = 1; j < made->inputs; j++)
        mpz_mul_si(mpq_numref(value[j]), mpq_numref(value[j - 1]), t);
}

void crease_make_row_arora(crease_made *made, size_t layer, size_t unit, mpq_t *value)
{
    if (!layer) {
        row_cone(made, unit, value);
        return;
    }
    size_t below = made->width[layer - 1];
    crease_piece own, piece;
    piece_init(&own);
    piece_init(&piece);
    mpq_set_ui(own.scale, 1, 1); /* of the readout */
    if (layer < made->layers)
        piece_set(&own, SERRA, made->width[layer], unit);
    for (size_t i = 0; i < below; i++) {
        if (layer == 1)
            mpq_set_ui(piece.weight, 1, 1);
        else
            piece_set(&piece, SERRA, below, i);
        mpq_mul(value[i], own.scale, piece.weight);
    }
    mpq_set_ui(piece.shift, layer == 1 ? 0 : offset_of(SERRA), 1);
    mpq_mul(piece.shift, piece.shift, own.scale);
    mpq_add(value[below], own.shift, piece.shift);
    piece_clear(&own);
    piece_clear(&piece);
}

/* ---- Counts ---- */

static crease_status at_least(const crease_made *made, size_t from, size_t least,
                              crease_error *error)
{
    for (size_t l = from; l < made->layers; l++)
        if (made->width[l] < least)
            return crease_fail(error, CREASE_INPUT,
                               "make %s: layer %zu has %zu units; with %zu inputs at least %zu "
                               "are needed",
                               made->family->name, l, made->width[l], made->inputs, least);
    return CREASE_OK;
}

/* prod_{l<L} (floor(n_l / n0) + more)^n0 * Z(n_L, n0) */
static void predict(crease_made *made, size_t more)
{
    size_t n0 = made->inputs, last = made->layers - 1;
    crease_bound_sum(made->regions, made->width[last], n0, 1);
    for (size_t l = 0; l < last; l++)
        crease_bound_multiply_power(made->regions, made->width[l] / n0 + more, n0);
    made->known = true;
}

crease_status crease_make_plan_fold(crease_made *made, crease_error *error)
{
    predict(made, 0);
    return at_least(made, 0, made->inputs, error);
}

crease_status crease_make_plan_serra(crease_made *made, crease_error *error)
{
    predict(made, 1);
    return at_least(made, 0, 3 * made->inputs, error);
}

/* Z(n, 1) = n + 1: the last layer counts like the others. */
crease_status crease_make_plan_zigzag(crease_made *made, crease_error *error)
{
    predict(made, 1);
    return at_least(made, 0, 3, error);
}

crease_status crease_make_plan_arora(crease_made *made, crease_error *error)
{
    if (made->width[0] % 2)
        return crease_fail(error, CREASE_INPUT, "make arora: layer 1 has %zu units, an odd number",
                           made->width[0]);
    crease_bound_sum(made->regions, made->width[0] / 2 - 1, made->inputs - 1, 1);
    mpz_mul_2exp(made->regions, made->regions, 1);
    for (size_t l = 1; l < made->layers; l++)
        mpz_mul_ui(made->regions, made->regions, made->width[l] + 1);
    made->known = true;
    return at_least(made, 1, 3, error);
}

crease_status crease_make_plan_generic(crease_made *made, crease_error *error)
{
    predict(made, 0);
    if (made->layers > 1)
        return crease_fail(error, CREASE_INPUT, "make generic: one layer of hyperplanes, not %zu",
                           made->layers);
    return CREASE_OK;
}
