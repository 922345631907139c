#include "onnx/operators.h"

#include "base/memory.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Operators that put elements of a tensor in other places. */

static void unravel(size_t rank, const size_t *dim, size_t i, size_t *index)
{
    for (size_t d = rank; d-- > 0; i /= dim[d]) {
        assert(dim[d] > 0);
        index[d] = i % dim[d];
    }
}

static size_t ravel(size_t rank, const size_t *dim, const size_t *index)
{
    size_t at = 0;
    for (size_t d = 0; d < rank; d++) {
        assert(index[d] < dim[d]);
        at = at * dim[d] + index[d];
    }
    return at;
}

static crease_status make_like(crease_onnx_node *node, size_t rank, const size_t *dim)
{
    const crease_onnx_value *from = crease_onnx_input(node, 0);
    return crease_onnx_make(node, crease_onnx_output(node, 0), from->kind, from->type, rank, dim);
}

crease_status crease_onnx_tile(crease_onnx_node *node)
{
    const crease_onnx_value *from = crease_onnx_input(node, 0);
    crease_onnx_value *to = crease_onnx_output(node, 0);
    size_t count, dim[CREASE_ONNX_RANK], index[CREASE_ONNX_RANK];
    const int64_t *repeats = crease_onnx_integers(node, 1, &count);
    if (node->status)
        return node->status;
    if (count != from->rank)
        return crease_onnx_fail(node, "%zu repeats for %zu dimensions", count, from->rank);
    for (size_t d = 0; d < count; d++) {
        if (repeats[d] < 1 || repeats[d] > CREASE_ONNX_ELEMENTS)
            return crease_onnx_fail(node, "repeats has %lld", (long long)repeats[d]);
        dim[d] = from->dim[d] * (size_t)repeats[d];
    }
    crease_status status = make_like(node, from->rank, dim);
    for (size_t i = 0; !status && i < to->count; i++) {
        unravel(to->rank, to->dim, i, index);
        for (size_t d = 0; d < to->rank; d++)
            index[d] %= from->dim[d];
        crease_onnx_copy(node->reader, to, i, from, ravel(from->rank, from->dim, index));
    }
    return status;
}

/* ---- Depth and space ---- */

/* Channel (i b + j) C + c, or c b b + i b + j by columns and rows, at row h and column w goes to
 * channel c, row h b + i, column w b + j; or back. */
static crease_status depth(crease_onnx_node *node, bool to_space)
{
    const crease_onnx_value *from = crease_onnx_input(node, 0);
    crease_onnx_value *to = crease_onnx_output(node, 0);
    int64_t size = crease_onnx_int(node, "blocksize", 0);
    bool first = !to_space || crease_onnx_word(node, "mode", "DCR", "DCR");
    if (!first && !crease_onnx_word(node, "mode", "DCR", "CRD"))
        return crease_onnx_fail(node, "mode is not known");
    if (from->rank != 4 || size < 1 || size > 4096)
        return crease_onnx_fail(node, "%zu dimensions, blocks of %lld", from->rank,
                                (long long)size);
    size_t b = (size_t)size,
           dim[4] = {from->dim[0], from->dim[1] / (b * b), from->dim[2] * b, from->dim[3] * b};
    if (!to_space) {
        dim[1] = from->dim[1] * b * b;
        dim[2] = from->dim[2] / b;
        dim[3] = from->dim[3] / b;
    }
    if (to_space ? from->dim[1] % (b * b) : from->dim[2] % b || from->dim[3] % b)
        return crease_onnx_fail(node, "the dimensions do not divide into blocks of %zu", b);
    crease_status status = make_like(node, 4, dim);
    const size_t *deep = to_space ? from->dim : dim, *wide = to_space ? dim : from->dim;
    for (size_t k = 0; !status && k < to->count; k++) {
        size_t at[4];
        unravel(4, wide, k, at);
        size_t block = at[2] % b * b + at[3] % b;
        const size_t other[4] = {at[0], first ? block * wide[1] + at[1] : at[1] * b * b + block,
                                 at[2] / b, at[3] / b};
        size_t place = ravel(4, deep, other);
        crease_onnx_copy(node->reader, to, to_space ? k : place, from, to_space ? place : k);
    }
    return status;
}

crease_status crease_onnx_depth_to_space(crease_onnx_node *node)
{
    return depth(node, true);
}

crease_status crease_onnx_space_to_depth(crease_onnx_node *node)
{
    return depth(node, false);
}

/* ---- By indices ---- */

static crease_status read_index(crease_onnx_node *node, const crease_onnx_value *index, size_t i,
                                size_t size, size_t *out)
{
    int64_t k = index->integer[i], all = (int64_t)size;
    if (k < -all || k >= all)
        return crease_onnx_fail(node, "index %lld of %zu", (long long)k, size);
    *out = (size_t)(k < 0 ? k + all : k);
    return CREASE_OK;
}

crease_status crease_onnx_gather_elements(crease_onnx_node *node)
{
    const crease_onnx_value *from = crease_onnx_input(node, 0), *index = crease_onnx_input(node, 1);
    crease_onnx_value *to = crease_onnx_output(node, 0);
    size_t axis, at[CREASE_ONNX_RANK];
    if (crease_onnx_axis(node, crease_onnx_int(node, "axis", 0), from->rank, &axis))
        return CREASE_INPUT;
    if (index->kind != CREASE_ONNX_INTEGERS || index->rank != from->rank)
        return crease_onnx_fail(node, "the indices do not go with input 0");
    for (size_t d = 0; d < from->rank; d++)
        if (d != axis && index->dim[d] > from->dim[d])
            return crease_onnx_fail(node, "more indices than elements, in dimension %zu", d);
    crease_status status = make_like(node, index->rank, index->dim);
    for (size_t i = 0; !status && i < to->count; i++) {
        unravel(to->rank, to->dim, i, at);
        status = read_index(node, index, i, from->dim[axis], &at[axis]);
        if (!status)
            crease_onnx_copy(node->reader, to, i, from, ravel(from->rank, from->dim, at));
    }
    return status;
}

