#include "onnx/operators.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

/* ---- Elementwise ---- */

typedef enum { ADD, SUB, MUL, DIV } operation;

static bool calculate(operation what, int64_t a, int64_t b, int64_t *out)
{
    switch (what) {
    case ADD: return !__builtin_add_overflow(a, b, out);
    case SUB: return !__builtin_sub_overflow(a, b, out);
    case MUL: return !__builtin_mul_overflow(a, b, out);
    default: /* of shapes; what a negative quotient rounds to is not agreed */
        *out = a >= 0 && b > 0 ? a / b : 0;
        return a >= 0 && b > 0;
    }
}

static crease_status integers(crease_onnx_node *node, operation what,
                              const crease_onnx_value *const *value, crease_onnx_value *to)
{
    for (size_t i = 0; i < to->count; i++) {
        int64_t a = value[0]->integer[crease_onnx_at(value[0], to->rank, to->dim, i)];
        int64_t b = value[1]->integer[crease_onnx_at(value[1], to->rank, to->dim, i)];
        if (!calculate(what, a, b, &to->integer[i]))
            return crease_onnx_fail(node, "integers %lld and %lld", (long long)a, (long long)b);
    }
    return CREASE_OK;
}

/* Integers do not mix with numbers. */
static crease_status read_operands(crease_onnx_node *node, const crease_onnx_value **value)
{
    for (size_t v = 0; v < node->inputs; v++) {
        value[v] = crease_onnx_input(node, v);
        if (!value[v] ||
            (value[v]->kind == CREASE_ONNX_INTEGERS) != (value[0]->kind == CREASE_ONNX_INTEGERS))
            return crease_onnx_fail(node, "input %zu does not go with the first", v);
    }
    return CREASE_OK;
}

/* Makes the output of the operands' common shape. */
static crease_status open_output(crease_onnx_node *node, const crease_onnx_value **value)
{
    size_t rank, dim[CREASE_ONNX_RANK];
    bool integer = value[0]->kind == CREASE_ONNX_INTEGERS;
    if (crease_onnx_broadcast(node, value, node->inputs, &rank, dim))
        return CREASE_INPUT;
    return crease_onnx_make(node, crease_onnx_output(node, 0),
                            integer ? CREASE_ONNX_INTEGERS : CREASE_ONNX_AFFINE, value[0]->type,
                            rank, dim);
}

/* The value that is multiplied, the constant that it is multiplied with. */
static crease_status find_factor(crease_onnx_node *node, operation what,
                                 const crease_onnx_value **value, int *factor)
{
    *factor = crease_onnx_constant(value[1]) ? 1 : 0;
    if (*factor == 0 && what == DIV)
        return crease_onnx_fail(node, "the divisor depends on the input");
    if (*factor == 0 && !crease_onnx_constant(value[0]))
        return crease_onnx_fail(node, "both factors depend on the input");
    return CREASE_OK;
}

static crease_status multiply(crease_onnx_node *node, operation what,
                              const crease_onnx_value **value, crease_onnx_value *to)
{
    int factor;
    mpq_t number;
    crease_status status = find_factor(node, what, value, &factor);
    mpq_init(number);
    for (size_t i = 0; i < to->count && !status && !node->reader->meter.excess; i++) {
        crease_onnx_get(value[factor], crease_onnx_at(value[factor], to->rank, to->dim, i), number);
        if (what == DIV && mpq_sgn(number) == 0) {
            status = crease_onnx_fail(node, "divides by zero");
            break;
        }
        if (what == DIV)
            mpq_inv(number, number);
        crease_onnx_add(node->reader, value[!factor],
                        crease_onnx_at(value[!factor], to->rank, to->dim, i),
                        (const mpq_t *)&number);
        crease_onnx_close(node->reader, to, i);
    }
    mpq_clear(number);
    return status;
}

static crease_status add(crease_onnx_node *node, bool subtract, const crease_onnx_value **value,
                         crease_onnx_value *to)
{
    mpq_t minus;
    mpq_init(minus);
    mpq_set_si(minus, -1, 1);
    for (size_t i = 0; i < to->count; i++) {
        for (size_t v = 0; v < node->inputs; v++)
            crease_onnx_add(node->reader, value[v], crease_onnx_at(value[v], to->rank, to->dim, i),
                            subtract && v ? (const mpq_t *)&minus : NULL);
        crease_onnx_close(node->reader, to, i);
    }
    mpq_clear(minus);
    return CREASE_OK;
}

/* Before version 7 shapes had to be equal, or the second operand was laid along the dimensions from
 * `axis` on; *aligned then holds its shape. */
