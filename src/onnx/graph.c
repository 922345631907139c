#include "onnx/onnx.h"

#include "base/memory.h"
#include "base/status.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_ATTRIBUTES = 64 };

#define FAIL(reader, ...) crease_fail((reader)->source->error, CREASE_INPUT, __VA_ARGS__)

/* ---- Names ---- */

static int compare(const void *a, const void *b, void *context)
{
    const crease_onnx_value *value = context;
    size_t i = *(const size_t *)a, j = *(const size_t *)b;
    int order = strcmp(value[i].name, value[j].name);
    return order ? order : (i > j) - (i < j);
}

static crease_status sort_names(crease_onnx *reader)
{
    free(reader->by_name);
    reader->by_name = crease_alloc(reader->values, sizeof *reader->by_name);
    reader->named = reader->values;
    for (size_t i = 0; i < reader->values; i++)
        reader->by_name[i] = i;
    qsort_r(reader->by_name, reader->values, sizeof *reader->by_name, compare, reader->value);
    for (size_t i = 1; i < reader->values; i++) {
        const char *name = reader->value[reader->by_name[i]].name;
        if (!strcmp(name, reader->value[reader->by_name[i - 1]].name))
            return FAIL(reader, "%s: the name \"%.80s\" is given to two tensors",
                        reader->source->name, name);
    }
    return CREASE_OK;
}

static size_t find(const crease_onnx *reader, const char *name)
{
    size_t low = 0, high = reader->named;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(name, reader->value[reader->by_name[middle]].name);
        if (order == 0)
            return reader->by_name[middle];
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return SIZE_MAX;
}

static void add_value(crease_onnx *reader, const char *name, const Onnx__TensorProto *tensor,
                      size_t producer)
{
    crease_onnx_value *value = &reader->value[reader->values++];
    value->name = name;
    value->tensor = tensor;
    value->producer = producer;
}

/* ---- Inputs of the graph ---- */

static crease_status read_dim(crease_onnx *reader, const char *name,
                              const Onnx__TensorShapeProto *shape, size_t d, size_t *out)
{
    const Onnx__TensorShapeProto__Dimension *dim = shape->dim[d];
    int64_t size = dim->value_case == ONNX__TENSOR_SHAPE_PROTO__DIMENSION__VALUE_DIM_VALUE
                       ? dim->dim_value
                       : 0;
    if (size <= 0 && d == 0 && shape->n_dim > 1)
        size = 1;
    if (size <= 0)
        return FAIL(reader,
                    "%s: input \"%.80s\": dimension %zu has no size; only that of the "
                    "batch, the first of several, may be left open",
                    reader->source->name, name, d);
    if (size > CREASE_MAX_INPUTS)
        return FAIL(reader,
                    "%s: input \"%.80s\": dimension %zu is %lld, at most %d inputs are "
                    "allowed",
                    reader->source->name, name, d, (long long)size, CREASE_MAX_INPUTS);
    *out = (size_t)size;
    return CREASE_OK;
}

/* Makes the input's elements the next units. */
static crease_status open_input(crease_onnx *reader, const Onnx__ValueInfoProto *info,
                                crease_onnx_value *value)
{
    size_t dim[CREASE_ONNX_RANK];
    crease_onnx_node outside = {.reader = reader};
    const Onnx__TypeProto *type = info->type;
    if (!type || type->value_case != ONNX__TYPE_PROTO__VALUE_TENSOR_TYPE ||
        !type->tensor_type->shape)
        return FAIL(reader, "%s: input \"%.80s\": not a tensor of known shape",
                    reader->source->name, value->name);
    const Onnx__TensorShapeProto *shape = type->tensor_type->shape;
    if (!crease_onnx_real(type->tensor_type->elem_type))
        return FAIL(reader, "%s: input \"%.80s\": type %s, not floating point of 16, 32 or 64 bits",
                    reader->source->name, value->name,
                    crease_onnx_type(type->tensor_type->elem_type));
    if (shape->n_dim > CREASE_ONNX_RANK)
        return FAIL(reader, "%s: input \"%.80s\": %zu dimensions, more than %d",
                    reader->source->name, value->name, shape->n_dim, CREASE_ONNX_RANK);
    for (size_t d = 0; d < shape->n_dim; d++)
        if (read_dim(reader, value->name, shape, d, &dim[d]))
            return CREASE_INPUT;
    size_t count = crease_onnx_count(shape->n_dim, dim);
    if (count > CREASE_MAX_INPUTS || reader->inputs + count > CREASE_MAX_INPUTS)
        return FAIL(reader, "%s: input \"%.80s\": more than %d inputs", reader->source->name,
                    value->name, CREASE_MAX_INPUTS);
    crease_status status = crease_onnx_make(&outside, value, CREASE_ONNX_AFFINE,
                                            type->tensor_type->elem_type, shape->n_dim, dim);
    value->first = reader->inputs;
    for (size_t i = 0; !status && i < count; i++)
        value->affine[i] = crease_affine_unit(&reader->meter, (uint32_t)reader->inputs++);
    return status;
}

