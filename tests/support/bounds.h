/* Bounds by name, in assertions of Check. */
#ifndef TESTS_BOUNDS_H
#define TESTS_BOUNDS_H

#include <crease.h>
#include <gmp.h>
#include <stdbool.h>

/* There is one of this name, or the test fails. */
const crease_bound *bounds_find(const crease_bounds *bounds, const char *id);

/* Its value; false if the bound does not apply, and then it says why. */
bool bounds_value(const crease_bounds *bounds, const char *id, mpq_t value);

/* small <= large where both apply; text is for the message. */
void bounds_check_pair(const crease_bounds *bounds, const char *small, const char *large,
                       const char *text);

#endif
