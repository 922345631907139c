#include "job/records.h"

#include "base/memory.h"
#include "base/status.h"
#include "regions/batch_bytes.h"

#include <errno.h>
#include <fcntl.h>
#include <nettle/sha2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILES = 2, PIECE = 1 << 16 };

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
static const char title[] = "crease-records 1 little\n";
#else
static const char title[] = "crease-records 1 big\n";
#endif

typedef struct {
    char *path;
    FILE *stream;
    uint64_t bytes;
    struct sha256_ctx sha; /* of these bytes */
} record_file;

struct crease_records {
    record_file file[FILES];
    const char *failed; /* the path of a file that could not be written, or NULL */
    int failure;        /* errno then */
};

static char *path_of(const char *path, unsigned file)
{
    char *name;
    if (asprintf(&name, "%s.records-%u", path, file) < 0)
        crease_fatal("out of memory");
    return name;
}

static void digest_of(const struct sha256_ctx *sha, char hex[65])
{
    struct sha256_ctx own = *sha;
    uint8_t digest[SHA256_DIGEST_SIZE];
    sha256_digest(&own, sizeof digest, digest);
    for (size_t i = 0; i < sizeof digest; i++)
        snprintf(hex + 2 * i, 3, "%02x", digest[i]);
}

static crease_status damaged(const char *path, crease_error *error)
{
    return crease_fail(error, CREASE_INPUT, "%s: truncated or altered", path);
}

/* ---- Writing ---- */

static bool put(crease_records *records, record_file *file, const void *byte, size_t count)
{
    if (records->failed)
        return false;
    sha256_update(&file->sha, count, byte);
    file->bytes += count;
    if (!count || fwrite(byte, 1, count, file->stream) == count)
        return true;
    records->failed = file->path;
    records->failure = errno;
    return false;
}

bool crease_records_add(crease_records *records, unsigned file, const crease_visited_group *group)
{
    record_file *to = &records->file[file];
    const uint64_t length[2] = {group->length,
                                group->batch ? crease_batch_packed(group->batch) : 0};
    uint8_t *batch = crease_alloc(length[1], 1);
    if (group->batch)
        crease_batch_pack(group->batch, batch);
    bool good = put(records, to, length, sizeof length) &&
                put(records, to, group->text, group->length) && put(records, to, batch, length[1]);
    free(batch);
    return good;
}

bool crease_records_mark(crease_records *records, unsigned file, crease_record_mark *mark)
{
    record_file *own = &records->file[file];
    if (!records->failed && (fflush(own->stream) || fsync(fileno(own->stream)))) {
        records->failed = own->path;
        records->failure = errno;
    }
    mark->bytes = own->bytes;
    digest_of(&own->sha, mark->digest);
    return !records->failed;
}

crease_status crease_records_failure(const crease_records *records, crease_error *error)
{
    return crease_fail(error, CREASE_INPUT, "%s: cannot write: %s", records->failed,
                       strerror(records->failure));
}

/* ---- Opening ---- */

/* Is the file empty, or one of records? */
static bool may_replace(FILE *stream)
{
    char head[sizeof title] = "";
    size_t count = fread(head, 1, sizeof title - 1, stream), word = strcspn(title, " ");
    rewind(stream);
    return !count || (count > word && !memcmp(head, title, word + 1));
}

static crease_status open_file(record_file *file, bool there_already, crease_error *error)
{
    struct stat there;
    int descriptor = open(file->path, O_RDWR | (there_already ? 0 : O_CREAT) | O_CLOEXEC, 0666);
    /* A standard stream that is closed must not become the file. */
    if (descriptor >= 0 && descriptor <= 2) {
        int low = descriptor;
        descriptor = fcntl(low, F_DUPFD_CLOEXEC, 3);
        close(low);
    }
    if (descriptor < 0)
        return crease_fail(error, CREASE_INPUT, "%s: cannot open: %s", file->path, strerror(errno));
    file->stream = fdopen(descriptor, "r+");
    if (!file->stream)
        crease_fatal("out of memory or of file descriptors");
    if (fstat(descriptor, &there) || !S_ISREG(there.st_mode))
        return crease_fail(error, CREASE_INPUT, "%s: not a regular file", file->path);
    /* Not every file system has locks. */
    if (flock(descriptor, LOCK_EX | LOCK_NB) && errno == EWOULDBLOCK)
        return crease_fail(error, CREASE_INPUT, "%s: another run writes here", file->path);
    return CREASE_OK;
}

/* Reads as far as the mark, and checks that; to: where the bytes go, or NULL. */
static crease_status read_to(const crease_record_mark *mark, FILE *from, const char *path,
                             record_file *file, FILE *to, crease_error *error)
{
    char piece[PIECE], digest[65];
    while (file->bytes < mark->bytes) {
        uint64_t left = mark->bytes - file->bytes;
        size_t count = fread(piece, 1, left < PIECE ? (size_t)left : PIECE, from);
        if (!count)
            return damaged(path, error);
        if (!file->bytes && (count < sizeof title - 1 || memcmp(piece, title, sizeof title - 1)))
            return crease_fail(error, CREASE_INPUT, "%s: not records of this program", path);
        sha256_update(&file->sha, count, (const uint8_t *)piece);
        file->bytes += count;
        if (to && fwrite(piece, 1, count, to) != count)
            return crease_fail(error, CREASE_INPUT, "%s: cannot write: %s", file->path,
                               strerror(errno));
    }
    digest_of(&file->sha, digest);
    return strcmp(digest, mark->digest) ? damaged(path, error) : CREASE_OK;
}

