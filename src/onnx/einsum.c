#include "onnx/operators.h"

#include <assert.h>
#include <string.h>

/* The sum over all indices that the output does not have, of products of one or two tensors of
 * which all but one are constant. */

enum { LETTERS = 128 };

typedef struct {
    const crease_onnx_value *value[2];
    size_t values;
    char label[3][CREASE_ONNX_RANK + 1]; /* of each tensor, and last of the output */
    size_t size[LETTERS];                /* of each index; 0 for none */
    char summed[2 * CREASE_ONNX_RANK + 1];
    size_t sums;
} sum_rule;

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Parses "ab,bc->ac" without blanks; false for other text. */
static bool parse(const char *text, size_t length, sum_rule *r, bool *arrow)
{
    size_t part = 0, used = 0;
    *arrow = false;
    for (size_t i = 0; i < length; i++) {
        if (text[i] == ' ')
            continue;
        if (is_letter(text[i])) {
            if (used == CREASE_ONNX_RANK)
                return false;
            r->label[*arrow ? 2 : part][used++] = text[i];
            continue;
        }
        used = 0;
        if (text[i] == ',' && !*arrow && ++part < r->values)
            continue;
        if (text[i] != '-' || i + 1 >= length || text[++i] != '>' || *arrow)
            return false;
        *arrow = true;
    }
    return part + 1 == r->values;
}

/* Without an arrow: the indices that occur once, by the alphabet. */
static void add_output(sum_rule *r)
{
    size_t used = 0;
    for (char c = 'A'; c <= 'z'; c++) {
        size_t times = 0;
        for (size_t v = 0; v < r->values; v++)
            for (const char *p = r->label[v]; *p; p++)
                times += *p == c;
        if (times == 1 && used < CREASE_ONNX_RANK)
            r->label[2][used++] = c;
    }
}

static crease_status read_sizes(crease_onnx_node *node, sum_rule *r)
{
    for (size_t v = 0; v < r->values; v++) {
        const crease_onnx_value *value = r->value[v];
        if (strlen(r->label[v]) != value->rank)
            return crease_onnx_fail(node, "input %zu has %zu dimensions, not %zu", v, value->rank,
                                    strlen(r->label[v]));
        for (size_t d = 0; d < value->rank; d++) {
            size_t *size = &r->size[(unsigned char)r->label[v][d]];
            if (*size && *size != value->dim[d])
                return crease_onnx_fail(node, "index %c is of %zu and of %zu", r->label[v][d],
                                        *size, value->dim[d]);
            *size = value->dim[d];
        }
    }
    for (const char *p = r->label[2]; *p; p++)
        if (!r->size[(unsigned char)*p] || strchr(p + 1, *p))
            return crease_onnx_fail(node, "index %c of the output", *p);
    for (size_t v = 0; v < r->values; v++)
        for (const char *p = r->label[v]; *p; p++)
            if (!strchr(r->label[2], *p) && !strchr(r->summed, *p))
                r->summed[r->sums++] = *p;
    return CREASE_OK;
}

static crease_status read_rule(crease_onnx_node *node, sum_rule *r)
{
    bool arrow;
    const Onnx__AttributeProto *a =
        crease_onnx_typed(node, "equation", ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__STRING);
    memset(r, 0, sizeof *r);
    r->values = node->inputs;
    assert(r->values == 1 || r->values == 2);
    for (size_t v = 0; v < r->values; v++) {
        r->value[v] = crease_onnx_input(node, v);
        if (r->value[v]->kind == CREASE_ONNX_INTEGERS || r->value[v]->count == 0)
            return crease_onnx_fail(node, "input %zu is no tensor of numbers", v);
    }
    if (r->values == 2 && !crease_onnx_constant(r->value[0]) && !crease_onnx_constant(r->value[1]))
        return crease_onnx_fail(node, "both factors depend on the input");
    if (!a || !parse((const char *)a->s.data, a->s.len, r, &arrow))
        return crease_onnx_fail(node, "the equation is not read: only letters, as in ij,jk->ik");
    if (!arrow)
        add_output(r);
    return read_sizes(node, r);
}

/* The element of a tensor at these indices. */
static size_t at(const sum_rule *r, size_t v, const size_t *index)
{
    size_t place = 0;
    for (size_t d = 0; d < r->value[v]->rank; d++)
        place = place * r->value[v]->dim[d] + index[(unsigned char)r->label[v][d]];
    return place;
}

static void set(const sum_rule *r, const char *labels, size_t rest, size_t *index)
{
    for (size_t d = strlen(labels); d-- > 0;) {
        size_t size = r->size[(unsigned char)labels[d]];
        index[(unsigned char)labels[d]] = rest % size;
        rest /= size;
    }
}

crease_status crease_onnx_einsum(crease_onnx_node *node)
{
    sum_rule r;
    size_t dim[CREASE_ONNX_RANK], index[LETTERS] = {0}, inner = 1;
    crease_onnx_value *to = crease_onnx_output(node, 0);
    if (read_rule(node, &r))
        return CREASE_INPUT;
    assert(r.value[r.values - 1]);
    size_t rank = strlen(r.label[2]);
    for (size_t d = 0; d < rank; d++)
        dim[d] = r.size[(unsigned char)r.label[2][d]];
    for (size_t k = 0; k < r.sums; k++) /* no overflow: the product of two counts at most */
        inner *= r.size[(unsigned char)r.summed[k]];
    crease_status status =
        crease_onnx_make(node, to, CREASE_ONNX_AFFINE, r.value[0]->type, rank, dim);
    size_t factor = r.values == 2 && crease_onnx_constant(r.value[1]) ? 1 : 0;
    mpq_t number;
    mpq_init(number);
    for (size_t i = 0; !status && i < to->count && !node->reader->meter.excess; i++) {
        set(&r, r.label[2], i, index);
        for (size_t k = 0; k < inner && !node->reader->meter.excess; k++) {
            set(&r, r.summed, k, index);
            if (r.values == 2)
                crease_onnx_get(r.value[factor], at(&r, factor, index), number);
            if (r.values == 1 || mpq_sgn(number))
                crease_onnx_add(node->reader, r.value[r.values == 2 ? !factor : 0],
                                at(&r, r.values == 2 ? !factor : 0, index),
                                r.values == 2 ? (const mpq_t *)&number : NULL);
            crease_affine_copies(&node->reader->meter, 1);
        }
        crease_onnx_close(node->reader, to, i);
    }
    mpq_clear(number);
    return status;
}
