#include "onnx/operators.h"

#include "base/memory.h"

#include <assert.h>
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- One row ---- */

/* A unit for every element of the input, of these rows. */
static crease_status ask(crease_onnx_node *node, crease_activation activation, mpq_t parameter[2],
                         crease_affine **row)
{
    const crease_onnx_value *from = crease_onnx_input(node, 0);
    crease_onnx_units *u = crease_onnx_units_new(activation, 1, from->count, row);
    if (parameter) {
        mpq_set(u->parameter[0], parameter[0]);
        mpq_set(u->parameter[1], parameter[1]);
    }
    return crease_onnx_ask(node, u, from->type, from->rank, from->dim);
}

/* factor x + shift for every element x of the input; NULL are 1 and 0. */
static crease_affine **rows_of(crease_onnx_node *node, const mpq_t *factor, const mpq_t *shift)
{
    const crease_onnx_value *from = crease_onnx_input(node, 0);
    crease_affine **row = crease_alloc(from->count, sizeof *row);
    for (size_t i = 0; i < from->count; i++) {
        if (!factor && !shift) {
            row[i] = crease_onnx_element(node->reader, from, i);
            continue;
        }
        crease_onnx_add(node->reader, from, i, factor);
        if (shift)
            crease_affine_add_constant(node->reader->sum, *shift, NULL);
        row[i] = crease_affine_sum_close(node->reader->sum);
    }
    return row;
}

static crease_status switch_input(crease_onnx_node *node, crease_activation activation,
                                  mpq_t parameter[2])
{
    const crease_onnx_value *from = crease_onnx_input(node, 0);
    if (from->kind == CREASE_ONNX_INTEGERS)
        return crease_onnx_fail(node, "of integers");
    return ask(node, activation, parameter, rows_of(node, NULL, NULL));
}

crease_status crease_onnx_relu(crease_onnx_node *node)
{
    return switch_input(node, CREASE_RELU, NULL);
}

crease_status crease_onnx_abs(crease_onnx_node *node)
{
    return switch_input(node, CREASE_ABS, NULL);
}

crease_status crease_onnx_leaky_relu(crease_onnx_node *node)
{
    mpq_t slope[2];
    mpq_inits(slope[0], slope[1], NULL);
    crease_onnx_exact(node, "alpha", 0.01f, slope[0]);
    crease_status status = switch_input(node, CREASE_LEAKY_RELU, slope);
    mpq_clears(slope[0], slope[1], NULL);
    return status;
}

/* 0 up to alpha and x above it: only with alpha 0 without a jump. */
crease_status crease_onnx_thresholded_relu(crease_onnx_node *node)
{
    double alpha = crease_onnx_float(node, "alpha", 1);
    if (node->status)
        return node->status;
    if (alpha != 0)
        return crease_onnx_fail(node,
                                "alpha is %.9g: the function jumps there; only alpha 0, which "
                                "is Relu, is continuous",
                                alpha);
    return switch_input(node, CREASE_RELU, NULL);
}

static bool same_slopes(const crease_onnx_value *slope)
{
    mpq_t first, other;
    mpq_inits(first, other, NULL);
    bool same = true;
    crease_onnx_get(slope, 0, first);
    for (size_t i = 1; i < slope->count && same; i++) {
        crease_onnx_get(slope, i, other);
        same = mpq_equal(first, other) != 0;
    }
    mpq_clears(first, other, NULL);
    return same;
}

/* s x + (1 - s) max(x, 0), with the slope s of each element. */
static crease_status slopes(crease_onnx_node *node, const crease_onnx_value *slope)
{
    const crease_onnx_value *from = crease_onnx_input(node, 0);
    if (!crease_onnx_constant(from) && crease_onnx_fits(node, from->count, 1))
        return CREASE_INPUT;
    crease_onnx_units *u =
        crease_onnx_units_new(CREASE_RELU, 1, from->count, rows_of(node, NULL, NULL));
    mpq_t s;
    mpq_init(s);
    crease_onnx_units_factors(u, from->count, 1);
    crease_onnx_units_offsets(u);
    for (size_t i = 0; i < from->count; i++) {
        crease_onnx_get(slope, crease_onnx_at(slope, from->rank, from->dim, i), s);
        crease_onnx_add(node->reader, from, i, (const mpq_t *)&s);
        u->offset[i] = crease_affine_sum_close(node->reader->sum);
        mpq_set_ui(u->factor[i], 1, 1);
        mpq_sub(u->factor[i], u->factor[i], s);
    }
    mpq_clear(s);
    return crease_onnx_ask(node, u, from->type, from->rank, from->dim);
}

