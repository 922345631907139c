/* Hard rows: exact coincidences together with rows whose error bounds are large. */
#include "kinds.h"

#include "../support/rational.h"

#include <math.h>
#include <stdlib.h>

/* ---- Numbers ---- */

static void times_power(mpq_t value, long exponent)
{
    if (exponent >= 0)
        mpq_mul_2exp(value, value, (mp_bitcnt_t)exponent);
    else
        mpq_div_2exp(value, value, (mp_bitcnt_t)-exponent);
}

void kinds_number(mpq_t value, number_style style, uint64_t *state)
{
    switch (style) {
    case NUMBER_WHOLE: mpq_set_si(value, nets_between(state, -3, 3), 1); break;
    case NUMBER_TERNARY: mpq_set_si(value, nets_between(state, -1, 1), 1); break;
    case NUMBER_TENTHS: mpq_set_d(value, (double)nets_between(state, -9, 9) / 10); break;
    case NUMBER_SINGLE: mpq_set_d(value, (double)(float)rational_random(state)); break;
    case NUMBER_DOUBLE: mpq_set_d(value, rational_random(state)); break;
    case NUMBER_SPREAD:
        mpq_set_si(value, nets_between(state, -9, 9), 1);
        times_power(value, nets_between(state, 0, 30));
        break;
    default:
        mpq_set_si(value, nets_between(state, -9, 9), (unsigned long)nets_between(state, 1, 9));
        mpq_canonicalize(value);
    }
}

void kinds_little(mpq_t value, uint64_t *state)
{
    /* Often such that floating point still has a few bits of it. */
    static const long most[] = {12, 24, 40, 48, 50, 52, 54, 60, 110, 1074};
    long k = most[nets_between(state, 0, 9)];
    mpq_set_ui(value, 1, 1);
    times_power(value, -nets_between(state, nets_between(state, 0, 2) ? k / 2 : 1, k));
}

/* Another value than 0 that a careless program would take for a round one. */
static void factor(mpq_t value, uint64_t *state)
{
    static const char *const factors[] = {
        "3",   "1/10",  "1/7", "0.1",   "-1", "-3",   "1/3",        "-0.1",   "1e9",    "0x1p-30",
        "7/3", "-1e-9", "10",  "0.3e1", "1",  "-1/7", "-0x1p-1073", "3e-322", "1e-310", "1e290"};
    const char *text = factors[nets_between(state, 0, nets_between(state, 0, 3) ? 15 : 19)];
    size_t length = 0;
    while (text[length])
        length++;
    oracle_rational(value, text, length);
    if (nets_between(state, 0, 1))
        mpq_set_d(value, mpq_get_d(value));
}

static void round_number(mpq_t value, bool single)
{
    double near = mpq_get_d(value);
    if (isfinite(near))
        mpq_set_d(value, single && fabs(near) < 1e38 ? (double)(float)near : near);
}

/* ---- Rows ---- */

typedef struct {
    const oracle_net *net;
    int layer, columns;
    uint64_t *state;
} place;

static mpq_t *row_of(const place *p, int row)
{
    return nets_at(p->net, p->layer, row, 0);
}

static int some_row(const place *p)
{
    return (int)nets_between(p->state, 0, p->net->layer[p->layer].rows - 1);
}

/* Row to = a x + b y. */
static void set_sum(const place *p, int to, mpq_t a, int x, mpq_t b, int y)
{
    mpq_t left, right;
    mpq_inits(left, right, NULL);
    for (int j = 0; j < p->columns; j++) {
        mpq_mul(left, a, row_of(p, x)[j]);
        mpq_mul(right, b, row_of(p, y)[j]);
        mpq_add(row_of(p, to)[j], left, right);
    }
    mpq_clears(left, right, NULL);
}

static void round_row(const place *p, int row)
{
    bool single = nets_between(p->state, 0, 1);
    for (int j = 0; j < p->columns; j++)
        round_number(row_of(p, row)[j], single);
}

static void add_little(const place *p, int to, int from, int little)
{
    mpq_t one, small;
    mpq_inits(one, small, NULL);
    mpq_set_si(one, nets_between(p->state, 0, 3) ? 1 : -1, 1);
    kinds_little(small, p->state);
    set_sum(p, to, one, from, small, little);
    if (nets_between(p->state, 0, 3) == 0) {
        factor(one, p->state);
        set_sum(p, to, one, to, small, to);
    }
    mpq_clears(one, small, NULL);
}

static void set_multiple(const place *p, int to, int from, int other)
{
    mpq_t a, b;
    mpq_inits(a, b, NULL);
    factor(a, p->state);
    if (other >= 0)
        factor(b, p->state);
    set_sum(p, to, a, from, b, other >= 0 ? other : from);
    mpq_clears(a, b, NULL);
}

static void step(const place *p, int row)
{
    mpq_t *value = &row_of(p, row)[nets_between(p->state, 0, p->columns - 1)];
    double near = mpq_get_d(*value);
    int ulps = (int)nets_between(p->state, -2, 2);
    if (isfinite(near) && isfinite(rational_step(near, ulps)))
        mpq_set_d(*value, nets_between(p->state, 0, 2) || fabs(near) > 1e38
                              ? rational_step(near, ulps)
                              : (double)rational_step_single((float)near, ulps));
}

