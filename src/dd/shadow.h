/* Shadow checks (base/shadow.h) of extreme rays.  All of them fail with the operands. */
#ifndef CREASE_DD_SHADOW_H
#define CREASE_DD_SHADOW_H

#include "model/shadow.h"
#include "dd/outline.h"

/* The ray from its active rows alone, d integers, on the side of its coordinates. */
void crease_shadow_exact_ray(const crease_rays *rays, const crease_ray *ray, mpz_t *V);

/* The ray lies within err of its line, or on it if it consists of integers; the signs that are set
 * are those of the exact rows, and the wanted ones that are not set vanish. */
void crease_shadow_ray(const crease_rays *rays, const crease_ray *ray, const uint64_t *wanted);

/* The ray lies within err of a positive multiple of U, or on it if it consists of integers. */
void crease_shadow_image(const crease_rays *rays, const crease_ray *ray, const mpz_t *U);

/* |value - g.t| <= bound for the exact row g of unit u and a point t of the line within err of the
 * coordinates. */
void crease_shadow_value(const crease_rays *rays, const crease_ray *ray, size_t u, double value,
                         double bound);

/* One point of the line is within err of the coordinates and has all values that the ray keeps, up
 * to their errors. */
void crease_shadow_kept(const crease_rays *rays, const crease_ray *ray);

/* A bounding row of the cell vanishes at a ray iff it is in its active set. */
void crease_shadow_active(const crease_rays *rays, const crease_ray_cell *cell);

/* The rays of an outline are computed from the active rows and the rows that were crossed alone;
 * the side is that of the other rows that bound the cell. */

/* At the rays the signs of the rows of the set are those of the exact rows, and one point of each
 * ray has all values, up to their errors. */
void crease_shadow_outline(const crease_outline_space *space, const crease_outline *outline,
                           uint64_t rows);

/* The zeros of rows c and b, which cut the outline, are different. */
void crease_shadow_outline_differ(const crease_outline_space *space, const crease_outline *outline,
                                  size_t c, size_t b);

/* A row of the set has the zeros of row c, the last that was crossed, on the outline, or none
 * has. */
void crease_shadow_outline_repeated(const crease_outline_space *space,
                                    const crease_outline *outline, size_t c, uint64_t rows,
                                    bool repeated);

/* Row b cuts the restriction of the outline to the zeros of row c, the last that was crossed, or
 * does not. */
void crease_shadow_outline_cut(const crease_outline_space *space, const crease_outline *outline,
                               size_t c, size_t b, bool cuts);

/* All rows of the set and v_d vanish at the ray. */
void crease_shadow_kernel(const crease_rays *rays, const crease_ray *ray, const uint64_t *active);

#endif
