/* Shadow checks (base/shadow.h) of what a model and its maps hold as doubles. */
#ifndef CREASE_MODEL_SHADOW_H
#define CREASE_MODEL_SHADOW_H

#include "model/map.h"
#include "model/output_map.h"
#include "exact/shadow.h"

/* The factor f with row = f exact up to the rows' errors.  False if the map's scale exceeds
 * doubles. */
bool crease_shadow_map_scale(const crease_map *map, mpq_t f);

/* Checks every row with a finite bound: |row_j - f exact_j| <= err and |row_j| <= mag for all j;
 * bound and slope are at least what exact/signs.h demands; if quantum > 0, rows are multiples of
 * it, and exact. */
void crease_shadow_map(crease_map *map);

/* Evaluates both networks in fractions at some points of the box, where they must agree. */
void crease_shadow_settled(const crease_network *given, const crease_network *settled,
                           const crease_domain *box);

/* Checks |weight - num / den| <= error |weight| for all weights that are finite. */
void crease_shadow_weights(const crease_model_layer *layer);

/* Checks the errors of the faces as doubles, and |v_j| <= reach_j v_n at the vertices of the
 * box. */
void crease_shadow_faces(const crease_model *model, const crease_domain *domain);

/* Checks that two regions with different fingerprints have different maps. */
void crease_shadow_prints(crease_output_work *work, const uint8_t *a, const uint8_t *b);

#endif
