#include "exact/rows.h"

#include "base/interrupt.h"
#include "base/memory.h"
#include "exact/integer.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

void crease_rows_open(crease_rows *rows, size_t inputs)
{
    *rows = (crease_rows){.inputs = inputs, .begin = crease_alloc(1, sizeof *rows->begin)};
}

void crease_rows_free(crease_rows *rows)
{
    for (size_t i = 0; rows->begin && i < crease_rows_entries(rows); i++)
        mpz_clear(rows->weight[i]);
    for (size_t r = 0; r < rows->rows; r++)
        mpz_clear(rows->bias[r]);
    free(rows->begin);
    free(rows->input);
    free(rows->weight);
    free(rows->bias);
    memset(rows, 0, sizeof *rows);
}

static size_t more(size_t room)
{
    return room < 8 ? 8 : room + room / 2;
}

mpz_ptr crease_rows_begin(crease_rows *rows)
{
    size_t r = rows->rows;
    if (r == rows->row_room) {
        rows->row_room = more(rows->row_room);
        rows->begin = crease_realloc(rows->begin, rows->row_room + 1, sizeof *rows->begin);
        rows->bias = crease_realloc(rows->bias, rows->row_room, sizeof *rows->bias);
    }
    rows->begin[r + 1] = rows->begin[r];
    rows->rows++;
    mpz_init(rows->bias[r]);
    return rows->bias[r];
}

mpz_ptr crease_rows_add(crease_rows *rows, size_t input)
{
    size_t *end = &rows->begin[rows->rows], i = *end;
    assert(rows->rows > 0 && input < rows->inputs && input <= UINT32_MAX);
    assert(i == rows->begin[rows->rows - 1] || rows->input[i - 1] < input);
    if (i == rows->room) {
        rows->room = more(rows->room);
        rows->input = crease_realloc(rows->input, rows->room, sizeof *rows->input);
        rows->weight = crease_realloc(rows->weight, rows->room, sizeof *rows->weight);
    }
    ++*end;
    rows->input[i] = (uint32_t)input;
    mpz_init(rows->weight[i]);
    return rows->weight[i];
}

void crease_rows_take(crease_rows *rows, const mpz_t *row)
{
    mpz_set(crease_rows_begin(rows), row[rows->inputs]);
    for (size_t j = 0; j < rows->inputs; j++)
        if (mpz_sgn(row[j]))
            mpz_set(crease_rows_add(rows, j), row[j]);
}

void crease_rows_expand(const crease_rows *rows, size_t r, mpz_t *out)
{
    size_t j = 0;
    for (size_t i = rows->begin[r]; i < rows->begin[r + 1]; i++) {
        for (; j < rows->input[i]; j++)
            mpz_set_ui(out[j], 0);
        mpz_set(out[j++], rows->weight[i]);
    }
    for (; j < rows->inputs; j++)
        mpz_set_ui(out[j], 0);
    mpz_set(out[rows->inputs], rows->bias[r]);
}

mpz_t *crease_rows_dense(const crease_rows *rows, size_t count)
{
    mpz_t *dense = crease_integer_new(count * (rows->inputs + 1));
    for (size_t r = 0; r < count; r++)
        crease_rows_expand(rows, r, dense + r * (rows->inputs + 1));
    return dense;
}

void crease_rows_copy(crease_rows *copy, const crease_rows *rows)
{
    crease_rows_open(copy, rows->inputs);
    for (size_t r = 0; r < rows->rows; r++) {
        mpz_set(crease_rows_begin(copy), rows->bias[r]);
        for (size_t i = rows->begin[r]; i < rows->begin[r + 1]; i++)
            mpz_set(crease_rows_add(copy, rows->input[i]), rows->weight[i]);
    }
}

void crease_rows_compose(crease_rows *product, const crease_rows *outer, const crease_rows *inner,
                         const mpz_t scale)
{
    size_t n = inner->inputs;
    mpz_t *row = crease_integer_new(n + 1);
    assert(outer->inputs == inner->rows);
    crease_rows_open(product, n);
    for (size_t u = 0; u < outer->rows; u++) {
        mpz_mul(row[n], outer->bias[u], scale);
        for (size_t i = outer->begin[u]; i < outer->begin[u + 1] && !crease_interrupted(); i++) {
            size_t t = outer->input[i];
            for (size_t k = inner->begin[t]; k < inner->begin[t + 1]; k++)
                mpz_addmul(row[inner->input[k]], outer->weight[i], inner->weight[k]);
            mpz_addmul(row[n], outer->weight[i], inner->bias[t]);
        }
        crease_rows_take(product, (const mpz_t *)row);
        for (size_t j = 0; j <= n; j++)
            mpz_set_ui(row[j], 0);
    }
    crease_integer_free(row, n + 1);
}
