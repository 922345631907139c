#include "model/model.h"

#include "base/interrupt.h"
#include "base/memory.h"
#include "model/faces.h"
#include "model/layer.h"
#include "exact/integer.h"

#include <assert.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Rank of the matrix with entry (i, j) at matrix[i * (n + 1) + j], j < n; rows that are 0 or
 * repeat another row are left out first, because proving that a rank is not full takes long. */
static size_t rank_of(const mpz_t *matrix, size_t count, size_t n, size_t *pivot)
{
    size_t rows = 0;
    if (crease_integer_full_rank(matrix, count, n, n + 1, pivot))
        return count < n ? count : n;
    const mpz_t **row = crease_alloc(count, sizeof *row);
    for (size_t u = 0; u < count; u++) {
        const mpz_t *next = matrix + u * (n + 1);
        bool needed = !crease_integer_is_zero(next, n);
        for (size_t k = 0; k < rows && needed && !crease_interrupted(); k++)
            needed = !crease_integer_parallel(row[k], next, n);
        if (needed)
            row[rows++] = next;
    }
    mpz_t *reduced = crease_integer_new(rows * n);
    for (size_t i = 0; i < rows * n; i++)
        mpz_set(reduced[i], row[i / n][i % n]);
    size_t rank = crease_integer_rank((const mpz_t *)reduced, rows, n, n, pivot);
    crease_integer_free(reduced, rows * n);
    free(row);
    return rank;
}

/* The last layer only decides. */
static size_t rows_needed(const crease_layer *layer, bool last)
{
    return last && layer->decisions ? layer->decisions : layer->width;
}

/* The inputs with a coefficient other than 0 in some row or half-space. */
static size_t inputs_used(const crease_layer *first, size_t rows, const crease_domain *domain,
                          size_t *kept)
{
    size_t n = first->inputs, count = 0;
    bool *used = crease_alloc(n, sizeof *used);
    for (size_t i = 0; i < first->map.begin[rows]; i++)
        used[first->map.input[i]] = true;
    for (size_t i = 0; i < domain->halves; i++)
        for (size_t j = 0; j < n; j++)
            used[j] = used[j] || mpq_sgn(domain->half[i * (n + 1) + j]);
    for (size_t j = 0; j < n; j++)
        if (used[j])
            kept[count++] = j;
    free(used);
    return count;
}

/* The inputs to keep, ascending; returns how many. */
static size_t kept_inputs(const crease_network *network, size_t layers, const crease_domain *domain,
                          size_t *kept)
{
    const crease_layer *first = &network->layer[0];
    size_t width = rows_needed(first, layers <= 1), halves = domain ? domain->halves : 0;
    size_t n = first->inputs, stride = n + 1, rows = width + halves, count = 0;
    if (crease_domain_boxed(domain))
        return inputs_used(first, width, domain, kept);
    mpz_t *matrix = crease_integer_new(rows * stride);
    for (size_t u = 0; u < width; u++)
        crease_rows_expand(&first->map, u, matrix + u * stride);
    for (size_t i = 0; i < halves; i++)
        crease_domain_half(domain, i, matrix + (width + i) * stride);
    count = rank_of((const mpz_t *)matrix, rows, n, kept);
    assert(count <= n && (!count || kept[count - 1] < n));
    crease_integer_free(matrix, rows * stride);
    return count;
}

static void copy_layer(crease_model_layer *out, const crease_layer *in, const size_t *kept,
                       size_t inputs, bool last)
{
    out->width = rows_needed(in, last);
    out->inputs = inputs;
    out->stride = (out->width + 7) / 8 * 8;
    out->decisions = in->decisions;
    out->pieces = in->pieces;
    mpz_init_set(out->den, in->den);
    crease_rows_open(&out->map, inputs);
    for (size_t u = 0; u < out->width; u++) {
        size_t j = 0;
        mpz_set(crease_rows_begin(&out->map), in->map.bias[u]);
        for (size_t i = in->map.begin[u]; i < in->map.begin[u + 1] && !crease_interrupted_after(8);
             i++) {
            size_t source = in->map.input[i];
            while (kept && j < inputs && kept[j] < source)
                j++;
            if (!kept || (j < inputs && kept[j] == source))
                mpz_set(crease_rows_add(&out->map, kept ? j : source), in->map.weight[i]);
        }
    }
}

static void raise(long *top, const mpz_t num, const mpz_t den)
{
    long e = crease_layer_magnitude(num, den);
    *top = e > *top ? e : *top;
}

/* Powers of two that bring the coordinates of the box, or else every column of the first
 * layer (bias last), near 1, shifted so that all are >= 0. */
