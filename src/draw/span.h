/* Intervals of coordinates that can be drawn. */
#ifndef CREASE_DRAW_SPAN_H
#define CREASE_DRAW_SPAN_H

#include "domain/domain.h"

/* Can low to high be an axis?  Neither is beyond 1e100, and the width is at least 1e-100 and 1e-9
 * of either.  So places on the page and ticks are computed in doubles without overflow, and ticks
 * are different numbers. */
bool crease_span_fits(double low, double high);

/* Is the number at most 1e100?  NaN is not. */
bool crease_span_has(double value);

/* CREASE_INPUT if the domain has a box with a side that cannot be an axis. */
crease_status crease_span_check(const crease_domain *domain, crease_error *error);

#endif
