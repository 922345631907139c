#include "model/settle.h"

#include "base/interrupt.h"
#include "base/memory.h"
#include "exact/integer.h"
#include "model/enclose.h"
#include "model/shadow.h"

#include <stdlib.h>
#include <string.h>

/* The most products of numbers for which a layer's values are composed with the next layer. */
static const double most_work = 0x1p26;

/* What a unit of the given network is in the new one. */
typedef enum { SWITCHES, SETTLED } fate;

typedef struct {
    const crease_network *given;
    crease_enclosure e;
    crease_network *settled;
    size_t layers; /* of settled that are made */
    size_t width;  /* values that its next layer receives */
    crease_rows
        expr; /* the values that the given network's next layer receives, as functions of these,
                         times den */
    mpz_t den;
    size_t found; /* settled units */
} work;

/* ---- Rows ---- */

/* Divides the rows and den by their greatest common divisor. */
static void reduce(crease_rows *rows, mpz_t den)
{
    mpz_t common;
    mpz_init_set(common, den);
    for (size_t r = 0; r < rows->rows && mpz_cmp_ui(common, 1); r++)
        mpz_gcd(common, common, rows->bias[r]);
    for (size_t i = 0;
         i < crease_rows_entries(rows) && mpz_cmp_ui(common, 1) && !crease_interrupted_after(32);
         i++)
        mpz_gcd(common, common, rows->weight[i]);
    if (mpz_cmp_ui(common, 1)) {
        mpz_divexact(den, den, common);
        for (size_t r = 0; r < rows->rows; r++)
            mpz_divexact(rows->bias[r], rows->bias[r], common);
        for (size_t i = 0; i < crease_rows_entries(rows) && !crease_interrupted_after(32); i++)
            mpz_divexact(rows->weight[i], rows->weight[i], common);
    }
    mpz_clear(common);
}

/* Adds factor times row r of from, and offset. */
static void add_row(crease_rows *to, const crease_rows *from, size_t r, const mpz_t factor,
                    const mpz_t offset)
{
    mpz_ptr bias = crease_rows_begin(to);
    mpz_mul(bias, from->bias[r], factor);
    mpz_add(bias, bias, offset);
    size_t end = mpz_sgn(factor) ? from->begin[r + 1] : 0;
    for (size_t i = from->begin[r]; i < end && !crease_interrupted_after(8); i++)
        mpz_mul(crease_rows_add(to, from->input[i]), from->weight[i], factor);
}

/* Adds the row that is value times input j. */
static void add_identity(crease_rows *to, size_t j, const mpz_t value)
{
    crease_rows_begin(to);
    mpz_set(crease_rows_add(to, j), value);
}

/* ---- A layer ---- */

/* A layer's rows as functions of the settled network's values, and what becomes of its units. */
typedef struct {
    const crease_layer *layer;
    bool *needed;     /* units: the next layer has a weight for it */
    fate *fate;       /* units */
    size_t switching; /* how many switch */
    crease_rows z;    /* all rows, times den */
    mpz_t den;
    crease_rows out; /* what settled units pass on, times out_den; empty rows for the others */
    mpz_t out_den;
} stage;

/* The factor and offset, both times common, by which unit u's row r gives its output. */
static size_t piece_of(const work *w, const stage *s, size_t u, const mpz_t common, mpz_t factor,
                       mpz_t offset)
{
    const crease_layer *layer = s->layer;
    size_t switching = layer->width - layer->carry, rank = layer->rank;
    size_t row = u < switching ? u * rank : switching * rank + u - switching;
    mpz_set(factor, common);
    mpz_set_ui(offset, 0);
    if (u >= switching || layer->activation == CREASE_LINEAR)
        return row;
    if (layer->activation == CREASE_MAXOUT)
        return row + crease_enclosure_winner(&w->e, layer, u);
    mpq_t slope, shift;
    mpq_inits(slope, shift, NULL);
    crease_enclosure_piece(&w->e, layer, u, slope, shift);
    mpz_divexact(factor, common, mpq_denref(slope));
    mpz_mul(factor, factor, mpq_numref(slope));
    mpz_divexact(offset, common, mpq_denref(shift));
    mpz_mul(offset, offset, mpq_numref(shift));
    mpz_mul(offset, offset, s->den);
    mpq_clears(slope, shift, NULL);
    return row;
}

static bool is_settled(const work *w, const crease_layer *layer, size_t u)
{
    mpq_t slope, offset;
    if (u >= layer->width - layer->carry || layer->activation == CREASE_LINEAR)
        return true;
    if (layer->activation == CREASE_MAXOUT)
        return crease_enclosure_winner(&w->e, layer, u) < layer->rank;
    mpq_inits(slope, offset, NULL);
    bool settled = crease_enclosure_piece(&w->e, layer, u, slope, offset);
    mpq_clears(slope, offset, NULL);
    return settled;
}

