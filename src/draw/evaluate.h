/* The outputs of a network at a point, in floating point: for colours only. */
#ifndef CREASE_DRAW_EVALUATE_H
#define CREASE_DRAW_EVALUATE_H

#include "net/network.h"

typedef struct crease_evaluator crease_evaluator;

/* The caller gives it to crease_evaluator_free.  One thread at a time. */
crease_evaluator *crease_evaluator_new(const crease_network *network);
void crease_evaluator_free(crease_evaluator *evaluator);

/* The outputs at x; they belong to the evaluator and last until the next call. */
const double *crease_evaluator_at(crease_evaluator *evaluator, const double *x);

#endif
