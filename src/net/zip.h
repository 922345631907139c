/* A zip archive in memory, in the one reading that all programs share: the directory stands at the
 * very end, the entries lie in its order without overlap, and both name them alike.  Entries are
 * stored or deflated; no encryption, no comment of the archive, sizes below 4 GiB. */
#ifndef CREASE_NET_ZIP_H
#define CREASE_NET_ZIP_H

#include "net/source.h"

typedef struct {
    char *name;
    const unsigned char *packed; /* in the source */
    size_t packed_size, size;
    uint32_t sum; /* CRC-32 of the content */
    bool deflated;
} crease_zip_entry;

/* Lists at most `most` entries, which together unpack to at most bytes.  *entry is the caller's, to
 * be freed with crease_zip_free. */
crease_status crease_zip_list(const crease_source *source, size_t most, size_t bytes,
                              crease_zip_entry **entry, size_t *count);

/* Unpacks into out, entry->size bytes; false if that or the sum is wrong. */
bool crease_zip_unpack(const crease_zip_entry *entry, unsigned char *out);

void crease_zip_free(crease_zip_entry *entry, size_t count);

#endif
