/* Supports, and the states that they prove. */
#include "check.h"

#include <string.h>

/* Does the support prove the state? In den f = sum_j v_j u_j + v_n, the u_j are functions of the
 * support, and coordinates with v_j = 0. For ON all terms are >= 0, not all 0; for OFF all are
 * <= 0. */
static bool proves_exactly(checker *c, support *with, uint64_t unit, bool on)
{
    const solved *s = &with->system;
    bool zero = true, holds = true;
    if (!with->exact)
        rows_solve_exactly(c, with, false);
    solved_express(s, rows_on_flat(c, with, unit), c->v);
    for (size_t i = 0; i <= s->columns; i++) {
        size_t j = s->column[i], face = with->face[j], entry = face == NONE ? s->function[j] : face;
        int sign = mpz_sgn(c->v + j);
        if (face == NONE ? entry < c->units && c->state[entry] == OFF : (face - c->units) % 2)
            sign = -sign;
        zero = zero && sign == 0;
        holds = holds && (sign == 0 || ((sign > 0) == on && (j == c->n || entry != NONE)));
    }
    return holds && !(zero && on);
}

/* The same if all terms are certainly not 0; false if not. */
static bool proves_nearly(checker *c, const support *s, uint64_t unit, bool on)
{
    near_row row;
    if (!s->nearly)
        return false;
    if (!s->passed)
        row.words = rows_near(c, unit);
    else if (!rows_near_for(c, s, unit, c->word, &row) || !row.words.word)
        return false;
    return near_agree(&s->near, &row.words, c->want, !on);
}

void support_need_state(checker *c, support *s, uint64_t unit, bool on)
{
    bool nearly = proves_nearly(c, s, unit, on);
    assert(!nearly || proves_exactly(c, s, unit, on));
    if (!nearly && !proves_exactly(c, s, unit, on))
        stream_reject(c->in, "the support does not prove state %d of unit %llu", on,
                      (unsigned long long)unit);
}

/* For equal supports it is the same process that solves them. */
support *support_read(checker *c)
{
    uint64_t count = stream_number(c->in), next = 0, hash = 0;
    if (count > c->flat->columns)
        stream_reject(c->in, "a support of more than the dimension");
    for (size_t i = 0; i < count; i++) {
        size_t entry = c->entry[i] = stream_entry(c->in, &next, c->units + c->faces, 0);
        if (entry < c->units && c->state[entry] != ON && c->state[entry] != OFF)
            stream_reject(c->in, "unit %zu of the support is not decided", entry);
        hash = (hash ^ entry) * 0x9e3779b97f4a7c15;
    }
    if (!team_owns(c, hash >> 32))
        return NULL;
    for (size_t i = 0; i < count; i++) /* no row of the flat has to have a sign */
        c->want[i] = c->entry[i] < c->units && c->state[c->entry[i]] == OFF ? -1 : 1;
    memset(c->want + count, 0, c->n - count);
    return rows_solve(c, count);
}
