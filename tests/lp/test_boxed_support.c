/* Supports on flats in boxes (step 4 of lp/boxed.h): each one that is found is the one of its
 * definition, in rational numbers, where multipliers are 0, or very small and of either sign, and
 * where rows lie nearly in the span of others.
 *
 * test_boxed_support_hostile is the same program with a solver that is wrong on purpose.
 *
 * Environment: CREASE_SUPPORT_CASES how many. */
#include "support/counting.h"
#include "support/nets.h"
#include "support/support.h"

#include "lp/boxed.h"
#include "model/map.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    BLOCKS = 4,
    MOST_INPUTS = 5,
    MOST_BELOW = MOST_INPUTS + 2,
    ROWS = 7,
    MOST_ROWS = MOST_BELOW + ROWS
};

/* A cell of the second layer: rows of units of the first, of this one, and last those that are
 * 0. */
typedef struct {
    uint64_t seed;
    int n, below; /* inputs, units of the first layer */
    uint8_t state[MOST_BELOW];
    bool near; /* the last unit of the first layer is nearly the sum of active ones times these: */
    mpq_t *times;
    oracle_net *net;
    mpq_t low;
} subject;

/* ---- Networks ---- */

static void number(mpq_t to, uint64_t *seed)
{
    bool simple = nets_between(seed, 0, 3) == 0;
    mpq_set_si(to, simple ? nets_between(seed, -2, 2) : nets_between(seed, -99999, 99999),
               simple ? 1 : 70001);
    mpq_canonicalize(to);
}

/* 0, a number or very little. */
static void factor(mpq_t to, uint64_t *seed)
{
    long way = nets_between(seed, 0, 3);
    number(to, seed);
    if (way == 0)
        mpq_set_ui(to, 0, 1);
    if (way == 1)
        mpq_div_2exp(to, to, (mp_bitcnt_t)nets_between(seed, 30, 70));
}

static void add(mpq_t *to, mpq_t *from, const mpq_t times, int count)
{
    mpq_t part;
    mpq_init(part);
    for (int j = 0; j < count; j++) {
        mpq_mul(part, from[j], times);
        mpq_add(to[j], to[j], part);
    }
    mpq_clear(part);
}

/* The first layer: few units, or all inputs, counted from their lower bounds, and others. */
static void draw_below(subject *s)
{
    bool inputs = nets_between(&s->seed, 0, 1);
    for (int u = 0; u < s->below; u++) {
        mpq_t *row = nets_at(s->net, 0, u, 0);
        s->state[u] = (inputs && u < s->n) || nets_between(&s->seed, 0, 3);
        for (int j = 0; j <= s->n && !(inputs && u < s->n); j++)
            number(row[j], &s->seed);
        if (inputs && u < s->n) {
            mpq_set_ui(row[u], 1, 1);
            mpq_neg(row[s->n], s->low);
        }
    }
    s->near = s->below > 1 && nets_between(&s->seed, 0, 1);
    mpq_t *last = nets_at(s->net, 0, s->below - 1, 0);
    mp_bitcnt_t bits = (mp_bitcnt_t)nets_between(&s->seed, 46, 60);
    for (int j = 0; j <= s->n && s->near; j++)
        mpq_div_2exp(last[j], last[j], bits);
    for (int t = 0; t + 1 < s->below && s->near; t++)
        if (s->state[t]) {
            number(s->times[t], &s->seed);
            add(last, nets_at(s->net, 0, t, 0), s->times[t], s->n + 1);
        }
}

/* Adds what nearly cancels: the row keeps an error far above its size. */
static void cancel(const subject *s, mpq_t *row, mp_bitcnt_t bits)
{
    mpq_t large;
    mpq_init(large);
    mpq_set_ui(large, 1, 1);
    mpq_mul_2exp(large, large, bits);
    mpq_add(row[s->below - 1], row[s->below - 1], large);
    mpq_neg(large, large);
    add(row, s->times, large, s->below - 1);
    mpq_clear(large);
}

/* Rows of the second layer, most of them sums of those before, of units of the first layer and of
 * little. */
