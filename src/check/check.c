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
 * (enter). A null set is one without interior points in the flat. r(P; U) is the number of vectors
 * of states, of the units in U and in the layers after, that occur on subsets of P other than null
 * sets. A sub-tree of the certificate shows r(P; U) = s for its cell, and that s > 0:
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

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { OFF, ON, PENDING, GONE }; /* of a unit; GONE by CROSS or SAME */
enum { FLAT_SLOTS = 16 };        /* of the cache, for supports in flats, which do not last */

typedef struct {
    const affine *map; /* from the outputs of the layer below, or the inputs */
    size_t first;      /* the number of its first unit */
    mpz_t scale;       /* row = scale * pre-activation */
    mpz_ptr row;       /* width x (n + 1): functions of the kept inputs */
    uint64_t version;  /* changes when the rows do */
    uint64_t below;    /* the version of the layer below ... */
    uint8_t *on;       /* ... and its states that the rows are for */
} layer;

typedef struct {
    unsigned kind; /* SPLIT or CROSS */
    bool second;   /* in the second part of a SPLIT */
    size_t unit, now, pending, trail, path;
} open_node;

/* A support solved for; version tells for which rows. */
typedef struct {
    bool used;
    uint64_t version;
    size_t count, *entry;
    solved system;
} support;

typedef struct {
    stream *in;
    network *net;
    size_t n, units, faces, *kept; /* kept inputs, all units, faces of the box */
    layer *layer;
    size_t now, pending;   /* the layer, how many of its units are pending */
    size_t *home;          /* the layer of a unit */
    uint8_t *state;        /* of a unit */
    size_t *trail, trails; /* units that are not pending, the latest last */
    size_t *path, paths;   /* those by SPLIT */
    open_node *open;       /* the nodes above */
    size_t opens;
    bool crossed;                  /* a CROSS on this cell is complete */
    solved flat;                   /* the kept inputs by the coordinates of the flat */
    size_t late;                   /* pivot of a CROSS that is not in flat yet, or NONE */
    uint64_t *flat_version, clock; /* for every flat above, by the number of its rows */
    support *cache;
    size_t slots, *entry;  /* of the cache; a support as it is read */
    mpz_ptr face, v, w, x; /* scratch rows */
    mpz_t total, claim, one, t;
    counter *counter;
    unsigned long long nodes[KINDS];
} checker;

/* The row of an entry of a support: a unit, or a face of the box times a positive number. */
static mpz_srcptr row_of(checker *c, size_t entry)
{
    if (entry < c->units) {
        const layer *l = &c->layer[c->home[entry]];
        return l->row + (entry - l->first) * (c->n + 1);
    }
    size_t j = (entry - c->units) / 2, high = (entry - c->units) % 2;
    mpq_t *bound = c->net->bound + 2 * c->kept[j] + high;
    for (size_t i = 0; i < c->n; i++)
        mpz_set_ui(c->face + i, 0);
    mpz_set(c->face + j, mpq_denref(*bound));
    mpz_set(c->face + c->n, mpq_numref(*bound));
    mpz_ptr negative = c->face + (high ? j : c->n);
    mpz_neg(negative, negative);
    return c->face;
}

/* The units of a layer become pending. Its rows are sums of the rows of the active units below;
 * where only states changed there, the rows of these units are added or taken away. */
static void enter(checker *c, size_t number)
{
    layer *l = &c->layer[number], *below = l - 1;
    size_t n = c->n, inputs = l->map->inputs, active = 0, changes = 0;
    c->now = number;
    c->pending = l->map->width;
    if (number == 0)
        return; /* these rows never change */
    const uint8_t *state = c->state + below->first;
    for (size_t i = 0; i < inputs; i++) {
        active += state[i] == ON;
        changes += state[i] != l->on[i];
    }
    if (l->below == below->version && changes == 0)
        return;
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
                                                           below->row + i * (n + 1) + j);
    }
    memcpy(l->on, state, inputs);
    l->below = below->version;
    l->version = ++c->clock;
}

static void need_pending(checker *c, uint64_t unit)
{
    const layer *l = &c->layer[c->now];
    if (c->pending == 0 || unit < l->first || unit - l->first >= l->map->width ||
        c->state[unit] != PENDING)
        reject(c->in, "unit %llu is not pending", (unsigned long long)unit);
}

