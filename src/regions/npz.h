/* Writes arrays of numbers whose length is not known in advance to an .npz file, as NumPy reads
 * it: a ZIP archive, not compressed, of one .npy file for each array.
 *
 * The arrays grow in temporary files beside the output, which are removed in the end.  The output
 * gets its name only when it is complete.  One thread at a time. */
#ifndef CREASE_REGIONS_NPZ_H
#define CREASE_REGIONS_NPZ_H

#include <crease.h>

typedef struct crease_npz crease_npz;
typedef struct crease_npz_array crease_npz_array;

typedef enum { CREASE_NPZ_BYTE, CREASE_NPZ_INT, CREASE_NPZ_DOUBLE } crease_npz_type;

/* The caller gives *npz to crease_npz_close. */
crease_status crease_npz_open(const char *path, crease_npz **npz, crease_error *error);

/* Another array, of rows with the given shape: of no dimension (one number), one or two.  It
 * belongs to npz.  NULL if there is no temporary file for it. */
crease_npz_array *crease_npz_add(crease_npz *npz, const char *name, crease_npz_type type,
                                 size_t dimensions, const size_t *shape, crease_error *error);

/* Appends rows: bytes, int64_t or doubles.  False if they cannot be written; then the commit fails
 * and says why. */
bool crease_npz_append(crease_npz_array *array, const void *data, size_t rows);

/* Writes the output and gives it its name. */
crease_status crease_npz_commit(crease_npz *npz, crease_error *error);

/* Also without a commit: then there is no output. */
void crease_npz_close(crease_npz *npz);

#endif