static crease_status align(crease_onnx_node *node, const crease_onnx_value **value,
                           crease_onnx_value *aligned)
{
    if (node->reader->opset >= 7 || node->inputs != 2 || !strcmp(node->operator->name, "Sum"))
        return CREASE_OK;
    bool broadcast = crease_onnx_int(node, "broadcast", 0) != 0;
    size_t missing = value[0]->rank - value[1]->rank;
    int64_t axis = crease_onnx_int(node, "axis", (int64_t)missing);
    if (!broadcast)
        return value[0]->rank == value[1]->rank &&
                       !memcmp(value[0]->dim, value[1]->dim, value[0]->rank * sizeof(size_t))
                   ? CREASE_OK
                   : crease_onnx_fail(node, "the shapes differ, and broadcast is not 1");
    if (value[1]->rank > value[0]->rank || axis < 0 || axis > (int64_t)missing)
        return crease_onnx_fail(node, "axis %lld of %zu dimensions", (long long)axis,
                                value[0]->rank);
    *aligned = *value[1];
    aligned->rank = value[0]->rank - (size_t)axis;
    for (size_t d = value[1]->rank; d < aligned->rank; d++)
        aligned->dim[d] = 1;
    value[1] = aligned;
    return CREASE_OK;
}

static crease_status elementwise(crease_onnx_node *node, operation what)
{
    crease_onnx_value aligned;
    const crease_onnx_value **value = crease_alloc(node->inputs, sizeof *value);
    crease_status status = read_operands(node, value);
    status = status ? status : align(node, value, &aligned);
    status = status ? status : open_output(node, value);
    crease_onnx_value *to = crease_onnx_output(node, 0);
    if (!status && to->kind == CREASE_ONNX_INTEGERS && node->inputs == 2)
        status = integers(node, what, value, to);
    else if (!status && to->kind == CREASE_ONNX_INTEGERS)
        status = crease_onnx_fail(node, "of integers");
    else if (!status && (what == MUL || what == DIV))
        status = multiply(node, what, value, to);
    else if (!status)
        status = add(node, what == SUB, value, to);
    free(value);
    return status;
}

crease_status crease_onnx_sum(crease_onnx_node *node)
{
    return elementwise(node, ADD);
}

static bool has_mask(const crease_onnx_node *node)
{
    return crease_onnx_input(node, 0)->kind == CREASE_ONNX_MASK ||
           crease_onnx_input(node, 1)->kind == CREASE_ONNX_MASK;
}

crease_status crease_onnx_sub(crease_onnx_node *node)
{
    if (has_mask(node))
        return crease_onnx_mask_complement(node);
    return elementwise(node, SUB);
}

crease_status crease_onnx_mul(crease_onnx_node *node)
{
    if (has_mask(node))
        return crease_onnx_mask_product(node);
    return elementwise(node, MUL);
}

crease_status crease_onnx_div(crease_onnx_node *node)
{
    return elementwise(node, DIV);
}

crease_status crease_onnx_neg(crease_onnx_node *node)
{
    const crease_onnx_value *from = crease_onnx_input(node, 0);
    crease_onnx_value *to = crease_onnx_output(node, 0);
    if (from->kind == CREASE_ONNX_INTEGERS)
        return crease_onnx_fail(node, "of integers");
    crease_status status =
        crease_onnx_make(node, to, CREASE_ONNX_AFFINE, from->type, from->rank, from->dim);
    mpq_t minus;
    mpq_init(minus);
    mpq_set_si(minus, -1, 1);
    for (size_t i = 0; !status && i < to->count; i++) {
        crease_onnx_add(node->reader, from, i, (const mpq_t *)&minus);
        crease_onnx_close(node->reader, to, i);
    }
    mpq_clear(minus);
    return status;
}

/* ---- Products of matrices ---- */

/* Entry (i, j) of a matrix is element start + i row + j column. */
typedef struct {
    const crease_onnx_value *value;
    size_t start, row, column;
} matrix;

/* Adds entry (i, j) of a b, times alpha, to the sum. */
static void add_entry(crease_onnx *reader, const matrix *a, const matrix *b, size_t i, size_t j,
                      size_t inner, bool left_constant, const mpq_t alpha)
{
    mpq_t number;
    mpq_init(number);
    for (size_t k = 0; k < inner && !reader->meter.excess; k++) {
        size_t left = a->start + i * a->row + k * a->column;
        size_t right = b->start + k * b->row + j * b->column;
        crease_onnx_get(left_constant ? a->value : b->value, left_constant ? left : right, number);
        if (mpq_sgn(number) == 0)
            continue;
        mpq_mul(number, number, alpha);
        crease_onnx_add(reader, left_constant ? b->value : a->value, left_constant ? right : left,
                        (const mpq_t *)&number);
    }
    mpq_clear(number);
}

static crease_status check_factors(crease_onnx_node *node, const crease_onnx_value *a,
                                   const crease_onnx_value *b)
{
    if (a->kind == CREASE_ONNX_INTEGERS || b->kind == CREASE_ONNX_INTEGERS)
        return crease_onnx_fail(node, "of integers");
    if (!crease_onnx_constant(a) && !crease_onnx_constant(b))
        return crease_onnx_fail(node, "both factors depend on the input");
    return CREASE_OK;
}

