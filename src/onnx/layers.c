#include "onnx/onnx.h"

#include "base/memory.h"
#include "base/status.h"

#include <stdlib.h>
#include <string.h>

/* Functions of the old layer's units that are needed later. */
typedef struct {
    size_t count, room;
    crease_affine **function; /* each once, in order */
    size_t *leader; /* of each, the first one of which it is a multiple, but for constants */
    size_t leaders;
    bool *used; /* units of the old layer */
    size_t units;
} live;

static size_t width_of(const crease_onnx_layer *layer)
{
    return layer->units + layer->carry;
}

static size_t rows_of(const crease_onnx_layer *layer)
{
    return layer->units * layer->rank + layer->carry;
}

/* ---- The nodes of a layer, and the values that it passes on ---- */

static bool alike(const crease_onnx_units *a, const crease_onnx_units *b)
{
    return a->activation == b->activation && a->rank == b->rank &&
           mpq_equal(a->parameter[0], b->parameter[0]) &&
           mpq_equal(a->parameter[1], b->parameter[1]);
}

/* Lists functions that have not been met before. */
static void list(live *l, crease_affine *const *functions, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        crease_affine *function = functions[i];
        if (function->terms == 0 || function->place != SIZE_MAX)
            continue;
        if (l->count == l->room)
            l->function = crease_realloc(l->function, l->room *= 2, sizeof(crease_affine *));
        function->place = l->count;
        l->function[l->count++] = function;
        for (size_t t = 0; t < function->terms; t++) {
            l->units += !l->used[function->unit[t]];
            l->used[function->unit[t]] = true;
        }
    }
}

/* Orders the linear parts; 0 for multiples of each other. */
static int compare_parts(const crease_affine *a, const crease_affine *b, mpq_t *scratch)
{
    if (a->terms != b->terms)
        return a->terms < b->terms ? -1 : 1;
    int order = memcmp(a->unit, b->unit, a->terms * sizeof *a->unit);
    for (size_t t = 1; order == 0 && t < a->terms; t++) {
        mpq_div(scratch[0], a->weight[t], a->weight[0]);
        mpq_div(scratch[1], b->weight[t], b->weight[0]);
        order = mpq_cmp(scratch[0], scratch[1]);
    }
    return order;
}

typedef struct {
    const live *l;
    mpq_t *scratch;
} comparison;

static int compare(const void *a, const void *b, void *context)
{
    const comparison *c = context;
    size_t i = *(const size_t *)a, j = *(const size_t *)b;
    int order = compare_parts(c->l->function[i], c->l->function[j], c->scratch);
    return order ? order : (i > j) - (i < j);
}

static void find_leaders(live *l)
{
    size_t *order = crease_alloc(l->count, sizeof *order);
    mpq_t scratch[2];
    comparison c = {l, scratch};
    mpq_inits(scratch[0], scratch[1], NULL);
    for (size_t i = 0; i < l->count; i++)
        order[i] = i;
    qsort_r(order, l->count, sizeof *order, compare, &c);
    l->leader = crease_alloc(l->count, sizeof *l->leader);
    for (size_t k = 0; k < l->count; k++) {
        bool same =
            k > 0 && compare_parts(l->function[order[k - 1]], l->function[order[k]], scratch) == 0;
        l->leader[order[k]] = same ? l->leader[order[k - 1]] : order[k];
        l->leaders += !same;
    }
    mpq_clears(scratch[0], scratch[1], NULL);
    free(order);
}

/* Functions in values, and those that the chosen nodes add to their units; units: of the old
 * layer. */
static void live_open(crease_onnx *reader, crease_onnx_node **chosen, size_t count, size_t units,
                      live *l)
{
    memset(l, 0, sizeof *l);
    l->room = 64;
    l->function = crease_alloc(l->room, sizeof *l->function);
    l->used = crease_alloc(units, sizeof *l->used);
    for (size_t v = 0; v < reader->values; v++)
        if (crease_onnx_live(&reader->value[v]))
            list(l, reader->value[v].affine, reader->value[v].count);
    for (size_t c = 0; c < count; c++)
        if (chosen[c]->switches->offset)
            list(l, chosen[c]->switches->offset, chosen[c]->switches->outputs);
    find_leaders(l);
}

