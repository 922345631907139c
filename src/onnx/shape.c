#include "onnx/operators.h"

#include <math.h>

/* The same elements in another shape of as many. */
static crease_status reshape(crease_onnx_node *node, size_t rank, const size_t *dim)
{
    const crease_onnx_value *from = crease_onnx_input(node, 0);
    crease_onnx_value *to = crease_onnx_output(node, 0);
    if (node->status)
        return node->status;
    if (crease_onnx_count(rank, dim) != from->count)
        return crease_onnx_fail(node, "%zu elements do not fit the new shape", from->count);
    crease_status status = crease_onnx_make(node, to, from->kind, from->type, rank, dim);
    to->flipped = from->flipped;
    for (size_t i = 0; !status && i < to->count; i++)
        crease_onnx_copy(node->reader, to, i, from, i);
    return status;
}

crease_status crease_onnx_identity(crease_onnx_node *node)
{
    const crease_onnx_value *from = crease_onnx_input(node, 0);
    return reshape(node, from->rank, from->dim);
}

/* As in inference. */
crease_status crease_onnx_dropout(crease_onnx_node *node)
{
    size_t count;
    crease_onnx_float(node, "ratio", 0.5);
    crease_onnx_int(node, "seed", 0);
    if (node->reader->opset < 7 && crease_onnx_int(node, "is_test", 0) == 0)
        return crease_onnx_fail(node, "in training mode (is_test is 0)");
    const int64_t *training = crease_onnx_integers(node, 2, &count);
    if (training && (count != 1 || *training))
        return crease_onnx_fail(node, "in training mode");
    return crease_onnx_identity(node);
}

/* ---- Types ---- */

/* Does the type hold all numbers of the other? */
static bool holds(int type, int other)
{
    const int single = ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT;
    const int twice = ONNX__TENSOR_PROTO__DATA_TYPE__DOUBLE;
    bool half = other == ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT16 ||
                other == ONNX__TENSOR_PROTO__DATA_TYPE__BFLOAT16;
    return type == other || (type == single && half) ||
           (type == twice && (half || other == single));
}

static crease_status cast_integers(crease_onnx_node *node, const crease_onnx_value *from, int type,
                                   crease_onnx_value *to)
{
    bool real = type == ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT ||
                type == ONNX__TENSOR_PROTO__DATA_TYPE__DOUBLE;
    int64_t most = type == ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT    ? 1 << 24
                   : type == ONNX__TENSOR_PROTO__DATA_TYPE__DOUBLE ? (int64_t)1 << 53
                   : type == ONNX__TENSOR_PROTO__DATA_TYPE__INT32  ? INT32_MAX
                   : type == ONNX__TENSOR_PROTO__DATA_TYPE__INT64  ? INT64_MAX
                   : type == ONNX__TENSOR_PROTO__DATA_TYPE__BOOL   ? INT64_MAX
                                                                   : -1;
    if (most < 0)
        return crease_onnx_fail(node, "from integers to %s", crease_onnx_type(type));
    crease_status status = crease_onnx_make(
        node, to, real ? CREASE_ONNX_NUMBERS : CREASE_ONNX_INTEGERS, type, from->rank, from->dim);
    for (size_t i = 0; !status && i < to->count; i++) {
        if (from->integer[i] > most || from->integer[i] < -most)
            return crease_onnx_fail(node, "%lld is too large for type %s",
                                    (long long)from->integer[i], crease_onnx_type(type));
        if (real)
            to->number[i] = (double)from->integer[i];
        else
            to->integer[i] = type == ONNX__TENSOR_PROTO__DATA_TYPE__BOOL ? from->integer[i] != 0
                                                                         : from->integer[i];
    }
    return status;
}

/* Constants become the nearest numbers of the type. */
static crease_status round_constants(crease_onnx_node *node, int type)
{
    const crease_onnx_value *from = crease_onnx_input(node, 0);
    crease_onnx_value *to = crease_onnx_output(node, 0);
    crease_status status =
        crease_onnx_make(node, to, CREASE_ONNX_AFFINE, type, from->rank, from->dim);
    mpq_t value;
    mpq_init(value);
    for (size_t i = 0; !status && i < to->count; i++) {
        bool good = from->kind != CREASE_ONNX_NUMBERS || isfinite(from->number[i]);
        if (good)
            crease_onnx_get(from, i, value);
        if (!good || !crease_onnx_round(type, value))
            status = crease_onnx_fail(node, "element %zu is no number of type %s", i,
                                      crease_onnx_type(type));
        else
            to->affine[i] = crease_affine_constant(&node->reader->meter, value);
    }
    mpq_clear(value);
    if (!status)
        crease_onnx_note(node->reader, "Cast (node %zu) rounds constants to %s", node->index,
                         crease_onnx_type(type));
    return status;
}

/* What depends on the input is a real number, which a cast to another floating-point type leaves as
 * it is. */
