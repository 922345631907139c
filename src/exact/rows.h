/* Sparse affine functions of many variables with integer coefficients: what a layer computes, up to
 * its denominator. */
#ifndef CREASE_EXACT_ROWS_H
#define CREASE_EXACT_ROWS_H

#include <gmp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Row r is the function bias[r] + sum of weight[i] h[input[i]] over begin[r] <= i < begin[r +
 * 1]. */
typedef struct {
    size_t rows, inputs; /* inputs: at most 2^32 */
    size_t *begin;       /* rows + 1 */
    uint32_t *input;     /* ascending in each row */
    mpz_t *weight;       /* none is 0 */
    mpz_t *bias;
    size_t row_room, room;
} crease_rows;

/* Sets rows to an empty list of rows over the inputs.  The caller gives them to
 * crease_rows_free. */
void crease_rows_open(crease_rows *rows, size_t inputs);

/* Also for a structure that is all zero. */
void crease_rows_free(crease_rows *rows);

/* Begins another row and returns its bias, which is 0; valid until the next row begins. */
mpz_ptr crease_rows_begin(crease_rows *rows);

/* Adds an entry to the latest row, for an input after those that it has, and returns it.  The
 * caller sets it to a number other than 0; valid until the next entry. */
mpz_ptr crease_rows_add(crease_rows *rows, size_t input);

/* Adds a row given by inputs + 1 integers, the bias last. */
void crease_rows_take(crease_rows *rows, const mpz_t *row);

/* Sets out to row r as inputs + 1 integers, the bias last. */
void crease_rows_expand(const crease_rows *rows, size_t r, mpz_t *out);

/* The first count rows as count x (inputs + 1) integers, to be freed by crease_integer_free. */
mpz_t *crease_rows_dense(const crease_rows *rows, size_t count);

/* The number of entries. */
static inline size_t crease_rows_entries(const crease_rows *rows)
{
    return rows->begin[rows->rows];
}

/* Sets copy, which is not open. */
void crease_rows_copy(crease_rows *copy, const crease_rows *rows);

/* The composition outer(inner(x)), times scale, the denominator of inner: outer.inputs =
 * inner.rows.  wanted: for each row of outer, or NULL for all; the others become 0.  Sets product,
 * which is not open. */
void crease_rows_compose(crease_rows *product, const crease_rows *outer, const crease_rows *inner,
                         const mpz_t scale, const bool *wanted);

#endif