/* Which units does the next layer receive with a weight? */
static void find_needed(stage *s, bool last)
{
    s->needed = crease_alloc(s->layer->width, sizeof *s->needed);
    if (last) {
        memset(s->needed, true, s->layer->width);
        return;
    }
    const crease_rows *next = &s->layer[1].map;
    for (size_t i = 0; i < crease_rows_entries(next); i++)
        s->needed[next->input[i]] = true;
}

static void find_fates(work *w, stage *s)
{
    const crease_layer *layer = s->layer;
    size_t states = crease_layer_states(layer);
    s->fate = crease_alloc(layer->width, sizeof *s->fate);
    for (size_t u = 0; u < layer->width; u++) {
        s->fate[u] = is_settled(w, layer, u) ? SETTLED : SWITCHES;
        s->switching += s->fate[u] == SWITCHES;
        w->found += s->fate[u] == SETTLED && u < layer->width - layer->carry && states > 1;
    }
}

/* What the settled units pass on. */
static void set_outputs(const work *w, stage *s)
{
    mpz_t common, factor, offset;
    mpz_init_set_ui(common, 1);
    mpz_inits(factor, offset, NULL);
    for (int i = 0; i < 2; i++)
        mpz_lcm(common, common, mpq_denref(s->layer->parameter[i]));
    crease_rows_open(&s->out, w->width);
    for (size_t u = 0; u < s->layer->width; u++) {
        if (s->fate[u] == SWITCHES || !s->needed[u]) {
            crease_rows_begin(&s->out);
            continue;
        }
        size_t row = piece_of(w, s, u, common, factor, offset);
        add_row(&s->out, &s->z, row, factor, offset);
    }
    mpz_init(s->out_den);
    mpz_mul(s->out_den, s->den, common);
    reduce(&s->out, s->out_den);
    mpz_clears(common, factor, offset, NULL);
}

/* The rows that are not left out. */
static bool *wanted_rows(const stage *s)
{
    const crease_layer *layer = s->layer;
    size_t switching = layer->width - layer->carry;
    bool *wanted = crease_alloc(layer->rows, sizeof *wanted);
    for (size_t r = 0; r < layer->rows; r++) {
        size_t u =
            r < switching * layer->rank ? r / layer->rank : switching + r - switching * layer->rank;
        wanted[r] = s->needed[u] || s->fate[u] == SWITCHES;
    }
    return wanted;
}

static void open_stage(work *w, size_t l, stage *s)
{
    *s = (stage){.layer = &w->given->layer[l]};
    crease_enclosure_pass(&w->e, s->layer);
    find_needed(s, l + 1 == w->given->layers);
    find_fates(w, s);
    bool *wanted = wanted_rows(s);
    crease_rows_compose(&s->z, &s->layer->map, &w->expr, w->den, wanted);
    free(wanted);
    mpz_init(s->den);
    mpz_mul(s->den, s->layer->den, w->den);
    reduce(&s->z, s->den);
    set_outputs(w, s);
}

static void close_stage(stage *s)
{
    free(s->needed);
    free(s->fate);
    crease_rows_free(&s->z);
    crease_rows_free(&s->out);
    mpz_clears(s->den, s->out_den, NULL);
}

/* ---- Values that are passed on ---- */

/* The values that the outputs of settled units are functions of: their places among what is
 * carried, or SIZE_MAX. */
static size_t list_sources(const work *w, const stage *s, size_t *place)
{
    size_t count = 0;
    memset(place, 0xff, w->width * sizeof *place);
    for (size_t i = 0; i < crease_rows_entries(&s->out); i++)
        place[s->out.input[i]] = 0;
    for (size_t j = 0; j < w->width; j++)
        if (place[j] != SIZE_MAX)
            place[j] = count++;
    return count;
}

/* The outputs that are not constant. */
static size_t count_outputs(const stage *s)
{
    size_t count = 0;
    for (size_t u = 0; u < s->layer->width; u++)
        count += s->out.begin[u + 1] > s->out.begin[u];
    return count;
}

/* The products that the next layer's rows take if they are functions of the sources. */
static double work_of_next(const stage *s)
{
    double sum = 0;
    const crease_rows *next = &s->layer[1].map;
    for (size_t i = 0; i < crease_rows_entries(next); i++)
        sum += (double)(s->out.begin[next->input[i] + 1] - s->out.begin[next->input[i]]);
    return sum;
}

