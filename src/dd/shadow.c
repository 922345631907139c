#include "dd/shadow.h"

#include "base/memory.h"
#include "exact/integer.h"

#include <math.h>
#include <stdlib.h>

void crease_shadow_exact_ray(const crease_rays *rays, const crease_ray *ray, mpz_t *V)
{
    const mpz_t *row[CREASE_RAY_SLOTS];
    const crease_row *of[CREASE_RAY_SLOTS];
    size_t rows = 0, pivot = 0;
    char text[600];
    crease_frame_rows(ray->frame, of);
    crease_active_set left = ray->active;
    for (size_t s; (s = crease_active_next(&left)) < CREASE_RAY_SLOTS;)
        row[rows++] = crease_rays_row(rays, of[s]);
    if (rows != ray->active_count || !crease_integer_kernel(V, row, rows, rays->d))
        crease_shadow_fail(CREASE_FILTER_RAY_LINE, "%zu active rows (of %u) do not determine %s",
                           rows, ray->active_count,
                           crease_shadow_doubles(ray->v, 1, rays->d, text));
    for (size_t j = 1; j < rays->d; j++)
        if (fabs(ray->v[j]) > fabs(ray->v[pivot]))
            pivot = j;
    bool opposite = mpz_sgn(V[pivot]) * ray->v[pivot] < 0;
    for (size_t j = 0; j < rays->d && opposite; j++)
        mpz_neg(V[j], V[j]);
}

/* factor: if not NULL, set to one that brings V within err of the coordinates. */
static void check_near(const crease_rays *rays, const crease_ray *ray, const mpz_t *V, mpq_t factor)
{
    char text[600], exact[600];
    crease_shadow_count(CREASE_FILTER_RAY_LINE);
    if ((ray->integer && ray->err != 0) ||
        !crease_shadow_factor(ray->v, 1, ray->err, V, 1, rays->d, factor))
        crease_shadow_fail(CREASE_FILTER_RAY_LINE, "%s is not within %a of %s",
                           crease_shadow_doubles(ray->v, 1, rays->d, text), ray->err,
                           crease_shadow_integers(V, rays->d, exact));
}

/* Sets V to the exact ray. */
static void check_line(const crease_rays *rays, const crease_ray *ray, mpz_t *V, mpq_t factor)
{
    crease_shadow_exact_ray(rays, ray, V);
    check_near(rays, ray, (const mpz_t *)V, factor);
}

void crease_shadow_image(const crease_rays *rays, const crease_ray *ray, const mpz_t *U)
{
    check_near(rays, ray, U, NULL);
}

static void check_signs(const crease_rays *rays, const crease_ray *ray, const mpz_t *V,
                        const uint64_t *wanted)
{
    char text[600];
    for (size_t u = 0; u < rays->map->model->layer[rays->map->layer].width; u++) {
        int sign = crease_bit(ray->positive, u) - crease_bit(ray->negative, u);
        if (!sign && !crease_bit(wanted, u))
            continue;
        crease_shadow_count(CREASE_FILTER_RAY_SIGNS);
        int exact = crease_integer_dot_sign(crease_map_exact(rays->map, u), V, rays->d);
        if ((exact > 0) - (exact < 0) != sign)
            crease_shadow_fail(CREASE_FILTER_RAY_SIGNS, "layer %zu, row %zu: %d, not %d, at %s",
                               rays->map->layer, u, sign, exact,
                               crease_shadow_integers(V, rays->d, text));
    }
}

/* A row without a finite error is not used. */
static bool fits(const crease_rays *rays, const crease_ray *ray, const mpz_t *V, mpq_t low,
                 mpq_t high)
{
    mpq_t entry, scale;
    bool good = true;
    mpq_inits(entry, scale, NULL);
    for (size_t j = 0; j < rays->d && good; j++) {
        mpq_set_z(entry, V[j]);
        good = crease_shadow_narrow(low, high, ray->v[j], ray->err, entry);
    }
    bool scaled = crease_shadow_map_scale(rays->map, scale);
    for (size_t u = 0; u < rays->map->model->layer[rays->map->layer].width && good; u++) {
        if (u >= CREASE_RAY_VALUES || !(ray->valued >> u / 8 & 1) || !isfinite(ray->error[u]) ||
            !isfinite(ray->value[u]))
            continue;
        const mpz_t *row = crease_map_exact(rays->map, u);
        mpq_set_ui(entry, 0, 1);
        for (size_t j = 0; j < rays->d; j++)
            mpz_addmul(mpq_numref(entry), row[j], V[j]);
        mpq_mul(entry, entry, scale);
        good = scaled && crease_shadow_narrow(low, high, ray->value[u], ray->error[u], entry);
    }
    mpq_clears(entry, scale, NULL);
    return good;
}

