/* Activation patterns, one byte, 0 or 1, per decision, and their packed form. */
#ifndef CREASE_MODEL_PATTERN_H
#define CREASE_MODEL_PATTERN_H

#include "model/model.h"

/* Bytes of a packed pattern: a bit per decision. */
size_t crease_pattern_bytes(const crease_model *model);

void crease_pattern_pack(const crease_model *model, const uint8_t *pattern, uint8_t *packed);
void crease_pattern_unpack(const crease_model *model, const uint8_t *packed, uint8_t *pattern);

/* The layer of a decision of the pattern. */
size_t crease_pattern_layer(const crease_model *model, size_t unit);

#endif
