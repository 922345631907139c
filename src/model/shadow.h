/* Shadow checks (base/shadow.h) of what a model and its maps hold as doubles. */
#ifndef CREASE_MODEL_SHADOW_H
#define CREASE_MODEL_SHADOW_H

#include "model/map.h"
#include "model/output.h"
#include "exact/shadow.h"

/* f with float row = f exact row, up to the rows' errors; false if the map's scale is beyond
 * doubles. */
bool crease_shadow_map_scale(const crease_map *map, mpq_t f);

/* For every row with a finite bound: |row_j - f exact_j| <= err, |row_j| <= mag; bound and slope
 * are no less than exact/signs.h asks for; rows with a quantum are multiples of it, without error. */
void crease_shadow_map(crease_map *map);

/* |weight - num / den| <= error |weight|, where weight is a number; equal if error is 0. */
void crease_shadow_weights(const crease_model_layer *layer);

/* Faces as doubles, within their errors, and |v_j| <= reach_j v_n for the corners of the box. */
void crease_shadow_faces(const crease_model *model, const crease_domain *domain);

/* Regions of different fingerprints have different maps. */
void crease_shadow_prints(crease_output_work *work, const uint8_t *a, const uint8_t *b);

#endif
