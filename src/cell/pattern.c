#include "cell/pattern.h"

#include <string.h>

static unsigned bits_of(unsigned states)
{
    unsigned bits = 0;
    while ((1u << bits) < states)
        bits++;
    return bits;
}

size_t crease_pattern_bytes(const crease_model *model)
{
    size_t bits = 0;
    for (size_t l = 0; l < model->layers; l++)
        bits += bits_of(model->layer[l].states) * model->layer[l].width;
    return (bits + 7) / 8;
}

void crease_pattern_pack(const crease_model *model, const uint8_t *pattern, uint8_t *packed)
{
    size_t at = 0;
    memset(packed, 0, crease_pattern_bytes(model));
    for (size_t l = 0; l < model->layers; l++) {
        unsigned bits = bits_of(model->layer[l].states);
        for (size_t u = 0; bits && u < model->layer[l].width; u++, pattern++)
            for (unsigned b = 0; b < bits; b++, at++)
                packed[at / 8] |= (uint8_t)((*pattern >> b & 1) << at % 8);
    }
}

void crease_pattern_unpack(const crease_model *model, const uint8_t *packed, uint8_t *pattern)
{
    size_t at = 0;
    for (size_t l = 0; l < model->layers; l++) {
        unsigned bits = bits_of(model->layer[l].states);
        for (size_t u = 0; bits && u < model->layer[l].width; u++, pattern++) {
            *pattern = 0;
            for (unsigned b = 0; b < bits; b++, at++)
                *pattern |= (uint8_t)((packed[at / 8] >> at % 8 & 1) << b);
        }
    }
}

size_t crease_pattern_layer(const crease_model *model, size_t unit)
{
    size_t l = 0;
    while (model->layer[l].states == 1 || unit >= model->layer[l].first + model->layer[l].width)
        l++;
    return l;
}
