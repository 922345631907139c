/* The words of crease-check (src/check/near*.c): what they say of integers holds for the integers,
 * as GMP computes it, also where sums nearly cancel and matrices are nearly or exactly singular. */
#include "check/check.h"
#include "support/support.h"

#include <stdlib.h>
#include <string.h>

enum { INPUTS = 3, WIDTH = 5, LAYERS = 6, LENGTH = INPUTS + 1, MOST = 8 };

static gmp_randstate_t random_state;

static unsigned below(unsigned long end)
{
    return (unsigned)gmp_urandomm_ui(random_state, end);
}

/* Of at most so many bits, often fewer, of both signs. */
static void draw(mpz_ptr x, unsigned bits)
{
    mpz_urandomb(x, random_state, 1 + below(bits));
    if (below(2))
        mpz_neg(x, x);
}

static void sum_of_products(mpz_ptr sum, mpz_srcptr a, mpz_srcptr b, size_t count)
{
    mpz_set_ui(sum, 0);
    for (size_t j = 0; j < count; j++)
        mpz_addmul(sum, a + j, b + j);
}

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

/* Words that are less near, and say so. */
static void disturb(near *words, size_t count)
{
    unsigned long error = below(2) ? 1ul << below(36) : 0;
    for (size_t j = 0; j < count; j++) {
        long word =
            words->word[j] + (long)gmp_urandomm_ui(random_state, 2 * error + 1) - (long)error;
        if (labs(word) <= 1L << NEAR_BITS)
            words->word[j] = word;
    }
    words->error += error;
}

/* Sums that are 0, or 1, or small against their terms, or not. */
START_TEST(signs_of_sums)
{
    unsigned known = 0, zeros = 0, sums = 0;
    for (unsigned round = 0; round < 4000; round++) {
        size_t count = 2 + below(MOST - 1);
        mpz_ptr a = base_integers(NULL, 0, MOST), b = base_integers(NULL, 0, MOST);
        int64_t first[MOST], second[MOST];
        near words[2] = {{.word = first}, {.word = second}};
        unsigned bits = 1 + below(200);
        mpz_t sum;
        mpz_init(sum);
        for (size_t j = 0; j < count; j++) {
            draw(a + j, bits);
            draw(b + j, bits);
        }
        if (below(2)) {
            mpz_set_ui(b + count - 1, 1);
            sum_of_products(sum, a, b, count - 1);
            mpz_neg(a + count - 1, sum);
            draw(sum, 1 + below(bits));
            if (below(2))
                mpz_add(a + count - 1, a + count - 1, sum);
        }
        near_integers(&words[0], a, count);
        near_integers(&words[1], b, count);
        need_near(&words[0], a, count, "words of integers");
        disturb(&words[0], count);
        disturb(&words[1], count);
        sum_of_products(sum, a, b, count);
        size_t first_one = below(2);
        int sign = near_sign(&words[first_one], &words[!first_one], count);
        support_require(sign == 0 || sign == mpz_sgn(sum), "the sign of a sum");
        support_require(!near_not_zero(&words[0], 1) || mpz_sgn(a), "an integer other than 0");
        known += sign != 0;
        zeros += mpz_sgn(sum) == 0;
        sums++;
        mpz_clear(sum);
        for (size_t j = 0; j < MOST; j++)
            mpz_clears(a + j, b + j, NULL);
        free(a);
        free(b);
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
        draw(map->num + i, bits);
    mpz_init(map->den);
    mpz_urandomb(map->den, random_state, bits);
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
        unsigned bits = 1 + below(90);
        for (size_t i = 0; i < LAYERS; i++) {
            draw_map(&l[i].map, i ? WIDTH : INPUTS, below(3) ? bits : 1);
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
                    on[u] = change && below(3) ? l[i].on[u] : below(2) ? ON : OFF;
                enter(&l[i], on, change == 0 || i > 1);
            }
        known += l[LAYERS - 1].near.row.error < NEAR_NOTHING >> 10;
    }
    ck_assert_msg(known > rounds / 2, "of %u networks %u have rows in words", rounds, known);
}
END_TEST