static void draw_rows(subject *s)
{
    mpq_t times;
    mpq_init(times);
    for (int u = 0; u < ROWS; u++) {
        mpq_t *row = nets_at(s->net, 1, u, 0);
        bool sum = u > 1 && nets_between(&s->seed, 0, 4),
             parallel = u > 0 && !nets_between(&s->seed, 0, 4);
        for (int i = 0; i <= s->below; i++)
            (sum ? factor : number)(row[i], &s->seed);
        for (int i = 0; i < s->below && sum && nets_between(&s->seed, 0, 2); i++)
            mpq_set_ui(row[i], 0, 1);
        for (long k = sum ? nets_between(&s->seed, 1, 3) : 0; k > 0; k--) {
            factor(times, &s->seed);
            add(row, nets_at(s->net, 1, (int)nets_between(&s->seed, 0, u - 1), 0), times,
                s->below + 1);
        }
        mp_bitcnt_t bits = (mp_bitcnt_t)nets_between(&s->seed, 8, 28);
        for (int i = 0; i <= s->below && parallel; i++)
            mpq_div_2exp(row[i], row[i], bits);
        number(times, &s->seed);
        if (parallel)
            add(row, nets_at(s->net, 1, (int)nets_between(&s->seed, 0, u - 1), 0), times,
                s->below + 1);
        if (s->near && s->state[s->below - 1] && !nets_between(&s->seed, 0, 2))
            cancel(s, row, (mp_bitcnt_t)nets_between(&s->seed, 10, 44));
    }
    mpq_clear(times);
}

/* ---- The definition ---- */

/* A column of the equations for the multipliers: sign times the row. */
static void put_column(mpq_t *equation, int d, int columns, int column, const mpz_t *row, int sign)
{
    for (int j = 0; j < d; j++) {
        mpq_t *entry = equation + j * columns + column;
        mpq_set_z(*entry, row[j]);
        if (sign < 0)
            mpq_neg(*entry, *entry);
    }
}

/* Gauss and Jordan; the last column is the right side.  False if the others are dependent, or there
 * is no solution. */
static bool solve(mpq_t *a, int rows, int columns, mpq_t *solution)
{
    bool good = columns - 1 <= rows;
    mpq_t times;
    mpq_init(times);
    for (int c = 0; c + 1 < columns && good; c++) {
        int p = c;
        while (p < rows && !mpq_sgn(a[p * columns + c]))
            p++;
        good = p < rows;
        for (int k = 0; k < columns && good; k++)
            mpq_swap(a[p * columns + k], a[c * columns + k]);
        for (int r = 0; r < rows && good; r++) {
            if (r == c || !mpq_sgn(a[r * columns + c]))
                continue;
            mpq_div(times, a[r * columns + c], a[c * columns + c]);
            mpq_neg(times, times);
            add(a + r * columns, a + c * columns, times, columns);
        }
    }
    for (int r = columns - 1; r < rows && good; r++)
        good = !mpq_sgn(a[r * columns + columns - 1]);
    for (int c = 0; c + 1 < columns && good; c++)
        mpq_div(solution[c], a[c * columns + columns - 1], a[c * columns + c]);
    mpq_clear(times);
    return good;
}

/* f is a combination of the support, with positive coefficients, of the equations, and of 1, with
 * one that is not negative; all linear parts are independent.  As these are, so is 1 of them, and
 * the columns of all. */
