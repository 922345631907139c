/* A zip archive in memory.  Only archives that all programs read in the same way are accepted: the
 * directory is at the very end, the entries have its order and do not overlap, and their own
 * headers have the same names.  Entries are stored or deflated.  Encryption, a comment of the
 * archive, and sizes of 4 GiB or more are refused. */
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

/* Lists the entries.  Refuses more than `most`, or more than `bytes` when unpacked.  The caller
 * gives *entry to crease_zip_free. */
crease_status crease_zip_list(const crease_source *source, size_t most, size_t bytes,
                              crease_zip_entry **entry, size_t *count);

/* Unpacks into out, entry->size bytes.  False if the size or the CRC is wrong. */
bool crease_zip_unpack(const crease_zip_entry *entry, unsigned char *out);

void crease_zip_free(crease_zip_entry *entry, size_t count);

#endif
