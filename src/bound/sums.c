#include "bound/bound.h"

#include "base/memory.h"
#include "exact/integer.h"

#include <assert.h>
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
        narrowest = least(narrowest, given->width[l] + given->unit[l].carry);
    return narrowest;
}

/* choose[j] = C(n, j) base^j and its partial sums, j = 0..reach <= n. */
static void weigh(mpz_t *choose, mpz_t *sum, size_t reach, size_t n, size_t base)
{
    mpz_set_ui(choose[0], 1);
    mpz_set_ui(sum[0], 1);
    for (size_t j = 1; j <= reach; j++) {
        mpz_mul_ui(choose[j], choose[j - 1], n - j + 1);
        mpz_divexact_ui(choose[j], choose[j], j);
        if (base > 1)
            mpz_mul_ui(choose[j], choose[j], base);
        mpz_add(sum[j], sum[j - 1], choose[j]);
    }
}

/* Replaces cells[d], the number of cells of dimension d <= top, by the numbers after a layer of n
 * units; returns their greatest dimension. */
static size_t pass_layer(mpz_t *cells, size_t top, size_t n, size_t rank,
                         const crease_bound_unit *unit)
{
    size_t all = n + unit->carry, reach = least(top, all), most = least(least(top, n), rank);
    mpz_t *choose = crease_integer_new(most + 1), *sum = crease_integer_new(most + 1);
    mpz_t *above = crease_integer_new(top + 2), next;
    mpz_init(next);
    assert(unit->states > 1);
    weigh(choose, sum, most, n, unit->states - 1);
    for (size_t d = top + 1; d-- > 0;)
        mpz_add(above[d], above[d + 1], cells[d]);
    for (size_t e = 0; e <= reach; e++) {
        size_t lost = all - e; /* what brings a cell of a dimension above e down to it */
        size_t from = lost > e + 1 ? lost : e + 1;
        if (unit->flat)
            mpz_mul(next, cells[e], sum[least(least(e, lost), most)]);
        else /* it stays, or falls to all */
            mpz_mul(next, e == all ? above[e] : cells[e], sum[least(e, most)]);
        if (unit->flat && lost <= most && from <= top)
            mpz_addmul(next, choose[lost], above[from]);
        mpz_set(cells[e], next);
    }
    mpz_clear(next);
    crease_integer_free(above, top + 2);
    crease_integer_free(sum, most + 1);
    crease_integer_free(choose, most + 1);
    return reach;
}

void crease_bound_serra(mpz_t sum, const crease_bound_case *given, const size_t *rank)
{
    size_t top = given->inputs;
    mpz_t *cells = crease_integer_new(given->inputs + 1);
    mpz_set_ui(cells[top], 1);
    for (size_t l = 0; l < given->layers; l++)
        top = pass_layer(cells, top, given->width[l], rank ? rank[l] : given->width[l],
                         &given->unit[l]);
    mpz_set_ui(sum, 0);
    for (size_t d = 0; d <= top; d++)
        mpz_add(sum, sum, cells[d]);
    crease_integer_free(cells, given->inputs + 1);
}
