/* The dual simplex method for bounded variables, in integers.
 *
 * Variables are the columns x_j, between the bounds of the box, and the values of the rows, between
 * 0 and the largest value on the box; so every basis is dual feasible with the right bounds, and
 * its value is a lower bound for f.  A basis is rows T and columns S with A_TS regular.  All
 * numbers come times |det A_TS| and the common denominator of the bounds.  Bland's rule: what
 * leaves and what enters is the first variable that may, columns before rows. */
#include "lp/boxed_state.h"

#include "base/interrupt.h"
#include "base/memory.h"
#include "base/status.h"
#include "exact/integer.h"

#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    size_t n, m, k;
    const mpz_t *low, *high;
    crease_exact_row *row, f;
    size_t *column, *tight;  /* S, T */
    signed char *side;       /* n + m: 1 at the lower bound, -1 at the upper one, 0 basic */
    mpz_t *matrix, *inverse; /* m x m */
    mpz_t *y;                /* k */
    mpz_t *reduced, *beta;   /* n */
    mpz_t *rho;              /* k: of the leaving variable by the rows of T */
    mpz_t *x;                /* k: basic columns */
    mpz_t *fixed, *most;     /* m + 1: rows and f without the basic columns; most: on the box */
    mpz_t det, common, work, other;
} tableau;

crease_exact_row crease_boxed_exact_row(const crease_boxed *b, const crease_boxed_row *row)
{
    return (crease_exact_row){row->map ? crease_map_exact(row->map, row->unit)
                                       : (const mpz_t *)b->model->face + row->unit * (b->n + 1),
                              row->sign};
}

static mpz_t *of_size(size_t count)
{
    return crease_integer_new(count ? count : 1);
}

static void free_of_size(mpz_t *vector, size_t count)
{
    crease_integer_free(vector, count ? count : 1);
}

/* to += factor * a_j with the sign of the row. */
static void add_entry(mpz_t to, crease_exact_row a, size_t j, const mpz_t factor)
{
    if (a.sign > 0)
        mpz_addmul(to, a.row[j], factor);
    else
        mpz_submul(to, a.row[j], factor);
}

static const mpz_t *bound(const tableau *t, size_t j)
{
    return t->side[j] > 0 ? &t->low[j] : &t->high[j];
}

static void open_tableau(tableau *t, const crease_boxed *b, const crease_boxed_cell *cell,
                         const crease_boxed_row *f)
{
    size_t n = b->n, m = cell->m;
    *t = (tableau){
        .n = n, .m = m, .low = (const mpz_t *)b->exact_low, .high = (const mpz_t *)b->exact_high};
    t->row = crease_alloc(m, sizeof *t->row);
    t->f = crease_boxed_exact_row(b, f);
    t->column = crease_alloc(m + 1, sizeof *t->column);
    t->tight = crease_alloc(m + 1, sizeof *t->tight);
    t->side = crease_alloc(n + m, 1);
    t->matrix = of_size(m * m);
    t->inverse = of_size(m * m);
    t->y = of_size(m);
    t->reduced = of_size(n);
    t->beta = of_size(n);
    t->rho = of_size(m);
    t->x = of_size(m);
    t->fixed = of_size(m + 1);
    t->most = of_size(m);
    mpz_inits(t->det, t->work, t->other, NULL);
    mpz_init_set(t->common, b->common);
    for (size_t i = 0; i < m; i++)
        t->row[i] = crease_boxed_exact_row(b, cell->row[i]);
    for (size_t i = 0; i < m && !crease_interrupted_after(n); i++) {
        crease_exact_row a = t->row[i];
        add_entry(t->most[i], a, n, t->common);
        for (size_t j = 0; j < n; j++)
            add_entry(t->most[i], a, j, mpz_sgn(a.row[j]) * a.sign > 0 ? t->high[j] : t->low[j]);
    }
}

static void close_tableau(tableau *t)
{
    size_t n = t->n, m = t->m;
    free(t->row);
    free(t->column);
    free(t->tight);
    free(t->side);
    free_of_size(t->matrix, m * m);
    free_of_size(t->inverse, m * m);
    free_of_size(t->y, m);
    crease_integer_free(t->reduced, n);
    crease_integer_free(t->beta, n);
    free_of_size(t->rho, m);
    free_of_size(t->x, m);
    crease_integer_free(t->fixed, m + 1);
    free_of_size(t->most, m);
    mpz_clears(t->det, t->work, t->other, t->common, NULL);
}

