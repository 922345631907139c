/* Identification: the cells that layers map onto one image.  Conventions as in crease.h. */
#ifndef CREASE_IDENTIFY_H
#define CREASE_IDENTIFY_H

#include <crease.h>

#ifdef __cplusplus
extern "C" {
#endif
#if defined(__GNUC__)
#pragma GCC visibility push(default)
#endif

/* Images that have one number of cells, in decimal, and how many such images there are. */
typedef struct {
    char *cells;
    uint64_t images;
} crease_class_size;

/* The border into a layer.  Its cells are the activation regions of the layers before it.  On a
 * cell, the pre-activations of the layer are affine functions of the input.  The image of the cell
 * is the set of units that are not dead there, with the set of vectors of their pre-activations.  A
 * ReLU or clip unit is dead if it is in state 0 on the whole cell.  Of a maxout unit, pieces that
 * are the largest nowhere in the cell are dead.  In the last layer that switches, values that are
 * carried past it do not count, and of maxout units only the differences of pieces that are not
 * dead.
 *
 * The states of the layer and of later ones are functions of the image.  Cells with equal images
 * form a class. */
typedef struct {
    size_t layer;    /* of the network, from 0 */
    char *cells;     /* in decimal */
    uint64_t images; /* different ones */
    char *largest;   /* cells of the largest class, in decimal */
    size_t sizes;    /* entries of size, ascending by cells */
    crease_class_size *size;
} crease_border_images;

typedef struct {
    size_t borders; /* one into each layer that switches but the first */
    crease_border_images *border;
    char *regions; /* of the network, in decimal */
    bool complete; /* false: stopped early; the numbers are then those of a part of the cells */
    crease_stop stopped;
    size_t dimension; /* inputs after exact reduction */
    int threads;
    double seconds;
} crease_identification;

/* Finds the images of all cells at all borders in the domain (NULL: all of R^n), exactly.  Two
 * images are equal if they are equal as sets of vectors of rational numbers.
 *
 * Of options, merge says which cells are searched: AUTO and ON: one of each class, from which the
 * others follow, so that there may be more cells than anyone can enumerate; OFF: every cell.  The
 * result is the same.  Only the split engine does this, with cells that carry their extreme rays:
 * the function returns CREASE_INPUT if a cell has too many of them.  definition must be activation.
 * gap, start and limit_regions are not used.  Progress is about the cells that are searched.
 *
 * The caller frees *found with crease_identification_free. */
crease_status crease_identify(const crease_network *network, const crease_domain *domain,
                              const crease_options *options, crease_identification **found,
                              crease_error *error);
void crease_identification_free(crease_identification *found);

#if defined(__GNUC__)
#pragma GCC visibility pop
#endif
#ifdef __cplusplus
}
#endif
#endif
