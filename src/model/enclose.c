#include "model/enclose.h"

#include "base/interrupt.h"
#include "base/memory.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* With more symbols, forms cost more than they gain. */
enum { MOST_SYMBOLS = 64 };

static crease_forms forms_new(size_t count, size_t symbols)
{
    return (crease_forms){symbols, count, crease_alloc(count * (symbols + 1), sizeof(double)),
                          crease_alloc(count, sizeof(double)), crease_alloc(count, sizeof(double))};
}

static void forms_free(crease_forms *f)
{
    free(f->form);
    free(f->radius);
    free(f->size);
}

static double *form_of(const crease_forms *f, size_t t)
{
    return f->form + t * (f->symbols + 1);
}

/* Half the width of the form, without its radius. */
static double spread(const crease_forms *f, size_t t)
{
    const double *form = form_of(f, t);
    double sum = 0;
    for (size_t j = 1; j <= f->symbols; j++)
        sum += fabs(form[j]);
    return sum;
}

static void set_size(crease_forms *f, size_t t)
{
    f->size[t] = (fabs(form_of(f, t)[0]) + spread(f, t) + f->radius[t]) * (1 + 0x1p-20);
}

/* The next double in the direction of side from the value, which mpq_get_d truncates. */
static double outward(const mpq_t value, int side)
{
    return nextafter(mpq_get_d(value), side * INFINITY);
}

void crease_enclosure_open(crease_enclosure *e, const crease_domain *box)
{
    size_t n = box->inputs, symbols = n <= MOST_SYMBOLS ? n : 0;
    mpq_t centre, side;
    mpq_inits(centre, side, NULL);
    *e = (crease_enclosure){.value = forms_new(n, symbols)};
    for (size_t j = 0; j < n; j++) {
        double *form = form_of(&e->value, j), reach;
        mpq_add(centre, box->lo[j], box->hi[j]);
        mpq_div_2exp(centre, centre, 1);
        form[0] = mpq_get_d(centre);
        mpq_set_d(centre, isfinite(form[0]) ? form[0] : 0);
        mpq_sub(side, box->hi[j], centre);
        reach = outward(side, 1);
        mpq_sub(side, centre, box->lo[j]);
        reach = fmax(reach, outward(side, 1));
        *(symbols ? &form[j + 1] : &e->value.radius[j]) = reach;
        set_size(&e->value, j);
    }
    mpq_clears(centre, side, NULL);
}

void crease_enclosure_close(crease_enclosure *e)
{
    forms_free(&e->value);
    free(e->low);
    free(e->high);
}

/* num / den with a relative error of at most 2^-50, or NaN. */
static double quotient(const mpz_t num, double den, long exponent)
{
    long own;
    double value = mpz_get_d_2exp(&own, num) / den;
    own -= exponent;
    return own > 900 || own < -900 ? (mpz_sgn(num) ? NAN : 0) : ldexp(value, (int)own);
}

/* Row r of the layer as a form of z. */
static void enclose_row(const crease_forms *from, const crease_layer *layer, size_t r, double den,
                        long exponent, crease_forms *z)
{
    const crease_rows *map = &layer->map;
    size_t length = from->symbols + 1, m = map->begin[r + 1] - map->begin[r];
    double *restrict g = form_of(z, r), radius = 0, size;
    g[0] = quotient(map->bias[r], den, exponent);
    size = fabs(g[0]);
    for (size_t i = map->begin[r]; i < map->begin[r + 1] && !crease_interrupted_after(length + 8);
         i++) {
        size_t t = map->input[i];
        double w = quotient(map->weight[i], den, exponent);
        const double *restrict f = form_of(from, t);
        for (size_t j = 0; j < length; j++)
            g[j] += w * f[j];
        radius += fabs(w) * from->radius[t];
        size += fabs(w) * from->size[t];
    }
    radius += ((double)(m + 4) * 0x1p-53 + 0x1p-49) * size;
    z->radius[r] = radius * (1 + 0x1p-20) + 0x1p-1000;
}