static void extreme(const place *p, int row)
{
    static const double values[] = {5e-324, -5e-324, 0x1p-1060, 2.2e-308, 1e-300,
                                    1e300,  -1e300,  1.7e308,   1e-30,    -1e30};
    bool all = nets_between(p->state, 0, 3) == 0;
    int one = (int)nets_between(p->state, 0, p->columns - 1);
    double value = values[nets_between(p->state, 0, 9)];
    for (int j = 0; j < p->columns; j++)
        if (all)
            mpq_set_d(row_of(p, row)[j], value * (double)nets_between(p->state, -1, 1));
        else if (j == one)
            mpq_set_d(row_of(p, row)[j], value);
}

/* ---- Points ---- */

mpq_t *kinds_vertex(const oracle_net *net, uint64_t *state)
{
    size_t n = (size_t)net->input, cols = n + 1, *pivot = calloc(cols, sizeof *pivot);
    mpq_t *matrix = oracle_zeros(n * cols), *x = oracle_zeros(n);
    for (size_t i = 0; i < n; i++) {
        int row = (int)nets_between(state, 0, net->layer[0].rows - 1);
        for (size_t j = 0; j < cols; j++)
            mpq_set(matrix[i * cols + j], *nets_at(net, 0, row, (int)j));
    }
    size_t rank = rational_reduce(matrix, n, cols, pivot);
    bool meet = rank == n && pivot[n - 1] == n - 1;
    for (size_t i = 0; i < n; i++)
        if (meet)
            mpq_neg(x[i], matrix[i * cols + n]);
        else
            kinds_number(x[i], NUMBER_TENTHS, state);
    oracle_drop(matrix, n * cols);
    free(pivot);
    return x;
}

/* The outputs of the layers below `layer` at x, which is dropped; ReLU in place of other units. */
static mpq_t *value_below(const oracle_net *net, int layer, mpq_t *x)
{
    int count = net->input;
    mpq_t product;
    mpq_init(product);
    for (int l = 0; l < layer; l++) {
        const oracle_layer *at = &net->layer[l];
        mpq_t *next = oracle_zeros((size_t)at->width);
        for (int u = 0; u < at->width; u++) {
            int row = oracle_row_of(at, u);
            mpq_set(next[u], *nets_at(net, l, row, at->fan));
            for (int j = 0; j < at->fan; j++) {
                mpq_mul(product, *nets_at(net, l, row, j), x[j]);
                mpq_add(next[u], next[u], product);
            }
            if (at->kind == ORACLE_RELU && u < at->width - at->carry && mpq_sgn(next[u]) < 0)
                mpq_set_ui(next[u], 0, 1);
        }
        oracle_drop(x, (size_t)count);
        x = next;
        count = at->width;
    }
    mpq_clear(product);
    return x;
}

static void pass_through(const place *p, int row)
{
    mpq_t *x = value_below(p->net, p->layer, kinds_vertex(p->net, p->state)), product, sum;
    int fan = p->columns - 1;
    mpq_inits(product, sum, NULL);
    for (int j = 0; j < fan; j++) {
        mpq_mul(product, row_of(p, row)[j], x[j]);
        mpq_sub(sum, sum, product);
    }
    if (nets_between(p->state, 0, 2) == 0)
        round_number(sum, false);
    mpq_set(row_of(p, row)[fan], sum);
    mpq_clears(product, sum, NULL);
    oracle_drop(x, (size_t)fan);
}

/* ---- All of them ---- */

static void set_zero(const place *p, int row, int first, int last, int one_in)
{
    for (int j = first; j <= last; j++)
        if (nets_between(p->state, 1, one_in) == 1)
            mpq_set_ui(row_of(p, row)[j], 0, 1);
}

void kinds_change(oracle_net *net, int layer, row_change change, uint64_t *state)
{
    place p = {net, layer, net->layer[layer].fan + 1, state};
    if (!net->layer[layer].rows)
        return;
    /* Different ones as far as there are so many. */
    int rows = net->layer[layer].rows, to = some_row(&p);
    int f = (to + 1 + some_row(&p) / 2) % rows, a = (f + 1 + (f + 1) % rows == to) % rows;
    int other = (a + 1) % rows;
    mpq_t *power;
    switch (change) {
    case CHANGE_NEAR:
    case CHANGE_FLAT:
        add_little(&p, to, f, a);
        if (change == CHANGE_FLAT && other != to)
            add_little(&p, other, a, some_row(&p));
        break;
    case CHANGE_MULTIPLE:
    case CHANGE_ROUNDED: set_multiple(&p, to, f, -1); break;
    case CHANGE_SUM:
    case CHANGE_ROUND_SUM: set_multiple(&p, to, f, a); break;
    case CHANGE_ULP: step(&p, to); break;
    case CHANGE_SPARSE: set_zero(&p, to, 0, p.columns - 1, 2); break;
    case CHANGE_POWER: {
        long exponent = nets_between(state, 0, 3) ? nets_between(state, -60, 60)
                                                  : nets_between(state, -1000, 1000);
        for (int j = 0; j < p.columns; j++)
            times_power(row_of(&p, to)[j], exponent);
        break;
    }
    case CHANGE_EXTREME: extreme(&p, to); break;
    case CHANGE_PARALLEL:
        set_multiple(&p, to, f, -1);
        power = oracle_zeros(1);
        kinds_little(*power, state);
        mpq_add(row_of(&p, to)[p.columns - 1], row_of(&p, to)[p.columns - 1], *power);
        oracle_drop(power, 1);
        break;
    case CHANGE_THROUGH: pass_through(&p, to); break;
    case CHANGE_CENTRAL: mpq_set_ui(row_of(&p, to)[p.columns - 1], 0, 1); break;
    case CHANGE_CONSTANT: set_zero(&p, to, 0, p.columns - 2, 1); break;
    }
    if (change == CHANGE_ROUNDED || change == CHANGE_ROUND_SUM)
        round_row(&p, to);
}
