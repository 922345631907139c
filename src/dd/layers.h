/* The first ray cells, and ray cells from layer to layer.  When the thread is interrupted
 * (base/interrupt.h), cells may lack rays, and rays may not be extreme. */
#ifndef CREASE_DD_LAYERS_H
#define CREASE_DD_LAYERS_H

#include "dd/rays.h"

/* Most inputs for a crease_root, and for one whose cells carry rays. */
enum { CREASE_LAYERS_ROOT = 256, CREASE_LAYERS_RAYS = 64 };

/* As many independent rows as there are inputs: first half-spaces of the domain, by the numbers of
 * their faces, then units of the first layer. */
typedef struct {
    size_t faces, row[CREASE_LAYERS_ROOT];
} crease_root;

typedef struct {
    const crease_model *model;
    crease_rays origin; /* the coordinates of the model, without a map */
    mpz_t *unit_vector; /* row j of the identity begins at unit_vector + centre - j */
    size_t centre;
    crease_root root;
    crease_map *walls;    /* the map of model->walls, or NULL */
    uint64_t *all_walls;  /* the set of its rows */
    crease_ray_cell base; /* the rays of the cone where all root units are positive */
    crease_arena *own;    /* holds base */
    uint64_t **every;     /* per layer: the set of all its decisions */
    bool keeps_inputs;    /* cells stay in the coordinates of the model */
} crease_layers;

/* The working state of one worker for ray cells.  The model has at least one input, and its first
 * layer switches. */
crease_layers *crease_layers_new(const crease_model *model, crease_tally *tally,
                                 crease_arena *arena);
void crease_layers_free(crease_layers *layers);

/* The set of all decisions of a layer. */
const uint64_t *crease_layers_units(const crease_layers *layers, size_t layer);

/* Sets map to the first layer's rows; returns the coordinates of the model with these rows. */
const crease_rays *crease_layers_begin(crease_layers *layers, crease_map *map);

/* Are there n independent rows among the half-spaces and those units of the first layer whose signs
 * cut cells in two, that is, which do not compare two pieces of more?  There must be no box.  With
 * more than CREASE_LAYERS_RAYS inputs they are only looked for if there are no half-spaces, and
 * found only if they are independent modulo a prime. */
bool crease_layers_find_root(const crease_model *model, crease_root *root);

/* The domain is then the union of 2^(n - faces) cells, one for every choice of signs of the units
 * in the root.  All of them are non-empty if the domain is: the half-spaces' rows are spanned by
 * those in the root, and where these are constant, the units take all values. */
const crease_root *crease_layers_root(const crease_layers *layers);

/* With at most CREASE_LAYERS_RAYS inputs: the simplicial cone where v_d > 0, the half-spaces of the
 * root hold and its row i, a unit, has the sign sign[i] (+1 or -1).  rays: from
 * crease_layers_begin. */
crease_ray_cell crease_layers_orthant(crease_layers *layers, const crease_rays *rays,
                                      const int *sign);

/* The box, whose rays are its corners.  rays: from crease_layers_begin. */
crease_ray_cell crease_layers_box(crease_layers *layers, const crease_rays *rays);

/* The part of a cell from crease_layers_orthant or crease_layers_box that lies in the domain.
 * False if it has too many bounding rows for a ray cell, or more rays than most. */
bool crease_layers_narrow(crease_layers *layers, const crease_rays *rays, crease_ray_cell *cell,
                          size_t most);

/* The coordinates (chosen units of the layer that is left, 1), which are also the faces, with the
 * rows of map, the next layer's map, which must be set. */
const crease_rays *crease_layers_rebase(crease_layers *layers, crease_map *map, size_t d,
                                        const size_t *chosen);

/* Sets *next to the cell as a cell of the next layer, and returns its coordinates; state are the
 * gates of the layer left (model/maxout_groups.h), map (set here) is the next layer's.  chosen has
 * room for the layer left and must stay in place.  All signs of the new rows at the new rays are
 * decided.
 *
 * Rays at which all active units and v_d vanish see only zeros from here on (kernel rays).
 * Let S be the span of the active rows and (0, ..., 0, 1), the last row that still matters.
 * If these rows are independent, and no row outside S that bounds the cell vanishes at all
 * kernel rays, then the rows outside S are positive somewhere on the common kernel of S,
 * so a combination of bounding rows that lies in S uses rows of S only: the image of the
 * cell under (active units, 1) is bounded by the rows of S alone.  The cell is replaced by
 * that image, in the coordinates (active units, 1); its extreme rays are the images with
 * maximal active sets. */
const crease_rays *crease_layers_enter(crease_layers *layers, const crease_rays *rays,
                                       const crease_ray_cell *cell, const uint8_t *state,
                                       crease_map *map, size_t *chosen, crease_ray_cell *next);

/* The same for a bounded cell that is not to be replaced, whose rays stay as they are for now: they
 * are those of own's coordinates, of the layer left or one before it (crease_rays_see_ahead,
 * crease_rays_carry_on).  NULL, and nothing done, if that cannot be. */
const crease_rays *crease_layers_pass(const crease_rays *rays, const crease_rays *own,
                                      const crease_ray_cell *cell, const uint8_t *state,
                                      crease_map *map);

#endif
