#include "bound/bound.h"

#include "base/memory.h"
#include "base/status.h"

#include <assert.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { STEPS = 1000000, NONE = USHRT_MAX };
static_assert((int)CREASE_BOUNDS_MOST < (int)NONE, "a position or NONE fits an unsigned short");

/* ---- Shapes ---- */

/* Reads numbers of a text "3x3x2/2" of this length; returns how many, 0 if it is another text. */
static size_t read_shape(const char *text, size_t length, size_t number[4])
{
    size_t count = 0;
    for (const char *at = text, *end = text + length;; at++) {
        size_t digits = strspn(at, "0123456789");
        number[count] = crease_bound_read_width(at, digits, CREASE_BOUNDS_MOST);
        if (!number[count++])
            return 0;
        at += digits;
        if (at == end)
            return count >= 3 ? count : 0;
        if (*at != (count < 3 ? 'x' : '/') || count == 4)
            return 0;
    }
}

/* The layer that these numbers make of the one before it; false: the filter is too large. */
static bool apply(const crease_bound_shape *before, const size_t number[4], size_t count,
                  crease_bound_shape *layer)
{
    size_t stride = count == 4 ? number[3] : 1;
    if (number[0] > before->rows || number[1] > before->columns)
        return false;
    *layer = (crease_bound_shape){.filter_rows = number[0],
                                  .filter_columns = number[1],
                                  .stride = stride,
                                  .rows = (before->rows - number[0]) / stride + 1,
                                  .columns = (before->columns - number[1]) / stride + 1,
                                  .channels = number[2]};
    return true;
}

static bool is_large(const crease_bound_shape *shape, size_t used)
{
    size_t most = CREASE_BOUNDS_MOST;
    return shape->rows * shape->columns > most ||
           shape->rows * shape->columns * shape->channels > most - used;
}

crease_status crease_bound_read_shapes(const char *text, crease_bound_shape *shape, size_t *count,
                                       crease_error *error)
{
    size_t units = 0;
    *count = 0;
    for (const char *at = text;; at++) {
        size_t length = strcspn(at, ","), number[4], have = read_shape(at, length, number);
        int shown = length > 60 ? 60 : (int)length;
        crease_bound_shape *own = &shape[*count];
        if (!have || (have == 4 && !*count))
            return crease_fail(error, CREASE_INPUT,
                               "widths, entry %zu: \"%.*s\" is not %s, with whole numbers from 1 "
                               "to %d",
                               *count + 1, shown, at,
                               *count ? "ROWSxCOLUMNSxCHANNELS of a filter, or that and /STRIDE"
                                      : "ROWSxCOLUMNSxCHANNELS of the input",
                               CREASE_BOUNDS_MOST);
        if (!*count)
            *own = (crease_bound_shape){
                .rows = number[0], .columns = number[1], .channels = number[2]};
        else if (!apply(own - 1, number, have, own))
            return crease_fail(error, CREASE_INPUT,
                               "widths, entry %zu: the filter \"%.*s\" is larger than its input, "
                               "%zux%zu",
                               *count + 1, shown, at, own[-1].rows, own[-1].columns);
        if (is_large(own, units))
            return crease_fail(error, CREASE_INPUT, "widths: more than %d %s", CREASE_BOUNDS_MOST,
                               *count ? "hidden units in all" : "inputs");
        units += *count ? own->rows * own->columns * own->channels : 0;
        ++*count;
        at += length;
        if (!*at)
            break;
        if (*count > CREASE_BOUNDS_MOST)
            return crease_fail(error, CREASE_INPUT, "widths: too many layers");
    }
    if (*count < 2)
        return crease_fail(error, CREASE_INPUT,
                           "widths: \"%.60s\" has no hidden layer; give the input and filters",
                           text);
    return CREASE_OK;
}

/* ---- Sets of units with their own inputs ---- */

/* Which position each input of the layer belongs to. */
typedef struct {
    const crease_bound_shape *from, *to;
    unsigned short *owner;
    bool *seen;
    size_t steps;
} matching;

static size_t window_size(const matching *m)
{
    return m->to->filter_rows * m->to->filter_columns * m->from->channels;
}

/* Input i of the window of a position. */
static size_t window_input(const matching *m, size_t position, size_t i)
{
    const crease_bound_shape *to = m->to;
    size_t channels = m->from->channels, pixel = i / channels;
    size_t row = position / to->columns * to->stride + pixel / to->filter_columns;
    size_t column = position % to->columns * to->stride + pixel % to->filter_columns;
    return (row * m->from->columns + column) * channels + i % channels;
}

/* Gives the position one more input, by an augmenting path; false: the inputs do not suffice. */
static bool extend(matching *m, size_t position)
{
    for (size_t i = 0; i < window_size(m); i++) {
        size_t input = window_input(m, position, i);
        if (m->seen[input])
            continue;
        m->seen[input] = true;
        m->steps++;
        if (m->owner[input] == NONE || extend(m, m->owner[input])) {
            m->owner[input] = (unsigned short)position;
            return true;
        }
    }
    return false;
}

static bool extend_once(matching *m, size_t position, size_t inputs)
{
    memset(m->seen, 0, inputs * sizeof *m->seen);
    return extend(m, position);
}

/* Adds to sum the products of C(d, t) over the numbers t that positions from this one on may have.
 * False: too many. */
