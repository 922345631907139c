#include "proof/recount.h"

#include "base/lock.h"
#include "base/memory.h"
#include "exact/integer.h"
#include "exact/modular.h"

#include <stdlib.h>
#include <string.h>

/* Rows of hyperplanes in R^k are k coefficients and a constant.  Restricted to the hyperplane h,
 * solved for coordinate p, a row r is r h_p - r_p h, which the pivot before divides (Bareiss). */
typedef struct {
    size_t n, rows;
    mpz_t **level;     /* level[k]: rows x (k + 1) */
    uint64_t *residue; /* of level 2 */
    uint64_t *key;     /* scratch */
    mpz_t left, right;
    crease_monitor *monitor;
    crease_lock *lock; /* held by the thread that looks at the limits */
    uint64_t counted;
} space;

static void open_space(space *s, size_t n, size_t rows)
{
    s->n = n;
    s->rows = rows;
    s->level = crease_alloc(n + 1, sizeof *s->level);
    for (size_t k = 0; k <= n; k++)
        s->level[k] = crease_integer_new(rows * (k + 1));
    s->residue = crease_alloc(3 * rows, sizeof *s->residue);
    s->key = crease_alloc(6 * rows + 2, sizeof *s->key);
    mpz_inits(s->left, s->right, NULL);
}

static void close_space(space *s)
{
    for (size_t k = 0; k <= s->n; k++)
        crease_integer_free(s->level[k], s->rows * (k + 1));
    free(s->level);
    free(s->residue);
    free(s->key);
    mpz_clears(s->left, s->right, NULL);
}

static bool same_zero(space *s, const mpz_t *r, const mpz_t *q)
{
    mpz_mul(s->left, r[0], q[1]);
    mpz_mul(s->right, r[1], q[0]);
    return mpz_cmp(s->left, s->right) == 0;
}

/* The parts of a line that the zeros of the rows leave. */
static uint64_t count_points(space *s, size_t count)
{
    const mpz_t *row = (const mpz_t *)s->level[1];
    uint64_t points = 0;
    for (size_t i = 0; i < count; i++) {
        bool seen = false;
        for (size_t k = 0; k < i && !seen; k++)
            seen = same_zero(s, row + 2 * k, row + 2 * i);
        points += !seen;
    }
    return points + 1;
}

static bool insert(uint64_t *table, size_t mask, uint64_t key)
{
    size_t at = key & mask;
    for (; table[at] != UINT64_MAX; at = (at + 1) & mask)
        if (table[at] == key)
            return false;
    table[at] = key;
    return true;
}

/* In the plane: do the lines before line i meet it in as many different points?  What differs
 * modulo the prime differs; true only if so.  The zeros -c / a of the restricted rows (a, c) are
 * found by one inversion, that of the product of all a. */
static bool all_different(space *s, size_t i)
{
    const uint64_t *h = s->residue + 3 * i;
    size_t p = h[1] ? 1 : 0, q = 1 - p, mask = 1;
    uint64_t *a = s->key, *product = a + s->rows, *table = product + s->rows + 1;
    product[0] = 1;
    while (mask < 2 * i)
        mask *= 2;
    memset(table, 0xff, mask * sizeof *table);
    mask--;
    for (size_t j = 0; j < i; j++) {
        const uint64_t *r = s->residue + 3 * j;
        a[j] = crease_modular_minor(r[q], h[p], r[p], h[q]);
        product[j + 1] = crease_modular_product(product[j], a[j]);
    }
    uint64_t inverse = crease_modular_inverse(product[i]);
    for (size_t j = i; j-- > 0;) {
        const uint64_t *r = s->residue + 3 * j;
        uint64_t c = crease_modular_minor(r[2], h[p], r[p], h[2]);
        uint64_t key = crease_modular_product(c, crease_modular_product(inverse, product[j]));
        if (!insert(table, mask, key))
            return false;
        inverse = crease_modular_product(inverse, a[j]);
    }
    return product[i] != 0;
}

