#include "net/tensor.h"

#include "base/memory.h"
#include "base/status.h"
#include "net/document.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#define FAIL(source, ...) crease_fail((source)->error, CREASE_INPUT, __VA_ARGS__)

/* 8 bytes with the length of the header, the header, the data. */
enum { LENGTH = 8, MOST_HEADER = 100000000, MOST_TENSORS = 16384 };

/* Where the data of a tensor are; they must tile the rest of the file. */
typedef struct {
    size_t begin, end;
    const char *name;
} span;

static bool read_size(const json_t *value, size_t *size)
{
    json_int_t number = json_integer_value(value);
    *size = (size_t)number;
    return json_is_integer(value) && number >= 0 && number <= (json_int_t)1 << 48;
}

static char *copy(const char *text)
{
    size_t length = strlen(text);
    char *result = crease_alloc(length + 1, 1);
    memcpy(result, text, length);
    return result;
}

static crease_status read_shape(const crease_source *source, const json_t *shape,
                                crease_tensor *tensor)
{
    tensor->dimensions = json_array_size(shape);
    bool good = json_is_array(shape) && tensor->dimensions <= CREASE_TENSOR_DIMENSIONS;
    for (size_t i = 0; good && i < tensor->dimensions; i++)
        good = read_size(json_array_get(shape, i), &tensor->size[i]);
    return good ? CREASE_OK
                : FAIL(source, "%s: %.80s: shape: expected at most %d sizes", source->name,
                       tensor->name, CREASE_TENSOR_DIMENSIONS);
}

static crease_status read_tensor(const crease_source *source, json_t *entry, const char *data,
                                 size_t length, crease_tensor *tensor, span *where)
{
    const char *name = tensor->name;
    const json_t *type = json_object_get(entry, "dtype"),
                 *at = json_object_get(entry, "data_offsets");
    size_t bytes;
    if (!json_is_object(entry) || json_object_size(entry) != 3 || !json_is_string(type) ||
        !json_object_get(entry, "shape") || json_array_size(at) != 2)
        return FAIL(source,
                    "%s: %.80s: expected dtype, shape and a pair data_offsets, nothing else",
                    source->name, name);
    tensor->type_name = copy(json_string_value(type));
    tensor->type = crease_tensor_type_find(tensor->type_name);
    crease_status status = read_shape(source, json_object_get(entry, "shape"), tensor);
    if (status)
        return status;
    where->name = name;
    if (!read_size(json_array_get(at, 0), &where->begin) ||
        !read_size(json_array_get(at, 1), &where->end) || where->begin > where->end ||
        where->end > length)
        return FAIL(source, "%s: %.80s: data_offsets: not within the %zu bytes of data",
                    source->name, name, length);
    tensor->data = (const unsigned char *)data + where->begin;
    if (tensor->type != CREASE_TENSOR_OTHER &&
        (!crease_tensor_bytes(tensor, length, &bytes) || bytes != where->end - where->begin))
        return FAIL(source, "%s: %.80s: %zu bytes of data do not fill its shape", source->name,
                    name, where->end - where->begin);
    return CREASE_OK;
}

static int by_place(const void *a, const void *b)
{
    const span *x = a, *y = b;
    return x->begin != y->begin ? (x->begin < y->begin ? -1 : 1)
                                : (x->end > y->end) - (x->end < y->end);
}

static crease_status check_tiling(const crease_source *source, span *where, size_t count,
                                  size_t length)
{
    size_t at = 0;
    qsort(where, count, sizeof *where, by_place);
    for (size_t i = 0; i < count; at = where[i++].end)
        if (where[i].begin != at)
            return FAIL(source, "%s: %.80s: data_offsets: %s the bytes before", source->name,
                        where[i].name, where[i].begin < at ? "overlap with" : "leave out some of");
    return at == length ? CREASE_OK
                        : FAIL(source, "%s: %zu bytes of data belong to no tensor", source->name,
                               length - at);
}

static crease_status check_metadata(const crease_source *source, json_t *metadata)
{
    const char *key;
    json_t *value;
    bool good = !metadata || json_is_object(metadata);
    json_object_foreach(metadata, key, value) good = good && json_is_string(value);
    return good ? CREASE_OK
                : FAIL(source, "%s: __metadata__: expected an object of strings", source->name);
}

static crease_status read_header(const crease_source *source, json_t *root, const char *data,
                                 size_t length, crease_network **network)
{
    const char *key;
    json_t *entry;
    size_t count = json_object_size(root), n = 0;
    if (!json_is_object(root) || count > MOST_TENSORS)
        return FAIL(source, "%s: header: expected an object of at most %d tensors", source->name,
                    MOST_TENSORS);
    crease_status status = check_metadata(source, json_object_get(root, "__metadata__"));
    crease_tensor *tensor = crease_alloc(count, sizeof *tensor);
    span *where = crease_alloc(count, sizeof *where);
    json_object_foreach(root, key, entry)
    {
        if (status || !strcmp(key, "__metadata__"))
            continue;
        tensor[n].name = copy(key);
        status = read_tensor(source, entry, data, length, &tensor[n], &where[n]);
        n++;
    }
    status = status ? status : check_tiling(source, where, n, length);
    status = status ? status : crease_tensors_network(source, ".safetensors", tensor, n, network);
    crease_tensors_free(tensor, n);
    free(where);
    return status;
}

crease_status crease_safetensors_read(const crease_source *source, crease_network **network)
{
    json_error_t problem;
    uint64_t header = 0;
    *network = NULL;
    if (source->length < LENGTH)
        return FAIL(source, "%s: shorter than the length of its header", source->name);
    for (int i = 0; i < LENGTH; i++)
        header |= (uint64_t)(unsigned char)source->data[i] << 8 * i;
    if (header > MOST_HEADER || header > source->length - LENGTH)
        return FAIL(source, "%s: header of %llu bytes in a file of %zu", source->name,
                    (unsigned long long)header, source->length);
    const char *text = source->data + LENGTH, *data = text + header;
    /* The parser would take a zero byte between two tokens for a space. */
    if (memchr(text, 0, header))
        return FAIL(source, "%s: header: a zero byte", source->name);
    json_t *root = crease_document_parse(text, header, JSON_REJECT_DUPLICATES, &problem);
    if (!root)
        return FAIL(source, "%s: header, byte %d: %s", source->name, problem.position,
                    problem.text);
    crease_status status =
        read_header(source, root, data, source->length - LENGTH - header, network);
    crease_document_release(root);
    return status;
}
