/* Normal forms of arrangements on flats. */
#include "split/flat.h"

#include "base/memory.h"
#include "base/random.h"
#include "exact/modular.h"

#include <stdlib.h>
#include <string.h>

/* How often the rows are told apart by those with which they meet, at first. */
enum { ROUNDS = 3 };

static uint64_t stir(uint64_t x)
{
    return crease_random_next(&x);
}

static int64_t divisor(int64_t a, int64_t b)
{
    a = llabs(a);
    b = llabs(b);
    while (b) {
        int64_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

/* ---- Kinds of rows, which do not depend on coordinates ---- */

/* Rows that an affine bijection exchanges are of one kind, and others hardly ever. */
typedef struct {
    size_t m;
    uint64_t *kind, *sum, *next;
    uint32_t *group;  /* m x m: which of the traces on row r row k has, 0, 1, ... */
    uint32_t *groups; /* m: how many traces there are on row r */
    size_t *alike;    /* m: how many rows are of this kind */
} kinds;

/* Values of two random functionals of each row, modulo a prime. */
typedef struct {
    uint64_t a, b;
} print;

static uint64_t residue(int32_t x)
{
    return x < 0 ? CREASE_MODULAR_PRIME - (uint64_t) - (int64_t)x % CREASE_MODULAR_PRIME
                 : (uint64_t)x % CREASE_MODULAR_PRIME;
}

static print *take_prints(const crease_flat *flat)
{
    size_t n = flat->d + 1;
    print *own = crease_alloc(flat->rows, sizeof *own);
    for (size_t k = 0; k < flat->rows; k++)
        for (size_t j = 0; j < n; j++) {
            uint64_t x = residue(flat->row[k * n + j]);
            uint64_t f = stir(2 * j) % CREASE_MODULAR_PRIME;
            uint64_t g = stir(2 * j + 1) % CREASE_MODULAR_PRIME;
            own[k].a = crease_modular_sum(own[k].a, crease_modular_product(f, x));
            own[k].b = crease_modular_sum(own[k].b, crease_modular_product(g, x));
        }
    return own;
}

/* The traces of the rows on row r are their differences from multiples of it.  Sets sum[k] to the
 * quotient of the two functionals there, which is the same for multiples of a trace. */
static void find_quotients(const crease_flat *flat, size_t r, const print *of, kinds *own)
{
    size_t n = flat->d + 1, p = 0, m = flat->rows;
    const int32_t *by = flat->row + r * n;
    while (!by[p])
        p++;
    uint64_t pivot = residue(by[p]), product = 1;
    for (size_t k = 0; k < m; k++) {
        uint64_t entry = residue(flat->row[k * n + p]);
        uint64_t below = crease_modular_minor(of[k].b, pivot, of[r].b, entry);
        own->sum[k] = crease_modular_minor(of[k].a, pivot, of[r].a, entry);
        own->sum[k] = below ? crease_modular_product(own->sum[k], product) : 0;
        own->next[k] = below ? below : 1;
        product = crease_modular_product(product, own->next[k]);
    }
    /* All inverses from one: so far, sum[k] has the product of the denominators before it. */
    uint64_t inverse = crease_modular_inverse(product);
    for (size_t k = m; k-- > 0;) {
        own->sum[k] = crease_modular_product(own->sum[k], inverse);
        inverse = crease_modular_product(inverse, own->next[k]);
    }
}

/* Numbers the traces on row r.  By prints: kinds prove nothing. */
static void group_traces(const crease_flat *flat, size_t r, const print *of, kinds *own,
                         uint32_t *slot, size_t slots)
{
    uint32_t groups = 0;
    find_quotients(flat, r, of, own);
    memset(slot, 0, slots * sizeof *slot);
    for (size_t k = 0; k < own->m; k++) {
        size_t s = own->sum[k] & (slots - 1);
        while (slot[s] && own->next[slot[s] - 1] != own->sum[k])
            s = (s + 1) & (slots - 1);
        if (!slot[s]) {
            own->next[groups] = own->sum[k];
            slot[s] = ++groups;
        }
        own->group[r * own->m + k] = slot[s] - 1;
    }
    own->groups[r] = groups;
}

/* Tells rows apart by the kinds that meet on them. */
static void refine(kinds *own, int rounds)
{
    size_t m = own->m;
    for (int round = 0; round < rounds; round++) {
        for (size_t k = 0; k < m; k++)
            own->next[k] = stir(own->kind[k]);
        for (size_t r = 0; r < m; r++) {
            const uint32_t *group = own->group + r * m;
            memset(own->sum, 0, own->groups[r] * sizeof *own->sum);
            for (size_t k = 0; k < m; k++)
                own->sum[group[k]] += k == r ? 0 : own->next[k];
            for (size_t g = 0; g < own->groups[r]; g++)
                own->kind[r] += own->sum[g] ? stir(own->sum[g]) : 0;
        }
    }
}

static int by_number(const void *x, const void *y)
{
    uint64_t a = *(const uint64_t *)x, b = *(const uint64_t *)y;
    return (a > b) - (a < b);
}

static void count_alike(kinds *own)
{
    size_t m = own->m;
    memcpy(own->next, own->kind, m * sizeof *own->kind);
    qsort(own->next, m, sizeof *own->next, by_number);
    for (size_t k = 0; k < m; k++) {
        size_t low = 0, high = m, end = m;
        while (low < high) {
            size_t middle = (low + high) / 2;
            if (own->next[middle] < own->kind[k])
                low = middle + 1;
            else
                high = middle;
        }
        for (end = low; end < m && own->next[end] == own->kind[k];)
            end++;
        own->alike[k] = end - low;
    }
}

static kinds find_kinds(const crease_flat *flat)
{
    size_t m = flat->rows, slots = 4;
    kinds own = {.m = m,
                 .kind = crease_alloc(m, sizeof *own.kind),
                 .sum = crease_alloc(m, sizeof *own.sum),
                 .next = crease_alloc(m, sizeof *own.next),
                 .group = crease_alloc(m * m, sizeof *own.group),
                 .groups = crease_alloc(m, sizeof *own.groups),
                 .alike = crease_alloc(m, sizeof *own.alike)};
    while (slots < 2 * m)
        slots *= 2;
    uint32_t *slot = crease_alloc(slots, sizeof *slot);
    print *of = take_prints(flat);
    for (size_t r = 0; r < m; r++) {
        own.kind[r] = stir(flat->count[r]);
        group_traces(flat, r, of, &own, slot, slots);
    }
    free(of);
    free(slot);
    refine(&own, ROUNDS);
    count_alike(&own);
    return own;
}

/* Row r becomes the only one of its kind. */
static void single_out(kinds *own, size_t r)
{
    if (own->alike[r] == 1)
        return;
    own->kind[r] = stir(own->kind[r] + 1);
    refine(own, 1);
    count_alike(own);
}

static void drop_kinds(kinds *own)
{
    free(own->kind);
    free(own->sum);
    free(own->next);
    free(own->group);
    free(own->groups);
    free(own->alike);
}

/* Is row a to come before row b?  Rare kinds first.  Without kinds: as they stand. */
static bool comes_before(const kinds *own, size_t a, size_t b)
{
    if (!own->m)
        return a < b;
    if (own->alike[a] != own->alike[b])
        return own->alike[a] < own->alike[b];
    return own->kind[a] != own->kind[b] ? own->kind[a] < own->kind[b] : a < b;
}

/* ---- Coordinates ---- */

/* Divides column j by its divisor; false if a number is too large. */
static bool reduce_column(int64_t *a, size_t m, size_t n, size_t j)
{
    int64_t common = 0;
    for (size_t k = 0; k < m && common != 1; k++)
        common = divisor(common, a[k * n + j]);
    for (size_t k = 0; k < m && common; k++) {
        a[k * n + j] /= common;
        if (llabs(a[k * n + j]) >= CREASE_FLAT_LIMIT)
            return false;
    }
    return true;
}

/* Takes multiples of column p from the others so that row i is 0 there. */
static bool clear_row(int64_t *a, size_t m, size_t n, size_t i, size_t p)
{
    int64_t by = a[i * n + p];
    for (size_t j = 0; j < n; j++) {
        int64_t own = a[i * n + j];
        if (j == p || !own)
            continue;
        int64_t common = divisor(by, own), x = by / common, y = own / common;
        for (size_t k = 0; k < m; k++)
            a[k * n + j] = a[k * n + j] * x - a[k * n + p] * y;
        if (!reduce_column(a, m, n, j))
            return false;
    }
    return reduce_column(a, m, n, p);
}

/* The first row that is independent of those in the used columns, and where it is not 0; m if there
 * is none. */
static size_t next_row(const int64_t *a, size_t m, size_t n, const bool *used, const kinds *own,
                       size_t *column)
{
    size_t best = m;
    for (size_t r = 0; r < m; r++) {
        size_t p = n - 1;
        if (best < m && !comes_before(own, r, best))
            continue;
        for (size_t j = 0; j + 1 < n; j++)
            if (!used[j] && a[r * n + j] &&
                (p == n - 1 || llabs(a[r * n + j]) < llabs(a[r * n + p])))
                p = j;
        if (p == n - 1)
            continue;
        best = r;
        *column = p;
    }
    return best;
}

/* Coordinates of the flat in which the first independent rows are coordinates. */
static bool take_basis(int64_t *a, size_t m, size_t n, kinds *own)
{
    size_t d = n - 1, *column = crease_alloc(n, sizeof *column);
    bool good = true, *used = crease_alloc(n, sizeof *used);
    for (size_t rank = 0; rank < d && good; rank++) {
        size_t r = next_row(a, m, n, used, own, &column[rank]);
        good = r < m && clear_row(a, m, n, r, column[rank]);
        if (good && own->m)
            single_out(own, r);
        used[column[rank]] = true;
    }
    column[d] = d;
    int64_t *copy = crease_alloc(n, sizeof *copy);
    for (size_t k = 0; k < m && good; k++) {
        memcpy(copy, a + k * n, n * sizeof *copy);
        for (size_t j = 0; j < n; j++)
            a[k * n + j] = copy[column[j]];
    }
    free(copy);
    free(column);
    free(used);
    return good;
}

/* Factors of the columns, and the columns whose factors are known relative to one another. */
typedef struct {
    size_t n, *set;
    int64_t *num, *den;
} factors;

static bool small(int64_t x)
{
    return llabs(x) < CREASE_FLAT_LIMIT;
}

/* Joins the set of column j to that of column i, so that the entries x of i and y of j become
 * equal.
 * */
static bool join(factors *f, size_t i, size_t j, int64_t x, int64_t y)
{
    size_t set = f->set[j];
    int64_t left = divisor(f->num[i], y), right = divisor(x, f->num[j]);
    int64_t a = (x / right) * (f->num[i] / left), b = (y / left) * (f->num[j] / right);
    int64_t common = divisor(a, b);
    a /= common;
    b /= common;
    if (!small(a) || !small(b))
        return false;
    a *= f->den[j];
    b *= f->den[i];
    common = divisor(a, b);
    a /= common;
    b /= common;
    if (!small(a) || !small(b))
        return false;
    for (size_t k = 0; k < f->n; k++)
        if (f->set[k] == set) {
            int64_t num = f->num[k] * a, den = f->den[k] * b;
            common = den < 0 ? -divisor(num, den) : divisor(num, den);
            f->num[k] = num / common;
            f->den[k] = den / common;
            f->set[k] = f->set[i];
            if (!small(f->num[k]) || !small(f->den[k]))
                return false;
        }
    return true;
}

/* Multiplies the columns by their factors. */
static bool multiply(const factors *f, int64_t *a, size_t m)
{
    int64_t common = 1;
    for (size_t j = 0; j < f->n; j++) {
        common *= f->den[j] / divisor(common, f->den[j]);
        if (!small(common))
            return false;
    }
    for (size_t j = 0; j < f->n; j++) {
        int64_t by = common / f->den[j] * f->num[j];
        if (!small(by))
            return false;
        for (size_t k = 0; k < m; k++)
            a[k * f->n + j] *= by;
    }
    return true;
}

/* The rows in order. */
static void order_rows(const kinds *own, size_t m, size_t *order)
{
    for (size_t r = 0; r < m; r++) {
        size_t at = r;
        for (; at > 0 && own->m && comes_before(own, r, order[at - 1]); at--)
            order[at] = order[at - 1];
        order[at] = r;
    }
}

/* Scales the coordinates so that, in order, entries of rows become equal where that is possible. */
static bool scale_columns(int64_t *a, size_t m, size_t n, const kinds *own)
{
    factors f = {n, crease_alloc(n, sizeof *f.set), crease_alloc(n, sizeof *f.num),
                 crease_alloc(n, sizeof *f.den)};
    size_t *order = crease_alloc(m, sizeof *order);
    bool good = true;
    order_rows(own, m, order);
    for (size_t j = 0; j < n; j++) {
        f.set[j] = j;
        f.num[j] = f.den[j] = 1;
    }
    for (size_t q = 0; q < m && good; q++) {
        const int64_t *row = a + order[q] * n;
        size_t i = 0;
        while (!row[i])
            i++;
        for (size_t j = i + 1; j < n && good; j++)
            if (row[j] && f.set[j] != f.set[i])
                good = join(&f, i, j, row[i], row[j]);
    }
    good = good && multiply(&f, a, m);
    free(f.set);
    free(f.num);
    free(f.den);
    free(order);
    return good;
}

/* ---- All ---- */

typedef struct {
    const int32_t *row;
    size_t n;
    uint32_t count;
} line;

static int by_entries(const void *x, const void *y)
{
    const line *a = x, *b = y;
    for (size_t j = 0; j < a->n; j++)
        if (a->row[j] != b->row[j])
            return a->row[j] < b->row[j] ? -1 : 1;
    return 0;
}

static void sort_rows(crease_flat *flat)
{
    size_t n = flat->d + 1, bytes = flat->rows * n * sizeof *flat->row;
    int32_t *row = crease_alloc(flat->rows * n, sizeof *row);
    line *list = crease_alloc(flat->rows, sizeof *list);
    memcpy(row, flat->row, bytes);
    for (size_t k = 0; k < flat->rows; k++)
        list[k] = (line){row + k * n, n, flat->count[k]};
    qsort(list, flat->rows, sizeof *list, by_entries);
    for (size_t k = 0; k < flat->rows; k++) {
        memcpy(flat->row + k * n, list[k].row, n * sizeof *row);
        flat->count[k] = list[k].count;
    }
    free(list);
    free(row);
}

bool crease_flat_normalise(crease_flat *flat, bool careful)
{
    size_t m = flat->rows, n = flat->d + 1;
    int64_t *a = crease_alloc(m * n, sizeof *a);
    int32_t *row = crease_alloc(m * n, sizeof *row);
    kinds own = careful ? find_kinds(flat) : (kinds){.m = 0};
    for (size_t i = 0; i < m * n; i++)
        a[i] = flat->row[i];
    bool good = take_basis(a, m, n, &own) && scale_columns(a, m, n, &own);
    for (size_t k = 0; k < m && good; k++)
        good = crease_flat_primitive(a + k * n, n, row + k * n);
    if (good) {
        memcpy(flat->row, row, m * n * sizeof *row);
        sort_rows(flat);
    }
    free(a);
    free(row);
    drop_kinds(&own);
    return good;
}
