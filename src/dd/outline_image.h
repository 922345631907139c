/* The image of a ray cell under its active units, for outlines.
 *
 * All rows of the cell's layer are functions of the active units of the layer below and of v_d.
 * Let S be the span of these.  If dd/layers.h would replace a cell by its image, which is bounded
 * by rows of S alone, the extreme rays of the image are the images of those rays of the cell whose
 * active rows in S are most.  The values of rows in S are the same at a ray and at its image: an
 * outline needs no other coordinates.
 *
 * A point in the image is a sum of multiples, more than 0, of images of rays.  The same sum of the
 * rays themselves and of all kernel rays lies in the cell: a row in S has the same value as at the
 * image, and the others are positive at some kernel ray. */
#ifndef CREASE_DD_OUTLINE_IMAGE_H
#define CREASE_DD_OUTLINE_IMAGE_H

#include "dd/low_rank.h"

typedef struct {
    size_t dimension;     /* of the image, as a cone */
    crease_ray_cell cell; /* a ray for each of the image, with active rows of S alone */
    double *lift;         /* d numbers: the sum of the kernel rays; NULL: it is the cell itself */
    crease_low_rank low;  /* then: spaces that hold the rows of its layer */
} crease_outline_image;

/* The image of a cell if it is bounded by rows of S alone, or else the cell itself.  False if the
 * thread is interrupted. */
bool crease_outline_find_image(const crease_rays *rays, const crease_ray_cell *cell,
                               crease_outline_image *image);

#endif
