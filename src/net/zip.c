#include "net/zip.h"

#include "base/memory.h"
#include "base/status.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#define FAIL(source, ...) crease_fail((source)->error, CREASE_INPUT, __VA_ARGS__)

/* Lengths of the fixed parts, and where numbers are in them: APPNOTE.TXT of PKWARE, 4.3. */
enum {
    LOCAL = 30,
    LOCAL_FLAGS = 6,
    LOCAL_METHOD = 8,
    LOCAL_NAME = 26,
    LOCAL_EXTRA = 28,
    CENTRAL = 46,
    VERSION = 6,
    FLAGS = 8,
    METHOD = 10,
    SUM = 16,
    PACKED = 20,
    SIZE = 24,
    NAME = 28,
    EXTRA = 30,
    COMMENT = 32,
    DISK = 34,
    PLACE = 42,
    END = 22,
    END_DISKS = 4,
    END_HERE = 8,
    END_ALL = 10,
    END_SIZE = 12,
    END_PLACE = 16,
    END_COMMENT = 20,
    STORED = 0,
    DEFLATED = 8,
    NEWEST = 63,
    /* How hard it was packed, sizes behind the data, names in UTF-8. */
    KNOWN_FLAGS = 1 << 1 | 1 << 2 | 1 << 3 | 1 << 11
};

typedef struct {
    const crease_source *source;
    const unsigned char *start, *directory; /* what lies before it are entries */
    size_t free_from;                       /* where the next entry may begin */
} archive;

static size_t two(const unsigned char *at)
{
    return at[0] | (size_t)at[1] << 8;
}

static size_t four(const unsigned char *at)
{
    return two(at) | two(at + 2) << 16;
}

static bool starts(const unsigned char *at, size_t left, size_t length, const char *letters)
{
    assert(at);
    return left >= length && !memcmp(at, letters, 4);
}

/* The entry's place: its own header must say the same as the directory. */
static bool find_data(archive *a, const unsigned char *header, crease_zip_entry *entry)
{
    size_t place = four(header + PLACE), limit = (size_t)(a->directory - a->start);
    size_t name = two(header + NAME);
    const unsigned char *local = a->start + place;
    if (place < a->free_from || place > limit || !starts(local, limit - place, LOCAL, "PK\3\4") ||
        two(local + LOCAL_FLAGS) != two(header + FLAGS) ||
        two(local + LOCAL_METHOD) != two(header + METHOD) || two(local + LOCAL_NAME) != name)
        return false;
    size_t before = LOCAL + name + two(local + LOCAL_EXTRA);
    if (before > limit - place || entry->packed_size > limit - place - before ||
        memcmp(local + LOCAL, header + CENTRAL, name))
        return false;
    entry->packed = local + before;
    a->free_from = place + before + entry->packed_size;
    return true;
}

/* Reads the next header of the directory, of which left bytes remain; *length is its own. */
static crease_status read_entry(archive *a, const unsigned char *header, size_t left,
                                crease_zip_entry *entry, size_t *length)
{
    const char *file = a->source->name;
    if (!starts(header, left, CENTRAL, "PK\1\2"))
        return FAIL(a->source, "%s: not a good zip archive: an entry of the directory is missing",
                    file);
    size_t name = two(header + NAME), method = two(header + METHOD), flags = two(header + FLAGS);
    *length = CENTRAL + name + two(header + EXTRA) + two(header + COMMENT);
    if (*length > left || memchr(header + CENTRAL, 0, name))
        return FAIL(a->source, "%s: not a good zip archive: a damaged name in the directory", file);
    entry->name = crease_alloc(name + 1, 1);
    memcpy(entry->name, header + CENTRAL, name);
    entry->packed_size = four(header + PACKED);
    entry->size = four(header + SIZE);
    entry->sum = (uint32_t)four(header + SUM);
    entry->deflated = method == DEFLATED;
    if ((method != STORED && method != DEFLATED) || (flags & ~(size_t)KNOWN_FLAGS) ||
        two(header + VERSION) > NEWEST || two(header + DISK))
        return FAIL(a->source, "%s: %.80s: neither stored nor deflated", file, entry->name);
    if (!find_data(a, header, entry))
        return FAIL(a->source, "%s: %.80s: is not where the directory of the zip archive says",
                    file, entry->name);
    return CREASE_OK;
}

static crease_status open_archive(archive *a, size_t *count, size_t *size)
{
    const crease_source *source = a->source;
    const unsigned char *end = a->start + source->length - END;
    if (source->length < END || memcmp(end, "PK\5\6", 4) || two(end + END_COMMENT))
        return FAIL(source, "%s: not a good zip archive: no directory at the end", source->name);
    *count = two(end + END_ALL);
    *size = four(end + END_SIZE);
    size_t place = four(end + END_PLACE);
    if (four(end + END_DISKS) || two(end + END_HERE) != *count || *count == 0xffff ||
        place + *size != source->length - END)
        return FAIL(source,
                    "%s: not a good zip archive: a damaged directory, or more than 65534 entries",
                    source->name);
    a->directory = a->start + place;
    return CREASE_OK;
}

crease_status crease_zip_list(const crease_source *source, size_t most, size_t bytes,
                              crease_zip_entry **entry, size_t *count)
{
    archive a = {.source = source, .start = (const unsigned char *)source->data};
    size_t entries = 0, left = 0, length = 0, total = 0;
    *entry = NULL;
    *count = 0;
    crease_status status = open_archive(&a, &entries, &left);
    if (status)
        return status;
    if (entries > most)
        return FAIL(source, "%s: %zu entries, at most %zu are allowed", source->name, entries,
                    most);
    *entry = crease_alloc(entries, sizeof **entry);
    const unsigned char *at = a.directory;
    while (*count < entries && !status) {
        crease_zip_entry *next = &(*entry)[(*count)++];
        status = read_entry(&a, at, left, next, &length);
        if (!status && next->size > bytes - total)
            status = FAIL(source, "%s: more than %zu MiB when unpacked", source->name, bytes >> 20);
        if (status)
            break;
        total += next->size;
        at += length;
        left -= length;
    }
    if (!status && left)
        status = FAIL(source, "%s: not a good zip archive: %zu more bytes in the directory",
                      source->name, left);
    if (status) {
        crease_zip_free(*entry, *count);
        *entry = NULL;
    }
    return status;
}

static bool inflate_into(const crease_zip_entry *entry, unsigned char *out)
{
    unsigned char none = 0;
    z_stream stream = {.next_in = (unsigned char *)entry->packed,
                       .avail_in = (uInt)entry->packed_size,
                       .next_out = entry->size ? out : &none,
                       .avail_out = (uInt)entry->size};
    if (inflateInit2(&stream, -MAX_WBITS) != Z_OK)
        crease_fatal("out of memory");
    int code = inflate(&stream, Z_FINISH);
    bool good = code == Z_STREAM_END && stream.avail_in == 0 && stream.avail_out == 0;
    inflateEnd(&stream);
    return good;
}

bool crease_zip_unpack(const crease_zip_entry *entry, unsigned char *out)
{
    if (!entry->deflated && entry->packed_size != entry->size)
        return false;
    if (!entry->deflated)
        memcpy(out, entry->packed, entry->size);
    else if (!inflate_into(entry, out))
        return false;
    return crc32(crc32(0, NULL, 0), out, (uInt)entry->size) == entry->sum;
}

void crease_zip_free(crease_zip_entry *entry, size_t count)
{
    for (size_t i = 0; i < count; i++)
        free(entry[i].name);
    free(entry);
}
