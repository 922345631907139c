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
    size_t n, parts, d, count, room; /* parts of t */
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

/* The rows and what decides whether t >= c. */
typedef struct {
    rows all;
    crease_exact_row *row;
    size_t *support;
    mpz_t *less, *point; /* t - c; where it is negative */
} question;

static void open_question(question *q, crease_region *region, const crease_domain *domain, mpq_t *x,
                          crease_norm norm)
{
    size_t n = region->inputs, parts = norm == CREASE_NORM_L1 ? n : 1, d = n + parts + 1;
    size_t room =
        crease_network_decisions(region->lowered) + 4 * n + 1 + (domain ? domain->halves : 0);
    q->all = (rows){.n = n, .parts = parts, .d = d, .flat = crease_integer_new(room * d)};
    mpz_init_set_ui(q->all.common, 1);
    for (size_t j = 0; j < n; j++)
        mpz_lcm(q->all.common, q->all.common, mpq_denref(x[j]));
    add_decisions(&q->all, region);
    add_domain(&q->all, domain, region->row);
    add_norm(&q->all, x);
    assert(q->all.count <= room);
    q->all.room = room;
    q->row = crease_alloc(room, sizeof *q->row);
    for (size_t i = 0; i < q->all.count; i++)
        q->row[i] = (crease_exact_row){(const mpz_t *)q->all.flat + i * d, 1};
    q->support = crease_alloc(d, sizeof *q->support);
    q->less = crease_integer_new(2 * d);
    q->point = q->less + d;
}

static void close_question(question *q)
{
    crease_integer_free(q->less, 2 * q->all.d);
    crease_integer_free(q->all.flat, q->all.room * q->all.d);
    mpz_clear(q->all.common);
    free(q->support);
    free(q->row);
}

/* Is t >= c everywhere?  Otherwise the point is one where it is not. */
static bool is_at_least(question *q, const mpq_t c)
{
    size_t supports;
    for (size_t k = 0; k < q->all.parts; k++)
        mpz_set(q->less[q->all.n + k], mpq_denref(c));
    mpz_neg(q->less[q->all.d - 1], mpq_numref(c));
    return crease_simplex_in_cone(q->all.d, q->all.count, q->row,
                                  (crease_exact_row){(const mpz_t *)q->less, 1}, q->support,
                                  &supports, q->point);
}

void crease_region_from_point(crease_region *region, const crease_domain *domain, mpq_t *x,
                              crease_norm norm, const mpq_t most, mpq_t distance)
{
    question q;
    open_question(&q, region, domain, x, norm);
    mpq_set(distance, most);
    while (!is_at_least(&q, distance))
        take(&q.all, (const mpz_t *)q.point, distance);
    close_question(&q);
}

/* Adds a coordinate to a sum, or to a largest one. */
static void add_to_norm(mpq_t sum, const mpq_t x, bool l1)
{
    mpq_t size;
    mpq_init(size);
    mpq_abs(size, x);
    if (l1)
        mpq_add(sum, sum, size);
    else if (mpq_cmp(sum, size) < 0)
        mpq_set(sum, size);
    mpq_clear(size);
}

/* Is the region's point, if it is known as doubles, nearer than the radius? */
static bool point_is_within(crease_region *region, mpq_t *x, crease_norm norm, const mpq_t radius)
{
    size_t n = region->inputs;
    double *point = crease_alloc(n, sizeof *point);
    bool known = crease_region_point(region, point);
    mpq_t sum, term;
    mpq_inits(sum, term, NULL);
    for (size_t j = 0; j < n && known; j++) {
        mpq_set_d(term, point[j]);
        mpq_sub(term, term, x[j]);
        add_to_norm(sum, term, norm == CREASE_NORM_L1);
    }
    bool within = known && mpq_cmp(sum, radius) < 0;
    mpq_clears(sum, term, NULL);
    free(point);
    return within;
}

/* Is x so far on the wrong side of some row (a, b) that the set is not nearer than the radius?  The
 * distance to a.p + b >= 0 is -(a.x + b) over the dual norm of a. */
static bool row_is_far(const question *q, mpq_t *x, crease_norm norm, const mpq_t radius)
{
    size_t n = q->all.n, d = q->all.d;
    bool far = false;
    mpq_t value, size, term;
    mpq_inits(value, size, term, NULL);
    for (size_t i = 0; i + 2 * n + 1 < q->all.count && !far; i++) {
        const mpz_t *row = q->row[i].row;
        mpq_set_z(value, row[d - 1]);
        mpq_set_ui(size, 0, 1);
        for (size_t j = 0; j < n; j++) {
            mpq_set_z(term, row[j]);
            add_to_norm(size, term, norm != CREASE_NORM_L1);
            mpq_mul(term, term, x[j]);
            mpq_add(value, value, term);
        }
        mpq_mul(size, size, radius);
        mpq_neg(value, value);
        far = mpq_cmp(value, size) >= 0;
    }
    mpq_clears(value, size, term, NULL);
    return far;
}

bool crease_region_is_within(crease_region *region, const crease_domain *domain, mpq_t *x,
                             crease_norm norm, const mpq_t radius)
{
    question q;
    if (point_is_within(region, x, norm, radius))
        return true;
    open_question(&q, region, domain, x, norm);
    bool within = !row_is_far(&q, x, norm, radius) && !is_at_least(&q, radius);
    close_question(&q);
    return within;
}
