/* Exact affine functions of the units of a layer, sparse and immutable.  The reader of ONNX graphs
 * computes with them.  One thread at a time. */
#ifndef CREASE_ONNX_AFFINE_H
#define CREASE_ONNX_AFFINE_H

#include <gmp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* constant + sum of weight[t] times unit[t] */
typedef struct crease_affine {
    size_t references; /* when the last one is released, the function is freed */
    size_t bytes;
    size_t terms;
    uint32_t *unit; /* ascending */
    mpq_t *weight;  /* not 0 */
    mpq_t constant;
    size_t place; /* for algorithms on many functions; SIZE_MAX in a new one */
} crease_affine;

typedef enum {
    CREASE_AFFINE_WITHIN = 0,
    CREASE_AFFINE_MEMORY, /* 2 GiB in all functions together */
    CREASE_AFFINE_DIGITS, /* numerator or denominator of a number: 65536 bits */
    CREASE_AFFINE_WORK    /* 2^29 products of numbers, or 2^31 copies */
} crease_affine_excess;

/* The resources that a computation has used, and limits, which keep a hostile file from taking
 * hours or all memory.  Beyond a limit, results are 0 and cost nothing; the caller must check
 * excess before it uses them. */
typedef struct {
    size_t bytes;
    uint64_t work;
    crease_affine_excess excess;
    crease_affine *zero; /* the result beyond a limit */
} crease_affine_meter;

void crease_affine_meter_close(crease_affine_meter *meter);

/* A text that names the limit that was exceeded. */
const char *crease_affine_words(crease_affine_excess excess);

/* Account for other memory that is taken and freed, and for copies of pointers. */
void crease_affine_take(crease_affine_meter *meter, size_t bytes);
void crease_affine_give(crease_affine_meter *meter, size_t bytes);
void crease_affine_copies(crease_affine_meter *meter, uint64_t count);

/* The unit itself; a constant. */
crease_affine *crease_affine_unit(crease_affine_meter *meter, uint32_t unit);
crease_affine *crease_affine_constant(crease_affine_meter *meter, const mpq_t value);
crease_affine *crease_affine_retain(crease_affine *function);
void crease_affine_release(crease_affine_meter *meter, crease_affine *function);

/* A sum under construction. */
typedef struct crease_affine_sum crease_affine_sum;

crease_affine_sum *crease_affine_sum_new(crease_affine_meter *meter);
void crease_affine_sum_free(crease_affine_sum *sum);

/* Adds factor times the function; a factor of NULL is 1. */
void crease_affine_add(crease_affine_sum *sum, const crease_affine *function, const mpq_t *factor);

/* Adds factor times the unit, and the product of two constants; NULL is 1. */
void crease_affine_add_unit(crease_affine_sum *sum, uint32_t unit, const mpq_t factor);
void crease_affine_add_constant(crease_affine_sum *sum, const mpq_t value, const mpq_t *factor);

/* The function that was added up; afterwards the sum is 0. */
crease_affine *crease_affine_sum_close(crease_affine_sum *sum);

#endif
