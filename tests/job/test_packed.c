/* States as messages: a packed state is read back unchanged, and other words are refused. */
#include "job/packed.h"

#include "support/support.h"

#include <stdlib.h>
#include <string.h>

enum { MOST = 64 };

static size_t example(uint64_t word[MOST])
{
    static const crease_step first[] = {{7, 1, 2}, {3, 0, 4}}, third[] = {{UINT32_MAX - 1, 0, 1}};
    crease_state state = {.rays = true,
                          .regions = {{UINT64_MAX, 3, [CREASE_WHOLE_WORDS - 1] = 4}},
                          .cells = 5,
                          .closed = 0.25};
    state.tally.lp = 6;
    crease_stacks_add(&state.open, first, 2);
    crease_stacks_add(&state.open, NULL, 0);
    crease_stacks_add(&state.open, third, 1);
    size_t words = crease_packed_words(&state);
    ck_assert_uint_le(words, MOST);
    crease_packed_write(&state, word);
    crease_stacks_clear(&state.open);
    return words;
}

START_TEST(there_and_back)
{
    uint64_t word[MOST], again[MOST];
    crease_state state;
    size_t words = example(word);
    ck_assert(crease_packed_read(word, words, &state));
    ck_assert_uint_eq(state.regions.word[0], UINT64_MAX);
    ck_assert_uint_eq(state.regions.word[1], 3);
    ck_assert_uint_eq(state.regions.word[CREASE_WHOLE_WORDS - 1], 4);
    ck_assert_uint_eq(state.tally.lp, 6);
    ck_assert_uint_eq(state.open.count, 3);
    ck_assert_uint_eq(state.open.stack[0].steps, 2);
    ck_assert_uint_eq(state.open.stack[0].step[1].end, 4);
    ck_assert_uint_eq(crease_packed_words(&state), words);
    crease_packed_write(&state, again);
    ck_assert_int_eq(memcmp(word, again, words * sizeof *word), 0);
    crease_stacks_clear(&state.open);
}
END_TEST

START_TEST(cut_and_longer)
{
    uint64_t word[MOST] = {0};
    crease_state state;
    size_t words = example(word);
    for (size_t count = 0; count < MOST; count++)
        if (count != words) {
            /* A copy of this length, so that a sanitizer sees what is read beyond it. */
            uint64_t *copy = malloc(count * sizeof *copy + 1);
            ck_assert_ptr_nonnull(copy);
            memcpy(copy, word, count * sizeof *copy);
            ck_assert_msg(!crease_packed_read(copy, count, &state), "%zu of %zu words", count,
                          words);
            ck_assert_uint_eq(state.open.count, 0);
            free(copy);
        }
}
END_TEST

/* Lengths that lead beyond the end, wherever they are. */
START_TEST(wrong_words)
{
    static const uint64_t wrong[] = {UINT64_MAX, UINT64_MAX / 2, UINT32_MAX, 1000};
    uint64_t word[MOST];
    crease_state state;
    size_t words = example(word), refused = 0;
    for (size_t i = 0; i < words; i++)
        for (size_t k = 0; k < sizeof wrong / sizeof *wrong; k++) {
            example(word);
            word[i] = wrong[k];
            bool good = crease_packed_read(word, words, &state);
            ck_assert(!good || state.open.count == 3);
            crease_stacks_clear(&state.open);
            refused += !good;
        }
    /* Kind, number of paths, three lengths: each with each. */
    ck_assert_uint_ge(refused, 20);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("packed");
    TCase *tcase = support_case(suite, "packed", 60);
    tcase_add_test(tcase, there_and_back);
    tcase_add_test(tcase, cut_and_longer);
    tcase_add_test(tcase, wrong_words);
    return support_run(suite);
}
