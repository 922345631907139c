#include "onnx/operators.h"

#include "base/memory.h"

#include <assert.h>
#include <gmp.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Resize and Upsample by nearest neighbours: every output is one of the inputs, found for each
 * dimension in exact fractions. */

typedef enum { HALF_PIXEL, PYTORCH, ASYMMETRIC, ALIGNED, COORDINATES } coordinates;
typedef enum { PREFER_FLOOR, PREFER_CEIL, FLOOR, CEIL, ROUNDINGS } rounding;

typedef struct {
    coordinates where;
    rounding how;
    size_t dim[CREASE_ONNX_RANK];
    mpq_t scale[CREASE_ONNX_RANK];
} resizing;

static size_t find_word(crease_onnx_node *node, const char *name, const char *standard,
                        const char *const *words, size_t count)
{
    size_t k = 0;
    while (k < count && !crease_onnx_word(node, name, standard, words[k]))
        k++;
    if (k == count && !node->status)
        crease_onnx_fail(node, "%s is not one of those that are read", name);
    return k;
}

static crease_status read_words(crease_onnx_node *node, resizing *r)
{
    static const char *const places[] = {"half_pixel", "pytorch_half_pixel", "asymmetric",
                                         "align_corners"};
    static const char *const ways[] = {"round_prefer_floor", "round_prefer_ceil", "floor", "ceil"};
    r->where = ASYMMETRIC;
    r->how = FLOOR;
    if (!crease_onnx_word(node, "mode", "nearest", "nearest"))
        return crease_onnx_fail(node, "mode is not nearest");
    if (strcmp(node->operator->name, "Resize") || node->reader->opset < 11)
        return node->status;
    r->where = (coordinates)find_word(node, "coordinate_transformation_mode", "half_pixel", places,
                                      COORDINATES);
    r->how = (rounding)find_word(node, "nearest_mode", "round_prefer_floor", ways, ROUNDINGS);
    crease_onnx_float(node, "cubic_coeff_a", 0); /* of other modes */
    crease_onnx_float(node, "extrapolation_value", 0);
    crease_onnx_int(node, "exclude_outside", 0);
    if (crease_onnx_int(node, "antialias", 0))
        return crease_onnx_fail(node, "with antialias");
    if (!crease_onnx_word(node, "keep_aspect_ratio_policy", "stretch", "stretch"))
        return crease_onnx_fail(node, "keep_aspect_ratio_policy is not stretch");
    return node->status;
}

/* The factors, as an attribute or as input i; each is a float of the file. */
static crease_status read_scales(crease_onnx_node *node, size_t i, const size_t *axis, size_t axes,
                                 resizing *r)
{
    const crease_onnx_value *from = crease_onnx_input(node, 0), *given = crease_onnx_input(node, i);
    const Onnx__AttributeProto *a =
        i ? NULL : crease_onnx_typed(node, "scales", ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__FLOATS);
    size_t count = i ? given->count : a ? a->n_floats : 0;
    if (count != axes || (i && given->kind != CREASE_ONNX_NUMBERS))
        return crease_onnx_fail(node, "%zu scales for %zu dimensions", count, axes);
    for (size_t k = 0; k < axes; k++) {
        size_t d = axis[k];
        double scale = i ? given->number[k] : (double)a->floats[k];
        double size = floor((double)from->dim[d] * scale);
        if (!(scale > 0) || !(size >= 1) || size > CREASE_ONNX_ELEMENTS)
            return crease_onnx_fail(node, "scale %.9g of dimension %zu", scale, d);
        r->dim[d] = (size_t)size;
        mpq_set_d(r->scale[d], scale);
    }
    return CREASE_OK;
}

static crease_status read_sizes(crease_onnx_node *node, const size_t *axis, size_t axes,
                                resizing *r)
{
    const crease_onnx_value *from = crease_onnx_input(node, 0);
    size_t count;
    const int64_t *size = crease_onnx_integers(node, 3, &count);
    if (node->status)
        return node->status;
    if (count != axes)
        return crease_onnx_fail(node, "%zu sizes for %zu dimensions", count, axes);
    for (size_t k = 0; k < axes; k++) {
        size_t d = axis[k];
        if (size[k] < 1 || size[k] > CREASE_ONNX_ELEMENTS || from->dim[d] == 0)
            return crease_onnx_fail(node, "size %lld of dimension %zu", (long long)size[k], d);
        r->dim[d] = (size_t)size[k];
        mpq_set_ui(r->scale[d], r->dim[d], from->dim[d]);
        mpq_canonicalize(r->scale[d]);
    }
    return CREASE_OK;
}

