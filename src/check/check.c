/* crease-check: checks a certificate of the number of linear regions of a ReLU network.
 *
 * THEOREM. If crease-check prints "VERIFIED R regions" for a network and a domain, then the network
 * has exactly R regions in the domain: R vectors of states belong to sets with interior points.
 *
 * The certificate is advice. The proof below uses only what the functions named in it have checked,
 * in integers (GMP); FORMAT.md describes the format and what a region is.
 *
 * A cell is an open convex set P in a flat (an affine space, the kept inputs at first), with a set U
 * of pending units, all of one switching layer; the units of the layers before are decided. So the
 * pre-activation of a unit k of the layer is an affine function f_k on P ("enter"). r(P; U) is the
 * number of vectors of states, of the units in U and in the layers after, that belong to subsets of P
 * with interior points in the flat. A null set is one without interior points. A sub-tree of the
 * certificate proves r(P; U) = s for some s > 0 for the cell P that it is given:
 *
 * SPLIT k  r(P; U) = r(P, f_k > 0; U - k) + r(P, f_k < 0; U - k). If f_k is not 0 everywhere, the two
 *          parts are open and leave out a null set. Else both are empty, and no sub-tree proves that.
 * FORCE    If f_k >= 0 on P and f_k is not 0 everywhere, then f_k > 0 on P, which is open in its flat.
 *          If f_k <= 0 on P, the state is 0. In both cases r(P; U) = r(P; U - k). The certificate names
 *          functions a_i that are >= 0 on P: units decided by a SPLIT or FORCE above, with the sign of
 *          their state, and faces of the box. "force" checks f_k = sum_i y_i a_i + t with y_i, t >= 0.
 * CROSS k  In the last switching layer: r(P; U) = r(P; U - k) + r(P and f_k = 0; U - k), if no other
 *          pending function vanishes on {f_k = 0}. For regions of (P; U - k) are open convex sets up to
 *          null sets; those that the hyperplane meets are cut in two by it and become one region of the flat
 *          each, and different ones differ in a unit of U - k, whose function is not 0 near that
 *          region of the flat.
 * SAME k j In the last switching layer: if f_k and f_j are multiples of each other, the state of k is
 *          a function of that of j but for a null set: r(P; U) = r(P; U - k).
 * LEAF     Nothing is pending and no layer follows: r(P; {}) = 1 if P is not empty. P contains the point
 *          given, or a CROSS on P, with nothing but FORCE, SAME and CROSS since, found a part of it.
 * COUNT    In the last switching layer, CROSS for one unit after the other until none is left, with
 *          one function of those that are multiples of each other, and without constant ones, whose
 *          states are fixed. If there are no inequalities, all flats are whole affine spaces, not
 *          empty. In dimension 2 at most, the flats are segments, whose ends are computed.
 *
 * When the last pending unit of a layer is decided, r(P; {}) = r(P; V) with all units V of the next
 * layer. By induction the tree proves r for the root, which is the domain, or the interior of the
 * box, in the kept inputs; network_spanned shows that it has as many regions as the domain itself.
 */
#include "check.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* States of a unit. GONE: crossed, or the same as another. */
enum { OFF, ON, PENDING, GONE };
static const uint64_t never = UINT64_MAX;

/* The functions of one layer: value num[u] . (h, den of inputs) / den of unit u. */
typedef struct {
    const affine *map;
    size_t first;     /* number of its first unit */
    mpz_t scale;      /* row = scale * pre-activation */
    mpz_ptr row;      /* width x (n + 1), in kept inputs, the constant last */
    uint64_t version; /* changes when a row does */
    uint64_t below;   /* the version of the layer below ... */
    uint8_t *on;      /* ... and its states that the rows were computed from */
} layer;

/* A node above the current one. */
typedef struct {
    int kind;
    bool second; /* of SPLIT: in the second part */
    size_t unit, now, pending, trail, path;
} open_node;

