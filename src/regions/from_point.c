#include "regions/from_point.h"

#include "base/memory.h"
#include "exact/integer.h"
#include "exact/simplex.h"
#include "model/maxout_groups.h"
#include "regions/affine.h"
#include "regions/region.h"

#include <assert.h>
#include <stdlib.h>

/* Rows over (p, t, 1), where t is one number or, for l1, n of them. */
typedef struct {
    size_t n, parts, d, count; /* parts of t */
    mpz_t *flat;
    mpz_t common; /* of the coordinates of the point */
} rows;

static mpz_t *next(rows *all)
{
    return all->flat + all->count++ * all->d;
}

/* Row r is a.x + b with a and b as in region->row. */
static void add_row(rows *all, const mpz_t *row, int sign)
{
    mpz_t *to = next(all);
    for (size_t j = 0; j <= all->n; j++)
        (sign > 0 ? mpz_set : mpz_neg)(to[j < all->n ? j : all->d - 1], row[j]);
}

/* Of all decisions; rows that are constant have the right sign everywhere. */
static void add_decisions(rows *all, crease_region *region)
{
    const uint8_t *pattern = region->walk.pattern;
    crease_region_set_gates(region);
    for (size_t l = 0; l < region->lowered->layers; l++) {
        const crease_layer *layer = &region->lowered->layer[l];
        const crease_model_layer shape = {
            .width = layer->rows, .decisions = layer->decisions, .pieces = layer->pieces};
        for (size_t r = 0; r < layer->decisions; r++) {
            if (crease_maxout_group_is_moot(&shape, r, pattern))
                continue;
            crease_affine_row(region->lowered, region->gate, l, r, region->row, region->den);
            if (!crease_integer_is_zero((const mpz_t *)region->row, all->n))
                add_row(all, (const mpz_t *)region->row, pattern[r] ? 1 : -1);
        }
        pattern += layer->decisions;
    }
}

static void add_domain(rows *all, const crease_domain *domain, mpz_t *row)
{
    for (size_t j = 0; crease_domain_boxed(domain) && j < all->n; j++)
        for (int side = 0; side < 2; side++) {
            mpq_t *bound = side ? &domain->hi[j] : &domain->lo[j];
            mpz_t *to = next(all);
            (side ? mpz_neg : mpz_set)(to[j], mpq_denref(*bound));
            (side ? mpz_set : mpz_neg)(to[all->d - 1], mpq_numref(*bound));
        }
    for (size_t i = 0; domain && i < domain->halves; i++) {
        crease_domain_half(domain, i, row);
        add_row(all, (const mpz_t *)row, 1);
    }
}

/* common (t_j +- (p_j - x_j)), and 1. */
static void add_norm(rows *all, mpq_t *x)
{
    mpz_t scaled;
    mpz_init(scaled);
    for (size_t i = 0; i < 2 * all->n; i++) {
        size_t j = i / 2;
        mpz_t *to = next(all);
        mpz_divexact(scaled, all->common, mpq_denref(x[j]));
        mpz_mul(scaled, scaled, mpq_numref(x[j]));
        mpz_set(to[all->n + (all->parts > 1 ? j : 0)], all->common);
        (i % 2 ? mpz_neg : mpz_set)(to[j], all->common);
        (i % 2 ? mpz_set : mpz_neg)(to[all->d - 1], scaled);
    }
    mpz_set_ui(next(all)[all->d - 1], 1);
    mpz_clear(scaled);
}

/* The t of a point, whose last number is positive. */
static void take(const rows *all, const mpz_t *point, mpq_t t)
{
    mpz_set_ui(mpq_numref(t), 0);
    for (size_t k = 0; k < all->parts; k++)
        mpz_add(mpq_numref(t), mpq_numref(t), point[all->n + k]);
    mpz_set(mpq_denref(t), point[all->d - 1]);
    mpq_canonicalize(t);
}

void crease_region_from_point(crease_region *region, const crease_domain *domain, mpq_t *x,
                              crease_norm norm, const mpq_t most, mpq_t distance)
{
    size_t n = region->inputs, parts = norm == CREASE_NORM_L1 ? n : 1, d = n + parts + 1, supports;
    size_t room =
        crease_network_decisions(region->lowered) + 4 * n + 1 + (domain ? domain->halves : 0);
    rows all = {.n = n, .parts = parts, .d = d, .flat = crease_integer_new(room * d)};
    mpz_init_set_ui(all.common, 1);
    for (size_t j = 0; j < n; j++)
        mpz_lcm(all.common, all.common, mpq_denref(x[j]));
    add_decisions(&all, region);
    add_domain(&all, domain, region->row);
    add_norm(&all, x);
    assert(all.count <= room);
    crease_exact_row *row = crease_alloc(room, sizeof *row);
    for (size_t i = 0; i < all.count; i++)
        row[i] = (crease_exact_row){(const mpz_t *)all.flat + i * d, 1};
    size_t *support = crease_alloc(d, sizeof *support);
    mpz_t *less = crease_integer_new(2 * d), *point = less + d;
    mpq_set(distance, most);
    for (;;) {
        for (size_t k = 0; k < parts; k++)
            mpz_set(less[n + k], mpq_denref(distance));
        mpz_neg(less[d - 1], mpq_numref(distance));
        if (crease_simplex_in_cone(d, all.count, row, (crease_exact_row){(const mpz_t *)less, 1},
                                   support, &supports, point))
            break;
        take(&all, (const mpz_t *)point, distance);
    }
    crease_integer_free(less, 2 * d);
    crease_integer_free(all.flat, room * d);
    mpz_clear(all.common);
    free(support);
    free(row);
}
