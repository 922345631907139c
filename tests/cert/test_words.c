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

static void free_solved(solved *s)
{
    if (s->column)
        mpz_clear(s->den);
    base_release(s->t, s->room * (s->n + 1));
    free(s->column);
    free(s->function);
    free(s->pivot);
}

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
            mpz_set(row + j, a + i * size + j);
        rank += solved_add(&s, &spare, row, one, i, v);
    }
    mpz_clear(one);
    base_release(row, size + 1);
    base_release(v, size + 1);
    free_solved(&s);
    free_solved(&spare);
    return rank;
}

/* Some rows have one number other than 0; the last row depends on others, or nearly, or not. */
static void draw_matrix(mpz_ptr a, size_t size, unsigned bits)
{
    unsigned kind = below(6), simple = below(3) ? below(4) : 0;
    mpz_ptr last = a + (size - 1) * size;
    for (size_t i = 0; i < size * size; i++)
        draw(a + i, bits);
    for (size_t i = 0; i < size; i++) {
        size_t column = below(8) ? (i + bits) % size : below((unsigned)size);
        bool alone = below(4) < simple;
        for (size_t j = 0; j < size && alone; j++)
            if (j != column)
                mpz_set_ui(a + i * size + j, 0);
    }
    for (size_t i = 0; i < size && kind == 0 && size > 2; i++)
        mpz_add(last + i, a + i, a + size + i);
    for (size_t i = 0; i < size && kind == 1; i++) {
        mpz_mul_2exp(last + i, a + i, below(80));
        mpz_add_ui(last + i, last + i, below(2));
    }
}

/* y A = g for given y, some of them 0 or small; A may be singular, or nearly so. */
START_TEST(systems)
{
    unsigned known = 0, zeros = 0, solved_ones = 0, singular = 0, mixed = 0, rounds = 4000;
    for (unsigned round = 0; round < rounds; round++) {
        size_t size = 1 + below(MOST);
        mpz_ptr a = base_integers(NULL, 0, MOST * MOST), y = base_integers(NULL, 0, MOST),
                g = base_integers(NULL, 0, MOST);
        int64_t word[MOST + 1][MOST];
        int sign[MOST];
        near row[MOST + 1];
        near_system s = {.size = 0};
        bool stretched = below(2), good = true;
        draw_matrix(a, size, 8 + below(150));
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
            if (below(2))
                disturb(&row[i], size);
            if (stretched && i < size)
                good = near_stretch(&row[i], size, word[i]) && good;
        }
        bool regular = rank_of(a, size) == size;
        good = good && near_solve(&s, row, size);
        support_require(!good || regular, "a singular matrix is solved");
        if (good)
            near_signs(&s, &row[size], sign);
        for (size_t i = 0; i < size && good; i++) {
            support_require(sign[i] == 0 || sign[i] == mpz_sgn(y + i), "the sign of a solution");
            known += sign[i] != 0;
            zeros += mpz_sgn(y + i) == 0;
        }
        solved_ones += good;
        mixed += good && s.mixed > 0 && s.mixed < size;
        singular += !regular;
        base_release(a, MOST * MOST);
        base_release(y, MOST);
        base_release(g, MOST);
        free(s.place);
        free(s.across);
        free(s.inverse.word);
    }
    ck_assert_msg(solved_ones > rounds / 3 && known > rounds / 2 && zeros > rounds / 4 &&
                      singular > 300 && mixed > rounds / 20,
                  "%u systems: %u singular, %u solved, %u mixed, %u signs known, %u are 0", rounds,
                  singular, solved_ones, mixed, known, zeros);
}
END_TEST

