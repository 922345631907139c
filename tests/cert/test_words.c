/* The words of crease-check (src/check/near*.c): what they say of integers holds for the integers,
 * as GMP computes it, also where sums nearly cancel and matrices are nearly or exactly singular. */
#include "cert/words.h"
#include "support/support.h"

#include <stdlib.h>
#include <string.h>

enum { INPUTS = 3, WIDTH = 5, LAYERS = 6, LENGTH = INPUTS + 1, MOST = 8 };

static void need_near(const near *words, mpz_srcptr x, size_t count, const char *what)
{
    mpz_t error, bound;
    mpz_inits(error, bound, NULL);
    mpz_set_ui(bound, words->error);
    mpz_mul_2exp(bound, bound, words->shift);
    for (size_t j = 0; j < count && words->error < NEAR_NOTHING; j++) {
        support_require(labs(words->word[j]) <= 1L << NEAR_BITS, what);
        mpz_set_si(error, words->word[j]);
        mpz_mul_2exp(error, error, words->shift);
        mpz_sub(error, error, x + j);
        support_require(mpz_cmpabs(error, bound) <= 0, what);
    }
    mpz_clears(error, bound, NULL);
}

/* Sums that are 0, or 1, or small against their terms, or not. */
START_TEST(signs_of_sums)
{
    unsigned known = 0, zeros = 0, sums = 0;
    for (unsigned round = 0; round < 4000; round++) {
        size_t count = 2 + words_below(MOST - 1);
        mpz_ptr a = base_integers(NULL, 0, MOST), b = base_integers(NULL, 0, MOST);
        int64_t first[MOST], second[MOST];
        near words[2] = {{.word = first}, {.word = second}};
        unsigned bits = 1 + words_below(200);
        mpz_t sum;
        mpz_init(sum);
        for (size_t j = 0; j < count; j++) {
            words_draw(a + j, bits);
            words_draw(b + j, bits);
        }
        if (words_below(2)) {
            mpz_set_ui(b + count - 1, 1);
            words_product(sum, a, b, count - 1);
            mpz_neg(a + count - 1, sum);
            words_draw(sum, 1 + words_below(bits));
            if (words_below(2))
                mpz_add(a + count - 1, a + count - 1, sum);
        }
        near_integers(&words[0], a, count);
        near_integers(&words[1], b, count);
        need_near(&words[0], a, count, "words of integers");
        words_disturb(&words[0], count);
        words_disturb(&words[1], count);
        words_product(sum, a, b, count);
        size_t first_one = words_below(2);
        int sign = near_sign(&words[first_one], &words[!first_one], count);
        support_require(sign == 0 || sign == mpz_sgn(sum), "the sign of a sum");
        support_require(!near_sign_at(&words[0], 0) || mpz_sgn(a), "an integer other than 0");
        known += sign != 0;
        zeros += mpz_sgn(sum) == 0;
        sums++;
        mpz_clear(sum);
        base_release(a, MOST);
        base_release(b, MOST);
    }
    ck_assert_msg(zeros > sums / 20 && known > sums / 3, "%u sums: %u are 0, %u signs are known",
                  sums, zeros, known);
}
END_TEST

typedef struct {
    affine map;
    near_layer near;
    mpz_ptr row;
    mpz_t scale;
    uint8_t on[WIDTH];
} level;

static void draw_map(affine *map, size_t inputs, unsigned bits)
{
    *map = (affine){.units = WIDTH, .rank = 1, .width = WIDTH, .inputs = inputs};
    map->num = base_integers(NULL, 0, WIDTH * (inputs + 1));
    for (size_t i = 0; i < WIDTH * (inputs + 1); i++)
        words_draw(map->num + i, bits);
    mpz_init(map->den);
    words_draw(map->den, bits);
    mpz_abs(map->den, map->den);
    mpz_add_ui(map->den, map->den, 1);
}

