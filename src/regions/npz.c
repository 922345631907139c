#include "regions/npz.h"

#include "base/memory.h"
#include "base/output.h"
#include "base/status.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

enum { MOST_ARRAYS = 20, MOST_NAME = 32, HEADER = 128, COPY = 1 << 16 };

struct crease_npz_array {
    char name[MOST_NAME]; /* with .npy */
    crease_npz_type type;
    size_t dimensions, shape[2];
    uint64_t rows, bytes;
    uLong sum; /* CRC-32 of the data */
    crease_output file;
    FILE *stream;
    int failure; /* errno when it could not be written, or 0 */
    /* In the archive. */
    char header[HEADER];
    uint64_t offset;
};

struct crease_npz {
    crease_output output;
    FILE *stream;
    size_t arrays;
    crease_npz_array array[MOST_ARRAYS];
};

crease_status crease_npz_open(const char *path, crease_npz **npz, crease_error *error)
{
    *npz = crease_alloc(1, sizeof **npz);
    crease_status status = crease_output_open(path, &(*npz)->output, error);
    if (status) {
        free(*npz);
        *npz = NULL;
        return status;
    }
    (*npz)->stream = crease_output_stream(&(*npz)->output);
    return CREASE_OK;
}

static size_t size_of_type(crease_npz_type type)
{
    return type == CREASE_NPZ_BYTE ? 1 : 8;
}

crease_npz_array *crease_npz_add(crease_npz *npz, const char *name, crease_npz_type type,
                                 size_t dimensions, const size_t *shape, crease_error *error)
{
    if (npz->arrays == MOST_ARRAYS)
        crease_fatal("npz: too many arrays");
    crease_npz_array *array = &npz->array[npz->arrays];
    *array = (crease_npz_array){.type = type, .dimensions = dimensions, .sum = crc32(0, NULL, 0)};
    snprintf(array->name, sizeof array->name, "%s.npy", name);
    for (size_t i = 0; i < dimensions; i++)
        array->shape[i] = shape[i];
    if (crease_output_open(npz->output.path, &array->file, error))
        return NULL;
    array->stream = crease_output_stream(&array->file);
    npz->arrays++;
    return array;
}

static size_t bytes_of_row(const crease_npz_array *array)
{
    size_t bytes = size_of_type(array->type);
    for (size_t i = 0; i < array->dimensions; i++)
        bytes *= array->shape[i];
    return bytes;
}

bool crease_npz_append(crease_npz_array *array, const void *data, size_t rows)
{
    size_t bytes = rows * bytes_of_row(array);
    array->rows += rows;
    array->bytes += bytes;
    if (!bytes)
        return !array->failure;
    array->sum = crc32_z(array->sum, data, bytes);
    if (fwrite(data, 1, bytes, array->stream) != bytes && !array->failure)
        array->failure = errno;
    return !array->failure;
}

/* ---- The archive (APPNOTE.TXT, ZIP64 throughout) ---- */

enum { ZIP64 = 45, NO_TIME = 0, FIRST_DAY = 0x21 };
static const uint32_t in_extra = UINT32_MAX;

static void put(FILE *stream, uint64_t number, int bytes)
{
    for (int i = 0; i < bytes; i++)
        putc((int)(number >> 8 * i & 0xff), stream);
}

/* The .npy header; its length is fixed, which the format allows. */
static void set_header(crease_npz_array *array)
{
    const char order = __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? '<' : '>';
    static const char *const type[] = {"u1", "i8", "f8"};
    char text[HEADER], shape[64] = "";
    for (size_t i = 0; i < array->dimensions; i++)
        snprintf(shape + strlen(shape), sizeof shape - strlen(shape), " %zu%s", array->shape[i],
                 i + 1 < array->dimensions ? "," : "");
    snprintf(text, sizeof text, "{'descr': '%c%s', 'fortran_order': False, 'shape': (%llu,%s), }",
             array->type == CREASE_NPZ_BYTE ? '|' : order, type[array->type],
             (unsigned long long)array->rows, shape);
    memcpy(array->header, "\x93NUMPY\x01\x00", 8);
    array->header[8] = HEADER - 10;
    array->header[9] = 0;
    memset(array->header + 10, ' ', HEADER - 10);
    memcpy(array->header + 10, text, strlen(text));
    array->header[HEADER - 1] = '\n';
}

