/* Sums of regions (base/whole.h), against GMP. */
#include "base/whole.h"

#include "base/random.h"
#include "support/support.h"

#include <check.h>
#include <gmp.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { ROUNDS = 20000, BITS = 64 * CREASE_WHOLE_WORDS };

static uint64_t state = 7;

/* Up to 512 bits, with long runs of ones and zeros, so that carries run. */
static crease_whole draw(void)
{
    crease_whole value = {{0}};
    size_t words = crease_random_next(&state) % (CREASE_WHOLE_WORDS + 1);
    for (size_t i = 0; i < words; i++) {
        uint64_t kind = crease_random_next(&state) % 3;
        value.word[i] = kind == 0 ? 0 : kind == 1 ? UINT64_MAX : crease_random_next(&state);
    }
    return value;
}

static void import(mpz_t to, const crease_whole *value)
{
    mpz_import(to, CREASE_WHOLE_WORDS, -1, sizeof(uint64_t), 0, 0, value->word);
}

static void expect(const crease_whole *value, const mpz_t meant)
{
    char text[CREASE_WHOLE_TEXT], *digits = mpz_get_str(NULL, 10, meant);
    crease_whole_text(value, text);
    ck_assert_str_eq(text, digits);
    crease_whole again;
    ck_assert(crease_whole_read(digits, &again));
    ck_assert_int_eq(crease_whole_compare(&again, value), 0);
    free(digits);
}

START_TEST(sums_are_those_of_gmp)
{
    mpz_t a, b, sum;
    mpz_inits(a, b, sum, NULL);
    for (int round = 0; round < ROUNDS; round++) {
        const crease_whole x = draw(), y = draw();
        crease_whole total = x;
        import(a, &x);
        import(b, &y);
        ck_assert_int_eq((crease_whole_compare(&x, &y) > 0) - (crease_whole_compare(&x, &y) < 0),
                         (mpz_cmp(a, b) > 0) - (mpz_cmp(a, b) < 0));
        mpz_add(sum, a, b);
        bool fits = mpz_sizeinbase(sum, 2) <= BITS;
        ck_assert_int_eq(crease_whole_add(&total, &y), fits);
        if (fits) {
            expect(&total, sum);
            crease_whole_subtract(&total, &y);
            ck_assert_int_eq(crease_whole_compare(&total, &x), 0);
        }
        crease_whole more = x;
        const crease_whole small = crease_whole_of(y.word[0]);
        import(b, &small);
        mpz_add(sum, a, b);
        fits = mpz_sizeinbase(sum, 2) <= BITS;
        ck_assert_int_eq(crease_whole_add_word(&more, y.word[0]), fits);
        if (fits)
            expect(&more, sum);
        ck_assert_uint_eq(crease_whole_word(&x),
                          mpz_sizeinbase(a, 2) > 64 ? UINT64_MAX : x.word[0]);
        ck_assert_double_le(fabs(crease_whole_double(&x) - mpz_get_d(a)), 0x1p-50 * mpz_get_d(a));
    }
    mpz_clears(a, b, sum, NULL);
}
END_TEST

START_TEST(other_texts_are_refused)
{
    static const char *const wrong[] = {"", "-1", "+1", "01", "1 ", "1e3", "00"};
    crease_whole value;
    mpz_t most;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        ck_assert_msg(!crease_whole_read(wrong[i], &value), "%s", wrong[i]);
    mpz_init(most);
    mpz_setbit(most, BITS);
    char *digits = mpz_get_str(NULL, 10, most);
    ck_assert(!crease_whole_read(digits, &value));
    free(digits);
    mpz_sub_ui(most, most, 1);
    digits = mpz_get_str(NULL, 10, most);
    ck_assert_uint_lt(strlen(digits), CREASE_WHOLE_TEXT);
    ck_assert(crease_whole_read(digits, &value));
    free(digits);
    mpz_clear(most);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("whole");
    TCase *tcase = support_case(suite, "whole", 60);
    tcase_add_test(tcase, sums_are_those_of_gmp);
    tcase_add_test(tcase, other_texts_are_refused);
    return support_run(suite);
}
