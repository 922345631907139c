/* Drawing regions at random (crease_sample.h). */
#ifndef CREASE_SAMPLE_DRAW_H
#define CREASE_SAMPLE_DRAW_H

#include "search/search.h"

/* Draws as task->keeper->drawing says, and passes the regions to the visitor.  inside: an interior
 * point of the domain.  CREASE_INPUT if the half-spaces of the domain leave too little of its box
 * to find points there.  outcome->regions: the visits. */
crease_status crease_draw_run(const crease_task *task, const crease_domain *domain, mpq_t *inside,
                              crease_outcome *outcome, crease_error *error);

#endif
