#include "onnx/operators.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Functions of constants whose results are numbers of the tensor's type. */

/* ---- Rounding ---- */

/* Binary digits, the exponent of the smallest number, and of the first power of two that is
 * none. */
static bool format_of(int type, long *digits, long *smallest, long *limit)
{
    switch (type) {
    case ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT:
        *digits = 24, *smallest = -149, *limit = 128;
        return true;
    case ONNX__TENSOR_PROTO__DATA_TYPE__DOUBLE:
        *digits = 53, *smallest = -1074, *limit = 1024;
        return true;
    case ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT16:
        *digits = 11, *smallest = -24, *limit = 16;
        return true;
    case ONNX__TENSOR_PROTO__DATA_TYPE__BFLOAT16:
        *digits = 8, *smallest = -133, *limit = 128;
        return true;
    default: return false;
    }
}

/* value 2^exponent */
static void scale(mpq_t value, long exponent)
{
    if (exponent >= 0)
        mpq_mul_2exp(value, value, (mp_bitcnt_t)exponent);
    else
        mpq_div_2exp(value, value, (mp_bitcnt_t)-exponent);
}

/* The nearest integer, the even one of two. */
static void nearest(mpq_t value)
{
    mpz_t twice, rest;
    mpz_inits(twice, rest, NULL);
    mpz_fdiv_qr(twice, rest, mpq_numref(value), mpq_denref(value));
    mpz_mul_2exp(rest, rest, 1);
    int order = mpz_cmp(rest, mpq_denref(value));
    if (order > 0 || (order == 0 && mpz_odd_p(twice)))
        mpz_add_ui(twice, twice, 1);
    mpq_set_z(value, twice);
    mpz_clears(twice, rest, NULL);
}

bool crease_onnx_round(int type, mpq_t value)
{
    long digits, smallest, limit;
    if (!format_of(type, &digits, &smallest, &limit))
        return false;
    if (mpq_sgn(value) == 0)
        return true;
    mpq_t one;
    mpq_init(one);
    /* 2^(e - 1) < |value| < 2^(e + 1) */
    long e =
        (long)mpz_sizeinbase(mpq_numref(value), 2) - (long)mpz_sizeinbase(mpq_denref(value), 2);
    mpq_abs(one, value);
    scale(one, -e);
    long last = (mpq_cmp_ui(one, 1, 1) >= 0 ? e : e - 1) - digits + 1;
    last = last < smallest ? smallest : last;
    scale(value, -last);
    nearest(value);
    scale(value, last);
    mpq_abs(one, value);
    scale(one, -limit);
    bool good = mpq_cmp_ui(one, 1, 1) < 0;
    mpq_clear(one);
    return good;
}

/* ---- Functions ---- */

static double reciprocal(double x)
{
    return 1 / x;
}

static double sign(double x)
{
    return (x > 0) - (x < 0);
}

static const struct {
    const char *name;
    double (*function)(double);
    bool jumps;
} functions[] = {
    {"Ceil", ceil, true},   {"Cos", cos, false},
    {"Erf", erf, false},    {"Exp", exp, false},
    {"Floor", floor, true}, {"Log", log, false},
    {"Sign", sign, true},   {"Reciprocal", reciprocal, false},
    {"Round", rint, true},  {"Sin", sin, false},
    {"Sqrt", sqrt, false},
};

/* The argument rounded to the type, and the result. */
static bool apply(int type, double (*function)(double), mpq_t value)
{
    if (!crease_onnx_round(type, value))
        return false;
    double result = function(mpq_get_d(value)); /* the argument is exact in binary64 */
    if (!isfinite(result))
        return false;
    mpq_set_d(value, result);
    return crease_onnx_round(type, value);
}

crease_status crease_onnx_function(crease_onnx_node *node)
{
    const crease_onnx_value *from = crease_onnx_input(node, 0);
    crease_onnx_value *to = crease_onnx_output(node, 0);
    size_t k = 0;
    while (strcmp(functions[k].name, node->operator->name))
        k++;
    if (from->kind == CREASE_ONNX_INTEGERS)
        return crease_onnx_fail(node, "of integers");
    if (!crease_onnx_constant(from))
        return crease_onnx_fail(node, functions[k].jumps
                                          ? "of what depends on the input: it jumps"
                                          : "of what depends on the input: it is not linear in "
                                            "pieces");
    crease_status status =
        crease_onnx_make(node, to, CREASE_ONNX_AFFINE, from->type, from->rank, from->dim);
    mpq_t value;
    mpq_init(value);
    for (size_t i = 0; !status && i < to->count; i++) {
        crease_onnx_get(from, i, value);
        if (!apply(from->type, functions[k].function, value))
            status = crease_onnx_fail(node, "of element %zu: no number of its type", i);
        else
            to->affine[i] = crease_affine_constant(&node->reader->meter, value);
    }
    mpq_clear(value);
    if (!status && !functions[k].jumps)
        crease_onnx_note(node->reader, "%s (node %zu) of constants is rounded to %s",
                         node->operator->name, node->index, crease_onnx_type(from->type));
    return status;
}

