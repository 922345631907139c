#include "onnx/operators.h"

#include <assert.h>
#include <string.h>

/* to[i] = from at start + sum of index[d] step[d], for all indices of the shape that `to` has. */
static void stride(crease_onnx *reader, crease_onnx_value *to, const crease_onnx_value *from,
                   size_t start, const ptrdiff_t *step)
{
    size_t index[CREASE_ONNX_RANK] = {0};
    ptrdiff_t at = (ptrdiff_t)start;
    for (size_t i = 0; i < to->count; i++) {
        crease_onnx_copy(reader, to, i, from, (size_t)at);
        for (size_t d = to->rank; d-- > 0;) {
            at += step[d];
            if (++index[d] < to->dim[d])
                break;
            at -= step[d] * (ptrdiff_t)to->dim[d];
            index[d] = 0;
        }
    }
}

/* The distance of neighbours along each dimension. */
static void steps(const crease_onnx_value *value, ptrdiff_t *step)
{
    ptrdiff_t one = 1;
    for (size_t d = value->rank; d-- > 0; one *= (ptrdiff_t)value->dim[d])
        step[d] = one;
}

/* Elements before and behind an axis. */
static void around(const crease_onnx_value *value, size_t axis, size_t *outer, size_t *inner)
{
    *outer = crease_onnx_count(axis, value->dim);
    *inner = crease_onnx_count(value->rank - axis - 1, value->dim + axis + 1);
}

static crease_status make_like(crease_onnx_node *node, const crease_onnx_value *from, size_t rank,
                               const size_t *dim)
{
    return crease_onnx_make(node, crease_onnx_output(node, 0), from->kind, from->type, rank, dim);
}

crease_status crease_onnx_transpose(crease_onnx_node *node)
{
    const crease_onnx_value *from = crease_onnx_input(node, 0);
    size_t count, dim[CREASE_ONNX_RANK];
    ptrdiff_t step[CREASE_ONNX_RANK], moved[CREASE_ONNX_RANK];
    bool mark[CREASE_ONNX_RANK];
    const int64_t *order = crease_onnx_ints(node, "perm", &count);
    if (order && count != from->rank)
        return crease_onnx_fail(node, "perm of %zu for %zu dimensions", count, from->rank);
    if (crease_onnx_axes(node, order, count, from->rank, mark))
        return CREASE_INPUT;
    steps(from, step);
    for (size_t d = 0; d < from->rank; d++) {
        if (order && order[d] < 0)
            return crease_onnx_fail(node, "perm has %lld", (long long)order[d]);
        size_t source = order ? (size_t)order[d] : from->rank - 1 - d;
        dim[d] = from->dim[source];
        moved[d] = step[source];
    }
    crease_status status = make_like(node, from, from->rank, dim);
    if (!status)
        stride(node->reader, crease_onnx_output(node, 0), from, 0, moved);
    return status;
}

/* Broadcasting to a shape, which may in turn be extended by the value's own. */
crease_status crease_onnx_expand(crease_onnx_node *node)
{
    const crease_onnx_value *from = crease_onnx_input(node, 0);
    crease_onnx_value shape = {0}, *to = crease_onnx_output(node, 0);
    size_t rank, dim[CREASE_ONNX_RANK];
    const int64_t *size = crease_onnx_integers(node, 1, &shape.rank);
    if (node->status)
        return node->status;
    if (shape.rank > CREASE_ONNX_RANK)
        return crease_onnx_fail(node, "%zu dimensions, more than %d", shape.rank, CREASE_ONNX_RANK);
    for (size_t d = 0; d < shape.rank; d++) {
        if (size[d] < 1 || size[d] > CREASE_ONNX_ELEMENTS)
            return crease_onnx_fail(node, "dimension %zu is %lld", d, (long long)size[d]);
        shape.dim[d] = (size_t)size[d];
    }
    const crease_onnx_value *const both[2] = {from, &shape};
    crease_status status = crease_onnx_broadcast(node, both, 2, &rank, dim);
    status = status ? status : make_like(node, from, rank, dim);
    for (size_t i = 0; !status && i < to->count; i++)
        crease_onnx_copy(node->reader, to, i, from, crease_onnx_at(from, rank, dim, i));
    return status;
}

/* ---- Slice ---- */

