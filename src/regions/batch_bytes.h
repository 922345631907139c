/* Batches as bytes, to be kept in a file and read by the same program. */
#ifndef CREASE_REGIONS_BATCH_BYTES_H
#define CREASE_REGIONS_BATCH_BYTES_H

#include <crease_regions.h>

/* How many bytes crease_batch_pack writes: a multiple of 8. */
size_t crease_batch_packed(const crease_region_batch *batch);
void crease_batch_pack(const crease_region_batch *batch, uint8_t *byte);

/* Sets the batch, which points into the bytes; their address is a multiple of 8.  False unless all
 * arrays together have this length and the numbers of facets and vertices fit. */
bool crease_batch_unpack(const uint8_t *byte, size_t length, crease_region_batch *batch);

#endif
