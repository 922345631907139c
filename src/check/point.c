/* The points of leaves. */
#include "check.h"

/* The coordinate of the latest CROSS by its row x: w_p = -sum_j x_j w_j / x_p, over x_p > 0. */
static void solve_late(checker *c)
{
    const solved *flat = &c->flat;
    bool negative = mpz_sgn(c->x + c->late) < 0;
    mpz_set_ui(c->t, 0);
    for (size_t i = 0; i <= flat->columns; i++) {
        size_t j = flat->column[i];
        if (j == c->late)
            continue;
        if (negative)
            mpz_neg(c->w + j, c->w + j);
        mpz_submul(c->t, c->x + j, c->w + j);
        mpz_mul(c->w + j, c->w + j, c->x + c->late);
    }
    mpz_swap(c->w + c->late, c->t);
}

static int sign_exactly(checker *c, size_t entry)
{
    size_t n = c->n;
    mpz_srcptr row = rows_of(c, entry);
    mpz_mul(c->t, row + n, c->v + n);
    for (size_t j = 0; j < n; j++)
        mpz_addmul(c->t, row + j, c->v + j);
    return mpz_sgn(c->t);
}

/* The sign of the function of an entry at c->v, near the point. */
static int sign_at(checker *c, size_t entry, const near *point)
{
    int sign = 0;
    if (entry < c->units) {
        near row = rows_near(c, entry, NULL);
        sign = near_sign(&row, point, c->n + 1);
    }
    assert(sign == 0 || sign == sign_exactly(c, entry));
    return sign ? sign : sign_exactly(c, entry);
}

/* A point of the flat, lifted to all kept inputs, satisfies all inequalities: x = v / v_n. */
void point_check(checker *c, bool own)
{
    const solved *flat = &c->flat;
    size_t n = c->n;
    stream_signed(c->in, c->t);
    if (mpz_cmpabs_ui(c->t, 1 << 24) > 0)
        stream_reject(c->in, "the exponent of a point is beyond 2^24");
    for (size_t i = 0; i <= flat->columns; i++) {
        mpz_ptr w = c->w + flat->column[i];
        if (flat->column[i] == c->late)
            continue;
        if (i == flat->columns)
            mpz_set_ui(w, 1);
        else
            stream_signed(c->in, w);
        mpz_mul_2exp(w, w, (i == flat->columns) == (mpz_sgn(c->t) > 0) ? mpz_get_ui(c->t) : 0);
    }
    if (!own)
        return;
    if (c->late != NONE)
        solve_late(c);
    for (size_t i = 0; i <= flat->columns; i++)
        mpz_mul(c->v + flat->column[i], flat->den, c->w + flat->column[i]);
    for (size_t r = 0; r < flat->rows; r++) {
        mpz_ptr v = c->v + flat->pivot[r];
        mpz_set_ui(v, 0);
        for (size_t i = 0; i <= flat->columns; i++)
            mpz_addmul(v, flat->t + r * (n + 1) + flat->column[i], c->w + flat->column[i]);
    }
    size_t sides = c->faces - c->net->halves;
    near point = {.word = c->word};
    near_integers(&point, c->v, n + 1);
    for (size_t i = 0; i < c->paths + c->net->halves; i++) {
        size_t entry = i < c->paths ? c->path[i] : c->units + sides + i - c->paths;
        if (sign_at(c, entry, &point) != (i >= c->paths || c->state[entry] == ON ? 1 : -1))
            stream_reject(c->in, "the point is on the wrong side of unit or face %zu", entry);
    }
    for (size_t i = 0; i < sides; i++) {
        mpq_t *bound = c->net->bound + 2 * c->kept[i / 2] + i % 2;
        mpz_mul(c->t, c->v + i / 2, mpq_denref(*bound));
        mpz_submul(c->t, c->v + n, mpq_numref(*bound));
        if (mpz_sgn(c->t) != (i % 2 ? -1 : 1))
            stream_reject(c->in, "the point is not inside the box");
    }
}
