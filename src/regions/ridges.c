#include "regions/ridges.h"

#include "base/memory.h"
#include "base/status.h"
#include "exact/integer.h"
#include "exact/simplex.h"

#include <assert.h>
#include <stdlib.h>

/* The rows of the facets and v_n > 0, on a subspace that is given by the columns that are left. */
typedef struct {
    size_t n, rows;
    mpz_t *row;      /* rows x (n + 1) */
    size_t zero[2];  /* rows that vanish on the subspace, */
    size_t pivot[2]; /* and the columns that they determine */
    size_t zeros;
} system_of_rows;

static mpz_t *row_of(const system_of_rows *s, size_t i)
{
    return s->row + i * (s->n + 1);
}

void crease_region_facet_integers(crease_region *r, size_t i, mpz_t *row)
{
    assert(i < crease_region_facets(r));
    crease_region_set_facet_row(r, i);
    for (size_t j = 0; j <= r->inputs; j++)
        mpz_set(row[j], r->row[j]);
    crease_integer_reduce(row, r->inputs + 1);
}

static void open_system(system_of_rows *s, crease_region *r)
{
    size_t facets = crease_region_facets(r), n = r->inputs;
    *s = (system_of_rows){.n = n, .rows = facets + 1};
    s->row = crease_integer_new(s->rows * (n + 1));
    for (size_t i = 0; i < facets; i++)
        crease_region_facet_integers(r, i, row_of(s, i));
    mpz_set_ui(row_of(s, facets)[n], 1);
}

/* Goes on to the subspace where row i is 0, by a pivot that is no last column.  False: there is
 * none. */
static bool set_zero(system_of_rows *s, size_t i)
{
    mpz_t *own = row_of(s, i), factor;
    size_t p = 0;
    while (p < s->n && !mpz_sgn(own[p]))
        p++;
    if (p == s->n)
        return false;
    mpz_init(factor);
    for (size_t k = 0; k < s->rows; k++) {
        mpz_t *other = row_of(s, k);
        if (k == i || !mpz_sgn(other[p]))
            continue;
        mpz_set(factor, other[p]);
        for (size_t j = 0; j <= s->n; j++) {
            mpz_mul(other[j], other[j], own[p]);
            mpz_submul(other[j], factor, own[j]);
            if (mpz_sgn(own[p]) < 0)
                mpz_neg(other[j], other[j]);
        }
        crease_integer_reduce(other, s->n + 1);
    }
    mpz_clear(factor);
    s->zero[s->zeros] = i;
    s->pivot[s->zeros++] = p;
    return true;
}

static bool is_zero(const system_of_rows *s, size_t i)
{
    return (s->zeros > 0 && s->zero[0] == i) || (s->zeros > 1 && s->zero[1] == i);
}

static bool is_pivot(const system_of_rows *s, size_t j)
{
    return (s->zeros > 0 && s->pivot[0] == j) || (s->zeros > 1 && s->pivot[1] == j);
}

/* Each row that is 0 determines its own pivot, since the other one's column is 0 there. */
static void solve_for_pivots(const system_of_rows *s, mpz_t *v)
{
    mpz_t sum, by;
    mpz_inits(sum, by, NULL);
    for (size_t z = 0; z < s->zeros; z++) {
        const mpz_t *own = (const mpz_t *)row_of(s, s->zero[z]);
        size_t p = s->pivot[z];
        mpz_set_ui(sum, 0);
        for (size_t j = 0; j <= s->n; j++)
            if (j != p)
                mpz_submul(sum, own[j], v[j]);
        mpz_abs(by, own[p]);
        for (size_t j = 0; j <= s->n; j++)
            mpz_mul(v[j], v[j], by);
        (mpz_sgn(own[p]) > 0 ? mpz_set : mpz_neg)(v[p], sum);
    }
    mpz_clears(sum, by, NULL);
}

/* Sets x to a point where all other rows are positive, if there is one. */
static bool find_point(const system_of_rows *s, mpq_t *x)
{
    size_t d = s->n + 1 - s->zeros, m = 0, width = s->n + 1;
    mpz_t *flat = crease_integer_new(s->rows * d), *u = crease_integer_new(d);
    mpz_t *v = crease_integer_new(width);
    crease_exact_row *row = crease_alloc(s->rows, sizeof *row);
    for (size_t i = 0; i < s->rows; i++) {
        if (is_zero(s, i))
            continue;
        for (size_t j = 0, c = 0; j < width; j++)
            if (!is_pivot(s, j))
                mpz_set(flat[m * d + c++], row_of(s, i)[j]);
        row[m] = (crease_exact_row){(const mpz_t *)flat + m * d, 1};
        m++;
    }
    bool found = crease_simplex_interior(d, m, row, u);
    for (size_t j = 0, c = 0; j < width; j++)
        if (!is_pivot(s, j))
            mpz_set(v[j], u[c++]);
    if (found)
        solve_for_pivots(s, v);
    for (size_t j = 0; found && j < s->n; j++) {
        mpz_set(mpq_numref(x[j]), v[j]);
        mpz_set(mpq_denref(x[j]), v[s->n]);
        mpq_canonicalize(x[j]);
    }
    free(row);
    crease_integer_free(flat, s->rows * d);
    crease_integer_free(u, d);
    crease_integer_free(v, width);
    return found;
}

void crease_region_facet_point(crease_region *r, size_t i, mpq_t *x)
{
    system_of_rows s;
    open_system(&s, r);
    if (!set_zero(&s, i) || !find_point(&s, x))
        crease_fatal("regions: a facet has no interior point");
    crease_integer_free(s.row, s.rows * (s.n + 1));
}

bool crease_region_ridge_point(crease_region *r, size_t i, size_t k, mpq_t *x)
{
    system_of_rows s;
    open_system(&s, r);
    bool found = set_zero(&s, i) && set_zero(&s, k) && find_point(&s, x);
    crease_integer_free(s.row, s.rows * (s.n + 1));
    return found;
}