crease_status crease_onnx_cast(crease_onnx_node *node)
{
    const crease_onnx_value *from = crease_onnx_input(node, 0);
    crease_onnx_value *to = crease_onnx_output(node, 0);
    int64_t type = crease_onnx_int(node, "to", 0);
    crease_onnx_int(node, "saturate", 1);
    crease_onnx_word(node, "round_mode", "up", "up"); /* of float8e8m0 */
    if (type < 0 || type > INT16_MAX)
        return crease_onnx_fail(node, "to type %lld", (long long)type);
    if (from->kind == CREASE_ONNX_INTEGERS)
        return cast_integers(node, from, (int)type, to);
    if (!crease_onnx_real((int)type) && type != from->type)
        return crease_onnx_fail(node, "from %s to %s", crease_onnx_type(from->type),
                                crease_onnx_type((int)type));
    bool rounds = from->kind != CREASE_ONNX_MASK && !holds((int)type, from->type);
    if (rounds && crease_onnx_constant(from))
        return round_constants(node, (int)type);
    if (rounds)
        crease_onnx_note(node->reader,
                         "Cast (node %zu) from %s to %s is taken in real arithmetic, as no change",
                         node->index, crease_onnx_type(from->type), crease_onnx_type((int)type));
    crease_status status = crease_onnx_identity(node);
    to->type = (int)type;
    return status;
}

/* ---- Constants ---- */

/* The numbers of a Constant that is no tensor: which attribute, and whether it is a list. */
static crease_status read_listed(crease_onnx_node *node, const Onnx__AttributeProto *a, bool real,
                                 bool list)
{
    crease_onnx_value *to = crease_onnx_output(node, 0);
    size_t count = !list ? 1 : real ? a->n_floats : a->n_ints;
    crease_status status = crease_onnx_make(
        node, to, real ? CREASE_ONNX_NUMBERS : CREASE_ONNX_INTEGERS,
        real ? ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT : ONNX__TENSOR_PROTO__DATA_TYPE__INT64, list,
        &count);
    for (size_t i = 0; !status && i < count; i++)
        if (real)
            to->number[i] = (double)(list ? a->floats[i] : a->f);
        else
            to->integer[i] = list ? a->ints[i] : a->i;
    return status;
}

/* The tensor of attribute "value". */
static crease_status read_tensor(crease_onnx_node *node, const Onnx__AttributeProto *a,
                                 crease_onnx_value *to)
{
    return a->t ? crease_onnx_tensor(node->reader, a->t, to->name, to)
                : crease_onnx_fail(node, "attribute value has none");
}

crease_status crease_onnx_constant_of(crease_onnx_node *node)
{
    static const struct {
        const char *name;
        Onnx__AttributeProto__AttributeType type;
        bool real, list;
    } forms[] = {
        {"value_int", ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__INT, false, false},
        {"value_ints", ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__INTS, false, true},
        {"value_float", ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__FLOAT, true, false},
        {"value_floats", ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__FLOATS, true, true},
    };
    const Onnx__AttributeProto *a =
        crease_onnx_typed(node, "value", ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__TENSOR);
    if (node->proto->n_attribute != 1)
        return crease_onnx_fail(node, "%zu attributes, expected one", node->proto->n_attribute);
    if (a)
        return read_tensor(node, a, crease_onnx_output(node, 0));
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
        if ((a = crease_onnx_typed(node, forms[i].name, forms[i].type)))
            return read_listed(node, a, forms[i].real, forms[i].list);
    return crease_onnx_fail(node, "attribute %.40s is not read", node->proto->attribute[0]->name);
}

/* Sizes from a list of integers. */
static crease_status read_sizes(crease_onnx_node *node, size_t input, size_t *rank, size_t *dim)
{
    const int64_t *size = crease_onnx_integers(node, input, rank);
    if (node->status)
        return node->status;
    if (*rank > CREASE_ONNX_RANK)
        return crease_onnx_fail(node, "%zu dimensions, more than %d", *rank, CREASE_ONNX_RANK);
    for (size_t d = 0; d < *rank; d++) {
        if (size[d] < 0 || size[d] > CREASE_ONNX_ELEMENTS)
            return crease_onnx_fail(node, "dimension %zu is %lld", d, (long long)size[d]);
        dim[d] = (size_t)size[d];
    }
    return CREASE_OK;
}

crease_status crease_onnx_constant_of_shape(crease_onnx_node *node)
{
    size_t rank, dim[CREASE_ONNX_RANK];
    crease_onnx *reader = node->reader;
    crease_onnx_value *to = crease_onnx_output(node, 0), value = {.name = to->name};
    const Onnx__AttributeProto *a =
        crease_onnx_typed(node, "value", ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__TENSOR);
    crease_status status = read_sizes(node, 0, &rank, dim);
    if (!status && a) {
        status = read_tensor(node, a, &value);
    } else if (!status) {
        size_t one = 1;
        status = crease_onnx_make(node, &value, CREASE_ONNX_NUMBERS,
                                  ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT, 1, &one);
    }
    if (!status && value.count != 1)
        status = crease_onnx_fail(node, "%zu values, expected one", value.count);
    if (!status)
        status = crease_onnx_make(node, to, value.kind, value.type, rank, dim);
    for (size_t i = 0; !status && i < to->count; i++)
        crease_onnx_copy(reader, to, i, &value, 0);
    crease_onnx_drop(reader, &value);
    return status;
}

