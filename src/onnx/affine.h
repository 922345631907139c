/* Exact affine functions of the units of a layer, sparse and immutable: what a reader of graphs
 * computes with.  One thread at a time. */
#ifndef CREASE_ONNX_AFFINE_H
#define CREASE_ONNX_AFFINE_H

#include <gmp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* constant + sum of weight[t] times unit[t] */
typedef struct crease_affine {
    size_t references; /* the last one to let it go frees it */
    size_t bytes;
    size_t terms;
    uint32_t *unit; /* ascending */
    mpq_t *weight;  /* not 0 */
    mpq_t constant;
    size_t place; /* scratch of whoever goes through many of them; SIZE_MAX in a new one */
} crease_affine;

typedef enum {
    CREASE_AFFINE_WITHIN = 0,
    CREASE_AFFINE_MEMORY, /* 2 GiB in all functions together */
    CREASE_AFFINE_DIGITS, /* numerator or denominator of a number: 65536 bits */
    CREASE_AFFINE_WORK    /* 2^29 products of numbers, or 2^31 copies */
} crease_affine_excess;

/* What a computation uses, against limits that keep a hostile file from taking hours or all of the
 * memory.  Once beyond them functions come out as 0 and at no cost; who computes looks at
 * excess before the results are used. */
typedef struct {
    size_t bytes;
    uint64_t work;
    crease_affine_excess excess;
    crease_affine *zero; /* what comes out then */
} crease_affine_meter;

void crease_affine_meter_close(crease_affine_meter *meter);

/* The limit that was passed, in words. */
const char *crease_affine_words(crease_affine_excess excess);

/* Accounts for bytes that come, and go, beside the functions, and for copies of pointers. */
void crease_affine_take(crease_affine_meter *meter, size_t bytes);
void crease_affine_give(crease_affine_meter *meter, size_t bytes);
void crease_affine_copies(crease_affine_meter *meter, uint64_t count);

/* The unit itself; a constant. */
crease_affine *crease_affine_unit(crease_affine_meter *meter, uint32_t unit);
crease_affine *crease_affine_constant(crease_affine_meter *meter, const mpq_t value);
crease_affine *crease_affine_retain(crease_affine *function);
void crease_affine_release(crease_affine_meter *meter, crease_affine *function);

/* A sum that is being formed. */
typedef struct crease_affine_sum crease_affine_sum;

crease_affine_sum *crease_affine_sum_new(crease_affine_meter *meter);
void crease_affine_sum_free(crease_affine_sum *sum);

/* Adds factor times the function; a factor of NULL is 1. */
void crease_affine_add(crease_affine_sum *sum, const crease_affine *function, const mpq_t *factor);

/* Adds factor times the unit, and the product of two constants; NULL is 1. */
void crease_affine_add_unit(crease_affine_sum *sum, uint32_t unit, const mpq_t factor);
void crease_affine_add_constant(crease_affine_sum *sum, const mpq_t value, const mpq_t *factor);

/* What has been added; the sum is 0 again. */
crease_affine *crease_affine_sum_close(crease_affine_sum *sum);

#endif
