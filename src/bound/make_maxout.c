#include "bound/bound.h"
#include "bound/make.h"

#include "base/memory.h"
#include "base/status.h"

#include <math.h>
#include <stdlib.h>

/* ---- Zigzags of maxout units ---- */

/* A group of p units for one coordinate x; K = p (k - 1) kinks at i / (K + 1), i = 1..K.  Unit i
 * has the kinks i + 1, i + 1 + p, ..., which all bend one way, as p is even. */
typedef struct {
    unsigned long units, rank;
} zigzag;

/* Piece s of unit i: slope x - shift.  The first unit holds the linear part of the readout. */
static void zigzag_piece(zigzag z, unsigned long i, unsigned long s, mpq_t slope, mpq_t shift)
{
    unsigned long kinks = z.units * (z.rank - 1);
    mpq_set_si(slope, i ? 2 * (long)s : 2 * (long)s - 1, 2);
    mpq_set_ui(shift, s * (i + 1) + z.units * (s ? s * (s - 1) / 2 : 0), kinks + 1);
    mpq_canonicalize(slope);
    mpq_canonicalize(shift);
}

/* The readout sum_i weight_i u_i has slopes K + 1, -(K + 1), K + 1, ... and maps [0, 1] onto itself
 * on every piece. */
static long zigzag_weight(zigzag z, unsigned long i)
{
    long all = 2 * (long)(z.units * (z.rank - 1) + 1);
    return i % 2 ? all : -all;
}

static zigzag zigzag_of(const crease_made *made, size_t layer)
{
    return (zigzag){made->width[layer] / made->inputs, made->rank};
}

/* Piece s of unit u of the last layer: s g - s (s - 1) / (2 n0 k), g = 0 being hyperplane u in
 * general position.  The kinks are parallel to it and so near that all flats still meet the cube,
 * no n0 + 1 of different units in one point: with g scaled by m^n0 (make.h) a shift of g by 1 / n0
 * moves a point where n0 of them meet by less than 1 (Lagrange interpolation at nodes that
 * are 2 / m apart or more). */
static void last_piece(const crease_made *made, size_t unit, unsigned long s, mpq_t *a, mpq_t b)
{
    mpq_t factor;
    mpq_init(factor);
    crease_make_general(made, made->width[made->layers - 1], unit, a, b);
    mpq_set_ui(factor, s, 1);
    for (size_t j = 0; j < made->inputs; j++)
        mpq_mul(a[j], a[j], factor);
    mpq_mul(b, b, factor);
    mpq_set_ui(factor, s ? s * (s - 1) : 0, 2 * made->inputs * made->rank);
    mpq_canonicalize(factor);
    mpq_sub(b, b, factor);
    mpq_clear(factor);
}

/* sum_j a_j z_j + b, z the folded coordinates, as a function of the units below. */
static void absorb(const crease_made *made, size_t layer, mpq_t *a, const mpq_t b, mpq_t *value)
{
    size_t n0 = made->inputs, below = layer ? made->width[layer - 1] : n0;
    zigzag z = layer ? zigzag_of(made, layer - 1) : (zigzag){1, 1};
    mpq_t weight;
    mpq_init(weight);
    mpq_set(value[below], b);
    for (size_t i = 0; i < n0 * z.units; i++) {
        mpq_set_si(weight, layer ? zigzag_weight(z, i % z.units) : 1, 1);
        mpq_mul(value[i], a[i / z.units], weight);
    }
    mpq_clear(weight);
}

void crease_make_row_maxout_fold(crease_made *made, size_t layer, size_t row, mpq_t *value)
{
    size_t n0 = made->inputs, unit = row / made->rank, s = row % made->rank;
    if (layer == made->layers) {
        crease_make_row_ones(made, value);
        return;
    }
    mpq_t *a = crease_alloc(n0, sizeof *a), b;
    for (size_t j = 0; j < n0; j++)
        mpq_init(a[j]);
    mpq_init(b);
    if (layer + 1 == made->layers) {
        last_piece(made, unit, s, a, b);
    } else {
        zigzag z = zigzag_of(made, layer);
        zigzag_piece(z, unit % z.units, s, a[unit / z.units], b);
        mpq_neg(b, b);
    }
    absorb(made, layer, a, b, value);
    mpq_clear(b);
    for (size_t j = 0; j < n0; j++)
        mpq_clear(a[j]);
    free(a);
}

crease_status crease_make_plan_maxout_fold(crease_made *made, crease_error *error)
{
    size_t n0 = made->inputs, last = made->layers - 1;
    crease_bound_sum(made->regions, made->width[last], n0, made->rank - 1);
    for (size_t l = 0; l < last; l++) {
        if (made->width[l] % (2 * n0))
            return crease_fail(error, CREASE_INPUT,
                               "make %s: layer %zu has %zu units, no multiple of twice the inputs",
                               made->family->name, l, made->width[l]);
        crease_bound_multiply_power(made->regions, made->width[l] / n0 * (made->rank - 1) + 1, n0);
    }
    made->known = true;
    return CREASE_OK;
}

/* ---- Identification ---- */

