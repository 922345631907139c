/* The classes of a network's inputs as states of a unit. */
#ifndef CREASE_REGIONS_LABELS_H
#define CREASE_REGIONS_LABELS_H

#include "net/network.h"

/* The number of classes: as many as outputs, or 2 if there is one output. */
size_t crease_labels_count(const crease_network *network);

/* The network with one more unit, the last one, whose state is the class: of several outputs the
 * first largest one (a maxout unit), of one output whether it is greater than level (a ReLU).  So
 * its activation regions are the parts of those of the network that have one class.  The network is
 * complete and has at most CREASE_MAX_RANK outputs.  The caller owns the result. */
crease_network *crease_labels_network(const crease_network *network, const mpq_t level);

#endif
