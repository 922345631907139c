/* Files that are read. */
#ifndef CREASE_BASE_INPUT_H
#define CREASE_BASE_INPUT_H

#include <crease.h>

/* The whole file in memory, with a zero byte behind it; *text is the caller's.  A directory, and a
 * file of more than 2 GiB, is refused before anything is read. */
crease_status crease_input_read(const char *path, char **text, size_t *length, crease_error *error);

/* The same of a file that a user gives.  It may be compressed with gzip or zstd: then *text is what
 * it unpacks to, at most 1 GiB, and *packed is set (NULL: not wanted).  An empty file is refused, and
 * so is a compressed one that is cut off, damaged or followed by anything. */
crease_status crease_input_unpack(const char *path, char **text, size_t *length, bool *packed,
                                  crease_error *error);

/* Is there a file at path that starts as a compressed one does? */
bool crease_input_is_packed(const char *path);

#endif
