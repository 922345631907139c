/* Student's t distribution with a whole number of degrees of freedom (Abramowitz and Stegun,
 * 26.7.3 and 26.7.4). */
#ifndef CREASE_SAMPLE_STUDENT_H
#define CREASE_SAMPLE_STUDENT_H

#include <stddef.h>

/* t with P(|T| <= t) = confidence, in (0, 1); freedom >= 1. */
double crease_student_quantile(double confidence, size_t freedom);

#endif
