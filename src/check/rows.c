/* The rows of units, faces and points on a cell. */
#include "check.h"

#include <string.h>

/* The row of an entry of a support: a unit, or a face times a positive number. */
mpz_srcptr rows_of(checker *c, size_t entry)
{
    if (entry < c->units) {
        const layer *l = &c->layer[c->home[entry]];
        return l->row + (entry - l->first) * (c->n + 1);
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

/* The units of a layer become pending. Its rows are sums of the rows below that are passed on;
 * where only states changed there, rows are added or taken away. */
void rows_enter(checker *c, size_t number)
{
    layer *l = &c->layer[number], *below = l - 1;
    size_t n = c->n, inputs = l->map->inputs, active = 0, changes = 0;
    c->now = number;
    c->pending = l->map->units;
    if (number == 0)
        return; /* these rows never change */
    const uint8_t *state = group_outputs(c, below) + l->map->skip;
    for (size_t i = 0; i < inputs; i++) {
        active += state[i] == ON;
        changes += state[i] != l->on[i];
    }
    if (l->below == below->version && changes == 0)
        return;
    mpz_srcptr passed = below->row + l->map->skip * (n + 1);
    bool anew = l->below != below->version || changes > active;
    for (size_t i = 0; anew && i < inputs; i++)
        l->on[i] = OFF;
    for (size_t u = 0; u < l->map->width; u++) {
        mpz_ptr row = l->row + u * (n + 1);
        mpz_srcptr weight = l->map->num + u * (inputs + 1);
        for (size_t j = 0; anew && j < n; j++)
            mpz_set_ui(row + j, 0);
        if (anew)
            mpz_mul(row + n, weight + inputs, below->scale);
        for (size_t i = 0; i < inputs; i++)
            for (size_t j = 0; state[i] != l->on[i] && j <= n; j++)
                (state[i] == ON ? mpz_addmul : mpz_submul)(row + j, weight + i,
                                                           passed + i * (n + 1) + j);
    }
    memcpy(l->on, state, inputs);
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

bool rows_vanish(checker *c, size_t unit)
{
    bool zero = true;
    for (size_t i = 0; zero && i <= c->flat.columns; i++) {
        solved_express_at(&c->flat, rows_of(c, unit), c->flat.column[i], c->t);
        zero = mpz_sgn(c->t) == 0;
    }
    return zero;
}

/* The support in c->entry, its functions exchanged for coordinates of the flat, which shows that
 * they are independent. It stays in the cache until the rows change: with the flat, or in the whole
 * space with the highest layer in it, as the version of a layer changes with those below. */
const solved *rows_solve(checker *c, size_t count)
{
    const solved *flat = &c->flat;
    uint64_t version = c->flat_version[c->flat.rows], hash;
    for (size_t i = 0; i < count && c->flat.rows == 0; i++)
        if (c->entry[i] < c->units && c->layer[c->home[c->entry[i]]].version > version)
            version = c->layer[c->home[c->entry[i]]].version;
    hash = version;
    for (size_t i = 0; i < count; i++)
        hash = (hash ^ c->entry[i]) * 0x9e3779b97f4a7c15;
    hash >>= 32;
    support *s = c->cache + (c->flat.rows ? c->slots + hash % FLAT_SLOTS : hash % c->slots);
    if (s->entry && s->version == version && s->count == count &&
        !memcmp(s->entry, c->entry, count * sizeof *s->entry))
        return &s->system;
    s->version = version;
    s->count = count;
    s->entry = base_resize(s->entry, count, sizeof *s->entry);
    memcpy(s->entry, c->entry, count * sizeof *s->entry);
    solved_restart(&s->system, flat);
    for (size_t i = count; i-- > 0;) { /* the simple rows of faces first */
        size_t pivot = NONE;
        solved_express(&s->system, rows_on_flat(c, c->entry[i]), c->v);
        for (size_t p = 0; p <= flat->columns; p++) {
            size_t j = flat->column[p];
            mpz_divexact(c->v + j, c->v + j, flat->den);
            if (j < c->n && s->system.function[j] == NONE && mpz_sgn(c->v + j))
                pivot = j;
        }
        if (pivot == NONE)
            stream_reject(c->in, "entry %zu depends on other entries of the support", c->entry[i]);
        solved_exchange(&s->system, c->v, pivot, c->entry[i]);
    }
    return &s->system;
}