static void choose_scales(const crease_model_layer *layer, const crease_domain *domain,
                          const size_t *kept, long *column)
{
    long low = 0;
    bool boxed = crease_domain_boxed(domain);
    const crease_rows *map = &layer->map;
    for (size_t j = 0; j <= layer->inputs; j++)
        column[j] = !boxed              ? LONG_MIN / 4
                    : j < layer->inputs ? -crease_faces_magnitude(domain, kept[j])
                                        : 0;
    for (size_t u = 0; u < layer->width && !boxed; u++) {
        raise(&column[layer->inputs], map->bias[u], layer->den);
        for (size_t i = map->begin[u]; i < map->begin[u + 1]; i++)
            raise(&column[map->input[i]], map->weight[i], layer->den);
    }
    for (size_t j = 0; j <= layer->inputs; j++) {
        column[j] = column[j] < -1000 || column[j] > 1000 ? 0 : -column[j];
        low = column[j] < low ? column[j] : low;
    }
    for (size_t j = 0; j <= layer->inputs; j++)
        column[j] -= low;
}

/* The network with its leading linear layers multiplied into the first layer that
 * switches; shares the other layers with network. */
static crease_network fold_linear(const crease_network *network, crease_layer *folded)
{
    crease_network view = *network;
    memset(folded, 0, sizeof *folded);
    while (view.layers > 1 && !view.layer[0].decisions) {
        const crease_layer *lower = &view.layer[0], *upper = &view.layer[1];
        crease_layer product = *upper;
        product.inputs = lower->inputs;
        mpz_init(product.den);
        mpz_mul(product.den, lower->den, upper->den);
        crease_rows_compose(&product.map, &upper->map, &lower->map, lower->den, NULL);
        /* A private copy of the layer table, now one layer shorter. */
        crease_layer *table = crease_alloc(view.layers - 1, sizeof *table);
        memcpy(table + 1, view.layer + 2, (view.layers - 2) * sizeof *table);
        if (folded->map.begin) {
            crease_rows_free(&folded->map);
            mpz_clear(folded->den);
            free(view.layer);
        }
        *folded = product;
        table[0] = product;
        view.layer = table;
        view.layers--;
    }
    return view;
}

static crease_model *model_of(const crease_network *network, const crease_domain *domain);

crease_model *crease_model_new(const crease_network *network, const crease_domain *domain)
{
    crease_layer folded;
    crease_network view = fold_linear(network, &folded);
    crease_model *model = model_of(&view, domain);
    if (folded.map.begin) {
        crease_rows_free(&folded.map);
        mpz_clear(folded.den);
        free(view.layer);
    }
    return model;
}

static crease_model *model_of(const crease_network *network, const crease_domain *domain)
{
    crease_model *model = crease_alloc(1, sizeof *model);
    size_t *kept = crease_alloc(network->inputs, sizeof *kept);
    assert(network->layers > 0 && network->layer[network->layers - 1].decisions == 0);
    for (size_t l = 0; l < network->layers; l++)
        if (network->layer[l].decisions)
            model->layers = l + 1;
    model->inputs = kept_inputs(network, model->layers, domain, kept);
    model->kept = kept;
    model->centre = crease_alloc(model->inputs, sizeof *model->centre);
    for (size_t j = 0; j < model->inputs; j++)
        mpq_init(model->centre[j]);
    model->layer = crease_alloc(model->layers, sizeof *model->layer);
    long *column = model->column = crease_alloc(model->inputs + 1, sizeof *column);
    for (size_t l = 0; l < model->layers; l++) {
        crease_model_layer *layer = &model->layer[l];
        copy_layer(layer, &network->layer[l], l ? NULL : kept,
                   l ? network->layer[l].inputs : model->inputs, l + 1 == model->layers);
        layer->first = model->units;
        model->units += layer->decisions;
    }
    crease_model_layer *first = model->layers ? &model->layer[0] : NULL;
    crease_domain *moved =
        domain ? crease_faces_move(domain, kept, model->inputs, first, model->centre) : NULL;
    if (first) {
        choose_scales(first, moved, kept, column);
        for (size_t i = 0; i < crease_rows_entries(&first->map); i++)
            mpz_mul_2exp(first->map.weight[i], first->map.weight[i],
                         (mp_bitcnt_t)column[first->map.input[i]]);
    }
    for (size_t l = 0; l < model->layers; l++)
        crease_layer_set_doubles(&model->layer[l]);
    mpz_init_set_ui(model->constant, 1);
    mpz_mul_2exp(model->constant, model->constant, (mp_bitcnt_t)column[model->inputs]);
    model->constant_value = ldexp(1, (int)column[model->inputs]);
    crease_faces_set(model, moved);
    crease_domain_free(moved);
    return model;
}

static void free_layers(crease_model *model)
{
    for (size_t l = 0; l < model->layers; l++)
        crease_layer_close(&model->layer[l]);
    free(model->layer);
    mpz_clear(model->constant);
}

void crease_model_free(crease_model *model)
{
    if (!model)
        return;
    free_layers(model);
    if (model->walls)
        free_layers(model->walls);
    free(model->walls);
    crease_integer_free(model->face, (model->faces + 1) * (model->inputs + 1));
    free(model->face_value);
    free(model->face_error);
    free(model->reach);
    for (size_t j = 0; j < model->inputs; j++)
        mpq_clear(model->centre[j]);
    free(model->centre);
    free(model->column);
    free(model->kept);
    free(model);
}
