/* The rows of units, faces and points on a cell. */
#include "check.h"

#include <string.h>

/* The row of an entry of a support: a unit, or a face times a positive number. */
mpz_srcptr rows_of(checker *c, size_t entry)
{
    if (entry < c->units) {
        size_t home = c->home[entry];
        return rows_exact(c, home, entry - c->layer[home].first);
    }
    size_t face = entry - c->units;
    if (face >= c->sides) {
        size_t all = c->net->inputs;
        mpz_srcptr half = c->net->half + (face - c->sides) * (all + 1);
        for (size_t i = 0; i <= c->n; i++)
            mpz_mul_2exp(c->face + i, half + (i < c->n ? c->kept[i] : all), c->scale[i]);
        return c->face;
    }
    for (size_t i = 0; i < c->n; i++)
        mpz_set_ui(c->face + i, 0);
    mpz_set(c->face + face / 2, c->bound + c->sides);
    mpz_set(c->face + c->n, c->bound + face);
    mpz_ptr negative = c->face + (face % 2 ? face / 2 : c->n);
    mpz_neg(negative, negative);
    return c->face;
}

/* A sum of the rows below that are passed on. */
mpz_srcptr rows_exact(checker *c, size_t number, size_t row)
{
    const layer *l = &c->layer[number];
    size_t n = c->n, inputs = l->map->inputs;
    mpz_ptr to = l->row + row * (n + 1);
    mpz_srcptr weight = l->map->num + row * (inputs + 1);
    if (number == 0 || l->made[row] == l->version)
        return to;
    for (size_t j = 0; j < n; j++)
        mpz_set_ui(to + j, 0);
    mpz_mul(to + n, weight + inputs, (l - 1)->scale);
    for (size_t i = 0; i < inputs; i++) {
        mpz_srcptr passed = l->on[i] == ON ? rows_exact(c, number - 1, l->map->skip + i) : NULL;
        for (size_t j = 0; j <= n && passed; j++)
            mpz_addmul(to + j, weight + i, passed + j);
    }
    l->made[row] = l->version;
    return to;
}

/* The units of a layer become pending. */
void rows_enter(checker *c, size_t number)
{
    layer *l = &c->layer[number], *below = l - 1;
    size_t inputs = l->map->inputs;
    c->now = number;
    c->pending = l->map->units;
    if (number == 0)
        return; /* these rows never change */
    const uint8_t *state = group_outputs(c, below) + l->map->skip;
    bool changes = false, anew = l->below != below->version;
    for (size_t i = 0; i < inputs; i++)
        changes = changes || (state[i] == ON) != (l->on[i] == ON);
    if (!anew && !changes)
        return;
    near_enter(&l->near, &below->near, l->map, c->n, state, anew ? NULL : l->on);
    l->active = 0;
    for (size_t i = 0; i < inputs; i++) {
        l->on[i] = state[i] == ON ? ON : OFF;
        l->active += l->on[i] == ON;
    }
    l->below = below->version;
    l->version = ++c->clock;
}

/* The flat with its numbers: from one of those that it is part of, down to it. */
const solved *rows_flat(checker *c)
{
    solved *s = c->flat;
    while (!s->known)
        s--;
    for (; s < c->flat; s++) {
        solved_express(s, rows_of(c, c->zero[s->rows]), c->x);
        solved_exchange(s + 1, s, c->x, (s + 1)->pivot[s->rows], NONE);
    }
    return s;
}

/* The flat in words; NULL if there are none. */
const near_flat *rows_flat_words(const checker *c)
{
    size_t rows = c->flat->rows;
    const near_flat *f = rows < NEAR_MOST ? &c->near_flat[rows] : NULL;
    return f && f->table.error < NEAR_NOTHING ? f : NULL;
}

static bool depends_exactly(checker *c, size_t unit, size_t pivot)
{
    solved_express_at(rows_flat(c), rows_of(c, unit), pivot, c->t);
    return mpz_sgn(c->t) != 0;
}

/* Begins the flat where the function of the unit is 0, solved for the pivot; false if it does not
 * depend on it. */
