#include "onnx/onnx.h"

#include "base/memory.h"
#include "base/status.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What the operators mean is known from the first of these versions to the last. */
enum { FIRST_OPSET = 6, LAST_OPSET = 25 };

static crease_status read_opset(crease_onnx *reader, const Onnx__ModelProto *model)
{
    const crease_source *source = reader->source;
    for (size_t i = 0; i < model->n_opset_import; i++) {
        const char *domain = model->opset_import[i]->domain;
        if (domain && *domain && strcmp(domain, "ai.onnx"))
            continue;
        if (reader->opset && reader->opset != model->opset_import[i]->version)
            return crease_fail(
                source->error, CREASE_INPUT, "%s: two versions of the operators, %lld and %lld",
                source->name, (long long)reader->opset, (long long)model->opset_import[i]->version);
        reader->opset = model->opset_import[i]->version;
        if (reader->opset < FIRST_OPSET || reader->opset > LAST_OPSET)
            return crease_fail(source->error, CREASE_INPUT,
                               "%s: operators of version %lld (opset), read are %d to %d",
                               source->name, (long long)reader->opset, FIRST_OPSET, LAST_OPSET);
    }
    if (!reader->opset)
        return crease_fail(source->error, CREASE_INPUT,
                           "%s: it does not say the version of its operators (opset)",
                           source->name);
    return CREASE_OK;
}

static void set_words(const crease_onnx *reader, crease_network *network)
{
    char shape[128] = "";
    size_t used = 0, inputs = 0;
    for (size_t v = 0; v < reader->values; v++) {
        const crease_onnx_value *value = &reader->value[v];
        if (value->tensor || value->sparse || value->producer != SIZE_MAX)
            continue;
        used += (size_t)snprintf(shape + used, sizeof shape - used, "%s", inputs++ ? ", " : "");
        for (size_t d = 0; d < value->rank && used < sizeof shape; d++)
            used += (size_t)snprintf(shape + used, sizeof shape - used, "%s%zu", d ? "x" : "",
                                     value->dim[d]);
        if (used >= sizeof shape)
            break;
    }
    crease_network_set_origin(network, ".onnx; opset %lld; input of shape %s",
                              (long long)reader->opset, shape);
    network->notes = reader->notes ? strdup(reader->notes) : NULL;
}

static void close_reader(crease_onnx *reader)
{
    for (size_t v = 0; v < reader->values; v++)
        crease_onnx_drop(reader, &reader->value[v]);
    for (size_t n = 0; n < reader->nodes; n++) {
        crease_onnx_units_free(reader, reader->node[n].switches);
        free(reader->node[n].input);
        free(reader->node[n].output);
        free(reader->node[n].read);
    }
    for (size_t l = 0; l < reader->layers; l++) {
        crease_onnx_layer *layer = &reader->layer[l];
        for (size_t r = 0; layer->row && r < layer->units * layer->rank + layer->carry; r++)
            crease_affine_release(&reader->meter, layer->row[r]);
        mpq_clears(layer->parameter[0], layer->parameter[1], NULL);
        free(layer->row);
    }
    crease_affine_sum_free(reader->sum);
    crease_affine_meter_close(&reader->meter);
    free(reader->layer);
    free(reader->value);
    free(reader->by_name);
    free(reader->node);
    free(reader->output);
    free(reader->proto);
    crease_arena_free(reader->arena);
    free(reader->notes);
}

crease_status crease_onnx_read(const crease_source *source, crease_network **network)
{
    Onnx__ModelProto *model;
    crease_onnx reader = {.source = source};
    *network = NULL;
    crease_status status = crease_onnx_load(source, &model);
    if (status)
        return status;
    reader.graph = model->graph;
    reader.arena = crease_arena_new();
    reader.sum = crease_affine_sum_new(&reader.meter);
    if (!model->graph)
        status = crease_fail(source->error, CREASE_INPUT,
                             "%s: no graph in it; is it an ONNX model?", source->name);
    status = status ? status : read_opset(&reader, model);
    status = status ? status : crease_onnx_expand_functions(&reader, model);
    status = status ? status : crease_onnx_graph(&reader);
    status = status ? status : crease_onnx_evaluate(&reader);
    status = status ? status : crease_onnx_network(&reader, network);
    if (!status)
        set_words(&reader, *network);
    close_reader(&reader);
    crease_onnx_unload(model);
    return status;
}
