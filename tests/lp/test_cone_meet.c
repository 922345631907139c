/* Sets of hyperplanes in random cones: the answers of lp/cone_meet.h against the exact simplex
 * method, and the regions that cells/meets.h counts from them against all sign vectors.
 * test_cone_meet_hostile is the same program with a solver that is wrong on purpose. */
#include "base/memory.h"
#include "base/shadow.h"
#include "cells/meets.h"
#include "exact/integer.h"
#include "lp/cone_meet.h"
#include "support/nets.h"
#include "support/support.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_D = 6, MOST_ROWS = 8, MOST_CUTS = 7, ALL = MOST_ROWS + MOST_CUTS };

typedef struct {
    size_t d, rows, cuts, dimensions; /* the rows that cut, and row 0, lie in a space of so many */
    bool large;
    mpz_t *row;    /* (rows + cuts) x d: those of the cell, and those that cut */
    mpz_t *inside; /* d: a point of the cell */
} sample;

static const mpz_t *row_of(const sample *s, size_t i)
{
    return (const mpz_t *)s->row + i * s->d;
}

static const mpz_t *fetch(void *context, size_t id)
{
    return row_of(context, id);
}

/* ---- Samples ---- */

/* Small whole numbers, for which many rows meet in one point, or large ones. */
static long draw(uint64_t *state, long most)
{
    return nets_between(state, -most, most);
}

static void draw_row(sample *s, size_t i, size_t dimensions, long most, uint64_t *state)
{
    for (size_t j = 0; j < s->d; j++)
        mpz_set_si(s->row[i * s->d + j],
                   j < dimensions - 1 || j + 1 == s->d ? draw(state, most) : 0);
}

/* Is some point of the cell positive on these rows as well, and 0 on those of the set? */
static bool meets(const sample *s, uint64_t set, const crease_exact_row *more, size_t mores)
{
    crease_exact_row row[3 * ALL];
    size_t m = 0, support[MOST_D], supports;
    for (size_t i = 0; i < s->rows; i++)
        row[m++] = (crease_exact_row){row_of(s, i), 1};
    for (size_t i = 0; i < mores; i++)
        row[m++] = more[i];
    size_t strict = m;
    for (uint64_t left = set; left; left &= left - 1)
        for (int sign = 1; sign >= -1; sign -= 2)
            row[m++] = (crease_exact_row){row_of(s, s->rows + (size_t)__builtin_ctzll(left)), sign};
    /* If not, a combination of them with coefficients >= 0, not all 0 of those that are to be
     * positive, is 0. */
    for (size_t i = 0; i < strict; i++) {
        const crease_exact_row against = {row[i].row, -row[i].sign};
        if (crease_simplex_in_cone(s->d, m, row, against, support, &supports, NULL))
            return false;
    }
    return true;
}

static bool cuts(const sample *s, size_t i)
{
    const crease_exact_row row[2] = {{row_of(s, i), 1}, {row_of(s, i), -1}};
    return meets(s, 0, row, 1) && meets(s, 0, row + 1, 1);
}

static sample make_sample(uint64_t *state)
{
    size_t d = (size_t)nets_between(state, 3, MOST_D);
    long most = nets_between(state, 0, 1) ? 2 : 1 << 20;
    sample s = {.d = d, .row = crease_integer_new(ALL * d), .inside = crease_integer_new(d)};
    s.large = most > 2;
    s.dimensions = (size_t)nets_between(state, nets_between(state, 0, 2) ? (long)d : 2, (long)d);
    for (size_t j = 0; j < d; j++)
        mpz_set_si(s.inside[j], j + 1 < d ? draw(state, 2) : 1);
    mpz_set_ui(s.row[d - 1], 1);
    size_t rows = (size_t)nets_between(state, 1, MOST_ROWS);
    for (s.rows = 1; s.rows < rows; s.rows++) {
        draw_row(&s, s.rows, nets_between(state, 0, 1) ? s.dimensions : d, most, state);
        int sign = crease_integer_dot_sign(row_of(&s, s.rows), (const mpz_t *)s.inside, d);
        for (size_t j = 0; j < d && sign < 0; j++)
            mpz_neg(s.row[s.rows * d + j], s.row[s.rows * d + j]);
        if (!sign)
            break;
    }
    for (size_t k = 0; k < MOST_CUTS; k++) {
        draw_row(&s, s.rows + s.cuts, s.dimensions, most, state);
        s.cuts += cuts(&s, s.rows + s.cuts);
    }
    return s;
}

