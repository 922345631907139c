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

/* A row that is being summed up: which inputs it has, in any order. */
typedef struct {
    mpz_t *value;
    bool *has;
    uint32_t *input;
    size_t inputs, all;
} sum;

static void add_to(sum *s, size_t j, const mpz_t a, const mpz_t b)
{
    if (!s->has[j])
        s->input[s->inputs++] = (uint32_t)j;
    s->has[j] = true;
    mpz_addmul(s->value[j], a, b);
}

static int ascending(const void *a, const void *b)
{
    uint32_t i = *(const uint32_t *)a, j = *(const uint32_t *)b;
    return (i > j) - (i < j);
}

/* Moves the sum, which is 0 again, into the latest row. */
static void take_sum(crease_rows *rows, sum *s)
{
    if (s->inputs > s->all / 16) {
        s->inputs = 0;
        for (size_t j = 0; j < s->all; j++)
            if (s->has[j])
                s->input[s->inputs++] = (uint32_t)j;
    } else {
        qsort(s->input, s->inputs, sizeof *s->input, ascending);
    }
    for (size_t i = 0; i < s->inputs; i++) {
        size_t j = s->input[i];
        if (mpz_sgn(s->value[j]))
            mpz_set(crease_rows_add(rows, j), s->value[j]);
        mpz_set_ui(s->value[j], 0);
        s->has[j] = false;
    }
    s->inputs = 0;
}

void crease_rows_compose(crease_rows *product, const crease_rows *outer, const crease_rows *inner,
                         const mpz_t scale, const bool *wanted)
{
    size_t n = inner->inputs;
    sum s = {crease_integer_new(n), crease_alloc(n, sizeof *s.has),
             crease_alloc(n, sizeof *s.input), 0, n};
    assert(outer->inputs == inner->rows);
    crease_rows_open(product, n);
    for (size_t u = 0; u < outer->rows; u++) {
        mpz_ptr bias = crease_rows_begin(product);
        if (wanted && !wanted[u])
            continue;
        mpz_mul(bias, outer->bias[u], scale);
        for (size_t i = outer->begin[u]; i < outer->begin[u + 1] && !crease_interrupted(); i++) {
            size_t t = outer->input[i];
            for (size_t k = inner->begin[t]; k < inner->begin[t + 1]; k++)
                add_to(&s, inner->input[k], outer->weight[i], inner->weight[k]);
            mpz_addmul(bias, outer->weight[i], inner->bias[t]);
        }
        take_sum(product, &s);
    }
    crease_integer_free(s.value, n);
    free(s.has);
    free(s.input);
}
