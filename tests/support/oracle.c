#include "oracle.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- The exact LP ---- */

/* A dictionary: scale * basic_i = t[i][0] + sum_j t[i][j] * free_j, all
 * variables >= 0.  Variable 0 is u; 1..n and n+1 give x_j = v_j - v_(n+1);
 * from n+2 on come the slacks.  Integer pivoting keeps every entry whole. */
typedef struct {
    int rows, columns;
    int *basic, *nonbasic; /* nonbasic[0] stands for the constant */
    mpz_t *t, scale, left, right;
} dictionary;

static mpz_t *entry(dictionary *d, int i, int j)
{
    return &d->t[i * d->columns + j];
}

static void pivot(dictionary *d, int r, int k)
{
    mpz_t p;
    mpz_init_set(p, *entry(d, r, k));
    for (int i = 0; i < d->rows; i++) {
        if (i == r)
            continue;
        for (int j = 0; j < d->columns; j++) {
            if (j == k)
                continue;
            mpz_mul(d->left, p, *entry(d, i, j));
            mpz_submul(d->left, *entry(d, i, k), *entry(d, r, j));
            mpz_divexact(*entry(d, i, j), d->left, d->scale);
        }
    }
    for (int j = 0; j < d->columns; j++)
        mpz_neg(*entry(d, r, j), *entry(d, r, j));
    mpz_set(*entry(d, r, k), d->scale);
    mpz_set(d->scale, p);
    int swap = d->basic[r];
    d->basic[r] = d->nonbasic[k];
    d->nonbasic[k] = swap;
    if (mpz_sgn(p) < 0) {
        mpz_neg(d->scale, d->scale);
        for (int i = 0; i < d->rows * d->columns; i++)
            mpz_neg(d->t[i], d->t[i]);
    }
    mpz_clear(p);
}

/* Bland: the smallest variable that lowers the variable of row u; 0 if none. */
static int entering(dictionary *d, int u)
{
    int best = 0;
    for (int j = 1; j < d->columns; j++)
        if (mpz_sgn(*entry(d, u, j)) < 0 && (!best || d->nonbasic[j] < d->nonbasic[best]))
            best = j;
    return best;
}

/* Bland: the row that first reaches 0, the smallest variable among equals. */
static int leaving(dictionary *d, int k)
{
    int best = -1;
    for (int i = 0; i < d->rows; i++) {
        if (mpz_sgn(*entry(d, i, k)) >= 0)
            continue;
        if (best >= 0) { /* compare c_i / -t_ik with c_best / -t_best,k */
            mpz_mul(d->left, *entry(d, i, 0), *entry(d, best, k));
            mpz_mul(d->right, *entry(d, best, 0), *entry(d, i, k));
            int order = mpz_cmp(d->right, d->left); /* < 0: row i is first */
            if (order > 0 || (order == 0 && d->basic[i] > d->basic[best]))
                continue;
        }
        best = i;
    }
    return best;
}

/* Minimises u = 1 - t, already basic in row `row` of a feasible dictionary. */
static bool below_one(dictionary *d, int row)
{
    for (;;) {
        if (mpz_cmp(*entry(d, row, 0), d->scale) < 0)
            return true;
        int k = entering(d, row);
        if (!k)
            return false;
        int r = leaving(d, k); /* row `row` itself bounds the step */
        pivot(d, r, k);
        if (r == row)
            return true; /* u left the basis: u = 0 */
    }
}

/* Is there x with a_i.x + b_i > 0 for all rows (a, b)?  Solves max t subject to
 * a_i.x + b_i >= t, t <= 1. */
static bool strictly_feasible(dictionary *d, mpz_t *bound, int rows, int n)
{
    int worst = -1;
    d->rows = rows;
    d->columns = n + 3;
    mpz_set_ui(d->scale, 1);
    for (int j = 1; j <= n + 1; j++)
        d->nonbasic[j] = j;
    d->nonbasic[n + 2] = 0;
    for (int i = 0; i < rows; i++) {
        mpz_t *row = bound + i * (n + 1);
        d->basic[i] = n + 2 + i;
        mpz_sub_ui(*entry(d, i, 0), row[n], 1);
        mpz_set_ui(*entry(d, i, n + 1), 0);
        for (int j = 0; j < n; j++) {
            mpz_set(*entry(d, i, j + 1), row[j]);
            mpz_sub(*entry(d, i, n + 1), *entry(d, i, n + 1), row[j]);
        }
        mpz_set_ui(*entry(d, i, n + 2), 1);
        if (mpz_sgn(*entry(d, i, 0)) < 0 &&
            (worst < 0 || mpz_cmp(*entry(d, i, 0), *entry(d, worst, 0)) < 0))
            worst = i;
    }
    if (worst < 0)
        return true; /* x = 0 */
    pivot(d, worst, n + 2);
    return below_one(d, worst);
}

/* ---- All patterns ---- */

typedef struct {
    const oracle_net *net;
    int n;
    int rows;     /* inequalities in force */
    mpz_t *bound; /* rows of n + 1 whole numbers: a.x + b > 0 */
    dictionary lp;
    long regions;
    void (*visit)(void *context, const oracle_region *region); /* or NULL */
    void *context;
} search;