static void live_close(live *l)
{
    free(l->function);
    free(l->leader);
    free(l->used);
}

/* ---- The new layer ---- */

static crease_status check_layer(crease_onnx *reader, crease_onnx_node *node,
                                 const crease_onnx_layer *layer)
{
    size_t comparisons = layer->units * layer->rank * (layer->rank - 1) / 2;
    reader->hidden += width_of(layer);
    if (rows_of(layer) > CREASE_MAX_UNITS || comparisons > CREASE_MAX_COMPARISONS)
        return crease_onnx_fail(
            node,
            "a layer of %zu units with %zu pieces each, and %zu that carry "
            "values on: at most %d pieces, %d comparisons of pieces are allowed",
            layer->units, layer->rank, layer->carry, CREASE_MAX_UNITS, CREASE_MAX_COMPARISONS);
    if (reader->hidden > CREASE_MAX_UNITS)
        return crease_onnx_fail(node,
                                "more than %d hidden units in total, those that carry values on "
                                "included",
                                CREASE_MAX_UNITS);
    return CREASE_OK;
}

static crease_affine *linear_part(crease_onnx *reader, const crease_affine *function)
{
    mpq_t minus;
    mpq_init(minus);
    mpq_neg(minus, function->constant);
    crease_affine_add(reader->sum, function, NULL);
    crease_affine_add_constant(reader->sum, minus, NULL);
    mpq_clear(minus);
    return crease_affine_sum_close(reader->sum);
}

/* Makes the rows of the units that carry, and sets the place in the new layer of each old unit, or
 * of each leader. */
static void carry(crease_onnx *reader, const live *l, bool units, crease_onnx_layer *layer,
                  size_t *place)
{
    crease_affine **row = layer->row + layer->units * layer->rank;
    size_t at = layer->units, all = units ? layer->inputs : l->count;
    for (size_t i = 0; i < all; i++) {
        if (units ? !l->used[i] : l->leader[i] != i)
            continue;
        *row++ = units ? crease_affine_unit(&reader->meter, (uint32_t)i)
                       : linear_part(reader, l->function[i]);
        place[i] = at++;
    }
}

/* A function of the old units in the new ones. */
static crease_affine *renew(crease_onnx *reader, const live *l, bool units, const size_t *place,
                            const crease_affine *function)
{
    size_t leader = l->leader[function->place];
    mpq_t ratio;
    mpq_init(ratio);
    for (size_t t = 0; units && t < function->terms; t++)
        crease_affine_add_unit(reader->sum, (uint32_t)place[function->unit[t]],
                               function->weight[t]);
    if (!units) {
        mpq_div(ratio, function->weight[0], l->function[leader]->weight[0]);
        crease_affine_add_unit(reader->sum, (uint32_t)place[leader], ratio);
    }
    crease_affine_add_constant(reader->sum, function->constant, NULL);
    mpq_clear(ratio);
    return crease_affine_sum_close(reader->sum);
}

static void replace(crease_onnx *reader, crease_affine *const *renewed, crease_affine **function,
                    size_t count)
{
    for (size_t i = 0; i < count; i++) {
        crease_affine *old = function[i];
        if (old->terms == 0 || old->place == SIZE_MAX)
            continue;
        function[i] = crease_affine_retain(renewed[old->place]);
        crease_affine_release(&reader->meter, old);
    }
}

/* Each function once, so that elements that share one still do. */
static void renew_all(crease_onnx *reader, crease_onnx_node **chosen, size_t count, const live *l,
                      bool units, const size_t *place)
{
    crease_affine **renewed = crease_alloc(l->count, sizeof *renewed);
    for (size_t k = 0; k < l->count; k++) {
        renewed[k] = renew(reader, l, units, place, l->function[k]);
        crease_affine_retain(l->function[k]);
    }
    for (size_t v = 0; v < reader->values; v++)
        if (reader->value[v].affine)
            replace(reader, renewed, reader->value[v].affine, reader->value[v].count);
    for (size_t c = 0; c < count; c++)
        if (chosen[c]->switches->offset)
            replace(reader, renewed, chosen[c]->switches->offset, chosen[c]->switches->outputs);
    for (size_t k = 0; k < l->count; k++) {
        l->function[k]->place = SIZE_MAX;
        crease_affine_release(&reader->meter, l->function[k]);
        crease_affine_release(&reader->meter, renewed[k]);
    }
    free(renewed);
}

