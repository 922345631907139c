#include "regions/units.h"

#include "model/maxout_groups.h"

#include <assert.h>

static size_t units_of(const crease_layer *layer)
{
    return layer->activation == CREASE_LINEAR ? 0 : layer->width - layer->carry;
}

/* How many decisions each unit has. */
static size_t decisions_of(const crease_layer *layer)
{
    return layer->activation == CREASE_RELU     ? 1
           : layer->activation == CREASE_MAXOUT ? layer->rank * (layer->rank - 1) / 2
                                                : 2;
}

size_t crease_units_count(const crease_network *network)
{
    size_t count = 0;
    for (size_t l = 0; l < network->layers; l++)
        count += units_of(&network->layer[l]);
    return count;
}

void crease_units_at(const crease_network *network, size_t place, size_t *layer, size_t *unit)
{
    size_t l = 0;
    for (; place >= units_of(&network->layer[l]); l++) {
        place -= units_of(&network->layer[l]);
        assert(l + 1 < network->layers);
    }
    *layer = l;
    *unit = place;
}

size_t crease_units_of_decision(const crease_network *network, size_t decision, size_t *layer,
                                size_t *row)
{
    size_t place = 0, l = 0;
    for (; l < network->layers; l++) {
        size_t units = units_of(&network->layer[l]), each = decisions_of(&network->layer[l]);
        if (decision < units * each) {
            place += decision / each;
            break;
        }
        decision -= units * each;
        place += units;
    }
    assert(l < network->layers);
    *layer = l;
    *row = decision;
    return place;
}

/* A maxout unit of rank 1 has no decisions; one that clips has passed as many breakpoints as it has
 * decisions of state 1; other units have their state in the first decision. */
void crease_units_states(const crease_network *network, const uint8_t *pattern, uint8_t *state)
{
    for (size_t l = 0; l < network->layers; l++) {
        const crease_layer *layer = &network->layer[l];
        size_t units = units_of(layer), each = decisions_of(layer);
        const crease_model_layer shape = {.decisions = units * each, .pieces = layer->rank};
        for (size_t u = 0; u < units; u++) {
            const uint8_t *own = pattern + u * each;
            *state++ = layer->activation == CREASE_CLIP     ? (uint8_t)(own[0] + own[1])
                       : layer->activation != CREASE_MAXOUT ? own[0]
                       : layer->rank > 1 ? (uint8_t)crease_maxout_group_winner(&shape, u, pattern)
                                         : 0;
        }
        pattern += units * each;
    }
}