static void enter(level *l, const uint8_t *on, bool anew)
{
    const level *from = l - 1;
    near_enter(&l->near, &from->near, &l->map, INPUTS, on, anew ? NULL : l->on);
    memcpy(l->on, on, WIDTH);
    for (size_t u = 0; u < WIDTH; u++)
        for (size_t j = 0; j < LENGTH; j++) {
            mpz_srcptr weight = l->map.num + u * (WIDTH + 1);
            mpz_ptr x = l->row + u * LENGTH + j;
            mpz_set_ui(x, 0);
            if (j == INPUTS)
                mpz_mul(x, weight + WIDTH, from->scale);
            for (size_t i = 0; i < WIDTH; i++)
                if (on[i] == ON)
                    mpz_addmul(x, weight + i, from->row + i * LENGTH + j);
        }
    need_near(&l->near.row, l->row, WIDTH * LENGTH, "rows of a layer");
    near scale = l->near.row;
    scale.word += WIDTH * LENGTH;
    need_near(&scale, l->scale, 1, "the scale of a layer");
}

/* Random maps one behind the other; states change a few at a time. */
START_TEST(rows_of_layers)
{
    unsigned known = 0, rounds = 60;
    for (unsigned round = 0; round < rounds; round++) {
        level *l = base_allocate(LAYERS, sizeof *l);
        unsigned bits = 1 + words_below(90);
        for (size_t i = 0; i < LAYERS; i++) {
            draw_map(&l[i].map, i ? WIDTH : INPUTS, words_below(3) ? bits : 1);
            mpz_init_set(l[i].scale, l[i].map.den);
            if (i > 0)
                mpz_mul(l[i].scale, l[i].scale, l[i - 1].scale);
            l[i].row = i ? base_integers(NULL, 0, WIDTH * LENGTH) : l[i].map.num;
            near_start(&l[i].near, &l[i].map, i ? NULL : l[i].row, l[i].scale, INPUTS);
        }
        for (unsigned change = 0; change < 10; change++)
            for (size_t i = 1; i < LAYERS; i++) {
                uint8_t on[WIDTH];
                for (size_t u = 0; u < WIDTH; u++)
                    on[u] = change && words_below(3) ? l[i].on[u] : words_below(2) ? ON : OFF;
                enter(&l[i], on, change == 0 || i > 1);
            }
        known += l[LAYERS - 1].near.row.error < NEAR_NOTHING >> 10;
    }
    ck_assert_msg(known > rounds / 2, "of %u networks %u have rows in words", rounds, known);
}
END_TEST

/* Without the constants. */
static size_t rank_of(mpz_srcptr a, size_t size)
{
    solved s = {.n = 0}, spare = {.n = 0};
    mpz_ptr row = base_integers(NULL, 0, size + 1), v = base_integers(NULL, 0, size + 1);
    mpz_t one;
    size_t rank = 0;
    mpz_init_set_ui(one, 1);
    solved_start(&s, size);
    for (size_t i = 0; i < size; i++) {
        for (size_t j = 0; j < size; j++)
            mpz_set(row + j, a + i * (size + 1) + j);
        rank += solved_add(&s, &spare, row, one, i, NULL, v);
    }
    mpz_clear(one);
    base_release(row, size + 1);
    base_release(v, size + 1);
    words_free_solved(&s);
    words_free_solved(&spare);
    return rank;
}

/* Functions of so many coordinates, the constant last. Some rows have one number other than 0, or
 * are those of faces; the last row depends on others, or nearly, or not. In bound, those of faces
 * and of 1. */
static void draw_matrix(mpz_ptr a, size_t size, unsigned bits, mpz_ptr bound, size_t *face)
{
    unsigned kind = words_below(6), simple = words_below(3) ? words_below(4) : 0,
             faces = words_below(4);
    size_t length = size + 1;
    mpz_ptr last = a + (size - 1) * length;
    for (size_t i = 0; i < size * length; i++)
        words_draw(a + i, bits);
    for (size_t i = 0; i <= size; i++)
        words_draw(bound + i, i < size || words_below(2) ? 1 + words_below(bits) : 2);
    mpz_abs(bound + size, bound + size);
    mpz_add_ui(bound + size, bound + size, 1);
    for (size_t i = 0; i < size; i++) {
        size_t column = words_below(8) ? (i + bits) % size : words_below((unsigned)size);
        bool of_face = words_below(4) < faces && (i + 1 < size || kind > 1),
             alone = of_face || words_below(4) < simple;
        mpz_ptr row = a + i * length;
        face[i] = of_face ? 2 * column + words_below(2) : NONE;
        for (size_t j = 0; j < length && alone; j++)
            if (of_face || j != column)
                mpz_set_ui(row + j, 0);
        if (of_face) {
            mpz_set(row + column, bound + size);
            mpz_neg(row + size, bound + i);
        }
        for (size_t j = 0; j < length && of_face && face[i] % 2; j++)
            mpz_neg(row + j, row + j);
    }
    for (size_t j = 0; j < length && kind == 0 && size > 2; j++)
        mpz_add(last + j, a + j, a + length + j);
    for (size_t j = 0; j < length && kind == 1; j++) {
        mpz_mul_2exp(last + j, a + j, words_below(80));
        mpz_add_ui(last + j, last + j, words_below(2));
    }
}

