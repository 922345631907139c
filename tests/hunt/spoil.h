/* Numbers that are wrong on purpose.  What is drawn depends on the state alone. */
#ifndef TESTS_SPOIL_H
#define TESTS_SPOIL_H

#include <stddef.h>
#include <stdint.h>

/* Mixes the numbers into the state. */
void spoil_seed(uint64_t *state, const double *x, size_t count);

/* 0 to below - 1. */
uint64_t spoil_draw(uint64_t *state, uint64_t below);

/* NaN, an infinity, a very large or small number, or one in [-1, 1]. */
double spoil_number(uint64_t *state);

/* Some or all numbers become others, or move by little. */
void spoil_numbers(uint64_t *state, double *x, size_t count);

#endif
