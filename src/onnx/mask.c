#include "onnx/operators.h"

#include "base/memory.h"

#include <stdlib.h>

/* A comparison of functions is a mask.  Only a choice between two functions can use it:
 * b + c max(d, 0) is a where d > 0 and b elsewhere, if a - b = c d.  Any other choice would be
 * discontinuous. */

/* ---- Comparisons ---- */

typedef enum { EQUAL, LESS, LESS_EQUAL, GREATER, GREATER_EQUAL } relation;

static bool holds(relation what, int order)
{
    switch (what) {
    case EQUAL: return order == 0;
    case LESS: return order < 0;
    case LESS_EQUAL: return order <= 0;
    case GREATER: return order > 0;
    default: return order >= 0;
    }
}

static void get(const crease_onnx_value *value, size_t i, mpq_t out)
{
    if (value->kind == CREASE_ONNX_INTEGERS)
        mpq_set_si(out, value->integer[i], 1);
    else
        crease_onnx_get(value, i, out);
}

static void compare_constants(relation what, const crease_onnx_value *const *value,
                              crease_onnx_value *to)
{
    mpq_t a, b;
    mpq_inits(a, b, NULL);
    for (size_t i = 0; i < to->count; i++) {
        get(value[0], crease_onnx_at(value[0], to->rank, to->dim, i), a);
        get(value[1], crease_onnx_at(value[1], to->rank, to->dim, i), b);
        to->integer[i] = holds(what, mpq_cmp(a, b));
    }
    mpq_clears(a, b, NULL);
}

/* a > b where a - b > 0; a >= b where not b - a > 0. */
static void compare_functions(crease_onnx *reader, relation what,
                              const crease_onnx_value *const *value, crease_onnx_value *to)
{
    bool first = what == GREATER || what == LESS_EQUAL;
    mpq_t minus;
    mpq_init(minus);
    mpq_set_si(minus, -1, 1);
    to->flipped = what == LESS_EQUAL || what == GREATER_EQUAL;
    for (size_t i = 0; i < to->count; i++) {
        for (size_t v = 0; v < 2; v++)
            crease_onnx_add(reader, value[v], crease_onnx_at(value[v], to->rank, to->dim, i),
                            (v == 0) == first ? NULL : (const mpq_t *)&minus);
        crease_onnx_close(reader, to, i);
    }
    mpq_clear(minus);
}

static crease_status compare(crease_onnx_node *node, relation what)
{
    const crease_onnx_value *value[2] = {crease_onnx_input(node, 0), crease_onnx_input(node, 1)};
    crease_onnx_value *to = crease_onnx_output(node, 0);
    size_t rank, dim[CREASE_ONNX_RANK];
    bool constant = crease_onnx_constant(value[0]) && crease_onnx_constant(value[1]);
    if ((value[0]->kind == CREASE_ONNX_INTEGERS) != (value[1]->kind == CREASE_ONNX_INTEGERS))
        return crease_onnx_fail(node, "of numbers and integers");
    if (!constant && what == EQUAL)
        return crease_onnx_fail(node, "of numbers that depend on the input");
    if (crease_onnx_broadcast(node, value, 2, &rank, dim))
        return CREASE_INPUT;
    crease_status status =
        crease_onnx_make(node, to, constant ? CREASE_ONNX_INTEGERS : CREASE_ONNX_MASK,
                         ONNX__TENSOR_PROTO__DATA_TYPE__BOOL, rank, dim);
    if (!status && constant)
        compare_constants(what, value, to);
    else if (!status)
        compare_functions(node->reader, what, value, to);
    return status;
}

crease_status crease_onnx_equal(crease_onnx_node *node)
{
    return compare(node, EQUAL);
}

crease_status crease_onnx_less(crease_onnx_node *node)
{
    return compare(node, LESS);
}

crease_status crease_onnx_less_equal(crease_onnx_node *node)
{
    return compare(node, LESS_EQUAL);
}

crease_status crease_onnx_greater(crease_onnx_node *node)
{
    return compare(node, GREATER);
}

crease_status crease_onnx_greater_equal(crease_onnx_node *node)
{
    return compare(node, GREATER_EQUAL);
}

/* ---- 1 - mask ---- */

