/* Cones of random rows, some of which lie in subspaces: the answers of lp/cone.h against the exact
 * simplex method, with every proposer, and with one that names rows at random. */
#include "base/memory.h"
#include "base/shadow.h"
#include "exact/integer.h"
#include "lp/cone.h"
#include "support/nets.h"
#include "support/support.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_D = 7, MOST_ROWS = 16, SUBSPACES = 3 };

typedef struct {
    size_t d, rows;
    mpz_t *row;    /* rows x d */
    mpz_t *basis;  /* d x d: subspace k is spanned by the first dimensions[k] of these */
    mpz_t *inside; /* d: all rows are positive there */
    size_t dimensions[SUBSPACES + 1], level[MOST_ROWS];
    double value[MOST_ROWS * MOST_D], mag[MOST_ROWS], err[MOST_ROWS];
    bool enabled[MOST_ROWS];
} sample;

static mpz_t *row_of(const sample *s, size_t i)
{
    return s->row + i * s->d;
}

static const mpz_t *fetch(void *context, size_t id)
{
    return (const mpz_t *)row_of(context, id);
}

/* ---- Samples ---- */

/* A whole number, often small, sometimes 0 or large. */
static void draw_number(mpz_t x, uint64_t *state)
{
    mpz_set_si(x, nets_between(state, -3, 3));
    if (nets_between(state, 0, 3) == 0)
        mpz_mul_2exp(x, x, (mp_bitcnt_t)nets_between(state, 0, 45));
}

/* A combination of the vectors that span subspace k. */
static void draw_in_subspace(const sample *s, size_t k, mpz_t *row, uint64_t *state)
{
    mpz_t by;
    mpz_init(by);
    for (size_t i = 0; i < s->dimensions[k]; i++) {
        draw_number(by, state);
        for (size_t j = 0; j < s->d; j++)
            mpz_addmul(row[j], by, s->basis[i * s->d + j]);
    }
    mpz_clear(by);
}

/* A combination of rows in subspace k, with few coefficients below 0. */
static void draw_combination(const sample *s, size_t k, mpz_t *row, uint64_t *state)
{
    mpz_t by;
    mpz_init(by);
    for (size_t i = 0; i < s->rows; i++) {
        draw_number(by, state);
        if (s->level[i] < k || nets_between(state, 0, 1))
            continue;
        if (nets_between(state, 0, 7))
            mpz_abs(by, by);
        for (size_t j = 0; j < s->d; j++)
            mpz_addmul(row[j], by, row_of(s, i)[j]);
    }
    mpz_clear(by);
}

/* Takes the last row in doubles, times a power of two, with an error that all but row 0 use. */
static void round_row(sample *s, uint64_t *state)
{
    size_t i = s->rows, d = s->d;
    int power = (int)(nets_between(state, 0, 3) ? nets_between(state, -60, 60)
                                                : nets_between(state, -900, 900));
    double *value = s->value + i * d, top = 0;
    for (size_t j = 0; j < d; j++) {
        value[j] = ldexp(mpz_get_d(row_of(s, i)[j]), power);
        top = fmax(top, fabs(value[j]));
    }
    s->err[i] = ldexp(top, -(int)nets_between(state, 12, 52));
    for (size_t j = 0; j < d && i > 0; j++)
        value[j] += 0x1p-3 * s->err[i] * (double)nets_between(state, -3, 3);
    s->mag[i] = top + s->err[i];
}

/* Adds the row, or minus the row, if it is not 0 at the point. */
static void keep_row(sample *s, size_t level, uint64_t *state)
{
    mpz_t *row = row_of(s, s->rows);
    int sign = crease_integer_dot_sign((const mpz_t *)row, (const mpz_t *)s->inside, s->d);
    for (size_t j = 0; j < s->d; j++)
        if (sign < 0)
            mpz_neg(row[j], row[j]);
        else if (!sign)
            mpz_set_ui(row[j], 0);
    if (!sign)
        return;
    round_row(s, state);
    s->level[s->rows] = level;
    s->enabled[s->rows] = nets_between(state, 0, 7) > 0;
    s->rows++;
}

