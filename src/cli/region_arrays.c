#include "cli/region_arrays.h"

#include "base/memory.h"
#include "regions/npz.h"

#include <stdlib.h>

/* The arrays by their places in data_of. */
enum { BEGINS = 4, FIRST_OF_FACETS = 5, END_OF_FACETS = 9, MOST = 12 };

struct cli_arrays {
    crease_npz *npz;
    int64_t facets;
    size_t count;
    /* In the order of data_of. */
    crease_npz_array *array[MOST];
    size_t place[MOST];
};

static const void *data_of(const crease_region_batch *b, size_t place)
{
    const void *const data[MOST] = {
        b->pattern,      b->point,     b->inside,    b->bounded, b->facet_begin, b->facet_kind,
        b->facet_number, b->facet_row, b->neighbour, b->A,       b->b,           b->volume};
    return data[place];
}

crease_status crease_cli_arrays_open(const char *path, const crease_network *network,
                                     unsigned fields, cli_arrays **arrays, crease_error *error)
{
    size_t n = crease_network_inputs(network), units = 0, row = n + 1,
           last = crease_network_layers(network) - 1;
    for (size_t l = 0; l < last; l++)
        if (crease_network_activation(network, l) != CREASE_LINEAR)
            units += crease_network_width(network, l) - crease_network_carry(network, l);
    const size_t map[2] = {crease_network_width(network, last), n};
    const struct {
        const char *name;
        unsigned with; /* 0: always */
        crease_npz_type type;
        size_t dimensions;
        const size_t *shape;
    } all[MOST] = {
        {"pattern", 0, CREASE_NPZ_BYTE, 1, &units},
        {"point", CREASE_WITH_POINT, CREASE_NPZ_DOUBLE, 1, &n},
        {"inside", CREASE_WITH_POINT, CREASE_NPZ_BYTE, 0, NULL},
        {"bounded", CREASE_WITH_FACETS, CREASE_NPZ_BYTE, 0, NULL},
        {"facet_begin", CREASE_WITH_FACETS, CREASE_NPZ_INT, 0, NULL},
        {"facet_kind", CREASE_WITH_FACETS, CREASE_NPZ_BYTE, 0, NULL},
        {"facet_number", CREASE_WITH_FACETS, CREASE_NPZ_INT, 0, NULL},
        {"facet_row", CREASE_WITH_ROWS, CREASE_NPZ_DOUBLE, 1, &row},
        {"neighbour", CREASE_WITH_NEIGHBOURS, CREASE_NPZ_BYTE, 1, &units},
        {"A", CREASE_WITH_MAP, CREASE_NPZ_DOUBLE, 2, map},
        {"b", CREASE_WITH_MAP, CREASE_NPZ_DOUBLE, 1, map},
        {"volume", CREASE_WITH_VOLUME, CREASE_NPZ_DOUBLE, 0, NULL},
    };
    crease_npz *npz;
    crease_status status = crease_npz_open(path, &npz, error);
    if (status)
        return status;
    cli_arrays *own = crease_alloc(1, sizeof *own);
    own->npz = npz;
    for (size_t i = 0; i < MOST && !status; i++) {
        if (all[i].with && !(fields & all[i].with))
            continue;
        own->place[own->count] = i;
        own->array[own->count] =
            crease_npz_add(npz, all[i].name, all[i].type, all[i].dimensions, all[i].shape, error);
        status = own->array[own->count++] ? CREASE_OK : CREASE_INPUT;
        if (!status && i == BEGINS)
            crease_npz_append(own->array[own->count - 1], &own->facets, 1);
    }
    if (status)
        crease_cli_arrays_close(own);
    *arrays = status ? NULL : own;
    return status;
}

/* The beginnings in the file count the facets of all batches. */
static bool append_begins(cli_arrays *arrays, crease_npz_array *array,
                          const crease_region_batch *batch)
{
    bool good = true;
    for (size_t r = 0; r < batch->regions && good; r++) {
        int64_t end = arrays->facets + batch->facet_begin[r + 1];
        good = crease_npz_append(array, &end, 1);
    }
    return good;
}

bool crease_cli_arrays_add(cli_arrays *arrays, const crease_region_batch *batch)
{
    bool good = true;
    for (size_t i = 0; i < arrays->count && good; i++) {
        size_t place = arrays->place[i];
        bool of_facets = place >= FIRST_OF_FACETS && place < END_OF_FACETS;
        if (place == BEGINS)
            good = append_begins(arrays, arrays->array[i], batch);
        else
            good = crease_npz_append(arrays->array[i], data_of(batch, place),
                                     of_facets ? batch->facets : batch->regions);
    }
    arrays->facets += (int64_t)batch->facets;
    return good;
}

crease_status crease_cli_arrays_commit(cli_arrays *arrays, crease_error *error)
{
    return crease_npz_commit(arrays->npz, error);
}

void crease_cli_arrays_close(cli_arrays *arrays)
{
    if (!arrays)
        return;
    crease_npz_close(arrays->npz);
    free(arrays);
}
