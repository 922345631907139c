/* The affine map of a layer on a cell: one row per unit.
 *
 * Where no unit of the layers below changes its state, the pre-activation of unit u of a layer is
 * an affine function, given by a row g_u in homogeneous coordinates.  A map holds these rows as
 * doubles with error bounds, and as integers on request.  The two agree up to a positive factor,
 * which is the same for the whole layer.
 *
 * When the thread is interrupted (base/interrupt.h), the rows must not be used. */
#ifndef CREASE_MODEL_MAP_H
#define CREASE_MODEL_MAP_H

#include "model/model.h"

typedef struct crease_map crease_map;
typedef struct crease_map_path crease_map_path; /* model/map_path.h */
struct crease_map {
    const crease_model *model;
    size_t layer;
    size_t d;              /* length of a row */
    crease_map *below;     /* the map of the layer below, or NULL in the first layer */
    const uint8_t *state;  /* states of the layer below on this cell (width of below) */
    size_t active;         /* how many of these are in state 1 */
    size_t narrow;         /* the least such number, here and below; SIZE_MAX if there is none */
    const size_t *chosen;  /* if set: coordinate j < d - 1 is unit chosen[j] of the layer below */
    double *row;           /* d x stride, column-major: entry j of unit u at row[j * stride + u] */
    double *mag;           /* stride: max_j |row_uj|, rounded up */
    double *err;           /* stride: bound of the entrywise error */
    double *bound, *slope; /* stride: see exact/signs.h */
    double top;            /* where quantum > 0: the largest mag */
    double quantum;        /* > 0: all rows are exact multiples of this power of two */
    mpz_t *exact;          /* width x d; valid for units marked in known */
    uint64_t *residue;     /* the same modulo the prime of exact/modular.h */
    uint64_t *factor;      /* the weights modulo the prime, those of units that were asked for */
    uint8_t *known;        /* per unit, as bits: which of exact and residue are valid */
    size_t base;    /* the layer whose inputs are the coordinates, or SIZE_MAX before it is set */
    mpz_t constant; /* in the scale of the integer rows, 1 is this times v_(d-1) */
    double scale;   /* the same in the scale of the rows in doubles */
    size_t room;    /* the largest d */
    crease_map_path *path; /* NULL in the first layer */
};

/* A map for one layer of the model, whose rows have length at most d and are not set. */
crease_map *crease_map_new(const crease_model *model, size_t layer, size_t d);
void crease_map_free(crease_map *map);

/* Sets the rows of the first layer in the coordinates of the model. */
void crease_map_first(crease_map *map);

/* Sets the rows from the map below and the states of its units.  The map refers to both; they must
 * not change while it is in use. */
void crease_map_next(crease_map *map, crease_map *below, const uint8_t *state);

/* Enters a nested cell.  Until the matching call of crease_map_pop, all calls of crease_map_next
 * must have the same map below, and the same states of its units except `unit` and the units in the
 * set `open`, which must not change.  These calls share work.  unit is not in open. */
void crease_map_push(crease_map *map, const uint64_t *open, size_t unit);
void crease_map_pop(crease_map *map);

/* Sets the rows in the coordinates (h, 1), where h are the outputs of the d - 1 units `chosen` of
 * the layer below: all its active units. */
void crease_map_rebase(crease_map *map, size_t d, const size_t *chosen);

/* The rows of the map and of the maps above it lie in the span of (0, ..., 0, 1) and of the rows
 * of the active units of the layer below, or in the first layer of all its rows: dimensions at
 * most. */
size_t crease_map_dimensions(const crease_map *map);

/* Of the layers below, one with the fewest active units, *active in number: returns the map above
 * it, or NULL for the first layer.  The rows of that map and of all maps above it lie in the span S
 * of the rows of these units and (0, ..., 0, 1).  The maps must have the same coordinates. */
const crease_map *crease_map_narrowest(const crease_map *map, size_t *active);

/* Is row u of another map known to lie in the span of the rows of the active units below a map, and
 * of (0, ..., 0, 1)? */
static inline bool crease_map_spanned(const crease_map *narrowest, const crease_map *map, size_t u)
{
    return map->layer >= narrowest->layer || (map == narrowest->below && narrowest->state[u]);
}

/* The integer row of unit u, d integers.  It is computed at the first call, and the map owns it.
 * One thread at a time. */
const mpz_t *crease_map_exact(crease_map *map, size_t u);

/* The same row modulo the prime of exact/modular.h, computed from the integers of the network. */
const uint64_t *crease_map_residue(crease_map *map, size_t u);

#endif
