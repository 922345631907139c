/* crease-check: checks a certificate of the number of linear regions of a ReLU network.
 *
 * THEOREM. If crease-check prints "VERIFIED R regions" for a network and a domain, then exactly R
 * vectors of states of the network's units belong to subsets of the domain with interior points.
 *
 * The certificate (FORMAT.md) is advice; the proof uses what the functions here check, in integers.
 *
 * A cell is a convex set P, open in its flat, an affine space (at first that of the kept inputs),
 * with a set U of pending units, all of one switching layer. All units of the layers before are
 * decided, so that the pre-activation of a unit k of the layer is an affine function f_k on P
 * (rows_enter). A null set is one without interior points in the flat. r(P; U) is the number of
 * vectors of states, of the units in U and in the layers after, that occur on subsets of P other
 * than null sets. A sub-tree of the certificate shows r(P; U) = s for its cell, and that s > 0:
 *
 * SPLIT k
 *
 *     r(P; U) = r(P, f_k > 0; U - k) + r(P, f_k < 0; U - k): both parts are open, and what is left
 *     out is null unless f_k is 0 everywhere; but then they are empty, and nothing shows s > 0.
 *
 * FORCE k
 *
 *     If f_k >= 0 on P and f_k is not 0 everywhere, then f_k > 0 on P, which is open. If f_k <= 0
 *     on P, the state is 0. In both cases r(P; U) = r(P; U - k). It is shown by
 *     f_k = sum_i y_i a_i + t with y_i, t >= 0 or all <= 0, where a_i >= 0 on P: faces of the box,
 *     and functions of units decided by SPLIT or FORCE on P or a cell that it is part of, by the
 *     sign of their state.
 *
 * CROSS k, in the last switching layer, if no other pending function is 0 everywhere on {f_k = 0}
 *
 *     r(P; U) = r(P; U - k) + r(P and f_k = 0; U - k). For the hyperplane cuts in two those regions
 *     of (P; U - k) that it meets. Each of these meets it in one region of the flat: their
 *     interiors are convex, and where the functions of U - k are not 0, states on the hyperplane
 *     are states around it.
 *
 * SAME k j, in the last switching layer, if f_k and f_j are multiples of each other
 *
 *     The state of j tells that of k up to a null set, so r(P; U) = r(P; U - k).
 *
 * LEAF
 *
 *     Nothing is pending and no layer follows: r(P; {}) = 1 if P is not empty. A point of P is
 *     given, or a CROSS on this P has shown that a part of it is not empty.
 *
 * COUNT, in the last switching layer
 *
 *     CROSS for one unit after the other, by count.c, after SAME for multiples and without constant
 *     functions, whose states are fixed. If there are no inequalities, no flat is empty. Else the
 *     dimension is at most 2, and the flats are segments with computed ends; if none is met, P is
 *     not shown to be non-empty.
 *
 * If no unit is pending and layer V follows, r(P; {}) = r(P; V). So the tree shows the number for
 * its root: all of the kept inputs' space, or the inside of the box. network_spanned shows that
 * this number is the same with all inputs. Nothing else adds to the total, and it must equal the
 * claim. */
#include "check.h"

static void need_pending(checker *c, uint64_t unit)
{
    const layer *l = &c->layer[c->now];
    if (c->pending == 0 || unit < l->first || unit - l->first >= l->map->width ||
        c->state[unit] != PENDING)
        stream_reject(c->in, "unit %llu is not pending", (unsigned long long)unit);
}

static void need_last_layer(checker *c)
{
    if (c->now + 1 != c->net->layers)
        stream_reject(c->in, "this node is allowed in the last switching layer only");
}

/* Takes a unit out of the pending ones; advance then looks for the next layer. */
static void decide(checker *c, uint64_t unit, uint8_t state)
{
    need_pending(c, unit);
    c->state[unit] = state;
    c->trail[c->trails++] = unit;
    c->pending--;
}

static void advance(checker *c)
{
    if (c->pending == 0 && c->now + 1 < c->net->layers)
        rows_enter(c, c->now + 1);
}

static void begin_part(checker *c, uint64_t unit, uint8_t state)
{
    decide(c, unit, state);
    c->path[c->paths++] = unit;
    c->crossed = false;
    advance(c);
}

/* SPLIT: begins the part where f_k > 0; ascend will begin the other one. */
static void split(checker *c, uint64_t unit)
{
    need_pending(c, unit);
    c->open[c->opens++] = (open_node){SPLIT, false, unit, c->now, c->pending, c->trails, c->paths};
    begin_part(c, unit, ON);
}

/* FORCE of one unit: in den f = sum_j v_j u_j + v_n, the u_j are functions of the support, and
 * coordinates with v_j = 0. For ON all terms are >= 0, not all 0; for OFF all are <= 0. */
