#include "regions/region.h"

#include "base/memory.h"
#include "exact/integer.h"
#include "regions/ball.h"
#include "regions/vertices.h"
#include "regions/volume.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

/* The inequalities of the facets, scaled to integers.  The caller frees them. */
static mpz_t *facet_rows(crease_region *r)
{
    size_t facets = crease_region_facets(r), step = r->inputs + 1;
    mpz_t *row = crease_integer_new(facets * step);
    for (size_t i = 0; i < facets; i++) {
        crease_region_set_facet_row(r, i);
        for (size_t j = 0; j < step; j++)
            mpz_swap(row[i * step + j], r->row[j]);
        crease_integer_reduce(row + i * step, step);
    }
    return row;
}

/* ---- Volume ---- */

/* Sets volume; false if it is infinite. */
static bool set_volume(crease_region *r)
{
    size_t facets = crease_region_facets(r), count = facets * (r->inputs + 1);
    crease_interrupt token;
    if (!r->bounded)
        return false;
    if (r->sized || r->stopped)
        return true;
    r->sized = true;
    mpz_t *integer = facet_rows(r);
    mpq_t *row = crease_alloc(count, sizeof *row);
    for (size_t i = 0; i < count; i++) {
        mpq_init(row[i]);
        mpq_set_z(row[i], integer[i]);
    }
    crease_region_enter(r, &token);
    crease_volume(r->volume, r->inputs, facets, row);
    crease_region_leave(r, &token);
    for (size_t i = 0; i < count; i++)
        mpq_clear(row[i]);
    free(row);
    crease_integer_free(integer, count);
    return true;
}

double crease_region_volume(crease_region *r)
{
    return set_volume(r) ? mpq_get_d(r->volume) : INFINITY;
}

char *crease_region_volume_text(crease_region *r)
{
    return set_volume(r) ? mpq_get_str(NULL, 10, r->volume) : NULL;
}

/* ---- Vertices ---- */

static void find_vertices(crease_region *r)
{
    size_t facets = crease_region_facets(r);
    if (r->stopped)
        return;
    mpz_t *row = facet_rows(r);
    crease_interrupt token;
    crease_region_enter(r, &token);
    r->vertices = crease_vertices(r->inputs, facets, (const mpz_t *)row, &r->vertex);
    crease_region_leave(r, &token);
    r->cornered = true;
    crease_integer_free(row, facets * (r->inputs + 1));
}

size_t crease_region_vertices(crease_region *r)
{
    if (!r->cornered)
        find_vertices(r);
    return r->cornered ? r->vertices : 0;
}

/* Sets entry. */
static void set_vertex_entry(crease_region *r, size_t i, size_t j)
{
    const mpz_t *own = (const mpz_t *)r->vertex + i * (r->inputs + 1);
    assert(i < crease_region_vertices(r) && j < r->inputs);
    mpz_set(mpq_numref(r->entry), own[j]);
    mpz_set(mpq_denref(r->entry), own[r->inputs]);
    mpq_canonicalize(r->entry);
}

void crease_region_vertex(crease_region *r, size_t i, double *x)
{
    if (i >= crease_region_vertices(r))
        return;
    for (size_t j = 0; j < r->inputs; j++) {
        set_vertex_entry(r, i, j);
        x[j] = mpq_get_d(r->entry);
    }
}

char *crease_region_vertex_text(crease_region *r, size_t i, size_t j)
{
    if (i >= crease_region_vertices(r))
        return NULL;
    set_vertex_entry(r, i, j);
    return mpq_get_str(NULL, 10, r->entry);
}

/* ---- The largest ball ---- */

static void find_ball(crease_region *r)
{
    size_t facets = crease_region_facets(r);
    if (r->stopped)
        return;
    mpz_t *row = facet_rows(r);
    crease_interrupt token;
    crease_region_enter(r, &token);
    r->radius = crease_largest_ball(r->inputs, facets, (const mpz_t *)row, r->ball_centre);
    crease_region_leave(r, &token);
    r->balled = true;
    crease_integer_free(row, facets * (r->inputs + 1));
}

double crease_region_inradius(crease_region *r)
{
    if (!r->balled)
        find_ball(r);
    return r->radius;
}

char *crease_region_inradius_text(crease_region *r)
{
    if (!isfinite(crease_region_inradius(r)))
        return NULL;
    mpq_set_d(r->entry, r->radius);
    return mpq_get_str(NULL, 10, r->entry);
}

void crease_region_center(crease_region *r, double *x)
{
    bool found = isfinite(crease_region_inradius(r));
    for (size_t j = 0; j < r->inputs; j++)
        x[j] = found ? mpq_get_d(r->ball_centre[j]) : NAN;
}

char *crease_region_center_text(crease_region *r, size_t j)
{
    return isfinite(crease_region_inradius(r)) ? mpq_get_str(NULL, 10, r->ball_centre[j]) : NULL;
}
