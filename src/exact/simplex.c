#include "exact/simplex.h"

#include "base/memory.h"
#include "exact/integer.h"

#include <assert.h>
#include <stdlib.h>

/* Phase one: minimise the sum of d artificial variables subject to
 * sum y_i a_i + artificials = g.  inverse is |det B| B^-1, value is |det B| B^-1 g. */
typedef struct {
    size_t d;
    mpz_t *inverse; /* d x d */
    mpz_t *value;   /* d */
    mpz_t *price;   /* d: row vector of phase-one prices, times det */
    mpz_t *column;  /* d */
    size_t *basis;  /* row -> index of the basic column, m + r for artificial r */
    mpz_t det, work, other;
} tableau;

static void tableau_open(tableau *t, size_t d, size_t m, crease_exact_row g)
{
    t->d = d;
    t->inverse = crease_integer_new(d * d);
    t->value = crease_integer_new(d);
    t->price = crease_integer_new(d);
    t->column = crease_integer_new(d);
    t->basis = crease_alloc(d, sizeof *t->basis);
    mpz_init_set_ui(t->det, 1);
    mpz_init(t->work);
    mpz_init(t->other);
    for (size_t r = 0; r < d; r++) {
        int sign = mpz_sgn(g.row[r]) * g.sign < 0 ? -1 : 1;
        mpz_set_si(t->inverse[r * d + r], sign);
        mpz_abs(t->value[r], g.row[r]);
        t->basis[r] = m + r;
    }
}

static void tableau_close(tableau *t)
{
    crease_integer_free(t->inverse, t->d * t->d);
    crease_integer_free(t->value, t->d);
    crease_integer_free(t->price, t->d);
    crease_integer_free(t->column, t->d);
    free(t->basis);
    mpz_clears(t->det, t->work, t->other, NULL);
}

static void set_prices(tableau *t, size_t m)
{
    for (size_t j = 0; j < t->d; j++) {
        mpz_set_ui(t->price[j], 0);
        for (size_t r = 0; r < t->d; r++)
            if (t->basis[r] >= m)
                mpz_add(t->price[j], t->price[j], t->inverse[r * t->d + j]);
    }
}

static bool infeasible(const tableau *t, size_t m)
{
    for (size_t r = 0; r < t->d; r++)
        if (t->basis[r] >= m && mpz_sgn(t->value[r]))
            return true;
    return false;
}

/* The first column whose reduced cost is negative (Bland), or m. */
static size_t entering(const tableau *t, size_t m, const crease_exact_row *a)
{
    for (size_t i = 0; i < m && !crease_interrupted_after(8 * t->d); i++)
        if (crease_integer_dot_sign((const mpz_t *)t->price, a[i].row, t->d) * a[i].sign > 0)
            return i;
    return m;
}

static void set_column(tableau *t, crease_exact_row a)
{
    for (size_t r = 0; r < t->d && !crease_interrupted_after(8 * t->d); r++) {
        mpz_set_ui(t->column[r], 0);
        for (size_t j = 0; j < t->d && !crease_integer_late(t->det); j++)
            mpz_addmul(t->column[r], t->inverse[r * t->d + j], a.row[j]);
        if (a.sign < 0)
            mpz_neg(t->column[r], t->column[r]);
    }
}

/* Minimal ratio value / column over positive entries.  Ties: artificial columns
 * leave first, then the smallest index. */
static size_t leaving(tableau *t, size_t m)
{
    size_t best = t->d;
    for (size_t r = 0; r < t->d && !crease_integer_late(t->det); r++) {
        if (mpz_sgn(t->column[r]) <= 0)
            continue;
        if (best == t->d) {
            best = r;
            continue;
        }
        mpz_mul(t->work, t->value[r], t->column[best]);
        mpz_mul(t->other, t->value[best], t->column[r]);
        int order = mpz_cmp(t->work, t->other);
        bool r_artificial = t->basis[r] >= m, best_artificial = t->basis[best] >= m;
        bool earlier =
            r_artificial != best_artificial ? r_artificial : t->basis[r] < t->basis[best];
        if (order < 0 || (order == 0 && earlier))
            best = r;
    }
    assert(crease_interrupt_raised() ||
           best < t->d); /* else the sum of the artificials would have no least value */
    return best;
}

/* x = (x * pivot - factor * y) / det */
static void eliminate(tableau *t, mpz_t x, const mpz_t pivot, const mpz_t factor, const mpz_t y)
{
    mpz_mul(x, x, pivot);
    mpz_submul(x, factor, y);
    mpz_divexact(x, x, t->det);
}