/* The worst that one bit allows: (8, -1) A = g, and (I + R) is A over 2^20 - 4. */
START_TEST(one_bit)
{
    int64_t inverse[4] = {1, 0, 0, 1};
    int64_t a[4] = {(1 << 19) - 1, (1 << 19) - 3, 0, (1 << 20) - 4};
    int64_t word[2] = {8 * a[0], 8 * a[1] - a[3]};
    int sign[2];
    near_place place[2] = {{.row = 0, .column = 0}, {.row = 1, .column = 1}};
    near_system s = {
        .size = 2, .mixed = 2, .place = place, .inverse = {.word = inverse, .weigh = 1, .bits = 1}};
    near g = {.word = word};
    near_signs(&s, &g, sign);
    ck_assert_int_ge(sign[0], 0);
    ck_assert_int_le(sign[1], 0);
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

/* No row or column of the words has more than the weight that errors are bounded by. */
static void need_weight(const near_flat *f, const solved *flat)
{
    size_t length = flat->n + 1, most = 0;
    for (size_t j = 0; j < length; j++) {
        size_t row = 0, column = 0;
        for (size_t r = 0; r < flat->rows; r++)
            column += (size_t)labs(f->table.word[r * length + j]);
        for (size_t i = 0; i < length && j < flat->rows; i++)
            row += (size_t)labs(f->table.word[j * length + i]);
        most = row > most ? row : most;
        most = column > most ? column : most;
    }
    most += (size_t)labs(f->table.word[flat->rows * length]);
    support_require(f->weigh >= most, "the weight of the words of a flat");
}

/* Flats of so many random rows, one in the other, and their words; false if these are not known. */
static bool draw_flats(solved *flat, near_flat *f, size_t n, size_t rows, unsigned bits)
{
    mpz_ptr v = base_integers(NULL, 0, n + 1);
    int64_t word[MOST];
    bool known = true;
    solved_start(flat, n);
    near_flat_start(f, n);
    while (flat->rows < rows) {
        mpz_ptr g = draw_row(n + 1, bits);
        size_t p = flat->column[below((unsigned)flat->columns)];
        near row = {.word = word};
        near_integers(&row, g, n + 1);
        if (below(4) == 0)
            disturb(&row, n + 1);
        near_flat_start(f + 1, n);
        solved_express(flat, g, v);
        known = known && near_flat_express(f, flat, &row, &f[1].row) && near_sign_at(&f[1].row, p);
        if (mpz_sgn(v + p)) {
            solved_exchange(flat + 1, flat, v, p, NONE);
            flat++;
            f++;
            known = known && near_flat_exchange(f, f - 1, flat);
            if (known)
                need_weight(f, flat);
        } else {
            free(f[1].table.word);
            free(f[1].row.word);
        }
        base_release(g, n + 1);
    }
    base_release(v, n + 1);
    return known;
}

/* The point of the flat by the rational numbers of its definition. */
static void lift_exactly(const solved *flat, mpz_srcptr given, mpz_ptr x)
{
    for (size_t i = 0; i <= flat->columns; i++)
        mpz_mul(x + flat->column[i], given + flat->column[i], flat->den);
    for (size_t r = 0; r < flat->rows; r++) {
        mpz_set_ui(x + flat->pivot[r], 0);
        for (size_t i = 0; i <= flat->columns; i++)
            mpz_addmul(x + flat->pivot[r], flat->t + r * (flat->n + 1) + flat->column[i],
                       given + flat->column[i]);
    }
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
        base_release(h, n + 1);
    }
    return known;
}

typedef struct {
    size_t n, rows, count;
    solved level[2 * MOST], *flat, *down; /* flats one in the other; down: where functions are 0 */
    near_flat words[MOST], *near_flat;
    near function[MOST];
    int64_t word[MOST][MOST];
    size_t entry[MOST];
} meeting;

/* Functions, and coordinates of the flat that they are solved for; false if they depend on one another,
 * as some do. In *known, are their words? */
static bool draw_functions(meeting *m, unsigned bits, bool *known)
{
    mpz_ptr g = base_integers(NULL, 0, MOST * MOST), v = base_integers(NULL, 0, m->n + 1);
    bool depends = below(5) == 0, regular = true;
    m->down = m->flat;
    for (size_t k = 0; k < m->count; k++) {
        mpz_ptr own = g + k * MOST;
        int64_t word[MOST];
        near row = {.word = word};
        for (size_t j = 0; j <= m->n; j++)
            draw(own + j, bits);
        for (size_t j = 0; j <= m->n && k > 1 && depends; j++)
            mpz_add(own + j, g + j, g + MOST + j);
        near_integers(&row, own, m->n + 1);
        if (below(4) == 0)
            disturb(&row, m->n + 1);
        m->function[k] = (near){.word = m->word[k]};
        *known = *known && near_flat_express(m->near_flat, m->flat, &row, &m->function[k]) &&
                 near_stretch(&m->function[k], m->n + 1, m->word[k]);
        size_t i = 0;
        if (regular)
            solved_express(m->down, own, v);
        while (i < m->down->columns && regular && mpz_sgn(v + m->down->column[i]) == 0)
            i++;
        regular = regular && i < m->down->columns;
        m->entry[k] = m->down->column[regular ? i : 0];
        if (regular)
            solved_exchange(m->down + 1, m->down, v, m->entry[k], NONE);
        else
            solved_shape(m->down + 1, m->down, m->entry[k], NONE);
        m->down++;
    }
    base_release(g, MOST * MOST);
    base_release(v, m->n + 1);
    return regular;
}