static void need_support(const crease_model *model, const crease_boxed_cell *cell, size_t equations,
                         const crease_boxed_row *f, const crease_boxed_support *found)
{
    int n = (int)model->inputs, d = n + 1, count = (int)(found->rows + equations),
        signed_ones = (int)found->rows;
    for (int j = 0; j < n; j++)
        count += found->face[j] != 0;
    signed_ones = count - (int)equations;
    support_require(count <= n, "no more rows than inputs");
    int columns = count + 2, at = 0;
    mpq_t *equation = oracle_zeros((size_t)(d * columns)),
          *solution = oracle_zeros((size_t)columns);
    for (size_t i = 0; i < found->rows; i++) {
        const crease_boxed_row *row = cell->row[found->row[i]];
        support_require(found->row[i] + equations < cell->m, "no equation supports");
        put_column(equation, d, columns, at++, crease_map_exact(row->map, row->unit), row->sign);
    }
    for (int j = 0; j < n; j++)
        if (found->face[j])
            put_column(equation, d, columns, at++,
                       (const mpz_t *)model->face + (2 * j + (found->face[j] < 0)) * d, 1);
    for (size_t i = cell->m - equations; i < cell->m; i++)
        put_column(equation, d, columns, at++,
                   crease_map_exact(cell->row[i]->map, cell->row[i]->unit), 1);
    mpq_set_ui(equation[n * columns + at++], 1, 1);
    put_column(equation, d, columns, at, crease_map_exact(f->map, f->unit), f->sign);
    support_require(solve(equation, d, columns, solution),
                    "f is a combination of independent rows");
    for (int i = 0; i < signed_ones; i++)
        support_require(mpq_sgn(solution[i]) > 0, "a support has a positive coefficient");
    support_require(mpq_sgn(solution[count]) >= 0, "what is left is not negative");
    oracle_drop(equation, (size_t)(d * columns));
    oracle_drop(solution, (size_t)columns);
}

/* ---- The questions ---- */

typedef struct {
    unsigned asked, found, on_flats, with_faces, narrow;
} tally;

static void ask(subject *s, const crease_model *model, crease_map *map[2], crease_boxed *boxed,
                crease_arena *arena, tally *sum)
{
    const crease_boxed_row *row[MOST_ROWS], *f = NULL;
    size_t m = 0, given = (size_t)nets_between(&s->seed, 0, 2), equations = 0, own[MOST_ROWS];
    signed char face[MOST_INPUTS];
    crease_boxed_support found = {.row = own, .face = face};
    for (int u = 0; u < s->below; u++) {
        row[m] = crease_boxed_take_row(boxed, map[0], (size_t)u, s->state[u] ? 1 : -1, arena);
        m += row[m] && nets_between(&s->seed, 0, 3);
    }
    for (size_t u = 0; u + 1 < ROWS; u++) {
        int sign = nets_between(&s->seed, 0, 1) ? 1 : -1;
        bool equation = u + 2 + given > ROWS && m > 0;
        if (!equation && nets_between(&s->seed, 0, 1))
            continue;
        row[m] = crease_boxed_take_row(boxed, map[1], u, sign, arena);
        equations += row[m] && equation;
        m += row[m] != NULL;
    }
    for (int sign = -1; sign <= 1; sign += 2) {
        f = crease_boxed_take_row(boxed, map[1], ROWS - 1, sign, arena);
        const crease_boxed_cell cell = {m, row, NULL};
        if (!f)
            continue;
        sum->asked++;
        if (!crease_boxed_support_on_flat(boxed, &cell, equations, f, &found))
            continue;
        need_support(model, &cell, equations, f, &found);
        size_t faces = 0;
        for (size_t j = 0; j < model->inputs; j++)
            faces += face[j] != 0;
        sum->found++;
        sum->on_flats += equations > 0;
        sum->with_faces += faces > 0;
        sum->narrow += found.rows + faces + equations < model->inputs;
    }
}

