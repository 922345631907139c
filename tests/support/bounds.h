/* Bounds by name, in assertions of Check. */
#ifndef TESTS_BOUNDS_H
#define TESTS_BOUNDS_H

#include <crease.h>
#include <crease_bounds.h>
#include <gmp.h>
#include <stdbool.h>
#include <stdint.h>

/* There is one of this name, or the test fails. */
const crease_bound *bounds_find(const crease_bounds *bounds, const char *id);

/* Its value; false if the bound does not apply, and then it says why. */
bool bounds_value(const crease_bounds *bounds, const char *id, mpq_t value);

/* small <= large where both apply; text is for the message. */
void bounds_check_pair(const crease_bounds *bounds, const char *small, const char *large,
                       const char *text);

/* Every lower bound that applies is at most every upper one, and exact ones are both. */
void bounds_check_order(const crease_bounds *bounds, const char *text);

/* No upper or exact bound that applies is less than the count. */
void bounds_check_count(const crease_bounds *bounds, uint64_t regions, const char *text);

#endif