static sample make_sample(uint64_t *state)
{
    size_t d = (size_t)nets_between(state, 2, MOST_D);
    sample s = {.d = d,
                .row = crease_integer_new(MOST_ROWS * d),
                .basis = crease_integer_new(d * d),
                .inside = crease_integer_new(d),
                .dimensions = {d}};
    for (size_t j = 0; j < d; j++) {
        mpz_set_si(s.inside[j], j + 1 < d ? nets_between(state, -3, 3) : 1);
        mpz_set_ui(s.basis[j], j + 1 == d);
        for (size_t i = 1; i < d; i++)
            draw_number(s.basis[i * d + j], state);
    }
    for (size_t k = 1; k <= SUBSPACES; k++)
        s.dimensions[k] = (size_t)nets_between(state, 1, (long)s.dimensions[k - 1]);
    mpz_set_ui(row_of(&s, 0)[d - 1], 1);
    keep_row(&s, SUBSPACES, state);
    s.enabled[0] = true;
    size_t most = (size_t)nets_between(state, (long)d, MOST_ROWS);
    for (size_t k = 1; k < most; k++) {
        size_t level = (size_t)nets_between(state, 0, SUBSPACES);
        if (nets_between(state, 0, 1))
            draw_in_subspace(&s, level, row_of(&s, s.rows), state);
        else
            draw_combination(&s, level, row_of(&s, s.rows), state);
        keep_row(&s, level, state);
    }
    return s;
}

static void free_sample(sample *s)
{
    crease_integer_free(s->row, MOST_ROWS * s->d);
    crease_integer_free(s->basis, s->d * s->d);
    crease_integer_free(s->inside, s->d);
}

/* ---- A proposer that names rows at random ---- */

typedef struct {
    size_t d, m;
    uint64_t state;
} guesser;

static void *guess_open(void)
{
    guesser *g = crease_alloc(1, sizeof *g);
    g->state = 5;
    return g;
}

static void guess_load(void *self, size_t d, size_t m, const double *a)
{
    guesser *g = self;
    g->d = d;
    g->m = m;
    g->state += a != NULL;
}

static void guess_enable(void *self, size_t i, bool enabled)
{
    ((guesser *)self)->state += i + enabled;
}

static crease_proposal guess_separate(void *self, const double *row, size_t *support,
                                      size_t *supports, double *y, double *v)
{
    guesser *g = self;
    long most = (long)(g->d < g->m ? g->d : g->m);
    *supports = (size_t)nets_between(&g->state, most > 2 ? most - 2 : 0, most);
    for (size_t k = 0; k < *supports; k++) {
        support[k] = (size_t)nets_between(&g->state, 0, (long)g->m - 1);
        y[k] = 1;
    }
    for (size_t j = 0; j < g->d; j++)
        v[j] = -row[j];
    return nets_between(&g->state, 0, 7) ? CREASE_PROPOSE_INSIDE : CREASE_PROPOSE_OUTSIDE;
}

static crease_proposal guess_interior(void *self, double *v)
{
    (void)self;
    (void)v;
    return CREASE_PROPOSE_FAILED;
}

static const crease_proposer guess = {"guess",      guess_open,     free,          guess_load,
                                      guess_enable, guess_separate, guess_interior};

/* ---- Checks ---- */

/* Do the enabled rows other than row own imply it? */
static bool implied(const sample *s, size_t own)
{
    crease_exact_row other[MOST_ROWS];
    size_t m = 0, support[MOST_D], supports;
    for (size_t i = 0; i < s->rows; i++)
        if (s->enabled[i] && i != own)
            other[m++] = (crease_exact_row){(const mpz_t *)row_of(s, i), 1};
    const crease_exact_row g = {(const mpz_t *)row_of(s, own), 1};
    return crease_simplex_in_cone(s->d, m, other, g, support, &supports, NULL);
}

