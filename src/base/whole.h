/* Whole numbers below 2^512, for numbers of regions.  Sums are checked. */
#ifndef CREASE_BASE_WHOLE_H
#define CREASE_BASE_WHOLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    CREASE_WHOLE_WORDS = 8,
    CREASE_WHOLE_TEXT = 156 /* the size of an array for the digits and a zero byte */
};

/* The sum of word[i] 2^(64 i). */
typedef struct {
    uint64_t word[CREASE_WHOLE_WORDS];
} crease_whole;

static inline crease_whole crease_whole_of(uint64_t value)
{
    return (crease_whole){{value}};
}

/* *sum += more.  False if the sum is 2^512 or more; *sum is then that sum less 2^512. */
bool crease_whole_add(crease_whole *sum, const crease_whole *more);

/* The same for a number of 64 bits. */
static inline bool crease_whole_add_word(crease_whole *sum, uint64_t more)
{
    sum->word[0] += more;
    for (size_t i = 1; sum->word[i - 1] < more; i++) {
        if (i == CREASE_WHOLE_WORDS)
            return false;
        sum->word[i] += more = 1;
    }
    return true;
}

/* *from -= less, which is not larger. */
void crease_whole_subtract(crease_whole *from, const crease_whole *less);

/* Less than, equal to or greater than 0, as a is to b. */
int crease_whole_compare(const crease_whole *a, const crease_whole *b);

/* The number, or UINT64_MAX if it is larger. */
uint64_t crease_whole_word(const crease_whole *value);

/* A double near the number: at most 2^-50 of it away. */
double crease_whole_double(const crease_whole *value);

/* The decimal digits. */
void crease_whole_text(const crease_whole *value, char text[CREASE_WHOLE_TEXT]);

/* Reads decimal digits, without a sign and, but for 0 itself, without leading zeros.  False for
 * anything else, and for 2^512 or more. */
bool crease_whole_read(const char *text, crease_whole *value);

#endif
