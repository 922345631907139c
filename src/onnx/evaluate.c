#include "onnx/onnx.h"

#include "base/memory.h"
#include "base/status.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Initializers are read when they are first used, so unused ones are not read. */
static crease_status load(crease_onnx *reader, crease_onnx_value *value)
{
    const Onnx__TensorProto *tensor = value->tensor;
    if (value->kind == CREASE_ONNX_LATER && value->sparse)
        return crease_onnx_sparse(reader, value->sparse, value);
    if (value->kind != CREASE_ONNX_LATER || !tensor)
        return CREASE_OK;
    return crease_onnx_tensor(reader, tensor, value->name, value);
}

static bool ready(const crease_onnx_node *node)
{
    for (size_t i = 0; i < node->inputs; i++) {
        const crease_onnx_value *value = crease_onnx_input(node, i);
        if (value && value->kind == CREASE_ONNX_LATER && !value->tensor && !value->sparse)
            return false;
    }
    return true;
}

static crease_status check_inputs(crease_onnx_node *node)
{
    int type = 0;
    for (size_t i = 0; i < node->inputs; i++)
        if (crease_onnx_input(node, i) && crease_onnx_input(node, i)->ended)
            return CREASE_OK;
    for (size_t i = 0; i < node->inputs; i++) {
        const crease_onnx_value *value = crease_onnx_input(node, i);
        if (value && value->kind == CREASE_ONNX_MASK &&
            !(node->operator->takes & CREASE_ONNX_MASKS))
            return crease_onnx_fail(node, "of a condition that depends on the input, which only "
                                          "Where, Mul, Not, Cast and what reshapes it may use");
        if (!value || value->kind == CREASE_ONNX_INTEGERS || value->kind == CREASE_ONNX_MASK)
            continue;
        if (type && value->type != type && !(node->operator->takes & CREASE_ONNX_MIXED))
            return crease_onnx_fail(node, "inputs of the types %s and %s", crease_onnx_type(type),
                                    crease_onnx_type(value->type));
        type = value->type;
        for (size_t k = 0;
             node->operator->nature == CREASE_ONNX_COMPUTES && value->number && k<value->count; k++)
            if (!isfinite(value->number[k]))
                return crease_onnx_fail(node, "input %zu, \"%.60s\": element %zu is %s", i,
                                        value->name, k,
                                        isnan(value->number[k]) ? "NaN" : "infinite");
    }
    return CREASE_OK;
}

/* A final Softmax and what follows it: every output stands for what went into the Softmax, which
 * `from` holds. */
static crease_status pass(crease_onnx_node *node, const crease_onnx_value *from, size_t logits)
{
    if (node->operator->nature == CREASE_ONNX_ENDS && !from->affine && !from->number)
        return crease_onnx_fail(node, "of integers");
    for (size_t k = 0; k < node->outputs; k++) {
        crease_onnx_value *to = crease_onnx_output(node, k);
        if (!to || !to->uses)
            continue;
        crease_status status =
            crease_onnx_make(node, to, CREASE_ONNX_AFFINE, from->type, from->rank, from->dim);
        for (size_t i = 0; !status && i < to->count; i++)
            crease_onnx_copy(node->reader, to, i, from, i);
        if (status)
            return status;
        to->ended = true;
        to->logits = logits;
    }
    return CREASE_OK;
}

static bool all_zero(const crease_onnx_value *value)
{
    mpq_t number;
    bool zero = true;
    mpq_init(number);
    for (size_t i = 0; zero && value->kind != CREASE_ONNX_INTEGERS && i < value->count; i++) {
        crease_onnx_get(value, i, number);
        zero = mpq_sgn(number) == 0;
    }
    mpq_clear(number);
    return zero && value->kind != CREASE_ONNX_INTEGERS;
}

/* After a final node there may only be nodes without switching units, whose other inputs are
 * constants or come from the same node. */
