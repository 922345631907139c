/* Decimal literals and their values. */
#ifndef CREASE_NET_LITERAL_H
#define CREASE_NET_LITERAL_H

#include <crease_network.h>
#include <gmp.h>

typedef enum {
    CREASE_LITERAL_READ,
    CREASE_LITERAL_MALFORMED, /* not [+-]digits[.digits][e[+-]digits] */
    CREASE_LITERAL_RANGE      /* rounds to infinity; as a decimal, beyond crease_rational_parse */
} crease_literal;

/* Reads exactly length characters; the character that follows must not be part of a number.  If
 * weights is FLOAT32 or FLOAT64, value becomes the nearest number of that format, ties to even;
 * numbers that are too small become subnormal or zero.  weights must not be AUTO.  value must be
 * initialised, and is canonical afterwards. */
crease_literal crease_literal_read(mpq_t value, const char *text, size_t length,
                                   crease_weights weights);

/* For messages: "decimals as float32". */
const char *crease_literal_words(crease_weights weights);

/* The literals of a JSON text in their order, and the text with each replaced by its index. */
typedef struct {
    char *text;
    size_t length;
    const char **literal; /* in the original text */
    size_t literals;
} crease_literals;

/* text must be followed by a zero byte.  Numbers in strings do not change, and neither does text
 * that is not a JSON number.  So the new text is JSON iff the old one is, except that numbers too
 * large for binary64 are no longer an error. */
void crease_literals_number(const char *text, size_t length, crease_literals *literals);
void crease_literals_free(crease_literals *literals);

/* The length of the literal that begins at text. */
size_t crease_literal_length(const char *text);

#endif