static void need_last_layer(checker *c)
{
    if (c->now + 1 != c->net->layers)
        reject(c->in, "this node is allowed in the last switching layer only");
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
        enter(c, c->now + 1);
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

/* The row of an entry in the coordinates of the flat, times its den. */
static mpz_srcptr row_on_flat(checker *c, size_t entry)
{
    if (c->flat.rows == 0)
        return row_of(c, entry);
    express(&c->flat, row_of(c, entry), c->w);
    return c->w;
}

/* The support in c->entry, its functions exchanged for coordinates of the flat, which shows that
 * they are independent. It stays in the cache until the rows change: with the flat, or in the whole
 * space with the highest layer in it, as the version of a layer changes with those below. */
static const solved *solve_support(checker *c, size_t count)
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
    if (s->used && s->version == version && s->count == count &&
        !memcmp(s->entry, c->entry, count * sizeof *s->entry))
        return &s->system;
    s->used = true;
    s->version = version;
    s->count = count;
    s->entry = resize(s->entry, count, sizeof *s->entry);
    memcpy(s->entry, c->entry, count * sizeof *s->entry);
    solved_restart(&s->system, flat);
    for (size_t i = count; i-- > 0;) { /* the simple rows of faces first */
        size_t pivot = NONE;
        express(&s->system, row_on_flat(c, c->entry[i]), c->v);
        for (size_t p = 0; p <= flat->columns; p++) {
            size_t j = flat->column[p];
            mpz_divexact(c->v + j, c->v + j, flat->den);
            if (j < c->n && s->system.function[j] == NONE && mpz_sgn(c->v + j))
                pivot = j;
        }
        if (pivot == NONE)
            reject(c->in, "entry %zu depends on other entries of the support", c->entry[i]);
        exchange(&s->system, c->v, pivot, c->entry[i]);
    }
    return &s->system;
}

/* FORCE of one unit: in den f = sum_j v_j u_j + v_n, the u_j are functions of the support, and
 * coordinates with v_j = 0. For ON all terms are >= 0, not all 0; for OFF all are <= 0. */
static void force_unit(checker *c, const solved *s, uint64_t unit, bool on)
{
    bool zero = true, holds = true;
    decide(c, unit, on ? ON : OFF);
    express(s, row_on_flat(c, unit), c->v);
    for (size_t i = 0; i <= s->columns; i++) {
        size_t j = s->column[i], entry = s->function[j];
        int sign = mpz_sgn(c->v + j);
        if (entry < c->units && c->state[entry] == OFF)
            sign = -sign;
        zero = zero && sign == 0;
        holds = holds && (sign == 0 || ((sign > 0) == on && (j == c->n || entry != NONE)));
    }
    if (!holds || (zero && on))
        reject(c->in, "the support does not prove state %d of unit %llu", on,
               (unsigned long long)unit);
}

/* FORCE */
static void force(checker *c, uint64_t units)
{
    uint64_t count = stream_number(c->in), next = 0;
    if (units == 0 || units > c->pending || count > c->flat.columns)
        reject(c->in, "FORCE of no units, of more than are pending, or by more than the dimension");
    for (size_t i = 0; i < count; i++) {
        size_t entry = c->entry[i] = stream_entry(c->in, &next, c->units + c->faces, 0);
        if (entry < c->units && c->state[entry] != ON && c->state[entry] != OFF)
            reject(c->in, "unit %zu of the support is not decided", entry);
    }
    const solved *s = solve_support(c, count);
    next = 0;
    for (size_t i = 0; i < units; i++) {
        uint64_t word = stream_entry(c->in, &next, c->units, 1);
        force_unit(c, s, word >> 1, word & 1);
    }
    advance(c);
}

/* Puts the row x of the latest CROSS into the flat. Where a point follows at once, it need not be.
 */