crease_status crease_onnx_prelu(crease_onnx_node *node)
{
    const crease_onnx_value *from = crease_onnx_input(node, 0), *slope = crease_onnx_input(node, 1);
    const crease_onnx_value *const both[2] = {from, slope};
    size_t rank, dim[CREASE_ONNX_RANK];
    if (from->kind == CREASE_ONNX_INTEGERS || slope->kind == CREASE_ONNX_INTEGERS)
        return crease_onnx_fail(node, "of integers");
    if (slope->count == 0 || !crease_onnx_constant(slope))
        return crease_onnx_fail(node, "the slopes depend on the input");
    if (node->reader->opset < 7 && slope->count > 1)
        return crease_onnx_fail(node, "several slopes, in version %lld of the operators",
                                (long long)node->reader->opset);
    if (crease_onnx_broadcast(node, both, 2, &rank, dim))
        return CREASE_INPUT;
    if (rank != from->rank || memcmp(dim, from->dim, rank * sizeof *dim))
        return crease_onnx_fail(node, "more slopes than elements");
    if (!same_slopes(slope))
        return slopes(node, slope);
    mpq_t one[2];
    mpq_inits(one[0], one[1], NULL);
    crease_onnx_get(slope, 0, one[0]);
    crease_status status = switch_input(node, CREASE_LEAKY_RELU, one);
    mpq_clears(one[0], one[1], NULL);
    return status;
}

/* ---- Between bounds ---- */

/* max(z - bound, 0) + bound, or with upper bounds bound - max(bound - z, 0). */
static crease_status one_sided(crease_onnx_node *node, bool upper, const mpq_t bound)
{
    const crease_onnx_value *from = crease_onnx_input(node, 0);
    mpq_t sign, shift;
    mpq_inits(sign, shift, NULL);
    mpq_set_si(sign, upper ? -1 : 1, 1);
    if (upper)
        mpq_set(shift, bound);
    else
        mpq_neg(shift, bound);
    crease_onnx_units *u = crease_onnx_units_new(
        CREASE_RELU, 1, from->count, rows_of(node, (const mpq_t *)&sign, (const mpq_t *)&shift));
    crease_onnx_units_factors(u, u->units, 1);
    for (size_t i = 0; i < u->units; i++)
        mpq_set(u->factor[i], sign);
    if (mpq_sgn(bound))
        crease_onnx_units_offsets(u);
    for (size_t i = 0; u->offset && i < u->units; i++)
        u->offset[i] = crease_affine_constant(&node->reader->meter, bound);
    mpq_clears(sign, shift, NULL);
    return crease_onnx_ask(node, u, from->type, from->rank, from->dim);
}

/* Bounds that leave no room: max(x, low) is never less than low, and the upper bound comes last. */
static crease_status all_equal(crease_onnx_node *node, const mpq_t value)
{
    const crease_onnx_value *from = crease_onnx_input(node, 0);
    crease_onnx_value *to = crease_onnx_output(node, 0);
    crease_status status =
        crease_onnx_make(node, to, CREASE_ONNX_AFFINE, from->type, from->rank, from->dim);
    if (status)
        return status;
    crease_affine *constant = crease_affine_constant(&node->reader->meter, value);
    for (size_t i = 0; i < to->count; i++)
        to->affine[i] = crease_affine_retain(constant);
    crease_affine_release(&node->reader->meter, constant);
    crease_onnx_note(node->reader, "Clip (node %zu): min is not less than max: all are max",
                     node->index);
    return CREASE_OK;
}

/* A bound.  An infinite one is none, and so is the largest number of its type, which is what the
 * operator has for a bound that is left out; that is noted. */
static crease_status read_bound(crease_onnx_node *node, size_t i, const char *name, bool *there,
                                mpq_t out)
{
    double side = i == 1 ? -1 : 1, value = side * INFINITY, largest = (double)FLT_MAX;
    if (node->reader->opset < 11) {
        value = crease_onnx_float(node, name, value);
    } else if (crease_onnx_input(node, i)) {
        const crease_onnx_value *given = crease_onnx_input(node, i);
        if (given->kind == CREASE_ONNX_INTEGERS || given->count != 1 ||
            !crease_onnx_constant(given) || (given->number && isnan(given->number[0])))
            return crease_onnx_fail(node, "input %zu is not one number", i);
        if (given->affine) {
            mpq_set(out, given->affine[0]->constant);
            *there = true;
            return CREASE_OK;
        }
        assert(given->number);
        value = given->number[0];
        if (given->type == ONNX__TENSOR_PROTO__DATA_TYPE__DOUBLE)
            largest = DBL_MAX;
    }
    *there = value != side * INFINITY && value != side * largest;
    if (value == side * largest)
        crease_onnx_note(node->reader,
                         "Clip (node %zu): %s %.9g, the largest number of its type, is no bound",
                         node->index, name, value);
    if (*there && !isfinite(value))
        return crease_onnx_fail(node, "%s is on the wrong side", name);
    if (*there)
        mpq_set_d(out, value);
    return CREASE_OK;
}