static bool is_zero(mpq_t *row, int length)
{
    for (int j = 0; j < length; j++)
        if (mpq_sgn(row[j]))
            return false;
    return true;
}

/* Adds sign * row > 0, as whole numbers. */
static void push(search *s, mpq_t *row, int sign)
{
    mpz_t *out = s->bound + s->rows++ * (s->n + 1), common;
    mpz_init_set_ui(common, 1);
    for (int j = 0; j <= s->n; j++)
        mpz_lcm(common, common, mpq_denref(row[j]));
    if (sign < 0)
        mpz_neg(common, common);
    for (int j = 0; j <= s->n; j++) {
        mpz_divexact(out[j], common, mpq_denref(row[j]));
        mpz_mul(out[j], out[j], mpq_numref(row[j]));
    }
    mpz_set_ui(common, 0);
    for (int j = 0; j <= s->n; j++)
        mpz_gcd(common, common, out[j]);
    for (int j = 0; j <= s->n && mpz_sgn(common); j++)
        mpz_divexact(out[j], out[j], common);
    mpz_clear(common);
}

static void search_layer(search *s, int l, mpq_t *below);

/* Adds the condition that the row is positive, or that it is not; on an open set these are strict
 * inequalities unless the row is zero.  False if that cannot be. */
static bool impose(search *s, mpq_t *row, bool positive)
{
    if (is_zero(row, s->n + 1))
        return !positive;
    push(s, row, positive ? 1 : -1);
    return true;
}

/* The same of z - shift. */
static bool impose_above(search *s, mpq_t *z, const mpq_t shift, bool above)
{
    mpq_sub(z[s->n], z[s->n], shift);
    bool good = impose(s, z, above);
    mpq_add(z[s->n], z[s->n], shift);
    return good;
}

/* Piece i of the rank pieces at z is larger than those before it and no less than those behind. */
static bool impose_winner(search *s, mpq_t *z, int rank, int i)
{
    int c = s->n + 1;
    mpq_t *difference = oracle_zeros((size_t)c);
    bool good = true;
    for (int k = 0; k < rank && good; k++) {
        bool first = k < i;
        for (int j = 0; j < c; j++)
            mpq_sub(difference[j], z[(first ? i : k) * c + j], z[(first ? k : i) * c + j]);
        good = k == i || impose(s, difference, first);
    }
    oracle_drop(difference, (size_t)c);
    return good;
}

static bool impose_state(search *s, const oracle_layer *layer, mpq_t *z, int state)
{
    if (layer->kind == ORACLE_MAXOUT)
        return impose_winner(s, z, layer->rank, state);
    if (layer->kind == ORACLE_CLIP)
        return (state == 0 || impose_above(s, z, layer->parameter[state - 1], true)) &&
               (state == 2 || impose_above(s, z, layer->parameter[state], false));
    return impose(s, z, state);
}

static int states_of(const oracle_layer *layer)
{
    return layer->kind == ORACLE_MAXOUT ? layer->rank : layer->kind == ORACLE_CLIP ? 3 : 2;
}

/* What the unit passes on in the state. */
static void pass_on(const search *s, const oracle_layer *layer, mpq_t *z, int state, mpq_t *out)
{
    int c = s->n + 1;
    bool constant = layer->kind == ORACLE_CLIP && state != 1;
    for (int j = 0; j < c; j++) {
        mpq_set(out[j], layer->kind == ORACLE_MAXOUT ? z[state * c + j] : z[j]);
        if (constant || (layer->kind == ORACLE_RELU && !state))
            mpq_set_ui(out[j], 0, 1);
        if (layer->kind == ORACLE_LEAKY && !state)
            mpq_mul(out[j], out[j], layer->parameter[0]);
        if (layer->kind == ORACLE_ABS && !state)
            mpq_neg(out[j], out[j]);
    }
    if (constant)
        mpq_set(out[s->n], layer->parameter[state / 2]);
}

static void search_layer(search *s, int l, mpq_t *below);

/* z: the rows of layer l as affine maps of the input; after: what the units pass on, set up to
 * unit u. */
static void search_unit(search *s, int l, int u, mpq_t *z, mpq_t *after)
{
    const oracle_layer *layer = &s->net->layer[l];
    int c = s->n + 1;
    if (u == layer->width) {
        search_layer(s, l + 1, after);
        return;
    }
    mpq_t *own = z + oracle_row_of(layer, u) * c;
    if (layer->kind == ORACLE_LINEAR || u >= layer->width - layer->carry) {
        for (int j = 0; j < c; j++)
            mpq_set(after[u * c + j], own[j]);
        search_unit(s, l, u + 1, z, after);
        return;
    }
    for (int state = 0, before = s->rows; state < states_of(layer); state++, s->rows = before)
        if (impose_state(s, layer, own, state) &&
            (s->rows == before || strictly_feasible(&s->lp, s->bound, s->rows, s->n))) {
            pass_on(s, layer, own, state, after + u * c);
            search_unit(s, l, u + 1, z, after);
        }
}