static crease_status follow(crease_onnx_node *node, const crease_onnx_value *from)
{
    const size_t logits = from->logits;
    crease_onnx_nature nature = node->operator->nature;
    if (nature == CREASE_ONNX_COMPUTES || nature == CREASE_ONNX_ACCEPTS)
        if (!(node->operator->takes & CREASE_ONNX_ENDED))
            return crease_onnx_fail(node, "behind a Softmax, LogSoftmax, Sigmoid, Tanh or ArgMax, "
                                          "which are read only at the end");
    for (size_t i = 0; i < node->inputs; i++) {
        const crease_onnx_value *value = crease_onnx_input(node, i);
        bool joins = !strcmp(node->operator->name, "Concat");
        if (!value || (value->ended && value->logits == logits && (i == 0 || joins)))
            continue;
        if (value->ended ? i > 0 && crease_onnx_input(node, 0)->ended
                         : !crease_onnx_constant(value))
            return crease_onnx_fail(node, "behind a final Softmax or the like, and of something "
                                          "else that depends on the input");
        if (!strcmp(node->operator->name, "Mul") && !value->ended && all_zero(value))
            return crease_onnx_fail(node, "by zero");
    }
    node->reader->behind += nature != CREASE_ONNX_MOVES;
    return pass(node, from, logits);
}

/* The first of the final nodes on a way to the outputs. */
static crease_status end(crease_onnx_node *node)
{
    bool exact = (node->operator->takes & CREASE_ONNX_EXACT) != 0;
    crease_onnx_note(node->reader, "the final %s (node %zu) is ignored, since it changes no %s",
                     node->operator->name, node->index,
                     exact ? "region"
                           : "activation region; with --definition=affine or open-connected, the "
                             "maps that go into it are compared, not those that come out");
    return pass(node, crease_onnx_input(node, 0), node->input[0]);
}

static crease_status evaluate(crease_onnx_node *node)
{
    for (size_t i = 0; i < node->inputs; i++)
        if (crease_onnx_input(node, i) && crease_onnx_input(node, i)->ended)
            return follow(node, crease_onnx_input(node, i));
    if (node->operator->nature == CREASE_ONNX_ENDS)
        return end(node);
    if (node->operator->nature == CREASE_ONNX_FOLLOWS)
        return crease_onnx_fail(node, "read only behind a Softmax, Sigmoid or ArgMax");
    crease_status status = node->operator->run(node);
    if (status || (status = node->status))
        return status;
    for (size_t a = 0; a < node->proto->n_attribute; a++)
        if (!node->read[a])
            return crease_onnx_fail(node,
                                    "attribute %.40s is not read, in version %lld of the "
                                    "operators",
                                    node->proto->attribute[a]->name,
                                    (long long)node->reader->opset);
    return CREASE_OK;
}

static crease_status run_node(crease_onnx_node *node, bool *waits)
{
    crease_onnx *reader = node->reader;
    for (size_t i = 0; i < node->inputs; i++)
        if (node->input[i] != SIZE_MAX && load(reader, &reader->value[node->input[i]]))
            return CREASE_INPUT;
    crease_status status = check_inputs(node);
    status = status ? status : evaluate(node);
    if (!status && reader->meter.excess)
        status = crease_onnx_fail(node, "%s", crease_affine_words(reader->meter.excess));
    if (status)
        return status;
    *waits = *waits || node->switches;
    if (!node->switches)
        crease_onnx_finish(node);
    return CREASE_OK;
}

/* Nodes that were not chosen ask again, for a unit of the new layer. */
static void forget(crease_onnx *reader)
{
    for (size_t n = 0; n < reader->nodes; n++) {
        crease_onnx_units_free(reader, reader->node[n].switches);
        reader->node[n].switches = NULL;
    }
}

crease_status crease_onnx_evaluate(crease_onnx *reader)
{
    crease_status status = CREASE_OK;
    for (bool waits = true; waits && !status;) {
        waits = false;
        for (size_t n = 0; n < reader->nodes && !status; n++) {
            crease_onnx_node *node = &reader->node[n];
            if (node->needed && !node->done && ready(node))
                status = run_node(node, &waits);
        }
        if (!status && waits)
            status = crease_onnx_layer_add(reader);
        forget(reader);
    }
    if (!status && reader->behind)
        crease_onnx_note(reader, "%zu node%s behind final ones %s ignored likewise", reader->behind,
                         reader->behind > 1 ? "s" : "", reader->behind > 1 ? "are" : "is");
    for (size_t i = 0; !status && i < reader->graph->n_output; i++)
        status = load(reader, &reader->value[reader->output[i]]);
    return status;
}
