#include "net/json_place.h"

#include "base/status.h"
#include "net/rational.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

crease_status crease_json_fail(const crease_json_place *at, const char *format, ...)
{
    crease_error message;
    va_list list;
    va_start(list, format);
    vsnprintf(message.text, sizeof message.text, format, list);
    va_end(list);
    return crease_fail(at->error, CREASE_INPUT, "%s: %s%s", at->name, at->object, message.text);
}

crease_status crease_json_open(crease_json_place *at, const char *text, size_t length,
                               crease_weights weights, const char *const *keys)
{
    crease_status status =
        crease_document_load(&at->document, text, length, weights, at->name, at->error);
    if (status)
        return status;
    json_t *root = at->document.root;
    if (!json_is_object(root))
        return crease_json_fail(at, "expected a JSON object");
    if ((status = crease_json_keys(at, root, keys)))
        return status;
    const json_t *comment = json_object_get(root, "comment");
    if (comment && !json_is_string(comment))
        return crease_json_fail(at, "comment: expected a string");
    return CREASE_OK;
}

void crease_json_close(crease_json_place *at)
{
    crease_document_free(&at->document);
}

crease_status crease_json_keys(const crease_json_place *at, json_t *object, const char *const *keys)
{
    const char *key;
    json_t *value;
    json_object_foreach(object, key, value)
    {
        size_t k = 0;
        while (keys[k] && strcmp(keys[k], key))
            k++;
        if (!keys[k])
            return crease_json_fail(at, "%sunknown key \"%.40s\"", *at->object ? ": " : "", key);
    }
    return CREASE_OK;
}

crease_status crease_json_number(const crease_json_place *at, const json_t *value, const char *what,
                                 size_t i, size_t j, mpq_t out)
{
    crease_literal outcome = crease_document_number(&at->document, value, out);
    if (outcome == CREASE_LITERAL_READ)
        return CREASE_OK;
    if (outcome == CREASE_LITERAL_RANGE)
        return crease_json_fail(at, "%s, row %zu, column %zu: too large (%s)", what, i, j,
                                crease_literal_words(at->document.weights));
    if (!json_is_string(value))
        return crease_json_fail(at, "%s, row %zu, column %zu: expected a number or a string", what,
                                i, j);
    if (crease_rational_parse(out, json_string_value(value), json_string_length(value)))
        return CREASE_OK;
    return crease_json_fail(at,
                            "%s, row %zu, column %zu: \"%.40s\" is not an exact number "
                            "(decimal, p/q or hexadecimal float, exponent within 5000)",
                            what, i, j, json_string_value(value));
}