static crease_status flip(crease_onnx_node *node, const crease_onnx_value *mask)
{
    crease_onnx_value *to = crease_onnx_output(node, 0);
    crease_status status =
        crease_onnx_make(node, to, CREASE_ONNX_MASK, mask->type, mask->rank, mask->dim);
    for (size_t i = 0; !status && i < to->count; i++)
        crease_onnx_copy(node->reader, to, i, mask, i);
    to->flipped = !mask->flipped;
    return status;
}

crease_status crease_onnx_not(crease_onnx_node *node)
{
    const crease_onnx_value *from = crease_onnx_input(node, 0);
    crease_onnx_value *to = crease_onnx_output(node, 0);
    if (from->type != ONNX__TENSOR_PROTO__DATA_TYPE__BOOL)
        return crease_onnx_fail(node, "of numbers");
    if (from->kind == CREASE_ONNX_MASK)
        return flip(node, from);
    crease_status status =
        crease_onnx_make(node, to, CREASE_ONNX_INTEGERS, from->type, from->rank, from->dim);
    for (size_t i = 0; !status && i < to->count; i++)
        to->integer[i] = !from->integer[i];
    return status;
}

crease_status crease_onnx_mask_complement(crease_onnx_node *node)
{
    const crease_onnx_value *one = crease_onnx_input(node, 0), *mask = crease_onnx_input(node, 1);
    mpq_t number;
    mpq_init(number);
    bool good = mask->kind == CREASE_ONNX_MASK && one->kind != CREASE_ONNX_MASK &&
                one->kind != CREASE_ONNX_INTEGERS && one->count == 1 && one->rank <= mask->rank &&
                crease_onnx_constant(one);
    if (good)
        crease_onnx_get(one, 0, number);
    good = good && mpq_cmp_ui(number, 1, 1) == 0;
    mpq_clear(number);
    return good ? flip(node, mask) : crease_onnx_fail(node, "of a condition, other than from 1");
}

/* ---- Choices ---- */

/* Is a - b = c d? */
static bool multiple(crease_onnx *reader, const crease_affine *a, const crease_affine *b,
                     const crease_affine *d, mpq_t c)
{
    mpq_t minus, product;
    mpq_inits(minus, product, NULL);
    mpq_set_si(minus, -1, 1);
    crease_affine_add(reader->sum, a, NULL);
    crease_affine_add(reader->sum, b, (const mpq_t *)&minus);
    crease_affine *difference = crease_affine_sum_close(reader->sum);
    bool good =
        difference->terms == 0 ? mpq_sgn(difference->constant) == 0 : difference->terms == d->terms;
    mpq_set_ui(c, 0, 1);
    if (good && difference->terms)
        mpq_div(c, difference->weight[0], d->weight[0]);
    for (size_t t = 0; good && t < difference->terms; t++) {
        mpq_mul(product, c, d->weight[t]);
        good = difference->unit[t] == d->unit[t] && mpq_equal(product, difference->weight[t]);
    }
    mpq_mul(product, c, d->constant);
    good = good && mpq_equal(product, difference->constant);
    crease_affine_release(&reader->meter, difference);
    mpq_clears(minus, product, NULL);
    return good;
}

/* Sets unit and output i, which is a where d > 0 and b elsewhere; takes the three. */
static bool choose(crease_onnx *reader, crease_onnx_units *u, size_t i, crease_affine *d,
                   crease_affine *a, crease_affine *b)
{
    bool fixed = d->terms == 0, good = true;
    if (fixed) {
        u->offset[i] = crease_affine_retain(mpq_sgn(d->constant) > 0 ? a : b);
        mpq_t zero;
        mpq_init(zero);
        u->row[i] = crease_affine_constant(&reader->meter, zero);
        mpq_clear(zero);
    } else {
        good = multiple(reader, a, b, d, u->factor[i]);
        u->offset[i] = crease_affine_retain(b);
        u->row[i] = crease_affine_retain(d);
    }
    crease_affine_release(&reader->meter, a);
    crease_affine_release(&reader->meter, b);
    crease_affine_release(&reader->meter, d);
    return good;
}

