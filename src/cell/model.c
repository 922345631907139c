#include "cell/model.h"

#include "base/memory.h"
#include "exact/integer.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Rank of the layer's first rows, width of them, rows that vanish or repeat another left out first: proving a
 * rank that is not full takes long. */
static size_t layer_rank(const crease_layer *layer, size_t width, size_t *pivot)
{
    size_t n = layer->inputs, rows = 0;
    if (crease_integer_full_rank((const mpz_t *)layer->num, width, n, n + 1, pivot))
        return width < n ? width : n;
    const mpz_t **row = crease_alloc(width, sizeof *row);
    for (size_t u = 0; u < width; u++) {
        const mpz_t *next = (const mpz_t *)layer->num + u * (n + 1);
        bool needed = !crease_integer_is_zero(next, n);
        for (size_t k = 0; k < rows && needed; k++)
            needed = !crease_integer_parallel(row[k], next, n);
        if (needed)
            row[rows++] = next;
    }
    mpz_t *matrix = crease_integer_new(rows * n);
    for (size_t i = 0; i < rows * n; i++)
        mpz_set(matrix[i], row[i / n][i % n]);
    size_t rank = crease_integer_rank((const mpz_t *)matrix, rows, n, n, pivot);
    crease_integer_free(matrix, rows * n);
    free(row);
    return rank;
}

/* The last layer only decides. */
static size_t rows_needed(const crease_layer *layer, bool last)
{
    return last && layer->decisions ? layer->decisions : layer->width;
}

/* The inputs to keep, ascending; returns how many. */
static size_t kept_inputs(const crease_network *network, size_t layers, const crease_domain *domain,
                          size_t *kept)
{
    const crease_layer *first = &network->layer[0];
    size_t width = rows_needed(first, layers <= 1);
    size_t stride = first->inputs + 1, count = 0;
    if (!domain)
        return layer_rank(first, width, kept);
    for (size_t j = 0; j < first->inputs; j++)
        for (size_t u = 0; u < width; u++)
            if (mpz_sgn(first->num[u * stride + j])) {
                kept[count++] = j;
                break;
            }
    return count;
}

/* Exponent e with 2^(e-1) <= |num / den| < 2^(e+1), or the smallest long for zero. */
static long magnitude(const mpz_t num, const mpz_t den)
{
    if (!mpz_sgn(num))
        return LONG_MIN / 4;
    return (long)mpz_sizeinbase(num, 2) - (long)mpz_sizeinbase(den, 2);
}

static void copy_layer(crease_model_layer *out, const crease_layer *in, const size_t *kept,
                       size_t inputs, bool last)
{
    out->width = rows_needed(in, last);
    out->inputs = inputs;
    out->stride = (out->width + 7) / 8 * 8;
    out->decisions = in->decisions;
    out->pieces = in->pieces;
    out->num = crease_integer_new(out->width * (inputs + 1));
    mpz_init_set(out->den, in->den);
    for (size_t u = 0; u < out->width; u++)
        for (size_t j = 0; j <= inputs; j++) {
            size_t source = j == inputs ? in->inputs : kept ? kept[j] : j;
            mpz_set(out->num[u * (inputs + 1) + j], in->num[u * (in->inputs + 1) + source]);
        }
}

static long bound_magnitude(const crease_domain *domain, size_t j)
{
    long lo = magnitude(mpq_numref(domain->lo[j]), mpq_denref(domain->lo[j]));
    long hi = magnitude(mpq_numref(domain->hi[j]), mpq_denref(domain->hi[j]));
    return lo > hi ? lo : hi;
}

/* Powers of two that bring the coordinates of the box, or else every column of the first
 * layer (bias last), near 1, shifted so that all are >= 0. */