static void search_layer(search *s, int l, mpq_t *below)
{
    const oracle_layer *layer = &s->net->layer[l];
    int c = s->n + 1;
    mpq_t *z = oracle_zeros((size_t)(layer->rows * c)), term;
    mpq_init(term);
    for (int r = 0; r < layer->rows; r++) {
        mpq_t *row = layer->row + r * (layer->fan + 1);
        mpq_set(z[r * c + s->n], row[layer->fan]);
        for (int i = 0; i < layer->fan; i++)
            for (int j = 0; j < c; j++) {
                mpq_mul(term, row[i], below[i * c + j]);
                mpq_add(z[r * c + j], z[r * c + j], term);
            }
    }
    mpq_clear(term);
    if (l == s->net->count - 1) {
        s->regions++;
        if (s->visit)
            s->visit(s->context, &(oracle_region){s->n, s->rows, layer->rows, s->bound, z});
    } else {
        mpq_t *after = oracle_zeros((size_t)(layer->width * c));
        search_unit(s, l, 0, z, after);
        oracle_drop(after, (size_t)(layer->width * c));
    }
    oracle_drop(z, (size_t)(layer->rows * c));
}

/* The inequalities lo < x_j < hi. */
static void push_box(search *s, const char *box)
{
    mpq_t *row = oracle_zeros((size_t)s->n + 1);
    const char *item = box;
    for (int j = 0; j < s->n; j++) {
        const char *colon = strchr(item, ':'), *end = item + strcspn(item, ",");
        if (!colon || colon > end)
            oracle_refuse("box", item);
        for (int side = 1; side >= -1; side -= 2) {
            const char *from = side > 0 ? item : colon + 1, *to = side > 0 ? colon : end;
            if (!oracle_rational(row[s->n], from, (size_t)(to - from)))
                oracle_refuse("box", item);
            mpq_neg(row[s->n], row[s->n]);
            mpq_set_si(row[j], 1, 1);
            push(s, row, side);
        }
        mpq_set_ui(row[j], 0, 1);
        if (*end)
            item = end + 1;
    }
    oracle_drop(row, (size_t)s->n + 1);
}

mpz_t *oracle_whole_zeros(int count)
{
    mpz_t *values = oracle_need(malloc((size_t)(count + 1) * sizeof *values));
    for (int i = 0; i < count; i++)
        mpz_init(values[i]);
    return values;
}

void oracle_drop_whole(mpz_t *values, int count)
{
    for (int i = 0; i < count; i++)
        mpz_clear(values[i]);
    free(values);
}

static void open_lp(dictionary *lp, int rows, int n)
{
    lp->t = oracle_whole_zeros(rows * (n + 3));
    lp->basic = oracle_need(calloc((size_t)rows + 1, sizeof *lp->basic));
    lp->nonbasic = oracle_need(calloc((size_t)n + 3, sizeof *lp->nonbasic));
    mpz_inits(lp->scale, lp->left, lp->right, NULL);
}

static void close_lp(dictionary *lp, int rows, int n)
{
    oracle_drop_whole(lp->t, rows * (n + 3));
    free(lp->basic);
    free(lp->nonbasic);
    mpz_clears(lp->scale, lp->left, lp->right, NULL);
}

bool oracle_feasible(mpz_t *row, int rows, int n)
{
    dictionary lp;
    open_lp(&lp, rows, n);
    bool feasible = strictly_feasible(&lp, row, rows, n);
    close_lp(&lp, rows, n);
    return feasible;
}

long oracle_count(const char *json, const char *box)
{
    return oracle_regions(json, box, NULL, NULL);
}

long oracle_regions(const char *json, const char *box,
                    void (*visit)(void *context, const oracle_region *region), void *context)
{
    oracle_net *net = oracle_read(json);
    int n = net->input, sides = 0;
    mpq_t *side = box && *box == '{' ? oracle_domain(box, n, &sides) : NULL;
    int rows = side ? sides : 2 * n;
    search s = {.net = net, .n = n, .visit = visit, .context = context};
    for (int l = 0; l < net->count; l++)
        rows += 2 * net->layer[l].rows; /* two of a clip, less than the rank of maxout */
    s.bound = oracle_whole_zeros(rows * (n + 1));
    open_lp(&s.lp, rows, n);
    if (box && !side)
        push_box(&s, box);
    for (int i = 0; i < sides; i++)
        push(&s, side + i * (n + 1), 1);

    mpq_t *input = oracle_zeros((size_t)(n * (n + 1)));
    for (int j = 0; j < n; j++)
        mpq_set_ui(input[j * (n + 1) + j], 1, 1);
    if (!side || strictly_feasible(&s.lp, s.bound, s.rows, n))
        search_layer(&s, 0, input);

    if (side)
        oracle_drop(side, (size_t)(sides * (n + 1)));
    oracle_drop(input, (size_t)(n * (n + 1)));
    oracle_drop_whole(s.bound, rows * (n + 1));
    close_lp(&s.lp, rows, n);
    oracle_free(net);
    return s.regions;
}