/* First index and number of indices of start, start + step, ... before end. */
static void clip_range(int64_t start, int64_t end, int64_t step, int64_t size, int64_t *first,
                       size_t *count)
{
    int64_t low = step > 0 ? 0 : -1, high = step > 0 ? size : size - 1;
    start += start < 0 ? size : 0;
    end += end < 0 ? size : 0;
    start = start < low ? low : start > high ? high : start;
    end = end < low ? low : end > high ? high : end;
    int64_t length = step > 0 ? end - start : start - end, by = step > 0 ? step : -step;
    *first = start;
    *count = length > 0 ? (size_t)((length - 1) / by + 1) : 0;
}

crease_status crease_onnx_slice(crease_onnx_node *node)
{
    const crease_onnx_value *from = crease_onnx_input(node, 0);
    size_t count, ends, axes, by = 0, dim[CREASE_ONNX_RANK], at = 0, axis[CREASE_ONNX_RANK];
    ptrdiff_t step[CREASE_ONNX_RANK];
    bool mark[CREASE_ONNX_RANK], newer = node->reader->opset >= 10;
    const int64_t *start = crease_onnx_list(node, "starts", 10, 1, &count);
    const int64_t *end = crease_onnx_list(node, "ends", 10, 2, &ends);
    const int64_t *given = crease_onnx_list(node, "axes", 10, 3, &axes);
    const int64_t *jump = newer ? crease_onnx_integers(node, 4, &by) : NULL;
    if (node->status)
        return node->status;
    if (!start || !end || ends != count || (given && axes != count) || (jump && by != count) ||
        count > from->rank)
        return crease_onnx_fail(node, "starts, ends, axes and steps do not go together");
    if (given && crease_onnx_axes(node, given, count, from->rank, mark))
        return CREASE_INPUT;
    steps(from, step);
    memcpy(dim, from->dim, sizeof dim);
    for (size_t k = 0; k < count; k++) {
        int64_t first, stepping = jump ? jump[k] : 1;
        axis[k] = given ? (size_t)(given[k] + (given[k] < 0 ? (int64_t)from->rank : 0)) : k;
        if (stepping == 0 || stepping < -INT32_MAX || stepping > INT32_MAX)
            return crease_onnx_fail(node, "step %lld", (long long)stepping);
        /* From before the first element backwards: implementations differ. */
        if (stepping < 0 && start[k] < -(int64_t)from->dim[axis[k]])
            return crease_onnx_fail(node, "start %lld of %zu", (long long)start[k],
                                    from->dim[axis[k]]);
        clip_range(start[k], end[k], stepping, (int64_t)from->dim[axis[k]], &first, &dim[axis[k]]);
        if (dim[axis[k]])
            at += (size_t)first * (size_t)step[axis[k]];
        step[axis[k]] *= (ptrdiff_t)stepping;
    }
    crease_status status = make_like(node, from, from->rank, dim);
    if (!status)
        stride(node->reader, crease_onnx_output(node, 0), from, at, step);
    return status;
}

/* ---- Concat, Split, Gather ---- */

crease_status crease_onnx_concat(crease_onnx_node *node)
{
    const crease_onnx_value *first = crease_onnx_input(node, 0);
    size_t axis, all = 0, dim[CREASE_ONNX_RANK], outer, inner, at = 0;
    crease_onnx_kind kind = first->kind;
    if (crease_onnx_axis(node, crease_onnx_int(node, "axis", 1), first->rank, &axis))
        return CREASE_INPUT;
    for (size_t v = 0; v < node->inputs; v++) {
        const crease_onnx_value *value = crease_onnx_input(node, v);
        if (!value || value->rank != first->rank || value->dim[axis] > CREASE_ONNX_ELEMENTS)
            return crease_onnx_fail(node, "input %zu does not go with the first", v);
        for (size_t d = 0; d < first->rank; d++)
            if (d != axis && value->dim[d] != first->dim[d])
                return crease_onnx_fail(node, "input %zu does not go with the first", v);
        if ((value->kind == CREASE_ONNX_INTEGERS) != (kind == CREASE_ONNX_INTEGERS))
            return crease_onnx_fail(node, "of numbers and integers");
        kind = value->kind == CREASE_ONNX_AFFINE ? value->kind : kind;
        all += value->dim[axis];
    }
    memcpy(dim, first->dim, sizeof dim);
    dim[axis] = all;
    crease_onnx_value *to = crease_onnx_output(node, 0);
    crease_status status = crease_onnx_make(node, to, kind, first->type, first->rank, dim);
    around(first, axis, &outer, &inner);
    for (size_t v = 0; v < node->inputs && !status; v++) {
        const crease_onnx_value *value = crease_onnx_input(node, v);
        size_t part = value->dim[axis] * inner;
        for (size_t i = 0; i < value->count; i++)
            crease_onnx_copy(node->reader, to, i / part * all * inner + at + i % part, value, i);
        at += part;
    }
    return status;
}