static void put_rows(sample *s, crease_cone *cone, uint64_t *state)
{
    crease_cone_clear(cone, s->d, NULL, fetch, s);
    crease_cone_add_subspace(cone, s->dimensions);
    for (size_t i = 0; i < s->rows + s->cuts; i++) {
        double value[MOST_D], top = 0;
        bool in_subspace = true;
        for (size_t j = 0; j < s->d; j++) {
            value[j] = mpz_get_d(row_of(s, i)[j]);
            top = fmax(top, fabs(value[j]));
            in_subspace = in_subspace && (value[j] == 0 || j < s->dimensions - 1 || j + 1 == s->d);
        }
        double err = ldexp(top, -(int)nets_between(state, 30, 52));
        for (size_t j = 0; j < s->d && i; j++)
            value[j] += 0x1p-3 * err * (double)draw(state, 3);
        bool added = crease_cone_add(cone, value, 1, top + err, err, 1, i);
        support_require(added, "no row is 0");
        crease_cone_set_level(cone, i ? in_subspace : SIZE_MAX);
    }
    for (size_t i = s->rows; i < s->rows + s->cuts; i++)
        support_require(crease_cone_row(cone, i) != NULL, "the row is there");
}

/* ---- Checks ---- */

typedef struct {
    int yes, no, counted, doubtful; /* doubtful: of large numbers */
} answers;

/* The rows of the set, and row 0 if all do, are independent. */
static bool independent(const sample *s, uint64_t set)
{
    mpz_t *matrix = crease_integer_new(MOST_CUTS * s->d);
    size_t count = 0, pivot[ALL];
    for (uint64_t left = set; left; left &= left - 1, count++)
        for (size_t j = 0; j < s->d; j++)
            mpz_set(matrix[count * s->d + j],
                    row_of(s, s->rows + (size_t)__builtin_ctzll(left))[j]);
    bool good = crease_integer_rank((const mpz_t *)matrix, count, s->d, s->d, pivot) == count;
    crease_integer_free(matrix, MOST_CUTS * s->d);
    return good;
}

static void check_set(const sample *s, const crease_cone_meeting *meeting, uint64_t set,
                      answers *all)
{
    uint64_t part = 0;
    crease_meet answer = crease_cone_meet(meeting, set, &part);
    if (answer == CREASE_MEET_YES) {
        support_require(meets(s, set, NULL, 0) && independent(s, set), "the set meets");
        for (size_t i = 0; i < s->cuts; i++)
            support_require((size_t)__builtin_popcountll(set) < meeting->rank || set >> i & 1 ||
                                !meets(s, set | (uint64_t)1 << i, NULL, 0),
                            "no other row is 0 there");
    }
    if (answer == CREASE_MEET_NO)
        support_require(part && !(part & ~set) && !meets(s, part, NULL, 0), "a part does not meet");
    all->yes += answer == CREASE_MEET_YES;
    all->no += answer == CREASE_MEET_NO;
}

/* The sign vectors of the rows from number i on, with those of the rows before. */
static uint64_t brute(const sample *s, crease_exact_row *row, size_t i)
{
    if (!meets(s, 0, row, i))
        return 0;
    if (i == s->cuts)
        return 1;
    uint64_t sum = 0;
    for (int sign = 1; sign >= -1; sign -= 2) {
        row[i] = (crease_exact_row){row_of(s, s->rows + i), sign};
        sum += brute(s, row, i + 1);
    }
    return sum;
}

static crease_meet ask(void *context, uint64_t set, uint64_t *part)
{
    return crease_cone_meet(context, set, part);
}

