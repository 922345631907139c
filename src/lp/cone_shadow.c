#include "lp/cone_shadow.h"

#include "base/memory.h"
#include "exact/integer.h"
#include "exact/shadow.h"
#include "lp/cone_state.h"

#include <math.h>
#include <stdlib.h>

void crease_shadow_cone_rank(const crease_cone_meeting *meeting)
{
    crease_cone *cone = meeting->cone;
    size_t d = cone->d, count = cone->m - meeting->rows + 1;
    size_t *pivot = crease_alloc(count + d, sizeof *pivot);
    mpz_t *matrix = crease_integer_new(count * d);
    for (size_t i = 0; i < count; i++) {
        crease_exact_row row = crease_cone_exact_row(cone, i ? meeting->rows + i - 1 : 0);
        for (size_t j = 0; j < d; j++)
            mpz_set(matrix[i * d + j], row.row[j]);
    }
    size_t rank = crease_integer_rank((const mpz_t *)matrix, count, d, d, pivot);
    crease_integer_free(matrix, count * d);
    free(pivot);
    crease_shadow_count(CREASE_FILTER_CONE_MEETS);
    if (rank > meeting->rank + 1)
        crease_shadow_fail(CREASE_FILTER_CONE_MEETS, "%zu rows of rank %zu, not %zu", count, rank,
                           meeting->rank + 1);
}

/* Sets out to the line on which the rows of the set are 0 and the coordinates are to one another as
 * those of v, but for those of the columns.  False if it is no line. */
static bool zero_line(const crease_cone_meeting *meeting, uint64_t set, const size_t *column,
                      const double *v, mpz_t *out)
{
    crease_cone *cone = meeting->cone;
    size_t d = cone->d, rows = 0, first = d;
    const mpz_t **row = crease_alloc(CREASE_MEET_ROWS + d, sizeof *row);
    mpz_t *at = crease_integer_new(d), *ratio = crease_integer_new(d * d);
    crease_integer_from_doubles(at, v, d);
    for (uint64_t left = set; left; left &= left - 1)
        row[rows++] =
            crease_cone_exact_row(cone, meeting->rows + (size_t)__builtin_ctzll(left)).row;
    bool *kept = crease_alloc(d, sizeof *kept);
    for (size_t j = 0; j < d; j++)
        kept[j] = true;
    for (size_t k = 0; k < (size_t)__builtin_popcountll(set); k++)
        kept[column[k]] = false;
    for (size_t j = 0; j < d; j++)
        if (kept[j] && (first == d || fabs(v[j]) > fabs(v[first])))
            first = j;
    for (size_t j = 0; j < d && first < d; j++)
        if (kept[j] && j != first) {
            mpz_set(ratio[j * d + j], at[first]);
            mpz_neg(ratio[j * d + first], at[j]);
            row[rows++] = (const mpz_t *)ratio + j * d;
        }
    bool line = first < d && v[first] != 0 &&
                crease_integer_kernel(out, (const mpz_t *const *)row, rows, d);
    crease_integer_free(at, d);
    crease_integer_free(ratio, d * d);
    free(kept);
    free(row);
    return line;
}

void crease_shadow_cone_meets(const crease_cone_meeting *meeting, uint64_t set,
                              const size_t *column, const double *v)
{
    crease_cone *cone = meeting->cone;
    size_t d = cone->d, k = (size_t)__builtin_popcountll(set);
    char text[600];
    mpz_t *point = crease_integer_new(d);
    bool right = zero_line(meeting, set, column, v, point);
    int side = right ? mpz_sgn(point[d - 1]) : 0;
    for (size_t i = 0; i < cone->m && right; i++) {
        crease_exact_row row = crease_cone_exact_row(cone, i);
        int sign = side * row.sign * crease_integer_dot_sign(row.row, (const mpz_t *)point, d);
        if (i < meeting->rows)
            right = sign > 0;
        else
            right = set >> (i - meeting->rows) & 1 ? !sign : sign || k < meeting->rank;
    }
    crease_integer_free(point, d);
    crease_shadow_count(CREASE_FILTER_CONE_MEETS);
    if (!right)
        crease_shadow_fail(CREASE_FILTER_CONE_MEETS, "set %llx, rank %zu, near %s",
                           (unsigned long long)set, meeting->rank,
                           crease_shadow_doubles(v, 1, d, text));
}

/* Is sign times row own a combination of these, with coefficients >= 0 of rows of the cell? */
static bool combines(const crease_cone_meeting *meeting, size_t own, int sign, const size_t *row,
                     size_t count, bool with_cell)
{
    crease_cone *cone = meeting->cone;
    crease_exact_row *rows = crease_alloc(cone->m, sizeof *rows), g;
    size_t *index = crease_alloc(count, sizeof *index), of_cell = 0, used = 0;
    for (int cell = 1; cell >= 0; cell--)
        for (size_t k = 0; k < count; k++) {
            if ((row[k] < meeting->rows) != cell || (cell && !with_cell))
                continue;
            rows[row[k]] = crease_cone_exact_row(cone, row[k]);
            index[used++] = row[k];
            of_cell += (size_t)cell;
        }
    g = crease_cone_exact_row(cone, own);
    g.sign *= sign;
    bool good = crease_simplex_combination(cone->d, rows, index, used, of_cell, g);
    free(index);
    free(rows);
    return good;
}

void crease_shadow_cone_apart(const crease_cone_meeting *meeting, size_t own, const size_t *row,
                              size_t count)
{
    bool of_cell = own < meeting->rows, right = combines(meeting, own, -1, row, count, true);
    if (!of_cell)
        right = (right || combines(meeting, own, 1, row, count, true)) &&
                !combines(meeting, own, 1, row, count, false);
    crease_shadow_count(CREASE_FILTER_CONE_APART);
    if (!right)
        crease_shadow_fail(CREASE_FILTER_CONE_APART, "row %zu is no such combination of %zu", own,
                           count);
}
