#include "domain/ball.h"

#include "base/memory.h"
#include "base/status.h"
#include "exact/integer.h"
#include "exact/simplex.h"

#include <stdlib.h>

bool crease_ball_is_too_sharp(size_t inputs, crease_norm norm)
{
    return norm == CREASE_NORM_L1 && inputs > CREASE_MAX_L1_INPUTS;
}

static size_t facets_of(size_t inputs, crease_norm norm)
{
    return norm == CREASE_NORM_L1 && inputs > 1 && !crease_ball_is_too_sharp(inputs, norm)
               ? (size_t)1 << inputs
               : 0;
}

crease_status crease_ball_check(const crease_domain *domain, size_t inputs, crease_norm norm,
                                crease_error *error)
{
    if (!crease_norm_name(norm))
        return crease_fail(error, CREASE_INPUT, "norm: %d is not known", (int)norm);
    return crease_domain_check_size("the ball in the domain",
                                    (domain ? domain->halves : 0) + facets_of(inputs, norm), inputs,
                                    error);
}

/* The box around the ball in that of the domain; false if it is empty. */
static bool set_box(crease_domain *ball, const crease_domain *domain, mpq_t *x, const mpq_t r)
{
    bool open = true;
    for (size_t j = 0; j < ball->inputs; j++) {
        mpq_sub(ball->lo[j], x[j], r);
        mpq_add(ball->hi[j], x[j], r);
        if (crease_domain_boxed(domain) && mpq_cmp(ball->lo[j], domain->lo[j]) < 0)
            mpq_set(ball->lo[j], domain->lo[j]);
        if (crease_domain_boxed(domain) && mpq_cmp(ball->hi[j], domain->hi[j]) > 0)
            mpq_set(ball->hi[j], domain->hi[j]);
        open = open && mpq_cmp(ball->lo[j], ball->hi[j]) < 0;
    }
    return open;
}

static void set_facet(mpq_t *half, size_t n, size_t signs, mpq_t *x, const mpq_t r)
{
    mpq_set(half[n], r);
    for (size_t j = 0; j < n; j++) {
        bool up = signs >> j & 1;
        mpq_set_si(half[j], up ? 1 : -1, 1);
        (up ? mpq_add : mpq_sub)(half[n], half[n], x[j]);
    }
}

/* Has the domain, which has a box, interior points? */
static bool has_interior(const crease_domain *domain)
{
    size_t n = domain->inputs, d = n + 1, m = 2 * n + domain->halves + 1;
    mpz_t *flat = crease_integer_new((m + 1) * d), *point = flat + m * d;
    crease_exact_row *row = crease_alloc(m, sizeof *row);
    mpz_set_ui(flat[n], 1);
    for (size_t j = 0; j < n; j++) {
        mpz_t *low = flat + (1 + 2 * j) * d, *high = low + d;
        mpz_set(low[j], mpq_denref(domain->lo[j]));
        mpz_neg(low[n], mpq_numref(domain->lo[j]));
        mpz_neg(high[j], mpq_denref(domain->hi[j]));
        mpz_set(high[n], mpq_numref(domain->hi[j]));
    }
    for (size_t i = 0; i < domain->halves; i++)
        crease_domain_half(domain, i, flat + (1 + 2 * n + i) * d);
    for (size_t i = 0; i < m; i++)
        row[i] = (crease_exact_row){(const mpz_t *)flat + i * d, 1};
    bool open = crease_simplex_interior(d, m, row, point);
    crease_integer_free(flat, (m + 1) * d);
    free(row);
    return open;
}

crease_domain *crease_ball_in_domain(const crease_domain *domain, size_t inputs, mpq_t *x,
                                     const mpq_t r, crease_norm norm)
{
    size_t own = facets_of(inputs, norm), halves = domain ? domain->halves : 0;
    crease_domain *ball = crease_domain_new(inputs, true, halves + own);
    bool open = set_box(ball, domain, x, r);
    for (size_t i = 0; i < halves * (inputs + 1); i++)
        mpq_set(ball->half[i], domain->half[i]);
    for (size_t s = 0; s < own; s++)
        set_facet(ball->half + (halves + s) * (inputs + 1), inputs, s, x, r);
    /* A point of the domain's closure has interior points of the domain near it. */
    if (open && ball->halves && !crease_domain_contains(domain, x, false))
        open = has_interior(ball);
    if (open)
        return ball;
    crease_domain_free(ball);
    return NULL;
}
