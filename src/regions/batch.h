/* Regions as arrays (crease_region_batch). */
#ifndef CREASE_REGIONS_BATCH_H
#define CREASE_REGIONS_BATCH_H

#include <crease_regions.h>

typedef struct crease_batch crease_batch;

/* For up to `most` regions; fields as in crease_region_batches. */
crease_batch *crease_batch_new(unsigned fields, size_t most);
void crease_batch_free(crease_batch *batch);

/* Adds the region, unless it was stopped (crease_region_stopped); true if the batch is then
 * full. */
bool crease_batch_add(crease_batch *batch, crease_region *region);

/* The regions added since the last call of crease_batch_clear. */
crease_region_batch crease_batch_view(const crease_batch *batch);
void crease_batch_clear(crease_batch *batch);

#endif
