/* A network prepared for counting: unnecessary inputs are removed, coordinates are scaled by powers
 * of two, and weights are stored as integers and as doubles.
 *
 * Layers.  Linear layers before the first layer that switches are multiplied into it.  Linear
 * layers after the last layer that switches are dropped, and so are the rows of that layer that do
 * not decide.
 *
 * Inputs.  An input is dropped if its coefficient is 0 in all rows of the first layer and in all
 * half-spaces of the domain.  Let W be the matrix of these rows and half-spaces, r its rank, and n
 * the number of inputs.  If there is no box and r < n, all inputs except r with independent columns
 * of W are set to 0.  W maps R^n and the subspace of these r inputs onto the same set, so the count
 * does not change.
 *
 * Coordinates.  Counting takes place in homogeneous coordinates v in R^(n+1), n now being the
 * number of inputs that are kept:
 *
 *   x_j = centre_j + 2^column[j] v_j / (2^column[n] v_n),  v_n > 0.
 *
 * centre_j is 0 unless the domain has a box that is narrow and far from 0 in input j.  On a region,
 * the pre-activation of a unit has the sign of g.v for a row g. */
#ifndef CREASE_MODEL_MODEL_H
#define CREASE_MODEL_MODEL_H

#include "domain/domain.h"
#include "net/network.h"

#include <gmp.h>
#include <stdint.h>

/* Entries begin[j] .. begin[j + 1] - 1 are those of input j. */
typedef struct {
    size_t *begin;  /* inputs + 1 */
    uint32_t *unit; /* ascending in each column */
    double *weight;
} crease_columns;

typedef struct {
    size_t width; /* number of rows */
    size_t inputs;
    size_t stride;    /* width rounded up to a multiple of 8 */
    size_t decisions; /* the first rows, whose signs are a pattern's states; 0 if linear */
    size_t pieces;    /* rank of maxout units, otherwise 1; see model/maxout_groups.h */
    size_t first;     /* index of this layer's first decision in a pattern */
    crease_rows map;  /* as in crease_layer */
    mpz_t den;
    /* The nearest doubles: all of them, or columns of those that are not 0. */
    double *weight; /* inputs x stride: weight[j * stride + u]; or NULL */
    crease_columns columns;
    double *bias;   /* stride */
    double error;   /* relative error of weights and biases: 0, or 2^-52 */
    double quantum; /* a power of two that divides them all, 0 if error > 0 */
} crease_model_layer;

typedef struct crease_model {
    size_t inputs; /* after reduction */
    size_t layers; /* up to the last one that switches; 0 if none does */
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

/* network: lowered if it needs to be (net/network.h).  domain may be NULL.  The caller owns the
 * model. When the thread is interrupted (base/interrupt.h), it can only be freed. */
crease_model *crease_model_new(const crease_network *network, const crease_domain *domain);
void crease_model_free(crease_model *model);

/* The pattern of a region whose closure contains x, a point of the closure of the domain: the
 * region that contains x + e (inside - x) + (e^2, e^3, ...) for all small e > 0.  inside: an
 * interior point of the domain, which may be x.  x and inside have as many entries as the network
 * has inputs. */
void crease_model_pattern_at(const crease_network *network, mpq_t *x, mpq_t *inside,
                             uint8_t *pattern);

#endif