/* value[1] where the mask value[0] is 1, value[2] elsewhere; 0 if there is none. */
static crease_status choose_all(crease_onnx_node *node, const crease_onnx_value *const *value,
                                size_t values)
{
    crease_onnx *reader = node->reader;
    const crease_onnx_value *mask = value[0];
    size_t rank, dim[CREASE_ONNX_RANK];
    if (crease_onnx_broadcast(node, value, values, &rank, dim))
        return CREASE_INPUT;
    size_t count = crease_onnx_count(rank, dim);
    if (crease_onnx_fits(node, count, 1))
        return CREASE_INPUT;
    crease_onnx_units *u =
        crease_onnx_units_new(CREASE_RELU, 1, count, crease_alloc(count, sizeof(crease_affine *)));
    crease_onnx_units_factors(u, count, 1);
    crease_onnx_units_offsets(u);
    mpq_t zero;
    mpq_init(zero);
    size_t bad = SIZE_MAX;
    for (size_t i = 0; i < count; i++) {
        crease_affine *side[2];
        for (size_t v = 0; v < 2; v++)
            side[v] = v + 1 < values
                          ? crease_onnx_element(reader, value[v + 1],
                                                crease_onnx_at(value[v + 1], rank, dim, i))
                          : crease_affine_constant(&reader->meter, zero);
        crease_affine *d = crease_affine_retain(mask->affine[crease_onnx_at(mask, rank, dim, i)]);
        if (!choose(reader, u, i, d, side[mask->flipped], side[!mask->flipped]) && bad == SIZE_MAX)
            bad = i;
    }
    mpq_clear(zero);
    if (bad == SIZE_MAX || reader->meter.excess)
        return crease_onnx_ask(node, u, value[1]->type, rank, dim);
    crease_onnx_units_free(reader, u);
    return crease_onnx_fail(node,
                            "element %zu: its two sides differ by no multiple of what the "
                            "condition compares, so the function may jump",
                            bad);
}

crease_status crease_onnx_mask_product(crease_onnx_node *node)
{
    const crease_onnx_value *value[2] = {crease_onnx_input(node, 0), crease_onnx_input(node, 1)};
    if (value[0]->kind != CREASE_ONNX_MASK) {
        value[1] = value[0];
        value[0] = crease_onnx_input(node, 1);
    }
    if (value[1]->kind == CREASE_ONNX_MASK || value[1]->kind == CREASE_ONNX_INTEGERS)
        return crease_onnx_fail(node, "of a condition and what is no tensor of numbers");
    return choose_all(node, value, 2);
}

/* The condition is constant. */
static crease_status pick(crease_onnx_node *node, const crease_onnx_value *const *value)
{
    crease_onnx_value *to = crease_onnx_output(node, 0);
    size_t rank, dim[CREASE_ONNX_RANK];
    crease_onnx_kind kind = value[1]->kind == value[2]->kind ? value[1]->kind : CREASE_ONNX_AFFINE;
    if (crease_onnx_broadcast(node, value, 3, &rank, dim))
        return CREASE_INPUT;
    crease_status status = crease_onnx_make(node, to, kind, value[1]->type, rank, dim);
    for (size_t i = 0; !status && i < to->count; i++) {
        bool first = value[0]->integer[crease_onnx_at(value[0], rank, dim, i)] != 0;
        const crease_onnx_value *from = value[first ? 1 : 2];
        crease_onnx_copy(node->reader, to, i, from, crease_onnx_at(from, rank, dim, i));
    }
    return status;
}

crease_status crease_onnx_where(crease_onnx_node *node)
{
    const crease_onnx_value *value[3] = {crease_onnx_input(node, 0), crease_onnx_input(node, 1),
                                         crease_onnx_input(node, 2)};
    if (value[0]->type != ONNX__TENSOR_PROTO__DATA_TYPE__BOOL)
        return crease_onnx_fail(node, "input 0 is not a condition");
    for (size_t v = 1; v < 3; v++)
        if (value[v]->kind == CREASE_ONNX_MASK)
            return crease_onnx_fail(node, "input %zu is a condition", v);
    if ((value[1]->kind == CREASE_ONNX_INTEGERS) != (value[2]->kind == CREASE_ONNX_INTEGERS))
        return crease_onnx_fail(node, "of numbers and integers");
    if (value[0]->kind == CREASE_ONNX_INTEGERS)
        return pick(node, value);
    if (value[1]->kind == CREASE_ONNX_INTEGERS)
        return crease_onnx_fail(node, "of integers, by a condition that depends on the input");
    return choose_all(node, value, 3);
}
