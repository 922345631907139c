#include "net/network.h"

#include "base/interrupt.h"
#include "base/memory.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* A unit as a sum of rows sign z - shift, each passed on times factor, plus an offset; a maxout
 * unit, of which one piece is passed on, as the sum of its pieces.
 *   leaky_relu  max(z, 0) - slope max(-z, 0)
 *   abs         max(z, 0) + max(-z, 0)
 *   clip        low + max(z - low, 0) - max(z - high, 0) */
typedef struct {
    size_t before; /* rows that only decide */
    size_t units;  /* with count rows each; those behind them have one */
    size_t count, rows;
    int sign[2];
    mpq_t shift[2], factor[2], offset;
} parts;

static void parts_open(parts *p, const crease_layer *layer)
{
    crease_activation activation = layer->activation;
    mpq_inits(p->shift[0], p->shift[1], p->factor[0], p->factor[1], p->offset, NULL);
    p->units = layer->width - layer->carry;
    p->count = activation == CREASE_LINEAR || activation == CREASE_RELU ? 1
               : activation == CREASE_MAXOUT                            ? layer->rank
                                                                        : 2;
    p->before = activation == CREASE_MAXOUT ? p->units * p->count * (p->count - 1) / 2 : 0;
    p->rows = p->before + p->units * p->count + layer->carry;
    p->sign[0] = 1;
    p->sign[1] = activation == CREASE_CLIP || activation == CREASE_MAXOUT ? 1 : -1;
    mpq_set_ui(p->factor[0], 1, 1);
    mpq_set_ui(p->factor[1], 1, 1);
    if (activation == CREASE_LEAKY_RELU)
        mpq_neg(p->factor[1], layer->parameter[0]);
    if (activation == CREASE_CLIP) {
        mpq_set_si(p->factor[1], -1, 1);
        mpq_set(p->shift[0], layer->parameter[0]);
        mpq_set(p->shift[1], layer->parameter[1]);
        mpq_set(p->offset, layer->parameter[0]);
    }
}

static void parts_close(parts *p)
{
    mpq_clears(p->shift[0], p->shift[1], p->factor[0], p->factor[1], p->offset, NULL);
}

/* A row with numbers of its own. */
typedef struct {
    size_t terms, room;
    uint32_t *input;
    mpq_t *weight, bias;
} row;

static void row_open(row *to, size_t room)
{
    *to = (row){.room = room,
                .input = crease_alloc(room, sizeof *to->input),
                .weight = crease_alloc(room, sizeof *to->weight)};
    mpq_init(to->bias);
}

static void row_close(row *r)
{
    for (size_t i = 0; i < r->terms; i++)
        mpq_clear(r->weight[i]);
    mpq_clear(r->bias);
    free(r->input);
    free(r->weight);
}

/* The weight of another term, which is 0. */
static mpq_t *add_term(row *to, size_t input)
{
    assert(to->terms < to->room);
    to->input[to->terms] = (uint32_t)input;
    mpq_init(to->weight[to->terms]);
    return &to->weight[to->terms++];
}

static void quotient(mpq_t out, const mpz_t num, const mpz_t den)
{
    mpq_set_num(out, num);
    mpq_set_den(out, den);
    mpq_canonicalize(out);
}

/* Row r of the layer as a function of the rows of the lowered layer below. */
static void lower_row(row *to, const crease_layer *layer, size_t r, const parts *below)
{
    const crease_rows *map = &layer->map;
    mpq_t weight, term;
    assert(r < layer->rows);
    mpq_inits(weight, term, NULL);
    row_open(to, (map->begin[r + 1] - map->begin[r]) * below->count);
    quotient(to->bias, map->bias[r], layer->den);
    for (size_t e = map->begin[r]; e < map->begin[r + 1] && !crease_interrupted_after(16); e++) {
        size_t t = map->input[e];
        bool carried = t >= below->units;
        size_t at = below->before +
                    (carried ? below->units * below->count + t - below->units : t * below->count);
        quotient(weight, map->weight[e], layer->den);
        for (size_t i = 0; i < (carried ? 1 : below->count); i++)
            mpq_mul(*add_term(to, at + i), weight, below->factor[carried || i > 1 ? 0 : i]);
        if (carried)
            continue;
        mpq_mul(term, weight, below->offset);
        mpq_add(to->bias, to->bias, term);
    }
    mpq_clears(weight, term, NULL);
}

