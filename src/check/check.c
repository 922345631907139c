/* crease-check: checks a certificate of the number of linear regions of a piecewise-linear network.
 *
 * THEOREM. If crease-check prints "VERIFIED R regions" for a network and a domain, then exactly R
 * vectors of states of the network's units belong to subsets of the domain with interior points.
 * (With --total: if the verdicts are right; see verdict.c.)
 *
 * The certificate (FORMAT.md) is advice; the proof uses what the functions here check, in integers.
 * Where their leading bits decide, the others are not computed (near.c); assertions compute both.
 *
 * A cell is a convex set P, open in its flat, an affine space (at first that of the kept inputs),
 * with a set U of pending units, all of one switching layer. All units of the layers before are
 * decided, so that the pre-activation of a unit k of the layer is an affine function f_k on P
 * (rows_enter). A null set is one without interior points in the flat. r(P; U) is the number of
 * vectors of states, of the units in U and in the layers after, that occur on subsets of P other
 * than null sets. A sub-tree of the certificate shows r(P; U) = s for its cell, and, in a flat,
 * that s > 0. Why each kind of node does so is proved in FORMAT.md, "The idea":
 *
 *     SPLIT, BRANCH      the parts, by f_k or by the winner of a group, cover P up to a null set
 *     FORCE, EMPTY       the support shows that f_k >= 0 on P, or <= 0
 *     CROSS, MEET, COUNT deletion and restriction of hyperplanes, in the last switching layer
 *     SAME, LEAF         f_k is a multiple of another function; nothing is pending
 *     ELSEWHERE          the sub-tree is in a part; without that, only a verdict is printed (verdict.c)
 *     DROP, NAME, LIKE   affine maps show that a cell has as many regions as one before it
 *
 * With several processes (team.c), each of them reads the whole tree, by digest the same bytes, and
 * checks the nodes that are its own, believing the others; each node belongs to one, which alone
 * adds its regions. Suppose that a node is wrong. The process that owns the first wrong node has
 * checked or rightly believed all nodes before, and rejects it. So if no process rejects, all are
 * right. LIKE needs the regions of cells, which none of several has: they do not check version 2.
 *
 * If no unit is pending and a layer with units V follows, r(P; {}) = r(P; V). So the tree shows the
 * number for its root: the whole space of the kept inputs, or the part where all faces of the
 * domain are > 0. domain_spanned shows that this number is the same with all inputs. Nothing else
 * adds to the total, and the total of each file must equal its claim. */
#include "check.h"

static void need_pending(checker *c, uint64_t unit)
{
    const layer *l = &c->layer[c->now];
    if (c->pending == 0 || unit < l->first || unit - l->first >= l->map->units ||
        c->state[unit] != PENDING)
        stream_reject(c->in, "unit %llu is not pending", (unsigned long long)unit);
}

static void need_arrangement(checker *c)
{
    if (c->now + 1 != c->net->layers || !group_none_crowded(c, &c->layer[c->now]))
        stream_reject(c->in, "this node is allowed in the last switching layer only, and if no "
                             "group of comparisons is crowded");
}

static void set_state(checker *c, size_t unit, uint8_t state)
{
    assert(c->state[unit] == PENDING && c->trails < c->units && c->pending > 0);
    c->state[unit] = state;
    c->trail[c->trails++] = unit;
    c->pending--;
}

/* Takes a unit out of the pending ones, and comparisons with a piece that loses; advance then
 * looks for the next layer. */
static void decide(checker *c, uint64_t unit, uint8_t state)
{
    const layer *l = &c->layer[c->now];
    need_pending(c, unit);
    set_state(c, unit, state);
    if (l->map->rank == 1 || state == GONE)
        return;
    size_t loser = group_loser(l, unit, state), group = group_of(l, unit);
    for (size_t t = 0; t < l->map->rank; t++) {
        size_t other = t == loser ? unit : group_unit(l, group, loser, t);
        if (c->state[other] == PENDING)
            set_state(c, other, MOOT);
    }
}

static void advance(checker *c)
{
    if (c->pending == 0 && c->now + 1 < c->net->layers)
        rows_enter(c, c->now + 1);
}

/* A unit whose hyperplane divides the cell, as f_k is not 0 on all of the flat. */
static void need_hyperplane(checker *c, uint64_t unit)
{
    need_pending(c, unit);
    if (team_owns(c, c->turn) && rows_vanish(c, unit))
        stream_reject(c->in, "unit %llu vanishes on the flat", (unsigned long long)unit);
}

static open_node *open_part(checker *c, unsigned kind, size_t unit)
{
    assert(c->opens < c->units);
    c->open[c->opens] = (open_node){.kind = kind,
                                    .unit = unit,
                                    .now = c->now,
                                    .pending = c->pending,
                                    .trail = c->trails,
                                    .path = c->paths,
                                    .drops = c->drops};
    return &c->open[c->opens++];
}