/* ---- Values and nodes ---- */

static crease_status collect_constants(crease_onnx *reader)
{
    const Onnx__GraphProto *graph = reader->graph;
    for (size_t i = 0; i < graph->n_initializer; i++) {
        const char *name = graph->initializer[i]->name;
        if (!name || !*name)
            return FAIL(reader, "%s: initializer %zu has no name", reader->source->name, i);
        add_value(reader, name, graph->initializer[i], SIZE_MAX);
    }
    for (size_t i = 0; i < graph->n_sparse_initializer; i++) {
        const Onnx__SparseTensorProto *sparse = graph->sparse_initializer[i];
        if (!sparse->values || !sparse->values->name || !*sparse->values->name)
            return FAIL(reader, "%s: sparse initializer %zu has no name", reader->source->name, i);
        add_value(reader, sparse->values->name, NULL, SIZE_MAX);
        reader->value[reader->values - 1].sparse = sparse;
    }
    return sort_names(reader);
}

/* An input that is also an initializer is a constant. */
static crease_status collect_inputs(crease_onnx *reader)
{
    const Onnx__GraphProto *graph = reader->graph;
    for (size_t i = 0; i < graph->n_input; i++) {
        const char *name = graph->input[i]->name;
        if (!name || !*name)
            return FAIL(reader, "%s: input %zu has no name", reader->source->name, i);
        if (find(reader, name) == SIZE_MAX)
            add_value(reader, name, NULL, SIZE_MAX);
    }
    return CREASE_OK;
}

static crease_status open_inputs(crease_onnx *reader)
{
    for (size_t i = 0; i < reader->graph->n_input; i++) {
        const Onnx__ValueInfoProto *info = reader->graph->input[i];
        crease_onnx_value *value = &reader->value[find(reader, info->name)];
        if (value->tensor || value->sparse)
            continue;
        crease_status status = open_input(reader, info, value);
        if (status)
            return status;
    }
    return reader->inputs ? CREASE_OK
                          : FAIL(reader, "%s: the graph has no input", reader->source->name);
}

static crease_status collect_outputs(crease_onnx *reader)
{
    for (size_t n = 0; n < reader->protos; n++) {
        const Onnx__NodeProto *proto = reader->proto[n];
        for (size_t a = 0; a < proto->n_attribute; a++)
            if (!proto->attribute[a]->name)
                return FAIL(reader, "%s: node %zu: attribute %zu has no name", reader->source->name,
                            n, a);
        for (size_t i = 0; i < proto->n_output; i++)
            if (*proto->output[i])
                add_value(reader, proto->output[i], NULL, n);
    }
    return sort_names(reader);
}

static size_t trailing(char **name, size_t count)
{
    while (count > 0 && !*name[count - 1])
        count--;
    return count;
}

static crease_status open_node(crease_onnx *reader, size_t n)
{
    const Onnx__NodeProto *proto = reader->proto[n];
    crease_onnx_node *node = &reader->node[n];
    node->reader = reader;
    node->proto = proto;
    node->index = n;
    node->inputs = trailing(proto->input, proto->n_input);
    node->outputs = trailing(proto->output, proto->n_output);
    node->input = crease_alloc(node->inputs, sizeof *node->input);
    node->output = crease_alloc(node->outputs, sizeof *node->output);
    node->read = crease_alloc(proto->n_attribute, sizeof *node->read);
    for (size_t i = 0; i < node->outputs; i++)
        node->output[i] = *proto->output[i] ? find(reader, proto->output[i]) : SIZE_MAX;
    for (size_t i = 0; i < node->inputs; i++) {
        node->input[i] = *proto->input[i] ? find(reader, proto->input[i]) : SIZE_MAX;
        if (!*proto->input[i])
            continue;
        if (node->input[i] == SIZE_MAX)
            return crease_onnx_fail(node, "\"%.80s\" is not made by anything", proto->input[i]);
    }
    return CREASE_OK;
}

/* A node that must come before node n, since it computes a missing input of n; SIZE_MAX if there is
 * none. */
static size_t earlier(const crease_onnx *reader, size_t n, const bool *placed)
{
    const crease_onnx_node *node = &reader->node[n];
    for (size_t i = 0; i < node->inputs; i++) {
        size_t producer =
            node->input[i] == SIZE_MAX ? SIZE_MAX : reader->value[node->input[i]].producer;
        if (producer != SIZE_MAX && !placed[producer])
            return producer;
    }
    return SIZE_MAX;
}

/* The order of the file, except that a node comes after those whose outputs it needs. */
static crease_status sort_nodes(crease_onnx *reader)
{
    crease_status status = CREASE_OK;
    crease_onnx_node *sorted = crease_alloc(reader->nodes, sizeof *sorted);
    size_t *stack = crease_alloc(reader->nodes, sizeof *stack), count = 0, depth = 0;
    bool *placed = crease_alloc(reader->nodes, sizeof *placed);
    for (size_t n = 0; n < reader->nodes && !status; n++) {
        for (stack[depth++] = n; depth > 0 && !status;) {
            size_t top = stack[depth - 1], before = earlier(reader, top, placed);
            if (before != SIZE_MAX && depth == reader->nodes)
                status = crease_onnx_fail(&reader->node[top], "it depends on its own output");
            else if (before != SIZE_MAX)
                stack[depth++] = before;
            else if (depth--, !placed[top]) {
                placed[top] = true;
                sorted[count++] = reader->node[top];
            }
        }
    }
    if (!status)
        memcpy(reader->node, sorted, reader->nodes * sizeof *sorted);
    free(placed);
    free(stack);
    free(sorted);
    return status;
}

