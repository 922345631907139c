#include "onnx/onnx.h"

#include "base/memory.h"
#include "base/status.h"
#include "net/tensor.h"

#include <assert.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* The types that are read, and where their numbers may stand. */
static const struct {
    Onnx__TensorProto__DataType type;
    crease_tensor_type real; /* OTHER: an integer */
    size_t bytes;
    enum { FLOATS, DOUBLES, SHORTS, LONGS } data; /* float_data, double_, int32_, int64_ */
} types[] = {
    {ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT, CREASE_TENSOR_F32, 4, FLOATS},
    {ONNX__TENSOR_PROTO__DATA_TYPE__DOUBLE, CREASE_TENSOR_F64, 8, DOUBLES},
    {ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT16, CREASE_TENSOR_F16, 2, SHORTS},
    {ONNX__TENSOR_PROTO__DATA_TYPE__BFLOAT16, CREASE_TENSOR_BF16, 2, SHORTS},
    {ONNX__TENSOR_PROTO__DATA_TYPE__INT64, CREASE_TENSOR_OTHER, 8, LONGS},
    {ONNX__TENSOR_PROTO__DATA_TYPE__INT32, CREASE_TENSOR_OTHER, 4, SHORTS},
    {ONNX__TENSOR_PROTO__DATA_TYPE__INT16, CREASE_TENSOR_OTHER, 2, SHORTS},
    {ONNX__TENSOR_PROTO__DATA_TYPE__INT8, CREASE_TENSOR_OTHER, 1, SHORTS},
    {ONNX__TENSOR_PROTO__DATA_TYPE__UINT16, CREASE_TENSOR_OTHER, 2, SHORTS},
    {ONNX__TENSOR_PROTO__DATA_TYPE__UINT8, CREASE_TENSOR_OTHER, 1, SHORTS},
    {ONNX__TENSOR_PROTO__DATA_TYPE__BOOL, CREASE_TENSOR_OTHER, 1, SHORTS},
};
enum { TYPES = sizeof types / sizeof *types };

/* A tensor on its way: its data may come from another file. */
typedef struct {
    crease_onnx *reader;
    const Onnx__TensorProto *tensor;
    const char *what;
    size_t type; /* in the table */
    const unsigned char *data;
    size_t length;
    unsigned char *own; /* data of another file */
} source;