/* The signs of functions on the flat. */
static unsigned need_functions(const meeting *m, unsigned bits)
{
    unsigned known = 0;
    int64_t word[MOST], on_flat[MOST];
    near row = {.word = word}, function = {.word = on_flat};
    mpz_ptr g = draw_row(m->n + 1, bits), v = base_integers(NULL, 0, m->n + 1);
    near_integers(&row, g, m->n + 1);
    solved_express(m->flat, g, v);
    bool good = near_flat_express(m->near_flat, m->flat, &row, &function);
    for (size_t i = 0; i <= m->flat->columns && good; i++) {
        int sign = near_sign_at(&function, m->flat->column[i]);
        support_require(sign == 0 || sign == mpz_sgn(v + m->flat->column[i]),
                        "a function on a flat");
        known += sign != 0;
    }
    base_release(g, m->n + 1);
    base_release(v, m->n + 1);
    return known;
}

/* Functions on flats, and points of these where some functions are 0. */
START_TEST(flats)
{
    unsigned known = 0, zeros = 0, on_flat = 0, met = 0, singular = 0, rounds = 3000;
    for (unsigned round = 0; round < rounds; round++) {
        meeting m = {.n = 2 + below(MOST - 2)};
        near_inverse memory = {.room = 0};
        unsigned bits = 4 + below(90);
        m.rows = below((unsigned)m.n);
        m.count = below((unsigned)(m.n - m.rows + 1));
        m.flat = m.level + m.rows;
        m.near_flat = m.words + m.rows;
        bool good = draw_flats(m.level, m.words, m.n, m.rows, bits);
        if (good)
            on_flat += need_functions(&m, bits);
        bool regular = draw_functions(&m, bits, &good);
        mpz_ptr given = draw_row(m.n + 1, 1 + below(70)), x = base_integers(NULL, 0, m.n + 1);
        int64_t word[3][MOST];
        near point = {.word = word[0]}, meets = {.word = word[1]}, lifted = {.word = word[2]};
        mpz_abs(given + m.n, given + m.n);
        mpz_add_ui(given + m.n, given + m.n, 1);
        near_integers(&point, given, m.n + 1);
        if (below(4) == 0)
            disturb(&point, m.n + 1);
        for (size_t r = 0; r < m.down->rows; r++)
            point.word[m.down->pivot[r]] = 0;
        good = good && near_stretch(&point, m.n + 1, point.word) &&
               near_meet(&memory, m.function, m.count, m.entry, m.n + 1, &point, &meets) &&
               near_flat_lift(m.near_flat, m.flat, &meets, &lifted);
        support_require(!good || regular, "functions that depend on one another meet");
        if (good) {
            lift_exactly(m.down, given, x);
            for (size_t j = 0; j <= m.n; j++) {
                int sign = near_sign_at(&lifted, j);
                support_require(sign == 0 || sign == mpz_sgn(x + j), "a point of a flat");
            }
            known += signs_at(x, &lifted, m.n, &zeros);
        }
        met += good && m.count > 1;
        singular += !regular;
        base_release(given, m.n + 1);
        base_release(x, m.n + 1);
        for (size_t r = 0; r < 2 * MOST; r++)
            free_solved(&m.level[r]);
        for (size_t r = 0; r < MOST; r++) {
            free(m.words[r].table.word);
            free(m.words[r].row.word);
        }
        free(memory.word);
    }
    ck_assert_msg(known > rounds / 2 && zeros > rounds && on_flat > rounds && met > rounds / 10 &&
                      singular > rounds / 50,
                  "%u flats: %u signs known, %u are 0, %u on the flat, %u meet, %u singular",
                  rounds, known, zeros, on_flat, met, singular);
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
