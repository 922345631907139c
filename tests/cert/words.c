#include "cert/words.h"

#include <stdlib.h>

static gmp_randstate_t random_state;

void words_begin(void)
{
    gmp_randinit_default(random_state);
}

unsigned words_below(unsigned long end)
{
    return (unsigned)gmp_urandomm_ui(random_state, end);
}

void words_draw(mpz_ptr x, unsigned bits)
{
    mpz_urandomb(x, random_state, 1 + words_below(bits));
    if (words_below(2))
        mpz_neg(x, x);
}

void words_product(mpz_ptr sum, mpz_srcptr a, mpz_srcptr b, size_t count)
{
    mpz_set_ui(sum, 0);
    for (size_t j = 0; j < count; j++)
        mpz_addmul(sum, a + j, b + j);
}

void words_disturb(near *words, size_t count)
{
    unsigned long error = words_below(2) ? 1ul << words_below(36) : 0;
    for (size_t j = 0; j < count; j++) {
        long word =
            words->word[j] + (long)gmp_urandomm_ui(random_state, 2 * error + 1) - (long)error;
        if (labs(word) <= 1L << NEAR_BITS)
            words->word[j] = word;
    }
    words->error += error;
}

mpz_ptr words_row(size_t length, unsigned bits)
{
    mpz_ptr row = base_integers(NULL, 0, length);
    for (size_t j = 0; j < length; j++)
        words_draw(row + j, bits);
    return row;
}

void words_free_solved(solved *s)
{
    if (s->column)
        mpz_clear(s->den);
    base_release(s->t, s->room * (s->n + 1));
    free(s->column);
    free(s->function);
    free(s->pivot);
}
