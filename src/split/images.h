/* A table of images (dd/image.h) and the numbers of regions of the cells that have them.
 *
 * Every function may be called by any thread at any time.  If the table grows beyond its limit, it
 * forgets everything: then cells are counted again, and nothing else changes. */
#ifndef CREASE_SPLIT_IMAGES_H
#define CREASE_SPLIT_IMAGES_H

#include "base/whole.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct crease_images crease_images;

crease_images *crease_images_new(void);
void crease_images_free(crease_images *images);

/* Was an image with this print put in?  A proposal: another image may have the same one. */
bool crease_images_propose(crease_images *images, uint64_t print);

/* If the key is there: true, *regions, and in *cells the cells with this image so far, one more at
 * each call. */
bool crease_images_find(crease_images *images, const uint8_t *key, size_t bytes,
                        crease_whole *regions, uint64_t *cells);

/* Puts an image in, with a print unless it is 0.  Takes the key over. */
void crease_images_put(crease_images *images, uint8_t *key, size_t bytes, uint64_t print,
                       const crease_whole *regions);

#endif