/* The support must imply row own, of enabled rows with row 0, which are independent. */
static bool supports(const sample *s, size_t own, const size_t *support, size_t count)
{
    crease_exact_row row[MOST_ROWS];
    bool first = false, good = count <= s->d;
    for (size_t i = 0; i < s->rows; i++)
        row[i] = (crease_exact_row){(const mpz_t *)row_of(s, i), 1};
    for (size_t k = 0; k < count && good; k++) {
        first = first || support[k] == 0;
        good = support[k] < s->rows && support[k] != own && s->enabled[support[k]];
    }
    return good && first && crease_simplex_combination(s->d, row, support, count, count, row[own]);
}

static void put_rows(sample *s, crease_cone *cone)
{
    crease_cone_clear(cone, s->d, NULL, fetch, s);
    for (size_t k = 1; k <= SUBSPACES; k++)
        crease_cone_add_subspace(cone, s->dimensions[k]);
    for (size_t i = 0; i < s->rows; i++) {
        bool added = crease_cone_add(cone, s->value + i * s->d, 1, s->mag[i], s->err[i], 1, i);
        support_require(added, "no row is 0");
        crease_cone_set_level(cone, i ? s->level[i] : SIZE_MAX);
    }
    crease_cone_load(cone);
    for (size_t i = 0; i < s->rows; i++)
        crease_cone_enable(cone, i, s->enabled[i]);
}

/* Numbers of rows that are implied, and of those with a support. */
typedef struct {
    int implied, supported;
} found_rows;

static void check_cone(sample *s, crease_cone *cone, found_rows *all)
{
    double inside[MOST_D], point[MOST_D];
    put_rows(s, cone);
    for (size_t j = 0; j < s->d; j++)
        inside[j] = mpz_get_d(s->inside[j]);
    for (size_t own = 1; own < s->rows; own++) {
        bool found, within = implied(s, own);
        size_t support[MOST_D], count;
        bool cuts = crease_cone_cuts(cone, own, inside, point, &found);
        ck_assert_msg(cuts == !within, "row %zu of %zu in %zu dimensions: %s", own, s->rows, s->d,
                      within ? "implied" : "cuts");
        if (cuts && found)
            support_require(crease_cone_sign(cone, own, point) < 0 &&
                                crease_cone_contains(cone, point, own),
                            "a point beyond the row alone");
        all->implied += within;
        if (!within || !crease_cone_support(cone, own, support, &count))
            continue;
        support_require(supports(s, own, support, count), "a support implies the row");
        all->supported++;
    }
}

START_TEST(random_cones)
{
    const crease_proposer *proposers[] = {&crease_lp_dense, &crease_lp_glpk, &guess};
    uint64_t state = 11 + (uint64_t)_i;
    crease_tally tally = {0};
    found_rows all = {0, 0};
    crease_cone *cone = crease_cone_new(proposers[_i], &tally);
    for (int n = getenv("CREASE_LONG") ? 20000 : CREASE_SHADOW ? 400 : 1500; n > 0; n--) {
        sample s = make_sample(&state);
        check_cone(&s, cone, &all);
        free_sample(&s);
    }
    crease_cone_free(cone);
    ck_assert_int_gt(all.implied, 100);
    ck_assert_int_gt(all.supported, all.implied / (_i == 2 ? 50 : 3));
    ck_assert_uint_gt(tally.filter, 100);
    ck_assert_msg(!CREASE_SHADOW || crease_shadow_counted(CREASE_FILTER_SPAN) > 100,
                  "subspaces are used");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("cone");
    TCase *tcase = support_case(suite, "cone", 600);
    tcase_add_loop_test(tcase, random_cones, 0, 3);
    return support_run(suite);
}
