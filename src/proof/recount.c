#include "proof/recount.h"

#include "base/memory.h"
#include "exact/modular.h"

#include <stdlib.h>
#include <string.h>

void crease_recount_open(crease_recount *recount, const crease_model *model)
{
    size_t n = model->inputs;
    memset(recount, 0, sizeof *recount);
    recount->d = n + 1;
    recount->pivot = crease_alloc(n, sizeof *recount->pivot);
    recount->equation = crease_alloc(n * (n + 1), sizeof *recount->equation);
    recount->row =
        crease_alloc(model->layer[model->layers - 1].width * (n + 1), sizeof *recount->row);
}

void crease_recount_close(crease_recount *recount)
{
    free(recount->pivot);
    free(recount->equation);
    free(recount->row);
}

/* A multiple, other than 0, of the row, less multiples of the equations: zero at their pivots. */
static void solve(const crease_recount *recount, const uint64_t *source, uint64_t *row)
{
    size_t d = recount->d;
    memcpy(row, source, d * sizeof *row);
    for (size_t i = 0; i < recount->equations; i++) {
        const uint64_t *equation = recount->equation + i * d;
        uint64_t a = equation[recount->pivot[i]], b = row[recount->pivot[i]];
        for (size_t j = 0; j < d && b; j++)
            row[j] = crease_modular_minor(row[j], a, equation[j], b);
    }
}

/* Pivots may be the coordinate of the constants as well: only ratios are compared. */
static void add_equation(crease_recount *recount, const uint64_t *row)
{
    size_t d = recount->d, p = 0;
    uint64_t *equation = recount->equation + recount->equations * d;
    solve(recount, row, equation);
    while (p < d && !equation[p])
        p++;
    if (p == d) {
        recount->doubt = true;
        return;
    }
    recount->pivot[recount->equations++] = p;
}

void crease_recount_begin(crease_recount *recount, crease_map *map, const crease_subspace *subspace)
{
    recount->map = map;
    recount->within = SIZE_MAX;
    recount->doubt = false;
    recount->equations = 0;
    for (size_t k = 0; k < subspace->count; k++)
        add_equation(recount, crease_map_residue(subspace->cross[k].map, subspace->cross[k].unit));
}

static bool proportional(const uint64_t *x, const uint64_t *y, size_t d)
{
    size_t p = 0;
    while (p < d && !x[p])
        p++;
    for (size_t j = 0; j < d && p < d; j++)
        if (crease_modular_minor(x[p], y[j], x[j], y[p]))
            return false;
    return p < d;
}

static int by_entries(const void *x, const void *y, void *length)
{
    const uint64_t *a = x, *b = y;
    for (size_t j = 0; j < *(const size_t *)length; j++)
        if (a[j] != b[j])
            return a[j] < b[j] ? -1 : 1;
    return 0;
}

/* Scales every row so that its first entry other than 0 is 1, and sorts them. */
static uint64_t different_of_many(crease_recount *recount, size_t count)
{
    size_t d = recount->d;
    uint64_t places = 1;
    for (size_t i = 0; i < count; i++) {
        uint64_t *row = recount->row + i * d, factor = 0;
        for (size_t j = 0; j < d && !factor; j++)
            factor = row[j];
        factor = crease_modular_inverse(factor);
        for (size_t j = 0; j < d; j++)
            row[j] = crease_modular_product(row[j], factor);
    }
    qsort_r(recount->row, count, d * sizeof *recount->row, by_entries, &d);
    for (size_t i = 1; i < count; i++)
        places += by_entries(recount->row + (i - 1) * d, recount->row + i * d, &d) != 0;
    return places;
}

static uint64_t different(crease_recount *recount, size_t count)
{
    enum { FEW = 64 };
    size_t d = recount->d, places = 0;
    if (count > FEW)
        return different_of_many(recount, count);
    for (size_t i = 0; i < count; i++) {
        bool seen = false;
        for (size_t k = 0; k < i && !seen; k++)
            seen = proportional(recount->row + k * d, recount->row + i * d, d);
        places += !seen;
    }
    return places;
}

void crease_recount_expect(crease_recount *recount, const uint64_t *set, size_t words,
                           uint64_t places)
{
    size_t count = 0, equations = recount->equations;
    if (recount->within != SIZE_MAX)
        add_equation(recount, crease_map_residue(recount->map, recount->within));
    for (size_t w = 0; w < words && !recount->doubt; w++)
        for (uint64_t left = set[w]; left; left &= left - 1)
            solve(recount, crease_map_residue(recount->map, 64 * w + (size_t)__builtin_ctzll(left)),
                  recount->row + count++ * recount->d);
    recount->doubt = recount->doubt || different(recount, count) != places;
    recount->equations = equations;
}
