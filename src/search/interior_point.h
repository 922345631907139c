/* A point in the interior of the domain. */
#ifndef CREASE_SEARCH_INTERIOR_POINT_H
#define CREASE_SEARCH_INTERIOR_POINT_H

#include "model/model.h"
#include "exact/tally.h"
#include "lp/lp.h"
#include "proof/trace.h"

/* Sets x, one number for each input of the network, to an exact point in the interior of the
 * model's domain.  If possible the point is not in the middle, so that symmetry does not put it on
 * a hyperplane.  False if the interior is empty; then the first *guilty half-spaces already have an
 * empty interior.  Half-spaces are added one at a time; lp/cone.h decides whether the row of the
 * next one cuts the cell that the others bound. */
bool crease_interior_find(const crease_model *model, const crease_domain *domain,
                          const crease_proposer *proposer, crease_tally *tally, mpq_t *x,
                          size_t inputs, size_t *guilty);

/* Writes a point near the interior point, with fewer digits, as the end of the only cell, the whole
 * domain. */
void crease_interior_write(crease_trace *trace, const crease_model *model,
                           const crease_domain *domain, mpq_t *interior);

#endif