static void check_sample(sample *s, crease_cone *cone, uint64_t *state, answers *all)
{
    double inside[MOST_D], top = 0;
    for (size_t j = 0; j < s->d; j++)
        top = fmax(top, fabs(mpz_get_d(s->inside[j])));
    for (size_t j = 0; j < s->d; j++)
        inside[j] = mpz_get_d(s->inside[j]) / top;
    put_rows(s, cone, state);
    crease_cone_meeting meeting = {cone, s->rows, inside, 0};
    if (!crease_cone_meet_begin(&meeting))
        return;
    support_require(meeting.rank == s->dimensions - 1, "the rank");
    for (int n = 0; n < 6; n++) {
        uint64_t set = (uint64_t)nets_between(state, 1, ((long)1 << s->cuts) - 1);
        while ((size_t)__builtin_popcountll(set) > meeting.rank)
            set &= set - 1;
        check_set(s, &meeting, set, all);
    }
    crease_exact_row row[MOST_CUTS];
    uint64_t regions = 0;
    const crease_meets whole = {ask, &meeting, meeting.rank};
    if (!crease_meets_count(&whole, s->cuts, &regions)) {
        all->doubtful += s->large;
        return;
    }
    uint64_t right = brute(s, row, 0);
    ck_assert_msg(regions == right, "%llu regions, not %llu: %zu rows, %zu of the cell, d %zu",
                  (unsigned long long)regions, (unsigned long long)right, s->cuts, s->rows, s->d);
    all->counted++;
}

static bool hostile;

START_TEST(random_sets)
{
    uint64_t state = 3;
    crease_tally tally = {0};
    answers all = {0};
    crease_cone *cone = crease_cone_new(&crease_lp_dense, &tally);
    for (int n = getenv("CREASE_LONG") ? 4000
                 : CREASE_SHADOW       ? 60
                 : hostile             ? 400
                                       : 120;
         n > 0; n--) {
        sample s = make_sample(&state);
        if (s.cuts)
            check_sample(&s, cone, &state, &all);
        crease_integer_free(s.row, ALL * s.d);
        crease_integer_free(s.inside, s.d);
    }
    crease_cone_free(cone);
    ck_assert_int_gt(all.yes, 50);
    ck_assert_int_gt(all.no, 20);
    if (hostile)
        return;
    ck_assert_int_gt(all.counted, 20);
    ck_assert_int_lt(all.doubtful, all.counted / 8);
}
END_TEST

/* The cone x > 0 < y and the row y + x / 2^shift, or y - x / 2^shift, which is 0 in the cone.  In
 * doubles they are the same, up to an error. */
START_TEST(near_a_face)
{
    crease_tally tally = {0};
    crease_cone *cone = crease_cone_new(&crease_lp_dense, &tally);
    const double face[2][2] = {{0, 1}, {1, 0}}, inside[2] = {1, 1};
    for (int shift = 21; shift <= 34; shift++)
        for (int sign = -1; sign <= 1; sign += 2) {
            sample s = {.d = 2, .row = crease_integer_new(6)};
            const double value[2] = {ldexp(1, -shift), 1};
            mpz_set_ui(s.row[1], 1);
            mpz_set_ui(s.row[2], 1);
            mpz_set_si(s.row[4], sign);
            mpz_ui_pow_ui(s.row[5], 2, (unsigned long)shift);
            crease_cone_clear(cone, 2, NULL, fetch, &s);
            for (size_t i = 0; i < 2; i++)
                crease_cone_add(cone, face[i], 1, 1, 0, 1, i);
            crease_cone_add(cone, value, 1, 1, sign < 0 ? ldexp(2, -shift) : 0x1p-52, 1, 2);
            crease_cone_meeting meeting = {cone, 2, inside, 0};
            uint64_t part;
            ck_assert(crease_cone_meet_begin(&meeting));
            crease_meet answer = crease_cone_meet(&meeting, 1, &part);
            support_require(answer != (sign < 0 ? CREASE_MEET_NO : CREASE_MEET_YES), "the answer");
            /* The proposal is the same: what forbids the proof is the error. */
            support_require(hostile || sign < 0 || answer == CREASE_MEET_NO, "it is apart");
            crease_integer_free(s.row, 6);
        }
    crease_cone_free(cone);
}
END_TEST

int main(int count, char **word)
{
    hostile = count && strstr(word[0], "hostile");
    Suite *suite = suite_create("cone meet");
    TCase *tcase = support_case(suite, "cone meet", 600);
    tcase_add_test(tcase, random_sets);
    tcase_add_test(tcase, near_a_face);
    return support_run(suite);
}
