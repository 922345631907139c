/* The numbers of open-connected and of affine regions belong to the function, not to the network:
 * random networks with every activation, and networks of relu and linear layers that compute
 * the same function and are counted by the oracle.
 *
 * Environment: CREASE_SAME_NETS how many, CREASE_SAME_SEED the first. */
#include "support/counting.h"
#include "support/nets.h"
#include "support/support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCKS = 6, MOST_INPUTS = 2, MOST_ROWS = 8, TEXT = 4096 };

typedef enum { LEAKY, ABS, CLIP, MAXOUT } kind;

/* A layer of one kind, units that carry, then a relu layer or none, and the output. */
typedef struct {
    int inputs;
    kind activation;
    long slope, low, high;
    int units, rank, carry;
    long row[MOST_ROWS][MOST_INPUTS + 1]; /* rank for each unit, then those that carry */
    int readers;                          /* rows of the next layer, relu or the output */
    bool relu;
    long next[2][MOST_ROWS + 1]; /* units, carried, bias */
} plan;

static plan draw(uint64_t *state)
{
    plan p = {.inputs = (int)nets_between(state, 1, MOST_INPUTS),
              .activation = (kind)nets_between(state, LEAKY, MAXOUT),
              .slope = nets_between(state, -1, 2),
              .low = nets_between(state, -2, 0),
              .units = (int)nets_between(state, 1, 2),
              .rank = 1,
              .carry = (int)nets_between(state, 0, 1),
              .relu = nets_between(state, 0, 1)};
    p.high = p.low + nets_between(state, 1, 3);
    p.rank = p.activation == MAXOUT ? 3 : 1;
    p.readers = p.relu ? (int)nets_between(state, 1, 2) : 1;
    for (int r = 0; r < p.units * p.rank + p.carry; r++)
        for (int j = 0; j <= p.inputs; j++)
            p.row[r][j] = nets_between(state, -2, 2);
    for (int r = 0; r < p.readers; r++)
        for (int u = 0; u <= p.units + p.carry; u++)
            p.next[r][u] = nets_between(state, -2, 2);
    return p;
}

/* ---- As it is ---- */

static void put(char *text, const char *format, long value)
{
    size_t end = strlen(text);
    snprintf(text + end, TEXT - end, format, value);
}

static void put_rows(char *text, const long *row, int rows, int stride, int columns)
{
    put(text, "{\"weight\": [", 0);
    for (int r = 0; r < rows; r++)
        for (int j = 0; j < columns; j++)
            put(text, j ? ", %ld" : r ? "], [%ld" : "[%ld", row[r * stride + j]);
    put(text, "]], \"bias\": [", 0);
    for (int r = 0; r < rows; r++)
        put(text, r ? ", %ld" : "%ld", row[r * stride + columns]);
    put(text, "], \"activation\": ", 0);
}

static char *own_text(const plan *p)
{
    char *text = oracle_need(calloc(TEXT, 1));
    put(text, "{\"input\": %ld, \"layers\": [", p->inputs);
    put_rows(text, p->row[0], p->units * p->rank + p->carry, MOST_INPUTS + 1, p->inputs);
    if (p->activation == LEAKY)
        put(text, "\"leaky_relu\", \"slope\": %ld", p->slope);
    if (p->activation == ABS)
        put(text, "\"abs\"", 0);
    if (p->activation == CLIP)
        put(text, "\"clip\", \"low\": %ld", p->low), put(text, ", \"high\": %ld", p->high);
    if (p->activation == MAXOUT)
        put(text, "\"maxout\", \"rank\": %ld", p->rank);
    put(text, ", \"carry\": %ld}, ", p->carry);
    put_rows(text, p->next[0], p->readers, MOST_ROWS + 1, p->units + p->carry);
    put(text, p->relu ? "\"relu\"}, {\"weight\": [[1" : "\"linear\"}", 0);
    for (int r = 1; p->relu && r < p->readers; r++)
        put(text, ", %ld", 1 - 3 * r);
    put(text, p->relu ? "]], \"bias\": [0], \"activation\": \"linear\"}]}" : "]}", 0);
    return text;
}

/* ---- As relu ---- */

/* A unit is a combination of relus of rows of the input, or for maxout of one relu of the second
 * layer, plus a row of the input. */
typedef struct {
    int rows;
    long row[3][MOST_INPUTS + 1]; /* of the first layer */
    long factor[3];               /* the unit reads them with, or relu does for maxout */
    long rest[MOST_INPUTS + 1];
} parts;

static void set_row(long *out, const plan *p, const long *first, long factor, const long *second,
                    long shift)
{
    for (int j = 0; j <= p->inputs; j++)
        out[j] = factor * first[j] - (second ? second[j] : 0) - (j == p->inputs ? shift : 0);
}

