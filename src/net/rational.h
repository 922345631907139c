/* Exact rationals from text. */
#ifndef CREASE_NET_RATIONAL_H
#define CREASE_NET_RATIONAL_H

#include <gmp.h>
#include <stdbool.h>
#include <stddef.h>

/* Parses exactly length characters: an optional sign and a decimal ("-0.30",
 * "1e-3"), a fraction of two integers ("1/3") or a hexadecimal float
 * ("0x1.8p-3").  False if the text is none of these, divides by zero, or has an
 * exponent beyond +-5000 or more than 20000 characters.  value must be
 * initialised; it is canonical afterwards. */
bool crease_rational_parse(mpq_t value, const char *text, size_t length);

/* A text that crease_rational_parse reads as the value: an integer of up to seven digits, a
 * hexadecimal float or a fraction.  The caller frees it.  NULL if it would be too long. */
char *crease_rational_text(const mpq_t value);

#endif
