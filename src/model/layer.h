/* The integers of a model's layer as doubles. */
#ifndef CREASE_MODEL_LAYER_H
#define CREASE_MODEL_LAYER_H

#include "model/model.h"

/* An exponent e with 2^(e-1) < |num / den| < 2^(e+1); LONG_MIN / 4 for num = 0. */
long crease_layer_magnitude(const mpz_t num, const mpz_t den);

/* Sets weight or columns, bias, error and quantum from map and den. */
void crease_layer_set_doubles(crease_model_layer *layer);

/* Sets out, of `stride` doubles, to the column of input j < inputs. */
void crease_layer_column(const crease_model_layer *layer, size_t j, double *out);

/* Frees what the layer owns. */
void crease_layer_close(crease_model_layer *layer);

#endif
