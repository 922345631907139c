#include "model/pattern.h"

#include <assert.h>
#include <string.h>

size_t crease_pattern_bytes(const crease_model *model)
{
    return (model->units + 7) / 8;
}

void crease_pattern_pack(const crease_model *model, const uint8_t *pattern, uint8_t *packed)
{
    memset(packed, 0, crease_pattern_bytes(model));
    for (size_t u = 0; u < model->units; u++) {
        assert(pattern[u] <= 1);
        packed[u / 8] |= (uint8_t)(pattern[u] << u % 8);
    }
}

void crease_pattern_unpack(const crease_model *model, const uint8_t *packed, uint8_t *pattern)
{
    for (size_t u = 0; u < model->units; u++)
        pattern[u] = packed[u / 8] >> u % 8 & 1;
}

size_t crease_pattern_layer(const crease_model *model, size_t unit)
{
    size_t l = 0;
    assert(unit < model->units);
    while (unit >= model->layer[l].first + model->layer[l].decisions)
        l++;
    return l;
}
