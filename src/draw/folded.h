/* The cells of a layer and their images. */
#ifndef CREASE_DRAW_FOLDED_H
#define CREASE_DRAW_FOLDED_H

#include "net/network.h"

#include <crease_pictures.h>

typedef struct {
    uint8_t *pattern;
    size_t corners;
    double *corner; /* corners x 2, counterclockwise */
    double *image;  /* corners x width: their images */
    /* The projected image, in the order of the corners; if it is an interval, a bar at the height
     * of class. */
    size_t flat_corners;
    double *flat; /* flat_corners x 2 */
    /* exacts x width: the corners of the image as exact fractions, in lexicographic order; room for
     * all corners. */
    size_t exacts;
    mpq_t *exact;
    size_t class; /* cells have one number iff their images have the same corners */
} crease_folded_cell;

typedef struct {
    size_t count, room, classes;
    size_t width;             /* of the space of the images */
    size_t units;             /* of the patterns */
    crease_folded_cell *cell; /* in the order of their patterns */
    size_t *size;             /* of each class; the largest come first */
} crease_folded;

/* The cells behind hidden layer number l, and their images in what layer l + 1 receives.  The
 * caller gives *images to crease_folded_clear in any case. */
crease_status crease_folded_find(const crease_network *network, size_t l,
                                 const crease_domain *window, const crease_options *options,
                                 crease_folded *images, crease_result *result, crease_error *error);
void crease_folded_clear(crease_folded *images);

#endif
