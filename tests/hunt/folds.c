/* Networks whose layers map many cells onto one image: what --merge and LIKE are for. */
#include "kinds.h"

enum { MOST_SIGNALS = 3, MOST_FOLDS = 3 };

/* What a layer tells the next one: signal i is the sum over k < each of weight[k] times unit
 * each i + k. */
typedef struct {
    int count, each;
    long weight[2];
} signals;

typedef enum {
    FOLD_PAIRS,    /* max(f, 0) and max(-f, 0), of which the sum is passed on */
    FOLD_ABSOLUTE, /* |f| */
    FOLD_PIECES,   /* max(f, -f) */
    FOLD_TOOTH,    /* 2 s - 4 max(s - 1/2, 0) of a signal s, which maps [0, 1] onto itself */
    FOLD_NONE,     /* max(f, 0) with weights of two bits */
    FOLD_KINDS
} fold;

/* Row r becomes factor times the sum of w[i] times signal i, plus the bias over two. */
static void set_row(const oracle_net *net, int l, int r, const signals *from, const long *w,
                    long factor, long bias)
{
    for (int i = 0; i < from->count; i++)
        for (int k = 0; k < from->each; k++)
            mpq_set_si(*nets_at(net, l, r, i * from->each + k), factor * w[i] * from->weight[k], 1);
    mpq_t *last = nets_at(net, l, r, net->layer[l].fan);
    mpq_set_si(*last, factor * bias, 2);
    mpq_canonicalize(*last);
}

/* Units 2 u and 2 u + 1, or unit u, of the layer. */
static void set_fold(const oracle_net *net, int l, fold kind, int u, const signals *from,
                     uint64_t *state)
{
    long w[MOST_SIGNALS], bias = nets_between(state, 0, 2) ? 0 : nets_between(state, -2, 2);
    for (int i = 0; i < from->count; i++)
        w[i] = kind == FOLD_TOOTH ? i == u % from->count : nets_between(state, -1, 1);
    switch (kind) {
    case FOLD_PAIRS:
    case FOLD_PIECES:
        set_row(net, l, 2 * u, from, w, 1, bias);
        set_row(net, l, 2 * u + 1, from, w, -1, bias);
        break;
    case FOLD_TOOTH:
        set_row(net, l, 2 * u, from, w, 1, 0);
        set_row(net, l, 2 * u + 1, from, w, 1, -1);
        break;
    default: set_row(net, l, u, from, w, 1, bias);
    }
}

/* Shapes layer l, and says what it passes on. */
static signals shape(oracle_net *net, int l, fold kind, const signals *from, int count)
{
    signals to = {count, 1, {1, 0}};
    int fan = from->count * from->each;
    switch (kind) {
    case FOLD_PAIRS:
        to = (signals){count, 2, {1, 1}};
        oracle_shape(&net->layer[l], fan, ORACLE_RELU, 1, 2 * count, 0);
        break;
    case FOLD_TOOTH:
        to = (signals){count, 2, {2, -4}};
        oracle_shape(&net->layer[l], fan, ORACLE_RELU, 1, 2 * count, 0);
        break;
    case FOLD_ABSOLUTE: oracle_shape(&net->layer[l], fan, ORACLE_ABS, 1, count, 0); break;
    case FOLD_PIECES: oracle_shape(&net->layer[l], fan, ORACLE_MAXOUT, 2, count, 0); break;
    default: oracle_shape(&net->layer[l], fan, ORACLE_RELU, 1, count, 0);
    }
    return to;
}

oracle_net *kinds_folds(uint64_t *state)
{
    int folds = (int)nets_between(state, 1, MOST_FOLDS), l = 0;
    int inputs = (int)nets_between(state, 1, MOST_SIGNALS);
    oracle_net *net = nets_blank(inputs, folds + 2);
    signals now = {inputs, 1, {1, 0}};
    for (; l < folds; l++) {
        fold kind = (fold)nets_between(state, 0, FOLD_KINDS - 1);
        int count = (int)nets_between(state, 1, kind == FOLD_TOOTH ? now.count : MOST_SIGNALS);
        signals next = shape(net, l, kind, &now, count);
        for (int u = 0; u < count; u++)
            set_fold(net, l, kind, u, &now, state);
        now = next;
    }
    int width = (int)nets_between(state, 2, 6);
    signals last = shape(net, l, FOLD_NONE, &now, width);
    for (int u = 0; u < width; u++)
        set_fold(net, l, FOLD_NONE, u, &now, state);
    oracle_shape(&net->layer[l + 1], width, ORACLE_LINEAR, 1, 1, 0);
    set_row(net, l + 1, 0, &last, (const long[]){1, 1, 1, 1, 1, 1}, 1, 0);
    return net;
}