/* The new layer's rows: those of the units that switch, then those carried. */
static void make_layer(work *w, const stage *s, bool sources, const size_t *place, size_t carried)
{
    crease_layer *to = &w->settled->layer[w->layers++];
    const crease_layer *layer = s->layer;
    mpz_t factor, zero;
    mpz_inits(factor, zero, NULL);
    crease_rows_open(&to->map, w->width);
    /* One denominator for both kinds of rows. */
    mpz_init(to->den);
    mpz_lcm(to->den, s->den, s->out_den);
    mpz_divexact(factor, to->den, s->den);
    for (size_t u = 0; u < layer->width; u++)
        for (size_t k = 0; s->fate[u] == SWITCHES && k < layer->rank; k++)
            add_row(&to->map, &s->z, u * layer->rank + k, factor, zero);
    mpz_divexact(factor, to->den, s->out_den);
    for (size_t u = 0; !sources && u < layer->width; u++)
        if (s->out.begin[u + 1] > s->out.begin[u])
            add_row(&to->map, &s->out, u, factor, zero);
    for (size_t j = 0; sources && j < w->width; j++)
        if (place[j] != SIZE_MAX)
            add_identity(&to->map, j, to->den);
    reduce(&to->map, to->den);
    to->width = s->switching + carried;
    to->inputs = w->width;
    to->activation = s->switching ? layer->activation : CREASE_LINEAR;
    to->rank = s->switching ? layer->rank : 1;
    to->carry = s->switching ? carried : 0;
    to->rows = to->map.rows;
    to->decisions = to->activation == CREASE_LINEAR ? 0 : to->rows;
    to->pieces = 1;
    mpq_set(to->parameter[0], layer->parameter[0]);
    mpq_set(to->parameter[1], layer->parameter[1]);
    mpz_clears(factor, zero, NULL);
}

/* The given layer's outputs as functions of the new layer's. */
static void renew(work *w, const stage *s, bool sources, const size_t *place)
{
    size_t switching = 0, own = s->switching;
    crease_rows expr;
    crease_rows_open(&expr, w->settled->layer[w->layers - 1].width);
    for (size_t u = 0; u < s->layer->width; u++) {
        if (s->fate[u] == SWITCHES) {
            add_identity(&expr, switching++, s->out_den);
            continue;
        }
        size_t begin = s->out.begin[u], end = s->out.begin[u + 1];
        if (!sources && begin < end) {
            add_identity(&expr, own++, s->out_den);
            continue;
        }
        mpz_set(crease_rows_begin(&expr), s->out.bias[u]);
        for (size_t i = begin; i < end && !crease_interrupted_after(8); i++)
            mpz_set(crease_rows_add(&expr, s->switching + place[s->out.input[i]]),
                    s->out.weight[i]);
    }
    crease_rows_free(&w->expr);
    w->expr = expr;
    mpz_set(w->den, s->out_den);
    w->width = expr.inputs;
}

/* The outputs, all of them. */
static void make_last(work *w, stage *s)
{
    crease_layer *to = &w->settled->layer[w->layers++];
    to->map = s->z;
    crease_rows_open(&s->z, 0);
    mpz_init_set(to->den, s->den);
    to->width = to->rows = s->layer->rows;
    to->inputs = w->width;
    to->pieces = 1;
}

static void settle_layer(work *w, size_t l)
{
    stage s;
    open_stage(w, l, &s);
    if (l + 1 == w->given->layers) {
        make_last(w, &s);
        close_stage(&s);
        return;
    }
    size_t *place = crease_alloc(w->width, sizeof *place);
    size_t from = list_sources(w, &s, place), outputs = count_outputs(&s);
    bool sources = from <= outputs && work_of_next(&s) <= most_work;
    if (sources && !s.switching) {
        /* No layer: the next one is a function of the same values. */
        crease_rows_free(&w->expr);
        w->expr = s.out;
        mpz_set(w->den, s.out_den);
        crease_rows_open(&s.out, 0);
    } else {
        make_layer(w, &s, sources, place, sources ? from : outputs);
        renew(w, &s, sources, place);
    }
    free(place);
    close_stage(&s);
}

static void open_work(work *w, const crease_network *network, const crease_domain *box)
{
    mpz_t one;
    mpz_init_set_ui(one, 1);
    *w = (work){.given = network, .width = network->inputs};
    crease_enclosure_open(&w->e, box);
    w->settled = crease_network_allocate(network->inputs, network->layers);
    mpz_init_set_ui(w->den, 1);
    crease_rows_open(&w->expr, network->inputs);
    for (size_t j = 0; j < network->inputs; j++)
        add_identity(&w->expr, j, one);
    mpz_clear(one);
}

crease_network *crease_network_settle(const crease_network *network, const crease_domain *domain)
{
    work w;
    if (!crease_domain_boxed(domain))
        return NULL;
    open_work(&w, network, domain);
    for (size_t l = 0; l < network->layers && !crease_interrupted(); l++)
        settle_layer(&w, l);
    crease_network_cut(w.settled, w.layers);
    crease_enclosure_close(&w.e);
    crease_rows_free(&w.expr);
    mpz_clear(w.den);
    if (w.found && !crease_interrupt_raised()) {
        if (CREASE_SHADOW)
            crease_shadow_settled(network, w.settled, domain);
        return w.settled;
    }
    crease_network_free(w.settled);
    return NULL;
}
