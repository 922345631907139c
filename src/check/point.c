/* The points of leaves. */
#include "check.h"

static int sign_exactly(checker *c, size_t entry)
{
    mpz_srcptr row = rows_of(c, entry);
    mpz_set_ui(c->t, 0);
    for (size_t j = 0; j <= c->n; j++)
        mpz_addmul(c->t, row + j, c->v + j);
    return mpz_sgn(c->t);
}

/* The sign of an entry at the point of all coordinates, x in words; 0 if it is not known, or, if the
 * point is in c->v, is 0. */
static int sign_at(checker *c, size_t entry, const near *x, bool exactly)
{
    size_t face = entry - c->units;
    const int64_t *bound = c->near_bound.word;
    int sign;
    if (face < c->sides) {
        near row = {(int64_t[]){bound[c->sides], -bound[face]}, 0, c->near_bound.error},
             at = {(int64_t[]){x->word[face / 2], x->word[c->n]}, 0, x->error};
        sign = near_sign(&row, &at, 2) * (face % 2 ? -1 : 1);
    } else {
        near row = rows_near(c, entry);
        sign = near_sign(&row, x, c->n + 1);
    }
    assert(sign == 0 || !exactly || sign == sign_exactly(c, entry));
    return sign == 0 && exactly ? sign_exactly(c, entry) : sign;
}

/* Does the point satisfy all inequalities, certainly? Else *wrong is one, those of the box last. */
static bool inside(checker *c, const near *x, bool exactly, size_t *wrong)
{
    size_t paths = c->paths, others = paths + c->net->halves;
    for (size_t i = 0; i < paths + c->faces; i++) {
        *wrong = i < paths    ? c->path[i]
                 : i < others ? c->units + c->sides + i - paths
                              : c->units + i - others;
        if (sign_at(c, *wrong, x, exactly) != (i >= paths || c->state[*wrong] == ON ? 1 : -1))
            return false;
    }
    return true;
}

/* The same for the point in c->w of the flat. */
static bool inside_nearly(checker *c, const near_flat *f, const near *given)
{
    size_t wrong;
    near all = {.word = c->word};
    return near_flat_lift(f, c->flat, given, &all) && inside(c, &all, false, &wrong);
}

static bool inside_exactly(checker *c, size_t *wrong)
{
    const solved *flat = rows_flat(c);
    for (size_t i = 0; i <= flat->columns; i++)
        mpz_mul(c->v + flat->column[i], flat->den, c->w + flat->column[i]);
    for (size_t r = 0; r < flat->rows; r++) {
        mpz_ptr v = c->v + flat->pivot[r];
        mpz_set_ui(v, 0);
        for (size_t i = 0; i <= flat->columns; i++)
            mpz_addmul(v, flat->t + r * (c->n + 1) + flat->column[i], c->w + flat->column[i]);
    }
    near point = {.word = c->word};
    near_integers(&point, c->v, c->n + 1);
    return inside(c, &point, true, wrong);
}

/* The point in c->w in words, 0 at the pivots of the flat. */
static void take_given(checker *c, near *given)
{
    for (size_t r = 0; r < c->flat->rows; r++)
        mpz_set_ui(c->w + c->flat->pivot[r], 0);
    near_integers(given, c->w, c->n + 1);
    near_stretch(given, c->n + 1, given->word);
}

bool point_meets(checker *c)
{
    const near_flat *f = rows_flat_words(c);
    const layer *l = &c->layer[c->now];
    int64_t word[2][MOST_INPUTS + 1], *room = c->words;
    near function[NEAR_MOST], given = {.word = word[0]}, x = {.word = word[1]};
    size_t count = 0;
    if (!f || c->pending > NEAR_MOST)
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
           inside_nearly(c, f, &x);
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
    int64_t word[MOST_INPUTS + 1];
    near given = {.word = word};
    const near_flat *f = rows_flat_words(c);
    if (f)
        take_given(c, &given);
    bool nearly = f && inside_nearly(c, f, &given);
    assert(!nearly || inside_exactly(c, &wrong));
    if (nearly || inside_exactly(c, &wrong))
        return;
    if (wrong - c->units < c->sides)
        stream_reject(c->in, "the point is not inside the box");
    stream_reject(c->in, "the point is on the wrong side of unit or face %zu", wrong);
}
