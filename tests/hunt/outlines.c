/* Cells of up to 11 dimensions whose last rows nearly meet in common flats: for the counts without
 * coordinates (dd/outline.h), and for the words of crease-check (check/near_flat.c). */
#include "kinds.h"

enum { MOST_LAYERS = 5, MOST_ROWS = 7 };

/* ---- Rows of the last layer ---- */

typedef struct {
    const oracle_net *net;
    int layer, columns;
    number_style style;
    uint64_t *state;
} place;

static mpq_t *row_at(const place *p, int row)
{
    return nets_at(p->net, p->layer, row, 0);
}

static void draw(const place *p, int row)
{
    for (int j = 0; j < p->columns; j++)
        kinds_number(row_at(p, row)[j], p->style, p->state);
}

/* Row to += (a / b) row from, for the columns up to last. */
static void add(const place *p, int to, int from, long a, mpq_t b, int last)
{
    mpq_t part;
    mpq_init(part);
    for (int j = 0; j <= last; j++) {
        mpq_set_si(part, a, 1);
        mpq_mul(part, part, *nets_at(p->net, p->layer, from, j));
        mpq_div(part, part, b);
        mpq_add(row_at(p, to)[j], row_at(p, to)[j], part);
    }
    mpq_clear(part);
}

static void clear(const place *p, int row)
{
    for (int j = 0; j < p->columns; j++)
        mpq_set_ui(row_at(p, row)[j], 0, 1);
}

static void round_to_doubles(const place *p, int row)
{
    for (int j = 0; j < p->columns; j++)
        mpq_set_d(row_at(p, row)[j], mpq_get_d(row_at(p, row)[j]));
}

/* A row that meets two earlier ones in one flat, or is parallel to one, exactly or but for 2^-38 to
 * 2^-56 of another row. */
static void relate(const place *p, int to)
{
    int x = (int)nets_between(p->state, 0, to - 1), y = (int)nets_between(p->state, 0, to - 1);
    int bias = p->columns - 1, other = (int)nets_between(p->state, 0, to - 1);
    mpq_t by;
    mpq_init(by);
    mpq_set_si(by, 1, (unsigned long)nets_between(p->state, 1, 3));
    clear(p, to);
    add(p, to, x, nets_between(p->state, 0, 1) ? 1 : -1, by, bias);
    mpq_set_si(by, nets_between(p->state, 1, 3), 1);
    if (x != y && nets_between(p->state, 0, 2)) {
        add(p, to, y, nets_between(p->state, 0, 1) ? 1 : -1, by, bias);
    } else {
        kinds_number(by, p->style, p->state);
        mpq_add(row_at(p, to)[bias], row_at(p, to)[bias], by);
    }
    mpq_set_ui(by, 1, 1);
    mpq_mul_2exp(by, by, (mp_bitcnt_t)nets_between(p->state, 38, 56));
    if (nets_between(p->state, 0, 1))
        add(p, to, other, nets_between(p->state, -3, 3), by, bias);
    if (nets_between(p->state, 0, 3) == 0)
        round_to_doubles(p, to);
    mpq_clear(by);
}

static void scale(const place *p, int row)
{
    long most = nets_between(p->state, 0, 2) ? 60 : 1000,
         power = nets_between(p->state, -most, most);
    for (int j = 0; j < p->columns; j++)
        if (power < 0)
            mpq_div_2exp(row_at(p, row)[j], row_at(p, row)[j], (mp_bitcnt_t)-power);
        else
            mpq_mul_2exp(row_at(p, row)[j], row_at(p, row)[j], (mp_bitcnt_t)power);
}

/* ---- Networks ---- */

static void draw_layer(const place *p, int rows)
{
    int own = p->columns > 4 ? 3 : 2;
    for (int u = 0; u < rows; u++)
        if (u < own || nets_between(p->state, 0, 3) == 0)
            draw(p, u);
        else
            relate(p, u);
    if (nets_between(p->state, 0, 3) == 0)
        for (int u = 0; u < rows; u++)
            scale(p, u);
}