static void settle(checker *c)
{
    if (c->late == NONE)
        return;
    exchange(&c->flat, c->x, c->late, NONE);
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
        reject(c->in, "the pivot is not a coordinate of the flat");
    express(flat, row_of(c, unit), c->x);
    if (mpz_sgn(c->x + pivot) == 0)
        reject(c->in, "the function does not depend on the pivot");
    c->late = pivot;
    c->crossed = false;
    if (c->pending > 0)
        settle(c);
    const layer *l = &c->layer[c->now];
    for (size_t u = l->first; c->pending > 0 && u < l->first + l->map->width; u++) {
        bool zero = c->state[u] == PENDING;
        for (i = 0; zero && i <= flat->columns; i++) {
            express_at(flat, row_of(c, u), flat->column[i], c->t);
            zero = mpz_sgn(c->t) == 0;
        }
        if (zero)
            reject(c->in, "pending unit %zu vanishes on the flat", u);
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
    express(flat, row_of(c, unit), c->v);
    express(flat, row_of(c, other), c->w);
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
        reject(c->in, "the functions are not multiples of each other");
}

/* The coordinate of the latest CROSS, by its row x: w_p = -sum_j x_j w_j / x_p, all over x_p > 0.
 */
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
        reject(c->in, "the exponent of a point is beyond 20000");
    long e = mpz_get_si(c->t);
    for (size_t i = 0; i <= flat->columns; i++) {
        mpz_ptr w = c->w + flat->column[i];
        if (flat->column[i] == c->late)
            continue;
        if (i == flat->columns)
            mpz_set_ui(w, 1);
        else
            stream_signed(c->in, w);
        mpz_mul_2exp(w, w, (unsigned long)((i == flat->columns) == (e > 0) ? labs(e) : 0));
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
        mpz_srcptr row = row_of(c, c->path[i]);
        mpz_mul(c->t, row + n, c->v + n);
        for (size_t j = 0; j < n; j++)
            mpz_addmul(c->t, row + j, c->v + j);
        if (mpz_sgn(c->t) != (c->state[c->path[i]] == ON ? 1 : -1))
            reject(c->in, "the point is on the wrong side of unit %zu", c->path[i]);
    }
    for (size_t i = 0; i < c->faces; i++) {
        mpq_t *bound = c->net->bound + 2 * c->kept[i / 2] + i % 2;
        mpz_mul(c->t, c->v + i / 2, mpq_denref(*bound));
        mpz_submul(c->t, c->v + n, mpq_numref(*bound));
        if (mpz_sgn(c->t) != (i % 2 ? -1 : 1))
            reject(c->in, "the point is not inside the box");
    }
}

/* LEAF */
static void leaf(checker *c, uint64_t kind)
{
    if (c->pending || kind > 1)
        reject(c->in, "LEAF with units pending, or of unknown kind");
    if (kind == 0)
        check_point(c);
    else if (!c->crossed)
        reject(c->in, "LEAF without a point and without CROSS on its cell");
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
        reject(c->in, "COUNT of unknown kind, or with inequalities in dimension %zu", d);
    for (size_t u = l->first; u < l->first + l->map->width; u++) {
        mpz_ptr to = c->state[u] == PENDING ? counter_line(c->counter, d, lines++) : NULL;
        for (size_t i = 0; to && i <= d; i++)
            express_at(flat, row_of(c, u), flat->column[i], to + i);
    }
    for (size_t s = 0; s < sides; s++) {
        size_t entry = s < c->paths ? c->path[s] : c->units + s - c->paths;
        mpz_ptr to = counter_side(c->counter, d, s);
        mpz_srcptr row = row_of(c, entry);
        for (size_t i = 0; i <= d; i++) {
            express_at(flat, row, flat->column[i], to + i);
            if (s < c->paths && c->state[entry] == OFF)
                mpz_neg(to + i, to + i);
        }
    }
    uint64_t regions = counter_regions(c->counter, d, lines, sides, c->one);
    if (regions == 0)
        reject(c->in, "COUNT of a cell that is empty, or not shown to be non-empty");
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
                retract(&c->flat);
            c->late = NONE;
            decide(c, top->unit, GONE);
            c->crossed = true;
            return true;
        }
    }
    return false;
}

