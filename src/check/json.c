/* JSON and the numbers in it, without rounding. */
#include "check.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_TEXT = 20000, MAX_EXPONENT = 5000 };

bool json_rational(mpq_t q, const char *s)
{
    static char digits[MAX_TEXT + 1];
    if (strlen(s) > MAX_TEXT)
        return false;
    bool minus = *s == '-';
    s += *s == '-' || *s == '+';
    bool hexadecimal = s[0] == '0' && (s[1] == 'x' || s[1] == 'X') && s[2];
    s += hexadecimal ? 2 : 0;
    const char *set = hexadecimal ? "0123456789abcdefABCDEF" : "0123456789";
    size_t whole = strspn(s, set), part = s[whole] == '.' ? strspn(s + whole + 1, set) : 0;
    long exponent = 0;
    if (whole + part == 0)
        return false;
    memcpy(digits, s, whole);
    memcpy(digits + whole, s + whole + 1, part);
    digits[whole + part] = 0;
    mpz_set_str(mpq_numref(q), digits, hexadecimal ? 16 : 10);
    mpz_set_ui(mpq_denref(q), 1);
    s += whole + (s[whole] == '.') + part;
    if (*s == '/' && !hexadecimal && part == 0) {
        if (!s[1] || s[1 + strspn(s + 1, set)] || mpz_set_str(mpq_denref(q), s + 1, 10) ||
            mpz_sgn(mpq_denref(q)) == 0)
            return false;
    } else if (tolower((unsigned char)*s) == (hexadecimal ? 'p' : 'e')) {
        s += s[1] == '+' || s[1] == '-' ? 2 : 1;
        exponent = strtol(s, NULL, 10);
        if (!*s || s[strspn(s, "0123456789")] || exponent > MAX_EXPONENT)
            return false;
        exponent = s[-1] == '-' ? -exponent : exponent;
    } else if (*s) {
        return false;
    }
    exponent -= (long)part * (hexadecimal ? 4 : 1);
    mpz_t power;
    mpz_init(power);
    mpz_ui_pow_ui(power, hexadecimal ? 2 : 10, (unsigned long)labs(exponent));
    mpz_ptr scaled = exponent < 0 ? mpq_denref(q) : mpq_numref(q);
    mpz_mul(scaled, scaled, power);
    mpz_clear(power);
    mpq_canonicalize(q);
    if (minus)
        mpq_neg(q, q);
    return true;
}

_Noreturn void json_bad(const json_text *j, const char *what)
{
    base_stop("%s: byte %zu: %s", j->name, (size_t)(j->at - j->text), what);
}

bool json_take(json_text *j, char c)
{
    j->at += strspn(j->at, " \t\n\r");
    if (*j->at != c)
        return false;
    j->at++;
    return true;
}

void json_need(json_text *j, char c, const char *what)
{
    if (!json_take(j, c))
        json_bad(j, what);
}

static unsigned long hex4(json_text *j)
{
    char digit[5] = {0};
    for (int i = 0; i < 4 && isxdigit((unsigned char)*j->at); i++)
        digit[i] = *j->at++;
    if (strlen(digit) != 4)
        json_bad(j, "bad escape in a string");
    return strtoul(digit, NULL, 16);
}

/* A character behind a backslash; 127 stands for all beyond ASCII, not in keys and numbers. */
static char unescape(json_text *j)
{
    static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
    char c = *j->at ? *j->at++ : 0;
    const char *found = c ? strchr(from, c) : NULL;
    if (found)
        return to[found - from];
    unsigned long code = c == 'u' ? hex4(j) : 0;
    if (code >> 10 == 0xd800 >> 10 && j->at[0] == '\\' && j->at[1] == 'u') {
        j->at += 2;
        code = hex4(j) >> 10 == 0xdc00 >> 10 ? 0x10000 : 0;
    }
    if (code == 0 || code >> 11 == 0xd800 >> 11)
        json_bad(j, "bad escape, or half a surrogate pair, in a string");
    return code < 0x80 ? (char)code : 127;
}

/* A character of UTF-8 as it is, with the same stand-in. */
static char character(json_text *j)
{
    unsigned code = (unsigned char)*j->at++, first = code;
    unsigned more = code < 0xc2 ? 0 : code < 0xe0 ? 1 : code < 0xf0 ? 2 : code < 0xf5 ? 3 : 0;
    code &= more ? 0x3fU >> more : 0xff;
    for (unsigned i = 0; i < more; i++)
        code = (*j->at & 0xc0) == 0x80 ? code << 6 | (*j->at++ & 0x3f) : 0;
    if (first < ' ' ||
        (first >= 0x80 && code < (more == 1   ? 0x80
                                  : more == 2 ? 0x800
                                              : 0x10000)) ||
        code >> 11 == 0xd800 >> 11 || code > 0x10ffff)
        json_bad(j, "no UTF-8, a control character, or the end of the file, in a string");
    return first < 0x80 ? (char)first : 127;
}

