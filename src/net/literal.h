/* Decimal literals: what the digits in a file stand for. */
#ifndef CREASE_NET_LITERAL_H
#define CREASE_NET_LITERAL_H

#include <crease.h>
#include <gmp.h>

typedef enum {
    CREASE_LITERAL_READ,
    CREASE_LITERAL_MALFORMED, /* not [+-]digits[.digits][e[+-]digits] */
    CREASE_LITERAL_RANGE      /* rounds to infinity; as a decimal, beyond crease_rational_parse */
} crease_literal;

/* Reads exactly length characters, which are followed by one that goes into no number.  Rounded
 * numbers are nearest, ties to even, subnormals included; too small is zero.  weights must not be
 * AUTO; value must be initialised and is canonical afterwards. */
crease_literal crease_literal_read(mpq_t value, const char *text, size_t length,
                                   crease_weights weights);

/* In words: "decimals as float32". */
const char *crease_literal_words(crease_weights weights);

/* The literals of a JSON text in order; text in which each is replaced by its index. */
typedef struct {
    char *text;
    size_t length;
    const char **literal; /* in the original text */
    size_t literals;
} crease_literals;

/* Text must end in a zero byte.  Numbers in strings stay, and so does what is no number of JSON;
 * thus the new text is JSON iff the old one is, but for numbers too large for binary64. */
void crease_literals_number(const char *text, size_t length, crease_literals *literals);
void crease_literals_free(crease_literals *literals);

/* The length of the literal that begins at text. */
size_t crease_literal_length(const char *text);

#endif
