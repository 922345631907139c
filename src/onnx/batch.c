#include "onnx/onnx.h"

#include "base/memory.h"
#include "base/status.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* One sample of a batch.  A unit belongs to the sample on which it depends.  If it depends on none,
 * it belongs to the samples that use it. */

enum { CHOICES = 2 };
#define NONE SIZE_MAX
#define SHARED (SIZE_MAX - 1)

typedef struct {
    crease_onnx *reader;
    crease_onnx_layer *last;
    size_t layers;  /* the last one included */
    size_t **owner; /* of the inputs, then of each layer's units: a sample, NONE or SHARED */
} batch;

static crease_status refuse(const crease_onnx *reader, const char *why)
{
    return crease_fail(
        reader->source->error, CREASE_INPUT,
        "%s: a batch of %zu samples: %s; --batch=all takes all of it as the input of "
        "one network",
        reader->source->name, reader->batch, why);
}

static crease_onnx_layer *layer_of(const batch *b, size_t l)
{
    assert(l < b->layers);
    return l + 1 < b->layers ? &b->reader->layer[l] : b->last;
}

static size_t width(const crease_onnx_layer *layer)
{
    return layer->units + layer->carry;
}

/* The first of a unit's rows; how many. */
static crease_affine **rows_of(const crease_onnx_layer *layer, size_t unit, size_t *count)
{
    bool carried = unit >= layer->units;
    *count = carried ? 1 : layer->rank;
    return layer->row +
           (carried ? layer->units * layer->rank + unit - layer->units : unit * layer->rank);
}

crease_status crease_onnx_batch_find(crease_onnx *reader)
{
    for (size_t v = 0; v < reader->values; v++) {
        const crease_onnx_value *value = &reader->value[v];
        bool input = value->kind == CREASE_ONNX_AFFINE && value->producer == SIZE_MAX;
        if (!input || !value->uses || value->rank < 2 || value->dim[0] == 1)
            continue;
        if (reader->batch && reader->batch != value->dim[0])
            return refuse(reader, "another input has another number of them");
        reader->batch = value->dim[0];
        reader->value[v].batched = true;
    }
    return CREASE_OK;
}

static void own_inputs(const batch *b)
{
    const crease_onnx *reader = b->reader;
    for (size_t j = 0; j < reader->inputs; j++)
        b->owner[0][j] = NONE;
    for (size_t v = 0; v < reader->values; v++) {
        const crease_onnx_value *value = &reader->value[v];
        if (!value->batched)
            continue;
        size_t each = value->count / reader->batch;
        assert(each > 0 && value->first + value->count <= reader->inputs);
        for (size_t i = 0; i < value->count; i++)
            b->owner[0][value->first + i] = i / each;
    }
}

/* Forwards: what each unit depends on.  False if two samples meet. */
static bool own_units(const batch *b, size_t l)
{
    const crease_onnx_layer *layer = layer_of(b, l);
    for (size_t u = 0; u < width(layer); u++) {
        size_t count, owner = NONE;
        crease_affine **row = rows_of(layer, u, &count);
        for (size_t r = 0; r < count; r++)
            for (size_t t = 0; t < row[r]->terms; t++) {
                size_t one = b->owner[l][row[r]->unit[t]];
                if (one != NONE && owner != NONE && one != owner)
                    return false;
                owner = one == NONE ? owner : one;
            }
        b->owner[l + 1][u] = owner;
    }
    return true;
}

/* An output belongs to a sample by its place. */
static bool own_outputs(const batch *b, const size_t *place)
{
    for (size_t u = 0; u < b->last->units; u++) {
        size_t *owner = &b->owner[b->layers][u];
        if (*owner != NONE && *owner != place[u])
            return false;
        *owner = place[u];
    }
    return true;
}

/* Backwards: which samples use the units that depend on no sample. */
static void own_rest(const batch *b, size_t l)
{
    const crease_onnx_layer *layer = layer_of(b, l);
    size_t before = layer->inputs;
    bool *open = crease_alloc(before, sizeof *open);
    for (size_t j = 0; j < before; j++)
        open[j] = b->owner[l][j] == NONE;
    for (size_t u = 0; u < width(layer); u++) {
        size_t count, user = b->owner[l + 1][u];
        crease_affine **row = rows_of(layer, u, &count);
        for (size_t r = 0; r < count; r++)
            for (size_t t = 0; t < row[r]->terms; t++) {
                size_t j = row[r]->unit[t], *owner = &b->owner[l][j];
                if (open[j] && *owner != user)
                    *owner = *owner == NONE ? user : SHARED;
            }
    }
    for (size_t j = 0; j < before; j++)
        if (b->owner[l][j] == NONE || (l == 0 && open[j]))
            b->owner[l][j] = SHARED;
    free(open);
}

/* Numbers the units of the sample in order; returns how many there are. */
static size_t number(const batch *b, size_t l, size_t all, size_t sample, size_t *place)
{
    size_t count = 0;
    for (size_t u = 0; u < all; u++) {
        bool own = b->owner[l][u] == sample || b->owner[l][u] == SHARED;
        place[u] = own ? count++ : NONE;
    }
    return count;
}

