/* Activation patterns: one byte per decision, 0 or 1; packed, one bit. */
#ifndef CREASE_MODEL_PATTERN_H
#define CREASE_MODEL_PATTERN_H

#include "model/model.h"

/* The number of bytes of a packed pattern. */
size_t crease_pattern_bytes(const crease_model *model);

void crease_pattern_pack(const crease_model *model, const uint8_t *pattern, uint8_t *packed);
void crease_pattern_unpack(const crease_model *model, const uint8_t *packed, uint8_t *pattern);

/* The layer of this decision of a pattern. */
size_t crease_pattern_layer(const crease_model *model, size_t unit);

#endif
