/* What crease_model_new needs of a domain: the rows that bound it. */
#ifndef CREASE_MODEL_FACES_H
#define CREASE_MODEL_FACES_H

#include "model/model.h"

/* Moves the origin to a point near the middle of the box, where there is one and it is narrow and
 * far from 0: x_j = centre_j + x'_j changes the biases of the layer, which is the model's first one
 * or NULL.  Returns the domain in the new coordinates, as a new one. */
crease_domain *crease_faces_move(const crease_domain *domain, const size_t *kept, size_t inputs,
                                 crease_model_layer *layer, mpq_t *centre);

/* The exponent e with 2^(e-1) <= max(|lo_j|, |hi_j|) < 2^(e+1). */
long crease_faces_magnitude(const crease_domain *domain, size_t j);

/* Sets the faces, the walls and the reach; inputs, kept and column are set.  domain: moved, or
 * NULL. */
void crease_faces_set(crease_model *model, const crease_domain *domain);

#endif
