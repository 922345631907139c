/* Points in memory. */
#ifndef CREASE_DOMAIN_POINTS_H
#define CREASE_DOMAIN_POINTS_H

#include <crease_points.h>
#include <gmp.h>

/* The coordinates are those in exact if it is not NULL, otherwise those in value. */
struct crease_points {
    size_t count, inputs;
    double *value; /* count x inputs */
    mpq_t *exact;  /* count x inputs */
};

/* Sets x, `inputs` initialised rationals, to point i. */
void crease_points_get(const crease_points *points, size_t i, mpq_t *x);

#endif
