#include "regions/volume.h"

#include "base/interrupt.h"
#include "exact/fractions.h"

#include <assert.h>

/* The first coordinate with a coefficient; n if there is none. */
static size_t leading(const mpq_t *row, size_t n)
{
    size_t j = 0;
    while (j < n && !mpq_sgn(row[j]))
        j++;
    return j;
}

static bool same_normal(const mpq_t *a, const mpq_t *b, size_t n)
{
    for (size_t j = 0; j < n; j++)
        if (!mpq_equal(a[j], b[j]))
            return false;
    return true;
}

/* Adds the row to the first m, scaled so that its first coefficient is 1 or -1.  Of rows with the
 * same normal the tightest stays.  Returns the number of rows then; *empty if there is no x. */
static size_t add_row(mpq_t *row, size_t m, size_t n, const mpq_t *fresh, bool *empty)
{
    size_t lead = leading(fresh, n);
    if (lead == n) {
        *empty = *empty || mpq_sgn(fresh[n]) < 0;
        return m;
    }
    mpq_t *own = row + m * (n + 1), scale;
    mpq_init(scale);
    mpq_abs(scale, fresh[lead]);
    for (size_t j = 0; j <= n; j++)
        mpq_div(own[j], fresh[j], scale);
    mpq_clear(scale);
    for (size_t i = 0; i < m; i++) {
        mpq_t *other = row + i * (n + 1);
        if (!same_normal((const mpq_t *)other, (const mpq_t *)own, n))
            continue;
        if (mpq_cmp(own[n], other[n]) < 0)
            mpq_set(other[n], own[n]);
        return m;
    }
    return m + 1;
}

/* The length of an interval; the rows are x >= -b and -x >= -b. */
static void length(mpq_t volume, mpq_t *row)
{
    mpq_add(volume, row[1], row[3]);
    if (mpq_sgn(volume) < 0)
        mpq_set_ui(volume, 0, 1);
}

static void polytope(mpq_t volume, size_t n, size_t m, mpq_t *row);

/* Adds the term of facet i; part has room for m - 1 rows and one row more, each of n numbers. */
static void add_facet(mpq_t volume, size_t n, size_t m, mpq_t *row, size_t i, mpq_t *part)
{
    const mpq_t *own = (const mpq_t *)row + i * (n + 1);
    size_t lead = leading(own, n), count = 0;
    mpq_t *fresh = part + m * n, factor, term;
    bool empty = false;
    mpq_inits(factor, term, NULL);
    for (size_t r = 0; r < m; r++) {
        if (r == i)
            continue;
        const mpq_t *other = (const mpq_t *)row + r * (n + 1);
        mpq_div(factor, other[lead], own[lead]);
        for (size_t j = 0; j <= n; j++) {
            if (j == lead)
                continue;
            mpq_mul(term, factor, own[j]);
            mpq_sub(fresh[j < lead ? j : j - 1], other[j], term);
        }
        count = add_row(part, count, n - 1, (const mpq_t *)fresh, &empty);
    }
    if (!empty) {
        polytope(term, n - 1, count, part);
        mpq_mul(term, term, own[n]); /* the leading coefficient is 1 or -1 */
        mpq_add(volume, volume, term);
    }
    mpq_clears(factor, term, NULL);
}

/* The rows are as add_row makes them. */
static void polytope(mpq_t volume, size_t n, size_t m, mpq_t *row)
{
    if (n == 1) {
        assert(m == 2); /* it is bounded */
        length(volume, row);
        return;
    }
    mpq_t *part = crease_fractions_new((m + 1) * n), dimension;
    mpq_set_ui(volume, 0, 1);
    for (size_t i = 0; i < m && !crease_interrupted(); i++)
        add_facet(volume, n, m, row, i, part);
    mpq_init(dimension);
    mpq_set_ui(dimension, n, 1);
    mpq_div(volume, volume, dimension);
    mpq_clear(dimension);
    crease_fractions_free(part, (m + 1) * n);
}

void crease_volume(mpq_t volume, size_t n, size_t m, mpq_t *row)
{
    mpq_t *own = crease_fractions_new((m + 1) * (n + 1));
    size_t count = 0;
    bool empty = false;
    for (size_t i = 0; i < m; i++)
        count = add_row(own, count, n, (const mpq_t *)row + i * (n + 1), &empty);
    if (empty)
        mpq_set_ui(volume, 0, 1);
    else
        polytope(volume, n, count, own);
    crease_fractions_free(own, (m + 1) * (n + 1));
}