/* *unit is the node's first one in the new layer, and afterwards the next node's. */
static crease_status set_output(crease_onnx_node *node, size_t *unit)
{
    crease_onnx *reader = node->reader;
    const crease_onnx_units *s = node->switches;
    crease_onnx_value *to = crease_onnx_output(node, 0);
    mpq_t one;
    mpq_init(one);
    mpq_set_ui(one, 1, 1);
    crease_status status =
        to ? crease_onnx_make(node, to, CREASE_ONNX_AFFINE, to->type, to->rank, to->dim)
           : CREASE_OK;
    for (size_t i = 0; to && !status && i < s->outputs; i++) {
        for (size_t k = i * s->terms; k < (i + 1) * s->terms; k++)
            crease_affine_add_unit(reader->sum, (uint32_t)(*unit + (s->index ? s->index[k] : k)),
                                   s->factor ? s->factor[k] : one);
        if (s->offset)
            crease_affine_add(reader->sum, s->offset[i], NULL);
        crease_onnx_close(reader, to, i);
    }
    *unit += s->units;
    mpq_clear(one);
    return status;
}

/* The nodes of the layer: those that ask for the same as the first that asks. */
static size_t choose(crease_onnx *reader, crease_onnx_node **chosen)
{
    size_t count = 0;
    for (size_t n = 0; n < reader->nodes; n++) {
        crease_onnx_node *node = &reader->node[n];
        if (node->switches && (!count || alike(node->switches, chosen[0]->switches)))
            chosen[count++] = node;
    }
    return count;
}

static crease_onnx_layer *open_layer(crease_onnx *reader, crease_onnx_node **chosen, size_t count)
{
    reader->layer = crease_realloc(reader->layer, reader->layers + 1, sizeof *reader->layer);
    crease_onnx_layer *layer = &reader->layer[reader->layers];
    const crease_onnx_units *first = chosen[0]->switches;
    memset(layer, 0, sizeof *layer);
    layer->activation = first->activation;
    layer->rank = first->rank;
    layer->inputs = reader->layers ? width_of(layer - 1) : reader->inputs;
    mpq_inits(layer->parameter[0], layer->parameter[1], NULL);
    mpq_set(layer->parameter[0], first->parameter[0]);
    mpq_set(layer->parameter[1], first->parameter[1]);
    for (size_t c = 0; c < count; c++)
        layer->units += chosen[c]->switches->units;
    reader->layers++;
    return layer;
}

static void take_rows(crease_onnx_layer *layer, crease_onnx_node **chosen, size_t count)
{
    size_t at = 0;
    for (size_t c = 0; c < count; c++) {
        const crease_onnx_units *s = chosen[c]->switches;
        for (size_t i = 0; i < s->units * s->rank; i++)
            layer->row[at++] = crease_affine_retain(s->row[i]);
    }
}

static crease_status fill_layer(crease_onnx *reader, crease_onnx_node **chosen, size_t count,
                                crease_onnx_layer *layer)
{
    live l;
    live_open(reader, chosen, count, layer->inputs, &l);
    bool units = l.units <= l.leaders;
    layer->carry = units ? l.units : l.leaders;
    crease_status status = check_layer(reader, chosen[0], layer);
    if (status)
        layer->carry = 0;
    layer->row = crease_alloc(rows_of(layer), sizeof *layer->row);
    take_rows(layer, chosen, count);
    size_t *place = crease_alloc(units ? layer->inputs : l.count, sizeof *place);
    if (!status)
        carry(reader, &l, units, layer, place);
    if (!status)
        renew_all(reader, chosen, count, &l, units, place);
    free(place);
    live_close(&l);
    size_t unit = 0;
    for (size_t c = 0; c < count && !status; c++)
        status = set_output(chosen[c], &unit);
    return status;
}

