#include "regions/ball.h"

#include "base/memory.h"
#include "base/status.h"
#include "exact/integer.h"
#include "exact/simplex.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

enum { NORM_BITS = 64, STEP_BITS = 31, ROUNDING_BITS = 32 };

/* Sets N = floor(2^k |a|) >= 2^64 and returns k. */
static mp_bitcnt_t set_norm(mpz_t N, const mpz_t *a, size_t n)
{
    mpz_set_ui(N, 0);
    for (size_t j = 0; j < n; j++)
        mpz_addmul(N, a[j], a[j]);
    assert(mpz_sgn(N) > 0);
    size_t bits = mpz_sizeinbase(N, 2);
    mp_bitcnt_t k = bits < 2 * NORM_BITS + 2 ? NORM_BITS + 1 - bits / 2 : 0;
    mpz_mul_2exp(N, N, 2 * k);
    mpz_sqrt(N, N);
    assert(mpz_sizeinbase(N, 2) > NORM_BITS);
    return k;
}

/* The rows 2^k (a_i.x + b_i t) - N_i r and t, each over (x, r, t). */
static mpz_t *make_rows(size_t n, size_t m, const mpz_t *row)
{
    size_t d = n + 2;
    mpz_t *own = crease_integer_new((m + 1) * d);
    for (size_t i = 0; i < m; i++) {
        const mpz_t *from = row + i * (n + 1);
        mpz_t *to = own + i * d;
        mp_bitcnt_t k = set_norm(to[n], from, n);
        mpz_neg(to[n], to[n]);
        for (size_t j = 0; j <= n; j++)
            mpz_mul_2exp(to[j < n ? j : n + 1], from[j], k);
    }
    mpz_set_ui(own[m * d + n + 1], 1);
    return own;
}

/* Sets radius to the least value of 2^k (a_i.x + b_i) / (N_i + 1). */
static void measure(size_t n, size_t m, const mpz_t *row, mpq_t *x, mpq_t radius)
{
    mpq_t value, term;
    mpq_inits(value, term, NULL);
    for (size_t i = 0; i < m; i++, row += n + 2) {
        mpq_set_z(value, row[n + 1]);
        for (size_t j = 0; j < n; j++) {
            mpq_set_z(term, row[j]);
            mpq_mul(term, term, x[j]);
            mpq_add(value, value, term);
        }
        mpz_ui_sub(mpq_numref(term), 1, row[n]); /* N_i + 1 */
        mpz_set_ui(mpq_denref(term), 1);
        mpq_div(value, value, term);
        if (!i || mpq_cmp(value, radius) < 0)
            mpq_set(radius, value);
    }
    mpq_clears(value, term, NULL);
}

/* value times 1 + 2^-bits, or with less 1 - 2^-bits. */
static void scale(mpq_t value, mp_bitcnt_t bits, bool less)
{
    mpq_t part;
    mpq_init(part);
    mpq_div_2exp(part, value, bits);
    (less ? mpq_sub : mpq_add)(value, value, part);
    mpq_clear(part);
}

/* Replaces the centre by doubles if the radius there is hardly smaller. */
static void round_centre(size_t n, size_t m, const mpz_t *row, mpq_t *centre, mpq_t radius)
{
    mpq_t *near = crease_alloc(n, sizeof *near), least, found;
    bool good = true;
    mpq_inits(least, found, NULL);
    mpq_set(least, radius);
    scale(least, ROUNDING_BITS, true);
    for (size_t j = 0; j < n; j++) {
        double value = mpq_get_d(centre[j]);
        mpq_init(near[j]);
        good = good && isfinite(value);
        mpq_set_d(near[j], good ? value : 0);
    }
    if (good)
        measure(n, m, row, near, found);
    good = good && mpq_cmp(found, least) >= 0;
    for (size_t j = 0; j < n; j++) {
        if (good)
            mpq_set(centre[j], near[j]);
        mpq_clear(near[j]);
    }
    if (good)
        mpq_set(radius, found);
    mpq_clears(least, found, NULL);
    free(near);
}

/* Sets centre to the x of the point, and radius to its r. */
static void take(const mpz_t *point, size_t n, mpq_t *centre, mpq_t radius)
{
    for (size_t j = 0; j <= n; j++) {
        mpq_ptr to = j < n ? centre[j] : radius;
        mpz_set(mpq_numref(to), point[j]);
        mpz_set(mpq_denref(to), point[n + 1]);
        mpq_canonicalize(to);
    }
}

double crease_largest_ball(size_t n, size_t m, const mpz_t *row, mpq_t *centre)
{
    size_t d = n + 2, supports;
    mpz_t *own = make_rows(n, m, row), *larger = crease_integer_new(2 * d), *point = larger + d;
    crease_exact_row *rows = crease_alloc(m + 1, sizeof *rows);
    size_t *support = crease_alloc(d, sizeof *support);
    bool infinite = false, found = false;
    mpq_t radius, next;
    mpq_inits(radius, next, NULL);
    for (size_t i = 0; i <= m; i++)
        rows[i] = (crease_exact_row){(const mpz_t *)own + i * d, 1};
    for (;;) {
        mpq_set(next, radius);
        scale(next, STEP_BITS, false);
        mpz_neg(larger[n], mpq_denref(next));
        mpz_set(larger[n + 1], mpq_numref(next));
        if (crease_simplex_in_cone(d, m + 1, rows, (crease_exact_row){(const mpz_t *)larger, 1},
                                   support, &supports, point) ||
            crease_interrupt_raised())
            break;
        infinite = !mpz_sgn(point[n + 1]);
        if (infinite)
            break;
        take((const mpz_t *)point, n, centre, radius);
        found = true;
    }
    if (!found && !infinite && !crease_interrupt_raised())
        crease_fatal("regions: a region without interior");
    if (!infinite) {
        measure(n, m, (const mpz_t *)own, centre, radius);
        round_centre(n, m, (const mpz_t *)own, centre, radius);
    }
    double value = infinite ? INFINITY : mpq_get_d(radius);
    mpq_clears(radius, next, NULL);
    crease_integer_free(own, (m + 1) * d);
    crease_integer_free(larger, 2 * d);
    free(rows);
    free(support);
    return value;
}
