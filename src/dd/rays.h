/* Extreme rays of cells: the double description method (Motzkin, Raiffa, Thompson, Thrall 1953;
 * Fukuda, Prodon, Double description method revisited, 1996).
 *
 * A cell C = { v in R^d : a_i.v > 0 } whose closure is pointed is the set of positive
 * combinations of its extreme rays.  Hence for any row g (values taken at the rays):
 *   g cuts C            <=>  g > 0 at some ray and g < 0 at another;
 *   g > 0 on C          <=>  g >= 0 at all rays and g > 0 at some;
 *   g = 0 on C          <=>  g = 0 at all rays.
 * A cut by g keeps the rays on its side, adds those with g = 0 to both sides, and one new
 * ray on every edge whose ends lie on different sides.  It is also a cell of dimension one
 * less (the restriction of C to {g = 0}), given by the new rays and those with g = 0.
 *
 * Every ray knows its active set: which of the rows that bound the cell vanish at it.  These
 * sets are exact: on the edge from r to s exactly the rows active at both are active, and g
 * on top at the new ray.  Two rays span an edge iff no third ray is active wherever both are
 * (for a ray with just d - 1 active rows: iff they share d - 2).
 *
 * Coordinates are doubles with an error bound.  If the bound becomes too large, the ray is
 * recomputed from its active rows, in floating point (dd/refine.h) or, if that fails, in integers.
 * A sign that the bound does not decide is computed from the ray in integers.  A ray of small
 * integers is exact.
 *
 * When the thread is interrupted (base/interrupt.h), the vector of a ray may be 0, rays may be
 * missing and signs open.
 *
 * Rays live in an arena and are shared between cells.  One crease_rays belongs to one
 * thread. */
#ifndef CREASE_DD_RAYS_H
#define CREASE_DD_RAYS_H

#include "dd/frame.h"
#include "dd/refine.h"
#include "exact/tally.h"

/* Rays keep values (dd/values.h) in layers of up to so many units. */
enum { CREASE_RAY_VALUES = 32 };

/* A list has no more bytes than CREASE_RAY_LIST for each coordinate, and rays with more than
 * CREASE_RAY_LISTED coordinates have none. */
enum { CREASE_RAY_LIST = 3, CREASE_RAY_LISTED = 64 };

typedef struct crease_ray {
    const crease_frame *frame; /* the rows of the slots below */
    crease_active_set active;  /* slots of the rows that vanish here */
    unsigned active_count;     /* how many */
    double err;                /* every coordinate is within err of the true ray's */
    double one;                /* sum of the absolute coordinates, rounded up */
    bool integer;              /* the coordinates are integers, and exact */
    bool kernel;               /* all rows of this and later layers vanish here */
    const mpz_t *exact;        /* d long integers, or NULL: see crease_rays_set_exact */
    double *v;                 /* d coordinates; max norm in [1/2, 1] unless integer */
    uint64_t *positive;        /* bit u: row u of the current map is proved > 0 */
    uint64_t *negative;
    uint64_t *ahead;       /* both for later layers, see dd/ahead.h; copies may share them */
    unsigned valued;       /* bit k: value and error are set for rows 8 k, ..., 8 k + 7 */
    double *value, *error; /* see dd/values.h */
    uint8_t *list;         /* see crease_rays.lists; NULL if there is no room for it */
} crease_ray;

typedef struct {
    const crease_frame *frame; /* the rows of all slots in its rays' active sets */
    size_t count;
    crease_ray **ray;
} crease_ray_cell;

typedef struct {
    crease_arena *arena;
    crease_tally *tally;
    crease_map *map;  /* rows of the current layer */
    size_t d, words;  /* length of rows; words of a bit set over the map's units */
    size_t ahead;     /* words that rays keep for later layers, 0 if there are none */
    bool ahead_all;   /* they keep signs of all later layers, not of the next one alone */
    size_t all_words; /* of bit sets over the units of all layers of the map's model */
    size_t values;    /* the map's stride if rays keep values, else 0 */
    /* Rays have room for a list of their active rows as it is written to a certificate
     * (proof/farkas_vertices.h): first its bytes, 0 as long as they are not known. */
    bool lists;
    const mpz_t *face; /* integer rows of the chart's faces: row f at face + f * face_step */
    ptrdiff_t face_step;
    const double *face_value; /* the same as doubles, NULL for the rows of the identity */
    const double *face_error; /* entrywise */
    size_t unit_face;         /* which of them is (0, ..., 0, 1) */
    crease_refiner *refiner;
    size_t unit_slot; /* see crease_rays_unit_slot; CREASE_RAY_SLOTS if it has none */
} crease_rays;

static inline void crease_rays_clear_active(crease_ray *ray)
{
    ray->active = (crease_active_set){{0}};
    ray->active_count = 0;
}

static inline void crease_rays_activate(crease_ray *ray, size_t slot)
{
    ray->active.word[slot / 64] |= (uint64_t)1 << slot % 64;
    ray->active_count++;
}

/* The slot of (0, ..., 0, 1), or CREASE_RAY_SLOTS if it has none: if no ray of a cell uses the
 * slot, the frame may give it another row. */
