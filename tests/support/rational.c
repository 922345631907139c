#include "rational.h"

#include "nets.h"

#include <math.h>

double rational_step(double x, int ulps)
{
    for (; ulps > 0; ulps--)
        x = nextafter(x, INFINITY);
    for (; ulps < 0; ulps++)
        x = nextafter(x, -INFINITY);
    return x;
}

float rational_step_single(float x, int ulps)
{
    for (; ulps > 0; ulps--)
        x = nextafterf(x, INFINITY);
    for (; ulps < 0; ulps++)
        x = nextafterf(x, -INFINITY);
    return x;
}

double rational_random(uint64_t *state)
{
    uint64_t word = nets_random(state);
    double size = ((double)(word >> 11) + 0.5) * 0x1p-53;
    return word & 1 ? -size : size;
}

void rational_dot(mpq_t sum, const double *x, const double *y, size_t d)
{
    mpq_t left, right;
    mpq_inits(left, right, NULL);
    mpq_set_ui(sum, 0, 1);
    for (size_t j = 0; j < d; j++) {
        mpq_set_d(left, x[j]);
        mpq_set_d(right, y[j]);
        mpq_mul(left, left, right);
        mpq_add(sum, sum, left);
    }
    mpq_clears(left, right, NULL);
}

static void clear_column(mpq_t *matrix, size_t rows, size_t cols, size_t top, size_t j)
{
    mpq_t product;
    mpq_init(product);
    for (size_t i = 0; i < rows; i++) {
        if (i == top || !mpq_sgn(matrix[i * cols + j]))
            continue;
        /* from the right, so that the factor at column j goes last */
        for (size_t c = cols; c-- > j;) {
            mpq_mul(product, matrix[i * cols + j], matrix[top * cols + c]);
            mpq_sub(matrix[i * cols + c], matrix[i * cols + c], product);
        }
    }
    mpq_clear(product);
}

size_t rational_reduce(mpq_t *matrix, size_t rows, size_t cols, size_t *pivot)
{
    size_t rank = 0;
    for (size_t j = 0; j < cols && rank < rows; j++) {
        size_t i = rank;
        while (i < rows && !mpq_sgn(matrix[i * cols + j]))
            i++;
        if (i == rows)
            continue;
        for (size_t c = 0; c < cols && i != rank; c++)
            mpq_swap(matrix[i * cols + c], matrix[rank * cols + c]);
        for (size_t c = cols; c-- > j;)
            mpq_div(matrix[rank * cols + c], matrix[rank * cols + c], matrix[rank * cols + j]);
        clear_column(matrix, rows, cols, rank, j);
        pivot[rank++] = j;
    }
    return rank;
}
