#include "regions/batch_bytes.h"

#include <crease_sample.h>
#include <string.h>

/* First the six numbers of a batch and a bit for each array that it has, then these arrays, each
 * filled up to a multiple of 8 bytes. */
enum { ARRAYS = 20, HEAD = 7, WORD = 8 };

typedef struct {
    void *member;                  /* the pointer to the array, of whatever type */
    size_t size, rows, columns[2]; /* rows x columns[0] x columns[1] entries of this size */
} packed_array;

static void list_arrays(crease_region_batch *b, packed_array list[ARRAYS])
{
    const packed_array all[ARRAYS] = {
        {&b->pattern, 1, b->regions, {b->units, 1}},
        {&b->point, sizeof *b->point, b->regions, {b->inputs, 1}},
        {&b->inside, 1, b->regions, {1, 1}},
        {&b->bounded, 1, b->regions, {1, 1}},
        {&b->facet_begin, sizeof *b->facet_begin, b->regions + 1, {1, 1}},
        {&b->facet_kind, 1, b->facets, {1, 1}},
        {&b->facet_number, sizeof *b->facet_number, b->facets, {1, 1}},
        {&b->facet_row, sizeof *b->facet_row, b->facets, {b->inputs + 1, 1}},
        {&b->neighbour, 1, b->facets, {b->units, 1}},
        {&b->A, sizeof *b->A, b->regions, {b->outputs, b->inputs}},
        {&b->b, sizeof *b->b, b->regions, {b->outputs, 1}},
        {&b->volume, sizeof *b->volume, b->regions, {1, 1}},
        {&b->vertex_begin, sizeof *b->vertex_begin, b->regions + 1, {1, 1}},
        {&b->vertex, sizeof *b->vertex, b->vertices, {b->inputs, 1}},
        {&b->center, sizeof *b->center, b->regions, {b->inputs, 1}},
        {&b->inradius, sizeof *b->inradius, b->regions, {1, 1}},
        {&b->weight, sizeof *b->weight, b->regions, {1, 1}},
        {&b->draws, sizeof *b->draws, b->regions, {1, 1}},
        {&b->group, sizeof *b->group, b->regions, {1, 1}},
        {&b->label, sizeof *b->label, b->regions, {1, 1}},
    };
    memcpy(list, all, sizeof all);
}

static const void *data_of(const packed_array *array)
{
    const void *data;
    memcpy(&data, array->member, sizeof data);
    return data;
}

/* Filled up; SIZE_MAX if there is no such number. */
static size_t bytes_of(const packed_array *array)
{
    size_t bytes = array->size;
    const size_t factor[] = {array->rows, array->columns[0], array->columns[1]};
    for (size_t i = 0; i < sizeof factor / sizeof *factor; i++)
        if (__builtin_mul_overflow(bytes, factor[i], &bytes))
            return SIZE_MAX;
    return bytes > SIZE_MAX - WORD ? SIZE_MAX : (bytes + WORD - 1) / WORD * WORD;
}

static size_t bytes_exactly(const packed_array *array)
{
    return array->size * array->rows * array->columns[0] * array->columns[1];
}

size_t crease_batch_packed(const crease_region_batch *batch)
{
    crease_region_batch own = *batch;
    packed_array list[ARRAYS];
    size_t bytes = HEAD * WORD;
    list_arrays(&own, list);
    for (size_t i = 0; i < ARRAYS; i++)
        bytes += data_of(&list[i]) ? bytes_of(&list[i]) : 0;
    return bytes;
}

void crease_batch_pack(const crease_region_batch *batch, uint8_t *byte)
{
    crease_region_batch own = *batch;
    packed_array list[ARRAYS];
    uint64_t head[HEAD] = {own.regions,  own.inputs, own.outputs, own.units, own.facets,
                           own.vertices, 0};
    list_arrays(&own, list);
    for (size_t i = 0; i < ARRAYS; i++)
        head[HEAD - 1] |= data_of(&list[i]) ? UINT64_C(1) << i : 0;
    memcpy(byte, head, sizeof head);
    byte += sizeof head;
    for (size_t i = 0; i < ARRAYS; i++) {
        if (!data_of(&list[i]))
            continue;
        size_t exactly = bytes_exactly(&list[i]), filled = bytes_of(&list[i]);
        if (exactly)
            memcpy(byte, data_of(&list[i]), exactly);
        memset(byte + exactly, 0, filled - exactly);
        byte += filled;
    }
}

/* Does the array, which may be NULL, rise from 0 to the end? */
static bool rises(const int64_t *begin, size_t rows, size_t end)
{
    if (!begin)
        return true;
    bool good = begin[0] == 0 && begin[rows] == (int64_t)end;
    for (size_t r = 0; r < rows && good; r++)
        good = begin[r] <= begin[r + 1];
    return good;
}

bool crease_batch_unpack(const uint8_t *byte, size_t length, crease_region_batch *batch)
{
    packed_array list[ARRAYS];
    uint64_t head[HEAD];
    if (length < sizeof head)
        return false;
    memcpy(head, byte, sizeof head);
    for (size_t i = 0; i + 1 < HEAD; i++)
        if (head[i] >= SIZE_MAX / WORD)
            return false;
    *batch = (crease_region_batch){.regions = head[0],
                                   .inputs = head[1],
                                   .outputs = head[2],
                                   .units = head[3],
                                   .facets = head[4],
                                   .vertices = head[5]};
    list_arrays(batch, list);
    size_t at = sizeof head;
    for (size_t i = 0; i < ARRAYS; i++) {
        if (!(head[HEAD - 1] >> i & 1))
            continue;
        size_t bytes = bytes_of(&list[i]);
        if (bytes > length - at)
            return false;
        const void *data = byte + at;
        memcpy(list[i].member, &data, sizeof data);
        at += bytes;
    }
    return at == length && rises(batch->facet_begin, batch->regions, batch->facets) &&
           rises(batch->vertex_begin, batch->regions, batch->vertices);
}
