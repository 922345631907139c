#include "onnx/onnx.h"

#include "base/arena.h"
#include "base/memory.h"
#include "base/status.h"

#include <stdio.h>
#include <string.h>

/* Calls of the model's own functions are replaced by their nodes. */

enum { MAX_DEPTH = 16 };

#define FAIL(reader, ...) crease_fail((reader)->source->error, CREASE_INPUT, __VA_ARGS__)

typedef struct {
    crease_onnx *reader;
    const Onnx__ModelProto *model;
    size_t room, calls;
    int depth;
} expansion;

/* An active call: maps names in the function to names of the caller. */
typedef struct {
    const Onnx__FunctionProto *function;
    const Onnx__NodeProto *caller;
    size_t number; /* its own names get this prefix */
} call;

static bool same(const char *a, const char *b)
{
    return !strcmp(a ? a : "", b ? b : "");
}

static bool is_main(const char *domain)
{
    return !domain || !*domain || !strcmp(domain, "ai.onnx");
}

static crease_status find(const expansion *e, const Onnx__NodeProto *node,
                          const Onnx__FunctionProto **function)
{
    *function = NULL;
    for (size_t i = 0; i < e->model->n_functions; i++) {
        const Onnx__FunctionProto *f = e->model->functions[i];
        if (!same(f->name, node->op_type) || !same(f->domain, node->domain))
            continue;
        if (*function)
            return FAIL(e->reader, "%s: two functions are named \"%.80s\"", e->reader->source->name,
                        f->name ? f->name : "");
        *function = f;
    }
    return CREASE_OK;
}

static size_t place(char *const *list, size_t count, const char *name)
{
    size_t i = 0;
    while (i < count && strcmp(list[i], name))
        i++;
    return i;
}

static char *rename_one(const expansion *e, const call *c, const char *name)
{
    const Onnx__FunctionProto *f = c->function;
    size_t in = place(f->input, f->n_input, name), out = place(f->output, f->n_output, name);
    if (!*name)
        return "";
    if (in < f->n_input)
        return in < c->caller->n_input ? c->caller->input[in] : "";
    if (out < f->n_output && out < c->caller->n_output && *c->caller->output[out])
        return c->caller->output[out];
    size_t length = strlen(name) + 32;
    char *text = crease_arena_take(e->reader->arena, length);
    snprintf(text, length, "call %zu of %s", c->number, name);
    return text;
}

static char **rename_all(const expansion *e, const call *c, char *const *name, size_t count)
{
    char **list = crease_arena_take(e->reader->arena, count * sizeof *list);
    for (size_t i = 0; i < count; i++)
        list[i] = rename_one(e, c, name[i]);
    return list;
}

/* The caller's attribute, if the function refers to one. */
static crease_status give_attributes(const expansion *e, const call *c, Onnx__NodeProto *node)
{
    Onnx__AttributeProto *const *old = node->attribute;
    node->attribute =
        crease_arena_take(e->reader->arena, node->n_attribute * sizeof *node->attribute);
    for (size_t a = 0; a < node->n_attribute; a++) {
        const char *name = old[a]->ref_attr_name;
        node->attribute[a] = old[a];
        if (!name || !*name)
            continue;
        const Onnx__AttributeProto *given = NULL;
        for (size_t k = 0; k < c->caller->n_attribute && !given; k++)
            if (same(c->caller->attribute[k]->name, name))
                given = c->caller->attribute[k];
        if (!given)
            return FAIL(e->reader, "%s: function \"%.80s\": attribute %.40s is not given",
                        e->reader->source->name, c->function->name, name);
        node->attribute[a] = crease_arena_take(e->reader->arena, sizeof *given);
        *node->attribute[a] = *given;
        node->attribute[a]->name = old[a]->name;
    }
    return CREASE_OK;
}

static crease_status check_call(const expansion *e, const call *c)
{
    const Onnx__FunctionProto *f = c->function;
    const char *file = e->reader->source->name;
    if (e->depth == MAX_DEPTH)
        return FAIL(e->reader, "%s: function \"%.80s\": calls more than %d deep", file, f->name,
                    MAX_DEPTH);
    if (c->caller->n_input > f->n_input || c->caller->n_output > f->n_output)
        return FAIL(e->reader,
                    "%s: function \"%.80s\": %zu inputs and %zu outputs, called with "
                    "%zu and %zu",
                    file, f->name, f->n_input, f->n_output, c->caller->n_input,
                    c->caller->n_output);
    for (size_t i = 0; i < f->n_opset_import; i++)
        if (is_main(f->opset_import[i]->domain) && f->opset_import[i]->version != e->reader->opset)
            return FAIL(e->reader,
                        "%s: function \"%.80s\": operators of version %lld, in a model "
                        "of %lld",
                        file, f->name, (long long)f->opset_import[i]->version,
                        (long long)e->reader->opset);
    return CREASE_OK;
}

static crease_status append(expansion *e, Onnx__NodeProto *node)
{
    crease_onnx *reader = e->reader;
    if (reader->protos == CREASE_ONNX_NODES)
        return FAIL(reader, "%s: more than %d nodes", reader->source->name, CREASE_ONNX_NODES);
    if (reader->protos == e->room) {
        e->room = 2 * e->room + 64;
        reader->proto = crease_realloc(reader->proto, e->room, sizeof *reader->proto);
    }
    reader->proto[reader->protos++] = node;
    return CREASE_OK;
}

static crease_status expand(expansion *e, Onnx__NodeProto *node)
{
    call c = {.caller = node, .number = e->calls};
    crease_status status = find(e, node, &c.function);
    if (status || !c.function)
        return status ? status : append(e, node);
    e->calls++;
    status = check_call(e, &c);
    e->depth++;
    for (size_t n = 0; !status && n < c.function->n_node; n++) {
        Onnx__NodeProto *own = crease_arena_take(e->reader->arena, sizeof *own);
        *own = *c.function->node[n];
        own->input = rename_all(e, &c, own->input, own->n_input);
        own->output = rename_all(e, &c, own->output, own->n_output);
        status = give_attributes(e, &c, own);
        status = status ? status : expand(e, own);
    }
    e->depth--;
    return status;
}

crease_status crease_onnx_expand_functions(crease_onnx *reader, const Onnx__ModelProto *model)
{
    expansion e = {.reader = reader, .model = model};
    crease_status status = CREASE_OK;
    for (size_t n = 0; !status && n < model->graph->n_node; n++)
        status = expand(&e, model->graph->node[n]);
    return status;
}
