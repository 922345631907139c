#include "onnx/operators.h"

#include "base/memory.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

void crease_onnx_units_free(crease_onnx *reader, crease_onnx_units *units)
{
    if (!units)
        return;
    for (size_t i = 0; i < units->units * units->rank; i++)
        crease_affine_release(&reader->meter, units->row[i]);
    for (size_t i = 0; units->offset && i < units->units; i++)
        crease_affine_release(&reader->meter, units->offset[i]);
    mpq_clears(units->parameter[0], units->parameter[1], NULL);
    free(units->row);
    free(units->offset);
    free(units);
}

static crease_onnx_units *units_new(crease_activation activation, size_t rank, size_t units,
                                    crease_affine **row)
{
    crease_onnx_units *u = crease_alloc(1, sizeof *u);
    u->activation = activation;
    u->rank = rank;
    u->units = units;
    u->row = row;
    mpq_inits(u->parameter[0], u->parameter[1], NULL);
    return u;
}

/* ---- Constants ---- */

/* The activation of a number. */
static void apply(const crease_onnx_units *u, mpq_t z)
{
    if (u->activation == CREASE_CLIP) {
        if (mpq_cmp(z, u->parameter[0]) < 0)
            mpq_set(z, u->parameter[0]);
        if (mpq_cmp(z, u->parameter[1]) > 0)
            mpq_set(z, u->parameter[1]);
    } else if (mpq_sgn(z) < 0) {
        if (u->activation == CREASE_ABS)
            mpq_neg(z, z);
        else /* slope 0 for relu */
            mpq_mul(z, z, u->parameter[0]);
    }
}

static void evaluate(const crease_onnx_units *u, size_t unit, mpq_t z)
{
    mpq_set(z, u->row[unit * u->rank]->constant);
    for (size_t k = 1; k < u->rank; k++)
        if (mpq_cmp(u->row[unit * u->rank + k]->constant, z) > 0)
            mpq_set(z, u->row[unit * u->rank + k]->constant);
    if (u->activation != CREASE_MAXOUT)
        apply(u, z);
    if (u->negated)
        mpq_neg(z, z);
    if (u->offset)
        mpq_add(z, z, u->offset[unit]->constant);
}

static bool all_constant(const crease_onnx_units *u)
{
    for (size_t i = 0; i < u->units * u->rank; i++)
        if (u->row[i]->terms)
            return false;
    return true;
}

/* Leaves the units with the node, or gives the output if nothing switches. */
static crease_status ask(crease_onnx_node *node, crease_onnx_units *u, int type, size_t rank,
                         const size_t *dim)
{
    crease_onnx *reader = node->reader;
    crease_onnx_value *to = crease_onnx_output(node, 0);
    bool constant = all_constant(u);
    crease_status status = crease_onnx_make(
        node, to, constant ? CREASE_ONNX_AFFINE : CREASE_ONNX_LATER, type, rank, dim);
    if (!status && !constant) {
        node->switches = u;
        return CREASE_OK;
    }
    mpq_t z;
    mpq_init(z);
    for (size_t i = 0; i < u->units && !status; i++) {
        evaluate(u, i, z);
        to->affine[i] = crease_affine_constant(&reader->meter, z);
    }
    mpq_clear(z);
    crease_onnx_units_free(reader, u);
    return status;
}

/* ---- One row ---- */

