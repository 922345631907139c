/* The points of leaves. */
#include "check.h"

static int sign_exactly(checker *c, size_t entry)
{
    size_t n = c->n;
    mpz_srcptr row = rows_of(c, entry);
    mpz_mul(c->t, row + n, c->v + n);
    for (size_t j = 0; j < n; j++)
        mpz_addmul(c->t, row + j, c->v + j);
    return mpz_sgn(c->t);
}

/* The point in c->w, lifted to all kept inputs: c->v / c->v_n satisfies all inequalities. Else
 * *wrong is one, or NONE for the box. */
static bool inside_exactly(checker *c, size_t *wrong)
{
    const solved *flat = rows_flat(c);
    size_t n = c->n;
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
        near row = i < c->paths ? rows_near(c, *wrong) : (near){.error = NEAR_NOTHING};
        int sign = near_sign(&row, &point, n + 1);
        assert(sign == 0 || sign == sign_exactly(c, *wrong));
        if ((sign ? sign : sign_exactly(c, *wrong)) !=
            (i >= c->paths || c->state[*wrong] == ON ? 1 : -1))
            return false;
    }
    *wrong = NONE;
    for (size_t i = 0; i < sides; i++) {
        mpq_t *bound = c->net->bound + 2 * c->kept[i / 2] + i % 2;
        mpz_mul(c->t, c->v + i / 2, mpq_denref(*bound));
        mpz_mul_2exp(c->t, c->t, c->scale[i / 2]);
        mpz_submul(c->t, c->v + n, mpq_numref(*bound));
        if (mpz_sgn(c->t) != (i % 2 ? -1 : 1))
            return false;
    }
    return true;
}

/* The point in c->w in words, 0 at the pivots of the flat. */
static void take_given(checker *c, near *given)
{
    for (size_t r = 0; r < c->flat->rows; r++)
        mpz_set_ui(c->w + c->flat->pivot[r], 0);
    near_integers(given, c->w, c->n + 1);
    near_stretch(given, c->n + 1, given->word);
}

/* Does the point of the flat satisfy all inequalities, certainly? */
static bool inside(checker *c, const near_flat *f, const near *x)
{
    near all = {.word = c->word};
    bool good = near_flat_lift(f, c->flat, x, &all);
    for (size_t i = 0; i < c->paths + c->faces && good; i++) {
        size_t entry = i < c->paths ? c->path[i] : c->units + i - c->paths;
        near row = rows_near(c, entry);
        good = near_sign(&row, &all, c->n + 1) == (i >= c->paths || c->state[entry] == ON ? 1 : -1);
    }
    return good;
}

bool point_meets(checker *c)
{
    const near_flat *f = rows_flat_words(c);
    const layer *l = &c->layer[c->now];
    int64_t word[(NEAR_MOST + 2) * NEAR_MOST], *room = word + 2 * NEAR_MOST;
    near function[NEAR_MOST], given = {.word = word}, x = {.word = word + NEAR_MOST};
    size_t count = 0;
    if (!f)
        return false;
    for (size_t u = l->first; u < l->first + l->map->units; u++) {
        if (c->state[u] != PENDING)
            continue;
        near *to = &function[count++];
        *to = (near){.word = room};
        if (!rows_near_on_flat(c, u, to) || !near_stretch(to, c->n + 1, room))
            return false;
        room += c->n + 1;
    }
    for (size_t k = 0; k < count; k++)
        mpz_set_ui(c->w + c->entry[k], 0);
    take_given(c, &given);
    return near_meet(&c->meeting, function, count, c->entry, c->n + 1, &given, &x) &&
           inside(c, f, &x);
}

/* The coordinates of the flat, but those to be skipped. */
void point_read(checker *c, const size_t *skip, size_t count)
{
    const solved *flat = c->flat;
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
        bool here = (i == flat->columns) == (mpz_sgn(c->t) > 0);
        mpz_mul_2exp(w, w, (here ? mpz_get_ui(c->t) : 0) + c->largest - c->scale[flat->column[i]]);
    }
}

void point_check(checker *c)
{
    size_t wrong;
    int64_t word[NEAR_MOST];
    near given = {.word = word};
    const near_flat *f = rows_flat_words(c);
    if (f)
        take_given(c, &given);
    bool nearly = f && inside(c, f, &given);
    assert(!nearly || inside_exactly(c, &wrong));
    if (nearly || inside_exactly(c, &wrong))
        return;
    if (wrong == NONE)
        stream_reject(c->in, "the point is not inside the box");
    stream_reject(c->in, "the point is on the wrong side of unit or face %zu", wrong);
}
