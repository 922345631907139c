/* Networks that are almost degenerate, up to a few units in the last place, against the oracle:
 * hyperplanes through one point, duplicates and parallels with one number moved by 0 to 2
 * ulps of binary64 or binary32, second-layer units whose zeros pass by a vertex of the
 * layer below, faces of the box next to hyperplanes and vertices.
 *
 * Environment: CREASE_NEAR_NETS how many, CREASE_NEAR_SEED the first. */
#include "support/counting.h"
#include "support/nets.h"
#include "support/oracle.h"
#include "support/rational.h"
#include "support/support.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCKS = 20, MOST_INPUTS = 4, BOX_TEXT = 512 };

typedef enum { SINGLE, DOUBLE, TENTHS, WHOLE, STYLES } style;

typedef struct {
    uint64_t state;
    style numbers;
    int inputs;
    double point[MOST_INPUTS]; /* where the first layer's hyperplanes nearly meet */
    oracle_net *net;
    char box[BOX_TEXT];
    bool boxed;
} near;

static long between(near *n, long low, long high)
{
    return nets_between(&n->state, low, high);
}

/* ---- Numbers ---- */

static double draw(near *n)
{
    switch (n->numbers) {
    case SINGLE: return (double)(float)(2 * rational_random(&n->state));
    case DOUBLE: return 2 * rational_random(&n->state);
    case TENTHS: return (double)between(n, -9, 9) / 10;
    default: return (double)between(n, -2, 2);
    }
}

static double round_to_style(const near *n, double x)
{
    return n->numbers == SINGLE ? (double)(float)x : x;
}

/* By 0, 1 or 2 ulps up or down, most often not at all. */
static double nudge(near *n, double x)
{
    int ulps = between(n, 0, 1) ? 0 : (int)between(n, -2, 2);
    return n->numbers == SINGLE ? (double)rational_step_single((float)x, ulps)
                                : rational_step(x, ulps);
}

static void set(near *n, int layer, int unit, int column, double x)
{
    mpq_set_d(*nets_at(n->net, layer, unit, column), x);
}

static double get(const near *n, int layer, int unit, int column)
{
    return mpq_get_d(*nets_at(n->net, layer, unit, column));
}

/* ---- First layer ---- */

static void through_point(near *n, int unit)
{
    double sum = 0;
    for (int j = 0; j < n->inputs; j++) {
        double x = draw(n);
        set(n, 0, unit, j, x);
        sum += x * n->point[j];
    }
    set(n, 0, unit, n->inputs, nudge(n, round_to_style(n, -sum)));
}

static void copy(near *n, int unit, int from)
{
    static const double factors[] = {1, 1, -1, 0.1, 3, -7, 1.0 / 3, 0x1p-30, 1e9};
    double factor = factors[between(n, 0, 8)];
    for (int j = 0; j <= n->inputs; j++)
        set(n, 0, unit, j, round_to_style(n, factor * get(n, 0, from, j)));
    int j = (int)between(n, 0, n->inputs);
    set(n, 0, unit, j, nudge(n, get(n, 0, unit, j)));
}

/* A combination of the rows before it, rounded: nearly dependent in all columns. */
static void combine(near *n, int unit)
{
    double a = draw(n), b = draw(n);
    int first = (int)between(n, 0, unit - 1), second = (int)between(n, 0, unit - 1);
    for (int j = 0; j <= n->inputs; j++)
        set(n, 0, unit, j,
            nudge(n, round_to_style(n, a * get(n, 0, first, j) + b * get(n, 0, second, j))));
}

static void along_axis(near *n, int unit, int axis, double at)
{
    for (int j = 0; j < n->inputs; j++)
        set(n, 0, unit, j, j == axis);
    set(n, 0, unit, n->inputs, nudge(n, -at));
}

static void first_layer(near *n, int width)
{
    for (int u = 0; u < width; u++) {
        long kind = between(n, 0, 9);
        if (u >= 1 && kind < 2)
            copy(n, u, (int)between(n, 0, u - 1));
        else if (u >= 2 && kind < 4)
            combine(n, u);
        else if (kind == 4)
            along_axis(n, u, (int)between(n, 0, n->inputs - 1), n->point[0]);
        else
            through_point(n, u);
    }
}

/* ---- Layers above ---- */

/* A vertex of the first layer: where `inputs` of its hyperplanes meet, if they are
 * independent; otherwise the point. */
