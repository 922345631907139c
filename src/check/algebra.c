/* Fraction-free linear algebra. All divisions are exact, by the theorem of Bareiss and Edmonds: the
 * numbers of a solved system, and den, are minors of the integer rows that it was solved for. */
#include "check.h"

#include <string.h>

/* Nothing is solved. */
void solved_start(solved *s, size_t n)
{
    *s = (solved){.n = n, .columns = n, .known = true};
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
    assert(s->known);
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

/* The shape of what solved_exchange makes. */
void solved_shape(solved *to, const solved *s, size_t p, size_t function)
{
    size_t columns = 0;
    assert(s->function[p] == NONE && s->rows < s->n);
    if (to->column == NULL)
        solved_start(to, s->n);
    memcpy(to->pivot, s->pivot, s->rows * sizeof *to->pivot);
    memcpy(to->function, s->function, (s->n + 1) * sizeof *to->function);
    to->rows = s->rows + 1;
    to->pivot[s->rows] = p;
    to->function[p] = function;
    for (size_t c = 0; c <= s->columns; c++)
        if (s->column[c] != p || function != NONE)
            to->column[columns++] = s->column[c];
    to->columns = columns - 1; /* the constant is not counted */
    to->known = false;
}

/* Solves den f = sum_j v_j u_j + v_n for u_p = x_p, v_p not 0, into memory of its own; v is used up.
 * Then f takes the place of x_p; if function is NONE, f is 0 from now on and the column goes. */
void solved_exchange(solved *to, const solved *s, mpz_ptr v, size_t p, size_t function)
{
    size_t length = s->n + 1, last = s->rows;
    bool flip = mpz_sgn(v + p) < 0; /* solve for -f, so that the new den, v_p, is positive */
    assert(mpz_sgn(v + p) && s->known);
    solved_shape(to, s, p, function);
    if (to->room <= last) {
        to->t = base_integers(to->t, to->room * length, (last + 1) * length);
        to->room = last + 1;
    }
    for (size_t c = 0; c <= s->columns && flip; c++)
        mpz_neg(v + s->column[c], v + s->column[c]);
    /* x_p = (den f - v') / v_p, with the other terms v' of v. In other rows the coefficient t_p of
     * x_p, over den, becomes that of f, over v_p: the same number. */
    for (size_t c = 0; c <= s->columns; c++) {
        size_t j = s->column[c];
        mpz_srcptr x = s->t;
        mpz_ptr y = to->t + j;
        for (size_t r = 0; r < last; r++, x += length, y += length) {
            if (j == p || (mpz_sgn(x + p) == 0 && mpz_cmp(v + p, s->den) == 0)) {
                mpz_set(y, x + j);
            } else {
                mpz_mul(y, x + j, v + p);
                mpz_submul(y, x + p, v + j);
                mpz_divexact(y, y, s->den);
            }
        }
        if (j == p)
            mpz_set(y, s->den);
        else
            mpz_neg(y, v + j);
        for (size_t r = 0; flip && j == p && r <= last; r++, y -= length)
            mpz_neg(y, y);
    }
    mpz_swap(to->den, v + p);
    to->known = true;
}

/* The same in place. */
void solved_replace(solved *s, solved *spare, mpz_ptr v, size_t p, size_t function)
{
    solved old = *s;
    solved_exchange(spare, s, v, p, function);
    *s = *spare;
    *spare = old;
}

/* Lets a function take the place of a coordinate, which has NONE in taken; g is it times factor, and is
 * expressed in v. False if it depends on those that have done so and taken coordinates. */
bool solved_add(solved *s, solved *spare, mpz_srcptr g, mpz_srcptr factor, size_t function,
                const size_t *taken, mpz_ptr v)
{
    size_t pivot = NONE;
    solved_express(s, g, v);
    for (size_t i = 0; i <= s->columns; i++) {
        size_t j = s->column[i];
        mpz_divexact(v + j, v + j, factor);
        if (j < s->n && s->function[j] == NONE && (!taken || taken[j] == NONE) && mpz_sgn(v + j))
            pivot = j;
    }
    if (pivot != NONE)
        solved_replace(s, spare, v, pivot, function);
    return pivot != NONE;
}
