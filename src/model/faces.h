/* The rows that bound the domain of a model. */
#ifndef CREASE_MODEL_FACES_H
#define CREASE_MODEL_FACES_H

#include "model/model.h"

/* Chooses new coordinates x', x_j = centre_j + x'_j.  centre_j is near the middle of the box in
 * each input in which the box is narrow and far from 0, and 0 otherwise.  Changes the biases of
 * layer, the model's first layer or NULL.  Returns the domain in the new coordinates; the caller
 * owns it. */
crease_domain *crease_faces_move(const crease_domain *domain, const size_t *kept, size_t inputs,
                                 crease_model_layer *layer, mpq_t *centre);

/* The exponent e with 2^(e-1) <= max(|lo_j|, |hi_j|) < 2^(e+1). */
long crease_faces_magnitude(const crease_domain *domain, size_t j);

/* Sets the faces, the walls and the reach of the model, whose inputs, kept and column are set.
 * domain: in the new coordinates, or NULL. */
void crease_faces_set(crease_model *model, const crease_domain *domain);

#endif