/* y A = g for given y, some of them 0 or small; A may be singular, or nearly so. */
START_TEST(systems)
{
    unsigned known = 0, zeros = 0, solved_ones = 0, singular = 0, rounds = 3000;
    for (unsigned round = 0; round < rounds; round++) {
        size_t size = 1 + below(MOST);
        unsigned bits = 8 + below(150), kind = below(6);
        mpz_ptr a = base_integers(NULL, 0, MOST * MOST), y = base_integers(NULL, 0, MOST),
                g = base_integers(NULL, 0, MOST);
        int64_t word[MOST + 1][MOST];
        int64_t solution[MOST];
        near row[MOST + 1], z = {.word = solution};
        near_system s = {.size = 0};
        for (size_t i = 0; i < size * size; i++)
            draw(a + i, bits);
        for (size_t i = 0; i < size && kind == 0; i++) /* the last row depends on the first two */
            if (size > 2)
                mpz_add(a + (size - 1) * size + i, a + i, a + size + i);
        for (size_t i = 0; i < size && kind == 1; i++) { /* nearly */
            mpz_mul_2exp(a + (size - 1) * size + i, a + i, below(80));
            mpz_add_ui(a + (size - 1) * size + i, a + (size - 1) * size + i, below(2));
        }
        for (size_t i = 0; i < size; i++) {
            draw(y + i, 1 + below(60));
            if (below(4) == 0)
                mpz_set_ui(y + i, 0);
        }
        for (size_t j = 0; j < size; j++)
            for (size_t i = 0; i < size; i++)
                mpz_addmul(g + j, y + i, a + i * size + j);
        for (size_t i = 0; i <= size; i++) {
            row[i] = (near){.word = word[i]};
            near_integers(&row[i], i < size ? a + i * size : g, size);
            disturb(&row[i], size);
        }
        near_solve(&s, row, size);
        support_require(!(kind == 0 && size > 2 && s.size), "a singular matrix is solved");
        if (s.size > 0)
            near_express(&s, &row[size], &z);
        for (size_t i = 0; i < s.size; i++) {
            int sign = near_sign_at(&z, i);
            support_require(sign == 0 || sign == mpz_sgn(y + i), "the sign of a solution");
            known += sign != 0;
            zeros += mpz_sgn(y + i) == 0;
        }
        solved_ones += s.size > 0;
        singular += kind == 0 && size > 2;
        for (size_t i = 0; i < MOST * MOST; i++)
            mpz_clear(a + i);
        for (size_t i = 0; i < MOST; i++)
            mpz_clears(y + i, g + i, NULL);
        free(a);
        free(y);
        free(g);
        free(s.inverse);
    }
    ck_assert_msg(solved_ones > rounds / 3 && known > rounds / 4 && zeros > rounds / 4 &&
                      singular > 100,
                  "%u systems: %u singular, %u solved, %u signs known, %u are 0", rounds, singular,
                  solved_ones, known, zeros);
}
END_TEST