void crease_enclosure_activate(const crease_layer *layer, const mpq_t z, mpq_t out)
{
    mpq_set(out, z);
    if (layer->activation == CREASE_RELU && mpq_sgn(z) < 0)
        mpq_set_ui(out, 0, 1);
    else if (layer->activation == CREASE_LEAKY_RELU && mpq_sgn(z) < 0)
        mpq_mul(out, z, layer->parameter[0]);
    else if (layer->activation == CREASE_ABS)
        mpq_abs(out, z);
    else if (layer->activation == CREASE_CLIP && mpq_cmp(z, layer->parameter[0]) < 0)
        mpq_set(out, layer->parameter[0]);
    else if (layer->activation == CREASE_CLIP && mpq_cmp(z, layer->parameter[1]) > 0)
        mpq_set(out, layer->parameter[1]);
}

/* The breakpoints of the activation; returns how many. */
static size_t breakpoints(const crease_layer *layer, mpq_t *at)
{
    bool clip = layer->activation == CREASE_CLIP;
    for (size_t i = 0; clip && i < 2; i++)
        mpq_set(at[i], layer->parameter[i]);
    if (!clip)
        mpq_set_ui(at[0], 0, 1);
    return clip ? 2 : 1;
}

/* Bounds of f(z) - k z between low and high, and the k. */
static void relax(const crease_layer *layer, double low, double high, double *k, double *least,
                  double *most)
{
    mpq_t at[4], value[2], slope;
    mpq_inits(at[0], at[1], at[2], at[3], value[0], value[1], slope, NULL);
    mpq_set_d(at[0], low);
    mpq_set_d(at[1], high);
    crease_enclosure_activate(layer, at[0], value[0]);
    crease_enclosure_activate(layer, at[1], value[1]);
    mpq_sub(value[0], value[1], value[0]);
    mpq_sub(value[1], at[1], at[0]);
    if (mpq_sgn(value[1]))
        mpq_div(slope, value[0], value[1]);
    *k = mpq_get_d(slope);
    *k = isfinite(*k) ? *k : 0;
    mpq_set_d(slope, *k);
    size_t count = 2 + breakpoints(layer, at + 2);
    *least = INFINITY;
    *most = -INFINITY;
    for (size_t i = 0; i < count; i++) {
        if (i > 1 && (mpq_cmp(at[i], at[0]) <= 0 || mpq_cmp(at[i], at[1]) >= 0))
            continue;
        crease_enclosure_activate(layer, at[i], value[0]);
        mpq_mul(value[1], slope, at[i]);
        mpq_sub(value[0], value[0], value[1]);
        bool zero = mpq_sgn(value[0]) == 0;
        *least = fmin(*least, zero ? 0 : outward(value[0], -1));
        *most = fmax(*most, zero ? 0 : outward(value[0], 1));
    }
    mpq_clears(at[0], at[1], at[2], at[3], value[0], value[1], slope, NULL);
}

/* out = k z + middle of [least, most]; NaN stays. */
static void set_output(crease_forms *out, size_t u, const crease_forms *z, size_t r, double k,
                       double least, double most)
{
    const double *g = form_of(z, r);
    double *f = form_of(out, u), middle = 0.5 * least + 0.5 * most;
    double rest = fmax(most - middle, middle - least);
    for (size_t j = 0; j <= z->symbols; j++)
        f[j] = k * g[j];
    f[0] += middle;
    /* At most two roundings in each coefficient. */
    double size = fabs(k) * (fabs(g[0]) + spread(z, r)) + fabs(middle);
    out->radius[u] = (fabs(k) * z->radius[r] + rest + 0x1p-50 * size) * (1 + 0x1p-20) + 0x1p-1000;
    set_size(out, u);
}

static bool finite_row(const crease_enclosure *e, size_t r)
{
    return isfinite(e->low[r]) && isfinite(e->high[r]);
}

/* The largest of several pieces, if it is not known which one is largest. */
static void set_largest(crease_enclosure *e, crease_forms *out, size_t u, const crease_forms *z,
                        size_t first, size_t rank)
{
    double low = -INFINITY, high = -INFINITY;
    for (size_t s = 0; s < rank; s++) {
        low = fmax(low, e->low[first + s]);
        high = finite_row(e, first + s) ? fmax(high, e->high[first + s]) : INFINITY;
    }
    set_output(out, u, z, first, 0, low, high);
}

