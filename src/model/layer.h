/* The integers of a model's layer as doubles. */
#ifndef CREASE_MODEL_LAYER_H
#define CREASE_MODEL_LAYER_H

#include "model/model.h"

/* An exponent e with 2^(e-1) < |num / den| < 2^(e+1); LONG_MIN / 4 for num = 0. */
long crease_layer_magnitude(const mpz_t num, const mpz_t den);

/* Sets weight, error and quantum from num and den. */
void crease_layer_set_doubles(crease_model_layer *layer);

#endif
