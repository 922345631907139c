/* The points of leaves. */
#include "check.h"

/* The coordinate of the latest CROSS by its row x: w_p = -sum_j x_j w_j / x_p, over x_p > 0. */
static void solve_late(checker *c)
{
    const solved *flat = &c->flat;
    rows_late(c);
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

/* The point in c->w, lifted to all kept inputs: c->v / c->v_n satisfies all inequalities. Else
 * *wrong is one, or NONE for the box. */
static bool inside_exactly(checker *c, size_t *wrong)
{
    const solved *flat = &c->flat;
    size_t n = c->n;
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
        *wrong = i < c->paths ? c->path[i] : c->units + sides + i - c->paths;
        if (sign_at(c, *wrong, &point) != (i >= c->paths || c->state[*wrong] == ON ? 1 : -1))
            return false;
    }
    *wrong = NONE;
    for (size_t i = 0; i < sides; i++) {
        mpq_t *bound = c->net->bound + 2 * c->kept[i / 2] + i % 2;
        mpz_mul(c->t, c->v + i / 2, mpq_denref(*bound));
        mpz_submul(c->t, c->v + n, mpq_numref(*bound));
        if (mpz_sgn(c->t) != (i % 2 ? -1 : 1))
            return false;
    }
    return true;
}

/* The same for a point of a flat in the whole space, if words show it. */
static bool inside_nearly(checker *c)
{
    const solved *flat = &c->flat;
    const near_flat *f = c->faces || (!flat->rows && c->late == NONE) ? NULL : rows_flat_words(c);
    int64_t word[NEAR_MOST], solution[NEAR_MOST];
    near given = {.word = word}, x = {.word = solution}, all = {.word = c->word};
    if (!f)
        return false;
    for (size_t r = 0; r < flat->rows; r++)
        mpz_set_ui(c->w + flat->pivot[r], 0);
    if (c->late != NONE)
        mpz_set_ui(c->w + c->late, 0);
    near_integers(&given, c->w, c->n + 1);
    bool good = c->late == NONE || (c->late_near.error < NEAR_NOTHING &&
                                    near_flat_solve(&c->late_near, c->n + 1, c->late, &given, &x));
    good = good && near_flat_lift(f, flat, c->late == NONE ? &given : &x, &all);
    for (size_t i = 0; i < c->paths && good; i++) {
        near row = rows_near(c, c->path[i], NULL);
        good = near_sign(&row, &all, c->n + 1) == (c->state[c->path[i]] == ON ? 1 : -1);
    }
    c->tried++;
    c->shown += good;
    return good;
}

/* The same for the point of a MEET, if words show it. */
bool point_nearly(checker *c, size_t count)
{
    size_t left = c->flat.columns - count;
    int64_t word[NEAR_MOST], at[NEAR_MOST];
    near point = {.word = at};
    for (size_t i = 0, k = 0, m = 0; i <= c->flat.columns; i++)
        if (k < count && c->flat.column[i] == c->entry[k])
            k++;
        else
            mpz_set(c->v + m++, c->w + c->flat.column[i]);
    near_integers(&point, c->v, left + 1);
    for (size_t i = 0; i < c->paths + c->faces; i++) {
        size_t entry = i < c->paths ? c->path[i] : c->units + i - c->paths;
        near row = rows_near(c, entry, c->word), y = {.word = word};
        near_express(&c->on_flat, &row, &y);
        y.word += c->flat.rows + count; /* the others are of functions that are 0 there */
        if (near_sign(&y, &point, left + 1) != (i >= c->paths || c->state[entry] == ON ? 1 : -1))
            return false;
    }
    return true;
}

/* The coordinates of the flat, but those to be skipped. */
void point_read(checker *c, const size_t *skip, size_t count)
{
    const solved *flat = &c->flat;
    stream_signed(c->in, c->t);
    if (mpz_cmpabs_ui(c->t, 1 << 24) > 0)
        stream_reject(c->in, "the exponent of a point is beyond 2^24");
    for (size_t i = 0, k = 0; i <= flat->columns; i++) {
        mpz_ptr w = c->w + flat->column[i];
        if (k < count && flat->column[i] == skip[k]) {
            k++;
            continue;
        }
        if (i == flat->columns)
            mpz_set_ui(w, 1);
        else
            stream_signed(c->in, w);
        mpz_mul_2exp(w, w, (i == flat->columns) == (mpz_sgn(c->t) > 0) ? mpz_get_ui(c->t) : 0);
    }
}

void point_check(checker *c)
{
    size_t wrong;
    bool nearly = inside_nearly(c);
    assert(!nearly || inside_exactly(c, &wrong));
    if (nearly || inside_exactly(c, &wrong))
        return;
    if (wrong == NONE)
        stream_reject(c->in, "the point is not inside the box");
    stream_reject(c->in, "the point is on the wrong side of unit or face %zu", wrong);
}