bool rows_cross(checker *c, size_t unit, size_t pivot)
{
    const near_flat *above = rows_flat_words(c);
    near_flat *f = c->flat->rows + 1 < NEAR_MOST ? &c->near_flat[c->flat->rows + 1] : NULL;
    near own = rows_near(c, unit);
    bool known = f && above && near_flat_express(above, c->flat, &own, &f->row) &&
                 near_sign_at(&f->row, pivot);
    assert(!known || depends_exactly(c, unit, pivot));
    if (!known && !depends_exactly(c, unit, pivot))
        return false;
    c->zero[c->flat->rows] = unit;
    solved_shape(c->flat + 1, c->flat, pivot, NONE);
    c->flat++;
    c->flat->version = ++c->clock;
    if (f && !(known && near_flat_exchange(f, above, c->flat, c->sums)))
        f->table.error = NEAR_NOTHING;
    return true;
}

/* The function of an entry on the flat; false if nothing is known. */
bool rows_near_on_flat(checker *c, size_t entry, near *to)
{
    const near_flat *f = rows_flat_words(c);
    near row = *to;
    size_t face = entry - c->units;
    if (face < c->sides) {
        const int64_t *bound = c->near_bound.word;
        row.error = c->near_bound.error;
        memset(row.word, 0, c->n * sizeof *row.word);
        row.word[face / 2] = face % 2 ? -bound[c->sides] : bound[c->sides];
        row.word[c->n] = face % 2 ? bound[face] : -bound[face];
    } else {
        row = rows_near(c, entry);
    }
    return f && near_flat_express(f, c->flat, &row, to);
}

static bool vanish_exactly(checker *c, size_t unit)
{
    solved_express(rows_flat(c), rows_of(c, unit), c->v);
    for (size_t i = 0; i <= c->flat->columns; i++)
        if (mpz_sgn(c->v + c->flat->column[i]))
            return false;
    return true;
}

bool rows_vanish(checker *c, size_t unit)
{
    const near_flat *f = rows_flat_words(c);
    near row = rows_near(c, unit);
    bool certain = false;
    for (size_t i = 0; i <= c->flat->columns && f && !certain; i++)
        certain = near_flat_sign(f, c->flat, &row, c->flat->column[i]);
    assert(!certain || !vanish_exactly(c, unit));
    return !certain && vanish_exactly(c, unit);
}

/* Are the rows that are passed on to the layer linearly independent, but for constants? */
static bool passed_independent(checker *c)
{
    layer *l = &c->layer[c->now];
    if (l->judged == l->version)
        return l->independent;
    l->judged = l->version;
    l->independent = true;
    solved_restart(&c->sum, &c->whole);
    for (size_t i = 0; i < l->map->inputs && l->independent; i++)
        if (l->on[i] == ON)
            l->independent =
                solved_add(&c->sum, &c->spare, rows_exact(c, c->now - 1, l->map->skip + i), c->one,
                           i, NULL, c->v);
    return l->independent;
}

/* The row of an entry as those of the support are in near: if the rows are those that are passed on, as a
 * function of them, and of 1 times their scale; false if it is none. */
bool rows_near_for(checker *c, const support *s, size_t entry, int64_t *room, near_row *to)
{
    const layer *l = &c->layer[c->now];
    size_t inputs = l->map->inputs, face = entry - c->units;
    size_t home = entry < c->units ? c->home[entry] : NONE;
    *to = (near_row){.column = face / 2, .negative = face % 2};
    if (!s->passed && face < c->sides)
        to->bound = c->near_bound.word[face];
    else if (!s->passed)
        to->words = rows_near(c, entry);
    if (!s->passed)
        return true;
    bool here = home == c->now;
    size_t own = home == c->now - 1 ? entry - (l - 1)->first - l->map->skip : NONE, count = 0;
    const int64_t *weight = l->near.weight.word + (here ? entry - l->first : 0);
    if (!here && (own >= inputs || l->on[own] != ON))
        return false;
    *to = (near_row){.words = {here ? room : NULL, 0, l->near.weight.error}};
    for (size_t i = 0; i <= inputs; i++) {
        if (i == own)
            to->column = count;
        if (i == inputs || l->on[i] == ON)
            room[count++] = weight[i * l->map->width];
    }
    return true;
}

/* The functions of a support and of the flat: as many as the dimension. If they are independent
 * functions of rows that are independent, they are so on the cell. */