static void divide(checker *c, uint64_t unit, uint8_t state)
{
    decide(c, unit, state);
    c->path[c->paths++] = unit;
    c->bounds[unit] = true;
    c->crossed = false;
}

static void begin_part(checker *c, uint64_t unit, uint8_t state)
{
    divide(c, unit, state);
    advance(c);
}

/* SPLIT: begins the part where f_k > 0; ascend will begin the other one. */
static void split(checker *c, uint64_t unit)
{
    const layer *l = &c->layer[c->now];
    need_hyperplane(c, unit);
    if (l->map->rank > 1 && group_candidates(c, l, group_of(l, unit)) != 2)
        stream_reject(c->in, "SPLIT of a comparison in a crowded group");
    open_part(c, SPLIT, unit);
    begin_part(c, unit, ON);
}

/* Begins the part of the BRANCH where the next candidate, from the piece on, wins; false if there
 * is none. */
static bool begin_branch(checker *c, open_node *node, size_t piece)
{
    const layer *l = &c->layer[c->now];
    size_t group = group_of(l, node->unit);
    while (piece < l->map->rank && !group_candidate(c, l, group, piece))
        piece++;
    if (piece == l->map->rank)
        return false;
    node->piece = piece;
    for (size_t t = 0; t < l->map->rank; t++)
        if (t != piece && group_candidate(c, l, group, t))
            divide(c, group_unit(l, group, piece, t), piece < t ? OFF : ON);
    advance(c);
    return true;
}

/* BRANCH: begins the part where the first candidate wins; ascend will begin the others. */
static void branch(checker *c, uint64_t unit)
{
    const layer *l = &c->layer[c->now];
    uint64_t parts = stream_number(c->in);
    size_t group = NONE;
    if (c->pending > 0 && l->map->rank > 1 && unit >= l->first && unit - l->first < l->map->units)
        group = group_of(l, unit);
    if (group == NONE || unit != group_unit(l, group, 0, 1) || parts < 2 ||
        group_candidates(c, l, group) != parts)
        stream_reject(c->in, "BRANCH of no group, or with another number of candidates");
    for (size_t s = 0; s < l->map->rank; s++)
        for (size_t t = s + 1; t < l->map->rank; t++)
            if (group_candidate(c, l, group, s) && group_candidate(c, l, group, t))
                need_hyperplane(c, group_unit(l, group, s, t));
    begin_branch(c, open_part(c, BRANCH, unit), 0);
}

/* FORCE */
static void force(checker *c, uint64_t units)
{
    if (units == 0 || units > c->pending)
        stream_reject(c->in, "FORCE of no units, or of more than are pending");
    support *s = support_read(c);
    uint64_t next = 0;
    for (size_t i = 0; i < units; i++) {
        uint64_t word = stream_entry(c->in, &next, c->units, 1);
        decide(c, word >> 1, word & 1 ? ON : OFF);
        if (s)
            support_need_state(c, s, word >> 1, word & 1);
    }
    advance(c);
}

/* CROSS: begins the flat; ascend will go on without the unit. */
static void cross(checker *c, uint64_t unit)
{
    need_arrangement(c);
    need_pending(c, unit);
    open_part(c, CROSS, unit);
    decide(c, unit, GONE);
    uint64_t pivot = stream_number(c->in);
    const solved *flat = c->flat;
    size_t i = 0;
    while (i < flat->columns && flat->column[i] != pivot)
        i++;
    if (i == flat->columns)
        stream_reject(c->in, "the pivot is not a coordinate of the flat");
    if (!rows_cross(c, unit, pivot))
        stream_reject(c->in, "the function does not depend on the pivot");
    c->crossed = false;
    const layer *l = &c->layer[c->now];
    bool look = team_owns(c, c->turn) && c->pending > 0;
    for (size_t u = l->first; look && u < l->first + l->map->units; u++)
        if (c->state[u] == PENDING && rows_vanish(c, u))
            stream_reject(c->in, "pending unit %zu vanishes on the flat", u);
}

/* SAME: both rows are 0, or they begin in the same column and all minors with it are 0. */
static void same(checker *c, uint64_t unit)
{
    need_arrangement(c);
    uint64_t other = stream_number(c->in);
    const solved *flat = rows_flat(c);
    size_t first = 0;
    decide(c, unit, GONE);
    need_pending(c, other);
    solved_express(flat, rows_of(c, unit), c->v);
    solved_express(flat, rows_of(c, other), c->w);
    while (first < flat->columns && !mpz_sgn(c->v + flat->column[first]) &&
           !mpz_sgn(c->w + flat->column[first]))
        first++;
    mpz_srcptr a = c->v + flat->column[first], b = c->w + flat->column[first];
    bool multiples = !mpz_sgn(a) == !mpz_sgn(b);
    for (size_t i = first; i <= flat->columns; i++) {
        mpz_mul(c->t, a, c->w + flat->column[i]);
        mpz_submul(c->t, b, c->v + flat->column[i]);
        multiples = multiples && mpz_sgn(c->t) == 0;
    }
    if (!multiples)
        stream_reject(c->in, "the functions are not multiples of each other");
}