crease_status crease_onnx_layer_add(crease_onnx *reader)
{
    crease_onnx_node **chosen = crease_alloc(reader->nodes, sizeof *chosen);
    size_t count = choose(reader, chosen);
    for (size_t c = 0; c < count; c++)
        crease_onnx_finish(chosen[c]);
    crease_onnx_layer *layer = open_layer(reader, chosen, count);
    crease_status status = fill_layer(reader, chosen, count, layer);
    if (!status && reader->meter.excess)
        status = crease_onnx_fail(chosen[0], "%s", crease_affine_words(reader->meter.excess));
    free(chosen);
    return status;
}

/* ---- The network ---- */

static void set_rows(crease_network *network, size_t l, const crease_onnx_layer *layer)
{
    size_t rows = rows_of(layer);
    crease_layer *out = &network->layer[l];
    crease_layer_row *row = crease_alloc(rows, sizeof *row);
    for (size_t r = 0; r < rows; r++)
        row[r] = (crease_layer_row){layer->row[r]->terms, layer->row[r]->unit,
                                    layer->row[r]->weight, &layer->row[r]->constant};
    out->rank = layer->rank;
    out->carry = layer->carry;
    mpq_set(out->parameter[0], layer->parameter[0]);
    mpq_set(out->parameter[1], layer->parameter[1]);
    crease_network_set_rows(network, l, layer->activation, width_of(layer), layer->inputs, row);
    free(row);
}

/* Does an output repeat what another one has stood for, being behind the same final node? */
static bool repeats(const crease_onnx *reader, size_t i)
{
    const crease_onnx_value *value = &reader->value[reader->output[i]];
    for (size_t k = 0; value->ended && k < reader->graph->n_output; k++) {
        const crease_onnx_value *other = &reader->value[reader->output[k]];
        if (other->ended ? k < i && other->logits == value->logits
                         : reader->output[k] == value->logits)
            return true;
    }
    return false;
}

/* The outputs of the graph, stacked; *place has the sample that each belongs to by its place. */
static crease_status last_layer(crease_onnx *reader, crease_onnx_layer *layer, size_t **place)
{
    const crease_source *source = reader->source;
    for (size_t i = 0; i < reader->graph->n_output; i++) {
        const crease_onnx_value *value = &reader->value[reader->output[i]];
        if (repeats(reader, i))
            continue;
        if (value->kind != CREASE_ONNX_AFFINE)
            return crease_fail(source->error, CREASE_INPUT,
                               "%s: output \"%.80s\" does not depend on the input", source->name,
                               value->name);
        if (layer->units + value->count > CREASE_MAX_UNITS)
            return crease_fail(source->error, CREASE_INPUT, "%s: more than %d outputs",
                               source->name, CREASE_MAX_UNITS);
        layer->row = crease_realloc(layer->row, layer->units + value->count, sizeof *layer->row);
        *place = crease_realloc(*place, layer->units + value->count, sizeof **place);
        size_t each = reader->batch ? value->count / reader->batch : 0;
        for (size_t k = 0; k < value->count; k++) {
            bool divides = each > 0 && value->count % reader->batch == 0;
            (*place)[layer->units] = divides ? k / each : SIZE_MAX - 1;
            layer->row[layer->units++] = crease_affine_retain(value->affine[k]);
        }
    }
    return CREASE_OK;
}

crease_status crease_onnx_network(crease_onnx *reader, crease_network **network)
{
    size_t inputs = reader->layers ? width_of(&reader->layer[reader->layers - 1]) : reader->inputs;
    crease_onnx_layer last = {.activation = CREASE_LINEAR, .rank = 1, .inputs = inputs};
    mpq_inits(last.parameter[0], last.parameter[1], NULL);
    size_t *place = NULL;
    crease_status status = last_layer(reader, &last, &place);
    if (!status && reader->batch)
        status = crease_onnx_batch_divide(reader, &last, place);
    free(place);
    if (!status) {
        *network = crease_network_allocate(reader->inputs, reader->layers + 1);
        for (size_t l = 0; l < reader->layers; l++)
            set_rows(*network, l, &reader->layer[l]);
        set_rows(*network, reader->layers, &last);
    }
    for (size_t i = 0; i < last.units; i++)
        crease_affine_release(&reader->meter, last.row[i]);
    free(last.row);
    mpq_clears(last.parameter[0], last.parameter[1], NULL);
    return status;
}
