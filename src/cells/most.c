#include "cells/most.h"

#include "base/memory.h"
#include "exact/integer.h"
#include "model/maxout_groups.h"

#include <assert.h>
#include <stdlib.h>

struct crease_most {
    const crease_model *model;
    size_t top;   /* inputs */
    mpz_t *table; /* T(l, d) at l (top + 1) + d */
};

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* c_l */
static size_t always_passed(const crease_model_layer *layer)
{
    size_t pieces = layer->pieces < 2 ? 0 : layer->pieces * crease_maxout_groups_count(layer);
    return layer->width > layer->decisions + pieces ? layer->width - layer->decisions - pieces : 0;
}

/* Multiplies the polynomial with coefficients e[0], ..., e[d] by 1 + value x; degree is its
 * degree. */
static void add_unit(mpz_t *e, size_t *degree, size_t d, size_t value)
{
    *degree = least(*degree + 1, d);
    for (size_t j = *degree; j > 0; j--)
        mpz_addmul_ui(e[j], e[j - 1], value);
}

static mpz_srcptr entry(const crease_most *most, size_t l, size_t d)
{
    assert(d <= most->top);
    return most->table[l * (most->top + 1) + d];
}

/* Adds sum_{j <= d} e_j T(l + 1, min(d, rows - j)); if flat is false, rows stands for rows - j. */
static void sum_up(const crease_most *most, size_t l, mpz_t *e, size_t degree, size_t d,
                   size_t rows, bool flat, mpz_t sum)
{
    for (size_t j = 0; j <= degree; j++)
        mpz_addmul(sum, e[j], entry(most, l + 1, least(d, flat ? rows - j : rows)));
}

/* T(l, d) for all d, from T(l + 1, .). */
static void fill_layer(crease_most *most, size_t l)
{
    const crease_model_layer *layer = &most->model->layer[l];
    size_t groups = crease_maxout_groups_count(layer), units = groups ? groups : layer->decisions;
    size_t degree = 0;
    mpz_t *e = crease_integer_new(most->top + 1);
    mpz_set_ui(e[0], 1);
    for (size_t u = 0; u < units; u++)
        add_unit(e, &degree, most->top, groups ? layer->pieces - 1 : 1);
    for (size_t d = 0; d <= most->top; d++)
        sum_up(most, l, e, least(degree, d), d, units + always_passed(layer), !groups,
               most->table[l * (most->top + 1) + d]);
    crease_integer_free(e, most->top + 1);
}

crease_most *crease_most_new(const crease_model *model)
{
    crease_most *most = crease_alloc(1, sizeof *most);
    *most = (crease_most){model, model->inputs, NULL};
    size_t row = most->top + 1;
    most->table = crease_integer_new((model->layers + 1) * row);
    for (size_t d = 0; d < row; d++)
        mpz_set_ui(most->table[model->layers * row + d], 1);
    for (size_t l = model->layers; l-- > 0;)
        fill_layer(most, l);
    return most;
}

void crease_most_free(crease_most *most)
{
    if (most)
        crease_integer_free(most->table, (most->model->layers + 1) * (most->top + 1));
    free(most);
}

mpz_srcptr crease_most_root(const crease_most *most)
{
    return entry(most, 0, most->top);
}

/* The rows that a decided layer passes on. */
static size_t passed(const crease_model_layer *layer, const uint8_t *state)
{
    size_t rows = always_passed(layer) + crease_maxout_groups_count(layer);
    for (size_t u = 0; layer->pieces < 2 && u < layer->decisions; u++)
        rows += state[u] == 1;
    return rows;
}

void crease_most_add(const crease_most *most, const crease_stage *stage, size_t l,
                     const uint64_t *cut, mpz_t sum)
{
    const crease_model_layer *layer = &most->model->layer[l];
    size_t groups = crease_maxout_groups_count(layer), d = most->top, degree = 0;
    size_t rows = always_passed(layer) + groups;
    for (size_t k = 0; k < l; k++)
        d = least(d, passed(&most->model->layer[k], stage[k].state));
    mpz_t *e = crease_integer_new(d + 1);
    size_t *piece = crease_alloc(layer->pieces, sizeof *piece);
    mpz_set_ui(e[0], 1);
    for (size_t g = 0; g < groups; g++) {
        size_t candidates = crease_maxout_group_candidates(layer, g, cut, stage[l].state, piece);
        assert(candidates > 0);
        if (candidates > 1)
            add_unit(e, &degree, d, candidates - 1);
    }
    for (size_t u = 0; !groups && u < layer->decisions; u++) {
        bool pending = cut[u / 64] >> u % 64 & 1;
        if (pending)
            add_unit(e, &degree, d, 1);
        rows += pending || stage[l].state[u] == 1;
    }
    sum_up(most, l, e, degree, d, rows, !groups, sum);
    free(piece);
    crease_integer_free(e, d + 1);
}

double crease_most_regions(size_t m, size_t d)
{
    double sum = 1, term = 1;
    for (size_t i = 1; i <= d && i <= m; i++) {
        term *= (double)(m - i + 1) / (double)i;
        sum += term;
    }
    return sum;
}
