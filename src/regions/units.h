/* The units of a network and the decisions of the lowered network (crease_network_lower). */
#ifndef CREASE_REGIONS_UNITS_H
#define CREASE_REGIONS_UNITS_H

#include "net/network.h"

/* The number of units with states: those of layers that switch, without carried units. */
size_t crease_units_count(const crease_network *network);

/* The layer of the unit at a place in the list of these units, and its number in the layer. */
void crease_units_at(const crease_network *network, size_t place, size_t *layer, size_t *unit);

/* The place of the unit that a decision belongs to, and the decision's layer and row. */
size_t crease_units_of_decision(const crease_network *network, size_t decision, size_t *layer,
                                size_t *row);

/* The states of all these units, from a pattern of the lowered network. */
void crease_units_states(const crease_network *network, const uint8_t *pattern, uint8_t *state);

#endif
