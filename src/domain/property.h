/* The part of a VNN-LIB property that is about the inputs. */
#ifndef CREASE_DOMAIN_PROPERTY_H
#define CREASE_DOMAIN_PROPERTY_H

#include "domain/domain.h"
#include "net/network.h"

/* sum_k value[k] x_(index[k]) <= bound, or < bound, indices ascending, no value zero. */
typedef struct {
    size_t count, *index;
    mpq_t *value, bound;
    bool strict;
    int line; /* of the file */
} crease_constraint;

/* All constraints of the list hold. */
typedef struct {
    size_t count;
    const crease_constraint **constraint; /* owned by the property */
} crease_part;

struct crease_property {
    char *name;
    size_t inputs;
    size_t parts;
    crease_part *part; /* the inputs of the property are the union of these */
    size_t constraints;
    crease_constraint **constraint;
    size_t ignored; /* number of comparisons that are about outputs */
};

/* Keeps the first of parts that have the same bounds and the same half-spaces in the same order. */
void crease_property_drop_repeated(crease_property *property);

#endif
