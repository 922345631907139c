/* The certificate as a stream of bytes and numbers, through buffers of fixed size. */
#include "check.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zstd.h>
#include <zstd_errors.h>

struct stream {
    const char *path;
    bool json;
    FILE *file;
    ZSTD_DCtx *zstd; /* NULL if the file is plain */
    ZSTD_inBuffer raw;
    bool inside, more; /* inside a frame; zstd holds more output */
    uint64_t before, mark;
    size_t next, size; /* in buffer; before counts the bytes before it */
    writing *content;  /* its digest so far, or NULL */
    uint8_t *point;    /* the bytes of a coordinate */
    size_t room;
    uint8_t buffer[1 << 16], raw_buffer[1 << 16];
};

/* Reasons contain nothing that JSON would have to escape. */
void stream_reject(const stream *in, const char *format, ...)
{
    char reason[512];
    va_list list;
    va_start(list, format);
    vsnprintf(reason, sizeof reason, format, list);
    va_end(list);
    unsigned long long at = in->mark;
    fprintf(stderr, "crease-check: %s: byte %llu: REJECTED: %s\n", in->path, at, reason);
    if (in->json)
        printf("{\"verified\": false, \"offset\": %llu, \"reason\": \"%s\"}\n", at, reason);
    exit(1);
}

/* Anything that does not begin like a zstd or a skippable frame is taken to be plain. */
stream *stream_open(const char *path, bool json)
{
    stream *in = base_allocate(1, sizeof *in);
    in->path = path;
    in->json = json;
    in->file = strcmp(path, "-") ? fopen(path, "rb") : stdin;
    int first = in->file ? getc(in->file) : EOF;
    if (!in->file || ferror(in->file))
        base_stop("%s: %s", path, strerror(errno));
    if (first == EOF)
        stream_reject(in, "the file is empty");
    ungetc(first, in->file);
    if (first == 0x28 || (first & 0xf0) == 0x50) {
        in->zstd = ZSTD_createDCtx();
        if (!in->zstd)
            base_stop("out of memory");
    }
    in->raw.src = in->raw_buffer;
    return in;
}

static size_t fill_raw(stream *in, uint8_t *bytes, size_t size)
{
    size_t got = fread(bytes, 1, size, in->file);
    if (got == 0 && ferror(in->file))
        base_stop("%s: %s", in->path, strerror(errno));
    return got;
}

void stream_begin_digest(stream *in)
{
    in->content = base_allocate(1, sizeof *in->content);
}

void stream_digest(stream *in, uint8_t digest[32])
{
    sha256_end(in->content, digest);
    free(in->content);
    in->content = NULL;
}

/* False at the end of the file. */
static bool fill_buffer(stream *in)
{
    in->before += in->size;
    in->next = in->size = 0;
    if (!in->zstd)
        return (in->size = fill_raw(in, in->buffer, sizeof in->buffer)) > 0;
    ZSTD_outBuffer out = {in->buffer, sizeof in->buffer, 0};
    while (out.pos == 0) {
        if (in->raw.pos == in->raw.size && !in->more) {
            in->raw.size = fill_raw(in, in->raw_buffer, sizeof in->raw_buffer);
            in->raw.pos = 0;
            if (in->raw.size == 0 && in->inside)
                stream_reject(in, "the file ends inside a zstd frame");
            if (in->raw.size == 0)
                return false;
        }
        size_t left = ZSTD_decompressStream(in->zstd, &out, &in->raw);
        if (ZSTD_getErrorCode(left) == ZSTD_error_memory_allocation)
            base_stop("out of memory");
        if (ZSTD_isError(left))
            stream_reject(in, "zstd: %s", ZSTD_getErrorName(left));
        in->inside = left > 0;
        in->more = left > 0 && out.pos == out.size;
    }
    in->size = out.pos;
    return true;
}

static bool fill(stream *in)
{
    bool more = fill_buffer(in);
    if (more && in->content)
        sha256_add(in->content, in->buffer, in->size);
    return more;
}

uint64_t stream_mark(stream *in)
{
    return in->mark = in->before + in->next;
}

bool stream_ends(stream *in)
{
    return in->next == in->size && !fill(in);
}

static inline uint8_t next_byte(stream *in)
{
    if (in->next == in->size && !fill(in))
        stream_reject(in, "the file ends too early, here or in what begins here");
    return in->buffer[in->next++];
}

void stream_bytes(stream *in, uint8_t *bytes, size_t count)
{
    for (size_t i = 0; i < count; i++)
        bytes[i] = next_byte(in);
}

/* A varint, below 2^63. */
uint64_t stream_number(stream *in)
{
    uint64_t value = 0;
    for (int shift = 0; shift < 63; shift += 7) {
        uint8_t byte = next_byte(in);
        value |= (uint64_t)(byte & 0x7f) << shift;
        if (byte < 0x80 && (byte || shift == 0))
            return value;
        if (byte < 0x80)
            stream_reject(in, "a number ends in a zero byte");
    }
    stream_reject(in, "a number is 2^63 or more");
}

/* The next entry of a list, at least *next and below end; it may have bits below it, which stay. */
uint64_t stream_entry(stream *in, uint64_t *next, uint64_t end, int low_bits)
{
    uint64_t word = stream_number(in), step = word >> low_bits;
    if (step >= end - *next)
        stream_reject(in, "a list entry is %llu or more", (unsigned long long)end);
    *next += step + 1;
    return (*next - 1) << low_bits | (word - (step << low_bits));
}

void stream_signed(stream *in, mpz_ptr value)
{
    size_t count = 0;
    do {
        if (count == 1 << 22)
            stream_reject(in, "a number has more than 2^22 bytes");
        if (count == in->room)
            in->point = base_resize(in->point, in->room = 2 * in->room + 1024, 1);
        in->point[count] = next_byte(in);
    } while (in->point[count++] >= 0x80);
    if (count > 1 && in->point[count - 1] == 0)
        stream_reject(in, "a number ends in a zero byte");
    mpz_import(value, count, -1, 1, 0, 1, in->point); /* one nail bit: the top bit is ignored */
    bool odd = in->point[0] & 1;
    mpz_fdiv_q_2exp(value, value, 1);
    if (odd)
        mpz_com(value, value); /* z odd: -(z + 1) / 2 = -floor(z / 2) - 1 */
}
