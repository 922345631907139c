#include "exact/shadow.h"

#include "base/memory.h"
#include "exact/integer.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT = 600, MOST_RANK = 24 };

bool crease_shadow_narrow(mpq_t low, mpq_t high, double v, double err, const mpq_t V)
{
    mpq_t ends[2], centre, reach;
    if (!isfinite(v) || !isfinite(err))
        return false;
    mpq_inits(ends[0], ends[1], centre, reach, NULL);
    mpq_set_d(centre, v);
    mpq_set_d(reach, err);
    mpq_sub(ends[0], centre, reach);
    mpq_add(ends[1], centre, reach);
    bool good = mpq_sgn(ends[0]) <= 0 && mpq_sgn(ends[1]) >= 0;
    if (mpq_sgn(V)) {
        for (int e = 0; e < 2; e++)
            mpq_div(ends[e], ends[e], V);
        int first = mpq_sgn(V) < 0;
        if (mpq_cmp(ends[first], low) > 0)
            mpq_set(low, ends[first]);
        if (mpq_sgn(high) < 0 || mpq_cmp(ends[!first], high) < 0)
            mpq_set(high, ends[!first]);
        good = mpq_sgn(high) > 0 && mpq_cmp(low, high) <= 0;
    }
    mpq_clears(ends[0], ends[1], centre, reach, NULL);
    return good;
}

bool crease_shadow_factor(const double *v, size_t step, double err, const mpz_t *V, int sign,
                          size_t d, mpq_t factor)
{
    mpq_t low, high, entry;
    bool good = true;
    mpq_inits(low, high, entry, NULL);
    mpq_set_si(high, -1, 1);
    for (size_t j = 0; j < d && good; j++) {
        mpq_set_z(entry, V[j]);
        if (sign < 0)
            mpq_neg(entry, entry);
        good = crease_shadow_narrow(low, high, v[j * step], err, entry);
    }
    good = good && mpq_sgn(high) > 0;
    if (good && factor) {
        mpq_add(factor, low, high);
        mpq_div_2exp(factor, factor, 1);
    }
    mpq_clears(low, high, entry, NULL);
    return good;
}

void crease_shadow_dot(mpq_t out, const double *a, size_t step, const double *v, size_t d)
{
    mpq_t x, y;
    mpq_inits(x, y, NULL);
    mpq_set_ui(out, 0, 1);
    for (size_t j = 0; j < d; j++) {
        mpq_set_d(x, a[j * step]);
        mpq_set_d(y, v[j]);
        mpq_mul(x, x, y);
        mpq_add(out, out, x);
    }
    mpq_clears(x, y, NULL);
}

/* Is some minor of the chosen columns (rows, if these are fewer) regular?  By Bareiss' elimination
 * of the columns as rows of a matrix. */
static bool independent(const mpz_t *matrix, size_t rows, size_t stride, const size_t *column,
                        size_t count)
{
    mpz_t *copy = crease_integer_new(count * rows), last;
    mpz_init_set_ui(last, 1);
    for (size_t k = 0; k < count; k++)
        for (size_t i = 0; i < rows; i++)
            mpz_set(copy[k * rows + i], matrix[i * stride + column[k]]);
    bool good = true;
    for (size_t k = 0; k < count && good; k++) {
        mpz_t *own = copy + k * rows;
        size_t p = 0;
        while (p < rows && !mpz_sgn(own[p]))
            p++;
        good = p < rows;
        for (size_t r = k + 1; r < count && good; r++) {
            mpz_t *row = copy + r * rows;
            mpz_set(last, row[p]);
            for (size_t i = 0; i < rows; i++) {
                mpz_mul(row[i], row[i], own[p]);
                mpz_submul(row[i], last, own[i]);
            }
            crease_integer_reduce(row, rows);
        }
    }
    mpz_clear(last);
    crease_integer_free(copy, count * rows);
    return good;
}

void crease_shadow_rank(const mpz_t *matrix, size_t rows, size_t cols, size_t stride,
                        const size_t *pivot)
{
    size_t full = rows < cols ? rows : cols;
    if (full > MOST_RANK)
        return;
    crease_shadow_count(CREASE_FILTER_RANK);
    for (size_t k = 1; k < full; k++)
        if (pivot[k - 1] >= pivot[k])
            crease_shadow_fail(CREASE_FILTER_RANK, "columns %zu, %zu are not ascending",
                               pivot[k - 1], pivot[k]);
    if (!independent(matrix, rows, stride, pivot, full))
        crease_shadow_fail(CREASE_FILTER_RANK, "%zu x %zu is not of full rank in these columns",
                           rows, cols);
}

void crease_shadow_leading(const mpz_t *a, const mpz_t *b, size_t d, int sign)
{
    char left[TEXT], right[TEXT];
    mpz_t sum;
    mpz_init(sum);
    crease_shadow_count(CREASE_FILTER_LEADING);
    for (size_t j = 0; j < d; j++)
        mpz_addmul(sum, a[j], b[j]);
    if (mpz_sgn(sum) != sign)
        crease_shadow_fail(CREASE_FILTER_LEADING, "a.b has not the sign %d: %s and %s", sign,
                           crease_shadow_integers(a, d, left), crease_shadow_integers(b, d, right));
    mpz_clear(sum);
}

const char *crease_shadow_doubles(const double *v, size_t step, size_t d, char text[TEXT])
{
    int used = 0;
    text[0] = 0;
    for (size_t j = 0; j < d && used < TEXT - 40; j++)
        used += snprintf(text + used, (size_t)(TEXT - used), "%s%a", j ? " " : "", v[j * step]);
    return text;
}

const char *crease_shadow_integers(const mpz_t *V, size_t d, char text[TEXT])
{
    size_t used = 0;
    text[0] = 0;
    for (size_t j = 0; j < d; j++) {
        size_t digits = mpz_sizeinbase(V[j], 10) + 3;
        if (used + digits >= TEXT - 4) {
            strcpy(text + used, " ..");
            break;
        }
        if (used)
            text[used++] = ' ';
        mpz_get_str(text + used, 10, V[j]);
        used += strlen(text + used);
    }
    return text;
}
