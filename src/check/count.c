/* COUNT: the regions of an arrangement of hyperplanes by rule CROSS, for one hyperplane after the
 * other: 1 + sum over i of the regions of hyperplane i, which hyperplanes 0, ..., i - 1 cut. */
#include "check.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
    mpz_ptr z;
    size_t room; /* integers */
} rows;

struct counter {
    rows *line, *side; /* by dimension d: rows of d + 1 entries; lines are hyperplanes here */
    mpz_t left, right;
    mpz_srcptr *point;
    near_line *word; /* of lines, and room for as many */
    size_t room, words;
};

static mpz_ptr row_at(rows *r, size_t i, size_t length)
{
    if ((i + 1) * length > r->room) {
        size_t room = 2 * (i + 1) * length;
        r->z = base_integers(r->z, r->room, room);
        r->room = room;
    }
    return r->z + i * length;
}

mpz_ptr counter_row(counter *c, bool side, size_t dimension, size_t i)
{
    return row_at((side ? c->side : c->line) + dimension, i, dimension + 1);
}

counter *counter_new(size_t n)
{
    counter *c = base_allocate(1, sizeof *c);
    c->line = base_allocate(n + 1, sizeof *c->line);
    c->side = base_allocate(n + 1, sizeof *c->side);
    mpz_inits(c->left, c->right, NULL);
    return c;
}

/* Compares the zeros -r_1 / r_0 and -q_1 / q_0 of rows of dimension 1. */
static int compare_zeros(counter *c, mpz_srcptr r, mpz_srcptr q)
{
    mpz_mul(c->left, q + 1, r);
    mpz_mul(c->right, r + 1, q);
    int sign = mpz_cmp(c->left, c->right);
    return mpz_sgn(r) == mpz_sgn(q) ? sign : -sign;
}

static int compare_points(const void *left, const void *right, void *c)
{
    return compare_zeros(c, *(mpz_srcptr const *)left, *(mpz_srcptr const *)right);
}

/* Dimension 1: the segment where all sides are positive, and the different points inside. */
static uint64_t count_line(counter *c, size_t lines, size_t sides)
{
    mpz_ptr side = c->side[1].z, row = c->line[1].z, low = NULL, high = NULL;
    size_t points = 0;
    for (size_t i = 0; i < sides; i++, side += 2) {
        if (mpz_sgn(side) == 0 && mpz_sgn(side + 1) <= 0)
            return 0;
        if (mpz_sgn(side) > 0 && (!low || compare_zeros(c, low, side) < 0))
            low = side;
        if (mpz_sgn(side) < 0 && (!high || compare_zeros(c, side, high) < 0))
            high = side;
    }
    if (low && high && compare_zeros(c, low, high) >= 0)
        return 0;
    if (lines > c->room)
        c->point = base_resize(c->point, c->room = 2 * lines, sizeof *c->point);
    for (size_t i = 0; i < lines; i++, row += 2)
        if (mpz_sgn(row) && (!low || compare_zeros(c, low, row) < 0) &&
            (!high || compare_zeros(c, row, high) < 0))
            c->point[points++] = row;
    if (points > 1)
        qsort_r(c->point, points, sizeof *c->point, compare_points, c);
    uint64_t regions = 1;
    for (size_t i = 0; i < points; i++)
        regions += i == 0 || compare_zeros(c, c->point[i - 1], c->point[i]) != 0;
    return regions;
}

/* Rows on the hyperplane k, in the coordinates but p; pivot k_p > 0 or sign negates it, so that
 * their signs stay. before is the pivot of the last restriction and divides the numbers (Bareiss).
 * Constant rows are dropped if they are lines; NONE if one of these is a multiple of k. */
static size_t restrict_rows(counter *c, size_t dimension, mpz_srcptr k, size_t p, bool lines,
                            size_t count, mpz_srcptr before)
{
    size_t kept = 0;
    rows *below = (lines ? c->line : c->side) + dimension - 1;
    mpz_srcptr r = (lines ? c->line : c->side)[dimension].z;
    for (size_t i = 0; i < count; i++, r += dimension + 1) {
        mpz_ptr to = row_at(below, kept, dimension);
        bool constant = true;
        for (size_t j = 0; j <= dimension; j++) {
            if (j == p)
                continue;
            mpz_mul(to, r + j, k + p);
            mpz_submul(to, r + p, k + j);
            if (dimension > 2) /* later results are compared by ratios only */
                mpz_divexact(to, to, before);
            if (mpz_sgn(k + p) < 0)
                mpz_neg(to, to);
            constant = constant && (j == dimension || mpz_sgn(to) == 0);
            to++;
        }
        if (lines && constant && mpz_sgn(to - 1) == 0)
            return NONE;
        kept += !lines || !constant;
    }
    return kept;
}

/* On a hyperplane: the same, or in a plane that is whole by leading bits. */
static uint64_t regions_below(counter *c, size_t dimension, size_t lines, size_t sides,
                              mpz_srcptr before)
{
    uint64_t nearly = 0;
    if (dimension == 2 && sides == 0 && lines > 0) {
        if (lines > c->words)
            c->word = base_resize(c->word, 2 * (c->words = lines), sizeof *c->word);
        for (size_t i = 0; i < lines; i++) {
            near words = {.word = c->word[i].word};
            near_integers(&words, c->line[2].z + 3 * i, 3);
            c->word[i].error = words.error;
        }
        nearly = near_count(c->word, lines, NULL, 0, 2, c->word + lines);
    }
    assert(nearly == 0 || nearly == counter_regions(c, dimension, lines, sides, before));
    return nearly ? nearly : counter_regions(c, dimension, lines, sides, before);
}

/* The regions where all sides are positive, which are allowed in dimensions 0, 1 and 2. 0 if there
 * are none, or none were found in dimension 2. */
uint64_t counter_regions(counter *c, size_t dimension, size_t lines, size_t sides,
                         mpz_srcptr before)
{
    bool met = true;
    for (size_t i = 0; dimension == 0 && i < sides; i++)
        met = met && mpz_sgn(c->side[0].z + i) > 0;
    if (dimension == 0)
        return met;
    if (dimension == 1)
        return count_line(c, lines, sides);
    mpz_ptr line = c->line[dimension].z;
    uint64_t regions = 0;
    size_t kept = 0;
    for (size_t i = 0; i < lines; i++) {
        mpz_ptr k = line + i * (dimension + 1);
        size_t p = dimension;
        while (p > 0 && mpz_sgn(k + p - 1) == 0)
            p--;
        if (p-- == 0)
            continue;
        size_t below = restrict_rows(c, dimension, k, p, true, kept, before);
        if (below == NONE)
            continue;
        restrict_rows(c, dimension, k, p, false, sides, before);
        regions += regions_below(c, dimension - 1, below, sides, k + p);
        for (size_t j = 0; kept != i && j <= dimension; j++)
            mpz_swap(line + kept * (dimension + 1) + j, k + j);
        kept++;
    }
    return regions > 0 || sides == 0 ? 1 + regions : 0;
}