/* Layers before the last one pass all inputs on beside their own units. */
oracle_net *kinds_outlines(uint64_t *state)
{
    static const int dimensions[] = {3, 3, 4, 4, 5, 5, 6, 7, 8, 9, 10, 11};
    static const number_style styles[] = {NUMBER_WHOLE,  NUMBER_WHOLE,  NUMBER_TERNARY,
                                          NUMBER_TENTHS, NUMBER_SINGLE, NUMBER_DOUBLE,
                                          NUMBER_SPREAD};
    int inputs = dimensions[nets_between(state, 0, 11)];
    int layers = (int)nets_between(state, 1, inputs > 5 ? 2 : MOST_LAYERS), fan = inputs;
    place p = {.style = styles[nets_between(state, 0, 6)], .state = state};
    oracle_net *net = nets_blank(inputs, layers + 1);
    p.net = net;
    for (; p.layer < layers; p.layer++) {
        bool last = p.layer + 1 == layers;
        int most = last ? inputs > 7 ? 4 : inputs > 4 ? 5 : MOST_ROWS : layers > 2 ? 1 : 2;
        int units = (int)nets_between(state, last ? 3 : 1, most);
        oracle_shape(&net->layer[p.layer], fan, ORACLE_RELU, 1, units + (last ? 0 : inputs),
                     last ? 0 : inputs);
        p.columns = fan + 1;
        draw_layer(&p, units);
        for (int j = 0; j < inputs && !last; j++)
            mpq_set_ui(*nets_at(net, p.layer, units + j, fan - inputs + j), 1, 1);
        fan = units + (last ? 0 : inputs);
    }
    oracle_shape(&net->layer[layers], fan, ORACLE_LINEAR, 1, 1, 0);
    for (int j = 0; j < fan; j++)
        mpq_set_ui(*nets_at(net, layers, 0, j), 1, 1);
    return net;
}

/* Folds of several inputs at once, in as many dimensions as boxes with rays have where cells with
 * one image are merged. */
oracle_net *kinds_wide_folds(uint64_t *state)
{
    int inputs = (int)nets_between(state, 7, 9), folds = (int)nets_between(state, 2, 3);
    int last = folds + (int)nets_between(state, 1, 2), middle = nets_between(state, 0, 1) ? 2 : 0;
    bool apart = nets_between(state, 0, 1); /* the folds read inputs of their own */
    oracle_net *net = nets_blank(inputs, middle ? 4 : 3);
    place p = {.net = net, .style = NUMBER_TERNARY, .state = state};
    int width[] = {folds, middle ? middle : last, last}, fan = inputs, layers = middle ? 3 : 2;
    for (; p.layer < layers; p.layer++, fan = width[p.layer - 1]) {
        bool even = p.layer + 1 < layers;
        oracle_shape(&net->layer[p.layer], fan, even ? ORACLE_ABS : ORACLE_RELU, 1, width[p.layer],
                     0);
        p.columns = fan + 1;
        for (int u = 0; u < width[p.layer]; u++) {
            draw(&p, u);
            for (int j = 0; j < fan && p.layer == 0 && apart; j++)
                if (j % folds != u)
                    mpq_set_ui(row_at(&p, u)[j], 0, 1);
            /* Folds in the middle of a box around 0, and some that are not. */
            if (even && nets_between(state, 0, 3))
                mpq_set_ui(row_at(&p, u)[fan], 0, 1);
            if (!even)
                mpq_set_si(row_at(&p, u)[fan], nets_between(state, -3, 3), 4);
            mpq_canonicalize(row_at(&p, u)[fan]);
        }
    }
    oracle_shape(&net->layer[layers], fan, ORACLE_LINEAR, 1, 1, 0);
    for (int j = 0; j < fan; j++)
        mpq_set_ui(*nets_at(net, layers, 0, j), 1, 1);
    return net;
}
