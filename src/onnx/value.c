#include "onnx/onnx.h"

#include "base/memory.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

size_t crease_onnx_count(size_t rank, const size_t *dim)
{
    size_t count = 1;
    for (size_t d = 0; d < rank; d++)
        if (dim[d] == 0)
            return 0;
    for (size_t d = 0; d < rank; d++) {
        if (dim[d] > CREASE_ONNX_ELEMENTS / count)
            return SIZE_MAX;
        count *= dim[d];
    }
    return count;
}

static size_t bytes_of(const crease_onnx_value *value)
{
    return value->kind == CREASE_ONNX_LATER ? 0 : value->count * sizeof(double);
}

crease_status crease_onnx_make(crease_onnx_node *node, crease_onnx_value *value,
                               crease_onnx_kind kind, int type, size_t rank, const size_t *dim)
{
    crease_onnx *reader = node->reader;
    if (rank > CREASE_ONNX_RANK)
        return crease_onnx_fail(node, "the output has %zu dimensions, more than %d", rank,
                                CREASE_ONNX_RANK);
    size_t count = crease_onnx_count(rank, dim);
    bool functions = kind == CREASE_ONNX_AFFINE || kind == CREASE_ONNX_MASK;
    size_t most = functions ? CREASE_ONNX_FUNCTIONS : CREASE_ONNX_ELEMENTS;
    if (count > most)
        return crease_onnx_fail(node, "the output has more than %zu elements", most);
    if (count == 0 && kind != CREASE_ONNX_INTEGERS && kind != CREASE_ONNX_NUMBERS)
        return crease_onnx_fail(node, "the output has no elements");
    crease_onnx_drop(reader, value);
    value->kind = kind;
    value->flipped = false;
    value->type = type;
    value->rank = rank;
    value->count = count;
    for (size_t d = 0; d < rank; d++)
        value->dim[d] = dim[d];
    crease_affine_take(&reader->meter, bytes_of(value));
    crease_affine_copies(&reader->meter, count);
    if (reader->meter.excess) {
        crease_affine_give(&reader->meter, bytes_of(value));
        value->kind = CREASE_ONNX_LATER;
        return crease_onnx_fail(node, "%s", crease_affine_words(reader->meter.excess));
    }
    if (kind == CREASE_ONNX_INTEGERS)
        value->integer = crease_alloc(count, sizeof *value->integer);
    else if (kind == CREASE_ONNX_NUMBERS)
        value->number = crease_alloc(count, sizeof *value->number);
    else if (kind != CREASE_ONNX_LATER)
        value->affine = crease_alloc(count, sizeof *value->affine);
    return CREASE_OK;
}

void crease_onnx_drop(crease_onnx *reader, crease_onnx_value *value)
{
    for (size_t i = 0; value->affine && i < value->count; i++)
        crease_affine_release(&reader->meter, value->affine[i]);
    crease_affine_give(&reader->meter, bytes_of(value));
    free(value->affine);
    free(value->integer);
    free(value->number);
    value->affine = NULL;
    value->integer = NULL;
    value->number = NULL;
    value->kind = CREASE_ONNX_LATER;
}

crease_affine *crease_onnx_element(crease_onnx *reader, const crease_onnx_value *value, size_t i)
{
    if (value->affine)
        return crease_affine_retain(value->affine[i]);
    mpq_t number;
    mpq_init(number);
    crease_onnx_get(value, i, number);
    crease_affine *function = crease_affine_constant(&reader->meter, number);
    mpq_clear(number);
    return function;
}

void crease_onnx_copy(crease_onnx *reader, crease_onnx_value *to, size_t i,
                      const crease_onnx_value *from, size_t j)
{
    if (to->kind == CREASE_ONNX_INTEGERS)
        to->integer[i] = from->integer[j];
    else if (to->kind == CREASE_ONNX_NUMBERS)
        to->number[i] = from->number[j];
    else
        to->affine[i] = crease_onnx_element(reader, from, j);
}

bool crease_onnx_live(const crease_onnx_value *value)
{
    return value->affine && value->uses;
}

bool crease_onnx_constant(const crease_onnx_value *value)
{
    for (size_t i = 0; value->affine && i < value->count; i++)
        if (value->affine[i]->terms)
            return false;
    return true;
}

void crease_onnx_get(const crease_onnx_value *value, size_t i, mpq_t out)
{
    assert(value->kind == CREASE_ONNX_NUMBERS || value->affine);
    if (value->kind == CREASE_ONNX_NUMBERS)
        mpq_set_d(out, value->number[i]);
    else
        mpq_set(out, value->affine[i]->constant);
}

void crease_onnx_add(crease_onnx *reader, const crease_onnx_value *value, size_t i,
                     const mpq_t *factor)
{
    if (value->kind == CREASE_ONNX_AFFINE) {
        crease_affine_add(reader->sum, value->affine[i], factor);
        return;
    }
    mpq_t number;
    mpq_init(number);
    mpq_set_d(number, value->number[i]);
    crease_affine_add_constant(reader->sum, number, factor);
    mpq_clear(number);
}

void crease_onnx_close(crease_onnx *reader, crease_onnx_value *to, size_t i)
{
    to->affine[i] = crease_affine_sum_close(reader->sum);
}

crease_status crease_onnx_broadcast(crease_onnx_node *node, const crease_onnx_value *const *value,
                                    size_t values, size_t *rank, size_t *dim)
{
    *rank = 0;
    for (size_t v = 0; v < values; v++)
        *rank = value[v]->rank > *rank ? value[v]->rank : *rank;
    for (size_t d = 0; d < *rank; d++) {
        dim[d] = 1;
        for (size_t v = 0; v < values; v++) {
            size_t missing = *rank - value[v]->rank;
            size_t own = d < missing ? 1 : value[v]->dim[d - missing];
            if (own != 1 && dim[d] != 1 && own != dim[d])
                return crease_onnx_fail(node,
                                        "the shapes do not go together: %zu and %zu in "
                                        "dimension %zu",
                                        dim[d], own, d);
            dim[d] = own == 1 ? dim[d] : own;
        }
    }
    return CREASE_OK;
}

size_t crease_onnx_at(const crease_onnx_value *value, size_t rank, const size_t *dim, size_t i)
{
    size_t at = 0, step = 1, missing = rank - value->rank;
    for (size_t d = rank; d-- > missing; i /= dim[d]) {
        size_t own = value->dim[d - missing];
        at += own == 1 ? 0 : i % dim[d] * step;
        step *= own;
    }
    return at;
}

void crease_onnx_finish(crease_onnx_node *node)
{
    node->done = true;
    for (size_t i = 0; i < node->inputs; i++) {
        crease_onnx_value *value = crease_onnx_input(node, i);
        if (value && --value->uses == 0)
            crease_onnx_drop(node->reader, value);
    }
    for (size_t i = 0; i < node->outputs; i++) {
        crease_onnx_value *value = crease_onnx_output(node, i);
        if (value && value->uses == 0)
            crease_onnx_drop(node->reader, value);
    }
}