typedef struct {
    int64_t word[MOST + 2][MOST + 1];
    near_row row[MOST];
    int64_t one;
    uint64_t error;
    near g;
} words_of_system;

/* False if nothing is known of them. */
static bool take_words(words_of_system *w, size_t size, mpz_srcptr a, mpz_srcptr g,
                       mpz_srcptr bound, const size_t *face)
{
    size_t length = size + 1;
    near bounds = {.word = w->word[MOST]};
    bool stretched = words_below(2), good = true;
    near_integers(&bounds, bound, length);
    if (words_below(4) == 0)
        words_disturb(&bounds, length);
    w->one = bounds.word[size];
    w->error = bounds.error;
    w->g = (near){.word = w->word[MOST + 1]};
    near_integers(&w->g, g, length);
    if (words_below(2))
        words_disturb(&w->g, length);
    for (size_t i = 0; i < size; i++) {
        near_row *own = &w->row[i];
        *own = (near_row){.words = {.word = w->word[i]}};
        near_integers(&own->words, a + i * length, length);
        if (words_below(2 * (unsigned)size) == 0)
            words_disturb(&own->words, length);
        if (stretched)
            good = near_stretch(&own->words, length, w->word[i]) && good;
        if (face[i] != NONE)
            *own =
                (near_row){.column = face[i] / 2, .negative = face[i] % 2, .bound = bounds.word[i]};
    }
    return good;
}

/* The sign of y_i, or, behind them, of t, where it is certain that t is not 0. */
static int sign_of(const near_system *s, const near *g, size_t i)
{
    int8_t want[MOST + 1] = {0};
    int found = 0;
    for (int negate = 0; negate < 2; negate++)
        for (int sign = -1; sign < 2; sign += 2) {
            want[i] = (int8_t)sign;
            if (near_agree(s, g, want, negate) && i == s->size)
                found = negate ? -1 : 1;
            else if (near_agree(s, g, want, negate)) {
                support_require(found == 0, "one sign");
                found = negate ? -sign : sign;
            }
        }
    return found;
}

/* y A + t = g for given y and t, some of them 0 or small; A may be singular, or nearly so. */
START_TEST(systems)
{
    unsigned known = 0, ends = 0, zeros = 0, solved_ones = 0, singular = 0, mixed = 0, faces = 0,
             rounds = 4000;
    for (unsigned round = 0; round < rounds; round++) {
        size_t size = 1 + words_below(MOST), length = size + 1, face[MOST];
        mpz_ptr a = base_integers(NULL, 0, MOST * (MOST + 1)), y = base_integers(NULL, 0, MOST + 1),
                g = base_integers(NULL, 0, MOST + 1), bound = base_integers(NULL, 0, MOST + 1);
        words_of_system w;
        near_system s = {.size = 0};
        unsigned bits = 8 + words_below(150);
        draw_matrix(a, size, bits, bound, face);
        for (size_t i = 0; i <= size; i++) {
            words_draw(y + i, 1 + words_below(i < size ? 60 : 60 + bits));
            if (words_below(4) == 0)
                mpz_set_ui(y + i, 0);
        }
        mpz_set(g + size, y + size);
        for (size_t j = 0; j <= size; j++)
            for (size_t i = 0; i < size; i++)
                mpz_addmul(g + j, y + i, a + i * length + j);
        bool good = take_words(&w, size, a, g, bound, face), regular = rank_of(a, size) == size;
        good = good && near_solve(&s, w.row, size, w.one, w.error);
        support_require(!good || regular, "a singular matrix is solved");
        for (size_t i = 0; i <= size && good; i++) {
            int sign = sign_of(&s, &w.g, i);
            support_require(sign == 0 || sign == mpz_sgn(y + i), "the sign of a solution");
            known += sign != 0;
            ends += i == size && sign;
            zeros += mpz_sgn(y + i) == 0;
            faces += i < size && sign && face[i] != NONE;
        }
        w.g.error = NEAR_NOTHING;
        support_require(!good || !sign_of(&s, &w.g, size), "of nothing, no sign");
        solved_ones += good;
        mixed += good && s.mixed > 0 && s.mixed < size;
        singular += !regular;
        base_release(a, MOST * (MOST + 1));
        base_release(y, MOST + 1);
        base_release(g, MOST + 1);
        base_release(bound, MOST + 1);
        free(s.row);
        free(s.column);
        free(s.corner.word);
        free(s.inverse.word);
    }
    ck_assert_msg(solved_ones > rounds / 4 && known > rounds / 6 && zeros > rounds / 4 &&
                      singular > 300 && mixed > rounds / 20 && faces > rounds / 40 &&
                      ends > rounds / 20,
                  "%u systems: %u singular, %u solved, %u mixed, %u signs known, %u are 0, %u of "
                  "faces, %u constants",
                  rounds, singular, solved_ones, mixed, known, zeros, faces, ends);
}
END_TEST