/* A layer around 0, where everything happens within a radius R = 2^-e.  There are k points
 * c_j on the unit circle of the first two coordinates, tau_j tangents there.  Piece j of unit i is
 * a_ij.(x - R c_j / 2), where a_1j = c_j, a_2j = c_j + delta tau_j, a_ij = c_j + e_i for i > 2: all
 * normals of lines or hyperplanes that separate c_j from the other points, if delta is
 * small.  So around R c_j / 2 piece j is the largest in every unit, and the layer is an invertible
 * linear map of x - R c_j / 2: k neighbourhoods with images that all hold a ball around 0. */
typedef struct {
    double delta; /* a power of two */
    int shrink;   /* the ball has the radius R 2^-shrink */
} circle;

/* Point j of k, rational. */
static void circle_point(unsigned long k, unsigned long j, mpq_t x, mpq_t y)
{
    double angle = acos(-1) * ((2 * (double)j + 1) / (double)k - 1);
    mpq_t square;
    mpq_init(square);
    mpq_set_d(y, ldexp(nearbyint(ldexp(tan(angle / 2), 16)), -16)); /* t */
    mpq_mul(square, y, y);
    mpq_set_ui(x, 1, 1);
    mpq_sub(x, x, square);
    mpq_add(y, y, y);
    mpz_add(mpq_numref(square), mpq_numref(square), mpq_denref(square)); /* 1 + t^2 */
    mpq_div(x, x, square);
    mpq_div(y, y, square);
    mpq_clear(square);
}

/* Neighbouring points are an angle of about h = 2 pi / k apart.  A normal's product with c_l - c_j
 * is at most -(1 - cos h) + delta sin h, half of the first for delta = tan(h / 2) / 2; pieces
 * differ by less than 2 (1 + delta) per unit of x; the inverse of the linear map has a norm of at
 * most 2 / delta + sqrt(2 n0).  A factor of 8 is more than all roundings. */
static circle circle_of(size_t inputs, unsigned long k)
{
    double h = 2 * acos(-1) / (double)k, delta = exp2(floor(log2(tan(h / 2 < 1 ? h / 2 : 1) / 2)));
    double reach =
        (1 - cos(h < 2 ? h : 2)) / 2 / (2 * (1 + delta)) / (2 / delta + sqrt(2 * (double)inputs));
    return (circle){delta, (int)ceil(-log2(reach)) + 3};
}

/* Piece j of unit i of a layer that identifies, with R = 2^-scale. */
static void identify(const crease_made *made, size_t unit, unsigned long j, int scale, mpq_t *value)
{
    circle c = circle_of(made->inputs, made->rank);
    mpq_t x, y, delta, term, *bias = &value[made->inputs];
    mpq_inits(x, y, delta, term, NULL);
    circle_point(made->rank, j, x, y);
    mpq_set_d(delta, unit == 1 ? c.delta : 0);
    mpq_mul(term, delta, y);
    mpq_sub(value[0], x, term);
    mpq_mul(term, delta, x);
    mpq_add(value[1], y, term);
    if (unit > 1)
        mpq_set_ui(value[unit], 1, 1);
    mpq_mul(*bias, value[0], x);
    mpq_mul(term, value[1], y);
    mpq_add(*bias, *bias, term);
    mpq_neg(*bias, *bias);
    mpq_div_2exp(*bias, *bias, (mp_bitcnt_t)scale + 1);
    mpq_clears(x, y, delta, term, NULL);
}

/* The last layer cuts each coordinate at k - 1 points near 0. */
void crease_make_row_maxout(crease_made *made, size_t layer, size_t row, mpq_t *value)
{
    size_t n0 = made->inputs, unit = row / made->rank, j = row % made->rank;
    size_t fan = layer ? made->width[layer - 1] : n0;
    int shrink = circle_of(n0, made->rank).shrink, scale = (int)layer * shrink;
    if (layer == made->layers) {
        crease_make_row_ones(made, value);
        return;
    }
    if (unit >= n0)
        return;
    if (layer + 1 < made->layers) {
        identify(made, unit, j, scale, value);
        mpq_swap(value[n0], value[fan]);
        return;
    }
    /* Kinks at R (s - (k - 2) / 2) / (k n0), s = 0..k-2: pieces j x - R j (j - k + 1) / (2 k n0).
     */
    mpq_set_ui(value[unit], j, 1);
    mpq_set_si(value[fan], -(long)j * ((long)j - (long)made->rank + 1), 2 * made->rank * n0);
    mpq_canonicalize(value[fan]);
    mpq_div_2exp(value[fan], value[fan], (mp_bitcnt_t)scale);
}

crease_status crease_make_plan_maxout(crease_made *made, crease_error *error)
{
    for (size_t l = 0; l < made->layers; l++)
        if (made->width[l] < made->inputs)
            return crease_fail(error, CREASE_INPUT,
                               "make %s: layer %zu has %zu units, fewer than the inputs",
                               made->family->name, l, made->width[l]);
    mpz_ui_pow_ui(made->regions, made->rank, made->layers - 1 + made->inputs);
    made->known = true;
    return CREASE_OK;
}
