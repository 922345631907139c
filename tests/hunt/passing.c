/* Deep networks most of whose layers do not cut most cells: rays whose signs of later layers are
 * found in one cell and used in others (crease_rays_carry_on in dd/rays.h). */
#include "kinds.h"

enum { MOST_MIDDLE = 5, POINTS = 4 };

/* The layer that is made, and some points with the values of the layer below, which its hyperplanes
 * pass near by or far from. */
typedef struct {
    oracle_net *net;
    int layer, fan;
    number_style style;
    uint64_t *state;
    mpq_t *value[POINTS];
} place;

static mpq_t *row_at(const place *p, int row)
{
    return nets_at(p->net, p->layer, row, 0);
}

static void row_value(const place *p, int row, const mpq_t *x, mpq_t sum)
{
    mpq_t product;
    mpq_init(product);
    mpq_set(sum, row_at(p, row)[p->fan]);
    for (int j = 0; j < p->fan; j++)
        if (mpq_sgn(row_at(p, row)[j])) {
            mpq_mul(product, row_at(p, row)[j], x[j]);
            mpq_add(sum, sum, product);
        }
    mpq_clear(product);
}

static void take_points(place *p)
{
    for (int i = 0; i < POINTS; i++) {
        p->value[i] = oracle_zeros((size_t)p->fan);
        for (int j = 0; j < p->fan; j++)
            kinds_number(p->value[i][j], NUMBER_TENTHS, p->state);
    }
}

/* The first layer's hyperplanes are there: some of the points become vertices. */
static void move_points(place *p)
{
    for (int i = 0; i < POINTS; i += 2) {
        oracle_drop(p->value[i], (size_t)p->net->input);
        p->value[i] = kinds_vertex(p->net, p->state);
    }
}

static void drop_points(place *p)
{
    for (int i = 0; i < POINTS; i++)
        oracle_drop(p->value[i], (size_t)p->fan);
}

/* The value of a unit, as near as hard networks need it: clips and leaks are passed on. */
static void unit_value(const place *p, const oracle_layer *layer, int unit, const mpq_t *x,
                       mpq_t value)
{
    int row = oracle_row_of(layer, unit);
    bool passed = unit >= layer->width - layer->carry;
    mpq_t other;
    mpq_init(other);
    row_value(p, row, x, value);
    for (int k = 1; k < layer->rank && !passed; k++) {
        row_value(p, row + k, x, other);
        if (mpq_cmp(other, value) > 0)
            mpq_set(value, other);
    }
    if (!passed && layer->kind == ORACLE_ABS)
        mpq_abs(value, value);
    if (!passed && layer->kind == ORACLE_RELU && mpq_sgn(value) < 0)
        mpq_set_ui(value, 0, 1);
    mpq_clear(other);
}

static void next_points(place *p)
{
    const oracle_layer *layer = &p->net->layer[p->layer];
    for (int i = 0; i < POINTS; i++) {
        mpq_t *next = oracle_zeros((size_t)layer->width);
        for (int u = 0; u < layer->width; u++)
            unit_value(p, layer, u, (const mpq_t *)p->value[i], next[u]);
        oracle_drop(p->value[i], (size_t)p->fan);
        p->value[i] = next;
    }
    p->fan = layer->width;
    p->layer++;
}

/* A row of a few weights, more of them of the first units, which carry signals; sign: of all
 * weights, or 0. */
static void draw_row(const place *p, int row, int signals, int sign)
{
    for (long k = nets_between(p->state, 2, 4); k > 0; k--) {
        int most = nets_between(p->state, 0, 3) ? signals : p->fan;
        mpq_t *weight = &row_at(p, row)[nets_between(p->state, 0, most - 1)];
        kinds_number(*weight, p->style, p->state);
        if (!mpq_sgn(*weight))
            mpq_set_si(*weight, nets_between(p->state, 0, 1) ? 1 : -1, 1);
        if (mpq_sgn(*weight) * sign < 0)
            mpq_neg(*weight, *weight);
    }
}

/* The unit vanishes at a point, or beside it by little or by much, where it has the sign. */
static void set_bias(const place *p, int row, bool far, int sign)
{
    mpq_t *bias = &row_at(p, row)[p->fan], part;
    mpq_init(part);
    mpq_set_ui(*bias, 0, 1);
    row_value(p, row, (const mpq_t *)p->value[nets_between(p->state, 0, POINTS - 1)], part);
    mpq_neg(*bias, part);
    if (far) {
        mpq_set_si(part, nets_between(p->state, 3, 9), 1);
        mpq_mul_2exp(part, part, (mp_bitcnt_t)nets_between(p->state, 0, 12));
    } else if (nets_between(p->state, 0, 1)) {
        kinds_little(part, p->state);
    } else {
        mpq_set_ui(part, 0, 1);
    }
    if (sign < 0)
        mpq_neg(part, part);
    mpq_add(*bias, *bias, part);
    mpq_clear(part);
}

