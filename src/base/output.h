/* A file that gets its name only when it is complete. */
#ifndef CREASE_BASE_OUTPUT_H
#define CREASE_BASE_OUTPUT_H

#include <crease.h>
#include <stdio.h>

/* Until then it has a temporary name in the directory of path. */
typedef struct {
    char *path, *temporary;
    int descriptor; /* above those of the standard streams */
} crease_output;

/* If path exists, it must be a regular file.  On success the caller must call
 * crease_output_close. */
crease_status crease_output_open(const char *path, crease_output *output, crease_error *error);

/* A stream on the same file, to be closed by the caller. */
FILE *crease_output_stream(const crease_output *output);

/* Writes the bytes at the current position.  False on failure; errno says why. */
bool crease_output_write(crease_output *output, const void *byte, size_t count);

/* Gives the file its name.  Its permissions are those that open(2) gives a new file.  File and name
 * are on disk when this returns.  False on failure; errno says why. */
bool crease_output_commit(crease_output *output);

/* Closes the file, and removes it if it was not committed. */
void crease_output_close(crease_output *output);

/* Removes temporary files of this path that were last written more than a day ago; killed runs
 * leave them. */
void crease_output_sweep(const char *path);

#endif
