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
    size_t sides = c->faces - c->net->halves, face = entry - c->units, j = face / 2,
           high = face % 2;
    if (face >= sides) {
        size_t all = c->net->inputs;
        mpz_srcptr half = c->net->half + (face - sides) * (all + 1);
        for (size_t i = 0; i <= c->n; i++)
            mpz_set(c->face + i, half + (i < c->n ? c->kept[i] : all));
        return c->face;
    }
    mpq_t *bound = c->net->bound + 2 * c->kept[j] + high;
    for (size_t i = 0; i < c->n; i++)
        mpz_set_ui(c->face + i, 0);
    mpz_set(c->face + j, mpq_denref(*bound));
    mpz_set(c->face + c->n, mpq_numref(*bound));
    mpz_ptr negative = c->face + (high ? j : c->n);
    mpz_neg(negative, negative);
    return c->face;
}

/* Of an entry, as rows_of, up to an error. */
near rows_near(checker *c, size_t entry, int64_t *room)
{
    near row = {.word = room};
    if (entry >= c->units) {
        near_integers(&row, rows_of(c, entry), c->n + 1);
        return row;
    }
    const layer *l = &c->layer[c->home[entry]];
    row = l->near.row;
    row.word += (entry - l->first) * (c->n + 1);
    return row;
}

/* A sum of the rows below that are passed on. Where only states changed there since it was made,
 * rows are added or taken away. */