static crease_status split_part(crease_onnx_node *node, size_t k, size_t axis, size_t begin,
                                size_t length)
{
    const crease_onnx_value *from = crease_onnx_input(node, 0);
    crease_onnx_value *to = crease_onnx_output(node, k);
    size_t outer, inner, dim[CREASE_ONNX_RANK];
    if (!to || !to->uses)
        return CREASE_OK;
    memcpy(dim, from->dim, sizeof dim);
    dim[axis] = length;
    around(from, axis, &outer, &inner);
    crease_status status = crease_onnx_make(node, to, from->kind, from->type, from->rank, dim);
    for (size_t i = 0; !status && i < to->count; i++) {
        size_t part = length * inner;
        crease_onnx_copy(node->reader, to, i, from,
                         (i / part * from->dim[axis] + begin) * inner + i % part);
    }
    return status;
}

/* Without sizes in equal parts; the last one may be smaller from version 18 on. */
crease_status crease_onnx_split(crease_onnx_node *node)
{
    const crease_onnx_value *from = crease_onnx_input(node, 0);
    size_t axis, count, begin = 0, parts = node->proto->n_output;
    assert(parts > 0); /* an output is needed */
    const int64_t *size = crease_onnx_list(node, "split", 13, 1, &count);
    int64_t wanted = node->reader->opset >= 18
                         ? crease_onnx_int(node, "num_outputs", (int64_t)parts)
                         : (int64_t)parts;
    if (crease_onnx_axis(node, crease_onnx_int(node, "axis", 0), from->rank, &axis) || node->status)
        return CREASE_INPUT;
    size_t all = from->dim[axis], each = (all + parts - 1) / parts;
    if ((size && count != parts) || wanted != (int64_t)parts)
        return crease_onnx_fail(node, "%zu outputs, and another number of parts", parts);
    if (!size && (node->reader->opset < 18 ? all % parts != 0 : each * (parts - 1) >= all))
        return crease_onnx_fail(node, "%zu does not divide into %zu parts", all, parts);
    for (size_t k = 0; k < parts; k++) {
        size_t length = !size ? (k + 1 < parts ? each : all - begin)
                        : size[k] < 0 || size[k] > (int64_t)(all - begin) ? SIZE_MAX
                                                                          : (size_t)size[k];
        if (length == SIZE_MAX || (k + 1 == parts && begin + length != all))
            return crease_onnx_fail(node, "the parts do not add up to %zu", all);
        if (split_part(node, k, axis, begin, length))
            return CREASE_INPUT;
        begin += length;
    }
    return CREASE_OK;
}

crease_status crease_onnx_gather(crease_onnx_node *node)
{
    const crease_onnx_value *from = crease_onnx_input(node, 0), *index = crease_onnx_input(node, 1);
    size_t axis, outer, inner, rank = 0, dim[2 * CREASE_ONNX_RANK];
    if (crease_onnx_axis(node, crease_onnx_int(node, "axis", 0), from->rank, &axis))
        return CREASE_INPUT;
    if (index->kind != CREASE_ONNX_INTEGERS)
        return crease_onnx_fail(node, "the indices are not integers");
    int64_t size = (int64_t)from->dim[axis];
    for (size_t k = 0; k < index->count; k++)
        if (index->integer[k] < -size || index->integer[k] >= size)
            return crease_onnx_fail(node, "index %lld of %lld", (long long)index->integer[k],
                                    (long long)size);
    for (size_t d = 0; d < axis; d++)
        dim[rank++] = from->dim[d];
    for (size_t d = 0; d < index->rank; d++)
        dim[rank++] = index->dim[d];
    for (size_t d = axis + 1; d < from->rank; d++)
        dim[rank++] = from->dim[d];
    around(from, axis, &outer, &inner);
    crease_onnx_value *to = crease_onnx_output(node, 0);
    crease_status status = make_like(node, from, rank, dim);
    for (size_t i = 0; !status && i < to->count; i++) {
        assert(inner > 0 && index->count > 0);
        int64_t k = index->integer[i / inner % index->count];
        size_t row = i / inner / index->count * (size_t)size + (size_t)(k < 0 ? k + size : k);
        crease_onnx_copy(node->reader, to, i, from, row * inner + i % inner);
    }
    return status;
}