void crease_shadow_kept(const crease_rays *rays, const crease_ray *ray)
{
    char text[600], values[600];
    if (!ray->valued)
        return;
    mpz_t *V = crease_integer_new(rays->d);
    mpq_t low, high;
    mpq_inits(low, high, NULL);
    mpq_set_si(high, -1, 1);
    crease_shadow_count(CREASE_FILTER_RAY_KEPT);
    crease_shadow_exact_ray(rays, ray, V);
    if (!fits(rays, ray, (const mpz_t *)V, low, high))
        crease_shadow_fail(CREASE_FILTER_RAY_KEPT,
                           "layer %zu: %s, within %a, does not have values %s", rays->map->layer,
                           crease_shadow_doubles(ray->v, 1, rays->d, text), ray->err,
                           crease_shadow_doubles(ray->value, 1, rays->values, values));
    mpq_clears(low, high, NULL);
    crease_integer_free(V, rays->d);
}

void crease_shadow_ray(const crease_rays *rays, const crease_ray *ray, const uint64_t *wanted)
{
    mpz_t *V = crease_integer_new(rays->d);
    check_line(rays, ray, V, NULL);
    check_signs(rays, ray, (const mpz_t *)V, wanted);
    crease_shadow_kept(rays, ray);
    crease_integer_free(V, rays->d);
}

void crease_shadow_value(const crease_rays *rays, const crease_ray *ray, size_t u, double value,
                         double bound)
{
    if (!isfinite(bound) || !isfinite(value))
        return;
    mpz_t *V = crease_integer_new(rays->d);
    const mpz_t *row = crease_map_exact(rays->map, u);
    mpq_t factor, scale, meant;
    mpq_inits(factor, scale, meant, NULL);
    check_line(rays, ray, V, factor);
    crease_shadow_count(CREASE_FILTER_RAY_VALUE);
    for (size_t j = 0; j < rays->d; j++)
        mpz_addmul(mpq_numref(meant), row[j], V[j]);
    bool scaled = crease_shadow_map_scale(rays->map, scale);
    mpq_mul(meant, meant, factor);
    mpq_mul(meant, meant, scale);
    mpq_set_d(factor, value);
    mpq_sub(meant, meant, factor);
    mpq_abs(meant, meant);
    mpq_set_d(factor, bound);
    if (!scaled || mpq_cmp(meant, factor) > 0)
        crease_shadow_fail(CREASE_FILTER_RAY_VALUE, "layer %zu, row %zu: %a is not within %a",
                           rays->map->layer, u, value, bound);
    mpq_clears(factor, scale, meant, NULL);
    crease_integer_free(V, rays->d);
}

void crease_shadow_active(const crease_rays *rays, const crease_ray_cell *cell)
{
    mpz_t *V = crease_integer_new(rays->d);
    const crease_active_set used = crease_rays_active(cell);
    const crease_row *row[CREASE_RAY_SLOTS];
    char text[600];
    crease_frame_rows(cell->frame, row);
    for (size_t i = 0; i < cell->count; i++) {
        const crease_ray *ray = cell->ray[i];
        crease_active_set left = used;
        crease_shadow_exact_ray(rays, ray, V);
        for (size_t s; (s = crease_active_next(&left)) < CREASE_RAY_SLOTS;) {
            crease_shadow_count(CREASE_FILTER_ACTIVE);
            int sign =
                crease_integer_dot_sign(crease_rays_row(rays, row[s]), (const mpz_t *)V, rays->d);
            if ((sign == 0) != crease_bit(ray->active.word, s))
                crease_shadow_fail(CREASE_FILTER_ACTIVE, "slot %zu: sign %d at %s", s, sign,
                                   crease_shadow_integers((const mpz_t *)V, rays->d, text));
        }
    }
    crease_integer_free(V, rays->d);
}

void crease_shadow_kernel(const crease_rays *rays, const crease_ray *ray, const uint64_t *active)
{
    mpz_t *V = crease_integer_new(rays->d);
    crease_shadow_count(CREASE_FILTER_KERNEL);
    crease_shadow_exact_ray(rays, ray, V);
    bool kernel = !mpz_sgn(V[rays->d - 1]);
    for (size_t u = 0; u < rays->map->model->layer[rays->map->layer].width && kernel; u++)
        kernel = !crease_bit(active, u) || !crease_integer_dot_sign(crease_map_exact(rays->map, u),
                                                                    (const mpz_t *)V, rays->d);
    if (!kernel)
        crease_shadow_fail(CREASE_FILTER_KERNEL, "an active unit does not vanish");
    crease_integer_free(V, rays->d);
}

static const mpz_t *outline_row(const crease_outline_space *space, size_t c)
{
    const crease_rays *rays = space->rays;
    if (c < space->proves)
        return rays->face + (ptrdiff_t)rays->unit_face * rays->face_step;
    return crease_map_exact(rays->map, space->unit[c]);
}

