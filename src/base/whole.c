#include "base/whole.h"

#include <assert.h>
#include <string.h>

enum { WORDS = CREASE_WHOLE_WORDS };

bool crease_whole_add(crease_whole *sum, const crease_whole *more)
{
    bool carry = false;
    for (size_t i = 0; i < WORDS; i++) {
        uint64_t b = more->word[i], c = sum->word[i] + b + carry;
        carry = c < b || (c == b && carry);
        sum->word[i] = c;
    }
    return !carry;
}

void crease_whole_subtract(crease_whole *from, const crease_whole *less)
{
    bool borrow = false;
    for (size_t i = 0; i < WORDS; i++) {
        uint64_t a = from->word[i], b = less->word[i];
        from->word[i] = a - b - borrow;
        borrow = a < b || (a == b && borrow);
    }
    assert(!borrow);
}

int crease_whole_compare(const crease_whole *a, const crease_whole *b)
{
    for (size_t i = WORDS; i-- > 0;)
        if (a->word[i] != b->word[i])
            return a->word[i] < b->word[i] ? -1 : 1;
    return 0;
}

uint64_t crease_whole_word(const crease_whole *value)
{
    const crease_whole most = crease_whole_of(UINT64_MAX);
    return crease_whole_compare(value, &most) > 0 ? UINT64_MAX : value->word[0];
}

double crease_whole_double(const crease_whole *value)
{
    double sum = 0;
    for (size_t i = WORDS; i-- > 0;)
        sum = sum * 0x1p64 + (double)value->word[i];
    return sum;
}

/* *value = *value * factor + more, both below 2^32; false if that is 2^512 or more. */
static bool multiply(crease_whole *value, uint64_t factor, uint64_t more)
{
    for (size_t i = 0; i < WORDS; i++) {
        uint64_t low = (value->word[i] & UINT32_MAX) * factor + more;
        uint64_t high = (value->word[i] >> 32) * factor + (low >> 32);
        value->word[i] = high << 32 | (low & UINT32_MAX);
        more = high >> 32;
    }
    return !more;
}

/* *value is divided by the divisor, below 2^32; returns the remainder. */
static uint64_t divide(crease_whole *value, uint64_t divisor)
{
    uint64_t rest = 0;
    for (size_t i = WORDS; i-- > 0;) {
        uint64_t high = rest << 32 | value->word[i] >> 32;
        uint64_t low = (high % divisor) << 32 | (value->word[i] & UINT32_MAX);
        value->word[i] = (high / divisor) << 32 | low / divisor;
        rest = low % divisor;
    }
    return rest;
}

void crease_whole_text(const crease_whole *value, char text[CREASE_WHOLE_TEXT])
{
    const crease_whole zero = {{0}};
    crease_whole left = *value;
    char digit[CREASE_WHOLE_TEXT];
    size_t first = sizeof digit - 1;
    digit[first] = '\0';
    do
        digit[--first] = (char)('0' + divide(&left, 10));
    while (crease_whole_compare(&left, &zero));
    memcpy(text, digit + first, sizeof digit - first);
}

bool crease_whole_read(const char *text, crease_whole *value)
{
    *value = (crease_whole){{0}};
    if (!*text || (text[0] == '0' && text[1]))
        return false;
    for (; *text; text++)
        if (*text < '0' || *text > '9' || !multiply(value, 10, (uint64_t)(*text - '0')))
            return false;
    return true;
}