crease_status crease_onnx_switch(crease_onnx_node *node, crease_activation activation,
                                 mpq_t parameter[2], int type, size_t rank, const size_t *dim,
                                 crease_affine **row)
{
    crease_onnx_units *u = units_new(activation, 1, crease_onnx_count(rank, dim), row);
    if (parameter) {
        mpq_set(u->parameter[0], parameter[0]);
        mpq_set(u->parameter[1], parameter[1]);
    }
    return ask(node, u, type, rank, dim);
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
    return crease_onnx_switch(node, activation, parameter, from->type, from->rank, from->dim,
                              rows_of(node, NULL, NULL));
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

crease_status crease_onnx_prelu(crease_onnx_node *node)
{
    const crease_onnx_value *given = crease_onnx_input(node, 1);
    mpq_t slope[2];
    const crease_onnx_value *from = crease_onnx_input(node, 0), *const both[2] = {from, given};
    size_t rank, dim[CREASE_ONNX_RANK];
    bool same =
        given->kind != CREASE_ONNX_INTEGERS && given->count > 0 && crease_onnx_constant(given);
    if (crease_onnx_broadcast(node, both, 2, &rank, dim))
        return CREASE_INPUT;
    if (rank != from->rank || memcmp(dim, from->dim, rank * sizeof *dim))
        return crease_onnx_fail(node, "more slopes than elements");
    mpq_inits(slope[0], slope[1], NULL);
    for (size_t i = 0; i < given->count && same; i++) {
        crease_onnx_get(given, i, slope[i > 0]);
        same = i == 0 || mpq_equal(slope[0], slope[1]);
    }
    mpq_set_ui(slope[1], 0, 1);
    crease_status status = same ? switch_input(node, CREASE_LEAKY_RELU, slope)
                                : crease_onnx_fail(node, "the slope is not one constant for all");
    mpq_clears(slope[0], slope[1], NULL);
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
    crease_onnx_units *u = units_new(CREASE_RELU, 1, from->count,
                                     rows_of(node, (const mpq_t *)&sign, (const mpq_t *)&shift));
    u->negated = upper;
    if (mpq_sgn(bound))
        u->offset = crease_alloc(u->units, sizeof *u->offset);
    for (size_t i = 0; u->offset && i < u->units; i++)
        u->offset[i] = crease_affine_constant(&node->reader->meter, bound);
    mpq_clears(sign, shift, NULL);
    return ask(node, u, from->type, from->rank, from->dim);
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
    bool low, high;
    mpq_t bound[2];
    if (from->kind == CREASE_ONNX_INTEGERS)
        return crease_onnx_fail(node, "of integers");
    for (size_t i = 0; from->number && i < from->count; i++)
        if (!isfinite(from->number[i]))
            return crease_onnx_fail(node, "element %zu of input 0 is not finite", i);
    mpq_inits(bound[0], bound[1], NULL);
    crease_status status = read_bound(node, 1, "min", &low, bound[0]);
    status = status ? status : read_bound(node, 2, "max", &high, bound[1]);
    if (!status && low && high && mpq_cmp(bound[0], bound[1]) >= 0)
        status = crease_onnx_fail(node, "min is not less than max");
    if (!status && node->reader->opset < 11 && node->inputs > 1)
        status = crease_onnx_fail(node, "bounds as inputs, before version 11 of the operators");
    if (!status && low && high)
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
    const crease_onnx_value *from = crease_onnx_input(node, 0);
    mpq_t alpha, beta, bound[2];
    if (from->kind == CREASE_ONNX_INTEGERS)
        return crease_onnx_fail(node, "of integers");
    mpq_inits(alpha, beta, bound[0], bound[1], NULL);
    mpq_set_ui(bound[1], 1, 1);
    crease_onnx_exact(node, "alpha", 0.2f, alpha);
    crease_onnx_exact(node, "beta", 0.5f, beta);
    crease_status status =
        crease_onnx_switch(node, CREASE_CLIP, bound, from->type, from->rank, from->dim,
                           rows_of(node, (const mpq_t *)&alpha, (const mpq_t *)&beta));
    mpq_clears(alpha, beta, bound[0], bound[1], NULL);
    return status;
}

/* ---- The largest of several ---- */

/* Two pieces, of which in every unit piece k is constant: max(z - c, 0) + c. */
static void against_constant(crease_onnx_node *node, crease_onnx_units *u, size_t k)
{
    crease_affine_meter *meter = &node->reader->meter;
    mpq_t minus;
    mpq_init(minus);
    mpq_set_si(minus, -1, 1);
    u->offset = crease_alloc(u->units, sizeof *u->offset);
    for (size_t i = 0; i < u->units; i++) {
        crease_affine *z = u->row[2 * i + !k], *c = u->row[2 * i + k];
        u->offset[i] = c;
        crease_affine_add(node->reader->sum, z, NULL);
        crease_affine_add(node->reader->sum, c, (const mpq_t *)&minus);
        u->row[i] = crease_affine_sum_close(node->reader->sum);
        crease_affine_release(meter, z);
    }
    u->rank = 1;
    u->activation = CREASE_RELU;
    mpq_clear(minus);
}

static bool constant_piece(const crease_onnx_units *u, size_t k)
{
    for (size_t i = 0; i < u->units; i++)
        if (u->row[i * u->rank + k]->terms)
            return false;
    return true;
}

static void negate(crease_onnx *reader, crease_affine **row, size_t rows)
{
    mpq_t minus;
    mpq_init(minus);
    mpq_set_si(minus, -1, 1);
    for (size_t i = 0; i < rows; i++) {
        crease_affine_add(reader->sum, row[i], (const mpq_t *)&minus);
        crease_affine_release(&reader->meter, row[i]);
        row[i] = crease_affine_sum_close(reader->sum);
    }
    mpq_clear(minus);
}

/* The offset of a smallest is subtracted with the unit. */
static void turn_offsets(crease_onnx *reader, crease_onnx_units *u)
{
    if (u->negated && u->offset)
        negate(reader, u->offset, u->units);
}

crease_status crease_onnx_extreme(crease_onnx_node *node, bool smallest, size_t pieces, int type,
                                  size_t rank, const size_t *dim, crease_affine **row)
{
    crease_onnx *reader = node->reader;
    size_t count = crease_onnx_count(rank, dim);
    crease_onnx_value *to = crease_onnx_output(node, 0);
    crease_onnx_units *u = units_new(CREASE_MAXOUT, pieces, count, row);
    if (pieces > CREASE_MAX_RANK) {
        crease_onnx_units_free(reader, u);
        return crease_onnx_fail(node, "the largest of %zu, at most %d are allowed", pieces,
                                CREASE_MAX_RANK);
    }
    if (pieces == 1) {
        crease_status status = crease_onnx_make(node, to, CREASE_ONNX_AFFINE, type, rank, dim);
        for (size_t i = 0; i < count && !status; i++)
            to->affine[i] = crease_affine_retain(row[i]);
        crease_onnx_units_free(reader, u);
        return status;
    }
    u->negated = smallest;
    if (smallest)
        negate(reader, row, count * pieces);
    if (pieces == 2 && !all_constant(u) && (constant_piece(u, 0) || constant_piece(u, 1)))
        against_constant(node, u, constant_piece(u, 1));
    turn_offsets(reader, u);
    return ask(node, u, type, rank, dim);
}

static crease_status extreme_of_inputs(crease_onnx_node *node, bool smallest)
{
    size_t rank, dim[CREASE_ONNX_RANK], pieces = node->inputs;
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
