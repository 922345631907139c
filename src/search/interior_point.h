/* A point in the interior of the domain. */
#ifndef CREASE_SEARCH_INTERIOR_POINT_H
#define CREASE_SEARCH_INTERIOR_POINT_H

#include "model/model.h"
#include "exact/tally.h"
#include "lp/lp.h"
#include "proof/trace.h"

/* Sets x, of which there are as many as the network has inputs, to an exact point in the interior
 * of the model's domain, away from its middle if it can, so that x lies on no hyperplane by
 * symmetry. False if the interior is empty; *guilty is then how many of the half-spaces it takes
 * for that, the first ones.  Half-space i is added to those before it by the one question of
 * lp/cone.h: does its row cut what they bound? */
bool crease_interior_find(const crease_model *model, const crease_domain *domain,
                          const crease_proposer *proposer, crease_tally *tally, mpq_t *x,
                          size_t inputs, size_t *guilty);

/* Writes a point near the interior point, with fewer digits, as the end of the only cell, the whole
 * domain. */
void crease_interior_write(crease_trace *trace, const crease_model *model,
                           const crease_domain *domain, mpq_t *interior);

#endif