static bool same_rows(const crease_affine *a, const size_t *place_a, const crease_affine *b,
                      const size_t *place_b)
{
    bool same = a->terms == b->terms && mpq_equal(a->constant, b->constant);
    for (size_t t = 0; same && t < a->terms; t++)
        same = place_a[a->unit[t]] == place_b[b->unit[t]] && mpq_equal(a->weight[t], b->weight[t]);
    return same;
}

/* Does layer l compute the same for this sample as for the first?  place has the numbers of the
 * units before it, for both samples. */
static bool same_layer(const batch *b, size_t l, size_t sample, size_t *const place[CHOICES])
{
    const crease_onnx_layer *layer = layer_of(b, l);
    const size_t *owner = b->owner[l + 1];
    size_t v = 0, all = width(layer);
    for (size_t u = 0; u < all; u++) {
        if (owner[u] != 0 && owner[u] != SHARED)
            continue;
        while (v < all && owner[v] != sample && owner[v] != SHARED)
            v++;
        if (v == all || (u < layer->units) != (v < layer->units))
            return false;
        size_t count;
        crease_affine **one = rows_of(layer, u, &count), **other = rows_of(layer, v++, &count);
        for (size_t r = 0; r < count; r++)
            if (!same_rows(one[r], place[0], other[r], place[1]))
                return false;
    }
    while (v < all && owner[v] != sample && owner[v] != SHARED)
        v++;
    return v == all;
}

static bool same_sample(const batch *b, size_t sample)
{
    bool same = true;
    for (size_t l = 0; same && l < b->layers; l++) {
        size_t before = layer_of(b, l)->inputs;
        size_t *place[CHOICES] = {crease_alloc(before, sizeof(size_t)),
                                  crease_alloc(before, sizeof(size_t))};
        same = number(b, l, before, 0, place[0]) == number(b, l, before, sample, place[1]) &&
               same_layer(b, l, sample, place);
        free(place[0]);
        free(place[1]);
    }
    return same;
}

/* A row of the first sample, in its own numbers. */
static crease_affine *renumber(crease_onnx *reader, const crease_affine *row, const size_t *place)
{
    for (size_t t = 0; t < row->terms; t++) {
        assert(place[row->unit[t]] != NONE);
        crease_affine_add_unit(reader->sum, (uint32_t)place[row->unit[t]], row->weight[t]);
    }
    crease_affine_add_constant(reader->sum, row->constant, NULL);
    return crease_affine_sum_close(reader->sum);
}

static void cut_layer(const batch *b, size_t l)
{
    crease_onnx *reader = b->reader;
    crease_onnx_layer *layer = layer_of(b, l);
    size_t *place = crease_alloc(layer->inputs, sizeof *place);
    size_t inputs = number(b, l, layer->inputs, 0, place), units = 0, carry = 0, kept = 0;
    for (size_t u = 0, all = width(layer); u < all; u++) {
        size_t count;
        crease_affine **row = rows_of(layer, u, &count);
        bool own = b->owner[l + 1][u] == 0 || b->owner[l + 1][u] == SHARED;
        for (size_t r = 0; r < count; r++) {
            crease_affine *new = own ? renumber(reader, row[r], place) : NULL;
            crease_affine_release(&reader->meter, row[r]);
            row[r] = NULL;
            if (own)
                layer->row[kept++] = new;
        }
        units += own && u < layer->units;
        carry += own && u >= layer->units;
    }
    layer->units = units;
    layer->carry = carry;
    layer->inputs = inputs;
    free(place);
}

static crease_status divide(batch *b, const size_t *place)
{
    crease_onnx *reader = b->reader;
    own_inputs(b);
    for (size_t l = 0; l < b->layers; l++)
        if (!own_units(b, l))
            return refuse(reader, "an output of one depends on another");
    if (!own_outputs(b, place))
        return refuse(reader, "the outputs are not those of the samples, one behind the other");
    for (size_t l = b->layers; l-- > 0;)
        own_rest(b, l);
    for (size_t s = 1; s < reader->batch; s++)
        if (!same_sample(b, s))
            return refuse(reader, "they are not all computed in the same way");
    size_t *unused = crease_alloc(reader->inputs, sizeof *unused);
    size_t inputs = number(b, 0, reader->inputs, 0, unused);
    free(unused);
    for (size_t l = 0; l < b->layers; l++)
        cut_layer(b, l);
    reader->inputs = inputs;
    for (size_t v = 0; v < reader->values; v++)
        if (reader->value[v].batched)
            reader->value[v].dim[0] = 1;
    crease_onnx_note(reader, "a batch of %zu samples, each computed apart and alike: one is taken",
                     reader->batch);
    return CREASE_OK;
}

crease_status crease_onnx_batch_divide(crease_onnx *reader, crease_onnx_layer *last,
                                       const size_t *place)
{
    batch b = {.reader = reader, .last = last, .layers = reader->layers + 1};
    b.owner = crease_alloc(b.layers + 1, sizeof *b.owner);
    b.owner[0] = crease_alloc(reader->inputs, sizeof **b.owner);
    for (size_t l = 0; l < b.layers; l++)
        b.owner[l + 1] = crease_alloc(width(layer_of(&b, l)), sizeof **b.owner);
    crease_status status = divide(&b, place);
    for (size_t l = 0; l <= b.layers; l++)
        free(b.owner[l]);
    free(b.owner);
    return status;
}
