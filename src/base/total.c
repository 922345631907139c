#include "base/total.h"

#include "base/memory.h"
#include "base/names.h"
#include "base/status.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void crease_total_set(crease_result *result, const crease_whole *regions)
{
    static_assert((int)CREASE_WHOLE_TEXT <= CREASE_DIGITS, "the digits fit into a result");
    result->regions = crease_whole_word(regions);
    crease_whole_text(regions, result->digits);
}

crease_status crease_total_too_many(crease_error *error)
{
    return crease_fail(error, CREASE_INPUT,
                       "2^512 regions or more, or 2^64 or more in one cell: too many to count");
}

/* In jansson's tree a number beyond its integers is a string that begins with a zero byte, which no
 * other string does; in the text that byte is an escape. */
static const char mark[] = "\"\\u0000";
enum { MARK = sizeof mark - 1 };

json_t *crease_total_json_digits(const char *digits)
{
    size_t length = strlen(digits);
    char *text = crease_alloc(length + 1, 1);
    memcpy(text + 1, digits, length);
    json_t *number = json_stringn(text, length + 1);
    free(text);
    return number;
}

json_t *crease_total_json_exact(const char *text)
{
    size_t length = strlen(text);
    if (strchr(text, '/') || length > 16 || (length == 16 && strcmp(text, "9007199254740992") > 0))
        return json_string(text);
    return json_integer(strtoll(text, NULL, 10));
}

json_t *crease_total_json(uint64_t value)
{
    char digits[24];
    if (value <= INT64_MAX)
        return json_integer((json_int_t)value);
    snprintf(digits, sizeof digits, "%" PRIu64, value);
    return crease_total_json_digits(digits);
}

json_t *crease_total_json_decisions(const crease_decisions *decisions)
{
    crease_decisions copy = *decisions;
    json_t *object = json_object();
    for (crease_decision kind = 0; crease_decision_name(kind); kind++)
        json_object_set_new(object, crease_decision_name(kind),
                            crease_total_json(*crease_decisions_at(&copy, kind)));
    return object;
}

char *crease_total_json_text(const json_t *object, size_t flags)
{
    char *text = object ? json_dumps(object, flags) : NULL, *to = text;
    for (const char *from = text; from && *from;) {
        if (strncmp(from, mark, MARK)) {
            *to++ = *from++;
            continue;
        }
        for (from += MARK; *from != '"'; from++)
            *to++ = *from;
        from++;
    }
    if (text)
        *to = '\0';
    return text;
}