/* x = (x * pivot - factor * y) / det */
static void eliminate(tableau *t, mpz_t x, const mpz_t pivot, const mpz_t factor, const mpz_t y)
{
    mpz_mul(x, x, pivot);
    mpz_submul(x, factor, y);
    mpz_divexact(x, x, t->det);
}

/* inverse = det A_TS^-1 with det > 0, by Gauss-Jordan without fractions; false if there is none. */
static bool invert(tableau *t)
{
    size_t k = t->k;
    for (size_t q = 0; q < k; q++)
        for (size_t p = 0; p < k; p++) {
            crease_exact_row a = t->row[t->tight[q]];
            mpz_set(t->matrix[q * k + p], a.row[t->column[p]]);
            if (a.sign < 0)
                mpz_neg(t->matrix[q * k + p], t->matrix[q * k + p]);
            mpz_set_ui(t->inverse[q * k + p], q == p);
        }
    mpz_set_ui(t->det, 1);
    for (size_t c = 0; c < k; c++) {
        size_t p = c;
        while (p < k && !mpz_sgn(t->matrix[p * k + c]))
            p++;
        if (p == k || crease_interrupt_raised())
            return false;
        for (size_t j = 0; j < k && p != c; j++) {
            mpz_swap(t->matrix[p * k + j], t->matrix[c * k + j]);
            mpz_swap(t->inverse[p * k + j], t->inverse[c * k + j]);
        }
        mpz_ptr pivot = t->matrix[c * k + c];
        for (size_t r = 0; r < k && !crease_interrupted_after(16 * k); r++) {
            mpz_ptr factor = t->matrix[r * k + c];
            for (size_t j = c + 1; j < k && r != c; j++)
                eliminate(t, t->matrix[r * k + j], pivot, factor, t->matrix[c * k + j]);
            for (size_t j = 0; j < k && r != c; j++)
                eliminate(t, t->inverse[r * k + j], pivot, factor, t->inverse[c * k + j]);
        }
        mpz_set(t->det, pivot);
    }
    for (size_t i = 0; i < k * k && mpz_sgn(t->det) < 0; i++)
        mpz_neg(t->inverse[i], t->inverse[i]);
    mpz_abs(t->det, t->det);
    return true;
}

/* y and the reduced costs of the columns outside S. */
static void set_costs(tableau *t)
{
    for (size_t q = 0; q < t->k; q++) {
        mpz_set_ui(t->y[q], 0);
        for (size_t p = 0; p < t->k; p++)
            add_entry(t->y[q], t->f, t->column[p], t->inverse[p * t->k + q]);
    }
    for (size_t j = 0; j < t->n && !crease_interrupted_after(8 * t->k); j++) {
        mpz_set_ui(t->reduced[j], 0);
        mpz_set_ui(t->work, 0);
        add_entry(t->reduced[j], t->f, j, t->det);
        for (size_t q = 0; q < t->k; q++)
            add_entry(t->work, t->row[t->tight[q]], j, t->y[q]);
        mpz_sub(t->reduced[j], t->reduced[j], t->work);
    }
}

static void begin(tableau *t, const crease_bounded_basis *start)
{
    t->k = start && start->count <= t->m && start->count <= t->n ? start->count : 0;
    for (size_t i = 0; i < t->k; i++) {
        t->column[i] = start->column[i];
        t->tight[i] = start->row[i];
    }
    if (!invert(t)) {
        t->k = 0;
        invert(t);
    }
    set_costs(t);
    for (size_t j = 0; j < t->n; j++)
        t->side[j] = mpz_sgn(t->reduced[j]) < 0 ? -1 : 1;
    for (size_t q = 0; q < t->k; q++) {
        t->side[t->column[q]] = 0;
        t->side[t->n + t->tight[q]] = mpz_sgn(t->y[q]) < 0 ? -1 : 1;
    }
}

