/* COUNT in dimension 1 or 2 by leading bits, as count.c does it: 1 + sum over i of the regions of
 * line i, which lines 0, ..., i - 1 cut. Where something is not certain, nothing is known: parallel
 * lines, and three lines through a point, are left to count.c. */
#include "check.h"

/* Of a product of words of both rows, or of two of them: by near_sum. */
static wide_size error_of(const near_line *r, const near_line *q)
{
    wide_size m = 0, k = 0;
    if (r->error >= NEAR_NOTHING || q->error >= NEAR_NOTHING)
        return (wide_size)-1;
    for (int j = 0; j < 3; j++) {
        m += (uint64_t)llabs(r->word[j]);
        k += (uint64_t)llabs(q->word[j]);
    }
    return m * q->error + k * r->error + 2 * (wide_size)r->error * q->error;
}

/* Compares the zeros -r_1 / r_0 and -q_1 / q_0 of rows of dimension 1. */
static int compare_zeros(const near_line *r, const near_line *q, bool *doubt)
{
    wide sum = (wide)q->word[1] * r->word[0] - (wide)r->word[1] * q->word[0];
    int sign = near_beyond(sum, error_of(r, q));
    *doubt = *doubt || sign == 0;
    return (r->word[0] > 0) == (q->word[0] > 0) ? sign : -sign;
}

/* As if all words were right: an order, in any case. */
static int compare_words(const void *left, const void *right)
{
    const near_line *r = left, *q = right;
    wide a = (wide)q->word[1] * r->word[0], b = (wide)r->word[1] * q->word[0];
    int sign = (a > b) - (a < b);
    return (r->word[0] > 0) == (q->word[0] > 0) ? sign : -sign;
}

/* The sign of a word. */
static int sign_of(const near_line *row, int j, bool *doubt)
{
    int sign = row->error < NEAR_NOTHING ? near_beyond(row->word[j], row->error) : 0;
    *doubt = *doubt || sign == 0;
    return sign;
}

/* Dimension 1: the segment where all sides are positive, and the points inside, which differ. */
static uint64_t count_line(near_line *line, size_t lines, near_line *side, size_t sides,
                           bool *doubt)
{
    near_line *low = NULL, *high = NULL;
    size_t points = 0;
    for (size_t i = 0; i < sides; i++) {
        int sign = sign_of(side + i, 0, doubt);
        if (sign > 0 && (!low || compare_zeros(low, side + i, doubt) < 0))
            low = side + i;
        if (sign < 0 && (!high || compare_zeros(side + i, high, doubt) < 0))
            high = side + i;
    }
    if (low && high && compare_zeros(low, high, doubt) > 0)
        return 0;
    for (size_t i = 0; i < lines && !*doubt; i++)
        if (sign_of(line + i, 0, doubt) && (!low || compare_zeros(low, line + i, doubt) < 0) &&
            (!high || compare_zeros(line + i, high, doubt) < 0))
            line[points++] = line[i];
    if (points > 1)
        qsort(line, points, sizeof *line, compare_words);
    for (size_t i = 1; i < points; i++)
        if (compare_zeros(line + i - 1, line + i, doubt) >= 0)
            *doubt = true;
    return 1 + points;
}

/* The row r on the line k, in the coordinate other than p, times |k_p|. */
static near_line restrict_row(const near_line *r, const near_line *k, int p)
{
    near_line to = {.error = 0};
    near cut = {.word = to.word};
    int64_t size = llabs(k->word[p]), own = k->word[p] < 0 ? -r->word[p] : r->word[p];
    wide sum[2] = {(wide)r->word[1 - p] * size - (wide)own * k->word[1 - p],
                   (wide)r->word[2] * size - (wide)own * k->word[2]};
    near_cut(&cut, sum, 2, error_of(r, k));
    to.error = cut.error;
    return to;
}

uint64_t near_count(near_line *line, size_t lines, near_line *side, size_t sides, size_t dimension,
                    near_line *room)
{
    bool doubt = false;
    uint64_t regions = 0;
    if (dimension == 1) {
        regions = count_line(line, lines, side, sides, &doubt);
        return doubt ? 0 : regions;
    }
    for (size_t i = 0; i < lines && !doubt; i++) {
        near_line *k = line + i;
        int p = llabs(k->word[0]) < llabs(k->word[1]);
        if (sign_of(k, p, &doubt) == 0)
            return 0; /* perhaps it is constant */
        for (size_t j = 0; j < i; j++)
            room[j] = restrict_row(line + j, k, p);
        for (size_t j = 0; j < sides; j++)
            room[i + j] = restrict_row(side + j, k, p);
        regions += count_line(room, i, room + i, sides, &doubt);
    }
    return doubt || (regions == 0 && sides > 0) ? 0 : 1 + regions;
}