/* a - b */
static void subtract(row *to, const row *a, const row *b)
{
    row_open(to, a->terms + b->terms);
    mpq_sub(to->bias, a->bias, b->bias);
    for (size_t i = 0, k = 0; i < a->terms || k < b->terms;) {
        bool left = i < a->terms && (k == b->terms || a->input[i] <= b->input[k]);
        bool right = k < b->terms && (i == a->terms || b->input[k] <= a->input[i]);
        mpq_t *weight = add_term(to, left ? a->input[i] : b->input[k]);
        if (left)
            mpq_set(*weight, a->weight[i++]);
        if (right)
            mpq_sub(*weight, *weight, b->weight[k++]);
    }
}

/* The differences of the pieces, which stand behind them, pair by pair. */
static void compare_pieces(row *rows, const parts *own)
{
    size_t at = 0;
    for (size_t g = 0; g < own->units; g++) {
        const row *piece = rows + own->before + g * own->count;
        for (size_t s = 0; s < own->count; s++)
            for (size_t t = s + 1; t < own->count; t++)
                subtract(&rows[at++], &piece[t], &piece[s]);
    }
}

static void set_rows(crease_network *lowered, size_t l, crease_activation activation, size_t inputs,
                     row *rows, size_t count)
{
    crease_layer_row *view = crease_alloc(count, sizeof *view);
    for (size_t r = 0; r < count; r++)
        view[r] = (crease_layer_row){rows[r].terms, rows[r].input, rows[r].weight, &rows[r].bias};
    crease_network_set_rows(lowered, l, activation, count, inputs, view);
    free(view);
}

static void lower_layer(crease_network *lowered, size_t l, const crease_layer *layer,
                        const parts *below)
{
    bool maxout = layer->activation == CREASE_MAXOUT;
    parts own;
    parts_open(&own, layer);
    row *rows = crease_alloc(own.rows, sizeof *rows);
    for (size_t r = own.before; r < own.rows; r++) {
        size_t i = r - own.before, switching = own.units * own.count;
        bool carried = i >= switching;
        size_t part = maxout || carried ? 0 : i % own.count;
        size_t source = maxout ? i : carried ? own.units + i - switching : i / own.count;
        lower_row(&rows[r], layer, source, below);
        for (size_t k = 0; own.sign[part] < 0 && k < rows[r].terms; k++)
            mpq_neg(rows[r].weight[k], rows[r].weight[k]);
        if (own.sign[part] < 0)
            mpq_neg(rows[r].bias, rows[r].bias);
        if (!carried)
            mpq_sub(rows[r].bias, rows[r].bias, own.shift[part]);
    }
    if (maxout)
        compare_pieces(rows, &own);
    crease_activation activation =
        layer->activation == CREASE_LINEAR || maxout ? layer->activation : CREASE_RELU;
    set_rows(lowered, l, activation, below->rows, rows, own.rows);
    crease_layer *out = &lowered->layer[l];
    out->decisions = maxout                               ? own.before
                     : layer->activation == CREASE_LINEAR ? 0
                                                          : own.units * own.count;
    out->pieces = maxout ? layer->rank : 1;
    for (size_t r = 0; r < own.rows; r++)
        row_close(&rows[r]);
    free(rows);
    parts_close(&own);
}

crease_network *crease_network_lower(const crease_network *network)
{
    bool needed = false;
    for (size_t l = 0; l < network->layers; l++)
        needed = needed || network->layer[l].activation > CREASE_RELU || network->layer[l].carry;
    if (!needed)
        return NULL;
    crease_network *lowered = crease_network_allocate(network->inputs, network->layers);
    const crease_layer inputs = {.activation = CREASE_LINEAR, .width = network->inputs};
    for (size_t l = 0; l < network->layers; l++) {
        parts below;
        parts_open(&below, l ? &network->layer[l - 1] : &inputs);
        lower_layer(lowered, l, &network->layer[l], &below);
        parts_close(&below);
    }
    return lowered;
}