/* From the file that is written to, or another one. */
static crease_status take_over(record_file *file, const char *path, const crease_record_mark *mark,
                               crease_error *error)
{
    crease_status status;
    if (!strcmp(path, file->path)) {
        status = read_to(mark, file->stream, path, file, NULL, error);
    } else {
        FILE *from = fopen(path, "rbe");
        if (!from)
            return crease_fail(error, CREASE_INPUT, "%s: cannot open: %s", path, strerror(errno));
        status = read_to(mark, from, path, file, file->stream, error);
        fclose(from);
    }
    return status;
}

static crease_status begin(crease_records *records, record_file *file, const char *path,
                           const crease_record_mark *mark, crease_error *error)
{
    bool same = mark && !strcmp(path, file->path);
    crease_status status = open_file(file, same, error);
    if (status)
        return status;
    if (!same && !may_replace(file->stream))
        return crease_fail(error, CREASE_INPUT,
                           "%s: is there and has no records; it is not replaced", file->path);
    if (!same && ftruncate(fileno(file->stream), 0))
        return crease_fail(error, CREASE_INPUT, "%s: cannot write: %s", file->path,
                           strerror(errno));
    if (mark)
        status = take_over(file, path, mark, error);
    else
        put(records, file, title, sizeof title - 1);
    /* What follows is not of the state. */
    if (!status && (fflush(file->stream) || ftruncate(fileno(file->stream), (off_t)file->bytes) ||
                    fseeko(file->stream, 0, SEEK_END)))
        return crease_fail(error, CREASE_INPUT, "%s: cannot write: %s", file->path,
                           strerror(errno));
    return status;
}

crease_status crease_records_open(const char *path, const char *from,
                                  const crease_record_mark *mark, crease_records **records,
                                  crease_error *error)
{
    crease_records *own = *records = crease_alloc(1, sizeof *own);
    crease_status status = CREASE_OK;
    for (unsigned i = 0; i < FILES && !status; i++) {
        char *source = path_of(mark ? from : path, i);
        own->file[i].path = path_of(path, i);
        sha256_init(&own->file[i].sha);
        status = begin(own, &own->file[i], source, mark ? &mark[i] : NULL, error);
        free(source);
    }
    if (status) {
        crease_records_close(own);
        *records = NULL;
    }
    return status;
}

void crease_records_close(crease_records *records)
{
    if (!records)
        return;
    for (unsigned i = 0; i < FILES; i++) {
        if (records->file[i].stream)
            fclose(records->file[i].stream);
        free(records->file[i].path);
    }
    free(records);
}

/* ---- Reading ---- */

/* A group; *block: room for its bytes, which the caller frees. */
static bool read_group(FILE *from, uint64_t left, uint8_t **block, crease_visited_group *group,
                       crease_region_batch *batch, struct sha256_ctx *sha)
{
    uint64_t length[2];
    if (left < sizeof length || fread(length, 1, sizeof length, from) != sizeof length)
        return false;
    left -= sizeof length;
    if (length[0] > left || length[1] > left - length[0])
        return false;
    /* The batch comes first, where it is aligned. */
    *block = crease_realloc(*block, (size_t)(length[0] + length[1]) + 1, 1);
    uint8_t *text = *block + length[1];
    if (fread(text, 1, (size_t)length[0], from) != length[0] ||
        fread(*block, 1, (size_t)length[1], from) != length[1])
        return false;
    sha256_update(sha, sizeof length, (const uint8_t *)length);
    sha256_update(sha, (size_t)length[0], text);
    sha256_update(sha, (size_t)length[1], *block);
    *group = (crease_visited_group){(const char *)text, (size_t)length[0], NULL};
    if (!length[1])
        return true;
    group->batch = batch;
    return crease_batch_unpack(*block, (size_t)length[1], batch);
}

static crease_status read_file(record_file *file, crease_visited_take *take, void *context,
                               bool *more, crease_error *error)
{
    struct sha256_ctx sha;
    char read[65], written[65];
    uint8_t *block = crease_alloc(1, 1);
    crease_status status = CREASE_OK;
    sha256_init(&sha);
    sha256_update(&sha, sizeof title - 1, (const uint8_t *)title);
    if (fseeko(file->stream, sizeof title - 1, SEEK_SET))
        status = damaged(file->path, error);
    for (uint64_t at = sizeof title - 1; at < file->bytes && !status && *more;) {
        crease_visited_group group;
        crease_region_batch batch;
        if (!read_group(file->stream, file->bytes - at, &block, &group, &batch, &sha))
            status = damaged(file->path, error);
        else
            *more = take(context, 0, &group);
        at = (uint64_t)ftello(file->stream);
    }
    digest_of(&sha, read);
    digest_of(&file->sha, written);
    if (!status && *more && strcmp(read, written))
        status = damaged(file->path, error);
    free(block);
    return status;
}

crease_status crease_records_read(crease_records *records, crease_visited_take *take, void *context,
                                  crease_error *error)
{
    crease_status status = CREASE_OK;
    bool more = true;
    for (unsigned i = 0; i < FILES && !status && more; i++)
        status = read_file(&records->file[i], take, context, &more, error);
    return status;
}
