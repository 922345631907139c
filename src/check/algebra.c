/* Fraction-free linear algebra. All divisions are exact, by the theorem of Bareiss and Edmonds: the
 * numbers of a solved system, and den, are minors of the integer rows that it was solved for. */
#include "check.h"

#include <string.h>

/* Nothing is solved. */
void solved_start(solved *s, size_t n)
{
    *s = (solved){.n = n, .columns = n};
    s->column = allocate(n + 1, sizeof *s->column);
    s->function = allocate(n + 1, sizeof *s->function);
    s->pivot = allocate(n, sizeof *s->pivot);
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
void express_at(const solved *s, mpz_srcptr g, size_t j, mpz_ptr v)
{
    if (s->function[j] == NONE)
        mpz_mul(v, s->den, g + j);
    else
        mpz_set_ui(v, 0);
    for (size_t r = 0; r < s->rows; r++)
        mpz_addmul(v, g + s->pivot[r], s->t + r * (s->n + 1) + j);
}

void express(const solved *s, mpz_srcptr g, mpz_ptr v)
{
    for (size_t c = 0; c <= s->columns; c++)
        express_at(s, g, s->column[c], v + s->column[c]);
}

/* Solves den f = sum_j v_j u_j + v_n for u_p = x_p, v_p not 0; v is used up. Then f takes the place
 * of x_p; if function is NONE, f is 0 from now on and the column goes. to may be from. */
void exchange(solved *to, const solved *from, mpz_ptr v, size_t p, size_t function)
{
    size_t n = from->n, rows = from->rows, columns = from->columns;
    bool flip = mpz_sgn(v + p) < 0; /* solve for -f, so that the new den, v_p, is positive */
    for (size_t c = 0; flip && c <= columns; c++)
        mpz_neg(v + from->column[c], v + from->column[c]);
    if (to->room <= rows) {
        to->t = integers(to->t, to->room * (n + 1), (rows + 1) * (n + 1));
        to->room = rows + 1;
    }
    for (size_t r = 0; r < rows; r++) {
        mpz_ptr y = to->t + r * (n + 1);
        mpz_srcptr t = from->t + r * (n + 1);
        if (to == from && mpz_sgn(t + p) == 0 && mpz_cmp(v + p, from->den) == 0)
            continue;
        for (size_t c = 0; c <= columns; c++) {
            size_t j = from->column[c];
            if (j == p)
                continue; /* the coefficient of f is that of x_p, t_rp / v_p, over the new den */
            mpz_mul(y + j, t + j, v + p);
            mpz_submul(y + j, t + p, v + j);
            mpz_divexact(y + j, y + j, from->den);
        }
    }
    mpz_ptr row = to->t + rows * (n + 1);
    for (size_t c = 0; c <= columns; c++)
        mpz_neg(row + from->column[c], v + from->column[c]);
    mpz_set(row + p, from->den);
    for (size_t r = 0; flip && function != NONE && r <= rows; r++)
        mpz_neg(to->t + r * (n + 1) + p, to->t + r * (n + 1) + p);
    mpz_set(to->den, v + p);
    memmove(to->pivot, from->pivot, rows * sizeof *to->pivot);
    memmove(to->column, from->column, (columns + 1) * sizeof *to->column);
    to->pivot[rows] = p;
    to->rows = rows + 1;
    to->function[p] = function;
    to->columns = columns;
    for (size_t c = 0; function == NONE && c < to->columns; c++)
        if (to->column[c] == p) {
            memmove(to->column + c, to->column + c + 1, (columns - c) * sizeof *to->column);
            to->columns--;
        }
}
