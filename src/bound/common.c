#include "bound/bound.h"

#include <stdio.h>

bool crease_bound_some_layer(const crease_bound_case *given, char *note)
{
    if (!given->layers)
        snprintf(note, CREASE_BOUND_NOTE, "there is no hidden layer that switches");
    return given->layers > 0;
}

bool crease_bound_one_layer(const crease_bound_case *given, char *note)
{
    if (given->layers != 1)
        snprintf(note, CREASE_BOUND_NOTE, "there are %zu hidden layers, not one", given->layers);
    return given->layers == 1;
}

bool crease_bound_wide(const crease_bound_case *given, size_t factor, char *note)
{
    for (size_t l = 0; l < given->layers; l++)
        if (given->width[l] < factor * given->inputs) {
            snprintf(note, CREASE_BOUND_NOTE, "n_%zu = %zu is less than %zu", l + 1,
                     given->width[l], factor * given->inputs);
            return false;
        }
    return crease_bound_some_layer(given, note);
}

bool crease_bound_trivial(const crease_bound_case *given, mpq_t value, char *note)
{
    (void)note;
    mpq_set_ui(value, 1, 1);
    for (size_t l = 0; l < given->layers; l++)
        crease_bound_multiply_power(mpq_numref(value), given->states, given->width[l]);
    return true;
}

static size_t units(const crease_bound_case *given)
{
    size_t sum = 0;
    for (size_t l = 0; l < given->layers; l++)
        sum += given->width[l];
    return sum;
}

bool crease_bound_random_regions(const crease_bound_case *given, size_t factor, mpq_t value,
                                 char *note)
{
    if (units(given) < given->inputs) {
        snprintf(note, CREASE_BOUND_NOTE, "N = %zu is less than n0 = %zu", units(given),
                 given->inputs);
        return false;
    }
    mpz_ui_pow_ui(mpq_numref(value), factor * units(given), given->inputs);
    mpz_fac_ui(mpq_denref(value), given->inputs);
    mpq_canonicalize(value);
    return true;
}
