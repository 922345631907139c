/* Files that are read. */
#ifndef CREASE_BASE_INPUT_H
#define CREASE_BASE_INPUT_H

#include <crease.h>

/* The whole file in memory, with a zero byte behind it; *text is the caller's. */
crease_status crease_input_read(const char *path, char **text, size_t *length, crease_error *error);

#endif