static mpq_t *vertex(near *n)
{
    size_t d = (size_t)n->inputs, cols = d + 1, pivot[MOST_INPUTS + 1];
    int width = n->net->layer[0].width;
    mpq_t *matrix = oracle_zeros(d * cols), *x = oracle_zeros(d);
    int first = (int)between(n, 0, width - 1);
    for (size_t i = 0; i < d; i++)
        for (size_t j = 0; j < cols; j++)
            mpq_set(matrix[i * cols + j], *nets_at(n->net, 0, (first + (int)i) % width, (int)j));
    bool regular =
        (int)d <= width && rational_reduce(matrix, d, cols, pivot) == d && pivot[d - 1] == d - 1;
    for (size_t i = 0; i < d; i++)
        if (regular)
            mpq_neg(x[i], matrix[i * cols + d]);
        else
            mpq_set_d(x[i], n->point[i]);
    oracle_drop(matrix, d * cols);
    return x;
}

/* Weights at random and a bias that makes the unit vanish next to a vertex. */
static void upper_unit(near *n, int layer, int unit)
{
    mpq_t *value = vertex(n), product;
    size_t count = (size_t)n->inputs;
    mpq_init(product);
    for (int l = 0; l <= layer; l++) {
        const oracle_layer *at = &n->net->layer[l];
        mpq_t *next = oracle_zeros((size_t)at->width);
        for (int u = 0; u < at->width; u++) {
            for (int j = 0; j < at->fan; j++) {
                mpq_mul(product, *nets_at(n->net, l, u, j), value[j]);
                mpq_add(next[u], next[u], product);
            }
            if (l < layer)
                mpq_add(next[u], next[u], *nets_at(n->net, l, u, at->fan));
            if (l < layer && mpq_sgn(next[u]) < 0)
                mpq_set_ui(next[u], 0, 1);
        }
        oracle_drop(value, count);
        value = next;
        count = (size_t)at->width;
    }
    double bias = round_to_style(n, -mpq_get_d(value[unit]));
    set(n, layer, unit, n->net->layer[layer].fan, isfinite(bias) ? nudge(n, bias) : 0);
    oracle_drop(value, count);
    mpq_clear(product);
}

static void upper_layer(near *n, int layer)
{
    const oracle_layer *at = &n->net->layer[layer];
    for (int u = 0; u < at->width; u++) {
        int same = u && between(n, 0, 3) == 0;
        for (int j = 0; j < at->fan; j++)
            set(n, layer, u, j, same ? nudge(n, get(n, layer, u - 1, j)) : draw(n));
        if (same)
            set(n, layer, u, at->fan, nudge(n, get(n, layer, u - 1, at->fan)));
        else
            upper_unit(n, layer, u);
    }
}

/* ---- Boxes ---- */

/* A face at the point, at a root of a unit along the axis, or at a small number. */
static double face(near *n, int axis)
{
    const oracle_layer *first = &n->net->layer[0];
    int u = (int)between(n, 0, first->width - 1);
    double slope = get(n, 0, u, axis), at = n->point[axis];
    if (between(n, 0, 2) == 0 && slope != 0)
        at = -get(n, 0, u, n->inputs) / slope;
    if (between(n, 0, 4) == 0)
        at = (double)between(n, -3, 3);
    return isfinite(at) ? nudge(n, at) : 0;
}

static void choose_box(near *n)
{
    static const double widths[] = {1, 0x1p-20, 0x1p-45, 1000};
    *n->box = 0;
    for (int j = 0; j < n->inputs; j++) {
        double low = face(n, j), width = widths[between(n, 0, 3)];
        double high = between(n, 0, 2) ? low + width : face(n, j);
        if (!(low < high))
            high = low < 0 ? 1 : rational_step(2 * low + 1, 1);
        if (between(n, 0, 1)) {
            double other = -low;
            low = -high;
            high = other;
        }
        snprintf(n->box + strlen(n->box), BOX_TEXT - strlen(n->box), "%s%a:%a", j ? "," : "", low,
                 high);
    }
}

/* ---- Networks ---- */

/* Multiplies every unit of the hidden layers by a power of two that brings its largest number
 * between 2^low and 2^high; that changes no region. */