static void choose_scales(const crease_model_layer *layer, const crease_domain *domain,
                          const size_t *kept, long *column)
{
    long low = 0;
    for (size_t j = 0; j <= layer->inputs; j++) {
        long top = LONG_MIN / 4;
        for (size_t u = 0; u < layer->width && !domain; u++) {
            long e = magnitude(layer->num[u * (layer->inputs + 1) + j], layer->den);
            top = e > top ? e : top;
        }
        if (domain)
            top = j < layer->inputs ? -bound_magnitude(domain, kept[j]) : 0;
        column[j] = top < -1000 || top > 1000 ? 0 : -top;
        low = column[j] < low ? column[j] : low;
    }
    for (size_t j = 0; j <= layer->inputs; j++)
        column[j] -= low;
}

/* Nearest-or-truncated double of num / den with relative error at most 2^-52, *exact
 * cleared if it is not the same number; weights beyond the range of doubles become
 * infinite or lose precision and are left to exact arithmetic. */
static double quotient(const mpz_t num, const mpz_t den, bool *exact)
{
    mpq_t value, back;
    mpq_inits(value, back, NULL);
    mpz_set(mpq_numref(value), num);
    mpz_set(mpq_denref(value), den);
    mpq_canonicalize(value);
    double result = mpq_get_d(value);
    if (!isfinite(result) || (result != 0 && fabs(result) < 0x1p-1000) ||
        (result == 0 && mpz_sgn(num))) {
        result = NAN;
        *exact = false;
    } else {
        mpq_set_d(back, result);
        if (!mpq_equal(back, value))
            *exact = false;
    }
    mpq_clears(value, back, NULL);
    return result;
}

/* The largest power of two that divides the non-zero double x. */
static double lowest_bit(double x)
{
    int exponent;
    int64_t mantissa = (int64_t)ldexp(frexp(fabs(x), &exponent), 53);
    return ldexp((double)(mantissa & -mantissa), exponent - 53);
}

static void set_doubles(crease_model_layer *layer)
{
    bool exact = true;
    layer->weight = crease_alloc_aligned((layer->inputs + 1) * layer->stride, sizeof(double));
    for (size_t u = 0; u < layer->width; u++)
        for (size_t j = 0; j <= layer->inputs; j++)
            layer->weight[j * layer->stride + u] =
                quotient(layer->num[u * (layer->inputs + 1) + j], layer->den, &exact);
    layer->error = exact ? 0 : 0x1p-52;
    layer->quantum = exact ? 1 : 0;
    for (size_t i = 0; exact && i < (layer->inputs + 1) * layer->stride; i++)
        if (layer->weight[i] != 0)
            layer->quantum = fmin(layer->quantum, lowest_bit(layer->weight[i]));
}

static void set_face(crease_model *model, size_t f, size_t j, const mpq_t bound, int sign,
                     const long *column)
{
    /* sign (x_j - p/q) >= 0  <=>  sign (q 2^c_j v_j - p 2^c_n v_n) >= 0 */
    size_t d = model->inputs + 1;
    mpz_t *row = model->face + f * d;
    mpz_mul_2exp(row[j], mpq_denref(bound), (mp_bitcnt_t)column[j]);
    mpz_mul_2exp(row[d - 1], mpq_numref(bound), (mp_bitcnt_t)column[d - 1]);
    mpz_neg(row[d - 1], row[d - 1]);
    if (sign < 0) {
        mpz_neg(row[j], row[j]);
        mpz_neg(row[d - 1], row[d - 1]);
    }
}

/* |x_j| <= max(|lo|, |hi|), rounded up. */
static void set_reach(crease_model *model, const crease_domain *domain, const size_t *kept,
                      const long *column)
{
    if (!model->boxed)
        return;
    model->reach = crease_alloc(model->inputs, sizeof(double));
    for (size_t j = 0; j < model->inputs; j++) {
        double lo = fabs(mpq_get_d(domain->lo[kept[j]])), hi = fabs(mpq_get_d(domain->hi[kept[j]]));
        model->reach[j] = ldexp((lo > hi ? lo : hi) * (1 + 0x1p-40) + 0x1p-1000,
                                (int)(column[model->inputs] - column[j]));
    }
}