/* The basic solution; other is the value of f. */
static void solve_primal(tableau *t)
{
    size_t k = t->k, n = t->n;
    for (size_t i = 0; i <= t->m && !crease_interrupted_after(8 * n); i++) {
        crease_exact_row a = i < t->m ? t->row[i] : t->f;
        mpz_set_ui(t->fixed[i], 0);
        add_entry(t->fixed[i], a, n, t->common);
        for (size_t j = 0; j < n; j++)
            if (t->side[j])
                add_entry(t->fixed[i], a, j, *bound(t, j));
    }
    for (size_t p = 0; p < k; p++) {
        mpz_set_ui(t->x[p], 0);
        for (size_t q = 0; q < k; q++) {
            size_t i = t->tight[q];
            mpz_submul(t->x[p], t->inverse[p * k + q], t->fixed[i]);
            if (t->side[n + i] < 0)
                mpz_addmul(t->x[p], t->inverse[p * k + q], t->most[i]);
        }
    }
    mpz_mul(t->other, t->det, t->fixed[t->m]);
    for (size_t p = 0; p < k; p++)
        add_entry(t->other, t->f, t->column[p], t->x[p]);
}

/* 1 if the number is below low, -1 if above high, both to be multiplied by det. */
static int beyond(tableau *t, const mpz_t value, const mpz_t low, const mpz_t high)
{
    mpz_mul(t->work, low, t->det);
    if (mpz_cmp(value, t->work) < 0)
        return 1;
    mpz_mul(t->work, high, t->det);
    return mpz_cmp(value, t->work) > 0 ? -1 : 0;
}

/* The first basic variable beyond a bound, SIZE_MAX if there is none; sign: which way it goes. */
static size_t leaving(tableau *t, int *sign)
{
    size_t n = t->n, best = SIZE_MAX;
    mpz_t zero, value;
    mpz_inits(zero, value, NULL);
    for (size_t p = 0; p < t->k; p++) {
        size_t j = t->column[p];
        int way = j < best ? beyond(t, t->x[p], t->low[j], t->high[j]) : 0;
        best = way ? j : best;
        *sign = way ? way : *sign;
    }
    for (size_t i = 0; i < t->m && best == SIZE_MAX; i++) {
        if (t->side[n + i])
            continue;
        mpz_mul(value, t->det, t->fixed[i]);
        for (size_t p = 0; p < t->k; p++)
            add_entry(value, t->row[i], t->column[p], t->x[p]);
        *sign = beyond(t, value, zero, t->most[i]);
        best = *sign ? n + i : SIZE_MAX;
    }
    mpz_clears(zero, value, NULL);
    return best;
}

/* rho and beta: the derivatives of a basic variable by the rows of T and by the columns. */
static void tableau_row(tableau *t, size_t variable)
{
    size_t k = t->k, p = 0;
    while (p < k && t->column[p] != variable)
        p++;
    for (size_t q = 0; q < k; q++) {
        mpz_set_ui(t->rho[q], 0);
        if (variable < t->n)
            mpz_set(t->rho[q], t->inverse[p * k + q]);
        for (size_t s = 0; s < k && variable >= t->n; s++)
            add_entry(t->rho[q], t->row[variable - t->n], t->column[s], t->inverse[s * k + q]);
    }
    for (size_t j = 0; j < t->n && !crease_interrupted_after(8 * k); j++) {
        mpz_set_ui(t->beta[j], 0);
        mpz_set_ui(t->work, 0);
        if (!t->side[j])
            continue;
        if (variable >= t->n)
            add_entry(t->beta[j], t->row[variable - t->n], j, t->det);
        for (size_t q = 0; q < k; q++)
            add_entry(t->work, t->row[t->tight[q]], j, t->rho[q]);
        mpz_sub(t->beta[j], t->beta[j], t->work);
    }
}

/* Is |a| / |b| < |c| / |d|? */
static bool less(tableau *t, const mpz_t a, const mpz_t b, const mpz_t c, const mpz_t d)
{
    mpz_mul(t->work, a, d);
    mpz_mul(t->other, c, b);
    return mpz_cmpabs(t->work, t->other) < 0;
}

