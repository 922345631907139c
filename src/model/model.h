/* A network made ready for counting: inputs reduced exactly, coordinates scaled by
 * powers of two, weights at hand as integers and as doubles.
 *
 * Layers.  Linear layers before the first one that switches are multiplied into it, and
 * those behind the last one that switches are dropped, as are the rows of that one that only pass
 * values on.
 *
 * Inputs.  Inputs that neither a weight nor a half-space of the domain reads are dropped.  If there
 * is no box and the matrix W of the first layer and of the half-spaces has rank r < n, all inputs but
 * r whose columns are independent are set to 0: W maps R^n and the subspace onto the same set, so
 * the count does not change.
 *
 * Coordinates.  Counting happens in homogeneous coordinates v in R^(n+1): the input
 * is x_j = centre_j + 2^column[j] v_j / (2^column[n] v_n), v_n > 0; the centre is 0 but in
 * a narrow box far from the origin.  A unit's pre-activation on a
 * region is a row g, g.v having the sign of the pre-activation.  */
#ifndef CREASE_MODEL_MODEL_H
#define CREASE_MODEL_MODEL_H

#include "domain/domain.h"
#include "net/network.h"

#include <gmp.h>
#include <stdint.h>

typedef struct {
    size_t width; /* rows */
    size_t inputs;
    size_t stride;    /* width rounded up to a multiple of 8 */
    size_t decisions; /* the first rows, whose signs are a pattern's states; 0 if linear */
    size_t
        pieces; /* of a maxout unit, otherwise 1; see crease_network_lower, model/maxout_groups.h */
    size_t first; /* index of this layer's first decision in a pattern */
    mpz_t *num;   /* width x (inputs + 1), row-major, as in crease_layer */
    mpz_t den;
    double *weight; /* (inputs + 1) x stride: weight[j * stride + u], nearest doubles */
    double error;   /* relative error of weight: 0, or 2^-52 */
    double quantum; /* a power of two that divides all weights, 0 if error > 0 */
} crease_model_layer;

typedef struct crease_model {
    size_t inputs; /* after reduction */
    size_t layers; /* up to the last switching one; 0 if nothing switches */
    size_t units;  /* decisions of all layers: the length of a pattern */
    crease_model_layer *layer;
    mpz_t constant;        /* the function 1 as an integer multiple of v_n */
    double constant_value; /* the same as a double, exact; infinite from 2^1024 on */
    size_t faces;       /* rows that bound the domain: two per input of a box, then half-spaces */
    size_t halves;      /* how many of them are half-spaces */
    mpz_t *face;        /* (faces + 1) x (inputs + 1); the last one is v_n > 0 */
    double *face_value; /* the same as doubles, row-major */
    double *face_error; /* entrywise bound per face */
    struct crease_model *walls; /* a model whose only layer has the half-spaces as rows; NULL if
                                   there are none */
    double *reach;              /* inputs: |v_j| <= reach[j] v_n in a box, NULL otherwise */
    bool boxed;
    size_t *kept;  /* inputs: which inputs of the network these are, ascending */
    long *column;  /* inputs + 1: the exponents of the coordinates */
    mpq_t *centre; /* inputs */
} crease_model;

/* network: lowered if it needs to be (net/network.h). domain may be NULL.  Of no use but to be freed when the
 * thread is interrupted (base/interrupt.h). */
crease_model *crease_model_new(const crease_network *network, const crease_domain *domain);
void crease_model_free(crease_model *model);

/* The pattern of a region whose closure contains the point x (given inputs, exact), the closure of
 * the domain as well: the region that x + e (inside - x) + (e^2, e^3, ...) lies in for small
 * e > 0.  inside: a point in the interior of the domain, which may be x. */
void crease_model_pattern_at(const crease_network *network, mpq_t *x, mpq_t *inside,
                             uint8_t *pattern);

#endif