mpz_srcptr rows_exact(checker *c, size_t number, size_t row)
{
    const layer *l = &c->layer[number], *below = l - 1;
    size_t n = c->n, inputs = l->map->inputs, active = 0, changes = 0;
    mpz_ptr to = l->row + row * (n + 1);
    mpz_srcptr weight = l->map->num + row * (inputs + 1);
    composition *made = &l->made[row];
    if (number == 0 || made->version == l->version)
        return to;
    for (size_t i = 0; i < inputs; i++) {
        active += l->on[i] == ON;
        changes += l->on[i] != made->on[i];
    }
    if (made->below != below->version || changes > active) {
        for (size_t j = 0; j < n; j++)
            mpz_set_ui(to + j, 0);
        mpz_mul(to + n, weight + inputs, below->scale);
        memset(made->on, OFF, inputs);
    }
    for (size_t i = 0; i < inputs; i++) {
        if (l->on[i] == made->on[i])
            continue;
        mpz_srcptr passed = rows_exact(c, number - 1, l->map->skip + i);
        for (size_t j = 0; j <= n; j++)
            (l->on[i] == ON ? mpz_addmul : mpz_submul)(to + j, weight + i, passed + j);
    }
    memcpy(made->on, l->on, inputs);
    made->version = l->version;
    made->below = below->version;
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

/* The row of an entry in the coordinates of the flat, times its den. */
mpz_srcptr rows_on_flat(checker *c, size_t entry)
{
    if (c->flat.rows == 0)
        return rows_of(c, entry);
    solved_express(&c->flat, rows_of(c, entry), c->w);
    return c->w;
}

/* The flat in words; NULL if they are not worth the time: then most of them have shown nothing. */
const near_flat *rows_flat_words(checker *c)
{
    near_flat *f = &c->near_flat[c->flat.rows];
    uint64_t version = c->flat_version[c->flat.rows] + 1;
    if (c->n >= NEAR_MOST || 2 * c->shown + 64 < c->tried)
        return NULL;
    if (f->version != version)
        near_flat_make(f, &c->flat);
    f->version = version;
    return f;
}

static bool vanish_exactly(checker *c, size_t unit)
{
    bool zero = true;
    for (size_t i = 0; zero && i <= c->flat.columns; i++) {
        solved_express_at(&c->flat, rows_of(c, unit), c->flat.column[i], c->t);
        zero = mpz_sgn(c->t) == 0;
    }
    return zero;
}

bool rows_vanish(checker *c, size_t unit)
{
    int64_t word[NEAR_MOST];
    near row = rows_near(c, unit, NULL), on_flat = {.word = word};
    const near_flat *f = c->flat.rows ? rows_flat_words(c) : NULL;
    bool certain = c->flat.rows == 0 ? near_not_zero(&row, c->n + 1)
                                     : f && near_flat_express(f, &c->flat, &row, &on_flat) &&
                                           near_not_zero(&on_flat, c->n + 1);
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
    for (size_t i = 0; i < l->map->inputs && l->independent; i++) {
        if (l->on[i] != ON)
            continue;
        size_t pivot = NONE;
        solved_express(&c->sum, rows_exact(c, c->now - 1, l->map->skip + i), c->v);
        for (size_t j = 0; j < c->n; j++)
            if (c->sum.function[j] == NONE && mpz_sgn(c->v + j))
                pivot = j;
        l->independent = pivot != NONE;
        if (l->independent)
            solved_replace(&c->sum, &c->spare, c->v, pivot, i);
    }
    return l->independent;
}

/* The row of an entry as a function of those that are passed on, and of 1 times their scale; false
 * if it is none. */
static bool near_passed(checker *c, size_t entry, int64_t *room, near *row)
{
    const layer *l = &c->layer[c->now];
    size_t inputs = l->map->inputs, count = 0;
    size_t home = entry < c->units ? c->home[entry] : NONE, own = NONE;
    const int64_t *weight = NULL;
    *row = (near){.word = room};
    if (home == c->now) {
        weight = l->near.weight.word + (entry - l->first) * (inputs + 1);
        row->error = l->near.weight.error;
    } else if (home + 1 == c->now && entry - (l - 1)->first >= l->map->skip) {
        own = entry - (l - 1)->first - l->map->skip;
    }
    if (!weight && (own == NONE || l->on[own] != ON))
        return false;
    for (size_t i = 0; i < inputs; i++)
        if (l->on[i] == ON)
            room[count++] = weight ? weight[i] : i == own;
    room[count] = weight ? weight[inputs] : 0;
    return true;
}

/* The row of an entry as those of the support are in near. */
bool rows_near_for(checker *c, const support *s, size_t entry, int64_t *room, near *row)
{
    if (s->passed)
        return near_passed(c, entry, room, row);
    *row = rows_near(c, entry, room);
    return true;
}

/* The functions of a support and of the flat, and 1: as many as the dimension and 1. If they are
 * independent functions of rows that are independent, they are so on the cell. */
static void solve_near(checker *c, support *s)
{
    size_t rows = s->count, size = rows + c->flat.rows;
    int64_t word[NEAR_MOST * NEAR_MOST];
    near row[NEAR_MOST];
    bool good = size < NEAR_MOST && c->late == NONE;
    s->near.size = 0;
    s->passed = 0;
    if (good && size != c->n) {
        good = c->now > 0 && size == c->layer[c->now].active && passed_independent(c);
        s->passed = good ? c->layer[c->now].version : 0;
    }
    for (size_t i = 0; i < s->count && good; i++)
        good = rows_near_for(c, s, s->entry[i], word + i * (size + 1), &row[i]);
    for (size_t i = 0; i < c->opens && good; i++)
        if (c->open[i].kind == CROSS) {
            good = rows_near_for(c, s, c->open[i].unit, word + rows * (size + 1), &row[rows]);
            rows++;
        }
    if (!good)
        return;
    assert(rows == size);
    row[size] = (near){.word = word + size * (size + 1)};
    memset(row[size].word, 0, (size + 1) * sizeof *word);
    row[size].word[size] = 1;
    near_solve(&s->near, row, size + 1);
}

/* Prepares rows_near_on_flat: functions by rows of the flat, coordinates of it, and 1. With a count,
 * pending functions, which are as many, take the place of the coordinates in c->entry; if this
 * succeeds, these functions can be solved for these coordinates. */
bool rows_near_flat(checker *c, size_t count)
{
    const layer *l = &c->layer[c->now];
    size_t n = c->n, rows = 0;
    int64_t word[NEAR_MOST * NEAR_MOST];
    near row[NEAR_MOST];
    if (n >= NEAR_MOST)
        return false;
    memset(word, 0, (n + 1) * (n + 1) * sizeof *word);
    for (size_t i = 0; i < c->opens; i++)
        if (c->open[i].kind == CROSS)
            row[rows++] = rows_near(c, c->open[i].unit, NULL);
    for (size_t u = l->first; u < l->first + l->map->units && count > 0; u++)
        if (c->state[u] == PENDING)
            row[rows++] = rows_near(c, u, NULL);
    for (size_t i = 0, k = 0; i <= c->flat.columns; i++) {
        if (k < count && c->flat.column[i] == c->entry[k]) {
            k++;
            continue;
        }
        row[rows] = (near){.word = word + rows * (n + 1)};
        row[rows++].word[c->flat.column[i]] = 1;
    }
    assert(rows == n + 1);
    near_solve(&c->on_flat, row, n + 1);
    return c->on_flat.size > 0;
}

/* The row of an entry in the coordinates of the flat, of dimension 1 or 2. */
near_line rows_near_on_flat(checker *c, size_t entry)
{
    int64_t word[NEAR_MOST];
    near row = rows_near(c, entry, c->word), y = {.word = word};
    near_line to;
    near_express(&c->on_flat, &row, &y);
    memcpy(to.word, word + c->flat.rows, (c->flat.columns + 1) * sizeof *word);
    to.error = y.error;
    return to;
}

void rows_late(checker *c)
{
    if (!c->late_exact)
        solved_express(&c->flat, rows_of(c, c->late_unit), c->x);
    c->late_exact = true;
}

bool rows_late_depends(checker *c)
{
    const near_flat *f = c->pending ? NULL : rows_flat_words(c); /* for the point that follows */
    near row = rows_near(c, c->late_unit, NULL);
    bool known = f && near_flat_express(f, &c->flat, &row, &c->late_near) &&
                 near_sign_at(&c->late_near, c->late);
    c->late_exact = false;
    if (!known) {
        c->late_near.error = NEAR_NOTHING;
        rows_late(c);
    }
    assert(!known || (rows_late(c), mpz_sgn(c->x + c->late)));
    return known || mpz_sgn(c->x + c->late);
}

/* The functions of the support, exchanged for coordinates of the flat, which shows that they are
 * independent. */
const solved *rows_solve_exactly(checker *c, support *s)
{
    const solved *flat = &c->flat;
    if (s->exact)
        return &s->system;
    solved_restart(&s->system, flat);
    for (size_t i = s->count; i-- > 0;) { /* the simple rows of faces first */
        size_t pivot = NONE;
        solved_express(&s->system, rows_on_flat(c, s->entry[i]), c->v);
        for (size_t p = 0; p <= flat->columns; p++) {
            size_t j = flat->column[p];
            mpz_divexact(c->v + j, c->v + j, flat->den);
            if (j < c->n && s->system.function[j] == NONE && mpz_sgn(c->v + j))
                pivot = j;
        }
        if (pivot == NONE)
            stream_reject(c->in, "entry %zu depends on other entries of the support", s->entry[i]);
        solved_replace(&s->system, &c->spare, c->v, pivot, s->entry[i]);
    }
    s->exact = true;
    return &s->system;
}

/* The support in c->entry, which is shown to be independent. It stays in the cache until the rows
 * change: with the flat, or in the whole space with the highest layer in it, as the version of a
 * layer changes with those below. */
support *rows_solve(checker *c, size_t count)
{
    uint64_t version = c->flat_version[c->flat.rows], hash;
    for (size_t i = 0; i < count && c->flat.rows == 0; i++)
        if (c->entry[i] < c->units && c->layer[c->home[c->entry[i]]].version > version)
            version = c->layer[c->home[c->entry[i]]].version;
    hash = version;
    for (size_t i = 0; i < count; i++)
        hash = (hash ^ c->entry[i]) * 0x9e3779b97f4a7c15;
    hash >>= 32;
    uint64_t here = c->now > 0 ? c->layer[c->now].version : 0;
    support *s = c->cache + (c->flat.rows ? c->slots + hash % FLAT_SLOTS : hash % c->slots);
    if (s->entry && s->version == version && s->count == count &&
        (!s->passed || s->passed == here) && !memcmp(s->entry, c->entry, count * sizeof *s->entry))
        return s;
    s->version = version;
    s->count = count;
    if (!s->entry || count > s->room) {
        s->entry = base_resize(s->entry, count, sizeof *s->entry);
        s->room = count;
    }
    memcpy(s->entry, c->entry, count * sizeof *s->entry);
    s->exact = false;
    solve_near(c, s);
    if (s->near.size == 0)
        rows_solve_exactly(c, s);
    return s;
}