static bool fits(const crease_onnx_value *c, size_t rows, size_t columns)
{
    size_t own[2] = {1, 1};
    if (c->kind == CREASE_ONNX_INTEGERS || c->rank > 2)
        return false;
    for (size_t d = 0; d < c->rank; d++)
        own[2 - c->rank + d] = c->dim[d];
    return (own[0] == 1 || own[0] == rows) && (own[1] == 1 || own[1] == columns);
}

crease_status crease_onnx_gemm(crease_onnx_node *node)
{
    crease_onnx *reader = node->reader;
    const crease_onnx_value *a = crease_onnx_input(node, 0), *b = crease_onnx_input(node, 1);
    const crease_onnx_value *c = crease_onnx_input(node, 2);
    crease_onnx_value *to = crease_onnx_output(node, 0);
    bool left = crease_onnx_int(node, "transA", 0) != 0;
    bool right = crease_onnx_int(node, "transB", 0) != 0;
    if (reader->opset < 7)
        crease_onnx_int(node, "broadcast", 0); /* of C, which is taken as it fits */
    if (check_factors(node, a, b))
        return CREASE_INPUT;
    if (a->rank != 2 || b->rank != 2 || a->dim[!left] != b->dim[right])
        return crease_onnx_fail(node, "the matrices do not go together");
    size_t dim[2] = {a->dim[left], b->dim[!right]}, inner = a->dim[!left];
    if (c && !fits(c, dim[0], dim[1]))
        return crease_onnx_fail(node, "the shape of C is not %zu x %zu", dim[0], dim[1]);
    matrix l = {a, 0, left ? 1 : a->dim[1], left ? a->dim[1] : 1};
    matrix r = {b, 0, right ? 1 : b->dim[1], right ? b->dim[1] : 1};
    bool left_constant = crease_onnx_constant(a);
    mpq_t alpha, beta;
    mpq_inits(alpha, beta, NULL);
    crease_onnx_exact(node, "alpha", 1.0f, alpha);
    crease_onnx_exact(node, "beta", 1.0f, beta);
    crease_status status = crease_onnx_make(node, to, CREASE_ONNX_AFFINE, a->type, 2, dim);
    for (size_t i = 0; !status && i < to->count; i++) {
        add_entry(reader, &l, &r, i / dim[1], i % dim[1], inner, left_constant, alpha);
        if (c)
            crease_onnx_add(reader, c, crease_onnx_at(c, 2, dim, i), (const mpq_t *)&beta);
        crease_onnx_close(reader, to, i);
    }
    mpq_clears(alpha, beta, NULL);
    return status;
}

/* The dimensions before the last two, as a value of that shape. */
static crease_onnx_value stack_of(const crease_onnx_value *value)
{
    crease_onnx_value stack = {.rank = value->rank > 2 ? value->rank - 2 : 0};
    memcpy(stack.dim, value->dim, sizeof stack.dim);
    return stack;
}

crease_status crease_onnx_matmul(crease_onnx_node *node)
{
    crease_onnx *reader = node->reader;
    const crease_onnx_value *a = crease_onnx_input(node, 0), *b = crease_onnx_input(node, 1);
    crease_onnx_value *to = crease_onnx_output(node, 0);
    if (check_factors(node, a, b))
        return CREASE_INPUT;
    if (a->rank == 0 || b->rank == 0)
        return crease_onnx_fail(node, "of a single number");
    size_t rows = a->rank > 1 ? a->dim[a->rank - 2] : 1, inner = a->dim[a->rank - 1];
    size_t columns = b->rank > 1 ? b->dim[b->rank - 1] : 1;
    if (b->dim[b->rank > 1 ? b->rank - 2 : 0] != inner)
        return crease_onnx_fail(node, "the matrices do not go together");
    crease_onnx_value left = stack_of(a), right = stack_of(b);
    const crease_onnx_value *const stacks[2] = {&left, &right};
    size_t outer, dim[CREASE_ONNX_RANK + 2] = {0};
    if (crease_onnx_broadcast(node, stacks, 2, &outer, dim))
        return CREASE_INPUT;
    size_t rank = outer, stack[CREASE_ONNX_RANK];
    memcpy(stack, dim, sizeof stack);
    if (a->rank > 1)
        dim[rank++] = rows;
    if (b->rank > 1)
        dim[rank++] = columns;
    bool left_constant = crease_onnx_constant(a);
    mpq_t one;
    mpq_init(one);
    mpq_set_ui(one, 1, 1);
    crease_status status = crease_onnx_make(node, to, CREASE_ONNX_AFFINE, a->type, rank, dim);
    for (size_t i = 0; !status && i < to->count; i++) {
        size_t s = i / (rows * columns);
        matrix l = {a, crease_onnx_at(&left, outer, stack, s) * rows * inner, inner, 1};
        matrix r = {b, crease_onnx_at(&right, outer, stack, s) * inner * columns, columns, 1};
        add_entry(reader, &l, &r, i / columns % rows, i % columns, inner, left_constant, one);
        crease_onnx_close(reader, to, i);
    }
    mpq_clear(one);
    return status;
}