static void force_unit(checker *c, const solved *s, uint64_t unit, bool on)
{
    bool zero = true, holds = true;
    decide(c, unit, on ? ON : OFF);
    solved_express(s, rows_on_flat(c, unit), c->v);
    for (size_t i = 0; i <= s->columns; i++) {
        size_t j = s->column[i], entry = s->function[j];
        int sign = mpz_sgn(c->v + j);
        if (entry < c->units && c->state[entry] == OFF)
            sign = -sign;
        zero = zero && sign == 0;
        holds = holds && (sign == 0 || ((sign > 0) == on && (j == c->n || entry != NONE)));
    }
    if (!holds || (zero && on))
        stream_reject(c->in, "the support does not prove state %d of unit %llu", on,
                      (unsigned long long)unit);
}

/* FORCE */
static void force(checker *c, uint64_t units)
{
    uint64_t count = stream_number(c->in), next = 0;
    if (units == 0 || units > c->pending || count > c->flat.columns)
        stream_reject(c->in,
                      "FORCE of no units, of more than are pending, or by more than the dimension");
    for (size_t i = 0; i < count; i++) {
        size_t entry = c->entry[i] = stream_entry(c->in, &next, c->units + c->faces, 0);
        if (entry < c->units && c->state[entry] != ON && c->state[entry] != OFF)
            stream_reject(c->in, "unit %zu of the support is not decided", entry);
    }
    const solved *s = rows_solve(c, count);
    next = 0;
    for (size_t i = 0; i < units; i++) {
        uint64_t word = stream_entry(c->in, &next, c->units, 1);
        force_unit(c, s, word >> 1, word & 1);
    }
    advance(c);
}

/* Puts the row x of the latest CROSS into the flat; where a point follows, it need not be. */
static void settle(checker *c)
{
    if (c->late == NONE)
        return;
    solved_exchange(&c->flat, c->x, c->late, NONE);
    c->flat_version[c->flat.rows] = ++c->clock;
    c->late = NONE;
}

/* CROSS: begins the flat; ascend will go on without the unit. */
static void cross(checker *c, uint64_t unit)
{
    need_last_layer(c);
    need_pending(c, unit);
    c->open[c->opens++] = (open_node){CROSS, false, unit, c->now, c->pending, c->trails, c->paths};
    decide(c, unit, GONE);
    uint64_t pivot = stream_number(c->in);
    const solved *flat = &c->flat;
    size_t i = 0;
    while (i < flat->columns && flat->column[i] != pivot)
        i++;
    if (i == flat->columns)
        stream_reject(c->in, "the pivot is not a coordinate of the flat");
    solved_express(flat, rows_of(c, unit), c->x);
    if (mpz_sgn(c->x + pivot) == 0)
        stream_reject(c->in, "the function does not depend on the pivot");
    c->late = pivot;
    c->crossed = false;
    if (c->pending > 0)
        settle(c);
    const layer *l = &c->layer[c->now];
    for (size_t u = l->first; c->pending > 0 && u < l->first + l->map->width; u++) {
        bool zero = c->state[u] == PENDING;
        for (i = 0; zero && i <= flat->columns; i++) {
            solved_express_at(flat, rows_of(c, u), flat->column[i], c->t);
            zero = mpz_sgn(c->t) == 0;
        }
        if (zero)
            stream_reject(c->in, "pending unit %zu vanishes on the flat", u);
    }
}

/* SAME: both rows are 0, or they begin in the same column and all minors with it are 0. */
static void same(checker *c, uint64_t unit)
{
    need_last_layer(c);
    uint64_t other = stream_number(c->in);
    const solved *flat = &c->flat;
    size_t first = NONE;
    bool multiples = true;
    decide(c, unit, GONE);
    need_pending(c, other);
    solved_express(flat, rows_of(c, unit), c->v);
    solved_express(flat, rows_of(c, other), c->w);
    for (size_t i = 0; i <= flat->columns; i++) {
        size_t j = flat->column[i];
        if (first == NONE && (mpz_sgn(c->v + j) || mpz_sgn(c->w + j))) {
            first = j;
            multiples = mpz_sgn(c->v + j) && mpz_sgn(c->w + j);
        } else if (first != NONE) {
            mpz_mul(c->t, c->v + first, c->w + j);
            mpz_submul(c->t, c->w + first, c->v + j);
            multiples = multiples && mpz_sgn(c->t) == 0;
        }
    }
    if (!multiples)
        stream_reject(c->in, "the functions are not multiples of each other");
}

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

