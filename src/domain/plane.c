#include "domain/plane.h"

#include "base/memory.h"
#include "base/status.h"

#include <math.h>
#include <stdlib.h>

static void set_dot(mpq_t sum, mpq_t *a, mpq_t *b, size_t n, size_t step)
{
    mpq_t term;
    mpq_init(term);
    mpq_set_ui(sum, 0, 1);
    for (size_t i = 0; i < n; i++) {
        mpq_mul(term, a[i * step], b[i * step]);
        mpq_add(sum, sum, term);
    }
    mpq_clear(term);
}

/* Divides a direction, which is not 0, by about its length. */
static void normalise(mpq_t *direction, size_t n, size_t step)
{
    mpq_t square, factor;
    mpq_inits(square, factor, NULL);
    set_dot(square, direction, direction, n, step);
    mpq_set_d(factor, 1 / sqrt(mpq_get_d(square)));
    for (size_t i = 0; i < n; i++)
        mpq_mul(direction[i * step], direction[i * step], factor);
    mpq_clears(square, factor, NULL);
}

static bool is_zero(mpq_t *direction, size_t n, size_t step)
{
    for (size_t i = 0; i < n; i++)
        if (mpq_sgn(direction[i * step]))
            return false;
    return true;
}

/* The second direction less its part along the first: exactly, to see whether it is 0, and then up
 * to a rounded factor, so that its numbers stay short. */
static bool straighten(mpq_t *first, mpq_t *second, size_t n, size_t step)
{
    mpq_t share, square, term;
    bool flat = true;
    mpq_inits(share, square, term, NULL);
    set_dot(share, first, second, n, step);
    set_dot(square, first, first, n, step);
    mpq_div(share, share, square);
    for (size_t i = 0; i < n && flat; i++) {
        mpq_mul(term, share, first[i * step]);
        flat = mpq_equal(term, second[i * step]);
    }
    mpq_set_d(share, mpq_get_d(share));
    for (size_t i = 0; i < n; i++) {
        mpq_mul(term, share, first[i * step]);
        mpq_sub(second[i * step], second[i * step], term);
    }
    mpq_clears(share, square, term, NULL);
    return !flat;
}

/* New rationals: point i. */
static mpq_t *point_new(const crease_points *points, size_t i)
{
    mpq_t *x = crease_alloc(points->inputs, sizeof *x);
    for (size_t j = 0; j < points->inputs; j++)
        mpq_init(x[j]);
    crease_points_get(points, i, x);
    return x;
}

static void point_free(const crease_points *points, mpq_t *x)
{
    for (size_t j = 0; j < points->inputs; j++)
        mpq_clear(x[j]);
    free(x);
}

crease_status crease_plane_through(const char *name, const crease_points *points, size_t inputs,
                                   const size_t row[3], crease_slice *slice, crease_error *error)
{
    size_t n = inputs;
    *slice = (crease_slice){.inputs = 0};
    for (size_t k = 0; k < 3; k++)
        if (row[k] >= points->count)
            return crease_fail(error, CREASE_INPUT, "%s: there is no row %zu among %zu", name,
                               row[k], points->count);
    crease_slice_open(slice, n, 2);
    mpq_t *x[3];
    for (size_t k = 0; k < 3; k++)
        x[k] = point_new(points, row[k]);
    for (size_t i = 0; i < n; i++) {
        mpq_t *map = slice->map + 3 * i;
        mpq_set(map[2], x[0][i]);
        for (size_t k = 0; k < 2; k++)
            mpq_sub(map[k], x[k + 1][i], map[2]);
    }
    for (size_t k = 0; k < 3; k++)
        point_free(points, x[k]);
    bool good = !is_zero(slice->map, n, 3);
    if (good) {
        normalise(slice->map, n, 3);
        good = straighten(slice->map, slice->map + 1, n, 3) && !is_zero(slice->map + 1, n, 3);
    }
    if (good) {
        normalise(slice->map + 1, n, 3);
        return CREASE_OK;
    }
    crease_slice_clear(slice);
    return crease_fail(
        error, CREASE_INPUT,
        "%s: the rows %zu, %zu and %zu lie on one line, and in no plane of their own", name, row[0],
        row[1], row[2]);
}

double crease_plane_place(const crease_slice *slice, const crease_points *points, size_t i,
                          double u[2])
{
    double aa = 0, ab = 0, bb = 0, ax = 0, bx = 0, rest = 0, largest = 0;
    size_t n = slice->inputs;
    if (slice->k != 2)
        return INFINITY;
    mpq_t *point = point_new(points, i);
    double *x = crease_alloc(n, sizeof *x), *d = crease_alloc(2 * n, sizeof *d);
    for (size_t j = 0; j < n; j++) {
        const mpq_t *map = (const mpq_t *)slice->map + 3 * j;
        double own = mpq_get_d(point[j]), origin = mpq_get_d(map[2]);
        d[2 * j] = mpq_get_d(map[0]);
        d[2 * j + 1] = mpq_get_d(map[1]);
        x[j] = own - origin;
        largest = fmax(largest, fmax(fabs(own), fabs(origin)));
        aa += d[2 * j] * d[2 * j];
        ab += d[2 * j] * d[2 * j + 1];
        bb += d[2 * j + 1] * d[2 * j + 1];
        ax += d[2 * j] * x[j];
        bx += d[2 * j + 1] * x[j];
    }
    double determinant = aa * bb - ab * ab;
    u[0] = (ax * bb - bx * ab) / determinant;
    u[1] = (bx * aa - ax * ab) / determinant;
    for (size_t j = 0; j < n; j++)
        rest = fmax(rest, fabs(x[j] - u[0] * d[2 * j] - u[1] * d[2 * j + 1]));
    point_free(points, point);
    free(x);
    free(d);
    return determinant > 0 ? rest / fmax(largest, 1e-300) : INFINITY;
}
