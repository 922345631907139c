/* Reading a whole file. */
#ifndef CREASE_BASE_INPUT_H
#define CREASE_BASE_INPUT_H

#include <crease.h>

/* The whole file in memory, followed by a zero byte.  The caller frees *text.  A directory, or a
 * file of more than 2 GiB, is refused before anything is read. */
crease_status crease_input_read(const char *path, char **text, size_t *length, crease_error *error);

/* The same for a file that a user gives, which may be compressed with gzip, zstd or xz.  Then *text
 * is the uncompressed content, at most 1 GiB and what base/unpack.h allows, and *packed is set;
 * packed may be NULL.  An empty file is refused, and so is a compressed one that is cut off,
 * damaged or followed by other bytes. */
crease_status crease_input_unpack(const char *path, char **text, size_t *length, bool *packed,
                                  crease_error *error);

/* Is there a file at path with the first bytes of a compressed one? */
bool crease_input_is_packed(const char *path);

#endif