/* The rows of level k on the hyperplane of row h, those that are constant left out; SIZE_MAX if one
 * of them vanishes there. */
static size_t restrict_rows(space *s, size_t k, const mpz_t *h, size_t p, size_t count,
                            const mpz_t before)
{
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        const mpz_t *r = (const mpz_t *)s->level[k] + i * (k + 1);
        mpz_t *to = s->level[k - 1] + kept * k;
        bool constant = true;
        for (size_t j = 0; j <= k; j++) {
            if (j == p)
                continue;
            mpz_mul(*to, r[j], h[p]);
            mpz_submul(*to, r[p], h[j]);
            if (k > 2) /* behind that only ratios count */
                mpz_divexact(*to, *to, before);
            constant = constant && (j == k || !mpz_sgn(*to));
            to++;
        }
        if (constant && !mpz_sgn(to[-1]))
            return SIZE_MAX;
        kept += !constant;
    }
    return kept;
}

static uint64_t count_space(space *s, size_t k, size_t count, const mpz_t before);

static bool stopped(space *s)
{
    if (!atomic_flag_test_and_set_explicit(s->lock, memory_order_acquire)) {
        const crease_whole counted = crease_whole_of(s->counted);
        crease_monitor_check(s->monitor, &counted, 0, 1);
        atomic_flag_clear_explicit(s->lock, memory_order_release);
    }
    return crease_monitor_stopped(s->monitor);
}

/* The regions of the hyperplane of row i of level k under the rows before it; 0 if one is the
 * same. */
static uint64_t count_row(space *s, size_t k, size_t i, const mpz_t before)
{
    const mpz_t *h = (const mpz_t *)s->level[k] + i * (k + 1);
    size_t p = k;
    while (p > 0 && !mpz_sgn(h[p - 1]))
        p--;
    if (p-- == 0 || (k > 2 && stopped(s)))
        return 0;
    if (k == 2 && all_different(s, i))
        return i + 1;
    size_t below = restrict_rows(s, k, h, p, i, before);
    return below == SIZE_MAX ? 0 : count_space(s, k - 1, below, h[p]);
}

static void take_residues(space *s, size_t k, size_t count)
{
    for (size_t i = 0; k == 2 && i < 3 * count; i++)
        s->residue[i] = crease_modular_residue(s->level[2][i]);
}

/* The regions of R^k under the first rows of level k, which may be repeated but not constant. */
static uint64_t count_space(space *s, size_t k, size_t count, const mpz_t before)
{
    uint64_t regions = 1;
    if (k == 1)
        return count_points(s, count);
    take_residues(s, k, count);
    for (size_t i = 0; i < count; i++)
        regions += count_row(s, k, i, before);
    return regions;
}

uint64_t crease_recount_space(const crease_model *model, crease_monitor *monitor, int threads,
                              uint64_t counted)
{
    crease_lock lock = ATOMIC_FLAG_INIT;
    size_t n = model->inputs, rows = model->layer[0].width;
    uint64_t regions = n > 1 ? 1 : 0;
    mpz_t one;
    mpz_init_set_ui(one, 1);
#pragma omp parallel num_threads(threads) reduction(+ : regions)
    {
        space s = {.monitor = monitor, .lock = &lock, .counted = counted};
        open_space(&s, n, rows);
        size_t kept = 0;
        for (size_t u = 0; u < rows; u++) {
            crease_rows_expand(&model->layer[0].map, u, s.level[n] + kept * (n + 1));
            kept += !crease_integer_is_zero((const mpz_t *)s.level[n] + kept * (n + 1), n);
        }
        take_residues(&s, n, kept);
        /* Later rows take longest. */
#pragma omp for schedule(dynamic)
        for (size_t i = 0; i < (n > 1 ? kept : 1); i++)
            regions += n == 1         ? count_space(&s, n, kept, one)
                       : !stopped(&s) ? count_row(&s, n, kept - 1 - i, one)
                                      : 0;
        close_space(&s);
    }
    mpz_clear(one);
    return regions;
}
