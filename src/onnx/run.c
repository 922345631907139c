#include "onnx/onnx.h"

#include "base/memory.h"
#include "base/status.h"

#include <math.h>
#include <stdlib.h>

/* Initializers are read when they are first used, so that what no node needs is not. */
static crease_status load(crease_onnx *reader, crease_onnx_value *value)
{
    const Onnx__TensorProto *tensor = value->tensor;
    if (value->kind != CREASE_ONNX_LATER || !tensor)
        return CREASE_OK;
    return crease_onnx_tensor(reader, tensor, value->name, value);
}

static bool ready(const crease_onnx_node *node)
{
    for (size_t i = 0; i < node->inputs; i++) {
        const crease_onnx_value *value = crease_onnx_input(node, i);
        if (value && value->kind == CREASE_ONNX_LATER && !value->tensor)
            return false;
    }
    return true;
}

static crease_status check_inputs(crease_onnx_node *node)
{
    int type = 0;
    for (size_t i = 0; i < node->inputs; i++) {
        const crease_onnx_value *value = crease_onnx_input(node, i);
        if (!value || value->kind == CREASE_ONNX_INTEGERS)
            continue;
        if (type && value->type != type)
            return crease_onnx_fail(node, "inputs of the types %d and %d", type, value->type);
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

/* A final Softmax and what moves its elements: the output stands for what went in. */
static crease_status pass(crease_onnx_node *node)
{
    const crease_onnx_value *from = crease_onnx_input(node, 0);
    crease_onnx_value *to = crease_onnx_output(node, 0);
    if (!to)
        return CREASE_OK;
    if (from->kind == CREASE_ONNX_INTEGERS)
        return crease_onnx_fail(node, "of integers");
    crease_status status =
        crease_onnx_make(node, to, CREASE_ONNX_AFFINE, from->type, from->rank, from->dim);
    for (size_t i = 0; !status && i < to->count; i++)
        crease_onnx_copy(node->reader, to, i, from, i);
    to->ended = true;
    return status;
}

static crease_status evaluate(crease_onnx_node *node)
{
    crease_onnx_nature nature = node->operator->nature;
    bool ended = false;
    for (size_t i = 0; i < node->inputs; i++)
        ended = ended || (crease_onnx_input(node, i) && crease_onnx_input(node, i)->ended);
    if (ended && nature != CREASE_ONNX_MOVES && nature != CREASE_ONNX_ENDS)
        return crease_onnx_fail(node, "behind a Softmax, LogSoftmax, Sigmoid, Tanh or ArgMax, "
                                      "which are read only at the end");
    if (nature == CREASE_ONNX_ENDS && !ended)
        crease_onnx_note(node->reader,
                         "the final %s (node %zu) is ignored, since it changes no region",
                         node->operator->name, node->index);
    if (ended || nature == CREASE_ONNX_ENDS)
        return pass(node);
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

/* Those that were not taken ask again, of the new layer. */
static void forget(crease_onnx *reader)
{
    for (size_t n = 0; n < reader->nodes; n++) {
        crease_onnx_units_free(reader, reader->node[n].switches);
        reader->node[n].switches = NULL;
    }
}

crease_status crease_onnx_run(crease_onnx *reader)
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
    for (size_t i = 0; !status && i < reader->graph->n_output; i++)
        status = load(reader, &reader->value[reader->output[i]]);
    return status;
}
