/* Cells of few units, whose hyperplanes meet at a point in the cell or beside it: what MEET is for
 * (src/check/FORMAT.md). */
#include "kinds.h"

enum { MOST_ROWS = 6 };

typedef struct {
    oracle_net *net;
    int layer, fan;
    number_style style;
    uint64_t *state;
    mpq_t *point; /* of the last values of the layer below, as many as inputs: these, or zeros */
} place;

static mpq_t *row_at(const place *p, int row)
{
    return nets_at(p->net, p->layer, row, 0);
}

/* Row to becomes itself, or 0, plus a multiple of another one. */
static void add(const place *p, int to, int from, bool keep, mpq_t factor)
{
    mpq_t part;
    mpq_init(part);
    for (int j = 0; j <= p->fan; j++) {
        mpq_mul(part, factor, row_at(p, from)[j]);
        if (keep)
            mpq_add(part, part, row_at(p, to)[j]);
        mpq_set(row_at(p, to)[j], part);
    }
    mpq_clear(part);
}

/* 2^-k with much room between k, positive or negative, or 0. */
static void draw_little(const place *p, mpq_t little)
{
    mpq_set_si(little, nets_between(p->state, -1, 1), 1);
    mpq_div_2exp(little, little,
                 (mp_bitcnt_t)nets_between(p->state, 0, nets_between(p->state, 0, 2) ? 12 : 60));
}

/* The row vanishes at the point, or beside it, where the units of its cell are 0. */
static void move_to_point(const place *p, int row)
{
    mpq_t *bias = &row_at(p, row)[p->fan], part;
    int from = p->fan > p->net->input ? p->fan - p->net->input : 0;
    mpq_init(part);
    mpq_set_ui(*bias, 0, 1);
    for (int j = from; j < p->fan; j++) {
        mpq_mul(part, row_at(p, row)[j], p->point[j - from]);
        mpq_sub(*bias, *bias, part);
    }
    draw_little(p, part);
    mpq_add(*bias, *bias, part);
    if (nets_between(p->state, 0, 2) == 0)
        mpq_set_d(*bias, mpq_get_d(*bias));
    mpq_clear(part);
}

/* A row that nearly depends on others, or is nearly one of them. */
static void lean(const place *p, int row)
{
    mpq_t factor;
    mpq_init(factor);
    mpq_set_si(factor, nets_between(p->state, 0, 1) ? 1 : -1, 1);
    draw_little(p, factor);
    add(p, row, row, false, factor);
    for (long k = nets_between(p->state, 1, 2); k > 0; k--) {
        mpq_set_si(factor, nets_between(p->state, 1, 3),
                   (unsigned long)nets_between(p->state, 1, 3));
        mpq_canonicalize(factor);
        add(p, row, (int)nets_between(p->state, 0, row - 1), true, factor);
    }
    mpq_clear(factor);
}

static void draw_rows(const place *p, int rows)
{
    for (int u = 0; u < rows; u++) {
        for (int j = 0; j <= p->fan; j++)
            kinds_number(row_at(p, u)[j], p->style, p->state);
        for (int j = 0; j < p->fan && nets_between(p->state, 0, 3) == 0; j++)
            if (nets_between(p->state, 0, 1))
                mpq_set_ui(row_at(p, u)[j], 0, 1);
        if (nets_between(p->state, 0, 3))
            move_to_point(p, u);
        if (u && nets_between(p->state, 0, 4) == 0)
            lean(p, u);
    }
}

oracle_net *kinds_meetings(uint64_t *state)
{
    static const number_style styles[] = {NUMBER_SINGLE, NUMBER_SINGLE, NUMBER_DOUBLE,
                                          NUMBER_TENTHS, NUMBER_WHOLE,  NUMBER_SPREAD};
    int inputs = (int)nets_between(state, 3, 8), layers = (int)nets_between(state, 1, 3);
    /* Without the inputs, a layer of few units has images of low dimension. */
    bool carried = nets_between(state, 0, 2) != 0;
    oracle_net *net = nets_blank(inputs, layers + 1);
    place p = {
        .net = net, .fan = inputs, .style = styles[nets_between(state, 0, 5)], .state = state};
    p.point = oracle_zeros((size_t)inputs);
    for (int j = 0; j < inputs; j++)
        kinds_number(p.point[j], nets_between(state, 0, 1) ? NUMBER_TENTHS : NUMBER_DOUBLE, state);
    for (; p.layer < layers; p.layer++) {
        bool last = p.layer + 1 == layers;
        int most = last ? inputs > 5 ? 4 : MOST_ROWS : carried ? 2 : inputs > 5 ? 4 : 5;
        int carry = last || !carried ? 0 : inputs;
        int rows = (int)nets_between(state, last ? 2 : 1, most);
        oracle_shape(&net->layer[p.layer], p.fan, ORACLE_RELU, 1, rows + carry, carry);
        draw_rows(&p, rows);
        for (int j = 0; j < carry; j++)
            mpq_set_ui(*nets_at(net, p.layer, rows + j, p.fan - inputs + j), 1, 1);
        p.fan = rows + carry;
        for (int j = 0; j < inputs && !carried; j++)
            mpq_set_ui(p.point[j], 0, 1);
    }
    oracle_shape(&net->layer[layers], p.fan, ORACLE_LINEAR, 1, 1, 0);
    for (int j = 0; j < p.fan; j++)
        mpq_set_ui(*nets_at(net, layers, 0, j), 1, 1);
    oracle_drop(p.point, (size_t)inputs);
    return net;
}