size_t crease_rays_unit_slot(const crease_rays *rays, const crease_frame *frame);

/* Is this row, of slot s, the row (0, ..., 0, 1)? */
static inline bool crease_rays_is_unit(const crease_rays *rays, size_t s, const crease_row *row)
{
    return s == rays->unit_slot && row && !row->map && row->unit == rays->unit_face;
}

/* Words of a bit set over the units of a layer. */
static inline size_t crease_rays_words(const crease_model_layer *layer)
{
    return (layer->stride + 63) / 64;
}

/* Sets the map, and what follows from it. */
void crease_rays_set_map(crease_rays *rays, crease_map *map);

/* The same coordinates with the rows of another map. */
const crease_rays *crease_rays_with_map(const crease_rays *rays, crease_map *map);

/* An empty cell with room for some rays. */
crease_ray_cell crease_rays_take_cell(const crease_rays *rays, const crease_frame *frame,
                                      size_t room);

/* A ray with its own copies of v and of the sign words, uninitialised. */
crease_ray *crease_rays_take(const crease_rays *rays);

/* After v was set to integers: divides by their common divisor and sets the rest. */
void crease_rays_set_integers(const crease_rays *rays, crease_ray *ray);

/* After v was set to numbers within err of the true ray's: scales and sets the rest.  Returns the
 * power of two that v was scaled by. */
double crease_rays_set_doubles(const crease_rays *rays, crease_ray *ray, double err);

/* Sets coordinates and error of a new ray from the integer vector V.  Where V is so long that
 * finding it again costs more than keeping it, the ray and its copies keep it. */
void crease_rays_set_exact(const crease_rays *rays, crease_ray *ray, mpz_t *V);

/* The integers of the row. */
const mpz_t *crease_rays_row(const crease_rays *rays, const crease_row *row);

/* The primitive integer vector of the ray, from its active rows, d integers. */
void crease_rays_exact(const crease_rays *rays, const crease_ray *ray, mpz_t *V);

/* Decides the signs of the relevant rows of the map at a new ray (neither bit set: the row
 * vanishes); those of other rows may or may not be set. */
void crease_rays_sign(const crease_rays *rays, crease_ray *ray, const uint64_t *relevant);

/* Decides the signs of the wanted rows that are still open, at any ray. */
void crease_rays_resolve(const crease_rays *rays, crease_ray *ray, const uint64_t *wanted);

/* The value of row u at the ray and the bound of its error. */
double crease_rays_value(const crease_rays *rays, const crease_ray *ray, size_t u, double *bound);

/* The greatest common divisor, not negative. */
int64_t crease_rays_divisor(int64_t a, int64_t b);

/* Tightens the error bound of a ray with exactly d - 1 active rows that is known well enough
 * to tell it from its opposite; false if it is not narrow afterwards. */
bool crease_rays_refine(const crease_rays *rays, crease_ray *ray);

/* May that help? */
bool crease_rays_is_wide(const crease_ray *ray);

/* The same for the rays of a cell whose bounds are not narrow; false if there were none. */
bool crease_rays_refine_all(const crease_rays *rays, const crease_ray_cell *cell);

/* Are the products of the map's rows with this ray free of rounding? */
static inline bool crease_rays_products_exact(const crease_rays *rays, const crease_ray *ray)
{
    const crease_map *map = rays->map;
    return ray->integer && map->quantum > 0 && map->top * ray->one < 0x1p52 * map->quantum;
}

/* A copy of a cell of the same coordinates, where the frame has the rows of its slots, with the
 * signs of the relevant rows. */
crease_ray_cell crease_rays_carry(const crease_rays *rays, const crease_ray_cell *cell,
                                  const crease_frame *frame, const uint64_t *relevant);

/* A copy of the ray without signs, which shares nothing with it but what it keeps for later layers,
 * if that is given as ahead; ahead may be NULL. */
crease_ray *crease_rays_copy_line(const crease_rays *rays, const crease_ray *from, uint64_t *ahead);

/* A copy of the ray that shares nothing with it. */
crease_ray *crease_rays_copy(const crease_rays *rays, const crease_ray *from);

/* The union of the rays' active sets. */
crease_active_set crease_rays_active(const crease_ray_cell *cell);

/* How many rays there are on the side of row u where there are fewer. */
size_t crease_rays_fewer(const crease_ray_cell *cell, size_t u);

/* A slot below CREASE_LIMIT_SLOTS that no ray of the cell uses, or CREASE_RAY_SLOTS. */
size_t crease_rays_free_slot(const crease_ray_cell *cell);

/* The restriction of the cell to the hyperplane where row u vanishes: copies of the rays with value
 * 0 and one on every edge that is crossed, all with the slot in their active sets. */
crease_ray_cell crease_rays_cross(const crease_rays *rays, const crease_ray_cell *cell, size_t u,
                                  size_t slot, const uint64_t *relevant);

/* The half of the cell where row u has the sign, given the restriction from crease_rays_cross. */
crease_ray_cell crease_rays_half(const crease_rays *rays, const crease_ray_cell *cell,
                                 const crease_ray_cell *restriction, size_t u, int sign);

#endif
