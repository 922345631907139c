#include "onnx/onnx.h"

#include "base/status.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *crease_onnx_type(int type)
{
    static const char *const names[] = {
        "undefined",      "float",      "uint8",          "int8",       "uint16",   "int16",
        "int32",          "int64",      "string",         "bool",       "float16",  "double",
        "uint32",         "uint64",     "complex64",      "complex128", "bfloat16", "float8e4m3fn",
        "float8e4m3fnuz", "float8e5m2", "float8e5m2fnuz", "uint4",      "int4",     "float4e2m1"};
    return type >= 0 && type < (int)(sizeof names / sizeof *names) ? names[type] : "unknown";
}

bool crease_onnx_real(int type)
{
    return type == ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT ||
           type == ONNX__TENSOR_PROTO__DATA_TYPE__DOUBLE ||
           type == ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT16 ||
           type == ONNX__TENSOR_PROTO__DATA_TYPE__BFLOAT16;
}

crease_status crease_onnx_fail(crease_onnx_node *node, const char *format, ...)
{
    char text[512];
    va_list list;
    va_start(list, format);
    vsnprintf(text, sizeof text, format, list);
    va_end(list);
    if (!node->proto) /* the file's inputs and tensors */
        return node->status = crease_fail(node->reader->source->error, CREASE_INPUT, "%s: %s",
                                          node->reader->source->name, text);
    const char *name = node->proto->name, *type = node->proto->op_type;
    if (!name || !*name)
        name = node->proto->n_output ? node->proto->output[0] : "";
    return node->status = crease_fail(
               node->reader->source->error, CREASE_INPUT, "%s: node %zu, \"%.60s\" (%.30s): %s",
               node->reader->source->name, node->index, name, type ? type : "", text);
}

void crease_onnx_note(crease_onnx *reader, const char *format, ...)
{
    char *text, *together;
    va_list list;
    va_start(list, format);
    int length = vasprintf(&text, format, list);
    va_end(list);
    if (length < 0 || asprintf(&together, "%s%s%s", reader->notes ? reader->notes : "",
                               reader->notes ? "; " : "", text) < 0)
        crease_fatal("out of memory");
    free(text);
    free(reader->notes);
    reader->notes = together;
}

crease_onnx_value *crease_onnx_input(const crease_onnx_node *node, size_t i)
{
    return i < node->inputs && node->input[i] != SIZE_MAX ? &node->reader->value[node->input[i]]
                                                          : NULL;
}

crease_onnx_value *crease_onnx_output(const crease_onnx_node *node, size_t i)
{
    return i < node->outputs && node->output[i] != SIZE_MAX ? &node->reader->value[node->output[i]]
                                                            : NULL;
}

/* ---- Attributes ---- */

/* Old files leave the type out, some writers what is zero. */
static bool present(const Onnx__AttributeProto *a, Onnx__AttributeProto__AttributeType type)
{
    switch (type) {
    case ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__INT: return a->has_i;
    case ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__FLOAT: return a->has_f;
    case ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__STRING: return a->has_s;
    case ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__INTS: return a->n_ints > 0;
    case ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__FLOATS: return a->n_floats > 0;
    default: return a->t;
    }
}

const Onnx__AttributeProto *crease_onnx_typed(crease_onnx_node *node, const char *name,
                                              Onnx__AttributeProto__AttributeType type)
{
    const Onnx__AttributeProto *a = NULL;
    for (size_t i = 0; i < node->proto->n_attribute && !a; i++)
        if (!strcmp(node->proto->attribute[i]->name, name)) {
            node->read[i] = true;
            a = node->proto->attribute[i];
        }
    if (!a)
        return NULL;
    bool said = a->has_type && a->type != ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__UNDEFINED;
    if (said ? a->type == type : present(a, type))
        return a;
    crease_onnx_fail(node, "attribute %.40s is of the wrong type", name);
    return NULL;
}

int64_t crease_onnx_int(crease_onnx_node *node, const char *name, int64_t standard)
{
    const Onnx__AttributeProto *a =
        crease_onnx_typed(node, name, ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__INT);
    return a ? a->i : standard;
}

double crease_onnx_float(crease_onnx_node *node, const char *name, double standard)
{
    const Onnx__AttributeProto *a =
        crease_onnx_typed(node, name, ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__FLOAT);
    if (a && isnan(a->f))
        crease_onnx_fail(node, "attribute %.40s is NaN", name);
    return a && !isnan(a->f) ? (double)a->f : standard;
}

void crease_onnx_exact(crease_onnx_node *node, const char *name, float standard, mpq_t out)
{
    double value = crease_onnx_float(node, name, (double)standard);
    if (!isfinite(value)) {
        crease_onnx_fail(node, "attribute %.40s is infinite", name);
        value = 0;
    }
    mpq_set_d(out, value);
}

const int64_t *crease_onnx_ints(crease_onnx_node *node, const char *name, size_t *count)
{
    static const int64_t none[1] = {0};
    const Onnx__AttributeProto *a =
        crease_onnx_typed(node, name, ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__INTS);
    *count = a ? a->n_ints : 0;
    return a ? a->n_ints ? a->ints : none : NULL;
}

bool crease_onnx_word(crease_onnx_node *node, const char *name, const char *standard,
                      const char *word)
{
    const Onnx__AttributeProto *a =
        crease_onnx_typed(node, name, ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__STRING);
    if (!a)
        return !strcmp(standard, word);
    return a->s.len == strlen(word) && !memcmp(a->s.data, word, a->s.len);
}

/* ---- Integers ---- */

const int64_t *crease_onnx_integers(crease_onnx_node *node, size_t i, size_t *count)
{
    const crease_onnx_value *value = crease_onnx_input(node, i);
    *count = 0;
    if (!value)
        return NULL;
    if (value->kind != CREASE_ONNX_INTEGERS || value->rank > 1) {
        crease_onnx_fail(node, "input %zu is not a list of integers", i);
        return NULL;
    }
    *count = value->count;
    return value->integer;
}

const int64_t *crease_onnx_list(crease_onnx_node *node, const char *name, int64_t since, size_t i,
                                size_t *count)
{
    if (node->reader->opset >= since)
        return crease_onnx_integers(node, i, count);
    if (crease_onnx_input(node, i))
        crease_onnx_fail(node, "input %zu, which operators of version %lld do not have", i,
                         (long long)node->reader->opset);
    return crease_onnx_ints(node, name, count);
}

crease_status crease_onnx_axis(crease_onnx_node *node, int64_t axis, size_t rank, size_t *out)
{
    int64_t all = (int64_t)rank;
    if (axis < -all || axis >= all)
        return crease_onnx_fail(node, "axis %lld of %zu dimensions", (long long)axis, rank);
    *out = (size_t)(axis < 0 ? axis + all : axis);
    return CREASE_OK;
}

crease_status crease_onnx_axes(crease_onnx_node *node, const int64_t *axis, size_t count,
                               size_t rank, bool *mark)
{
    for (size_t d = 0; d < rank; d++)
        mark[d] = false;
    for (size_t i = 0; i < count; i++) {
        size_t d = 0;
        if (crease_onnx_axis(node, axis[i], rank, &d))
            return CREASE_INPUT;
        if (mark[d])
            return crease_onnx_fail(node, "axis %zu twice", d);
        mark[d] = true;
    }
    return CREASE_OK;
}
