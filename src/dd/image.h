/* The image of a ray cell in the next layer, as a key that can be compared.
 *
 * Let C be a cell that has just entered layer l: an open convex cone in R^d on which v_d > 0.  On C
 * the pre-activations of the layer are linear in v.  Let Z(v) be the vector of
 *   - the values of the live rows of layer l (see crease_image_live), and
 *   - v_d times the constant of the map, which stands for the function 1,
 * all up to one positive factor, which is the same for all cells that enter the layer (the integers
 * of model/map.h).  The key of C is the layer, the set of live rows, and the set of the vectors
 * Z(r) over the extreme rays r of C, each divided by the greatest common divisor of its entries;
 * vectors that are 0 are left out.
 *
 * Cells with equal keys have equally many regions.  Proof.
 * 1. The key determines Z(C).  The closure of C is the set of all non-negative combinations of its
 *    rays, so Z maps it onto those of the vectors Z(r), which positive factors, repetitions and
 *    zero vectors do not change.  A linear map takes the relative interior of a convex set to the
 *    relative interior of its image (Rockafellar, Convex Analysis, theorem 6.6), and C is the
 *    interior of its closure.  So Z(C) is the relative interior of that cone.
 * 2. Where the states of the layers before l do not change, the pattern of layer l and of all later
 *    layers is a function of Z(v): pre-activations at the input are those of Z(v), divided by the
 *    last entry, and a row that is not live has no influence (crease_image_live).
 * 3. Let P be the set of vectors in Z(C) with a given pattern.  Its region in C is the set of all v
 *    in C with Z(v) in P.  Z is continuous, and open as a map from C onto Z(C), as it is linear.
 *    So the region has interior points iff P has interior points relative to Z(C).
 * Hence the regions of C, those with interior points, correspond one to one to the patterns P with
 * interior points relative to Z(C), of which the key says how many there are.
 *
 * The rays of a cell that crease_layers_enter has replaced by its image are those of that image: it
 * has the same regions, and the same Z(C).
 *
 * When the thread is interrupted (base/interrupt.h), keys and prints must not be used. */
#ifndef CREASE_DD_IMAGE_H
#define CREASE_DD_IMAGE_H

#include "dd/rays.h"

/* Sets live, a set over the stride of layer l, to rows that, with the constant, determine the
 * pattern of this and later layers on a cell.  cut: the decisions that cut the cell; state: the
 * states of the others; in maxout layers both as crease_maxout_groups_settle leaves them.
 *   - Decisions that cut the cell are live.
 *   - In layers before the last one, rows that are passed on somewhere in the cell are live: of
 *     layers without maxout groups those that do not decide, and decisions in state 1; of a maxout
 *     layer the values of pieces that have lost no comparison, and carried rows.
 * Another decision without groups is 0 on the whole cell: its state is known and it is not passed
 * on.  Another comparison of a maxout group is decided or moot, and the winner of the group is one
 * of the pieces that have lost none, all comparisons of which with one another are in cut.  Rows of
 * the last layer are not passed on; with `outputs`, its decisions in state 1 without groups are
 * live, too, since the output depends on them. */
void crease_image_live(const crease_model *model, size_t l, const uint64_t *cut,
                       const uint8_t *state, bool outputs, uint64_t *live);

/* The key as bytes, *size of them: equal for equal keys, different for different ones.  The caller
 * frees it. */
uint8_t *crease_image_key(const crease_rays *rays, const crease_ray_cell *cell,
                          const uint64_t *live, size_t *size);

/* A key that is equal for two cells of one layer and one set of live rows if and only if the closed
 * cones are equal onto which Z maps their closures.  It has the reduced row echelon form of the
 * largest subspace in the cone, and the extreme rays of the cone modulo this subspace, with 0 at
 * the pivots, each primitive.  Where Z is injective, the images of the extreme rays of the cell are
 * those of the cone, and nothing is to be reduced; elsewhere it takes one exact LP per ray. */
uint8_t *crease_image_cone_key(const crease_rays *rays, const crease_ray_cell *cell,
                               const uint64_t *live, size_t *size);

/* Three random functionals of Z for one layer: weights of its rows and of the constant. */
typedef struct {
    size_t stride;
    double *weight; /* 3 x stride, aligned */
    double *masked; /* the same for live rows, 0 for others */
    double constant[3];
} crease_image_functionals;

void crease_image_functionals_open(crease_image_functionals *functionals,
                                   const crease_model_layer *layer);
void crease_image_functionals_close(crease_image_functionals *functionals);

/* A number in floating point that is nearly the same for equal keys, whatever the coordinates of
 * the cell: equal images differ by less than 1/4, and other images hardly ever do.  A proposal: it
 * decides nothing.  False if the coordinates are not known well enough. */
bool crease_image_print(const crease_rays *rays, const crease_ray_cell *cell, const uint64_t *live,
                        const crease_image_functionals *functionals, double *print);

#endif