static void solve_near(checker *c, support *s)
{
    size_t size = s->count + c->flat->rows;
    int64_t *room = c->words, *end = room + NEAR_MOST * (c->n + 1);
    bool good = true;
    s->nearly = false;
    s->passed = 0;
    if (size != c->n) {
        good = c->now > 0 && size == c->layer[c->now].active && passed_independent(c);
        s->passed = good ? c->layer[c->now].version : 0;
    }
    for (size_t i = 0; i < size && good; i++) {
        size_t entry = i < s->count ? s->entry[i] : c->zero[i - s->count];
        near_row *to = &c->near_row[i];
        good = room < end && rows_near_for(c, s, entry, room, to);
        if (good && to->words.word) {
            good = near_stretch(&to->words, size + 1, room);
            room += size + 1;
        }
    }
    s->nearly = good && near_solve(&s->near, c->near_row, size, c->near_bound.word[c->sides],
                                   c->near_bound.error);
}

/* The function of an entry on the flat, times its den and the 1 of bound; with x_j - bound in the place of
 * x_j, but for 1, if a face of the support stands for it. */
mpz_srcptr rows_on_flat(checker *c, const support *s, size_t entry)
{
    const solved *flat = rows_flat(c);
    solved_express(flat, rows_of(c, entry), c->w);
    for (size_t i = flat->columns + 1; i-- > 0;) { /* the constant first */
        size_t j = flat->column[i];
        if (s->face[j] == NONE)
            mpz_mul(c->w + j, c->w + j, c->bound + c->sides);
        else
            mpz_addmul(c->w + c->n, c->w + j, c->bound + s->face[j] - c->units);
    }
    return c->w;
}

/* Faces of the box stand for coordinates of the flat, and the other functions of the support are
 * exchanged for others, which shows that all are independent. Plain, without faces: the last entry that
 * depends on those behind it is named. */
void rows_solve_exactly(checker *c, support *s, bool plain)
{
    const solved *flat = rows_flat(c);
    solved_restart(&s->system, flat);
    memset(s->face, 0xff, (c->n + 1) * sizeof *s->face); /* NONE */
    for (size_t r = 0; r < flat->rows; r++)
        s->face[flat->pivot[r]] = 0; /* no face */
    for (size_t i = 0; i < s->count && !plain; i++) {
        size_t face = s->entry[i] - c->units;
        if (face < c->sides && s->face[face / 2] == NONE)
            s->face[face / 2] = s->entry[i];
    }
    for (size_t i = s->count; i-- > 0;) {
        size_t entry = s->entry[i], face = entry - c->units;
        if ((face < c->sides && s->face[face / 2] == entry) ||
            solved_add(&s->system, &c->spare, rows_on_flat(c, s, entry), flat->den, entry, s->face,
                       c->v))
            continue;
        if (plain)
            stream_reject(c->in, "entry %zu depends on other entries of the support", entry);
        rows_solve_exactly(c, s, true);
        return;
    }
    s->exact = true;
}

/* The support in c->entry, which is shown to be independent. It stays in the cache until the rows
 * change: with the flat, or in the whole space with the highest layer in it, as the version of a
 * layer changes with those below. */
support *rows_solve(checker *c, size_t count)
{
    uint64_t version = c->flat->version, hash;
    for (size_t i = 0; i < count && c->flat->rows == 0; i++)
        if (c->entry[i] < c->units && c->layer[c->home[c->entry[i]]].version > version)
            version = c->layer[c->home[c->entry[i]]].version;
    hash = version;
    for (size_t i = 0; i < count; i++)
        hash = (hash ^ c->entry[i]) * 0x9e3779b97f4a7c15;
    hash >>= 32;
    uint64_t here = c->now > 0 ? c->layer[c->now].version : 0;
    support *s = c->cache + hash % (c->flat->rows ? FLAT_SLOTS : c->slots);
    if (s->entry && s->version == version && s->count == count &&
        (!s->passed || s->passed == here) && !memcmp(s->entry, c->entry, count * sizeof *s->entry))
        return s;
    s->version = version;
    s->count = count;
    if (!s->entry) {
        s->entry = base_allocate(c->n, sizeof *s->entry);
        s->face = base_allocate(c->n + 1, sizeof *s->face);
    }
    memcpy(s->entry, c->entry, count * sizeof *s->entry);
    s->exact = false;
    solve_near(c, s);
    if (!s->nearly)
        rows_solve_exactly(c, s, false);
    return s;
}