/* The sub-tree of a flat must show a region, and that of a cell with a CROSS has shown one. */
static void need_not_crossed(checker *c)
{
    if (c->flat->rows > 0 || c->crossed)
        stream_reject(c->in, "EMPTY or ELSEWHERE in a flat, or of a cell that had a CROSS");
}

/* ELSEWHERE: the tree goes on in the part, if that is given. */
static void elsewhere(checker *c, uint64_t number)
{
    if (c->kind != TRUNK || c->inside || number >= c->parts_of)
        stream_reject(c->in, "ELSEWHERE outside of a trunk, or without such a part");
    need_not_crossed(c);
    parts_enter(c, number);
}

/* EMPTY: a unit of an inequality of the cell is proved to have the other state. */
static void check_empty(checker *c)
{
    support *s = support_read(c);
    uint64_t next = 0, word = stream_entry(c->in, &next, c->units, 1);
    size_t i = 0;
    while (i < c->paths && c->path[i] != word >> 1)
        i++;
    if (i == c->paths || (c->state[word >> 1] == ON) == (word & 1))
        stream_reject(c->in, "EMPTY by a unit that was not set apart, or that has this state");
    need_not_crossed(c);
    if (s)
        support_need_state(c, s, word >> 1, word & 1);
}

/* Reads the coordinates of the flat that the pending functions are solved for into c->entry. */
static void read_meeting(checker *c)
{
    uint64_t next = 0;
    if (c->pending == 0 || c->pending > c->flat->columns || stream_number(c->in) != c->pending)
        stream_reject(c->in, "MEET without units, or not for as many coordinates");
    for (size_t k = 0, i = 0; k < c->pending; k++) {
        size_t entry = c->entry[k] = stream_entry(c->in, &next, c->n, 0);
        while (i < c->flat->columns && c->flat->column[i] < entry)
            i++;
        if (i == c->flat->columns || c->flat->column[i] != entry)
            stream_reject(c->in, "MEET for coordinate %zu, which the flat does not have", entry);
    }
}

/* The function of the unit becomes a row of the flat, solved for one of the first c->pending numbers
 * in c->entry, the last of which takes its place. */
static void solve_for_one(checker *c, size_t unit)
{
    size_t i = 0, count = c->pending;
    solved_express(rows_flat(c), rows_of(c, unit), c->x);
    while (i < count && mpz_sgn(c->x + c->entry[i]) == 0)
        i++;
    if (i == count)
        stream_reject(c->in, "MEET of functions that depend on one another in these coordinates");
    rows_cross(c, unit, c->entry[i]);
    c->entry[i] = c->entry[count - 1];
    decide(c, unit, GONE);
}

/* The point of a MEET is in the flat where all pending functions are 0, and in the cell. */
static void meet_exactly(checker *c)
{
    const layer *l = &c->layer[c->now];
    solved *flat = c->flat;
    for (size_t u = l->first; u < l->first + l->map->units; u++)
        if (c->state[u] == PENDING)
            solve_for_one(c, u);
    point_check(c);
    c->flat = flat;
}

/* LEAF that is MEET */
static void check_meeting(checker *c)
{
    need_arrangement(c);
    read_meeting(c);
    point_read(c, c->entry, c->pending);
    if (!team_owns(c, c->turn))
        return;
    mpz_mul_2exp(c->t, c->one, c->pending);
    mpz_add(c->total, c->total, c->t);
    bool nearly = point_meets(c);
    assert(!nearly || (meet_exactly(c), true));
    if (!nearly)
        meet_exactly(c);
}

/* LEAF */
static void leaf(checker *c, uint64_t kind)
{
    if (kind == 2 || kind == 3) {
        (kind == 2 ? check_empty : check_meeting)(c);
        return;
    }
    if (c->pending || kind > 1)
        stream_reject(c->in, "LEAF with units pending, or of unknown kind");
    if (kind == 0)
        point_read(c, NULL, 0);
    if (kind == 0 && team_owns(c, c->turn))
        point_check(c);
    else if (kind == 1 && !c->crossed)
        stream_reject(c->in, "LEAF without a point and without CROSS on its cell");
    mpz_add_ui(c->total, c->total, team_owns(c, c->turn));
}