crease_status crease_onnx_clip(crease_onnx_node *node)
{
    const crease_onnx_value *from = crease_onnx_input(node, 0);
    bool low = false, high = false;
    mpq_t bound[2];
    if (from->kind == CREASE_ONNX_INTEGERS)
        return crease_onnx_fail(node, "of integers");
    for (size_t i = 0; from->kind == CREASE_ONNX_NUMBERS && i < from->count; i++)
        if (!isfinite(from->number[i]))
            return crease_onnx_fail(node, "element %zu of input 0 is not finite", i);
    mpq_inits(bound[0], bound[1], NULL);
    crease_status status = read_bound(node, 1, "min", &low, bound[0]);
    status = status ? status : read_bound(node, 2, "max", &high, bound[1]);
    if (!status && node->reader->opset < 11 && node->inputs > 1)
        status = crease_onnx_fail(node, "bounds as inputs, before version 11 of the operators");
    if (!status && low && high && mpq_cmp(bound[0], bound[1]) >= 0)
        status = all_equal(node, bound[1]);
    else if (!status && low && high)
        status = switch_input(node, CREASE_CLIP, bound);
    else if (!status && (low || high))
        status = one_sided(node, high, bound[high]);
    else if (!status)
        status = crease_onnx_identity(node);
    mpq_clears(bound[0], bound[1], NULL);
    return status;
}

/* alpha x + beta between 0 and 1. */
crease_status crease_onnx_hard_sigmoid(crease_onnx_node *node)
{
    mpq_t alpha, beta, bound[2];
    if (crease_onnx_input(node, 0)->kind == CREASE_ONNX_INTEGERS)
        return crease_onnx_fail(node, "of integers");
    mpq_inits(alpha, beta, bound[0], bound[1], NULL);
    mpq_set_ui(bound[1], 1, 1);
    crease_onnx_exact(node, "alpha", 0.2f, alpha);
    crease_onnx_exact(node, "beta", 0.5f, beta);
    crease_status status =
        ask(node, CREASE_CLIP, bound, rows_of(node, (const mpq_t *)&alpha, (const mpq_t *)&beta));
    mpq_clears(alpha, beta, bound[0], bound[1], NULL);
    return status;
}

/* ---- The largest of several ---- */

static crease_status extreme_of_inputs(crease_onnx_node *node, bool smallest)
{
    size_t rank, dim[CREASE_ONNX_RANK], pieces = node->inputs;
    assert(pieces > 0);
    const crease_onnx_value **value = crease_alloc(pieces, sizeof *value);
    crease_status status = CREASE_OK;
    for (size_t v = 0; v < pieces && !status; v++) {
        value[v] = crease_onnx_input(node, v);
        if (!value[v] || value[v]->kind == CREASE_ONNX_INTEGERS)
            status = crease_onnx_fail(node, "input %zu is not a tensor of numbers", v);
    }
    status = status ? status : crease_onnx_broadcast(node, value, pieces, &rank, dim);
    size_t count = status ? 0 : crease_onnx_count(rank, dim);
    if (!status && count > CREASE_ONNX_ELEMENTS / pieces)
        status = crease_onnx_fail(node, "more than %d elements", CREASE_ONNX_ELEMENTS);
    if (!status) {
        crease_affine **row = crease_alloc(count * pieces, sizeof *row);
        for (size_t i = 0; i < count * pieces; i++)
            row[i] = crease_onnx_element(node->reader, value[i % pieces],
                                         crease_onnx_at(value[i % pieces], rank, dim, i / pieces));
        status = crease_onnx_extreme(node, smallest, pieces, value[0]->type, rank, dim, row);
    }
    free(value);
    return status;
}

crease_status crease_onnx_max(crease_onnx_node *node)
{
    return extreme_of_inputs(node, false);
}

crease_status crease_onnx_min(crease_onnx_node *node)
{
    return extreme_of_inputs(node, true);
}