/* The errors of a row and of a function at their worst: rows (R +- E, +- E) and x_1 >= 0, and a
 * function (R +- E, 2 E + 16 +- E).  The coefficient of x_1 is positive up to errors of the first
 * order, but it may be negative. */
START_TEST(errors_of_both)
{
    const int64_t R = (int64_t)1 << 44, E = 1 << 24;
    int64_t mixed[3] = {R, 0, 0}, word[3] = {R, 2 * E + 16, R};
    const near_row row[2] = {{.words = {.word = mixed, .error = (uint64_t)E}}, {.column = 1}};
    near g = {.word = word, .error = (uint64_t)E};
    near_system s = {.size = 0};
    ck_assert((wide)(E + 16) * (R - E) < (wide)(R + E) * E);
    ck_assert(near_solve(&s, row, 2, 1, 0));
    ck_assert_int_eq(sign_of(&s, &g, 0), 1);
    ck_assert_int_le(sign_of(&s, &g, 1), 0);
    free(s.row);
    free(s.column);
    free(s.corner.word);
    free(s.inverse.word);
}
END_TEST

/* Rows 2^9 x_i + 2^51 x_(i-1), whose inverse is beyond what doubles hold, and behind them others,
 * whose inverse is small: of numbers that no word is near to, nothing is known. */
START_TEST(inverses_beyond_doubles)
{
    enum { CHAIN = 34, SIZE = 40 };
    for (size_t chain = 1; chain <= CHAIN; chain++) {
        int64_t *word = base_allocate(SIZE * SIZE, sizeof *word);
        near row[SIZE];
        near_inverse s = {.room = 0};
        for (size_t i = 0; i < SIZE; i++) {
            row[i] = (near){.word = word + i * SIZE};
            row[i].word[i] = 1L << (i < chain ? 9 : 21);
            if (i > 0 && i < chain)
                row[i].word[i - 1] = 1L << 51;
        }
        bool regular = near_invert(&s, row, SIZE);
        support_require(chain == 1 ? regular : chain < 9 || !regular, "an inverse beyond words");
        for (size_t i = 0; i < SIZE * SIZE && s.power >= 0; i++)
            support_require(labs(s.word[i]) <= 1L << NEAR_BITS, "a word of an inverse");
        free(s.word);
        free(word);
    }
}
END_TEST

/* 512 x_0 is 0 up to far more than 2^40. */
START_TEST(unknown_values)
{
    int64_t word[3], flat[3] = {512, 0, 0}, far[3] = {0, (int64_t)1 << 52, (int64_t)1 << 52};
    const near function = {.word = flat, .error = 16}, point = {.word = far};
    near_inverse memory = {.room = 0};
    near to = {.word = word};
    ck_assert(!near_meet(&memory, &function, 1, (size_t[]){0}, 3, &point, &to));
    free(memory.word);
}
END_TEST