static void scale_rows(near *n, int low, int high)
{
    for (int l = 0; l + 1 < n->net->count; l++) {
        const oracle_layer *at = &n->net->layer[l];
        for (int u = 0; u < at->width; u++) {
            int top = -5000, exponent;
            for (int j = 0; j <= at->fan; j++)
                if (get(n, l, u, j) != 0)
                    top = (frexp(get(n, l, u, j), &exponent), exponent) > top ? exponent : top;
            int power = (int)between(n, low, high) - top;
            for (int j = 0; j <= at->fan && top > -5000; j++) {
                mpq_t *x = nets_at(n->net, l, u, j);
                if (power >= 0)
                    mpq_mul_2exp(*x, *x, (mp_bitcnt_t)power);
                else
                    mpq_div_2exp(*x, *x, (mp_bitcnt_t)-power);
            }
        }
    }
}

static near make(uint64_t seed)
{
    near n = {.state = seed};
    n.numbers = (style)between(&n, 0, STYLES - 1);
    n.inputs = (int)between(&n, 1, 3);
    for (int j = 0; j < n.inputs; j++)
        n.point[j] = between(&n, 0, 3) ? draw(&n) : 0;
    int widths[4], count = 0;
    widths[count++] = (int)between(&n, 2, n.inputs < 3 ? 6 : 5);
    if (between(&n, 0, 2))
        widths[count++] = (int)between(&n, 1, 3);
    if (count == 2 && between(&n, 0, 3) == 0)
        widths[count++] = (int)between(&n, 1, 2);
    widths[count++] = 1;
    n.net = nets_new(n.inputs, widths, count);
    first_layer(&n, widths[0]);
    for (int l = 1; l + 1 < count; l++)
        upper_layer(&n, l);
    n.boxed = between(&n, 0, 1);
    if (n.boxed)
        choose_box(&n);
    return n;
}

static void check_near(near *n, uint64_t seed)
{
    char *json = nets_text(n->net, NULL);
    const char *box = n->boxed ? n->box : NULL;
    long oracle = oracle_count(json, box);
    counting found = count_try(json, box);
    if (!found.good || found.regions != (uint64_t)oracle) {
        fprintf(stderr, "seed %llu, box %s: the oracle has %ld, crease %llu %s\n%s\n",
                (unsigned long long)seed, box ? box : "none", oracle,
                (unsigned long long)found.regions, found.why, json);
        ck_abort_msg("seed %llu disagrees with the oracle", (unsigned long long)seed);
    }
    free(json);
    oracle_free(n->net);
}

static void check_range(int block, long total, int low, int high)
{
    uint64_t first = (uint64_t)count_setting("CREASE_NEAR_SEED", 1);
    for (long i = block; i < total; i += BLOCKS) {
        near n = make(first + (uint64_t)i);
        if (low || high)
            scale_rows(&n, low, high);
        check_near(&n, first + (uint64_t)i);
    }
}

START_TEST(close_by)
{
    check_range(_i, count_setting("CREASE_NEAR_NETS", 1000), 0, 0);
}
END_TEST

/* The same with units of very different size, */
START_TEST(badly_scaled)
{
    check_range(_i, count_setting("CREASE_NEAR_NETS", 1000) / 5, -300, 300);
}
END_TEST

/* with weights below all normal doubles, */
START_TEST(tiny)
{
    check_range(_i, count_setting("CREASE_NEAR_NETS", 1000) / 10, -1060, -960);
}
END_TEST

/* and with weights that leave the range of doubles when they are added up. */
START_TEST(huge)
{
    check_range(_i, count_setting("CREASE_NEAR_NETS", 1000) / 10, 1010, 1023);
}
END_TEST

/* Which vertex far away is the least of a unit's values, a certificate has to know. */
START_TEST(far_away)
{
    uint64_t state = (uint64_t)_i;
    oracle_net *net = nets_far(&state);
    char *json = nets_text(net, NULL);
    counting found = count_some(json, NULL, 1, getenv("CREASE_CHECK"));
    ck_assert_msg(found.good, "%s\n%s", found.why, json);
    free(json);
    oracle_free(net);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("near");
    TCase *tcase = support_case(suite, "near", 3600);
    tcase_add_loop_test(tcase, close_by, 0, BLOCKS);
    tcase_add_loop_test(tcase, badly_scaled, 0, BLOCKS);
    tcase_add_loop_test(tcase, tiny, 0, BLOCKS);
    tcase_add_loop_test(tcase, huge, 0, BLOCKS);
    tcase_add_loop_test(tcase, far_away, 0, getenv("CREASE_LONG") ? 10 * BLOCKS : BLOCKS / 4);
    return support_run(suite);
}
