/* Bounds of a network's rows over a box.
 *
 * The box is the image of |s_j| <= 1 under x_j = c_j + r_j s_j.  Every value h in the network is
 * enclosed by a form: for each x of the box there is a d, |d| <= radius, with
 *
 *   h = f_0 + sum_j f_j s_j + d.
 *
 * A row z = sum_t w_t h_t + b has the form g = sum_t w_t f_t (b added to g_0) with radius sum_t
 * |w_t| radius_t, if computed exactly.  Let m be the number of its terms, u = 2^-53 and S = sum_t
 * |w_t| size_t + |b|, where size_t >= sum_j |f_tj| + radius_t.  The doubles w_t have a relative
 * error of at most 2^-50, so replacing the exact weights changes z by at most 2^-50 S (1 + 2^-40).
 * Each g_j is a sum of at most m + 1 products, computed with an error of at most (m + 2) u (1 +
 * 2^-30) times the sum of the absolute products (m < 2^22); over all j this adds up to (m + 2) u (1
 * + 2^-30) S.  So the form is right with
 *
 *   radius = (sum_t |w_t| radius_t + ((m + 4) u + 2^-49) S) (1 + 2^-20) + 2^-1000,
 *
 * where the factor covers the rounding of the two sums themselves, all terms of which are >= 0,
 * and the last term what underflows.
 *
 * z lies between g_0 - R and g_0 + R for R = (sum_j |g_j| + radius) (1 + 2^-20), j > 0.
 *
 * An activation f on [low, high]: for any number k, f(z) - k z takes its least and largest values
 * at the ends of the interval or at breakpoints of f.  These are computed in fractions, and
 * rounded outwards.  k is a double near the slope of the chord.  So f(z) has the form k g, its
 * centre moved by the middle of the two, with what is left added to the radius.
 *
 * A NaN or infinity anywhere leads to bounds that decide nothing. */
#ifndef CREASE_MODEL_ENCLOSE_H
#define CREASE_MODEL_ENCLOSE_H

#include "domain/domain.h"
#include "net/network.h"

typedef struct {
    size_t symbols; /* inputs; 0 if there are too many: then their part is in the radius */
    size_t count;
    double *form; /* count x (symbols + 1) */
    double *radius, *size;
} crease_forms;

typedef struct {
    crease_forms value; /* of what the next layer receives */
    double *low, *high; /* of the rows of the latest layer; low <= z <= high on the box */
} crease_enclosure;

/* The inputs of the box.  The caller closes it. */
void crease_enclosure_open(crease_enclosure *e, const crease_domain *box);
void crease_enclosure_close(crease_enclosure *e);

/* Goes on to the outputs of the layer, which is not lowered. */
void crease_enclosure_pass(crease_enclosure *e, const crease_layer *layer);

/* The piece of maxout unit u that is the largest on the whole box by the bounds of the latest
 * layer's rows, or its rank if there is none. */
size_t crease_enclosure_winner(const crease_enclosure *e, const crease_layer *layer, size_t u);

/* If unit u of the latest layer, which switches and is not maxout, is on one piece of its
 * activation on the whole box: true, and its output is slope z + offset. */
bool crease_enclosure_piece(const crease_enclosure *e, const crease_layer *layer, size_t u,
                            mpq_t slope, mpq_t offset);

/* out = the activation of the layer, not maxout, at z. */
void crease_enclosure_activate(const crease_layer *layer, const mpq_t z, mpq_t out);

#endif
