#include "regions/region.h"

#include "base/memory.h"
#include "base/status.h"
#include "exact/integer.h"
#include "exact/simplex.h"
#include "model/coordinates.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The sum of the extreme rays lies inside. */
static void sum_rays(const crease_region *r, double *v)
{
    const crease_ray_cell *rays = &r->cell->rays;
    size_t d = r->walk.d;
    memset(v, 0, d * sizeof *v);
    for (size_t i = 0; i < rays->count; i++)
        for (size_t j = 0; j < d; j++)
            v[j] += rays->ray[i]->v[j] / rays->ray[i]->one;
}

void crease_region_find_inside(crease_region *r)
{
    if (r->has_inside)
        return;
    crease_region_add_rows(r);
    if (r->cell) {
        sum_rays(r, r->inside);
        r->has_inside = crease_cone_contains(r->walk.cone, r->inside, SIZE_MAX);
    }
    if (!r->has_inside) {
        crease_region_load_rows(r);
        r->has_inside = crease_cone_interior(r->walk.cone, r->inside);
    }
}

/* Exact signs of all rows at V. */
static bool contains(crease_region *r)
{
    for (size_t i = 0; i < crease_cone_rows(r->walk.cone); i++) {
        crease_exact_row row = crease_cone_exact_row(r->walk.cone, i);
        if (row.sign * crease_integer_dot_sign(row.row, (const mpz_t *)r->V, r->walk.d) <= 0)
            return false;
    }
    return true;
}

/* Sets point from inside.  True if v is then the same point, without rounding. */
static bool round_point(crease_region *r, double *v)
{
    const crease_model *model = r->model;
    size_t n = model->inputs;
    bool same = true;
    for (size_t j = 0; j < n; j++) {
        double centre = mpq_get_d(model->centre[j]);
        int shift = (int)(model->column[j] - model->column[n]);
        double x = ldexp(r->inside[j] / r->inside[n], shift);
        r->point[model->kept[j]] = centre + x;
        v[j] = ldexp(x, -shift);
        same = same && centre == 0 && ldexp(v[j], shift) == x;
    }
    v[n] = 1;
    return same;
}

/* Sets exact_point to point.  False if that is not finite, or outside the box in an input that the
 * model has dropped. */
static bool take_point(crease_region *r)
{
    bool boxed = crease_domain_boxed(r->domain), good = true;
    for (size_t j = 0; j < r->inputs; j++) {
        if (!isfinite(r->point[j]))
            return false;
        mpq_set_d(r->exact_point[j], r->point[j]);
        good = good && (!boxed || (mpq_cmp(r->exact_point[j], r->domain->lo[j]) > 0 &&
                                   mpq_cmp(r->exact_point[j], r->domain->hi[j]) < 0));
    }
    return good;
}

/* Are the doubles nearest to inside a point of the region? */
static bool round_inside(crease_region *r)
{
    double *v = crease_alloc(r->walk.d, sizeof *v);
    bool same = round_point(r, v), good = take_point(r);
    bool proved = good && same && crease_cone_contains(r->walk.cone, v, SIZE_MAX);
    free(v);
    if (!good || proved)
        return proved;
    crease_model_from_inputs(r->model, r->exact_point, r->V);
    return contains(r);
}

/* The same where the rays lead to; their sum itself need not be proved to lie inside. */
static bool round_sum(crease_region *r)
{
    crease_region_add_rows(r);
    if (!r->has_inside)
        sum_rays(r, r->inside);
    return round_inside(r);
}

/* A point in integers. */
static void find_exactly(crease_region *r)
{
    size_t d = r->walk.d, m = crease_cone_rows(r->walk.cone);
    crease_exact_row *row = crease_alloc(m, sizeof *row);
    for (size_t i = 0; i < m; i++)
        row[i] = crease_cone_exact_row(r->walk.cone, i);
    for (size_t j = 0; j < d; j++)
        mpz_set_ui(r->V[j], 0);
    if (!crease_simplex_interior(d, m, row, r->V))
        crease_fatal("regions: a region has no interior point");
    free(row);
}

static void set_point(crease_region *r)
{
    for (size_t j = 0; j < r->inputs; j++)
        r->point[j] = mpq_get_d(r->middle[j]);
    bool flat = !r->model->inputs;
    r->pointed = true;
    r->point_exact = flat ? take_point(r) : r->cell && round_sum(r);
    if (!r->point_exact && !flat) {
        crease_region_find_inside(r);
        r->point_exact = r->has_inside && round_inside(r);
    }
    if (r->point_exact)
        return;
    for (size_t j = 0; j < r->inputs; j++)
        mpq_set(r->exact_point[j], r->middle[j]);
    if (!flat && r->has_inside)
        crease_integer_from_doubles(r->V, r->inside, r->walk.d);
    else if (!flat)
        find_exactly(r);
    if (!flat)
        crease_model_to_inputs(r->model, (const mpz_t *)r->V, r->exact_point);
    for (size_t j = 0; j < r->inputs; j++)
        r->point[j] = mpq_get_d(r->exact_point[j]);
}

bool crease_region_point(crease_region *r, double *x)
{
    if (!r->pointed)
        set_point(r);
    memcpy(x, r->point, r->inputs * sizeof *x);
    return r->point_exact;
}

char *crease_region_point_text(crease_region *r, size_t j)
{
    if (!r->pointed)
        set_point(r);
    return mpq_get_str(NULL, 10, r->exact_point[j]);
}
