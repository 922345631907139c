/* Compressed files in memory: gzip (RFC 1952), zstd (RFC 8878) and xz. */
#ifndef CREASE_BASE_UNPACK_H
#define CREASE_BASE_UNPACK_H

#include <crease.h>

/* Do the data start as one of these does?  (No .safetensors file does.) */
bool crease_unpack_wanted(const char *data, size_t length);

/* Replaces *text by what it unpacks to, with a zero byte behind it; several members (frames) make
 * one content.  Refuses more than `most` bytes, more than 100 times the data unless it is at most
 * 64 MiB, and data that are cut off, damaged or followed by anything else; then *text is freed and
 * NULL. */
crease_status crease_unpack(const char *name, char **text, size_t *length, size_t most,
                            crease_error *error);

#endif
