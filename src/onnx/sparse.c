#include "onnx/onnx.h"

#include "base/status.h"

#include <string.h>

static crease_status fail(crease_onnx *reader, const char *name, const char *why)
{
    return crease_fail(reader->source->error, CREASE_INPUT, "%s: sparse tensor \"%.80s\": %s",
                       reader->source->name, name, why);
}

/* Where entry k goes: its index in row-major order, or one index for each dimension. */
static bool find_place(const crease_onnx_value *to, const crease_onnx_value *index, size_t k,
                       size_t *place)
{
    *place = 0;
    if (index->rank == 1) {
        *place = (size_t)index->integer[k];
        return index->integer[k] >= 0 && *place < to->count;
    }
    for (size_t d = 0; d < to->rank; d++) {
        int64_t i = index->integer[k * to->rank + d];
        if (i < 0 || i >= (int64_t)to->dim[d])
            return false;
        *place = *place * to->dim[d] + (size_t)i;
    }
    return true;
}

static crease_status fill(crease_onnx *reader, const crease_onnx_value *entries,
                          const crease_onnx_value *index, crease_onnx_value *to)
{
    size_t place, last = 0;
    if (entries->rank != 1 || entries->kind != CREASE_ONNX_NUMBERS ||
        index->kind != CREASE_ONNX_INTEGERS || index->rank < 1 || index->rank > 2 ||
        index->dim[0] != entries->count || (index->rank == 2 && index->dim[1] != to->rank))
        return fail(reader, to->name, "values and indices do not go together");
    for (size_t k = 0; k < entries->count; k++) {
        if (!find_place(to, index, k, &place) || (k > 0 && place <= last))
            return fail(reader, to->name, "indices that are not in order or outside the shape");
        to->number[place] = entries->number[k];
        last = place;
    }
    return CREASE_OK;
}

crease_status crease_onnx_sparse(crease_onnx *reader, const Onnx__SparseTensorProto *tensor,
                                 crease_onnx_value *value)
{
    crease_onnx_node outside = {.reader = reader};
    crease_onnx_value entries = {0}, index = {0};
    size_t dim[CREASE_ONNX_RANK];
    if (!tensor->indices || tensor->n_dims > CREASE_ONNX_RANK)
        return fail(reader, value->name, "no indices, or too many dimensions");
    for (size_t d = 0; d < tensor->n_dims; d++) {
        if (tensor->dims[d] < 1 || tensor->dims[d] > CREASE_ONNX_ELEMENTS)
            return fail(reader, value->name, "a dimension out of range");
        dim[d] = (size_t)tensor->dims[d];
    }
    if (crease_onnx_count(tensor->n_dims, dim) > CREASE_ONNX_FUNCTIONS)
        return fail(reader, value->name, "more than 4194304 elements");
    crease_status status = crease_onnx_tensor(reader, tensor->values, value->name, &entries);
    status = status ? status : crease_onnx_tensor(reader, tensor->indices, value->name, &index);
    if (!status)
        status = crease_onnx_make(&outside, value, CREASE_ONNX_NUMBERS, entries.type,
                                  tensor->n_dims, dim);
    if (!status)
        memset(value->number, 0, value->count * sizeof *value->number);
    status = status ? status : fill(reader, &entries, &index, value);
    crease_onnx_drop(reader, &entries);
    crease_onnx_drop(reader, &index);
    return status;
}