/* A support solved for, in a direct-mapped cache. */
typedef struct {
    uint64_t version; /* of the functions in it, never if empty */
    size_t count, *entry;
    solved system;
} support;

typedef struct {
    stream *in;
    network *net;
    size_t n, units, faces; /* kept inputs; all units; faces of the box */
    size_t *kept;
    layer *layer;
    size_t now, pending; /* layer, number of its pending units */
    uint8_t *state;
    size_t *home;        /* layer of a unit */
    size_t *trail, trails; /* units that are not pending, in this order */
    size_t *path, paths;   /* units SPLIT above */
    open_node *open;
    size_t depth;
    bool crossed; /* a CROSS on this cell is complete */
    solved *flat; /* flat[flats] is the current one, flat[0] the whole space */
    uint64_t *flat_version;
    size_t flats;
    support *cache;
    size_t slots, *entry; /* scratch: the list of a support */
    uint64_t clock;
    mpz_ptr face, v, w, x; /* scratch rows */
    counter *counter;
    mpz_t total, claim, one, t;
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

/* Adds the outputs of unit i below, or takes them away, in all rows of the layer. */
static void change_rows(checker *c, layer *l, size_t i, bool add)
{
    size_t n = c->n, inputs = l->map->inputs;
    mpz_srcptr below = (l - 1)->row + i * (n + 1), weight = l->map->num + i;
    for (size_t u = 0; u < l->map->width; u++, weight += inputs + 1)
        for (size_t j = 0; mpz_sgn(weight) && j <= n; j++)
            (add ? mpz_addmul : mpz_submul)(l->row + u * (n + 1) + j, weight, below + j);
    l->on[i] = add;
}

/* The units of the layer become pending. Their rows are those for the states of the layer below,
 * brought up to date where these changed, or computed anew if its own rows changed. */
static void enter(checker *c, size_t number)
{
    layer *l = &c->layer[number], *below = l - 1;
    size_t n = c->n, inputs = l->map->inputs, active = 0, changes = 0;
    c->now = number;
    c->pending = l->map->width;
    if (number == 0)
        return;
    const uint8_t *state = c->state + below->first;
    for (size_t i = 0; i < inputs; i++) {
        active += state[i] == ON;
        changes += state[i] != l->on[i];
    }
    if (l->below != below->version || changes > active) {
        for (size_t u = 0; u < l->map->width; u++) {
            mpz_ptr row = l->row + u * (n + 1);
            for (size_t j = 0; j < n; j++)
                mpz_set_ui(row + j, 0);
            mpz_mul(row + n, l->map->num + u * (inputs + 1) + inputs, below->scale);
        }
        memset(l->on, 0, inputs);
        l->below = below->version;
    } else if (changes == 0) {
        return;
    }
    l->version = ++c->clock;
    for (size_t i = 0; i < inputs; i++)
        if (state[i] != l->on[i])
            change_rows(c, l, i, state[i] == ON);
}

static void need_pending(checker *c, uint64_t unit)
{
    const layer *l = &c->layer[c->now];
    if (c->pending == 0 || unit < l->first || unit - l->first >= l->map->width ||
        c->state[unit] != PENDING)
        reject(c->in, "unit %llu is not pending", (unsigned long long)unit);
}

/* Takes a unit out of the pending ones; advance enters the next layer if it was the last one. */
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

static void need_last_layer(checker *c)
{
    if (c->now + 1 != c->net->layers)
        reject(c->in, "this node is allowed in the last switching layer only");
}

static open_node *push(checker *c, int kind, size_t unit)
{
    open_node *node = &c->open[c->depth++];
    *node = (open_node){kind, false, unit, c->now, c->pending, c->trails, c->paths};
    return node;
}

/* A part of a SPLIT, as a new cell. */
static void begin_part(checker *c, uint64_t unit, uint8_t state)
{
    decide(c, unit, state);
    c->path[c->paths++] = unit;
    c->crossed = false;
    advance(c);
}

/* SPLIT: the part where f_k > 0 comes first; ascend begins the other one. */
static void split(checker *c, uint64_t unit)
{
    push(c, SPLIT, unit);
    begin_part(c, unit, ON);
}

/* The row of an entry in the coordinates of the flat, times a positive number. */
static mpz_srcptr row_on_flat(checker *c, size_t entry)
{
    if (c->flats == 0)
        return row_of(c, entry);
    express(&c->flat[c->flats], row_of(c, entry), c->w);
    return c->w;
}

/* The support in c->entry, solved for in the flat at hand: a function for a coordinate each, so they
 * are linearly independent. Its rows are the same as long as the version is: that of the flat, or in
 * the whole space that of the highest layer, which changes with those below; faces are constant. */
static const solved *solve_support(checker *c, size_t count)
{
    const solved *flat = &c->flat[c->flats];
    uint64_t version = c->flat_version[c->flats], hash;
    for (size_t i = 0; i < count && c->flats == 0; i++)
        if (c->entry[i] < c->units && c->layer[c->home[c->entry[i]]].version > version)
            version = c->layer[c->home[c->entry[i]]].version;
    hash = version;
    for (size_t i = 0; i < count; i++)
        hash = (hash ^ c->entry[i]) * 0x9e3779b97f4a7c15;
    support *s = &c->cache[(hash >> 32) % c->slots];
    if (s->version == version && s->count == count &&
        !memcmp(s->entry, c->entry, count * sizeof *s->entry))
        return &s->system;
    s->entry = resize(s->entry, count, sizeof *s->entry);
    memcpy(s->entry, c->entry, count * sizeof *s->entry);
    s->count = count;
    s->version = version;
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
        exchange(&s->system, &s->system, c->v, pivot, c->entry[i]);
    }
    return &s->system;
}

