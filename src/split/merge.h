/* Merging: of cells with one image in the next layer, one is counted.
 *
 * A cell that enters a layer gets a print, and if the table has an image with that print, the exact
 * key (dd/image.h).  If the table has the key, the cell has as many regions as it says.  Otherwise
 * the cell is counted, and put into the table if that took much longer than to find a key.
 *
 * A worker stops to look in a layer when many cells there were counted and none was known.  Where
 * coordinates are known too badly for a print, the key is computed at once, and such cells weigh
 * more.
 *
 * Costs are measured in rays of cells: as many are computed in the time of what is done. */
#ifndef CREASE_SPLIT_MERGE_H
#define CREASE_SPLIT_MERGE_H

#include "cells/cell.h"
#include "split/images.h"

typedef struct crease_merger crease_merger;

/* The state of one worker.  images are shared; always: every cell is looked up and put in. */
crease_merger *crease_merger_new(const crease_model *model, crease_images *images, bool always);
void crease_merger_free(crease_merger *merge);

/* LPs and regions that LP cells count.  Measured in boxes of 8 to 10 inputs. */
enum { CREASE_MERGE_LP = 40, CREASE_MERGE_REGION = 50 };

/* A cell that has entered a layer, as long as it is counted.  Its memory belongs to the arena of
 * the cell, but for the key. */
typedef struct {
    const crease_rays *rays;
    crease_ray_cell cell;
    uint64_t *live;
    uint8_t *key; /* or NULL */
    size_t bytes;
    uint64_t print; /* 0: none */
    double spent;   /* by the worker on keys before */
} crease_border;

/* Does the worker look at cells that enter layer l? */
bool crease_merger_looks(const crease_merger *merge, size_t l);

/* The cell enters layer l; cut and state: as for crease_image_live.  True, and *regions, if its
 * image is known; otherwise *border is to be given to crease_merger_leave. */
bool crease_merger_enter(crease_merger *merge, size_t l, const crease_cell *cell,
                         const uint64_t *cut, const uint8_t *state, crease_border *border,
                         crease_whole *regions);

/* The cell is counted.  regions: NULL if not all of them were counted here, by this worker.
 * cost: that of counting them. */
void crease_merger_leave(crease_merger *merge, crease_border *border, const crease_whole *regions,
                         double cost);

/* The last layer that the worker looks at, or 0; what it has spent on keys. */
size_t crease_merger_last(const crease_merger *merge);
double crease_merger_spent(const crease_merger *merge);

/* In shadow builds, cells whose image is known are counted again if they have few regions. */
bool crease_merger_worth_checking(const crease_whole *known);
void crease_shadow_merged(size_t l, const crease_whole *known, const crease_whole *counted);

/* Adds the worker's numbers. */
void crease_merger_add(const crease_merger *merge, crease_layer_images sum[CREASE_MERGED_LAYERS]);

#endif