/* The text ends in a zero byte; what does not fit is left out. */
const char *json_string(json_text *j, char *out, size_t room)
{
    size_t length = 0;
    json_need(j, '"', "expected a string");
    while (*j->at != '"') {
        bool escape = *j->at == '\\';
        j->at += escape;
        char c = escape ? unescape(j) : character(j);
        if (length + 1 < room)
            out[length++] = c;
    }
    j->at++;
    out[length] = 0;
    return out;
}

/* Quoted and exact, or the nearest binary64. strtod is laxer than JSON. */
void json_number(json_text *j, mpq_t q)
{
    static char quoted[MAX_TEXT + 2];
    const char *begin = j->at += strspn(j->at, " \t\n\r");
    if (*begin == '"') {
        if (!json_rational(q, json_string(j, quoted, sizeof quoted)))
            json_bad(j, "this string is no decimal, fraction p/q or hexadecimal float");
        return;
    }
    size_t length = strspn(begin, "+-.0123456789eE");
    const char *digit = begin + (*begin == '-'), *point = memchr(begin, '.', length);
    char *end;
    double nearest = strtod(begin, &end);
    if (!isdigit((unsigned char)digit[0]) || end != begin + length || !isfinite(nearest) ||
        (digit[0] == '0' && isdigit((unsigned char)digit[1])) ||
        (point && !isdigit((unsigned char)point[1])))
        json_bad(j, "expected a finite number or a string");
    mpq_set_d(q, nearest);
    j->at = end;
}

/* An array of numbers goes behind those that are there; returns how many. */
size_t json_numbers(json_text *j, numbers *list)
{
    size_t before = list->count;
    json_need(j, '[', "expected an array of numbers");
    if (json_take(j, ']'))
        return 0;
    do {
        if (list->count == list->room) {
            list->room = 2 * list->room + 16;
            list->value = base_resize(list->value, list->room, sizeof *list->value);
        }
        mpq_init(list->value[list->count]);
        json_number(j, list->value[list->count++]);
    } while (json_take(j, ','));
    json_need(j, ']', "expected a comma or the end of an array");
    return list->count - before;
}

/* Rows of *length numbers each, or of as many as the first one if that is 0; returns how many. */
size_t json_rows(json_text *j, numbers *list, size_t *length)
{
    size_t rows = 0;
    json_need(j, '[', "expected an array of rows");
    if (json_take(j, ']'))
        return 0;
    do {
        size_t count = json_numbers(j, list);
        if (count == 0 || (*length > 0 && count != *length))
            json_bad(j, "row of a wrong length");
        *length = count;
        rows++;
    } while (json_take(j, ','));
    json_need(j, ']', "expected a comma or the end of an array");
    return rows;
}

/* The next key of an object, as its index; -1 at the end. seen has a bit for every key so far. */
int json_key(json_text *j, const char *const *key, int keys, unsigned *seen)
{
    char name[16];
    if (*seen == 0)
        json_need(j, '{', "expected an object");
    if (json_take(j, '}'))
        return -1;
    if (*seen)
        json_need(j, ',', "expected a comma or the end of an object");
    json_string(j, name, sizeof name);
    for (int k = 0; k < keys; k++)
        if (!strcmp(name, key[k]) && !(*seen & 1U << k)) {
            *seen |= 1U << k;
            json_need(j, ':', "expected a colon");
            return k;
        }
    json_bad(j, "unknown key, or one that comes twice");
}

char *json_file(const char *path, size_t *size)
{
    FILE *file = strcmp(path, "-") ? fopen(path, "rb") : stdin;
    char *data = NULL;
    size_t room = 1 << 16;
    *size = 0;
    do
        data = file ? base_resize(data, room *= 2, 1) : NULL;
    while (file && (*size += fread(data + *size, 1, room - *size, file)) == room);
    const char *fault = !file || ferror(file) ? strerror(errno) : NULL;
    if (file)
        fclose(file);
    if (fault || *size == 0)
        free(data);
    if (fault)
        base_stop("%s: %s", path, fault);
    if (*size == 0)
        base_stop("%s: byte 0: the file is empty", path);
    data[*size] = 0; /* resize gives one byte more */
    return data;
}
