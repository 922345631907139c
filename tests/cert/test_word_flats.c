/* Flats in the words of crease-check (src/check/near_flat.c): what they say of integers holds for
 * the integers. */
#include "cert/words.h"
#include "support/support.h"

#include <stdlib.h>

enum { MOST = 8, LONG = 40 };

/* Flats of so many random rows, one in the other, and their words; false if these are not known. */
static bool draw_flats(solved *flat, near_flat *f, size_t n, size_t rows, unsigned bits)
{
    mpz_ptr v = base_integers(NULL, 0, n + 1);
    int64_t word[LONG + 1];
    wide sums[MOST * (LONG + 1)];
    bool known = true;
    solved_start(flat, n);
    near_flat_start(f, n);
    while (flat->rows < rows) {
        mpz_ptr g = words_row(n + 1, bits);
        size_t p = flat->column[words_below((unsigned)flat->columns)];
        near row = {.word = word};
        near_integers(&row, g, n + 1);
        if (words_below(2 + n) == 0)
            words_disturb(&row, n + 1);
        near_flat_start(f + 1, n);
        solved_express(flat, g, v);
        known = known && near_flat_express(f, flat, &row, &f[1].row) && near_sign_at(&f[1].row, p);
        if (mpz_sgn(v + p)) {
            solved_exchange(flat + 1, flat, v, p, NONE);
            flat++;
            f++;
            known = known && near_flat_exchange(f, f - 1, flat, sums);
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
        size_t a = words_below((unsigned)n), b = n;
        int64_t word[LONG + 1];
        near row = {.word = word};
        mpz_t sum;
        mpz_init(sum);
        mpz_set(h + a, x + b);
        mpz_neg(h + b, x + a);
        if (k % 2)
            mpz_add_ui(h + words_below((unsigned)n + 1), h, 1 + words_below(1u << 20));
        near_integers(&row, h, n + 1);
        words_product(sum, h, x, n + 1);
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
    int64_t word[MOST][LONG + 1];
    size_t entry[MOST];
} meeting;

/* Functions, and coordinates of the flat that they are solved for; false if they depend on one
 * another, as some do. In *known, are their words? */
static bool draw_functions(meeting *m, unsigned bits, bool *known)
{
    mpz_ptr g = base_integers(NULL, 0, MOST * (m->n + 1)), v = base_integers(NULL, 0, m->n + 1);
    bool depends = words_below(5) == 0, regular = true;
    m->down = m->flat;
    for (size_t k = 0; k < m->count; k++) {
        mpz_ptr own = g + k * (m->n + 1);
        int64_t word[LONG + 1];
        near row = {.word = word};
        for (size_t j = 0; j <= m->n; j++)
            words_draw(own + j, bits);
        for (size_t j = 0; j <= m->n && k > 1 && depends; j++)
            mpz_add(own + j, g + j, g + m->n + 1 + j);
        near_integers(&row, own, m->n + 1);
        if (words_below(2 + m->n) == 0)
            words_disturb(&row, m->n + 1);
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
    base_release(g, MOST * (m->n + 1));
    base_release(v, m->n + 1);
    return regular;
}

/* The signs of functions on the flat. */
static unsigned need_functions(const meeting *m, unsigned bits)
{
    unsigned known = 0;
    int64_t word[LONG + 1], on_flat[LONG + 1];
    near row = {.word = word}, function = {.word = on_flat};
    mpz_ptr g = words_row(m->n + 1, bits), v = base_integers(NULL, 0, m->n + 1);
    near_integers(&row, g, m->n + 1);
    solved_express(m->flat, g, v);
    bool good = near_flat_express(m->near_flat, m->flat, &row, &function);
    for (size_t i = 0; i <= m->flat->columns && good; i++) {
        size_t j = m->flat->column[i];
        int sign = near_sign_at(&function, j), own = near_flat_sign(m->near_flat, m->flat, &row, j);
        support_require(sign == 0 || sign == mpz_sgn(v + j), "a function on a flat");
        support_require(own == 0 || own == mpz_sgn(v + j), "a coefficient on a flat");
        known += sign != 0;
    }
    row.error = NEAR_NOTHING;
    support_require(!near_flat_express(m->near_flat, m->flat, &row, &function) &&
                        !near_flat_sign(m->near_flat, m->flat, &row, m->n),
                    "of nothing, no function");
    base_release(g, m->n + 1);
    base_release(v, m->n + 1);
    return known;
}

/* Functions on flats, and points of these where some functions are 0. */
START_TEST(flats)
{
    unsigned known = 0, zeros = 0, on_flat = 0, met = 0, singular = 0, rounds = 3000;
    for (unsigned round = 0; round < rounds; round++) {
        meeting m = {.n = words_below(5) ? 2 + words_below(MOST - 2)
                                         : MOST + words_below(LONG - MOST)};
        near_inverse memory = {.room = 0};
        unsigned bits = 4 + words_below(90);
        m.rows = words_below(m.n < MOST ? m.n : MOST);
        m.count = words_below(m.n - m.rows < MOST ? m.n - m.rows + 1 : MOST);
        m.flat = m.level + m.rows;
        m.near_flat = m.words + m.rows;
        bool good = draw_flats(m.level, m.words, m.n, m.rows, bits);
        if (good)
            on_flat += need_functions(&m, bits);
        bool regular = draw_functions(&m, bits, &good);
        mpz_ptr given = words_row(m.n + 1, 1 + words_below(70)),
                x = base_integers(NULL, 0, m.n + 1);
        int64_t word[3][LONG + 1];
        near point = {.word = word[0]}, meets = {.word = word[1]}, lifted = {.word = word[2]};
        mpz_abs(given + m.n, given + m.n);
        mpz_add_ui(given + m.n, given + m.n, 1);
        near_integers(&point, given, m.n + 1);
        if (words_below(4) == 0)
            words_disturb(&point, m.n + 1);
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
            words_free_solved(&m.level[r]);
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

/* A number that differs by the error, or not. */
static int64_t move(int64_t word, int64_t error)
{
    return word + error * ((int64_t)words_below(3) - 1);
}

/* Small words with large errors, all of them at their worst: the next table, by its definition. */
START_TEST(exchanges)
{
    enum { N = 3, LENGTH = N + 1, ROWS = 2, BOUND = 9, ERROR = 4 };
    unsigned worst = 0, rounds = 40000;
    for (unsigned round = 0; round < rounds; round++) {
        size_t last = words_below(ROWS + 1), count = last * LENGTH, pivot[ROWS + 1] = {1, 2, 0};
        size_t p = pivot[last];
        int64_t t[ROWS * LENGTH + 1], v[LENGTH], real[ROWS * LENGTH + 1], line[LENGTH],
            d = words_below(ERROR), e = words_below(ERROR);
        wide sum[(ROWS + 1) * LENGTH + 1];
        for (size_t i = 0; i <= count; i++)
            t[i] = (int64_t)words_below(2 * BOUND + 1) - BOUND;
        for (size_t j = 0; j < LENGTH; j++)
            v[j] = (int64_t)words_below(2 * BOUND + 1) - BOUND;
        t[count] = d + 1 + words_below(BOUND);
        v[p] = (e + 1 + words_below(BOUND)) * (words_below(2) ? 1 : -1);
        for (size_t i = 0; i <= count; i++)
            real[i] = move(t[i], d);
        for (size_t j = 0; j < LENGTH; j++)
            line[j] = move(v[j], e);
        const near_flat above = {.table = {.word = t, .error = (uint64_t)d}};
        near_flat f = {.row = {.word = v, .error = (uint64_t)e}};
        const solved flat = {.n = N, .rows = last + 1, .pivot = pivot};
        support_require(near_flat_exchange(&f, &above, &flat, sum) && !f.table.shift,
                        "small words");
        int64_t size = llabs(line[p]), sign = line[p] < 0 ? -1 : 1, limit = (int64_t)f.table.error;
        for (size_t i = 0; i <= count + LENGTH; i++) {
            size_t j = i % LENGTH, own = i - j;
            int64_t meant = i == count + LENGTH ? real[count] * size
                            : own == count      ? real[count] * -sign * (j == p ? 0 : line[j])
                                                : real[i] * size - real[own + p] * sign * line[j];
            int64_t off = llabs(f.table.word[i] - meant);
            support_require(off <= limit, "a table by its definition");
            worst += off > 0 && off == limit;
        }
        free(f.table.word);
    }
    ck_assert_msg(worst > rounds / 1000, "%u errors are as large as can be", worst);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("flats");
    TCase *tcase = support_case(suite, "flats", 20);
    words_begin();
    tcase_add_test(tcase, flats);
    tcase_add_test(tcase, exchanges);
    return support_run(suite);
}