/* FORCE of one unit: by the support, den f = sum_j v_j u_j + v_n. For state ON all terms must be
 * >= 0, not all 0; for OFF all <= 0. A coordinate that is left must not occur. */
static void force_unit(checker *c, const solved *s, uint64_t unit, bool on)
{
    decide(c, unit, on ? ON : OFF);
    express(s, row_on_flat(c, unit), c->v);
    bool zero = true, holds = true;
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
    if (units == 0 || units > c->pending)
        reject(c->in, "FORCE of no units, or of more than are pending");
    uint64_t count = stream_number(c->in), next = 0;
    if (count > c->flat[c->flats].columns)
        reject(c->in, "the support is larger than the dimension");
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

/* Whether f is 0 everywhere in the flat. */
static bool vanishes(checker *c, const solved *flat, mpz_srcptr f)
{
    bool zero = true;
    for (size_t i = 0; zero && i <= flat->columns; i++) {
        express_at(flat, f, flat->column[i], c->t);
        zero = mpz_sgn(c->t) == 0;
    }
    return zero;
}

/* CROSS */
static void cross(checker *c, uint64_t unit)
{
    need_last_layer(c);
    uint64_t pivot = stream_number(c->in);
    push(c, CROSS, unit);
    decide(c, unit, GONE);
    solved *old = &c->flat[c->flats], *new = old + 1;
    size_t i = 0;
    while (i < old->columns && old->column[i] != pivot)
        i++;
    if (i == old->columns)
        reject(c->in, "the pivot is not a coordinate of the flat");
    express(old, row_of(c, unit), c->v);
    if (mpz_sgn(c->v + pivot) == 0)
        reject(c->in, "the function is constant in the pivot coordinate");
    if (new->column == NULL)
        solved_start(new, c->n);
    exchange(new, old, c->v, pivot, NONE);
    c->flat_version[++c->flats] = ++c->clock;
    const layer *l = &c->layer[c->now];
    for (size_t u = 0; u < l->map->width; u++)
        if (c->state[l->first + u] == PENDING && vanishes(c, new, l->row + u * (c->n + 1)))
            reject(c->in, "pending unit %zu vanishes on the flat", l->first + u);
    c->crossed = false;
}

/* The row of an entry in the coordinates of the flat, without gaps. */
static void gather(checker *c, size_t entry, mpz_ptr row)
{
    const solved *flat = &c->flat[c->flats];
    express(flat, row_of(c, entry), c->v);
    for (size_t i = 0; i <= flat->columns; i++)
        mpz_swap(row + i, c->v + flat->column[i]);
}

/* SAME: both rows are 0, or all minors are and the first entries that are not 0 are in one place. */
static void same(checker *c, uint64_t unit)
{
    need_last_layer(c);
    uint64_t other = stream_number(c->in);
    size_t first = 0, last = c->flat[c->flats].columns;
    decide(c, unit, GONE);
    need_pending(c, other);
    gather(c, unit, c->w);
    gather(c, other, c->x);
    while (first < last && mpz_sgn(c->w + first) == 0 && mpz_sgn(c->x + first) == 0)
        first++;
    bool multiples = (mpz_sgn(c->w + first) == 0) == (mpz_sgn(c->x + first) == 0);
    for (size_t i = first + 1; i <= last; i++) {
        mpz_mul(c->t, c->w + first, c->x + i);
        mpz_submul(c->t, c->x + first, c->w + i);
        multiples = multiples && mpz_sgn(c->t) == 0;
    }
    if (!multiples)
        reject(c->in, "the functions are not multiples of each other");
}

/* The sign of a row at the point v in all kept inputs, over v_n > 0. */
static int sign_at(checker *c, mpz_srcptr row)
{
    mpz_mul(c->t, row + c->n, c->v + c->n);
    for (size_t j = 0; j < c->n; j++)
        mpz_addmul(c->t, row + j, c->v + j);
    return mpz_sgn(c->t);
}

/* A point of the flat, lifted to all kept inputs, satisfies all inequalities. */
static void check_point(checker *c)
{
    const solved *flat = &c->flat[c->flats];
    stream_signed(c->in, c->t);
    if (mpz_cmpabs_ui(c->t, 20000) > 0)
        reject(c->in, "exponent of a point beyond 20000");
    long e = mpz_get_si(c->t);
    mpz_set_ui(c->w + c->n, 1);
    mpz_mul_2exp(c->w + c->n, c->w + c->n, e > 0 ? (unsigned long)e : 0);
    for (size_t i = 0; i < flat->columns; i++) {
        mpz_ptr x = c->w + flat->column[i];
        stream_signed(c->in, x);
        mpz_mul_2exp(x, x, e < 0 ? (unsigned long)-e : 0);
    }
    for (size_t i = 0; i <= flat->columns; i++)
        mpz_mul(c->v + flat->column[i], flat->den, c->w + flat->column[i]);
    for (size_t r = 0; r < flat->rows; r++) {
        mpz_ptr x = c->v + flat->pivot[r];
        mpz_set_ui(x, 0);
        for (size_t i = 0; i <= flat->columns; i++)
            mpz_addmul(x, flat->t + r * (c->n + 1) + flat->column[i], c->w + flat->column[i]);
    }
    for (size_t i = 0; i < c->paths; i++)
        if (sign_at(c, row_of(c, c->path[i])) != (c->state[c->path[i]] == ON ? 1 : -1))
            reject(c->in, "the point is on the wrong side of unit %zu", c->path[i]);
    for (size_t i = 0; i < c->faces; i++) {
        mpq_t *bound = c->net->bound + 2 * c->kept[i / 2] + i % 2;
        mpz_mul(c->t, c->v + i / 2, mpq_denref(*bound));
        mpz_submul(c->t, c->v + c->n, mpq_numref(*bound));
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
    const layer *l = &c->layer[c->now];
    size_t dimension = c->flat[c->flats].columns, lines = 0, sides = c->paths + c->faces;
    if (kind != 0 || (dimension > 2 && sides > 0))
        reject(c->in, "COUNT of unknown kind, or of a cell with inequalities in dimension %zu",
               dimension);
    for (size_t u = l->first; u < l->first + l->map->width; u++)
        if (c->state[u] == PENDING)
            gather(c, u, counter_line(c->counter, dimension, lines++));
    for (size_t i = 0; i < sides; i++) {
        size_t entry = i < c->paths ? c->path[i] : c->units + i - c->paths;
        mpz_ptr side = counter_side(c->counter, dimension, i);
        gather(c, entry, side);
        for (size_t j = 0; i < c->paths && c->state[entry] == OFF && j <= dimension; j++)
            mpz_neg(side + j, side + j);
    }
    uint64_t regions = counter_regions(c->counter, dimension, lines, sides, c->one);
    if (regions == 0)
        reject(c->in, "COUNT of a cell that is empty, or not shown to be non-empty");
    mpz_add_ui(c->total, c->total, regions);
}

/* After a LEAF or COUNT: on to the next cell of the tree. False if there is none. */
static bool ascend(checker *c)
{
    while (c->depth > 0) {
        open_node *top = &c->open[c->depth - 1];
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
        c->depth--;
        if (top->kind == CROSS) {
            c->flats--;
            decide(c, top->unit, GONE);
            c->crossed = true;
            return true;
        }
    }
    return false;
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
    c->n = stream_number(c->in);
    if (c->n > net->inputs)
        reject(c->in, "more inputs are kept than there are");
    bool *kept = allocate(net->inputs, sizeof *kept);
    c->kept = resize(NULL, c->n, sizeof *c->kept);
    uint64_t next = 0;
    for (size_t j = 0; j < c->n; j++) {
        c->kept[j] = stream_entry(c->in, &next, net->inputs, 0);
        kept[c->kept[j]] = true;
    }
    if (c->n < net->inputs && !network_spanned(net, kept))
        reject(c->in, "the inputs that are not kept make a difference");
    free(kept);
}

/* Layers, the first one with its rows, and room for a path of the tree. */
static void prepare(checker *c)
{
    const network *net = c->net;
    size_t n = c->n, slots = ((size_t)1 << 18) / ((n + 1) * (n + 1));
    c->layer = resize(NULL, net->layers, sizeof *c->layer);
    for (size_t i = 0; i < net->layers; i++) {
        layer *l = &c->layer[i];
        const affine *map = &net->layer[i];
        *l = (layer){.map = map, .first = c->units, .below = never};
        mpz_init_set(l->scale, map->den);
        if (i > 0)
            mpz_mul(l->scale, l->scale, (l - 1)->scale);
        l->on = allocate(map->inputs, 1);
        l->row = integers(NULL, 0, map->width * (n + 1));
        for (size_t u = 0; i == 0 && u < map->width; u++)
            for (size_t j = 0; j <= n; j++)
                mpz_set(l->row + u * (n + 1) + j,
                        map->num + u * (map->inputs + 1) + (j < n ? c->kept[j] : map->inputs));
        c->home = resize(c->home, c->units + map->width, sizeof *c->home);
        for (size_t u = 0; u < map->width; u++)
            c->home[c->units++] = i;
    }
    c->faces = net->box ? 2 * n : 0;
    c->state = resize(NULL, c->units, 1);
    memset(c->state, PENDING, c->units);
    c->trail = resize(NULL, c->units, sizeof *c->trail);
    c->path = resize(NULL, c->units, sizeof *c->path);
    c->open = resize(NULL, c->units + 1, sizeof *c->open);
    c->flat = allocate(n + 1, sizeof *c->flat);
    c->flat_version = resize(NULL, n + 1, sizeof *c->flat_version);
    c->flat_version[0] = 0;
    solved_start(&c->flat[0], n);
    c->slots = slots > 8192 ? 8192 : slots > 0 ? slots : 1;
    c->cache = resize(NULL, c->slots, sizeof *c->cache);
    for (size_t i = 0; i < c->slots; i++)
        c->cache[i] = (support){.version = never};
    c->entry = resize(NULL, n, sizeof *c->entry);
    c->face = integers(NULL, 0, n + 1);
    c->v = integers(NULL, 0, n + 1);
    c->w = integers(NULL, 0, n + 1);
    c->x = integers(NULL, 0, n + 1);
    c->counter = counter_new(n);
}

/* The tree: every node, to the end of the file. */
static void check_tree(checker *c)
{
    if (c->net->layers > 0)
        enter(c, 0);
    for (bool more = true; more;) {
        stream_mark(c->in);
        uint64_t word = stream_number(c->in), k = word >> 3;
        unsigned tag = word & 7;
        if (tag == SPLIT)
            split(c, k);
        else if (tag == FORCE)
            force(c, k);
        else if (tag == CROSS)
            cross(c, k);
        else if (tag == SAME)
            same(c, k);
        else if (tag == LEAF)
            leaf(c, k);
        else if (tag == COUNT)
            count(c, k);
        else
            reject(c->in, "node of unknown kind %u", tag);
        c->nodes[tag]++;
        if (tag == LEAF || tag == COUNT)
            more = ascend(c);
    }
    stream_mark(c->in);
    if (!stream_ends(c->in))
        reject(c->in, "bytes after the last node");
    if (mpz_cmp(c->total, c->claim))
        reject(c->in, "the tree has %s regions, the claim is %s", mpz_get_str(NULL, 10, c->total),
               mpz_get_str(NULL, 10, c->claim));
}

static void *gmp_allocate(size_t size)
{
    return resize(NULL, size, 1);
}

static void *gmp_reallocate(void *old, size_t old_size, size_t size)
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
    char network_hex[65], domain_hex[65];
    gmp_printf("{\"verified\": true, \"regions\": %Zd, \"network\": \"%s\", \"domain\": \"%s\", "
               "\"mode\": \"exact\", \"nodes\": {\"split\": %llu, \"force\": %llu, "
               "\"cross\": %llu, \"same\": %llu, \"leaf\": %llu, \"count\": %llu}, "
               "\"bytes\": %llu, \"seconds\": %.6g}\n",
               c->total, hex(c->net->digest, network_hex), hex(c->net->domain, domain_hex),
               c->nodes[SPLIT], c->nodes[FORCE], c->nodes[CROSS], c->nodes[SAME], c->nodes[LEAF],
               c->nodes[COUNT], (unsigned long long)stream_mark(c->in), seconds);
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
    "Checks, in exact integers, a certificate that the network has R linear regions in R^n, or in\n"
    "the box. The certificate may be compressed with zstd.\n\n"
    "  --box LO:HI[,...]  the domain: one interval for all inputs, or one for each, exact numbers\n"
    "  --json             print one JSON object\n"
    "  --dump             print the certificate as text; this checks nothing\n"
    "  --help, --version\n\n"
    "Prints \"VERIFIED R regions\" and exits with status 0 only if the certificate proves it.\n"
    "Status 1: the certificate is rejected; 2: it could not be checked.\n";

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
    static checker check; /* static, so that what it holds is not lost at the end */
    static network net;
    int status = 2;
    double begin = now();
    mp_set_memory_functions(gmp_allocate, gmp_reallocate, gmp_release);
    options o = read_options(argc, argv);
    check.net = &net;
    mpz_inits(check.total, check.claim, check.t, NULL);
    mpz_init_set_ui(check.one, 1);
    if (!o.dump) {
        network_read(&net, argv[optind]);
        network_domain(&net, o.box);
    }
    check.in = stream_open(argv[argc - 1], o.json);
    if (o.dump) {
        dump(check.in);
        return fflush(stdout) ? 2 : 0; /* no verdict */
    }
    read_head(&check);
    prepare(&check);
    check_tree(&check);
    if (o.json)
        print_json(&check, now() - begin);
    else
        gmp_printf("VERIFIED %Zd regions\n", check.total);
    if (fflush(stdout) == 0 && !ferror(stdout))
        status = 0;
    else
        fputs("crease-check: standard output cannot be written\n", stderr);
    return status;
}