/* ---- What is needed ---- */

/* The operator of a needed node must be known. */
static crease_status check_node(crease_onnx_node *node)
{
    const Onnx__NodeProto *proto = node->proto;
    const char *domain = proto->domain ? proto->domain : "";
    bool learning = !strcmp(domain, "ai.onnx.ml");
    if (*domain && strcmp(domain, "ai.onnx") && !learning)
        return crease_onnx_fail(node, "operators of the domain \"%.40s\" are not read", domain);
    node->operator= crease_onnx_find(proto->op_type ? proto->op_type : "", learning);
    if (!node->operator)
        return crease_onnx_fail(node, "this operator is not read");
    if (node->inputs < node->operator->least || node->inputs> node->operator->most)
        return crease_onnx_fail(node, "%zu inputs, expected %zu to %zu", node->inputs,
                                node->operator->least, node->operator->most);
    for (size_t i = 0; i < node->operator->least; i++)
        if (node->input[i] == SIZE_MAX)
            return crease_onnx_fail(node, "input %zu is left out", i);
    for (size_t i = 0; i < node->outputs; i++)
        if (i >= node->operator->outputs && node->output[i] != SIZE_MAX &&
                 node->reader->value[node->output[i]]
                     .uses)
            return crease_onnx_fail(node, "output %zu is needed, but not read", i);
    if (proto->n_attribute > MAX_ATTRIBUTES)
        return crease_onnx_fail(node, "%zu attributes", proto->n_attribute);
    for (size_t a = 0; a < proto->n_attribute; a++) {
        if (proto->attribute[a]->ref_attr_name && *proto->attribute[a]->ref_attr_name)
            return crease_onnx_fail(node, "an attribute of a function");
        for (size_t b = 0; b < a; b++)
            if (!strcmp(proto->attribute[a]->name, proto->attribute[b]->name))
                return crease_onnx_fail(node, "attribute %.40s twice", proto->attribute[a]->name);
    }
    return CREASE_OK;
}

static crease_status find_needed(crease_onnx *reader)
{
    const Onnx__GraphProto *graph = reader->graph;
    size_t left_out = 0;
    if (graph->n_output == 0)
        return FAIL(reader, "%s: the graph has no output", reader->source->name);
    for (size_t i = 0; i < graph->n_output; i++) {
        const char *name = graph->output[i]->name ? graph->output[i]->name : "";
        reader->output[i] = find(reader, name);
        if (reader->output[i] == SIZE_MAX)
            return FAIL(reader, "%s: output \"%.80s\" is not made by anything",
                        reader->source->name, name);
        reader->value[reader->output[i]].uses++;
    }
    for (size_t n = reader->nodes; n-- > 0;) {
        crease_onnx_node *node = &reader->node[n];
        for (size_t i = 0; i < node->outputs; i++)
            node->needed |= node->output[i] != SIZE_MAX && reader->value[node->output[i]].uses;
        left_out += !node->needed;
        for (size_t i = 0; node->needed && i < node->inputs; i++)
            if (node->input[i] != SIZE_MAX)
                reader->value[node->input[i]].uses++;
    }
    for (size_t n = 0; n < reader->nodes; n++)
        if (reader->node[n].needed && check_node(&reader->node[n]))
            return CREASE_INPUT;
    if (left_out)
        crease_onnx_note(reader, "%zu node%s left out: no output depends on %s", left_out,
                         left_out > 1 ? "s are" : " is", left_out > 1 ? "them" : "it");
    return CREASE_OK;
}

crease_status crease_onnx_graph(crease_onnx *reader)
{
    const Onnx__GraphProto *graph = reader->graph;
    size_t room = graph->n_initializer + graph->n_sparse_initializer + graph->n_input;
    for (size_t n = 0; n < reader->protos; n++)
        room += reader->proto[n]->n_output;
    reader->value = crease_alloc(room, sizeof *reader->value);
    reader->node = crease_alloc(reader->protos, sizeof *reader->node);
    reader->output = crease_alloc(graph->n_output, sizeof *reader->output);
    crease_status status = collect_constants(reader);
    status = status ? status : collect_inputs(reader);
    status = status ? status : collect_outputs(reader);
    status = status ? status : open_inputs(reader);
    while (!status && reader->nodes < reader->protos)
        status = open_node(reader, reader->nodes++);
    status = status ? status : sort_nodes(reader);
    status = status ? status : find_needed(reader);
    if (!status && !reader->source->options->whole_batch)
        status = crease_onnx_batch_find(reader);
    return status;
}