/* The worst that one bit allows: (8, -1) A = g, and (I + R) is A over 2^20 - 4. */
START_TEST(one_bit)
{
    int64_t inverse[4] = {1, 0, 0, 1}, solution[2];
    int64_t a[4] = {(1 << 19) - 1, (1 << 19) - 3, 0, (1 << 20) - 4};
    int64_t word[2] = {8 * a[0], 8 * a[1] - a[3]};
    near_system s = {.size = 2, .room = 2, .inverse = inverse, .weigh = 1, .bits = 1};
    near g = {.word = word}, y = {.word = solution};
    near_express(&s, &g, &y);
    ck_assert_int_ge(near_sign_at(&y, 0), 0);
    ck_assert_int_le(near_sign_at(&y, 1), 0);
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
        size_t d = 1 + below(2), lines = below(8), sides = below(5);
        unsigned bits = below(2) ? 2 + below(4) : 20 + below(150);
        near_line row[2 * (8 + 5)];
        for (size_t i = 0; i < lines + sides; i++) {
            mpz_ptr x = counter_row(exact, i >= lines, d, i < lines ? i : i - lines);
            near words = {.word = row[i].word};
            bool constant = below(10) == 0;
            for (size_t j = 0; j <= d; j++)
                if (constant && j < d)
                    mpz_set_ui(x + j, 0);
                else
                    draw(x + j, bits);
            if (i > 2 && i < lines && d == 2 && below(6) == 0) /* a sum of two others */
                for (size_t j = 0; j <= d; j++)
                    mpz_add(x + j, counter_row(exact, false, d, 0) + j,
                            counter_row(exact, false, d, 1) + j);
            near_integers(&words, x, d + 1);
            if (bits >= 20 && round % 4 == 0)
                disturb(&words, d + 1);
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
    near_line parallel[2] = {{{(1 << 30) + 3, (1 << 30) - 1, 1}, 2}, {{1 << 30, 1 << 30, 0}, 0}};
    ck_assert_uint_eq(near_count(parallel, 2, NULL, 0, 2, &room), 0); /* perhaps they are */
    mpz_clear(one);
}
END_TEST

static mpz_ptr draw_row(size_t length, unsigned bits)
{
    mpz_ptr row = base_integers(NULL, 0, length);
    for (size_t j = 0; j < length; j++)
        draw(row + j, bits);
    return row;
}

static void free_row(mpz_ptr row, size_t length)
{
    for (size_t j = 0; j < length; j++)
        mpz_clear(row + j);
    free(row);
}

static void free_solved(solved *s)
{
    if (s->column)
        mpz_clear(s->den);
    free_row(s->t, s->room * (s->n + 1));
    free(s->column);
    free(s->function);
    free(s->pivot);
}

/* A flat of so many random rows. */
static void draw_flat(solved *flat, size_t n, size_t rows, unsigned bits)
{
    solved spare = {.n = 0};
    mpz_ptr v = base_integers(NULL, 0, n + 1);
    solved_start(flat, n);
    while (flat->rows < rows) {
        mpz_ptr row = draw_row(n + 1, bits);
        size_t p = flat->column[below((unsigned)flat->columns)];
        solved_express(flat, row, v);
        if (mpz_sgn(v + p))
            solved_replace(flat, &spare, v, p, NONE);
        free_row(row, n + 1);
    }
    free_row(v, n + 1);
    free_solved(&spare);
}

/* A point of the flat where the function is 0, by the rational numbers of its definition: x p is
 * -sum_j function_j given_j / function_p. */
static void lift_exactly(const solved *flat, mpz_ptr function, size_t p, mpz_ptr given, mpz_ptr x)
{
    mpq_t value, term;
    mpq_t *own = base_allocate(flat->n + 1, sizeof *own);
    mpq_inits(value, term, NULL);
    for (size_t j = 0; j <= flat->n; j++)
        mpq_init(own[j]);
    for (size_t i = 0; i <= flat->columns; i++) {
        size_t j = flat->column[i];
        mpq_set_z(own[j], given + j);
        mpq_set_z(term, function + j);
        mpq_mul(term, term, own[j]);
        if (j != p)
            mpq_sub(value, value, term);
    }
    mpq_set_z(term, function + p);
    mpq_div(own[p], value, term);
    for (size_t r = 0; r < flat->rows; r++) {
        mpq_ptr to = own[flat->pivot[r]];
        mpq_set_ui(to, 0, 1);
        for (size_t i = 0; i <= flat->columns; i++) {
            size_t j = flat->column[i];
            mpq_set_z(term, flat->t + r * (flat->n + 1) + j);
            mpq_mul(term, term, own[j]);
            mpq_add(to, to, term);
        }
        mpq_set_z(term, flat->den);
        mpq_div(to, to, term);
    }
    mpz_t common;
    mpz_init_set_ui(common, 1);
    for (size_t j = 0; j <= flat->n; j++)
        mpz_lcm(common, common, mpq_denref(own[j]));
    for (size_t j = 0; j <= flat->n; j++) {
        mpz_divexact(x + j, common, mpq_denref(own[j]));
        mpz_mul(x + j, x + j, mpq_numref(own[j]));
        mpq_clear(own[j]);
    }
    mpz_clear(common);
    mpq_clears(value, term, NULL);
    free(own);
}

/* Functions that are 0 at the point x, or nearly. */
static unsigned signs_at(mpz_srcptr x, const near *words, size_t n, unsigned *zeros)
{
    unsigned known = 0;
    for (unsigned k = 0; k < 6; k++) {
        mpz_ptr h = base_integers(NULL, 0, n + 1);
        size_t a = below((unsigned)n), b = n;
        int64_t word[MOST];
        near row = {.word = word};
        mpz_t sum;
        mpz_init(sum);
        mpz_set(h + a, x + b);
        mpz_neg(h + b, x + a);
        if (k % 2)
            mpz_add_ui(h + below((unsigned)n + 1), h, 1 + below(1u << 20));
        near_integers(&row, h, n + 1);
        sum_of_products(sum, h, x, n + 1);
        int sign = near_sign(&row, words, n + 1);
        support_require(sign == 0 || sign == mpz_sgn(sum), "the sign at a point of a flat");
        known += sign != 0;
        *zeros += mpz_sgn(sum) == 0;
        mpz_clear(sum);
        free_row(h, n + 1);
    }
    return known;
}

/* Functions on flats, and points of them. */
START_TEST(flats)
{
    unsigned known = 0, zeros = 0, on_flat = 0, rounds = 2000;
    for (unsigned round = 0; round < rounds; round++) {
        size_t n = 2 + below(MOST - 2), rows = below((unsigned)n);
        unsigned bits = 4 + below(90);
        solved flat;
        near_flat f = {.version = 0};
        draw_flat(&flat, n, rows, bits);
        near_flat_make(&f, &flat);
        mpz_ptr g = draw_row(n + 1, bits), v = base_integers(NULL, 0, n + 1);
        mpz_ptr given = draw_row(n + 1, 1 + below(70)), x = base_integers(NULL, 0, n + 1);
        int64_t word[4][MOST];
        near row = {.word = word[0]}, function = {.word = word[1]}, point = {.word = word[2]},
             all = {.word = word[3]}, lifted = {.word = word[0]};
        size_t p = flat.column[below((unsigned)flat.columns)];
        mpz_abs(given + n, given + n);
        mpz_add_ui(given + n, given + n, 1);
        solved_express(&flat, g, v);
        near_integers(&row, g, n + 1);
        disturb(&row, n + 1);
        bool good = near_flat_express(&f, &flat, &row, &function);
        for (size_t i = 0; i <= flat.columns && good; i++) {
            int sign = near_sign_at(&function, flat.column[i]);
            support_require(sign == 0 || sign == mpz_sgn(v + flat.column[i]),
                            "a function on a flat");
            on_flat += sign != 0;
        }
        for (size_t r = 0; r < rows; r++)
            mpz_set_ui(given + flat.pivot[r], 0);
        mpz_set_ui(given + p, 0);
        near_integers(&point, given, n + 1);
        disturb(&point, n + 1);
        point.word[p] = 0;
        if (good && near_sign_at(&function, p) &&
            near_flat_solve(&function, n + 1, p, &point, &all) &&
            near_flat_lift(&f, &flat, &all, &lifted)) {
            lift_exactly(&flat, v, p, given, x);
            for (size_t j = 0; j <= n; j++) {
                int sign = near_sign_at(&lifted, j);
                support_require(sign == 0 || sign == mpz_sgn(x + j), "a point of a flat");
            }
            known += signs_at(x, &lifted, n, &zeros);
        }
        free_row(g, n + 1);
        free_row(v, n + 1);
        free_row(given, n + 1);
        free_row(x, n + 1);
        free_solved(&flat);
        free(f.table.word);
        free(f.view);
    }
    ck_assert_msg(known > rounds / 4 && zeros > rounds && on_flat > rounds,
                  "%u flats: %u signs known, %u are 0, %u on the flat", rounds, known, zeros,
                  on_flat);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("words");
    TCase *tcase = support_case(suite, "words", 20);
    gmp_randinit_default(random_state);
    tcase_add_test(tcase, signs_of_sums);
    tcase_add_test(tcase, rows_of_layers);
    tcase_add_test(tcase, systems);
    tcase_add_test(tcase, one_bit);
    tcase_add_test(tcase, counts);
    tcase_add_test(tcase, flats);
    return support_run(suite);
}