/* A point of the flat, lifted to all kept inputs, satisfies all inequalities: x = v / v_n. */
static void check_point(checker *c)
{
    const solved *flat = &c->flat;
    size_t n = c->n;
    stream_signed(c->in, c->t);
    if (mpz_cmpabs_ui(c->t, 20000) > 0)
        stream_reject(c->in, "the exponent of a point is beyond 20000");
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
    for (size_t i = 0; i < c->paths; i++) {
        mpz_srcptr row = rows_of(c, c->path[i]);
        mpz_mul(c->t, row + n, c->v + n);
        for (size_t j = 0; j < n; j++)
            mpz_addmul(c->t, row + j, c->v + j);
        if (mpz_sgn(c->t) != (c->state[c->path[i]] == ON ? 1 : -1))
            stream_reject(c->in, "the point is on the wrong side of unit %zu", c->path[i]);
    }
    for (size_t i = 0; i < c->faces; i++) {
        mpq_t *bound = c->net->bound + 2 * c->kept[i / 2] + i % 2;
        mpz_mul(c->t, c->v + i / 2, mpq_denref(*bound));
        mpz_submul(c->t, c->v + n, mpq_numref(*bound));
        if (mpz_sgn(c->t) != (i % 2 ? -1 : 1))
            stream_reject(c->in, "the point is not inside the box");
    }
}

/* LEAF */
static void leaf(checker *c, uint64_t kind)
{
    if (c->pending || kind > 1)
        stream_reject(c->in, "LEAF with units pending, or of unknown kind");
    if (kind == 0)
        check_point(c);
    else if (!c->crossed)
        stream_reject(c->in, "LEAF without a point and without CROSS on its cell");
    mpz_add_ui(c->total, c->total, 1);
}

/* COUNT: pending functions and inequalities on the flat go to count.c. */
static void count(checker *c, uint64_t kind)
{
    need_last_layer(c);
    settle(c);
    const solved *flat = &c->flat;
    const layer *l = &c->layer[c->now];
    size_t d = flat->columns, lines = 0, sides = c->paths + c->faces;
    if (kind != 0 || (d > 2 && sides > 0))
        stream_reject(c->in, "COUNT of unknown kind, or with inequalities in dimension %zu", d);
    for (size_t u = l->first; u < l->first + l->map->width; u++) {
        mpz_ptr to = c->state[u] == PENDING ? counter_row(c->counter, false, d, lines++) : NULL;
        for (size_t i = 0; to && i <= d; i++)
            solved_express_at(flat, rows_of(c, u), flat->column[i], to + i);
    }
    for (size_t s = 0; s < sides; s++) {
        size_t entry = s < c->paths ? c->path[s] : c->units + s - c->paths;
        mpz_ptr to = counter_row(c->counter, true, d, s);
        mpz_srcptr row = rows_of(c, entry);
        for (size_t i = 0; i <= d; i++) {
            solved_express_at(flat, row, flat->column[i], to + i);
            if (s < c->paths && c->state[entry] == OFF)
                mpz_neg(to + i, to + i);
        }
    }
    uint64_t regions = counter_regions(c->counter, d, lines, sides, c->one);
    if (regions == 0)
        stream_reject(c->in, "COUNT of a cell that is empty, or not shown to be non-empty");
    mpz_add_ui(c->total, c->total, regions);
}

/* After LEAF or COUNT: back to a SPLIT's second part, or behind a CROSS. False at the root. */
static bool ascend(checker *c)
{
    while (c->opens > 0) {
        open_node *top = &c->open[c->opens - 1];
        while (c->trails > top->trail)
            c->state[c->trail[--c->trails]] = PENDING;
        c->now = top->now;
        c->pending = top->pending;
        c->paths = top->path;
        if (top->kind == SPLIT && !top->second) {
            top->second = true;
            begin_part(c, top->unit, OFF);
            return true;
        }
        c->opens--;
        if (top->kind == CROSS) {
            if (c->late == NONE)
                solved_retract(&c->flat);
            c->late = NONE;
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
        [SPLIT] = split, [FORCE] = force, [CROSS] = cross,
        [SAME] = same,   [LEAF] = leaf,   [COUNT] = count};
    unsigned kind;
    if (c->net->layers > 0)
        rows_enter(c, 0);
    do {
        stream_mark(c->in);
        uint64_t word = stream_number(c->in);
        kind = word & 7;
        if (kind >= KINDS)
            stream_reject(c->in, "node of unknown kind %u", kind);
        check[kind](c, word >> 3);
        c->nodes[kind]++;
    } while ((kind != LEAF && kind != COUNT) || ascend(c));
    stream_mark(c->in);
    if (!stream_ends(c->in))
        stream_reject(c->in, "bytes after the last node");
    if (mpz_cmp(c->total, c->claim))
        stream_reject(c->in, "the tree has %s regions, the claim is %s",
                      mpz_get_str(NULL, 10, c->total), mpz_get_str(NULL, 10, c->claim));
}