/* leaky_relu  relu(z) - slope relu(-z); abs: slope -1; clip  low + relu(z - low) - relu(z - high);
 * maxout      relu(relu(a - b) + relu(b - c) - relu(c - b)) + c. */
static parts split(const plan *p, int unit)
{
    const long *z = p->row[unit * p->rank], *b = p->row[unit * p->rank + 1],
               *c = b + MOST_INPUTS + 1;
    bool clip = p->activation == CLIP;
    parts s = {.rows = 2, .factor = {1, clip ? -1 : p->activation == ABS ? 1 : -p->slope}};
    if (p->activation == MAXOUT) {
        s = (parts){.rows = 3, .factor = {1, 1, -1}};
        set_row(s.row[0], p, z, 1, b, 0);
        set_row(s.row[1], p, b, 1, c, 0);
        set_row(s.row[2], p, c, 1, b, 0);
        set_row(s.rest, p, c, 1, NULL, 0);
        return s;
    }
    set_row(s.row[0], p, z, 1, NULL, clip ? p->low : 0);
    set_row(s.row[1], p, z, clip ? 1 : -1, NULL, clip ? p->high : 0);
    s.rest[p->inputs] = clip ? p->low : 0;
    return s;
}

static void set(oracle_net *net, int layer, int unit, int column, long value)
{
    mpq_set_si(*nets_at(net, layer, unit, column), value, 1);
}

/* What reader r reads apart from relus: a row of the input, by way of relu(t) - relu(-t). */
static void pass_on(oracle_net *net, const plan *p, int r, int below, int above)
{
    long row[MOST_INPUTS + 1] = {0};
    for (int u = 0; u < p->units; u++) {
        parts s = split(p, u);
        for (int j = 0; j <= p->inputs; j++)
            row[j] += p->next[r][u] * s.rest[j];
    }
    for (int c = 0; c < p->carry; c++)
        for (int j = 0; j <= p->inputs; j++)
            row[j] += p->next[r][p->units + c] * p->row[p->units * p->rank + c][j];
    row[p->inputs] += p->next[r][p->units + p->carry];
    for (int side = 0; side < 2; side++) {
        for (int j = 0; j <= p->inputs; j++)
            set(net, 0, below + side, j, side ? -row[j] : row[j]);
        set(net, 1, above + side, below + side, 1);
        set(net, 2, r, above + side, side ? -1 : 1);
    }
}

static char *relu_text(const plan *p)
{
    bool maxout = p->activation == MAXOUT;
    int rows = maxout ? 3 : 2, each = maxout ? 1 : 2, below = p->units * rows,
        above = p->units * each;
    int widths[] = {below + 2 * p->readers, above + 2 * p->readers, p->readers, 1};
    oracle_net *net = nets_new(p->inputs, widths, p->relu ? 4 : 3);
    for (int u = 0; u < p->units; u++) {
        parts s = split(p, u);
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j <= p->inputs; j++)
                set(net, 0, u * rows + i, j, s.row[i][j]);
            set(net, 1, u * each + (maxout ? 0 : i), u * rows + i, maxout ? s.factor[i] : 1);
        }
        for (int r = 0; r < p->readers; r++)
            for (int i = 0; i < each; i++)
                set(net, 2, r, u * each + i, p->next[r][u] * s.factor[i]);
    }
    for (int r = 0; r < p->readers; r++) {
        pass_on(net, p, r, below + 2 * r, above + 2 * r);
        if (p->relu)
            set(net, 3, 0, r, r ? 1 - 3 * r : 1);
    }
    char *text = nets_text(net, NULL);
    oracle_free(net);
    return text;
}

START_TEST(same_function)
{
    long total = count_setting("CREASE_SAME_NETS", 300);
    long first = count_setting("CREASE_SAME_SEED", 1);
    for (long i = _i; i < total; i += BLOCKS) {
        uint64_t state = (uint64_t)(first + i);
        plan p = draw(&state);
        char *own = own_text(&p), *relu = relu_text(&p);
        const char *box = nets_between(&state, 0, 2) ? NULL : "-2:3";
        int threads = (int)nets_between(&state, 1, 2);
        oracle_classes expected = oracle_classify(relu, box);
        oracle_classes a = count_classes(own, box, threads), b = count_classes(relu, box, threads);
        ck_assert_msg(a.open_connected == expected.open_connected && a.affine == expected.affine &&
                          b.open_connected == expected.open_connected &&
                          b.affine == expected.affine && b.activation == expected.activation,
                      "seed %ld, box %s: %ld %ld and %ld %ld, the oracle %ld %ld\n%s\n%s",
                      first + i, box ? box : "none", a.open_connected, a.affine, b.open_connected,
                      b.affine, expected.open_connected, expected.affine, own, relu);
        free(own);
        free(relu);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("same function");
    TCase *tcase = support_case(suite, "same function", 600);
    tcase_add_loop_test(tcase, same_function, 0, BLOCKS);
    return support_run(suite);
}
