/* Random integers, for the tests of the words of crease-check (src/check/near*.c). */
#ifndef CERT_WORDS_H
#define CERT_WORDS_H

#include "check/check.h"

void words_begin(void);
unsigned words_below(unsigned long end);

/* Of at most so many bits, often fewer, of both signs. */
void words_draw(mpz_ptr x, unsigned bits);
mpz_ptr words_row(size_t length, unsigned bits);

void words_product(mpz_ptr sum, mpz_srcptr a, mpz_srcptr b, size_t count);

/* Words that are less near, and say so. */
void words_disturb(near *words, size_t count);

void words_free_solved(solved *s);

#endif
