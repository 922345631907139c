#include "onnx/operators.h"

#include "base/memory.h"

#include <assert.h>
#include <string.h>

/* The j-th largest of n numbers is S_j - S_{j-1}, where S_j, the sum of the j largest, is the
 * largest of the sums of all j of them. */
typedef struct {
    size_t axis, outer, inner, size, k, pieces;
    bool smallest;
} choice;

/* The number of ways to choose k of n; 0 if there are more than CREASE_MAX_RANK. */
static size_t ways(size_t n, size_t k)
{
    size_t count = 1;
    k = k < n - k ? k : n - k;
    for (size_t i = 1; i <= k; i++) {
        count = count * (n - k + i) / i;
        if (count > CREASE_MAX_RANK)
            return 0;
    }
    return count;
}

static crease_status read_choice(crease_onnx_node *node, choice *c)
{
    const crease_onnx_value *from = crease_onnx_input(node, 0);
    size_t count = 1;
    int64_t k = node->reader->opset < 10 ? crease_onnx_int(node, "k", 0) : 0;
    const int64_t *given = node->reader->opset < 10 ? &k : crease_onnx_integers(node, 1, &count);
    bool sorted = crease_onnx_int(node, "sorted", 1) != 0;
    c->smallest = crease_onnx_int(node, "largest", 1) == 0;
    if (node->status ||
        crease_onnx_axis(node, crease_onnx_int(node, "axis", -1), from->rank, &c->axis))
        return CREASE_INPUT;
    c->size = from->dim[c->axis];
    if (from->kind == CREASE_ONNX_INTEGERS || !given || count != 1 || *given < 1 ||
        *given > (int64_t)c->size)
        return crease_onnx_fail(node, "%lld of %zu", (long long)(given && count ? *given : 0),
                                c->size);
    c->k = (size_t)*given;
    if (!sorted && c->k > 1)
        return crease_onnx_fail(node, "the order is left open (sorted is 0)");
    c->outer = crease_onnx_count(c->axis, from->dim);
    c->inner = crease_onnx_count(from->rank - c->axis - 1, from->dim + c->axis + 1);
    c->pieces = 1;
    for (size_t j = 1; j <= c->k; j++) {
        size_t pieces = ways(c->size, j);
        if (!pieces)
            return crease_onnx_fail(node, "%zu of %zu have more than %d sums of %zu", c->k, c->size,
                                    CREASE_MAX_RANK, j);
        c->pieces = pieces > c->pieces ? pieces : c->pieces;
    }
    return CREASE_OK;
}

/* The next j of n numbers in the order of their lists; false behind the last. */
static bool next(size_t *chosen, size_t j, size_t n)
{
    size_t q = j;
    while (q > 0 && chosen[q - 1] == n - j + q - 1)
        q--;
    if (q == 0)
        return false;
    chosen[q - 1]++;
    for (; q < j; q++)
        chosen[q] = chosen[q - 1] + 1;
    return true;
}

/* All sums of j elements; then the first of them again. */
static void add_pieces(crease_onnx_node *node, const choice *c, size_t first, size_t j,
                       crease_affine **row)
{
    const crease_onnx_value *from = crease_onnx_input(node, 0);
    size_t chosen[CREASE_MAX_RANK], piece = 0;
    mpq_t sign;
    mpq_init(sign);
    mpq_set_si(sign, c->smallest ? -1 : 1, 1);
    for (size_t q = 0; q < j; q++)
        chosen[q] = q;
    do {
        for (size_t q = 0; q < j; q++)
            crease_onnx_add(node->reader, from, first + chosen[q] * c->inner, (const mpq_t *)&sign);
        row[piece++] = crease_affine_sum_close(node->reader->sum);
    } while (next(chosen, j, c->size));
    assert(piece <= c->pieces);
    for (; piece < c->pieces; piece++)
        row[piece] = crease_affine_retain(row[0]);
    mpq_clear(sign);
}

crease_status crease_onnx_top_k(crease_onnx_node *node)
{
    const crease_onnx_value *from = crease_onnx_input(node, 0);
    choice c;
    size_t dim[CREASE_ONNX_RANK];
    if (read_choice(node, &c))
        return CREASE_INPUT;
    size_t groups = c.outer * c.inner, units = groups * c.k;
    memcpy(dim, from->dim, sizeof dim);
    dim[c.axis] = c.k;
    if (crease_onnx_fits(node, units, c.pieces))
        return CREASE_INPUT;
    if (c.size == 1)
        return crease_onnx_identity(node);
    crease_affine **row = crease_alloc(units * c.pieces, sizeof *row);
    crease_onnx_units *u = crease_onnx_units_new(CREASE_MAXOUT, c.pieces, units, row);
    crease_onnx_units_factors(u, units, 2);
    u->index = crease_alloc(2 * units, sizeof *u->index);
    for (size_t i = 0; i < units; i++) {
        size_t group = i / c.k, j = i % c.k, o = group / c.inner, n = group % c.inner;
        add_pieces(node, &c, o * c.size * c.inner + n, j + 1, row + i * c.pieces);
        size_t at = 2 * ((o * c.k + j) * c.inner + n);
        u->index[at] = i;
        u->index[at + 1] = j ? i - 1 : i;
        mpq_set_si(u->factor[at], c.smallest ? -1 : 1, 1);
        mpq_set_si(u->factor[at + 1], j == 0 ? 0 : c.smallest ? 1 : -1, 1);
    }
    return crease_onnx_ask(node, u, from->type, from->rank, dim);
}