/* Indices of several dimensions at once: the last dimension of the index tensor has one for each of
 * the dimensions from `first` on. */
typedef struct {
    const crease_onnx_value *index;
    size_t first, depth, tuples, slice; /* elements that one tuple stands for */
} tuples;

static crease_status read_tuples(crease_onnx_node *node, size_t first, tuples *t)
{
    const crease_onnx_value *from = crease_onnx_input(node, 0), *index = crease_onnx_input(node, 1);
    if (index->kind != CREASE_ONNX_INTEGERS || index->rank <= first || from->rank <= first)
        return crease_onnx_fail(node, "the indices do not go with input 0");
    for (size_t d = 0; d < first; d++)
        if (index->dim[d] != from->dim[d])
            return crease_onnx_fail(node, "the indices do not go with input 0");
    *t = (tuples){index, first, index->dim[index->rank - 1], 0, 0};
    if (t->depth < 1 || t->depth > from->rank - first)
        return crease_onnx_fail(node, "%zu indices for %zu dimensions", t->depth,
                                from->rank - first);
    t->tuples = index->count / t->depth;
    t->slice = crease_onnx_count(from->rank - first - t->depth, from->dim + first + t->depth);
    return CREASE_OK;
}

/* The first element that tuple k stands for; k counts within all of the first dimensions. */
static crease_status find_tuple(crease_onnx_node *node, const tuples *t, size_t k, size_t *at)
{
    const crease_onnx_value *from = crease_onnx_input(node, 0);
    size_t batches = crease_onnx_count(t->first, from->dim);
    assert(batches > 0 && t->tuples > 0);
    size_t place = k / (t->tuples / batches);
    for (size_t q = 0; q < t->depth; q++) {
        size_t size = from->dim[t->first + q], own = 0;
        if (read_index(node, t->index, k * t->depth + q, size, &own))
            return CREASE_INPUT;
        place = place * size + own;
    }
    *at = place * t->slice;
    return CREASE_OK;
}

crease_status crease_onnx_gather_nd(crease_onnx_node *node)
{
    const crease_onnx_value *from = crease_onnx_input(node, 0), *index = crease_onnx_input(node, 1);
    crease_onnx_value *to = crease_onnx_output(node, 0);
    int64_t batch = crease_onnx_int(node, "batch_dims", 0);
    size_t rank = 0, dim[2 * CREASE_ONNX_RANK], at = 0;
    tuples t;
    if (batch < 0 || batch >= CREASE_ONNX_RANK)
        return crease_onnx_fail(node, "batch_dims is %lld", (long long)batch);
    if (read_tuples(node, (size_t)batch, &t))
        return CREASE_INPUT;
    for (size_t d = 0; d + 1 < index->rank; d++)
        dim[rank++] = index->dim[d];
    for (size_t d = t.first + t.depth; d < from->rank; d++)
        dim[rank++] = from->dim[d];
    crease_status status = make_like(node, rank, dim);
    for (size_t i = 0; !status && i < to->count; i++) {
        assert(t.slice > 0);
        if (i % t.slice == 0)
            status = find_tuple(node, &t, i / t.slice, &at);
        if (!status)
            crease_onnx_copy(node->reader, to, i, from, at + i % t.slice);
    }
    return status;
}

/* Which element of the updates goes to each place; SIZE_MAX for none. */
static crease_status scatter(crease_onnx_node *node, const size_t *update)
{
    const crease_onnx_value *from = crease_onnx_input(node, 0), *by = crease_onnx_input(node, 2);
    crease_onnx_value *to = crease_onnx_output(node, 0);
    crease_onnx_kind kind = from->kind == by->kind ? from->kind : CREASE_ONNX_AFFINE;
    crease_status status = crease_onnx_make(node, to, kind, from->type, from->rank, from->dim);
    for (size_t i = 0; !status && i < to->count; i++) {
        bool updated = update[i] != SIZE_MAX;
        crease_onnx_copy(node->reader, to, i, updated ? by : from, updated ? update[i] : i);
    }
    return status;
}

crease_status crease_onnx_scatter_nd(crease_onnx_node *node)
{
    const crease_onnx_value *from = crease_onnx_input(node, 0), *by = crease_onnx_input(node, 2);
    size_t at = 0;
    tuples t;
    if (!crease_onnx_word(node, "reduction", "none", "none"))
        return crease_onnx_fail(node, "with a reduction");
    if ((from->kind == CREASE_ONNX_INTEGERS) != (by->kind == CREASE_ONNX_INTEGERS))
        return crease_onnx_fail(node, "of numbers and integers");
    if (read_tuples(node, 0, &t))
        return CREASE_INPUT;
    if (t.tuples * t.slice != by->count)
        return crease_onnx_fail(node, "%zu updates for %zu elements", by->count,
                                t.tuples * t.slice);
    size_t *update = crease_alloc(from->count, sizeof *update);
    memset(update, 0xff, from->count * sizeof *update);
    crease_status status = CREASE_OK;
    for (size_t i = 0; !status && i < by->count; i++) {
        if (i % t.slice == 0)
            status = find_tuple(node, &t, i / t.slice, &at);
        if (!status && update[at + i % t.slice] != SIZE_MAX)
            status = crease_onnx_fail(node, "an element is updated twice");
        if (!status)
            update[at + i % t.slice] = i;
    }
    if (!status)
        status = scatter(node, update);
    free(update);
    return status;
}
