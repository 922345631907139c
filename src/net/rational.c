#include "net/rational.h"

#include "base/memory.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_CHARACTERS = 20000, MAX_EXPONENT = 5000, SMALL_INTEGER = 9999999 };

/* Reads digits of the base from *cursor into value, with at most one point;
 * returns the number of digits after the point, or -1 if there is no digit. */
static long read_mantissa(mpz_t value, const char **cursor, const char *end, int base, bool point)
{
    char *digits = crease_alloc((size_t)(end - *cursor) + 1, 1);
    size_t count = 0;
    long after = -1;
    for (; *cursor < end; ++*cursor) {
        unsigned char c = (unsigned char)**cursor;
        if (c == '.' && point && after < 0) {
            after = 0;
        } else if (base == 16 ? isxdigit(c) : isdigit(c)) {
            digits[count++] = (char)c;
            after += after >= 0;
        } else {
            break;
        }
    }
    bool good = count > 0 && mpz_set_str(value, digits, base) == 0;
    free(digits);
    return good ? (after < 0 ? 0 : after) : -1;
}

/* A signed decimal integer that ends the text. */
static bool read_exponent(long *exponent, const char *cursor, const char *end)
{
    bool negative = cursor < end && *cursor == '-';
    cursor += cursor < end && (*cursor == '-' || *cursor == '+');
    if (cursor == end)
        return false;
    *exponent = 0;
    for (; cursor < end; cursor++) {
        if (!isdigit((unsigned char)*cursor))
            return false;
        *exponent = *exponent * 10 + (*cursor - '0');
        if (*exponent > MAX_EXPONENT)
            return false;
    }
    if (negative)
        *exponent = -*exponent;
    return true;
}

static void scale(mpq_t value, unsigned long base, long exponent)
{
    mpz_t power;
    mpz_init(power);
    mpz_ui_pow_ui(power, base, (unsigned long)labs(exponent));
    if (exponent >= 0)
        mpz_mul(mpq_numref(value), mpq_numref(value), power);
    else
        mpz_mul(mpq_denref(value), mpq_denref(value), power);
    mpz_clear(power);
}

static bool read_unsigned(mpq_t value, const char *cursor, const char *end)
{
    bool hex = end - cursor > 2 && cursor[0] == '0' && (cursor[1] == 'x' || cursor[1] == 'X');
    cursor += hex ? 2 : 0;
    mpz_set_ui(mpq_denref(value), 1);
    long after = read_mantissa(mpq_numref(value), &cursor, end, hex ? 16 : 10, true);
    if (after < 0)
        return false;
    if (cursor < end && *cursor == '/' && !hex && after == 0) {
        cursor++;
        return read_mantissa(mpq_denref(value), &cursor, end, 10, false) == 0 && cursor == end &&
               mpz_sgn(mpq_denref(value)) != 0;
    }
    long exponent = 0;
    if (cursor < end) {
        int letter = tolower((unsigned char)*cursor);
        if (letter != (hex ? 'p' : 'e') || !read_exponent(&exponent, cursor + 1, end))
            return false;
    }
    scale(value, hex ? 2 : 10, exponent);
    scale(value, hex ? 16 : 10, -after);
    return true;
}

bool crease_rational_parse(mpq_t value, const char *text, size_t length)
{
    const char *end = text + length;
    if (length == 0 || length > MAX_CHARACTERS)
        return false;
    bool negative = *text == '-';
    text += *text == '-' || *text == '+';
    if (text == end || !read_unsigned(value, text, end))
        return false;
    mpq_canonicalize(value);
    if (negative)
        mpq_neg(value, value);
    return true;
}

/* An odd mantissa and a power of two; NULL if the value has none, or they are out of range. */
static char *dyadic_text(const mpq_t value)
{
    mpz_t mantissa;
    size_t twos = mpz_scan1(mpq_numref(value), 0), down = mpz_sizeinbase(mpq_denref(value), 2) - 1;
    size_t room = mpz_sizeinbase(mpq_numref(value), 16) + 32;
    if (mpz_scan1(mpq_denref(value), 0) != down || twos > MAX_EXPONENT || down > MAX_EXPONENT ||
        room > MAX_CHARACTERS)
        return NULL;
    char *text = crease_alloc(room, 1);
    mpz_init(mantissa);
    mpz_tdiv_q_2exp(mantissa, mpq_numref(value), twos);
    mpz_abs(mantissa, mantissa);
    gmp_snprintf(text, room, "%s0x%Zxp%ld", mpq_sgn(value) < 0 ? "-" : "", mantissa,
                 (long)twos - (long)down);
    mpz_clear(mantissa);
    return text;
}

char *crease_rational_text(const mpq_t value)
{
    bool small = mpz_cmpabs_ui(mpq_numref(value), SMALL_INTEGER) <= 0 &&
                 mpz_cmp_ui(mpq_denref(value), 1) == 0;
    char *text = small ? NULL : dyadic_text(value);
    size_t room = mpz_sizeinbase(mpq_numref(value), 10) + mpz_sizeinbase(mpq_denref(value), 10) + 3;
    if (text || room > MAX_CHARACTERS)
        return text;
    return mpq_get_str(crease_alloc(room, 1), 10, value);
}