static void check_one(uint64_t seed, tally *sum)
{
    static const char *const sides[][2] = {{"-1", "1"}, {"0", "1"}, {"-1/3", "7"}, {"-2", "0"}};
    subject s = {.seed = seed, .n = (int)nets_between(&seed, 1, MOST_INPUTS)};
    long side = nets_between(&s.seed, 0, REPEATS(sides) - 1);
    int most = nets_between(&s.seed, 0, 1) ? s.n + 2 : 3;
    s.below = (int)nets_between(&s.seed, most > s.n ? s.n : 1, most);
    mpq_init(s.low);
    s.times = oracle_zeros(MOST_BELOW);
    s.net = nets_new(s.n, (int[]){s.below, ROWS, 1}, 3);
    oracle_rational(s.low, sides[side][0], strlen(sides[side][0]));
    draw_below(&s);
    draw_rows(&s);
    char *json = nets_text(s.net, NULL), box[32];
    snprintf(box, sizeof box, "%s:%s", sides[side][0], sides[side][1]);
    crease_network *network = support_network(json);
    crease_domain *domain = NULL;
    crease_error error;
    crease_tally counted = {0};
    ck_assert(!crease_domain_box(box, (size_t)s.n, &domain, &error));
    crease_model *model = crease_model_new(network, domain);
    crease_map *map[2];
    crease_arena *arena = crease_arena_new();
    /* No input may be left. */
    crease_boxed *boxed = model->boxed ? crease_boxed_new(model, &counted) : NULL;
    for (size_t l = 0; l < 2; l++)
        map[l] = crease_map_new(model, l, model->inputs + 1);
    crease_map_first(map[0]);
    crease_map_next(map[1], map[0], s.state);
    for (int k = 0; k < 4 && boxed; k++)
        ask(&s, model, map, boxed, arena, sum);
    crease_boxed_free(boxed);
    crease_arena_free(arena);
    for (size_t l = 0; l < 2; l++)
        crease_map_free(map[l]);
    crease_model_free(model);
    crease_domain_free(domain);
    crease_network_free(network);
    free(json);
    oracle_free(s.net);
    oracle_drop(s.times, MOST_BELOW);
    mpq_clear(s.low);
}

START_TEST(supports)
{
    tally sum = {0};
    for (long k = count_setting("CREASE_SUPPORT_CASES", 40000) / BLOCKS; k > 0; k--)
        check_one((uint64_t)(1000000 * _i + k), &sum);
    ck_assert_msg(sum.found > sum.asked / 20 && sum.on_flats > sum.found / 9 &&
                      sum.with_faces > sum.found / 9 && sum.narrow > sum.found / 20,
                  "asked for %u supports, found %u, %u on flats, %u with faces, %u of few rows",
                  sum.asked, sum.found, sum.on_flats, sum.with_faces, sum.narrow);
}
END_TEST

/* Rows and a function whose doubles are wrong by all that their errors allow.  In the square, where
 * a = 0, x_1 >= 0 is no support of f, which may be 1 and a multiple of a. */
START_TEST(errors_at_their_worst)
{
    const double e = 0x1p-30;
    /* a may be (1 - e) (1, 1), or f (1 + e) (1, 1 - 2 e + 2 e^2). */
    const double near_a[] = {1, 1 - 2 * e, 0}, a[] = {1, 1 - 2 * e + 2 * e * e, 0}, f[] = {1, 1, 1};
    const crease_boxed_row rows[] = {{.value = near_a, .err = e}, {.value = a}},
                           functions[] = {{.value = f}, {.value = f, .err = e}};
    oracle_net *net = nets_new(2, (int[]){1, 1}, 2);
    nets_set(net, 0, 0, 0, "1");
    nets_set(net, 0, 0, 1, "1");
    char *json = nets_text(net, NULL);
    crease_network *network = support_network(json);
    crease_domain *domain = NULL;
    crease_error error;
    crease_tally counted = {0};
    ck_assert(!crease_domain_box("0:1", 2, &domain, &error));
    crease_model *model = crease_model_new(network, domain);
    crease_boxed *boxed = crease_boxed_new(model, &counted);
    for (size_t k = 0; k < 2; k++) {
        const crease_boxed_row *row = &rows[k];
        const crease_boxed_cell cell = {1, &row, NULL};
        size_t own;
        signed char face[2];
        crease_boxed_support found = {.row = &own, .face = face};
        ck_assert(!crease_boxed_support_on_flat(boxed, &cell, 1, &functions[k], &found));
    }
    crease_boxed_free(boxed);
    crease_model_free(model);
    crease_domain_free(domain);
    crease_network_free(network);
    free(json);
    oracle_free(net);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("boxed_support");
    TCase *tcase = support_case(suite, "boxed_support", 1200);
    tcase_add_loop_test(tcase, supports, 0, BLOCKS);
    tcase_add_test(tcase, errors_at_their_worst);
    return support_run(suite);
}