static void pivot_on(tableau *t, size_t p, size_t column)
{
    assert(p < t->d && mpz_sgn(t->column[p]) > 0 && mpz_sgn(t->det) > 0);
    for (size_t r = 0; r < t->d && !crease_interrupted_after(16 * t->d); r++) {
        if (r == p)
            continue;
        for (size_t j = 0; j < t->d && !crease_integer_late(t->det); j++)
            eliminate(t, t->inverse[r * t->d + j], t->column[p], t->column[r],
                      t->inverse[p * t->d + j]);
        eliminate(t, t->value[r], t->column[p], t->column[r], t->value[p]);
    }
    mpz_set(t->det, t->column[p]);
    t->basis[p] = column;
}

bool crease_simplex_in_cone(size_t d, size_t m, const crease_exact_row *a, crease_exact_row g,
                            size_t *support, size_t *supports, mpz_t *witness)
{
    tableau t;
    tableau_open(&t, d, m, g);
    bool inside = false;
    for (;;) {
        if (!infeasible(&t, m)) {
            inside = true;
            *supports = 0;
            for (size_t r = 0; r < d; r++)
                if (t.basis[r] < m && mpz_sgn(t.value[r]))
                    support[(*supports)++] = t.basis[r];
            break;
        }
        set_prices(&t, m);
        size_t column = entering(&t, m, a);
        if (column == m) {
            for (size_t j = 0; witness && j < d; j++)
                mpz_neg(witness[j], t.price[j]);
            break;
        }
        /* A column that improves has a positive entry in an artificial row. */
        set_column(&t, a[column]);
        size_t row = leaving(&t, m);
        if (crease_interrupt_raised())
            break;
        pivot_on(&t, row, column);
    }
    assert(!inside || *supports <= d);
    tableau_close(&t);
    return inside;
}

/* The sum, over the rows, of points where no row is negative and this one is positive. */
bool crease_simplex_interior(size_t d, size_t m, const crease_exact_row *a, mpz_t *point)
{
    mpz_t *witness = crease_integer_new(d);
    size_t *support = crease_alloc(d, sizeof *support), supports;
    bool open = true;
    for (size_t i = 0; i < m && open && !crease_interrupted(); i++) {
        crease_exact_row against = {a[i].row, -a[i].sign};
        open = !crease_simplex_in_cone(d, m, a, against, support, &supports, witness);
        crease_integer_reduce(witness, d);
        for (size_t j = 0; j < d && open; j++)
            mpz_add(point[j], point[j], witness[j]);
    }
    crease_integer_free(witness, d);
    free(support);
    return open && !crease_interrupt_raised();
}

bool crease_simplex_combination(size_t d, const crease_exact_row *a, const size_t *index,
                                size_t count, size_t with_sign, crease_exact_row g)
{
    /* Gauss-Jordan without fractions on the d x (count + 1) matrix [a^T | g]. */
    size_t cols = count + 1;
    assert(with_sign <= count);
    mpz_t *matrix = crease_integer_new(d * cols);
    mpz_t det;
    mpz_init_set_ui(det, 1);
    for (size_t r = 0; r < d; r++)
        for (size_t k = 0; k < cols; k++) {
            crease_exact_row source = k < count ? a[index[k]] : g;
            mpz_set(matrix[r * cols + k], source.row[r]);
            if (source.sign < 0)
                mpz_neg(matrix[r * cols + k], matrix[r * cols + k]);
        }
    bool good = count <= d;
    for (size_t k = 0; k < count && good; k++) {
        size_t p = k;
        while (p < d && !mpz_sgn(matrix[p * cols + k]))
            p++;
        good = p < d;
        if (!good)
            break;
        for (size_t c = k; c < cols && p != k; c++)
            mpz_swap(matrix[p * cols + c], matrix[k * cols + c]);
        for (size_t r = 0; r < d && !crease_interrupted_after(16 * cols); r++) {
            mpz_t *row = matrix + r * cols;
            if (r == k)
                continue;
            for (size_t c = k + 1; c < cols && !crease_integer_late(det); c++) {
                mpz_mul(row[c], row[c], matrix[k * cols + k]);
                mpz_submul(row[c], row[k], matrix[k * cols + c]);
                mpz_divexact(row[c], row[c], det);
            }
        }
        mpz_set(det, matrix[k * cols + k]);
        good = !crease_interrupt_raised();
    }
    /* Row k now reads det y_k = matrix[k][count]; rows beyond must vanish. */
    for (size_t r = 0; r < d && good; r++) {
        int sign = mpz_sgn(matrix[r * cols + count]);
        good = r >= count ? sign == 0 : r >= with_sign || sign * mpz_sgn(det) >= 0;
    }
    mpz_clear(det);
    crease_integer_free(matrix, d * cols);
    return good;
}