/* The rays of an image are taken where some coordinates are 0: those that, with the rows of the
 * active units of the layer below and (0, ..., 0, 1), span all rows.  Adds their rows to a list;
 * axes: 2 d
 * - 1 numbers, 0 but for a 1 in the middle. */
static size_t add_axes(const crease_outline_space *space, const mpz_t *axes, const mpz_t **row,
                       size_t rows)
{
    const crease_rays *rays = space->rays;
    crease_map *map = rays->map;
    size_t d = rays->d, inputs = map->model->layer[map->layer].inputs, room = inputs + 1 + d;
    size_t *pivot = crease_alloc(room, sizeof *pivot);
    mpz_t *matrix = crease_integer_new(room * d); /* a column for each row */
    for (size_t u = 0; u < inputs; u++)
        for (size_t j = 0; j < d && map->state[u]; j++)
            mpz_set(matrix[j * room + u], crease_map_exact(map->below, u)[j]);
    mpz_set_ui(matrix[(d - 1) * room + inputs], 1);
    for (size_t j = 0; j < d; j++)
        mpz_set_ui(matrix[j * room + inputs + 1 + j], 1);
    size_t count = crease_integer_leading((const mpz_t *)matrix, d, room, room, pivot);
    for (size_t k = 0; k < count; k++)
        if (pivot[k] > inputs)
            row[rows++] = axes + d - 1 - (pivot[k] - inputs - 1);
    crease_integer_free(matrix, room * d);
    free(pivot);
    return rows;
}

/* The sum g_j V_j. */
static void dot(mpz_t out, const mpz_t *g, const mpz_t *V, size_t d)
{
    mpz_set_ui(out, 0);
    for (size_t j = 0; j < d; j++)
        mpz_addmul(out, g[j], V[j]);
}

/* A ray of an outline after so many crossings. */
static void exact_outline_ray(const crease_outline_space *space, size_t crossings,
                              const crease_outline_ray *ray, mpz_t *V)
{
    const crease_rays *rays = space->rays;
    const crease_row *of[CREASE_RAY_SLOTS];
    const mpz_t *row[2 * CREASE_RAY_SLOTS + CREASE_OUTLINE_ROWS];
    mpz_t *axes = crease_integer_new(2 * rays->d - 1);
    size_t rows = 0;
    int side = 0;
    mpz_set_ui(axes[rays->d - 1], 1);
    crease_frame_rows(space->cell->frame, of);
    crease_active_set used = crease_rays_active(space->cell), left = ray->active;
    for (size_t s; (s = crease_active_next(&left)) < CREASE_RAY_SLOTS;)
        row[rows++] = crease_rays_row(rays, of[s]);
    for (size_t k = 0; k < crossings; k++)
        row[rows++] = outline_row(space, space->crossed[k]);
    if (space->dimension < rays->d)
        rows = add_axes(space, (const mpz_t *)axes, row, rows);
    if (!crease_integer_kernel(V, row, rows, rays->d))
        crease_shadow_fail(CREASE_FILTER_OUTLINE, "%zu rows do not determine a ray", rows);
    for (size_t s; !side && (s = crease_active_next(&used)) < CREASE_RAY_SLOTS;)
        if (!crease_bit(ray->active.word, s))
            side = of[s]->sign *
                   crease_integer_dot_sign(crease_rays_row(rays, of[s]), (const mpz_t *)V, rays->d);
    if (!side)
        crease_shadow_fail(CREASE_FILTER_OUTLINE, "the active set of a ray lacks rows");
    for (size_t j = 0; j < rays->d && side < 0; j++)
        mpz_neg(V[j], V[j]);
    crease_integer_free(axes, 2 * rays->d - 1);
}

/* Has one point of the ray V all values of the outline's ray i? */
static bool has_values(const crease_outline_space *space, const crease_outline *outline, size_t i,
                       const mpz_t *V)
{
    const double *value = outline->value + 2 * i * outline->width, *error = value + outline->width;
    bool good = true;
    mpq_t low, high, scale, entry;
    mpq_inits(low, high, scale, entry, NULL);
    mpq_set_si(high, -1, 1);
    bool scaled = crease_shadow_map_scale(space->rays->map, scale);
    for (size_t c = 0; c < space->rows && c < outline->width && good; c++) {
        if (!isfinite(value[c]) || !isfinite(error[c]))
            continue;
        mpq_set_ui(entry, 0, 1);
        dot(mpq_numref(entry), outline_row(space, c), V, space->rays->d);
        if (c >= space->proves)
            mpq_mul(entry, entry, scale);
        good = scaled && crease_shadow_narrow(low, high, value[c], error[c], entry);
    }
    mpq_clears(low, high, scale, entry, NULL);
    return good;
}

