#include "sample/drawn.h"

#include "base/memory.h"

#include <stdlib.h>

enum { ROOM = 64 };

crease_drawn crease_drawn_new(size_t units)
{
    return (crease_drawn){.units = units,
                          .room = ROOM,
                          .pattern = crease_alloc(ROOM * units, 1),
                          .weight = crease_alloc(ROOM, sizeof(double))};
}

void crease_drawn_free(crease_drawn *drawn)
{
    free(drawn->pattern);
    free(drawn->weight);
}

uint8_t *crease_drawn_add(crease_drawn *drawn, double weight)
{
    if (drawn->count == drawn->room) {
        drawn->room *= 2;
        drawn->pattern = crease_realloc(drawn->pattern, drawn->room, drawn->units);
        drawn->weight = crease_realloc(drawn->weight, drawn->room, sizeof *drawn->weight);
    }
    drawn->weight[drawn->count] = weight;
    return drawn->pattern + drawn->count++ * drawn->units;
}
