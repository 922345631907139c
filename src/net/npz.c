#include "net/npy.h"

#include "base/memory.h"
#include "base/status.h"
#include "net/zip.h"

#include <stdlib.h>
#include <string.h>

#define FAIL(source, ...) crease_fail((source)->error, CREASE_INPUT, __VA_ARGS__)

enum { MOST_TENSORS = 16384, MOST_BYTES = 1 << 30 };

/* The name of tensor i is that of its file without the end. */
static crease_status read_array(const crease_source *source, const crease_zip_entry *entry,
                                crease_tensor *tensor, size_t i, unsigned char **bytes)
{
    static const char end[] = ".npy";
    size_t length = strlen(entry->name);
    if (length < strlen(end) || strcmp(entry->name + length - strlen(end), end))
        return FAIL(source, "%s: entry \"%.80s\" is no array of NumPy (.npy)", source->name,
                    entry->name);
    tensor[i].name = crease_alloc(length + 1, 1);
    memcpy(tensor[i].name, entry->name, length - strlen(end));
    for (size_t k = 0; k < i; k++)
        if (!strcmp(tensor[k].name, tensor[i].name))
            return FAIL(source, "%s: %.80s: two entries of this name", source->name,
                        tensor[i].name);
    *bytes = crease_alloc(entry->size, 1);
    if (!crease_zip_unpack(entry, *bytes))
        return FAIL(source, "%s: %.80s: damaged", source->name, tensor[i].name);
    return crease_npy_read(source, *bytes, entry->size, &tensor[i]);
}

/* Which of the entries has an array of one of these names; of one entry, the name does not matter.
 * count if there is none. */
static size_t find_array(const crease_zip_entry *entry, size_t count, const char *const *names)
{
    for (; count > 1 && *names; names++)
        for (size_t i = 0; i < count; i++) {
            size_t length = strlen(*names);
            if (!strncmp(entry[i].name, *names, length) && !strcmp(entry[i].name + length, ".npy"))
                return i;
        }
    return count > 1 ? count : 0;
}

crease_status crease_npz_read_one(const crease_source *source, const char *const *names,
                                  crease_tensor *tensor, unsigned char **bytes)
{
    crease_zip_entry *entry;
    size_t count;
    *bytes = NULL;
    crease_status status = crease_zip_list(source, MOST_TENSORS, MOST_BYTES, &entry, &count);
    if (status)
        return status;
    size_t i = find_array(entry, count, names);
    if (i >= count)
        status =
            FAIL(source, "%s: none of its %zu arrays is named \"%s\"", source->name, count, *names);
    else
        status = read_array(source, &entry[i], tensor, 0, bytes);
    crease_zip_free(entry, count);
    return status;
}

crease_status crease_npz_read(const crease_source *source, crease_network **network)
{
    crease_zip_entry *entry;
    size_t count;
    *network = NULL;
    crease_status status = crease_zip_list(source, MOST_TENSORS, MOST_BYTES, &entry, &count);
    if (status)
        return status;
    crease_tensor *tensor = crease_alloc(count, sizeof *tensor);
    unsigned char **bytes = crease_alloc(count, sizeof *bytes);
    for (size_t i = 0; i < count && !status; i++)
        status = read_array(source, &entry[i], tensor, i, &bytes[i]);
    status = status ? status : crease_tensors_network(source, ".npz", tensor, count, network);
    for (size_t i = 0; i < count; i++)
        free(bytes[i]);
    free(bytes);
    crease_tensors_free(tensor, count);
    crease_zip_free(entry, count);
    return status;
}