/* Lines, some through one point or parallel, and sides. */
START_TEST(counts)
{
    unsigned known = 0, empty = 0, rounds = 6000;
    counter *exact = counter_new(2);
    mpz_t one;
    mpz_init_set_ui(one, 1);
    for (unsigned round = 0; round < rounds; round++) {
        size_t d = 1 + words_below(2), lines = words_below(8), sides = words_below(5);
        unsigned bits = words_below(2) ? 2 + words_below(4) : 20 + words_below(150);
        near_line row[2 * (8 + 5)];
        for (size_t i = 0; i < lines + sides; i++) {
            mpz_ptr x = counter_row(exact, i >= lines, d, i < lines ? i : i - lines);
            near words = {.word = row[i].word};
            bool constant = words_below(10) == 0;
            for (size_t j = 0; j <= d; j++)
                if (constant && j < d)
                    mpz_set_ui(x + j, 0);
                else
                    words_draw(x + j, bits);
            if (i > 2 && i < lines && d == 2 && words_below(6) == 0) /* a sum of two others */
                for (size_t j = 0; j <= d; j++)
                    mpz_add(x + j, counter_row(exact, false, d, 0) + j,
                            counter_row(exact, false, d, 1) + j);
            near_integers(&words, x, d + 1);
            if (bits >= 20 && round % 4 == 0)
                words_disturb(&words, d + 1);
            row[i].error = words.error;
        }
        uint64_t nearly = near_count(row, lines, row + lines, sides, d, row + lines + sides);
        uint64_t regions = counter_regions(exact, d, lines, sides, one);
        support_require(nearly == 0 || nearly == regions, "the regions of lines");
        known += nearly > 0;
        empty += regions == 0;
    }
    ck_assert_msg(known > rounds / 6 && empty > rounds / 20, "%u: %u known, %u are empty", rounds,
                  known, empty);
    near_line constant = {{1, -1, 1 << 20}, 2}, room;
    ck_assert_uint_eq(near_count(&constant, 1, NULL, 0, 2, &room), 0); /* a line, or none at all */
    near_line unknown = {{(int64_t)1 << NEAR_BITS, 0, 0}, NEAR_NOTHING};
    ck_assert_uint_eq(near_count(&unknown, 1, NULL, 0, 2, &room), 0);
    ck_assert_uint_eq(near_count(&unknown, 1, NULL, 0, 1, &room), 0);
    near_line beside[4] = {{{1 << 30, 1, 1}, 0}, {{1, 2, 3}, NEAR_NOTHING}};
    ck_assert_uint_eq(near_count(beside, 1, beside + 1, 1, 2, beside + 2), 0);
    near_line parallel[2] = {{{(1 << 30) + 3, (1 << 30) - 1, 1}, 2}, {{1 << 30, 1 << 30, 0}, 0}};
    ck_assert_uint_eq(near_count(parallel, 2, NULL, 0, 2, &room), 0); /* perhaps they are */
    mpz_clear(one);
}
END_TEST

/* Four planes, of large numbers: in general position, or all through one point, which leading bits
 * cannot tell. */
START_TEST(planes)
{
    counter *c = counter_new(3);
    mpz_t one;
    mpz_init_set_ui(one, 1);
    for (unsigned round = 0; round < 100; round++) {
        unsigned apart = round % 2;
        mpz_ptr last = counter_row(c, false, 3, 3);
        for (size_t j = 0; j < 4; j++) {
            mpz_set_ui(last + j, apart && j == 3);
            for (size_t i = 0; i < 3; i++) {
                mpz_ptr x = counter_row(c, false, 3, i) + j;
                words_draw(x, 150);
                mpz_add(last + j, last + j, x);
            }
        }
        ck_assert_uint_eq(counter_regions(c, 3, 4, 0, one), 14 + apart);
    }
    mpz_clear(one);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("words");
    TCase *tcase = support_case(suite, "words", 20);
    words_begin();
    tcase_add_test(tcase, signs_of_sums);
    tcase_add_test(tcase, rows_of_layers);
    tcase_add_test(tcase, systems);
    tcase_add_test(tcase, errors_of_both);
    tcase_add_test(tcase, inverses_beyond_doubles);
    tcase_add_test(tcase, unknown_values);
    tcase_add_test(tcase, counts);
    tcase_add_test(tcase, planes);
    return support_run(suite);
}
