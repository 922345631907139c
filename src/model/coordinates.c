#include "model/coordinates.h"

#include "base/memory.h"

#include <stdlib.h>

void crease_model_from_inputs(const crease_model *model, mpq_t *x, mpz_t *V)
{
    size_t n = model->inputs;
    mpq_t *scaled = crease_alloc(n, sizeof *scaled);
    mpz_set_ui(V[n], 1);
    for (size_t j = 0; j < n; j++) {
        long shift = model->column[n] - model->column[j];
        mpq_init(scaled[j]);
        mpq_sub(scaled[j], x[model->kept[j]], model->centre[j]);
        (shift < 0 ? mpq_div_2exp : mpq_mul_2exp)(scaled[j], scaled[j],
                                                  (mp_bitcnt_t)(shift < 0 ? -shift : shift));
        mpz_lcm(V[n], V[n], mpq_denref(scaled[j]));
    }
    for (size_t j = 0; j < n; j++) {
        mpz_divexact(V[j], V[n], mpq_denref(scaled[j]));
        mpz_mul(V[j], V[j], mpq_numref(scaled[j]));
        mpq_clear(scaled[j]);
    }
    free(scaled);
}

void crease_model_to_inputs(const crease_model *model, const mpz_t *V, mpq_t *x)
{
    size_t n = model->inputs;
    for (size_t j = 0; j < n; j++) {
        mpq_t *out = &x[model->kept[j]];
        long shift = model->column[j] - model->column[n];
        mpz_set(mpq_numref(*out), V[j]);
        mpz_set(mpq_denref(*out), V[n]);
        mpq_canonicalize(*out);
        (shift < 0 ? mpq_div_2exp : mpq_mul_2exp)(*out, *out,
                                                  (mp_bitcnt_t)(shift < 0 ? -shift : shift));
        mpq_add(*out, *out, model->centre[j]);
    }
}