static bool add_choices(matching *m, size_t position, size_t inputs, const mpz_t product, mpz_t sum)
{
    if (position == m->to->rows * m->to->columns) {
        mpz_add(sum, sum, product);
        return ++m->steps <= STEPS;
    }
    unsigned short *kept = crease_alloc(inputs, sizeof *kept);
    mpz_t term;
    mpz_init(term);
    bool done = true;
    for (size_t t = 0; done && t <= m->to->channels; t++) {
        if (t && !extend_once(m, position, inputs))
            break;
        mpz_bin_uiui(term, m->to->channels, t);
        mpz_mul(term, term, product);
        memcpy(kept, m->owner, inputs * sizeof *kept);
        done = add_choices(m, position + 1, inputs, term, sum) && m->steps <= STEPS;
        memcpy(m->owner, kept, inputs * sizeof *kept);
    }
    free(kept);
    mpz_clear(term);
    return done;
}

static bool all_fit(matching *m, size_t inputs)
{
    for (size_t p = 0; p < m->to->rows * m->to->columns; p++)
        for (size_t t = 0; t < m->to->channels; t++)
            if (!extend_once(m, p, inputs))
                return false;
    return true;
}

bool crease_bound_windows(mpz_t sum, const crease_bound_shape *from, const crease_bound_shape *to)
{
    size_t inputs = from->rows * from->columns * from->channels, positions = to->rows * to->columns;
    matching m = {from, to, crease_alloc(inputs, sizeof *m.owner),
                  crease_alloc(inputs, sizeof *m.seen), 0};
    memset(m.owner, 0xff, inputs * sizeof *m.owner);
    bool done = true;
    mpz_set_ui(sum, 0);
    if (to->stride >= to->filter_rows && to->stride >= to->filter_columns) { /* they share none */
        crease_bound_sum(sum, to->channels, window_size(&m), 1);
        mpz_pow_ui(sum, sum, positions);
    } else if (all_fit(&m, inputs)) {
        mpz_ui_pow_ui(sum, 2, positions * to->channels);
    } else {
        mpz_t one;
        mpz_init_set_ui(one, 1);
        m.steps = 0;
        memset(m.owner, 0xff, inputs * sizeof *m.owner);
        done = add_choices(&m, 0, inputs, one, sum);
        mpz_clear(one);
    }
    free(m.owner);
    free(m.seen);
    return done;
}

/* ---- The table ---- */

static bool first_layer(const crease_bound_case *given, mpz_t value, char *note)
{
    bool done = crease_bound_windows(value, &given->shape[0], &given->shape[1]);
    if (!done)
        snprintf(note, CREASE_BOUND_NOTE, "the sum has too many terms");
    return done;
}

static bool layer(const crease_bound_case *given, mpq_t value, char *note)
{
    return crease_bound_one_layer(given, note) && first_layer(given, mpq_numref(value), note);
}

static bool deep_upper(const crease_bound_case *given, mpq_t value, char *note)
{
    if (!first_layer(given, mpq_numref(value), note))
        return false;
    for (size_t l = 1; l < given->layers; l++)
        crease_bound_multiply_sum(mpq_numref(value), given->width[l], given->inputs, 1);
    return true;
}

static bool deep_lower(const crease_bound_case *given, mpq_t value, char *note)
{
    size_t last = given->layers;
    crease_bound_shape from = given->shape[last - 1], to = given->shape[last];
    size_t channels = given->shape[0].channels;
    from.channels = channels;
    if (to.rows * to.columns > 1 && to.channels > 1) {
        snprintf(note, CREASE_BOUND_NOTE,
                 "it rests on Theorem 2, which the last layer, %zux%zux%zu, may not reach", to.rows,
                 to.columns, to.channels);
        return false;
    }
    if (!crease_bound_windows(mpq_numref(value), &from, &to)) {
        snprintf(note, CREASE_BOUND_NOTE, "the sum has too many terms");
        return false;
    }
    for (size_t l = 1; l < last; l++) {
        const crease_bound_shape *own = &given->shape[l];
        if (own->channels < channels) {
            snprintf(note, CREASE_BOUND_NOTE, "layer %zu has fewer channels than the input", l - 1);
            return false;
        }
        crease_bound_multiply_power(mpq_numref(value), own->channels / channels,
                                    own->rows * own->columns * channels);
    }
    return true;
}

#define XIONG_2020                                                                                 \
    "H. Xiong, L. Huang, M. Yu, L. Liu, F. Zhu, L. Shao, On the number of linear regions of "      \
    "convolutional neural networks, ICML 2020, arXiv 2006.00978"

const crease_bound_row crease_bound_convolution_rows[] = {
    {"xiong-2020-layer", "Xiong et al.", 2020, "Theorem 2", CREASE_BOUND_UPPER, false,
     CREASE_BOUND_PROVED, "sum_t prod_p C(d1,t_p)",
     "one hidden layer; stated as the maximum, not always reached: 3x3x1,2x2x2 has 255 of 256",
     XIONG_2020, layer},
    {"xiong-2020-upper", "Xiong et al.", 2020, "Theorem 5", CREASE_BOUND_UPPER, false,
     CREASE_BOUND_PROVED, "Theorem 2 of the first layer times prod_{l>=2} Z(n_l,n0)", "",
     XIONG_2020, deep_upper},
    {"xiong-2020-lower", "Xiong et al.", 2020, "Theorem 5", CREASE_BOUND_LOWER, false,
     CREASE_BOUND_NOTED, "Theorem 2 of the last layer times prod_{l<L} floor(d_l/d0)^(p_l d0)",
     "p_l positions and d_l >= d0 channels in layer l; p_L = 1 or d_L = 1", XIONG_2020, deep_lower},
};
const size_t crease_bound_convolution_count =
    sizeof crease_bound_convolution_rows / sizeof *crease_bound_convolution_rows;