static crease_status read_resizing(crease_onnx_node *node, resizing *r)
{
    const crease_onnx_value *from = crease_onnx_input(node, 0);
    bool older = strcmp(node->operator->name, "Resize") || node->reader->opset < 11;
    size_t axis[CREASE_ONNX_RANK], axes = from->rank, count;
    const int64_t *given = older ? NULL : crease_onnx_ints(node, "axes", &count);
    memcpy(r->dim, from->dim, sizeof r->dim);
    for (size_t d = 0; d < from->rank; d++) {
        axis[d] = d;
        mpq_set_ui(r->scale[d], 1, 1);
    }
    if (given) {
        bool mark[CREASE_ONNX_RANK];
        if (count > from->rank || crease_onnx_axes(node, given, count, from->rank, mark))
            return crease_onnx_fail(node, "axes of another tensor");
        axes = count;
        for (size_t k = 0; k < count; k++)
            axis[k] = (size_t)(given[k] + (given[k] < 0 ? (int64_t)from->rank : 0));
    }
    const crease_onnx_value *scales = crease_onnx_input(node, older ? 1 : 2);
    if (older && (node->inputs > 2 || (!scales && strcmp(node->operator->name, "Upsample"))))
        return crease_onnx_fail(node, "%zu inputs", node->inputs);
    bool sized = !older && crease_onnx_input(node, 3);
    if (sized && scales && scales->count > 0)
        return crease_onnx_fail(node, "both scales and sizes");
    if (sized)
        return read_sizes(node, axis, axes, r);
    if (!older && !scales)
        return crease_onnx_fail(node, "neither scales nor sizes");
    return read_scales(node, scales ? (older ? 1 : 2) : 0, axis, axes, r);
}

/* The input's coordinate of output o, in one dimension. */
static void coordinate(const resizing *r, size_t in, size_t d, size_t o, mpq_t out)
{
    mpq_t half;
    mpq_init(half);
    mpq_set_ui(half, 1, 2);
    mpq_set_ui(out, o, 1);
    if (r->where == ALIGNED) {
        mpq_set_ui(out, r->dim[d] > 1 ? o * (in - 1) : 0, r->dim[d] > 1 ? r->dim[d] - 1 : 1);
        mpq_canonicalize(out);
    } else if (r->where == ASYMMETRIC) {
        mpq_div(out, out, r->scale[d]);
    } else if (r->where == PYTORCH && r->dim[d] == 1) {
        mpq_set_ui(out, 0, 1);
    } else {
        mpq_add(out, out, half);
        mpq_div(out, out, r->scale[d]);
        mpq_sub(out, out, half);
    }
    mpq_clear(half);
}

/* The nearest index, of 0 .. in - 1. */
static size_t nearest(const resizing *r, size_t in, mpq_t x)
{
    mpq_t half;
    mpz_t whole;
    mpq_init(half);
    mpz_init(whole);
    mpq_set_ui(half, 1, 2);
    if (r->how == PREFER_FLOOR)
        mpq_sub(x, x, half);
    else if (r->how == PREFER_CEIL)
        mpq_add(x, x, half);
    if (r->how == PREFER_FLOOR || r->how == CEIL)
        mpz_cdiv_q(whole, mpq_numref(x), mpq_denref(x));
    else
        mpz_fdiv_q(whole, mpq_numref(x), mpq_denref(x));
    size_t index = mpz_sgn(whole) <= 0              ? 0
                   : mpz_cmp_ui(whole, in - 1) >= 0 ? in - 1
                                                    : mpz_get_ui(whole);
    mpz_clear(whole);
    mpq_clear(half);
    return index;
}

static crease_status fill(crease_onnx_node *node, const resizing *r)
{
    const crease_onnx_value *from = crease_onnx_input(node, 0);
    crease_onnx_value *to = crease_onnx_output(node, 0);
    crease_status status = crease_onnx_make(node, to, from->kind, from->type, from->rank, r->dim);
    if (status || to->count == 0)
        return status;
    size_t *table[CREASE_ONNX_RANK], rank = from->rank;
    mpq_t x;
    mpq_init(x);
    for (size_t d = 0; d < rank; d++) {
        table[d] = crease_alloc(r->dim[d], sizeof *table[d]);
        for (size_t o = 0; o < r->dim[d]; o++) {
            coordinate(r, from->dim[d], d, o, x);
            table[d][o] = nearest(r, from->dim[d], x);
        }
    }
    mpq_clear(x);
    for (size_t i = 0; i < to->count; i++) {
        size_t at = 0, step = 1, rest = i;
        for (size_t d = rank; d-- > 0; rest /= r->dim[d]) {
            assert(r->dim[d] > 0);
            at += table[d][rest % r->dim[d]] * step;
            step *= from->dim[d];
        }
        crease_onnx_copy(node->reader, to, i, from, at);
    }
    for (size_t d = 0; d < rank; d++)
        free(table[d]);
    return CREASE_OK;
}

crease_status crease_onnx_resize(crease_onnx_node *node)
{
    const crease_onnx_value *from = crease_onnx_input(node, 0);
    resizing r;
    if (from->count == 0)
        return crease_onnx_fail(node, "of no elements");
    for (size_t d = 0; d < CREASE_ONNX_RANK; d++)
        mpq_init(r.scale[d]);
    crease_status status = read_words(node, &r);
    status = status ? status : read_resizing(node, &r);
    status = status ? status : fill(node, &r);
    for (size_t d = 0; d < CREASE_ONNX_RANK; d++)
        mpq_clear(r.scale[d]);
    return status;
}
