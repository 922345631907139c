/* Cells that carry their extreme rays.
 *
 * A cell C = { v in R^d : a_i.v > 0 } whose closure is pointed is the set of positive
 * combinations of its extreme rays.  Hence for any row g (values taken at the rays):
 *   g cuts C            <=>  g > 0 at some ray and g < 0 at another;
 *   g > 0 on C          <=>  g >= 0 at all rays and g > 0 at some;
 *   g = 0 on C          <=>  g = 0 at all rays.
 * A cut by g keeps the rays on its side, adds those with g = 0 to both sides, and one new
 * ray on every edge whose ends lie on different sides.  It is also a cell of dimension one
 * less (the flat C and {g = 0}), given by the new rays and those with g = 0.
 *
 * Every ray knows its tight set: which of the rows that bound the cell vanish at it.  These
 * sets are exact: on the edge from r to s exactly the rows tight at both are tight, and g
 * on top at the new ray.  Two rays span an edge iff no third ray is tight wherever both are
 * (for a ray with just d - 1 tight rows: iff they share d - 2).
 *
 * Coordinates are doubles with an error bound.  Where it has grown too wide, the ray is
 * recomputed from its tight rows in floating point (dd/refine.h), failing that in integers;
 * a sign that the bound leaves open is taken from the ray in integers.  A ray that consists of small integers carries no error at all.
 *
 * When the thread is interrupted (base/interrupt.h), the vector of a ray may be 0, rays may be missing
 * and signs open.
 *
 * Rays live in an arena and are shared between cells.  One crease_rays belongs to one
 * thread. */
#ifndef CREASE_DD_RAYS_H
#define CREASE_DD_RAYS_H

#include "base/arena.h"
#include "model/map.h"
#include "exact/tally.h"
#include "dd/refine.h"

enum { CREASE_RAY_SLOTS = 128 };

typedef struct {
    uint64_t word[CREASE_RAY_SLOTS / 64];
} crease_active_set;

/* Takes the lowest slot out of the set; CREASE_RAY_SLOTS if it is empty. */
static inline size_t crease_active_next(crease_active_set *set)
{
    for (size_t w = 0; w < CREASE_RAY_SLOTS / 64; w++)
        if (set->word[w]) {
            size_t slot = 64 * w + (size_t)__builtin_ctzll(set->word[w]);
            set->word[w] &= set->word[w] - 1;
            return slot;
        }
    return CREASE_RAY_SLOTS;
}

typedef struct crease_ray {
    crease_active_set tight; /* slots of the rows that vanish here */
    unsigned tights;         /* how many */
    double err;              /* every coordinate is within err of the true ray's */
    double one;              /* sum of the absolute coordinates, rounded up */
    bool integer;            /* the coordinates are integers, and exact */
    bool kernel;             /* all rows of this and later layers vanish here */
    double *v;               /* d coordinates; max norm in [1/2, 1] unless integer */
    uint64_t *positive;      /* bit u: row u of the current map is proved > 0 */
    uint64_t *negative;
} crease_ray;

typedef struct {
    size_t count;
    crease_ray **ray;
} crease_ray_cell;

/* Which row a slot of the tight sets stands for. */
typedef struct {
    crease_map *map; /* NULL: row unit of the chart's faces */
    size_t unit;
    int sign; /* the row is positive in the cell after multiplication by it */
} crease_slot;

typedef struct {
    crease_arena *arena;
    crease_tally *tally;
    crease_map *map;   /* rows of the current layer */
    size_t d, words;   /* length of rows; words of a bit set over the map's units */
    const mpz_t *face; /* integer rows of the chart's faces: row f at face + f * face_step */
    ptrdiff_t face_step;
    const double *face_value; /* the same as doubles, NULL for the rows of the identity */
    const double *face_error; /* entrywise */
    size_t unit_face;         /* which of them is (0, ..., 0, 1) */
    crease_refiner *refiner;
    crease_slot slot[CREASE_RAY_SLOTS];
    size_t unit_slot; /* the slot that (0, ..., 0, 1) began with, see crease_rays_is_unit */
} crease_rays;

