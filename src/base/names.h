/* The kinds of decisions, one by one. */
#ifndef CREASE_BASE_NAMES_H
#define CREASE_BASE_NAMES_H

#include <crease_network.h>

/* The number of decisions of a kind, which must be a value of crease_decision. */
uint64_t *crease_decisions_at(crease_decisions *decisions, crease_decision kind);

#endif
