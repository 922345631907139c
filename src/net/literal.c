#include "net/literal.h"

#include "base/memory.h"
#include "base/rounding.h"
#include "base/status.h"
#include "net/rational.h"

#include <ctype.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static size_t digits(const char *text)
{
    return strspn(text, "0123456789");
}

static bool is_decimal(const char *text, size_t length)
{
    const char *at = text + (*text == '-' || *text == '+');
    size_t whole = digits(at), part = 0;
    at += whole;
    if (*at == '.') {
        part = digits(++at);
        at += part;
    }
    if (whole + part == 0)
        return false;
    if (*at == 'e' || *at == 'E') {
        at += at[1] == '-' || at[1] == '+' ? 2 : 1;
        size_t exponent = digits(at);
        if (exponent == 0)
            return false;
        at += exponent;
    }
    return at == text + length;
}

/* The C library rounds correctly, provided that the locale and the rounding mode are the
 * default. */
static double nearest(const char *text, bool single)
{
    locale_t plain = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    crease_rounding mode;
    if (!plain)
        crease_fatal("out of memory");
    crease_rounding_enter(&mode);
    double value = single ? (double)strtof_l(text, NULL, plain) : strtod_l(text, NULL, plain);
    crease_rounding_leave(&mode);
    freelocale(plain);
    return value;
}

crease_literal crease_literal_read(mpq_t value, const char *text, size_t length,
                                   crease_weights weights)
{
    if (!is_decimal(text, length))
        return CREASE_LITERAL_MALFORMED;
    if (weights == CREASE_WEIGHTS_DECIMAL)
        return crease_rational_parse(value, text, length) ? CREASE_LITERAL_READ
                                                          : CREASE_LITERAL_RANGE;
    double near = nearest(text, weights == CREASE_WEIGHTS_FLOAT32);
    if (!isfinite(near))
        return CREASE_LITERAL_RANGE;
    mpq_set_d(value, near);
    return CREASE_LITERAL_READ;
}

const char *crease_literal_words(crease_weights weights)
{
    return weights == CREASE_WEIGHTS_FLOAT32   ? "decimals as float32"
           : weights == CREASE_WEIGHTS_FLOAT64 ? "decimals as float64"
                                               : "decimals exact";
}

size_t crease_literal_length(const char *text)
{
    return strspn(text, "+-.0123456789eE");
}

/* Narrower than is_decimal: digits on both sides of a point, no plus, no zero before a digit. */
static bool is_json(const char *text, size_t length)
{
    const char *first = text + (*text == '-'), *point = memchr(text, '.', length);
    return is_decimal(text, length) && isdigit((unsigned char)*first) &&
           !(first[0] == '0' && isdigit((unsigned char)first[1])) &&
           !(point && !isdigit((unsigned char)point[1]));
}

static size_t string_length(const char *text)
{
    const char *at = text + 1;
    while (*at && *at != '"')
        at += at[0] == '\\' && at[1] ? 2 : 1;
    return (size_t)(at - text) + (*at == '"');
}

void crease_literals_number(const char *text, size_t length, crease_literals *literals)
{
    size_t room = 16, out_room = length + 64, n = 0, out = 0;
    const char **literal = crease_alloc(room, sizeof *literal);
    char *to = crease_alloc(out_room, 1);
    for (size_t at = 0, span; at < length; at += span) {
        char index[24] = "";
        bool numeric = isdigit((unsigned char)text[at]) || text[at] == '-';
        span = text[at] == '"' ? string_length(text + at)
               : numeric       ? crease_literal_length(text + at)
                               : 1;
        bool number = numeric && is_json(text + at, span);
        if (number)
            snprintf(index, sizeof index, "%zu", n);
        size_t put = number ? strlen(index) : span;
        if (out + put + 1 > out_room)
            to = crease_realloc(to, out_room = 2 * (out + put + 1), 1);
        memcpy(to + out, number ? index : text + at, put);
        out += put;
        if (!number)
            continue;
        if (n == room)
            literal = crease_realloc(literal, room *= 2, sizeof *literal);
        literal[n++] = text + at;
    }
    to[out] = 0;
    *literals = (crease_literals){to, out, literal, n};
}

void crease_literals_free(crease_literals *literals)
{
    free(literals->text);
    free(literals->literal);
}
