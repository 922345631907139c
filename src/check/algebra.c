/* Fraction-free linear algebra. All divisions are exact, by the theorem of Bareiss and Edmonds: the
 * numbers of a solved system, and den, are minors of the integer rows that it was solved for. */
#include "check.h"

#include <string.h>

/* Nothing is solved. */
void solved_start(solved *s, size_t n)
{
    *s = (solved){.n = n, .columns = n};
    s->column = base_allocate(n + 1, sizeof *s->column);
    s->function = base_allocate(n + 1, sizeof *s->function);
    s->pivot = base_allocate(n, sizeof *s->pivot);
    mpz_init_set_ui(s->den, 1);
    for (size_t j = 0; j <= n; j++) {
        s->column[j] = j;
        s->function[j] = NONE;
    }
}

/* Nothing is solved in the coordinates of the flat; rows will come times its den, in express. */
void solved_restart(solved *s, const solved *flat)
{
    if (s->column == NULL)
        solved_start(s, flat->n);
    s->rows = 0;
    s->columns = flat->columns;
    memcpy(s->column, flat->column, (flat->n + 1) * sizeof *s->column);
    memcpy(s->function, flat->function, (flat->n + 1) * sizeof *s->function);
    mpz_set(s->den, flat->den);
}

/* v_j, where den g = sum_j v_j u_j + v_n for g = sum_j g_j x_j + g_n. */
void solved_express_at(const solved *s, mpz_srcptr g, size_t j, mpz_ptr v)
{
    if (s->function[j] == NONE)
        mpz_mul(v, s->den, g + j);
    else
        mpz_set_ui(v, 0);
    for (size_t r = 0; r < s->rows; r++)
        mpz_addmul(v, g + s->pivot[r], s->t + r * (s->n + 1) + j);
}

void solved_express(const solved *s, mpz_srcptr g, mpz_ptr v)
{
    for (size_t c = 0; c <= s->columns; c++)
        solved_express_at(s, g, s->column[c], v + s->column[c]);
}

/* All rows x but the last one become (factor x + x_p y) / den, in the columns but p. */
static void combine(solved *s, mpz_srcptr factor, size_t p, mpz_srcptr y)
{
    for (size_t r = 0; r + 1 < s->rows; r++) {
        mpz_ptr x = s->t + r * (s->n + 1);
        if (mpz_sgn(x + p) == 0 && mpz_cmp(factor, s->den) == 0)
            continue;
        for (size_t c = 0; c <= s->columns; c++) {
            size_t j = s->column[c];
            if (j == p)
                continue;
            mpz_mul(x + j, x + j, factor);
            mpz_addmul(x + j, x + p, y + j);
            mpz_divexact(x + j, x + j, s->den);
        }
    }
}

/* Solves den f = sum_j v_j u_j + v_n for u_p = x_p, v_p not 0; v is used up. Then f takes the place
 * of x_p; if function is NONE, f is 0 from now on and the column goes. */
void solved_exchange(solved *s, mpz_ptr v, size_t p, size_t function)
{
    size_t n = s->n, last = s->rows++;
    bool flip = mpz_sgn(v + p) < 0; /* solve for -f, so that the new den, v_p, is positive */
    assert(mpz_sgn(v + p) && s->function[p] == NONE && last < n);
    if (last == s->room) {
        s->t = base_integers(s->t, last * (n + 1), (last + 1) * (n + 1));
        s->room++;
    }
    /* x_p = (den f - v') / v_p, with the other terms v' of v. In other rows the coefficient t_p of
     * x_p, over den, becomes that of f, over v_p: the same number. */
    mpz_ptr row = s->t + last * (n + 1);
    for (size_t c = 0; c <= s->columns; c++) {
        mpz_ptr w = v + s->column[c];
        if (flip)
            mpz_neg(w, w);
        mpz_neg(row + s->column[c], w);
    }
    combine(s, v + p, p, row);
    mpz_set(row + p, s->den);
    mpz_set(s->den, v + p);
    s->pivot[last] = p;
    s->function[p] = function;
    for (size_t r = 0; flip && function != NONE && r <= last; r++)
        mpz_neg(s->t + r * (n + 1) + p, s->t + r * (n + 1) + p);
    size_t c = 0;
    while (s->column[c] != p)
        c++;
    if (function == NONE)
        memmove(s->column + c, s->column + c + 1, (s->columns-- - c) * sizeof *s->column);
}

/* As solved_exchange of a function that is 0 from now on, in memory of its own. */
void solved_extend(solved *to, const solved *from, mpz_ptr v, size_t p)
{
    size_t length = from->n + 1, last = from->rows;
    bool flip = mpz_sgn(v + p) < 0;
    assert(mpz_sgn(v + p) && from->function[p] == NONE && last < from->n);
    if (to->column == NULL)
        solved_start(to, from->n);
    if (to->room <= last) {
        to->t = base_integers(to->t, to->room * length, (last + 1) * length);
        to->room = last + 1;
    }
    to->rows = last + 1;
    to->columns = 0;
    memcpy(to->pivot, from->pivot, last * sizeof *to->pivot);
    memcpy(to->function, from->function, length * sizeof *to->function);
    to->pivot[last] = p;
    if (flip)
        mpz_neg(v + p, v + p);
    for (size_t c = 0; c <= from->columns; c++) {
        size_t j = from->column[c];
        if (j == p)
            continue;
        to->column[to->columns++] = j;
        if (!flip)
            mpz_neg(v + j, v + j);
        for (size_t r = 0; r < last; r++) {
            mpz_srcptr x = from->t + r * length;
            mpz_ptr y = to->t + r * length + j;
            mpz_mul(y, x + j, v + p);
            mpz_addmul(y, x + p, v + j);
            mpz_divexact(y, y, from->den);
        }
        mpz_swap(to->t + last * length + j, v + j);
    }
    to->columns--; /* the constant is not counted */
    mpz_swap(to->den, v + p);
}
