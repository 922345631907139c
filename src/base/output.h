/* A file that appears under its name only when it is complete. */
#ifndef CREASE_BASE_OUTPUT_H
#define CREASE_BASE_OUTPUT_H

#include <crease.h>
#include <stdio.h>

/* Written through descriptor, under a temporary name beside path. */
typedef struct {
    char *path, *temporary;
    int descriptor; /* above those of the standard streams */
} crease_output;

/* An existing path must be a regular file.  On success the output is to be given to
 * crease_output_close. */
crease_status crease_output_open(const char *path, crease_output *output, crease_error *error);

/* A stream on the same file, to be closed by the caller. */
FILE *crease_output_stream(const crease_output *output);

/* Writes the bytes where the descriptor is.  False if that failed; errno says why. */
bool crease_output_write(crease_output *output, const void *byte, size_t count);

/* Forces the file to disk and gives it its name, which is forced to disk as well, and the permissions
 * that open(2) would have given it.  False if that failed; errno says why. */
bool crease_output_commit(crease_output *output);

/* Closes the file, and removes it if it was not committed. */
void crease_output_close(crease_output *output);

/* Removes the temporary files of this very path that nobody has written to for a day: what is left of
 * runs that were killed. */
void crease_output_sweep(const char *path);

#endif