crease_status crease_onnx_pow(crease_onnx_node *node)
{
    const crease_onnx_value *from = crease_onnx_input(node, 0), *by = crease_onnx_input(node, 1);
    crease_onnx_value *to = crease_onnx_output(node, 0);
    mpq_t value, exponent;
    if (from->kind == CREASE_ONNX_INTEGERS || by->kind == CREASE_ONNX_INTEGERS || by->count != 1 ||
        !crease_onnx_constant(by))
        return crease_onnx_fail(node, "the exponent is not one number of the base's type");
    if (!crease_onnx_constant(from))
        return crease_onnx_fail(node, "of what depends on the input: it is not linear in pieces");
    crease_status status =
        crease_onnx_make(node, to, CREASE_ONNX_AFFINE, from->type, from->rank, from->dim);
    mpq_inits(value, exponent, NULL);
    crease_onnx_get(by, 0, exponent);
    if (!status && !crease_onnx_round(by->type, exponent))
        status = crease_onnx_fail(node, "the exponent is no number of its type");
    double power = mpq_get_d(exponent);
    for (size_t i = 0; !status && i < to->count; i++) {
        crease_onnx_get(from, i, value);
        bool good = crease_onnx_round(from->type, value);
        double result = good ? pow(mpq_get_d(value), power) : NAN;
        good = isfinite(result);
        mpq_set_d(value, good ? result : 0);
        if (!good || !crease_onnx_round(from->type, value))
            status = crease_onnx_fail(node, "of element %zu: no number of its type", i);
        else
            to->affine[i] = crease_affine_constant(&node->reader->meter, value);
    }
    mpq_clears(value, exponent, NULL);
    if (!status)
        crease_onnx_note(node->reader, "Pow (node %zu) of constants is rounded to %s", node->index,
                         crease_onnx_type(from->type));
    return status;
}

/* ---- Quantised weights ---- */

/* (x - zero point) scale, of constants, exactly. */
crease_status crease_onnx_dequantize(crease_onnx_node *node)
{
    const crease_onnx_value *from = crease_onnx_input(node, 0), *by = crease_onnx_input(node, 1);
    const crease_onnx_value *zero = crease_onnx_input(node, 2);
    crease_onnx_value *to = crease_onnx_output(node, 0);
    size_t axis = 0, inner = 1;
    if (from->kind != CREASE_ONNX_INTEGERS)
        return crease_onnx_fail(node, "of what is no constant of integers");
    if (by->kind != CREASE_ONNX_NUMBERS || by->rank > 1 || by->count == 0 ||
        (zero && (zero->kind != CREASE_ONNX_INTEGERS || zero->count != by->count)))
        return crease_onnx_fail(node, "scale and zero point are not constants that go together");
    int64_t given = crease_onnx_int(node, "axis", 1);
    if (crease_onnx_int(node, "block_size", 0) || node->status)
        return crease_onnx_fail(node, "in blocks");
    if (by->count > 1) {
        if (crease_onnx_axis(node, given, from->rank, &axis))
            return CREASE_INPUT;
        if (from->dim[axis] != by->count)
            return crease_onnx_fail(node, "%zu scales for %zu", by->count, from->dim[axis]);
        inner = crease_onnx_count(from->rank - axis - 1, from->dim + axis + 1);
    }
    crease_status status =
        crease_onnx_make(node, to, CREASE_ONNX_AFFINE, by->type, from->rank, from->dim);
    mpq_t value, factor;
    mpq_inits(value, factor, NULL);
    for (size_t i = 0; !status && i < to->count; i++) {
        size_t k = by->count > 1 ? i / inner % by->count : 0;
        /* of at most 32 bits, so the difference does not overflow */
        mpq_set_si(value, from->integer[i] - (zero ? zero->integer[k] : 0), 1);
        crease_onnx_get(by, k, factor);
        mpq_mul(value, value, factor);
        to->affine[i] = crease_affine_constant(&node->reader->meter, value);
    }
    mpq_clears(value, factor, NULL);
    return status;
}
