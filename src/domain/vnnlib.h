/* The inside of the reader of VNN-LIB: variables and linear terms. */
#ifndef CREASE_DOMAIN_VNNLIB_H
#define CREASE_DOMAIN_VNNLIB_H

#include "domain/property.h"
#include "domain/sexpr.h"

enum { CREASE_VNNLIB_OUTPUTS = 1 << 20 };

typedef struct {
    crease_property *property;
    const char *name;
    bool *declared, *output; /* by number, of inputs and of outputs */
    crease_error *error;
} crease_vnnlib;

/* An error at e, or, if that is NULL, at the expression that it is missing in. */
crease_status crease_vnnlib_complain(const crease_vnnlib *r, const crease_sexpr *e,
                                     const crease_sexpr *parent, const char *what);

/* (declare-const X_0 Real) or (declare-fun X_0 () Real) */
crease_status crease_vnnlib_declare(crease_vnnlib *r, const crease_sexpr *command);

/* sum_k value[k] x_(index[k]) + constant, and perhaps something with outputs; indices ascend. */
typedef struct {
    size_t count, *index;
    mpq_t *value, constant;
    bool outputs;
} crease_term;

crease_term crease_term_new(void); /* 0 */
void crease_term_free(crease_term *t);
bool crease_term_is_constant(const crease_term *t);

/* t += factor e; parent: what e, which may be NULL, stands in. */
crease_status crease_term_read(const crease_vnnlib *r, const crease_sexpr *e,
                               const crease_sexpr *parent, const mpq_t factor, crease_term *t);

#endif
