#include "net/npy.h"

#include "base/memory.h"
#include "base/status.h"

#include <stdlib.h>
#include <string.h>
#include <zip.h>

#define FAIL(source, ...) crease_fail((source)->error, CREASE_INPUT, __VA_ARGS__)

enum { MOST_TENSORS = 16384 };
static const size_t most_bytes = (size_t)1 << 30; /* unpacked, all together, as the archive says */

typedef struct {
    const crease_source *source;
    zip_t *archive;
    crease_tensor *tensor;
    unsigned char **bytes;
    size_t count;
} contents;

/* Unpacks entry i of the given size; the last read checks the sum of the bytes. */
static bool unpack(contents *c, zip_uint64_t i, unsigned char *bytes, size_t size)
{
    zip_file_t *file = zip_fopen_index(c->archive, i, 0);
    zip_int64_t got = 0;
    unsigned char more;
    for (size_t at = 0; file && at < size; at += (size_t)got)
        if ((got = zip_fread(file, bytes + at, size - at)) <= 0)
            break;
    bool good = file && (size == 0 || got > 0) && zip_fread(file, &more, 1) == 0;
    if (file)
        zip_fclose(file);
    return good;
}

static crease_status add_entry(contents *c, zip_uint64_t i)
{
    static const char end[] = ".npy";
    const zip_uint64_t needed = ZIP_STAT_SIZE | ZIP_STAT_COMP_METHOD | ZIP_STAT_ENCRYPTION_METHOD;
    const char *file = c->source->name, *name = zip_get_name(c->archive, i, ZIP_FL_ENC_RAW);
    size_t length = name ? strlen(name) : 0;
    zip_stat_t stat;
    if (length < strlen(end) || strcmp(name + length - strlen(end), end))
        return FAIL(c->source, "%s: entry \"%.80s\" is no array of NumPy (.npy)", file,
                    name ? name : "");
    crease_tensor *tensor = &c->tensor[c->count];
    tensor->name = crease_alloc(length + 1, 1);
    memcpy(tensor->name, name, length - strlen(end));
    c->count++;
    for (size_t k = 0; k + 1 < c->count; k++)
        if (!strcmp(c->tensor[k].name, tensor->name))
            return FAIL(c->source, "%s: %.80s: two entries of this name", file, tensor->name);
    if (zip_stat_index(c->archive, i, 0, &stat) || (stat.valid & needed) != needed ||
        stat.encryption_method != ZIP_EM_NONE ||
        (stat.comp_method != ZIP_CM_STORE && stat.comp_method != ZIP_CM_DEFLATE))
        return FAIL(c->source, "%s: %.80s: neither stored nor deflated", file, tensor->name);
    unsigned char *bytes = c->bytes[c->count - 1] = crease_alloc(stat.size, 1);
    if (!unpack(c, i, bytes, stat.size))
        return FAIL(c->source, "%s: %.80s: damaged", file, tensor->name);
    return crease_npy_read(c->source, bytes, stat.size, tensor);
}

/* Before anything is unpacked. */
static bool is_small(const contents *c, zip_int64_t entries)
{
    size_t total = 0;
    zip_stat_t stat;
    for (zip_int64_t i = 0; i < entries; i++) {
        bool known = zip_stat_index(c->archive, (zip_uint64_t)i, 0, &stat) == 0 &&
                     (stat.valid & ZIP_STAT_SIZE);
        if (!known || stat.size > most_bytes - total)
            return false;
        total += stat.size;
    }
    return true;
}

static crease_status read_entries(contents *c, crease_network **network)
{
    zip_int64_t entries = zip_get_num_entries(c->archive, 0);
    if (entries > MOST_TENSORS)
        return FAIL(c->source, "%s: %lld arrays, at most %d are allowed", c->source->name,
                    (long long)entries, MOST_TENSORS);
    if (!is_small(c, entries))
        return FAIL(c->source, "%s: more than 1 GiB when unpacked", c->source->name);
    crease_status status = CREASE_OK;
    c->tensor = crease_alloc((size_t)entries, sizeof *c->tensor);
    c->bytes = crease_alloc((size_t)entries, sizeof *c->bytes);
    for (zip_int64_t i = 0; i < entries && !status; i++)
        status = add_entry(c, (zip_uint64_t)i);
    status = status ? status
                    : crease_tensors_network(c->source, ".npz", c->tensor, c->count, network);
    for (size_t i = 0; i < c->count; i++)
        free(c->bytes[i]);
    free(c->bytes);
    crease_tensors_free(c->tensor, c->count);
    return status;
}

crease_status crease_npz_read(const crease_source *source, crease_network **network)
{
    zip_error_t problem;
    contents c = {.source = source};
    *network = NULL;
    zip_error_init(&problem);
    zip_source_t *memory = zip_source_buffer_create(source->data, source->length, 0, &problem);
    c.archive = memory ? zip_open_from_source(memory, ZIP_RDONLY | ZIP_CHECKCONS, &problem) : NULL;
    crease_status status = CREASE_OK;
    if (!c.archive) {
        status = FAIL(source, "%s: not a good zip archive: %s", source->name, zip_error_strerror(&problem));
        zip_source_free(memory);
    } else {
        status = read_entries(&c, network);
        zip_discard(c.archive);
    }
    zip_error_fini(&problem);
    return status;
}
