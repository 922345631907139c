/* Regions as arrays in an .npz file: those of crease_region_batch, under the same names. */
#ifndef CREASE_CLI_REGION_ARRAYS_H
#define CREASE_CLI_REGION_ARRAYS_H

#include <crease_regions.h>

typedef struct cli_arrays cli_arrays;

/* fields: as in crease_region_batches.  The caller gives *arrays to crease_cli_arrays_close. */
crease_status crease_cli_arrays_open(const char *path, const crease_network *network,
                                     unsigned fields, cli_arrays **arrays, crease_error *error);

/* Appends the batch.  False if it cannot be written; then the commit fails and says why.  One
 * thread at a time. */
bool crease_cli_arrays_add(cli_arrays *arrays, const crease_region_batch *batch);

/* Gives the file its name. */
crease_status crease_cli_arrays_commit(cli_arrays *arrays, crease_error *error);
void crease_cli_arrays_close(cli_arrays *arrays);

#endif
