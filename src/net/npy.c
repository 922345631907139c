#include "net/npy.h"

#include "base/memory.h"
#include "base/status.h"

#include <stdlib.h>
#include <string.h>

#define FAIL(source, ...) crease_fail((source)->error, CREASE_INPUT, __VA_ARGS__)

enum { MAGIC = 8, MOST_HEADER = 65535 };

/* The header's text. */
typedef struct {
    const char *at, *end;
} cursor;

/* Skips spaces, then takes the word if it is next. */
static bool take(cursor *c, const char *word)
{
    size_t length = strlen(word);
    while (c->at < c->end && strchr(" \t\r\n\f", *c->at) && *c->at)
        c->at++;
    if ((size_t)(c->end - c->at) < length || memcmp(c->at, word, length))
        return false;
    c->at += length;
    return true;
}

/* A string without escapes, to be freed; NULL if there is none. */
static char *take_string(cursor *c)
{
    const char *quote = take(c, "'") ? "'" : take(c, "\"") ? "\"" : NULL;
    const char *end = quote ? memchr(c->at, *quote, (size_t)(c->end - c->at)) : NULL;
    if (!end || memchr(c->at, '\\', (size_t)(end - c->at)) ||
        memchr(c->at, 0, (size_t)(end - c->at)))
        return NULL;
    size_t length = (size_t)(end - c->at);
    char *text = crease_alloc(length + 1, 1);
    memcpy(text, c->at, length);
    c->at = end + 1;
    return text;
}

static bool take_size(cursor *c, size_t *size)
{
    size_t digits = 0;
    take(c, "");
    for (*size = 0; c->at < c->end && *c->at >= '0' && *c->at <= '9'; c->at++) {
        if (digits++ > 0 && *size == 0) /* Python has no 01 */
            return false;
        *size = *size * 10 + (size_t)(*c->at - '0');
        if (*size >> 48)
            return false;
    }
    return digits > 0;
}

/* "()", "(3,)", "(3, 4)". */
static bool take_shape(cursor *c, crease_tensor *tensor)
{
    tensor->dimensions = 0;
    if (!take(c, "("))
        return false;
    while (!take(c, ")")) {
        if (tensor->dimensions == CREASE_TENSOR_DIMENSIONS ||
            !take_size(c, &tensor->size[tensor->dimensions++]))
            return false;
        bool comma = take(c, ",");
        /* Without a comma a single number is no tuple. */
        if (!comma)
            return tensor->dimensions > 1 && take(c, ")");
    }
    return true;
}

static bool take_flag(cursor *c, bool *flag)
{
    *flag = take(c, "True");
    return *flag || take(c, "False");
}

/* The order of the bytes and the name of the type; a type of one byte has "|". */
static bool set_type(crease_tensor *tensor, char *name)
{
    tensor->type_name = name;
    tensor->big_endian = *name == '>';
    tensor->type = CREASE_TENSOR_OTHER;
    /* Names as in .safetensors are not those of NumPy. */
    if (*name && strchr(name[1] && name[2] == '1' ? "|" : "<>", *name) && name[1] &&
        strchr("fiu", name[1]))
        tensor->type = crease_tensor_type_find(name + 1);
    return true;
}

/* {'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), } in any order, and spaces. */
static bool read_dictionary(cursor *c, crease_tensor *tensor)
{
    unsigned seen = 0;
    bool good = take(c, "{");
    while (good && !take(c, "}")) {
        char *key = take_string(c), *name = NULL;
        unsigned bit = !key                            ? 0
                       : !strcmp(key, "descr")         ? 1
                       : !strcmp(key, "fortran_order") ? 2
                       : !strcmp(key, "shape")         ? 4
                                                       : 0;
        free(key);
        good = bit && !(seen & bit) && take(c, ":");
        seen |= bit;
        if (good && bit == 1)
            good = (name = take_string(c)) && set_type(tensor, name);
        else if (good)
            good = bit == 2 ? take_flag(c, &tensor->fortran) : take_shape(c, tensor);
        if (good && !take(c, ","))
            return seen == 7 && take(c, "}") && take(c, "") && c->at == c->end;
    }
    return good && seen == 7 && take(c, "") && c->at == c->end;
}

crease_status crease_npy_read(const crease_source *source, const unsigned char *bytes,
                              size_t length, crease_tensor *tensor)
{
    const char *name = tensor->name;
    if (length < MAGIC + 2 || memcmp(bytes, "\x93NUMPY", 6))
        return FAIL(source, "%s: %.80s: no array of NumPy", source->name, name);
    size_t start = bytes[6] == 1 ? MAGIC + 2 : MAGIC + 4, header = bytes[8] | (size_t)bytes[9] << 8;
    if (bytes[6] < 1 || bytes[6] > 3 || bytes[7] != 0)
        return FAIL(source, "%s: %.80s: version %d.%d of the array's format", source->name, name,
                    bytes[6], bytes[7]);
    if (start > MAGIC + 2 && length >= start)
        header |= (size_t)bytes[10] << 16 | (size_t)bytes[11] << 24;
    if (length < start || header > MOST_HEADER || header > length - start)
        return FAIL(source, "%s: %.80s: a header of %zu bytes in an array of %zu", source->name,
                    name, header, length);
    cursor c = {(const char *)bytes + start, (const char *)bytes + start + header};
    if (!read_dictionary(&c, tensor))
        return FAIL(source, "%s: %.80s: header: expected descr, fortran_order and shape",
                    source->name, name);
    size_t rest = length - start - header, needed;
    tensor->data = bytes + start + header;
    if (tensor->type != CREASE_TENSOR_OTHER &&
        (!crease_tensor_bytes(tensor, rest, &needed) || needed != rest))
        return FAIL(source, "%s: %.80s: %zu bytes of data do not fill its shape", source->name,
                    name, rest);
    return CREASE_OK;
}
