#include "regions/region.h"

#include "base/memory.h"
#include "base/status.h"
#include "exact/integer.h"
#include "exact/simplex.h"
#include "model/coordinates.h"
#include "regions/in_box.h"

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
    if (!r->has_inside && !crease_region_find_inside_box(r)) {
        crease_region_load_rows(r);
        r->has_inside = crease_cone_interior(r->walk.cone, r->inside);
    }
}

/* Exact signs of all rows of the cone at V. */
static bool contains(const crease_region *r, crease_cone *cone)
{
    for (size_t i = 0; i < crease_cone_rows(cone); i++) {
        crease_exact_row row = crease_cone_exact_row(cone, i);
        if (row.sign * crease_integer_dot_sign(row.row, (const mpz_t *)r->V, r->walk.d) <= 0)
            return false;
    }
    return true;
}

/* Sets point from inside.  True if rounded is then the same point, in the coordinates of the model.
 * Products with powers of two are exact unless they leave the range of doubles. */
static bool round_point(crease_region *r)
{
    const crease_model *model = r->model;
    size_t n = model->inputs;
    bool same = true;
    for (size_t j = 0; j < n; j++) {
        double x = r->inside[j] / r->inside[n] * r->scale[j];
        r->point[model->kept[j]] = r->centre[j] + x;
        r->rounded[j] = x / r->scale[j];
        same = same && !mpq_sgn(model->centre[j]) && r->rounded[j] * r->scale[j] == x;
    }
    r->rounded[n] = 1;
    return same;
}

/* Is the point of doubles that is nearest to inside a point of the region, whose rows the cone
 * has? */
static bool round_inside(crease_region *r, crease_cone *cone)
{
    bool same = round_point(r);
    for (size_t j = 0; j < r->model->inputs; j++)
        if (!isfinite(r->point[r->model->kept[j]]))
            return false;
    if (!r->middle_inside)
        return false;
    if (same && crease_cone_contains(cone, r->rounded, SIZE_MAX))
        return true;
    for (size_t j = 0; j < r->model->inputs; j++) {
        size_t input = r->model->kept[j];
        mpq_set_d(r->exact_point[input], r->point[input]);
    }
    crease_model_from_inputs(r->model, r->exact_point, r->V);
    return contains(r, cone);
}

/* The same where the rays lead to; their sum itself need not be proved to lie inside. */
static bool round_sum(crease_region *r)
{
    crease_region_add_bounds(r);
    if (!r->has_inside)
        sum_rays(r, r->inside);
    return round_inside(r, r->bounds);
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
    bool flat = !r->model->inputs;
    r->pointed = true;
    r->point_exact = flat ? r->middle_inside : r->cell && round_sum(r);
    if (!r->point_exact && !flat) {
        crease_region_find_inside(r);
        r->point_exact = r->has_inside && round_inside(r, r->walk.cone);
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
    for (size_t j = 0; j < r->model->inputs; j++)
        r->point[r->model->kept[j]] = mpq_get_d(r->exact_point[r->model->kept[j]]);
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
    if (r->point_exact)
        mpq_set_d(r->exact_point[j], r->point[j]);
    return mpq_get_str(NULL, 10, r->exact_point[j]);
}