static void set_faces(crease_model *model, const crease_domain *domain, const size_t *kept,
                      const long *column)
{
    size_t d = model->inputs + 1;
    model->boxed = domain && model->inputs > 0;
    model->faces = model->boxed ? 2 * model->inputs : 1;
    model->face = crease_integer_new((model->faces + 1) * d);
    model->face_value = crease_alloc(model->faces * d, sizeof(double));
    model->face_error = crease_alloc(model->faces, sizeof(double));
    mpz_set_ui(model->face[model->faces * d + d - 1], 1);
    if (!model->boxed)
        mpz_set_ui(model->face[d - 1], 1);
    for (size_t j = 0; model->boxed && j < model->inputs; j++) {
        set_face(model, 2 * j, j, domain->lo[kept[j]], 1, column);
        set_face(model, 2 * j + 1, j, domain->hi[kept[j]], -1, column);
    }
    for (size_t f = 0; f < model->faces; f++) {
        crease_integer_to_doubles(model->face_value + f * d, (const mpz_t *)model->face + f * d, d);
        model->face_error[f] = model->boxed ? 0x1p-52 : 0;
    }
    set_reach(model, domain, kept, column);
}

/* The network with its leading linear layers multiplied into the first layer that
 * switches; shares the other layers with network. */
static crease_network fold_linear(const crease_network *network, crease_layer *folded)
{
    crease_network view = *network;
    memset(folded, 0, sizeof *folded);
    while (view.layers > 1 && !view.layer[0].decisions) {
        const crease_layer *lower = &view.layer[0], *upper = &view.layer[1];
        size_t n = lower->inputs;
        crease_layer product = *upper;
        product.inputs = n;
        product.num = crease_integer_new(upper->width * (n + 1));
        mpz_init(product.den);
        mpz_mul(product.den, lower->den, upper->den);
        for (size_t u = 0; u < upper->width; u++) {
            const mpz_t *weight = (const mpz_t *)upper->num + u * (upper->inputs + 1);
            mpz_t *row = product.num + u * (n + 1);
            mpz_mul(row[n], weight[upper->inputs], lower->den);
            for (size_t t = 0; t < lower->width; t++)
                for (size_t j = 0; j <= n; j++)
                    mpz_addmul(row[j], weight[t], lower->num[t * (n + 1) + j]);
        }
        /* A private copy of the layer table, now one layer shorter. */
        crease_layer *table = crease_alloc(view.layers - 1, sizeof *table);
        memcpy(table + 1, view.layer + 2, (view.layers - 2) * sizeof *table);
        if (folded->num) {
            crease_integer_free(folded->num, folded->width * (folded->inputs + 1));
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

static crease_model *model_of(const crease_network *network, const crease_domain *given);

crease_model *crease_model_new(const crease_network *network, const crease_domain *domain)
{
    crease_layer folded;
    crease_network view = fold_linear(network, &folded);
    crease_model *model = model_of(&view, domain);
    if (folded.num) {
        crease_integer_free(folded.num, folded.width * (folded.inputs + 1));
        mpz_clear(folded.den);
        free(view.layer);
    }
    return model;
}

/* For a narrow box far from 0, a point near its middle with few bits; otherwise 0. */
static void choose_centre(const crease_domain *domain, size_t j, mpq_t centre)
{
    mpq_t width, middle;
    mpz_t steps;
    mpq_inits(width, middle, NULL);
    mpz_init(steps);
    mpq_sub(width, domain->hi[j], domain->lo[j]);
    mpq_add(middle, domain->hi[j], domain->lo[j]);
    mpq_div_2exp(middle, middle, 1);
    mpq_set_ui(centre, 0, 1);
    mpq_abs(centre, middle);
    bool far = mpq_cmp(centre, width) > 0;
    mpq_set_ui(centre, 0, 1);
    if (far) {
        /* Round to a multiple of 2^e, about an eighth of the width. */
        long e = magnitude(mpq_numref(width), mpq_denref(width)) - 4;
        if (e < 0)
            mpq_mul_2exp(middle, middle, (mp_bitcnt_t)-e);
        else
            mpq_div_2exp(middle, middle, (mp_bitcnt_t)e);
        mpz_tdiv_q(steps, mpq_numref(middle), mpq_denref(middle));
        mpq_set_z(centre, steps);
        if (e < 0)
            mpq_div_2exp(centre, centre, (mp_bitcnt_t)-e);
        else
            mpq_mul_2exp(centre, centre, (mp_bitcnt_t)e);
    }
    mpq_clears(width, middle, NULL);
    mpz_clear(steps);
}

/* Moves the origin to the centre of the box: x_j = centre_j + x'_j changes the biases of the
 * first layer.  Returns the box in the new coordinates. */
static crease_domain *move_origin(crease_model_layer *layer, const crease_domain *domain,
                                  const size_t *kept, mpq_t *centre)
{
    crease_domain *moved = crease_alloc(1, sizeof *moved);
    size_t n = layer->inputs;
    mpz_t common, part;
    mpz_init_set_ui(common, 1);
    mpz_init(part);
    moved->inputs = domain->inputs;
    moved->lo = crease_alloc(domain->inputs, sizeof *moved->lo);
    moved->hi = crease_alloc(domain->inputs, sizeof *moved->hi);
    for (size_t j = 0; j < domain->inputs; j++)
        mpq_inits(moved->lo[j], moved->hi[j], NULL);
    for (size_t j = 0; j < n; j++) {
        choose_centre(domain, kept[j], centre[j]);
        mpq_sub(moved->lo[kept[j]], domain->lo[kept[j]], centre[j]);
        mpq_sub(moved->hi[kept[j]], domain->hi[kept[j]], centre[j]);
        mpz_lcm(common, common, mpq_denref(centre[j]));
    }
    for (size_t i = 0; i < layer->width * (n + 1); i++)
        mpz_mul(layer->num[i], layer->num[i], common);
    mpz_mul(layer->den, layer->den, common);
    for (size_t j = 0; j < n; j++) {
        for (size_t u = 0; u < layer->width; u++) {
            mpz_divexact(part, layer->num[u * (n + 1) + j], mpq_denref(centre[j]));
            mpz_addmul(layer->num[u * (n + 1) + n], part, mpq_numref(centre[j]));
        }
    }
    mpz_clears(common, part, NULL);
    return moved;
}

static crease_model *model_of(const crease_network *network, const crease_domain *given)
{
    crease_domain *moved = NULL;
    const crease_domain *domain = given;
    crease_model *model = crease_alloc(1, sizeof *model);
    size_t *kept = crease_alloc(network->inputs, sizeof *kept);
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
    if (model->layers) {
        crease_model_layer *first = &model->layer[0];
        if (given)
            domain = moved = move_origin(first, given, kept, model->centre);
        choose_scales(first, domain, kept, column);
        for (size_t u = 0; u < first->width; u++)
            for (size_t j = 0; j < model->inputs; j++) {
                mpz_t *entry = &first->num[u * (model->inputs + 1) + j];
                mpz_mul_2exp(*entry, *entry, (mp_bitcnt_t)column[j]);
            }
    }
    for (size_t l = 0; l < model->layers; l++)
        set_doubles(&model->layer[l]);
    mpz_init_set_ui(model->constant, 1);
    mpz_mul_2exp(model->constant, model->constant, (mp_bitcnt_t)column[model->inputs]);
    model->constant_value = ldexp(1, (int)column[model->inputs]);
    set_faces(model, domain, kept, column);
    crease_domain_free(moved);
    return model;
}

void crease_model_free(crease_model *model)
{
    if (!model)
        return;
    for (size_t l = 0; l < model->layers; l++) {
        crease_integer_free(model->layer[l].num,
                            model->layer[l].width * (model->layer[l].inputs + 1));
        mpz_clear(model->layer[l].den);
        free(model->layer[l].weight);
    }
    free(model->layer);
    mpz_clear(model->constant);
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
