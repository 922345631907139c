/* The affine map of a layer on a cell: one row per unit.
 *
 * On a set where all units of the layers below keep their state, the pre-activation of
 * unit u of a layer is a row g_u in homogeneous coordinates.  A map holds these rows as
 * doubles with error bounds, and as integers where asked.  Float and integer rows agree
 * up to a positive factor common to the layer.
 *
 * When the thread is interrupted (base/interrupt.h), the rows are of no use. */
#ifndef CREASE_MODEL_MAP_H
#define CREASE_MODEL_MAP_H

#include "model/model.h"

typedef struct crease_map crease_map;
struct crease_map {
    const crease_model *model;
    size_t layer;
    size_t d;              /* length of a row */
    crease_map *below;     /* the map of the layer below, or NULL in the first layer */
    const uint8_t *state;  /* states of the layer below on this cell (width of below) */
    const size_t *chosen;  /* if set: coordinate j < d - 1 is unit chosen[j] of the layer below */
    double *row;           /* d x stride, column-major: entry j of unit u at row[j * stride + u] */
    double *mag;           /* stride: max_j |row_uj|, rounded up */
    double *err;           /* stride: bound of the entrywise error */
    double *bound, *slope; /* stride: see exact/signs.h */
    double top;            /* the largest mag */
    double quantum;        /* > 0: all rows are exact multiples of this power of two */
    mpz_t *exact;          /* width x d; valid for units marked in known */
    uint64_t *residue;     /* the same modulo the prime of exact/modular.h */
    uint8_t *known;        /* per unit: which of the two are valid */
    mpz_t constant;        /* integer coefficient of the function 1 in this layer's scale */
    double scale;          /* the function 1 in the scale of the float rows */
    size_t room;           /* d at most */
};

/* A map for one layer of the model with rows of length at most d; rows are unset. */
crease_map *crease_map_new(const crease_model *model, size_t layer, size_t d);
void crease_map_free(crease_map *map);

/* Sets the rows of the first layer in the coordinates of the model. */
void crease_map_first(crease_map *map);

/* Sets the rows from the map below and its states there; both are kept by reference
 * and must stay as they are while the map is in use. */
void crease_map_next(crease_map *map, crease_map *below, const uint8_t *state);

/* Sets the rows in the coordinates (h_chosen, 1): d - 1 units of the layer below, which
 * are those that are active. */
void crease_map_rebase(crease_map *map, size_t d, const size_t *chosen);

/* The integer row of unit u, d integers; computed at the first call and owned by the
 * map. Not for use by several threads at once. */
const mpz_t *crease_map_exact(crease_map *map, size_t u);

/* The same row modulo the prime of exact/modular.h, computed from the integers of the network. */
const uint64_t *crease_map_residue(crease_map *map, size_t u);

#endif
