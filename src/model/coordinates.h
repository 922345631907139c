/* Points in the inputs of the network and in the coordinates of a model (model/model.h). */
#ifndef CREASE_MODEL_COORDINATES_H
#define CREASE_MODEL_COORDINATES_H

#include "model/model.h"

/* V = integers with V_n > 0 and V_j / V_n = 2^(column_n - column_j) (x_j - centre_j). */
void crease_model_from_inputs(const crease_model *model, mpq_t *x, mpz_t *V);

/* The inverse, where V_n > 0.  Sets the inputs that the model has kept and leaves the others. */
void crease_model_to_inputs(const crease_model *model, const mpz_t *V, mpq_t *x);

#endif
