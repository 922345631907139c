#include "regions/face.h"

#include "regions/region.h"

#include "exact/integer.h"

#include <assert.h>

enum { N = 3, D = N + 1 };

static const mpz_t *vertex_of(const crease_region *r, size_t v)
{
    return (const mpz_t *)r->vertex + v * D;
}

/* Sets difference to a positive multiple of p - f. */
static void subtract(mpz_t *difference, const mpz_t *p, const mpz_t *f)
{
    for (size_t j = 0; j < N; j++) {
        mpz_mul(difference[j], p[j], f[N]);
        mpz_submul(difference[j], f[j], p[N]);
    }
}

/* The sign of a.(p x q). */
static int orientation(const mpz_t *a, const mpz_t *p, const mpz_t *q)
{
    mpz_t minor, sum;
    mpz_inits(minor, sum, NULL);
    for (size_t j = 0; j < N; j++) {
        size_t k = (j + 1) % N, l = (j + 2) % N;
        mpz_mul(minor, p[k], q[l]);
        mpz_submul(minor, p[l], q[k]);
        mpz_addmul(sum, a[j], minor);
    }
    int sign = mpz_sgn(sum);
    mpz_clears(minor, sum, NULL);
    return sign;
}

static size_t ascending(crease_region *r, size_t i, size_t *list)
{
    size_t vertices = crease_region_vertices(r), count = 0, d = r->inputs + 1;
    assert(i < crease_region_facets(r));
    crease_region_set_facet_row(r, i);
    for (size_t v = 0; v < vertices; v++)
        if (!crease_integer_dot_sign((const mpz_t *)r->row, (const mpz_t *)r->vertex + v * d, d))
            list[count++] = v;
    return count;
}

size_t crease_region_face(crease_region *r, size_t i, size_t *list)
{
    size_t count = ascending(r, i, list);
    if (r->inputs != N)
        return count;
    mpz_t *own = crease_integer_new(2 * N), *other = own + N;
    const mpz_t *row = (const mpz_t *)r->row;
    for (size_t k = 1; k < count; k++) {
        size_t v = list[k], at = k;
        subtract(own, vertex_of(r, v), vertex_of(r, list[0]));
        for (; at > 1; at--) {
            subtract(other, vertex_of(r, list[at - 1]), vertex_of(r, list[0]));
            /* The row points inwards. */
            if (orientation(row, (const mpz_t *)other, (const mpz_t *)own) < 0)
                break;
            list[at] = list[at - 1];
        }
        list[at] = v;
    }
    crease_integer_free(own, 2 * N);
    return count;
}
