/* Numbers of regions: sums that are checked, and how JSON has them. */
#ifndef CREASE_BASE_TOTAL_H
#define CREASE_BASE_TOTAL_H

#include "base/whole.h"

#include <crease.h>
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* *sum += more.  False, *sum being as it was, if the sum is 2^64 or more. */
static inline bool crease_total_add(uint64_t *sum, uint64_t more)
{
    if (more > UINT64_MAX - *sum)
        return false;
    *sum += more;
    return true;
}

/* Sets result->regions and result->digits. */
void crease_total_set(crease_result *result, const crease_whole *regions);

/* CREASE_INPUT, with the message that there are more regions than a sum can hold. */
crease_status crease_total_too_many(crease_error *error);

/* A whole number of any size, which crease_total_json_text writes as one: jansson's own integers
 * end at 2^63 - 1.  digits: decimal, without a sign. */
json_t *crease_total_json(uint64_t value);
json_t *crease_total_json_digits(const char *digits);

/* The whole number or fraction as a number if every reader of JSON keeps it exactly, otherwise as
 * a string. */
json_t *crease_total_json_exact(const char *text);

/* The counters of decisions under their names. */
json_t *crease_total_json_decisions(const crease_decisions *decisions);

/* The text of an object with such numbers; flags as for json_dumps.  The caller frees it.  NULL if
 * object is NULL or cannot be written. */
char *crease_total_json_text(const json_t *object, size_t flags);

#endif