static void set_unit(crease_enclosure *e, const crease_layer *layer, size_t u,
                     const crease_forms *z, crease_forms *out)
{
    size_t switching = layer->width - layer->carry, rank = layer->rank;
    bool carried = u >= switching || layer->activation == CREASE_LINEAR;
    size_t r = u < switching ? u * rank : switching * rank + u - switching;
    double k = 1, least = 0, most = 0;
    if (!carried && layer->activation == CREASE_MAXOUT) {
        size_t winner = crease_enclosure_winner(e, layer, u);
        if (winner == rank)
            set_largest(e, out, u, z, r, rank);
        else
            set_output(out, u, z, r + winner, 1, 0, 0);
        return;
    }
    if (!carried && finite_row(e, r))
        relax(layer, e->low[r], e->high[r], &k, &least, &most);
    else if (!carried)
        most = INFINITY;
    set_output(out, u, z, r, k, least, most);
}

void crease_enclosure_pass(crease_enclosure *e, const crease_layer *layer)
{
    crease_forms z = forms_new(layer->rows, e->value.symbols);
    crease_forms out = forms_new(layer->width, e->value.symbols);
    long exponent;
    double den = mpz_get_d_2exp(&exponent, layer->den);
    assert(layer->inputs == e->value.count);
    free(e->low);
    free(e->high);
    e->low = crease_alloc(layer->rows, sizeof(double));
    e->high = crease_alloc(layer->rows, sizeof(double));
    for (size_t r = 0; r < layer->rows; r++) {
        enclose_row(&e->value, layer, r, den, exponent, &z);
        double reach = (spread(&z, r) + z.radius[r]) * (1 + 0x1p-20), centre = form_of(&z, r)[0];
        e->low[r] = nextafter(centre - reach, -INFINITY);
        e->high[r] = nextafter(centre + reach, INFINITY);
    }
    for (size_t u = 0; u < layer->width && !crease_interrupted(); u++)
        set_unit(e, layer, u, &z, &out);
    forms_free(&z);
    forms_free(&e->value);
    e->value = out;
}

size_t crease_enclosure_winner(const crease_enclosure *e, const crease_layer *layer, size_t u)
{
    size_t k = layer->rank, first = u * k;
    for (size_t s = 0; s < k; s++) {
        bool wins = true;
        for (size_t t = 0; t < k && wins; t++)
            wins = t == s || e->low[first + s] >= e->high[first + t];
        if (wins)
            return s;
    }
    return k;
}

bool crease_enclosure_piece(const crease_enclosure *e, const crease_layer *layer, size_t u,
                            mpq_t slope, mpq_t offset)
{
    mpq_t end[2], at[2];
    bool inside = finite_row(e, u);
    if (!inside)
        return false;
    mpq_inits(end[0], end[1], at[0], at[1], NULL);
    mpq_set_d(end[0], e->low[u]);
    mpq_set_d(end[1], e->high[u]);
    size_t count = breakpoints(layer, at), below = 0;
    for (size_t i = 0; i < count; i++) {
        below += mpq_cmp(end[0], at[i]) >= 0;
        inside = inside && (mpq_cmp(end[0], at[i]) >= 0 || mpq_cmp(end[1], at[i]) <= 0);
    }
    bool middle = count == 2 ? below == 1 : below > 0;
    mpq_set_ui(slope, middle, 1);
    mpq_set_ui(offset, 0, 1);
    if (layer->activation == CREASE_LEAKY_RELU && !middle)
        mpq_set(slope, layer->parameter[0]);
    if (layer->activation == CREASE_ABS && !middle)
        mpq_set_si(slope, -1, 1);
    if (layer->activation == CREASE_CLIP && !middle)
        mpq_set(offset, layer->parameter[below ? 1 : 0]);
    mpq_clears(end[0], end[1], at[0], at[1], NULL);
    return inside;
}