void crease_shadow_outline(const crease_outline_space *space, const crease_outline *outline,
                           uint64_t rows)
{
    size_t d = space->rays->d;
    char text[600];
    mpz_t *V = crease_integer_new(d);
    for (size_t i = 0; i < outline->count; i++) {
        const crease_outline_ray *ray = &outline->ray[i];
        crease_shadow_count(CREASE_FILTER_OUTLINE);
        exact_outline_ray(space, space->crossings, ray, V);
        for (uint64_t left = rows; left; left &= left - 1) {
            size_t c = (size_t)__builtin_ctzll(left);
            int exact = crease_integer_dot_sign(outline_row(space, c), (const mpz_t *)V, d);
            int sign = (int)(ray->positive >> c & 1) - (int)(ray->negative >> c & 1);
            if ((exact > 0) - (exact < 0) != sign)
                crease_shadow_fail(CREASE_FILTER_OUTLINE, "row %zu: %d, not %d, at %s", c, sign,
                                   exact, crease_shadow_integers((const mpz_t *)V, d, text));
        }
        if (!has_values(space, outline, i, (const mpz_t *)V))
            crease_shadow_fail(CREASE_FILTER_OUTLINE, "%s does not have its values",
                               crease_shadow_integers((const mpz_t *)V, d, text));
    }
    crease_integer_free(V, d);
}

/* Values of the row at the rays of the outline, after so many crossings. */
static mpz_t *outline_values(const crease_outline_space *space, size_t crossings,
                             const crease_outline *outline, size_t c)
{
    mpz_t *V = crease_integer_new(space->rays->d), *value = crease_integer_new(outline->count);
    for (size_t i = 0; i < outline->count; i++) {
        exact_outline_ray(space, crossings, &outline->ray[i], V);
        dot(value[i], outline_row(space, c), (const mpz_t *)V, space->rays->d);
    }
    crease_integer_free(V, space->rays->d);
    return value;
}

static bool same_zeros(const crease_outline_space *space, size_t crossings,
                       const crease_outline *outline, size_t c, size_t b)
{
    mpz_t *x = outline_values(space, crossings, outline, c);
    mpz_t *y = outline_values(space, crossings, outline, b);
    bool same = crease_integer_parallel((const mpz_t *)x, (const mpz_t *)y, outline->count) != 0;
    crease_shadow_count(CREASE_FILTER_DIFFERENT);
    crease_integer_free(x, outline->count);
    crease_integer_free(y, outline->count);
    return same;
}

void crease_shadow_outline_differ(const crease_outline_space *space, const crease_outline *outline,
                                  size_t c, size_t b)
{
    if (same_zeros(space, space->crossings, outline, c, b))
        crease_shadow_fail(CREASE_FILTER_DIFFERENT, "rows %zu and %zu have the same zeros", c, b);
}

void crease_shadow_outline_repeated(const crease_outline_space *space,
                                    const crease_outline *outline, size_t c, uint64_t rows,
                                    bool repeated)
{
    bool found = false;
    for (uint64_t left = rows; left && !found; left &= left - 1)
        found = same_zeros(space, space->crossings - 1, outline, c, (size_t)__builtin_ctzll(left));
    /* Others come to light as a doubt. */
    if (repeated && !found)
        crease_shadow_fail(CREASE_FILTER_DIFFERENT, "no row has the zeros of row %zu", c);
}

/* Every pair of rays on different sides gives a point of the restriction; the new rays are among
 * these points. */
void crease_shadow_outline_cut(const crease_outline_space *space, const crease_outline *outline,
                               size_t c, size_t b, bool cuts)
{
    size_t n = outline->count;
    mpz_t *x = outline_values(space, space->crossings - 1, outline, c), left, right;
    mpz_t *y = outline_values(space, space->crossings - 1, outline, b);
    bool positive = false, negative = false;
    mpz_inits(left, right, NULL);
    crease_shadow_count(CREASE_FILTER_OUTLINE_CUT);
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < n; k++) {
            if (mpz_sgn(x[i]) < 0 || mpz_sgn(x[k]) > 0 || (!mpz_sgn(x[i]) != !mpz_sgn(x[k])))
                continue;
            mpz_mul(left, y[i], x[k]);
            mpz_mul(right, y[k], x[i]);
            int sign = mpz_sgn(x[i]) ? mpz_cmp(right, left) : mpz_sgn(y[i]);
            positive = positive || sign > 0;
            negative = negative || sign < 0;
        }
    if ((positive && negative) != cuts)
        crease_shadow_fail(CREASE_FILTER_OUTLINE_CUT, "row %zu %s the zeros of row %zu", b,
                           cuts ? "does not cut" : "cuts", c);
    mpz_clears(left, right, NULL);
    crease_integer_free(x, n);
    crease_integer_free(y, n);
}
