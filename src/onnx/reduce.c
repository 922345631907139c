#include "onnx/operators.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

/* The elements of a tensor in groups of equal size: element k of group g, in row-major order, is
 * member[g size + k]. */
typedef struct {
    size_t groups, size;
    size_t *member;
    size_t rank, dim[CREASE_ONNX_RANK]; /* of the result */
} groups;

/* Groups along the marked dimensions. */
static void split(const crease_onnx_value *from, const bool *mark, bool keep, groups *g)
{
    size_t step[CREASE_ONNX_RANK + 1], next = 1;
    g->size = g->groups = 1;
    g->rank = 0;
    for (size_t d = 0; d < from->rank; d++) {
        if (mark[d])
            g->size *= from->dim[d];
        else
            g->groups *= from->dim[d];
        if (keep || !mark[d])
            g->dim[g->rank++] = mark[d] ? 1 : from->dim[d];
    }
    for (size_t d = from->rank; d-- > 0; next *= from->dim[d])
        step[d] = next;
    g->member = crease_alloc(from->count, sizeof *g->member);
    for (size_t i = 0; i < from->count; i++) {
        size_t group = 0, place = 0;
        for (size_t d = 0; d < from->rank; d++) {
            size_t index = i / step[d] % from->dim[d];
            if (mark[d])
                place = place * from->dim[d] + index;
            else
                group = group * from->dim[d] + index;
        }
        g->member[group * g->size + place] = i;
    }
}

/* The axes as of version `since` are an input; none means all, or none at all if the node says so.
 */
static crease_status read_groups(crease_onnx_node *node, int64_t since, groups *g)
{
    const crease_onnx_value *from = crease_onnx_input(node, 0);
    bool mark[CREASE_ONNX_RANK];
    size_t count;
    memset(g, 0, sizeof *g);
    const int64_t *axis = crease_onnx_list(node, "axes", since, 1, &count);
    bool keep = crease_onnx_int(node, "keepdims", 1) != 0;
    bool none =
        node->reader->opset >= since && crease_onnx_int(node, "noop_with_empty_axes", 0) != 0;
    if (from->kind == CREASE_ONNX_INTEGERS)
        return crease_onnx_fail(node, "of integers");
    if (from->count == 0)
        return crease_onnx_fail(node, "of no elements");
    if (node->status || crease_onnx_axes(node, axis, count, from->rank, mark))
        return CREASE_INPUT;
    for (size_t d = 0; d < from->rank && count == 0; d++)
        mark[d] = !none;
    split(from, mark, keep, g);
    return CREASE_OK;
}

/* All dimensions but those of the batch and the channels. */
static crease_status spatial_groups(crease_onnx_node *node, groups *g)
{
    const crease_onnx_value *from = crease_onnx_input(node, 0);
    bool mark[CREASE_ONNX_RANK];
    memset(g, 0, sizeof *g);
    if (from->kind == CREASE_ONNX_INTEGERS || from->rank < 3 || from->count == 0)
        return crease_onnx_fail(node, "input 0 has no dimensions behind the channels");
    for (size_t d = 0; d < from->rank; d++)
        mark[d] = d > 1;
    split(from, mark, true, g);
    return CREASE_OK;
}

static crease_status add(crease_onnx_node *node, bool mean, groups *g, crease_status status)
{
    const crease_onnx_value *from = crease_onnx_input(node, 0);
    crease_onnx_value *to = crease_onnx_output(node, 0);
    mpq_t share;
    mpq_init(share);
    if (!status)
        status = crease_onnx_make(node, to, CREASE_ONNX_AFFINE, from->type, g->rank, g->dim);
    if (!status)
        mpq_set_ui(share, 1, mean ? g->size : 1);
    for (size_t i = 0; !status && i < to->count; i++) {
        for (size_t k = 0; k < g->size; k++)
            crease_onnx_add(node->reader, from, g->member[i * g->size + k],
                            mean ? (const mpq_t *)&share : NULL);
        crease_onnx_close(node->reader, to, i);
    }
    mpq_clear(share);
    free(g->member);
    return status;
}

static crease_status extreme(crease_onnx_node *node, bool smallest, groups *g, crease_status status)
{
    const crease_onnx_value *from = crease_onnx_input(node, 0);
    if (!status) {
        size_t rows = g->groups * g->size;
        crease_affine **row = crease_alloc(rows, sizeof *row);
        for (size_t i = 0; i < rows; i++)
            row[i] = crease_onnx_element(node->reader, from, g->member[i]);
        status = crease_onnx_extreme(node, smallest, g->size, from->type, g->rank, g->dim, row);
    }
    free(g->member);
    return status;
}

crease_status crease_onnx_reduce_sum(crease_onnx_node *node)
{
    groups g;
    crease_status status = read_groups(node, 13, &g);
    return add(node, false, &g, status);
}

crease_status crease_onnx_reduce_mean(crease_onnx_node *node)
{
    groups g;
    crease_status status = read_groups(node, 18, &g);
    return add(node, true, &g, status);
}

/* The sum of absolute values: a unit for each element. */
crease_status crease_onnx_reduce_l1(crease_onnx_node *node)
{
    const crease_onnx_value *from = crease_onnx_input(node, 0);
    groups g;
    crease_status status = read_groups(node, 18, &g);
    if (!status && !crease_onnx_constant(from))
        status = crease_onnx_fits(node, from->count, 1);
    if (!status) {
        crease_affine **row = crease_alloc(from->count, sizeof *row);
        for (size_t i = 0; i < from->count; i++)
            row[i] = crease_onnx_element(node->reader, from, g.member[i]);
        crease_onnx_units *u = crease_onnx_units_new(CREASE_ABS, 1, from->count, row);
        u->outputs = g.groups;
        u->terms = g.size;
        status = crease_onnx_ask(node, u, from->type, g.rank, g.dim);
    }
    free(g.member);
    return status;
}

crease_status crease_onnx_reduce_max(crease_onnx_node *node)
{
    groups g;
    crease_status status = read_groups(node, 18, &g);
    return extreme(node, false, &g, status);
}

crease_status crease_onnx_reduce_min(crease_onnx_node *node)
{
    groups g;
    crease_status status = read_groups(node, 18, &g);
    return extreme(node, true, &g, status);
}

crease_status crease_onnx_global_average_pool(crease_onnx_node *node)
{
    groups g;
    crease_status status = spatial_groups(node, &g);
    return add(node, true, &g, status);
}

crease_status crease_onnx_global_max_pool(crease_onnx_node *node)
{
    groups g;
    crease_status status = spatial_groups(node, &g);
    return extreme(node, false, &g, status);
}
