#include "cli/region_arrays.h"

#include "base/memory.h"
#include "regions/npz.h"

#include <stdlib.h>

enum { MOST = 20 };

/* What an array has a row for.  Ends are numbers of facets or vertices in all batches so far; 0
 * comes before the first one. */
typedef enum { OF_REGIONS, OF_FACETS, OF_VERTICES, FACET_ENDS, VERTEX_ENDS } rows_of;

struct cli_arrays {
    crease_npz *npz;
    int64_t facets, vertices;
    crease_npz_array *array[MOST]; /* in the order of set_data; NULL: not asked for */
    rows_of rows[MOST];
};

static void set_data(const void *data[MOST], const crease_region_batch *b)
{
    const void *const all[MOST] = {
        b->pattern,    b->point,        b->inside,       b->bounded,   b->facet_begin,
        b->facet_kind, b->facet_number, b->facet_row,    b->neighbour, b->A,
        b->b,          b->volume,       b->vertex_begin, b->vertex,    b->center,
        b->inradius,   b->weight,       b->draws,        b->group,     b->label};
    for (size_t i = 0; i < MOST; i++)
        data[i] = all[i];
}

static size_t count_units(const crease_network *network)
{
    size_t units = 0;
    for (size_t l = 0; l < crease_network_layers(network); l++)
        if (crease_network_activation(network, l) != CREASE_LINEAR)
            units += crease_network_width(network, l) - crease_network_carry(network, l);
    return units;
}

crease_status crease_cli_arrays_open(const char *path, const crease_network *network,
                                     unsigned fields, cli_arrays **arrays, crease_error *error)
{
    size_t n = crease_network_inputs(network), units = count_units(network), row = n + 1;
    const size_t map[2] = {crease_network_width(network, crease_network_layers(network) - 1), n};
    const struct {
        const char *name;
        unsigned with; /* 0: always */
        rows_of rows;
        crease_npz_type type;
        size_t dimensions;
        const size_t *shape;
    } all[MOST] = {
        {"pattern", 0, OF_REGIONS, CREASE_NPZ_BYTE, 1, &units},
        {"point", CREASE_WITH_POINT, OF_REGIONS, CREASE_NPZ_DOUBLE, 1, &n},
        {"inside", CREASE_WITH_POINT, OF_REGIONS, CREASE_NPZ_BYTE, 0, NULL},
        {"bounded", CREASE_WITH_FACETS, OF_REGIONS, CREASE_NPZ_BYTE, 0, NULL},
        {"facet_begin", CREASE_WITH_FACETS, FACET_ENDS, CREASE_NPZ_INT, 0, NULL},
        {"facet_kind", CREASE_WITH_FACETS, OF_FACETS, CREASE_NPZ_BYTE, 0, NULL},
        {"facet_number", CREASE_WITH_FACETS, OF_FACETS, CREASE_NPZ_INT, 0, NULL},
        {"facet_row", CREASE_WITH_ROWS, OF_FACETS, CREASE_NPZ_DOUBLE, 1, &row},
        {"neighbour", CREASE_WITH_NEIGHBOURS, OF_FACETS, CREASE_NPZ_BYTE, 1, &units},
        {"A", CREASE_WITH_MAP, OF_REGIONS, CREASE_NPZ_DOUBLE, 2, map},
        {"b", CREASE_WITH_MAP, OF_REGIONS, CREASE_NPZ_DOUBLE, 1, map},
        {"volume", CREASE_WITH_VOLUME, OF_REGIONS, CREASE_NPZ_DOUBLE, 0, NULL},
        {"vertex_begin", CREASE_WITH_VERTICES, VERTEX_ENDS, CREASE_NPZ_INT, 0, NULL},
        {"vertex", CREASE_WITH_VERTICES, OF_VERTICES, CREASE_NPZ_DOUBLE, 1, &n},
        {"center", CREASE_WITH_CENTER, OF_REGIONS, CREASE_NPZ_DOUBLE, 1, &n},
        {"inradius", CREASE_WITH_INRADIUS, OF_REGIONS, CREASE_NPZ_DOUBLE, 0, NULL},
        {"weight", CREASE_WITH_WEIGHT, OF_REGIONS, CREASE_NPZ_DOUBLE, 0, NULL},
        {"draws", CREASE_WITH_WEIGHT, OF_REGIONS, CREASE_NPZ_INT, 0, NULL},
        {"group", CREASE_WITH_WEIGHT, OF_REGIONS, CREASE_NPZ_INT, 0, NULL},
        {"class", CREASE_WITH_CLASS, OF_REGIONS, CREASE_NPZ_INT, 0, NULL},
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
        own->rows[i] = all[i].rows;
        own->array[i] =
            crease_npz_add(npz, all[i].name, all[i].type, all[i].dimensions, all[i].shape, error);
        status = own->array[i] ? CREASE_OK : CREASE_INPUT;
        if (!status && (own->rows[i] == FACET_ENDS || own->rows[i] == VERTEX_ENDS))
            crease_npz_append(own->array[i], &(int64_t){0}, 1);
    }
    if (status)
        crease_cli_arrays_close(own);
    *arrays = status ? NULL : own;
    return status;
}

static bool append_ends(crease_npz_array *array, int64_t before, const int64_t *begin,
                        size_t regions)
{
    bool good = true;
    for (size_t r = 0; r < regions && good; r++) {
        int64_t end = before + begin[r + 1];
        good = crease_npz_append(array, &end, 1);
    }
    return good;
}

bool crease_cli_arrays_add(cli_arrays *arrays, const crease_region_batch *batch)
{
    const void *data[MOST];
    bool good = true;
    set_data(data, batch);
    for (size_t i = 0; i < MOST && good; i++) {
        rows_of rows = arrays->rows[i];
        if (!arrays->array[i])
            continue;
        if (rows == FACET_ENDS || rows == VERTEX_ENDS)
            good = append_ends(arrays->array[i],
                               rows == FACET_ENDS ? arrays->facets : arrays->vertices, data[i],
                               batch->regions);
        else
            good = crease_npz_append(arrays->array[i], data[i],
                                     rows == OF_REGIONS  ? batch->regions
                                     : rows == OF_FACETS ? batch->facets
                                                         : batch->vertices);
    }
    arrays->facets += (int64_t)batch->facets;
    arrays->vertices += (int64_t)batch->vertices;
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