static void check_tree(checker *c)
{
    static void (*const check[KINDS])(checker *, uint64_t) = {
        [SPLIT] = split, [FORCE] = force, [CROSS] = cross,
        [SAME] = same,   [LEAF] = leaf,   [COUNT] = count};
    unsigned kind;
    if (c->net->layers > 0)
        enter(c, 0);
    do {
        stream_mark(c->in);
        uint64_t word = stream_number(c->in);
        kind = word & 7;
        if (kind >= KINDS)
            reject(c->in, "node of unknown kind %u", kind);
        check[kind](c, word >> 3);
        c->nodes[kind]++;
    } while ((kind != LEAF && kind != COUNT) || ascend(c));
    stream_mark(c->in);
    if (!stream_ends(c->in))
        reject(c->in, "bytes after the last node");
    if (mpz_cmp(c->total, c->claim))
        reject(c->in, "the tree has %s regions, the claim is %s", mpz_get_str(NULL, 10, c->total),
               mpz_get_str(NULL, 10, c->claim));
}

/* The head of the certificate against network and domain, and the kept inputs. */
static void read_head(checker *c)
{
    uint8_t bytes[32];
    char ours[65], theirs[65];
    network *net = c->net;
    stream_bytes(c->in, bytes, 16);
    if (memcmp(bytes, "creasect\1\0\0\0\0\0\0", 16))
        reject(c->in, "this is no certificate of version 1");
    for (int i = 0; i < 2; i++) {
        const uint8_t *digest = i == 0 ? net->digest : net->domain;
        stream_mark(c->in);
        stream_bytes(c->in, bytes, 32);
        if (memcmp(bytes, digest, 32))
            reject(c->in, "the certificate is for the %s %s, this is %s",
                   i == 0 ? "network" : "domain", hex(bytes, theirs), hex(digest, ours));
    }
    stream_bytes(c->in, bytes, 32);
    mpz_import(c->claim, 32, 1, 1, 0, 0, bytes);
    stream_mark(c->in);
    uint64_t next = 0, count = stream_number(c->in);
    if (count > net->inputs)
        reject(c->in, "more inputs are kept than there are");
    bool *kept = allocate(net->inputs, sizeof *kept);
    c->n = count;
    c->kept = allocate(c->n, sizeof *c->kept);
    for (size_t j = 0; j < c->n; j++) {
        c->kept[j] = stream_entry(c->in, &next, net->inputs, 0);
        kept[c->kept[j]] = true;
    }
    if (c->n < net->inputs && !network_spanned(net, kept))
        reject(c->in, "the inputs that are not kept make a difference");
    free(kept);
}

/* The layers, the rows of the first one, and room for a path of the tree. */
static void prepare(checker *c)
{
    const network *net = c->net;
    size_t n = c->n, slots = ((size_t)1 << 18) / ((n + 1) * (n + 1));
    c->layer = allocate(net->layers, sizeof *c->layer);
    for (size_t i = 0; i < net->layers; i++) {
        layer *l = &c->layer[i];
        const affine *map = &net->layer[i];
        *l = (layer){.map = map, .first = c->units, .below = UINT64_MAX};
        mpz_init_set(l->scale, map->den);
        if (i > 0)
            mpz_mul(l->scale, l->scale, (l - 1)->scale);
        l->on = allocate(map->inputs, sizeof *l->on);
        l->row = integers(NULL, 0, map->width * (n + 1));
        c->home = resize(c->home, c->units + map->width, sizeof *c->home);
        for (size_t u = 0; u < map->width; u++) {
            c->home[c->units++] = i;
            for (size_t j = 0; i == 0 && j <= n; j++)
                mpz_set(l->row + u * (n + 1) + j,
                        map->num + u * (map->inputs + 1) + (j < n ? c->kept[j] : map->inputs));
        }
    }
    c->faces = net->box ? 2 * n : 0;
    c->state = memset(allocate(c->units, 1), PENDING, c->units);
    c->trail = allocate(c->units, sizeof *c->trail);
    c->path = allocate(c->units, sizeof *c->path);
    c->open = allocate(c->units, sizeof *c->open);
    c->flat_version = allocate(n + 1, sizeof *c->flat_version);
    solved_start(&c->flat, n);
    c->slots = slots > 8192 ? 8192 : slots > 0 ? slots : 1;
    c->cache = allocate(c->slots + FLAT_SLOTS, sizeof *c->cache);
    c->entry = allocate(n, sizeof *c->entry);
    c->face = integers(NULL, 0, n + 1);
    c->late = NONE;
    c->v = integers(NULL, 0, n + 1);
    c->x = integers(NULL, 0, n + 1);
    c->w = integers(NULL, 0, n + 1);
    c->counter = counter_new(n);
}

