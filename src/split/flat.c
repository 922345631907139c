#include "split/flat.h"

#include "base/memory.h"
#include "base/random.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

void crease_flat_free(crease_flat *flat)
{
    free(flat->count);
    free(flat->row);
}

static uint64_t divisor(uint64_t a, uint64_t b)
{
    while (b) {
        uint64_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

bool crease_flat_primitive(int64_t *v, size_t d, int32_t *row)
{
    uint64_t common = 0;
    int sign = 0;
    for (size_t j = 0; j < d; j++) {
        sign = sign ? sign : (v[j] > 0) - (v[j] < 0);
        common = common == 1 ? 1 : divisor((uint64_t)llabs(v[j]), common);
    }
    for (size_t j = 0; j < d && sign; j++) {
        int64_t own = sign * (v[j] / (int64_t)common);
        if (llabs(own) >= CREASE_FLAT_LIMIT)
            return false;
        row[j] = (int32_t)own;
    }
    return sign != 0;
}

static uint64_t hash_of(const void *block, size_t bytes, uint64_t hash)
{
    const int32_t *number = block;
    for (size_t i = 0; i < bytes / sizeof *number; i++) {
        hash ^= (uint32_t)number[i];
        hash = crease_random_next(&hash);
    }
    return hash;
}

uint64_t crease_flat_hash(const crease_flat *flat)
{
    uint64_t hash = flat->within;
    hash = crease_random_next(&hash);
    hash = hash_of(flat->count, flat->rows * sizeof *flat->count, hash);
    return hash_of(flat->row, flat->rows * (flat->d + 1) * sizeof *flat->row, hash);
}

bool crease_flat_equal(const crease_flat *a, const crease_flat *b)
{
    return a->d == b->d && a->rows == b->rows && a->within == b->within &&
           !memcmp(a->count, b->count, a->rows * sizeof *a->count) &&
           !memcmp(a->row, b->row, a->rows * (a->d + 1) * sizeof *a->row);
}

/* Adds a trace, or counts more hyperplanes of one that is there.  slot: a power of two of them,
 * 1 + the place of a row or 0. */
static void add_trace(crease_flat *to, const int32_t *row, uint32_t count, uint32_t *slot,
                      size_t slots)
{
    size_t n = to->d + 1, s = hash_of(row, n * sizeof *row, 0) & (slots - 1);
    while (slot[s] && memcmp(to->row + (slot[s] - 1) * n, row, n * sizeof *row))
        s = (s + 1) & (slots - 1);
    if (!slot[s]) {
        memcpy(to->row + to->rows * n, row, n * sizeof *row);
        slot[s] = (uint32_t)++to->rows;
    }
    to->count[slot[s] - 1] += count;
}

/* The entry of the row, not 0 and not the last, with the least absolute value. */
static size_t pivot_of(const int32_t *row, size_t d)
{
    size_t p = d;
    for (size_t j = 0; j < d; j++)
        if (row[j] && (p == d || abs(row[j]) < abs(row[p])))
            p = j;
    return p;
}

bool crease_flat_restrict(const crease_flat *flat, size_t r, crease_flat *to)
{
    size_t d = flat->d, n = d + 1, slots = 4;
    const int32_t *by = flat->row + r * n;
    size_t p = pivot_of(by, d);
    while (slots < 2 * flat->rows)
        slots *= 2;
    *to = (crease_flat){.d = d - 1,
                        .within = flat->within + flat->count[r],
                        .count = crease_alloc(flat->rows, sizeof *to->count),
                        .row = crease_alloc(flat->rows * d, sizeof *to->row)};
    uint32_t *slot = crease_alloc(slots, sizeof *slot);
    int64_t *v = crease_alloc(d, sizeof *v);
    int32_t *trace = crease_alloc(d, sizeof *trace);
    bool good = true;
    for (size_t k = 0; k < flat->rows && good; k++) {
        const int32_t *own = flat->row + k * n;
        bool parallel = true;
        if (k == r)
            continue;
        for (size_t j = 0, at = 0; j < n; j++)
            if (j != p) {
                v[at] = (int64_t)own[j] * by[p] - (int64_t)by[j] * own[p];
                parallel = parallel && (j == d || !v[at]);
                at++;
            }
        if (parallel)
            continue;
        good = crease_flat_primitive(v, d, trace);
        if (good)
            add_trace(to, trace, flat->count[k], slot, slots);
    }
    free(slot);
    free(v);
    free(trace);
    if (!good)
        crease_flat_free(to);
    return good;
}