crease_status crease_onnx_shape(crease_onnx_node *node)
{
    const crease_onnx_value *from = crease_onnx_input(node, 0);
    int64_t rank = (int64_t)from->rank;
    int64_t start = crease_onnx_int(node, "start", 0), end = crease_onnx_int(node, "end", rank);
    start += start < 0 ? rank : 0;
    end += end < 0 ? rank : 0;
    start = start < 0 ? 0 : start > rank ? rank : start;
    end = end < start ? start : end > rank ? rank : end;
    size_t count = (size_t)(end - start);
    crease_onnx_value *to = crease_onnx_output(node, 0);
    crease_status status = crease_onnx_make(node, to, CREASE_ONNX_INTEGERS,
                                            ONNX__TENSOR_PROTO__DATA_TYPE__INT64, 1, &count);
    for (size_t i = 0; !status && i < count; i++)
        to->integer[i] = (int64_t)from->dim[(size_t)start + i];
    return status;
}

/* ---- Shapes ---- */

crease_status crease_onnx_reshape(crease_onnx_node *node)
{
    const crease_onnx_value *from = crease_onnx_input(node, 0);
    bool zeros = crease_onnx_int(node, "allowzero", 0) != 0;
    size_t rank, dim[CREASE_ONNX_RANK], open = SIZE_MAX;
    const int64_t *size = crease_onnx_integers(node, 1, &rank);
    if (node->status)
        return node->status;
    if (rank > CREASE_ONNX_RANK)
        return crease_onnx_fail(node, "%zu dimensions, more than %d", rank, CREASE_ONNX_RANK);
    for (size_t d = 0; d < rank; d++) {
        if (size[d] < -1 || size[d] > CREASE_ONNX_ELEMENTS || (size[d] == -1 && open != SIZE_MAX))
            return crease_onnx_fail(node, "dimension %zu of the new shape is %lld", d,
                                    (long long)size[d]);
        if (size[d] == 0 && !zeros && d >= from->rank)
            return crease_onnx_fail(node, "no dimension %zu to be kept", d);
        open = size[d] == -1 ? d : open;
        dim[d] = size[d] == -1 ? 1 : size[d] == 0 && !zeros ? from->dim[d] : (size_t)size[d];
    }
    size_t rest = crease_onnx_count(rank, dim);
    if (open != SIZE_MAX) {
        if (rest == 0 || from->count % rest)
            return crease_onnx_fail(node, "%zu elements do not fit the new shape", from->count);
        dim[open] = from->count / rest;
    }
    return reshape(node, rank, dim);
}

crease_status crease_onnx_flatten(crease_onnx_node *node)
{
    const crease_onnx_value *from = crease_onnx_input(node, 0);
    size_t dim[2] = {1, 1};
    int64_t axis = crease_onnx_int(node, "axis", 1), rank = (int64_t)from->rank;
    if (axis < -rank || axis > rank)
        return crease_onnx_fail(node, "axis %lld of %lld dimensions", (long long)axis,
                                (long long)rank);
    axis += axis < 0 ? rank : 0;
    for (size_t d = 0; d < from->rank; d++)
        dim[d >= (size_t)axis] *= from->dim[d];
    return reshape(node, 2, dim);
}

crease_status crease_onnx_squeeze(crease_onnx_node *node)
{
    const crease_onnx_value *from = crease_onnx_input(node, 0);
    size_t count, rank = 0, dim[CREASE_ONNX_RANK];
    bool mark[CREASE_ONNX_RANK];
    const int64_t *axis = crease_onnx_list(node, "axes", 13, 1, &count);
    if (crease_onnx_axes(node, axis, count, from->rank, mark))
        return CREASE_INPUT;
    for (size_t d = 0; d < from->rank; d++) {
        bool gone = axis ? mark[d] : from->dim[d] == 1;
        if (gone && from->dim[d] != 1)
            return crease_onnx_fail(node, "dimension %zu is %zu, not 1", d, from->dim[d]);
        if (!gone)
            dim[rank++] = from->dim[d];
    }
    return reshape(node, rank, dim);
}

crease_status crease_onnx_unsqueeze(crease_onnx_node *node)
{
    const crease_onnx_value *from = crease_onnx_input(node, 0);
    size_t count, at = 0, dim[CREASE_ONNX_RANK];
    bool mark[CREASE_ONNX_RANK];
    const int64_t *axis = crease_onnx_list(node, "axes", 13, 1, &count);
    size_t rank = from->rank + count;
    if (!axis)
        return crease_onnx_fail(node, "no axes");
    if (rank > CREASE_ONNX_RANK)
        return crease_onnx_fail(node, "%zu dimensions, more than %d", rank, CREASE_ONNX_RANK);
    if (crease_onnx_axes(node, axis, count, rank, mark))
        return CREASE_INPUT;
    for (size_t d = 0; d < rank; d++)
        dim[d] = mark[d] ? 1 : from->dim[at++];
    return reshape(node, rank, dim);
}