/* The function of an entry on the flat, as row i for count.c, or, on one of dimension 1 or 2, for
 * near_count: then false if nothing is known. */
static bool put_row(checker *c, size_t entry, bool side, size_t i, near_line *words)
{
    size_t d = c->flat->columns;
    bool flip = side && entry < c->units && c->state[entry] == OFF;
    near row = {.word = c->word};
    if (words && !rows_near_on_flat(c, entry, &row))
        return false;
    mpz_ptr to = words ? NULL : counter_row(c->counter, side, d, i);
    mpz_srcptr from = words ? NULL : rows_of(c, entry);
    for (size_t k = 0; k <= d; k++) {
        size_t j = c->flat->column[k];
        if (words)
            words[i].word[k] = flip ? -row.word[j] : row.word[j];
        else
            solved_express_at(rows_flat(c), from, j, to + k);
        if (to && flip)
            mpz_neg(to + k, to + k);
    }
    if (words)
        words[i].error = row.error;
    return true;
}

/* The regions of a COUNT; 0 if they are not shown, or, by words, not known. */
static uint64_t count_regions(checker *c, bool nearly)
{
    const layer *l = &c->layer[c->now];
    size_t d = c->flat->columns, lines = 0, sides = c->paths + c->faces;
    near_line *words = nearly ? c->line : NULL;
    bool known = !nearly || (d > 0 && d < 3);
    for (size_t u = l->first; u < l->first + l->map->units && known; u++)
        if (c->state[u] == PENDING)
            known = put_row(c, u, false, lines++, words);
    for (size_t s = 0; s < sides && known; s++)
        known = put_row(c, s < c->paths ? c->path[s] : c->units + s - c->paths, true, s,
                        words ? words + lines : NULL);
    if (nearly)
        return known ? near_count(words, lines, words + lines, sides, d, words + lines + sides) : 0;
    return counter_regions(c->counter, d, lines, sides, c->one);
}

/* COUNT */
static void count(checker *c, uint64_t kind)
{
    need_arrangement(c);
    if (kind != 0 || (c->flat->columns > 2 && c->paths + c->faces > 0))
        stream_reject(c->in, "COUNT of unknown kind, or with inequalities in dimension %zu",
                      c->flat->columns);
    if (!team_owns(c, c->turn))
        return;
    uint64_t regions = count_regions(c, true);
    assert(regions == 0 || regions == count_regions(c, false));
    if (regions == 0)
        regions = count_regions(c, false);
    if (regions == 0)
        stream_reject(c->in, "COUNT of a cell that is empty, or not shown to be non-empty");
    mpz_add_ui(c->total, c->total, regions);
}

/* After the end of a cell: back to the next part of a SPLIT or BRANCH, or behind a CROSS. False at
 * the root. */
static bool ascend(checker *c)
{
    while (c->opens > 0 || c->inside) {
        if (c->inside && c->opens == c->floor) {
            parts_leave(c);
            continue;
        }
        alike_end(c);
        open_node *top = &c->open[c->opens - 1];
        alike_undo(c, top->drops);
        while (c->trails > top->trail)
            c->state[c->trail[--c->trails]] = PENDING;
        c->now = top->now;
        c->pending = top->pending;
        while (c->paths > top->path)
            c->bounds[c->path[--c->paths]] = false;
        if (top->kind == SPLIT && !top->second) {
            top->second = true;
            begin_part(c, top->unit, OFF);
            return true;
        }
        if (top->kind == BRANCH && begin_branch(c, top, top->piece + 1))
            return true;
        c->opens--;
        if (top->kind == CROSS) {
            c->flat--;
            decide(c, top->unit, GONE);
            c->crossed = true;
            return true;
        }
    }
    return false;
}

void check_tree(checker *c)
{
    static void (*const check[KINDS])(checker *, uint64_t) = {
        [SPLIT] = split,     [FORCE] = force,     [CROSS] = cross,    [SAME] = same,
        [LEAF] = leaf,       [COUNT] = count,     [BRANCH] = branch,  [ELSEWHERE] = elsewhere,
        [DROP] = alike_drop, [NAME] = alike_name, [LIKE] = alike_like};
    unsigned kind, bits = c->version == 1 ? 3 : 4;
    bool ends;
    if (c->net->layers > 0)
        rows_enter(c, 0);
    do {
        stream_mark(c->in);
        uint64_t word = stream_number(c->in);
        kind = word & ((1u << bits) - 1);
        if (kind >= KINDS || !check[kind])
            stream_reject(c->in, "node of unknown kind %u", kind);
        check[kind](c, word >> bits);
        c->nodes[kind]++;
        c->turn++;
        ends = kind == LEAF || kind == COUNT || kind == LIKE || (kind == ELSEWHERE && !c->inside);
    } while (!ends || ascend(c));
    parts_end(c);
}
