/* Variables (vnnlib_name.c) and linear terms (vnnlib_term.c), for the reader of VNN-LIB. */
#ifndef CREASE_DOMAIN_VNNLIB_H
#define CREASE_DOMAIN_VNNLIB_H

#include "domain/property.h"
#include "domain/sexpr.h"

enum { CREASE_VNNLIB_OUTPUTS = 1 << 20, CREASE_VNNLIB_DIMENSIONS = 8 };

/* Of VNN-LIB 2.0: variables X[i, j], in row-major order. */
typedef struct {
    const crease_sexpr *name;
    bool output;
    size_t first; /* the number of the first variable */
    size_t dimensions, size[CREASE_VNNLIB_DIMENSIONS];
} crease_vnnlib_tensor;

typedef struct {
    crease_property *property;
    const char *name;
    bool *declared, *output; /* by number, of inputs and of outputs */
    crease_vnnlib_tensor *tensor;
    size_t tensors;
    crease_error *error;
} crease_vnnlib;

/* CREASE_INPUT at e, or, if e is NULL, at parent, in which it is missing. */
crease_status crease_vnnlib_complain(const crease_vnnlib *r, const crease_sexpr *e,
                                     const crease_sexpr *parent, const char *what);

/* (declare-const X_0 Real) or (declare-fun X_0 () Real); x_0 is X_0. */
crease_status crease_vnnlib_declare(crease_vnnlib *r, const crease_sexpr *command);

/* (declare-network NAME (declare-input X Real [2, 3]) (declare-output Y Real [4])).  Several inputs
 * are numbered in their order.  Hidden tensors are treated as outputs. */
crease_status crease_vnnlib_declare_network(crease_vnnlib *r, const crease_sexpr *command);

/* Is the atom a declared variable?  If so, sets *output and, for an input, its number *i. */
bool crease_vnnlib_find(const crease_vnnlib *r, const crease_sexpr *e, bool *output, size_t *i);

/* sum_k value[k] x_(index[k]) + constant, indices ascending; outputs: with further terms in
 * outputs. */
typedef struct {
    size_t count, *index;
    mpq_t *value, constant;
    bool outputs;
} crease_term;

crease_term crease_term_new(void); /* 0 */
void crease_term_free(crease_term *t);
bool crease_term_is_constant(const crease_term *t);
void crease_term_negate(crease_term *t);

/* t += factor e.  e may be NULL, which is an error in parent. */
crease_status crease_term_read(const crease_vnnlib *r, const crease_sexpr *e,
                               const crease_sexpr *parent, const mpq_t factor, crease_term *t);

#endif
