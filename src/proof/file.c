#include "proof/file.h"

#include "base/memory.h"
#include "base/output.h"
#include "base/status.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zstd.h>

/* The header is a zstd frame of its own, of one raw block, so that its place and length are
 * known before its content: magic number, frame header (single segment, one byte of content
 * size), content size, block header (last block, raw, its size times 8). */
static const uint8_t magic[8] = {'c', 'r', 'e', 'a', 's', 'e', 'c', 't'};
enum { HEADER = 112, FRAME = 9, CHUNK = 1 << 17 };

/* Measured on certificates: as small as with level 3 within four in a hundred, in half to three
 * quarters of the time. */
static const struct {
    ZSTD_cParameter name;
    int value;
} settings[] = {{ZSTD_c_compressionLevel, 1},
                {ZSTD_c_strategy, ZSTD_fast},
                {ZSTD_c_minMatch, 5},
                {ZSTD_c_hashLog, 14},
                {ZSTD_c_checksumFlag, 1}};

struct crease_certificate {
    crease_output output;
    int failure;           /* errno, or 0 */
    ZSTD_CCtx *compressor; /* NULL: plain */
    uint8_t *chunk; /* bytes that wait until there are CHUNK, so that the frames do not depend
                       on how they come */
    size_t count;
    uint8_t *out;
    size_t out_room;
};

static bool write_all(crease_certificate *file, const uint8_t *byte, size_t count)
{
    if (!file->failure && !crease_output_write(&file->output, byte, count))
        file->failure = errno;
    return !file->failure;
}

static size_t header_frame(uint8_t *frame)
{
    static const uint8_t start[FRAME] = {
        0x28, 0xb5, 0x2f, 0xfd, 0x20, HEADER, (8 * HEADER + 1) & 255, (8 * HEADER) >> 8, 0};
    memcpy(frame, start, FRAME);
    return FRAME;
}

bool crease_certificate_is(const char *path)
{
    uint8_t head[FRAME + HEADER], frame[FRAME];
    FILE *file = fopen(path, "rb");
    size_t length = file ? fread(head, 1, sizeof head, file) : 0;
    if (file)
        fclose(file);
    header_frame(frame);
    bool packed = length == sizeof head && !memcmp(head, frame, FRAME);
    return length >= HEADER && !memcmp(head + (packed ? FRAME : 0), magic, sizeof magic);
}

static size_t make_header(const crease_certificate *file, const crease_claim *claim, uint8_t *out)
{
    size_t at = file->compressor ? header_frame(out) : 0;
    uint8_t *header = out + at;
    memset(header, 0, HEADER);
    memcpy(header, magic, sizeof magic);
    header[8] = (uint8_t)claim->version;
    header[9] = (uint8_t)claim->kind;
    for (int i = 0; i < 6; i++)
        header[15 - i] = (uint8_t)((uint64_t)claim->number >> 8 * i);
    memcpy(header + 16, claim->network, 32);
    memcpy(header + 48, claim->domain, 32);
    for (int i = 0; i < 32; i++)
        header[111 - i] = (uint8_t)(claim->regions.word[i / 8] >> 8 * (i % 8));
    return at + HEADER;
}

crease_status crease_certificate_open(const char *path, crease_certificate **out,
                                      crease_error *error)
{
    size_t length = strlen(path);
    crease_output output;
    *out = NULL;
    crease_status status = crease_output_open(path, &output, error);
    if (status)
        return status;
    crease_certificate *file = crease_alloc(1, sizeof *file);
    file->output = output;
    if (length > 4 && !strcmp(path + length - 4, ".zst")) {
        file->compressor = ZSTD_createCCtx();
        file->chunk = crease_alloc(CHUNK, 1);
        file->out_room = ZSTD_CStreamOutSize();
        file->out = crease_alloc(file->out_room, 1);
        if (!file->compressor)
            crease_fatal("out of memory");
        for (size_t i = 0; i < sizeof settings / sizeof *settings; i++)
            ZSTD_CCtx_setParameter(file->compressor, settings[i].name, settings[i].value);
    }
    uint8_t header[FRAME + HEADER];
    crease_claim nothing;
    memset(&nothing, 0, sizeof nothing);
    write_all(file, header, make_header(file, &nothing, header));
    *out = file;
    return CREASE_OK;
}

static bool compress_chunk(crease_certificate *file, ZSTD_EndDirective directive)
{
    ZSTD_inBuffer in = {file->chunk, file->count, 0};
    size_t rest;
    do {
        ZSTD_outBuffer out = {file->out, file->out_room, 0};
        rest = ZSTD_compressStream2(file->compressor, &out, &in, directive);
        if (ZSTD_isError(rest)) {
            file->failure = ENOMEM; /* nothing else can go wrong */
            return false;
        }
        if (!write_all(file, file->out, out.pos))
            return false;
    } while (directive == ZSTD_e_end ? rest > 0 : in.pos < in.size);
    file->count = 0;
    return true;
}

bool crease_certificate_write(crease_certificate *file, const uint8_t *byte, size_t count)
{
    if (!file->compressor)
        return write_all(file, byte, count);
    while (count) {
        size_t part = CHUNK - file->count < count ? CHUNK - file->count : count;
        memcpy(file->chunk + file->count, byte, part);
        file->count += part;
        byte += part;
        count -= part;
        if (file->count == CHUNK && !compress_chunk(file, ZSTD_e_continue))
            return false;
    }
    return true;
}

crease_status crease_certificate_error(const crease_certificate *file, crease_error *error)
{
    return crease_fail(error, CREASE_INPUT, "%s: cannot write: %s", file->output.path,
                       strerror(file->failure ? file->failure : EIO));
}

crease_status crease_certificate_finish(crease_certificate *file, const crease_claim *claim,
                                        uint64_t *bytes, crease_error *error)
{
    uint8_t header[FRAME + HEADER];
    size_t length = make_header(file, claim, header);
    bool good = !file->failure && (!file->compressor || compress_chunk(file, ZSTD_e_end));
    int descriptor = file->output.descriptor;
    off_t size = good ? lseek(descriptor, 0, SEEK_END) : -1;
    good = size >= 0 && lseek(descriptor, 0, SEEK_SET) == 0 && write_all(file, header, length) &&
           crease_output_commit(&file->output);
    if (!good) {
        file->failure = file->failure ? file->failure : errno;
        return crease_certificate_error(file, error);
    }
    *bytes = (uint64_t)size;
    return CREASE_OK;
}

void crease_certificate_free(crease_certificate *file)
{
    if (!file)
        return;
    crease_output_close(&file->output);
    ZSTD_freeCCtx(file->compressor);
    free(file->chunk);
    free(file->out);
    free(file);
}