static inline bool crease_bit(const uint64_t *set, size_t u)
{
    return set[u / 64] >> u % 64 & 1;
}

static inline void crease_rays_slacken(crease_ray *ray)
{
    ray->tight = (crease_active_set){{0}};
    ray->tights = 0;
}

static inline void crease_rays_tighten(crease_ray *ray, size_t slot)
{
    ray->tight.word[slot / 64] |= (uint64_t)1 << slot % 64;
    ray->tights++;
}

/* Does slot s stand for (0, ..., 0, 1)?  A slot that no ray uses may have been taken by
 * another row. */
static inline bool crease_rays_is_unit(const crease_rays *rays, size_t s)
{
    return s == rays->unit_slot && !rays->slot[s].map && rays->slot[s].unit == rays->unit_face;
}

/* Makes the rows of the map, whose length is that of the rays, the ones that rays have values and
 * signs of. */
void crease_rays_use_map(crease_rays *rays, crease_map *map);

/* An empty cell with room for some rays. */
crease_ray_cell crease_rays_take_cell(crease_rays *rays, size_t room);

/* A ray with its own copies of v and of the sign words, uninitialised. */
crease_ray *crease_rays_take(crease_rays *rays);

/* After v was set to integers: divides by their common divisor and sets the rest. */
void crease_rays_set_integers(crease_rays *rays, crease_ray *ray);

/* After v was set to numbers within err of the true ray's: scales and sets the rest. */
void crease_rays_set_doubles(crease_rays *rays, crease_ray *ray, double err);

/* Sets coordinates and error from the integer vector V. */
void crease_rays_set_exact(crease_rays *rays, crease_ray *ray, mpz_t *V);

/* The integers of the row that a slot stands for. */
const mpz_t *crease_rays_slot_row(const crease_rays *rays, size_t slot);

/* The primitive integer vector of the ray, from its tight rows, d integers. */
void crease_rays_exact(crease_rays *rays, const crease_ray *ray, mpz_t *V);

/* Decides the signs of the relevant rows of the map at a new ray (neither bit set: the row
 * vanishes); those of other rows may or may not be set. */
void crease_rays_sign(crease_rays *rays, crease_ray *ray, const uint64_t *relevant);

/* Decides the signs of the wanted rows that are still open. */
void crease_rays_resolve(crease_rays *rays, crease_ray *ray, const uint64_t *wanted);

/* The value of row u at the ray and the bound of its error. */
double crease_rays_value(const crease_rays *rays, const crease_ray *ray, size_t u, double *bound);

/* The greatest common divisor, not negative. */
int64_t crease_rays_divisor(int64_t a, int64_t b);

/* Tightens the error bound of a ray with exactly d - 1 tight rows that is known well enough
 * to tell it from its opposite; false if it is not narrow afterwards. */
bool crease_rays_refine(crease_rays *rays, crease_ray *ray);

/* Are the products of the map's rows with this ray free of rounding? */
bool crease_rays_products_exact(const crease_rays *rays, const crease_ray *ray);

/* A copy of the cell whose rays have the signs of the relevant rows of another map of the same
 * coordinates, which becomes the current one. */
crease_ray_cell crease_rays_carry(crease_rays *rays, const crease_ray_cell *cell, crease_map *map,
                                  const uint64_t *relevant);

/* A copy of the ray that shares nothing with it. */
crease_ray *crease_rays_copy(crease_rays *rays, const crease_ray *from);

/* A slot below CREASE_LIMIT_SLOTS that no ray of the cell uses, or CREASE_RAY_SLOTS. */
size_t crease_rays_free_slot(const crease_ray_cell *cell);

/* The rays of the flat where row u vanishes on the cell: copies of those with value 0 and
 * one on every edge that is crossed, all with the slot in their tight sets. */
crease_ray_cell crease_rays_cross(crease_rays *rays, const crease_ray_cell *cell, size_t u,
                                  size_t slot, const uint64_t *relevant);

/* The half of the cell where row u has the sign, given the flat from crease_rays_cross. */
crease_ray_cell crease_rays_half(crease_rays *rays, const crease_ray_cell *cell,
                                 const crease_ray_cell *flat, size_t u, int sign);

#endif