static crease_status fail(const source *s, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static crease_status fail(const source *s, const char *format, ...)
{
    char text[512];
    const char *name = s->tensor->name;
    va_list list;
    va_start(list, format);
    vsnprintf(text, sizeof text, format, list);
    va_end(list);
    return crease_fail(s->reader->source->error, CREASE_INPUT, "%s: tensor \"%.80s\": %s",
                       s->reader->source->name, name && *name ? name : s->what, text);
}

/* ---- Data in another file ---- */

static bool is_size(const char *text, size_t *value)
{
    char *end;
    if (!*text || text[strspn(text, "0123456789")])
        return false;
    errno = 0;
    unsigned long long number = strtoull(text, &end, 10);
    *value = (size_t)number;
    return errno == 0 && number <= SIZE_MAX / 2;
}

/* A relative path without "..". */
static bool stays_inside(const char *path)
{
    if (*path == '/' || *path == 0 || strchr(path, '\\'))
        return false;
    for (const char *part = path; part; part = strchr(part, '/') ? strchr(part, '/') + 1 : NULL)
        if (!strncmp(part, "..", 2) && (part[2] == '/' || part[2] == 0))
            return false;
    return true;
}

/* The place of the file, which links must not lead out of the model's folder; the caller's. */
static crease_status find_file(const source *s, const char *location, char **path)
{
    char *model = strdup(s->reader->source->name), *together = NULL;
    if (!model)
        crease_fatal("out of memory");
    char *slash = strrchr(model, '/');
    if (slash)
        slash[slash == model] = 0;
    char *folder = realpath(slash ? model : ".", NULL);
    *path = NULL;
    if (folder && asprintf(&together, "%s/%s", folder, location) >= 0)
        *path = realpath(together, NULL);
    crease_status status = CREASE_OK;
    size_t length = folder ? strlen(folder) : 0;
    if (!*path)
        status = fail(s, "external data \"%.200s\": %s", location, strerror(errno));
    else if (strncmp(*path, folder, length) || (length > 1 && (*path)[length] != '/'))
        status = fail(s, "external data \"%.200s\" is outside the model's folder", location);
    free(together);
    free(folder);
    free(model);
    return status;
}

static crease_status read_part(source *s, const char *path, const char *location, size_t offset,
                               size_t length)
{
    struct stat info;
    assert(path);
    if (stat(path, &info) || !S_ISREG(info.st_mode))
        return fail(s, "external data \"%.200s\": not a regular file", location);
    size_t size = (size_t)info.st_size;
    if (offset > size || (length != SIZE_MAX && length > size - offset))
        return fail(s, "external data \"%.200s\": %zu bytes, shorter than the model says", location,
                    size);
    s->length = length == SIZE_MAX ? size - offset : length;
    if (s->length > CREASE_ONNX_ELEMENTS * sizeof(double))
        return fail(s, "external data \"%.200s\": more than %zu bytes", location,
                    CREASE_ONNX_ELEMENTS * sizeof(double));
    FILE *file = fopen(path, "rb");
    if (!file)
        return fail(s, "external data \"%.200s\": %s", location, strerror(errno));
    s->own = crease_alloc(s->length, 1);
    s->data = s->own;
    bool good =
        !fseeko(file, (off_t)offset, SEEK_SET) && fread(s->own, 1, s->length, file) == s->length;
    fclose(file);
    return good ? CREASE_OK : fail(s, "external data \"%.200s\": cannot be read", location);
}

static crease_status read_external(source *s)
{
    const Onnx__TensorProto *t = s->tensor;
    const char *location = NULL;
    size_t offset = 0, length = SIZE_MAX;
    unsigned seen = 0;
    for (size_t i = 0; i < t->n_external_data; i++) {
        const char *key = t->external_data[i]->key, *value = t->external_data[i]->value;
        if (!key || !value)
            return fail(s, "external data: a key without a value");
        unsigned bit = !strcmp(key, "location") ? 1
                       : !strcmp(key, "offset") ? 2
                       : !strcmp(key, "length") ? 4
                                                : 0;
        if (seen & bit)
            return fail(s, "external data: two values of %s", key);
        seen |= bit;
        if (bit == 1)
            location = value;
        if ((bit == 2 && !is_size(value, &offset)) || (bit == 4 && !is_size(value, &length)))
            return fail(s, "external data: %s is \"%.40s\", not a size", key, value);
    }
    if (!location)
        return fail(s, "external data: no location");
    if (!stays_inside(location))
        return fail(s, "external data \"%.200s\": not a path inside the model's folder", location);
    char *path;
    crease_status status = find_file(s, location, &path);
    if (!status)
        status = read_part(s, path, location, offset, length);
    free(path);
    return status;
}

/* ---- Numbers ---- */

static bool is_signed(Onnx__TensorProto__DataType type)
{
    return type == ONNX__TENSOR_PROTO__DATA_TYPE__INT64 ||
           type == ONNX__TENSOR_PROTO__DATA_TYPE__INT32 ||
           type == ONNX__TENSOR_PROTO__DATA_TYPE__INT16 ||
           type == ONNX__TENSOR_PROTO__DATA_TYPE__INT8;
}

static int64_t raw_integer(const unsigned char *at, size_t bytes, bool negative)
{
    uint64_t bits = negative && at[bytes - 1] >> 7 ? UINT64_MAX : 0;
    for (size_t i = bytes; i-- > 0;)
        bits = bits << 8 | at[i];
    return (int64_t)bits;
}

/* Does the type hold it?  That of 64 bits holds all. */
static bool in_range(size_t type, int64_t value)
{
    size_t bits = 8 * types[type].bytes;
    if (bits == 64)
        return true;
    int64_t half = (int64_t)1 << (bits - 1);
    return is_signed(types[type].type) ? value >= -half && value < half
                                       : value >= 0 && value < 2 * half;
}

static void read_raw(const source *s, crease_onnx_value *value)
{
    const crease_tensor numbers = {.type = types[s->type].real, .data = s->data};
    size_t bytes = types[s->type].bytes;
    for (size_t i = 0; i < value->count; i++)
        if (value->number)
            value->number[i] = crease_tensor_number(&numbers, i);
        else
            value->integer[i] =
                raw_integer(s->data + i * bytes, bytes, is_signed(types[s->type].type));
}

/* Halves stand in int32_data, their bits in the lower half. */
static bool read_halves(const source *s, crease_onnx_value *value)
{
    for (size_t i = 0; i < value->count; i++) {
        int32_t bits = s->tensor->int32_data[i];
        const unsigned char half[2] = {bits & 0xff, bits >> 8 & 0xff};
        const crease_tensor number = {.type = types[s->type].real, .data = half};
        value->number[i] = crease_tensor_number(&number, 0);
        if (bits < 0 || bits > 0xffff)
            return false;
    }
    return true;
}

static crease_status read_listed(const source *s, crease_onnx_value *value)
{
    const Onnx__TensorProto *t = s->tensor;
    const size_t listed[] = {[FLOATS] = t->n_float_data,
                             [DOUBLES] = t->n_double_data,
                             [SHORTS] = t->n_int32_data,
                             [LONGS] = t->n_int64_data};
    int data = (int)types[s->type].data;
    size_t all = t->n_uint64_data + t->n_string_data;
    for (int i = FLOATS; i <= LONGS; i++)
        all += listed[i];
    if (listed[data] != value->count || all != value->count)
        return fail(s, "%zu numbers in the place for them, %zu elsewhere; the shape has %zu",
                    listed[data], all - listed[data], value->count);
    if (value->number && data == SHORTS && !read_halves(s, value))
        return fail(s, "a number of 16 bits that has more");
    for (size_t i = 0; i < value->count; i++) {
        if (data == FLOATS)
            value->number[i] = (double)t->float_data[i];
        else if (data == DOUBLES)
            value->number[i] = t->double_data[i];
        else if (value->integer)
            value->integer[i] = data == LONGS ? t->int64_data[i] : t->int32_data[i];
        if (value->integer && !in_range(s->type, value->integer[i]))
            return fail(s, "%lld is no number of its type", (long long)value->integer[i]);
    }
    return CREASE_OK;
}

/* ---- All of it ---- */

static crease_status read_shape(source *s, crease_onnx_value *value)
{
    const Onnx__TensorProto *t = s->tensor;
    size_t dim[CREASE_ONNX_RANK];
    crease_onnx_node outside = {.reader = s->reader};
    if (t->n_dims > CREASE_ONNX_RANK)
        return fail(s, "%zu dimensions, more than %d", t->n_dims, CREASE_ONNX_RANK);
    for (size_t i = 0; i < t->n_dims; i++) {
        if (t->dims[i] < 0 || t->dims[i] > CREASE_ONNX_ELEMENTS)
            return fail(s, "dimension %zu is %lld", i, (long long)t->dims[i]);
        dim[i] = (size_t)t->dims[i];
    }
    if (crease_onnx_count(t->n_dims, dim) == SIZE_MAX)
        return fail(s, "more than %d elements", CREASE_ONNX_ELEMENTS);
    crease_onnx_kind kind =
        types[s->type].real == CREASE_TENSOR_OTHER ? CREASE_ONNX_INTEGERS : CREASE_ONNX_NUMBERS;
    return crease_onnx_make(&outside, value, kind, (int)types[s->type].type, t->n_dims, dim);
}

static crease_status read_content(source *s, crease_onnx_value *value)
{
    const Onnx__TensorProto *t = s->tensor;
    size_t lists = t->n_float_data + t->n_double_data + t->n_int32_data + t->n_int64_data;
    bool external =
        t->has_data_location && t->data_location != ONNX__TENSOR_PROTO__DATA_LOCATION__DEFAULT;
    if (t->segment)
        return fail(s, "in segments, which are not read");
    if (external + t->has_raw_data + (lists > 0) > 1)
        return fail(s, "data in more than one place");
    crease_status status = read_shape(s, value);
    if (status || (!external && !t->has_raw_data))
        return status ? status : read_listed(s, value);
    s->data = t->raw_data.data;
    s->length = t->raw_data.len;
    if (external && (status = read_external(s)))
        return status;
    if (s->length != value->count * types[s->type].bytes)
        return fail(s, "%zu bytes of data; the shape takes %zu", s->length,
                    value->count * types[s->type].bytes);
    read_raw(s, value);
    return CREASE_OK;
}

crease_status crease_onnx_tensor(crease_onnx *reader, const Onnx__TensorProto *tensor,
                                 const char *what, crease_onnx_value *value)
{
    source s = {.reader = reader, .tensor = tensor, .what = what};
    while (s.type < TYPES && (int)types[s.type].type != tensor->data_type)
        s.type++;
    if (s.type == TYPES)
        return fail(&s,
                    "type %s is not read: only floating point of 16, 32 and 64 bits, integers of 8 "
                    "and 16 bits, int32, int64 and bool",
                    crease_onnx_type((int)tensor->data_type));
    crease_status status = read_content(&s, value);
    for (size_t i = 0; !status && value->kind == CREASE_ONNX_INTEGERS && i < value->count; i++)
        if (tensor->data_type == ONNX__TENSOR_PROTO__DATA_TYPE__BOOL && value->integer[i] >> 1)
            status = fail(&s, "a bool that is neither 0 nor 1");
    free(s.own);
    return status;
}
