#include "lp/shadow.h"

#include "base/memory.h"
#include "exact/integer.h"

#include <stdlib.h>

static crease_exact_row exact_row(crease_cone *cone, size_t i)
{
    return (crease_exact_row){cone->fetch(cone->context, cone->id[i]), cone->sign[i]};
}

static const char *row_text(const crease_cone *cone, size_t i, char text[600])
{
    return crease_shadow_doubles(cone->row + i * cone->d, 1, cone->d, text);
}

void crease_shadow_cone_row(crease_cone *cone, size_t i)
{
    char text[600];
    crease_exact_row row = exact_row(cone, i);
    crease_shadow_count(CREASE_FILTER_CONE_ROWS);
    /* Entries that underflow in scaling are covered by the bounds of exact/filter.h. */
    if (!crease_shadow_factor(cone->row + i * cone->d, 1, cone->err[i] + 0x1p-1060, row.row,
                              row.sign, cone->d, NULL))
        crease_shadow_fail(CREASE_FILTER_CONE_ROWS, "row %s is not within %a",
                           row_text(cone, i, text), cone->err[i]);
}

static int exact_sign(crease_cone *cone, size_t i, const double *v)
{
    mpz_t *point = crease_integer_new(cone->d);
    crease_exact_row row = exact_row(cone, i);
    crease_integer_from_doubles(point, v, cone->d);
    int sign = row.sign * crease_integer_dot_sign(row.row, (const mpz_t *)point, cone->d);
    crease_integer_free(point, cone->d);
    return (sign > 0) - (sign < 0);
}

void crease_shadow_cone_sign(crease_cone *cone, size_t i, const double *v, int sign)
{
    char row[600], point[600];
    crease_shadow_count(CREASE_FILTER_CONE_SIGN);
    int exact = exact_sign(cone, i, v);
    if (exact != sign)
        crease_shadow_fail(CREASE_FILTER_CONE_SIGN, "%d, not %d, of row %s at %s", sign, exact,
                           row_text(cone, i, row), crease_shadow_doubles(v, 1, cone->d, point));
}

void crease_shadow_cone_contains(crease_cone *cone, const double *v, size_t except)
{
    char row[600], point[600];
    crease_shadow_count(CREASE_FILTER_CONE_INSIDE);
    for (size_t i = 0; i < cone->m; i++)
        if (cone->enabled[i] && i != except && exact_sign(cone, i, v) <= 0)
            crease_shadow_fail(CREASE_FILTER_CONE_INSIDE, "row %s is not positive at %s",
                               row_text(cone, i, row), crease_shadow_doubles(v, 1, cone->d, point));
}

void crease_shadow_cone_cuts(crease_cone *cone, size_t own, bool cuts, const double *point)
{
    size_t m = 0, supports;
    char text[600];
    crease_exact_row *rows = crease_alloc(cone->m, sizeof *rows);
    size_t *support = crease_alloc(cone->d, sizeof *support);
    for (size_t i = 0; i < cone->m; i++)
        if (cone->enabled[i] && i != own)
            rows[m++] = exact_row(cone, i);
    crease_shadow_count(CREASE_FILTER_CONE_CUTS);
    bool inside =
        crease_simplex_in_cone(cone->d, m, rows, exact_row(cone, own), support, &supports, NULL);
    free(support);
    free(rows);
    if (inside == cuts)
        crease_shadow_fail(CREASE_FILTER_CONE_CUTS, "row %s %s %zu rows", row_text(cone, own, text),
                           cuts ? "does not cut" : "cuts", m);
    if (point) {
        crease_shadow_cone_contains(cone, point, own);
        crease_shadow_cone_sign(cone, own, point, -1);
    }
}

/* Row own is a combination of these rows with coefficients >= 0. */
static void check_combination(crease_cone *cone, crease_filter filter, const size_t *support,
                              size_t count, size_t own)
{
    char text[600];
    crease_exact_row *rows = crease_alloc(cone->m, sizeof *rows);
    for (size_t k = 0; k < count; k++)
        rows[support[k]] = exact_row(cone, support[k]);
    crease_shadow_count(filter);
    if (!crease_simplex_combination(cone->d, rows, support, count, count, exact_row(cone, own)))
        crease_shadow_fail(filter, "row %s is not implied by %zu rows", row_text(cone, own, text),
                           count);
    free(rows);
}

void crease_shadow_cone_basis(crease_cone *cone, const crease_basis *base, size_t own)
{
    check_combination(cone, CREASE_FILTER_BASIS, base->index, cone->d, own);
}

void crease_shadow_cone_span(crease_cone *cone, const size_t *support, size_t count, size_t own)
{
    check_combination(cone, CREASE_FILTER_SPAN, support, count, own);
}

void crease_shadow_cone_parallel(crease_cone *cone, size_t i, size_t k)
{
    char a[600], b[600];
    crease_shadow_count(CREASE_FILTER_PARALLEL);
    if (crease_integer_parallel(exact_row(cone, i).row, exact_row(cone, k).row, cone->d))
        crease_shadow_fail(CREASE_FILTER_PARALLEL, "rows %s and %s", row_text(cone, i, a),
                           row_text(cone, k, b));
}
