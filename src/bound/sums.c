#include "bound/bound.h"

#include "base/memory.h"
#include "exact/integer.h"

#include <stdlib.h>

void crease_bound_sum(mpz_t sum, unsigned long n, unsigned long d, unsigned long base)
{
    mpz_t term;
    mpz_init_set_ui(term, 1);
    mpz_set_ui(sum, 1);
    for (unsigned long j = 1; j <= d && j <= n; j++) {
        mpz_mul_ui(term, term, n - j + 1);
        mpz_divexact_ui(term, term, j);
        if (base == 1) {
            mpz_add(sum, sum, term);
            continue;
        }
        mpz_t scaled;
        mpz_init(scaled);
        mpz_ui_pow_ui(scaled, base, j);
        mpz_addmul(sum, scaled, term);
        mpz_clear(scaled);
    }
    mpz_clear(term);
}

void crease_bound_multiply_power(mpz_t product, unsigned long factor, unsigned long exponent)
{
    mpz_t power;
    mpz_init(power);
    mpz_ui_pow_ui(power, factor, exponent);
    mpz_mul(product, product, power);
    mpz_clear(power);
}

void crease_bound_multiply_sum(mpz_t product, unsigned long n, unsigned long d, unsigned long base)
{
    mpz_t sum;
    mpz_init(sum);
    crease_bound_sum(sum, n, d, base);
    mpz_mul(product, product, sum);
    mpz_clear(sum);
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

size_t crease_bound_narrowest(const crease_bound_case *given, size_t count)
{
    size_t narrowest = given->inputs;
    for (size_t l = 0; l < count; l++)
        narrowest = least(narrowest, given->width[l]);
    return narrowest;
}

/* cells[d] cells of dimension d <= top become, in place, those behind a layer of n units; returns
 * their greatest dimension. */
static size_t pass_layer(mpz_t *cells, size_t top, size_t n, size_t rank)
{
    size_t reach = least(top, n);
    mpz_t *choose = crease_integer_new(reach + 1), *sum = crease_integer_new(reach + 1);
    mpz_t *above = crease_integer_new(top + 2), next;
    mpz_init(next);
    for (size_t j = 0; j <= reach; j++) {
        mpz_set_ui(choose[j], 1);
        if (j) {
            mpz_mul_ui(choose[j], choose[j - 1], n - j + 1);
            mpz_divexact_ui(choose[j], choose[j], j);
            mpz_set(sum[j], sum[j - 1]);
        }
        mpz_add(sum[j], sum[j], choose[j]);
    }
    for (size_t d = top + 1; d-- > 0;)
        mpz_add(above[d], above[d + 1], cells[d]);
    for (size_t e = 0; e <= reach; e++) {
        size_t lost = n - e; /* what brings a cell of a dimension above e down to it */
        size_t from = lost > e + 1 ? lost : e + 1;
        mpz_mul(next, cells[e], sum[least(least(e, lost), rank)]);
        if (lost <= rank && from <= top)
            mpz_addmul(next, choose[e], above[from]);
        mpz_set(cells[e], next);
    }
    mpz_clear(next);
    crease_integer_free(above, top + 2);
    crease_integer_free(sum, reach + 1);
    crease_integer_free(choose, reach + 1);
    return reach;
}

void crease_bound_serra(mpz_t sum, const crease_bound_case *given, const size_t *rank)
{
    size_t top = given->inputs;
    mpz_t *cells = crease_integer_new(given->inputs + 1);
    mpz_set_ui(cells[top], 1);
    for (size_t l = 0; l < given->layers; l++)
        top = pass_layer(cells, top, given->width[l], rank ? rank[l] : given->width[l]);
    mpz_set_ui(sum, 0);
    for (size_t d = 0; d <= top; d++)
        mpz_add(sum, sum, cells[d]);
    crease_integer_free(cells, given->inputs + 1);
}