/* What the local and the central header have in common, from the version on. */
static void put_common(FILE *stream, const crease_npz_array *array, size_t extra)
{
    uLong sum = crc32(crc32(0, NULL, 0), (const Bytef *)array->header, HEADER);
    put(stream, ZIP64, 2);
    put(stream, 0, 2); /* flags */
    put(stream, 0, 2); /* stored */
    put(stream, NO_TIME, 2);
    put(stream, FIRST_DAY, 2);
    put(stream, crc32_combine(sum, array->sum, (z_off_t)array->bytes), 4);
    put(stream, in_extra, 4);
    put(stream, in_extra, 4);
    put(stream, strlen(array->name), 2);
    put(stream, extra, 2);
}

static void put_sizes(FILE *stream, const crease_npz_array *array, size_t extra)
{
    put(stream, 1, 2);
    put(stream, extra - 4, 2);
    put(stream, HEADER + array->bytes, 8);
    put(stream, HEADER + array->bytes, 8);
}

/* False on failure; errno says why. */
static bool put_array(FILE *stream, crease_npz_array *array)
{
    enum { EXTRA = 20 };
    char byte[COPY];
    set_header(array);
    array->offset = (uint64_t)ftello(stream);
    put(stream, 0x04034b50, 4);
    put_common(stream, array, EXTRA);
    fputs(array->name, stream);
    put_sizes(stream, array, EXTRA);
    fwrite(array->header, 1, HEADER, stream);
    if (array->failure)
        errno = array->failure;
    if (array->failure || fflush(array->stream))
        return false;
    FILE *from = fdopen(dup(array->file.descriptor), "r");
    if (!from)
        return false;
    rewind(from);
    for (size_t count; (count = fread(byte, 1, sizeof byte, from));)
        fwrite(byte, 1, count, stream);
    bool good = !ferror(from);
    fclose(from);
    return good;
}

static void put_central(FILE *stream, const crease_npz_array *array)
{
    enum { EXTRA = 28 };
    put(stream, 0x02014b50, 4);
    put(stream, ZIP64, 2); /* made by */
    put_common(stream, array, EXTRA);
    put(stream, 0, 2); /* comment */
    put(stream, 0, 2); /* disk */
    put(stream, 0, 2); /* internal attributes */
    put(stream, 0, 4); /* external ones */
    put(stream, in_extra, 4);
    fputs(array->name, stream);
    put_sizes(stream, array, EXTRA);
    put(stream, array->offset, 8);
}

static void put_end(FILE *stream, size_t arrays, uint64_t begin)
{
    uint64_t end = (uint64_t)ftello(stream);
    put(stream, 0x06064b50, 4);
    put(stream, 44, 8); /* of the rest of this record */
    put(stream, ZIP64, 2);
    put(stream, ZIP64, 2);
    put(stream, 0, 4);
    put(stream, 0, 4);
    put(stream, arrays, 8);
    put(stream, arrays, 8);
    put(stream, end - begin, 8);
    put(stream, begin, 8);
    put(stream, 0x07064b50, 4);
    put(stream, 0, 4);
    put(stream, end, 8);
    put(stream, 1, 4);
    put(stream, 0x06054b50, 4);
    put(stream, 0, 2);
    put(stream, 0, 2);
    put(stream, arrays, 2);
    put(stream, arrays, 2);
    put(stream, in_extra, 4);
    put(stream, in_extra, 4);
    put(stream, 0, 2);
}

crease_status crease_npz_commit(crease_npz *npz, crease_error *error)
{
    bool good = true;
    for (size_t i = 0; i < npz->arrays && good; i++)
        good = put_array(npz->stream, &npz->array[i]);
    uint64_t begin = (uint64_t)ftello(npz->stream);
    for (size_t i = 0; i < npz->arrays && good; i++)
        put_central(npz->stream, &npz->array[i]);
    if (good)
        put_end(npz->stream, npz->arrays, begin);
    good =
        good && !fflush(npz->stream) && !ferror(npz->stream) && crease_output_commit(&npz->output);
    return good ? CREASE_OK
                : crease_fail(error, CREASE_INPUT, "%s: cannot write: %s", npz->output.path,
                              strerror(errno));
}

void crease_npz_close(crease_npz *npz)
{
    for (size_t i = 0; i < npz->arrays; i++) {
        fclose(npz->array[i].stream);
        crease_output_close(&npz->array[i].file);
    }
    fclose(npz->stream);
    crease_output_close(&npz->output);
    free(npz);
}