/* The first variable whose reduced cost becomes 0 first, SIZE_MAX if there is none. */
static size_t entering(tableau *t, int sign)
{
    size_t best = SIZE_MAX;
    mpz_srcptr cost = NULL, slope = NULL;
    for (size_t j = 0; j < t->n; j++)
        if (mpz_sgn(t->beta[j]) * sign * t->side[j] > 0 &&
            (best == SIZE_MAX || less(t, t->reduced[j], t->beta[j], cost, slope))) {
            best = j;
            cost = t->reduced[j];
            slope = t->beta[j];
        }
    for (size_t i = 0; i < t->m; i++)
        for (size_t q = 0; q < t->k && t->side[t->n + i]; q++)
            if (t->tight[q] == i && mpz_sgn(t->rho[q]) * sign * t->side[t->n + i] > 0 &&
                (best == SIZE_MAX || less(t, t->y[q], t->rho[q], cost, slope))) {
                best = t->n + i;
                cost = t->y[q];
                slope = t->rho[q];
            }
    return best;
}

static void remove_from(size_t *list, size_t count, size_t entry)
{
    size_t i = 0;
    while (list[i] != entry)
        i++;
    assert(i < count);
    list[i] = list[count - 1];
}

static void exchange(tableau *t, size_t leave, int sign, size_t enter)
{
    size_t columns = t->k, rows = t->k;
    t->side[leave] = (signed char)sign;
    t->side[enter] = 0;
    if (leave < t->n)
        remove_from(t->column, columns--, leave);
    else
        t->tight[rows++] = leave - t->n;
    if (enter < t->n)
        t->column[columns++] = enter;
    else
        remove_from(t->tight, rows--, enter - t->n);
    assert(columns == rows);
    t->k = rows;
}

static void read_vertex(tableau *t, double *vertex)
{
    mpq_t x;
    mpq_init(x);
    for (size_t j = 0; j < t->n; j++)
        if (t->side[j]) {
            mpz_set(mpq_numref(x), *bound(t, j));
            mpz_set(mpq_denref(x), t->common);
            mpq_canonicalize(x);
            vertex[j] = mpq_get_d(x);
        }
    for (size_t p = 0; p < t->k; p++) {
        mpz_set(mpq_numref(x), t->x[p]);
        mpz_mul(mpq_denref(x), t->common, t->det);
        mpq_canonicalize(x);
        vertex[t->column[p]] = mpq_get_d(x);
    }
    mpq_clear(x);
}

/* Goes on until the value is not negative, and if proper is set no y either; or to where f is
 * least, where true is returned. */
static bool run(tableau *t, const crease_bounded_basis *start, bool proper)
{
    begin(t, start);
    while (!crease_interrupt_raised()) {
        int sign = 0;
        solve_primal(t);
        bool good = mpz_sgn(t->other) >= 0;
        for (size_t q = 0; q < t->k && proper; q++)
            good = good && mpz_sgn(t->y[q]) >= 0;
        if (good)
            return false;
        size_t leave = leaving(t, &sign);
        if (leave == SIZE_MAX)
            return true;
        tableau_row(t, leave);
        size_t enter = entering(t, sign);
        if (crease_interrupt_raised())
            break;
        if (enter == SIZE_MAX)
            crease_fatal("boxed: a cell is empty");
        exchange(t, leave, sign, enter);
        bool regular = invert(t);
        assert(regular || crease_interrupt_raised());
        (void)regular;
        set_costs(t);
    }
    return false;
}

bool crease_boxed_exact(const crease_boxed *boxed, const crease_boxed_cell *cell,
                        const crease_boxed_row *f, const crease_bounded_basis *start,
                        double *vertex)
{
    tableau t;
    open_tableau(&t, boxed, cell, f);
    bool below = run(&t, start, false);
    if (below)
        read_vertex(&t, vertex);
    close_tableau(&t);
    return below;
}

bool crease_boxed_exact_support(const crease_boxed *boxed, const crease_boxed_cell *cell,
                                const crease_boxed_row *f, const crease_bounded_basis *start,
                                crease_boxed_support *support)
{
    tableau t;
    open_tableau(&t, boxed, cell, f);
    bool good = !run(&t, start, true) && !crease_interrupt_raised();
    support->rows = 0;
    for (size_t q = 0; q < t.k && good; q++)
        if (mpz_sgn(t.y[q]))
            support->row[support->rows++] = t.tight[q];
    for (size_t j = 0; j < t.n && good; j++)
        support->face[j] = (signed char)(t.side[j] ? mpz_sgn(t.reduced[j]) : 0);
    close_tableau(&t);
    return good;
}