static oracle_kind draw_kind(uint64_t *state)
{
    static const oracle_kind others[] = {ORACLE_LEAKY, ORACLE_ABS, ORACLE_CLIP, ORACLE_MAXOUT,
                                         ORACLE_LINEAR};
    return nets_between(state, 0, 4) ? ORACLE_RELU : others[nets_between(state, 0, 4)];
}

static void set_parameters(oracle_layer *layer)
{
    mpq_set_si(layer->parameter[0], layer->kind == ORACLE_LEAKY ? 1 : 0, 8);
    mpq_set_si(layer->parameter[1], 4, 1);
    mpq_canonicalize(layer->parameter[0]);
}

/* near: how many of the units may cut cells in the middle of the domain. */
static void make_layer(place *p, oracle_kind kind, int width, int signals, int near)
{
    oracle_layer *layer = &p->net->layer[p->layer];
    int before = p->layer ? (p->fan < signals ? p->fan : signals) : p->fan;
    int carry = nets_between(p->state, 0, 5) ? 0 : (int)nets_between(p->state, 1, 2);
    oracle_shape(layer, p->fan, kind, kind == ORACLE_MAXOUT ? (int)nets_between(p->state, 2, 3) : 1,
                 width + (kind == ORACLE_LINEAR ? 0 : carry), kind == ORACLE_LINEAR ? 0 : carry);
    set_parameters(layer);
    for (int r = 0; r < layer->rows; r++) {
        int unit = r / layer->rank, sign = nets_between(p->state, 0, 1) || unit < signals ? 1 : -1;
        bool far = unit < width - near;
        /* Of outputs that are not negative, one with weights of its sign never switches. */
        draw_row(p, r, before, far && nets_between(p->state, 0, 15) ? sign : 0);
        set_bias(p, r, far, sign);
    }
    if (!p->layer)
        move_points(p);
    next_points(p);
}

/* 64 units fill a word. */
static int wide(uint64_t *state)
{
    static const int around[] = {56, 63, 64, 65, 72, 120, 127, 128, 129, 130};
    return nets_between(state, 0, 1) ? around[nets_between(state, 0, 9)]
                                     : (int)nets_between(state, 60, 130);
}

oracle_net *kinds_passing(uint64_t *state)
{
    static const int dimensions[] = {1, 2, 2, 3, 3, 3, 4, 4, 5, 6};
    static const int units[] = {8, 5, 4, 4, 4, 4};
    int inputs = dimensions[nets_between(state, 0, 9)], signals = (int)nets_between(state, 2, 4);
    int middle = (int)nets_between(state, 1, MOST_MIDDLE);
    int wides = nets_between(state, 0, 1) ? 0 : nets_between(state, 0, 2) ? 1 : 2, cuts = 2 - wides;
    number_style style = (number_style)nets_between(state, 0, NUMBER_STYLES - 1);
    oracle_net *net = nets_blank(inputs, middle + 3);
    place p = {.net = net, .fan = inputs, .style = style, .state = state};
    take_points(&p);
    int first = (int)nets_between(state, 2, units[inputs - 1]) - wides / 2;
    make_layer(&p, ORACLE_RELU, first, signals, first);
    for (int l = 0; l < middle; l++) {
        bool much = wides && nets_between(state, 0, middle - 1) < 2;
        int near = (int)nets_between(state, 0, cuts);
        int far = much ? wide(state) : (int)nets_between(state, 3, 10);
        oracle_kind kind = draw_kind(state);
        make_layer(&p, much && nets_between(state, 0, 3) ? ORACLE_RELU : kind, near + far, signals,
                   near);
        wides -= much;
    }
    int last = (int)nets_between(state, 1, cuts + 2);
    make_layer(&p, ORACLE_RELU, wides ? wide(state) : last, signals, last);
    oracle_shape(&net->layer[p.layer], p.fan, ORACLE_LINEAR, 1, 1, 0);
    for (int j = 0; j < p.fan; j++)
        mpq_set_ui(*nets_at(net, p.layer, 0, j), 1, 1);
    drop_points(&p);
    return net;
}