static void *gmp_allocate(size_t size)
{
    return resize(NULL, size, 1);
}

static void *gmp_resize(void *old, size_t old_size, size_t size)
{
    (void)old_size;
    return resize(old, size, 1);
}

static void gmp_release(void *memory, size_t size)
{
    (void)size;
    free(memory);
}

static void print_json(const checker *c, double seconds)
{
    char ours[65], domain[65];
    const unsigned long long *k = c->nodes;
    gmp_printf("{\"verified\": true, \"regions\": %Zd, \"network\": \"%s\", \"domain\": \"%s\", "
               "\"mode\": \"exact\", \"nodes\": {\"split\": %llu, \"force\": %llu, "
               "\"cross\": %llu, \"same\": %llu, \"leaf\": %llu, \"count\": %llu}, "
               "\"bytes\": %llu, \"seconds\": %.6g}\n",
               c->total, hex(c->net->digest, ours), hex(c->net->domain, domain), k[SPLIT], k[FORCE],
               k[CROSS], k[SAME], k[LEAF], k[COUNT], (unsigned long long)stream_mark(c->in),
               seconds);
}

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static const char usage[] =
    "Usage: crease-check [--box LO:HI[,...]] [--json] NETWORK CERTIFICATE\n"
    "       crease-check --dump CERTIFICATE\n\n"
    "Checks in exact integers a certificate of the number of linear regions of a network in R^n,\n"
    "or in the box: one interval LO:HI for every input, or one for all. --json prints one JSON\n"
    "object; --dump prints the certificate as text and checks nothing. See also --version.\n\n"
    "Prints \"VERIFIED R regions\", with status 0, only if the certificate proves that. Status 1:\n"
    "the certificate is rejected; 2: it could not be checked.\n";

typedef struct {
    const char *box;
    bool json, dump;
} options;

static options read_options(int argc, char **argv)
{
    static const struct option names[] = {
        {"box", required_argument, NULL, 'b'}, {"json", no_argument, NULL, 'j'},
        {"dump", no_argument, NULL, 'd'},      {"help", no_argument, NULL, 'h'},
        {"version", no_argument, NULL, 'v'},   {NULL, 0, NULL, 0}};
    options o = {NULL, false, false};
    for (int option; (option = getopt_long(argc, argv, "h", names, NULL)) != -1;) {
        if (option == 'h' || option == 'v') {
            fputs(option == 'h' ? usage : "crease-check 0.1.0, format 1\n", stdout);
            exit(fflush(stdout) ? 2 : 0);
        }
        if (option == '?')
            stop("see crease-check --help");
        o.box = option == 'b' ? optarg : o.box;
        o.json = o.json || option == 'j';
        o.dump = o.dump || option == 'd';
    }
    if (argc - optind != (o.dump ? 1 : 2) || (o.dump && (o.box || o.json)))
        stop("expected %s; see crease-check --help",
             o.dump ? "only a certificate after --dump" : "a network and a certificate");
    return o;
}

int main(int argc, char **argv)
{
    static checker c; /* static, so that its memory is not lost at the end */
    static network net;
    int status = 2;
    double begin = now();
    mp_set_memory_functions(gmp_allocate, gmp_resize, gmp_release);
    options o = read_options(argc, argv);
    if (o.dump) {
        c.in = stream_open(argv[argc - 1], false);
        dump(c.in);
        if (fflush(stdout) || ferror(stdout))
            stop("standard output cannot be written");
        return 0; /* no verdict */
    }
    c.net = &net;
    mpz_inits(c.total, c.claim, c.t, NULL);
    mpz_init_set_ui(c.one, 1);
    network_read(&net, argv[optind]);
    network_domain(&net, o.box);
    c.in = stream_open(argv[argc - 1], o.json);
    read_head(&c);
    prepare(&c);
    check_tree(&c);
    if (o.json)
        print_json(&c, now() - begin);
    else
        gmp_printf("VERIFIED %Zd regions\n", c.total);
    if (fflush(stdout) == 0 && !ferror(stdout))
        status = 0; /* the only verdict of this kind */
    else
        fputs("crease-check: standard output cannot be written\n", stderr);
    return status;
}
